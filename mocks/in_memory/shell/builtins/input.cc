#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdlib>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/builtins/help.h"
#include "mocks/in_memory/shell/syntax/utf8.h"
#include "mocks/in_memory/text/character_set.h"

namespace computesdk::in_memory::shell {
namespace {

// Reads no further than it must: what follows belongs to the next program.
class CarefulReader {
 public:
  CarefulReader(Process& process, int fd) : process_(process), fd_(fd) {
    const OpenFilePtr file = process.File(fd);
    // Where there is an offset, more may be read at once and given back.
    seekable_ = file != nullptr && file->Seek(0, SEEK_CUR).has_value();
  }
  ~CarefulReader() { GiveBack(); }
  CarefulReader(const CarefulReader&) = delete;
  CarefulReader& operator=(const CarefulReader&) = delete;

  bool Next(char& c) {
    if (at_ == size_ && !Fill()) return false;
    c = buffer_[at_++];
    return true;
  }
  bool failed() const { return failed_; }
  std::errc error() const { return error_; }
  void GiveBack() {
    if (at_ == size_) return;
    const OpenFilePtr file = process_.File(fd_);
    if (file != nullptr) (void)file->Seek(-static_cast<std::int64_t>(size_ - at_), SEEK_CUR);
    at_ = size_ = 0;
  }

 private:
  bool Fill() {
    const auto count = process_.Read(fd_, buffer_, seekable_ ? sizeof buffer_ : 1);
    at_ = size_ = 0;
    if (!count) {
      failed_ = true;
      error_ = count.error();
      return false;
    }
    size_ = *count;
    return size_ != 0;
  }

  Process& process_;
  int fd_;
  bool seekable_ = false;
  bool failed_ = false;
  std::errc error_{};
  char buffer_[4096];
  std::size_t at_ = 0;
  std::size_t size_ = 0;
};

struct ReadOptions {
  bool raw = false;
  bool array = false;
  bool exact = false;  // -N: the delimiter counts for nothing.
  char delimiter = '\n';
  std::int64_t count = -1;
  int fd = 0;
  double timeout = -1;
  std::string prompt;
  std::vector<std::string> names;
};

bool ParseTimeout(const std::string& text, double& seconds) {
  const bool plain = text.find_first_of("0123456789") != std::string::npos &&
                     text.find_first_not_of("0123456789.") == std::string::npos &&
                     text.find('.') == text.rfind('.');
  if (plain) seconds = std::strtod(text.c_str(), nullptr);
  return plain;
}

// Ends what waits after a time: SIGALRM, on the sandbox's clock.
class ReadTimeout {
 public:
  ReadTimeout(Process& process, double seconds) : process_(process) {
    if (seconds <= 0) return;
    before_ = process.signal_action(SIGALRM);
    process.SetSignalAction(SIGALRM, SignalAction::kHandle);
    const auto wait = std::chrono::duration_cast<ClockTime::duration>(
        std::chrono::duration<double>(std::min(seconds, kLongestTimeout)));
    until_ = process.clock().Now() + wait;
    process.SetAlarm(until_);
  }
  ~ReadTimeout() {
    if (!until_) return;
    process_.SetAlarm(std::nullopt);
    process_.SetSignalAction(SIGALRM, before_);
  }
  ReadTimeout(const ReadTimeout&) = delete;
  ReadTimeout& operator=(const ReadTimeout&) = delete;
  bool Over() const { return until_ && process_.clock().Now() >= *until_; }

