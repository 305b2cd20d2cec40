#include <algorithm>
#include <cmath>
#include <cstdio>

#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/print_command.h"
#include "mocks/in_memory/shell/stack_guard.h"

// Pipelines, and what runs in the background.
namespace computesdk::in_memory::shell {
namespace {

std::string ClockText(std::chrono::nanoseconds time, bool posix) {
  char text[64];
  const double seconds = std::chrono::duration<double>(time).count();
  if (posix) {
    std::snprintf(text, sizeof text, "%.2f", seconds);
  } else {
    const double minutes = std::floor(seconds / 60);
    std::snprintf(text, sizeof text, "%.0fm%.3fs", minutes, seconds - minutes * 60);
  }
  return text;
}

}  // namespace

int Interpreter::ExecutePipeline(const Pipeline& pipeline) {
  if (pipeline.timed) return ExecuteTimed(pipeline);
  int status = 0;
  if (pipeline.negated) {
    ++condition_depth;
    status = RunStages(pipeline) == 0 ? 1 : 0;
    --condition_depth;
    return flow == Flow::kNone ? status : exit_status;
  }
  return RunStages(pipeline);
}

namespace {

// TIMEFORMAT: %R, %U and %S with an optional precision and "l"; %P and %%.
std::string FormatTimes(const std::string& format, std::chrono::nanoseconds real) {
  std::string text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 >= format.size()) {
      text += format[at];
      continue;
    }
    int precision = 3;
    bool minutes = false;
    ++at;
    if (format[at] >= '0' && format[at] <= '9' && at + 1 < format.size()) {
      precision = std::min(format[at++] - '0', 3);
    }
    if (format[at] == 'l' && at + 1 < format.size()) {
      minutes = true;
      ++at;
    }
    const char kind = format[at];
    if (kind == '%') {
      text += '%';
    } else if (kind == 'P') {
      text += "0.00";
    } else if (kind == 'R' || kind == 'U' || kind == 'S') {
      double seconds = kind == 'R' ? std::chrono::duration<double>(real).count() : 0;
      char number[64];
      if (minutes) {
        const double whole = std::floor(seconds / 60);
        std::snprintf(number, sizeof number, "%.0fm%.*fs", whole, precision, seconds - whole * 60);
      } else {
        std::snprintf(number, sizeof number, "%.*f", precision, seconds);
      }
      text += number;
    }
  }
  return text;
}

}  // namespace

int Interpreter::ExecuteTimed(const Pipeline& pipeline) {
  const ClockTime start = process.clock().Now();
  if (pipeline.negated) ++condition_depth;
  int status = RunStages(pipeline);
  if (pipeline.negated) {
    --condition_depth;
    status = status == 0 ? 1 : 0;
  }
  const auto elapsed = process.clock().Now() - start;
  const auto none = std::chrono::nanoseconds(0);
  const bool posix = pipeline.posix_times;
  const Variable* format = state.variables.Find("TIMEFORMAT");
  if (format != nullptr && format->IsSet() && !posix) {
    const std::string text = FormatTimes(*format->Scalar(), elapsed);
    if (!text.empty()) (void)process.Write(2, text + "\n");
    return status;
  }
  const std::string gap = posix ? " " : "\t";
  (void)process.Write(2, (posix ? "real" : "\nreal") + gap + ClockText(elapsed, posix) + "\nuser" +
                             gap + ClockText(none, posix) + "\nsys" + gap + ClockText(none, posix) +
                             "\n");
  return status;
}

namespace {

// A stage that only prints reads nothing and cannot last: it runs first, and needs no thread.
bool OnlyPrints(const Interpreter& shell, const Command& stage) {
  if (stage.kind != CommandKind::kSimple || !stage.redirections.empty()) return false;
  const auto& simple = static_cast<const SimpleCommand&>(stage);
  if (simple.words.empty()) return false;
  const std::string* name = simple.words[0].Bare();
  return name != nullptr && (*name == "echo" || *name == "printf") &&
         shell.state.functions.find(*name) == shell.state.functions.end();
}

}  // namespace

