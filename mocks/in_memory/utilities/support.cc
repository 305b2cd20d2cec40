#include "mocks/in_memory/utilities/support.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <exception>
#include <limits>
#include <utility>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/synopsis.h"

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kBlock = std::size_t{1} << 15;
// Most of what is read is short, and a buffer costs its size.
constexpr std::size_t kFirstBlock = std::size_t{1} << 12;

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

std::string EscapedControl(char c) {
  static constexpr std::string_view kNamed = "\a\b\t\n\v\f\r";
  if (auto at = kNamed.find(c); at != std::string_view::npos) {
    return {'\\', "abtnvfr"[at]};
  }
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
          static_cast<char>('0' + byte % 8)};
}

bool IsPrintable(std::string_view text) {
  while (!text.empty()) {
    const Utf8Character character = DecodeUtf8(text);
    if (!character.valid || ColumnsOf(character.code) < 0) return false;
    text.remove_prefix(character.length);
  }
  return true;
}

bool NeedsQuotes(std::string_view name) {
  return name.empty() || name[0] == '#' || name[0] == '~' || name == "{" || name == "}" ||
         name.find_first_of(" !\"$&()*;<=>?[^`|\\':") != std::string_view::npos ||
         !IsPrintable(name);
}

std::optional<double> SizeUnit(std::string_view suffix) {
  if (suffix.empty()) return 1;
  if (suffix == "b") return 512;
  static constexpr std::string_view kLetters = "KMGTPE";
  const auto power = kLetters.find(suffix[0] == 'k' ? 'K' : suffix[0]);
  if (power == std::string_view::npos) return std::nullopt;
  const std::string_view rest = suffix.substr(1);
  if (rest.empty() || rest == "iB") return std::pow(1024.0, static_cast<double>(power + 1));
  if (rest == "B") return std::pow(1000.0, static_cast<double>(power + 1));
  return std::nullopt;
}

// `special` stands behind a backslash.
std::string InQuotes(std::string_view open, std::string_view text, std::string_view close,
                     std::string_view special) {
  std::string quoted(open);
  for (const char c : text) {
    if (IsControl(c)) {
      quoted += EscapedControl(c);
    } else {
      if (special.find(c) != std::string_view::npos) quoted.push_back('\\');
      quoted.push_back(c);
    }
  }
  return quoted.append(close);
}

// What a program calls itself in messages: some know only their own name, most say what they were
// called.
std::string CalledName(const Process& process) {
  constexpr std::string_view kByOwnName =
      " awk gawk chrt col colrm column egrep fgrep flock getopt gunzip gzip hd hexdump ionice jq "
      "killall logger look pgrep pkill rev rgrep setsid taskset whereis xxd zcat ";
  std::string name = ProgramName(process);
  const bool own = kByOwnName.find(" " + name + " ") != std::string_view::npos;
  return own || process.args.empty() ? name : process.args[0];
}

}  // namespace

std::string ProgramName(const Process& process) {
  if (process.args.empty()) return "";
  const std::string& name = process.args[0];
  return name.substr(name.find_last_of('/') + 1);
}

void Complain(Process& process, std::string_view message) {
  std::string line = CalledName(process) + ": ";
  line.append(message).push_back('\n');
  (void)process.Write(2, line);
}

std::string QuotedName(std::string_view name) {
  if (name.find('\'') != std::string_view::npos &&
      name.find_first_of("\"$`\\!") == std::string_view::npos && IsPrintable(name)) {
    return "\"" + std::string(name) + "\"";
  }
  std::string quoted = "'";
  bool escaping = false;
  while (!name.empty()) {
    const std::string_view character = name.substr(0, DecodeUtf8(name).length);
    name.remove_prefix(character.size());
    if (IsPrintable(character) == escaping) {
      quoted += escaping ? "''" : "'$'";
      escaping = !escaping;
    }
    if (escaping) {
      for (const char c : character) quoted += EscapedControl(c);
    } else if (character == "'") {
      quoted += "'\\''";
    } else {
      quoted += character;
    }
  }
  return quoted + "'";
}

std::string QuotedWord(std::string_view word) { return InQuotes("‘", word, "’", "\\"); }

std::string InvalidArgument(std::string_view word, std::string_view option,
                            const std::vector<std::string_view>& words, std::string_view fault) {
  std::string message =
      std::string(fault) + " argument " + QuotedWord(word) + " for " + QuotedWord(option);
  if (!words.empty()) message += "\nValid arguments are:";
  for (const std::string_view known : words) message += "\n  - " + QuotedWord(known);
  return message;
}

