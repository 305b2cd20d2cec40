#include "conformance/printable.h"

#include <cstdint>

namespace computesdk::conformance {
namespace {

// Three digits always: a digit that follows is then no part of it.
void AppendOctal(unsigned char byte, std::string& out) {
  out += '\\';
  out += static_cast<char>('0' + (byte >> 6));
  out += static_cast<char>('0' + ((byte >> 3) & 7));
  out += static_cast<char>('0' + (byte & 7));
}

// C1 controls are valid UTF-8, but terminals obey some of them.
bool IsC1Control(std::string_view character) {
  return character.size() == 2 && character[0] == '\xc2' &&
         static_cast<unsigned char>(character[1]) < 0xa0;
}

// Appends the character at the start of `bytes`, escaped unless it is printable; says how many
// bytes it had.
std::size_t AppendEscaped(std::string_view bytes, std::string& out) {
  const auto byte = static_cast<unsigned char>(bytes[0]);
  if (byte >= 0x20 && byte < 0x7f) {
    out += bytes[0];
    return 1;
  }
  const std::size_t length = byte < 0x80 ? 0 : Utf8Length(bytes);
  if (length > 0 && !IsC1Control(bytes.substr(0, length))) {
    out += bytes.substr(0, length);
    return length;
  }
  AppendOctal(byte, out);
  return 1;
}

std::string Quoted(std::string_view bytes) {
  std::string out = "\"";
  while (!bytes.empty()) {
    std::size_t taken = 1;
    switch (bytes[0]) {
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      default:
        taken = AppendEscaped(bytes, out);
    }
    bytes.remove_prefix(taken);
  }
  return out + '"';
}

}  // namespace

std::string ShellQuote(std::string_view value) {
  std::string out = "'";
  for (char c : value) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

std::string Printable(std::string_view bytes, std::size_t limit) {
  if (bytes.size() <= limit) return Quoted(bytes);
  const std::size_t half = limit / 2;
  return Quoted(bytes.substr(0, half)) + " ... " + Quoted(bytes.substr(bytes.size() - half)) +
         " (" + std::to_string(bytes.size()) + " bytes)";
}

std::string CleanText(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    std::size_t taken = 1;
    if (text[0] == '\n' || text[0] == '\t') {
      out += text[0];
    } else {
      taken = AppendEscaped(text, out);
    }
    text.remove_prefix(taken);
  }
  return out;
}

std::size_t Utf8Length(std::string_view bytes) {
  if (bytes.empty()) return 0;
  const auto first = static_cast<unsigned char>(bytes[0]);
  if (first < 0x80) return 1;
  std::size_t length = 0;
  std::uint32_t point = 0;
  std::uint32_t smallest = 0;
  if ((first & 0xe0) == 0xc0) {
    length = 2, point = first & 0x1f, smallest = 0x80;
  } else if ((first & 0xf0) == 0xe0) {
    length = 3, point = first & 0x0f, smallest = 0x800;
  } else if ((first & 0xf8) == 0xf0) {
    length = 4, point = first & 0x07, smallest = 0x10000;
  } else {
    return 0;
  }
  if (bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(bytes[i]);
    if ((next & 0xc0) != 0x80) return 0;
    point = (point << 6) | (next & 0x3f);
  }
  const bool surrogate = point >= 0xd800 && point <= 0xdfff;
  return point < smallest || point > 0x10ffff || surrogate ? 0 : length;
}

}  // namespace computesdk::conformance
