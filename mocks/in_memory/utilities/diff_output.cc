#include "mocks/in_memory/utilities/diff_output.h"

#include <algorithm>

namespace computesdk::in_memory::diff {
namespace {

constexpr std::string_view kNoNewline = "\\ No newline at end of file\n";

void PrintLine(Output& out, std::string_view mark, const Text& text, std::size_t line) {
  out << mark << text.lines[line] << "\n";
  if (line + 1 == text.lines.size() && !text.ended) out << kNoNewline;
}

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

// The lines of a hunk with its surroundings.
struct Extent {
  std::size_t old_begin;
  std::size_t old_end;
  std::size_t new_begin;
  std::size_t new_end;
};

Extent ExtentOf(const Hunk& hunk, const Text& old_text, const Text& new_text, std::size_t context) {
  const Change& first = hunk.changes.front();
  const Change& last = hunk.changes.back();
  const std::size_t before = std::min({context, first.old_begin, first.new_begin});
  return {first.old_begin - before, std::min(last.old_end + context, old_text.lines.size()),
          first.new_begin - before, std::min(last.new_end + context, new_text.lines.size())};
}

}  // namespace

std::vector<Hunk> MakeHunks(const std::vector<Change>& changes, std::size_t context) {
  std::vector<Hunk> hunks;
  for (const Change& change : changes) {
    const bool joins =
        !hunks.empty() && change.old_begin - hunks.back().changes.back().old_end <= 2 * context;
    if (!joins) hunks.emplace_back();
    hunks.back().changes.push_back(change);
  }
  return hunks;
}

void PrintNormal(Output& out, const Text& old_text, const Text& new_text,
                 const std::vector<Change>& changes) {
  for (const Change& change : changes) {
    const bool removes = change.old_end > change.old_begin;
    const bool adds = change.new_end > change.new_begin;
    out << NormalRange(change.old_begin, change.old_end)
        << (removes && adds ? "c"
            : removes       ? "d"
                            : "a")
        << NormalRange(change.new_begin, change.new_end) << "\n";
    for (std::size_t i = change.old_begin; i < change.old_end; ++i) {
      PrintLine(out, "< ", old_text, i);
    }
    if (removes && adds) out << "---\n";
    for (std::size_t i = change.new_begin; i < change.new_end; ++i) {
      PrintLine(out, "> ", new_text, i);
    }
  }
}

void PrintUnified(Output& out, const Text& old_text, const Text& new_text,
                  const std::vector<Hunk>& hunks, std::size_t context, const Headers& headers) {
  out << "--- " << headers.old_label << "\n+++ " << headers.new_label << "\n";
  for (const Hunk& hunk : hunks) {
    const Extent extent = ExtentOf(hunk, old_text, new_text, context);
    out << "@@ -" << UnifiedRange(extent.old_begin, extent.old_end) << " +"
        << UnifiedRange(extent.new_begin, extent.new_end) << " @@\n";
    std::size_t line = extent.old_begin;
    for (const Change& change : hunk.changes) {
      for (; line < change.old_begin; ++line) PrintLine(out, " ", old_text, line);
      for (; line < change.old_end; ++line) PrintLine(out, "-", old_text, line);
      for (std::size_t i = change.new_begin; i < change.new_end; ++i) {
        PrintLine(out, "+", new_text, i);
      }
    }
    for (; line < extent.old_end; ++line) PrintLine(out, " ", old_text, line);
  }
}

void PrintContext(Output& out, const Text& old_text, const Text& new_text,
                  const std::vector<Hunk>& hunks, std::size_t context, const Headers& headers) {
  out << "*** " << headers.old_label << "\n--- " << headers.new_label << "\n";
  for (const Hunk& hunk : hunks) {
    const Extent extent = ExtentOf(hunk, old_text, new_text, context);
    const bool removes = std::any_of(hunk.changes.begin(), hunk.changes.end(),
                                     [](const Change& c) { return c.old_end > c.old_begin; });
    const bool adds = std::any_of(hunk.changes.begin(), hunk.changes.end(),
                                  [](const Change& c) { return c.new_end > c.new_begin; });
    out << "***************\n*** " << ContextRange(extent.old_begin, extent.old_end) << " ****\n";
    if (removes) {
      std::size_t line = extent.old_begin;
      for (const Change& change : hunk.changes) {
        for (; line < change.old_begin; ++line) PrintLine(out, "  ", old_text, line);
        const std::string_view mark = change.new_end > change.new_begin ? "! " : "- ";
        for (; line < change.old_end; ++line) PrintLine(out, mark, old_text, line);
      }
      for (; line < extent.old_end; ++line) PrintLine(out, "  ", old_text, line);
    }
    out << "--- " << ContextRange(extent.new_begin, extent.new_end) << " ----\n";
    if (adds) {
      std::size_t line = extent.new_begin;
      for (const Change& change : hunk.changes) {
        for (; line < change.new_begin; ++line) PrintLine(out, "  ", new_text, line);
        const std::string_view mark = change.old_end > change.old_begin ? "! " : "+ ";
        for (; line < change.new_end; ++line) PrintLine(out, mark, new_text, line);
      }
      for (; line < extent.new_end; ++line) PrintLine(out, "  ", new_text, line);
    }
  }
}

}  // namespace computesdk::in_memory::diff
