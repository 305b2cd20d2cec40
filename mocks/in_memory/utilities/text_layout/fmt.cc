#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text_layout/text_layout.h"

namespace computesdk::in_memory {
namespace {

constexpr std::int64_t kTab = 8;
constexpr std::int64_t kMaxWidth = 2500;
// A paragraph is laid out in pieces of at most so many words or characters, as GNU does: where the
// pieces part, a line may break elsewhere than in one whole.
constexpr std::size_t kMaxWords = 998;
constexpr std::size_t kMaxCharacters = 5000;

constexpr std::int64_t Squared(std::int64_t number) { return number * number; }
constexpr std::int64_t kMaxCost = std::numeric_limits<std::int64_t>::max() / 4;
constexpr std::int64_t kLineCost = Squared(70);
constexpr std::int64_t kSentenceBonus = Squared(50);
constexpr std::int64_t kNoBreakCost = Squared(600);
constexpr std::int64_t kParenthesisBonus = Squared(40);
constexpr std::int64_t kPunctuationBonus = Squared(40);
constexpr std::int64_t kLineCredit = Squared(3);
constexpr std::int64_t ShortCost(std::int64_t missing) { return Squared(missing * 10); }
constexpr std::int64_t RaggedCost(std::int64_t difference) { return ShortCost(difference) / 2; }
constexpr std::int64_t WidowCost(std::int64_t length) { return Squared(200) / (length + 2); }
constexpr std::int64_t OrphanCost(std::int64_t length) { return Squared(150) / (length + 2); }

struct FmtWord {
  std::string text;
  std::int64_t space = 0;  // Behind it.
  bool opens = false;      // A parenthesis or a quotation.
  bool period = false;
  bool punctuation = false;
  bool final = false;     // Of a sentence.
  std::int64_t cost = 0;  // Of the best layout from here on.
  std::int64_t line = 0;  // The length of its line, if it begins one,
  std::size_t next = 0;   // and the word that begins the next.
  std::int64_t length() const { return static_cast<std::int64_t>(text.size()); }
};

struct FmtStyle {
  bool crown = false;
  bool tagged = false;
  bool split = false;
  bool uniform = false;
  std::int64_t width = 75;
  std::int64_t goal = 0;
  std::string prefix;
  std::int64_t prefix_indent = 0;       // Blanks in front of it,
  std::int64_t prefix_full_length = 0;  // and its length with those behind it.
};

void MarkPunctuation(FmtWord& word) {
  static constexpr std::string_view kMarks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
  const std::string& text = word.text;
  word.opens = std::string_view("(['`\"").find(text[0]) != std::string_view::npos;
  word.punctuation = kMarks.find(text.back()) != std::string_view::npos;
  std::size_t last = text.size() - 1;
  while (last > 0 && std::string_view(")]'\"").find(text[last]) != std::string_view::npos) --last;
  word.period = std::string_view(".?!").find(text[last]) != std::string_view::npos;
}

class Formatter {
 public:
  Formatter(Process& process, Output& out, const FmtStyle& style)
      : process_(process), out_(out), style_(style) {}

  void Format(int fd) {
    Input in(process_, fd);
    in_ = &in;
    other_indent_ = 0;
    next_ = ReadPrefix();
    while (ReadParagraph()) {
      Layout();
      Print(words_.size());
    }
  }

 private:
  static constexpr int kEnd = -1;

  // --- reading --------------------------------------------------------------------------------

  int Get() {
    if (at_ == block_.size()) {
      block_ = in_->ReadBlock();
      at_ = 0;
      if (block_.empty()) return kEnd;
    }
    return static_cast<unsigned char>(block_[at_++]);
  }

  // The first character behind the blanks; their width goes to the column.
  int SkipBlanks(int c) {
    for (;; c = Get()) {
      if (c == ' ') {
        ++column_;
      } else if (c == '\t') {
        tabs_ = true;
        column_ = (column_ / kTab + 1) * kTab;
      } else {
        return c;
      }
    }
  }

