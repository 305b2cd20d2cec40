#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_OUTPUT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_OUTPUT_H_

#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/compare/diff_style.h"
#include "mocks/in_memory/utilities/compare/diff_text.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::diff {

// Two files and how they differ, to be printed.
struct Comparison {
  const Text& old_text;
  const Text& new_text;
  const std::vector<Change>& changes;
  const Style& style;
  // What the headers of a context and unified diff say.
  std::string old_label;
  std::string new_label;
};

enum class Color { kNone, kHeader, kPlace, kOld, kNew };
// Begins a colour, where the style has them; kNone ends it.
void Paint(Output& out, const Style& style, Color color);

// A line's text as it is shown: with tabs expanded where the style says so.
void PrintText(Output& out, const Style& style, std::string_view text);

// Each prints the changes in one form.
void PrintNormal(Output& out, const Comparison& comparison);
void PrintUnified(Output& out, const Comparison& comparison);
void PrintContext(Output& out, const Comparison& comparison);
// An ed script, last change first; and one in the order of the file, which ed cannot read.
void PrintEd(Output& out, const Comparison& comparison);
void PrintForwardEd(Output& out, const Comparison& comparison);
void PrintRcs(Output& out, const Comparison& comparison);
// By --line-format, --changed-group-format and the like; and for -D.
void PrintGroups(Output& out, const Comparison& comparison);
void PrintSideBySide(Output& out, const Comparison& comparison);

}  // namespace computesdk::in_memory::diff

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_OUTPUT_H_
