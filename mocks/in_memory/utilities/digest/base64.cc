#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/digest/digests.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// How groups of bytes become groups of digits.
struct BaseEncoding {
  std::string_view name;
  std::string_view alphabet;
  std::size_t bytes;
  std::size_t digits;
  bool padded = false;            // "=" fills the last group.
  bool lowest_first = false;      // Of the bits of a byte.
  std::string_view refused = {};  // Of a block with one of these, nothing is decoded.
  bool keeps_incomplete = false;  // The bytes of a last group that is not whole are written.
};

constexpr BaseEncoding kEncodings[] = {
    {"base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 3, 4, true,
     false, "", true},
    {"base64url", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 3, 4, true,
     false, "+/", true},
    {"base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8, true},
    {"base32hex", "0123456789ABCDEFGHIJKLMNOPQRSTUV", 5, 8, true},
    {"base16", "0123456789ABCDEF", 1, 2},
    {"base2msbf", "01", 1, 8},
    {"base2lsbf", "01", 1, 8, false, true},
    {"z85", "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#",
     4, 5}};

bool IsPowerOfTwo(std::size_t number) { return (number & (number - 1)) == 0; }

// Breaks what is written into lines.
class Wrapper {
 public:
  Wrapper(Output& out, std::size_t width) : out_(out), width_(width) {}

  void Write(std::string_view text) {
    while (!text.empty()) {
      const std::size_t room = width_ == 0 ? text.size() : width_ - column_;
      const std::string_view piece = text.substr(0, room);
      out_.Write(piece);
      column_ += piece.size();
      text.remove_prefix(piece.size());
      if (width_ > 0 && column_ == width_) {
        out_.Put('\n');
        column_ = 0;
      }
    }
  }
  void Finish() {
    if (width_ > 0 && column_ > 0) out_.Put('\n');
  }

 private:
  Output& out_;
  const std::size_t width_;
  std::size_t column_ = 0;
};

unsigned char Reversed(unsigned char byte) {
  unsigned char result = 0;
  for (int bit = 0; bit < 8; ++bit) {
    result = static_cast<unsigned char>(result << 1 | (byte >> bit & 1));
  }
  return result;
}

// A group of bytes, or the last ones of all.
void EncodeGroup(std::string_view bytes, const BaseEncoding& encoding, std::string& text) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < encoding.bytes; ++i) {
    auto byte = i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0;
    if (encoding.lowest_first) byte = Reversed(static_cast<unsigned char>(byte));
    value = value << 8 | byte;
  }
  const std::uint64_t base = encoding.alphabet.size();
  std::array<char, 8> digits{};
  for (std::size_t i = encoding.digits; i-- > 0; value /= base) {
    digits[i] = encoding.alphabet[value % base];
  }
  const std::size_t used = (bytes.size() * encoding.digits + encoding.bytes - 1) / encoding.bytes;
  std::fill(digits.begin() + static_cast<std::ptrdiff_t>(used), digits.end(), '=');
  text.append(digits.data(), encoding.digits);
}

// False where the input cannot be encoded to its end.
bool Encode(Process& process, Input& in, Output& out, const BaseEncoding& encoding,
            std::size_t width) {
  Wrapper wrapper(out, width);
  std::string rest;
  const bool whole = encoding.bytes > 1 && !encoding.padded;
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    rest.append(block);
    RequireMemory(process, rest.size());
    // Of what cannot be encoded to its end, nothing is.
    if (whole) continue;
    std::string text;
    std::size_t at = 0;
    for (; at + encoding.bytes <= rest.size(); at += encoding.bytes) {
      EncodeGroup(std::string_view(rest).substr(at, encoding.bytes), encoding, text);
    }
    rest.erase(0, at);
    wrapper.Write(text);
  }
  if (rest.size() % encoding.bytes != 0 && !encoding.padded) {
    out.Flush();
    Complain(process, "invalid input (length must be multiple of 4 characters)");
    return false;
  }
  std::string text;
  for (std::size_t at = 0; at < rest.size(); at += encoding.bytes) {
    EncodeGroup(std::string_view(rest).substr(at, encoding.bytes), encoding, text);
  }
  wrapper.Write(text);
  wrapper.Finish();
  return true;
}

class Decoder {
 public:
  Decoder(Output& out, const BaseEncoding& encoding, bool ignore_garbage)
      : out_(out), encoding_(encoding), ignore_garbage_(ignore_garbage) {
    values_.fill(-1);
    for (std::size_t i = 0; i < encoding.alphabet.size(); ++i) {
      values_[static_cast<unsigned char>(encoding.alphabet[i])] = static_cast<int>(i);
    }
  }

  // False where the input is not valid.
  bool Add(std::string_view block) {
    if (block.find_first_of(encoding_.refused) != std::string_view::npos) return false;
    for (const char c : block) {
      if (c == '\n') continue;
      const bool known = Value(c) >= 0 || (encoding_.padded && c == '=');
      if (!known && ignore_garbage_) continue;
      group_.push_back(c);
      if (group_.size() == encoding_.digits && !Emit()) return false;
    }
    return true;
  }

  bool Finish() {
    if (group_.empty()) return true;
    if (encoding_.keeps_incomplete) Emit();
    return false;
  }

