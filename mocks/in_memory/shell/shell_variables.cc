#include <unistd.h>

#include <algorithm>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/option_names.h"
#include "mocks/in_memory/shell/syntax/utf8.h"
#include "mocks/in_memory/text/character_set.h"

// What the shell does with variables, on top of their table.
namespace computesdk::in_memory::shell {
namespace {

constexpr int kMostReferences = 8;

// A name, or one with a subscript.
bool IsReferenceTarget(const std::string& text) {
  const std::size_t bracket = text.find('[');
  if (bracket == std::string::npos) return IsName(text);
  return IsName(std::string_view(text).substr(0, bracket)) && text.back() == ']';
}

}  // namespace

const Variable* Interpreter::FindVariable(const std::string& name) {
  if (const Variable* variable = state.variables.Find(name)) {
    if (!variable->reference) return variable;
    const std::string target = ResolveReference(name);
    if (target != name) return FindVariable(target);
    if (variable->value.empty()) return variable;
    // local -n v=v is the v outside of all functions.
    const Variable* global = state.variables.FindGlobal(name);
    return global != nullptr && !global->reference ? global : nullptr;
  }
  const char first = name[0];
  if (first != '_' && (first < 'A' || first > 'U')) return nullptr;
  if (!state.plain_names.empty() && state.plain_names.count(name) != 0) return nullptr;
  return FindDynamic(name);
}

std::string Interpreter::GetString(const std::string& name) {
  const Variable* variable = FindVariable(name);
  const std::string* text = variable == nullptr ? nullptr : variable->Scalar();
  return text == nullptr ? "" : *text;
}

std::string Interpreter::Separator() {
  const Variable* ifs = state.variables.Find("IFS");
  if (ifs == nullptr || !ifs->IsSet()) return " ";
  const std::string& text = *ifs->Scalar();
  return std::string(SliceCharacters(text, 0, 1));
}

std::string Interpreter::ResolveReference(const std::string& name) {
  std::string target = name;
  for (int i = 0; i < kMostReferences; ++i) {
    const Variable* variable = state.variables.Find(target);
    if (variable == nullptr || !variable->reference || variable->value.empty()) return target;
    target = variable->value;
  }
  Complain("warning: " + name + ": circular name reference");
  return name;
}

bool Interpreter::SetReference(const std::string& name, const std::string& target) {
  if (!IsReferenceTarget(target)) {
    Complain("`" + target + "': not a valid identifier");
    return false;
  }
  if (!CheckWritable(name)) return false;
  Variable& variable = state.variables.Edit(name);
  variable.value = target;
  variable.set = true;
  return true;
}

void Interpreter::UnsetVariable(const std::string& name) {
  if (state.variables.Find(name) != nullptr) {
    // To dash a variable without a value still hides what it hid.
    state.variables.Unset(name, state.shopt.localvar_unset || state.plain_sh);
  } else if (name != "_" && name != "PIPESTATUS") {
    state.plain_names.insert(name);
  }
  if (name == "OPTIND") state.option_letter = 0;
  if (name == "POSIXLY_CORRECT") state.options.posix = false;
  if (name == "GLOBIGNORE") state.shopt.dotglob = false;
}

bool Interpreter::IsReadonly(const std::string& name) {
  if (const Variable* variable = state.variables.Find(name)) return variable->readonly;
  return name == "SHELLOPTS" || name == "BASHOPTS";
}

bool Interpreter::CheckWritable(const std::string& name) {
  if (!IsReadonly(name)) return true;
  const bool named = state.plain_sh && !builtin_name.empty();
  Complain((named ? builtin_name + ": " : "") + name + ": readonly variable");
  if (state.plain_sh && builtin_name.empty()) throw ExpansionError{2, true};
  return false;
}

std::string Interpreter::Convert(const Variable& variable, std::string value) {
  if (variable.integer) return std::to_string(EvaluateOrEnd(value));
  if (!variable.lower && !variable.upper && !variable.capital) return value;
  std::string changed;
  for (std::size_t at = 0; at < value.size();) {
    const bool raise = variable.upper || (variable.capital && at == 0);
    const char32_t c = NextCharacter(value, at);
    AppendCharacter(raise ? ToUpper(c) : ToLower(c), changed);
  }
  return changed;
}

std::size_t Interpreter::MostBytes() const { return process.kernel().limits().memory_bytes; }

// Counts what is assigned, which is no less than what is held, and only when that is too much what
// is held indeed.
void Interpreter::RequireMemory(const std::string& name, std::size_t bytes) {
  state.assigned_bytes += bytes;
  if (state.assigned_bytes <= MostBytes()) return;
  state.assigned_bytes = state.variables.Bytes() + bytes;
  if (state.assigned_bytes > MostBytes()) FailExpansion(name + ": cannot allocate memory");
}

// Where nothing but the value is to be looked at; false, with nothing done, for any other variable.
bool Interpreter::AssignPlain(const std::string& name, std::string& value, bool append) {
  Variable* const known = state.variables.EditKnown(name);
  if (known == nullptr || !known->is_plain()) return false;
  RequireMemory(name, value.size());
  Put(name, *known, std::move(value), append);
  return true;
}

bool Interpreter::Assign(const std::string& given, std::string value, bool append) {
  if (AssignPlain(given, value, append)) return true;
  const Variable* before = state.variables.EditKnown(given);
  if (before != nullptr && before->reference) {
    const std::string target = ResolveReference(given);
    const std::size_t bracket = target.find('[');
    if (bracket != std::string::npos) {
      const std::string array = target.substr(0, bracket);
      const std::string subscript = target.substr(bracket + 1, target.size() - bracket - 2);
      if (!AssignElement(array, SubscriptFromText(array, subscript), std::move(value), append)) {
        return false;
      }
      if (state.options.all_export) state.variables.Edit(array).exported = true;
      return true;
    }
    if (target != given) return Assign(target, std::move(value), append);
    if (before->value.empty()) return SetReference(given, value);
    const GlobalView view(state.variables, given);
    if (view.swapped()) return Assign(given, std::move(value), append);
  }
  const std::string& name = given;
  if (!CheckWritable(name)) return false;
  RequireMemory(name, value.size());
  if (before == nullptr && state.plain_names.count(name) == 0) {
    if (name == "RANDOM") {
      state.random = static_cast<std::uint32_t>(EvaluateOrEnd(value));
      state.last_random = 0;
      state.random_pid = process.pid();
      return true;
    }
    if (name == "SECONDS") {
      const std::chrono::seconds given_seconds(ParsePlainNumber(value).value_or(0));
      state.seconds_base = process.clock().Now().time_since_epoch() - given_seconds;
      return true;
    }
    if (name == "BASH_ARGV0") {
      state.name = std::move(value);
      return true;
    }
    if (name == "LINENO" || name == "BASHPID" || name == "FUNCNAME" || name == "PIPESTATUS" ||
        name == "GROUPS" || name == "HISTCMD" || name == "BASH_COMMAND" || name == "_") {
      return true;
    }
  }
  if (before != nullptr && before->is_array()) {
    const bool done = AssignElement(name, "0", std::move(value), append);
    if (done && state.options.all_export) state.variables.Edit(name).exported = true;
    return done;
  }
  if (before != nullptr && (before->integer || before->lower || before->upper || before->capital)) {
    const Variable attributes = *before;
    if (append && attributes.integer) {
      value = std::to_string(EvaluateOrEnd(attributes.value) + EvaluateOrEnd(value));
    } else {
      value = Convert(attributes, append ? attributes.value + value : std::move(value));
    }
    append = false;
  }
  Put(name, state.variables.Edit(name), std::move(value), append);
  return true;
}

void Interpreter::Put(const std::string& name, Variable& variable, std::string value, bool append) {
  if (append) {
    variable.value += value;
  } else {
    variable.value = std::move(value);
  }
  variable.set = true;
  if (state.options.all_export && !variable.exported) {
    variable.exported = true;
    state.variables.set_environment_changed();
  }
  constexpr std::size_t kShortestSpecial = sizeof "OPTIND" - 1;
  if (name.size() >= kShortestSpecial) OnAssigned(name, variable.value);
}

// What the shell does when some variables change.
void Interpreter::OnAssigned(const std::string& name, const std::string& value) {
  if (name == "OPTIND") state.option_letter = 0;
  if (name == "POSIXLY_CORRECT") {
    state.options.posix = state.shopt.expand_aliases = true;
    return;
  }
  if (name == "GLOBIGNORE" && !value.empty()) state.shopt.dotglob = true;
  if (name == "BASH_XTRACEFD" && !value.empty()) {
    const auto fd = ParsePlainNumber(value);
    if (!fd || process.File(static_cast<int>(*fd)) == nullptr) {
      Complain(name + ": " + value + ": invalid value for trace file descriptor");
    }
  }
  if (name != "BASH_COMPAT") return;
  std::string digits = value;
  std::erase(digits, '.');
  const auto level = ParsePlainNumber(digits);
  const bool known = level && ((*level >= 31 && *level <= 32) || (*level >= 40 && *level <= 44) ||
                               (*level >= 50 && *level <= 52));
  for (const char* older : {"31", "32", "40", "41", "42", "43", "44"}) {
    SetShoptByName(state.shopt, std::string("compat") + older, digits == older);
  }
  if (!known && !value.empty())
    Complain(name + ": " + value + ": compatibility value out of range");
}

bool Interpreter::AssignFrom(const Assignment& assignment) {
  if (assignment.array && assignment.subscript != nullptr) RefuseList(assignment);
  if (assignment.array) return AssignArray(assignment.name, assignment);
  return AssignExpanded(assignment, ExpandString(assignment.value));
}

bool Interpreter::AssignExpanded(const Assignment& assignment, std::string value) {
  if (assignment.subscript != nullptr) {
    if (assignment.subscript->parts.empty()) {
      FailExpansion(assignment.name + "[]: bad array subscript");
    }
    const auto* literal = std::get_if<Literal>(&assignment.subscript->parts[0].value);
    if (literal != nullptr && NamesAll(assignment.name, literal->text)) {
      FailExpansion(assignment.name + "[" + literal->text + "]: bad array subscript",
                    state.options.posix);
    }
    return AssignElement(assignment.name,
                         ExpandSubscript(assignment.name, assignment.subscript, assignment.key),
                         std::move(value), assignment.append);
  }
  return Assign(assignment.name, std::move(value), assignment.append);
}

std::optional<std::string> Interpreter::GetElement(const std::string& given,
                                                   const std::string& subscript) {
  const std::string name = ResolveReference(given);
  const Variable* variable = FindVariable(name);
  if (variable != nullptr && variable->kind == VariableKind::kAssociative) {
    if (subscript.empty()) {
      ReportError(name + ": bad array subscript");
      return std::nullopt;
    }
    const std::string* value =
        variable->associative ? variable->associative->Find(subscript) : nullptr;
    return value == nullptr ? std::nullopt : std::optional<std::string>(*value);
  }
  const Variable copy = variable == nullptr ? Variable() : *variable;  // The index may assign.
  // Only an array counts from its end.
  const std::int64_t index = ResolveIndex(copy.is_array() ? &copy : nullptr, subscript);
  if (index < 0) {
    ReportError(name + ": bad array subscript");
    return std::nullopt;
  }
  if (copy.kind == VariableKind::kScalar) {
    return index == 0 && copy.set ? std::optional<std::string>(copy.value) : std::nullopt;
  }
  if (copy.indexed == nullptr) return std::nullopt;
  const auto found = copy.indexed->find(index);
  return found == copy.indexed->end() ? std::nullopt : std::optional<std::string>(found->second);
}

const std::string& Interpreter::Get(std::string_view name_view, const std::string* subscript) {
  const std::string name(name_view);
  if (subscript != nullptr && subscript->empty() && !IsAssociative(name)) {
    ReportError(name + "[]: bad array subscript");
    operand_.clear();
    return operand_;
  }
  std::optional<std::string> value;
  bool known = false;
  if (subscript != nullptr) {
    // To look for the kind draws one of the numbers of RANDOM.
    (void)IsAssociative(name);
    value = GetElement(name, SubscriptFromText(name, *subscript));
    // Under `set -u` only the array has to be there, not its element.
    const Variable* array = value || !state.options.unset_is_error ? nullptr : FindVariable(name);
    known = array != nullptr && array->set;
  } else if (const Variable* variable = FindVariable(name)) {
    const std::string* text = variable->Scalar();
    if (text != nullptr) return *text;
  }
  if (!value && !known && state.options.unset_is_error && !state.plain_sh) {
    FailExpansion(name + ": unbound variable", true);
  }
  operand_ = std::move(value).value_or("");
  return operand_;
}

void Interpreter::Set(std::string_view name_view, const std::string* subscript,
                      std::int64_t value) {
  const std::string name(name_view);
  std::string text = std::to_string(value);
  if (subscript == nullptr && AssignPlain(name, text, false)) return;
  bool done = false;
  const Variable* before = state.variables.Find(name);
  if (subscript == nullptr && before != nullptr && before->is_array()) {
    // Unlike another assignment, it exports no array under `set -a`.
    done = AssignElement(name, "0", std::move(text));
  } else if (subscript == nullptr) {
    done = Assign(name, std::move(text));
  } else if (subscript->empty()) {
    ReportError("`" + name + "[]': not a valid identifier");
    return;
  } else if (!CheckIsElement(name, *subscript)) {
    return;
  } else {
    const std::string key = SubscriptFromText(name, *subscript);
    done = AssignElement(name, key, std::move(text));
  }
  if (!done) throw ExpansionError{1, false};
}

void Interpreter::FollowLocale() {
  if (state.plain_sh) return;
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const Variable* variable = state.variables.Find(name);
    const std::string* locale = variable == nullptr ? nullptr : variable->Scalar();
    if (locale == nullptr || locale->empty()) continue;
    if (const auto utf8 = LocaleHasUtf8(*locale)) {
      refused_locale_.clear();
      return SetBytesAreCharacters(!*utf8);
    }
    // The locale stays what it was.
    if (name == std::string_view("LANG") || refused_locale_ == *locale) return;
    refused_locale_ = *locale;
    return Complain(std::string("warning: setlocale: ") + name + ": cannot change locale (" +
                    refused_locale_ + "): No such file or directory");
  }
  SetBytesAreCharacters(true);
}

}  // namespace computesdk::in_memory::shell
