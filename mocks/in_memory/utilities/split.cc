#include <fcntl.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text.h"

namespace computesdk::in_memory {
namespace {

struct SplitStyle {
  enum class By { kLines, kBytes, kLineBytes, kChunks, kLineChunks } by = By::kLines;
  std::int64_t amount = 1000;
  std::size_t suffix_length = 2;
  bool grows = true;  // Until a length is asked for, suffixes become longer as they run out.
  int radix = 26;     // 10 and 16: digits.
  std::int64_t start = 0;
  std::string additional = {};
  bool verbose = false;
  bool skip_empty = false;
  char end = '\n';
};

// The output files, one after the other.
class Pieces {
 public:
  Pieces(Process& process, const SplitStyle& style, std::string prefix)
      : process_(process), style_(style), prefix_(std::move(prefix)), length_(style.suffix_length) {
    number_ = style.start;
  }

  void Begin() {
    Finish();
    const std::string name = prefix_ + NextSuffix() + style_.additional;
    if (style_.verbose) {
      (void)process_.Write(1, "creating file " + QuotedName(name) + "\n");
    }
    const auto fd = process_.Open(name, O_WRONLY | O_CREAT | O_TRUNC);
    if (!fd) {
      ComplainOf(process_, name, fd.error());
      process_.Exit(1);
    }
    descriptor_ = std::make_unique<ScopedDescriptor>(process_, *fd);
    output_ = std::make_unique<Output>(process_, *fd);
  }
  void Write(std::string_view text) {
    if (!output_) Begin();
    output_->Write(text);
  }
  void Finish() {
    if (output_ && output_->Finish(0) != 0) process_.Exit(1);
    output_.reset();
    descriptor_.reset();
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
  std::unique_ptr<ScopedDescriptor> descriptor_;
  std::unique_ptr<Output> output_;
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
void SplitChunks(const std::string& content, Pieces& pieces, const SplitStyle& style) {
  const auto count = static_cast<std::size_t>(style.amount);
  const std::size_t size = content.size() / count;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t end = i + 1 == count ? content.size() : (i + 1) * size;
    if (style.by == SplitStyle::By::kLineChunks && end < content.size()) {
      end = std::max(end, begin);
      if (end > begin && content[end - 1] != style.end) {
        const auto stop = content.find(style.end, end);
        end = stop == std::string::npos ? content.size() : stop + 1;
      }
    }
    if (begin == end && style.skip_empty) continue;
    pieces.Begin();
    pieces.Write(std::string_view(content).substr(begin, end - begin));
    begin = end;
  }
}

class SplitParser {
 public:
  explicit SplitParser(Process& process) : process_(process) {}

  SplitStyle Parse(Options& options) {
    while (auto option = options.Next()) Apply(option->letter, option->value);
    return style_;
  }

 private:
  std::int64_t Positive(const std::string& text, const std::string& what) {
    const auto value = ParseSize(text);
    if (value && *value > 0) return *value;
    UsageError(process_, "invalid number of " + what + ": " + QuotedName(text));
  }

  void Apply(int letter, const std::string& value) {
    using By = SplitStyle::By;
    switch (letter) {
      case 'l':
        style_.by = By::kLines;
        style_.amount = Positive(value, "lines");
        break;
      case 'b':
        style_.by = By::kBytes;
        style_.amount = Positive(value, "bytes");
        break;
      case 'C':
        style_.by = By::kLineBytes;
        style_.amount = Positive(value, "bytes");
        break;
      case 'n': {
        const bool lines = value.starts_with("l/");
        style_.by = lines ? By::kLineChunks : By::kChunks;
        style_.amount = Positive(lines ? value.substr(2) : value, "chunks");
        break;
      }
      case 'a':
        style_.suffix_length = static_cast<std::size_t>(Positive(value, "suffix letters"));
        style_.grows = false;
        break;
      case 'd':
      case 'x':
        style_.radix = letter == 'd' ? 10 : 16;
        if (!value.empty()) style_.start = ParseInteger(value).value_or(0);
        break;
      case 'e':
        style_.skip_empty = true;
        break;
      case 't':
        if (value.size() != 1 && value != "\\0") {
          UsageError(process_, "multi-character separator " + QuotedName(value));
        }
        style_.end = value == "\\0" ? '\0' : value[0];
        break;
      case 300:
        style_.additional = value;
        break;
      default:
        style_.verbose = true;
    }
  }

  Process& process_;
  SplitStyle style_;
};

}  // namespace

int SplitMain(Process& process) {
  Options options(process, "a:b:C:del:n:t:x",
                  {{"suffix-length", 'a', Options::kRequired},
                   {"bytes", 'b', Options::kRequired},
                   {"line-bytes", 'C', Options::kRequired},
                   {"numeric-suffixes", 'd', Options::kOptional},
                   {"hex-suffixes", 'x', Options::kOptional},
                   {"elide-empty-files", 'e'},
                   {"lines", 'l', Options::kRequired},
                   {"number", 'n', Options::kRequired},
                   {"separator", 't', Options::kRequired},
                   {"additional-suffix", 300, Options::kRequired},
                   {"verbose", 301}});
  const SplitStyle style = SplitParser(process).Parse(options);
  const auto& operands = options.operands();
  if (operands.size() > 2) UsageError(process, "extra operand " + QuotedName(operands[2]));
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
      default:
        if (const auto content = process.ReadAll(fd)) {
          SplitChunks(*content, pieces, style);
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
