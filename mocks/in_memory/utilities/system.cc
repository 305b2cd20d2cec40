#include <algorithm>
#include <csignal>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/signals.h"
#include "mocks/in_memory/utilities/small_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Options that have no short form.
constexpr int kAll = 256;
constexpr int kIgnore = 257;

// The machine that a sandbox shows.
constexpr std::string_view kKernelName = "Linux";
constexpr std::string_view kRelease = "6.1.0-sandbox";
constexpr std::string_view kVersion = "#1 SMP";
constexpr std::string_view kMachine = "x86_64";
constexpr std::string_view kOperatingSystem = "GNU/Linux";
constexpr int kProcessors = 1;  // One process of a sandbox runs at a time.

std::string HostName(Process& process) {
  std::string name = process.files().ReadFile("/etc/hostname").value_or("sandbox\n");
  name.erase(std::min(name.find('\n'), name.size()));
  return name;
}

// --- env --------------------------------------------------------------------------------------

// env -S: blanks split, quotes hold together.
std::vector<std::string> SplitString(Process& process, std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else if (c == '\\' && at + 1 < text.size()) {
        word += text[++at];
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t' || c == '\n') {
      if (in_word) words.push_back(std::exchange(word, ""));
      in_word = false;
    } else {
      word += c == '\\' && at + 1 < text.size() ? text[++at] : c;
      in_word = true;
    }
  }
  if (quote != 0) {
    Complain(process, "no terminating quote in -S string");
    process.Exit(125);
  }
  if (in_word) words.push_back(word);
  return words;
}

int EnvMain(Process& process) {
  std::map<std::string, std::string> env = process.env;
  std::optional<std::string> folder;
  char end = '\n';
  // -S takes the place of the arguments that it holds.
  for (std::size_t i = 1; i < process.args.size() && process.args[i].starts_with('-'); ++i) {
    const std::string argument = process.args[i];
    const bool attached = argument.starts_with("-S") && argument.size() > 2;
    if (!attached && argument != "-S" && !argument.starts_with("--split-string=")) continue;
    std::string text = argument.substr(argument[1] == '-' ? 15 : 2);
    const auto at = process.args.begin() + static_cast<std::ptrdiff_t>(i);
    if (argument == "-S" && i + 1 < process.args.size()) {
      text = process.args[i + 1];
      process.args.erase(at);
    }
    auto words = SplitString(process, text);
    process.args.erase(process.args.begin() + static_cast<std::ptrdiff_t>(i));
    process.args.insert(process.args.begin() + static_cast<std::ptrdiff_t>(i), words.begin(),
                        words.end());
    break;
  }
  Options options(process, "+iu:0C:v",
                  {{"chdir", 'C', Options::kRequired},
                   {"ignore-environment", 'i'},
                   {"null", '0'},
                   {"unset", 'u', Options::kRequired}},
                  125);
  while (const auto option = options.Next()) {
    if (option->letter == 'i') env.clear();
    if (option->letter == '0') end = '\0';
    if (option->letter == 'C') folder = option->value;
    if (option->letter == 'u') {
      if (option->value.empty() || option->value.find('=') != std::string::npos) {
        Complain(process, "cannot unset " + QuotedName(option->value) + ": Invalid argument");
        return 125;
      }
      env.erase(option->value);
    }
  }
  const std::vector<std::string>& operands = options.operands();
  std::size_t next = 0;
  if (next < operands.size() && operands[next] == "-") {
    env.clear();
    ++next;
  }
  for (; next < operands.size(); ++next) {
    const auto equals = operands[next].find('=');
    if (equals == std::string::npos) break;
    env[operands[next].substr(0, equals)] = operands[next].substr(equals + 1);
  }
  if (next == operands.size()) {
    if (folder) UsageError(process, "must specify command with --chdir (-C)", 125);
    Output out(process);
    for (const auto& [name, value] : env) {
      out << name << "=" << value;
      out.Put(end);
    }
    return out.Finish(0);
  }
  if (end == '\0') UsageError(process, "cannot specify --null (-0) with command", 125);
  SpawnOptions child;
  child.args.assign(operands.begin() + static_cast<std::ptrdiff_t>(next), operands.end());
  if (folder) {
    if (!IsDirectory(process, *folder)) {
      Complain(process,
               "cannot change directory to " + QuotedName(*folder) + ": No such file or directory");
      return 125;
    }
    child.cwd = process.AbsolutePath(*folder);
  }
  // The command is looked for in the new environment's PATH.
  process.env = env;
  child.env = std::move(env);
  return process.Execute(std::move(child), "env").ShellCode();
}

