#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_FILE_LANGUAGES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_FILE_LANGUAGES_H_

#include <string_view>

namespace computesdk::in_memory {

struct Language {
  std::string_view words;  // "C source"
  std::string_view mime_type;
  bool executable = false;
};

// The language that a text without "#!" is written in, as `file` tells it from single lines: rules
// of thumb, of which the first one that holds decides. No words for a text of none.
Language LanguageOf(std::string_view content);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_INSPECT_FILE_LANGUAGES_H_
