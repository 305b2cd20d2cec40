#ifndef COMPUTESDK_SDK_ENCODING_H_
#define COMPUTESDK_SDK_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

// Bytes as text. No library that both Debian and the Bazel registry have offers these two.
namespace computesdk {

// Well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool IsValidUtf8(std::string_view bytes);

// The standard alphabet of RFC 4648, padded.
std::string Base64Encode(std::string_view bytes);

// The bytes; nullopt for what is not base64. Padding may be left out, line feeds are not skipped.
std::optional<std::string> Base64Decode(std::string_view text);

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_ENCODING_H_