  // What a line begins with: blanks and, where one is wanted, the prefix.
  int ReadPrefix() {
    process_.Checkpoint();
    column_ = 0;
    int c = SkipBlanks(Get());
    if (style_.prefix.empty()) {
      next_prefix_indent_ = std::min(style_.prefix_indent, column_);
      return c;
    }
    next_prefix_indent_ = column_;
    for (const char wanted : style_.prefix) {
      if (c != static_cast<unsigned char>(wanted)) return c;
      ++column_;
      c = Get();
    }
    return SkipBlanks(c);
  }

  bool Continues(int c) const {
    return next_prefix_indent_ == prefix_indent_ &&
           column_ >= next_prefix_indent_ + style_.prefix_full_length && c != '\n' && c != kEnd;
  }

  bool ReadParagraph() {
    last_line_ = 0;
    int c = next_;
    while (c == '\n' || c == kEnd || next_prefix_indent_ < style_.prefix_indent ||
           column_ < next_prefix_indent_ + style_.prefix_full_length) {
      c = CopyLine(c);
      if (c == kEnd) {
        next_ = kEnd;
        return false;
      }
      out_.Put('\n');
      c = ReadPrefix();
    }
    prefix_indent_ = next_prefix_indent_;
    first_indent_ = column_;
    words_.clear();
    characters_ = 0;
    c = ReadLine(c);
    SetOtherIndent(Continues(c));
    c = ReadFollowingLines(c);
    if (!words_.empty()) words_.back().period = words_.back().final = true;
    next_ = c;
    return true;
  }

  // The lines that belong to the paragraph whose first line has been read.
  int ReadFollowingLines(int c) {
    if (style_.split) return c;
    const bool own_second = style_.crown || (style_.tagged && column_ != first_indent_);
    if (style_.crown || style_.tagged) {
      if (!own_second || !Continues(c)) return c;
      c = ReadLine(c);
    }
    while (Continues(c) && column_ == other_indent_) c = ReadLine(c);
    return c;
  }

  // The words of a line whose first character is `c`; what begins the next line.
  int ReadLine(int c) {
    do {
      FmtWord word;
      do {
        if (characters_ + word.text.size() == kMaxCharacters) FlushBefore(word);
        word.text.push_back(static_cast<char>(c));
        c = Get();
      } while (c != kEnd && !IsSpace(static_cast<char>(c)));
      column_ += word.length();
      MarkPunctuation(word);
      const std::int64_t start = column_;
      c = SkipBlanks(c);
      word.space = column_ - start;
      word.final = c == kEnd || (word.period && (c == '\n' || word.space > 1));
      if (c == '\n' || c == kEnd || style_.uniform) word.space = word.final ? 2 : 1;
      if (words_.size() == kMaxWords) FlushBefore(word);
      characters_ += word.text.size();
      words_.push_back(std::move(word));
    } while (c != '\n' && c != kEnd);
    return ReadPrefix();
  }

  void SetOtherIndent(bool continues) {
    if (style_.split) {
      other_indent_ = first_indent_;
    } else if (style_.crown) {
      other_indent_ = continues ? column_ : first_indent_;
    } else if (style_.tagged) {
      if (continues && column_ != first_indent_) {
        other_indent_ = column_;
      } else if (other_indent_ == first_indent_) {
        other_indent_ = first_indent_ == 0 ? 3 : 0;
      }
    } else {
      other_indent_ = first_indent_;
    }
  }

  // A line that belongs to no paragraph, from its first character on.
  int CopyLine(int c) {
    written_ = 0;
    if (column_ > next_prefix_indent_ || (c != '\n' && c != kEnd)) {
      PutSpace(next_prefix_indent_);
      for (std::size_t i = 0; written_ != column_ && i < style_.prefix.size(); ++i) {
        out_.Put(style_.prefix[i]);
        ++written_;
      }
      if (c != kEnd && c != '\n') PutSpace(column_ - written_);
      const auto prefix = static_cast<std::int64_t>(style_.prefix.size());
      if (c == kEnd && column_ >= next_prefix_indent_ + prefix) out_.Put('\n');
    }
    while (c != '\n' && c != kEnd) {
      out_.Put(static_cast<char>(c));
      c = Get();
    }
    return c;
  }

