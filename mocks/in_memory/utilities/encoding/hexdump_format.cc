#include "mocks/in_memory/utilities/encoding/hexdump_format.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory {
namespace {

// What one repetition or width may ask for.
constexpr std::size_t kMaxRepeat = 1 << 20;
constexpr std::size_t kMaxWidthDigits = 6;

class HexdumpFormatParser {
 public:
  HexdumpFormatParser(Process& process, std::string_view text) : process_(process), text_(text) {}

  HexdumpFormat Parse() {
    HexdumpFormat format;
    SkipBlanks();
    while (at_ < text_.size()) {
      format.units.push_back(ParseUnit());
      SkipBlanks();
    }
    return format;
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(1);
  }
  [[noreturn]] void BadFormat() { Fail("bad format {" + std::string(text_) + "}"); }

  void SkipBlanks() {
    while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
  }

  std::optional<std::size_t> Number() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
    if (at_ == begin) return std::nullopt;
    const auto value = ParseInteger(text_.substr(begin, at_ - begin)).value_or(0);
    return std::min(static_cast<std::size_t>(value), kMaxRepeat);
  }

  HexdumpUnit ParseUnit() {
    HexdumpUnit unit;
    if (const auto repeat = Number()) {
      unit.repeat = *repeat;
      unit.has_repeat = true;
      SkipBlanks();
    }
    if (at_ < text_.size() && text_[at_] == '/') {
      ++at_;
      SkipBlanks();
    }
    if (const auto bytes = Number()) {
      unit.bytes = *bytes;
      SkipBlanks();
    }
    if (at_ >= text_.size() || text_[at_] != '"') BadFormat();
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) BadFormat();
    const std::string body = Unescaped(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    ParsePieces(unit, body);
    return unit;
  }

  static std::string Unescaped(std::string_view text) {
    static constexpr std::string_view kLetters = "abfnrtv0";
    static constexpr char kBytes[] = "\a\b\f\n\r\t\v";
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\' || i + 1 == text.size()) {
        result.push_back(text[i]);
        continue;
      }
      const auto known = kLetters.find(text[++i]);
      result.push_back(known == std::string_view::npos ? text[i] : kBytes[known]);
    }
    return result;
  }

  void ParsePieces(HexdumpUnit& unit, const std::string& body) {
    const std::size_t given = unit.bytes;
    std::size_t conversions = 0;
    for (std::size_t at = 0; at < body.size();) {
      const std::size_t percent = body.find('%', at);
      HexdumpPiece piece;
      piece.before = body.substr(at, percent - at);
      if (percent == std::string::npos) {
        unit.pieces.push_back(std::move(piece));
        break;
      }
      at = percent + 1;
      ParseConversion(unit, piece, body, at, given);
      if (piece.kind != HexdumpPiece::kAddress && given > 0 && conversions++ > 0) {
        Fail("byte count with multiple conversion characters");
      }
      if (given == 0) unit.bytes += piece.bytes;
      unit.pieces.push_back(std::move(piece));
    }
  }

  void ParseConversion(HexdumpUnit& unit, HexdumpPiece& piece, const std::string& body,
                       std::size_t& at, std::size_t given) {
    while (at < body.size() && std::string_view("-+ #0").find(body[at]) != std::string::npos) {
      piece.flags.push_back(body[at++]);
    }
    const auto digits = [&] {
      std::size_t count = 0;
      for (; at < body.size() && IsDigit(body[at]); ++at) {
        if (++count <= kMaxWidthDigits) piece.width.push_back(body[at]);
      }
    };
    digits();
    bool has_precision = false;
    std::size_t precision = 0;
    if (at < body.size() && body[at] == '.') {
      piece.width.push_back(body[at++]);
      const std::size_t begin = piece.width.size();
      digits();
      has_precision = true;
      precision = static_cast<std::size_t>(ParseInteger(piece.width.substr(begin)).value_or(0));
    }
    const char letter = at < body.size() ? body[at++] : '\0';
    piece.conversion = letter;
    if (letter == '_') return ParseSpecial(unit, piece, body, at, given);
    if (letter == 'c') {
      piece.kind = HexdumpPiece::kRaw;
      piece.bytes = Bytes(given, {1}, "c");
    } else if (letter == 'd' || letter == 'i') {
      piece.kind = HexdumpPiece::kSigned;
      piece.bytes = Bytes(given, {4, 1, 2, 8}, {letter});
    } else if (letter != '\0' && std::strchr("ouxX", letter) != nullptr) {
      piece.kind = HexdumpPiece::kUnsigned;
      piece.bytes = Bytes(given, {4, 1, 2, 8}, {letter});
    } else if (letter != '\0' && std::strchr("eEfgG", letter) != nullptr) {
      piece.kind = HexdumpPiece::kFloat;
      piece.bytes = Bytes(given, {8, 4}, {letter});
    } else if (letter == 's') {
      if (!has_precision && given == 0) Fail("%s requires a precision or a byte count");
      piece.kind = HexdumpPiece::kString;
      piece.bytes = given > 0 ? given : precision;
    } else {
      Fail(std::string("bad conversion character %") + (letter == '\0' ? 'A' : letter));
    }
  }

  void ParseSpecial(HexdumpUnit& unit, HexdumpPiece& piece, const std::string& body,
                    std::size_t& at, std::size_t given) {
    const char letter = at < body.size() ? body[at++] : '\0';
    piece.conversion = 's';
    if (letter == 'a' || letter == 'A') {
      unit.at_end = unit.at_end || letter == 'A';
      piece.kind = HexdumpPiece::kAddress;
      piece.conversion = at < body.size() ? body[at++] : '\0';
      if (piece.conversion == '\0' || std::strchr("dox", piece.conversion) == nullptr) {
        Fail(std::string("bad conversion character %_") + letter);
      }
      return;
    }
    const auto known = std::string_view("cpu").find(letter);
    if (letter == '\0' || known == std::string_view::npos) {
      Fail(std::string("bad conversion character %_") + letter);
    }
    static constexpr HexdumpPiece::Kind kKinds[] = {HexdumpPiece::kEscaped,
                                                    HexdumpPiece::kPrintable, HexdumpPiece::kNamed};
    piece.kind = kKinds[known];
    piece.bytes = Bytes(given, {1}, {'_', letter});
  }

  // The bytes that a conversion takes; the first of the choices where the unit says nothing.
  std::size_t Bytes(std::size_t given, const std::vector<std::size_t>& choices,
                    const std::string& conversion) {
    if (given == 0) return choices[0];
    if (std::find(choices.begin(), choices.end(), given) == choices.end()) {
      Fail("bad byte count for conversion character " + conversion);
    }
    return given;
  }

  Process& process_;
  const std::string_view text_;
  std::size_t at_ = 0;
};

