#include <fcntl.h>

#include <algorithm>
#include <csignal>
#include <optional>

#include "mocks/in_memory/utilities/processes/process_programs.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// How these programs end where they are at fault themselves.
constexpr int kOwnFailure = 125;

// Goes on as the command in the operands.
int GoOn(Process& process, const std::vector<std::string>& operands, std::string_view caller) {
  process.args = operands;
  return process.Exec(caller);
}

}  // namespace

int NohupMain(Process& process) {
  Options options(process, "+", {}, kOwnFailure);
  while (options.Next()) continue;
  if (options.operands().empty()) UsageError(process, "missing operand", kOwnFailure);
  // No descriptor of a sandbox is a terminal, so that none has to be moved to nohup.out.
  process.SetSignalAction(SIGHUP, SignalAction::kIgnore);
  return GoOn(process, options.operands(), "nohup: failed to run command '");
}

int NiceMain(Process& process) {
  // "nice -5 COMMAND" is "nice -n 5 COMMAND".
  if (process.args.size() > 1 && process.args[1].size() > 1 && process.args[1][0] == '-') {
    const std::string_view number = std::string_view(process.args[1]).substr(1);
    if (ParseInteger(number)) process.args[1] = "-n" + std::string(number);
  }
  std::optional<std::int64_t> adjustment;
  Options options(process, "+n:", {{"adjustment", 'n', Options::kRequired}}, kOwnFailure);
  while (const auto option = options.Next()) {
    adjustment = ParseInteger(option->value);
    if (!adjustment) {
      Complain(process, "invalid adjustment " + QuotedWord(option->value));
      return kOwnFailure;
    }
  }
  if (options.operands().empty()) {
    if (adjustment) UsageError(process, "a command must be given with an adjustment", kOwnFailure);
    (void)process.Write(1, std::to_string(process.niceness) + "\n");
    return 0;
  }
  constexpr std::int64_t kUsual = 10;
  constexpr std::int64_t kLeast = -20;
  constexpr std::int64_t kMost = 19;
  const std::int64_t wanted = std::clamp(adjustment.value_or(kUsual), -kMost * 3, kMost * 3);
  process.niceness = static_cast<int>(std::clamp(process.niceness + wanted, kLeast, kMost));
  const std::string called = process.args[0];
  return GoOn(process, options.operands(), called);
}

int StdbufMain(Process& process) {
  bool chosen = false;
  Options options(process, "+i:o:e:",
                  {{"input", 'i', Options::kRequired},
                   {"output", 'o', Options::kRequired},
                   {"error", 'e', Options::kRequired}},
                  kOwnFailure);
  while (const auto option = options.Next()) {
    chosen = true;
    const bool lines = option->value == "L";
    if (lines && option->letter == 'i') {
      UsageError(process, "line buffering stdin is meaningless", kOwnFailure);
    }
    if (!lines && !ParseSize(option->value)) {
      Complain(process, "invalid mode " + QuotedWord(option->value));
      return kOwnFailure;
    }
  }
  if (options.operands().empty()) UsageError(process, "missing operand", kOwnFailure);
  if (!chosen) UsageError(process, "you must specify a buffering mode option", kOwnFailure);
  return GoOn(process, options.operands(), "stdbuf: failed to run command ‘");
}

int SetsidMain(Process& process) {
  bool fork = false;
  bool wait = false;
  bool terminal = false;
  Options options(process, "+cfw", {{"ctty", 'c'}, {"fork", 'f'}, {"wait", 'w'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'f') fork = true;
    if (option->letter == 'w') wait = true;
    if (option->letter == 'c') terminal = true;
  }
  const auto& operands = options.operands();
  if (operands.empty()) UsageError(process, "no command specified");
  if (terminal) {
    // Standard input is no terminal, in a sandbox. A child finds that out where there is one.
    Complain(process, "failed to set the controlling terminal: Inappropriate ioctl for device");
    return fork && !wait ? 0 : 1;
  }
  // A child leads the new session. Where util-linux turns into the program, we wait for it.
  if (!fork) wait = true;
  const auto path = process.env.find("PATH");
  auto program = process.FindProgram(operands[0], path == process.env.end() ? "" : path->second);
  if (!program) {
    Complain(process, "failed to execute " + operands[0] + ": " + ErrnoText(program.error()));
    return program.error() == std::errc::no_such_file_or_directory ? 127 : 126;
  }
  SpawnOptions child;
  child.args = operands;
  child.new_group = true;
  const auto pid = process.Spawn(std::move(child), program->main);
  if (!pid) {
    Complain(process, "fork: " + ErrnoText(pid.error()));
    return 1;
  }
  if (!wait) return 0;
  const auto ended = process.Wait(*pid);
  return ended && *ended ? (*ended)->ShellCode() : 1;
}

void AddProcessPrograms(ProgramTable& table) {
  table["chrt"] = ChrtMain;
  table["free"] = FreeMain;
  table["ionice"] = IoniceMain;
  table["killall"] = KillallMain;
  table["nice"] = NiceMain;
  table["nohup"] = NohupMain;
  table["pgrep"] = PgrepMain;
  table["pidof"] = PidofMain;
  table["pkill"] = PkillMain;
  table["ps"] = PsMain;
  table["setsid"] = SetsidMain;
  table["stdbuf"] = StdbufMain;
  table["taskset"] = TasksetMain;
  table["uptime"] = UptimeMain;
  table["users"] = UsersMain;
  table["w"] = WMain;
  table["who"] = WhoMain;
}

}  // namespace computesdk::in_memory
