#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct DdCommand {
  std::string input;
  std::string output;
  std::int64_t input_block = 512;
  std::int64_t output_block = 512;
  std::int64_t record = 0;  // cbs=
  std::int64_t count = std::numeric_limits<std::int64_t>::max();
  std::int64_t skip = 0;
  std::int64_t seek = 0;
  bool as_read = false;  // bs=: each block goes out as it came in.
  bool count_bytes = false;
  bool skip_bytes = false;
  bool seek_bytes = false;
  bool truncate = true;
  bool append = false;
  bool must_be_new = false;
  bool must_exist = false;
  bool whole_blocks = false;
  bool pad = false;
  bool swap = false;
  bool upper = false;
  bool lower = false;
  bool block = false;
  bool unblock = false;
  bool quiet = false;
  bool without_rate = false;
};

using DdWord = std::pair<std::string_view, bool DdCommand::*>;

constexpr DdWord kConversions[] = {
    {"ucase", &DdCommand::upper},      {"lcase", &DdCommand::lower},
    {"swab", &DdCommand::swap},        {"sync", &DdCommand::pad},
    {"block", &DdCommand::block},      {"unblock", &DdCommand::unblock},
    {"excl", &DdCommand::must_be_new}, {"nocreat", &DdCommand::must_exist}};
constexpr DdWord kFlags[] = {{"append", &DdCommand::append},
                             {"fullblock", &DdCommand::whole_blocks},
                             {"count_bytes", &DdCommand::count_bytes},
                             {"skip_bytes", &DdCommand::skip_bytes},
                             {"seek_bytes", &DdCommand::seek_bytes}};

bool DdCommand::*MemberNamed(std::span<const DdWord> words, std::string_view word) {
  for (const auto& [name, member] : words) {
    if (name == word) return member;
  }
  return nullptr;
}

// What asks for something of a disk's, which memory does as it is.
bool IsOfDisks(std::string_view word) {
  for (const std::string_view known :
       {"fsync", "fdatasync", "sync", "dsync", "direct", "noatime", "nocache", "nonblock", "noctty",
        "nofollow", "binary", "text", "noerror", "sparse"}) {
    if (word == known) return true;
  }
  return false;
}

void TakeWords(Process& process, DdCommand& command, const std::string& operand,
               std::string_view list) {
  const bool conversion = operand == "conv";
  for (bool more = true; more;) {
    const std::size_t end = std::min(list.find(','), list.size());
    const std::string_view word = list.substr(0, end);
    more = end < list.size();
    list.remove_prefix(std::min(end + 1, list.size()));
    bool DdCommand::*const member =
        conversion ? MemberNamed(kConversions, word) : MemberNamed(kFlags, word);
    if (member != nullptr) {
      command.*member = true;
    } else if (conversion && word == "notrunc") {
      command.truncate = false;
    } else if (!IsOfDisks(word)) {
      const std::string what = conversion           ? "conversion"
                               : operand == "iflag" ? "input flag"
                                                    : "output flag";
      UsageError(process, "invalid " + what + ": " + QuotedWord(word));
    }
  }
}

