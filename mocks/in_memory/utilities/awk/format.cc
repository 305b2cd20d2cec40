#include "mocks/in_memory/utilities/awk/format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <utility>

#include "mocks/in_memory/text/utf8.h"

namespace computesdk::in_memory::awk {
namespace {

// Larger widths are of no use, and would fill the memory.
constexpr int kMaxWidth = 1 << 20;

struct Directive {
  bool left = false;
  bool zero = false;
  std::string flags;  // The others: "+", " ", "#", "'".
  int width = 0;
  std::optional<int> precision;
  std::size_t position = 0;  // Of "%2$s"; 0 is the next one.
  char letter = '\0';
};

std::string Padded(std::string text, const Directive& directive) {
  const std::size_t length = Utf8Length(text);
  const auto width = static_cast<std::size_t>(directive.width);
  if (length >= width) return text;
  text.insert(directive.left ? text.size() : 0, width - length, ' ');
  return text;
}

// Formats a number by the C library, by way of a directive that was put together here.
template <typename Number>
std::string Printed(const Directive& directive, const std::string& modifier, char letter,
                    Number number) {
  std::string format = "%" + directive.flags;
  if (directive.left) format += "-";
  if (directive.zero) format += "0";
  format += "*";
  if (directive.precision) format += "." + std::to_string(*directive.precision);
  format += modifier + letter;
  const int length = std::snprintf(nullptr, 0, format.c_str(), directive.width, number);
  std::string text(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
  (void)std::snprintf(text.data(), text.size(), format.c_str(), directive.width, number);
  text.pop_back();
  return text;
}

std::string Integer(Directive directive, double number) {
  number = std::trunc(number);
  if (!std::isfinite(number)) {
    directive.zero = false;
    return Padded(FormatNumber(number, "%d"), directive);
  }
  const bool is_signed = directive.letter == 'd' || directive.letter == 'i';
  const bool fits = is_signed ? std::fabs(number) < 9.2e18 : number > -9.2e18 && number < 1.8e19;
  if (!fits) {
    directive.precision = 0;
    return Printed(directive, "", 'f', number);
  }
  if (is_signed) return Printed(directive, "ll", 'd', static_cast<long long>(number));
  const auto value = number < 0 ? static_cast<unsigned long long>(static_cast<long long>(number))
                                : static_cast<unsigned long long>(number);
  return Printed(directive, "ll", directive.letter, value);
}

std::string Character(const Value& value) {
  if (!value.Numeric() || value.unset()) {
    const std::string text = value.Text("%.6g");
    return text.empty() ? std::string(1, '\0') : text.substr(0, DecodeUtf8(text).length);
  }
  std::string result;
  const double number = value.Number();
  if (number >= 0 && number <= 0x10ffff && (number < 0xd800 || number > 0xdfff)) {
    AppendUtf8(result, static_cast<char32_t>(number));
  } else {
    const double byte = std::isfinite(number) ? std::fmod(number, 256) : 0;
    result.push_back(static_cast<char>(static_cast<int>(byte)));
  }
  return result;
}

class Formatter {
 public:
  Formatter(const std::vector<Value>& values, const std::string& number_format)
      : values_(values), number_format_(number_format), format_(values[0].Text(number_format)) {}

  tl::expected<std::string, std::string> Run() {
    for (std::size_t i = 0; i < format_.size(); ++i) {
      if (format_[i] != '%') {
        result_.push_back(format_[i]);
      } else if (i + 1 < format_.size() && format_[i + 1] == '%') {
        result_.push_back(format_[++i]);
      } else {
        i = Convert(i);
      }
      if (!error_.empty()) return tl::unexpected(error_);
    }
    return std::move(result_);
  }

 private:
  // For what stands at `at`.
  const Value& Next(std::size_t at) {
    static const Value kNone;
    if (next_ < values_.size()) return values_[next_++];
    error_ = "not enough arguments to satisfy format string\n\t`" + format_ + "'\n\t" +
             std::string(at, ' ') + "^ ran out for this one";
    return kNone;
  }

  int Number(std::size_t& i) {
    if (i < format_.size() && format_[i] == '*') {
      ++i;
      return static_cast<int>(std::clamp(Next(i - 1).Number(), -1.0 * kMaxWidth, 1.0 * kMaxWidth));
    }
    int number = 0;
    for (; i < format_.size() && format_[i] >= '0' && format_[i] <= '9'; ++i) {
      number = std::min(number * 10 + (format_[i] - '0'), kMaxWidth);
    }
    return number;
  }

  // Formats the directive at `start`; where it ends.
  std::size_t Convert(std::size_t start) {
    Directive directive;
    std::size_t i = start + 1;
    const std::size_t digits = std::min(format_.find_first_not_of("0123456789", i), format_.size());
    if (digits > i && digits < format_.size() && format_[digits] == '$') {
      directive.position = static_cast<std::size_t>(Number(i));
      i = digits + 1;
    }
    for (; i < format_.size(); ++i) {
      if (format_[i] == '-') {
        directive.left = true;
      } else if (format_[i] == '0') {
        directive.zero = true;
      } else if (std::string_view("+ #'").find(format_[i]) != std::string_view::npos) {
        if (directive.flags.find(format_[i]) == std::string::npos) directive.flags += format_[i];
      } else {
        break;
      }
    }
    directive.width = Number(i);
    if (directive.width < 0) {
      directive.left = true;
      directive.width = -directive.width;
    }
    if (i < format_.size() && format_[i] == '.') {
      ++i;
      const int precision = Number(i);
      if (precision >= 0) directive.precision = precision;
    }
    while (i < format_.size() &&
           std::string_view("hlLqjzt").find(format_[i]) != std::string_view::npos)
      ++i;
    directive.letter = i < format_.size() ? format_[i] : '\0';
    if (directive.letter == '%') {
      result_ += '%';
      return i;
    }
    if (std::string_view("diouxXcseEfFgGaA").find(directive.letter) == std::string_view::npos ||
        directive.letter == '\0') {
      // What is no directive is printed as it stands.
      result_.append(format_, start, i + 1 - start);
      return i;
    }
    Append(directive, i);
    return i;
  }

  void Append(const Directive& directive, std::size_t at) {
    if (directive.position >= values_.size()) {
      error_ = "argument index " + std::to_string(directive.position) +
               " greater than total number of supplied arguments";
      return;
    }
    const Value& value = directive.position > 0 ? values_[directive.position] : Next(at);
    switch (directive.letter) {
      case 's': {
        std::string text = value.Text(number_format_);
        if (directive.precision) {
          text.resize(Utf8Offset(text, static_cast<std::size_t>(*directive.precision)));
        }
        result_ += Padded(std::move(text), directive);
        break;
      }
      case 'c':
        result_ += Padded(Character(value), directive);
        break;
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        result_ += Integer(directive, value.Number());
        break;
      default: {
        const double number = value.Number();
        if (!std::isfinite(number)) {
          result_ += Padded(FormatNumber(number, "%g"), directive);
        } else {
          result_ += Printed(directive, "", directive.letter, number);
        }
      }
    }
  }

  const std::vector<Value>& values_;
  const std::string& number_format_;
  const std::string format_;
  std::string result_;
  std::string error_;
  std::size_t next_ = 1;
};

}  // namespace

tl::expected<std::string, std::string> FormatValues(const std::vector<Value>& values,
                                                    const std::string& number_format) {
  return Formatter(values, number_format).Run();
}

}  // namespace computesdk::in_memory::awk
