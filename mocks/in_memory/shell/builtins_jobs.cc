#include <algorithm>

#include "mocks/in_memory/shell/builtins.h"

namespace computesdk::in_memory::shell {
namespace {

int WaitNext(Interpreter& shell, const std::string& variable) {
  shell.ReapJobs();
  for (Job& job : shell.jobs) {
    if (!job.done) continue;
    const int status = job.status.ShellCode();
    if (!variable.empty()) shell.Assign(variable, std::to_string(job.pid));
    std::erase_if(shell.jobs, [pid = job.pid](const Job& other) { return other.pid == pid; });
    return status;
  }
  const bool any =
      std::any_of(shell.jobs.begin(), shell.jobs.end(), [](const Job& job) { return !job.done; });
  if (!any) return 127;
  while (true) {
    const auto ended = shell.process.WaitAny();
    if (!ended) {
      if (ended.error() != std::errc::interrupted) return 127;
      const int signal = shell.process.TakeSignal();
      if (signal == 0) continue;
      shell.RunTrap(signal);
      return 128 + signal;
    }
    const auto job = std::find_if(shell.jobs.begin(), shell.jobs.end(),
                                  [&](const Job& one) { return one.pid == ended->first; });
    if (job == shell.jobs.end()) continue;
    if (!variable.empty()) shell.Assign(variable, std::to_string(job->pid));
    shell.jobs.erase(job);
    return ended->second.ShellCode();
  }
}

int Wait(Interpreter& shell, const Args& args) {
  std::size_t index = 1;
  bool next = false;
  std::string variable;
  for (; index < args.size() && args[index].size() > 1 && args[index][0] == '-'; ++index) {
    if (args[index] == "--") {
      ++index;
      break;
    }
    if (args[index] == "-n") {
      next = true;
    } else if (args[index] == "-p" && index + 1 < args.size()) {
      variable = args[++index];
    } else if (args[index] != "-f") {
      shell.ComplainAs("wait", args[index] + ": invalid option");
      return 2;
    }
  }
  if (next && index >= args.size()) return WaitNext(shell, variable);
  if (index >= args.size()) {
    for (std::size_t i = 0; i < shell.jobs.size(); ++i) {
      const int status = shell.WaitForJob(shell.jobs[i]);
      if (!shell.jobs[i].done) return status;
      shell.finished_children[shell.jobs[i].pid] = shell.jobs[i].status;
    }
    shell.jobs.clear();
    return 0;
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    Job* job = shell.FindJob(args[index]);
    if (job == nullptr) {
      const auto pid = ParsePlainNumber(args[index]);
      const auto known = pid ? shell.finished_children.find(static_cast<int>(*pid))
                             : shell.finished_children.end();
      if (known != shell.finished_children.end()) {
        status = known->second.ShellCode();
        continue;
      }
      if (pid) {
        const auto ended = shell.process.Wait(static_cast<int>(*pid));
        if (ended && ended->has_value()) {
          status = (*ended)->ShellCode();
          continue;
        }
      }
      shell.ComplainAs("wait", !pid && args[index][0] == '%' ? args[index] + ": no such job"
                               : pid ? "pid " + args[index] + " is not a child of this shell"
                                     : "`" + args[index] + "': not a pid or valid job spec");
      status = pid || args[index][0] == '%' ? 127 : 1;
      continue;
    }
    status = shell.WaitForJob(*job);
    if (!variable.empty()) shell.Assign(variable, std::to_string(job->pid));
    if (!job->done) return status;
    shell.finished_children[job->pid] = job->status;
    std::erase_if(shell.jobs, [pid = job->pid](const Job& other) { return other.pid == pid; });
  }
  return status;
}

int ListSignals(Interpreter& shell, const Args& args, std::size_t index) {
  if (index >= args.size()) {
    std::string text;
    for (int signal = 1; signal <= 31; ++signal) {
      const std::string number = std::to_string(signal);
      text += (number.size() < 2 ? " " : "") + number + ") SIG" + SignalName(signal);
      text += signal % 5 == 0 ? "\n" : "\t";
    }
    shell.Print(text + "\n");
    return 0;
  }
  int status = 0;
  for (; index < args.size(); ++index) {
    const auto number = ParsePlainNumber(args[index]);
    if (number) {
      const int signal = static_cast<int>(*number > 128 ? *number - 128 : *number);
      if (signal < 0 || signal > 64) {
        shell.ComplainAs("kill", args[index] + ": invalid signal specification");
        status = 1;
      } else {
        shell.Print(SignalName(signal) + "\n");
      }
      continue;
    }
    const int signal = SignalNumber(args[index]);
    if (signal < 0 || signal > 64) {
      shell.ComplainAs("kill", args[index] + ": invalid signal specification");
      status = 1;
    } else {
      shell.Print(std::to_string(signal) + "\n");
    }
  }
  return status;
}

int Kill(Interpreter& shell, const Args& args) {
  int signal = 15;
  std::size_t index = 1;
  if (args.size() > 1 && (args[1] == "-l" || args[1] == "-L")) return ListSignals(shell, args, 2);
  if (args.size() > 2 && (args[1] == "-s" || args[1] == "-n")) {
    signal = SignalNumber(args[2]);
    index = 3;
    if (signal < 0 || signal > 64) {
      shell.ComplainAs("kill", args[2] + ": invalid signal specification");
      return 1;
    }
  } else if (args.size() > 1 && args[1].size() > 1 && args[1][0] == '-' && args[1] != "--") {
    signal = SignalNumber(args[1].substr(1));
    index = 2;
    if (signal < 0 || signal > 64) {
      shell.ComplainAs("kill", args[1].substr(1) + ": invalid signal specification");
      return 1;
    }
  }
  if (index < args.size() && args[index] == "--") ++index;
  if (index >= args.size()) {
    shell.ComplainAs("kill",
                     "usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or "
                     "kill -l [sigspec]");
    return 2;
  }
  int status = 1;
  for (; index < args.size(); ++index) {
    std::optional<std::int64_t> pid;
    if (args[index][0] == '%') {
      const Job* job = shell.FindJob(args[index]);
      if (job == nullptr) {
        shell.ComplainAs("kill", args[index] + ": no such job");
        continue;
      }
      pid = job->pid;
    } else {
      pid = ParsePlainNumber(args[index]);
    }
    if (!pid) {
      shell.ComplainAs("kill", args[index] + ": arguments must be process or job IDs");
      continue;
    }
    const IoStatus sent = shell.process.Kill(static_cast<int>(*pid), signal);
    if (!sent) {
      shell.ComplainAs("kill", "(" + args[index] + ") - " + ErrnoText(sent.error()));
      continue;
    }
    status = 0;
  }
  return status;
}

int Jobs(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "lnprs", letters, index)) return 2;
  shell.ReapJobs();
  for (std::size_t i = 0; i < shell.jobs.size(); ++i) {
    const Job& job = shell.jobs[i];
    if (letters.find('p') != std::string::npos) {
      shell.Print(std::to_string(job.pid) + "\n");
      continue;
    }
    if (letters.find('r') != std::string::npos && job.done) continue;
    const char mark = i + 1 == shell.jobs.size() ? '+' : i + 2 == shell.jobs.size() ? '-' : ' ';
    std::string state = !job.done                ? "Running"
                        : job.status.signal != 0 ? SignalDescription(job.status.signal)
                        : job.status.code != 0   ? "Exit " + std::to_string(job.status.code)
                                                 : "Done";
    state.resize(std::max<std::size_t>(state.size(), 24), ' ');
    shell.Print("[" + std::to_string(job.number) + "]" + mark + "  " + state + job.text +
                (job.done ? "" : " &") + "\n");
  }
  std::erase_if(shell.jobs, [](const Job& job) { return job.done; });
  return 0;
}

int NoJobControl(Interpreter& shell, const Args& args) {
  shell.ComplainAs(args[0], "no job control");
  return 1;
}

int Disown(Interpreter& shell, const Args& args) {
  if (args.size() == 1 || args[1] == "-a") {
    shell.jobs.clear();
    return 0;
  }
  for (std::size_t i = 1; i < args.size(); ++i) {
    const Job* job = shell.FindJob(args[i]);
    if (job == nullptr) continue;
    std::erase_if(shell.jobs, [pid = job->pid](const Job& other) { return other.pid == pid; });
  }
  return 0;
}

}  // namespace

void AddJobBuiltins(BuiltinTable& table) {
  table["wait"] = Wait;
  table["kill"] = Kill;
  table["jobs"] = Jobs;
  table["fg"] = NoJobControl;
  table["bg"] = NoJobControl;
  table["disown"] = Disown;
}

}  // namespace computesdk::in_memory::shell
