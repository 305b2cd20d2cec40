#include <algorithm>
#include <csignal>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"

// jobs, fg, bg, disown, wait.
namespace computesdk::in_memory::shell {
namespace {

// The job that the text means; complains without one.
Job* NeedJob(Interpreter& shell, const std::string& builtin, const std::string& text) {
  bool ambiguous = false;
  Job* job = shell.jobs.Find(text, ambiguous);
  if (ambiguous) {
    const std::size_t skipped = text.compare(0, 2, "%?") == 0 ? 2 : 1;
    shell.ComplainAs(builtin, text.substr(skipped) + ": ambiguous job spec");
  }
  if (job == nullptr && (!ambiguous || builtin == "jobs")) {
    shell.ComplainAs(builtin, text + ": no such job");
  }
  return job;
}

// --- wait ---------------------------------------------------------------------------------------

struct WaitOptions {
  bool next = false;
  std::string variable;
  Args ids;
};

// 0, or the status of a mistake.
int ReadWaitOptions(Interpreter& shell, const Args& args, WaitOptions& options) {
  OptionReader reader(shell, args, shell.state.plain_sh ? "" : "fnp:");
  while (const auto letter = reader.Next()) {
    if (*letter == 'n') options.next = true;
    if (*letter == 'p') options.variable = reader.value();
  }
  if (reader.wrong()) return 2;
  options.ids = reader.operands();
  if (options.variable.empty()) return 0;
  const Operand operand = SplitOperand(options.variable);
  if (!IsName(operand.name)) {
    shell.ComplainAs("wait", "`" + options.variable + "': not a valid identifier");
    return 1;
  }
  shell.UnsetVariable(options.variable);
  return 0;
}

void StorePid(Interpreter& shell, const WaitOptions& options, int pid) {
  if (!options.variable.empty()) shell.AssignOperand(options.variable, std::to_string(pid));
}

// Waits until one of the jobs has ended; all of them if `wanted` is empty.
int WaitForNext(Interpreter& shell, const WaitOptions& options, const std::vector<int>& wanted) {
  const auto is_wanted = [&](const Job& job) {
    return !job.inherited &&
           (wanted.empty() || std::find(wanted.begin(), wanted.end(), job.pid) != wanted.end());
  };
  while (true) {
    shell.ReapJobs();
    bool any = false;
    for (const Job& job : shell.jobs.all()) {
      if (!is_wanted(job) || job.notified) continue;
      any = true;
      if (!job.done) continue;
      StorePid(shell, options, job.pid);
      return shell.WaitForJob(job.number);
    }
    if (!any) return 127;
    const auto ended = shell.process.WaitAny();
    if (ended) {
      if (Job* job = shell.jobs.WithPid(ended->first)) {
        job->done = true;
        job->status = ended->second;
      } else {
        shell.finished_children[ended->first] = ended->second;
      }
      continue;
    }
    if (ended.error() != std::errc::interrupted) return 127;
    const int signal = shell.process.TakeSignal();
    if (signal == 0) continue;
    shell.RunTrap(signal);
    return 128 + signal;
  }
}

int WaitForAnyOf(Interpreter& shell, const WaitOptions& options) {
  std::vector<int> wanted;
  for (const std::string& id : options.ids) {
    if (const Job* job = NeedJob(shell, "wait", id)) wanted.push_back(job->pid);
  }
  if (wanted.empty() && !options.ids.empty()) return 127;
  return WaitForNext(shell, options, wanted);
}

int WaitForAll(Interpreter& shell) {
  for (std::size_t i = 0; i < shell.jobs.all().size();) {
    const Job& job = shell.jobs.all()[i];
    if (job.inherited) {
      ++i;
      continue;
    }
    const int number = job.number;
    const int status = shell.WaitForJob(number, !shell.state.plain_sh);
    if (shell.jobs.Numbered(number) != nullptr) return status;  // A signal came first.
  }
  // Nothing is known of them any more.
  if (!shell.state.plain_sh) shell.finished_children.clear();
  // And for the last process substitution, where $! is its pid.
  const int last = shell.state.last_background;
  if (last == 0 || shell.finished_children.count(last) != 0) return 0;
  const auto ended = shell.process.Wait(last);
  if (ended && ended->has_value()) shell.finished_children[last] = **ended;
  return 0;
}

int WaitForOne(Interpreter& shell, const WaitOptions& options, const std::string& id) {
  if (!id.empty() && id[0] == '%') {
    const Job* job = NeedJob(shell, "wait", id);
    if (job == nullptr || job->inherited) return shell.state.plain_sh ? 2 : 127;
    StorePid(shell, options, job->pid);
    return shell.WaitForJob(job->number);
  }
  const auto pid = ParsePlainNumber(id);
  if (!pid || *pid < 0) {
    const bool plain = shell.state.plain_sh;
    shell.ComplainAs("wait",
                     plain ? "Illegal number: " + id : "`" + id + "': not a pid or valid job spec");
    return plain ? 2 : 1;
  }
  const int number = static_cast<int>(*pid);
  if (const Job* job = shell.jobs.WithPid(number); job != nullptr && !job->inherited) {
    StorePid(shell, options, number);
    return shell.WaitForJob(job->number);
  }
  const auto known = shell.finished_children.find(number);
  if (known != shell.finished_children.end()) {
    StorePid(shell, options, number);
    return known->second.ShellCode();
  }
  const auto ended = shell.process.Wait(number);
  if (ended && ended->has_value()) {
    StorePid(shell, options, number);
    shell.finished_children[number] = **ended;
    return (*ended)->ShellCode();
  }
  if (!shell.state.plain_sh) {
    shell.ComplainAs("wait", "pid " + id + " is not a child of this shell");
  }
  return 127;
}

int Wait(Interpreter& shell, const Args& args) {
  WaitOptions options;
  if (const int status = ReadWaitOptions(shell, args, options)) return status;
  if (options.next) return WaitForAnyOf(shell, options);
  if (options.ids.empty()) return WaitForAll(shell);
  int status = 0;
  for (const std::string& id : options.ids) status = WaitForOne(shell, options, id);
  return status;
}

// --- jobs, fg, bg, disown -----------------------------------------------------------------------

// `jobs -x`: a command whose job specifications are pids.
int RunWithPids(Interpreter& shell, Args words) {
  for (std::string& word : words) {
    bool ambiguous = false;
    if (word.empty() || word[0] != '%') continue;
    if (const Job* job = shell.jobs.Find(word, ambiguous)) word = std::to_string(job->pid);
  }
  return words.empty() ? 0 : shell.RunCommandWords(std::move(words), true, true);
}

int Jobs(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (args.size() > 1 && args[1] == "-x") return RunWithPids(shell, {args.begin() + 2, args.end()});
  if (!ReadLetters(shell, args, "lnprs", letters, index)) return 2;
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  shell.CleanJobs();
  shell.ReapJobs();
  int status = 0;
  std::vector<int> numbers;
  for (std::size_t i = index; i < args.size(); ++i) {
    const Job* job = NeedJob(shell, "jobs", args[i]);
    if (job == nullptr && shell.state.plain_sh) return 2;
    if (job == nullptr) {
      status = 1;
    } else {
      numbers.push_back(job->number);
    }
  }
  if (index >= args.size()) {
    const bool plain =
        shell.state.plain_sh;  // There the latest comes first, and subshells have none.
    for (const Job& job : shell.jobs.all()) {
      if (!plain || !job.inherited) numbers.push_back(job.number);
    }
    if (plain) std::reverse(numbers.begin(), numbers.end());
  }
  for (const int number : numbers) {
    Job& job = *shell.jobs.Numbered(number);
    if ((has('r') && job.done) || has('s') || (has('n') && !job.done)) continue;
    shell.Print((has('p') ? std::to_string(job.pid) : shell.JobLine(job, has('l'))) + "\n");
    job.notified = job.done;
  }
  return status;
}

bool NeedJobControl(Interpreter& shell, const std::string& name) {
  if (shell.state.options.monitor) return true;
  shell.ComplainAs(name, "no job control");
  return false;
}

// The job that fg and bg are about; otherwise the status of the mistake is in `status`.
const Job* JobToMove(Interpreter& shell, const Args& args, int& status) {
  std::string letters;
  std::size_t index = 1;
  status = 1;
  if (!NeedJobControl(shell, args[0])) {
    if (shell.state.plain_sh) status = 2;
    return nullptr;
  }
  if (!ReadLetters(shell, args, "", letters, index)) {
    status = 2;
    return nullptr;
  }
  if (index < args.size()) {
    const std::string& text = args[index];
    return NeedJob(shell, args[0], text.empty() || text[0] == '%' ? text : "%" + text);
  }
  bool ambiguous = false;
  const Job* job = shell.jobs.Find("%+", ambiguous);
  if (job == nullptr) shell.ComplainAs(args[0], "current: no such job");
  return job;
}

int Foreground(Interpreter& shell, const Args& args) {
  int status = 0;
  const Job* job = JobToMove(shell, args, status);
  if (job == nullptr) return status;
  shell.Print(job->text + "\n");
  return shell.WaitForJob(job->number);
}

// No process is ever stopped: whatever is asked for runs already.
int Background(Interpreter& shell, const Args& args) {
  int status = 0;
  const Job* job = JobToMove(shell, args, status);
  if (job == nullptr) return status;
  shell.ComplainAs("bg", "job " + std::to_string(job->number) + " already in background");
  return 0;
}

int Disown(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "ahr", letters, index)) return 2;
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  shell.ReapJobs();
  if (index >= args.size() && (has('a') || has('r'))) {
    std::vector<int> numbers;
    for (const Job& job : shell.jobs.all()) {
      if (!has('r') || !job.done) numbers.push_back(job.number);
    }
    for (const int number : numbers) {
      if (!has('h')) shell.jobs.Remove(number);
    }
    return 0;
  }
  int status = 0;
  const Args ids = index < args.size()
                       ? Args(args.begin() + static_cast<std::ptrdiff_t>(index), args.end())
                       : Args{"current"};
  for (const std::string& id : ids) {
    const bool current = id == "current";
    const Job* job =
        current && shell.jobs.empty() ? nullptr : NeedJob(shell, "disown", current ? "%+" : id);
    if (current && shell.jobs.empty()) shell.ComplainAs("disown", "current: no such job");
    if (job == nullptr) {
      status = 1;
    } else if (!has('h')) {
      shell.jobs.Remove(job->number);
    }
  }
  return status;
}

}  // namespace

void AddJobBuiltins(BuiltinTable& table) {
  table["wait"] = Wait;
  table["jobs"] = Jobs;
  table["fg"] = Foreground;
  table["bg"] = Background;
  table["disown"] = Disown;
}

}  // namespace computesdk::in_memory::shell
