#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_TRANSFORM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_TRANSFORM_H_

#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/text/regex.h"

namespace computesdk::in_memory::tar {

// One "s,REGEX,REPLACEMENT,FLAGS" of --transform.
struct Transform {
  // A piece of the replacement: text, or a group (0 for "&").
  struct Piece {
    std::string text;
    int group = -1;
    char letter_case = 0;  // From here on: U, L, E; for one character: u, l.
  };
  Regex regex;
  std::vector<Piece> pieces;
  std::size_t number = 1;  // The first match that is replaced.
  bool global = false;
  // What it holds for: members, symbolic links' and hard links' targets.
  bool names = true, symlinks = true, hard_links = true;
};

// Adds those of one option, with ";" between them; false where it is none.
bool ParseTransforms(std::string_view text, std::vector<Transform>& transforms);

enum class NameKind { kMember, kSymlink, kHardLink };
std::string Transformed(const std::vector<Transform>& transforms, std::string name, NameKind kind);

}  // namespace computesdk::in_memory::tar

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_TRANSFORM_H_
