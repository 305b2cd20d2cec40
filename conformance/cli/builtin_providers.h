#ifndef COMPUTESDK_CONFORMANCE_CLI_BUILTIN_PROVIDERS_H_
#define COMPUTESDK_CONFORMANCE_CLI_BUILTIN_PROVIDERS_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/candidate.h"

namespace computesdk::conformance {

// A provider that is part of the program.
struct BuiltinProvider {
  std::string name;
  ProviderFactory make;
  // Of what time its calls and waits are.
  RunClock& clock = RealRunClock();
  // Its sandboxes end with the process: there is nothing to clean up after it.
  bool ephemeral = false;
};

const std::vector<BuiltinProvider>& BuiltinProviders();

// The one with that name; nullptr without one.
const BuiltinProvider* FindBuiltinProvider(std::string_view name);

// "unknown provider 'x'; built in are: in-memory"
std::string UnknownProvider(std::string_view name);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_BUILTIN_PROVIDERS_H_
