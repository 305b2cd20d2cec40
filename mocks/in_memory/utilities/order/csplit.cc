#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/order/order_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct SplitPattern {
  std::string text;      // As it was given.
  std::size_t line = 0;  // A line number; 0 for a regular expression.
  std::optional<Regex> regex;
  bool skips = false;  // %…%: what is before the match is left out.
  std::int64_t offset = 0;
  std::size_t repeats = 0;
  bool forever = false;
};

struct CsplitStyle {
  std::string prefix = "xx";
  std::string suffix;  // As of printf; empty for `digits` digits.
  std::size_t digits = 2;
  bool keep = false;
  bool quiet = false;
  bool elide = false;
  bool suppress_matched = false;
};

class ContextSplitter {
 public:
  ContextSplitter(Process& process, const CsplitStyle& style, std::string_view content)
      : process_(process), style_(style), out_(process) {
    while (!content.empty()) {
      const std::size_t end = content.find('\n');
      const std::size_t length = end == std::string_view::npos ? content.size() : end + 1;
      lines_.push_back(content.substr(0, length));
      content.remove_prefix(length);
    }
  }

  int Run(const std::vector<SplitPattern>& patterns) {
    for (const SplitPattern& pattern : patterns) {
      for (std::size_t i = 0; !done_ && (pattern.forever || i <= pattern.repeats); ++i) {
        process_.Checkpoint();
        if (pattern.line > 0) {
          ToLine(pattern, i);
        } else {
          ToMatch(pattern, i);
        }
      }
    }
    if (!done_) PutRest();
    return out_.Finish(0);
  }

 private:
  // Lines count from 1; `first_` is the next that nobody has taken.
  bool NoMoreLines() const { return first_ > lines_.size(); }

  void Save() { content_ += lines_[first_ - 1]; }
  void Remove() {
    current_ = std::max(current_, first_);
    ++first_;
  }

  void PutFile() {
    if (content_.empty() && style_.elide) return;
    const std::string name = style_.prefix + Number();
    ++count_;
    const auto written =
        process_.files().WriteFile(process_.AbsolutePath(name), content_, 0666 & ~process_.umask);
    if (!written) {
      out_.Flush();
      ComplainOf(process_, name, written.error());
      GiveUp();
    }
    made_.push_back(name);
    if (!style_.quiet) out_ << std::to_string(content_.size()) << "\n";
    content_.clear();
  }

  std::string Number() const {
    if (style_.suffix.empty()) {
      std::string digits = std::to_string(count_);
      return std::string(style_.digits - std::min(style_.digits, digits.size()), '0') + digits;
    }
    char text[512];
    // Its conversion was looked at, and is of a number.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    (void)std::snprintf(text, sizeof text, style_.suffix.c_str(), static_cast<unsigned>(count_));
#pragma GCC diagnostic pop
    return text;
  }

  void PutRest() {
    for (; !NoMoreLines(); Remove()) Save();
    PutFile();
  }

  [[noreturn]] void GiveUp() {
    out_.Flush();
    if (!style_.keep) {
      for (const std::string& name : made_) {
        (void)process_.files().Unlink(process_.AbsolutePath(name));
      }
    }
    process_.Exit(1);
  }

  [[noreturn]] void Fail(const SplitPattern& pattern, const std::string& words,
                         std::size_t repetition) {
    std::string message = QuotedWord(pattern.text) + ": " + words;
    if (repetition > 0) message += " on repetition " + std::to_string(repetition);
    Complain(process_, message);
    GiveUp();
  }

  void ToLine(const SplitPattern& pattern, std::size_t repetition) {
    constexpr char kOutOfRange[] = "line number out of range";
    const std::size_t end = pattern.line * (repetition + 1);
    if (NoMoreLines() && style_.suppress_matched) Fail(pattern, kOutOfRange, repetition);
    for (; first_ < end; Remove()) {
      if (NoMoreLines()) {
        PutFile();
        Fail(pattern, kOutOfRange, repetition);
      }
      Save();
    }
    PutFile();
    if (style_.suppress_matched && !NoMoreLines()) Remove();
    if (NoMoreLines() && !style_.suppress_matched) Fail(pattern, kOutOfRange, repetition);
  }