 private:
  static constexpr double kLongestTimeout = 1e9;
  Process& process_;
  SignalAction before_ = SignalAction::kDefault;
  std::optional<ClockTime> until_;
};

// What -a fills is an indexed array as a whole.
bool CheckArray(Interpreter& shell, const std::string& name) {
  if (!IsName(name)) {
    shell.ComplainAs("read", "`" + name + "': not a valid identifier");
    return false;
  }
  if (!shell.IsAssociative(name)) return true;
  shell.ComplainAs("read", name + ": not an indexed array");
  return false;
}

// 0, or the status of a mistake.
int ParseOptions(Interpreter& shell, const Args& args, ReadOptions& options) {
  OptionReader reader(shell, args, shell.state.plain_sh ? "p:r" : "rsea:d:i:n:N:p:t:u:");
  while (const auto letter = reader.Next()) {
    const char c = *letter;
    const std::string& value = reader.value();
    if (c == 'r') options.raw = true;
    const auto number = ParsePlainNumber(value);
    if ((c == 'n' || c == 'N' || c == 'u') && (!number || *number < 0)) {
      shell.ComplainAs("read", value + (c == 'u' ? ": invalid file descriptor specification"
                                                 : ": invalid number"));
      return 1;
    }
    if (c == 'a') {
      options.array = true;
      options.names.push_back(value);
    }
    if (c == 'd') options.delimiter = value.empty() ? '\0' : value[0];
    if (c == 'n' || c == 'N') options.count = *number;
    if (c == 'N') options.exact = true;
    if (c == 'p') options.prompt = value;
    if (c == 't' && !ParseTimeout(value, options.timeout)) {
      shell.ComplainAs("read", value + ": invalid timeout specification");
      return 1;
    }
    if (c == 'u') options.fd = static_cast<int>(*number);
  }
  if (reader.wrong()) return 2;
  if (!options.array) {
    const Args names = reader.operands();
    options.names.insert(options.names.end(), names.begin(), names.end());
  }
  return 0;
}

// A line with marks on the characters that were escaped: they separate nothing.
struct Line {
  std::string text;
  std::string escaped;          // One character for each: '1' for an escaped one.
  bool ends_in_escape = false;  // Behind a backslash came nothing more.
  void Add(char c, bool is_escaped) {
    text += c;
    escaped += is_escaped ? '1' : '0';
  }
};

// Are bytes of the last character still to come?
bool EndsInsideCharacter(const std::string& text) {
  if (BytesAreCharacters()) return false;
  std::size_t begin = text.size() - 1;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  while (begin > 0 && text.size() - begin < 4 && (byte(begin) & 0xC0) == 0x80) --begin;
  const unsigned char lead = byte(begin);
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
  return text.size() - begin < length;
}

class FieldSplitter {
 public:
  FieldSplitter(const Line& line, const std::string& separators)
      : text_(line.text),
        ends_in_escape_(line.ends_in_escape),
        separators_(line.text.size(), 0),
        end_(line.text.size()) {
    for (const char c : {' ', '\t', '\n'}) {
      if (separators.find(c) != std::string::npos) blanks_ += c;
    }
    for (std::size_t at = 0; at < end_;) {
      const std::size_t start = at;
      NextCharacter(text_, at);
      const auto character = std::string_view(text_).substr(start, at - start);
      if (line.escaped[start] == '0' && separators.find(character) != std::string::npos) {
        separators_[start] = static_cast<char>(at - start);
      }
    }
    SkipBlanks();
    while (!ends_in_escape_ && end_ > at_ && IsBlank(end_ - 1)) --end_;
  }
  bool AtEnd() const { return at_ >= end_; }

  std::string Next() {
    const std::size_t start = at_;
    while (at_ < end_ && separators_[at_] == 0) ++at_;
    std::string field = text_.substr(start, at_ - start);
    SkipSeparator();
    return field;
  }

  // What is left for the last name: with a separator at its end only if more than one field is.
  std::string Rest() {
    const std::size_t start = at_;
    std::size_t end = end_;
    std::string field = Next();
    if (!ends_in_escape_) {
      if (AtEnd()) return field;
      // Of several fields even those blanks at the end go that are escaped.
      while (end > start && blanks_.find(text_[end - 1]) != std::string::npos) --end;
    }
    return text_.substr(start, end - start);
  }

 private:
  bool IsBlank(std::size_t i) const {
    const char c = text_[i];
    return separators_[i] != 0 && (c == ' ' || c == '\t' || c == '\n');
  }
  void SkipBlanks() {
    while (at_ < end_ && IsBlank(at_)) ++at_;
  }
  void SkipSeparator() {
    SkipBlanks();
    if (at_ < end_ && separators_[at_] != 0 && !IsBlank(at_)) {
      at_ += static_cast<std::size_t>(separators_[at_]);
      SkipBlanks();
    }
  }

