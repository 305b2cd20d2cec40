#include "mocks/in_memory/utilities/find/xargs.h"

#include <fcntl.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kMostBytes = std::size_t{128} * 1024;  // Of one command's arguments.

// Exit codes that xargs(1) names.
constexpr int kSomeFailed = 123;
constexpr int kGaveUp = 124;
constexpr int kKilled = 125;
constexpr int kCannotRun = 126;
constexpr int kNotFound = 127;

struct XargsCommand {
  std::vector<std::string> command;
  std::string replace;  // -I: what stands for the item.
  std::optional<char> delimiter;
  std::size_t most_words = 0;  // -n; 0 is no limit.
  std::size_t most_lines = 0;  // -L.
  std::size_t most_bytes = kMostBytes;
  std::string end_word;
  bool run_if_empty = true;
  bool trace = false;
  bool ask = false;
};

class ItemReader {
 public:
  ItemReader(Process& process, int fd, const XargsCommand& command)
      : process_(process), input_(process, fd), command_(command) {}

  // The next item; nullopt at the end. ended_line() tells whether a line ended after it.
  std::optional<std::string> Next() {
    ended_line_ = false;
    if (command_.delimiter) {
      const auto item = input_.ReadLine(*command_.delimiter);
      if (!item) return std::nullopt;
      ended_line_ = true;
      return std::string(*item);
    }
    return Quoted();
  }
  bool ended_line() const { return ended_line_; }
  // What follows could not be read.
  bool broken() const { return broken_; }

 private:
  std::optional<std::string> Quoted() {
    while (true) {
      if (at_ >= line_.size()) {
        if (!NextLine()) return std::nullopt;
      }
      const auto blank = [&] {
        return at_ < line_.size() && (line_[at_] == ' ' || line_[at_] == '\t');
      };
      while (blank()) ++at_;
      if (at_ < line_.size() && line_[at_] != '\n') break;
      at_ = line_.size();
    }
    std::string item;
    while (at_ < line_.size() && line_[at_] != '\n') {
      const char c = line_[at_];
      // With -I, blanks within a line are part of the item.
      if ((c == ' ' || c == '\t') && command_.replace.empty()) break;
      ++at_;
      if (c == '\\') {
        if (at_ >= line_.size() && !NextLine()) {
          if (item.empty()) return std::nullopt;
          break;
        }
        item += line_[at_++];
        // Behind an end of line the item goes on.
        if (at_ >= line_.size() && !NextLine()) break;
      } else if (c == '\'' || c == '"') {
        if (!TakeQuoted(c, item)) return std::nullopt;
      } else {
        item += c;
      }
    }
    // A line that ends in a blank goes on in the next one, for -L.
    ended_line_ = at_ >= line_.size() || line_[at_] == '\n';
    if (!command_.end_word.empty() && item == command_.end_word) return std::nullopt;
    return item;
  }

  bool TakeQuoted(char quote, std::string& item) {
    const auto end = line_.find(quote, at_);
    if (end == std::string::npos) {
      if (item.empty() && at_ == line_.size()) return false;  // The input ends in the quote alone.
      Complain(process_, std::string("unmatched ") + (quote == '"' ? "double" : "single") +
                             " quote; by default quotes are special to xargs unless you use the "
                             "-0 option");
      broken_ = true;
      return false;
    }
    item += line_.substr(at_, end - at_);
    at_ = end + 1;
    return true;
  }

  bool NextLine() {
    const auto line = input_.ReadLine();
    if (!line) return false;
    line_ = *line;
    if (input_.ended()) line_ += '\n';
    at_ = 0;
    return true;
  }

  Process& process_;
  Input input_;
  const XargsCommand& command_;
  std::string line_;
  std::size_t at_ = 0;
  bool ended_line_ = false;
  bool broken_ = false;
};

class Runner {
 public:
  Runner(Process& process, const XargsCommand& command) : process_(process), command_(command) {}

  // False once nothing more is to be run.
  bool Run(std::vector<std::string> args) {
    process_.Checkpoint();
    if (command_.trace || command_.ask) Show(args);
    if (command_.ask) {
      // It would ask the terminal, and there is none.
      Complain(process_, "failed to open /dev/tty for reading: No such device or address");
      status_ = 1;
      return false;
    }
    const auto variable = process_.env.find("PATH");
    const auto program =
        process_.FindProgram(args[0], variable == process_.env.end() ? "" : variable->second);
    if (!program) {
      ComplainOf(process_, args[0], program.error());
      status_ = program.error() == std::errc::no_such_file_or_directory ? kNotFound : kCannotRun;
      return false;
    }
    SpawnOptions options;
    const std::string name = args[0];
    options.args = std::move(args);
    options.files[0] = MakeInputFile("");  // The items are not the command's to read.
    const ExitStatus status = process_.Execute(std::move(options), "xargs: ");
    if (status.signal != 0) {
      Complain(process_, name + ": terminated by signal " + std::to_string(status.signal));
      status_ = kKilled;
      return false;
    }
    if (status.code == 255) {
      Complain(process_, name + ": exited with status 255; aborting");
      status_ = kGaveUp;
      return false;
    }
    if (status.code != 0) status_ = kSomeFailed;
    return true;
  }
  int status() const { return status_; }

