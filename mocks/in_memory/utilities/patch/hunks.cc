#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/patch/reader.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::patch {

std::size_t Hunk::Count(std::size_t side) const {
  const char other = side == 0 ? '+' : '-';
  return static_cast<std::size_t>(std::count_if(
      lines.begin(), lines.end(), [&](const HunkLine& line) { return line.mark != other; }));
}

std::size_t Hunk::PrefixContext() const {
  const auto changed = [](const HunkLine& line) { return line.mark != ' '; };
  return static_cast<std::size_t>(std::find_if(lines.begin(), lines.end(), changed) -
                                  lines.begin());
}

std::size_t Hunk::SuffixContext() const {
  const auto changed = [](const HunkLine& line) { return line.mark != ' '; };
  return static_cast<std::size_t>(std::find_if(lines.rbegin(), lines.rend(), changed) -
                                  lines.rbegin());
}

void Hunk::Swap() {
  std::swap(first[0], first[1]);
  for (HunkLine& line : lines) {
    if (line.mark != ' ') line.mark = line.mark == '-' ? '+' : '-';
  }
  // What goes stands before what comes.
  auto begin = lines.begin();
  while (begin != lines.end()) {
    const auto changed = [](const HunkLine& line) { return line.mark != ' '; };
    begin = std::find_if(begin, lines.end(), changed);
    const auto end = std::find_if_not(begin, lines.end(), changed);
    std::stable_partition(begin, end, [](const HunkLine& line) { return line.mark == '-'; });
    begin = end;
  }
}

void Reader::Malformed(std::string_view line) {
  Fatal(process_,
        "malformed patch at line " + std::to_string(line_ - 1) + ": " + std::string(line));
}

std::size_t Reader::Number(std::string_view& rest, std::string_view line) {
  const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const auto number = ParseInteger(rest.substr(0, end));
  if (!number || *number > INT32_MAX) Malformed(line);
  rest.remove_prefix(end);
  return static_cast<std::size_t>(*number);
}

// Whether "\ No newline at end of file" follows, which is taken.
bool Reader::TakeIncomplete() {
  const std::size_t position = position_;
  const std::size_t line = line_;
  if (Line().starts_with('\\')) return true;
  Seek(position, line);
  return false;
}

void Reader::AddText(std::vector<HunkLine>& lines, char mark, std::string text) {
  if (TakeIncomplete() && text.ends_with('\n')) text.pop_back();
  lines.push_back({mark, std::move(text)});
}

std::optional<Hunk> Reader::NextHunk() {
  const std::size_t position = position_;
  const std::size_t line = line_;
  std::optional<Hunk> hunk;
  if (header_.format == Format::kUnified) hunk = UnifiedHunk();
  if (header_.format == Format::kContext) hunk = ContextHunk();
  if (header_.format == Format::kNormal) hunk = NormalHunk();
  if (!hunk) Seek(position, line);
  base_ = position_;
  base_line_ = line_;
  return hunk;
}

std::optional<Hunk> Reader::UnifiedHunk() {
  const std::string line = Line();
  if (!line.starts_with("@@ -")) return std::nullopt;
  Hunk hunk;
  std::size_t counts[2] = {1, 1};
  std::string_view rest = std::string_view(line).substr(4);
  for (std::size_t side = 0; side < 2; ++side) {
    hunk.first[side] = Number(rest, line);
    if (rest.starts_with(',')) {
      rest.remove_prefix(1);
      counts[side] = Number(rest, line);
    }
    if (counts[side] == 0) ++hunk.first[side];
    if (rest.starts_with(' ')) rest.remove_prefix(1);
    const char expected = side == 0 ? '+' : '@';
    if (!rest.starts_with(expected)) Malformed(line);
    rest.remove_prefix(1);
  }
  if (rest.starts_with("@ ")) {
    hunk.function = rest.substr(1);
    while (hunk.function.ends_with('\n') || hunk.function.ends_with('\r')) hunk.function.pop_back();
  }
  bool changes = false;
  while (counts[0] > 0 || counts[1] > 0) {
    std::string text = Line();
    // Blank lines at the end of a mail get lost.
    if (text.empty()) {
      if (counts[1] > 3 || counts[0] > counts[1])
        Fatal(process_, "unexpected end of file in patch");
      text = " \n";
    }
    char mark = ' ';
    // So does the blank before an empty line.
    if (text[0] != '\t' && text[0] != '\n') {
      mark = text[0] == '=' ? ' ' : text[0];
      if (mark != ' ' && mark != '-' && mark != '+') Malformed(text);
    }
    if ((mark != '+' && counts[0] == 0) || (mark != '-' && counts[1] == 0)) Malformed(text);
    if (mark != '+') --counts[0];
    if (mark != '-') --counts[1];
    changes |= mark != ' ';
    AddText(hunk.lines, mark, text[0] == '\t' || text[0] == '\n' ? text : text.substr(1));
  }
  if (!changes) Malformed(line);
  return hunk;
}

