#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <limits>

#include "mocks/in_memory/utilities/file_programs.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct DdCommand {
  std::string input;
  std::string output;
  std::int64_t input_block = 512;
  std::int64_t output_block = 512;
  std::int64_t count = std::numeric_limits<std::int64_t>::max();
  std::int64_t skip = 0;
  std::int64_t seek = 0;
  bool truncate = true;
  bool append = false;
  bool whole_blocks = false;
  bool upper = false;
  bool lower = false;
  bool quiet = false;
  bool without_rate = false;
};

void TakeWords(Process& process, DdCommand& command, const std::string& name,
               std::string_view list) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view word = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (word == "notrunc") {
      command.truncate = false;
    } else if (word == "append") {
      command.append = true;
    } else if (word == "fullblock") {
      command.whole_blocks = true;
    } else if (word == "ucase") {
      command.upper = true;
    } else if (word == "lcase") {
      command.lower = true;
    } else if (word != "fsync" && word != "fdatasync" && word != "sync") {
      UsageError(process, "invalid " + name + ": " + QuotedWord(word));
    }
  }
}

std::int64_t NumberOrExit(Process& process, std::string_view text) {
  const auto number = ParseSize(text);
  if (!number || *number < 0) {
    Complain(process, "invalid number: " + QuotedWord(text));
    process.Exit(1);
  }
  return *number;
}

void TakeOperand(Process& process, DdCommand& command, const std::string& operand) {
  const auto equals = operand.find('=');
  if (equals == std::string::npos) {
    UsageError(process, "unrecognized operand " + QuotedWord(operand));
  }
  const std::string name = operand.substr(0, equals);
  const std::string value = operand.substr(equals + 1);
  if (name == "if") {
    command.input = value;
  } else if (name == "of") {
    command.output = value;
  } else if (name == "bs") {
    command.input_block = command.output_block = NumberOrExit(process, value);
  } else if (name == "ibs") {
    command.input_block = NumberOrExit(process, value);
  } else if (name == "obs") {
    command.output_block = NumberOrExit(process, value);
  } else if (name == "count") {
    command.count = NumberOrExit(process, value);
  } else if (name == "skip") {
    command.skip = NumberOrExit(process, value);
  } else if (name == "seek") {
    command.seek = NumberOrExit(process, value);
  } else if (name == "status") {
    command.quiet = value == "none";
    command.without_rate = value == "noxfer";
  } else if (name == "conv" || name == "iflag" || name == "oflag") {
    TakeWords(process, command, name == "conv" ? "conversion" : "flag", value);
  } else {
    UsageError(process, "unrecognized operand " + QuotedWord(operand));
  }
  constexpr std::int64_t kMaxBlock = std::int64_t{1} << 30;
  if (command.input_block < 1 || command.input_block > kMaxBlock || command.output_block < 1) {
    Complain(process, "invalid number: " + QuotedWord(value));
    process.Exit(1);
  }
}

int OpenOrExit(Process& process, const std::string& path, int flags) {
  const auto fd = process.Open(path, flags);
  if (!fd) {
    Complain(process, "failed to open " + QuotedName(path) + ": " + ErrnoText(fd.error()));
    process.Exit(1);
  }
  return *fd;
}

class DataMover {
 public:
  DataMover(Process& process, const DdCommand& command) : process_(process), command_(command) {}

  int Run(int in, int out) {
    block_.resize(static_cast<std::size_t>(command_.input_block));
    Skip(in);
    if (command_.seek > 0) {
      const auto file = process_.File(out);
      if (file == nullptr || !file->Seek(command_.seek * command_.output_block, SEEK_SET)) {
        Complain(process_, "cannot seek: Illegal seek");
        return 1;
      }
    }
    int status = 0;
    for (std::int64_t i = 0; i < command_.count; ++i) {
      process_.Checkpoint();
      const std::size_t count = ReadBlock(in);
      if (count == 0) break;
      ++(count == block_.size() ? whole_ : partial_);
      bytes_ += count;
      Convert(count);
      const auto written = process_.Write(out, std::string_view(block_).substr(0, count));
      if (!written) {
        Complain(process_, "error writing output: " + ErrnoText(written.error()));
        status = 1;
        break;
      }
    }
    if (!command_.quiet) Report();
    return status;
  }

 private:
  void Skip(int in) {
    const auto file = process_.File(in);
    if (command_.skip == 0 || file == nullptr) return;
    if (file->Seek(command_.skip * command_.input_block, SEEK_CUR)) return;
    for (std::int64_t i = 0; i < command_.skip && ReadBlock(in) > 0; ++i) process_.Checkpoint();
  }

  std::size_t ReadBlock(int in) {
    std::size_t filled = 0;
    do {
      const auto count = process_.Read(in, block_.data() + filled, block_.size() - filled);
      if (!count) Complain(process_, "error reading: " + ErrnoText(count.error()));
      if (!count || *count == 0) break;
      filled += *count;
    } while (command_.whole_blocks && filled < block_.size());
    return filled;
  }