 private:
  void Show(const std::vector<std::string>& args) {
    std::string line;
    for (const std::string& arg : args) line += (line.empty() ? "" : " ") + ShownName(arg);
    (void)process_.Write(2, command_.ask ? line : line + "\n");
  }

  Process& process_;
  const XargsCommand& command_;
  int status_ = 0;
};

int RunForEach(Process& process, const XargsCommand& command, int fd) {
  ItemReader items(process, fd, command);
  Runner runner(process, command);
  while (const auto item = items.Next()) {
    std::vector<std::string> args = command.command;
    for (std::string& arg : args) {
      for (std::size_t at = 0; (at = arg.find(command.replace, at)) != std::string::npos;
           at += item->size()) {
        arg.replace(at, command.replace.size(), *item);
      }
    }
    if (!runner.Run(std::move(args))) return runner.status();
  }
  return items.broken() ? 1 : runner.status();
}

int RunInBatches(Process& process, const XargsCommand& command, int fd) {
  ItemReader items(process, fd, command);
  Runner runner(process, command);
  std::size_t base = 0;
  for (const std::string& word : command.command) base += word.size() + 1;
  std::vector<std::string> batch;
  std::size_t bytes = base;
  std::size_t lines = 0;
  bool ran = false;
  const auto flush = [&] {
    std::vector<std::string> args = command.command;
    args.insert(args.end(), batch.begin(), batch.end());
    batch.clear();
    bytes = base;
    lines = 0;
    ran = true;
    return runner.Run(std::move(args));
  };
  while (auto item = items.Next()) {
    const std::size_t size = item->size() + 1;
    if (!batch.empty() && bytes + size > command.most_bytes && !flush()) return runner.status();
    if (bytes + size > command.most_bytes) {
      Complain(process, base > command.most_bytes
                            ? "cannot fit single argument within argument list size limit"
                            : "argument line too long");
      return 1;
    }
    batch.push_back(std::move(*item));
    bytes += size;
    if (items.ended_line()) ++lines;
    const bool full = (command.most_words > 0 && batch.size() >= command.most_words) ||
                      (command.most_lines > 0 && lines >= command.most_lines);
    if (full && !flush()) return runner.status();
  }
  const bool runs_empty = !ran && command.run_if_empty && !items.broken();
  if (!batch.empty() || runs_empty) (void)flush();
  if (items.broken()) return 1;
  return runner.status();
}

std::optional<char> ParseDelimiter(std::string_view text) {
  if (text.size() == 1) return text[0];
  if (text.size() < 2 || text[0] != '\\') return std::nullopt;
  static constexpr std::string_view kLetters = "abfnrtv\\";
  static constexpr std::string_view kBytes = "\a\b\f\n\r\t\v\\";
  if (const auto known = kLetters.find(text[1]);
      text.size() == 2 && known != std::string_view::npos) {
    return kBytes[known];
  }
  const bool hexadecimal = text[1] == 'x';
  char* end = nullptr;
  const std::string digits(text.substr(hexadecimal ? 2 : 1));
  const unsigned long value = std::strtoul(digits.c_str(), &end, hexadecimal ? 16 : 8);
  if (digits.empty() || *end != '\0' || value > 255) return std::nullopt;
  return static_cast<char>(value);
}

std::size_t CountOrExit(Process& process, const Options::Option& option, int least = 1) {
  const auto number = ParseInteger(option.value);
  if (!number) {
    UsageError(process, std::string("invalid number \"") + option.value + "\" for -" +
                            static_cast<char>(option.letter) + " option");
  }
  if (*number < least) {
    UsageError(process, std::string("value ") + option.value + " for -" +
                            static_cast<char>(option.letter) +
                            " option should be >= " + std::to_string(least));
  }
  return static_cast<std::size_t>(*number);
}

constexpr std::string_view kReplaceOption = "--replace";
constexpr std::string_view kWordsOption = "--max-args";
constexpr std::string_view kLinesOption = "--max-lines";

// `option`: with its other names.
void WarnOfConflict(Process& process, std::string_view option, std::string_view before) {
  Complain(process, "warning: options " + std::string(before) + " and " + std::string(option) +
                        " are mutually exclusive, ignoring previous " + std::string(before) +
                        " value");
}

