#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/text_layout/pr.h"

namespace computesdk::in_memory {
namespace {

constexpr int kPages = 300;
constexpr int kColumns = 301;
// Wider pages than that are refused: a row is held in memory.
constexpr std::int64_t kMost = 1 << 24;

class PrOptionParser {
 public:
  explicit PrOptionParser(Process& process) : process_(process) {}

  PrStyle Parse(std::vector<std::string>& files) {
    Options options(process_, "0123456789abcdD:e::fFh:i::Jl:mn::N:o:rs::S::tTvw:W:",
                    {{"pages", kPages, Options::kRequired},
                     {"columns", kColumns, Options::kRequired},
                     {"across", 'a'},
                     {"show-control-chars", 'c'},
                     {"double-space", 'd'},
                     {"date-format", 'D', Options::kRequired},
                     {"expand-tabs", 'e', Options::kOptional},
                     {"form-feed", 'f'},
                     {"header", 'h', Options::kRequired},
                     {"output-tabs", 'i', Options::kOptional},
                     {"join-lines", 'J'},
                     {"length", 'l', Options::kRequired},
                     {"merge", 'm'},
                     {"number-lines", 'n', Options::kOptional},
                     {"first-line-number", 'N', Options::kRequired},
                     {"indent", 'o', Options::kRequired},
                     {"no-file-warnings", 'r'},
                     {"separator", 's', Options::kOptional},
                     {"sep-string", 'S', Options::kOptional},
                     {"omit-header", 't'},
                     {"omit-pagination", 'T'},
                     {"show-nonprinting", 'v'},
                     {"width", 'w', Options::kRequired},
                     {"page-width", 'W', Options::kRequired}});
    while (const auto option = options.Next()) Take(*option);
    for (const std::string& operand : options.operands()) {
      // "+2" and "+2:5" are pages, where they are numbers.
      if (operand.starts_with('+') && TakePages(operand.substr(1), "+")) continue;
      files.push_back(operand);
    }
    Settle(files.size());
    return std::move(style_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(1);
  }

  std::size_t Number(const std::string& text, std::int64_t least, const std::string& what) {
    const auto value = ParseInteger(text);
    if (!value || *value < least || *value > kMost) {
      Fail(what + LocaleQuoted(process_, text) + (value ? ": Numerical result out of range" : ""));
    }
    return static_cast<std::size_t>(*value);
  }

  bool TakePages(const std::string& text, const std::string& option) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    for (const std::size_t begin : {std::size_t{0}, colon + 1}) {
      if (begin <= text.size() && !IsDigit(text[begin])) {
        Fail("invalid " + option + " argument " + QuotedName(text));
      }
    }
    const auto first = ParseInteger(text.substr(0, colon));
    const auto last = colon < text.size() ? ParseInteger(text.substr(colon + 1)) : INT64_MAX;
    if (!first || !last || *first < 1 || *last < *first) return false;
    style_.first_page = static_cast<std::size_t>(*first);
    style_.last_page = static_cast<std::size_t>(*last);
    return true;
  }

  // A character and a number, both optional: -e, -i and -n have them.
  void TakeCharacterAndNumber(const std::string& text, char& character, std::size_t& number,
                              const char* option) {
    std::string digits = text;
    if (!digits.empty() && !IsDigit(digits[0])) {
      character = digits[0];
      digits.erase(0, 1);
    }
    if (digits.empty()) return;
    const auto value = ParseInteger(digits);
    if (!value || *value < 1 || *value > kMost) {
      UsageError(process_, std::string("'") + option + "' extra characters or invalid number in " +
                               "the argument: " + LocaleQuoted(process_, text));
    }
    number = static_cast<std::size_t>(*value);
  }

