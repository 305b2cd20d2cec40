// What looks after the terminal, of which a sandbox has none.

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/arguments/argument_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr std::array<std::string_view, 79> kSwitches = {
    "brkint",   "cbreak",  "clocal", "cmspar",   "cooked", "cread",   "crt",    "crtscts",
    "crterase", "crtkill", "cs5",    "cs6",      "cs7",    "cs8",     "cstopb", "ctlecho",
    "dec",      "decctlq", "echo",   "echoctl",  "echoe",  "echok",   "echoke", "echonl",
    "echoprt",  "ek",      "evenp",  "extproc",  "flusho", "hup",     "hupcl",  "icanon",
    "icrnl",    "iexten",  "ignbrk", "igncr",    "ignpar", "imaxbel", "inlcr",  "inpck",
    "isig",     "istrip",  "iuclc",  "iutf8",    "ixany",  "ixoff",   "ixon",   "lcase",
    "LCASE",    "litout",  "nl",     "noflsh",   "ocrnl",  "oddp",    "ofdel",  "ofill",
    "olcuc",    "onlcr",   "onlret", "onocr",    "opost",  "parenb",  "parity", "parmrk",
    "parodd",   "pass8",   "pendin", "prterase", "raw",    "sane",    "size",   "speed",
    "tabs",     "tandem",  "tostop", "xcase",    "nl0",    "cr0",     "tab3"};
constexpr std::array<std::string_view, 24> kWithValue = {
    "cols",   "columns", "discard", "eof",   "eol",   "eol2",   "erase",  "intr",
    "ispeed", "kill",    "line",    "lnext", "min",   "ospeed", "quit",   "rows",
    "rprnt",  "start",   "stop",    "susp",  "swtch", "time",   "werase", "dsusp"};

template <typename Words>
bool IsOneOf(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool IsSpeed(std::string_view word) {
  return !word.empty() &&
         std::all_of(word.begin(), word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Copies what is in the files, or on standard input. `header` stands before each file.
template <typename Header>
int ShowAll(Process& process, const std::vector<std::string>& files, const Header& header,
            std::string_view failure, int failure_stream) {
  Output out(process);
  const auto copy = [&](int fd) {
    Input input(process, fd);
    for (auto block = input.ReadBlock(); !block.empty(); block = input.ReadBlock()) {
      process.Checkpoint();
      out << block;
    }
  };
  if (files.empty()) copy(0);
  for (const std::string& file : files) {
    const auto fd = process.Open(file, O_RDONLY);
    if (!fd) {
      out.Flush();
      (void)process.Write(failure_stream,
                          std::string(failure) + file + ": " + ErrnoText(fd.error()) + "\n");
      continue;
    }
    const ScopedDescriptor closes(process, *fd);
    out << header(file);
    copy(*fd);
  }
  return out.Finish(0);
}

}  // namespace

int SttyMain(Process& process) {
  AnswerHelp(process, {"-a, --all", "-g, --save", "-F, --file=DEVICE"});
  std::string device;
  for (std::size_t i = 1; i < process.args.size(); ++i) {
    std::string word = process.args[i];
    const bool last = i + 1 == process.args.size();
    if (word == "-a" || word == "-g" || word == "--all" || word == "--save") continue;
    if (word.starts_with("--file=")) {
      device = word.substr(word.find('=') + 1);
    } else if (word == "-F" && !last) {
      device = process.args[++i];
    } else if (IsOneOf(kWithValue, word)) {
      if (last) UsageError(process, "missing argument to " + QuotedWord(word));
      ++i;
    } else {
      const std::string bare = word.starts_with('-') ? word.substr(1) : word;
      if (!IsOneOf(kSwitches, bare) && !IsSpeed(word)) {
        UsageError(process, "invalid argument " + QuotedWord(word));
      }
    }
  }
  if (!device.empty()) {
    const auto fd = process.Open(device, O_RDONLY);
    if (!fd) {
      Complain(process, device + ": " + ErrnoText(fd.error()));
      return 1;
    }
    (void)process.Close(*fd);
  }
  Complain(process,
           (device.empty() ? "'standard input'" : device) + ": Inappropriate ioctl for device");
  return 1;
}

int ClearMain(Process& process) {
  Options options(process, "T:xV", {});
  const auto variable = process.env.find("TERM");
  std::string terminal = variable == process.env.end() ? "" : variable->second;
  bool keeps_history = false;
  while (const auto option = options.Next()) {
    if (option->letter == 'T') terminal = option->value;
    if (option->letter == 'x') keeps_history = true;
    if (option->letter == 'V') ShowVersion(process);
  }
  if (terminal.empty()) {
    (void)process.Write(2, "TERM environment variable not set.\n");
    return 1;
  }
  if (terminal == "dumb") return 1;
  constexpr std::array<std::string_view, 8> kKnown = {"ansi", "linux", "rxvt",  "screen",
                                                      "tmux", "vt100", "vt220", "xterm"};
  if (!IsOneOf(kKnown, std::string_view(terminal).substr(0, terminal.find('-')))) {
    (void)process.Write(2, "'" + terminal + "': unknown terminal type.\n");
    return 1;
  }
  const bool has_history = terminal.starts_with("xterm") || terminal.starts_with("tmux");
  std::string text = has_history ? "\033[H\033[2J" : "\033[H\033[J";
  if (!keeps_history && (has_history || terminal == "linux")) text += "\033[3J";
  (void)process.Write(1, text);
  return 0;
}

// Both show what does not go to a terminal at once and as it is; their options are for screens.
int MoreMain(Process& process) {
  Options options(process, "dflcpsun:", {{"lines", 'n', Options::kRequired}});
  while (options.Next()) continue;
  std::vector<std::string> files = options.operands();
  std::erase_if(files, [](const std::string& file) { return file.starts_with('+'); });
  const auto header = [](const std::string& file) {
    constexpr std::string_view kRule = "::::::::::::::\n";
    return std::string(kRule) + file + "\n" + std::string(kRule);
  };
  return ShowAll(process, files, header, "more: cannot open ", 2);
}

int LessMain(Process& process) {
  AnswerHelp(process, {"-N", "-R", "-S", "-X", "-F", "+LINE"});
  std::vector<std::string> files(process.args.begin() + 1, process.args.end());
  std::erase_if(files, [](const std::string& file) {
    return file.size() > 1 && (file[0] == '-' || file[0] == '+');
  });
  std::erase(files, "-");
  return ShowAll(
      process, files, [](const std::string&) { return ""; }, "", 1);
}

}  // namespace computesdk::in_memory
