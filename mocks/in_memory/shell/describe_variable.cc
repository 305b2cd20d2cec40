#include <algorithm>
#include <string>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

// A variable as `declare -p` shows it.
namespace computesdk::in_memory::shell {

std::string DoubleQuote(const std::string& text) {
  if (!AllPrintable(text)) return SingleQuote(text);
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\' || c == '$' || c == '`') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

namespace {

// In quotes where a shell would need them, and where it would be another subscript.
std::string QuoteKey(const std::string& key) {
  bool special = key.empty() || key == "@" || key[0] == '#';
  for (std::size_t i = 0; i < key.size(); ++i) {
    const char before = i == 0 ? '=' : key[i - 1];
    special =
        special ||
        std::string_view(" \t\n'\"\\|&;()<>!{}*[]?^$`").find(key[i]) != std::string_view::npos ||
        (key[i] == '~' && (before == '=' || before == ':'));
  }
  return special ? DoubleQuote(key) : key;
}

}  // namespace

std::string PairsText(const Variable& variable) {
  const std::vector<std::string> keys = variable.Keys();
  const std::vector<std::string> values = variable.Values();
  const bool associative = variable.kind == VariableKind::kAssociative;
  std::string text;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i != 0 && !associative) text += ' ';
    text += (associative ? QuoteKey(keys[i]) : keys[i]) + " " + DoubleQuote(values[i]);
    if (associative) text += ' ';
  }
  return text;
}

std::string ArrayText(const Variable& variable) {
  const std::vector<std::string> keys = variable.Keys();
  const std::vector<std::string> values = variable.Values();
  std::string text = "(";
  const bool associative = variable.kind == VariableKind::kAssociative;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i != 0 && !associative) text += ' ';
    text += "[" + (associative ? QuoteKey(keys[i]) : keys[i]) + "]=" + DoubleQuote(values[i]);
    if (associative) text += ' ';
  }
  return text + ")";
}

std::string VariableFlags(const Variable& variable) {
  std::string flags;
  if (variable.kind == VariableKind::kIndexed) flags += 'a';
  if (variable.kind == VariableKind::kAssociative) flags += 'A';
  if (variable.integer) flags += 'i';
  if (variable.reference) flags += 'n';
  if (variable.readonly) flags += 'r';
  if (variable.traced) flags += 't';
  if (variable.exported) flags += 'x';
  if (variable.capital) flags += 'c';
  if (variable.lower) flags += 'l';
  if (variable.upper) flags += 'u';
  return flags;
}

std::string DescribeVariable(const std::string& name, const Variable& variable) {
  const std::string flags = VariableFlags(variable);
  std::string text = "declare -" + (flags.empty() ? "-" : flags) + " " + name;
  if (!variable.set) return text;
  return text + "=" + (variable.is_array() ? ArrayText(variable) : DoubleQuote(variable.value));
}

}  // namespace computesdk::in_memory::shell