// A trailing B makes it a number of bytes, for which `bytes` is set.
std::int64_t NumberOrExit(Process& process, std::string_view text, bool* bytes = nullptr) {
  const bool ends_in_bytes = text.size() > 1 && text.ends_with('B') &&
                             std::isdigit(static_cast<unsigned char>(text[text.size() - 2])) != 0;
  const bool of_bytes = bytes != nullptr && ends_in_bytes;
  // "2x3" is their product.
  const std::size_t times = text.find('x', 1);
  if (times != std::string_view::npos && text.find_first_not_of("0123456789bcwkKMGB") == times) {
    const std::int64_t left = NumberOrExit(process, text.substr(0, times), bytes);
    const std::int64_t right = NumberOrExit(process, text.substr(times + 1), bytes);
    std::int64_t product = 0;
    if (!__builtin_mul_overflow(left, right, &product)) return product;
  }
  // "c" is a byte, "w" two.
  const char unit = text.size() > 1 ? text.back() : '\0';
  if (unit == 'c' || unit == 'w') {
    return NumberOrExit(process, text.substr(0, text.size() - 1), bytes) * (unit == 'w' ? 2 : 1);
  }
  const auto number = ParseSize(ends_in_bytes ? text.substr(0, text.size() - 1) : text);
  if (!number || *number < 0) {
    Complain(process, "invalid number: " + QuotedWord(text));
    process.Exit(1);
  }
  if (of_bytes) *bytes = true;
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
    command.as_read = true;
  } else if (name == "ibs") {
    command.input_block = NumberOrExit(process, value);
  } else if (name == "obs") {
    command.output_block = NumberOrExit(process, value);
  } else if (name == "cbs") {
    command.record = NumberOrExit(process, value);
  } else if (name == "count") {
    command.count = NumberOrExit(process, value, &command.count_bytes);
  } else if (name == "skip" || name == "iseek") {
    command.skip = NumberOrExit(process, value, &command.skip_bytes);
  } else if (name == "seek" || name == "oseek") {
    command.seek = NumberOrExit(process, value, &command.seek_bytes);
  } else if (name == "status") {
    if (value != "none" && value != "noxfer" && value != "progress") {
      UsageError(process, "invalid status level: " + QuotedWord(value));
    }
    command.quiet = value == "none";
    command.without_rate = value == "noxfer";
  } else if (name == "conv" || name == "iflag" || name == "oflag") {
    TakeWords(process, command, name, value);
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

// "3.1 MB": one decimal below `decimal_below`.
std::string InUnits(double amount, double base, double decimal_below) {
  constexpr std::string_view kUnits = "kMGTPE";
  std::size_t unit = 0;
  for (; amount >= base && unit < kUnits.size(); ++unit) amount /= base;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), amount < decimal_below ? "%.1f " : "%.0f ", amount);
  std::string shown = text.data();
  if (unit != 0) shown += base == 1024 && unit == 1 ? 'K' : kUnits[unit - 1];
  if (unit != 0 && base == 1024) shown += 'i';
  return shown + "B";
}

class DataMover {
 public:
  DataMover(Process& process, const DdCommand& command) : process_(process), command_(command) {}

  int Run(int in, int out) {
    out_ = out;
    block_.resize(static_cast<std::size_t>(command_.input_block));
    Skip(in);
    if (command_.seek > 0) {
      const auto file = process_.File(out);
      const std::int64_t place = command_.seek * (command_.seek_bytes ? 1 : command_.output_block);
      if (file == nullptr || !file->Seek(place, SEEK_SET)) {
        Complain(process_, "cannot seek: Illegal seek");
        return 1;
      }
      const bool ends_there = command_.truncate && !command_.append && !command_.output.empty();
      if (ends_there && file->inode() != nullptr) {
        (void)process_.files().Truncate(*file->inode(), static_cast<std::uint64_t>(place));
      }
    }
    Copy(in);
    if (odd_byte_) Emit({&*odd_byte_, 1});
    if (command_.block && column_ > 0) EndRecord();
    if (command_.unblock && column_ > 0) Emit("\n");
    if (!waiting_.empty()) Write(waiting_);
    if (!command_.quiet) Report();
    return status_;
  }

 private:
  void Copy(int in) {
    std::int64_t left = command_.count;
    while (status_ == 0 && left > 0) {
      process_.Checkpoint();
      const std::size_t want = command_.count_bytes && left < command_.input_block
                                   ? static_cast<std::size_t>(left)
                                   : block_.size();
      std::size_t count = ReadBlock(in, want);
      if (count == 0) break;
      left -= command_.count_bytes ? static_cast<std::int64_t>(count) : 1;
      ++(count == block_.size() ? whole_in_ : partial_in_);
      if (command_.pad && count < block_.size()) {
        const bool records = command_.block || command_.unblock;
        std::fill(block_.begin() + static_cast<std::ptrdiff_t>(count), block_.end(),
                  records ? ' ' : '\0');
        count = block_.size();
      }
      Convert(std::string_view(block_).substr(0, count));
    }
  }

