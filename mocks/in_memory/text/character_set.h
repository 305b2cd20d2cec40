#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_CHARACTER_SET_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_CHARACTER_SET_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// What a character is to the program that runs on this thread: a byte, as in the locale C, or
// UTF-8. A thread begins with UTF-8.
bool BytesAreCharacters();
void SetBytesAreCharacters(bool bytes);

// What was so before holds again at the end of a scope.
class CharacterSetScope {
 public:
  CharacterSetScope() : before_(BytesAreCharacters()) {}
  explicit CharacterSetScope(bool bytes) : CharacterSetScope() { SetBytesAreCharacters(bytes); }
  ~CharacterSetScope() { SetBytesAreCharacters(before_); }
  CharacterSetScope(const CharacterSetScope&) = delete;
  CharacterSetScope& operator=(const CharacterSetScope&) = delete;

 private:
  bool before_;
};

// Whether a locale of that name has UTF-8; nullopt for one that a sandbox does not have: it has
// those of a small image, C, POSIX and C.UTF-8.
std::optional<bool> LocaleHasUtf8(std::string_view name);
// The same of what LC_ALL, LC_CTYPE and LANG name; C for what is missing.
bool HasUtf8Locale(const std::map<std::string, std::string>& env);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_CHARACTER_SET_H_
