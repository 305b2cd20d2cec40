#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/syntax/utf8.h"
#include "mocks/in_memory/shell/syntax/word_reader.h"
#include "mocks/in_memory/text/time_zone.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr int kWidestField = 1 << 24;

// \x41, \u41, \E, \' and \", which sh does not know.
bool IsNoPlainEscape(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() &&
         std::string_view("xuUE'\"").find(text[at + 1]) != std::string_view::npos;
}

bool IsOctalEscape(std::string_view text, std::size_t at) {
  return text[at] == '\\' && at + 1 < text.size() && text[at + 1] >= '1' && text[at + 1] <= '7';
}

int Echo(Interpreter& shell, const Args& args) {
  bool newline = true;
  bool escapes = shell.state.shopt.xpg_echo;
  std::size_t index = 1;
  const bool plain = shell.state.plain_sh;
  if (plain) escapes = true;
  const bool no_options = shell.state.options.posix && escapes;
  if (plain && args.size() > 1 && args[1] == "-n") {  // dash knows this one word.
    newline = false;
    ++index;
  }
  for (; index < args.size() && !plain; ++index) {
    const std::string& arg = args[index];
    if (no_options || arg.size() < 2 || arg[0] != '-' ||
        arg.find_first_not_of("neE", 1) != std::string::npos) {
      break;
    }
    for (const char c : arg.substr(1)) {
      if (c == 'n') newline = false;
      if (c == 'e') escapes = true;
      if (c == 'E') escapes = false;
    }
  }
  std::string output;
  bool stop = false;
  for (std::size_t i = index; i < args.size() && !stop; ++i) {
    if (i != index) output += ' ';
    if (!escapes) {
      output += args[i];
      continue;
    }
    for (std::size_t at = 0; at < args[i].size() && !stop;) {
      const bool literal = plain && IsNoPlainEscape(args[i], at);
      if (!literal && plain && IsOctalEscape(args[i], at)) {
        // As in a format: \101 needs no 0.
        at = AppendEscape(args[i], at + 1, EscapeStyle::kPrintf, output, stop);
      } else if (!literal && args[i][at] == '\\' && at + 1 < args[i].size()) {
        at = AppendEscape(args[i], at + 1, EscapeStyle::kEcho, output, stop);
      } else {
        output += args[i][at++];
      }
    }
  }
  if (newline && !stop) output += '\n';
  return shell.WriteOutput(output) ? 0 : 1;
}

// One run over a format consumes arguments; the format is used again while some are left.
class Formatter {
 public:
  Formatter(Interpreter& shell, const Args& args, std::size_t first, bool to_output)
      : shell_(shell), args_(args), index_(first), to_output_(to_output) {}

  int Run(const std::string& format) {
    do {
      const std::size_t before = index_;
      RunOnce(format);
      if (stop_ || index_ == before) break;
      shell_.process.Checkpoint();
    } while (index_ < args_.size());
    return status_;
  }
  std::string& output() { return output_; }

 private:
  // What has ended its line is written before an error is.
  void Complain(const std::string& message) {
    const std::size_t end = output_.rfind('\n') + 1;
    if (to_output_ && end != 0) {
      if (!shell_.WriteOutput(output_.substr(0, end))) status_ = 1;
      output_.erase(0, end);
      written_ += end;
    }
    shell_.ComplainAs("printf", message);
  }

  bool Has() const { return index_ < args_.size(); }
  std::string NextText() { return Has() ? args_[index_++] : ""; }

  void RunOnce(const std::string& format) {
    for (std::size_t at = 0; at < format.size() && !stop_;) {
      const char c = format[at];
      if (shell_.state.plain_sh && IsNoPlainEscape(format, at)) {
        output_ += format[at++];
      } else if (c == '\\' && at + 1 < format.size()) {
        CheckEscape(format, at + 1);
        at = AppendEscape(format, at + 1, EscapeStyle::kPrintf, output_, stop_);
      } else if (c != '%') {
        output_ += c;
        ++at;
      } else if (format.compare(at, 2, "%%") == 0) {
        output_ += '%';
        at += 2;
      } else {
        at = Conversion(format, at + 1);
      }
    }
  }

