#include <string>
#include <vector>

#include "conformance/selftest/command_sabotages.h"

// Defects with programs that are missing.
namespace computesdk::conformance {
namespace {

bool IsMissing(const ExecutionResult& result) {
  return result.exit_code == 127 && result.stderr_bytes.find("not found") != std::string::npos;
}

Replacements MissingProgramAsError() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            const RunCommandRequest& request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const bool named = result && result->stderr_bytes.find(request.command) != std::string::npos;
    if (request.args && named && result->exit_code == 127) {
      return MakeError(ErrorCode::kInternal, "spawn " + request.command + " ENOENT");
    }
    return result;
  }};
}

}  // namespace

std::vector<Sabotage> CommandProgramSabotages() {
  return {
      {.name = "missing-program-is-an-error",
       .defect = "A program that is missing is the failure of the call (spawn ENOENT).",
       .classes = {"C12"},
       .reveals = {"command.missing-program.is-a-result", "command.missing-program.is-127"},
       .make = Spoil(MissingProgramAsError())},
      {.name = "missing-program-has-exit-code-1",
       .defect = "A program that is missing has exit code 1.",
       .classes = {"C12"},
       .reveals = {"command.missing-program.is-127"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         if (IsMissing(result)) result.exit_code = 1;
       }))},
      {.name = "missing-program-is-nameless",
       .defect = "What the shell says of a missing program is replaced by \"Command failed\".",
       .classes = {"C12", "E4"},
       .reveals = {"command.missing-program.named"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         if (IsMissing(result)) result.stderr_bytes = "Command failed";
       }))},
      {.name = "not-executable-is-127",
       .defect = "EACCES is treated like ENOENT: a file that is not executable gives 127.",
       .classes = {"C12"},
       .reveals = {"command.not-executable"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         const bool denied = result.stderr_bytes.find("denied") != std::string::npos;
         if (result.exit_code == 126 && denied) result.exit_code = 127;
       }))},
  };
}

}  // namespace computesdk::conformance
