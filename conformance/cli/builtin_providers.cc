#include "conformance/cli/builtin_providers.h"

#include <algorithm>

namespace computesdk::conformance {

const std::vector<BuiltinProvider>& BuiltinProviders() {
  static const auto* const all = new std::vector<BuiltinProvider>{};
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
