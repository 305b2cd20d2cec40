#include <algorithm>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/parameter_operators.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {
namespace {

bool ChangesCase(ParameterOp op) {
  return op >= ParameterOp::kUpperFirst && op <= ParameterOp::kToggleAll;
}

std::shared_ptr<const Word> LiteralWord(std::string text) {
  auto word = std::make_shared<Word>();
  word->parts.push_back({Literal{std::move(text)}, true});
  return word;
}

}  // namespace

std::string Expander::Subscript(const Parameter& parameter) const {
  return shell_.ExpandSubscript(parameter.name, parameter.subscript, parameter.key);
}

std::string Expander::Label(const Parameter& parameter) const {
  if (parameter.subscript != nullptr) {
    return parameter.name + "[" + PrintWord(*parameter.subscript) + "]";
  }
  if (parameter.list != 0 && IsNameStart(parameter.name[0])) {
    return parameter.name + "[" + parameter.list + "]";
  }
  return parameter.name;
}

// The common case, without a copy of the value: $name.
bool Expander::AppendSimple(const Parameter& parameter, bool quoted) {
  if (parameter.op != ParameterOp::kValue || parameter.indirect || parameter.list != 0 ||
      parameter.subscript != nullptr) {
    return false;
  }
  const char first = parameter.name[0];
  const std::string* text = nullptr;
  if (IsNameStart(first)) {
    const Variable* variable = shell_.FindVariable(parameter.name);
    if (variable != nullptr && variable->reference) return false;
    if (variable != nullptr) text = variable->Scalar();
  } else if (first >= '1' && first <= '9' && parameter.name.size() == 1) {
    const std::size_t index = static_cast<std::size_t>(first - '0');
    if (index <= shell_.positional().size()) text = &shell_.positional()[index - 1];
  } else {
    return false;
  }
  if (text == nullptr) return false;
  // The expansion may change the variable only after this: the text is copied at once.
  Append(*text, quoted, true);
  return true;
}

Expander::Value Expander::GetSpecial(const Parameter& parameter) {
  const State& state = shell_.state;
  Value value;
  value.set = true;
  switch (parameter.name[0]) {
    case '@':
    case '*':
      value.is_list = true;
      value.items = shell_.positional();
      value.set = !value.items.empty();
      break;
    case '#':
      value.text = std::to_string(shell_.positional().size());
      break;
    case '?':
      value.text = std::to_string(state.status);
      break;
    case '$':
      value.text = std::to_string(state.shell_pid);
      break;
    case '-':
      value.text = shell_.OptionFlags();
      break;
    case '!':
      value.set = state.last_background != 0;
      if (value.set) value.text = std::to_string(state.last_background);
      break;
    default:
      break;
  }
  return value;
}

Expander::Value Expander::GetValue(const Parameter& parameter) {
  Value value;
  const std::string& name = parameter.name;
  if (IsDigits(name)) {
    const std::size_t index = name.size() > 9 ? std::size_t{1} << 30 : std::stoul(name);
    value.set = index <= shell_.positional().size();
    if (index == 0) {
      value.text = shell_.state.name;
    } else if (value.set) {
      value.text = shell_.positional()[index - 1];
    }
    return value;
  }
  if (!IsNameStart(name[0])) return GetSpecial(parameter);
  if (parameter.list != 0) {
    const Variable* variable = shell_.FindVariable(shell_.ResolveReference(name));
    value.is_list = true;
    if (variable != nullptr) value.items = variable->Values();
    value.set = !value.items.empty();
    return value;
  }
  if (parameter.subscript != nullptr) {
    const auto element = shell_.GetElement(name, Subscript(parameter));
    value.set = element.has_value();
    if (element) value.text = *element;
    return value;
  }
  const std::string target = shell_.ResolveReference(name);
  const std::size_t bracket = target.find('[');
  if (bracket != std::string::npos) {
    const std::string array = target.substr(0, bracket);
    const std::string subscript = target.substr(bracket + 1, target.size() - bracket - 2);
    const auto element = shell_.GetElement(array, shell_.SubscriptFromText(array, subscript));
    value.set = element.has_value();
    if (element) value.text = *element;
    return value;
  }
  const Variable* variable = shell_.FindVariable(target);
  const std::string* text = variable == nullptr ? nullptr : variable->Scalar();
  value.set = text != nullptr;
  if (text != nullptr) value.text = *text;
  return value;
}