std::string ShownName(std::string_view name) {
  return NeedsQuotes(name) ? QuotedName(name) : std::string(name);
}

bool HasUtf8Locale(const Process& process) { return HasUtf8Locale(process.env); }

std::string LocaleQuoted(const Process& process, std::string_view text) {
  return HasUtf8Locale(process) ? QuotedWord(text) : InQuotes("'", text, "'", "\\'");
}

void ComplainOf(Process& process, std::string_view name, std::errc error) {
  Complain(process, ShownName(name) + ": " + ErrnoText(error));
}

void UsageError(Process& process, std::string_view message, int status) {
  // Their usage says it all.
  const std::string name = ProgramName(process);
  if (name != "awk" && name != "gawk" && name != "xxd") Complain(process, message);
  UsageHint(process, status);
}

void UsageHint(Process& process, int status) {
  const std::string_view hint = UsageHintOf(ProgramName(process));
  std::string text;
  const std::string called = CalledName(process);
  for (const char c : hint) text += c == '%' ? called : std::string(1, c);
  (void)process.Write(2, text);
  process.Exit(status);
}

void RequireMemory(Process& process, std::size_t bytes) {
  if (bytes <= process.kernel().limits().memory_bytes) return;
  Complain(process, "memory exhausted");
  process.Exit(2);
}

// --- Output ---------------------------------------------------------------------------------

Output::Output(Process& process, int fd)
    : process_(process), fd_(fd), unwinding_(std::uncaught_exceptions()) {}

// Writing may unwind a process that was killed, and this runs outside of any unwinding then.
Output::~Output() noexcept(false) {
  if (std::uncaught_exceptions() == unwinding_) Flush();
}

void Output::WriteBeyond(std::string_view text) {
  if (buffer_.size() + text.size() > kBlock) {
    // Whoever has not looked at ok() would go on for ever.
    if (error_) process_.Exit(Finish(1));
    Flush();
    if (text.size() >= kBlock) {
      if (!error_) {
        if (auto written = process_.Write(fd_, text); !written) error_ = written.error();
      }
      return;
    }
  }
  // Little is written most often; where it is more, the buffer grows in few steps.
  const std::size_t size = buffer_.size() + text.size();
  std::size_t room = kBlock / 64;
  while (room < size) room *= 8;
  buffer_.reserve(room);
  buffer_.append(text);
}

void Output::Flush() {
  if (buffer_.empty()) return;
  // Emptied first: Write may unwind.
  std::string pending;
  pending.swap(buffer_);
  if (!error_) {
    if (auto written = process_.Write(fd_, pending); !written) error_ = written.error();
  }
  pending.clear();
  buffer_.swap(pending);  // Keeps the capacity.
}

int Output::Finish(int status) {
  Flush();
  if (!error_) return status;
  Complain(process_, "write error: " + ErrnoText(*error_));
  return 1;
}

// --- Input ----------------------------------------------------------------------------------

bool Input::Fill() {
  if (end_of_file_) return false;
  const bool was_full = end_ == size_;
  if (begin_ > 0) {
    std::memmove(buffer_.get(), buffer_.get() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  RequireMemory(process_, end_);
  if (size_ == 0) {
    Grow(kFirstBlock);
  } else if (was_full && size_ - end_ < kBlock / 2) {
    Grow(std::max(kBlock, size_ * 2));
  }
  const auto count = process_.Read(fd_, buffer_.get() + end_, size_ - end_);
  if (!count) error_ = count.error();
  if (!count || *count == 0) {
    end_of_file_ = true;
    return false;
  }
  end_ += *count;
  return true;
}

void Input::Grow(std::size_t size) {
  auto larger = std::make_unique_for_overwrite<char[]>(size);
  if (end_ > 0) std::memcpy(larger.get(), buffer_.get(), end_);
  buffer_ = std::move(larger);
  size_ = size;
}

std::optional<std::string_view> Input::ReadLine(char delimiter) {
  process_.Checkpoint();
  std::size_t searched = begin_;
  while (true) {
    const char* start = buffer_.get() + searched;
    const void* found = end_ > searched ? std::memchr(start, delimiter, end_ - searched) : nullptr;
    if (found != nullptr) {
      const auto stop = static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get());
      const std::string_view line(buffer_.get() + begin_, stop - begin_);
      begin_ = stop + 1;
      ended_ = true;
      return line;
    }
    const std::size_t length = end_ - begin_;
    if (!Fill()) break;
    searched = begin_ + length;
  }
  ended_ = false;
  if (begin_ == end_) return std::nullopt;
  const std::string_view line(buffer_.get() + begin_, end_ - begin_);
  begin_ = end_;
  return line;
}

std::string_view Input::ReadBlock() {
  process_.Checkpoint();
  if (begin_ == end_ && !Fill()) return {};
  const std::string_view block(buffer_.get() + begin_, end_ - begin_);
  begin_ = end_;
  return block;
}

void Input::GiveBack() {
  if (begin_ == end_) return;
  const auto ahead = static_cast<std::int64_t>(end_ - begin_);
  begin_ = end_ = 0;
  if (OpenFilePtr file = process_.File(fd_)) (void)file->Seek(-ahead, SEEK_CUR);
}

namespace {

// What a program says of a folder it was to read, "%" being its name.
std::string FolderComplaint(const Process& process, const std::string& name) {
  static constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {" base32 base64 basenc shuf ", "read error: Is a directory"},
      {" fmt ", "read error"},
      {" tac ", "%: read error: Invalid argument"}};
  const std::string program = ProgramName(process);
  if (program == "uniq") return "error reading " + QuotedName(name);
  std::string_view words = "%: Is a directory";
  for (const auto& [names, own] : kOthers) {
    if (names.find(" " + program + " ") != std::string_view::npos) words = own;
  }
  return words[0] == '%' ? ShownName(name).append(words.substr(1)) : std::string(words);
}

}  // namespace