  bool Matches(const SplitPattern& pattern, std::size_t line) const {
    std::string_view text = lines_[line - 1];
    if (text.ends_with('\n')) text.remove_suffix(1);
    return pattern.regex->Match(text);
  }

  void ToMatch(const SplitPattern& pattern, std::size_t repetition) {
    std::size_t match = current_ + 1;
    while (match <= lines_.size() && !Matches(pattern, match)) {
      process_.Checkpoint();
      ++match;
    }
    if (match > lines_.size()) {
      if (!pattern.skips) PutRest();
      if (!pattern.forever) Fail(pattern, "match not found", repetition);
      done_ = true;
      return;
    }
    current_ = match;
    const std::int64_t end = static_cast<std::int64_t>(match) + pattern.offset;
    if (end < static_cast<std::int64_t>(first_)) {
      Fail(pattern, "line number out of range", 0);
    }
    for (; first_ < static_cast<std::size_t>(end); Remove()) {
      if (NoMoreLines()) {
        if (!pattern.skips) PutFile();
        Fail(pattern, "line number out of range", 0);
      }
      if (!pattern.skips) Save();
    }
    if (!pattern.skips) PutFile();
    current_ = pattern.offset > 0 ? static_cast<std::size_t>(end) : match;
    if (style_.suppress_matched && !NoMoreLines()) Remove();
  }

  Process& process_;
  const CsplitStyle& style_;
  Output out_;
  std::vector<std::string_view> lines_;
  std::size_t first_ = 1;
  std::size_t current_ = 0;  // The last line that was taken or has matched.
  std::string content_;
  std::size_t count_ = 0;
  std::vector<std::string> made_;
  bool done_ = false;
};

class PatternParser {
 public:
  explicit PatternParser(Process& process) : process_(process) {}

  std::vector<SplitPattern> Parse(const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      if (word[0] == '/' || word[0] == '%') {
        AddRegex(word);
      } else if (word.starts_with('{') && !patterns_.empty()) {
        SetRepeat(word);
      } else {
        AddLine(word);
      }
    }
    return std::move(patterns_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(1);
  }

  void AddRegex(const std::string& word) {
    SplitPattern pattern;
    pattern.text = word;
    pattern.skips = word[0] == '%';
    const std::size_t end = word.find_last_of(word[0]);
    if (end == 0) Fail(word + ": closing delimiter '" + word[0] + "' missing");
    auto regex = Regex::Compile(word.substr(1, end - 1));
    if (!regex) Fail(QuotedWord(word) + ": invalid regular expression: " + regex.error());
    pattern.regex = *regex;
    if (end + 1 < word.size()) {
      const auto offset = ParseInteger(std::string_view(word).substr(end + 1));
      if (!offset) Fail(QuotedWord(word) + ": integer expected after delimiter");
      pattern.offset = *offset;
    }
    patterns_.push_back(std::move(pattern));
  }

  void AddLine(const std::string& word) {
    const auto number = ParseInteger(word);
    if (!number || word[0] == '-' || word[0] == '+') Fail(QuotedWord(word) + ": invalid pattern");
    if (*number == 0) Fail(word + ": line number must be greater than zero");
    SplitPattern pattern;
    pattern.text = word;
    pattern.line = static_cast<std::size_t>(*number);
    if (pattern.line < last_line_) {
      Fail("line number " + QuotedWord(word) + " is smaller than preceding line number, " +
           std::to_string(last_line_));
    }
    if (pattern.line == last_line_) {
      Complain(process_, "warning: line number " + QuotedWord(word) +
                             " is the same as preceding line number");
    }
    last_line_ = pattern.line;
    patterns_.push_back(std::move(pattern));
  }