  void Skip(int in) {
    const auto file = process_.File(in);
    if (command_.skip == 0 || file == nullptr) return;
    std::int64_t bytes = command_.skip * (command_.skip_bytes ? 1 : command_.input_block);
    const auto before = file->Seek(0, SEEK_CUR);
    const FileStatus status = file->Stat();
    if (before && status.type == FileType::kRegular && !command_.quiet &&
        static_cast<std::int64_t>(status.size) - static_cast<std::int64_t>(*before) < bytes) {
      const std::string& name = command_.input;
      Complain(process_, (name.empty() ? "'standard input'" : ShownName(name)) +
                             ": cannot skip to specified offset");
    }
    if (file->Seek(bytes, SEEK_CUR)) return;
    while (bytes > 0) {
      process_.Checkpoint();
      const std::size_t count =
          ReadBlock(in, std::min(block_.size(), static_cast<std::size_t>(bytes)));
      if (count == 0) return;
      bytes -= static_cast<std::int64_t>(count);
    }
  }

  std::size_t ReadBlock(int in, std::size_t want) {
    std::size_t filled = 0;
    do {
      const auto count = process_.Read(in, block_.data() + filled, want - filled);
      if (!count) {
        Complain(process_,
                 "error reading " +
                     QuotedName(command_.input.empty() ? "standard input" : command_.input) + ": " +
                     ErrnoText(count.error()));
        status_ = 1;
      }
      if (!count || *count == 0) break;
      filled += *count;
    } while (command_.whole_blocks && filled < want);
    return filled;
  }

  // --- conversions ------------------------------------------------------------------------------
  void Convert(std::string_view data) {
    std::string changed;
    if (command_.upper || command_.lower || command_.swap) {
      changed = data;
      if (command_.upper || command_.lower) {
        std::transform(changed.begin(), changed.end(), changed.begin(),
                       command_.upper ? ::toupper : ::tolower);
      }
      if (command_.swap) Swap(changed);
      data = changed;
    }
    if (command_.block) return ToRecords(data);
    if (command_.unblock) return FromRecords(data);
    Emit(data);
  }

  // Exchanges the bytes of each pair; an odd one waits for the next block.
  void Swap(std::string& data) {
    if (odd_byte_) data.insert(data.begin(), *std::exchange(odd_byte_, std::nullopt));
    if (data.size() % 2 != 0) {
      odd_byte_ = data.back();
      data.pop_back();
    }
    for (std::size_t i = 0; i + 1 < data.size(); i += 2) std::swap(data[i], data[i + 1]);
  }

  // Lines become records of cbs bytes.
  void ToRecords(std::string_view data) {
    std::string made;
    for (const char c : data) {
      if (c == '\n') {
        Emit(std::exchange(made, {}));
        EndRecord();
      } else if (column_++ < command_.record) {
        made += c;
      }
    }
    Emit(made);
  }

  void EndRecord() {
    if (column_ > command_.record) ++truncated_;
    if (column_ < command_.record) {
      Emit(std::string(static_cast<std::size_t>(command_.record - column_), ' '));
    }
    column_ = 0;
  }

  // Records become lines without the blanks at their ends.
  void FromRecords(std::string_view data) {
    std::string made;
    for (const char c : data) {
      if (column_++ >= command_.record) {
        made += '\n';
        blanks_ = 0;
        column_ = 1;
      }
      if (c == ' ') {
        ++blanks_;
      } else {
        made.append(std::exchange(blanks_, 0), ' ');
        made += c;
      }
    }
    Emit(made);
  }

  // --- output -----------------------------------------------------------------------------------
  void Emit(std::string_view data) {
    if (command_.as_read && !command_.block && !command_.unblock) return Write(data);
    waiting_ += data;
    const auto size = static_cast<std::size_t>(command_.output_block);
    std::size_t at = 0;
    for (; waiting_.size() - at >= size; at += size)
      Write(std::string_view(waiting_).substr(at, size));
    waiting_.erase(0, at);
  }

  void Write(std::string_view data) {
    if (status_ != 0 || data.empty()) return;
    const auto written = process_.Write(out_, data);
    if (!written) {
      Complain(process_,
               "error writing " +
                   QuotedName(command_.output.empty() ? "standard output" : command_.output) +
                   ": " + ErrnoText(written.error()));
      status_ = 1;
      return;
    }
    bytes_ += data.size();
    ++(data.size() == static_cast<std::size_t>(command_.output_block) ? whole_out_ : partial_out_);
  }