 private:
  int Value(char c) const { return values_[static_cast<unsigned char>(c)]; }

  bool Emit() {
    const bool good = IsPowerOfTwo(encoding_.alphabet.size()) ? EmitBits() : EmitNumber();
    group_.clear();
    return good;
  }

  // Writes each byte as soon as its bits are there.
  bool EmitBits() {
    const std::size_t width = 8 * encoding_.bytes / encoding_.digits;
    std::uint64_t bits = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < group_.size(); ++i) {
      if (encoding_.padded && group_[i] == '=') return IsPadding(i);
      const int value = Value(group_[i]);
      if (value < 0) return false;
      bits = bits << width | static_cast<std::uint64_t>(value);
      count += width;
      if (count < 8) continue;
      count -= 8;
      auto byte = static_cast<unsigned char>(bits >> count & 0xff);
      if (encoding_.lowest_first) byte = Reversed(byte);
      out_.Put(static_cast<char>(byte));
    }
    return group_.size() == encoding_.digits;
  }

  // Whether what begins there is the padding of a whole group.
  bool IsPadding(std::size_t begin) const {
    if (group_.size() != encoding_.digits) return false;
    if (group_.find_first_not_of('=', begin) != std::string::npos) return false;
    // No byte ends with that digit.
    const std::size_t bytes = begin * encoding_.bytes / encoding_.digits;
    return bytes > 0 && (bytes * encoding_.digits + encoding_.bytes - 1) / encoding_.bytes == begin;
  }

  bool EmitNumber() {
    std::uint64_t number = 0;
    for (const char c : group_) {
      if (Value(c) < 0) return false;
      number = number * encoding_.alphabet.size() + static_cast<std::uint64_t>(Value(c));
    }
    if (group_.size() != encoding_.digits || number >> 32 != 0) return false;
    for (int shift = 24; shift >= 0; shift -= 8) {
      out_.Put(static_cast<char>(number >> shift & 0xff));
    }
    return true;
  }

  Output& out_;
  const BaseEncoding& encoding_;
  const bool ignore_garbage_;
  std::array<int, 256> values_{};
  std::string group_;
};

struct BaseStyle {
  const BaseEncoding* encoding = nullptr;
  bool decode = false;
  bool ignore_garbage = false;
  std::size_t width = 76;
};

bool Decode(Process& process, Input& in, Output& out, const BaseStyle& style) {
  Decoder decoder(out, *style.encoding, style.ignore_garbage);
  bool good = true;
  for (auto block = in.ReadBlock(); good && !block.empty(); block = in.ReadBlock()) {
    good = decoder.Add(block);
  }
  if (good && decoder.Finish()) return true;
  out.Flush();
  Complain(process, "invalid input");
  return false;
}

// The letter of the first encoding as a long option; those of the others follow.
constexpr int kFirstEncoding = 300;

int RunBase(Process& process, const BaseEncoding* encoding) {
  std::vector<Options::Long> longs = {
      {"decode", 'd'}, {"ignore-garbage", 'i'}, {"wrap", 'w', Options::kRequired}};
  for (std::size_t i = 0; encoding == nullptr && i < std::size(kEncodings); ++i) {
    longs.push_back({kEncodings[i].name, kFirstEncoding + static_cast<int>(i)});
  }
  Options options(process, "diw:", std::move(longs));
  BaseStyle style{encoding};
  while (const auto option = options.Next()) {
    if (option->letter == 'd') style.decode = true;
    if (option->letter == 'i') style.ignore_garbage = true;
    if (option->letter >= kFirstEncoding) {
      style.encoding = &kEncodings[option->letter - kFirstEncoding];
    }
    if (option->letter != 'w') continue;
    const auto value = ParseInteger(option->value);
    if (!value || *value < 0) {
      Complain(process, "invalid wrap size: " + LocaleQuoted(process, option->value));
      return 1;
    }
    style.width = static_cast<std::size_t>(*value);
  }
  if (style.encoding == nullptr) UsageError(process, "missing encoding type");
  if (options.operands().size() > 1) {
    UsageError(process, "extra operand " + LocaleQuoted(process, options.operands()[1]));
  }
  Output out(process);
  bool good = true;
  const int status = ForEachInput(process, options.operands(), [&](int fd, const std::string&) {
    Input in(process, fd);
    good = style.decode ? Decode(process, in, out, style)
                        : Encode(process, in, out, *style.encoding, style.width);
  });
  return out.Finish(good ? status : 1);
}

const BaseEncoding* FindEncoding(std::string_view name) {
  return std::find_if(std::begin(kEncodings), std::end(kEncodings),
                      [&](const BaseEncoding& encoding) { return encoding.name == name; });
}

}  // namespace

int Base64Main(Process& process) { return RunBase(process, FindEncoding("base64")); }
int Base32Main(Process& process) { return RunBase(process, FindEncoding("base32")); }
int BasencMain(Process& process) { return RunBase(process, nullptr); }

void AddDigestPrograms(ProgramTable& table) {
  AddChecksumPrograms(table);
  table["base64"] = Base64Main;
  table["base32"] = Base32Main;
  table["basenc"] = BasencMain;
  table["cksum"] = CksumMain;
  table["sum"] = SumMain;
  table["od"] = OdMain;
}

}  // namespace computesdk::in_memory
