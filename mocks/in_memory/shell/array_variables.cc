#include <algorithm>
#include <optional>

#include "mocks/in_memory/shell/brace.h"
#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/interpreter.h"

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
  std::int64_t index = EvaluateOrEnd(subscript);
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
  const std::string subscript = operand.substr(bracket + 1, operand.size() - bracket - 2);
  return AssignElement(name, SubscriptFromText(name, subscript), std::move(value));
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

// name+=(word…) of an indexed array, without a copy of what it holds.
bool Interpreter::AppendElements(const std::string& name, const Assignment& assignment) {
  Variable attributes = *state.variables.Find(name);
  attributes.indexed = nullptr;
  std::vector<std::string> values;
  for (const ArrayElement& element : assignment.elements) {
    Expander expander(*this, Expander::Mode::kFields);
    expander.Expand(element.value);
    for (std::string& field : expander.fields()) {
      process.Checkpoint();
      RequireMemory(name, kElementBytes + field.size());
      values.push_back(Convert(attributes, std::move(field)));
    }
  }
  IndexedArray& array = state.variables.Edit(name).MutableIndexed();
  std::int64_t next = array.empty() ? 0 : array.rbegin()->first + 1;
  for (std::string& value : values) array.emplace_hint(array.end(), next++, std::move(value));
  return true;
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
    before = &early;
  }
  const bool plain = std::none_of(assignment.elements.begin(), assignment.elements.end(),
                                  [](const auto& element) { return element.subscript != nullptr; });
  if (assignment.append && plain && before->kind == VariableKind::kIndexed) {
    return AppendElements(name, assignment);
  }
  Variable attributes = *before;
  const bool associative = attributes.kind == VariableKind::kAssociative;
  Variable made;
  if (assignment.append) made = attributes;
  made.kind = associative ? VariableKind::kAssociative : VariableKind::kIndexed;
  if (assignment.append && attributes.kind == VariableKind::kScalar) {
    made.kind = VariableKind::kScalar;
    made.MutableIndexed();
  }
  std::int64_t next = 0;
  if (!associative && !made.MutableIndexed().empty()) {
    next = made.MutableIndexed().rbegin()->first + 1;
  }
  std::vector<std::string> pairs;
  for (const ArrayElement& element : assignment.elements) {
    process.Checkpoint();
    const auto text = associative || !state.options.brace_expand ? std::optional<Word>()
                                                                 : TextWithBraces(element);
    if (element.subscript != nullptr && !text) {
      const WordPtr& word = associative && element.key != nullptr ? element.key : element.subscript;
      const std::string subscript = ExpandString(*word);
      // In an associative array a "~" means nothing.
      std::string value = ExpandString(associative ? WithoutTildes(element.value) : element.value);
      RequireMemory(name, kElementBytes + subscript.size() + value.size());
      if (subscript.empty()) {
        ReportError("[]=" + value + ": bad array subscript");
        continue;
      }
      if (associative) {
        const std::string* old =
            element.append ? made.MutableAssociative().Find(subscript) : nullptr;
        value = Extended(attributes, old, std::move(value));
        made.MutableAssociative().Set(subscript, std::move(value));
        continue;
      }
      next = ResolveIndex(&made, subscript);
      if (next < 0) {
        ReportError("[" + subscript + "]=" + value + ": bad array subscript");
        continue;
      }
      const std::string old = made.MutableIndexed()[next++];
      value = Extended(attributes, element.append ? &old : nullptr, std::move(value));
      made.MutableIndexed()[next - 1] = std::move(value);
      continue;
    }
    if (associative && assignment.elements.front().subscript != nullptr) {
      ReportError(name + ": '" + ExpandString(element.value) +
                  "': must use subscript when assigning associative array");
      continue;
    }
    // Keys and values in turn: a word each, whatever it holds.
    if (associative) {
      pairs.push_back(ExpandString(element.value));
      RequireMemory(name, kElementBytes + pairs.back().size());
      continue;
    }
    Expander expander(*this, Expander::Mode::kFields);
    expander.Expand(text ? *text : element.value);
    for (std::string& field : expander.fields()) {
      RequireMemory(name, kElementBytes + field.size());
      IndexedArray& array = made.MutableIndexed();
      array.insert_or_assign(next++, Convert(attributes, std::move(field)));
    }
  }
  for (std::size_t i = 0; i < pairs.size(); i += 2) {
    made.MutableAssociative().Set(pairs[i], i + 1 < pairs.size() ? pairs[i + 1] : "");
  }
  if (associative) made.MutableAssociative();
  Variable& variable = state.variables.Edit(name);
  variable.kind = made.kind;
  variable.set = true;
  variable.value.clear();
  variable.indexed = std::move(made.indexed);
  variable.associative = std::move(made.associative);
  return true;
}

}  // namespace computesdk::in_memory::shell
