#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/encoding/encoding_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kMaxColumns = 256;

enum class XxdForm { kHex, kBits, kLittleEndian, kPlain, kInclude };

struct XxdOptions {
  XxdForm form = XxdForm::kHex;
  bool revert = false;
  bool autoskip = false;
  bool upper = false;
  bool capitals = false;
  bool decimal = false;
  std::optional<std::size_t> columns;
  std::optional<std::size_t> group;
  std::optional<std::int64_t> length;
  std::string seek;
  std::int64_t offset = 0;
  std::optional<std::string> name;
};

// "-cols 8" and "--cols 8" for "-c 8": of a word behind one dash or two only the first letter
// counts.
void ShortenOptions(Process& process) {
  static constexpr std::pair<char, std::string_view> kValued[] = {
      {'c', "ols"},   {'g', "roup"}, {'l', "en"}, {'n', "ame"},
      {'o', "ffset"}, {'s', "eek"},  {'s', "kip"}};
  for (std::size_t i = 1; i < process.args.size(); ++i) {
    std::string& word = process.args[i];
    if (word == "--" || word == "--help" || word.size() < 2 || word[0] != '-') return;
    if (word[1] == '-') word.erase(0, 1);
    bool valued = false;
    bool separate = word.size() == 2;
    for (const auto& [letter, rest] : kValued) {
      if (word[1] != letter) continue;
      valued = true;
      separate = separate || word.substr(2).starts_with(rest);
    }
    if (!valued || separate) word.resize(2);
    if (valued && separate) ++i;  // Its value is not looked at.
  }
}

std::int64_t Number(const std::string& text) { return std::strtoll(text.c_str(), nullptr, 0); }

XxdOptions ParseXxd(Process& process, Options& options) {
  XxdOptions result;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'a':
        result.autoskip = !result.autoskip;
        break;
      case 'b':
        result.form = XxdForm::kBits;
        break;
      case 'C':
        result.capitals = true;
        break;
      case 'c':
        result.columns = static_cast<std::size_t>(std::max(Number(option->value), std::int64_t{0}));
        break;
      case 'd':
        result.decimal = true;
        break;
      case 'e':
        result.form = XxdForm::kLittleEndian;
        break;
      case 'g':
        result.group = static_cast<std::size_t>(std::max(Number(option->value), std::int64_t{0}));
        break;
      case 'i':
        result.form = XxdForm::kInclude;
        break;
      case 'l':
        result.length = Number(option->value);
        break;
      case 'n':
        result.name = option->value;
        break;
      case 'o':
        result.offset = Number(option->value);
        break;
      case 'p':
        if (result.form == XxdForm::kHex) result.form = XxdForm::kPlain;
        break;
      case 'r':
        result.revert = true;
        break;
      case 's':
        result.seek = option->value;
        break;
      case 'u':
        result.upper = true;
        break;
      case 'v':
        (void)process.Write(2, "xxd 2022-01-14 by Juergen Weigert et al.\n");
        process.Exit(0);
      default:
        UsageHint(process, 1);
    }
  }
  if (options.operands().size() > 2) UsageHint(process, 1);
  return result;
}

[[noreturn]] void Fail(Process& process, const std::string& message, int status) {
  Complain(process, message);
  process.Exit(status);
}

// Reads from the place that -s names; the rest is given as it comes.
class XxdInput {
 public:
  XxdInput(Process& process, int fd, const XxdOptions& options)
      : process_(process), fd_(fd), in_(process, fd), left_(options.length.value_or(-1)) {
    if (!options.seek.empty()) Seek(options.seek);
  }

  std::int64_t position() const { return position_; }

  // Up to `count` bytes; fewer at the end.
  std::string Take(std::size_t count) {
    std::string bytes;
    if (left_ >= 0) count = std::min(count, static_cast<std::size_t>(left_));
    while (bytes.size() < count) {
      const std::string_view block = in_.ReadBlock();
      if (block.empty()) break;
      const std::string_view wanted = block.substr(0, count - bytes.size());
      bytes.append(wanted);
      RequireMemory(process_, bytes.size());
      in_.Unread(block.size() - wanted.size());
    }
    if (left_ >= 0) left_ -= static_cast<std::int64_t>(bytes.size());
    position_ += static_cast<std::int64_t>(bytes.size());
    return bytes;
  }

