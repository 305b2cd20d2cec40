#include "mocks/in_memory/utilities/sort/sort_options.h"

#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory {
namespace {

// --- the command line -------------------------------------------------------------------------

enum class Blanks { kStart, kEnd, kBoth };

// Applies one ordering letter; false if it is none.
bool ApplyLetter(SortOrder& order, char letter, Blanks blanks) {
  constexpr std::string_view kLetters = "dfghiMnRV";
  if (kLetters.find(letter) != std::string_view::npos) order.letters += letter;
  switch (letter) {
    case 'b':
      if (blanks != Blanks::kEnd) order.skip_start_blanks = true;
      if (blanks != Blanks::kStart) order.skip_end_blanks = true;
      return true;
    case 'd':
      order.dictionary = true;
      return true;
    case 'f':
      order.fold_case = true;
      return true;
    case 'i':
      order.printable = true;
      return true;
    case 'r':
      order.reverse = true;
      return true;
    default:
      break;
  }
  static constexpr std::pair<char, SortKind> kKinds[] = {
      {'g', SortKind::kGeneral}, {'h', SortKind::kHuman},  {'M', SortKind::kMonth},
      {'n', SortKind::kNumeric}, {'R', SortKind::kRandom}, {'V', SortKind::kVersion}};
  for (const auto& [name, kind] : kKinds) {
    if (name == letter) {
      order.kind = kind;
      return true;
    }
  }
  return false;
}

class KeyParser {
 public:
  KeyParser(Process& process, const std::string& text) : process_(process), text_(text) {}

  SortKey Parse() {
    SortKey key;
    key.start_field = Number("field number is zero") - 1;
    if (Take('.')) key.start_character = Number("character offset is zero", "after '.'") - 1;
    Letters(key.order, Blanks::kStart);
    if (Take(',')) {
      key.end_field = Number("field number is zero", "after ','") - 1;
      if (Take('.')) key.end_character = Number("", "after '.'");
      Letters(key.order, Blanks::kEnd);
    }
    if (at_ != text_.size()) Bad("stray character in field spec");
    return key;
  }

 private:
  [[noreturn]] void Bad(const std::string& why) {
    FailSort(process_, why + ": invalid field specification " + QuotedWord(text_));
  }
  bool Take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::size_t Number(const std::string& zero, const char* where = "at field start") {
    const auto end = std::min(text_.find_first_not_of("0123456789", at_), text_.size());
    const auto value = ParseInteger(std::string_view(text_).substr(at_, end - at_));
    if (!value) {
      FailSort(process_, std::string("invalid number ") + where + ": invalid count at start of " +
                             QuotedWord(std::string_view(text_).substr(at_)));
    }
    if (*value == 0 && !zero.empty()) Bad(zero);
    at_ = end;
    return static_cast<std::size_t>(*value);
  }
  void Letters(SortOrder& order, Blanks blanks) {
    while (at_ < text_.size() && ApplyLetter(order, text_[at_], blanks)) ++at_;
  }

