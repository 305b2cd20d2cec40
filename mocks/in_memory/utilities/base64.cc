#include <algorithm>
#include <array>
#include <string>

#include "mocks/in_memory/utilities/digests.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

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

std::string EncodeGroup(std::string_view bytes) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    bits = bits << 8 | (i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0U);
  }
  std::string text;
  for (int shift = 18; shift >= 0; shift -= 6) text.push_back(kAlphabet[bits >> shift & 63]);
  for (std::size_t i = bytes.size(); i < 3; ++i) text[i + 1] = '=';
  return text;
}

void Encode(Input& in, Output& out, std::size_t width) {
  Wrapper wrapper(out, width);
  std::string rest;
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    rest.append(block);
    std::string text;
    std::size_t at = 0;
    for (; at + 3 <= rest.size(); at += 3) {
      text += EncodeGroup(std::string_view(rest).substr(at, 3));
    }
    rest.erase(0, at);
    wrapper.Write(text);
  }
  if (!rest.empty()) wrapper.Write(EncodeGroup(rest));
  wrapper.Finish();
}

class Decoder {
 public:
  Decoder(Output& out, bool ignore_garbage) : out_(out), ignore_garbage_(ignore_garbage) {
    values_.fill(-1);
    for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
      values_[static_cast<unsigned char>(kAlphabet[i])] = static_cast<int>(i);
    }
  }

  // False where the input is not valid.
  bool Add(std::string_view block) {
    for (char c : block) {
      if (c == '\n') continue;
      const int value = values_[static_cast<unsigned char>(c)];
      if (value < 0 && c != '=') {
        if (ignore_garbage_) continue;
        Emit();
        return false;
      }
      group_.push_back(c);
      if (group_.size() == 4 && !Emit()) return false;
    }
    return true;
  }
  bool Finish() { return group_.empty() || (Emit(), false); }

 private:
  bool Emit() {
    const std::size_t padding = group_.find('=');
    const std::size_t digits = std::min(padding, group_.size());
    unsigned bits = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      bits =
          bits << 6 |
          (i < digits ? static_cast<unsigned>(values_[static_cast<unsigned char>(group_[i])]) : 0U);
    }
    for (std::size_t i = 0; i + 1 < digits; ++i) {
      out_.Put(static_cast<char>(bits >> (16 - 8 * i) & 0xff));
    }
    const bool padded =
        padding == std::string::npos || group_.find_first_not_of('=', padding) == std::string::npos;
    const bool good = group_.size() == 4 && digits >= 2 && padded;
    group_.clear();
    return good;
  }

  Output& out_;
  const bool ignore_garbage_;
  std::array<int, 256> values_{};
  std::string group_;
};

}  // namespace

int Base64Main(Process& process) {
  Options options(process, "diw:",
                  {{"decode", 'd'}, {"ignore-garbage", 'i'}, {"wrap", 'w', Options::kRequired}});
  bool decode = false;
  bool ignore_garbage = false;
  std::size_t width = 76;
  while (auto option = options.Next()) {
    if (option->letter == 'd') decode = true;
    if (option->letter == 'i') ignore_garbage = true;
    if (option->letter == 'w') {
      const auto value = ParseInteger(option->value);
      if (!value || *value < 0) {
        Complain(process, "invalid wrap size: " + QuotedName(option->value));
        return 1;
      }
      width = static_cast<std::size_t>(*value);
    }
  }
  if (options.operands().size() > 1) {
    UsageError(process, "extra operand " + QuotedName(options.operands()[1]));
  }
  Output out(process);
  int status = 0;
  status |= ForEachInput(process, options.operands(), [&](int fd, const std::string&) {
    Input in(process, fd);
    if (!decode) return Encode(in, out, width);
    Decoder decoder(out, ignore_garbage);
    bool good = true;
    for (auto block = in.ReadBlock(); good && !block.empty(); block = in.ReadBlock()) {
      good = decoder.Add(block);
    }
    if (good && decoder.Finish()) return;
    out.Flush();
    Complain(process, "invalid input");
    status = 1;
  });
  return out.Finish(status);
}

void AddDigestPrograms(ProgramTable& table) {
  AddChecksumPrograms(table);
  table["base64"] = Base64Main;
  table["od"] = OdMain;
}

}  // namespace computesdk::in_memory
