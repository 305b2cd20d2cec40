#include <unistd.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <memory>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

enum class Headers { kIfSeveral, kNever, kAlways };

struct Amount {
  bool bytes = false;
  std::int64_t count = 10;
  bool special = false;  // head: all but the last; tail: from this one on.
};

// "==> name <==" before each file, where wanted.
class HeaderPrinter {
 public:
  HeaderPrinter(Output& out, Headers headers, std::size_t files)
      : out_(out),
        wanted_(headers == Headers::kAlways || (headers == Headers::kIfSeveral && files > 1)) {}

  void Print(const std::string& name) {
    if (!wanted_) return;
    if (!first_) out_.Put('\n');
    first_ = false;
    out_ << "==> " << (name == "-" ? "standard input" : name) << " <==\n";
  }

 private:
  Output& out_;
  const bool wanted_;
  bool first_ = true;
};

Amount ParseAmount(Process& process, const std::string& text, bool bytes, char special_sign) {
  Amount amount;
  amount.bytes = bytes;
  std::string_view digits = text;
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) {
    amount.special = digits[0] == special_sign;
    if (amount.special || digits[0] == '-') digits.remove_prefix(1);
  }
  digits.remove_prefix(std::min(digits.find_first_not_of(" \t\n"), digits.size()));
  const auto count = ParseSize(digits);
  if (count == std::numeric_limits<std::int64_t>::max()) {
    Complain(process, std::string("invalid number of ") + (bytes ? "bytes" : "lines") + ": " +
                          LocaleQuoted(process, text) + ": Value too large for defined data type");
    process.Exit(1);
  }
  if (!count || *count < 0 || digits.empty() || digits[0] == '-') {
    const std::string shown = text.substr(text.starts_with('-') ? 1 : 0);
    Complain(process, std::string("invalid number of ") + (bytes ? "bytes" : "lines") + ": " +
                          LocaleQuoted(process, shown));
    process.Exit(1);
  }
  amount.count = *count;
  return amount;
}

// "-5" and "-5q" and, for tail, "+3", as before the options of today.
std::optional<std::string> ObsoleteCount(std::string_view word, bool tail) {
  if (word.size() < 2 || (word[0] != '-' && !(tail && word[0] == '+'))) return std::nullopt;
  const auto end = std::min(word.find_first_not_of("0123456789", 1), word.size());
  if (end == 1) return std::nullopt;
  std::string_view letters = word.substr(end);
  if (tail) {
    if (!letters.empty() && letters[0] != 'f') letters.remove_prefix(1);
    if (!letters.empty() && letters != "f") return std::nullopt;
    letters = word.substr(end);
  }
  if (tail && letters.find_first_not_of("bclf") != std::string_view::npos) return std::nullopt;
  return std::string(word.substr(0, end));
}

[[noreturn]] void FailOnTrailing(Process& process, char letter) {
  UsageError(process, std::string("invalid trailing option -- ") + letter);
}

// tail takes the obsolete form for one file.
bool MayBeObsolete(const std::vector<std::string>& args) {
  if (args.size() == 2) return true;
  if (args[2] == "--") return args.size() <= 4;
  return args.size() == 3 && (args[2].size() < 2 || args[2][0] != '-');
}

// Turns the obsolete form into the options that say the same.
void ModernizeArguments(Process& process, bool plus_too) {
  if (process.args.size() < 2) return;
  const std::string word = process.args[1];
  const auto count = ObsoleteCount(word, plus_too);
  if (!count) return;
  if (plus_too && !MayBeObsolete(process.args)) {
    if (word[0] == '+') return;
    Complain(process, std::string("option used in invalid context -- ") + word[1]);
    process.Exit(1);
  }
  std::string letters = word.substr(count->size());
  // The last of the units counts.
  constexpr std::string_view kUnits = "bkmcl";
  const auto last = letters.find_last_of(kUnits);
  const char unit = last == std::string::npos ? 'l' : letters[last];
  std::erase_if(letters, [&](char c) { return kUnits.find(c) != std::string_view::npos; });
  const auto unknown = letters.find_first_not_of(plus_too ? "f" : "qvz");
  if (unknown != std::string::npos) FailOnTrailing(process, letters[unknown]);
  const std::string value = (*count)[0] == '+' ? *count : count->substr(1);
  process.args[1] = (unit == 'l' ? "-n" : "-c") + value;
  if (unit != 'l' && unit != 'c') process.args[1] += unit;
  if (!letters.empty()) process.args.insert(process.args.begin() + 2, "-" + letters);
}

