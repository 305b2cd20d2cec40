#include <algorithm>
#include <optional>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/expansion/brace.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

// Arrays, and their subscripts.
namespace computesdk::in_memory::shell {

bool Interpreter::IsAssociative(const std::string& name) {
  const Variable* variable = FindVariable(ResolveReference(name));
  return variable != nullptr && variable->kind == VariableKind::kAssociative;
}

std::string Interpreter::ExpandSubscript(const std::string& name, const WordPtr& subscript,
                                         const WordPtr& key) {
  return ExpandString(key != nullptr && IsAssociative(name) ? *key : *subscript);
}

std::string Interpreter::SubscriptFromText(const std::string& name, const std::string& text) {
  if (text.find_first_of("$`\\\"'") == std::string::npos) return text;
  const bool keyed = IsAssociative(name);
  if (keyed && state.shopt.assoc_expand_once) return text;
  const Quoting quoting = keyed ? Quoting::kNone : Quoting::kArithmetic;
  try {
    return ExpandString(Lexer::ParseText(text, state.line, lexer_context(), quoting));
  } catch (const SyntaxError&) {
    return text;
  }
}

// The value to store: behind the old one, or added to it.
std::string Interpreter::Extended(const Variable& attributes, const std::string* old,
                                  std::string value) {
  if (old == nullptr) return Convert(attributes, std::move(value));
  if (attributes.integer) return std::to_string(EvaluateOrEnd(*old) + EvaluateOrEnd(value));
  return Convert(attributes, *old + value);
}

// Where an assignment needs a number, what is none ends the shell of `-c`, and not only the line.
std::int64_t Interpreter::EvaluateOrEnd(const std::string& text) {
  try {
    return EvaluateText(text);
  } catch (const ArithmeticError& error) {
    const bool named = !builtin_name.empty() && builtin_name != "unset";
    const std::string message = (named ? builtin_name + ": " : "") + error.message;
    if (!state.options.from_command) throw ArithmeticError{message};
    Complain(message);
    throw ExpansionError{.status = 1, .fatal = true, .keeps_status = true};
  }
}

std::int64_t Interpreter::ResolveIndex(const Variable* variable, const std::string& subscript) {
  std::int64_t index = 0;
  try {
    index = EvaluateText(subscript);
  } catch (const ArithmeticError& error) {
    FailSubscript(error.message);
  }
  if (index >= 0) return index;
  if (variable != nullptr && variable->kind == VariableKind::kIndexed && variable->indexed &&
      !variable->indexed->empty()) {
    index += variable->indexed->rbegin()->first + 1;
  } else if (variable != nullptr && variable->IsSet()) {
    index += 1;
  }
  return index;
}

// DIRSTACK[n]=…: the current folder is left by `cd` alone.
bool Interpreter::AssignFolder(const std::string& subscript, std::string value) {
  const std::int64_t index = EvaluateText(subscript);
  if (index >= 1 && index <= static_cast<std::int64_t>(state.directories.size())) {
    state.directories[static_cast<std::size_t>(index - 1)] = std::move(value);
  }
  return true;
}

bool Interpreter::NamesAll(const std::string& name, std::string_view subscript) {
  return (subscript == "@" || subscript == "*") && !IsAssociative(name);
}

bool Interpreter::CheckIsElement(const std::string& name, const std::string& subscript) {
  if (!NamesAll(name, subscript)) return true;
  ReportError(name + "[" + subscript + "]: bad array subscript");
  return false;
}

bool Interpreter::AssignElement(const std::string& given, const std::string& subscript,
                                std::string value, bool append) {
  const std::string name = ResolveReference(given);
  if (name.find('[') != std::string::npos) FailExpansion("`" + name + "': not a valid identifier");
  if (!CheckWritable(name)) return false;
  const Variable* before = state.variables.Find(name);
  if (before != nullptr && before->kind == VariableKind::kAssociative) {
    if (subscript.empty()) FailExpansion(name + "[]: bad array subscript");
    Variable attributes = *before;  // An evaluation may change the table.
    std::optional<std::string> old;
    if (append && attributes.associative != nullptr) {
      const std::string* found = attributes.associative->Find(subscript);
      if (found != nullptr) old = *found;
    }
    // Held here, too, it would be copied to be changed.
    attributes.associative = nullptr;
    value = Extended(attributes, old ? &*old : nullptr, std::move(value));
    RequireMemory(name, kElementBytes + subscript.size() + value.size());
    state.variables.Edit(name).MutableAssociative().Set(subscript, std::move(value));
    return true;
  }
  if (before == nullptr && name == "BASH_CMDS") {
    EditHash().commands[subscript] = {std::move(value), 0};
    return true;
  }
  if (before == nullptr && name == "DIRSTACK") return AssignFolder(subscript, std::move(value));
  if (before == nullptr && name == "BASH_ALIASES") {
    state.aliases[subscript] = std::move(value);
    return true;
  }
  RequireMemory(name, kElementBytes + value.size());
  const std::int64_t index = ResolveIndex(before, subscript);
  if (index < 0)
    FailExpansion(name + "[" + subscript + "]: bad array subscript", state.options.posix);
  if (before != nullptr) {
    if (before->integer && append) {
      value = std::to_string(EvaluateOrEnd(GetElement(name, subscript).value_or("0")) +
                             EvaluateOrEnd(value));
      append = false;
    } else {
      value = Convert(*before, std::move(value));
    }
  }
  std::string& element = state.variables.Edit(name).MutableIndexed()[index];
  if (append) {
    element += value;
  } else {
    element = std::move(value);
  }
  return true;
}

bool Interpreter::AssignOperand(const std::string& operand, std::string value) {
  const std::size_t bracket = operand.find('[');
  if (bracket == std::string::npos) return Assign(operand, std::move(value));
  const std::string name = operand.substr(0, bracket);
  const std::string given = operand.substr(bracket + 1, operand.size() - bracket - 2);
  if (!CheckIsElement(name, given)) return false;
  const std::string subscript = SubscriptFromText(name, given);
  // Only the builtin fails.
  if (subscript.empty() && IsAssociative(name)) {
    Complain(operand + ": bad array subscript");
    return false;
  }
  return AssignElement(name, subscript, std::move(value));
}

std::string Interpreter::ReadOperand(const std::string& operand) {
  const std::size_t bracket = operand.find('[');
  if (bracket == std::string::npos) return GetString(operand);
  const std::string name = operand.substr(0, bracket);
  const std::string subscript = operand.substr(bracket + 1, operand.size() - bracket - 2);
  return GetElement(name, SubscriptFromText(name, subscript)).value_or("");
}

void Interpreter::SetIndexed(const std::string& given, std::vector<std::string> values) {
  const std::string name = ResolveReference(given);
  auto array = std::make_shared<IndexedArray>();
  std::int64_t index = 0;
  for (std::string& value : values) {
    RequireMemory(name, kElementBytes + value.size());
    array->emplace_hint(array->end(), index++, std::move(value));
  }
  Variable& variable = state.variables.Edit(name);
  variable.kind = VariableKind::kIndexed;
  variable.set = true;
  variable.value.clear();
  variable.associative = nullptr;
  variable.indexed = std::move(array);
}

namespace {

// ([1]={a,b}) of an indexed array assigns to no element: braces make the texts [1]=a and [1]=b.
std::optional<Word> TextWithBraces(const ArrayElement& element) {
  if (element.subscript == nullptr || !element.value.braces) return std::nullopt;
  const auto words = ExpandBraces(element.value);
  if (words && words->size() < 2) return std::nullopt;
  Word text;
  text.braces = true;
  text.line = element.value.line;
  text.parts = element.subscript->parts;
  text.parts.insert(text.parts.begin(), {Literal{"["}, true});
  text.parts.push_back({Literal{element.append ? "]+=" : "]="}, false});
  text.parts.insert(text.parts.end(), element.value.parts.begin(), element.value.parts.end());
  return text;
}

}  // namespace

void Interpreter::RefuseList(const Assignment& assignment) {
  FailExpansion(assignment.name + "[" + PrintWord(*assignment.subscript) +
                "]: cannot assign list to array member");
}

// All of them are expanded before the first of them is assigned.
std::vector<Interpreter::GivenElement> Interpreter::ExpandGiven(const std::string& name,
                                                                const Assignment& assignment) {
  const bool associative = IsAssociative(name);
  std::vector<GivenElement> given;
  for (const ArrayElement& element : assignment.elements) {
    process.Checkpoint();
    const auto text = associative || !state.options.brace_expand ? std::optional<Word>()
                                                                 : TextWithBraces(element);
    if (element.subscript != nullptr && !text) {
      const WordPtr& word = associative && element.key != nullptr ? element.key : element.subscript;
      const std::string subscript = ExpandString(*word);
      // In an associative array a "~" means nothing.
      given.push_back({subscript,
                       ExpandString(associative ? WithoutTildes(element.value) : element.value),
                       element.append});
      RequireMemory(name, kElementBytes + subscript.size() + given.back().value.size());
    } else if (associative) {  // A word each, whatever it holds.
      given.push_back({std::nullopt, ExpandString(element.value), false});
      RequireMemory(name, kElementBytes + given.back().value.size());
    } else {
      Expander expander(*this, Expander::Mode::kFields);
      expander.Expand(text ? *text : element.value);
      for (std::string& field : expander.fields()) {
        RequireMemory(name, kElementBytes + field.size());
        given.push_back({std::nullopt, std::move(field), false});
      }
    }
  }
  return given;
}

// A subscript, or a value of an integer, may speak of the elements before it.
void Interpreter::FillIndexed(const std::string& name, std::vector<GivenElement> given) {
  Variable attributes = *state.variables.Find(name);
  attributes.indexed = nullptr;
  // What follows the largest index is less than none.
  const auto after = [](std::int64_t index) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(index) + 1);
  };
  std::int64_t next = 0;
  const IndexedArray& held = state.variables.Edit(name).MutableIndexed();
  if (!held.empty()) next = after(held.rbegin()->first);
  for (GivenElement& element : given) {
    std::optional<std::string> old;
    if (element.subscript) {
      const std::string& subscript = *element.subscript;
      if (NamesAll(name, subscript)) {
        ReportError("[" + subscript + "]=" + element.value +
                    ": cannot assign to non-numeric index");
        continue;
      }
      const Variable copy = *state.variables.Find(name);
      next = subscript.empty() ? -1 : ResolveIndex(&copy, subscript);
      if (next < 0) {
        ReportError("[" + subscript + "]=" + element.value + ": bad array subscript");
        continue;
      }
      if (element.append) old = GetElement(name, std::to_string(next)).value_or("");
    }
    element.value = Extended(attributes, old ? &*old : nullptr, std::move(element.value));
    IndexedArray& array = state.variables.Edit(name).MutableIndexed();
    array.insert_or_assign(array.end(), next, std::move(element.value));
    next = after(next);
  }
}

