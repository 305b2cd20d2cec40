#include <algorithm>

#include "mocks/in_memory/utilities/compare/diff_output.h"

namespace computesdk::in_memory::diff {
namespace {

char Letter(const Change& change) {
  if (change.old_end == change.old_begin) return 'a';
  return change.new_end == change.new_begin ? 'd' : 'c';
}

// "3", "3,5"; for no lines, the one before.
std::string Place(const Change& change, char separator) {
  if (change.old_end <= change.old_begin + 1) return std::to_string(change.old_end);
  return std::to_string(change.old_begin + 1) + separator + std::to_string(change.old_end);
}

bool Counts(const Comparison& comparison, const Change& change) {
  return !IsIgnorable(change, comparison.old_text, comparison.new_text, comparison.style);
}

void PrintNewLines(Output& out, const Comparison& comparison, const Change& change) {
  for (std::size_t i = change.new_begin; i < change.new_end; ++i) {
    PrintText(out, comparison.style, comparison.new_text.lines[i]);
    out.Put('\n');
  }
}

}  // namespace

void PrintEd(Output& out, const Comparison& comparison) {
  for (auto change = comparison.changes.rbegin(); change != comparison.changes.rend(); ++change) {
    if (!Counts(comparison, *change)) continue;
    out << Place(*change, ',');
    out.Put(Letter(*change));
    out.Put('\n');
    if (change->new_begin == change->new_end) continue;
    bool inserting = true;
    for (std::size_t i = change->new_begin; i < change->new_end; ++i) {
      const std::string_view line = comparison.new_text.lines[i];
      if (!inserting) out << "a\n";
      // A line of one dot would end the text: it is put in with two, and one is taken away.
      inserting = line != ".";
      if (inserting) {
        PrintText(out, comparison.style, line);
        out.Put('\n');
      } else {
        out << "..\n.\ns/.//\n";
      }
    }
    if (inserting) out << ".\n";
  }
}

void PrintForwardEd(Output& out, const Comparison& comparison) {
  for (const Change& change : comparison.changes) {
    if (!Counts(comparison, change)) continue;
    out.Put(Letter(change));
    out << Place(change, ' ') << "\n";
    if (change.new_begin == change.new_end) continue;
    PrintNewLines(out, comparison, change);
    out << ".\n";
  }
}

void PrintRcs(Output& out, const Comparison& comparison) {
  for (const Change& change : comparison.changes) {
    if (!Counts(comparison, change)) continue;
    if (change.old_end > change.old_begin) {
      out << "d" << std::to_string(change.old_begin + 1) << " "
          << std::to_string(change.old_end - change.old_begin) << "\n";
    }
    if (change.new_end == change.new_begin) continue;
    out << "a" << std::to_string(change.old_end) << " "
        << std::to_string(change.new_end - change.new_begin) << "\n";
    for (std::size_t i = change.new_begin; i < change.new_end; ++i) {
      PrintText(out, comparison.style, comparison.new_text.lines[i]);
      if (!comparison.new_text.IsEndless(i)) out.Put('\n');
    }
  }
}

}  // namespace computesdk::in_memory::diff