 private:
  void Seek(const std::string& text) {
    const bool relative = text[0] == '+';
    std::int64_t offset = Number(relative ? text.substr(1) : text);
    const OpenFilePtr file = process_.File(fd_);
    const auto seek = [&](std::int64_t to, int from) { return file->Seek(to, from); };
    const auto moved = seek(offset, offset < 0 ? SEEK_END : relative ? SEEK_CUR : SEEK_SET);
    if (moved) {
      position_ = static_cast<std::int64_t>(*moved);
      return;
    }
    if (offset < 0) Fail(process_, "Sorry, cannot seek.", 4);
    // A pipe: what lies before is read.
    const std::int64_t left = std::exchange(left_, -1);
    while (offset > position_) {
      if (Take(static_cast<std::size_t>(std::min(offset - position_, std::int64_t{65536})))
              .empty()) {
        Fail(process_, "Sorry, cannot seek.", 4);
      }
    }
    left_ = left;
  }

  Process& process_;
  const int fd_;
  Input in_;
  std::int64_t left_;
  std::int64_t position_ = 0;
};

class XxdDump {
 public:
  XxdDump(Process& process, const XxdOptions& options, XxdInput& in, Output& out)
      : process_(process), options_(options), in_(in), out_(out) {
    columns_ = options.columns.value_or(0);
    if (columns_ == 0) {
      columns_ = options.form == XxdForm::kPlain     ? 30
                 : options.form == XxdForm::kInclude ? 12
                 : options.form == XxdForm::kBits    ? 6
                                                     : 16;
    }
    const std::size_t group = options.form == XxdForm::kBits           ? 1
                              : options.form == XxdForm::kLittleEndian ? 4
                                                                       : 2;
    group_ = options.group.value_or(group);
    if (group_ == 0 || group_ > columns_) group_ = columns_;
    if (options.form != XxdForm::kPlain && columns_ > kMaxColumns) {
      Fail(process, "invalid number of columns (max. 256).", 1);
    }
    if (options.form == XxdForm::kLittleEndian && (group_ & (group_ - 1)) != 0) {
      Fail(process, "number of octets per group must be a power of 2 with -e.", 1);
    }
  }

  void Print(const std::string& file) {
    if (options_.form == XxdForm::kPlain) return PrintPlain();
    if (options_.form == XxdForm::kInclude) return PrintInclude(file);
    while (true) {
      const std::int64_t position = in_.position();
      const std::string bytes = in_.Take(columns_);
      if (!bytes.empty()) PrintLine(Line(bytes, position), bytes);
      if (bytes.size() < columns_) break;
    }
    // The last line of a file is always seen.
    if (zero_lines_ > 3) out_ << "*\n";
    if (zero_lines_ == 3) out_ << second_;
    if (zero_lines_ > 1) out_ << last_;
  }

 private:
  std::string Digits(unsigned char byte) const {
    const char* const digits = options_.upper ? "0123456789ABCDEF" : "0123456789abcdef";
    return {digits[byte >> 4], digits[byte & 15]};
  }

  void PrintPlain() {
    const bool endless = options_.columns == std::size_t{0};
    bool any = false;
    for (auto bytes = in_.Take(columns_); !bytes.empty(); bytes = in_.Take(columns_)) {
      for (const char c : bytes) out_ << Digits(static_cast<unsigned char>(c));
      if (!endless) out_.Put('\n');
      any = true;
    }
    if (endless && any) out_.Put('\n');
  }

