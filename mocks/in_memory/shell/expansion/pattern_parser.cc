#include "mocks/in_memory/shell/expansion/pattern_parser.h"

#include <locale.h>
#include <wctype.h>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {
namespace {

// Behind the set that opens at `open`; the end of the text if it does not close.
std::size_t SetEnd(std::string_view text, std::size_t open) {
  std::size_t first = open + 1;
  if (first < text.size() && (text[first] == '!' || text[first] == '^')) ++first;
  char kind = '\0';  // Of the class that is open.
  for (std::size_t i = first; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '[' && i + 1 < text.size() &&
               std::string_view(":.=").find(text[i + 1]) != std::string_view::npos) {
      kind = text[i + 1];
    } else if (text[i] == ']' && kind != '\0' && text[i - 1] == kind) {
      kind = '\0';
    } else if (text[i] == ']' && i != first) {
      return i + 1;
    }
  }
  return text.size();
}

// Whether the group that opens at `open` closes: in no set, and in none that is left open.
bool Closes(std::string_view text, std::size_t open) {
  int depth = 0;
  for (std::size_t i = open; i < text.size();) {
    if (text[i] == '[') {
      i = SetEnd(text, i);
      continue;
    }
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return true;
    i += text[i] == '\\' ? 2 : 1;
  }
  return false;
}

bool IsGroupLetter(char c) {
  return c != '\0' && std::string_view("?*+@!").find(c) != std::string_view::npos;
}

}  // namespace

bool InCharacterClass(std::string_view name, char32_t c) {
  static const locale_t locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (c >= kInvalidByte) return false;
  const std::string text(name);
  if (text == "word") return c == '_' || iswalnum_l(c, locale) != 0;
  if (text == "ascii") return c < 0x80;
  const wctype_t type = wctype_l(text.c_str(), locale);
  return type != 0 && iswctype_l(c, type, locale) != 0;
}

std::vector<Pattern::Element> PatternParser::ParseSequence(bool in_group) {
  using Kind = Pattern::Element::Kind;
  std::vector<Pattern::Element> elements;
  while (at_ < text_.size()) {
    const char c = text_[at_];
    Pattern::Element element;
    if (in_group && (c == '|' || c == ')')) break;
    if (extglob_ && IsGroupLetter(c) && at_ + 1 < text_.size() && text_[at_ + 1] == '(') {
      if (!Closes(text_, at_ + 1)) {  // Then the rest is a text.
        AppendText(elements);
        break;
      }
      if (ParseGroup(element)) {
        elements.push_back(std::move(element));
        continue;
      }
    }
    if (c == '*') {
      ++at_;
      element.kind = Kind::kStar;
      if (!elements.empty() && elements.back().kind == Kind::kStar) continue;
    } else if (c == '?') {
      ++at_;
      element.kind = Kind::kAny;
    } else if (c == '[' && ParseSet(element)) {
      element.kind = Kind::kSet;
    } else {
      if (c == '\\' && at_ + 1 < text_.size()) ++at_;
      element.character = NextCharacter(text_, at_);
    }
    elements.push_back(std::move(element));
  }
  return elements;
}

void PatternParser::AppendText(std::vector<Pattern::Element>& elements) {
  while (at_ < text_.size()) {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    elements.emplace_back().character = NextCharacter(text_, at_);
  }
}

bool PatternParser::ParseGroup(Pattern::Element& element) {
  if (StackIsLow()) return false;
  has_groups_ = true;
  element.kind = Pattern::Element::Kind::kGroup;
  element.group = text_[at_];
  at_ += 2;
  while (true) {
    element.alternatives.push_back(ParseSequence(true));
    if (at_ >= text_.size()) return true;
    const char c = text_[at_++];
    if (c == ')') return true;
  }
}

bool PatternParser::ParseClass(Pattern::Element& element, std::size_t& at) const {
  const char kind = text_[at + 1];
  const std::size_t end = text_.find(std::string{kind, ']'}, at + 2);
  if (end == std::string_view::npos) return false;
  const std::string_view name = text_.substr(at + 2, end - at - 2);
  if (kind == ':') {
    std::erase(element.classes.emplace_back(name), '\\');
  } else {
    std::size_t i = 0;
    if (name.empty()) return false;
    const char32_t c = NextCharacter(name, i);
    element.ranges.emplace_back(c, c);
  }
  at = end + 2;
  return true;
}

bool PatternParser::ParseSet(Pattern::Element& element) {
  std::size_t at = at_ + 1;
  if (at < text_.size() && (text_[at] == '!' || text_[at] == '^')) {
    element.negated = true;
    ++at;
  }
  const std::size_t first = at;
  while (true) {
    if (at >= text_.size()) {
      element = {};
      return false;
    }
    if (text_[at] == ']' && at > first) break;
    if (text_[at] == '[' && at + 1 < text_.size() &&
        std::string_view(":.=").find(text_[at + 1]) != std::string_view::npos &&
        ParseClass(element, at)) {
      continue;
    }
    if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
    const char32_t low = NextCharacter(text_, at);
    char32_t high = low;
    if (at + 1 < text_.size() && text_[at] == '-' && text_[at + 1] != ']') {
      ++at;
      if (text_[at] == '\\' && at + 1 < text_.size()) ++at;
      high = NextCharacter(text_, at);
    }
    element.ranges.emplace_back(low, high);
  }
  if (element.negated && text_[first] == ']') excludes_bracket_ = true;
  at_ = at + 1;
  return true;
}

bool HasPatternCharacters(std::string_view pattern, bool extglob) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool set = c == '[' && pattern.find(']', i + 1) != std::string_view::npos;
    const bool group =
        extglob && IsGroupLetter(c) && i + 1 < pattern.size() && pattern[i + 1] == '(';
    if (c == '*' || c == '?' || set || group) return true;
    if (c == '\\') ++i;
  }
  return false;
}

void AppendEscaped(std::string_view text, std::string& pattern) {
  for (const char c : text) {
    if (std::string_view("*?[]\\!+@()|^-:.=").find(c) != std::string_view::npos && c != '\0') {
      pattern += '\\';
    }
    pattern += c;
  }
}

std::string EscapeCarets(std::string_view pattern) {
  std::string escaped;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    escaped += pattern[i];
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      escaped += pattern[++i];
    } else if (pattern[i] == '[' && i + 1 < pattern.size() && pattern[i + 1] == '^') {
      escaped += '\\';
    }
  }
  return escaped;
}

std::string RemoveEscapes(std::string_view pattern) {
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\' && i + 1 < pattern.size()) ++i;
    text += pattern[i];
  }
  return text;
}

}  // namespace computesdk::in_memory::shell
