#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/machine.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/signals.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/system/small_programs.h"

namespace computesdk::in_memory {
namespace {

// Options that have no short form.
constexpr int kAll = 256;
constexpr int kIgnore = 257;

// The machine that a sandbox shows.
constexpr std::string_view kKernelName = "Linux";
constexpr std::string_view kMachine = "x86_64";
constexpr std::string_view kOperatingSystem = "GNU/Linux";

std::string HostName(Process& process) {
  std::string name = process.files().ReadFile("/etc/hostname").value_or("sandbox\n");
  name.erase(std::min(name.find('\n'), name.size()));
  return name;
}

// --- who and where ----------------------------------------------------------------------------

class IdProgram {
 public:
  explicit IdProgram(Process& process) : process_(process), out_(process) {}

  int Run() {
    const std::vector<std::string> people = ReadOptions();
    if (people.empty()) Show(0);
    for (const std::string& person : people) {
      const auto uid = FindUser(process_, person);
      // A number is somebody only if somebody has it.
      const bool nobody = uid && *uid != 0 && UserName(process_, *uid) == person &&
                          ParseInteger(person).has_value();
      if (uid && !nobody) {
        Show(*uid);
        continue;
      }
      out_.Flush();
      Complain(process_, QuotedWord(person) + ": no such user");
      status_ = 1;
    }
    return out_.Finish(status_);
  }

 private:
  std::vector<std::string> ReadOptions() {
    bool real = false;
    Options options(process_, "agGnruzZ",
                    {{"group", 'g'},
                     {"groups", 'G'},
                     {"name", 'n'},
                     {"real", 'r'},
                     {"user", 'u'},
                     {"zero", 'z'},
                     {"context", 'Z'}});
    while (const auto option = options.Next()) {
      switch (option->letter) {
        case 'u':
        case 'g':
        case 'G':
          if (what_ != 0 && what_ != option->letter) {
            Refuse("cannot print \"only\" of more than one choice");
          }
          what_ = static_cast<char>(option->letter);
          break;
        case 'n':
          name_ = true;
          break;
        case 'r':
          real = true;
          break;
        case 'z':
          end_ = '\0';
          break;
        case 'Z':
          Refuse("--context (-Z) works only on an SELinux-enabled kernel");
        default:
          break;  // -a, which means nothing to GNU either.
      }
    }
    if (what_ == 0 && (name_ || real))
      Refuse("cannot print only names or real IDs in default format");
    if (what_ == 0 && end_ == '\0') Refuse("option --zero not permitted in default format");
    return options.operands();
  }

  [[noreturn]] void Refuse(const std::string& message) {
    Complain(process_, message);
    process_.Exit(1);
  }

  // Everybody is in the one group that has his number.
  void Show(unsigned uid) {
    const std::string number = std::to_string(uid);
    const std::string owner = UserName(process_, uid);
    const std::string crowd = GroupName(process_, uid);
    if (what_ == 'u') {
      out_ << (name_ ? owner : number);
    } else if (what_ != 0) {
      out_ << (name_ ? crowd : number);
    } else {
      out_ << "uid=" << number << "(" << owner << ") gid=" << number << "(" << crowd
           << ") groups=" << number << "(" << crowd << ")";
    }
    out_.Put(end_);
  }

  Process& process_;
  Output out_;
  char what_ = 0;
  bool name_ = false;
  char end_ = '\n';
  int status_ = 0;
};

int IdMain(Process& process) { return IdProgram(process).Run(); }

int PrintFact(Process& process, const std::string& fact) {
  Options options(process, "");
  while (options.Next()) {
  }
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[0]));
  }
  Output out(process);
  out << fact << "\n";
  return out.Finish(0);
}

int WhoamiMain(Process& process) { return PrintFact(process, UserName(process, 0)); }
int ArchMain(Process& process) { return PrintFact(process, std::string(kMachine)); }

int GroupsMain(Process& process) {
  Options options(process, "");
  while (options.Next()) {
  }
  Output out(process);
  if (options.operands().empty()) out << GroupName(process, 0) << "\n";
  int status = 0;
  for (const std::string& name : options.operands()) {
    const auto uid = FindUser(process, name);
    if (uid) {
      out << name << " : " << GroupName(process, *uid) << "\n";
    } else {
      out.Flush();
      Complain(process, QuotedWord(name) + ": no such user");
      status = 1;
    }
  }
  return out.Finish(status);
}

