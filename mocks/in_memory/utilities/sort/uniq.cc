#include <fcntl.h>

#include <algorithm>
#include <cstdio>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

enum class Grouping { kNone, kPrepend, kAppend, kSeparate, kBoth };

struct UniqStyle {
  bool count = false;
  bool repeated = false;  // -d: only those that are there more than once.
  bool single = false;    // -u: only those that are there once.
  bool all = false;       // -D, --group: every line of a group.
  bool group = false;     // --group: the single ones, too.
  Grouping grouping = Grouping::kNone;
  bool fold_case = false;
  std::size_t skip_fields = 0;
  std::size_t skip_characters = 0;
  std::size_t width = SIZE_MAX;
  char end = '\n';
};

std::string_view ComparedPart(std::string_view line, const UniqStyle& style) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < style.skip_fields && at < line.size(); ++i) {
    while (at < line.size() && IsBlankOrNewline(line[at])) ++at;
    while (at < line.size() && !IsBlankOrNewline(line[at])) ++at;
  }
  at += std::min(style.skip_characters, line.size() - at);
  return line.substr(at, style.width);
}

bool Same(std::string_view a, std::string_view b, const UniqStyle& style) {
  a = ComparedPart(a, style);
  b = ComparedPart(b, style);
  if (!style.fold_case) return a == b;
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return AsciiLower(x) == AsciiLower(y); });
}

class UniqPrinter {
 public:
  UniqPrinter(Output& out, const UniqStyle& style) : out_(out), style_(style) {}

  void Add(std::string_view line) {
    if (count_ > 0 && Same(first_, line, style_)) {
      ++count_;
      if (!style_.all) return;
      if (count_ == 2 && !style_.group) {
        BeginGroup();
        if (!style_.single) Print(first_);
      }
      Print(line);
      return;
    }
    EndGroup();
    first_ = line;
    count_ = 1;
    if (style_.group) {
      BeginGroup();
      Print(first_);
    }
  }

  void Finish() {
    EndGroup();
    const bool append = style_.grouping == Grouping::kAppend || style_.grouping == Grouping::kBoth;
    if (groups_ > 0 && append) out_.Put(style_.end);
  }

 private:
  void BeginGroup() {
    const bool before = style_.grouping == Grouping::kPrepend || style_.grouping == Grouping::kBoth;
    if (before || (groups_ > 0 && style_.grouping != Grouping::kNone)) out_.Put(style_.end);
    ++groups_;
  }

  void EndGroup() {
    if (count_ == 0 || style_.all) return;
    if (count_ == 1 ? style_.repeated : style_.single) return;
    if (style_.count) {
      char text[32];
      const int length = std::snprintf(text, sizeof text, "%7llu ", count_);
      out_.Write({text, static_cast<std::size_t>(length)});
    }
    Print(first_);
  }

  void Print(std::string_view line) {
    out_.Write(line);
    out_.Put(style_.end);
  }

  Output& out_;
  const UniqStyle& style_;
  std::string first_;
  unsigned long long count_ = 0;
  std::size_t groups_ = 0;
};

Grouping ParseGrouping(Process& process, const std::string& word, const char* option,
                       bool for_group) {
  if (word.empty()) return for_group ? Grouping::kSeparate : Grouping::kNone;
  static constexpr std::pair<std::string_view, Grouping> kWords[] = {
      {"none", Grouping::kNone},
      {"prepend", Grouping::kPrepend},
      {"append", Grouping::kAppend},
      {"separate", Grouping::kSeparate},
      {"both", Grouping::kBoth}};
  std::vector<std::string_view> allowed;
  for (const auto& [name, grouping] : kWords) {
    if (for_group ? grouping == Grouping::kNone
                  : grouping == Grouping::kAppend || grouping == Grouping::kBoth) {
      continue;
    }
    if (name.starts_with(word)) return grouping;
    allowed.push_back(name);
  }
  UsageError(process, InvalidArgument(word, option, allowed));
}

UniqStyle ParseUniq(Process& process, Options& options) {
  UniqStyle style;
  const auto number = [&](const std::string& text, const std::string& what) {
    const auto value = ParseInteger(text);
    if (value && *value >= 0) return static_cast<std::size_t>(*value);
    Complain(process, text + ": invalid number of " + what);
    process.Exit(1);
  };
  std::string fields;
  while (auto option = options.Next()) {
    switch (option->letter) {
      case 'c':
        style.count = true;
        break;
      case 'd':
        style.repeated = true;
        break;
      case 'D':
        style.repeated = style.all = true;
        style.grouping = ParseGrouping(process, option->value, "--all-repeated", false);
        break;
      case 300:
        style.all = style.group = true;
        style.grouping = ParseGrouping(process, option->value, "--group", true);
        break;
      case 'u':
        style.single = true;
        break;
      case 'i':
        style.fold_case = true;
        break;
      case 'f':
        style.skip_fields = number(option->value, "fields to skip");
        break;
      case 's':
        style.skip_characters = number(option->value, "bytes to skip");
        break;
      case 'w':
        style.width = number(option->value, "bytes to compare");
        break;
      case 'z':
        style.end = '\0';
        break;
      default:  // "-2", as before -f.
        fields.push_back(static_cast<char>(option->letter));
        style.skip_fields = number(fields, "fields to skip");
    }
  }
  if (style.group && (style.count || style.repeated || style.single)) {
    UsageError(process, "--group is mutually exclusive with -c/-d/-D/-u");
  }
  if (style.all && style.count) {
    UsageError(process, "printing all duplicated lines and repeat counts is meaningless");
  }
  return style;
}

}  // namespace

int UniqMain(Process& process) {
  Options options(process, "cdDuif:s:w:z0123456789",
                  {{"count", 'c'},
                   {"repeated", 'd'},
                   {"all-repeated", 'D', Options::kOptional},
                   {"group", 300, Options::kOptional},
                   {"unique", 'u'},
                   {"ignore-case", 'i'},
                   {"skip-fields", 'f', Options::kRequired},
                   {"skip-chars", 's', Options::kRequired},
                   {"check-chars", 'w', Options::kRequired},
                   {"zero-terminated", 'z'}});
  UniqStyle style = ParseUniq(process, options);
  // "+2", as before -s.
  std::vector<std::string> operands;
  for (const std::string& word : options.operands()) {
    const auto skipped = word.starts_with('+') ? ParseInteger(word) : std::nullopt;
    if (skipped && *skipped >= 0) {
      style.skip_characters = static_cast<std::size_t>(*skipped);
    } else {
      operands.push_back(word);
    }
  }
  if (operands.size() > 2) UsageError(process, "extra operand " + QuotedWord(operands[2]));
  int fd = 1;
  if (!operands.empty() && operands[0] != "-") {
    // It makes no file for what it cannot read.
    const auto input = process.Open(operands[0], O_RDONLY);
    if (!input) {
      ComplainOf(process, operands[0], input.error());
      return 1;
    }
    (void)process.Close(*input);
  }
  if (operands.size() == 2 && operands[1] != "-") {
    const auto opened = process.Open(operands[1], O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened) {
      ComplainOf(process, operands[1], opened.error());
      return 1;
    }
    fd = *opened;
  }
  Output out(process, fd);
  std::vector<std::string> names;
  if (!operands.empty()) names.push_back(operands[0]);
  const int status = ForEachInput(process, names, [&](int input, const std::string&) {
    UniqPrinter printer(out, style);
    Input in(process, input);
    while (auto line = in.ReadLine(style.end)) printer.Add(*line);
    printer.Finish();
  });
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