int Interpreter::RunStages(const Pipeline& pipeline) {
  const std::size_t count = pipeline.stages.size();
  if (count == 0) return 0;
  if (count == 1) return Execute(pipeline.stages[0].get());
  if (StackIsLow()) FailExpansion("maximum nesting exceeded");
  std::vector<int> pids(count, 0);
  std::vector<int> statuses(count, 0);
  OpenFilePtr input = process.File(0);
  for (std::size_t i = 0; i < count; ++i) {
    const CommandPtr& stage = pipeline.stages[i];
    SpawnOptions options = MakeChildOptions();
    options.files[0] = input;
    OpenFilePtr next;
    std::shared_ptr<CaptureFile> capture;
    const bool last = i + 1 == count;
    if (!last && i == 0 && OnlyPrints(*this, *stage)) {
      capture = std::make_shared<CaptureFile>(kMostBytes);
      options.files[1] = capture;
    } else if (!last) {
      auto [read_end, write_end] = MakePipe();
      options.files[1] = write_end;
      next = read_end;
    }
    input = nullptr;
    if (last && state.shopt.lastpipe) {
      RedirectionScope scope(process);
      scope.Replace(0, options.files[0]);
      options.files.clear();
      statuses[i] = Execute(stage.get());
      break;
    }
    if (!state.traps.empty() && stage->kind == CommandKind::kSimple) Announce(*stage);
    State stage_state = MakeSubshellState();
    if (i != 0) stage_state.input_is_given = true;
    const auto body = [stage, depth = condition_depth,
                       child_state = std::move(stage_state)](Process& child) mutable {
      Interpreter shell(child, std::move(child_state));
      shell.condition_depth = depth;
      return shell.RunStage(stage);
    };
    if (last || capture != nullptr) {
      const auto result = process.Call(std::move(options), body);
      statuses[i] = result ? result->ShellCode() : 254;
      if (!result) Complain("fork: retry: " + ErrnoText(result.error()));
      if (capture != nullptr) next = MakeWrittenPipe(capture->Take());
    } else {
      const auto pid = process.Spawn(std::move(options), body);
      if (pid) {
        pids[i] = *pid;
      } else {
        Complain("fork: retry: " + ErrnoText(pid.error()));
        statuses[i] = 254;
      }
    }
    input = std::move(next);
  }
  for (std::size_t i = 0; i < count; ++i) {
    while (pids[i] != 0) {
      const auto waited = process.Wait(pids[i]);
      if (waited && waited->has_value()) statuses[i] = (*waited)->ShellCode();
      if (!waited && waited.error() == std::errc::interrupted) {
        RunPendingTraps();
        continue;
      }
      pids[i] = 0;
    }
  }
  int status = statuses.back();
  if (state.options.pipe_fail) {
    const auto failed =
        std::find_if(statuses.rbegin(), statuses.rend(), [](int s) { return s != 0; });
    status = failed == statuses.rend() ? 0 : *failed;
  }
  state.pipe_status = std::move(statuses);
  state.status = status;
  CheckErrexit(status);
  return status;
}

// --- background ---------------------------------------------------------------------------------

int Interpreter::StartBackground(const CommandPtr& command) {
  SpawnOptions options = MakeChildOptions();
  if (!state.input_is_given) options.files[0] = MakeNullFile();
  if (!state.traps.empty() && command->kind == CommandKind::kSimple) Announce(*command);
  const auto pid = process.Spawn(
      std::move(options), [command, child_state = MakeSubshellState()](Process& child) mutable {
        child.SetSignalAction(SIGINT, SignalAction::kIgnore);
        child.SetSignalAction(SIGQUIT, SignalAction::kIgnore);
        return Interpreter(child, std::move(child_state)).RunStage(command);
      });
  if (!pid) {
    Complain("fork: retry: " + ErrnoText(pid.error()));
    return 254;
  }
  state.last_background = *pid;
  if (jobs.empty()) next_job = 1;
  jobs.push_back({next_job++, *pid, PrintCommand(*command), false, {}});
  return 0;
}

