#include "mocks/in_memory/shell/parameter_operators.h"

#include <algorithm>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/expander.h"
#include "mocks/in_memory/shell/prompt.h"
#include "mocks/in_memory/shell/syntax/utf8.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"

namespace computesdk::in_memory::shell {

TextOperator::TextOperator(Interpreter& shell, const Parameter& parameter)
    : shell_(shell), op_(parameter.op) {
  const std::string pattern = parameter.word == nullptr ? "" : shell.ExpandPattern(*parameter.word);
  any_ = pattern.empty();
  const bool replaces = op_ == ParameterOp::kReplaceFirst || op_ == ParameterOp::kReplaceAll ||
                        op_ == ParameterOp::kReplacePrefix || op_ == ParameterOp::kReplaceSuffix;
  pattern_.emplace(pattern, shell.state.shopt.extglob, replaces && shell.state.shopt.nocasematch);
  if (parameter.second != nullptr) {
    Expander expander(shell, Expander::Mode::kReplacement);
    expander.Expand(*parameter.second);
    replacement_ = std::move(expander.text());
  }
}

std::string TextOperator::operator()(const std::string& text) const {
  switch (op_) {
    case ParameterOp::kRemovePrefix:
    case ParameterOp::kRemoveLongestPrefix: {
      const std::size_t end = pattern_->MatchPrefix(text, op_ == ParameterOp::kRemoveLongestPrefix);
      return end == Pattern::npos ? text : text.substr(end);
    }
    case ParameterOp::kRemoveSuffix:
    case ParameterOp::kRemoveLongestSuffix: {
      const std::size_t begin =
          pattern_->MatchSuffix(text, op_ == ParameterOp::kRemoveLongestSuffix);
      return begin == Pattern::npos ? text : text.substr(0, begin);
    }
    case ParameterOp::kUpperFirst:
    case ParameterOp::kUpperAll:
    case ParameterOp::kLowerFirst:
    case ParameterOp::kLowerAll:
    case ParameterOp::kToggleFirst:
    case ParameterOp::kToggleAll:
      return ChangeCase(text);
    default:
      return Replace(text);
  }
}

void TextOperator::AppendReplacement(std::string_view match, std::string& output) const {
  for (std::size_t i = 0; i < replacement_.size(); ++i) {
    const char c = replacement_[i];
    const char next = i + 1 < replacement_.size() ? replacement_[i + 1] : '\0';
    if (c == '\\' && (next == '&' || next == '\\')) {
      output += next;
      ++i;
    } else if (c == '&' && shell_.state.shopt.patsub_replacement) {
      output += match;
    } else {
      output += c;
    }
  }
}

std::string TextOperator::Replace(const std::string& text) const {
  if (!any_ && pattern_->NeverReplaces()) return text;
  std::string output;
  if (op_ == ParameterOp::kReplacePrefix) {
    const std::size_t end = any_ ? 0 : pattern_->MatchPrefix(text, true);
    if (end == Pattern::npos) return text;
    AppendReplacement(std::string_view(text).substr(0, end), output);
    return output + text.substr(end);
  }
  if (op_ == ParameterOp::kReplaceSuffix) {
    const std::size_t begin = any_ ? text.size() : pattern_->MatchSuffix(text, true);
    if (begin == Pattern::npos) return text;
    output = text.substr(0, begin);
    AppendReplacement(std::string_view(text).substr(begin), output);
    return output;
  }
  std::size_t at = 0;
  for (const auto& [begin, end] : pattern_->FindAll(text, op_ == ParameterOp::kReplaceAll)) {
    output.append(text, at, begin - at);
    AppendReplacement(std::string_view(text).substr(begin, end - begin), output);
    at = end;
    if (output.size() > shell_.MostBytes()) shell_.FailExpansion("cannot allocate memory");
  }
  return output.append(text, at, std::string::npos);
}

std::string TextOperator::ChangeCase(const std::string& text) const {
  const bool toggle = op_ == ParameterOp::kToggleFirst || op_ == ParameterOp::kToggleAll;
  const bool upper = op_ == ParameterOp::kUpperFirst || op_ == ParameterOp::kUpperAll;
  const bool all = op_ == ParameterOp::kUpperAll || op_ == ParameterOp::kLowerAll ||
                   op_ == ParameterOp::kToggleAll;
  std::string output;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = NextCharacter(text, at);
    const std::string_view character = std::string_view(text).substr(begin, at - begin);
    if (any_ || pattern_->Matches(character)) {
      const bool raise = toggle ? ToUpper(c) != c : upper;
      AppendCharacter(raise ? ToUpper(c) : ToLower(c), output);
    } else {
      output += character;
    }
    if (!all) return output.append(text, at, std::string::npos);
  }
  return output;
}

