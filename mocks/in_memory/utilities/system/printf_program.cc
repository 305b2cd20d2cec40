#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/system/small_programs.h"

namespace computesdk::in_memory {
namespace {

std::optional<unsigned long> TakeDigits(std::string_view text, std::size_t& at, int base,
                                        std::size_t most) {
  const std::size_t start = at;
  unsigned long value = 0;
  for (; at < text.size() && at - start < most; ++at) {
    const int digit = HexValue(text[at]);
    if (digit < 0 || digit >= base) break;
    value = value * static_cast<unsigned long>(base) + static_cast<unsigned long>(digit);
  }
  if (at == start) return std::nullopt;
  return value;
}

// Of a format, of the text for %b, of what echo prints: three that differ a little.
enum class EscapeStyle { kFormat, kText, kEcho };

struct EscapeError {
  std::string message;
};

// The character that "\\u" and "\\U" name; those that have names of their own are none.
void AppendUniversal(std::string& result, std::string_view text, std::size_t& at, char letter) {
  const std::size_t digits = letter == 'u' ? 4 : 8;
  const std::size_t begin = at;
  const auto value = TakeDigits(text, at, 16, digits);
  if (at - begin < digits) throw EscapeError{"missing hexadecimal number in escape"};
  const bool named = *value < 0xa0 && *value != '$' && *value != '@' && *value != '`';
  if (named || (*value >= 0xd800 && *value <= 0xdfff)) {
    throw EscapeError{std::string("invalid universal character name \\") + letter +
                      std::string(text.substr(begin, digits))};
  }
  AppendUtf8(result, static_cast<char32_t>(*value));
}

// The escape after a backslash at `at`; true for "\c", which ends all output.
bool AppendEscape(std::string& result, std::string_view text, std::size_t& at, EscapeStyle style) {
  const bool octal_zero = style != EscapeStyle::kFormat;
  if (at == text.size()) {
    result += '\\';
    return false;
  }
  const char c = text[at++];
  static constexpr std::string_view kLetters = "abefnrtv\\\"";
  static constexpr std::string_view kBytes = "\a\b\033\f\n\r\t\v\\\"";
  if (const auto known = kLetters.find(c); known != std::string_view::npos) {
    if (c == '"' && octal_zero) result += '\\';
    result += kBytes[known];
  } else if (c == 'c') {
    return true;
  } else if (c == 'x') {
    const auto value = TakeDigits(text, at, 16, 2);
    if (!value && style != EscapeStyle::kEcho) {
      throw EscapeError{"missing hexadecimal number in escape"};
    }
    result += value ? std::string(1, static_cast<char>(*value)) : "\\x";
  } else if (style != EscapeStyle::kEcho && (c == 'u' || c == 'U')) {
    AppendUniversal(result, text, at, c);
  } else if (c >= '0' && c <= '7') {
    // echo -e wants a zero before the three digits; a format does not.
    if (!octal_zero || c != '0') --at;
    const auto value = TakeDigits(text, at, 8, 3);
    result += static_cast<char>(value.value_or(0));
  } else {
    result += '\\';
    result += c;
  }
  return false;
}

class Formatter {
 public:
  Formatter(Process& process, std::string_view format, std::vector<std::string> values)
      : process_(process), out_(process), format_(format), values_(std::move(values)) {}

  int Run() {
    try {
      bool stopped = false;
      do {
        process_.Checkpoint();
        const std::size_t before = next_;
        stopped = Pass();
        out_ << text_;
        text_.clear();
        if (stopped || next_ == before) break;
      } while (next_ < values_.size());
      if (!stopped && next_ == 0 && !values_.empty()) {
        Tell("warning: ignoring excess arguments, starting with " +
             LocaleQuoted(process_, values_[0]));
      }
    } catch (const EscapeError& error) {
      Tell(error.message);
      status_ = 1;
    }
    return out_.Finish(status_);
  }

 private:
  std::string Take() { return next_ < values_.size() ? values_[next_++] : (++next_, ""); }

  // Once through the format; true after "\c".
  bool Pass() {
    for (std::size_t at = 0; at < format_.size();) {
      const char c = format_[at++];
      if (c == '\\') {
        if (AppendEscape(text_, format_, at, EscapeStyle::kFormat)) return true;
      } else if (c != '%') {
        text_ += c;
      } else if (at < format_.size() && format_[at] == '%') {
        text_ += '%';
        ++at;
      } else if (Convert(at)) {
        return true;
      }
    }
    return false;
  }

