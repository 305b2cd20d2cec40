#include "mocks/in_memory/shell/shell.h"

#include <fcntl.h>

#include <random>

#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/option_names.h"
#include "mocks/in_memory/shell/syntax/parser.h"
#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {
namespace {

using shell::Interpreter;
using shell::Lexer;
using shell::State;
using shell::Variable;

struct CommandLine {
  bool from_command = false;
  bool from_stdin = false;
  std::size_t operands = 1;  // Where they begin.
};

int Refuse(Process& process, const std::string& name, const std::string& message, int status) {
  (void)process.Write(2, name + ": " + message + "\n");
  return status;
}

constexpr const char* kVersionText =
    "GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\n"
    "Copyright (C) 2022 Free Software Foundation, Inc.\n"
    "License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\n"
    "This is free software; you are free to change and redistribute it.\n"
    "There is NO WARRANTY, to the extent permitted by law.\n";

std::string HelpText(const std::string& name) {
  return "GNU bash, version 5.2.15(1)-release-(x86_64-pc-linux-gnu)\n"
         "Usage:\t" +
         name + " [GNU long option] [option] ...\n\t" + name +
         " [GNU long option] [option] script-file ...\n"
         "GNU long options:\n"
         "\t--debug\n\t--debugger\n\t--dump-po-strings\n\t--dump-strings\n\t--help\n"
         "\t--init-file\n\t--login\n\t--noediting\n\t--noprofile\n\t--norc\n\t--posix\n"
         "\t--pretty-print\n\t--rcfile\n\t--restricted\n\t--verbose\n\t--version\n"
         "Shell options:\n"
         "\t-ilrsD or -c command or -O shopt_option\t\t(invocation only)\n"
         "\t-abefhkmnptuvxBCEHPT or -o option\n"
         "Type `" +
         name +
         " -c \"help set\"' for more information about shell options.\n"
         "Type `" +
         name +
         " -c help' for more information about shell builtin commands.\n"
         "Use the `bashbug' command to report bugs.\n\n"
         "bash home page: <http://www.gnu.org/software/bash>\n"
         "General help using GNU software: <http://www.gnu.org/gethelp/>\n";
}

int RefuseOption(Process& process, const State& state, const std::string& option) {
  if (state.plain_sh) return Refuse(process, state.name, "0: Illegal option " + option, 2);
  const std::string help = HelpText(state.name);
  return Refuse(process, state.name,
                option + ": invalid option\n" +
                    help.substr(help.find("Usage:"), help.find("Type `") - help.find("Usage:") - 1),
                2);
}

// 0, or the exit code of a mistake.
int ReadCommandLine(Process& process, State& state, CommandLine& line) {
  const std::vector<std::string>& args = process.args;
  std::size_t index = 1;
  for (; index < args.size(); ++index) {
    const std::string arg = args[index];
    if (arg == "--" || arg == "-") {
      ++index;
      break;
    }
    if (arg.size() < 2 || (arg[0] != '-' && arg[0] != '+')) break;
    if (state.plain_sh && arg.starts_with("--")) return RefuseOption(process, state, "--");
    if (arg == "--posix") {
      state.options.posix = true;
      continue;
    }
    if (arg == "--rcfile" || arg == "--init-file") {
      ++index;
      continue;
    }
    if (arg == "--version") {
      (void)process.Write(1, kVersionText);
      process.Exit(0);
    }
    if (arg == "--help") {
      (void)process.Write(1, HelpText(state.name));
      process.Exit(0);
    }
    if (arg.compare(0, 2, "--") == 0) {
      const bool known = arg == "--norc" || arg == "--noprofile" || arg == "--login" ||
                         arg == "--noediting" || arg == "--verbose" || arg == "--restricted" ||
                         arg == "--debugger" || arg == "--dump-strings" ||
                         arg == "--dump-po-strings";
      if (!known) return RefuseOption(process, state, arg);
      if (arg == "--verbose") state.options.verbose = true;
      if (arg == "--restricted") state.options.restricted = true;
      if (arg == "--login") state.shopt.login_shell = true;
      continue;
    }
    const bool on = arg[0] == '-';
    for (const char c : arg.substr(1)) {
      if (c == 'c') {
        line.from_command = true;
      } else if (c == 's') {
        line.from_stdin = true;
      } else if (c == 'l') {
        state.shopt.login_shell = true;
      } else if (c == 'i') {
        state.shopt.expand_aliases = true;
      } else if (c == 'D') {
        continue;
      } else if (c == 'o' || c == 'O') {
        if (++index >= args.size())
          return Refuse(process, state.name, "-o: option requires an argument", 2);
        bool done = true;
        if (c == 'o') {
          done = (!state.plain_sh || shell::IsPlainOption(args[index])) &&
                 SetOptionByName(state.options, args[index], on);
        } else {
          done = SetShoptByName(state.shopt, args[index], on);
        }
        if (!done && state.plain_sh) return RefuseOption(process, state, "-o " + args[index]);
        if (!done) return Refuse(process, state.name, args[index] + ": invalid option name", 2);
      } else if (!SetOptionByLetter(state.options, c, on)) {
        return RefuseOption(process, state, std::string(1, arg[0]) + c);
      }
    }
  }
  line.operands = index;
  return 0;
}

void SetDefault(State& state, const std::string& name, const std::string& value) {
  Variable& variable = state.variables.Edit(name);
  if (variable.set) return;
  variable.value = value;
  variable.set = true;
}

// SHELLOPTS and BASHOPTS of the environment: names between colons.
void SetListedOptions(State& state, const std::string& names, bool set) {
  if (state.plain_sh) return;
  for (std::size_t at = 0; at < names.size();) {
    const std::size_t end = std::min(names.find(':', at), names.size());
    const std::string name = names.substr(at, end - at);
    if (set) {
      (void)SetOptionByName(state.options, name, true);
    } else {
      (void)SetShoptByName(state.shopt, name, true);
    }
    at = end + 1;
  }
}

void ImportEnvironment(Process& process, State& state) {
  for (const auto& [name, value] : process.env) {
    if (name == "_") {
      state.last_argument = value;
      continue;
    }
    // What is no name for a script still goes to its children.
    if (name.compare(0, 10, "BASH_FUNC_") == 0 || name == "IFS" || name == "OPTIND") continue;
    if (name == "SHELLOPTS" || name == "BASHOPTS") {
      SetListedOptions(state, value, name == "SHELLOPTS");
      continue;
    }
    Variable& variable = state.variables.Edit(name);
    variable.value = value;
    variable.set = true;
    variable.exported = true;
  }
  std::int64_t level =
      shell::ParsePlainNumber(process.env.count("SHLVL") != 0 ? process.env["SHLVL"] : "0")
          .value_or(0) +
      1;
  if (level < 0) level = 0;
  if (level > 999) {
    (void)process.Write(2, state.name + ": warning: shell level (" + std::to_string(level) +
                               ") too high, resetting to 1\n");
    level = 1;
  }
  Variable& nesting = state.variables.Edit("SHLVL");
  nesting.value = std::to_string(level);
  nesting.set = nesting.exported = true;
  const auto named = state.variables.Find("PWD");
  std::string folder = process.files().RealPath(process.cwd).value_or(process.cwd);
  if (named != nullptr && named->set) {
    const auto a = process.files().Stat(named->value);
    const auto b = process.files().Stat(process.cwd);
    if (a && b && a->inode == b->inode && named->value[0] == '/') folder = named->value;
  }
  Variable& pwd = state.variables.Edit("PWD");
  pwd.value = folder;
  pwd.set = pwd.exported = true;
  if (!state.plain_sh) state.variables.Edit("OLDPWD").exported = true;
  SetDefault(state, "IFS", " \t\n");
  if (state.options.posix) SetDefault(state, "POSIXLY_CORRECT", "y");
  SetDefault(state, "OPTIND", "1");
  state.variables.Edit("OPTIND").integer = !state.plain_sh;
  SetDefault(state, "OPTERR", "1");
  SetDefault(state, "PS4", "+ ");
  SetDefault(state, "PATH",
             state.plain_sh ? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
                            : "/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin:.");
  SetDefault(state, "BASH", state.name.ends_with("/bash") ? state.name : "/usr/bin/bash");
  SetDefault(state, "BASH_LOADABLES_PATH",
             "/usr/local/lib/bash:/usr/lib/bash:/opt/local/lib/bash:/usr/pkg/lib/bash:"
             "/opt/pkg/lib/bash:.");
  SetDefault(state, "BASH_VERSION", "5.2.15(1)-release");
  SetDefault(state, "HOSTTYPE", "x86_64");
  SetDefault(state, "MACHTYPE", "x86_64-pc-linux-gnu");
  SetDefault(state, "OSTYPE", "linux-gnu");
  SetDefault(state, "HOSTNAME", "sandbox");
  SetDefault(state, "TERM", "dumb");
  SetDefault(state, "SHELL", "/bin/bash");
  const std::string parent = std::to_string(process.parent_pid());
  for (const auto& [name, value] :
       {std::pair{"UID", "0"}, std::pair{"EUID", "0"}, std::pair{"PPID", parent.c_str()}}) {
    SetDefault(state, name, value);
    Variable& id = state.variables.Edit(name);
    id.integer = id.readonly = true;
  }
  static const auto* const version = new shell::IndexedArray{
      {0, "5"}, {1, "2"}, {2, "15"}, {3, "1"}, {4, "release"}, {5, "x86_64-pc-linux-gnu"}};
  Variable& info = state.variables.Edit("BASH_VERSINFO");
  info.kind = shell::VariableKind::kIndexed;
  // Of all shells, and without a count that their threads would meet at.
  info.indexed = {std::shared_ptr<void>(), version};
  info.set = info.readonly = true;
  // A restricted shell keeps what decides which programs run.
  if (state.options.restricted) {
    for (const char* name : {"SHELL", "PATH", "HISTFILE", "ENV", "BASH_ENV"}) {
      state.variables.Edit(name).readonly = true;
    }
  }
  state.variables.set_environment_changed();
}

// sh is no bash: what bash adds is not there.
void ForgetBash(const Process& process, State& state) {
  state.disabled_builtins = {"bind",      "builtin", "caller", "compgen", "complete", "compopt",
                             "declare",   "dirs",    "disown", "enable",  "fc",       "help",
                             "history",   "let",     "logout", "mapfile", "popd",     "pushd",
                             "readarray", "shopt",   "source", "suspend", "typeset"};
  state.plain_names = Interpreter::DynamicNames();
  for (const char* name :
       {"BASH", "BASH_LOADABLES_PATH", "BASH_VERSION", "BASH_VERSINFO", "HOSTTYPE", "MACHTYPE",
        "OSTYPE", "HOSTNAME", "TERM", "SHELL", "UID", "EUID"}) {
    if (process.env.count(name) == 0) state.variables.Erase(name);
  }
  state.variables.Edit("PPID").readonly = false;
  for (const char* name : {"OPTERR", "POSIXLY_CORRECT"}) {
    if (process.env.count(name) == 0) state.variables.Erase(name);
  }
  SetDefault(state, "PS1", "# ");
  SetDefault(state, "PS2", "> ");
}

// A script on standard input is read line by line: what it runs may read the same input. sh reads
// blocks, and what it runs gets what is behind them.
class InputScript {
 public:
  InputScript(Process& process, bool in_blocks) : process_(process), in_blocks_(in_blocks) {}
  bool operator()(std::string& more) {
    while (at_ < block_.size() || Read()) {
      const char c = block_[at_++];
      if (c == '\0') continue;
      more += c;
      if (c == '\n') break;
    }
    return !more.empty();
  }

