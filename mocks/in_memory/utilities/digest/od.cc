#include <algorithm>
#include <array>
#include <cfloat>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <optional>
#include <utility>

#include "mocks/in_memory/utilities/digest/digests.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr int kEndian = 300;

struct OdFormat {
  char letter = 'o';  // a c d f o u x.
  std::size_t size = 2;
  std::size_t width = 6;
  bool show_text = false;
  std::size_t padding = 0;  // Of a whole row, so that the rows of all formats align.
  bool big_endian = false;
};

struct OdStyle {
  std::vector<OdFormat> formats;
  char radix = 'o';
  std::uint64_t skip = 0;
  std::uint64_t limit = UINT64_MAX;
  bool duplicates = false;
  bool big_endian = false;
  std::size_t row = 0;
  bool row_given = false;
  bool modern = false;  // An option was given that the old offsets do not go with.
  std::optional<std::size_t> least_string;  // -S: strings of that length, instead of a dump.
};

std::size_t FieldWidth(char letter, std::size_t size) {
  const auto of_size = [&](std::size_t one, std::size_t two, std::size_t four, std::size_t eight) {
    return size == 1 ? one : size == 2 ? two : size == 4 ? four : eight;
  };
  switch (letter) {
    case 'd':
      return of_size(4, 6, 11, 20);
    case 'u':
      return of_size(3, 5, 10, 20);
    case 'x':
      return of_size(2, 4, 8, 16);
    case 'o':
      return of_size(3, 6, 11, 22);
    case 'f':
      return size == 4 ? 15 : 24;
    default:
      return 3;
  }
}

std::string NamedCharacter(unsigned char byte) {
  static constexpr const char* kNames[] = {
      "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",  "ht",  "nl",
      "vt",  "ff",  "cr",  "so",  "si",  "dle", "dc1", "dc2", "dc3", "dc4", "nak",
      "syn", "etb", "can", "em",  "sub", "esc", "fs",  "gs",  "rs",  "us",  "sp"};
  byte &= 0x7f;
  if (byte == 0x7f) return "del";
  return byte <= 0x20 ? kNames[byte] : std::string(1, static_cast<char>(byte));
}

std::string EscapedCharacter(unsigned char byte) {
  static constexpr std::string_view kNamed("\0\a\b\t\n\v\f\r", 8);
  if (const auto at = kNamed.find(static_cast<char>(byte)); at != std::string_view::npos) {
    return {'\\', "0abtnvfr"[at]};
  }
  if (byte >= 0x20 && byte < 0x7f) return std::string(1, static_cast<char>(byte));
  char text[8];
  std::snprintf(text, sizeof text, "%03o", byte);
  return text;
}

template <typename Number>
Number Load(const char* bytes) {
  Number number{};
  std::memcpy(&number, bytes, sizeof number);
  return number;
}

std::string Field(const OdFormat& format, const char* unordered) {
  // Little endian otherwise, as the machines that are imitated.
  std::array<char, 8> ordered{};
  std::copy_n(unordered, format.size, ordered.begin());
  if (format.big_endian)
    std::reverse(ordered.begin(), ordered.begin() + static_cast<std::ptrdiff_t>(format.size));
  const char* const bytes = ordered.data();
  if (format.letter == 'a') return NamedCharacter(static_cast<unsigned char>(*bytes));
  if (format.letter == 'c') return EscapedCharacter(static_cast<unsigned char>(*bytes));
  char text[64];
  if (format.letter == 'f') {
    // As few digits as tell the number from all others.
    const bool single = format.size == 4;
    const double number = single ? static_cast<double>(Load<float>(bytes)) : Load<double>(bytes);
    const bool tiny = std::fabs(number) < (single ? FLT_MIN : DBL_MIN);
    for (int precision = tiny ? 1 : single ? 6 : 15; precision <= 17; ++precision) {
      std::snprintf(text, sizeof text, "%.*g", precision, number);
      const bool exact = single ? std::strtof(text, nullptr) == Load<float>(bytes)
                                : std::strtod(text, nullptr) == number;
      if (exact) break;
    }
    return text;
  }
  std::uint64_t number = 0;
  std::memcpy(&number, bytes, format.size);
  if (format.letter == 'd') {
    const unsigned unused = static_cast<unsigned>(64 - 8 * format.size);
    const auto value = static_cast<std::int64_t>(number << unused) >> unused;
    std::snprintf(text, sizeof text, "%lld", static_cast<long long>(value));
    return text;
  }
  const auto digits = static_cast<int>(format.width);
  const auto value = static_cast<unsigned long long>(number);
  if (format.letter == 'u') {
    std::snprintf(text, sizeof text, "%llu", value);
  } else if (format.letter == 'x') {
    std::snprintf(text, sizeof text, "%0*llx", digits, value);
  } else {
    std::snprintf(text, sizeof text, "%0*llo", digits, value);
  }
  return text;
}