int PrintenvMain(Process& process) {
  char end = '\n';
  Options options(process, "+0", {{"null", '0'}}, 2);
  while (options.Next()) end = '\0';
  Output out(process);
  int status = 0;
  if (options.operands().empty()) {
    for (const auto& [name, value] : process.env) {
      out << name << "=" << value;
      out.Put(end);
    }
  }
  for (const std::string& name : options.operands()) {
    const auto found = process.env.find(name);
    if (found == process.env.end()) {
      status = 1;
      continue;
    }
    out << found->second;
    out.Put(end);
  }
  return out.Finish(status);
}

// --- who and where ----------------------------------------------------------------------------

int IdMain(Process& process) {
  bool user = false;
  bool group = false;
  bool groups = false;
  bool name = false;
  Options options(process, "agGnruz",
                  {{"group", 'g'}, {"groups", 'G'}, {"name", 'n'}, {"real", 'r'}, {"user", 'u'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'u') user = true;
    if (option->letter == 'g') group = true;
    if (option->letter == 'G') groups = true;
    if (option->letter == 'n') name = true;
  }
  if (user + group + groups > 1) {
    Complain(process, "cannot print \"only\" of more than one choice");
    return 1;
  }
  if (name && user + group + groups == 0) {
    Complain(process, "printing only names or real IDs requires -u, -g, or -G");
    return 1;
  }
  std::vector<std::string> people = options.operands();
  if (people.empty()) people.emplace_back("0");
  Output out(process);
  int status = 0;
  for (const std::string& person : people) {
    const auto uid = FindUser(process, person);
    if (!uid || (person != "0" && UserName(process, *uid) == person &&
                 person.find_first_not_of("0123456789") == std::string::npos)) {
      out.Flush();
      Complain(process, QuotedName(person) + ": no such user");
      status = 1;
      continue;
    }
    const std::string number = std::to_string(*uid);
    const std::string owner = UserName(process, *uid);
    const std::string crowd = GroupName(process, *uid);
    if (user) {
      out << (name ? owner : number);
    } else if (group || groups) {
      out << (name ? crowd : number);
    } else {
      out << "uid=" << number << "(" << owner << ") gid=" << number << "(" << crowd
          << ") groups=" << number << "(" << crowd << ")";
    }
    out << "\n";
  }
  return out.Finish(status);
}

int PrintFact(Process& process, const std::string& fact) {
  Options options(process, "");
  while (options.Next()) {
  }
  if (!options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedName(options.operands()[0]));
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
      Complain(process, QuotedName(name) + ": no such user");
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
    UsageError(process, "extra operand " + QuotedName(options.operands()[0]));
  }
  if (wanted.empty()) wanted = "s";
  const std::pair<char, std::string> facts[] = {{'s', std::string(kKernelName)},
                                                {'n', HostName(process)},
                                                {'r', std::string(kRelease)},
                                                {'v', std::string(kVersion)},
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
  Options options(process, "", {{"all", kAll}, {"ignore", kIgnore, Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == kIgnore) ignored = ParseInteger(option->value).value_or(0);
  }
  Output out(process);
  out << std::to_string(std::max<std::int64_t>(1, kProcessors - ignored)) << "\n";
  return out.Finish(0);
}

int TtyMain(Process& process) {
  bool silent = false;
  Options options(process, "s", {{"silent", 's'}, {"quiet", 's'}}, 2);
  while (options.Next()) silent = true;
  if (!silent) (void)process.Write(1, "not a tty\n");
  return 1;
}

int WhichMain(Process& process) {
  bool all = false;
  bool silent = false;
  Options options(process, "as", {}, 2);
  while (const auto option = options.Next()) {
    if (option->letter == 'a') all = true;
    if (option->letter == 's') silent = true;
  }
  const auto variable = process.env.find("PATH");
  const std::string path = variable == process.env.end() ? "" : variable->second;
  int status = options.operands().empty() ? 1 : 0;
  Output out(process);
  for (const std::string& name : options.operands()) {
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
        if (!silent) out << file << "\n";
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
      Complain(process, QuotedName(words[next]) + ": invalid process id");
      status = 1;
      continue;
    }
    const IoStatus killed = process.Kill(static_cast<int>(*pid), *signal);
    if (killed) continue;
    ComplainOf(process, words[next], killed.error());
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
