#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_NAMES_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_NAMES_H_

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory::patch {

// A file's name at the beginning of a header's text, plain or in quotes as C has them, and what
// stands behind it.
struct NameField {
  std::optional<std::string> name;
  std::string rest;
};
// `stamped`: blanks belong to the name where a tab follows later.
NameField TakeFileName(std::string_view text, bool stamped);

// The two names of "diff --git a/x b/x"; nullopt where they cannot be told apart.
std::optional<std::array<std::string, 2>> GitNames(std::string_view text);

// Takes that many slashes with what stands before them off a name, or all of them where `count` is
// below 0. False if the name has not as many.
bool StripSlashes(std::string& name, int count);

// Of those that are no `nullopt`, the one with the fewest folders, then the shortest last part,
// then the shortest as a whole, then the first; nullopt where there is none.
std::optional<std::size_t> BestName(const std::array<std::optional<std::string>, 3>& names);

// Whether a name stays below the current folder.
bool IsSafeName(std::string_view name);

}  // namespace computesdk::in_memory::patch

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_NAMES_H_