class OdParser {
 public:
  explicit OdParser(Process& process) : process_(process) {}

  OdStyle Parse(Options& options) {
    while (auto option = options.Next()) Apply(option->letter, option->value, option->has_value);
    if (style_.formats.empty()) Add('o', 2);
    AlignRows();
    return std::move(style_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(1);
  }

  void Add(char letter, std::size_t size) {
    style_.formats.push_back({letter, size, FieldWidth(letter, size), false, 0});
  }

  std::uint64_t Size(const std::string& text) {
    if (text.starts_with("0x")) return std::strtoull(text.c_str(), nullptr, 16);
    const auto size = ParseSize(text);
    if (!size || *size < 0) Fail("invalid argument " + LocaleQuoted(process_, text));
    return static_cast<std::uint64_t>(*size);
  }

  void Apply(int letter, const std::string& value, bool has_value) {
    static constexpr struct {
      char option;
      char letter;
      std::size_t size;
    } kOld[] = {{'a', 'a', 1}, {'b', 'o', 1}, {'c', 'c', 1}, {'d', 'u', 2}, {'f', 'f', 4},
                {'i', 'd', 4}, {'l', 'd', 8}, {'o', 'o', 2}, {'s', 'd', 2}, {'x', 'x', 2},
                {'h', 'x', 2}, {'B', 'o', 2}, {'F', 'f', 8}, {'D', 'u', 4}, {'X', 'x', 4},
                {'e', 'f', 8}, {'H', 'x', 4}, {'I', 'd', 8}, {'L', 'd', 8}, {'O', 'o', 4}};
    for (const auto& old : kOld) {
      if (old.option == letter) return Add(old.letter, old.size);
    }
    style_.modern = style_.modern || letter != kEndian;
    switch (letter) {
      case 'A':
        if (value.size() != 1 ||
            std::string_view("doxn").find(value[0]) == std::string_view::npos) {
          Fail("invalid output address radix '" + value +
               "'; it must be one character from [doxn]");
        }
        style_.radix = value[0];
        break;
      case 't':
        ParseTypes(value);
        break;
      case 'j':
        style_.skip = Size(value);
        break;
      case 'S':
        style_.least_string = has_value ? static_cast<std::size_t>(Size(value)) : 3;
        break;
      case 'N':
        style_.limit = Size(value);
        break;
      case 'v':
        style_.duplicates = true;
        break;
      case kEndian:
        if (value != "big" && value != "little") {
          UsageError(process_, "invalid argument " + LocaleQuoted(process_, value) + " for " +
                                   LocaleQuoted(process_, "--endian") + "\nValid arguments are:" +
                                   "\n  - " + LocaleQuoted(process_, "little") + "\n  - " +
                                   LocaleQuoted(process_, "big"));
        }
        style_.big_endian = value == "big";
        break;
      case 'w':
        style_.row = has_value ? static_cast<std::size_t>(Size(value)) : 32;
        style_.row_given = true;
        if (style_.row > 65536) Fail("invalid -w argument " + LocaleQuoted(process_, value));
        break;
      default:
        break;
    }
  }

  std::size_t TypeSize(const std::string& text, std::size_t& i, char letter) {
    if (letter == 'a' || letter == 'c') return 1;
    static constexpr struct {
      char name;
      std::size_t size;
    } kNames[] = {{'C', 1}, {'S', 2}, {'I', 4}, {'L', 8}, {'F', 4}, {'D', 8}};
    if (i < text.size()) {
      for (const auto& name : kNames) {
        if (text[i] == name.name && (name.name == 'F' || name.name == 'D') == (letter == 'f')) {
          ++i;
          return name.size;
        }
      }
    }
    std::size_t size = 0;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
      size = std::min<std::size_t>(size * 10 + static_cast<std::size_t>(text[i++] - '0'), 100);
    }
    if (size == 0) return letter == 'f' ? 8 : 4;
    const bool known =
        letter == 'f' ? size == 4 || size == 8 : size == 1 || size == 2 || size == 4 || size == 8;
    if (!known) Fail("invalid type string " + LocaleQuoted(process_, text));
    return size;
  }