void ShowLimits(Process& process) {
  std::size_t bytes = 0;
  for (const auto& [name, value] : process.env) bytes += name.size() + value.size() + 2;
  constexpr std::size_t kSystemLimit = 2097152;
  constexpr std::size_t kHeadroom = 2048;
  (void)process.Write(
      2, "Your environment variables take up " + std::to_string(bytes) +
             " bytes\nPOSIX upper limit on argument length (this system): " +
             std::to_string(kSystemLimit - kHeadroom - bytes) +
             "\nPOSIX smallest allowable upper limit on argument length (all systems): 4096\n"
             "Maximum length of command we could actually use: " +
             std::to_string(kSystemLimit - kHeadroom - 2 * bytes) +
             "\nSize of command buffer we are actually using: 131072\n"
             "Maximum parallelism (--max-procs must be no greater): 2147483647\n");
}

}  // namespace

int XargsMain(Process& process) {
  constexpr int kShowLimits = 256;
  constexpr int kSlotVariable = 257;
  XargsCommand command;
  std::string file;
  Options options(process, "+0a:d:E:e::I:i::L:l::n:P:prs:tx",
                  {{"arg-file", 'a', Options::kRequired},
                   {"delimiter", 'd', Options::kRequired},
                   {"eof", 'E', Options::kOptional},
                   {"exit", 'x'},
                   {"interactive", 'p'},
                   {"max-args", 'n', Options::kRequired},
                   {"max-chars", 's', Options::kRequired},
                   {"max-lines", 'l', Options::kOptional},
                   {"max-procs", 'P', Options::kRequired},
                   {"no-run-if-empty", 'r'},
                   {"null", '0'},
                   {"process-slot-var", kSlotVariable, Options::kRequired},
                   {"replace", 'i', Options::kOptional},
                   {"show-limits", kShowLimits},
                   {"verbose", 't'}});
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case '0':
        command.delimiter = '\0';
        break;
      case 'a':
        file = option->value;
        break;
      case 'd':
        command.delimiter = ParseDelimiter(option->value);
        if (!command.delimiter) {
          Complain(process, "Invalid input delimiter specification " + option->value +
                                (option->value.starts_with('\\')
                                     ? ": the escape sequence is not known."
                                     : ": the delimiter must be either a single character or an "
                                       "escape sequence starting with \\."));
          return 1;
        }
        break;
      case 'e':
      case 'E':
        command.end_word = option->value;
        break;
      case 'i':
      case 'I':
        if (command.most_words > 0) WarnOfConflict(process, "--replace/-I/-i", kWordsOption);
        if (command.most_lines > 0) WarnOfConflict(process, "--replace/-I/-i", kLinesOption);
        command.replace = option->value.empty() ? "{}" : option->value;
        command.most_words = command.most_lines = 0;
        break;
      case 'l':
      case 'L':
        command.most_lines = option->has_value ? CountOrExit(process, *option) : 1;
        if (command.most_words > 0)
          WarnOfConflict(process, option->letter == 'L' ? "-L" : "--max-lines/-l", kWordsOption);
        if (!command.replace.empty())
          WarnOfConflict(process, option->letter == 'L' ? "-L" : "--max-lines/-l", kReplaceOption);
        command.most_words = 0;
        command.replace.clear();
        break;
      case 'n':
        command.most_words = CountOrExit(process, *option);
        // With -I every command has one item anyway.
        if (!command.replace.empty() && command.most_words == 1) {
          command.most_words = 0;
          break;
        }
        if (command.most_lines > 0) WarnOfConflict(process, "--max-args/-n", kLinesOption);
        if (!command.replace.empty()) WarnOfConflict(process, "--max-args/-n", kReplaceOption);
        command.most_lines = 0;
        command.replace.clear();
        break;
      case kShowLimits:
        ShowLimits(process);
        break;
      case kSlotVariable:
        if (option->value.find('=') != std::string::npos) {
          Complain(process,
                   "option --process-slot-var may not be set to a value which includes '='");
          return 1;
        }
        // One command runs at a time, always in the first slot.
        process.env[option->value] = "0";
        break;
      case 'P':  // One command after another keeps every promise that -P makes.
        (void)CountOrExit(process, *option, 0);
        break;
      case 'p':
        command.ask = true;
        break;
      case 'r':
        command.run_if_empty = false;
        break;
      case 's':
        command.most_bytes = std::min<std::size_t>(CountOrExit(process, *option), kMostBytes);
        break;
      case 't':
        command.trace = true;
        break;
      default:
        break;  // -x: a line that is too long ends the program anyway.
    }
  }
  command.command = options.operands();
  if (command.command.empty()) command.command.emplace_back("echo");
  int fd = 0;
  std::optional<ScopedDescriptor> closer;
  if (!file.empty() && file != "-") {
    const auto opened = process.Open(file, O_RDONLY);
    if (!opened) {
      Complain(process,
               "Cannot open input file " + QuotedWord(file) + ": " + ErrnoText(opened.error()));
      return 1;
    }
    fd = *opened;
    closer.emplace(process, fd);
  }
  return command.replace.empty() ? RunInBatches(process, command, fd)
                                 : RunForEach(process, command, fd);
}

}  // namespace computesdk::in_memory
