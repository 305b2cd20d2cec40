#include "mocks/in_memory/utilities/awk/regex.h"

#include <cctype>
#include <utility>

namespace computesdk::in_memory::awk {
namespace {

constexpr std::size_t kCacheLimit = 512;

// \x41, of at most two digits.
std::optional<char> HexadecimalOf(std::string_view text, std::size_t& i) {
  int value = 0;
  std::size_t digits = 0;
  for (; digits < 2 && i + 1 + digits < text.size(); ++digits) {
    const auto at =
        std::string_view("0123456789abcdef").find(static_cast<char>(text[i + 1 + digits] | 0x20));
    if (at == std::string_view::npos) break;
    value = value * 16 + static_cast<int>(at);
  }
  if (digits == 0) return std::nullopt;
  i += 1 + digits;
  return static_cast<char>(value);
}

std::optional<char> ControlOf(std::string_view text, std::size_t& i) {
  static constexpr std::string_view kLetters = "abfnrtv";
  if (const auto at = kLetters.find(text[i]); at != std::string_view::npos) {
    ++i;
    return "\a\b\f\n\r\t\v"[at];
  }
  if (text[i] == 'x') return HexadecimalOf(text, i);
  if (text[i] < '0' || text[i] > '7') return std::nullopt;
  int value = 0;
  for (int digits = 0; digits < 3 && i < text.size() && text[i] >= '0' && text[i] <= '7';
       ++digits) {
    value = value * 8 + (text[i++] - '0');
  }
  return static_cast<char>(value);
}

bool IsInterval(std::string_view text) {
  std::size_t i = 1;
  while (i < text.size() &&
         (std::isdigit(static_cast<unsigned char>(text[i])) != 0 || text[i] == ','))
    ++i;
  return i > 1 && i < text.size() && text[i] == '}';
}

// Turns awk's syntax into what the C library reads.
class Translator {
 public:
  explicit Translator(std::string_view text) : text_(text) {}

  std::string Run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        Escape();
      } else if (c == '[') {
        Bracket();
      } else {
        Ordinary(c);
      }
    }
    return std::move(result_);
  }

 private:
  void Put(char c) {
    if (std::string_view("\\[].*^$+?(){}|").find(c) != std::string_view::npos) {
      result_.push_back('\\');
    }
    result_.push_back(c);
    at_start_ = false;
  }

  void Escape() {
    const char c = text_[at_];
    if (const auto control = ControlOf(text_, at_)) return Put(*control);
    ++at_;
    at_start_ = false;
    if (c == 'y') {
      result_ += "\\b";
    } else if (c == '"' || c == '/' || c == '&' || c == '-' || c == '\'') {
      // gawk's \' is the end of the text; the others stand for themselves.
      if (c == '\'') result_.push_back('\\');
      result_.push_back(c);
    } else {
      result_.push_back('\\');
      result_.push_back(c);
    }
  }

  void Ordinary(char c) {
    ++at_;
    const bool repeats = c == '*' || c == '+' || c == '?';
    const bool brace = c == '{' && (at_start_ || !IsInterval(text_.substr(at_ - 1)));
    if ((repeats && at_start_) || brace) result_.push_back('\\');
    result_.push_back(c);
    at_start_ = c == '(' || c == '|' || c == '^';
  }

  void Bracket() {
    std::string members;
    bool closing = false;
    bool caret = false;
    bool dash = false;
    ++at_;
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    bool first = true;
    for (; at_ < text_.size() && (text_[at_] != ']' || first); first = false) {
      const char c = text_[at_];
      if (c == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        char member = text_[at_];
        if (const auto control = ControlOf(text_, at_)) {
          member = *control;
        } else {
          ++at_;
        }
        if (member == ']')
          closing = true;
        else if (member == '-')
          dash = true;
        else if (member == '^')
          caret = true;
        else
          members.push_back(member);
      } else if (c == '[' && at_ + 1 < text_.size() &&
                 std::string_view(".:=").find(text_[at_ + 1]) != std::string_view::npos) {
        const char end_mark[] = {text_[at_ + 1], ']'};
        const auto end = text_.find(std::string_view(end_mark, 2), at_ + 2);
        const std::size_t stop = end == std::string_view::npos ? at_ + 1 : end + 2;
        members.append(text_.substr(at_, stop - at_));
        at_ = stop;
      } else if (c == ']') {
        closing = true;
        ++at_;
      } else {
        members.push_back(c);
        ++at_;
      }
    }
    at_start_ = false;
    if (at_ >= text_.size()) {
      // Without its end: the C library will say so.
      result_ += "[" + members;
      return;
    }
    ++at_;
    result_ += negated ? "[^" : "[";
    if (closing) result_.push_back(']');
    result_ += members;
    if (caret) {
      // "^" alone, or in the first place, would negate.
      if (members.empty() && !closing && !negated && !dash) {
        result_.pop_back();
        result_ += "\\^";
        return;
      }
      if (members.empty() && !closing && !negated) {
        result_ += "-^]";
        return;
      }
      result_.push_back('^');
    }
    if (dash) result_.push_back('-');
    result_.push_back(']');
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool at_start_ = true;
  std::string result_;
};

}  // namespace

std::string UnknownEscapes(std::string_view source) {
  constexpr std::string_view kKnown = "abfnrtvxyBwWsS$'()*+-./<>?[\\]^`{|}0123456789\n";
  std::string letters;
  bool in_brackets = false;
  for (std::size_t at = 0; at < source.size(); ++at) {
    if (source[at] == '\\' && at + 1 < source.size()) {
      const char letter = source[++at];
      if (!in_brackets && kKnown.find(letter) == std::string_view::npos) {
        letters.push_back(letter);
      }
    } else if (source[at] == '[' && !in_brackets) {
      in_brackets = true;
      if (source.substr(at + 1, 1) == "^") ++at;
      if (source.substr(at + 1, 1) == "]") ++at;
    } else if (source[at] == ']') {
      in_brackets = false;
    }
  }
  return letters;
}

tl::expected<Matcher, std::string> Matcher::Compile(std::string_view source, bool ignore_case) {
  Matcher matcher;
  if (!ignore_case && source.find_first_of("\\[].*^$+?(){}|") == std::string_view::npos) {
    matcher.literal_ = source;
    return matcher;
  }
  auto regex =
      Regex::Compile(Translator(source).Run(), {.extended = true, .ignore_case = ignore_case});
  if (!regex) return tl::unexpected(regex.error() + ": /" + std::string(source) + "/");
  matcher.regex_ = std::move(*regex);
  return matcher;
}

bool Matcher::Find(std::string_view text, std::vector<Regex::Group>& groups,
                   std::size_t start) const {
  if (regex_) return regex_->Match(text, &groups, false, start);
  const auto at = text.find(literal_, start);
  if (at == std::string_view::npos) return false;
  groups.assign(
      1, {static_cast<std::ptrdiff_t>(at), static_cast<std::ptrdiff_t>(at + literal_.size())});
  return true;
}

tl::expected<const Matcher*, std::string> MatcherCache::Get(const std::string& source,
                                                            bool ignore_case, bool& fresh) {
  auto& matchers = matchers_[ignore_case ? 1 : 0];
  if (const auto found = matchers.find(source); found != matchers.end()) return &found->second;
  fresh = true;
  auto matcher = Matcher::Compile(source, ignore_case);
  if (!matcher) return tl::unexpected(matcher.error());
  if (matchers.size() >= kCacheLimit) matchers.clear();
  return &matchers.emplace(source, std::move(*matcher)).first->second;
}

}  // namespace computesdk::in_memory::awk
