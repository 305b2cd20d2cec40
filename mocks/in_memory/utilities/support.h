#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SUPPORT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SUPPORT_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// args[0] without its folder.
std::string ProgramName(const Process& process);

// Prints "NAME: message\n" on standard error, NAME being ProgramName.
void Complain(Process& process, std::string_view message);

// A name as GNU shows it in a message such as "cannot remove 'a b'": always in quotes.
std::string QuotedName(std::string_view name);
// The same for "cat: a: No such file or directory": in quotes only where a shell would need them.
std::string ShownName(std::string_view name);
// A word that is no name of a file, as in "invalid date ‘x’".
std::string QuotedWord(std::string_view word);
// The same for what is no name, as in "invalid number of lines: ‘x’": in the quotation marks of the
// process's locale.
std::string LocaleQuoted(const Process& process, std::string_view text);
// "invalid argument ‘WORD’ for ‘OPTION’" and, below it, the words that the option takes.
std::string InvalidArgument(std::string_view word, std::string_view option,
                            const std::vector<std::string_view>& words = {},
                            std::string_view fault = "invalid");
// Whether the process's locale has UTF-8 (LC_ALL, LC_CTYPE, LANG).
bool HasUtf8Locale(const Process& process);
// Complains "NAME: words of the error".
void ComplainOf(Process& process, std::string_view name, std::errc error);

// Complains, points at --help as GNU does, and ends the program.
[[noreturn]] void UsageError(Process& process, std::string_view message, int status = 1);
// The last part alone.
[[noreturn]] void UsageHint(Process& process, int status);

// Answers --help: a line of usage, and two blanks and each of `options` below it; ends the program.
[[noreturn]] void ShowHelp(Process& process, const std::vector<std::string>& options);
// Answers --version with the first line of Debian's program, and ends the program.
[[noreturn]] void ShowVersion(Process& process);
// Both, where that is the only argument: for programs that read their arguments themselves.
// `options` as in ShowHelp: "-name VALUE".
void AnswerHelp(Process& process, const std::vector<std::string>& options);

// Ends the program with "memory exhausted" where it would hold more of its input, or of what it
// makes of it, than KernelLimits allows: whoever runs the sandbox has the memory.
void RequireMemory(Process& process, std::size_t bytes);

// Closes a descriptor at the end of a scope.
class ScopedDescriptor {
 public:
  ScopedDescriptor(Process& process, int fd) : process_(process), fd_(fd) {}
  ~ScopedDescriptor() { (void)process_.Close(fd_); }
  ScopedDescriptor(const ScopedDescriptor&) = delete;
  ScopedDescriptor& operator=(const ScopedDescriptor&) = delete;
  int fd() const { return fd_; }

 private:
  Process& process_;
  int fd_;
};

// Options of a GNU program. getopt(3) keeps its state in globals, which two sandboxes would share.
//
//   Options options(process, "nk:t:", {{"reverse", 'r'}, {"key", 'k', Options::kRequired}});
//   while (auto option = options.Next()) switch (option->letter) { … }
//   for (const std::string& operand : options.operands()) …
//
// Short letters as for getopt (":" takes a value, "::" an optional one; a leading "+" stops at the
// first operand). Long names may be cut where that is unambiguous; "--" ends them; operands may
// stand between. A bad option complains as GNU does, and ends the program with `usage_status`;
// --help, which lists the options, and --version are answered here.
class Options {
 public:
  enum Value { kNone, kRequired, kOptional };
  struct Long {
    std::string_view name;
    int letter;  // Or any number above 255 for one without a short form.
    Value value = kNone;
  };
  struct Option {
    int letter;
    std::string value;
    bool has_value = false;
  };

  Options(Process& process, std::string_view letters, std::vector<Long> longs = {},
          int usage_status = 1);
  std::optional<Option> Next();
  // What is no option, in order; whole only after Next gave nullopt.
  const std::vector<std::string>& operands() const { return operands_; }
  // What --help says of each option, sorted: "-k, --key=VALUE".
  std::vector<std::string> HelpLines() const;