  // \x without a digit stays as it is, and is complained of.
  void CheckEscape(const std::string& text, std::size_t at) {
    const char kind = text[at];
    if (kind != 'x' && kind != 'u' && kind != 'U') return;
    const bool digit =
        at + 1 < text.size() &&
        std::string_view("0123456789abcdefABCDEF").find(text[at + 1]) != std::string_view::npos;
    if (digit) return;
    Complain(kind == 'x' ? "missing hex digit for \\x"
                         : std::string("missing unicode digit for \\") + kind);
  }

  int Number(const std::string& format, std::size_t& at, bool& from_argument) {
    if (at < format.size() && format[at] == '*') {
      ++at;
      from_argument = true;
      constexpr std::int64_t kMost = std::numeric_limits<int>::max();
      return static_cast<int>(std::clamp<std::int64_t>(Integer(), -kMost, kMost));
    }
    std::int64_t value = 0;
    while (at < format.size() && format[at] >= '0' && format[at] <= '9') {
      value = std::min<std::int64_t>(value * 10 + (format[at++] - '0'), kWidestField);
    }
    return static_cast<int>(value);
  }

  std::size_t Conversion(const std::string& format, std::size_t at) {
    const std::size_t start = at;
    const bool plain = shell_.state.plain_sh;
    const std::string_view flags = plain ? "-+ #0" : "-+ #0'";
    flags_.clear();
    while (at < format.size() && flags.find(format[at]) != std::string_view::npos) {
      flags_ += format[at++];
    }
    bool starred = false;
    width_ = Number(format, at, starred);
    if (width_ < 0) {
      flags_ += '-';
      width_ = -width_;
    }
    precision_ = -1;
    if (at < format.size() && format[at] == '.') {
      ++at;
      precision_ = Number(format, at, starred);
    }
    while (!plain && at < format.size() &&
           std::string_view("hlLjzt").find(format[at]) != std::string_view::npos) {
      ++at;
    }
    if (at >= format.size()) {
      Complain("`%" + format.substr(start) + "': missing format character");
      Fail();
      if (plain) status_ = 2;
      return at;
    }
    if (format[at] == '(' && !plain) return Time(format, at + 1);
    Convert(format[at], format, at);
    return at + 1;
  }

  void Fail() {
    status_ = 1;
    stop_ = true;
  }

  void Convert(char kind, const std::string& format, std::size_t at) {
    const bool plain = shell_.state.plain_sh;
    const bool unknown = plain && std::string_view("qQn").find(kind) != std::string_view::npos;
    switch (unknown ? '\0' : kind) {
      case 's':
        return Pad(Cut(NextText()));
      case 'c':
        return PadCharacter(NextText());
      case 'q':
        return Pad(Cut(QuoteForShell(NextText())));
      case 'Q':
        return Pad(QuoteForShell(Cut(NextText())));
      case 'b': {
        const std::string text = NextText();
        std::string expanded;
        for (std::size_t i = 0; i < text.size() && !stop_;) {
          const bool literal = shell_.state.plain_sh && IsNoPlainEscape(text, i);
          if (!literal && text[i] == '\\' && i + 1 < text.size()) {
            CheckEscape(text, i + 1);
            const bool octal = text[i + 1] >= '1' && text[i + 1] <= '7';
            i = AppendEscape(text, i + 1, octal ? EscapeStyle::kPrintf : EscapeStyle::kEcho,
                             expanded, stop_);
          } else {
            expanded += text[i++];
          }
        }
        return Pad(Cut(std::move(expanded)));
      }
      case 'n': {
        const std::string name = NextText();
        if (IsName(name)) {
          shell_.Assign(name, std::to_string(written_ + output_.size()));
        } else if (!name.empty()) {
          shell_.ComplainAs("printf", "`" + name + "': not a valid identifier");
          status_ = 1;
        }
        return;
      }
      case 'd':
      case 'i':
      case 'u':
      case 'o':
      case 'x':
      case 'X':
        return PrintInteger(kind);
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
      case 'A':
        return PrintFloat(kind);
      default:
        if (plain) {
          const std::size_t percent = at == 0 ? 0 : format.rfind('%', at - 1);
          const std::size_t kind_at = format.find_first_not_of("0123456789.-+ #*", percent + 1);
          const std::size_t end = std::min(kind_at, format.size() - 1) + 1;
          Complain(format.substr(percent, end - percent) + ": invalid directive");
          Fail();
          status_ = 2;
          return;
        }
        Complain("`" + std::string(1, format[at]) + "': invalid format character");
        Fail();
    }
  }

