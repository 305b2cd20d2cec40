#include <fcntl.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>

#include "mocks/in_memory/utilities/shell_command.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

struct SplitStyle {
  enum class By { kLines, kBytes, kLineBytes, kChunks, kLineChunks, kRoundRobin } by = By::kLines;
  std::int64_t amount = 1000;
  std::int64_t only = 0;  // Of the chunks this one alone, to standard output.
  std::size_t suffix_length = 2;
  bool grows = true;  // Until a length is asked for, suffixes become longer as they run out.
  int radix = 26;     // 10 and 16: digits.
  std::int64_t start = 0;
  std::string additional = {};
  std::optional<std::string> filter = {};  // A command that each piece is the input of.
  bool verbose = false;
  bool skip_empty = false;
  bool unbuffered = false;
  char end = '\n';

  bool chunks() const {
    return by == By::kChunks || by == By::kLineChunks || by == By::kRoundRobin;
  }
};

// A file, or the input of a command.
class Piece {
 public:
  Piece(Process& process, const SplitStyle& style, std::string name)
      : process_(process), style_(style), name_(std::move(name)) {
    if (style.verbose) {
      (void)process.Write(
          1, (style.filter ? "executing with FILE=" : "creating file ") + QuotedName(name_) + "\n");
    }
    if (style.filter) return;
    const auto fd = process.Open(name_, O_WRONLY | O_CREAT | O_TRUNC);
    if (!fd) {
      ComplainOf(process, name_, fd.error());
      process.Exit(1);
    }
    descriptor_ = std::make_unique<ScopedDescriptor>(process, *fd);
    output_ = std::make_unique<Output>(process, *fd);
  }

  void Write(std::string_view text) {
    if (output_) {
      output_->Write(text);
      if (style_.unbuffered) output_->Flush();
      return;
    }
    input_.append(text);
    RequireMemory(process_, input_.size());
  }

  void Finish() {
    if (output_) {
      if (output_->Finish(0) != 0) process_.Exit(1);
      return;
    }
    process_.env["FILE"] = name_;
    const ExitStatus status =
        RunShell(process_, *style_.filter, {{0, MakeInputFile(std::move(input_))}});
    if (status.signal == 0 && status.code == 0) return;
    Complain(process_, "with FILE=" + name_ + ", exit " + std::to_string(status.ShellCode()) +
                           " from command: " + *style_.filter);
    process_.Exit(status.ShellCode());
  }

 private:
  Process& process_;
  const SplitStyle& style_;
  const std::string name_;
  std::string input_;
  std::unique_ptr<ScopedDescriptor> descriptor_;
  std::unique_ptr<Output> output_;
};

// The pieces, one after the other.
class Pieces {
 public:
  Pieces(Process& process, const SplitStyle& style, std::string prefix)
      : process_(process), style_(style), prefix_(std::move(prefix)), length_(style.suffix_length) {
    number_ = style.start;
  }

  void Begin() {
    Finish();
    piece_ = MakePiece();
  }
  std::unique_ptr<Piece> MakePiece() {
    return std::make_unique<Piece>(process_, style_, prefix_ + NextSuffix() + style_.additional);
  }
  void Write(std::string_view text) {
    if (!piece_) Begin();
    piece_->Write(text);
  }
  void Finish() {
    if (piece_) piece_->Finish();
    piece_.reset();
  }

 private:
  std::string Digits(std::int64_t number, std::size_t length) const {
    std::string text(length, style_.radix == 26 ? 'a' : '0');
    for (std::size_t i = length; i-- > 0; number /= style_.radix) {
      const auto digit = static_cast<char>(number % style_.radix);
      text[i] = style_.radix == 26 ? static_cast<char>('a' + digit)
                                   : (digit < 10 ? static_cast<char>('0' + digit)
                                                 : static_cast<char>('a' + digit - 10));
    }
    return text;
  }

