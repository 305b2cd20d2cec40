#include "conformance/cli/builtin_providers.h"

#include <algorithm>
#include <memory>

#include "conformance/virtual_run_clock.h"
#include "mocks/in_memory_provider.h"
#include "providers/local/local_provider.h"

namespace computesdk::conformance {

namespace {

VirtualRunClock& VirtualTime() {
  static auto* const clock = new VirtualRunClock();
  return *clock;
}

}  // namespace

const std::vector<BuiltinProvider>& BuiltinProviders() {
  static const auto* const all = new std::vector<BuiltinProvider>{
      {.name = "in-memory",
       .make = [] { return std::make_unique<InMemoryProvider>(); },
       .ephemeral = true},
      {.name = "in-memory-virtual-time",
       .make =
           [] {
             return std::make_unique<InMemoryProvider>(
                 InMemoryProviderOptions{.clock = &VirtualTime().clock()});
           },
       .clock = VirtualTime(),
       .ephemeral = true},
      {.name = "local", .make = [] { return std::make_unique<LocalProvider>(); }},
  };
  return *all;
}

const BuiltinProvider* FindBuiltinProvider(std::string_view name) {
  const std::vector<BuiltinProvider>& all = BuiltinProviders();
  const auto found = std::ranges::find(all, name, &BuiltinProvider::name);
  return found == all.end() ? nullptr : &*found;
}

std::string UnknownProvider(std::string_view name) {
  std::string names;
  for (const BuiltinProvider& provider : BuiltinProviders()) {
    names += (names.empty() ? "" : ", ") + provider.name;
  }
  return "unknown provider '" + std::string(name) + "'; built in: " + names +
         "; for any other use --adapter \"COMMAND ARG…\"";
}

}  // namespace computesdk::conformance
