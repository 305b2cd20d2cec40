#include "mocks/in_memory/utilities/compare/diff_text.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::diff {
namespace {

bool IgnoresSpace(const Style& style) {
  return style.ignore_all_space || style.ignore_space_change || style.ignore_trailing_space;
}

std::string WithTabsExpanded(std::string_view line, std::size_t tab_size) {
  std::string text;
  std::size_t column = 0;
  for (const char c : line) {
    if (c == '\t') {
      const std::size_t spaces = tab_size - column % tab_size;
      text.append(spaces, ' ');
      column += spaces;
    } else {
      text += c;
      if (c == '\b') {
        column -= std::min<std::size_t>(column, 1);
      } else {
        column = c == '\r' ? 0 : column + 1;
      }
    }
  }
  return text;
}

// What of a line counts.
std::string KeyOf(std::string_view whole, const Style& style) {
  std::string expanded;
  std::string_view line = whole;
  if (style.ignore_tab_expansion && !style.ignore_all_space && !style.ignore_space_change) {
    line = expanded = WithTabsExpanded(whole, style.tab_size);
  }
  std::string key;
  for (std::size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (IsSpace(c) && style.ignore_all_space) continue;
    if (IsSpace(c) && IgnoresSpace(style)) {
      std::size_t end = i;
      while (end < line.size() && IsSpace(line[end])) ++end;
      if (end == line.size()) break;
      if (style.ignore_space_change) {
        key.push_back(' ');
        i = end - 1;
        continue;
      }
    }
    if (style.ignore_case) c = AsciiLower(c);
    key.push_back(c);
  }
  return key;
}

// The lines of both texts as numbers; the same number for lines that are the same.
class Numbering {
 public:
  Numbering(Process& process, const Style& style)
      : process_(process),
        style_(style),
        plain_(!style.ignore_case && !style.ignore_tab_expansion && !IgnoresSpace(style)) {}

  std::vector<std::size_t> Number(const Text& text) {
    std::vector<std::size_t> lines;
    lines.reserve(text.lines.size());
    for (std::size_t i = 0; i < text.lines.size(); ++i) {
      process_.Checkpoint();
      std::string key = plain_ ? std::string(text.lines[i]) : KeyOf(text.lines[i], style_);
      // The last line without its end is another line, where that counts and can be said.
      const bool counts = !IgnoresSpace(style_) && !style_.IsEdScript();
      key.push_back(text.IsEndless(i) && counts ? '\0' : '\n');
      lines.push_back(numbers_.try_emplace(std::move(key), numbers_.size()).first->second);
    }
    return lines;
  }

 private:
  Process& process_;
  const Style& style_;
  const bool plain_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

}  // namespace

Text::Text(std::string bytes) : content(std::move(bytes)) {
  const std::string_view all = content;
  ended = all.empty() || all.back() == '\n';
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    lines.push_back(all.substr(begin, end - begin));
    begin = end + 1;
  }
}

std::vector<Change> ChangesOf(Process& process, const Text& first, const Text& second,
                              const Style& style) {
  Numbering numbering(process, style);
  std::vector<std::size_t> old_lines = numbering.Number(first);
  std::vector<std::size_t> new_lines = numbering.Number(second);
  // What both files begin and end with is left out, but for the lines that are shown as context:
  // changes do not slide into it.
  const std::size_t horizon = std::max(style.context, style.horizon);
  const std::size_t shorter = std::min(first.lines.size(), second.lines.size());
  std::size_t prefix = 0;
  while (prefix < shorter && old_lines[prefix] == new_lines[prefix]) ++prefix;
  prefix -= std::min(prefix, horizon);
  std::size_t suffix = 0;
  while (suffix < shorter - prefix &&
         old_lines[old_lines.size() - 1 - suffix] == new_lines[new_lines.size() - 1 - suffix]) {
    ++suffix;
  }
  suffix -= std::min(suffix, horizon);
  for (auto* lines : {&old_lines, &new_lines}) {
    lines->resize(lines->size() - suffix);
    lines->erase(lines->begin(), lines->begin() + static_cast<std::ptrdiff_t>(prefix));
  }
  std::vector<Change> changes = Compare(process, old_lines, new_lines, style.effort);
  for (Change& change : changes) {
    for (auto* line : {&change.old_begin, &change.old_end, &change.new_begin, &change.new_end}) {
      *line += prefix;
    }
  }
  return changes;
}

bool IsIgnorable(const Change& change, const Text& first, const Text& second, const Style& style) {
  if (!style.ignore_blank_lines && style.ignored_lines.empty()) return false;
  const auto counts = [&](std::string_view line) {
    if (style.ignore_blank_lines && KeyOf(line, style).empty()) return false;
    return std::none_of(style.ignored_lines.begin(), style.ignored_lines.end(),
                        [&](const Regex& regex) { return regex.Match(line); });
  };
  const auto any_counts = [&](const Text& text, std::size_t begin, std::size_t end) {
    return std::any_of(text.lines.begin() + static_cast<std::ptrdiff_t>(begin),
                       text.lines.begin() + static_cast<std::ptrdiff_t>(end), counts);
  };
  return !any_counts(first, change.old_begin, change.old_end) &&
         !any_counts(second, change.new_begin, change.new_end);
}

}  // namespace computesdk::in_memory::diff