  std::string NextSuffix() {
    std::int64_t count = 1;
    for (std::size_t i = 0; i < length_ && count < INT64_MAX / 64; ++i) count *= style_.radix;
    // The last letter is kept free for the longer ones: …, yz, zaaa, zaab.
    const bool grows = style_.grows && style_.start == 0;
    const std::int64_t usable = grows ? count - count / style_.radix : count;
    if (number_ >= usable) {
      if (!grows) {
        Complain(process_, "output file suffixes exhausted");
        process_.Exit(1);
      }
      leader_ += style_.radix == 26 ? "z" : style_.radix == 10 ? "9" : "f";
      ++length_;
      number_ = 0;
    }
    return leader_ + Digits(number_++, length_);
  }

  Process& process_;
  const SplitStyle& style_;
  const std::string prefix_;
  std::string leader_;
  std::size_t length_;
  std::int64_t number_ = 0;
  std::unique_ptr<Piece> piece_;
};

void SplitLines(Input& in, Pieces& pieces, const SplitStyle& style) {
  std::int64_t count = 0;
  while (const auto line = in.ReadLine(style.end)) {
    if (count++ % style.amount == 0) pieces.Begin();
    pieces.Write(*line);
    if (in.ended()) pieces.Write({&style.end, 1});
  }
}

void SplitBytes(Input& in, Pieces& pieces, std::uint64_t size) {
  std::uint64_t room = 0;
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    while (!block.empty()) {
      if (room == 0) {
        pieces.Begin();
        room = size;
      }
      const std::string_view part = block.substr(0, room);
      pieces.Write(part);
      room -= part.size();
      block.remove_prefix(part.size());
    }
  }
}

// As many whole lines as fit; a longer line is cut.
void SplitLineBytes(Input& in, Pieces& pieces, std::size_t size, char end) {
  std::size_t room = 0;
  while (const auto line = in.ReadLine(end)) {
    std::string text(*line);
    if (in.ended()) text.push_back(end);
    std::string_view rest = text;
    if (rest.size() > room || room == 0) {
      pieces.Begin();
      room = size;
    }
    while (rest.size() > room) {
      pieces.Write(rest.substr(0, room));
      rest.remove_prefix(room);
      pieces.Begin();
      room = size;
    }
    pieces.Write(rest);
    room -= rest.size();
  }
}

// N pieces of the same size; with lines, a line belongs to the piece in which it begins.
void SplitChunks(Process& process, const std::string& content, Pieces& pieces,
                 const SplitStyle& style) {
  const auto count = static_cast<std::size_t>(style.amount);
  // Where there are fewer bytes than pieces, one for each, as long as there are some.
  const std::size_t size = std::max(content.size(), count) / count;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < count; ++i) {
    process.Checkpoint();
    std::size_t end = i + 1 == count ? content.size() : std::min((i + 1) * size, content.size());
    if (style.by == SplitStyle::By::kLineChunks && end < content.size()) {
      end = std::max(end, begin);
      if (end > begin && content[end - 1] != style.end) {
        const auto stop = content.find(style.end, end);
        end = stop == std::string::npos ? content.size() : stop + 1;
      }
    }
    const std::string_view chunk = std::string_view(content).substr(begin, end - begin);
    begin = end;
    if (style.only > 0) {
      if (static_cast<std::size_t>(style.only) == i + 1) (void)process.Write(1, chunk);
      continue;
    }
    if (chunk.empty() && style.skip_empty) continue;
    pieces.Begin();
    pieces.Write(chunk);
  }
}

// The first line to the first piece, the second to the second, and around again.
void SplitInTurn(Process& process, Input& in, Pieces& pieces, const SplitStyle& style) {
  const auto count = static_cast<std::size_t>(style.amount);
  std::vector<std::unique_ptr<Piece>> files;
  if (style.only == 0 && !style.skip_empty) {
    RequireMemory(process, count * sizeof(Piece));
    for (std::size_t i = 0; i < count; ++i) files.push_back(pieces.MakePiece());
  }
  Output out(process);
  for (std::size_t i = 0; const auto line = in.ReadLine(style.end); i = (i + 1) % count) {
    std::string text(*line);
    if (in.ended()) text.push_back(style.end);
    if (style.only > 0) {
      if (static_cast<std::size_t>(style.only) == i + 1) out << text;
      continue;
    }
    if (i == files.size()) files.push_back(pieces.MakePiece());
    files[i]->Write(text);
  }
  for (const auto& file : files) file->Finish();
}