void HeadBytes(Input& in, Output& out, std::int64_t count) {
  while (count > 0 && out.ok()) {
    const std::string_view block = in.ReadBlock();
    if (block.empty()) return;
    const auto wanted = std::min<std::size_t>(block.size(), static_cast<std::size_t>(count));
    out.Write(block.substr(0, wanted));
    count -= static_cast<std::int64_t>(wanted);
    if (wanted < block.size()) in.Unread(block.size() - wanted);
  }
}

void HeadAllButBytes(Input& in, Output& out, std::size_t count) {
  std::string held;
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    held.append(block);
    if (held.size() > count) {
      out.Write(std::string_view(held).substr(0, held.size() - count));
      held.erase(0, held.size() - count);
    }
  }
}

void HeadAllButLines(Input& in, Output& out, std::size_t count, char delimiter) {
  std::deque<std::string> held;
  while (auto line = in.ReadLine(delimiter)) {
    held.emplace_back(*line);
    if (in.ended()) held.back().push_back(delimiter);
    if (held.size() > count) {
      out << held.front();
      held.pop_front();
    }
  }
}

void HeadLines(Input& in, Output& out, std::int64_t count, char delimiter) {
  while (count-- > 0 && out.ok()) {
    const auto line = in.ReadLine(delimiter);
    if (!line) return;
    out << *line;
    if (in.ended()) out.Put(delimiter);
  }
}

void CopyRest(Input& in, Output& out) {
  for (auto block = in.ReadBlock(); !block.empty() && out.ok(); block = in.ReadBlock()) {
    out.Write(block);
  }
}

void TailBytes(Input& in, Output& out, std::size_t count) {
  std::string held;
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    held.append(block);
    // Cut in steps, so that a long input is not moved for every block.
    if (held.size() > 2 * count + 65536) held.erase(0, held.size() - count);
  }
  if (held.size() > count) held.erase(0, held.size() - count);
  out << held;
}

void TailLines(Process& process, Input& in, Output& out, std::size_t count, char delimiter) {
  std::deque<std::string> held;
  std::size_t bytes = 0;
  while (auto line = in.ReadLine(delimiter)) {
    std::string reused;
    if (held.size() >= count && !held.empty()) {
      reused = std::move(held.front());
      held.pop_front();
      bytes -= reused.size();
    }
    reused.assign(*line);
    if (in.ended()) reused.push_back(delimiter);
    if (count == 0) continue;
    bytes += reused.size();
    RequireMemory(process, bytes);
    held.push_back(std::move(reused));
  }
  for (const std::string& line : held) out << line;
}

void TailFrom(Input& in, Output& out, const Amount& amount, char delimiter) {
  std::int64_t skipped = amount.count > 0 ? amount.count - 1 : 0;
  if (!amount.bytes) {
    while (skipped-- > 0 && in.ReadLine(delimiter)) {
    }
  }
  while (amount.bytes && skipped > 0) {
    const std::string_view block = in.ReadBlock();
    if (block.empty()) return;
    const auto dropped = std::min<std::int64_t>(skipped, static_cast<std::int64_t>(block.size()));
    skipped -= dropped;
    out.Write(block.substr(static_cast<std::size_t>(dropped)));
  }
  CopyRest(in, out);
}

struct Following {
  bool on = false;
  bool by_name = false;
  std::chrono::nanoseconds interval = std::chrono::seconds(1);
  std::optional<int> pid;
};

struct Followed {
  std::string name;
  std::unique_ptr<ScopedDescriptor> descriptor;
};

// The file that has the name now, if it is another one.
void Reopen(Process& process, Followed& file) {
  auto opened = process.Open(file.name, 0);
  if (!opened) return;
  auto fresh = std::make_unique<ScopedDescriptor>(process, *opened);
  const bool same = file.descriptor && process.File(file.descriptor->fd())->Stat().inode ==
                                           process.File(*opened)->Stat().inode;
  if (!same) file.descriptor = std::move(fresh);
}

[[nodiscard]] int FollowFiles(Process& process, Output& out, HeaderPrinter& headers,
                              std::vector<Followed>& files, const Following& following) {
  const Followed* last = files.empty() ? nullptr : &files.back();
  while (!files.empty() && out.ok()) {
    const bool gone = following.pid && !process.Kill(*following.pid, 0);
    for (Followed& file : files) {
      if (following.by_name) Reopen(process, file);
      if (!file.descriptor) continue;
      Input in(process, file.descriptor->fd());
      for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
        if (last != &file) headers.Print(file.name);
        last = &file;
        out.Write(block);
      }
    }
    out.Flush();
    if (gone) break;
    process.Sleep(following.interval);
  }
  return out.Finish(0);
}

