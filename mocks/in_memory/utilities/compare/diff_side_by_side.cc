#include <algorithm>
#include <optional>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/compare/diff_output.h"

namespace computesdk::in_memory::diff {
namespace {

constexpr std::size_t kGutter = 3;

// What cannot be seen takes no room.
std::size_t WidthOf(const Utf8Character& character) {
  if (!character.valid) return 0;
  return static_cast<std::size_t>(std::max(ColumnsOf(character.code), 0));
}

class SideBySide {
 public:
  SideBySide(Output& out, const Comparison& comparison)
      : out_(out), comparison_(comparison), style_(comparison.style) {
    // The halves are as wide as they can be; the right one begins at a tab stop.
    const std::size_t tab = style_.expand_tabs ? 1 : style_.tab_size;
    const std::size_t width = style_.width;
    const std::size_t least = tab + kGutter;
    std::size_t column = width / 2 + least / 2 + (width & least & 1);
    column -= column % tab;
    half_ = column <= kGutter || width <= column ? 0 : std::min(column - kGutter, width - column);
    second_column_ = half_ > 0 ? column : width;
  }

  void Run() {
    for (const Change& change : comparison_.changes) {
      if (IsIgnorable(change, comparison_.old_text, comparison_.new_text, style_)) continue;
      PrintCommon(change.old_begin, change.new_begin);
      for (; old_line_ < change.old_end && new_line_ < change.new_end; ++old_line_, ++new_line_) {
        PrintPair(old_line_, '|', new_line_);
      }
      for (; new_line_ < change.new_end; ++new_line_) PrintPair(std::nullopt, '>', new_line_);
      for (; old_line_ < change.old_end; ++old_line_) PrintPair(old_line_, '<', std::nullopt);
    }
    PrintCommon(comparison_.old_text.lines.size(), comparison_.new_text.lines.size());
  }

 private:
  using Line = std::optional<std::size_t>;

  void PrintCommon(std::size_t old_end, std::size_t new_end) {
    if (!style_.suppress_common_lines) {
      if (!style_.left_column) {
        for (; old_line_ < old_end && new_line_ < new_end; ++old_line_, ++new_line_) {
          PrintPair(old_line_, ' ', new_line_);
        }
        for (; new_line_ < new_end; ++new_line_) PrintPair(std::nullopt, ')', new_line_);
      }
      for (; old_line_ < old_end; ++old_line_) PrintPair(old_line_, '(', std::nullopt);
    }
    old_line_ = old_end;
    new_line_ = new_end;
  }

  // Blanks from one column to another, tabs where they may be.
  void Fill(std::size_t from, std::size_t to) {
    if (!style_.expand_tabs) {
      for (std::size_t stop = from + style_.tab_size - from % style_.tab_size; stop <= to;
           stop += style_.tab_size) {
        out_.Put('\t');
        from = stop;
      }
    }
    for (; from < to; ++from) out_.Put(' ');
  }

  // As much of a line as fits; the column behind it.
  std::size_t PrintHalf(std::string_view text, std::size_t indent) {
    std::size_t wanted = 0;  // Where the line would be without the limit.
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size();) {
      const char c = text[i];
      const Utf8Character character = DecodeUtf8(text.substr(i));
      if (c == '\t') {
        const std::size_t spaces = style_.tab_size - wanted % style_.tab_size;
        if (wanted == column) PrintTab(column, spaces);
        wanted += spaces;
      } else if (c == '\r') {
        out_.Put(c);
        Fill(0, indent);
        wanted = column = 0;
      } else {
        wanted += WidthOf(character);
        if (wanted <= half_) {
          column = wanted;
          out_ << text.substr(i, character.length);
        }
      }
      i += character.length;
    }
    return column;
  }

  void PrintTab(std::size_t& column, std::size_t spaces) {
    const std::size_t stop = column + spaces;
    if (style_.expand_tabs) {
      for (; column < std::min(stop, half_); ++column) out_.Put(' ');
    } else if (stop < half_) {
      column = stop;
      out_.Put('\t');
    }
  }

  void PrintPair(Line left, char mark, Line right) {
    const Text& old_text = comparison_.old_text;
    const Text& new_text = comparison_.new_text;
    const Color color = mark == '<' ? Color::kOld : mark == '>' ? Color::kNew : Color::kNone;
    if (color != Color::kNone) Paint(out_, style_, color);
    bool ended = left && !old_text.IsEndless(*left);
    std::size_t column = left ? PrintHalf(old_text.lines[*left], 0) : 0;
    if (mark != ' ') {
      const std::size_t middle = (half_ + second_column_ - 1) / 2;
      Fill(column, middle);
      column = middle + 1;
      // Only one of them has an end.
      if (mark == '|' && ended == new_text.IsEndless(*right)) mark = ended ? '/' : '\\';
      out_.Put(mark);
    }
    if (right) {
      ended |= !new_text.IsEndless(*right);
      if (!new_text.lines[*right].empty()) {
        Fill(column, second_column_);
        PrintHalf(new_text.lines[*right], second_column_);
      }
    }
    if (ended) out_.Put('\n');
    if (color != Color::kNone) Paint(out_, style_, Color::kNone);
  }

  Output& out_;
  const Comparison& comparison_;
  const Style& style_;
  std::size_t half_ = 0;
  std::size_t second_column_ = 0;
  std::size_t old_line_ = 0;
  std::size_t new_line_ = 0;
};

}  // namespace

void PrintSideBySide(Output& out, const Comparison& comparison) {
  SideBySide(out, comparison).Run();
}

}  // namespace computesdk::in_memory::diff