  const std::string& text_;
  const bool ends_in_escape_;
  std::string blanks_;      // Those that separate.
  std::string separators_;  // How many bytes the separator has that begins there.
  std::size_t at_ = 0;
  std::size_t end_ = 0;
};

bool CheckOperand(Interpreter& shell, const std::string& name) {
  const std::size_t bracket = name.find('[');
  const bool closed = bracket == std::string::npos || name.back() == ']';
  if (closed && IsName(std::string_view(name).substr(0, bracket))) return true;
  shell.ComplainAs("read", "`" + name + "': not a valid identifier");
  return false;
}

int StoreFields(Interpreter& shell, const ReadOptions& options, const Line& line) {
  const Variable* ifs = shell.state.variables.Find("IFS");
  const std::string separators = ifs == nullptr || !ifs->IsSet() ? " \t\n" : *ifs->Scalar();
  if (options.array) {
    std::vector<std::string> fields;
    FieldSplitter splitter(line, separators);
    while (!splitter.AtEnd()) fields.push_back(splitter.Next());
    if (!shell.CheckWritable(options.names[0])) return 1;
    shell.SetIndexed(options.names[0], std::move(fields));
    return 0;
  }
  if (options.names.empty()) return shell.Assign("REPLY", line.text) ? 0 : 1;
  const bool whole = options.exact;
  FieldSplitter splitter(line, separators);
  for (std::size_t i = 0; i < options.names.size(); ++i) {
    const std::string& name = options.names[i];
    const bool last = i + 1 == options.names.size();
    const std::string value = whole  ? (i == 0 ? line.text : "")
                              : last ? splitter.Rest()
                                     : splitter.Next();
    if (!CheckOperand(shell, name) || !shell.AssignOperand(name, value)) {
      return WrongOperands(shell);
    }
  }
  return 0;
}

// Is there something to be read, or the end? Who writes may want the turn first.
bool WaitsForRead(Process& process, int fd) {
  const OpenFilePtr file = process.File(fd);
  if (!file->ReadReady()) (void)process.Sleep(std::chrono::nanoseconds(1));
  return file->ReadReady();
}

int Read(Interpreter& shell, const Args& args) {
  ReadOptions options;
  if (const int status = ParseOptions(shell, args, options)) return status;
  if (options.names.empty() && shell.state.plain_sh) {
    shell.ComplainAs("read", "arg count");
    return 2;
  }
  if (!options.names.empty() && !CheckOperand(shell, options.names[0])) {
    return WrongOperands(shell);
  }
  if (options.array && !CheckArray(shell, options.names[0])) return 1;
  if (shell.process.File(options.fd) == nullptr) {
    const bool given = options.fd != 0;
    if (shell.state.plain_sh) return 1;
    shell.ComplainAs("read", (given ? "" : "read error: ") + std::to_string(options.fd) + ": " +
                                 (given ? "invalid file descriptor: " : "") +
                                 "Bad file descriptor");
    return 1;
  }
  const auto usual = ParsePlainNumber(shell.GetString("TMOUT"));
  const OpenFilePtr input = shell.process.File(options.fd);
  const bool waits = !input->Seek(0, SEEK_CUR).has_value();
  if (options.timeout < 0 && waits && usual && *usual > 0) {
    options.timeout = static_cast<double>(*usual);
  }
  if (options.timeout == 0) return WaitsForRead(shell.process, options.fd) ? 0 : 1;
  Line line;
  bool ended = false;
  bool interrupted = false;
  bool timed_out = false;
  {
    const ReadTimeout timeout(shell.process, options.timeout);
    CarefulReader reader(shell.process, options.fd);
    std::int64_t characters = 0;
    char c = 0;
    while (options.count < 0 || characters < options.count) {
      if (!reader.Next(c)) {
        interrupted = reader.failed() && reader.error() == std::errc::interrupted;
        timed_out = interrupted && timeout.Over();
        if (reader.failed() && !interrupted && !shell.state.plain_sh) {
          shell.ComplainAs("read", "read error: " + std::to_string(options.fd) + ": " +
                                       ErrnoText(reader.error()));
        }
        break;
      }
      if (c == options.delimiter && !options.exact) {
        ended = true;
        break;
      }
      if (c == '\0') continue;
      bool escaped = false;
      if (c == '\\' && !options.raw) {
        line.ends_in_escape = !reader.Next(c);
        if (line.ends_in_escape) break;
        if (c == '\n') continue;
        escaped = true;
      }
      line.Add(c, escaped);
      if (line.text.size() > shell.MostBytes()) shell.FailExpansion("read: cannot allocate memory");
      if (options.count >= 0 && !EndsInsideCharacter(line.text)) {
        characters = static_cast<std::int64_t>(CountCharacters(line.text));
      }
    }
    if (options.count >= 0 && characters >= options.count) ended = true;
  }
  const int status = StoreFields(shell, options, line);
  if (timed_out) return 128 + SIGALRM;
  if (interrupted) {
    const int signal = shell.process.TakeSignal();
    if (signal != 0) {
      shell.RunTrap(signal);
      return 128 + signal;
    }
  }
  if (status != 0) return status;
  return ended ? 0 : 1;
}

int MapFile(Interpreter& shell, const Args& args) {
  bool strip = false;
  char delimiter = '\n';
  std::int64_t most = 0;
  std::int64_t skip = 0;
  std::optional<std::int64_t> origin;
  int fd = 0;
  std::string callback;
  std::int64_t quantum = 5000;
  OptionReader options(shell, args, "td:n:O:s:u:C:c:");
  while (const auto letter = options.Next()) {
    const char c = *letter;
    const std::string& value = options.value();
    if (c == 't') {
      strip = true;
      continue;
    }
    const auto number = ParsePlainNumber(value);
    if (c == 'd') delimiter = value.empty() ? '\0' : value[0];
    if (c == 'C') callback = value;
    if (c == 'd' || c == 'C') continue;
    if (!number || *number < (c == 'c' ? 1 : 0)) {
      shell.ComplainAs(args[0], value + (c == 'n' || c == 's' ? ": invalid line count"
                                         : c == 'O'           ? ": invalid array origin"
                                         : c == 'c'           ? ": invalid callback quantum"
                                                    : ": invalid file descriptor specification"));
      return 1;
    }
    if (c == 'n') most = *number;
    if (c == 's') skip = *number;
    if (c == 'O') origin = *number;
    if (c == 'u') fd = static_cast<int>(*number);
    if (c == 'c') quantum = *number;
  }
  if (options.wrong()) return 2;
  const Args operands = options.operands();
  const std::string name = operands.empty() ? "MAPFILE" : operands[0];
  if (name.empty()) {
    shell.ComplainAs(args[0], "empty array variable name");
    return 2;
  }
  if (!IsName(name)) {
    shell.ComplainAs(args[0], "`" + name + "': not a valid identifier");
    return 1;
  }
  if (shell.process.File(fd) == nullptr) {
    shell.ComplainAs(args[0],
                     std::to_string(fd) + ": invalid file descriptor: Bad file descriptor");
    return 1;
  }
  if (!shell.CheckWritable(name)) return 1;
  if (shell.IsAssociative(name)) {
    shell.ComplainAs(args[0], name + ": not an indexed array");
    return 1;
  }
  if (!origin) shell.SetIndexed(name, {});
  std::int64_t at = origin.value_or(0);
  std::int64_t stored = 0;
  CarefulReader reader(shell.process, fd);
  bool more = true;
  while (more && (most == 0 || stored < most)) {
    shell.process.Checkpoint();
    std::string line;
    char c = 0;
    bool ended = false;
    bool any = false;
    bool cut = false;  // The line ends at a null byte.
    while ((more = reader.Next(c))) {
      any = true;
      if (c == delimiter) {
        ended = true;
        break;
      }
      cut = cut || c == '\0';
      if (!cut) line += c;
      if (line.size() > shell.MostBytes()) shell.FailExpansion("mapfile: cannot allocate memory");
    }
    if (!any) break;
    if (skip > 0) {
      --skip;
      continue;
    }
    if (ended && !strip && !cut && delimiter != '\0') line += delimiter;
    if (!callback.empty() && (stored + 1) % quantum == 0) {
      shell.RunString(callback + " " + std::to_string(at) + " " + QuoteForShell(line), 1,
                      "mapfile");
    }
    shell.RequireMemory(name, kElementBytes + line.size());
    shell.state.variables.Edit(shell.ResolveReference(name)).MutableIndexed()[at++] =
        std::move(line);
    ++stored;
  }
  return 0;
}

}  // namespace

void AddInputBuiltins(BuiltinTable& table) {
  table["read"] = Read;
  table["mapfile"] = MapFile;
  table["readarray"] = MapFile;
}

}  // namespace computesdk::in_memory::shell