  void ParseTypes(const std::string& text) {
    if (text.empty()) Fail("invalid type string ''");
    for (std::size_t i = 0; i < text.size();) {
      const char letter = text[i++];
      if (std::string_view("acdfoux").find(letter) == std::string_view::npos) {
        Fail("invalid character '" + std::string(1, letter) + "' in type string " +
             LocaleQuoted(process_, text));
      }
      Add(letter, TypeSize(text, i, letter));
      if (i < text.size() && text[i] == 'z') {
        style_.formats.back().show_text = true;
        ++i;
      }
    }
  }

  void AlignRows() {
    std::size_t common = 1;
    for (const OdFormat& format : style_.formats) common = std::lcm(common, format.size);
    if (!style_.row_given) {
      style_.row = std::max<std::size_t>(16, common);
    } else if (style_.row == 0 || style_.row % common != 0) {
      Complain(process_, "warning: invalid width " + std::to_string(style_.row) + "; using " +
                             std::to_string(common) + " instead");
      style_.row = common;
    }
    std::size_t widest = 0;
    const auto row_width = [&](const OdFormat& format) {
      return (format.width + 1) * (style_.row / format.size);
    };
    for (const OdFormat& format : style_.formats) widest = std::max(widest, row_width(format));
    for (OdFormat& format : style_.formats) {
      format.padding = widest - row_width(format);
      format.big_endian = style_.big_endian;
    }
  }

  Process& process_;
  OdStyle style_;
};

class Dumper {
 public:
  Dumper(Output& out, const OdStyle& style) : out_(out), style_(style), offset_(style.skip) {}

  void Add(std::string_view block) {
    if (style_.least_string) return AddStrings(block);
    pending_.append(block);
    std::size_t at = 0;
    for (; pending_.size() - at >= style_.row; at += style_.row) {
      PrintRow(pending_.substr(at, style_.row));
    }
    pending_.erase(0, at);
  }

  void Finish() {
    if (style_.least_string) return;
    if (!pending_.empty()) PrintRow(pending_);
    PutOffset();
    if (style_.radix != 'n') out_.Put('\n');
  }

 private:
  void PutOffset() {
    char text[32];
    const auto offset = static_cast<unsigned long long>(offset_);
    int length = 0;
    if (style_.radix == 'o') length = std::snprintf(text, sizeof text, "%07llo", offset);
    if (style_.radix == 'd') length = std::snprintf(text, sizeof text, "%07llu", offset);
    if (style_.radix == 'x') length = std::snprintf(text, sizeof text, "%06llx", offset);
    out_.Write({text, static_cast<std::size_t>(length)});
  }

  // Strings as C has them: up to a NUL.
  void AddStrings(std::string_view block) {
    for (const char c : block) {
      ++offset_;
      if (c >= 0x20 && c < 0x7f) {
        pending_.push_back(c);
        continue;
      }
      if (c == '\0' && pending_.size() >= *style_.least_string) {
        const std::uint64_t after = std::exchange(offset_, offset_ - pending_.size() - 1);
        PutOffset();
        offset_ = after;
        out_ << (style_.radix == 'n' ? "" : " ") << pending_ << "\n";
      }
      pending_.clear();
    }
  }

  void PrintRow(const std::string& bytes) {
    const bool whole = bytes.size() == style_.row;
    if (whole && !style_.duplicates && bytes == last_) {
      if (!starred_) out_ << "*\n";
      starred_ = true;
    } else {
      starred_ = false;
      for (std::size_t i = 0; i < style_.formats.size(); ++i) {
        if (i == 0) {
          PutOffset();
        } else if (style_.radix != 'n') {
          out_ << std::string(style_.radix == 'x' ? 6 : 7, ' ');
        }
        PrintFields(style_.formats[i], bytes);
      }
      last_ = bytes;
    }
    offset_ += bytes.size();
  }

