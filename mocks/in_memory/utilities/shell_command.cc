#include "mocks/in_memory/utilities/shell_command.h"

#include <utility>

namespace computesdk::in_memory {
namespace {

SpawnOptions ShellOptions(const std::string& command, std::map<int, OpenFilePtr> files) {
  SpawnOptions options;
  options.args = {"sh", "-c", command};
  options.files = std::move(files);
  return options;
}

}  // namespace

ExitStatus RunShell(Process& process, const std::string& command,
                    std::map<int, OpenFilePtr> files) {
  return process.Execute(ShellOptions(command, std::move(files)),
                         process.args.empty() ? "sh" : process.args[0]);
}

IoResult<int> StartShell(Process& process, const std::string& command,
                         std::map<int, OpenFilePtr> files) {
  const auto path = process.env.find("PATH");
  auto shell =
      process.FindProgram("sh", path == process.env.end() ? "/usr/bin:/bin" : path->second);
  if (!shell) return IoError(shell.error());
  return process.Spawn(ShellOptions(command, std::move(files)), std::move(shell->main));
}

}  // namespace computesdk::in_memory
