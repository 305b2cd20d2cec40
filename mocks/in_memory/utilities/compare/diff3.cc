#include <fcntl.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mocks/in_memory/utilities/compare/compare.h"
#include "mocks/in_memory/utilities/compare/diff_style.h"
#include "mocks/in_memory/utilities/compare/diff_text.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

using diff::Change;
using diff::Text;

constexpr int kDiff3Trouble = 2;

struct Diff3Style {
  bool merge = false;
  bool script = false;
  bool show_original = false;  // -A: the text both came from, too.
  bool flagging = false;       // Marks conflicts.
  bool overlap_only = false;
  bool simple_only = false;
  bool final_write = false;
  bool initial_tab = false;
  bool strip_cr = false;
  std::vector<std::string> labels = {};
  std::vector<std::string> names = {};
};

// Lines of each of the three files, counted from 0, of which at least two differ.
struct Block {
  // Which file is the odd one; kAll where all differ.
  static constexpr std::size_t kAll = 3;
  std::size_t odd = kAll;
  std::array<std::pair<std::size_t, std::size_t>, 3> ranges = {};  // [begin, end)

  std::size_t Count(std::size_t file) const { return ranges[file].second - ranges[file].first; }
};

using Texts = std::array<const Text*, 3>;

// Joins the changes of two files against a common third, where they touch.
class BlockMaker {
 public:
  // `files`: the two that were compared with the common one, and this.
  BlockMaker(const Texts& texts, std::array<std::size_t, 3> files,
             std::array<std::vector<Change>, 2> changes)
      : texts_(texts), files_(files), changes_(std::move(changes)) {}

  std::vector<Block> Make() {
    std::vector<Block> blocks;
    while (next_[0] < changes_[0].size() || next_[1] < changes_[1].size()) {
      blocks.push_back(Take());
    }
    return blocks;
  }

 private:
  const Change* Next(std::size_t side) const {
    return next_[side] < changes_[side].size() ? &changes_[side][next_[side]] : nullptr;
  }

  Block Take() {
    const Change* left = Next(0);
    const Change* right = Next(1);
    const std::size_t base =
        left == nullptr || (right != nullptr && left->new_begin > right->new_begin) ? 1 : 0;
    std::array<std::size_t, 2> first = next_;
    std::size_t high_side = base;
    const std::size_t begin = Next(base)->new_begin;
    std::size_t end = Next(base)->new_end;
    ++next_[base];
    for (const Change* other = Next(1 - high_side); other != nullptr && other->new_begin <= end;
         other = Next(1 - high_side)) {
      ++next_[1 - high_side];
      if (end < other->new_end) {
        high_side = 1 - high_side;
        end = other->new_end;
      }
    }
    return Finish(first, begin, end);
  }

  Block Finish(const std::array<std::size_t, 2>& first, std::size_t begin, std::size_t end) {
    Block block;
    block.ranges[files_[2]] = {begin, end};
    for (std::size_t side = 0; side < 2; ++side) {
      auto& range = block.ranges[files_[side]];
      if (first[side] == next_[side]) {
        range = {begin + shifts_[side], end + shifts_[side]};
        continue;
      }
      const Change& front = changes_[side][first[side]];
      const Change& back = changes_[side][next_[side] - 1];
      range = {begin + front.old_begin - front.new_begin, end + back.old_end - back.new_end};
    }
    for (std::size_t side = 0; side < 2; ++side) {
      // Unsigned arithmetic wraps around, and back.
      shifts_[side] = block.ranges[files_[side]].second - end;
    }
    if (first[0] == next_[0]) {
      block.odd = files_[1];
    } else if (first[1] == next_[1]) {
      block.odd = files_[0];
    } else {
      block.odd = SameLines(block) ? files_[2] : Block::kAll;
    }
    return block;
  }

  bool SameLines(const Block& block) const {
    const auto [begin, end] = block.ranges[files_[0]];
    const auto [other, other_end] = block.ranges[files_[1]];
    if (end - begin != other_end - other) return false;
    const Text& one = *texts_[files_[0]];
    const Text& two = *texts_[files_[1]];
    for (std::size_t i = 0; i < end - begin; ++i) {
      if (one.lines[begin + i] != two.lines[other + i]) return false;
      if (one.IsEndless(begin + i) != two.IsEndless(other + i)) return false;
    }
    return true;
  }

  const Texts& texts_;
  const std::array<std::size_t, 3> files_;
  const std::array<std::vector<Change>, 2> changes_;
  std::array<std::size_t, 2> next_ = {0, 0};
  std::array<std::size_t, 2> shifts_ = {0, 0};  // Of the lines behind the last block.
};

class Diff3Printer {
 public:
  Diff3Printer(Process& process, const Diff3Style& style, const Texts& texts)
      : style_(style), texts_(texts), out_(process) {}