  Process& process_;
  const std::string& text_;
  std::size_t at_ = 0;
};

void SetTab(Process& process, SortStyle& style, const std::string& value) {
  if (value.empty()) FailSort(process, "empty tab");
  if (value.size() > 1 && value != "\\0") {
    FailSort(process, "multi-character tab " + QuotedWord(value));
  }
  const char tab = value == "\\0" ? '\0' : value[0];
  if (style.tab && *style.tab != tab) FailSort(process, "incompatible tabs");
  style.tab = tab;
}

SortKind KindOfWord(Process& process, const std::string& word) {
  static constexpr std::pair<std::string_view, SortKind> kWords[] = {
      {"general-numeric", SortKind::kGeneral},
      {"human-numeric", SortKind::kHuman},
      {"month", SortKind::kMonth},
      {"numeric", SortKind::kNumeric},
      {"random", SortKind::kRandom},
      {"version", SortKind::kVersion}};
  for (const auto& [name, kind] : kWords) {
    if (!word.empty() && name.starts_with(word)) return kind;
  }
  std::vector<std::string_view> words;
  for (const auto& [name, kind] : kWords) words.push_back(name);
  UsageError(process, InvalidArgument(word, "--sort", words));
}

// Of the orders that compare in a way of their own, a key can have one.
void RequireCompatible(Process& process, const SortOrder& order) {
  const auto has = [&](char letter) { return order.letters.find(letter) != std::string::npos; };
  int kinds = has('V') || has('R') || has('d') || has('i') ? 1 : 0;
  std::string shown;
  for (const char letter : std::string_view("ghMn")) kinds += has(letter) ? 1 : 0;
  for (const char letter : std::string_view("dfghiMnRV")) {
    if (has(letter)) shown += letter;
  }
  if (kinds > 1) FailSort(process, "options '-" + shown + "' are incompatible");
}

// What was said for all keys holds for those that say nothing of their own.
void CompleteKeys(Process& process, SortStyle& style) {
  if (style.keys.empty() && !style.order.plain()) style.keys.emplace_back().order = style.order;
  for (SortKey& key : style.keys) {
    if (key.order.plain() && !key.order.reverse) key.order = style.order;
    RequireCompatible(process, key.order);
  }
}

// Options that have no short form.
enum LongOnly { kSort = 256, kParallel, kFilesFrom, kBatchSize, kCompressProgram, kRandomSource };

}  // namespace

const std::string_view kSortLetters = "bcCdfghik:mMno:rRsS:t:T:uVz";

void FailSort(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(2);
}

const std::vector<Options::Long>& SortLongs() {
  static const auto* const kLongs =
      new std::vector<Options::Long>{{"ignore-leading-blanks", 'b'},
                                     {"dictionary-order", 'd'},
                                     {"ignore-case", 'f'},
                                     {"general-numeric-sort", 'g'},
                                     {"human-numeric-sort", 'h'},
                                     {"ignore-nonprinting", 'i'},
                                     {"month-sort", 'M'},
                                     {"numeric-sort", 'n'},
                                     {"random-sort", 'R'},
                                     {"reverse", 'r'},
                                     {"version-sort", 'V'},
                                     {"check", 'c', Options::kOptional},
                                     {"merge", 'm'},
                                     {"output", 'o', Options::kRequired},
                                     {"stable", 's'},
                                     {"field-separator", 't', Options::kRequired},
                                     {"key", 'k', Options::kRequired},
                                     {"unique", 'u'},
                                     {"zero-terminated", 'z'},
                                     {"buffer-size", 'S', Options::kRequired},
                                     {"temporary-directory", 'T', Options::kRequired},
                                     {"sort", kSort, Options::kRequired},
                                     {"parallel", kParallel, Options::kRequired},
                                     {"batch-size", kBatchSize, Options::kRequired},
                                     {"compress-program", kCompressProgram, Options::kRequired},
                                     {"random-source", kRandomSource, Options::kRequired},
                                     {"files0-from", kFilesFrom, Options::kRequired}};
  return *kLongs;
}

