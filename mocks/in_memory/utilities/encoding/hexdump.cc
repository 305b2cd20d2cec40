#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/encoding/encoding_programs.h"
#include "mocks/in_memory/utilities/encoding/hexdump_format.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct HexdumpOptions {
  std::vector<HexdumpFormat> formats;
  std::optional<std::uint64_t> length;
  std::uint64_t skip = 0;
  bool all = false;
};

// The bytes of several files, one behind the other.
class HexdumpInput {
 public:
  HexdumpInput(Process& process, std::vector<std::string> files)
      : process_(process), files_(std::move(files)) {
    if (files_.empty()) files_.emplace_back("");
  }

  bool opened() const { return opened_; }
  bool failed() const { return failed_; }

  // Whether it begins with standard input, and that is no file in which to go on.
  bool BeginsWithStream() const {
    const OpenFilePtr file = process_.File(0);
    return files_[0].empty() && (file == nullptr || !file->Seek(0, SEEK_CUR));
  }

  // Up to `count` bytes; fewer at the end.
  std::string Take(std::size_t count) {
    std::string bytes;
    while (bytes.size() < count && (in_ != nullptr || OpenNext())) {
      const std::string_view block = in_->ReadBlock();
      if (block.empty()) {
        if (in_->error()) {
          Complain(process_, files_[next_ - 1] + ": " + ErrnoText(*in_->error()));
        }
        in_.reset();
        descriptor_.reset();
        continue;
      }
      const std::string_view wanted = block.substr(0, count - bytes.size());
      bytes.append(wanted);
      in_->Unread(block.size() - wanted.size());
    }
    return bytes;
  }

 private:
  bool OpenNext() {
    while (next_ < files_.size()) {
      const std::string& name = files_[next_++];
      int fd = 0;
      if (!name.empty()) {
        const auto opened = process_.Open(name, O_RDONLY);
        if (!opened) {
          Complain(process_, name + ": " + ErrnoText(opened.error()));
          failed_ = true;
          continue;
        }
        fd = *opened;
        descriptor_ = std::make_unique<ScopedDescriptor>(process_, fd);
      }
      opened_ = true;
      in_ = std::make_unique<Input>(process_, fd);
      return true;
    }
    return false;
  }

  Process& process_;
  std::vector<std::string> files_;
  std::size_t next_ = 0;
  std::unique_ptr<ScopedDescriptor> descriptor_;
  std::unique_ptr<Input> in_;
  bool opened_ = false;
  bool failed_ = false;
};

class HexdumpPrinter {
 public:
  HexdumpPrinter(Process& process, Output& out, HexdumpOptions& options, HexdumpInput& in)
      : process_(process), out_(out), options_(options), in_(in) {
    for (const HexdumpFormat& format : options_.formats) block_ = std::max(block_, format.Bytes());
    for (HexdumpFormat& format : options_.formats) FillBlock(format);
  }

  void Print() {
    if (block_ == 0) return;
    Skip();
    std::string before;
    bool any = false;
    bool starred = false;
    while (out_.ok()) {
      process_.Checkpoint();
      std::string block = in_.Take(Wanted());
      if (options_.length) *options_.length -= block.size();
      if (block.empty()) break;
      const std::size_t size = block.size();
      if (any && !options_.all && size == block_ && block == before) {
        if (!starred) out_ << "*\n";
        starred = true;
      } else {
        starred = false;
        before = block;
        block.resize(block_, '\0');
        PrintBlock(block, size);
      }
      any = true;
      address_ += size;
    }
    PrintEnd();
  }

 private:
  // The last unit goes on to the end of the block, unless it says how often.
  void FillBlock(HexdumpFormat& format) const {
    if (format.units.empty()) return;
    HexdumpUnit& last = format.units.back();
    if (!last.has_repeat && last.bytes > 0) last.repeat += (block_ - format.Bytes()) / last.bytes;
  }

  std::size_t Wanted() const {
    if (!options_.length) return block_;
    return static_cast<std::size_t>(std::min<std::uint64_t>(*options_.length, block_));
  }

  void Skip() {
    if (options_.skip > 0 && in_.BeginsWithStream()) {
      Complain(process_, "stdin: Illegal seek");
      process_.Exit(1);
    }
    while (address_ < options_.skip) {
      const std::uint64_t left = options_.skip - address_;
      const std::string skipped =
          in_.Take(static_cast<std::size_t>(std::min<std::uint64_t>(left, 65536)));
      if (skipped.empty()) return;
      address_ += skipped.size();
    }
  }

  void PrintBlock(const std::string& block, std::size_t size) {
    for (const HexdumpFormat& format : options_.formats) {
      std::size_t at = 0;
      for (const HexdumpUnit& unit : format.units) {
        if (unit.at_end) break;
        for (std::size_t i = 0; i < unit.repeat; ++i) {
          PrintUnit(unit, block, size, at, unit.repeat > 1 && i + 1 == unit.repeat);
        }
      }
    }
  }

  void PrintUnit(const HexdumpUnit& unit, const std::string& block, std::size_t size,
                 std::size_t& at, bool last) {
    process_.Checkpoint();
    std::string text;
    for (const HexdumpPiece& piece : unit.pieces) {
      const bool beyond = at >= size && piece.kind != HexdumpPiece::kText;
      text += beyond ? BlankHexdumpPiece(piece)
                     : FormatHexdumpPiece(piece, std::string_view(block).substr(at), address_ + at);
      at += piece.bytes;
    }
    // A blank parts the repetitions; behind the last it parts nothing.
    const bool parted = !unit.pieces.empty() && unit.pieces.back().kind == HexdumpPiece::kText &&
                        IsSpace(unit.pieces.back().before.back());
    if (last && parted) text.pop_back();
    out_ << text;
  }

