#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "mocks/in_memory/utilities/compare/compare.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct CmpStyle {
  bool list = false;
  bool silent = false;
  bool show_bytes = false;
  std::uint64_t limit = UINT64_MAX;
  std::uint64_t skip[2] = {0, 0};
};

// The bytes of a file, one by one.
class ByteSource {
 public:
  ByteSource(Process& process, const std::string& name, bool silent) : name_(name) {
    int fd = 0;
    if (name != "-") {
      const auto opened = process.Open(name, O_RDONLY);
      if (!opened) {
        if (!silent) Complain(process, name + ": " + ErrnoText(opened.error()));
        process.Exit(2);
      }
      fd = *opened;
      descriptor_ = std::make_unique<ScopedDescriptor>(process, fd);
      if (process.File(fd)->Stat().type == FileType::kDirectory) {
        Complain(process, name + ": " + ErrnoText(std::errc::is_a_directory));
        process.Exit(2);
      }
    }
    input_ = std::make_unique<Input>(process, fd);
  }

  // -1 at the end.
  int Next() {
    if (at_ == block_.size()) {
      block_ = input_->ReadBlock();
      at_ = 0;
      if (block_.empty()) return -1;
    }
    return static_cast<unsigned char>(block_[at_++]);
  }
  const std::string& name() const { return name_; }

 private:
  std::string name_;
  std::unique_ptr<ScopedDescriptor> descriptor_;
  std::unique_ptr<Input> input_;
  std::string_view block_;
  std::size_t at_ = 0;
};

std::string Visible(int byte) {
  std::string text;
  if (byte >= 0x80) {
    text += "M-";
    byte &= 0x7f;
  }
  if (byte == 0x7f) return text + "^?";
  if (byte < 0x20) return text + "^" + static_cast<char>(byte + 0x40);
  return text + static_cast<char>(byte);
}

std::uint64_t Bytes(Process& process, const std::string& text, const char* option) {
  const auto value = ParseSize(text);
  if (value && *value >= 0) return static_cast<std::uint64_t>(*value);
  UsageError(process, std::string("invalid --") + option + " value " + QuotedName(text), 2);
}

CmpStyle ParseCmp(Process& process, Options& options) {
  CmpStyle style;
  while (auto option = options.Next()) {
    switch (option->letter) {
      case 'l':
        style.list = true;
        break;
      case 's':
        style.silent = true;
        break;
      case 'v':
        ShowVersion(process);
      case 'b':
        style.show_bytes = true;
        break;
      case 'n':
        style.limit = Bytes(process, option->value, "bytes");
        break;
      default: {
        const auto colon = option->value.find(':');
        style.skip[0] = Bytes(process, option->value.substr(0, colon), "ignore-initial");
        style.skip[1] = colon == std::string::npos
                            ? style.skip[0]
                            : Bytes(process, option->value.substr(colon + 1), "ignore-initial");
      }
    }
  }
  if (style.list && style.silent) UsageError(process, "options -l and -s are incompatible", 2);
  return style;
}

class Comparison {
 public:
  Comparison(Process& process, const CmpStyle& style, ByteSource& first, ByteSource& second)
      : process_(process), style_(style), first_(first), second_(second), out_(process) {}

  int Run() {
    for (std::uint64_t i = 0; i < style_.skip[0] && first_.Next() >= 0; ++i) {
    }
    for (std::uint64_t i = 0; i < style_.skip[1] && second_.Next() >= 0; ++i) {
    }
    int status = 0;
    for (std::uint64_t offset = 1; offset <= style_.limit; ++offset) {
      const int a = first_.Next();
      const int b = second_.Next();
      if (a < 0 || b < 0) {
        if (a == b) break;
        return out_.Finish(EndOfFile(a < 0 ? first_ : second_, offset - 1));
      }
      if (a != b) {
        status = 1;
        if (style_.silent) return 1;
        if (!style_.list) return out_.Finish(FirstDifference(offset, a, b));
        PrintListed(offset, a, b);
      }
      last_newline_ = a == '\n';
      if (last_newline_) ++line_;
    }
    return out_.Finish(status);
  }