// "+1.2n -3": fields and characters counted from 0, as keys were given once.
void ModernizeKeys(Process& process) {
  struct Position {
    std::int64_t field = 0;
    std::int64_t character = 0;
    std::string letters;
  };
  const auto read = [](const std::string& word, char sign) -> std::optional<Position> {
    if (word.size() < 2 || word[0] != sign || !IsDigit(word[1])) return std::nullopt;
    Position position;
    std::size_t at = std::min(word.find_first_not_of("0123456789", 1), word.size());
    position.field = ParseInteger(std::string_view(word).substr(1, at - 1)).value_or(0);
    if (at < word.size() && word[at] == '.') {
      const std::size_t end = std::min(word.find_first_not_of("0123456789", at + 1), word.size());
      position.character =
          ParseInteger(std::string_view(word).substr(at + 1, end - at - 1)).value_or(0);
      at = end;
    }
    position.letters = word.substr(at);
    return position;
  };
  auto& args = process.args;
  for (std::size_t i = 1; i < args.size() && args[i] != "--"; ++i) {
    const auto begin = read(args[i], '+');
    if (!begin) continue;
    std::string key = "-k" + std::to_string(begin->field + 1) + "." +
                      std::to_string(begin->character + 1) + begin->letters;
    const auto end = i + 1 < args.size() ? read(args[i + 1], '-') : std::nullopt;
    if (end) {
      key += "," + std::to_string(end->character > 0 ? end->field + 1 : end->field);
      if (end->character > 0) key += "." + std::to_string(end->character);
      key += end->letters;
      args.erase(args.begin() + static_cast<std::ptrdiff_t>(i) + 1);
    }
    args[i] = key;
  }
}

SortStyle ParseSort(Process& process, Options& options, std::optional<std::string>& list) {
  SortStyle style;
  while (auto option = options.Next()) {
    const std::string& value = option->value;
    switch (option->letter) {
      case 'c':
      case 'C': {
        char check = static_cast<char>(option->letter);
        if (!value.empty() && (std::string_view("quiet").starts_with(value) ||
                               std::string_view("silent").starts_with(value))) {
          check = 'C';
        } else if (!value.empty() && !std::string_view("diagnose-first").starts_with(value)) {
          UsageError(process,
                     InvalidArgument(value, "--check", {"quiet’, ‘silent", "diagnose-first"}));
        }
        if (style.check != 0 && style.check != check)
          FailSort(process, "options '-cC' are incompatible");
        style.check = check;
        break;
      }
      case 'k':
        style.keys.push_back(KeyParser(process, value).Parse());
        break;
      case 'm':
        style.merge = true;
        break;
      case 'o':
        style.output = value;
        break;
      case 's':
        style.stable = true;
        break;
      case 't':
        SetTab(process, style, value);
        break;
      case 'u':
        style.unique = true;
        break;
      case 'z':
        style.end = '\0';
        break;
      case 'S':
        // Says how to sort, not what comes out; but it has to be a size.
        if (!ParseSize(value.ends_with('%') ? value.substr(0, value.size() - 1) : value)) {
          const bool suffix = !value.empty() && IsDigit(value[0]);
          FailSort(process, (suffix ? "invalid suffix in -S argument " : "invalid -S argument ") +
                                QuotedName(value));
        }
        break;
      case kBatchSize: {
        // How many files are merged at a time: nothing that comes out.
        const auto count = ParseInteger(value);
        if (!count) FailSort(process, "invalid --batch-size argument " + QuotedName(value));
        if (*count < 2) {
          Complain(process, "invalid --batch-size argument " + QuotedWord(value));
          FailSort(process, "minimum --batch-size argument is " + QuotedWord("2"));
        }
        break;
      }
      case kRandomSource: {
        // Any order is one at random; the file has to be there.
        const auto fd = process.Open(value, O_RDONLY);
        if (!fd) FailSort(process, "open failed: " + value + ": " + ErrnoText(fd.error()));
        (void)process.Close(*fd);
        break;
      }
      case kCompressProgram:  // Of temporary files; there are none,
      case 'T':               // and they need no place.
        break;
      case kSort:
        style.order.kind = KindOfWord(process, value);
        break;
      case kParallel:
        if (!ParseInteger(value))
          FailSort(process, "invalid --parallel argument " + QuotedName(value));
        if (ParseInteger(value) == 0) FailSort(process, "number in parallel must be nonzero");
        break;
      case kFilesFrom:
        list = value;
        break;
      default:
        ApplyLetter(style.order, static_cast<char>(option->letter), Blanks::kBoth);
    }
  }
  CompleteKeys(process, style);
  return style;
}

}  // namespace computesdk::in_memory
