#include <algorithm>

#include "mocks/in_memory/utilities/awk/interpreter.h"

namespace computesdk::in_memory::awk {

FieldStyle Interpreter::MakeFieldStyle(const std::string& separator) {
  FieldStyle style;
  if (separator == " ") return style;
  if (separator.empty()) {
    style.kind = FieldStyle::Kind::kEach;
  } else if (separator.size() == 1 && separator != "\\") {
    style.kind = FieldStyle::Kind::kCharacter;
    style.separator = separator[0];
  } else {
    style.kind = FieldStyle::Kind::kRegex;
    style.matcher = MatcherOf(separator == "\\" ? "\\\\" : separator);
  }
  return style;
}

FieldStyle Interpreter::PatternStyle(const std::string& pattern) {
  FieldStyle style;
  style.kind = FieldStyle::Kind::kPattern;
  style.matcher = MatcherOf(pattern);
  return style;
}

// "4 2:3 *": how wide each field is, and what to skip before it.
FieldStyle Interpreter::WidthsStyle(const std::string& widths) {
  constexpr double kMost = 1 << 30;
  FieldStyle style;
  style.kind = FieldStyle::Kind::kWidths;
  std::vector<std::string> words;
  const std::size_t count = SplitFields(widths, FieldStyle{}, words);
  for (std::size_t i = 0; i < count; ++i) {
    const std::string& word = words[i];
    const std::size_t colon = word.find(':');
    const std::string take = colon == std::string::npos ? word : word.substr(colon + 1);
    FieldStyle::Width width;
    if (colon != std::string::npos) {
      width.skip = static_cast<std::size_t>(std::clamp(NumberOf(word), 0.0, kMost));
    }
    const double number = take == "*" ? kMost : NumberOf(take);
    if (!(number > 0) || number > kMost) {
      Fail("invalid FIELDWIDTHS value, for field " + std::to_string(i + 1) + ", near `" + word +
           "'");
    }
    width.take = static_cast<std::size_t>(number);
    style.widths.push_back(width);
  }
  return style;
}

void Interpreter::UpdateFieldStyle() {
  const std::string rule = globals_[field_rule_].value.Text(convfmt_);
  FieldStyle style = field_rule_ == kFs     ? MakeFieldStyle(rule)
                     : field_rule_ == kFpat ? PatternStyle(rule)
                                            : WidthsStyle(rule);
  // Beside a separator of one character; a longer one that is to cut at newlines has to say so.
  style.newline_separates =
      record_style_.kind == RecordStyle::Kind::kParagraphs && rule.size() <= 1;
  record_.SetStyle(std::move(style));
}

void Interpreter::UpdateRecordStyle() {
  const std::string separator = globals_[kRs].value.Text(convfmt_);
  record_style_ = {};
  if (separator.empty()) {
    record_style_.kind = RecordStyle::Kind::kParagraphs;
  } else if (separator.size() == 1) {
    record_style_.delimiter = separator[0];
  } else {
    record_matcher_ = MatcherOf(separator);
    record_style_.kind = RecordStyle::Kind::kRegex;
    record_style_.matcher = &*record_matcher_;
  }
}

}  // namespace computesdk::in_memory::awk
