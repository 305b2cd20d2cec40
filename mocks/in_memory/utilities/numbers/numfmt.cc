#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/numbers/number_programs.h"
#include "mocks/in_memory/utilities/numbers/numfmt_number.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

enum class Invalid { kAbort, kFail, kWarn, kIgnore };
enum {
  kFrom = 300,
  kFromUnit,
  kTo,
  kToUnit,
  kRound,
  kPadding,
  kSuffix,
  kGrouping,
  kHeader,
  kField,
  kDebug,
  kFormat,
  kInvalid
};

struct FieldRange {
  std::size_t first = 1;
  std::size_t last = SIZE_MAX;
};

struct NumfmtOptions {
  NumberStyle number;
  bool debug = false;
  Invalid invalid = Invalid::kAbort;
  std::vector<FieldRange> fields = {{1, 1}};
  std::optional<char> delimiter;
  char line_end = '\n';
  std::int64_t header = 0;
  std::string suffix;
  std::string prefix;  // What --format says before the number,
  std::string after;   // and behind it.
  std::size_t padding = 0;
  bool left = false;
  bool has_format = false;
};

class NumfmtOptionParser {
 public:
  explicit NumfmtOptionParser(Process& process) : process_(process) {}

  NumfmtOptions Parse(Options& options) {
    while (const auto option = options.Next()) Take(*option);
    if (result_.has_format && grouping_) {
      Fail("--grouping cannot be combined with --format");
    }
    if (result_.number.to != NumberScale::kNone && (grouping_ || result_.number.grouping)) {
      Fail("grouping cannot be combined with --to");
    }
    if (result_.debug && Plain()) Complain(process_, "no conversion option specified");
    return std::move(result_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(1);
  }
  std::string Quoted(const std::string& text) { return LocaleQuoted(process_, text); }

  bool Plain() const {
    return result_.number.from == NumberScale::kNone && result_.number.to == NumberScale::kNone &&
           !grouping_ && result_.padding == 0 && !result_.has_format;
  }

  void Take(const Options::Option& option) {
    const std::string& value = option.value;
    switch (option.letter) {
      case kFrom:
        result_.number.from = Scale(value, "--from", 5);
        break;
      case kTo:
        result_.number.to = Scale(value, "--to", 4);
        break;
      case kFromUnit:
        result_.number.from_unit = Unit(value);
        break;
      case kToUnit:
        result_.number.to_unit = Unit(value);
        break;
      case kRound:
        result_.number.round = static_cast<NumberRound>(
            Choice(value, "--round", {"up", "down", "from-zero", "towards-zero", "nearest"}));
        break;
      case kInvalid:
        result_.invalid =
            static_cast<Invalid>(Choice(value, "--invalid", {"abort", "fail", "warn", "ignore"}));
        break;
      case kPadding:
        TakePadding(value);
        break;
      case kSuffix:
        result_.suffix = value;
        break;
      case kGrouping:
        grouping_ = true;
        break;
      case kHeader:
        result_.header = option.has_value ? ParseInteger(value).value_or(0) : 1;
        if (result_.header <= 0) Fail("invalid header value " + Quoted(value));
        break;
      case kField:
        TakeFields(value);
        break;
      case kDebug:
        result_.debug = true;
        break;
      case kFormat:
        TakeFormat(value);
        break;
      case 'd':
        if (value.size() > 1) Fail("the delimiter must be a single character");
        result_.delimiter = value.empty() ? '\0' : value[0];
        break;
      default:
        result_.line_end = '\0';
    }
  }

  // The choice that a word, perhaps cut short, means.
  std::size_t Choice(const std::string& value, const std::string& option,
                     const std::vector<std::string>& choices) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (choices[i] == value) return i;
      if (!value.empty() && choices[i].starts_with(value)) found = found ? choices.size() : i;
    }
    if (found && *found < choices.size()) return *found;
    std::string message = std::string(found ? "ambiguous" : "invalid") + " argument " +
                          Quoted(value) + " for " + Quoted(option) + "\nValid arguments are:";
    for (const std::string& choice : choices) message += "\n  - " + Quoted(choice);
    UsageError(process_, message);
  }

  NumberScale Scale(const std::string& value, const std::string& option, std::size_t count) {
    std::vector<std::string> names = {"none", "si", "iec", "iec-i"};
    if (count == 5) names.insert(names.begin() + 1, "auto");
    const std::string& name = names[Choice(value, option, names)];
    if (name == "auto") return NumberScale::kAuto;
    if (name == "si") return NumberScale::kSi;
    if (name == "iec") return NumberScale::kIec;
    return name == "none" ? NumberScale::kNone : NumberScale::kIecI;
  }

  // A number with K, M, … for thousands and Ki, Mi, … for 1024s.
  long double Unit(const std::string& value) {
    const std::size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
    const auto number = digits == 0 ? 1 : ParseInteger(value.substr(0, digits)).value_or(0);
    const std::string_view suffix = std::string_view(value).substr(digits);
    const auto power = suffix.empty() ? 0 : ScalePower(suffix[0]).value_or(-1);
    const bool binary = suffix.size() == 2 && suffix[1] == 'i';
    if (value.empty() || number <= 0 || power < 0 || (suffix.size() > 1 && !binary)) {
      Fail("invalid unit size: " + Quoted(value));
    }
    return static_cast<long double>(number) * std::pow(binary ? 1024.0L : 1000.0L, power);
  }

  void TakePadding(const std::string& value) {
    const auto padding = ParseInteger(value);
    if (!padding || *padding == 0) Fail("invalid padding value " + Quoted(value));
    result_.left = *padding < 0;
    result_.padding = static_cast<std::size_t>(std::abs(*padding));
    RequireMemory(process_, result_.padding);
  }

  void TakeFields(const std::string& list) {
    result_.fields.clear();
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t end = std::min(list.find_first_of(", ", at), list.size());
      TakeFieldRange(list.substr(at, end - at));
      at = end + 1;
    }
  }

  void TakeFieldRange(const std::string& text) {
    FieldRange range;
    const std::size_t dash = text.find('-');
    const auto number = [&](const std::string& digits) {
      if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos) {
        UsageError(process_, "invalid field value " + Quoted(digits));
      }
      const auto value = ParseInteger(digits).value_or(0);
      if (value == 0) UsageError(process_, "fields are numbered from 1");
      return static_cast<std::size_t>(value);
    };
    if (dash == std::string::npos) {
      range.first = range.last = number(text);
    } else {
      if (dash > 0) range.first = number(text.substr(0, dash));
      if (dash + 1 < text.size()) range.last = number(text.substr(dash + 1));
      if (range.last < range.first) UsageError(process_, "invalid decreasing range");
    }
    result_.fields.push_back(range);
  }

  // %[0]['][-][N][.][N]f, with other text around.
  void TakeFormat(const std::string& format) {
    result_.has_format = true;
    const std::string shown = "format " + Quoted(format);
    std::size_t at = Directive(format, 0);
    if (at == std::string::npos) Fail(shown + " has no % directive");
    // GNU's program means "%%" to be "%", but takes it as it stands, and loses a character for it.
    std::size_t doubled = 0;
    for (std::size_t i = format.find("%%"); i < at; i = format.find("%%", i + 2)) ++doubled;
    result_.prefix = format.substr(0, at - doubled);
    ++at;
    for (; at < format.size() && std::string_view("0'- ").find(format[at]) != std::string::npos;
         ++at) {
      if (format[at] == '0') zero_ = true;
      if (format[at] == '\'') result_.number.grouping = true;
      if (format[at] == '-') result_.left = true;
    }
    const std::size_t width = TakeDigits(format, at);
    if (width > 0 && zero_ && !result_.left) {
      result_.number.zero_width = width;
    } else if (width > 0) {
      result_.padding = width;
    }
    if (at == format.size()) Fail(shown + " ends in %");
    if (format[at] == '.') {
      ++at;
      result_.number.precision = TakeDigits(format, at);
    }
    if (at >= format.size() || format[at] != 'f') {
      Fail("invalid " + shown + ", directive must be %[0]['][-][N][.][N]f");
    }
    ++at;
    if (Directive(format, at) != std::string::npos) Fail(shown + " has too many % directives");
    result_.after = format.substr(at);
  }

  // Where a '%' stands that is not doubled.
  static std::size_t Directive(const std::string& format, std::size_t from) {
    for (std::size_t at = from; at < format.size(); ++at) {
      if (format[at] != '%') continue;
      if (at + 1 == format.size() || format[at + 1] != '%') return at;
      ++at;
    }
    return std::string::npos;
  }

  std::size_t TakeDigits(const std::string& text, std::size_t& at) {
    const std::size_t end = std::min(text.find_first_not_of("0123456789", at), text.size());
    const auto value = ParseInteger(text.substr(at, end - at)).value_or(0);
    RequireMemory(process_, static_cast<std::size_t>(value));
    at = end;
    return static_cast<std::size_t>(value);
  }

  Process& process_;
  NumfmtOptions result_;
  bool grouping_ = false;
  bool zero_ = false;
};

