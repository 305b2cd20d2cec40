#include "mocks/in_memory/utilities/compare/diff_output.h"

#include <algorithm>
#include <optional>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory::diff {
namespace {

constexpr std::string_view kNoNewline = "\\ No newline at end of file\n";

// "3", "3,5"; for no lines, the one before.
std::string NormalRange(std::size_t begin, std::size_t end) {
  if (begin == end) return std::to_string(begin);
  if (begin + 1 == end) return std::to_string(end);
  return std::to_string(begin + 1) + "," + std::to_string(end);
}

std::string UnifiedRange(std::size_t begin, std::size_t end) {
  if (begin == end) return std::to_string(begin) + ",0";
  if (begin + 1 == end) return std::to_string(end);
  return std::to_string(begin + 1) + "," + std::to_string(end - begin);
}

std::string ContextRange(std::size_t begin, std::size_t end) {
  if (end - begin <= 1) return std::to_string(end);
  return std::to_string(begin + 1) + "," + std::to_string(end);
}

// Changes whose surroundings touch or overlap, and the lines that are shown with them.
struct ShownHunk {
  std::vector<Change> changes;
  std::size_t old_begin = 0;
  std::size_t old_end = 0;
  std::size_t new_begin = 0;
  std::size_t new_end = 0;
};

// Those of changes that do not count alone are left out.
std::vector<ShownHunk> MakeHunks(const Comparison& comparison) {
  const std::size_t context = comparison.style.context;
  std::vector<ShownHunk> hunks;
  for (const Change& change : comparison.changes) {
    const bool joins =
        !hunks.empty() && change.old_begin - hunks.back().changes.back().old_end <= 2 * context;
    if (!joins) hunks.emplace_back();
    hunks.back().changes.push_back(change);
  }
  std::erase_if(hunks, [&](const ShownHunk& hunk) {
    return std::all_of(hunk.changes.begin(), hunk.changes.end(), [&](const Change& change) {
      return IsIgnorable(change, comparison.old_text, comparison.new_text, comparison.style);
    });
  });
  for (ShownHunk& hunk : hunks) {
    const Change& first = hunk.changes.front();
    const Change& last = hunk.changes.back();
    const std::size_t before = std::min({context, first.old_begin, first.new_begin});
    hunk.old_begin = first.old_begin - before;
    hunk.new_begin = first.new_begin - before;
    hunk.old_end = std::min(last.old_end + context, comparison.old_text.lines.size());
    hunk.new_end = std::min(last.new_end + context, comparison.new_text.lines.size());
  }
  return hunks;
}

// Finds, for -p and -F, the line that a hunk belongs to: the last before it that matches.
class FunctionFinder {
 public:
  explicit FunctionFinder(const Comparison& comparison) : comparison_(comparison) {}

  // " name of the function"; hunks are asked for in their order.
  std::string Before(std::size_t line) {
    const auto& patterns = comparison_.style.function_lines;
    if (patterns.empty()) return "";
    for (; searched_ < line; ++searched_) {
      const std::string_view text = comparison_.old_text.lines[searched_];
      const bool matches = std::any_of(patterns.begin(), patterns.end(),
                                       [&](const Regex& regex) { return regex.Match(text); });
      if (matches) found_ = text;
    }
    if (!found_) return "";
    constexpr std::size_t kLongest = 40;
    std::string_view name = *found_;
    while (!name.empty() && IsSpace(name[0])) name.remove_prefix(1);
    name = name.substr(0, kLongest);
    while (!name.empty() && IsSpace(name.back())) name.remove_suffix(1);
    return " " + std::string(name);
  }

 private:
  const Comparison& comparison_;
  std::size_t searched_ = 0;
  std::optional<std::string_view> found_;
};

// Prints lines with a mark before them.
class LinePrinter {
 public:
  LinePrinter(Output& out, const Style& style) : out_(out), style_(style) {}

  // "< text": a mark, a blank or a tab, the line.
  void Marked(std::string_view mark, const Text& text, std::size_t line, Color color) {
    if (color != Color::kNone) Paint(out_, style_, color);
    const bool blank = style_.suppress_blank_empty && text.lines[line].empty();
    if (!blank) {
      out_ << mark << (style_.initial_tab ? "\t" : " ");
    } else if (mark != " ") {
      out_ << mark;
    }
    End(text, line, color);
  }

  // "-text", as in a unified diff.
  void Unified(char mark, const Text& text, std::size_t line, Color color) {
    if (color != Color::kNone) Paint(out_, style_, color);
    const bool blank = style_.suppress_blank_empty && text.lines[line].empty();
    if (mark != ' ') {
      out_.Put(mark);
      if (style_.initial_tab && !blank) out_.Put('\t');
    } else if (!blank) {
      out_.Put(style_.initial_tab ? '\t' : ' ');
    }
    End(text, line, color);
  }

  void Place(const std::string& text) {
    Paint(out_, style_, Color::kPlace);
    out_ << text;
    Paint(out_, style_, Color::kNone);
  }

  void Headers(std::string_view old_mark, std::string_view new_mark, const Comparison& files) {
    Header(old_mark, files.old_label);
    Header(new_mark, files.new_label);
  }

 private:
  void Header(std::string_view mark, const std::string& label) {
    Paint(out_, style_, Color::kHeader);
    out_ << mark << " " << label;
    Paint(out_, style_, Color::kNone);
    out_.Put('\n');
  }

