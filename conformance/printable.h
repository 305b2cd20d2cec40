#ifndef COMPUTESDK_CONFORMANCE_PRINTABLE_H_
#define COMPUTESDK_CONFORMANCE_PRINTABLE_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace computesdk::conformance {

// One value in single quotes for a POSIX shell, whatever its bytes (but NUL) are.
std::string ShellQuote(std::string_view value);

// Printable, in double quotes: bytes escaped as in C, what is longer than `limit` cut in the
// middle.
std::string Printable(std::string_view bytes, std::size_t limit = 200);

// The bytes without control characters and invalid UTF-8, each of which becomes an escape as in C;
// line feeds and tabs stay. For text that is shown to a person or put in XML.
std::string CleanText(std::string_view text);

// The number of bytes of the valid UTF-8 character at the start of `bytes`; 0 where there is none.
std::size_t Utf8Length(std::string_view bytes);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_PRINTABLE_H_
