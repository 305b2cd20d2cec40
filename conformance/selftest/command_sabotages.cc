#include "conformance/selftest/command_sabotages.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace computesdk::conformance {

Replacements OfLines(std::function<void(std::string& line)> change) {
  return WithRequest([change = std::move(change)](RunCommandRequest& request) {
    if (!request.args) change(request.command);
  });
}

Replacements OfArgs(std::function<void(std::vector<std::string>& args)> change) {
  return WithRequest([change = std::move(change)](RunCommandRequest& request) {
    if (request.args) change(*request.args);
  });
}

Replacements ArgsAsLine(std::function<std::string(const std::string& word)> quote) {
  return WithRequest([quote = std::move(quote)](RunCommandRequest& request) {
    if (!request.args) return;
    request.command = quote(request.command);
    for (const std::string& arg : *request.args) request.command += " " + quote(arg);
    request.args.reset();
  });
}

Replacements OfResults(std::function<void(ExecutionResult&)> change) {
  return {.run_command = [change = std::move(change)](Provider& inner, const std::string& id,
                                                      const RunCommandRequest& request) {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result) change(*result);
    return result;
  }};
}

std::string Followed(const std::string& line, const std::string& by) { return line + "\n" + by; }

std::vector<Sabotage> CommandSabotages() {
  std::vector<Sabotage> all;
  for (const auto part :
       {CommandArgsSabotages, CommandProgramSabotages, CommandLineSabotages,
        CommandOutcomeSabotages, CommandStateSabotages, CommandCwdSabotages, CommandEnvSabotages,
        CommandTimeoutSabotages, CommandBackgroundSabotages}) {
    std::vector<Sabotage> some = part();
    std::ranges::move(some, std::back_inserter(all));
  }
  return all;
}

}  // namespace computesdk::conformance