 private:
  bool Read() {
    constexpr std::size_t kBlock = 8191;
    block_.resize(in_blocks_ ? kBlock : 1);
    at_ = 0;
    auto count = process_.Read(0, block_.data(), block_.size());
    while (!count && count.error() == std::errc::interrupted) {
      count = process_.Read(0, block_.data(), block_.size());
    }
    block_.resize(count ? *count : 0);
    return !block_.empty();
  }

  Process& process_;
  bool in_blocks_;
  std::string block_;
  std::size_t at_ = 0;
};

// Functions that a parent shell exported: BASH_FUNC_name%%=() { …; }
void ImportFunctions(Interpreter& interpreter) {
  if (interpreter.state.plain_sh) return;
  constexpr std::string_view kPrefix = "BASH_FUNC_";
  const auto& env = interpreter.process.env;
  std::string definitions;
  for (auto it = env.lower_bound(std::string(kPrefix)); it != env.end(); ++it) {
    const auto& [key, value] = *it;
    if (key.compare(0, kPrefix.size(), kPrefix) != 0) break;
    const bool function = key.size() > kPrefix.size() + 2 &&
                          key.compare(key.size() - 2, 2, "%%") == 0 &&
                          value.compare(0, 3, "() ") == 0;
    if (!function) continue;
    const std::string name = key.substr(kPrefix.size(), key.size() - kPrefix.size() - 2);
    Lexer lexer(name + " " + value, 1, interpreter.lexer_context());
    const auto command = shell::Parser(lexer).ParseLine();
    // Nothing but a definition is ever run.
    if (!command || *command == nullptr || (*command)->kind != shell::CommandKind::kFunction) {
      continue;
    }
    interpreter.Execute(command->get());
    interpreter.state.exported_functions.insert(name);
  }
}

// $BASH_ENV, which sh and the POSIX mode do not know.
void RunStartFile(Interpreter& interpreter) {
  const Variable* variable = interpreter.state.variables.Find("BASH_ENV");
  if (variable == nullptr || variable->value.empty() || interpreter.state.options.posix) return;
  Process& process = interpreter.process;
  const std::string invoked = process.args.empty() ? "" : process.args[0];
  if (invoked == "sh" || invoked.ends_with("/sh")) return;
  interpreter.Guard([&] {
    const std::string path = interpreter.ExpandString(Lexer::ParseText(
        variable->value, 1, interpreter.lexer_context(), shell::Quoting::kHereDocument));
    const auto content = process.files().ReadFile(process.AbsolutePath(path));
    return content ? interpreter.SourceFile(path, *content) : 0;
  });
}

int RunScript(Process& process, State state, const std::string& path) {
  const std::string absolute = process.AbsolutePath(path);
  std::string found = absolute;
  auto status = process.files().Stat(absolute);
  if (!status && path.find('/') == std::string::npos) {
    const auto program = process.FindProgram(path, state.variables.Find("PATH")->value);
    if (program) {
      found = program->file;
      status = process.files().Stat(found);
    }
  }
  if (status && status->type == FileType::kDirectory) {
    if (state.plain_sh) return 0;
    return Refuse(process, path, path + ": Is a directory", 126);
  }
  const auto fd = process.Open(found, O_RDONLY);
  if (!fd && state.plain_sh && fd.error() == std::errc::no_such_file_or_directory) {
    return Refuse(process, state.name, "0: cannot open " + path + ": No such file", 2);
  }
  if (!fd) return Refuse(process, "bash", path + ": " + ErrnoText(fd.error()), 127);
  const auto content = process.ReadAll(*fd);
  (void)process.Close(*fd);
  if (!state.plain_sh && content && shell::IsBinaryText(*content)) {
    return Refuse(process, path, path + ": cannot execute binary file", 126);
  }
  state.name = path;
  state.file = std::make_shared<const std::string>(path);
  state.from_file = true;
  Interpreter interpreter(process, std::move(state));
  ImportFunctions(interpreter);
  RunStartFile(interpreter);
  std::string text = content.value_or("");
  shell::EndLastLine(text);
  // bash ends the last line in any case: a backslash there joins nothing to it.
  if (!interpreter.state.plain_sh && text.ends_with('\\')) text.back() = '\n';
  Lexer lexer(std::move(text), 1, interpreter.lexer_context());
  return interpreter.Finish(interpreter.RunText(lexer, ""));
}

}  // namespace