  void Take(const Options::Option& option) {
    const std::string& value = option.value;
    if (option.letter >= '0' && option.letter <= '9') {
      column_digits_.push_back(static_cast<char>(option.letter));
      return;
    }
    switch (option.letter) {
      case kPages:
        if (!TakePages(value, "--pages")) {
          Fail("invalid page range " + LocaleQuoted(process_, value));
        }
        break;
      case kColumns:
        column_digits_ = value;
        break;
      case 'b':
        break;  // Balanced columns: they always are.
      case 'a':
        style_.across = true;
        break;
      case 'd':
        style_.double_space = true;
        break;
      case 'D':
        style_.date_format = value;
        break;
      case 'e':
        style_.expand = true;
        TakeCharacterAndNumber(value, style_.expand_char, style_.expand_width, "-e");
        break;
      case 'f':
      case 'F':
        style_.form_feed = true;
        break;
      case 'h':
        style_.header = value;
        break;
      case 'i':
        style_.tabify = true;
        TakeCharacterAndNumber(value, style_.tab_char, style_.tab_width, "-i");
        break;
      case 'J':
        style_.join = true;
        break;
      case 'm':
        style_.merge = true;
        break;
      case 'n':
        style_.numbered = true;
        TakeCharacterAndNumber(value, style_.number_separator, style_.number_digits, "-n");
        break;
      case 'r':
        style_.quiet = true;
        break;
      case 'T':
        style_.omit_form_feeds = true;
        [[fallthrough]];
      case 't':
        style_.headers = false;
        break;
      default:
        TakeMeasure(option);
    }
  }

  void TakeMeasure(const Options::Option& option) {
    const std::string& value = option.value;
    switch (option.letter) {
      case 'c':
      case 'v':
        style_.controls = static_cast<char>(option.letter);
        break;
      case 'l':
        style_.page_length = Number(value, 1, "'-l PAGE_LENGTH' invalid number of lines: ");
        break;
      case 'N': {
        const auto number = ParseInteger(value);
        if (!number) {
          Fail("'-N NUMBER' invalid starting line number: " + LocaleQuoted(process_, value));
        }
        style_.first_number = *number;
        break;
      }
      case 'o':
        style_.margin = Number(value, 0, "'-o MARGIN' invalid line offset: ");
        break;
      case 's':
        old_separator_ = true;
        if (!has_separator_ && option.has_value) SetSeparator(value);
        break;
      case 'S':
        old_separator_ = false;
        SetSeparator(value);
        break;
      case 'w':
        old_width_ = true;
        style_.width = Number(value, 1, "'-w PAGE_WIDTH' invalid number of characters: ");
        break;
      default:
        old_width_ = false;
        style_.truncate = true;
        style_.width = Number(value, 1, "'-W PAGE_WIDTH' invalid number of characters: ");
    }
  }

  void SetSeparator(const std::string& text) {
    has_separator_ = true;
    style_.separator = text;
  }

  // What the options mean together.
  void Settle(std::size_t files) {
    if (!column_digits_.empty()) {
      style_.columns = Number(column_digits_, 1, "invalid number of columns: ");
      if (style_.merge) Fail("cannot specify number of columns when printing in parallel");
    }
    if (style_.merge && style_.across) {
      Fail("cannot specify both printing across and printing in parallel");
    }
    if (style_.merge) style_.columns = std::max<std::size_t>(files, 1);
    const bool several = style_.merge || !column_digits_.empty();
    if (old_width_ && several) style_.truncate = true;
    // -s gives up the alignment, unless a width is asked for.
    if (old_separator_ && several) {
      if (!style_.truncate) style_.join = true;
      if (!has_separator_ && style_.truncate) SetSeparator("");
    }
    if (old_width_ && !several) style_.join = true;
    if (!has_separator_) style_.separator = style_.join ? "\t" : " ";
    if (!style_.join && style_.separator == "\t") style_.separator = " ";
    if (style_.columns > 1) {
      style_.truncate = true;
      if (style_.separator != "\t") style_.expand = true;
      style_.tabify = true;
    }
    if (style_.join) style_.truncate = false;
    if (style_.page_length <= 10) style_.headers = false;
    if (style_.columns > 1 && !style_.join && style_.ColumnWidth() < 1) {
      Fail("page width too narrow");
    }
  }

  Process& process_;
  PrStyle style_;
  std::string column_digits_;
  bool has_separator_ = false;
  bool old_separator_ = false;
  bool old_width_ = false;
};

}  // namespace

std::size_t PrStyle::NumberWidth() const {
  if (number_separator != '\t') return number_digits + 1;
  return number_digits + 8 - number_digits % 8;
}

std::size_t PrStyle::BodyLines() const {
  const std::size_t lines = headers ? page_length - 10 : page_length;
  return std::max<std::size_t>(double_space ? lines / 2 : lines, 1);
}

std::size_t PrStyle::ColumnWidth() const {
  const std::size_t used =
      (columns - 1) * separator.size() + (merge && numbered ? NumberWidth() : 0);
  return width > used ? (width - used) / columns : 0;
}

PrStyle ParsePr(Process& process, std::vector<std::string>& files) {
  return PrOptionParser(process).Parse(files);
}

}  // namespace computesdk::in_memory