 private:
  std::optional<Option> NextLong(std::string_view argument);
  std::optional<Option> NextShort();
  const Long& FindLong(std::string_view argument);

  Process& process_;
  std::string letters_;
  std::vector<Long> longs_;
  int usage_status_;
  std::size_t index_ = 1;
  std::size_t position_ = 0;
  bool stop_at_operand_ = false;
  std::vector<std::string> operands_;
};

// Buffers what goes to a descriptor; written when it is full, flushed, or destroyed.
class Output {
 public:
  explicit Output(Process& process, int fd = 1);
  ~Output() noexcept(false);  // Flushes, unless the process is being unwound.
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  Output& operator<<(std::string_view text) {
    Write(text);
    return *this;
  }
  void Write(std::string_view text) {
    if (text.size() <= buffer_.capacity() - buffer_.size()) {
      buffer_.append(text);
    } else {
      WriteBeyond(text);
    }
  }
  void Put(char c) { Write({&c, 1}); }
  void Flush();
  // False once a write has failed.
  bool ok() const { return !error_; }
  // Flushes; `status`, or 1 with a complaint if a write has failed.
  int Finish(int status);

 private:
  void WriteBeyond(std::string_view text);  // What the buffer has no room for.

  Process& process_;
  int fd_;
  int unwinding_;
  std::optional<std::errc> error_;
  std::string buffer_;
};

// Reads a descriptor line by line, or in blocks.
class Input {
 public:
  Input(Process& process, int fd) : process_(process), fd_(fd) {}

  // The next line without its end; nullopt after the last. ended() tells whether the line just
  // read had its delimiter. Looks at the Checkpoint.
  std::optional<std::string_view> ReadLine(char delimiter = '\n');
  bool ended() const { return ended_; }
  // The next bytes, as many as there are; empty at the end.
  std::string_view ReadBlock();
  // What has been read and not taken; reads if that is nothing. Empty at the end.
  std::string_view Peek() {
    if (AtEnd()) return {};
    return {buffer_.get() + begin_, end_ - begin_};
  }
  // Takes back the last bytes of what was just read.
  void Unread(std::size_t count) { begin_ -= count; }
  // Whether there is nothing more; may have to read to know.
  bool AtEnd() { return begin_ == end_ && !Fill(); }
  // Moves the descriptor's offset back over what was read ahead, for whoever reads it next.
  void GiveBack();
  // Set when reading failed: the end came early.
  std::optional<std::errc> error() const { return error_; }

 private:
  bool Fill();
  void Grow(std::size_t size);

  Process& process_;
  int fd_;
  bool ended_ = false;
  bool end_of_file_ = false;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t size_ = 0;
  std::unique_ptr<char[]> buffer_;
  std::optional<std::errc> error_;
};

// What ForEachInput does with a folder, whose reading fails.
enum class Directories { kComplain, kPassOn };

// Opens each operand in turn ("-" and no operand at all: standard input) and gives `body` its
// descriptor; complains about what cannot be opened, and about directories. 0, or 1 if one failed.
// `output`, where given, is flushed before a complaint, so that both keep their order.
// `open_failure`: "cannot open" makes the complaint "cannot open 'NAME' for reading: …".
int ForEachInput(Process& process, const std::vector<std::string>& operands,
                 const std::function<void(int fd, const std::string& name)>& body,
                 Output* output = nullptr, Directories directories = Directories::kComplain,
                 std::string_view open_failure = {});

// Decimal whole numbers with an optional sign, clamped to 64 bits; nullopt for anything else.
std::optional<std::int64_t> ParseInteger(std::string_view text);
// "10K", "2M", "1GB": with the suffixes of head -c and the like.
std::optional<std::int64_t> ParseSize(std::string_view text);
// Seconds with a fraction and s, m, h, d.
std::optional<std::chrono::nanoseconds> ParseDuration(std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SUPPORT_H_