int UnameMain(Process& process) {
  std::string wanted;
  Options options(process, "asnrvmpio",
                  {{"all", 'a'},
                   {"kernel-name", 's'},
                   {"kernel-release", 'r'},
                   {"kernel-version", 'v'},
                   {"machine", 'm'},
                   {"nodename", 'n'},
                   {"operating-system", 'o'},
                   {"processor", 'p'},
                   {"hardware-platform", 'i'}});
  while (const auto option = options.Next()) {
    wanted += option->letter == 'a' ? "snrvmo" : std::string(1, static_cast<char>(option->letter));
  }
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[0]));
  }
  if (wanted.empty()) wanted = "s";
  const std::pair<char, std::string> facts[] = {{'s', std::string(kKernelName)},
                                                {'n', HostName(process)},
                                                {'r', std::string(kKernelRelease)},
                                                {'v', std::string(kKernelVersion)},
                                                {'m', std::string(kMachine)},
                                                {'p', "unknown"},
                                                {'i', "unknown"},
                                                {'o', std::string(kOperatingSystem)}};
  std::string line;
  for (const auto& [letter, fact] : facts) {
    if (wanted.find(letter) == std::string::npos) continue;
    line += (line.empty() ? "" : " ") + fact;
  }
  Output out(process);
  out << line << "\n";
  return out.Finish(0);
}

int HostnameMain(Process& process) {
  Options options(process, "sfi",
                  {{"short", 's'}, {"fqdn", 'f'}, {"long", 'f'}, {"ip-address", 'i'}});
  std::string fact = HostName(process);
  while (const auto option = options.Next()) {
    if (option->letter == 's') fact.erase(std::min(fact.find('.'), fact.size()));
    if (option->letter == 'i') fact = "127.0.1.1";
  }
  if (!options.operands().empty()) {
    Complain(process, "you must be root to change the host name");
    return 1;
  }
  Output out(process);
  out << fact << "\n";
  return out.Finish(0);
}

int NprocMain(Process& process) {
  std::int64_t ignored = 0;
  bool all = false;
  Options options(process, "", {{"all", kAll}, {"ignore", kIgnore, Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == kAll) {
      all = true;
      continue;
    }
    const auto number = ParseInteger(option->value);
    if (!number || *number < 0) {
      Complain(process, "invalid number: " + QuotedWord(option->value));
      return 1;
    }
    ignored = *number;
  }
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[0]));
  }
  // OpenMP's variables say otherwise; the second one only limits.
  const auto variable = [&](const char* name) -> std::int64_t {
    const auto found = process.env.find(name);
    return found == process.env.end() ? 0 : ParseInteger(found->second).value_or(0);
  };
  std::int64_t count = kProcessors;
  if (!all && variable("OMP_NUM_THREADS") > 0) count = variable("OMP_NUM_THREADS");
  if (!all && variable("OMP_THREAD_LIMIT") > 0) {
    count = std::min(count, variable("OMP_THREAD_LIMIT"));
  }
  Output out(process);
  out << std::to_string(std::max<std::int64_t>(1, count - ignored)) << "\n";
  return out.Finish(0);
}

int TtyMain(Process& process) {
  bool silent = false;
  Options options(process, "s", {{"silent", 's'}, {"quiet", 's'}}, 2);
  while (options.Next()) silent = true;
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedWord(options.operands()[0]), 2);
  }
  if (!silent) (void)process.Write(1, "not a tty\n");
  return 1;
}

