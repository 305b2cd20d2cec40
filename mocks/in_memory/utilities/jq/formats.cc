// @csv, @sh and their like.

#include <cctype>

#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "sdk/encoding.h"

namespace computesdk::in_memory::jq {
namespace {

constexpr std::string_view kNul = "\\0";  // How every format with quotes writes it.

// "a b" where that needs no quotes of its kind; each value of an array is one.
std::string Row(const Value& value, const std::string& name) {
  std::string row;
  const bool csv = name == "@csv";
  for (const Value& item : ArrayOf(value, (csv ? " cannot be csv-formatted, only array"
                                               : " cannot be tsv-formatted, only array"))) {
    if (&item != value.array().data()) row += csv ? "," : "\t";
    if (item.Is(Kind::kArray) || item.Is(Kind::kObject)) {
      Raise(Describe(item) + " is not valid in a csv row");
    }
    if (item.Is(Kind::kNull)) continue;
    if (!item.Is(Kind::kString)) {
      row += Dump(item);
      continue;
    }
    if (csv) row += '"';
    for (const char c : item.text()) {
      const auto at = csv ? std::string_view::npos : std::string_view("\t\n\r\\").find(c);
      if (at != std::string_view::npos) {
        row += {'\\', "tnr\\"[at]};
      } else if (c == '\0') {
        row += kNul;
      } else {
        row += c;
        if (csv && c == '"') row += c;
      }
    }
    if (csv) row += '"';
  }
  return row;
}

std::string ShellWord(const Value& value) {
  if (value.Is(Kind::kArray) || value.Is(Kind::kObject)) {
    Raise(Describe(value) + " can not be escaped for shell");
  }
  if (!value.Is(Kind::kString)) return Dump(value);
  std::string word = "'";
  for (const char c : value.text()) {
    word += c == '\'' ? "'\\''" : c == '\0' ? std::string(kNul) : std::string(1, c);
  }
  return word + "'";
}

// What has no padding, or ends in the middle of a byte, is taken as far as it goes.
std::string FromBase64(const Value& value) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  unsigned bits = 0;
  int count = 0;
  for (const char c : value.text()) {
    const auto digit = kDigits.find(c);
    if (c == '=') break;
    if (digit == std::string_view::npos) Raise(Describe(value) + " is not valid base64 data");
    bits = bits << 6 | static_cast<unsigned>(digit);
    count += 6;
    if (count >= 8) {
      count -= 8;
      out += static_cast<char>(bits >> count & 255);
    }
  }
  if (out.empty() && !value.text().empty()) Raise(Describe(value) + " is not valid base64 data");
  return out;
}

}  // namespace

Value Format(Process&, const std::string& name, const Value& value) {
  if (name == "@text") return Value(ToText(value));
  if (name == "@json") return Value(Dump(value));
  if (name == "@csv" || name == "@tsv") return Value(Row(value, name));
  if (name == "@sh") {
    if (!value.Is(Kind::kArray)) return Value(ShellWord(value));
    std::string line;
    for (const Value& item : value.array()) line += (line.empty() ? "" : " ") + ShellWord(item);
    return Value(std::move(line));
  }
  const std::string text = ToText(value);
  if (name == "@base64") return Value(Base64Encode(text));
  if (name == "@base64d") return Value(FromBase64(Value(text)));
  std::string out;
  if (name == "@html") {
    for (const char c : text) {
      const auto at = std::string_view("<>&'\"\0", 6).find(c);
      static constexpr std::string_view kNames[] = {"&lt;",   "&gt;",   "&amp;",
                                                    "&apos;", "&quot;", kNul};
      out += at == std::string_view::npos ? std::string(1, c) : std::string(kNames[at]);
    }
    return Value(std::move(out));
  }
  if (name == "@uri") {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      if ((byte < 0x80 && std::isalnum(byte) != 0) ||
          std::string_view("-_.!~*'()").find(c) != std::string_view::npos) {
        out += c;
      } else {
        static constexpr std::string_view kHex = "0123456789ABCDEF";
        out += {'%', kHex[byte >> 4], kHex[byte & 15]};
      }
    }
    return Value(std::move(out));
  }
  Raise(name.substr(1) + " is not a valid format");
}

}  // namespace computesdk::in_memory::jq
