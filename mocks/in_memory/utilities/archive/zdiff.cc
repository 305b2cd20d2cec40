#include <fnmatch.h>

#include <string>
#include <vector>

#include "mocks/in_memory/utilities/archive/archive_programs.h"
#include "mocks/in_memory/utilities/support.h"

// diff and cmp, of what is compressed and of what is not.
namespace computesdk::in_memory {
namespace {

constexpr int kZdiffTrouble = 2;

bool IsCompressed(const std::string& name) {
  for (const char* glob : {"-", "*[-.]gz*", "*[-.][zZ]", "*.t[ga]z"}) {
    if (fnmatch(glob, name.c_str(), 0) == 0) return true;
  }
  return false;
}

// The name of what was compressed.
std::string PlainName(Process& process, const std::string& name) {
  const std::size_t end = name.find_last_not_of("Zztga");
  if (name == "-" || !IsCompressed(name) || end == std::string::npos || end == 0) {
    Complain(process, name + ": unknown compressed file extension");
    process.Exit(kZdiffTrouble);
  }
  return name.substr(0, end);
}

struct ZdiffCommand {
  std::vector<std::string> options;  // Of the program that compares.
  std::vector<std::string> files;
};

ZdiffCommand ParseZdiff(Process& process) {
  ZdiffCommand command;
  const auto refuse = [&](const std::string& message) {
    Complain(process, message);
    process.Exit(kZdiffTrouble);
  };
  bool files_only = false;
  bool takes_value = false;
  for (std::size_t i = 1; i < process.args.size(); ++i) {
    const std::string& word = process.args[i];
    if (takes_value) {
      command.options.push_back(word);
      takes_value = false;
    } else if (!files_only && word == "--") {
      files_only = true;
    } else if (!files_only && word.size() > 1 && word[0] == '-') {
      command.options.push_back(word);
      takes_value =
          word.size() == 2 && std::string_view("CDFISUWXx").find(word[1]) != std::string_view::npos;
    } else if (word.empty()) {
      refuse("empty file name");
    } else if (command.files.size() == 2) {
      refuse("extra operand '" + word + "'");
    } else {
      command.files.push_back(word);
    }
  }
  if (command.files.empty()) refuse("missing operand");
  return command;
}

// Compares by way of `program`; both texts, where both are compressed, come by descriptors.
int RunZdiff(Process& process, const std::string& program) {
  AnswerHelp(process,
             program == "cmp"
                 ? std::vector<std::string>{"-b", "-i SKIP", "-l", "-n LIMIT", "-s"}
                 : std::vector<std::string>{"-b", "-c", "-e", "-q", "-r", "-u", "-w", "-y"});
  const ZdiffCommand command = ParseZdiff(process);
  std::vector<std::string> files = command.files;
  for (const std::string& file : files) {
    if (file == "-" || process.files().Stat(process.AbsolutePath(file))) continue;
    ComplainOf(process, file, std::errc::no_such_file_or_directory);
    return kZdiffTrouble;
  }
  SpawnOptions child;
  child.args = {program};
  child.args.insert(child.args.end(), command.options.begin(), command.options.end());
  if (files.size() == 1) files.push_back(PlainName(process, files[0]));
  child.args.emplace_back("--");
  const bool both = IsCompressed(files[0]) && IsCompressed(files[1]);
  constexpr int kFirst = 5;  // As the script has it that gzip comes with.
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (!IsCompressed(files[i])) {
      child.args.push_back(files[i]);
      continue;
    }
    std::string text;
    if (!ReadPlain(process, files[i], text)) return kZdiffTrouble;
    const bool first = both && i == 0;
    child.args.push_back(first ? "/dev/fd/" + std::to_string(kFirst) : "-");
    child.files[first ? kFirst : 0] = MakeInputFile(std::move(text));
  }
  return process.Execute(std::move(child), process.args[0]).ShellCode();
}

}  // namespace

int ZcmpMain(Process& process) { return RunZdiff(process, "cmp"); }
int ZdiffMain(Process& process) { return RunZdiff(process, "diff"); }

}  // namespace computesdk::in_memory
