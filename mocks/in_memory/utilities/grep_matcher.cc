#include "mocks/in_memory/utilities/grep_matcher.h"

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
        if (c == '{') i = text.find('}', i);
      } else {
        result.push_back(c);
      }
      ++i;
      at_start = c == '(' || c == '|' || c == '^';
    }
  }
  return result;
}

// The part of Perl's syntax that extended expressions can say. `group` becomes the group that is
// the match, where \K or a look-around leaves something of it out.
class PerlTranslator {
 public:
  explicit PerlTranslator(std::string_view text) : text_(text) {}

  // Nothing where it cannot be said.
  std::optional<std::string> Translate(std::size_t& group) {
    std::string before;
    std::string after;
    if (text_.starts_with("(?<=")) {
      const std::size_t end = GroupEnd(0);
      if (end == std::string_view::npos || !Convert(text_.substr(4, end - 4), before)) return {};
      text_.remove_prefix(end + 1);
    } else if (const std::size_t keep = FindKeep(); keep != std::string_view::npos) {
      if (!Convert(text_.substr(0, keep), before)) return {};
      text_.remove_prefix(keep + 2);
    }
    if (const std::size_t ahead = text_.rfind("(?="); ahead != std::string_view::npos) {
      if (GroupEnd(ahead) + 1 != text_.size()) return {};
      if (!Convert(text_.substr(ahead + 3, text_.size() - ahead - 4), after)) return {};
      text_ = text_.substr(0, ahead);
    }
    const std::size_t groups_before = groups_ - GroupsIn(after);
    std::string middle;
    if (!Convert(text_, middle)) return {};
    if (before.empty() && after.empty()) return middle;
    if (references_) return {};
    group = groups_before + (before.empty() ? 1 : 2);
    return (before.empty() ? "" : "(" + before + ")") + "(" + middle + ")" +
           (after.empty() ? "" : "(" + after + ")");
  }

 private:
  static std::size_t GroupsIn(std::string_view converted) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < converted.size(); ++i) {
      if (converted[i] == '\\') {
        ++i;
      } else if (converted[i] == '[') {
        i = BracketEnd(converted, i) - 1;
      } else if (converted[i] == '(') {
        ++count;
      }
    }
    return count;
  }

  std::size_t FindKeep() const {
    int depth = 0;
    for (std::size_t i = 0; i + 1 < text_.size(); ++i) {
      if (text_[i] == '\\') {
        if (text_[i + 1] == 'K' && depth == 0) return i;
        ++i;
      } else if (text_[i] == '[') {
        i = BracketEnd(text_, i) - 1;
      } else if (text_[i] == '(') {
        ++depth;
      } else if (text_[i] == ')') {
        --depth;
      }
    }
    return std::string_view::npos;
  }

  std::size_t GroupEnd(std::size_t at) const {
    int depth = 0;
    for (std::size_t i = at; i < text_.size(); ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == '[') {
        i = BracketEnd(text_, i) - 1;
      } else if (text_[i] == '(') {
        ++depth;
      } else if (text_[i] == ')' && --depth == 0) {
        return i;
      }
    }
    return std::string_view::npos;
  }

  static std::string_view ClassOf(char letter) {
    switch (letter) {
      case 'd':
        return "0-9";
      case 's':
        return "[:space:]";
      case 'w':
        return "[:alnum:]_";
      case 'h':
        return " \t";
      default:
        return "";
    }
  }

  static char ControlOf(char letter) {
    static constexpr std::string_view kLetters = "tnrfae";
    const auto at = kLetters.find(letter);
    return at == std::string_view::npos ? '\0' : "\t\n\r\f\a\033"[at];
  }

  bool ConvertEscape(char letter, std::string& result) {
    if (const auto members = ClassOf(letter); !members.empty()) {
      result.append("[").append(members).append("]");
    } else if (letter == 'D' || letter == 'H') {
      result.append("[^").append(letter == 'D' ? "0-9" : " \t").append("]");
    } else if (const char control = ControlOf(letter)) {
      result.push_back(control);
    } else if (std::string_view("SWbB").find(letter) != std::string_view::npos) {
      result.push_back('\\');
      result.push_back(letter);
    } else if (std::isdigit(static_cast<unsigned char>(letter)) != 0) {
      references_ = true;
      result.push_back('\\');
      result.push_back(letter);
    } else if (std::isalpha(static_cast<unsigned char>(letter)) != 0) {
      return false;
    } else {
      if (std::ispunct(static_cast<unsigned char>(letter)) != 0 &&
          std::string_view("\\[].*^$+?(){}|").find(letter) != std::string_view::npos) {
        result.push_back('\\');
      }
      result.push_back(letter);
    }
    return true;
  }

  bool ConvertBracket(std::string_view bracket, std::string& result) {
    std::string members;
    bool closing = false;
    bool dash = false;
    std::size_t i = bracket[1] == '^' ? 2 : 1;
    for (; i + 1 < bracket.size(); ++i) {
      if (bracket[i] != '\\') {
        members.push_back(bracket[i]);
        continue;
      }
      const char letter = bracket[++i];
      if (const auto named = ClassOf(letter); !named.empty()) {
        members.append(named);
      } else if (const char control = ControlOf(letter)) {
        members.push_back(control);
      } else if (letter == ']') {
        closing = true;
      } else if (letter == '-') {
        dash = true;
      } else if (std::isalnum(static_cast<unsigned char>(letter)) != 0) {
        return false;
      } else {
        members.push_back(letter);
      }
    }
    result += bracket[1] == '^' ? "[^" : "[";
    if (closing) result.push_back(']');
    result += members;
    if (dash) result.push_back('-');
    result.push_back(']');
    return true;
  }

  // In Perl's syntax a backslash escapes in a bracket expression, too.
  static std::size_t PerlBracketEnd(std::string_view text, std::size_t at) {
    std::size_t i = at + 1;
    if (i < text.size() && text[i] == '^') ++i;
    if (i < text.size() && text[i] == ']') ++i;
    for (; i < text.size() && text[i] != ']'; ++i) {
      if (text[i] == '\\') {
        ++i;
      } else if (text.substr(i).starts_with("[:")) {
        const auto end = text.find(":]", i);
        if (end != std::string_view::npos) i = end + 1;
      }
    }
    return std::min(i + 1, text.size());
  }

  bool Convert(std::string_view text, std::string& result) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '\\') {
        if (++i == text.size() || !ConvertEscape(text[i], result)) return false;
      } else if (c == '[') {
        const std::size_t end = PerlBracketEnd(text, i);
        if (end - i < 3 || !ConvertBracket(text.substr(i, end - i), result)) return false;
        i = end - 1;
      } else if (c == '(') {
        ++groups_;
        result.push_back('(');
        if (i + 1 < text.size() && text[i + 1] == '?') {
          if (i + 2 >= text.size() || text[i + 2] != ':') return false;
          i += 2;
          unnumbered_ = true;
        }
      } else {
        const bool quantified =
            !result.empty() && i > 0 &&
            std::string_view("*+?}").find(text[i - 1]) != std::string_view::npos &&
            (i < 2 || text[i - 2] != '\\');
        // Lazy and possessive repetition find something else than the longest match.
        if ((c == '?' || c == '+') && quantified) return false;
        result.push_back(c);
      }
    }
    return !(references_ && unnumbered_);
  }

  std::string_view text_;
  std::size_t groups_ = 0;
  bool references_ = false;
  bool unnumbered_ = false;
};

}  // namespace

