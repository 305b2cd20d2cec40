#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/syntax/print_command.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

// ${#x}, ${x:1:2}
namespace computesdk::in_memory::shell {

// An element in front of all of them has no length.
void Expander::CheckIndex(const Parameter& parameter, const Variable& array) const {
  if (parameter.subscript == nullptr || array.kind != VariableKind::kIndexed) return;
  const auto& parts = parameter.subscript->parts;
  const auto* literal = parts.size() == 1 ? std::get_if<Literal>(&parts[0].value) : nullptr;
  if (literal == nullptr || literal->text[0] != '-') return;
  const Variable copy = array;
  if (shell_.ResolveIndex(&copy, literal->text) >= 0) return;
  shell_.FailExpansion(literal->text + "]: bad array subscript");
}

std::string Expander::Length(const Parameter& parameter) {
  const bool of_array =
      IsNameStart(parameter.name[0]) && (parameter.list != 0 || parameter.subscript != nullptr);
  if (of_array) {
    const Variable* array = shell_.FindVariable(shell_.ResolveReference(parameter.name));
    const bool unset = array == nullptr || !array->set;
    // Unlike another parameter that is not set, it ends the line and not the shell.
    if ((unset || !array->is_array()) && shell_.state.options.unset_is_error) {
      shell_.FailExpansion(parameter.name + ": unbound variable");
    }
    if (unset) return "0";
    CheckIndex(parameter, *array);
  } else if (IsNameStart(parameter.name[0]) &&
             shell_.ResolveReference(parameter.name).find('[') != std::string::npos) {
    return "0";  // bash looks for a variable of that whole name.
  }
  const Value value = GetValue(parameter);
  if (!of_array) RequireSet(parameter, value);
  if (value.is_list && shell_.state.plain_sh) {  // There it is that of the joined text.
    const std::size_t gaps = value.items.empty() ? 0 : value.items.size() - 1;
    std::size_t length = gaps * shell_.Separator().size();
    for (const std::string& item : value.items) length += CountCharacters(item);
    return std::to_string(length);
  }
  return std::to_string(value.is_list ? value.items.size() : CountCharacters(value.text));
}

void Expander::RequireSet(const Parameter& parameter, const Value& value) const {
  if (value.set || value.is_list || !shell_.state.options.unset_is_error) return;
  const bool bare = parameter.source.empty();  // Not ${…}.
  const std::string sign = bare && (IsDigits(parameter.name) || parameter.name == "!") ? "$" : "";
  shell_.FailExpansion(sign + Label(parameter) + ": unbound variable", true);
}

// Even `set -e` gives up only the line.
void Expander::FailLength(const Parameter& parameter) {
  shell_.Complain(PrintWord(*parameter.second) + ": substring expression < 0");
  throw ExpansionError{.status = 1, .only_line = true};
}

// An error in the expression is told with the parameter's name.
std::int64_t Expander::SliceNumber(const Parameter& parameter, const Word& word) {
  try {
    return shell_.EvaluateWord(word);
  } catch (const ArithmeticError& error) {
    const std::string message = Label(parameter) + ": " + error.message;
    if (!shell_.state.options.posix) throw ArithmeticError{message};
    shell_.Complain(message);  // Not even the POSIX mode ends there.
    throw ExpansionError{.status = 1, .only_line = true};
  }
}

void Expander::SliceList(const Parameter& parameter, Value& value) {
  if (value.items.empty() && IsNameStart(parameter.name[0])) return;
  std::int64_t offset = SliceNumber(parameter, *parameter.word);
  std::vector<std::string> items;
  bool inside = false;
  std::int64_t least = 0;
  const bool positional = !IsNameStart(parameter.name[0]);
  const Variable* variable = positional ? nullptr : shell_.FindVariable(parameter.name);
  if (variable != nullptr && variable->kind == VariableKind::kIndexed && variable->indexed) {
    // By index, not by place: the array may have holes.
    const IndexedArray& array = *variable->indexed;
    const std::int64_t end = array.empty() ? 0 : array.rbegin()->first + 1;
    if (offset < 0) offset += end;
    inside = offset >= 0 && offset < end;
    if (inside) {
      for (auto it = array.lower_bound(offset); it != array.end(); ++it)
        items.push_back(it->second);
    }
  } else {
    if (positional) value.items.insert(value.items.begin(), shell_.state.name);
    const auto size = static_cast<std::int64_t>(value.items.size());
    // The elements of an associative array are counted from 1, and there is always one.
    const bool keyed = variable != nullptr && variable->kind == VariableKind::kAssociative;
    least = keyed ? 1 : 0;
    if (offset < 0) offset += keyed ? size + 1 : size;
    inside = offset >= 0 && offset <= size;
    if (keyed && offset > 0) --offset;
    if (inside) {
      items.assign(value.items.begin() + static_cast<std::ptrdiff_t>(offset), value.items.end());
    }
  }
  // The length is not looked at where there is nothing to count from.
  if (inside && parameter.second != nullptr) {
    const std::int64_t length = SliceNumber(parameter, *parameter.second);
    if (length < 0) FailLength(parameter);
    items.resize(std::min(items.size(), static_cast<std::size_t>(std::max(length, least))));
  }
  value.items = std::move(items);
}

// ${x[@]:1} of a variable that is no array is a part of its text.
bool Expander::TakesScalar(const Parameter& parameter, const Value& value) const {
  if (!IsNameStart(parameter.name[0]) || value.items.size() != 1) return false;
  const Variable* variable = shell_.FindVariable(shell_.ResolveReference(parameter.name));
  return variable != nullptr && !variable->is_array();
}

void Expander::Slice(const Parameter& parameter, Value& value) {
  if (value.is_list && TakesScalar(parameter, value)) {
    value.text = std::move(value.items[0]);
    value.is_list = false;
  }
  if (value.is_list) return SliceList(parameter, value);
  const auto size = static_cast<std::int64_t>(CountCharacters(value.text));
  if (!value.set) return;  // Of nothing no part is looked for.
  std::int64_t offset = SliceNumber(parameter, *parameter.word);
  if (offset < 0) offset += size;
  if (offset < 0 || offset > size) return value.text.clear();
  std::int64_t end = size;
  if (parameter.second != nullptr) {
    const std::int64_t length = SliceNumber(parameter, *parameter.second);
    if (length < 0) {
      end = size + length;
      if (end < offset) {
        FailLength(parameter);
      }
    } else {
      end = length > size - offset ? size : offset + length;
    }
  }
  const auto first = static_cast<std::size_t>(offset);
  const auto count = static_cast<std::size_t>(end - offset);
  value.text = std::string(SliceCharacters(value.text, first, count));
}

}  // namespace computesdk::in_memory::shell
