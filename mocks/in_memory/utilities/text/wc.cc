#include <fcntl.h>

#include <algorithm>
#include <array>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

// In the order in which they are printed.
enum Counter { kLines, kWords, kCharacters, kBytes, kLongest, kCounters };
using Counts = std::array<std::uint64_t, kCounters>;
using Wanted = std::array<bool, kCounters>;

class WordCounter {
 public:
  explicit WordCounter(const Wanted& wanted)
      : decodes_(wanted[kWords] || wanted[kCharacters] || wanted[kLongest]) {}

  void Add(std::string_view block) {
    counts_[kBytes] += block.size();
    if (!decodes_) {
      counts_[kLines] += static_cast<std::uint64_t>(std::count(block.begin(), block.end(), '\n'));
      return;
    }
    if (partial_.empty()) {
      Decode(block, false);
    } else {
      std::string joined;
      joined.swap(partial_);
      joined.append(block);
      Decode(joined, false);
    }
  }

  Counts Finish() {
    std::string rest;
    rest.swap(partial_);
    Decode(rest, true);
    EndLine();
    if (in_word_) ++counts_[kWords];
    in_word_ = false;
    return counts_;
  }

 private:
  void Decode(std::string_view text, bool last) {
    for (std::size_t i = 0; i < text.size();) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < 0x80) {
        ++counts_[kCharacters];
        AddAscii(byte);
        ++i;
        continue;
      }
      // A character may go on in the next block.
      if (!last && text.size() - i < 4) {
        partial_ = text.substr(i);
        return;
      }
      const Utf8Character found = DecodeUtf8(text.substr(i));
      i += found.length;
      if (BytesAreCharacters()) ++counts_[kCharacters];
      if (!found.valid) continue;
      ++counts_[kCharacters];
      const int columns = ColumnsOf(found.code);
      if (columns > 0) column_ += static_cast<std::uint64_t>(columns);
      if (IsWideSpace(found.code)) {
        EndWord();
      } else if (columns >= 0) {
        in_word_ = true;
      }
    }
  }

  void AddAscii(unsigned char byte) {
    switch (byte) {
      case '\n':
        ++counts_[kLines];
        [[fallthrough]];
      case '\r':
      case '\f':
        EndLine();
        EndWord();
        break;
      case '\t':
        column_ += 8 - column_ % 8;
        EndWord();
        break;
      case ' ':
        ++column_;
        EndWord();
        break;
      case '\v':
        EndWord();
        break;
      default:
        if (byte < 0x20 || byte == 0x7f) break;
        ++column_;
        in_word_ = true;
    }
  }

  void EndWord() {
    counts_[kWords] += in_word_ ? 1 : 0;
    in_word_ = false;
  }

  void EndLine() {
    counts_[kLongest] = std::max(counts_[kLongest], column_);
    column_ = 0;
  }

  const bool decodes_;
  Counts counts_{};
  bool in_word_ = false;
  std::uint64_t column_ = 0;
  std::string partial_;
};

// wc aligns its numbers by the sizes of the files, before it reads them.
int NumberWidth(Process& process, const std::vector<std::string>& operands, const Wanted& wanted) {
  if (operands.size() <= 1 && std::count(wanted.begin(), wanted.end(), true) == 1) return 1;
  std::vector<std::string> names = operands;
  if (names.empty()) names.emplace_back("-");
  int minimum = 1;
  std::uint64_t total = 0;
  for (const std::string& name : names) {
    FileStatus status;
    if (name == "-") {
      const OpenFilePtr file = process.File(0);
      if (!file) continue;
      status = file->Stat();
      // What is no file of the file system tells nothing of its size.
      if (!file->inode()) status.type = FileType::kFifo;
    } else {
      const auto found = process.files().Stat(process.AbsolutePath(name));
      if (!found) continue;
      status = *found;
    }
    if (status.type == FileType::kRegular) {
      total += status.size;
    } else {
      minimum = 7;
    }
  }
  return std::max(minimum, static_cast<int>(std::to_string(total).size()));
}

void PrintCounts(Output& out, const Counts& counts, const Wanted& wanted, int width,
                 const std::string& name) {
  bool first = true;
  for (int counter = 0; counter < kCounters; ++counter) {
    if (!wanted[static_cast<std::size_t>(counter)]) continue;
    std::string number = std::to_string(counts[static_cast<std::size_t>(counter)]);
    if (number.size() < static_cast<std::size_t>(width)) {
      number.insert(0, static_cast<std::size_t>(width) - number.size(), ' ');
    }
    if (!first) out.Put(' ');
    first = false;
    out << number;
  }
  if (!name.empty()) {
    out << " " << (name.find('\n') == std::string::npos ? name : ShownName(name));
  }
  out.Put('\n');
}

std::vector<std::string> ReadNames(Process& process, const std::string& list) {
  std::vector<std::string> names;
  const auto fd = list == "-" ? IoResult<int>(0) : process.Open(list, O_RDONLY);
  if (!fd) {
    Complain(process, "cannot open " + QuotedName(list) + " for reading: " + ErrnoText(fd.error()));
    process.Exit(1);
  }
  Input in(process, *fd);
  while (auto name = in.ReadLine('\0')) names.emplace_back(*name);
  return names;
}

}  // namespace

int WcMain(Process& process) {
  Options options(process, "clLmw",
                  {{"bytes", 'c'},
                   {"chars", 'm'},
                   {"lines", 'l'},
                   {"words", 'w'},
                   {"max-line-length", 'L'},
                   {"files0-from", 300, Options::kRequired}});
  Wanted wanted{};
  std::optional<std::string> list;
  while (auto option = options.Next()) {
    if (option->letter == 'l') wanted[kLines] = true;
    if (option->letter == 'w') wanted[kWords] = true;
    if (option->letter == 'm') wanted[kCharacters] = true;
    if (option->letter == 'c') wanted[kBytes] = true;
    if (option->letter == 'L') wanted[kLongest] = true;
    if (option->letter == 300) list = option->value;
  }
  if (wanted == Wanted{}) wanted[kLines] = wanted[kWords] = wanted[kBytes] = true;
  if (list && !options.operands().empty()) {
    UsageError(process, "extra operand " + QuotedName(options.operands()[0]) +
                            "\nfile operands cannot be combined with --files0-from");
  }
  const std::vector<std::string> operands = list ? ReadNames(process, *list) : options.operands();
  // What comes through a pipe is counted name by name: the sizes are not known before.
  bool sized = true;
  if (list && *list == "-") sized = process.File(0) && process.File(0)->inode();
  if (list && *list != "-") {
    const auto status = StatPath(process, *list);
    sized = status && status->type == FileType::kRegular;
  }
  if (list && operands.empty()) return 0;
  const int width = sized ? NumberWidth(process, operands, wanted) : 1;

  Output out(process);
  Counts total{};
  int status = 0;
  status |= ForEachInput(
      process, operands,
      [&](int fd, const std::string& name) {
        WordCounter counter(wanted);
        Input in(process, fd);
        for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
          counter.Add(block);
        }
        if (in.error()) {
          out.Flush();
          ComplainOf(process, name, *in.error());
          status = 1;
        }
        const Counts counts = counter.Finish();
        PrintCounts(out, counts, wanted, width, operands.empty() ? "" : name);
        for (std::size_t i = 0; i < kLongest; ++i) total[i] += counts[i];
        total[kLongest] = std::max(total[kLongest], counts[kLongest]);
      },
      &out, Directories::kPassOn);
  if (operands.size() > 1) PrintCounts(out, total, wanted, width, "total");
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