  std::string Cut(std::string text) const {
    if (precision_ >= 0 && static_cast<std::size_t>(precision_) < text.size()) {
      text.resize(static_cast<std::size_t>(precision_));
    }
    return text;
  }

  void Pad(const std::string& text) {
    const std::size_t length = text.size();
    const std::size_t gap = static_cast<std::size_t>(width_) > length ? width_ - length : 0;
    const bool left = flags_.find('-') != std::string::npos;
    if (!left) output_.append(gap, ' ');
    output_ += text;
    if (left) output_.append(gap, ' ');
  }

  // The first byte; of an empty text, its terminating NUL.
  void PadCharacter(const std::string& text) { Pad(std::string(1, text.empty() ? '\0' : text[0])); }

  // "'A" and "\"A" are the number of a character.
  bool CharacterValue(const std::string& text, std::int64_t& value) const {
    if (text.empty() || (text[0] != '\'' && text[0] != '"')) return false;
    std::size_t at = 1;
    value = 0;
    if (text.size() > 1 && shell_.state.plain_sh) {
      value = static_cast<unsigned char>(text[1]);
    } else if (text.size() > 1) {
      const char32_t c = NextCharacter(text, at);
      value = c >= kInvalidByte ? c - kInvalidByte : c;
    }
    return true;
  }

  std::int64_t Integer(bool is_unsigned = false) {
    const std::string text = NextText();
    std::int64_t value = 0;
    if (text.empty() || CharacterValue(text, value)) return value;
    char* end = nullptr;
    errno = 0;
    value = is_unsigned ? static_cast<std::int64_t>(std::strtoull(text.c_str(), &end, 0))
                        : std::strtoll(text.c_str(), &end, 0);
    if (*end != '\0') {
      const char second = text[0] == '0' ? text[1] : ' ';
      const std::string kind = second >= '0' && second <= '9' ? "octal "
                               : second == 'x'                ? "hex "
                                                              : "";
      Complain(text + ": invalid " + kind + "number");
      status_ = 1;
    } else if (errno == ERANGE) {
      const bool plain = shell_.state.plain_sh;
      Complain((plain ? "" : "warning: ") + text + ": Numerical result out of range");
      if (plain) status_ = 1;
    }
    return value;
  }

  std::string Specification(const char* length, char kind) const {
    std::string text = "%" + flags_;
    std::erase(text, '\'');
    text += "*";
    if (precision_ >= 0) text += ".*";
    return text + length + kind;
  }

  template <typename Value>
  void Print(const std::string& specification, Value value) {
    const int width = std::min(width_, kWidestField);
    const auto print = [&](char* buffer, std::size_t size) {
      return precision_ >= 0
                 ? std::snprintf(buffer, size, specification.c_str(), width, precision_, value)
                 : std::snprintf(buffer, size, specification.c_str(), width, value);
    };
    const int size = print(nullptr, 0);
    if (size < 0) return Fail();
    std::string text(static_cast<std::size_t>(size) + 1, '\0');
    print(text.data(), text.size());
    text.pop_back();
    output_ += text;
  }

  void PrintInteger(char kind) {
    const std::int64_t value = Integer(kind != 'd' && kind != 'i');
    Print(Specification("ll", kind), static_cast<long long>(value));
  }