int ShellMain(Process& process) {
  State state;
  if (!process.args.empty()) state.name = process.args[0];
  const std::string called = state.name.substr(state.name.rfind('/') + 1);
  // As the sh of most systems, which is no bash.
  if (called == "sh" || called == "dash") {
    state.options.posix = true;
    state.options.brace_expand = false;
    state.plain_sh = true;
    state.shopt.globskipdots = false;
  }
  if (called == "rbash") state.options.restricted = true;
  if (process.env.count("POSIXLY_CORRECT") != 0) state.options.posix = true;
  CommandLine line;
  if (const int status = ReadCommandLine(process, state, line)) return status;
  if (state.options.posix) state.shopt.SetPosix(true);
  constexpr int kLastSignal = 64;
  for (int signal = 1; signal <= kLastSignal; ++signal) {
    if (process.signal_action(signal) != SignalAction::kIgnore) continue;
    state.ignored_signals.insert(signal);
    if (!state.plain_sh) state.traps[signal] = "";
  }
  state.shell_pid = process.pid();
  state.seconds_base = state.started = process.clock().Now().time_since_epoch();
  state.random = static_cast<std::uint32_t>(state.seconds_base.count()) ^
                 static_cast<std::uint32_t>(process.pid() * 2654435761U);
  ImportEnvironment(process, state);
  if (state.plain_sh) ForgetBash(process, state);
  SetBytesAreCharacters(state.plain_sh || !HasUtf8Locale(process.env));  // To dash always.
  const std::vector<std::string>& args = process.args;
  std::size_t index = line.operands;
  const auto rest = [&](std::size_t from) {
    return from < args.size() ? std::vector<std::string>(
                                    args.begin() + static_cast<std::ptrdiff_t>(from), args.end())
                              : std::vector<std::string>();
  };
  const auto set_positional = [&](std::vector<std::string> values) {
    state.positional = std::make_shared<const std::vector<std::string>>(std::move(values));
    state.script_arguments = state.positional;
  };
  if (line.from_command) {
    if (index >= args.size()) {
      return Refuse(
          process, state.name,
          state.plain_sh ? "0: -c requires an argument" : "-c: option requires an argument", 2);
    }
    const std::string command = args[index];
    if (index + 1 < args.size()) state.name = args[index + 1];
    set_positional(rest(index + 2));
    state.options.from_command = true;
    SetDefault(state, "BASH_EXECUTION_STRING", command);
    Interpreter interpreter(process, std::move(state));
    ImportFunctions(interpreter);
    RunStartFile(interpreter);
    return interpreter.Finish(interpreter.RunString(command, 1, "-c"));
  }
  if (index < args.size() && !line.from_stdin) {
    const std::string script = args[index];
    set_positional(rest(index + 1));
    return RunScript(process, std::move(state), script);
  }
  set_positional(rest(index));
  state.options.from_stdin = true;
  state.file = std::make_shared<const std::string>("main");
  Interpreter interpreter(process, std::move(state));
  ImportFunctions(interpreter);
  RunStartFile(interpreter);
  const bool plain = interpreter.state.plain_sh;
  Lexer lexer("", 1, interpreter.lexer_context());
  lexer.set_refill(InputScript(process, plain));
  return interpreter.Finish(interpreter.RunText(lexer, ""));
}

}  // namespace computesdk::in_memory
