#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LS_QUOTING_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LS_QUOTING_H_

#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// The words of --quoting-style.
enum class Quoting {
  kLiteral,
  kShell,
  kShellAlways,
  kShellEscape,
  kShellEscapeAlways,
  kC,
  kEscape,
  kLocale,
  kClocale
};
std::optional<Quoting> ParseQuoting(std::string_view word);

// A name in that style; `hide` shows "?" for what cannot be seen, where the style shows it at all.
std::string QuoteForListing(const std::string& name, Quoting style, bool hide);

// With C's escapes for what cannot be seen, and no quotes.
std::string EscapedForListing(std::string_view name);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LS_QUOTING_H_