  void Convert(std::size_t count) {
    if (!command_.upper && !command_.lower) return;
    std::transform(block_.begin(), block_.begin() + static_cast<std::ptrdiff_t>(count),
                   block_.begin(), command_.upper ? ::toupper : ::tolower);
  }

  void Report() {
    const std::string records = std::to_string(whole_) + "+" + std::to_string(partial_);
    std::string report = records + " records in\n" + records + " records out\n";
    if (!command_.without_rate) {
      const double seconds =
          std::max(1e-9, std::chrono::duration<double>(process_.Elapsed()).count());
      report += std::to_string(bytes_) + (bytes_ == 1 ? " byte" : " bytes") + " copied, " +
                std::to_string(seconds) + " s, " +
                HumanSize(static_cast<std::uint64_t>(static_cast<double>(bytes_) / seconds), 1000) +
                "B/s\n";
    }
    (void)process_.Write(2, report);
  }

  Process& process_;
  const DdCommand& command_;
  std::string block_;
  std::uint64_t whole_ = 0;
  std::uint64_t partial_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

int DdMain(Process& process) {
  DdCommand command;
  AnswerHelp(process, {"if=FILE", "of=FILE", "bs=BYTES", "ibs=BYTES", "obs=BYTES", "count=BLOCKS",
                       "skip=BLOCKS", "seek=BLOCKS", "status=none|noxfer", "conv=WORD,...",
                       "iflag=WORD,...", "oflag=WORD,...", "    --help", "    --version"});
  Options options(process, "");
  while (options.Next()) {
  }
  for (const std::string& operand : options.operands()) TakeOperand(process, command, operand);
  const int in = command.input.empty() ? 0 : OpenOrExit(process, command.input, O_RDONLY);
  int out = 1;
  if (!command.output.empty()) {
    const bool empties = command.truncate && !command.append && command.seek == 0;
    out =
        OpenOrExit(process, command.output,
                   O_WRONLY | O_CREAT | (empties ? O_TRUNC : 0) | (command.append ? O_APPEND : 0));
  }
  return DataMover(process, command).Run(in, out);
}

int TruncateMain(Process& process) {
  bool no_create = false;
  std::optional<std::string> size;
  std::optional<std::uint64_t> reference;
  Options options(process, "cr:s:",
                  {{"no-create", 'c'},
                   {"reference", 'r', Options::kRequired},
                   {"size", 's', Options::kRequired}});
  while (const auto option = options.Next()) {
    if (option->letter == 'c') no_create = true;
    if (option->letter == 's') size = option->value;
    if (option->letter == 'r') {
      const auto status = StatPath(process, option->value);
      if (!status) {
        CannotDo(process, "stat", option->value, status.error());
        return 1;
      }
      reference = status->size;
    }
  }
  if (!size && !reference) {
    UsageError(process, "you must specify either " + QuotedWord("--size") + " or " +
                            QuotedWord("--reference"));
  }
  char operation = 0;
  std::int64_t number = 0;
  if (size) {
    std::string_view text = *size;
    if (!text.empty() && std::string_view("+-<>/%").find(text[0]) != std::string_view::npos) {
      operation = text[0];
      text.remove_prefix(1);
    }
    const auto parsed = ParseSize(text);
    const bool divides = operation == '/' || operation == '%';
    if (!parsed || *parsed < 0 || (divides && *parsed == 0)) {
      Complain(process, "Invalid number: " + QuotedWord(*size));
      return 1;
    }
    number = *parsed;
  }
  if (options.operands().empty()) UsageError(process, "missing file operand");
  int status = 0;
  for (const std::string& path : options.operands()) {
    const std::string absolute = process.AbsolutePath(path);
    if (no_create && !StatPath(process, path)) continue;
    const auto inode = process.files().Create(absolute, 0666 & ~process.umask);
    if (!inode) {
      Complain(process,
               "cannot open " + QuotedName(path) + " for writing: " + ErrnoText(inode.error()));
      status = 1;
      continue;
    }
    const auto old =
        static_cast<std::int64_t>(reference.value_or(process.files().Stat(**inode).size));
    std::int64_t target = size ? number : old;
    if (operation == '+') target = old + number;
    if (operation == '-') target = std::max<std::int64_t>(0, old - number);
    if (operation == '<') target = std::min(old, number);
    if (operation == '>') target = std::max(old, number);
    if (operation == '/') target = old / number * number;
    if (operation == '%') target = (old + number - 1) / number * number;
    const IoStatus set = process.files().Truncate(**inode, static_cast<std::uint64_t>(target));
    if (!set) {
      Complain(process, "failed to truncate " + QuotedName(path) + " at " + std::to_string(target) +
                            " bytes: " + ErrnoText(set.error()));
      status = 1;
    }
  }
  return status;
}

}  // namespace computesdk::in_memory