  std::string VariableName(const std::string& file) const {
    std::string name = options_.name.value_or(file);
    if (!name.empty() && IsDigit(name[0])) name.insert(0, "__");
    for (char& c : name) {
      if (!IsAlpha(c) && !IsDigit(c)) c = '_';
      if (options_.capitals && c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    return name;
  }

  void PrintInclude(const std::string& file) {
    const bool named = options_.name || file != "-";
    const std::string name = VariableName(file);
    if (named) out_ << "unsigned char " << name << "[] = {\n";
    std::size_t count = 0;
    for (auto bytes = in_.Take(columns_); !bytes.empty(); bytes = in_.Take(columns_)) {
      for (const char c : bytes) {
        out_ << (count == 0              ? "  "
                 : count % columns_ == 0 ? ",\n  "
                                         : ", ")
             << (options_.upper ? "0X" : "0x") << Digits(static_cast<unsigned char>(c));
        ++count;
      }
    }
    if (count > 0) out_.Put('\n');
    if (!named) return;
    out_ << "};\nunsigned int " << name << (options_.capitals ? "_LEN" : "_len") << " = "
         << std::to_string(count) << ";\n";
  }

  std::string Line(const std::string& bytes, std::int64_t position) const {
    std::array<char, 40> address{};
    (void)std::snprintf(address.data(), address.size(), options_.decimal ? "%08lld: " : "%08llx: ",
                        static_cast<long long>(position) + options_.offset);
    std::string line = address.data();
    const std::size_t hex = line.size();
    const std::size_t digits = options_.form == XxdForm::kBits ? 8 : 2;
    const std::size_t text = hex + (digits * columns_) + (columns_ - 1) / group_ + 2;
    line.resize(text + bytes.size(), ' ');
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      const std::size_t place = options_.form == XxdForm::kLittleEndian ? i ^ (group_ - 1) : i;
      const std::size_t at = hex + digits * place + place / group_;
      if (line.size() < at + digits) line.resize(at + digits, ' ');
      line.replace(at, digits, options_.form == XxdForm::kBits ? Bits(byte) : Digits(byte));
      line[text + i] = byte >= 0x20 && byte < 0x7f ? bytes[i] : '.';
    }
    return line + "\n";
  }

  static std::string Bits(unsigned char byte) {
    std::string text;
    for (int bit = 7; bit >= 0; --bit) text.push_back((byte >> bit & 1) != 0 ? '1' : '0');
    return text;
  }

  // With -a, "*" stands for more than two lines of zeros.
  void PrintLine(std::string line, const std::string& bytes) {
    const bool zeros = options_.autoskip && bytes.size() == columns_ &&
                       bytes.find_first_not_of('\0') == std::string::npos;
    if (!zeros) {
      if (zero_lines_ == 2) out_ << second_;
      if (zero_lines_ > 2) out_ << "*\n";
      zero_lines_ = 0;
      out_ << line;
      return;
    }
    ++zero_lines_;
    if (zero_lines_ == 1) out_ << line;
    if (zero_lines_ == 2) second_ = line;
    last_ = std::move(line);
  }

  Process& process_;
  const XxdOptions& options_;
  XxdInput& in_;
  Output& out_;
  std::size_t columns_ = 16;
  std::size_t group_ = 2;
  std::size_t zero_lines_ = 0;
  std::string second_;
  std::string last_;
};

int OpenOr(Process& process, const std::string& name, int flags, int standard) {
  if (name == "-") return standard;
  const auto fd = process.Open(name, flags);
  if (fd) return *fd;
  Complain(process, name + ": " + ErrnoText(fd.error()));
  process.Exit(standard == 0 ? 2 : 3);
}

}  // namespace

int XxdMain(Process& process) {
  ShortenOptions(process);
  Options words(process, "abCc:deg:hil:n:o:prs:uv");
  const XxdOptions options = ParseXxd(process, words);
  const auto& operands = words.operands();
  const std::string input = operands.empty() ? "-" : operands[0];
  const std::string output = operands.size() < 2 ? "-" : operands[1];
  const int in = OpenOr(process, input, O_RDONLY, 0);
  if (process.File(in) && process.File(in)->Stat().type == FileType::kDirectory) {
    Fail(process, "Is a directory", 2);
  }
  const int out = OpenOr(process, output, O_WRONLY | O_CREAT | (options.revert ? 0 : O_TRUNC), 1);
  if (options.revert) {
    if (options.form == XxdForm::kBits || options.form == XxdForm::kLittleEndian ||
        options.form == XxdForm::kInclude) {
      Fail(process, "Sorry, cannot revert this type of hexdump", 255);
    }
    XxdRevert style{options.form == XxdForm::kPlain, options.columns.value_or(16), 0};
    style.offset = Number(options.seek.starts_with('+') ? options.seek.substr(1) : options.seek);
    return RevertXxd(process, in, out, style);
  }
  XxdInput source(process, in, options);
  Output sink(process, out);
  XxdDump(process, options, source, sink).Print(input);
  return sink.Finish(0);
}

}  // namespace computesdk::in_memory
