#include "mocks/in_memory/utilities/grep/grep_matcher.h"

#include <algorithm>
#include <cctype>
#include <utility>

namespace computesdk::in_memory {
namespace {

using Syntax = MatcherOptions::Syntax;

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || byte >= 0x80;
}

bool IsLiteral(std::string_view text, Syntax syntax) {
  if (syntax == Syntax::kFixed) return true;
  return text.find_first_of(syntax == Syntax::kBasic ? "\\[.*^$" : "\\[.*^$+?(){}|") ==
         std::string_view::npos;
}

std::string Quoted(std::string_view literal, bool extended) {
  std::string result;
  for (char c : literal) {
    const std::string_view special = extended ? "\\[.*^$+?(){}|" : "\\[.*^$";
    if (special.find(c) != std::string_view::npos) result.push_back('\\');
    result.push_back(c);
  }
  return result;
}

bool IsInterval(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() &&
         (std::isdigit(static_cast<unsigned char>(text[i])) != 0 || text[i] == ',')) {
    ++i;
  }
  return i > 1 && i < text.size() && text[i] == '}';
}

// The end of a bracket expression that begins at `at`.
std::size_t BracketEnd(std::string_view text, std::size_t at) {
  std::size_t i = at + 1;
  if (i < text.size() && text[i] == '^') ++i;
  if (i < text.size() && text[i] == ']') ++i;
  while (i < text.size() && text[i] != ']') {
    if (text[i] == '[' && i + 1 < text.size() &&
        std::string_view(".:=").find(text[i + 1]) != std::string_view::npos) {
      const char closing[] = {text[i + 1], ']'};
      const auto end = text.find(std::string_view(closing, 2), i + 2);
      i = end == std::string_view::npos ? i + 1 : end + 2;
    } else {
      ++i;
    }
  }
  return std::min(i + 1, text.size());
}

// What GNU grep takes as ordinary where the C library complains: "{" that begins no interval, and
// repetition with nothing before it.
std::string Lenient(std::string_view text, std::vector<std::string>& warnings) {
  std::string result;
  bool at_start = true;
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      result.append(text, i, 2);
      i += 2;
      at_start = false;
    } else if (c == '[') {
      const std::size_t end = BracketEnd(text, i);
      result.append(text, i, end - i);
      i = end;
      at_start = false;
    } else {
      const bool repeats = c == '*' || c == '+' || c == '?' || c == '{';
      if (c == '{' && !IsInterval(text.substr(i))) {
        result += "\\{";
      } else if (repeats && at_start) {
        warnings.push_back(c == '{' ? "{...} at start of expression"
                                    : std::string(1, c) + " at start of expression");
        i = c == '{' ? text.find('}', i) + 1 : i + 1;
        continue;
      } else {
        result.push_back(c);
      }
      ++i;
      at_start = c == '(' || c == '|' || c == '^';
    }
  }
  return result;
}

// Where a repetition is repeated, which the C library does not take: what begins with a star is a
// star.
std::string WithSingleStars(std::string_view text) {
  std::string result;
  bool at_start = true;
  bool starred = false;
  for (std::size_t i = 0; i < text.size();) {
    const bool escaped = text[i] == '\\' && i + 1 < text.size();
    const char c = text[i + (escaped ? 1 : 0)];
    std::size_t end = i + (escaped ? 2 : 1);
    if (!escaped && c == '[') end = BracketEnd(text, i);
    if (escaped && c == '{') end = std::min(text.find("\\}", i), text.size() - 2) + 2;
    const bool repeats =
        escaped ? std::string_view("{+?").find(c) != std::string_view::npos : c == '*';
    if (!repeats || !starred) result.append(text, i, end - i);
    starred = repeats && (starred || (c == '*' && !at_start));
    at_start = escaped ? c == '(' || c == '|' : c == '^' && at_start;
    i = end;
  }
  return result;
}

// What grep says of an expression that is a class of its own.
bool IsBareClass(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '[') {
      const std::size_t end = BracketEnd(text, i);
      const std::string_view bracket = text.substr(i, end - i);
      if (bracket.size() > 4 && bracket[1] == ':' && bracket[bracket.size() - 2] == ':')
        return true;
      i = end - 1;
    }
  }
  return false;
}

}  // namespace

// A shorter match that is a word or a line of its own is for the expression to find.
tl::expected<LineMatcher::Pattern, std::string> LineMatcher::CompilePerl(
    const std::string& text, const MatcherOptions& options) {
  std::string source = text;
  if (options.whole_line) {
    source = "^(?:" + text + ")$";
  } else if (options.whole_word) {
    source = "(?<!\\w)(?:" + text + ")(?!\\w)";
  }
  auto perl = PerlRegex::Compile(
      source, {.ignore_case = options.ignore_case, .multiline = options.null_data});
  if (!perl) return tl::unexpected(perl.error());
  Pattern pattern;
  pattern.perl = std::move(*perl);
  return pattern;
}

