#include <algorithm>
#include <array>

#include "mocks/in_memory/shell/builtins.h"
#include "mocks/in_memory/shell/option_names.h"

namespace computesdk::in_memory::shell {
namespace {

struct ShoptName {
  const char* name;
  bool ShellOptions::*member;
};

constexpr std::array<ShoptName, 17> kShopt = {{
    {"cdable_vars", &ShellOptions::cdable_vars},
    {"dotglob", &ShellOptions::dotglob},
    {"expand_aliases", &ShellOptions::expand_aliases},
    {"extglob", &ShellOptions::extglob},
    {"failglob", &ShellOptions::failglob},
    {"globskipdots", &ShellOptions::globskipdots},
    {"globstar", &ShellOptions::globstar},
    {"inherit_errexit", &ShellOptions::inherit_errexit},
    {"lastpipe", &ShellOptions::lastpipe},
    {"localvar_inherit", &ShellOptions::localvar_inherit},
    {"localvar_unset", &ShellOptions::localvar_unset},
    {"nocaseglob", &ShellOptions::nocaseglob},
    {"nocasematch", &ShellOptions::nocasematch},
    {"nullglob", &ShellOptions::nullglob},
    {"patsub_replacement", &ShellOptions::patsub_replacement},
    {"shift_verbose", &ShellOptions::shift_verbose},
    {"xpg_echo", &ShellOptions::xpg_echo},
}};

constexpr std::array<const char*, 40> kOtherShopt = {"autocd",
                                                     "assoc_expand_once",
                                                     "cdspell",
                                                     "checkhash",
                                                     "checkjobs",
                                                     "checkwinsize",
                                                     "cmdhist",
                                                     "compat31",
                                                     "compat32",
                                                     "compat40",
                                                     "compat41",
                                                     "compat42",
                                                     "compat43",
                                                     "compat44",
                                                     "complete_fullquote",
                                                     "direxpand",
                                                     "dirspell",
                                                     "execfail",
                                                     "extdebug",
                                                     "extquote",
                                                     "force_fignore",
                                                     "globasciiranges",
                                                     "gnu_errfmt",
                                                     "histappend",
                                                     "histreedit",
                                                     "histverify",
                                                     "hostcomplete",
                                                     "huponexit",
                                                     "interactive_comments",
                                                     "lithist",
                                                     "login_shell",
                                                     "mailwarn",
                                                     "no_empty_cmd_completion",
                                                     "noexpand_translation",
                                                     "progcomp",
                                                     "progcomp_alias",
                                                     "promptvars",
                                                     "restricted_shell",
                                                     "sourcepath",
                                                     "varredir_close"};

bool* FindShopt(ShellOptions& options, const std::string& name) {
  for (const ShoptName& option : kShopt) {
    if (name == option.name) return &(options.*option.member);
  }
  return nullptr;
}

bool IsOtherShopt(const std::string& name) {
  return std::find(kOtherShopt.begin(), kOtherShopt.end(), name) != kOtherShopt.end();
}

// shopt -o: an option of `set`. False if it is off, or none.
bool ShoptOption(Interpreter& shell, const std::string& name, const std::string& letters) {
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  const std::optional<bool> on = OptionByName(shell.state.options, name);
  if (!on) {
    shell.ComplainAs("shopt", name + ": invalid option name");
    return false;
  }
  if (has('s') || has('u')) return SetOptionByName(shell.state.options, name, has('s'));
  if (!has('q')) {
    shell.Print(has('p') ? std::string("set ") + (*on ? "-o " : "+o ") + name + "\n"
                         : OptionLine(name, *on));
  }
  return *on;
}

// What some of them do beside being on.
void AfterChange(Interpreter& shell, const std::string& name, bool on) {
  if (name == "extdebug") {
    shell.state.options.trace_errors = shell.state.options.function_trace = on;
  } else if (name.compare(0, 6, "compat") == 0 && on) {
    shell.Assign("BASH_COMPAT", name.substr(6));
  }
}

int Shopt(Interpreter& shell, const Args& args) {
  std::string letters;
  std::size_t index = 1;
  if (!ReadLetters(shell, args, "pqsuo", letters, index)) return 2;
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  ShellOptions& options = shell.state.shopt;
  if (has('s') && has('u')) {
    shell.ComplainAs("shopt", "cannot set and unset shell options simultaneously");
    return 1;
  }
  if (has('o')) {
    if (index >= args.size()) ShowSetOptions(shell, has('p'));
    int status = 0;
    for (; index < args.size(); ++index) {
      if (!ShoptOption(shell, args[index], letters)) status = 1;
    }
    return status;
  }
  std::vector<std::string> names(args.begin() + static_cast<std::ptrdiff_t>(index), args.end());
  const bool listing = names.empty();
  if (listing) names = ShoptNames();
  int status = 0;
  for (const std::string& name : names) {
    bool* member = FindShopt(options, name);
    if (member == nullptr && !IsOtherShopt(name)) {
      shell.ComplainAs("shopt", name + ": invalid shell option name");
      status = 1;
      continue;
    }
    const bool on = member != nullptr ? *member : options.others.count(name) != 0;
    if (!listing && (has('s') || has('u'))) {
      if (member != nullptr) {
        *member = has('s');
      } else if (name == "restricted_shell" || name == "login_shell") {
        continue;
      } else if (has('s')) {
        options.others.insert(name);
      } else {
        options.others.erase(name);
      }
      AfterChange(shell, name, has('s'));
      continue;
    }
    if (listing && ((has('s') && !on) || (has('u') && on))) continue;
    if (!has('q')) {
      shell.Print(has('p') ? std::string("shopt ") + (on ? "-s " : "-u ") + name + "\n"
                           : OptionLine(name, on));
    }
    if (!listing && !on) status = 1;
  }
  return status;
}

}  // namespace

std::vector<std::string> ShoptNames() {
  std::vector<std::string> names;
  names.reserve(kShopt.size() + kOtherShopt.size());
  for (const ShoptName& option : kShopt) names.emplace_back(option.name);
  for (const char* name : kOtherShopt) names.emplace_back(name);
  std::sort(names.begin(), names.end());
  std::swap(names[0], names[1]);  // bash's list begins with autocd.
  return names;
}

bool SetShoptByName(ShellOptions& options, const std::string& name, bool on) {
  if (bool* member = FindShopt(options, name)) {
    *member = on;
  } else if (!IsOtherShopt(name)) {
    return false;
  } else if (on) {
    options.others.insert(name);
  } else {
    options.others.erase(name);
  }
  return true;
}

std::string EnabledShopts(const ShellOptions& options) {
  std::set<std::string> names = options.others;
  for (const ShoptName& option : kShopt) {
    if (options.*option.member) names.insert(option.name);
  }
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ":") + name;
  return joined;
}

void AddShoptBuiltins(BuiltinTable& table) { table["shopt"] = Shopt; }

}  // namespace computesdk::in_memory::shell