 private:
  int FirstDifference(std::uint64_t offset, int a, int b) {
    out_ << first_.name() << " " << second_.name() << " differ: "
         << "byte " << std::to_string(offset) << ", line " << std::to_string(line_);
    if (style_.show_bytes) {
      char text[64];
      std::snprintf(text, sizeof text, " is %3o %s %3o %s", static_cast<unsigned>(a),
                    Visible(a).c_str(), static_cast<unsigned>(b), Visible(b).c_str());
      out_ << text;
    }
    out_ << "\n";
    return 1;
  }

  void PrintListed(std::uint64_t offset, int a, int b) {
    char text[96];
    // As wide as the last offset there can be.
    if (style_.show_bytes) {
      std::snprintf(text, sizeof text, "%*llu %3o %-4s %3o %s\n", width,
                    static_cast<unsigned long long>(offset), static_cast<unsigned>(a),
                    Visible(a).c_str(), static_cast<unsigned>(b), Visible(b).c_str());
    } else {
      std::snprintf(text, sizeof text, "%*llu %3o %3o\n", width,
                    static_cast<unsigned long long>(offset), static_cast<unsigned>(a),
                    static_cast<unsigned>(b));
    }
    out_ << text;
  }

  int EndOfFile(const ByteSource& shorter, std::uint64_t offset) {
    if (style_.silent) return 1;
    out_.Flush();
    std::string message = "EOF on " + shorter.name();
    if (offset == 0) {
      message += " which is empty";
    } else {
      message += " after byte " + std::to_string(offset);
      if (!style_.list) {
        message += (last_newline_ ? ", line " : ", in line ") +
                   std::to_string(last_newline_ ? line_ - 1 : line_);
      }
    }
    Complain(process_, message);
    return 1;
  }

 public:
  int width = 1;

 private:
  Process& process_;
  const CmpStyle& style_;
  ByteSource& first_;
  ByteSource& second_;
  Output out_;
  std::uint64_t line_ = 1;
  bool last_newline_ = false;
};

}  // namespace

int CmpMain(Process& process) {
  Options options(process, "bi:ln:sv",
                  {{"print-bytes", 'b'},
                   {"ignore-initial", 'i', Options::kRequired},
                   {"verbose", 'l'},
                   {"bytes", 'n', Options::kRequired},
                   {"quiet", 's'},
                   {"silent", 's'},
                   {"version", 'v'}},
                  2);
  CmpStyle style = ParseCmp(process, options);
  std::vector<std::string> operands = options.operands();
  if (operands.empty()) UsageError(process, "missing operand after 'cmp'", 2);
  if (operands.size() == 1) operands.emplace_back("-");
  if (operands.size() > 4) UsageError(process, "extra operand " + QuotedName(operands[4]), 2);
  for (std::size_t i = 2; i < operands.size(); ++i) {
    style.skip[i - 2] = Bytes(process, operands[i], "ignore-initial");
  }
  ByteSource first(process, operands[0], style.silent);
  ByteSource second(process, operands[1], style.silent);
  Comparison comparison(process, style, first, second);
  // Of what comes through a pipe the size is not known.
  std::uint64_t most = std::min<std::uint64_t>(style.limit, INT64_MAX);
  for (const std::string& name : {operands[0], operands[1]}) {
    const OpenFilePtr input = name == "-" ? process.File(0) : nullptr;
    const auto status = input != nullptr ? IoResult<FileStatus>(input->Stat())
                                         : process.files().Stat(process.AbsolutePath(name));
    const bool sized = status && status->type == FileType::kRegular;
    if (sized) most = std::min(most, static_cast<std::uint64_t>(status->size));
  }
  comparison.width = static_cast<int>(std::to_string(most).size());
  return comparison.Run();
}

}  // namespace computesdk::in_memory