int WhichMain(Process& process) {
  AnswerHelp(process, {"-a", "    --help", "    --version"});
  // A script of Debian's, with options of its own: -a alone.
  bool all = false;
  std::size_t next = 1;
  const auto& args = process.args;
  for (; next < args.size() && args[next].size() > 1 && args[next][0] == '-'; ++next) {
    if (args[next] == "--") {
      ++next;
      break;
    }
    const std::size_t bad = args[next].find_first_not_of('a', 1);
    if (bad != std::string::npos) {
      (void)process.Write(2, std::string("Illegal option -") + args[next][bad] + "\n");
      (void)process.Write(1, "Usage: /usr/bin/which [-a] args\n");
      return 2;
    }
    all = true;
  }
  const std::vector<std::string> names(args.begin() + static_cast<std::ptrdiff_t>(next),
                                       args.end());
  const auto variable = process.env.find("PATH");
  const std::string path = variable == process.env.end() ? "" : variable->second;
  int status = names.empty() ? 1 : 0;
  Output out(process);
  for (const std::string& name : names) {
    bool found = false;
    std::string_view rest = path;
    const bool direct = name.find('/') != std::string::npos;
    while (true) {
      const std::size_t colon = std::min(rest.find(':'), rest.size());
      const std::string folder(colon == 0 ? "." : rest.substr(0, colon));
      const std::string file = direct ? name : ChildPath(folder, name);
      const auto stat = StatPath(process, file);
      if (stat && stat->type == FileType::kRegular && (stat->mode & 0111) != 0) {
        found = true;
        out << file << "\n";
        if (!all) break;
      }
      if (direct || colon == rest.size()) break;
      rest.remove_prefix(colon + 1);
    }
    if (!found) status = 1;
  }
  return out.Finish(status);
}

// --- kill -------------------------------------------------------------------------------------

int ListSignals(Process& process, const std::vector<std::string>& operands) {
  Output out(process);
  if (operands.empty()) {
    for (int signal = 1; signal < 32; ++signal) out << SignalName(signal) << "\n";
    return out.Finish(0);
  }
  int status = 0;
  for (const std::string& operand : operands) {
    const auto signal = ParseSignal(operand);
    if (!signal) {
      out.Flush();
      Complain(process, QuotedName(operand) + ": invalid signal");
      status = 1;
    } else {
      const bool number = operand[0] >= '0' && operand[0] <= '9';
      out << (number ? SignalName(*signal) : std::to_string(*signal)) << "\n";
    }
  }
  return out.Finish(status);
}

int KillMain(Process& process) {
  AnswerHelp(process,
             {"-SIGNAL", "-l [SIGNAL]", "-L", "-n SIGNAL", "-s SIGNAL", "    --list[=SIGNAL]",
              "    --signal=SIGNAL", "    --help", "    --version"});
  std::vector<std::string> words(process.args.begin() + 1, process.args.end());
  std::string name = "TERM";
  std::size_t next = 0;
  if (words.empty()) UsageError(process, "no process ID specified");
  if (words[0] == "-l" || words[0] == "--list" || words[0] == "-L") {
    return ListSignals(process, {words.begin() + 1, words.end()});
  }
  if (words[0] == "-s" || words[0] == "-n" || words[0] == "--signal") {
    if (words.size() < 2) UsageError(process, "option requires an argument -- 's'");
    name = words[1];
    next = 2;
  } else if (words[0].starts_with("--signal=")) {
    name = words[0].substr(9);
    next = 1;
  } else if (words[0].size() > 1 && words[0][0] == '-' && words[0] != "--") {
    name = words[0].substr(1);
    next = 1;
  }
  const auto signal = ParseSignal(name);
  if (!signal) {
    Complain(process, QuotedName(name) + ": invalid signal");
    return 1;
  }
  if (next < words.size() && words[next] == "--") ++next;
  if (next == words.size()) UsageError(process, "no process ID specified");
  int status = 0;
  for (; next < words.size(); ++next) {
    const auto pid = ParseInteger(words[next]);
    if (!pid || *pid > 1 << 30 || *pid < -(1 << 30)) {
      Complain(process, "failed to parse argument: " + QuotedName(words[next]));
      status = 1;
      continue;
    }
    const IoStatus killed = process.Kill(static_cast<int>(*pid), *signal);
    if (killed) continue;
    Complain(process, "(" + words[next] + "): " + ErrnoText(killed.error()));
    status = 1;
  }
  return status;
}

}  // namespace

void AddSystemPrograms(ProgramTable& table) {
  table["["] = TestMain;
  table["arch"] = ArchMain;
  table["echo"] = EchoMain;
  table["env"] = EnvMain;
  table["groups"] = GroupsMain;
  table["hostname"] = HostnameMain;
  table["id"] = IdMain;
  table["kill"] = KillMain;
  table["nproc"] = NprocMain;
  table["printenv"] = PrintenvMain;
  table["printf"] = PrintfMain;
  table["pwd"] = PwdMain;
  table["test"] = TestMain;
  table["tty"] = TtyMain;
  table["uname"] = UnameMain;
  table["which"] = WhichMain;
  table["whoami"] = WhoamiMain;
}

}  // namespace computesdk::in_memory