template <typename T>
std::string Printed(const std::string& specification, T value) {
  // The specification was put together from what is known to be sound.
  const int length = std::snprintf(nullptr, 0, specification.c_str(), value);
  std::string text(static_cast<std::size_t>(std::max(length, 0)) + 1, '\0');
  (void)std::snprintf(text.data(), text.size(), specification.c_str(), value);
  text.pop_back();
  return text;
}

std::string EscapedByte(unsigned char byte) {
  static constexpr std::string_view kBytes("\0\a\b\f\n\r\t\v", 8);
  static constexpr std::string_view kLetters = "0abfnrtv";
  const auto known = kBytes.find(static_cast<char>(byte));
  if (known != std::string_view::npos) return {'\\', kLetters[known]};
  if (byte >= 0x20 && byte < 0x7f) return {static_cast<char>(byte)};
  return Printed("%03o", static_cast<unsigned>(byte));
}

std::string NamedByte(unsigned char byte) {
  static constexpr std::string_view kNames[] = {
      "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",  "ht",  "lf",
      "vt",  "ff",  "cr",  "so",  "si",  "dle", "dc1", "dc2", "dc3", "dc4", "nak",
      "syn", "etb", "can", "em",  "sub", "esc", "fs",  "gs",  "rs",  "us"};
  if (byte < 0x20) return std::string(kNames[byte]);
  if (byte == 0x7f) return "del";
  if (byte < 0x7f) return {static_cast<char>(byte)};
  return Printed("%02x", static_cast<unsigned>(byte));
}

template <typename T>
T BytesAs(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

long long SignedValue(std::string_view bytes, std::size_t size) {
  if (size == 1) return BytesAs<std::int8_t>(bytes);
  if (size == 2) return BytesAs<std::int16_t>(bytes);
  return size == 4 ? BytesAs<std::int32_t>(bytes) : BytesAs<std::int64_t>(bytes);
}

unsigned long long UnsignedValue(std::string_view bytes, std::size_t size) {
  if (size == 1) return BytesAs<std::uint8_t>(bytes);
  if (size == 2) return BytesAs<std::uint16_t>(bytes);
  return size == 4 ? BytesAs<std::uint32_t>(bytes) : BytesAs<std::uint64_t>(bytes);
}

}  // namespace

std::size_t HexdumpFormat::Bytes() const {
  std::size_t total = 0;
  for (const HexdumpUnit& unit : units) total += unit.bytes * unit.repeat;
  return total;
}

HexdumpFormat ParseHexdumpFormat(Process& process, std::string_view text) {
  HexdumpFormat format = HexdumpFormatParser(process, text).Parse();
  RequireMemory(process, format.Bytes());
  return format;
}

std::string FormatHexdumpPiece(const HexdumpPiece& piece, std::string_view bytes,
                               std::uint64_t address) {
  const auto byte = bytes.empty() ? '\0' : bytes[0];
  const std::string start = "%" + piece.flags + piece.width;
  const std::string plain = start + piece.conversion;
  const std::string wide = start + "ll" + piece.conversion;
  const auto text = [&](const std::string& value) { return Printed(start + "s", value.c_str()); };
  switch (piece.kind) {
    case HexdumpPiece::kText:
      return piece.before;
    case HexdumpPiece::kAddress:
      return piece.before + Printed(wide, static_cast<unsigned long long>(address));
    case HexdumpPiece::kRaw:
      return piece.before + Printed(plain, static_cast<int>(byte));
    case HexdumpPiece::kEscaped:
      return piece.before + text(EscapedByte(static_cast<unsigned char>(byte)));
    case HexdumpPiece::kPrintable:
      return piece.before + text({byte >= 0x20 && byte < 0x7f ? byte : '.'});
    case HexdumpPiece::kNamed:
      return piece.before + text(NamedByte(static_cast<unsigned char>(byte)));
    case HexdumpPiece::kString:
      return piece.before + text(std::string(bytes.substr(0, piece.bytes)));
    case HexdumpPiece::kSigned:
      return piece.before + Printed(wide, SignedValue(bytes, piece.bytes));
    case HexdumpPiece::kUnsigned:
      return piece.before + Printed(wide, UnsignedValue(bytes, piece.bytes));
    case HexdumpPiece::kFloat:
      break;
  }
  const double value = piece.bytes == 4 ? BytesAs<float>(bytes) : BytesAs<double>(bytes);
  return piece.before + Printed(plain, value);
}

std::string BlankHexdumpPiece(const HexdumpPiece& piece) {
  return piece.before + Printed("%" + piece.width + "s", "");
}

}  // namespace computesdk::in_memory