class NumfmtConverter {
 public:
  NumfmtConverter(Process& process, Output& out, const NumfmtOptions& options)
      : process_(process), out_(out), options_(options) {}

  bool valid() const { return valid_; }

  void ConvertLine(std::string_view line, bool ended) {
    std::size_t field = 0;
    while (true) {
      ++field;
      const std::size_t end = FieldEnd(line);
      ConvertField(line.substr(0, end), field);
      if (end == line.size()) break;
      out_.Put(options_.delimiter.value_or(' '));
      line.remove_prefix(end + 1);
    }
    if (ended) out_.Put(options_.line_end);
  }

 private:
  static bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

  std::size_t FieldEnd(std::string_view line) const {
    if (options_.delimiter) return std::min(line.find(*options_.delimiter), line.size());
    std::size_t at = 0;
    while (at < line.size() && IsBlank(line[at])) ++at;
    while (at < line.size() && !IsBlank(line[at])) ++at;
    return at;
  }

  void ConvertField(std::string_view text, std::size_t field) {
    const bool wanted = std::any_of(
        options_.fields.begin(), options_.fields.end(),
        [&](const FieldRange& range) { return range.first <= field && field <= range.last; });
    if (!wanted) {
      out_ << text;
      return;
    }
    const auto number = Convert(text);
    if (!number) {
      if (options_.invalid != Invalid::kIgnore && options_.invalid != Invalid::kWarn) {
        valid_ = false;
      }
      out_ << text;
      return;
    }
    PrintPadded(*number, text, field);
  }