  // Whether a conversion takes what stands between it and its percent sign.
  static bool Fits(std::string_view modifiers, char letter) {
    const auto has = [&](std::string_view some) {
      return modifiers.find_first_of(some) != std::string_view::npos;
    };
    switch (letter) {
      case 'b':
      case 'q':
        return modifiers.empty();
      case 'c':
        return !has("#0'.");
      case 's':
        return !has("#0'");
      case 'd':
      case 'i':
      case 'u':
        return !has("#");
      case 'o':
      case 'x':
      case 'X':
      case 'a':
      case 'A':
      case 'e':
      case 'E':
        return !has("'");
      default:
        return true;
    }
  }

  bool Convert(std::size_t& at) {
    const std::size_t begin = at - 1;
    std::string modifiers;
    std::string spec = "%";
    while (at < format_.size() &&
           std::string_view("-+ #0'").find(format_[at]) != std::string_view::npos) {
      if (format_[at] != '\'') spec += format_[at];
      modifiers += format_[at];
      ++at;
    }
    const std::size_t width = at;
    spec += TakeNumber(at, "field width").value_or("");
    if (at > width) modifiers += 'w';
    if (at < format_.size() && format_[at] == '.') {
      modifiers += '.';
      ++at;
      // A negative one is as none.
      if (const auto precision = TakeNumber(at, "precision")) {
        if (!precision->starts_with('-')) spec += "." + *precision;
      } else {
        spec += ".";
      }
    }
    while (at < format_.size() &&
           std::string_view("hlLjzt").find(format_[at]) != std::string_view::npos) {
      ++at;
    }
    const char letter = at < format_.size() ? format_[at++] : '\0';
    switch (Fits(modifiers, letter) ? letter : '\0') {
      case 'b':
        return AppendEscaped();
      case 'c': {
        const std::string value = Take();
        Append(spec + "c", value.empty() ? '\0' : value[0]);
        return false;
      }
      case 's':
        Append(spec + "s", Take().c_str());
        return false;
      case 'q':
        if (next_ < values_.size()) Append("%s", ShownName(Take()).c_str());
        return false;
      case 'd':
      case 'i':
        Append(spec + "ld", Integer(Take(), true));
        return false;
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        Append(spec + "l" + letter, Integer(Take(), false));
        return false;
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        Append(spec + "L" + letter, Float(Take()));
        return false;
    }
    Tell(std::string(format_.substr(begin, at - begin)) + ": invalid conversion specification");
    status_ = 1;
    return true;
  }

  // Of the format, or for "*" of a value; nullopt where there is none.
  std::optional<std::string> TakeNumber(std::size_t& at, std::string_view what) {
    if (at < format_.size() && format_[at] == '*') {
      ++at;
      const std::string text = Take();
      const long value = Integer(text, true);
      const bool below = value < INT_MIN && what == "field width";
      if (value > INT_MAX || below) {
        throw EscapeError{"invalid " + std::string(what) + ": " + LocaleQuoted(process_, text)};
      }
      return std::to_string(std::clamp(value, -65536L, 65536L));
    }
    std::string digits;
    for (; at < format_.size() && IsDigit(format_[at]); ++at) {
      if (digits.size() < 5) digits += format_[at];
    }
    return digits.empty() ? std::nullopt : std::optional(digits);
  }

  bool AppendEscaped() {
    const std::string value = Take();
    for (std::size_t at = 0; at < value.size();) {
      if (value[at] != '\\') {
        text_ += value[at++];
      } else if (AppendEscape(text_, value, ++at, EscapeStyle::kText)) {
        return true;
      }
    }
    return false;
  }

  template <typename T>
  void Append(const std::string& spec, T value) {
    // The specification was put together above from what is known to be sound.
    const int length = std::snprintf(nullptr, 0, spec.c_str(), value);
    if (length <= 0) return;
    std::string buffer(static_cast<std::size_t>(length) + 1, '\0');
    (void)std::snprintf(buffer.data(), buffer.size(), spec.c_str(), value);
    buffer.pop_back();
    text_ += buffer;
  }

