#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory {
namespace {

thread_local bool bytes_are_characters = false;

}  // namespace

bool BytesAreCharacters() { return bytes_are_characters; }

void SetBytesAreCharacters(bool bytes) { bytes_are_characters = bytes; }

std::optional<bool> LocaleHasUtf8(std::string_view name) {
  if (name.empty() || name == "C" || name == "POSIX") return false;
  if (!name.starts_with("C.")) return std::nullopt;
  std::string set;
  for (const char c : name.substr(2)) {
    if (c != '-') set += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  if (set != "utf8") return std::nullopt;
  return true;
}

bool HasUtf8Locale(const std::map<std::string, std::string>& env) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const auto variable = env.find(name);
    if (variable == env.end() || variable->second.empty()) continue;
    return LocaleHasUtf8(variable->second).value_or(false);
  }
  return false;
}

}  // namespace computesdk::in_memory
