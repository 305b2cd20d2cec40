#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/encoding/encoding_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

struct StringsOptions {
  std::size_t least = 4;
  char radix = '\0';
  char encoding = 's';
  bool names = false;
  bool all_blanks = false;
  std::string separator = "\n";
};

[[noreturn]] void StringsUsage(Process& process) {
  (void)process.Write(2,
                      "Usage: strings [option(s)] [file(s)]\n"
                      " Display printable strings in [file(s)] (stdin by default)\n");
  process.Exit(1);
}

class StringFinder {
 public:
  StringFinder(Process& process, Output& out, const StringsOptions& options)
      : process_(process), out_(out), options_(options) {
    const std::string_view wide = "blBL";
    if (wide.find(options.encoding) != std::string_view::npos) {
      width_ = options.encoding == 'b' || options.encoding == 'l' ? 2 : 4;
    }
  }

  void Find(int fd, const std::string& name) {
    Input in(process_, fd);
    std::string unit;
    std::uint64_t position = 0;
    for (auto block = in.ReadBlock(); !block.empty() && out_.ok(); block = in.ReadBlock()) {
      for (const char c : block) {
        unit.push_back(c);
        ++position;
        if (unit.size() < width_) continue;
        TakeUnit(unit, position, name);
      }
    }
    End();
  }

 private:
  // A character in whole; or one that ends the string.
  void TakeUnit(std::string& unit, std::uint64_t position, const std::string& name) {
    const auto code = Code(unit);
    if (code) {
      unit.clear();
      if (started_) return out_.Put(*code);
      if (text_.empty()) begin_ = position - width_;
      text_.push_back(*code);
      if (text_.size() == options_.least) Begin(name);
      return;
    }
    End();
    // Wide characters may begin at any byte.
    unit.erase(0, 1);
  }

  std::optional<char> Code(const std::string& unit) const {
    const bool big = options_.encoding == 'b' || options_.encoding == 'B';
    const std::size_t low = big ? width_ - 1 : 0;
    for (std::size_t i = 0; i < width_; ++i) {
      if (i != low && unit[i] != '\0') return std::nullopt;
    }
    const auto byte = static_cast<unsigned char>(unit[low]);
    const bool blank = byte == '\t' || (options_.all_blanks && byte >= '\t' && byte <= '\r');
    const bool printable =
        (byte >= 0x20 && byte < 0x7f) || (options_.encoding == 'S' && byte > 0x7f);
    if (!blank && !printable) return std::nullopt;
    return unit[low];
  }

  void Begin(const std::string& name) {
    started_ = true;
    if (options_.names) out_ << name << ": ";
    if (options_.radix != '\0') {
      const std::string format = std::string("%7ll") + options_.radix + " ";
      char address[32];
      const int length = std::snprintf(address, sizeof address, format.c_str(),
                                       static_cast<unsigned long long>(begin_));
      out_.Write({address, static_cast<std::size_t>(length)});
    }
    out_ << text_;
  }

  void End() {
    if (started_) out_ << options_.separator;
    started_ = false;
    text_.clear();
  }

  Process& process_;
  Output& out_;
  const StringsOptions& options_;
  std::size_t width_ = 1;
  std::string text_;  // What has been seen of a string that may be too short.
  std::uint64_t begin_ = 0;
  bool started_ = false;
};

// "-6" is "-n 6".
void ModernizeCount(Process& process) {
  for (std::string& word : process.args) {
    const bool digits = word.size() > 1 && word[0] == '-' &&
                        word.find_first_not_of("0123456789", 1) == std::string::npos;
    if (digits) word.insert(1, "n");
  }
}

StringsOptions ParseStrings(Process& process, Options& words) {
  StringsOptions options;
  const auto letter = [&](const std::string& value, std::string_view known) {
    if (value.size() != 1 || known.find(value[0]) == std::string_view::npos) StringsUsage(process);
    return value[0];
  };
  while (const auto option = words.Next()) {
    switch (option->letter) {
      case 'n': {
        const auto value = ParseInteger(option->value);
        if (!value) {
          Complain(process, "invalid integer argument " + option->value);
          process.Exit(1);
        }
        if (*value < 1) {
          Complain(process, "invalid minimum string length " + option->value);
          process.Exit(1);
        }
        options.least = static_cast<std::size_t>(*value);
        RequireMemory(process, options.least);
        break;
      }
      case 't':
        options.radix = letter(option->value, "odx");
        break;
      case 'o':
        options.radix = 'o';
        break;
      case 'e':
        options.encoding = letter(option->value, "sSblBL");
        break;
      case 'f':
        options.names = true;
        break;
      case 'w':
        options.all_blanks = true;
        break;
      case 's':
        options.separator = option->value;
        break;
      case 'h':
        StringsUsage(process);
      default:  // -a: the whole of a file is looked at in any case.
        break;
    }
  }
  return options;
}

}  // namespace

int StringsMain(Process& process) {
  ModernizeCount(process);
  Options words(process, "ae:fhn:os:t:w",
                {{"all", 'a'},
                 {"print-file-name", 'f'},
                 {"bytes", 'n', Options::kRequired},
                 {"radix", 't', Options::kRequired},
                 {"include-all-whitespace", 'w'},
                 {"encoding", 'e', Options::kRequired},
                 {"output-separator", 's', Options::kRequired}});
  const StringsOptions options = ParseStrings(process, words);
  Output out(process);
  StringFinder finder(process, out, options);
  int status = 0;
  if (words.operands().empty()) finder.Find(0, "{standard input}");
  for (const std::string& name : words.operands()) {
    const auto fd = process.Open(name, O_RDONLY);
    if (!fd) {
      out.Flush();
      Complain(process,
               "'" + name + "': " +
                   (fd.error() == std::errc::no_such_file_or_directory ? "No such file"
                                                                       : ErrnoText(fd.error())));
      status = 1;
      continue;
    }
    const ScopedDescriptor closer(process, *fd);
    if (process.File(*fd)->Stat().type == FileType::kDirectory) {
      out.Flush();
      Complain(process, "Warning: '" + name + "' is a directory");
      status = 1;
      continue;
    }
    finder.Find(*fd, name);
  }
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