// --- ${x@Q} ------------------------------------------------------------------------------------

std::string Expander::Transform(const Parameter& parameter, const std::string& text) {
  std::string output;
  bool stop = false;
  switch (parameter.transform) {
    case 'Q':
    case 'K':
    case 'k':
      return SingleQuote(text);
    case 'P':
      return ExpandPrompt(shell_, text);
    case 'E':
      for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '\\' && i + 1 < text.size()) {
          i = AppendEscape(text, i + 1, EscapeStyle::kAnsi, output, stop);
        } else {
          output += text[i++];
        }
      }
      return output;
    case 'U':
    case 'L':
      for (std::size_t at = 0; at < text.size();) {
        const char32_t c = NextCharacter(text, at);
        AppendCharacter(parameter.transform == 'U' ? ToUpper(c) : ToLower(c), output);
      }
      return output;
    case 'u': {
      std::size_t at = 0;
      if (text.empty()) return text;
      AppendCharacter(ToUpper(NextCharacter(text, at)), output);
      return output + text.substr(at);
    }
    default:
      return text;
  }
}

// ${x@a}: the attributes; for a list, once for each element.
void Expander::TransformToFlags(const Variable* variable, Value& value) {
  const std::string flags = variable == nullptr ? "" : VariableFlags(*variable);
  value.text = flags;
  const bool empty = variable == nullptr || (variable->is_array() && variable->set);
  value.items.assign(std::max<std::size_t>(value.items.size(), empty ? 0 : 1), flags);
}

// ${x@A}: a command that makes the variable anew.
void Expander::TransformToAssignment(const Parameter& parameter, const Variable* variable,
                                     Value& value) {
  std::vector<std::string> words;
  if (variable != nullptr) {
    const std::string flags = VariableFlags(*variable);
    const std::string name = shell_.ResolveReference(parameter.name);
    std::string text = name;
    if (value.is_list && variable->is_array()) {
      if (variable->set) text += "=" + ArrayText(*variable);
    } else if (value.is_list ? variable->IsSet() : value.set) {
      text += "=" + SingleQuote(value.is_list ? variable->value : value.text);
    }
    if (!flags.empty()) words = {"declare", "-" + flags};
    // Of one that is only declared there is nothing to say.
    if (!flags.empty() || text != name) words.push_back(std::move(text));
  } else if (value.is_list && parameter.name.size() == 1 && !value.items.empty()) {
    words = {"set", "--"};
    for (const std::string& item : value.items) words.push_back(SingleQuote(item));
  }
  value.text.clear();
  for (const std::string& word : words) value.text += (value.text.empty() ? "" : " ") + word;
  // An IFS without a blank leaves them one word.
  const std::string separators = shell_.GetString("IFS");
  if (variable != nullptr && !separators.empty() && separators.find(' ') == std::string::npos) {
    words = {value.text};
  }
  value.items = std::move(words);
}

// ${a[@]@K}, ${a[@]@k}: the keys too.
void Expander::TransformToPairs(bool joined, const Variable& variable, Value& value) {
  if (joined) {
    value.is_list = false;
    value.text = PairsText(variable);
    return;
  }
  const std::vector<std::string> keys = variable.Keys();
  std::vector<std::string> pairs;
  for (std::size_t i = 0; i < keys.size() && i < value.items.size(); ++i) {
    pairs.push_back(keys[i]);
    pairs.push_back(value.items[i]);
  }
  value.items = std::move(pairs);
}

void Expander::TransformValue(const Parameter& parameter, Value& value) {
  const char kind = parameter.transform;
  const Variable* variable = nullptr;
  if (IsNameStart(parameter.name[0])) {
    variable = shell_.FindVariable(shell_.ResolveReference(parameter.name));
  }
  if (kind == 'a') return TransformToFlags(variable, value);
  if (kind == 'A') return TransformToAssignment(parameter, variable, value);
  if (!value.set) return;
  if (std::string_view("QEPUuLKk").find(kind) == std::string_view::npos) {
    shell_.FailExpansion(parameter.source + ": bad substitution", true);
  }
  if (value.is_list && (kind == 'K' || kind == 'k') && variable != nullptr &&
      variable->is_array()) {
    return TransformToPairs(kind == 'K', *variable, value);
  }
  if (!value.is_list) {
    value.text = Transform(parameter, value.text);
    return;
  }
  for (std::string& item : value.items) item = Transform(parameter, item);
}

}  // namespace computesdk::in_memory::shell