int ForEachInput(Process& process, const std::vector<std::string>& operands,
                 const std::function<void(int fd, const std::string& name)>& body, Output* output,
                 Directories directories, std::string_view open_failure) {
  int status = 0;
  const auto complain = [&](const std::string& message) {
    if (output != nullptr) output->Flush();
    Complain(process, message);
    status = 1;
  };
  static const std::vector<std::string> kStandardInput = {"-"};
  for (const std::string& name : operands.empty() ? kStandardInput : operands) {
    if (name == "-") {
      if (process.File(0) == nullptr) {
        complain("-: Bad file descriptor");
      } else {
        body(0, name);
      }
      continue;
    }
    auto fd = process.Open(name, O_RDONLY);
    if (!fd) {
      const std::string words = ErrnoText(fd.error());
      complain(open_failure.empty()
                   ? ShownName(name) + ": " + words
                   : std::string(open_failure) + " " + QuotedName(name) + " for reading: " + words);
      continue;
    }
    ScopedDescriptor closer(process, *fd);
    if (directories == Directories::kComplain &&
        process.File(*fd)->Stat().type == FileType::kDirectory) {
      complain(FolderComplaint(process, name));
    } else {
      body(*fd, name);
    }
  }
  return status;
}

// --- numbers --------------------------------------------------------------------------------

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    const int digit = c - '0';
    value = value > (kMax - digit) / 10 ? kMax : value * 10 + digit;
  }
  return negative ? -value : value;
}

std::optional<std::int64_t> ParseSize(std::string_view text) {
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t split = std::min(text.find_first_not_of("0123456789", sign), text.size());
  std::optional<std::int64_t> number = ParseInteger(text.substr(0, split));
  if (split == sign && split < text.size()) number = sign == 1 && text[0] == '-' ? -1 : 1;
  const std::optional<double> unit = SizeUnit(text.substr(split));
  if (!number || !unit) return std::nullopt;
  constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
  std::int64_t result = 0;
  if (__builtin_mul_overflow(*number, static_cast<std::int64_t>(*unit), &result)) {
    return *number < 0 ? -kMax : kMax;
  }
  return result;
}

std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text) {
  double unit = 1;
  if (!text.empty()) {
    static constexpr std::pair<char, double> kUnits[] = {
        {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
    for (auto [letter, seconds] : kUnits) {
      if (text.back() == letter) {
        unit = seconds;
        text.remove_suffix(1);
        break;
      }
    }
  }
  if (text.empty() || std::strchr(" \t\n", text[0]) != nullptr) return std::nullopt;
  const std::string copy(text);
  char* end = nullptr;
  const double value = std::strtod(copy.c_str(), &end);
  if (end != copy.c_str() + copy.size() || !(value >= 0)) return std::nullopt;
  const double nanoseconds = value * unit * 1e9;
  constexpr auto kMax = std::chrono::nanoseconds::max();
  if (nanoseconds >= static_cast<double>(kMax.count())) return kMax;
  return std::chrono::nanoseconds(static_cast<std::int64_t>(std::ceil(nanoseconds)));
}

}  // namespace computesdk::in_memory