  void Report() {
    const auto records = [](std::uint64_t whole, std::uint64_t partial) {
      return std::to_string(whole) + "+" + std::to_string(partial) + " records ";
    };
    std::string report =
        records(whole_in_, partial_in_) + "in\n" + records(whole_out_, partial_out_) + "out\n";
    if (truncated_ != 0) {
      report +=
          std::to_string(truncated_) + " truncated record" + (truncated_ == 1 ? "" : "s") + "\n";
    }
    if (!command_.without_rate) report += Rate();
    (void)process_.Write(2, report);
  }

  std::string Rate() const {
    const double seconds =
        std::max(1e-9, std::chrono::duration<double>(process_.Elapsed()).count());
    const auto amount = static_cast<double>(bytes_);
    std::string text = std::to_string(bytes_) + (bytes_ == 1 ? " byte" : " bytes");
    if (bytes_ >= 1000) {
      text += " (" + InUnits(amount, 1000, 10);
      if (bytes_ >= 1024) text += ", " + InUnits(amount, 1024, 10);
      text += ")";
    }
    std::array<char, 40> shown{};
    std::snprintf(shown.data(), shown.size(), "%g", seconds);
    const std::string rate = bytes_ == 0 ? "0.0 kB" : InUnits(amount / seconds, 1000, 99.95);
    return text + " copied, " + shown.data() + " s, " + rate + "/s\n";
  }

  Process& process_;
  const DdCommand& command_;
  int out_ = 1;
  int status_ = 0;
  std::string block_;
  std::string waiting_;  // For an output block.
  std::optional<char> odd_byte_;
  std::int64_t column_ = 0;  // Of the record.
  std::size_t blanks_ = 0;   // Not written yet.
  std::uint64_t whole_in_ = 0;
  std::uint64_t partial_in_ = 0;
  std::uint64_t whole_out_ = 0;
  std::uint64_t partial_out_ = 0;
  std::uint64_t truncated_ = 0;
  std::uint64_t bytes_ = 0;
};

void RefuseBoth(Process& process, bool both, std::string_view names) {
  if (!both) return;
  Complain(process, "cannot combine " + std::string(names));
  process.Exit(1);
}

}  // namespace

int DdMain(Process& process) {
  DdCommand command;
  AnswerHelp(process, {"if=FILE", "of=FILE", "bs=BYTES", "ibs=BYTES", "obs=BYTES", "cbs=BYTES",
                       "count=BLOCKS", "skip=BLOCKS", "iseek=BLOCKS", "seek=BLOCKS", "oseek=BLOCKS",
                       "status=none|noxfer", "conv=WORD,...", "iflag=WORD,...", "oflag=WORD,...",
                       "    --help", "    --version"});
  Options options(process, "");
  while (options.Next()) {
  }
  for (const std::string& operand : options.operands()) TakeOperand(process, command, operand);
  RefuseBoth(process, command.upper && command.lower, "lcase and ucase");
  RefuseBoth(process, command.must_be_new && command.must_exist, "excl and nocreat");
  // Without cbs there are no records to make.
  if (command.record == 0) command.block = command.unblock = false;
  RefuseBoth(process, command.block && command.unblock, "block and unblock");
  const int in = command.input.empty() ? 0 : OpenOrExit(process, command.input, O_RDONLY);
  int out = 1;
  if (!command.output.empty()) {
    // Bytes before the first whole block that is left out are not kept.
    const std::int64_t block = command.seek_bytes ? command.output_block : 1;
    const bool empties = command.truncate && !command.append && command.seek / block == 0;
    out = OpenOrExit(process, command.output,
                     O_WRONLY | (command.must_exist ? 0 : O_CREAT) |
                         (command.must_be_new ? O_EXCL : 0) | (empties ? O_TRUNC : 0) |
                         (command.append ? O_APPEND : 0));
  }
  return DataMover(process, command).Run(in, out);
}

}  // namespace computesdk::in_memory