namespace {

// ${!x} of x='a[$i]'.
std::string ExpandedSubscript(Interpreter& shell, const std::string& text) {
  try {
    return shell.ExpandString(
        Lexer::ParseText(text, shell.state.line, shell.lexer_context(), Quoting::kArithmetic));
  } catch (const SyntaxError&) {
    return text;
  }
}

}  // namespace

Parameter Expander::ResolveIndirect(const Parameter& parameter) {
  Parameter target = parameter;
  target.indirect = false;
  Parameter source = parameter;
  source.indirect = false;
  source.op = ParameterOp::kValue;
  const Value value = GetValue(source);
  std::string name = value.text;
  const bool of_list = parameter.list != 0 && IsNameStart(parameter.name[0]);
  for (const std::string& item : value.items) name += (name.empty() ? "" : " ") + item;
  const bool plain = IsNameStart(parameter.name[0]) && parameter.subscript == nullptr;
  const bool lenient = !plain && (parameter.op == ParameterOp::kDefault ||
                                  parameter.op == ParameterOp::kAlternative);
  // One that is declared has no value, and is no mistake; nor is a positional one.
  const bool known = !IsNameStart(parameter.name[0]) ||
                     shell_.FindVariable(shell_.ResolveReference(parameter.name)) != nullptr;
  if (!value.set && known && !lenient && shell_.state.options.unset_is_error) {
    shell_.FailExpansion("!" + parameter.name + ": unbound variable", true);
  }
  if (!value.set && (lenient || known)) {
    target.name = "_unset_indirect_";
    return target;
  }
  if (!value.set) {
    const std::string list = of_list ? std::string("[") + parameter.list + "]" : "";
    shell_.FailExpansion(parameter.name + list + ": invalid indirect expansion");
  }
  target.subscript = target.key = nullptr;
  target.list = 0;
  const std::size_t bracket = name.find('[');
  if (bracket != std::string::npos && name.back() == ']') {
    const std::string subscript = name.substr(bracket + 1, name.size() - bracket - 2);
    name.resize(bracket);
    if (subscript == "@" || subscript == "*") {
      target.list = subscript[0];
    } else {
      std::string text = shell_.SubscriptFromText(name, subscript);
      if (text.find('$') != std::string::npos && !shell_.IsAssociative(name)) {
        text = ExpandedSubscript(shell_, text);
      }
      target.subscript = LiteralWord(std::move(text));
    }
  }
  if (name == "@" || name == "*") target.list = name[0];
  const bool special =
      name.size() == 1 && std::string_view("@*#?$!-").find(name[0]) != std::string_view::npos;
  if (!IsName(name) && !IsDigits(name) && !special) {
    shell_.FailExpansion(name + ": invalid variable name");
  }
  target.name = std::move(name);
  return target;
}

// How the items of a list are joined where they have to: '*' by the first character of IFS, '@' by
// a blank, and '+' by the first character of IFS or else a blank, which is how one string takes
// what an operator has made of a "$@".
char Expander::ListKind(const Parameter& parameter, bool quoted) const {
  const char kind = parameter.list == 0 ? '@' : parameter.list;
  const char operated = kind == '*' ? '*' : '+';
  if (mode_ == Mode::kFields || in_arithmetic_) return kind;
  if (in_here_document_) {
    const bool plain = parameter.op == ParameterOp::kValue && IsNameStart(parameter.name[0]);
    return plain ? kind : '@';
  }
  switch (parameter.op) {
    case ParameterOp::kValue:
    case ParameterOp::kDefault:
    case ParameterOp::kAssign:
    case ParameterOp::kError:
    case ParameterOp::kAlternative:
      return kind;
    case ParameterOp::kNames:
    case ParameterOp::kTransform:
    case ParameterOp::kRemovePrefix:
    case ParameterOp::kRemoveLongestPrefix:
    case ParameterOp::kRemoveSuffix:
    case ParameterOp::kRemoveLongestSuffix:
      return operated;
    default:
      return quoted ? operated : kind;
  }
}

