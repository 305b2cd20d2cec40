#include <fcntl.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/archive/archive_programs.h"
#include "mocks/in_memory/utilities/archive/gzip_stream.h"
#include "mocks/in_memory/utilities/support.h"

// grep, in what is compressed and in what is not.
namespace computesdk::in_memory {
namespace {

constexpr int kTrouble = 2;

struct ZgrepCommand {
  std::vector<std::string> options;  // grep's.
  std::vector<std::string> files;
  bool has_pattern = false;
  bool without_names = false;
  bool with_names = false;
  bool quiet = false;
};

// A letter whose value may be the next word.
bool TakesValue(char letter) {
  return std::string_view("efABCmd").find(letter) != std::string::npos;
}

[[noreturn]] void Refuse(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(kTrouble);
}

// The letters of one word, as in "-inA2"; true where the value of the last is the next word.
bool TakeLetters(Process& process, const std::string& word, ZgrepCommand& command) {
  for (std::size_t i = 1; i < word.size(); ++i) {
    const char letter = word[i];
    if (letter == 'r' || letter == 'R' || letter == 'z' || letter == 'Z') {
      Refuse(process, std::string("-") + letter + ": option not supported");
    }
    if (letter == 'h') command.without_names = true;
    if (letter == 'H') command.with_names = true;
    if (letter == 'q') command.quiet = true;
    if (letter == 'e' || letter == 'f') command.has_pattern = true;
    if (TakesValue(letter)) return i + 1 == word.size();
  }
  return false;
}

void TakeLongOption(Process& process, const std::string& word, ZgrepCommand& command) {
  static constexpr std::array<std::string_view, 7> kUnsupported = {"--dereference-recursive",
                                                                   "--directories",
                                                                   "--exclude",
                                                                   "--include",
                                                                   "--null",
                                                                   "--recursive",
                                                                   "--exclude-dir"};
  const std::string name = word.substr(0, word.find('='));
  if (std::find(kUnsupported.begin(), kUnsupported.end(), name) != kUnsupported.end()) {
    Refuse(process, name + ": option not supported");
  }
  if (name == "--regexp" || name == "--file") command.has_pattern = true;
  if (name == "--no-filename") command.without_names = true;
  if (name == "--with-filename") command.with_names = true;
  if (name == "--quiet" || name == "--silent") command.quiet = true;
}

ZgrepCommand ParseZgrep(Process& process) {
  ZgrepCommand command;
  bool options = true;
  std::vector<std::string> operands;
  for (std::size_t i = 1; i < process.args.size(); ++i) {
    const std::string& word = process.args[i];
    if (!options || word.size() < 2 || word[0] != '-') {
      operands.push_back(word);
    } else if (word == "--") {
      options = false;
    } else if (word.starts_with("--")) {
      TakeLongOption(process, word, command);
      command.options.push_back(word);
    } else {
      const bool value = TakeLetters(process, word, command);
      command.options.push_back(word);
      if (value && i + 1 < process.args.size()) command.options.push_back(process.args[++i]);
    }
  }
  if (!command.has_pattern) {
    if (operands.empty()) Refuse(process, "missing pattern; try `zgrep --help' for help");
    command.options.push_back("-e" + operands[0]);
    operands.erase(operands.begin());
  }
  command.files = std::move(operands);
  if (command.files.empty()) command.files.emplace_back("-");
  return command;
}

// What grep itself answers for one file.
int SearchOne(Process& process, const ZgrepCommand& command, const std::string& file,
              std::string text) {
  SpawnOptions child;
  child.args = {"grep"};
  const bool names = (command.files.size() > 1 && !command.without_names) || command.with_names;
  child.args.emplace_back(names ? "-H" : "-h");
  child.args.push_back("--label=" + (file == "-" ? "(standard input)" : file));
  child.args.insert(child.args.end(), command.options.begin(), command.options.end());
  child.args.emplace_back("-");
  child.files[0] = MakeInputFile(std::move(text));
  return process.Execute(std::move(child), "zgrep").ShellCode();
}

int RunZgrep(Process& process, const std::string& kind) {
  AnswerHelp(process, {"-c", "-e PATTERN", "-f FILE", "-h", "-H", "-i", "-l", "-L", "-n", "-o",
                       "-q", "-s", "-v", "-w", "-x"});
  ZgrepCommand command = ParseZgrep(process);
  if (!kind.empty()) command.options.insert(command.options.begin(), kind);
  bool selected = false;
  bool trouble = false;
  for (const std::string& file : command.files) {
    process.Checkpoint();
    std::string text;
    if (!ReadPlain(process, file, text)) {
      trouble = true;
      continue;
    }
    const int status = SearchOne(process, command, file, std::move(text));
    if (status == 0) selected = true;
    if (status > 1) return status;
    if (selected && command.quiet) break;
  }
  return trouble ? kTrouble : selected ? 0 : 1;
}

}  // namespace

bool ReadPlain(Process& process, const std::string& file, std::string& text) {
  int fd = 0;
  std::string name = file;
  if (file != "-") {
    auto opened = process.Open(name, O_RDONLY);
    if (!opened && !name.ends_with(".gz")) opened = process.Open(name += ".gz", O_RDONLY);
    if (!opened) {
      (void)process.Write(2, "gzip: " + name + ": " + ErrnoText(opened.error()) + "\n");
      return false;
    }
    fd = *opened;
  }
  Input input(process, fd);
  const ByteSource source = [&] {
    process.Checkpoint();
    return input.ReadBlock();
  };
  const auto take = [&](std::string_view block) {
    RequireMemory(process, text.size() + block.size());
    text += block;
  };
  bool good = true;
  if (LooksGzipped(input.Peek())) {
    GzipReader reader(source);
    for (auto block = reader.Next(); !block.empty(); block = reader.Next()) take(block);
    good = reader.error() == GzipError::kNone || reader.error() == GzipError::kTrailingGarbage;
    if (!good) (void)process.Write(2, "\ngzip: " + name + ": unexpected end of file\n");
  } else {
    for (auto block = source(); !block.empty(); block = source()) take(block);
    good = !input.error();
  }
  if (fd != 0) (void)process.Close(fd);
  return good;
}

int ZgrepMain(Process& process) { return RunZgrep(process, ""); }
int ZegrepMain(Process& process) { return RunZgrep(process, "-E"); }
int ZfgrepMain(Process& process) { return RunZgrep(process, "-F"); }

}  // namespace computesdk::in_memory
