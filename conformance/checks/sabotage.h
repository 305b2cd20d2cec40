#ifndef COMPUTESDK_CONFORMANCE_CHECKS_SABOTAGE_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_SABOTAGE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/outcome.h"
#include "sdk/provider.h"

// One defect in a provider that has none: the proof that a check can fail.
namespace computesdk::conformance {

// A provider with some of its methods replaced; what is left out is the inner one's.
struct Replacements {
  std::function<Result<SandboxRef>(Provider&, CreateSandboxOptions)> create = {};
  std::function<Result<ExecutionResult>(Provider&, const std::string&, RunCommandRequest)>
      run_command = {};
  std::function<Result<ExecutionResult>(Provider&, const std::string&, RunCodeRequest)> run_code =
      {};
};

std::unique_ptr<Provider> Sabotaged(std::unique_ptr<Provider> inner, Replacements replacements);

// A defect in the results of commands and code alike.
Replacements WithResult(std::function<void(ExecutionResult&)> change);
// One in what is asked of a command.
Replacements WithRequest(std::function<void(RunCommandRequest&)> change);

// How these requirements come out for the in-memory provider with the replacements; sorted by id,
// as "command.exit-code.values failed".
std::vector<std::string> Judge(const Replacements& replacements,
                               const std::vector<std::string>& ids);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_SABOTAGE_H_