void Expander::AppendValue(const Value& value, const Parameter& parameter, bool quoted) {
  if (value.is_list) {
    AppendList(value.items, ListKind(parameter, quoted), quoted);
  } else {
    Append(value.text, quoted, true);
  }
}

// ${x-w} and its family. False if the value itself is to be used.
bool Expander::ApplyDefault(const Parameter& parameter, const Value& value, bool quoted) {
  // In sh "$@" is there even where it is of none.
  bool has = value.set || (value.is_list && shell_.state.plain_sh);
  if (parameter.colon && value.is_list) {
    // Several empty ones are a text of separators.
    const bool joined =
        value.items.size() > 1 && !(parameter.list == '*' && shell_.Separator().empty());
    const auto empty = [](const std::string& item) { return item.empty(); };
    has = has && (joined || !std::all_of(value.items.begin(), value.items.end(), empty));
  } else if (parameter.colon) {
    has = has && !value.text.empty();
  }
  const bool takes_word = has == (parameter.op == ParameterOp::kAlternative);
  // "${a[@]+x}" of an empty list; "${a[*]+x}" is one field in any case.
  const bool vanishes =
      value.is_list && value.items.empty() && !takes_word && parameter.list != '*';
  if (quoted && !vanishes && (parameter.op == ParameterOp::kAlternative || takes_word)) {
    Append("", true, false);  // "${x+}" is an empty field, not none.
  }
  switch (parameter.op) {
    case ParameterOp::kDefault:
      if (has) return false;
      ExpandParts(*parameter.word, true);
      return true;
    case ParameterOp::kAlternative:
      if (has) ExpandParts(*parameter.word, true);
      return true;
    case ParameterOp::kAssign: {
      if (has) return false;
      if (!IsNameStart(parameter.name[0])) {
        shell_.FailExpansion("$" + parameter.name + ": cannot assign in this way");
      }
      std::string text = shell_.ExpandString(*parameter.word);
      const bool done = parameter.subscript == nullptr
                            ? shell_.Assign(parameter.name, text)
                            : shell_.AssignElement(parameter.name, Subscript(parameter), text);
      if (!done) {
        const State& state = shell_.state;
        if (state.options.posix) {
          throw ExpansionError{.status = 1, .fatal = true, .keeps_status = state.plain_sh};
        }
        // The text of -c, of eval and of $(…) has another status than what is read.
        const bool of_text = state.trace_depth > 0 || state.options.exit_on_error ||
                             (state.options.from_command && state.subshell_level == 0);
        throw ExpansionError{.status = of_text ? 1 : 2};
      }
      // What is there now: the attributes of the variable may have changed it.
      Append(GetValue(parameter).text, quoted, true);
      return true;
    }
    case ParameterOp::kError: {
      if (has) return false;
      std::string message = shell_.ExpandString(*parameter.word);
      if (message.empty()) {
        message = parameter.colon ? "parameter null or not set" : "parameter not set";
      }
      shell_.FailExpansion(Label(parameter) + ": " + message, true);
    }
    default:
      return false;
  }
}

void Expander::ApplyOperator(const Parameter& parameter, Value& value) {
  const TextOperator apply(shell_, parameter);
  if (!value.is_list) {
    value.text = apply(value.text);
    return;
  }
  for (std::string& item : value.items) {
    shell_.process.Checkpoint();
    item = apply(item);
  }
}

bool Expander::IsBashOnly(const Parameter& parameter) {
  const bool name = !parameter.name.empty() && IsNameStart(parameter.name[0]);
  return parameter.indirect || parameter.op == ParameterOp::kKeys ||
         parameter.op >= ParameterOp::kReplaceFirst ||
         (name && (parameter.list != 0 || parameter.subscript != nullptr));
}