  int Plain(const std::vector<Block>& blocks) {
    for (const Block& block : blocks) {
      out_ << "====" << (block.odd == Block::kAll ? "" : std::to_string(block.odd + 1)) << "\n";
      // Where two are the same, their text is printed with the second.
      static constexpr std::array<std::size_t, 3> kInOrder = {0, 1, 2};
      static constexpr std::array<std::size_t, 3> kSecondLast = {0, 2, 1};
      const std::size_t silent = block.odd == Block::kAll ? 3 : block.odd == 0 ? 1 : 0;
      for (const std::size_t file : block.odd == 1 ? kSecondLast : kInOrder) {
        PrintPlace(block, file);
        if (file != silent) PrintIndented(block, file);
      }
    }
    return out_.Finish(0);
  }

  int Merge(const std::vector<Block>& blocks) {
    bool conflicts = false;
    std::size_t line = 0;
    for (const Block& block : blocks) {
      const auto conflict = Conflicts(block);
      if (!conflict) continue;
      conflicts |= *conflict;
      for (; line < block.ranges[0].first; ++line) PutLine(0, line);
      if (*conflict) {
        const bool all = block.odd == Block::kAll;
        if (all) {
          out_ << "<<<<<<< " << style_.labels[0] << "\n";
          PutLines(block, 0);
        }
        if (style_.show_original) {
          out_ << (all ? "||||||| " : "<<<<<<< ") << style_.labels[1] << "\n";
          PutLines(block, 1);
        }
        out_ << "=======\n";
      }
      PutLines(block, 2);
      if (*conflict) out_ << ">>>>>>> " << style_.labels[2] << "\n";
      line = block.ranges[0].second;
    }
    for (; line < texts_[0]->lines.size(); ++line) PutLine(0, line);
    return out_.Finish(conflicts ? 1 : 0);
  }

  int Script(const std::vector<Block>& blocks) {
    bool conflicts = false;
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
      const auto conflict = Conflicts(*block);
      if (!conflict) continue;
      conflicts |= *conflict;
      if (*conflict) {
        MarkConflict(*block);
      } else {
        ReplaceLines(*block);
      }
    }
    if (style_.final_write) out_ << "w\nq\n";
    return out_.Finish(conflicts ? 1 : 0);
  }

 private:
  // Whether a block is a conflict; nullopt where it is left out.
  std::optional<bool> Conflicts(const Block& block) const {
    if (block.odd == 1) return style_.show_original ? std::optional(true) : std::nullopt;
    if (block.odd == 2) return style_.overlap_only ? std::nullopt : std::optional(false);
    if (block.odd == Block::kAll) {
      return style_.simple_only ? std::nullopt : std::optional(style_.flagging);
    }
    return std::nullopt;
  }

  void PutLine(std::size_t file, std::size_t line) {
    out_ << texts_[file]->lines[line];
    if (!texts_[file]->IsEndless(line)) out_.Put('\n');
  }
  void PutLines(const Block& block, std::size_t file) {
    for (std::size_t i = block.ranges[file].first; i < block.ranges[file].second; ++i) {
      PutLine(file, i);
    }
  }

  void PrintPlace(const Block& block, std::size_t file) {
    const auto [begin, end] = block.ranges[file];
    out_ << std::to_string(file + 1) << ":";
    if (begin == end) {
      out_ << std::to_string(begin) << "a\n";
    } else if (begin + 1 == end) {
      out_ << std::to_string(end) << "c\n";
    } else {
      out_ << std::to_string(begin + 1) << "," << std::to_string(end) << "c\n";
    }
  }

  void PrintIndented(const Block& block, std::size_t file) {
    const auto [begin, end] = block.ranges[file];
    for (std::size_t i = begin; i < end; ++i) {
      out_ << (style_.initial_tab ? "\t" : "  ");
      PutLine(file, i);
      if (texts_[file]->IsEndless(i)) out_ << "\n\\ No newline at end of file\n";
    }
  }

  // Lines for ed, with a dot more before those that begin with one; whether there are any.
  bool DotLines(const Block& block, std::size_t file) {
    bool dots = false;
    for (std::size_t i = block.ranges[file].first; i < block.ranges[file].second; ++i) {
      if (texts_[file]->lines[i].starts_with('.')) {
        dots = true;
        out_.Put('.');
      }
      PutLine(file, i);
    }
    return dots;
  }
  // Ends the text, and takes those dots away.
  void EndText(bool dots, std::size_t first, std::size_t count) {
    out_ << ".\n";
    if (!dots) return;
    out_ << std::to_string(first);
    if (count != 1) out_ << "," << std::to_string(first + count - 1);
    out_ << "s/^\\.//\n";
  }

  void MarkConflict(const Block& block) {
    const auto [begin, end] = block.ranges[0];
    const bool all = block.odd == Block::kAll;
    bool dots = false;
    out_ << std::to_string(end) << "a\n";
    if (all) {
      if (style_.show_original) {
        out_ << "||||||| " << style_.labels[1] << "\n";
        dots = DotLines(block, 1);
      }
      out_ << "=======\n";
      dots |= DotLines(block, 2);
    }
    out_ << ">>>>>>> " << style_.labels[2] << "\n";
    EndText(dots, end + 2, block.Count(1) + block.Count(2) + 1);
    out_ << std::to_string(begin) << "a\n<<<<<<< " << style_.labels[all ? 0 : 1] << "\n";
    dots = false;
    if (!all) {
      dots = DotLines(block, 1);
      out_ << "=======\n";
    }
    EndText(dots, begin + 2, block.Count(1));
  }

  void ReplaceLines(const Block& block) {
    const auto [begin, end] = block.ranges[0];
    const std::string place = begin + 1 >= end
                                  ? std::to_string(end)
                                  : std::to_string(begin + 1) + "," + std::to_string(end);
    out_ << place;
    if (block.Count(2) == 0) {
      out_ << "d\n";
      return;
    }
    out_ << (begin == end ? "a\n" : "c\n");
    const bool dots = DotLines(block, 2);
    EndText(dots, begin + 1, block.Count(2));
  }

  const Diff3Style& style_;
  const Texts& texts_;
  Output out_;
};

