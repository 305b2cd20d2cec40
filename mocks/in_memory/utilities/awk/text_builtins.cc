#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {
namespace {

std::string_view GroupText(std::string_view text, const Regex::Group& group) {
  if (group.first < 0) return {};
  return text.substr(static_cast<std::size_t>(group.first),
                     static_cast<std::size_t>(group.second - group.first));
}

// What sub and gsub put in place: "&" is the match, "\&" is "&", "\\&" a backslash and the match.
std::string Replacement(std::string_view pattern, std::string_view match) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const std::string_view rest = pattern.substr(i);
    if (rest[0] == '&') {
      result += match;
    } else if (rest.starts_with("\\&")) {
      result += '&';
      ++i;
    } else if (rest.starts_with("\\\\&")) {
      result += '\\';
      ++i;
    } else if (rest.starts_with("\\\\\\&")) {
      result += "\\&";
      i += 3;
    } else {
      result += rest[0];
    }
  }
  return result;
}

// gensub has the groups, too.
std::string GroupReplacement(std::string_view pattern, std::string_view text,
                             const std::vector<Regex::Group>& groups) {
  std::string result;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '&') {
      result += GroupText(text, groups[0]);
    } else if (pattern[i] != '\\' || i + 1 == pattern.size()) {
      result += pattern[i];
    } else if (const char next = pattern[++i]; next >= '0' && next <= '9') {
      const auto group = static_cast<std::size_t>(next - '0');
      if (group < groups.size()) result += GroupText(text, groups[group]);
    } else if (next == '&' || next == '\\') {
      result += next;
    } else {
      result += '\\';
      result += next;
    }
  }
  return result;
}

struct Replaced {
  std::string text;
  std::size_t count = 0;
};

// Replaces the matches from number `first` on: that one, or all.
template <typename Replace>
Replaced ReplaceMatches(Process& process, const Matcher& matcher, std::string_view text,
                        std::size_t first, bool all, const Replace& replace) {
  Replaced result;
  std::vector<Regex::Group> groups;
  std::size_t copied = 0;
  std::size_t search = 0;
  std::size_t seen = 0;
  std::size_t last_end = std::string_view::npos;
  while (search <= text.size() && matcher.Find(text, groups, search)) {
    process.Checkpoint();
    const auto begin = static_cast<std::size_t>(groups[0].first);
    const auto end = static_cast<std::size_t>(groups[0].second);
    if (begin != end || begin != last_end) {
      last_end = end;
      if (++seen >= first) {
        result.text.append(text.substr(copied, begin - copied));
        result.text += replace(groups);
        RequireMemory(process, result.text.size());
        copied = end;
        ++result.count;
        if (!all) break;
      }
    }
    if (begin == end && end >= text.size()) break;
    search = begin == end ? end + DecodeUtf8(text.substr(end)).length : end;
  }
  result.text.append(text.substr(copied));
  return result;
}

}  // namespace