class SplitParser {
 public:
  explicit SplitParser(Process& process) : process_(process) {}

  SplitStyle Parse(Options& options) {
    while (auto option = options.Next()) Apply(option->letter, option->value);
    if (style_.filter && style_.only > 0) {
      UsageError(process_, "--filter does not process a chunk extracted to stdout");
    }
    if (style_.chunks() && style_.grows) FitSuffix();
    if (style_.chunks()) CheckSuffix();
    return style_;
  }

 private:
  // So long that there is a suffix for every chunk.
  void FitSuffix() {
    style_.grows = false;
    std::int64_t names = 1;
    for (std::size_t i = 0; i < style_.suffix_length; ++i) names *= style_.radix;
    for (; names < style_.amount + style_.start; names *= style_.radix) ++style_.suffix_length;
  }

  // One of a given length has to be long enough for every chunk.
  void CheckSuffix() {
    std::size_t needed = 1;
    for (std::int64_t names = style_.radix; names < style_.amount + style_.start; ++needed) {
      names *= style_.radix;
    }
    if (style_.suffix_length >= needed || style_.only > 0) return;
    Complain(process_, "the suffix length needs to be at least " + std::to_string(needed));
    process_.Exit(1);
  }

  // Only sizes have units.
  std::int64_t Positive(const std::string& text, const std::string& what) {
    const bool plain = text.find_first_not_of("+0123456789") == std::string::npos;
    const auto value = plain || what == "number of bytes" ? ParseSize(text) : std::nullopt;
    if (value && *value > 0) return *value;
    Complain(process_, "invalid " + what + ": " + LocaleQuoted(process_, text) +
                           (value ? ": Numerical result out of range" : ""));
    process_.Exit(1);
  }

  std::int64_t ParseStart(const std::string& value) {
    char* end = nullptr;
    const long long start = std::strtoll(value.c_str(), &end, style_.radix);
    if (*end == '\0' && start >= 0) return start;
    UsageError(process_, LocaleQuoted(process_, value) + ": invalid start value for " +
                             (style_.radix == 10 ? "numerical" : "hexadecimal") + " suffix");
  }

  void SetWay(SplitStyle::By by, std::int64_t amount) {
    if (has_way_) UsageError(process_, "cannot split in more than one way");
    has_way_ = true;
    style_.by = by;
    style_.amount = amount;
  }

  // N, K/N, and both behind "l/" or "r/".
  void ParseChunks(std::string value) {
    using By = SplitStyle::By;
    const By by = value.starts_with("l/")   ? By::kLineChunks
                  : value.starts_with("r/") ? By::kRoundRobin
                                            : By::kChunks;
    if (by != By::kChunks) value.erase(0, 2);
    const std::size_t slash = value.find('/');
    const std::int64_t count =
        Positive(slash == std::string::npos ? value : value.substr(slash + 1), "number of chunks");
    RequireMemory(process_, static_cast<std::size_t>(count));
    SetWay(by, count);
    if (slash == std::string::npos) return;
    const std::string only = value.substr(0, slash);
    style_.only = Positive(only, "chunk number");
    if (style_.only > count) {
      Complain(process_, "invalid chunk number: " + LocaleQuoted(process_, only) +
                             ": Numerical result out of range");
      process_.Exit(1);
    }
  }

  void SetSeparator(char separator) {
    if (separator_.value_or(separator) != separator) {
      Complain(process_, "multiple separator characters specified");
      process_.Exit(1);
    }
    separator_ = style_.end = separator;
  }