  std::optional<std::string> Convert(std::string_view text) {
    while (!text.empty() && IsBlank(text[0])) text.remove_prefix(1);
    const std::string& suffix = options_.suffix;
    if (!suffix.empty() && text.size() > suffix.size() && text.ends_with(suffix)) {
      text.remove_suffix(suffix.size());
    }
    const NumberResult result = ConvertNumber(text, options_.number);
    if (result.error.empty()) return result.text + suffix;
    if (options_.invalid != Invalid::kIgnore) {
      out_.Flush();
      std::string message = result.error;
      for (const std::string& part : result.quoted) {
        message.replace(message.find("%s"), 2, LocaleQuoted(process_, part));
      }
      Complain(process_, message);
      if (options_.invalid == Invalid::kAbort) process_.Exit(2);
    }
    return std::nullopt;
  }

  void PrintPadded(const std::string& number, std::string_view text, std::size_t field) {
    std::size_t width = options_.padding;
    // Fields that stand apart from each other keep their place.
    if (width == 0 && !options_.delimiter && (field > 1 || IsBlank(text[0]))) width = text.size();
    const std::string blanks(width > number.size() ? width - number.size() : 0, ' ');
    out_ << options_.prefix << (options_.left ? "" : blanks) << number
         << (options_.left ? blanks : "") << options_.after;
  }

  Process& process_;
  Output& out_;
  const NumfmtOptions& options_;
  bool valid_ = true;
};

}  // namespace

int NumfmtMain(Process& process) {
  Options words(process, "d:z",
                {{"from", kFrom, Options::kRequired},
                 {"from-unit", kFromUnit, Options::kRequired},
                 {"to", kTo, Options::kRequired},
                 {"to-unit", kToUnit, Options::kRequired},
                 {"round", kRound, Options::kRequired},
                 {"padding", kPadding, Options::kRequired},
                 {"suffix", kSuffix, Options::kRequired},
                 {"grouping", kGrouping},
                 {"delimiter", 'd', Options::kRequired},
                 {"field", kField, Options::kRequired},
                 {"debug", kDebug},
                 {"header", kHeader, Options::kOptional},
                 {"format", kFormat, Options::kRequired},
                 {"invalid", kInvalid, Options::kRequired},
                 {"zero-terminated", 'z'}});
  const NumfmtOptions options = NumfmtOptionParser(process).Parse(words);
  Output out(process);
  NumfmtConverter converter(process, out, options);
  for (const std::string& operand : words.operands()) converter.ConvertLine(operand, true);
  if (words.operands().empty()) {
    Input in(process, 0);
    std::int64_t number = 0;
    while (const auto line = in.ReadLine(options.line_end)) {
      if (++number > options.header) {
        converter.ConvertLine(*line, in.ended());
      } else {
        out << *line;
        out.Put(options.line_end);
      }
    }
  }
  return out.Finish(converter.valid() ? 0 : 2);
}

}  // namespace computesdk::in_memory