// `before` is what it was where nothing of it is left: [key]+=value extends that.
void Interpreter::FillAssociative(const std::string& name, const Variable& before, bool append,
                                  std::vector<GivenElement> given) {
  // Without a subscript at the first one they are keys and values in turn.
  if (!given.empty() && !given.front().subscript) {
    AssociativeArray& array = state.variables.Edit(name).MutableAssociative();
    for (std::size_t i = 0; i < given.size(); i += 2) {
      array.Set(given[i].value, i + 1 < given.size() ? given[i + 1].value : "");
    }
    return;
  }
  Variable attributes = *state.variables.Find(name);
  attributes.associative = nullptr;
  for (GivenElement& element : given) {
    if (!element.subscript) {
      const std::string quote = builtin_name.empty() || builtin_name == "eval" ? "" : "'";
      ReportError(name + ": " + quote + element.value + quote +
                  ": must use subscript when assigning associative array");
      continue;
    }
    if (element.subscript->empty()) {
      ReportError("[]=" + element.value + ": bad array subscript");
      continue;
    }
    const Variable& known = append ? *state.variables.Find(name) : before;
    const std::string* found = element.append && known.associative != nullptr
                                   ? known.associative->Find(*element.subscript)
                                   : nullptr;
    const std::optional<std::string> old =
        found == nullptr ? std::nullopt : std::optional<std::string>(*found);
    std::string value = Extended(attributes, old ? &*old : nullptr, std::move(element.value));
    state.variables.Edit(name).MutableAssociative().Set(*element.subscript, std::move(value));
  }
}

