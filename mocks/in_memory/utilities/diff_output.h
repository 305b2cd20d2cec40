#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIFF_OUTPUT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIFF_OUTPUT_H_

#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/diff_algorithm.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::diff {

// A file that is compared, line by line. The lines point into the content.
struct Text {
  std::string content = {};
  std::vector<std::string_view> lines = {};
  bool ended = true;  // Whether the last line has its end.
};

// What the headers of a context and unified diff say.
struct Headers {
  std::string old_label;
  std::string new_label;
};

struct Hunk {
  std::vector<Change> changes;
};

// Changes whose surroundings of `context` lines touch or overlap belong together.
std::vector<Hunk> MakeHunks(const std::vector<Change>& changes, std::size_t context);

void PrintNormal(Output& out, const Text& old_text, const Text& new_text,
                 const std::vector<Change>& changes);
void PrintUnified(Output& out, const Text& old_text, const Text& new_text,
                  const std::vector<Hunk>& hunks, std::size_t context, const Headers& headers);
void PrintContext(Output& out, const Text& old_text, const Text& new_text,
                  const std::vector<Hunk>& hunks, std::size_t context, const Headers& headers);

}  // namespace computesdk::in_memory::diff

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIFF_OUTPUT_H_