  void PrintEnd() {
    const HexdumpUnit* end = nullptr;
    for (const HexdumpFormat& format : options_.formats) {
      for (const HexdumpUnit& unit : format.units) {
        if (unit.at_end) end = &unit;
      }
    }
    if (end == nullptr || address_ == 0) return;
    for (const HexdumpPiece& piece : end->pieces) {
      if (piece.kind == HexdumpPiece::kText || piece.kind == HexdumpPiece::kAddress) {
        out_ << FormatHexdumpPiece(piece, "", address_);
      }
    }
  }

  Process& process_;
  Output& out_;
  HexdumpOptions& options_;
  HexdumpInput& in_;
  std::size_t block_ = 0;
  std::uint64_t address_ = 0;
};

// With 0x, 0 for octal, and K, KiB, KB, …
std::uint64_t ParseAmountOf(Process& process, const std::string& text, const char* what) {
  std::optional<std::int64_t> value;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    char* end = nullptr;
    const unsigned long long number = std::strtoull(text.c_str(), &end, 16);
    if (*end == '\0' && text.size() > 2) return number;
  } else if (text.size() > 1 && text[0] == '0' &&
             text.find_first_not_of("01234567") == std::string::npos) {
    return std::strtoull(text.c_str(), nullptr, 8);
  } else if (!text.empty() && IsDigit(text[0]) && text.back() != 'b') {
    value = ParseSize(text);
  }
  if (!value) {
    Complain(process,
             std::string("failed to parse ") + what + ": '" + text + "': Invalid argument");
    process.Exit(1);
  }
  return static_cast<std::uint64_t>(*value);
}

// A file of formats: one a line, with comments.
void AddFormatFile(Process& process, const std::string& name, HexdumpOptions& result) {
  const auto fd = process.Open(name, O_RDONLY);
  if (!fd) {
    Complain(process, "can't read " + name + ": " + ErrnoText(fd.error()));
    process.Exit(1);
  }
  const ScopedDescriptor closer(process, *fd);
  Input in(process, *fd);
  while (const auto line = in.ReadLine()) {
    std::string_view text = *line;
    while (!text.empty() && IsSpace(text[0])) text.remove_prefix(1);
    if (!text.empty() && text[0] != '#') {
      result.formats.push_back(ParseHexdumpFormat(process, text));
    }
  }
}

struct HexdumpLayout {
  int letter;
  std::vector<std::string_view> formats;
};

void AddLayout(Process& process, int letter, HexdumpOptions& result) {
  static const HexdumpLayout kLayouts[] = {
      {'C',
       {"\"%08.8_Ax\\n\"", R"("%08.8_ax  " 8/1 "%02x " "  " 8/1 "%02x ")",
        R"("  |" 16/1 "%_p" "|\n")"}},
      {'b', {R"("%07.7_Ax\n")", R"("%07.7_ax " 16/1 "%03o " "\n")"}},
      {'c', {R"("%07.7_Ax\n")", R"("%07.7_ax " 16/1 "%3_c " "\n")"}},
      {'d', {R"("%07.7_Ax\n")", R"("%07.7_ax " 8/2 "  %05u " "\n")"}},
      {'o', {R"("%07.7_Ax\n")", R"("%07.7_ax " 8/2 " %06o " "\n")"}},
      {'x', {R"("%07.7_Ax\n")", R"("%07.7_ax " 8/2 "   %04x " "\n")"}},
      {0, {R"("%07.7_Ax\n")", R"("%07.7_ax " 8/2 "%04x " "\n")"}}};
  for (const HexdumpLayout& layout : kLayouts) {
    if (layout.letter != letter) continue;
    for (const std::string_view format : layout.formats) {
      result.formats.push_back(ParseHexdumpFormat(process, format));
    }
  }
}

HexdumpOptions ParseHexdump(Process& process, Options& options) {
  HexdumpOptions result;
  if (process.args[0].ends_with("hd")) AddLayout(process, 'C', result);
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'e':
        result.formats.push_back(ParseHexdumpFormat(process, option->value));
        break;
      case 'f':
        AddFormatFile(process, option->value, result);
        break;
      case 'n':
        result.length = ParseAmountOf(process, option->value, "length");
        break;
      case 's':
        result.skip = ParseAmountOf(process, option->value, "offset");
        break;
      case 'v':
        result.all = true;
        break;
      default:
        AddLayout(process, option->letter, result);
    }
  }
  if (result.formats.empty()) AddLayout(process, 0, result);
  return result;
}

}  // namespace

int HexdumpMain(Process& process) {
  Options words(process, "bcCde:f:n:os:vx",
                {{"one-byte-octal", 'b'},
                 {"one-byte-char", 'c'},
                 {"canonical", 'C'},
                 {"two-bytes-decimal", 'd'},
                 {"two-bytes-octal", 'o'},
                 {"two-bytes-hex", 'x'},
                 {"format", 'e', Options::kRequired},
                 {"format-file", 'f', Options::kRequired},
                 {"length", 'n', Options::kRequired},
                 {"skip", 's', Options::kRequired},
                 {"no-squeezing", 'v'}});
  HexdumpOptions options = ParseHexdump(process, words);
  HexdumpInput in(process, words.operands());
  Output out(process);
  HexdumpPrinter(process, out, options, in).Print();
  out.Flush();
  if (!in.opened() && in.failed()) Complain(process, "all input file arguments failed");
  return out.Finish(in.failed() ? 1 : 0);
}

}  // namespace computesdk::in_memory