tl::expected<LineMatcher::Pattern, std::string> LineMatcher::CompileOne(
    const std::string& text, const MatcherOptions& options, std::vector<std::string>& warnings) {
  Pattern pattern;
  const Syntax syntax = options.syntax;
  const bool bounded = options.whole_line || options.whole_word;
  if (!options.ignore_case && IsLiteral(text, syntax) && !(bounded && syntax == Syntax::kPerl)) {
    pattern.literal = text;
    return pattern;
  }
  const std::string_view behind = std::string_view(text).substr(text.starts_with('^') ? 1 : 0);
  if (behind.size() < text.size() && !behind.empty() && !options.ignore_case && !bounded &&
      !options.null_data && syntax != Syntax::kFixed && IsLiteral(behind, syntax)) {
    pattern.literal = behind;
    pattern.at_start = true;
    return pattern;
  }
  if (syntax == Syntax::kPerl) return CompilePerl(text, options);
  std::string source = text;
  if (syntax == Syntax::kFixed) source = Quoted(text, false);
  if (syntax == Syntax::kExtended) source = Lenient(text, warnings);
  if (syntax == Syntax::kBasic) source = WithSingleStars(text);
  if (syntax != Syntax::kFixed && IsBareClass(text)) {
    return tl::unexpected<std::string>("character class syntax is [[:space:]], not [:space:]");
  }
  auto regex = Regex::Compile(
      source, {.extended = syntax == Syntax::kExtended, .ignore_case = options.ignore_case});
  if (!regex) {
    return tl::unexpected(regex.error());
  }
  pattern.regex = std::move(*regex);
  return pattern;
}

tl::expected<LineMatcher, std::string> LineMatcher::Compile(
    const std::vector<std::string>& patterns, MatcherOptions options) {
  LineMatcher matcher;
  matcher.options_ = options;
  if (options.syntax == Syntax::kPerl && patterns.size() > 1) {
    return tl::unexpected<std::string>("the -P option only supports a single pattern");
  }
  for (const std::string& text : patterns) {
    auto pattern = CompileOne(text, options, matcher.warnings_);
    if (!pattern) return tl::unexpected(pattern.error());
    matcher.patterns_.push_back(std::move(*pattern));
  }
  return matcher;
}

std::optional<LineMatcher::Span> LineMatcher::FindRaw(const Pattern& pattern, std::string_view line,
                                                      std::size_t start) const {
  if (pattern.perl) {
    const auto found = pattern.perl->Find(line, start);
    if (!found) failure_ = found.error();
    if (!found || found->first == std::string::npos) return std::nullopt;
    return Span{found->first, found->second};
  }
  if (!pattern.regex && pattern.at_start) {
    if (start != 0 || !line.starts_with(pattern.literal)) return std::nullopt;
    return Span{0, pattern.literal.size()};
  }
  if (!pattern.regex) {
    const auto at = line.find(pattern.literal, start);
    if (at == std::string_view::npos) return std::nullopt;
    return Span{at, at + pattern.literal.size()};
  }
  std::vector<Regex::Group> groups;
  if (!pattern.regex->Match(line, &groups, false, start)) return std::nullopt;
  const Regex::Group& found = groups[0];
  return Span{static_cast<std::size_t>(found.first), static_cast<std::size_t>(found.second)};
}

std::optional<LineMatcher::Span> LineMatcher::FindWord(const Pattern& pattern,
                                                       std::string_view line,
                                                       std::size_t start) const {
  const auto bounded = [&](const Span& span) {
    return (span.begin == 0 || !IsWordByte(line[span.begin - 1])) &&
           (span.end == line.size() || !IsWordByte(line[span.end]));
  };
  while (start <= line.size()) {
    std::optional<Span> span = FindRaw(pattern, line, start);
    if (!span) return std::nullopt;
    const std::size_t begin = span->begin;
    // Shorter matches at the same place, then those further right.
    while (span && span->begin == begin) {
      if (bounded(*span)) return span;
      if (span->end <= begin + 1) break;
      span = FindRaw(pattern, line.substr(0, span->end - 1), begin);
    }
    start = begin + 1;
  }
  return std::nullopt;
}

std::optional<LineMatcher::Span> LineMatcher::FindOne(const Pattern& pattern, std::string_view line,
                                                      std::size_t start) const {
  if (pattern.perl) return FindRaw(pattern, line, start);
  if (options_.whole_line) {
    if (start > 0) return std::nullopt;
    if (!pattern.regex) {
      return line == pattern.literal ? std::optional(Span{0, line.size()}) : std::nullopt;
    }
    const auto span = FindRaw(pattern, line, 0);
    // The leftmost, longest match is the whole line if any match is.
    return span && span->begin == 0 && span->end == line.size() ? span : std::nullopt;
  }
  return options_.whole_word ? FindWord(pattern, line, start) : FindRaw(pattern, line, start);
}

std::optional<LineMatcher::Span> LineMatcher::Find(std::string_view line, std::size_t start) const {
  std::optional<Span> best;
  for (const Pattern& pattern : patterns_) {
    const auto span = FindOne(pattern, line, start);
    if (span && (!best || span->begin < best->begin ||
                 (span->begin == best->begin && span->end > best->end))) {
      best = span;
    }
  }
  return best;
}

}  // namespace computesdk::in_memory