  void End(const Text& text, std::size_t line, Color color) {
    PrintText(out_, style_, text.lines[line]);
    if (color != Color::kNone) Paint(out_, style_, Color::kNone);
    out_.Put('\n');
    if (text.IsEndless(line)) out_ << kNoNewline;
  }

  Output& out_;
  const Style& style_;
};

// One side of a hunk of a context diff.
void PrintContextSide(LinePrinter& lines, const Text& text, const ShownHunk& hunk, bool old_side) {
  const auto begin_of = [&](const Change& c) { return old_side ? c.old_begin : c.new_begin; };
  const auto end_of = [&](const Change& c) { return old_side ? c.old_end : c.new_end; };
  const bool changed = std::any_of(hunk.changes.begin(), hunk.changes.end(),
                                   [&](const Change& c) { return end_of(c) > begin_of(c); });
  if (!changed) return;
  const Color color = old_side ? Color::kOld : Color::kNew;
  std::size_t line = old_side ? hunk.old_begin : hunk.new_begin;
  for (const Change& change : hunk.changes) {
    for (; line < begin_of(change); ++line) lines.Marked(" ", text, line, color);
    const bool both = change.old_end > change.old_begin && change.new_end > change.new_begin;
    const std::string_view alone = old_side ? "-" : "+";
    for (; line < end_of(change); ++line) lines.Marked(both ? "!" : alone, text, line, color);
  }
  const std::size_t end = old_side ? hunk.old_end : hunk.new_end;
  for (; line < end; ++line) lines.Marked(" ", text, line, color);
}

}  // namespace

void Paint(Output& out, const Style& style, Color color) {
  if (!style.color) return;
  static constexpr std::string_view kCodes[] = {"\033[0m", "\033[1m", "\033[36m", "\033[31m",
                                                "\033[32m"};
  out << kCodes[static_cast<std::size_t>(color)];
}

void PrintText(Output& out, const Style& style, std::string_view text) {
  if (!style.expand_tabs) {
    out << text;
    return;
  }
  std::size_t column = 0;
  for (const char c : text) {
    if (c == '\t') {
      const std::size_t spaces = style.tab_size - column % style.tab_size;
      for (std::size_t i = 0; i < spaces; ++i) out.Put(' ');
      column += spaces;
      continue;
    }
    out.Put(c);
    if (c == '\r') {
      column = 0;
    } else if (c == '\b') {
      column -= std::min<std::size_t>(column, 1);
    } else {
      ++column;
    }
  }
}

void PrintNormal(Output& out, const Comparison& comparison) {
  LinePrinter lines(out, comparison.style);
  for (const Change& change : comparison.changes) {
    if (IsIgnorable(change, comparison.old_text, comparison.new_text, comparison.style)) continue;
    const bool removes = change.old_end > change.old_begin;
    const bool adds = change.new_end > change.new_begin;
    lines.Place(NormalRange(change.old_begin, change.old_end) +
                (removes && adds ? "c"
                 : removes       ? "d"
                                 : "a") +
                NormalRange(change.new_begin, change.new_end));
    out.Put('\n');
    for (std::size_t i = change.old_begin; i < change.old_end; ++i) {
      lines.Marked("<", comparison.old_text, i, Color::kOld);
    }
    if (removes && adds) out << "---\n";
    for (std::size_t i = change.new_begin; i < change.new_end; ++i) {
      lines.Marked(">", comparison.new_text, i, Color::kNew);
    }
  }
}

void PrintUnified(Output& out, const Comparison& comparison) {
  LinePrinter lines(out, comparison.style);
  FunctionFinder functions(comparison);
  const Text& old_text = comparison.old_text;
  const auto plain = [&](std::size_t line) { lines.Unified(' ', old_text, line, Color::kNone); };
  lines.Headers("---", "+++", comparison);
  for (const ShownHunk& hunk : MakeHunks(comparison)) {
    lines.Place("@@ -" + UnifiedRange(hunk.old_begin, hunk.old_end) + " +" +
                UnifiedRange(hunk.new_begin, hunk.new_end) + " @@");
    out << functions.Before(hunk.old_begin) << "\n";
    std::size_t line = hunk.old_begin;
    for (const Change& change : hunk.changes) {
      for (; line < change.old_begin; ++line) plain(line);
      for (; line < change.old_end; ++line) lines.Unified('-', old_text, line, Color::kOld);
      for (std::size_t i = change.new_begin; i < change.new_end; ++i) {
        lines.Unified('+', comparison.new_text, i, Color::kNew);
      }
    }
    for (; line < hunk.old_end; ++line) plain(line);
  }
}

void PrintContext(Output& out, const Comparison& comparison) {
  LinePrinter lines(out, comparison.style);
  FunctionFinder functions(comparison);
  lines.Headers("***", "---", comparison);
  for (const ShownHunk& hunk : MakeHunks(comparison)) {
    out << "***************" << functions.Before(hunk.old_begin) << "\n";
    lines.Place("*** " + ContextRange(hunk.old_begin, hunk.old_end) + " ****");
    out.Put('\n');
    PrintContextSide(lines, comparison.old_text, hunk, true);
    lines.Place("--- " + ContextRange(hunk.new_begin, hunk.new_end) + " ----");
    out.Put('\n');
    PrintContextSide(lines, comparison.new_text, hunk, false);
  }
}

}  // namespace computesdk::in_memory::diff