bool Interpreter::AssignArray(const std::string& given, const Assignment& assignment) {
  const std::string name = ResolveReference(given);
  if (!CheckWritable(name)) return false;
  const Variable* before = state.variables.Find(name);
  if (before != nullptr && before->reference && before->value.empty()) {
    Complain("warning: " + name + ": removing nameref attribute");
    state.variables.Edit(name).reference = false;
  }
  // It is an array already when its elements are expanded, and stays one where that fails.
  if (before == nullptr || before->kind == VariableKind::kScalar) {
    Variable& early = state.variables.Edit(name);
    const bool was_set = before == nullptr || early.set;
    early.MutableIndexed();
    early.set = was_set;
  }
  std::vector<GivenElement> elements = ExpandGiven(name, assignment);
  Variable& variable = state.variables.Edit(name);
  const Variable old = assignment.append ? Variable() : variable;
  variable.set = true;
  variable.value.clear();
  const bool associative = variable.kind == VariableKind::kAssociative;
  const auto chains =
      variable.associative == nullptr ? kBashVariableChains : variable.associative->chains();
  if (!assignment.append) {
    variable.indexed = nullptr;
    variable.associative = nullptr;
  }
  if (associative) {
    AssociativeArray& array = variable.MutableAssociative();
    if (array.size() == 0) array.set_chains(chains);
    FillAssociative(name, old, assignment.append, std::move(elements));
  } else {
    FillIndexed(name, std::move(elements));
  }
  return true;
}

}  // namespace computesdk::in_memory::shell