  // --- layout ---------------------------------------------------------------------------------

  // What it costs to begin a line with that word.
  std::int64_t BreakCost(std::size_t at) const {
    std::int64_t cost = kLineCost;
    if (at > 0) {
      const FmtWord& before = words_[at - 1];
      if (before.period) {
        cost += before.final ? -kSentenceBonus : kNoBreakCost;
      } else if (before.punctuation) {
        cost -= kPunctuationBonus;
      } else if (at > 1 && words_[at - 2].final) {
        cost += WidowCost(before.length());
      }
    }
    const FmtWord& word = words_[at];
    if (word.opens) {
      cost -= kParenthesisBonus;
    } else if (word.final) {
      cost += OrphanCost(word.length());
    }
    return cost;
  }

  // What it costs that a line of that length ends before the word.
  std::int64_t LineCost(std::size_t next, std::int64_t length) const {
    if (next == words_.size()) return 0;
    std::int64_t cost = ShortCost(style_.goal - length);
    if (words_[next].next != words_.size()) cost += RaggedCost(length - words_[next].line);
    return cost;
  }

  // Finds for each word, from the last one, where its line ends best.
  void Layout() {
    for (std::size_t start = words_.size(); start-- > 0;) {
      process_.Checkpoint();
      FmtWord& first = words_[start];
      std::int64_t best = kMaxCost;
      std::int64_t length = (start == 0 ? first_indent_ : other_indent_) + first.length();
      for (std::size_t next = start + 1;; ++next) {
        std::int64_t cost =
            LineCost(next, length) + (next == words_.size() ? 0 : words_[next].cost);
        if (start == 0 && last_line_ > 0) cost += RaggedCost(length - last_line_);
        if (cost < best) {
          best = cost;
          first.next = next;
          first.line = length;
        }
        if (next == words_.size()) break;
        length += words_[next - 1].space + words_[next].length();
        if (length >= style_.width) break;
      }
      first.cost = best + BreakCost(start);
    }
  }

  // Prints the beginning of a paragraph that is too large, up to a good place to break. The word
  // that is being read stays.
  void FlushBefore(FmtWord& word) {
    SetOtherIndent(true);
    if (words_.empty()) {
      out_ << word.text;
      word.text.clear();
      return;
    }
    Layout();
    std::size_t split = words_.size();
    std::int64_t best = kMaxCost;
    for (std::size_t at = words_[0].next; at < words_.size(); at = words_[at].next) {
      const std::size_t next = words_[at].next;
      const std::int64_t cost = words_[at].cost - (next < words_.size() ? words_[next].cost : 0);
      if (cost < best) {
        best = cost;
        split = at;
      }
      if (best <= kMaxCost - kLineCredit) best += kLineCredit;
    }
    Print(split);
    words_.erase(words_.begin(), words_.begin() + static_cast<std::ptrdiff_t>(split));
    characters_ = 0;
    for (const FmtWord& left : words_) characters_ += left.text.size();
  }

  // --- printing -------------------------------------------------------------------------------

  void Print(std::size_t end) {
    for (std::size_t at = 0; at < end; at = words_[at].next) {
      PrintLine(at, at == 0 ? first_indent_ : other_indent_);
    }
  }

  void PrintLine(std::size_t at, std::int64_t indent) {
    written_ = 0;
    PutSpace(prefix_indent_);
    out_ << style_.prefix;
    written_ += static_cast<std::int64_t>(style_.prefix.size());
    PutSpace(indent - written_);
    const std::size_t end = words_[at].next;
    for (; at < end; ++at) {
      out_ << words_[at].text;
      written_ += words_[at].length();
      if (at + 1 < end) PutSpace(words_[at].space);
    }
    last_line_ = written_;
    out_.Put('\n');
  }