void Expander::ExpandParameter(const Parameter& original, bool quoted) {
  if (AppendSimple(original, quoted)) return;
  const bool no_case = original.name == "#" || original.name == "?" || original.name == "-";
  const bool nameless = original.subscript != nullptr && original.subscript->parts.empty();
  const bool plain = shell_.state.plain_sh;
  if (original.op == ParameterOp::kBad || nameless || (no_case && ChangesCase(original.op)) ||
      (plain && IsBashOnly(original))) {
    const std::size_t bracket = original.source.find('[');
    const bool open = original.source.find(']') == std::string::npos;
    if (quoted && bracket != std::string::npos && open && !plain) {
      shell_.FailExpansion("bad substitution: no closing `}' in \"" + original.source + "\"");
    }
    shell_.FailExpansion(
        (original.around.empty() ? original.source : original.around) + ": bad substitution",
        shell_.state.options.posix);
  }
  Parameter resolved;
  std::optional<std::string> named;  // The name that a reference stands for is the value.
  if (original.indirect) {
    const Variable* reference = shell_.state.variables.Find(original.name);
    if (reference != nullptr && reference->reference && original.subscript == nullptr) {
      if (reference->value.empty()) {
        shell_.FailExpansion(original.name + ": invalid indirect expansion");
      }
      named = shell_.ResolveReference(original.name);
      if (original.op == ParameterOp::kValue) return Append(*named, quoted, true);
      resolved = original;
      resolved.indirect = false;
      resolved.name = *named;
    } else {
      resolved = ResolveIndirect(original);
    }
  }
  const Parameter& parameter = original.indirect ? resolved : original;
  if (parameter.op == ParameterOp::kKeys || parameter.op == ParameterOp::kNames) {
    std::vector<std::string> names;
    char kind = ListKind(parameter, quoted);
    if (parameter.op == ParameterOp::kKeys) {
      const Variable* variable = shell_.FindVariable(shell_.ResolveReference(parameter.name));
      if (variable != nullptr) names = variable->Keys();
      // Where IFS parts nothing, they are one word.
      if (kind == '*' && !quoted && shell_.Separator().empty()) kind = '+';
    } else {
      for (std::string& name : shell_.VariableNames()) {
        if (!name.starts_with(parameter.name)) continue;
        const Variable* own = shell_.state.variables.Find(name);
        const bool set = own == nullptr || (own->is_array() ? own->set : own->IsSet());
        if (set) names.push_back(std::move(name));
      }
      // Where IFS parts nothing, they are one word, without blanks.
      if (kind == '*' && !quoted && shell_.Separator().empty()) {
        std::string joined;
        for (const std::string& name : names) joined += name;
        names.assign(names.empty() ? 0 : 1, joined);
      }
    }
    return AppendList(names, kind, quoted);
  }
  if (parameter.op == ParameterOp::kLength) return Append(Length(parameter), quoted, true);
  Value value = named ? Value{} : GetValue(parameter);
  if (named) {
    value.text = *named;
    value.set = true;
  }
  switch (parameter.op) {
    case ParameterOp::kDefault:
    case ParameterOp::kAssign:
    case ParameterOp::kError:
    case ParameterOp::kAlternative:
      if (ApplyDefault(parameter, value, quoted)) return;
      // In sh "${@-}" is a field even of none.
      if (quoted && value.is_list && shell_.state.plain_sh) Append("", true, false);
      return AppendValue(value, parameter, quoted);
    default:
      break;
  }
  if (original.indirect && !value.set && !value.is_list && shell_.state.options.unset_is_error) {
    shell_.FailExpansion("!" + original.name + ": unbound variable", true);
  }
  RequireSet(parameter, value);
  if (parameter.op == ParameterOp::kTransform) {
    TransformValue(parameter, value);
  } else if (parameter.op == ParameterOp::kSlice && (value.set || value.is_list)) {
    Slice(parameter, value);
  } else if (parameter.op != ParameterOp::kValue && value.set) {
    // Of what is not set, not even the pattern is expanded.
    ApplyOperator(parameter, value);
  }
  AppendValue(value, parameter, quoted);
}

}  // namespace computesdk::in_memory::shell
