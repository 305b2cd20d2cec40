#include <algorithm>

#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

// The table of jobs: what runs in the background, and what is told of it.
namespace computesdk::in_memory::shell {

// --- the table ----------------------------------------------------------------------------------

void JobTable::Add(int pid, std::string text) {
  const int number = jobs_.empty() ? 1 : jobs_.back().number + 1;
  jobs_.push_back({number, pid, std::move(text)});
  ChooseCurrent();
}

void JobTable::Remove(int number) {
  std::erase_if(jobs_, [&](const Job& job) { return job.number == number; });
  if (number == current_ || number == previous_) ChooseCurrent();
}

void JobTable::Inherit(const JobTable& parent) {
  *this = parent;
  for (Job& job : jobs_) job.inherited = true;
}

Job* JobTable::Numbered(int number) {
  const auto found = std::find_if(jobs_.begin(), jobs_.end(),
                                  [&](const Job& job) { return job.number == number; });
  return found == jobs_.end() ? nullptr : &*found;
}

Job* JobTable::WithPid(int pid) {
  const auto found =
      std::find_if(jobs_.begin(), jobs_.end(), [&](const Job& job) { return job.pid == pid; });
  return found == jobs_.end() ? nullptr : &*found;
}

// The newest job that runs, of those before `number`; 0 without one.
int JobTable::LastRunning(int before) const {
  int last = 0;
  for (const Job& job : jobs_) {
    if (!job.done && job.number < before) last = job.number;
  }
  return last;
}

// The newest one that runs becomes the current job, the one before it the previous.
void JobTable::ChooseCurrent() {
  constexpr int kAll = 1 << 30;
  const int newest = LastRunning(kAll);
  if (newest == 0) {
    current_ = previous_ = 0;
    return;
  }
  current_ = newest;
  const int second = LastRunning(newest);
  previous_ = second != 0 ? second : current_;
}

char JobTable::Mark(const Job& job) const {
  if (job.number == current_) return '+';
  return job.number == previous_ ? '-' : ' ';
}

Job* JobTable::Find(const std::string& text, bool& ambiguous) {
  ambiguous = false;
  if (text.empty()) return nullptr;
  if (text[0] != '%') {
    const auto pid = ParsePlainNumber(text);
    return pid ? WithPid(static_cast<int>(*pid)) : nullptr;
  }
  const std::string name = text.substr(1);
  if (name.empty() || name == "+" || name == "%") return Numbered(current_);
  if (name == "-") return Numbered(previous_);
  if (const auto number = ParsePlainNumber(name)) return Numbered(static_cast<int>(*number));
  Job* found = nullptr;
  for (Job& job : jobs_) {
    const bool matches = name[0] == '?' ? job.text.find(name.substr(1)) != std::string::npos
                                        : job.text.compare(0, name.size(), name) == 0;
    if (!matches) continue;
    ambiguous = found != nullptr;
    if (ambiguous) return nullptr;
    found = &job;
  }
  return found;
}

// --- the shell's side ---------------------------------------------------------------------------

void Interpreter::ReapJobs() {
  for (Job& job : jobs.all()) {
    if (job.done || job.inherited) continue;
    const auto status = process.Wait(job.pid, false);
    if (status && status->has_value()) {
      job.done = true;
      job.status = **status;
      if (!coprocesses.empty()) ForgetCoprocess(job.pid);
    }
  }
}

void Interpreter::ForgetJob(const Job& job) {
  if (job.done) finished_children[job.pid] = job.status;
  jobs.Remove(job.number);
}

void Interpreter::CleanJobs() {
  for (std::size_t i = 0; i < jobs.all().size();) {
    const Job& job = jobs.all()[i];
    if (job.done && job.notified) {
      ForgetJob(job);
    } else {
      ++i;
    }
  }
}

void Interpreter::NotifyJobs() {
  ReapJobs();
  for (Job& job : jobs.all()) {
    if (!job.done || job.notified) continue;
    const bool killed = job.status.signal != 0;
    // A script keeps what has ended for `jobs`; a command of -c does not.
    if (!killed && !state.options.from_command) continue;
    if (state.options.monitor) {
      (void)process.Write(2, JobLine(job, false) + "\n");
    } else {
      ReportKilled(job.status, job.pid, job.text, true);
    }
    job.notified = true;
  }
  CleanJobs();
}

namespace {

// sh does not know the text of a job.
std::string PlainJobLine(char mark, const Job& job, bool with_pid, const std::string& condition) {
  std::string line = "[" + std::to_string(job.number) + "] " + mark + " ";
  if (with_pid) line += std::to_string(job.pid) + " ";
  line += condition;
  constexpr std::size_t kWidth = 33;
  line.resize(std::max(line.size(), kWidth), ' ');
  return line;
}

}  // namespace

std::string Interpreter::JobLine(const Job& job, bool with_pid) const {
  std::string condition = !job.done                ? "Running"
                          : job.status.signal != 0 ? SignalDescription(job.status.signal)
                          : job.status.code != 0   ? "Exit " + std::to_string(job.status.code)
                                                   : "Done";
  if (state.plain_sh) return PlainJobLine(jobs.Mark(job), job, with_pid, condition);
  condition.resize(std::max<std::size_t>(condition.size(), 24), ' ');
  std::string line = "[" + std::to_string(job.number) + "]" + jobs.Mark(job) + " ";
  if (with_pid) {
    const std::string pid = std::to_string(job.pid);
    line += std::string(pid.size() < 5 ? 5 - pid.size() : 0, ' ') + pid;
  }
  return line + " " + condition + job.text + (job.done ? "" : " &");
}

int Interpreter::WaitForJob(int number, bool tells) {
  Job* job = jobs.Numbered(number);
  while (!job->done) {
    const auto status = process.Wait(job->pid);
    if (status && status->has_value()) {
      job->done = true;
      job->status = **status;
      // What has come together with the end of the child comes first.
      if (const int signal = process.TakeSignal(); signal != 0) {
        RunTrap(signal);
        if (signal != SIGCHLD) return 128 + signal;
        job = jobs.Numbered(number);
        if (job == nullptr) return 0;
      }
    } else if (!status && status.error() == std::errc::interrupted) {
      const int signal = process.TakeSignal();
      if (signal == 0) continue;
      RunTrap(signal);
      return 128 + signal;
    } else {
      return 127;
    }
  }
  if (!coprocesses.empty()) ForgetCoprocess(job->pid);
  const bool told = job->status.signal != 0 || state.options.from_command;
  if (state.options.monitor && builtin_name == "wait" && !job->notified && told) {
    (void)process.Write(2, JobLine(*job, false) + "\n");
  } else if (tells) {
    ReportKilled(job->status, job->pid, job->text, true);
  }
  const int code = job->status.ShellCode();
  ForgetJob(Job(*job));
  return code;
}

namespace {

// An EXIT trap that a list, a loop, a choice or a pipeline sets in the background is never run.
bool RunsExitTrap(const Command& command) {
  if (command.kind == CommandKind::kPipeline) {
    return static_cast<const Pipeline&>(command).stages.size() == 1;
  }
  return command.kind == CommandKind::kSimple || command.kind == CommandKind::kGroup ||
         command.kind == CommandKind::kSubshell;
}

}  // namespace

namespace {

// What the process in the background runs: "!" says nothing of its status.
CommandPtr WithoutNegation(const CommandPtr& command) {
  if (command->kind != CommandKind::kPipeline) return command;
  const auto& pipeline = static_cast<const Pipeline&>(*command);
  if (!pipeline.negated) return command;
  auto plain = std::make_shared<Pipeline>(pipeline);
  plain->negated = false;
  return plain;
}

}  // namespace

int Interpreter::StartBackground(const CommandPtr& command) {
  SpawnOptions options = MakeChildOptions();
  if (!state.input_is_given || state.plain_sh) options.files[0] = MakeNullFile();
  options.new_group = state.options.monitor;
  if (!state.traps.empty() && command->kind == CommandKind::kSimple) Announce(*command);
  const bool monitor = state.options.monitor;
  const auto pid = process.Spawn(
      std::move(options), [command = state.plain_sh ? command : WithoutNegation(command), monitor,
                           child_state = MakeStageState(*command)](Process& child) mutable {
        if (!monitor) {
          child.SetSignalAction(SIGINT, SignalAction::kIgnore);
          child.SetSignalAction(SIGQUIT, SignalAction::kIgnore);
        }
        child_state.options.monitor = false;
        Interpreter shell(child, std::move(child_state));
        shell.SetTail(command);
        shell.SetQuiet(command);
        if (RunsExitTrap(*command)) return shell.RunStage(command);
        shell.runs_exit_trap = false;
        const int status = shell.Execute(command.get());
        return shell.flow == Flow::kExit ? shell.exit_status : status;
      });
  if (!pid) {
    Complain("fork: retry: " + ErrnoText(pid.error()));
    return 254;
  }
  state.last_background = *pid;
  CleanJobs();
  jobs.Add(*pid, PrintCommand(*command));
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
  CleanJobs();
  jobs.Add(*pid, PrintCommand(command));
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

void Interpreter::ReportKilled(ExitStatus status, int pid, const std::string& text,
                               bool background) {
  if (status.signal == 0 || status.signal == SIGINT || status.signal == SIGPIPE) return;
  if (state.plain_sh) {
    (void)process.Write(2, SignalDescription(status.signal) + "\n");
    return;
  }
  if (background && status.signal == SIGTERM) return;
  if (status.signal == SIGTERM) {
    (void)process.Write(2, SignalDescription(status.signal) + "\n");
    return;
  }
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