Value Interpreter::CallTextBuiltin(Builtin builtin, const Expression& call) {
  switch (builtin) {
    case Builtin::kSub:
      return Substitute(call, false);
    case Builtin::kGsub:
      return Substitute(call, true);
    case Builtin::kGensub:
      return Gensub(call);
    case Builtin::kMatch:
      return Match(call);
    case Builtin::kSplit:
      return Split(call);
    case Builtin::kSubstr:
      return Substr(call);
    case Builtin::kSprintf:
      return Sprintf(call.operands);
    case Builtin::kIndex: {
      std::string text = EvaluateText(*call.operands[0]);
      std::string part = EvaluateText(*call.operands[1]);
      if (ignore_case_) {
        for (std::string* word : {&text, &part}) {
          std::transform(word->begin(), word->end(), word->begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        }
      }
      const auto at = text.find(part);
      if (at == std::string::npos) return Value(0.0);
      return Value(static_cast<double>(Utf8Length(std::string_view(text).substr(0, at)) +
                                       (text.empty() ? 0 : 1)));
    }
    default:
      Fail("function `" + call.text + "' is not supported");
  }
}

Value Interpreter::Substr(const Expression& call) {
  const std::string text = EvaluateText(*call.operands[0]);
  double start = std::trunc(EvaluateNumber(*call.operands[1]));
  double count = HUGE_VAL;
  if (call.operands.size() > 2) count = std::trunc(EvaluateNumber(*call.operands[2]));
  if (!(start >= 1)) start = 1;
  if (!(count > 0) || start > static_cast<double>(text.size())) return Value(std::string());
  const auto skipped = static_cast<std::size_t>(start - 1);
  const std::size_t wanted =
      count > static_cast<double>(text.size()) ? text.size() : static_cast<std::size_t>(count);
  if (IsAscii(text)) return Value(text.substr(skipped, wanted));
  const std::size_t begin = Utf8Offset(text, skipped);
  return Value(text.substr(begin, Utf8Offset(std::string_view(text).substr(begin), wanted)));
}

Value Interpreter::Split(const Expression& call) {
  const auto& operands = call.operands;
  const std::string text = EvaluateText(*operands[0]);
  FieldStyle style;
  if (operands.size() < 3) {
    style = record_.style();
  } else if (operands[2]->operation == Operation::kRegex) {
    style.kind = FieldStyle::Kind::kRegex;
    style.matcher = MatcherOf(*operands[2]);
    if (operands[2]->text.empty()) style = MakeFieldStyle("");  // Every character.
  } else {
    style = MakeFieldStyle(EvaluateText(*operands[2]));
  }
  return FillParts(call, text, style);
}

Value Interpreter::Patsplit(const Expression& call) {
  const auto& operands = call.operands;
  const std::string text = EvaluateText(*operands[0]);
  FieldStyle style = PatternStyle(globals_[kFpat].value.Text(convfmt_));
  if (operands.size() > 2) style.matcher = MatcherOf(*operands[2]);
  return FillParts(call, text, style);
}

// Fills the arrays of split and patsplit: the parts, and what stands between.
Value Interpreter::FillParts(const Expression& call, const std::string& text,
                             const FieldStyle& style) {
  const auto& operands = call.operands;
  constexpr std::size_t kBetween = 3;
  std::vector<std::string> fields;
  Separators separators;
  const std::size_t count =
      SplitFields(text, style, fields, operands.size() > kBetween ? &separators : nullptr);
  Array& array = ArrayOf(*operands[1]);
  array.Clear();
  for (std::size_t i = 0; i < count; ++i) {
    array[std::to_string(i + 1)] = Value::Input(fields[i]);
  }
  if (operands.size() > kBetween) {
    Array& between = ArrayOf(*operands[kBetween]);
    between.Clear();
    for (auto& [place, separator] : separators) {
      between[std::to_string(place)] = Value(std::move(separator));
    }
  }
  return Value(static_cast<double>(count));
}

Value Interpreter::Match(const Expression& call) {
  const std::string text = EvaluateText(*call.operands[0]);
  const bool found = MatcherOf(*call.operands[1]).Find(text, groups_, 0);
  const auto position = [&](std::ptrdiff_t offset) {
    return static_cast<double>(
        Utf8Length(std::string_view(text).substr(0, static_cast<std::size_t>(offset))));
  };
  const double start = found ? position(groups_[0].first) + 1 : 0;
  const double length = found ? position(groups_[0].second) - start + 1 : -1;
  globals_[kRstart].value = Value(start);
  globals_[kRlength].value = Value(length);
  if (call.operands.size() > 2) {
    Array& array = ArrayOf(*call.operands[2]);
    array.Clear();
    for (std::size_t i = 0; found && i < groups_.size(); ++i) {
      if (groups_[i].first < 0) continue;
      const std::string key = std::to_string(i);
      const double begin = position(groups_[i].first);
      array[key] = Value::Input(GroupText(text, groups_[i]));
      array[key + subsep_ + "start"] = Value(begin + 1);
      array[key + subsep_ + "length"] = Value(position(groups_[i].second) - begin);
    }
  }
  return Value(start);
}

Value Interpreter::Substitute(const Expression& call, bool global) {
  static const Expression kRecord = [] {
    Expression field;
    field.operation = Operation::kField;
    field.operands.push_back(std::make_unique<Expression>());
    return field;
  }();
  const Matcher matcher = MatcherOf(*call.operands[0]);
  const std::string pattern = EvaluateText(*call.operands[1]);
  const Expression& target = call.operands.size() > 2 ? *call.operands[2] : kRecord;
  const bool assignable = IsPlace(target);
  const Located place = assignable ? Locate(target) : Located{target};
  const std::string text = assignable ? Load(place).Text(convfmt_) : EvaluateText(target);
  if (target.operation == Operation::kField) record_.MakeField(place.field);
  Replaced replaced = ReplaceMatches(process_, matcher, text, 1, global,
                                     [&](const std::vector<Regex::Group>& groups) {
                                       return Replacement(pattern, GroupText(text, groups[0]));
                                     });
  if (replaced.count > 0 && assignable) Store(place, Value(std::move(replaced.text)));
  return Value(static_cast<double>(replaced.count));
}

Value Interpreter::Gensub(const Expression& call) {
  const auto& operands = call.operands;
  const Matcher matcher = MatcherOf(*operands[0]);
  const std::string pattern = EvaluateText(*operands[1]);
  const Value how = Evaluate(*operands[2]);
  const std::string text = operands.size() > 3 ? EvaluateText(*operands[3]) : record_.text();
  const std::string letter = how.Text(convfmt_);
  const bool all = !letter.empty() && (letter[0] == 'g' || letter[0] == 'G');
  const auto number = static_cast<std::size_t>(std::max(how.Number(), 1.0));
  return Value(ReplaceMatches(process_, matcher, text, all ? 1 : number, all,
                              [&](const std::vector<Regex::Group>& groups) {
                                return GroupReplacement(pattern, text, groups);
                              })
                   .text);
}

}  // namespace computesdk::in_memory::awk