Diff3Style ParseDiff3(Process& process) {
  constexpr int kStripCr = 256;
  Diff3Style style;
  int scripts = 0;
  Options options(process, "aAeEiL:mTvxX3",
                  {{"ed", 'e'},
                   {"easy-only", '3'},
                   {"initial-tab", 'T'},
                   {"label", 'L', Options::kRequired},
                   {"merge", 'm'},
                   {"overlap-only", 'x'},
                   {"show-all", 'A'},
                   {"show-overlap", 'E'},
                   {"strip-trailing-cr", kStripCr},
                   {"text", 'a'}},
                  kDiff3Trouble);
  while (const auto option = options.Next()) {
    const int letter = option->letter;
    const bool is_script =
        letter < kStripCr &&
        std::string_view("AeExX3").find(static_cast<char>(letter)) != std::string_view::npos;
    scripts += is_script ? 1 : 0;
    style.show_original |= letter == 'A';
    style.flagging |= letter == 'A' || letter == 'E';  // -X does not.
    style.overlap_only |= letter == 'x' || letter == 'X';
    style.simple_only |= letter == '3';
    style.final_write |= letter == 'i';
    style.merge |= letter == 'm';
    style.initial_tab |= letter == 'T';
    style.strip_cr |= letter == kStripCr;
    if (letter == 'L') style.labels.push_back(option->value);
    if (letter == 'v') {
      (void)process.Write(1, "diff3 (GNU diffutils) 3.8\n");
      process.Exit(0);
    }
  }
  style.script = scripts > 0 && !style.merge;
  if (style.merge && scripts == 0) style.show_original = style.flagging = true;
  if (style.labels.size() > 3) {
    Complain(process, "too many file label options");
    process.Exit(kDiff3Trouble);
  }
  if (scripts > 1 || (style.final_write && style.merge) ||
      (!style.labels.empty() && !style.flagging)) {
    UsageError(process, "incompatible options", kDiff3Trouble);
  }
  style.names = options.operands();
  if (style.names.size() < 3) {
    UsageError(process, "missing operand after " + QuotedName(process.args.back()), kDiff3Trouble);
  }
  if (style.names.size() > 3) {
    UsageError(process, "extra operand " + QuotedName(style.names[3]), kDiff3Trouble);
  }
  for (std::size_t i = style.labels.size(); i < 3; ++i) style.labels.push_back(style.names[i]);
  return style;
}

std::string ReadForDiff3(Process& process, const std::string& name, bool strip_cr) {
  const auto fd = name == "-" ? IoResult<int>(0) : process.Open(name, O_RDONLY);
  auto content = fd ? process.ReadAll(*fd) : IoResult<std::string>(tl::unexpected(fd.error()));
  if (!content) {
    Complain(process, name + ": " + ErrnoText(content.error()));
    process.Exit(kDiff3Trouble);
  }
  if (fd && *fd != 0) (void)process.Close(*fd);
  if (strip_cr) {
    for (std::size_t at = content->find("\r\n"); at != std::string::npos;
         at = content->find("\r\n", at)) {
      content->erase(at, 1);
    }
  }
  return std::move(*content);
}

}  // namespace

int Diff3Main(Process& process) {
  const Diff3Style style = ParseDiff3(process);
  const Text mine(ReadForDiff3(process, style.names[0], style.strip_cr));
  const Text older(ReadForDiff3(process, style.names[1], style.strip_cr));
  const Text yours(ReadForDiff3(process, style.names[2], style.strip_cr));
  const Texts texts = {&mine, &older, &yours};
  // A merge starts from the older file; a listing takes the third for it.
  const std::size_t common = style.merge || style.script ? 1 : 2;
  const std::array<std::size_t, 3> files = {0, 3 - common, common};
  diff::Style lines;
  lines.horizon = 100;
  std::array<std::vector<Change>, 2> changes;
  for (std::size_t side = 0; side < 2; ++side) {
    changes[side] = diff::ChangesOf(process, *texts[files[side]], *texts[common], lines);
  }
  const std::vector<Block> blocks = BlockMaker(texts, files, std::move(changes)).Make();
  Diff3Printer printer(process, style, texts);
  if (style.merge) return printer.Merge(blocks);
  return style.script ? printer.Script(blocks) : printer.Plain(blocks);
}

}  // namespace computesdk::in_memory
