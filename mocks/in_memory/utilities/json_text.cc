#include "mocks/in_memory/utilities/json_text.h"

#include <array>
#include <cstdio>

namespace computesdk::in_memory {

std::string JsonText(std::string_view text) {
  static constexpr std::string_view kNamed = "\b\t\n\f\r\"\\";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const auto at = kNamed.find(c); at != std::string_view::npos) {
      result += {'\\', "btnfr\"\\"[at]};
    } else if (byte < 0x20) {
      std::array<char, 8> shown{};
      (void)std::snprintf(shown.data(), shown.size(), "\\u%04x", byte);
      result += shown.data();
    } else {
      result.push_back(c);
    }
  }
  return result + "\"";
}

}  // namespace computesdk::in_memory