  long Integer(const std::string& text, bool is_signed) {
    if (IsCharacter(text)) return CharacterCode(text);
    char* end = nullptr;
    errno = 0;
    const long value = is_signed ? std::strtol(text.c_str(), &end, 0)
                                 : static_cast<long>(std::strtoul(text.c_str(), &end, 0));
    Check(text, end);
    return value;
  }

  long double Float(const std::string& text) {
    if (IsCharacter(text)) return static_cast<long double>(CharacterCode(text));
    char* end = nullptr;
    errno = 0;
    const long double value = std::strtold(text.c_str(), &end);
    Check(text, end);
    return value;
  }

  void Check(const std::string& text, const char* end) {
    if (text.empty()) return;
    if (errno == ERANGE) {
      Tell(LocaleQuoted(process_, text) + ": Numerical result out of range");
    } else if (end == text.c_str()) {
      Tell(LocaleQuoted(process_, text) + ": expected a numeric value");
    } else if (*end != '\0') {
      Tell(LocaleQuoted(process_, text) + ": value not completely converted");
    } else {
      return;
    }
    status_ = 1;
  }

  // What has been printed so far comes before it.
  void Tell(const std::string& message) {
    out_ << std::exchange(text_, {});
    out_.Flush();
    Complain(process_, message);
  }

  static bool IsCharacter(const std::string& text) {
    return text.size() > 1 && (text[0] == '"' || text[0] == '\'');
  }

  // 'A: the number of the character after the quote.
  long CharacterCode(const std::string& text) {
    const auto first = static_cast<unsigned char>(text[1]);
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
    long code = more == 0 ? first : first & (0x3f >> more);
    for (int i = 0; i < more && 2 + i < static_cast<int>(text.size()); ++i) {
      code = code << 6 | (static_cast<unsigned char>(text[2 + i]) & 0x3f);
    }
    const std::string rest = text.substr(std::min<std::size_t>(text.size(), 2 + more));
    if (!rest.empty()) {
      Tell("warning: " + rest + ": character(s) following character constant have been ignored");
    }
    return code;
  }

  Process& process_;
  Output out_;
  const std::string_view format_;
  const std::vector<std::string> values_;
  std::size_t next_ = 0;
  std::string text_;
  int status_ = 0;
};

}  // namespace

int PrintfMain(Process& process) {
  AnswerHelp(process, {"    --help", "    --version"});
  std::vector<std::string> words(process.args.begin() + 1, process.args.end());
  if (!words.empty() && words[0] == "--") words.erase(words.begin());
  if (words.empty()) UsageError(process, "missing operand");
  const std::string format = words[0];
  words.erase(words.begin());
  return Formatter(process, format, std::move(words)).Run();
}

int EchoMain(Process& process) {
  AnswerHelp(process, {"-e", "-E", "-n", "    --help", "    --version"});
  bool newline = true;
  bool escapes = false;
  std::size_t next = 1;
  for (; next < process.args.size(); ++next) {
    const std::string& word = process.args[next];
    if (word.size() < 2 || word[0] != '-' ||
        word.find_first_not_of("neE", 1) != std::string::npos) {
      break;
    }
    for (char letter : word.substr(1)) {
      if (letter == 'n') newline = false;
      if (letter != 'n') escapes = letter == 'e';
    }
  }
  std::string text;
  for (std::size_t i = next; i < process.args.size(); ++i) {
    if (i > next) text += ' ';
    const std::string& word = process.args[i];
    for (std::size_t at = 0; at < word.size();) {
      if (!escapes || word[at] != '\\') {
        text += word[at++];
      } else if (AppendEscape(text, word, ++at, EscapeStyle::kEcho)) {
        Output out(process);
        out << text;
        return out.Finish(0);
      }
    }
  }
  Output out(process);
  out << text << (newline ? "\n" : "");
  return out.Finish(0);
}

int PwdMain(Process& process) {
  bool logical = false;
  Options options(process, "LP", {{"logical", 'L'}, {"physical", 'P'}});
  while (const auto option = options.Next()) logical = option->letter == 'L';
  Output out(process);
  const auto variable = process.env.find("PWD");
  const auto physical = process.files().RealPath(process.cwd);
  if (logical && variable != process.env.end() &&
      process.files().RealPath(variable->second) == physical) {
    out << variable->second << "\n";
  } else {
    out << physical.value_or(process.cwd) << "\n";
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