const std::vector<Options::Long> kTailLongs = {{"lines", 'n', Options::kRequired},
                                               {"bytes", 'c', Options::kRequired},
                                               {"quiet", 'q'},
                                               {"silent", 'q'},
                                               {"verbose", 'v'},
                                               {"zero-terminated", 'z'},
                                               {"follow", 'f', Options::kOptional},
                                               {"sleep-interval", 's', Options::kRequired},
                                               {"max-unchanged-stats", 302, Options::kRequired},
                                               {"retry", 300},
                                               {"pid", 301, Options::kRequired}};

}  // namespace

int HeadMain(Process& process) {
  ModernizeArguments(process, false);
  Options options(process, "c:n:qvz",
                  {{"bytes", 'c', Options::kRequired},
                   {"lines", 'n', Options::kRequired},
                   {"quiet", 'q'},
                   {"silent", 'q'},
                   {"verbose", 'v'},
                   {"zero-terminated", 'z'}});
  Amount amount;
  Headers headers = Headers::kIfSeveral;
  char delimiter = '\n';
  while (auto option = options.Next()) {
    const int letter = option->letter;
    if (letter == 'c' || letter == 'n') {
      amount = ParseAmount(process, option->value, letter == 'c', '-');
    }
    if (letter == 'q') headers = Headers::kNever;
    if (letter == 'v') headers = Headers::kAlways;
    if (letter == 'z') delimiter = '\0';
  }
  Output out(process);
  HeaderPrinter printer(out, headers, options.operands().size());
  int status = 0;
  const auto count = static_cast<std::size_t>(amount.count);
  status |= ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string& name) {
        printer.Print(name);
        Input in(process, fd);
        if (amount.special) {
          if (amount.bytes) HeadAllButBytes(in, out, count);
          if (!amount.bytes) HeadAllButLines(in, out, count, delimiter);
        } else if (amount.bytes) {
          HeadBytes(in, out, amount.count);
        } else {
          HeadLines(in, out, amount.count, delimiter);
        }
        in.GiveBack();
        if (in.error()) {
          out.Flush();
          Complain(process, "error reading " + QuotedName(name) + ": " + ErrnoText(*in.error()));
          status = 1;
        }
      },
      &out, Directories::kPassOn, "cannot open");
  return out.Finish(status);
}

int TailMain(Process& process) {
  ModernizeArguments(process, true);
  Options options(process, "c:n:qvzfFs:", kTailLongs);
  Amount amount;
  Headers headers = Headers::kIfSeveral;
  Following following;
  bool retry = false;
  char delimiter = '\n';
  while (auto option = options.Next()) {
    const int letter = option->letter;
    if (letter == 'c' || letter == 'n') {
      amount = ParseAmount(process, option->value, letter == 'c', '+');
    }
    if (letter == 'q') headers = Headers::kNever;
    if (letter == 'v') headers = Headers::kAlways;
    if (letter == 'z') delimiter = '\0';
    if (letter == 'f' || letter == 'F') following.on = true;
    if (letter == 'F' || letter == 300 || option->value == "name") following.by_name = true;
    if (letter == 's') {
      const auto interval = ParseDuration(option->value);
      if (!interval) {
        Complain(process, "invalid number of seconds: " + LocaleQuoted(process, option->value));
        process.Exit(1);
      }
      following.interval = *interval;
    }
    if (letter == 300) retry = true;
    if (letter == 301) {
      const auto pid = ParseInteger(option->value);
      if (!pid || *pid < 0) {
        Complain(process, "invalid PID: " + LocaleQuoted(process, option->value));
        process.Exit(1);
      }
      following.pid = static_cast<int>(*pid);
    }
  }
  if (retry && !following.on) {
    Complain(process, "warning: --retry ignored; --retry is useful only when following");
  }
  // Not even a header.
  if (amount.count == 0 && !amount.special && !following.on) return 0;
  Output out(process);
  HeaderPrinter printer(out, headers, options.operands().size());
  int status = 0;
  const auto count = static_cast<std::size_t>(amount.count);
  std::vector<Followed> followed;
  status |= ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string& name) {
        printer.Print(name);
        Input in(process, fd);
        if (amount.special) {
          TailFrom(in, out, amount, delimiter);
        } else if (amount.bytes) {
          TailBytes(in, out, count);
        } else {
          TailLines(process, in, out, count, delimiter);
        }
        if (in.error()) {
          out.Flush();
          Complain(process, "error reading " + QuotedName(name) + ": " + ErrnoText(*in.error()));
          status = 1;
        } else if (following.on && process.File(fd)->Stat().type != FileType::kFifo) {
          const int kept = process.AddFile(process.File(fd));
          followed.push_back({name, std::make_unique<ScopedDescriptor>(process, kept)});
        }
      },
      &out, Directories::kPassOn, "cannot open");
  out.Flush();
  if (following.on) return status | FollowFiles(process, out, printer, followed, following);
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