  void PrintFloat(char kind) {
    const std::string text = NextText();
    std::int64_t character = 0;
    long double value = 0;
    if (CharacterValue(text, character)) {
      value = static_cast<long double>(character);
    } else if (!text.empty()) {
      char* end = nullptr;
      value = std::strtold(text.c_str(), &end);
      if (*end != '\0') {
        Complain(text + ": invalid number");
        status_ = 1;
      }
    }
    if (shell_.state.plain_sh) return Print(Specification("", kind), static_cast<double>(value));
    Print(Specification("L", kind), value);
  }

  // %(format)T. Without its ")T" it is no conversion: a "%" and "(", and the rest once more.
  std::size_t Time(const std::string& format, std::size_t at) {
    int depth = 1;
    std::size_t end = at;
    for (; end < format.size(); ++end) {
      if (format[end] == '(') ++depth;
      if (format[end] == ')' && --depth == 0) break;
    }
    if (end + 1 >= format.size() || format[end + 1] != 'T') {
      const std::string_view kind = end + 1 < format.size()
                                        ? std::string_view(format).substr(end + 1, 1)
                                        : std::string_view();
      Complain("warning: `" + std::string(kind) + "': invalid time format specification");
      output_ += "%(";
      return at;
    }
    std::string time_format = format.substr(at, end - at);
    if (time_format.empty()) time_format = "%X";
    const std::int64_t value = Has() ? Integer() : -1;
    const auto seconds = [](std::chrono::nanoseconds time) {
      return std::chrono::duration_cast<std::chrono::seconds>(time).count();
    };
    std::int64_t moment = value;
    if (value == -1) moment = seconds(shell_.process.clock().Now().time_since_epoch());
    if (value == -2) moment = seconds(shell_.state.started);
    Pad(Cut(FormatIn(TimeZone::FromName(shell_.GetString("TZ")), moment, time_format)));
    return end + 2;
  }

  Interpreter& shell_;
  const Args& args_;
  std::size_t index_;
  const bool to_output_;
  std::string output_;
  std::size_t written_ = 0;
  std::string flags_;
  int width_ = 0;
  int precision_ = -1;
  int status_ = 0;
  bool stop_ = false;
};

int Printf(Interpreter& shell, const Args& args) {
  std::size_t index = 1;
  std::string variable;
  const bool assigns = args.size() > 1 && args[1] == "-v";
  if (assigns && shell.state.plain_sh) return UsageError(shell, "printf", "-v: invalid option");
  if (args.size() == 2 && assigns) {
    return UsageError(shell, "printf", "-v: option requires an argument");
  }
  if (args.size() > 1 && args[1].size() > 1 && args[1][0] == '-' && args[1] != "--" &&
      args[1][1] != 'v') {
    return UsageError(shell, "printf", args[1].substr(0, 2) + ": invalid option");
  }
  const bool joined =
      !shell.state.plain_sh && args.size() > 1 && args[1].size() > 2 && args[1].starts_with("-v");
  if (joined || (args.size() > 2 && assigns)) {
    variable = joined ? args[1].substr(2) : args[2];
    index = joined ? 2 : 3;
    const std::string name = variable.substr(0, variable.find('['));
    const bool element = name.size() < variable.size();
    if (!IsName(name) ||
        (element && FindClosingBracket(variable, name.size()) + 1 != variable.size())) {
      shell.ComplainAs("printf", "`" + variable + "': not a valid identifier");
      return 2;
    }
  }
  if (index < args.size() && args[index] == "--") ++index;
  if (index >= args.size()) {
    return UsageError(shell, "printf",
                      shell.state.plain_sh ? "usage: printf format [arg ...]" : "");
  }
  Formatter formatter(shell, args, index + 1, variable.empty());
  int status = formatter.Run(args[index]);
  if (variable.empty()) {
    if (!shell.WriteOutput(formatter.output())) status = 1;
    return status;
  }
  const std::string text = formatter.output().substr(0, formatter.output().find('\0'));
  return shell.AssignOperand(variable, text) ? status : 1;
}

}  // namespace

void AddOutputBuiltins(BuiltinTable& table) {
  table["echo"] = Echo;
  table["printf"] = Printf;
}

}  // namespace computesdk::in_memory::shell