// One half of a hunk, from behind its header "*** 1,3 ****" or "--- 1,3 ----".
std::vector<HunkLine> Reader::ContextHalf(std::string_view header, std::size_t& begin) {
  const bool old_half = header[0] == '*';
  std::string_view rest = header.substr(4);
  begin = Number(rest, header);
  std::size_t count = begin == 0 ? 0 : 1;
  if (rest.starts_with(',')) {
    rest.remove_prefix(1);
    const std::size_t end = Number(rest, header);
    if (end + 1 < begin) Malformed(header);
    count = end + 1 - begin;
  }
  std::vector<HunkLine> lines;
  while (lines.size() < count || old_half) {
    const std::size_t position = position_;
    const std::size_t number = line_;
    std::string text = Line();
    if (text == "\n") text = "  \n";
    const bool marked =
        text.size() > 2 && IsBlank(text[1]) &&
        std::string_view(old_half ? " -!" : " +!").find(text[0]) != std::string_view::npos;
    if (!marked) {
      const bool ends = old_half ? text.starts_with("--- ") : lines.empty();
      if (!ends && text.empty()) Fatal(process_, "unexpected end of file in patch");
      if (!ends) Malformed(text);
      Seek(position, number);
      break;
    }
    AddText(lines, text[0], text.substr(2));
  }
  // A half without changes is left out; so is one without lines, behind which its place stands.
  if (lines.empty() && (begin == 0 || count == 0)) begin = begin == 0 ? 1 : begin;
  return lines;
}

std::optional<Hunk> Reader::ContextHunk() {
  if (!Line().starts_with("********")) return std::nullopt;
  std::string line = Line();
  if (!line.starts_with("*** ")) return std::nullopt;
  Hunk hunk;
  std::vector<HunkLine> old_half = ContextHalf(line, hunk.first[0]);
  line = Line();
  if (!line.starts_with("--- ")) Malformed(line);
  std::vector<HunkLine> new_half = ContextHalf(line, hunk.first[1]);
  const auto context_of = [](const std::vector<HunkLine>& half) {
    std::vector<HunkLine> context;
    std::copy_if(half.begin(), half.end(), std::back_inserter(context),
                 [](const HunkLine& text) { return text.mark == ' '; });
    return context;
  };
  if (old_half.empty()) old_half = context_of(new_half);
  if (new_half.empty()) new_half = context_of(old_half);
  auto old_line = old_half.begin();
  auto new_line = new_half.begin();
  while (old_line != old_half.end() || new_line != new_half.end()) {
    for (; old_line != old_half.end() && old_line->mark != ' '; ++old_line) {
      hunk.lines.push_back({'-', std::move(old_line->text)});
    }
    for (; new_line != new_half.end() && new_line->mark != ' '; ++new_line) {
      hunk.lines.push_back({'+', std::move(new_line->text)});
    }
    if (old_line == old_half.end() && new_line == new_half.end()) break;
    if (old_line == old_half.end() || new_line == new_half.end()) {
      Fatal(process_, "Out-of-sync patch, lines " + std::to_string(line_ - 1) +
                          ",-- mangled text or line numbers, maybe?");
    }
    hunk.lines.push_back({' ', std::move(old_line->text)});
    ++old_line;
    ++new_line;
  }
  return hunk;
}

void Reader::NormalLines(Hunk& hunk, char mark, std::size_t count) {
  const char sign = mark == '-' ? '<' : '>';
  for (std::size_t i = 0; i < count; ++i) {
    const std::string text = Line();
    if (text.empty()) {
      Fatal(process_, "unexpected end of file in patch at line " + std::to_string(line_ - 1));
    }
    if (text.size() < 2 || text[0] != sign || !IsBlank(text[1])) {
      Fatal(process_, std::string("'") + sign + "' followed by space or tab expected at line " +
                          std::to_string(line_ - 1) + " of patch");
    }
    AddText(hunk.lines, mark, text.substr(2));
  }
}

std::optional<Hunk> Reader::NormalHunk() {
  const std::string line = Line();
  if (line.empty() || !IsDigit(line[0])) return std::nullopt;
  std::string_view rest = line;
  Hunk hunk;
  hunk.first[0] = Number(rest, line);
  std::size_t old_end = hunk.first[0];
  if (rest.starts_with(',')) {
    rest.remove_prefix(1);
    old_end = Number(rest, line);
  }
  const char type = rest.empty() ? ' ' : rest[0];
  if ((type != 'a' && type != 'c' && type != 'd') || old_end < hunk.first[0]) Malformed(line);
  rest.remove_prefix(1);
  hunk.first[1] = Number(rest, line);
  std::size_t new_end = hunk.first[1];
  if (rest.starts_with(',')) {
    rest.remove_prefix(1);
    new_end = Number(rest, line);
  }
  if (new_end < hunk.first[1]) Malformed(line);
  const std::size_t old_count = type == 'a' ? 0 : old_end - hunk.first[0] + 1;
  const std::size_t new_count = type == 'd' ? 0 : new_end - hunk.first[1] + 1;
  if (type == 'a') ++hunk.first[0];
  if (type == 'd') ++hunk.first[1];
  NormalLines(hunk, '-', old_count);
  if (type == 'c' && !Line().starts_with('-')) {
    Fatal(process_, "'---' expected at line " + std::to_string(line_ - 1) + " of patch");
  }
  NormalLines(hunk, '+', new_count);
  return hunk;
}

}  // namespace computesdk::in_memory::patch