  void Apply(int letter, const std::string& value) {
    using By = SplitStyle::By;
    switch (letter) {
      case 'l':
        SetWay(By::kLines, Positive(value, "number of lines"));
        break;
      case 'b':
        SetWay(By::kBytes, Positive(value, "number of bytes"));
        break;
      case 'C':
        SetWay(By::kLineBytes, Positive(value, "number of bytes"));
        break;
      case 'n':
        ParseChunks(value);
        break;
      case 'a':
        // With 0 it is as long as it has to be.
        style_.grows = value == "0";
        if (style_.grows) break;
        style_.suffix_length = static_cast<std::size_t>(Positive(value, "suffix length"));
        break;
      case 'd':
      case 'x':
        style_.radix = letter == 'd' ? 10 : 16;
        if (!value.empty()) style_.start = ParseStart(value);
        break;
      case 'u':
        style_.unbuffered = true;
        break;
      case 'e':
        style_.skip_empty = true;
        break;
      case 't':
        if (value.size() != 1 && value != "\\0") {
          Complain(process_, value.empty()
                                 ? "empty record separator"
                                 : "multi-character separator " + LocaleQuoted(process_, value));
          process_.Exit(1);
        }
        SetSeparator(value == "\\0" ? '\0' : value[0]);
        break;
      case 300:
        if (value.find('/') != std::string::npos) {
          UsageError(process_, "invalid suffix " + LocaleQuoted(process_, value) +
                                   ", contains directory separator");
        }
        style_.additional = value;
        break;
      case 302:
        style_.filter = value;
        break;
      default:
        style_.verbose = true;
    }
  }

  Process& process_;
  SplitStyle style_;
  std::optional<char> separator_;
  bool has_way_ = false;
};

// "-5" is "-l 5".
void ModernizeSplit(Process& process) {
  bool is_value = false;  // Of the option before.
  for (std::string& word : process.args) {
    if (word == "--") return;
    if (std::exchange(is_value, word.size() == 2 && word[0] == '-' &&
                                    std::string_view("aCblnt").find(word[1]) != word.npos))
      continue;
    const bool digits = word.size() > 1 && word[0] == '-' &&
                        word.find_first_not_of("0123456789", 1) == std::string::npos;
    if (digits) word.insert(1, "l");
  }
}

}  // namespace

int SplitMain(Process& process) {
  ModernizeSplit(process);
  Options options(process, "a:b:C:del:n:t:ux",
                  {{"suffix-length", 'a', Options::kRequired},
                   {"bytes", 'b', Options::kRequired},
                   {"line-bytes", 'C', Options::kRequired},
                   {"numeric-suffixes", 'd', Options::kOptional},
                   {"hex-suffixes", 'x', Options::kOptional},
                   {"elide-empty-files", 'e'},
                   {"lines", 'l', Options::kRequired},
                   {"number", 'n', Options::kRequired},
                   {"separator", 't', Options::kRequired},
                   {"filter", 302, Options::kRequired},
                   {"unbuffered", 'u'},
                   {"additional-suffix", 300, Options::kRequired},
                   {"verbose", 301}});
  const SplitStyle style = SplitParser(process).Parse(options);
  const auto& operands = options.operands();
  if (operands.size() > 2)
    UsageError(process, "extra operand " + LocaleQuoted(process, operands[2]));
  Pieces pieces(process, style, operands.size() > 1 ? operands[1] : "x");
  const std::vector<std::string> input(operands.begin(),
                                       operands.begin() + (operands.empty() ? 0 : 1));
  int failed = 0;
  const auto body = [&](int fd, const std::string& name) {
    Input in(process, fd);
    switch (style.by) {
      case SplitStyle::By::kLines:
        SplitLines(in, pieces, style);
        break;
      case SplitStyle::By::kBytes:
        SplitBytes(in, pieces, static_cast<std::uint64_t>(style.amount));
        break;
      case SplitStyle::By::kLineBytes:
        SplitLineBytes(in, pieces, static_cast<std::size_t>(style.amount), style.end);
        break;
      case SplitStyle::By::kRoundRobin:
        SplitInTurn(process, in, pieces, style);
        break;
      default:
        if (const OpenFilePtr file = process.File(fd); file && !file->inode()) {
          Complain(process, name + ": cannot determine file size");
          failed = 1;
        } else if (const auto content = process.ReadAll(fd)) {
          SplitChunks(process, *content, pieces, style);
        } else {
          ComplainOf(process, name, content.error());
          failed = 1;
        }
    }
  };
  const int status =
      ForEachInput(process, input, body, nullptr, Directories::kComplain, "cannot open");
  pieces.Finish();
  return status | failed;
}

}  // namespace computesdk::in_memory