int Interpreter::StartCoprocess(const Coprocess& command) {
  auto [input, to_input] = MakePipe();
  auto [from_output, output] = MakePipe();
  SpawnOptions options = MakeChildOptions();
  options.files[0] = std::move(input);
  options.files[1] = std::move(output);
  State child_state = MakeSubshellState();
  child_state.input_is_given = true;
  const auto pid = process.Spawn(
      std::move(options),
      [body = command.body, child_state = std::move(child_state)](Process& child) mutable {
        return Interpreter(child, std::move(child_state)).RunStage(body);
      });
  if (!pid) {
    Complain("fork: retry: " + ErrnoText(pid.error()));
    return 254;
  }
  CoprocessFiles made{*pid, command.name, 0, 0};
  made.read_fd = process.AddFile(std::move(from_output), 60);
  made.write_fd = process.AddFile(std::move(to_input), 60);
  SetIndexed(command.name, {std::to_string(made.read_fd), std::to_string(made.write_fd)});
  Assign(command.name + "_PID", std::to_string(*pid));
  coprocesses.push_back(std::move(made));
  state.last_background = *pid;
  if (jobs.empty()) next_job = 1;
  jobs.push_back({next_job++, *pid, PrintCommand(command), false, {}});
  return 0;
}

void Interpreter::ForgetCoprocess(int pid) {
  for (const CoprocessFiles& coprocess : coprocesses) {
    if (coprocess.pid != pid) continue;
    (void)process.Close(coprocess.read_fd);
    (void)process.Close(coprocess.write_fd);
    state.variables.Erase(coprocess.name);
    state.variables.Erase(coprocess.name + "_PID");
  }
  std::erase_if(coprocesses, [pid](const CoprocessFiles& one) { return one.pid == pid; });
}

void Interpreter::ReapJobs() {
  for (Job& job : jobs) {
    if (job.done) continue;
    const auto status = process.Wait(job.pid, false);
    if (status && status->has_value()) {
      job.done = true;
      job.status = **status;
    }
  }
}

Job* Interpreter::FindJob(const std::string& text) {
  if (text.empty()) return nullptr;
  if (text[0] != '%') {
    const auto pid = ParsePlainNumber(text);
    for (Job& job : jobs) {
      if (pid && job.pid == *pid) return &job;
    }
    return nullptr;
  }
  const std::string name = text.substr(1);
  if (jobs.empty()) return nullptr;
  if (name.empty() || name == "+" || name == "%") return &jobs.back();
  if (name == "-") return &jobs[jobs.size() > 1 ? jobs.size() - 2 : 0];
  const auto number = ParsePlainNumber(name);
  for (Job& job : jobs) {
    if (number ? job.number == *number : job.text.compare(0, name.size(), name) == 0) return &job;
  }
  return nullptr;
}

int Interpreter::WaitForJob(Job& job) {
  while (!job.done) {
    const auto status = process.Wait(job.pid);
    if (status && status->has_value()) {
      job.done = true;
      job.status = **status;
    } else if (!status && status.error() == std::errc::interrupted) {
      const int signal = process.TakeSignal();
      if (signal == 0) continue;
      RunTrap(signal);
      return 128 + signal;
    } else {
      return 127;
    }
  }
  if (!coprocesses.empty()) ForgetCoprocess(job.pid);
  ReportKilled(job.status, job.pid, job.text, true);
  return job.status.ShellCode();
}

void Interpreter::ReportKilled(ExitStatus status, int pid, const std::string& text,
                               bool background) {
  if (status.signal == 0 || status.signal == SIGINT || status.signal == SIGPIPE) return;
  if (background && status.signal == SIGTERM) return;
  std::string number = std::to_string(pid);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  std::string description = SignalDescription(status.signal);
  description.resize(std::max<std::size_t>(description.size(), 23), ' ');
  Complain(number + " " + description + " " + text);
}

void Interpreter::ReportKilledLater(ExitStatus status, int pid, std::string text) {
  killed_ = Job{0, pid, std::move(text), true, status};
}

void Interpreter::ReportKilledNow() {
  const Job job = *std::exchange(killed_, std::nullopt);
  ReportKilled(job.status, job.pid, job.text, false);
}

}  // namespace computesdk::in_memory::shell