  void PrintFields(const OdFormat& format, const std::string& bytes) {
    std::string filled = bytes;
    filled.resize(style_.row, '\0');
    const std::size_t fields = style_.row / format.size;
    const std::size_t used = (bytes.size() + format.size - 1) / format.size;
    std::size_t padding = format.padding;
    std::size_t width = 0;
    for (std::size_t i = 0; i < fields; ++i) {
      const std::size_t left = format.padding * (fields - 1 - i) / fields;
      width = 1 + format.width + padding - left;
      padding = left;
      std::string text = i < used ? Field(format, filled.data() + i * format.size) : "";
      if (i >= used && !format.show_text) break;
      if (text.size() < width) text.insert(0, width - text.size(), ' ');
      out_ << text;
    }
    if (format.show_text) {
      out_ << "  >";
      for (char c : bytes) out_.Put(c >= 0x20 && c < 0x7f ? c : '.');
      out_.Put('<');
    }
    out_.Put('\n');
  }

  Output& out_;
  const OdStyle& style_;
  std::uint64_t offset_;
  std::string pending_;
  std::optional<std::string> last_;
  bool starred_ = false;
};

// "+100", "+0x10", "+1b": the offset that od took as its last operand.
std::optional<std::uint64_t> OldOffset(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const bool blocks = text.ends_with('b') && !text.starts_with("0x");
  if (blocks) text.remove_suffix(1);
  const bool hexadecimal = text.starts_with("0x");
  if (hexadecimal) text.remove_prefix(2);
  std::uint64_t offset = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, offset, hexadecimal ? 16 : 8);
  if (text.empty() || read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return blocks ? offset * 512 : offset;
}

// Takes the old offset from the operands, where there is one.
std::optional<std::uint64_t> TakeOldOffset(std::vector<std::string>& operands) {
  if (operands.empty() || operands.size() > 2) return std::nullopt;
  const std::string& last = operands.back();
  const bool digit = !last.empty() && last[0] >= '0' && last[0] <= '9';
  if (!last.starts_with('+') && !(operands.size() == 2 && digit)) return std::nullopt;
  const auto offset = OldOffset(last);
  if (offset) operands.pop_back();
  return offset;
}

}  // namespace

int OdMain(Process& process) {
  Options options(process, "abcdefilosxhBFDHILOXA:t:j:N:S:vw::",
                  {{"address-radix", 'A', Options::kRequired},
                   {"format", 't', Options::kRequired},
                   {"skip-bytes", 'j', Options::kRequired},
                   {"read-bytes", 'N', Options::kRequired},
                   {"output-duplicates", 'v'},
                   {"strings", 'S', Options::kOptional},
                   {"endian", kEndian, Options::kRequired},
                   {"width", 'w', Options::kOptional}});
  OdStyle style = OdParser(process).Parse(options);
  std::vector<std::string> operands = options.operands();
  if (!style.modern) style.skip = TakeOldOffset(operands).value_or(0);
  Output out(process);
  Dumper dumper(out, style);
  std::uint64_t skip = style.skip;
  std::uint64_t left = style.limit;
  bool opened = false;
  const int status = ForEachInput(
      process, operands,
      [&](int fd, const std::string&) {
        opened = true;
        Input in(process, fd);
        while (left > 0) {
          std::string_view block = in.ReadBlock();
          if (block.empty()) break;
          const auto skipped =
              static_cast<std::size_t>(std::min<std::uint64_t>(skip, block.size()));
          block.remove_prefix(skipped);
          skip -= skipped;
          if (block.size() > left) {
            in.Unread(block.size() - static_cast<std::size_t>(left));
            block = block.substr(0, static_cast<std::size_t>(left));
          }
          left -= block.size();
          dumper.Add(block);
        }
        in.GiveBack();
      },
      &out);
  if (!opened) return status;
  if (skip > 0) {
    out.Flush();
    Complain(process, "cannot skip past end of combined input");
    return 1;
  }
  dumper.Finish();
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
