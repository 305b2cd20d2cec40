#include "mocks/in_memory/utilities/patch/apply.h"

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::patch {
namespace {

using Line = std::ptrdiff_t;

std::string_view WithoutEnd(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

// Whether lines are the same but for how many blanks part their words, and those at the end.
bool Similar(std::string_view a, std::string_view b) {
  a = WithoutEnd(a);
  b = WithoutEnd(b);
  const auto skip_blanks = [](std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  };
  while (true) {
    if (b.empty() || IsBlank(b[0])) {
      skip_blanks(b);
      if (!a.empty()) {
        if (!IsBlank(a[0])) return false;
        skip_blanks(a);
      }
      if (a.empty() || b.empty()) return a.empty() == b.empty();
    } else {
      if (a.empty() || a[0] != b[0]) return false;
      a.remove_prefix(1);
      b.remove_prefix(1);
    }
  }
}

std::vector<std::string_view> OldLines(const Hunk& hunk) {
  std::vector<std::string_view> lines;
  for (const HunkLine& line : hunk.lines) {
    if (line.mark != '+') lines.emplace_back(line.text);
  }
  return lines;
}

std::string UnifiedPlace(Line first, std::size_t count) {
  if (count == 0) return std::to_string(first - 1) + ",0";
  if (count == 1) return std::to_string(first);
  return std::to_string(first) + "," + std::to_string(count);
}

std::string ContextPlace(Line first, std::size_t count) {
  if (count == 0) return "0";
  if (count == 1) return std::to_string(first);
  return std::to_string(first) + "," + std::to_string(first + static_cast<Line>(count) - 1);
}

std::string UnifiedReject(const Hunk& hunk, Line offset) {
  std::string text = "@@ -" +
                     UnifiedPlace(static_cast<Line>(hunk.first[0]) + offset, hunk.Count(0)) + " +" +
                     UnifiedPlace(static_cast<Line>(hunk.first[1]) + offset, hunk.Count(1)) +
                     " @@" + hunk.function + "\n";
  for (const HunkLine& line : hunk.lines) text += line.mark + line.text;
  return text;
}

std::string ContextReject(const Hunk& hunk, Line offset, const RejectStyle& style) {
  std::string halves[2];
  for (std::size_t i = 0; i < hunk.lines.size();) {
    std::size_t end = i;
    bool removes = false;
    bool adds = false;
    while (end < hunk.lines.size() && hunk.lines[end].mark != ' ') {
      removes |= hunk.lines[end].mark == '-';
      adds |= hunk.lines[end].mark == '+';
      ++end;
    }
    for (; i < end; ++i) {
      const char mark = removes && adds && !style.normal ? '!' : hunk.lines[i].mark;
      halves[hunk.lines[i].mark == '+' ? 1 : 0] += mark + (" " + hunk.lines[i].text);
    }
    if (i == hunk.lines.size()) break;
    for (std::string& half : halves) half += "  " + hunk.lines[i].text;
    ++i;
  }
  return "***************" + hunk.function + "\n*** " +
         ContextPlace(static_cast<Line>(hunk.first[0]) + offset, hunk.Count(0)) +
         (style.normal ? "\n" : " ****\n") + halves[0] + "--- " +
         ContextPlace(static_cast<Line>(hunk.first[1]) + offset, hunk.Count(1)) +
         (style.normal ? " -----\n" : " ----\n") + halves[1];
}

}  // namespace

Applier::Applier(Process& process, std::string input, bool ignore_blanks, std::string define)
    : process_(process),
      input_(std::move(input)),
      ignore_blanks_(ignore_blanks),
      define_(std::move(define)) {
  RequireMemory(process, input_.size());
  const std::string_view all = input_;
  for (std::size_t begin = 0; begin < all.size();) {
    process.Checkpoint();
    const std::size_t end = all.find('\n', begin);
    const std::size_t next = end == std::string_view::npos ? all.size() : end + 1;
    lines_.push_back(all.substr(begin, next - begin));
    begin = next;
  }
}

bool Applier::Matches(const std::vector<std::string_view>& pattern, std::ptrdiff_t where,
                      std::ptrdiff_t skip_first, std::ptrdiff_t skip_last) const {
  process_.Checkpoint();
  const Line end = static_cast<Line>(pattern.size()) - skip_last;
  for (Line i = skip_first; i < end; ++i) {
    const Line at = where - 1 + i;
    if (at < 0 || at >= static_cast<Line>(lines_.size())) return false;
    const std::string_view line = lines_[static_cast<std::size_t>(at)];
    const std::string_view wanted = pattern[static_cast<std::size_t>(i)];
    if (ignore_blanks_ ? !Similar(line, wanted) : line != wanted) return false;
  }
  return true;
}

std::optional<std::size_t> Applier::Locate(const Hunk& hunk, std::size_t fuzz) {
  const std::vector<std::string_view> pattern = OldLines(hunk);
  const Line guess = static_cast<Line>(hunk.first[0]) + in_offset_;
  if (pattern.empty()) return static_cast<std::size_t>(std::max<Line>(guess, 1));
  const auto size = static_cast<Line>(pattern.size());
  const auto input_lines = static_cast<Line>(lines_.size());
  const auto done = static_cast<Line>(done_);
  const auto prefix = static_cast<Line>(hunk.PrefixContext());
  const auto suffix = static_cast<Line>(hunk.SuffixContext());
  const Line context = std::max(prefix, suffix);
  // A hunk with less context on one side stands at that end of the file.
  Line prefix_fuzz = static_cast<Line>(fuzz) + prefix - context;
  const Line suffix_fuzz = static_cast<Line>(fuzz) + suffix - context;
  const auto take = [&](Line offset) {
    in_offset_ += offset;
    return static_cast<std::size_t>(guess + offset);
  };
  const Line last = input_lines - (size - suffix_fuzz) + 1;
  const Line most_up = std::min(guess - (done + 1), guess - 1);
  const Line most_down = last - guess;
  if (prefix_fuzz < 0 && hunk.first[0] <= 1) {
    if (suffix_fuzz < 0 && (size != input_lines || prefix < done)) return std::nullopt;
    const Line offset = 1 - guess;
    const bool fits = done <= prefix && offset <= most_down &&
                      Matches(pattern, 1, 0, std::max<Line>(suffix_fuzz, 0));
    return fits ? std::optional(take(offset)) : std::nullopt;
  }
  prefix_fuzz = std::max<Line>(prefix_fuzz, 0);
  if (suffix_fuzz < 0) {
    const Line offset = guess - (input_lines - size + 1);
    const bool fits = offset <= most_up && Matches(pattern, guess - offset, prefix_fuzz, 0);
    return fits ? std::optional(take(-offset)) : std::nullopt;
  }
  for (Line offset = 0; offset <= std::max(most_up, most_down); ++offset) {
    if (offset <= most_down && offset >= -most_up &&
        Matches(pattern, guess + offset, prefix_fuzz, suffix_fuzz)) {
      return take(offset);
    }
    if (offset <= most_up && offset >= -most_down &&
        Matches(pattern, guess - offset, prefix_fuzz, suffix_fuzz)) {
      return take(-offset);
    }
  }
  return std::nullopt;
}

void Applier::Put(std::string_view text) {
  RequireMemory(process_, output_.size() + text.size());
  // What follows a last line without an end begins a line of its own.
  if (!output_.empty() && output_.back() != '\n') output_ += '\n';
  output_ += text;
}

bool Applier::CopyUpTo(std::size_t line) {
  if (done_ > line) {
    if (define_.empty()) (void)process_.Write(1, "misordered hunks! output would be garbled\n");
    return false;
  }
  for (; done_ < line && done_ < lines_.size(); ++done_) {
    process_.Checkpoint();
    Put(lines_[done_]);
  }
  return true;
}

// Says, with -D, to which of the texts the next line belongs; ' ' to both.
void Applier::MarkBefore(char mark) {
  if (define_.empty() || open_ == mark || (open_ == 'e' && mark == '+')) return;
  if (mark == ' ') {
    Put("#endif\n");
    open_ = ' ';
  } else if (open_ == ' ') {
    Put((mark == '-' ? "#ifndef " : "#ifdef ") + define_ + "\n");
    open_ = mark;
  } else {
    Put("#else\n");
    open_ = 'e';
  }
}

bool Applier::Apply(const Hunk& hunk, std::size_t where) {
  std::size_t old_line = where - 1;  // Lines of the input before the hunk's next.
  for (const HunkLine& line : hunk.lines) {
    if (line.mark == ' ') {
      MarkBefore(' ');
      ++old_line;
      continue;
    }
    if (!CopyUpTo(old_line)) return false;
    MarkBefore(line.mark);
    if (line.mark == '+') {
      Put(line.text);
    } else {
      ++old_line;
      if (!define_.empty()) Put(line.text);
      ++done_;
    }
  }
  MarkBefore(' ');
  out_offset_ += static_cast<Line>(hunk.Count(1)) - static_cast<Line>(hunk.Count(0));
  return true;
}

std::string Applier::Finish() {
  (void)CopyUpTo(lines_.size());
  return std::move(output_);
}

bool Applier::EndsDifferently(const Hunk& hunk, std::size_t where) const {
  const std::vector<std::string_view> pattern = OldLines(hunk);
  if (pattern.empty() || lines_.empty()) return false;
  const std::string_view line = lines_[std::min(where, lines_.size()) - 1];
  const std::string_view wanted = pattern[0];
  return wanted.ends_with('\n') && line.ends_with('\n') &&
         wanted.ends_with("\r\n") != line.ends_with("\r\n");
}

std::string RejectText(const Header& header, const Hunk& hunk, std::ptrdiff_t offset,
                       const RejectStyle& style) {
  std::string text;
  if (style.header) {
    if (header.names[2]) text += "Index: " + *header.names[2] + "\n";
    for (std::size_t i = 0; i < 2; ++i) {
      const std::size_t side = style.reversed ? 1 - i : i;
      text += i == 1 ? "--- " : "*** ";
      if (!style.context) text.replace(text.size() - 4, 4, i == 1 ? "+++ " : "--- ");
      text += header.names[side].value_or("/dev/null") + header.stamps[side] + "\n";
    }
  }
  return text + (style.context ? ContextReject(hunk, offset, style) : UnifiedReject(hunk, offset));
}

}  // namespace computesdk::in_memory::patch