tl::expected<LineMatcher::Pattern, std::string> LineMatcher::CompileOne(
    const std::string& text, const MatcherOptions& options, std::vector<std::string>& warnings) {
  Pattern pattern;
  const Syntax syntax = options.syntax;
  if (!options.ignore_case && IsLiteral(text, syntax)) {
    pattern.literal = text;
    return pattern;
  }
  const bool extended = syntax == Syntax::kExtended || syntax == Syntax::kPerl;
  std::string source = text;
  if (syntax == Syntax::kFixed) source = Quoted(text, false);
  if (syntax == Syntax::kExtended) source = Lenient(text, warnings);
  if (syntax == Syntax::kPerl) {
    auto translated = PerlTranslator(text).Translate(pattern.group);
    if (!translated) {
      return tl::unexpected<std::string>("this Perl regular expression is not supported: " + text);
    }
    source = std::move(*translated);
  }
  auto regex = Regex::Compile(source, {.extended = extended, .ignore_case = options.ignore_case});
  if (!regex) return tl::unexpected(regex.error());
  pattern.regex = std::move(*regex);
  return pattern;
}

tl::expected<LineMatcher, std::string> LineMatcher::Compile(
    const std::vector<std::string>& patterns, MatcherOptions options) {
  LineMatcher matcher;
  matcher.options_ = options;
  for (const std::string& text : patterns) {
    auto pattern = CompileOne(text, options, matcher.warnings_);
    if (!pattern) return tl::unexpected(pattern.error());
    matcher.patterns_.push_back(std::move(*pattern));
  }
  return matcher;
}

std::optional<LineMatcher::Span> LineMatcher::FindRaw(const Pattern& pattern, std::string_view line,
                                                      std::size_t start) const {
  if (!pattern.regex) {
    const auto at = line.find(pattern.literal, start);
    if (at == std::string_view::npos) return std::nullopt;
    return Span{at, at + pattern.literal.size()};
  }
  std::vector<Regex::Group> groups;
  if (!pattern.regex->Match(line, &groups, false, start)) return std::nullopt;
  const Regex::Group& found = groups[pattern.group];
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