  void SetRepeat(const std::string& word) {
    if (word.size() < 2 || word.back() != '}')
      Fail(QuotedWord(word) + ": '}' is required in repeat count");
    const std::string count = word.substr(1, word.size() - 2);
    SplitPattern& pattern = patterns_.back();
    if (count == "*") {
      pattern.forever = true;
      return;
    }
    const auto number = ParseInteger(count);
    if (!number || *number < 0) {
      Fail(QuotedWord(word.substr(0, word.size() - 1)) + "}: integer required between '{' and '}'");
    }
    pattern.repeats = static_cast<std::size_t>(*number);
  }

  Process& process_;
  std::vector<SplitPattern> patterns_;
  std::size_t last_line_ = 0;
};

// Exactly one conversion of a number, and no more than a file's name may have.
void CheckSuffix(Process& process, const std::string& suffix) {
  const auto fail = [&](const std::string& message) {
    Complain(process, message);
    process.Exit(1);
  };
  std::size_t conversions = 0;
  for (std::size_t i = 0; i < suffix.size(); ++i) {
    if (suffix[i] != '%') continue;
    if (i + 1 < suffix.size() && suffix[i + 1] == '%') {
      ++i;
      continue;
    }
    const std::size_t end = suffix.find_first_not_of("-+ #0123456789.", i + 1);
    if (end == std::string::npos) fail("missing conversion specifier in suffix");
    if (std::string_view("diuoxX").find(suffix[end]) == std::string_view::npos) {
      fail(std::string("invalid conversion specifier in suffix: ") + suffix[end]);
    }
    const auto width =
        ParseInteger(suffix.substr(i + 1, suffix.find_first_not_of("0123456789", i + 1) - i - 1));
    if (width && *width > 255) fail("invalid conversion specifier in suffix");
    ++conversions;
    i = end;
  }
  if (conversions == 0) fail("missing % conversion specification in suffix");
  if (conversions > 1) fail("too many % conversion specifications in suffix");
}

CsplitStyle ParseCsplit(Process& process, Options& options) {
  constexpr std::int64_t kMostDigits = 255;
  CsplitStyle style;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
        CheckSuffix(process, option->value);
        style.suffix = option->value;
        break;
      case 'f':
        style.prefix = option->value;
        break;
      case 'k':
        style.keep = true;
        break;
      case 'n': {
        const auto digits = ParseInteger(option->value);
        if (!digits || *digits < 0 || *digits > kMostDigits) {
          Complain(process, "invalid number: " + QuotedWord(option->value));
          process.Exit(1);
        }
        style.digits = static_cast<std::size_t>(*digits);
        break;
      }
      case 'z':
        style.elide = true;
        break;
      case 's':
      case 'q':
        style.quiet = true;
        break;
      default:
        style.suppress_matched = true;
    }
  }
  return style;
}

}  // namespace

int CsplitMain(Process& process) {
  Options options(process, "f:b:kn:sqz",
                  {{"digits", 'n', Options::kRequired},
                   {"elide-empty-files", 'z'},
                   {"keep-files", 'k'},
                   {"prefix", 'f', Options::kRequired},
                   {"quiet", 'q'},
                   {"silent", 's'},
                   {"suffix-format", 'b', Options::kRequired},
                   {"suppress-matched", 256}});
  const CsplitStyle style = ParseCsplit(process, options);
  const std::vector<std::string>& operands = options.operands();
  if (operands.empty()) UsageError(process, "missing operand");
  if (operands.size() < 2) UsageError(process, "missing operand after " + QuotedWord(operands[0]));
  for (const std::string& word : operands) {
    if (word.empty()) UsageError(process, QuotedWord(word) + ": invalid pattern");
  }
  const std::vector<SplitPattern> patterns =
      PatternParser(process).Parse({operands.begin() + 1, operands.end()});
  std::string content;
  const int status = ForEachInput(
      process, {operands[0]},
      [&](int fd, const std::string&) { content = process.ReadAll(fd).value_or(""); }, nullptr,
      Directories::kComplain, "cannot open");
  if (status != 0) return 1;
  RequireMemory(process, content.size());
  return ContextSplitter(process, style, content).Run(patterns);
}

}  // namespace computesdk::in_memory
