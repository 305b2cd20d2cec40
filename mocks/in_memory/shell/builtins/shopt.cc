#include <algorithm>
#include <array>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/option_names.h"

namespace computesdk::in_memory::shell {
namespace {

struct ShoptName {
  const char* name;
  bool ShellOptions::*member;
};

// In the order of bash's list.
constexpr std::array<ShoptName, 57> kShopt = {{
    {"autocd", &ShellOptions::autocd},
    {"assoc_expand_once", &ShellOptions::assoc_expand_once},
    {"cdable_vars", &ShellOptions::cdable_vars},
    {"cdspell", &ShellOptions::cdspell},
    {"checkhash", &ShellOptions::checkhash},
    {"checkjobs", &ShellOptions::checkjobs},
    {"checkwinsize", &ShellOptions::checkwinsize},
    {"cmdhist", &ShellOptions::cmdhist},
    {"compat31", &ShellOptions::compat31},
    {"compat32", &ShellOptions::compat32},
    {"compat40", &ShellOptions::compat40},
    {"compat41", &ShellOptions::compat41},
    {"compat42", &ShellOptions::compat42},
    {"compat43", &ShellOptions::compat43},
    {"compat44", &ShellOptions::compat44},
    {"complete_fullquote", &ShellOptions::complete_fullquote},
    {"direxpand", &ShellOptions::direxpand},
    {"dirspell", &ShellOptions::dirspell},
    {"dotglob", &ShellOptions::dotglob},
    {"execfail", &ShellOptions::execfail},
    {"expand_aliases", &ShellOptions::expand_aliases},
    {"extdebug", &ShellOptions::extdebug},
    {"extglob", &ShellOptions::extglob},
    {"extquote", &ShellOptions::extquote},
    {"failglob", &ShellOptions::failglob},
    {"force_fignore", &ShellOptions::force_fignore},
    {"globasciiranges", &ShellOptions::globasciiranges},
    {"globskipdots", &ShellOptions::globskipdots},
    {"globstar", &ShellOptions::globstar},
    {"gnu_errfmt", &ShellOptions::gnu_errfmt},
    {"histappend", &ShellOptions::histappend},
    {"histreedit", &ShellOptions::histreedit},
    {"histverify", &ShellOptions::histverify},
    {"hostcomplete", &ShellOptions::hostcomplete},
    {"huponexit", &ShellOptions::huponexit},
    {"inherit_errexit", &ShellOptions::inherit_errexit},
    {"interactive_comments", &ShellOptions::interactive_comments},
    {"lastpipe", &ShellOptions::lastpipe},
    {"lithist", &ShellOptions::lithist},
    {"localvar_inherit", &ShellOptions::localvar_inherit},
    {"localvar_unset", &ShellOptions::localvar_unset},
    {"login_shell", &ShellOptions::login_shell},
    {"mailwarn", &ShellOptions::mailwarn},
    {"no_empty_cmd_completion", &ShellOptions::no_empty_cmd_completion},
    {"nocaseglob", &ShellOptions::nocaseglob},
    {"nocasematch", &ShellOptions::nocasematch},
    {"noexpand_translation", &ShellOptions::noexpand_translation},
    {"nullglob", &ShellOptions::nullglob},
    {"patsub_replacement", &ShellOptions::patsub_replacement},
    {"progcomp", &ShellOptions::progcomp},
    {"progcomp_alias", &ShellOptions::progcomp_alias},
    {"promptvars", &ShellOptions::promptvars},
    {"restricted_shell", &ShellOptions::restricted_shell},
    {"shift_verbose", &ShellOptions::shift_verbose},
    {"sourcepath", &ShellOptions::sourcepath},
    {"varredir_close", &ShellOptions::varredir_close},
    {"xpg_echo", &ShellOptions::xpg_echo},
}};

bool* FindShopt(ShellOptions& options, const std::string& name) {
  for (const ShoptName& option : kShopt) {
    if (name == option.name) return &(options.*option.member);
  }
  return nullptr;
}

// shopt -o: an option of `set`. False if it is off, or none.
bool ShoptOption(Interpreter& shell, const std::string& name, const std::string& letters) {
  const auto has = [&](char c) { return letters.find(c) != std::string::npos; };
  const std::optional<bool> on = OptionByName(shell.state.options, name);
  if (!on) {
    shell.ComplainAs("shopt", name + ": invalid option name");
    return false;
  }
  if (has('s') || has('u')) return SetOption(shell, name, has('s'));
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
    if (index >= args.size()) {
      const bool all = !has('s') && !has('u');
      ShowSetOptions(shell, has('p'), all ? std::nullopt : std::optional<bool>(has('s')));
    }
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
    if (member == nullptr) {
      shell.ComplainAs("shopt", name + ": invalid shell option name");
      status = 1;
      continue;
    }
    const bool on = name == "restricted_shell" ? shell.state.options.restricted : *member;
    if (!listing && (has('s') || has('u'))) {
      if (name == "restricted_shell" || name == "login_shell") continue;
      *member = has('s');
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
  names.reserve(kShopt.size());
  for (const ShoptName& option : kShopt) names.emplace_back(option.name);
  return names;
}

bool SetShoptByName(ShellOptions& options, const std::string& name, bool on) {
  bool* member = FindShopt(options, name);
  if (member == nullptr) return false;
  *member = on;
  return true;
}

std::string EnabledShopts(const ShellOptions& options) {
  std::set<std::string> names;
  for (const ShoptName& option : kShopt) {
    if (options.*option.member) names.insert(option.name);
  }
  std::string joined;
  for (const std::string& name : names) joined += (joined.empty() ? "" : ":") + name;
  return joined;
}

void AddShoptBuiltins(BuiltinTable& table) { table["shopt"] = Shopt; }

}  // namespace computesdk::in_memory::shell