  // Blanks; tabs only if the input has some.
  void PutSpace(std::int64_t count) {
    const std::int64_t target = written_ + count;
    const std::int64_t last_tab = target / kTab * kTab;
    if (tabs_ && written_ + 1 < last_tab) {
      for (; written_ < last_tab; written_ = (written_ / kTab + 1) * kTab) out_.Put('\t');
    }
    for (; written_ < target; ++written_) out_.Put(' ');
  }

  Process& process_;
  Output& out_;
  const FmtStyle& style_;
  Input* in_ = nullptr;
  std::string_view block_;
  std::size_t at_ = 0;
  int next_ = kEnd;  // The first character of the next line, behind its prefix.
  std::int64_t column_ = 0;
  std::int64_t written_ = 0;
  bool tabs_ = false;
  std::int64_t prefix_indent_ = 0;
  std::int64_t next_prefix_indent_ = 0;
  std::int64_t first_indent_ = 0;
  std::int64_t other_indent_ = 0;
  std::int64_t last_line_ = 0;
  std::size_t characters_ = 0;
  std::vector<FmtWord> words_;
};

std::int64_t ParseFmtWidth(Process& process, const std::string& text, std::int64_t most) {
  const auto value = ParseInteger(text);
  const bool number = value && *value >= 0 && !text.starts_with('-');
  if (number && *value <= most) return *value;
  Complain(process, "invalid width: " + LocaleQuoted(process, text) +
                        (number ? ": Numerical result out of range" : ""));
  process.Exit(1);
}

void SetPrefix(FmtStyle& style, std::string_view text) {
  while (text.starts_with(' ')) {
    ++style.prefix_indent;
    text.remove_prefix(1);
  }
  style.prefix_full_length = static_cast<std::int64_t>(text.size());
  while (text.ends_with(' ')) text.remove_suffix(1);
  style.prefix = text;
}

// "-40" is "-w 40", where it comes first.
void ModernizeFmt(Process& process) {
  if (process.args.size() < 2) return;
  std::string& word = process.args[1];
  const bool digits = word.size() > 1 && word[0] == '-' &&
                      word.find_first_not_of("0123456789", 1) == std::string::npos;
  if (digits) word.insert(1, "w");
}

FmtStyle ParseFmt(Process& process, Options& options) {
  FmtStyle style;
  std::optional<std::string> width;
  std::optional<std::string> goal;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'c':
        style.crown = true;
        break;
      case 't':
        style.tagged = true;
        break;
      case 's':
        style.split = true;
        break;
      case 'u':
        style.uniform = true;
        break;
      case 'p':
        SetPrefix(style, option->value);
        break;
      case 'g':
        goal = option->value;
        break;
      default:
        width = option->value;
    }
  }
  // Lines aim at 7 % less than they may have.
  if (width) style.width = ParseFmtWidth(process, *width, kMaxWidth);
  style.goal = style.width * (2 * (100 - 7) + 1) / 200;
  if (goal) {
    style.goal = ParseFmtWidth(process, *goal, width ? style.width : kMaxWidth);
    if (!width) style.width = style.goal + 10;
  }
  return style;
}

}  // namespace

int FmtMain(Process& process) {
  ModernizeFmt(process);
  Options options(process, "cstuw:p:g:",
                  {{"crown-margin", 'c'},
                   {"tagged-paragraph", 't'},
                   {"split-only", 's'},
                   {"uniform-spacing", 'u'},
                   {"width", 'w', Options::kRequired},
                   {"prefix", 'p', Options::kRequired},
                   {"goal", 'g', Options::kRequired}});
  const FmtStyle style = ParseFmt(process, options);
  Output out(process);
  const int status = ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string&) { Formatter(process, out, style).Format(fd); }, &out,
      Directories::kComplain, "cannot open");
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
