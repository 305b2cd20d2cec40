#include <fcntl.h>

#include <utility>

#include "mocks/in_memory/utilities/awk_interpreter.h"
#include "mocks/in_memory/utilities/awk_lexer.h"
#include "mocks/in_memory/utilities/awk_parser.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(2);
}

std::string ReadSource(Process& process, const std::string& name) {
  const auto fd = name == "-" ? IoResult<int>(0) : process.Open(name, O_RDONLY);
  if (!fd) {
    Fail(process,
         "fatal: cannot open source file `" + name + "' for reading: " + ErrnoText(fd.error()));
  }
  auto source = process.ReadAll(*fd);
  if (*fd != 0) (void)process.Close(*fd);
  if (!source) Fail(process, "fatal: cannot read source file `" + name + "'");
  return std::move(*source);
}

struct CommandLine {
  std::optional<std::string> source;
  std::vector<std::string> assignments;
  std::vector<std::string> operands;
};

CommandLine ParseCommandLine(Process& process) {
  Options options(process, "+F:v:f:e:",
                  {{"field-separator", 'F', Options::kRequired},
                   {"assign", 'v', Options::kRequired},
                   {"file", 'f', Options::kRequired},
                   {"source", 'e', Options::kRequired}},
                  1);
  CommandLine line;
  while (auto option = options.Next()) {
    switch (option->letter) {
      case 'F':
        line.assignments.push_back("FS=" + option->value);
        break;
      case 'v':
        line.assignments.push_back(option->value);
        break;
      case 'f':
        line.source = line.source.value_or("") + ReadSource(process, option->value) + "\n";
        break;
      default:
        line.source = line.source.value_or("") + option->value + "\n";
    }
  }
  line.operands = options.operands();
  if (!line.source) {
    if (line.operands.empty()) {
      (void)process.Write(2, "Usage: awk [OPTION]... 'PROGRAM' [FILE]...\n");
      process.Exit(1);
    }
    line.source = line.operands[0];
    line.operands.erase(line.operands.begin());
  }
  return line;
}

}  // namespace

int AwkMain(Process& process) {
  CommandLine line = ParseCommandLine(process);
  auto program = awk::Parse(*line.source);
  if (!program) {
    Complain(process,
             "cmd. line:" + std::to_string(program.error().line) + ": " + program.error().message);
    return 1;
  }
  const std::string unknown_escapes = program->unknown_escapes;
  std::vector<std::string> arguments = {"awk"};
  arguments.insert(arguments.end(), line.operands.begin(), line.operands.end());
  awk::Interpreter interpreter(process, std::move(*program), std::move(arguments));
  interpreter.WarnOfEscapes(unknown_escapes);
  for (const std::string& assignment : line.assignments) {
    if (!interpreter.AssignArgument(assignment)) {
      Fail(process, "fatal: `" + assignment + "' is not a legal variable assignment");
    }
  }
  return interpreter.Run();
}

void AddAwkPrograms(ProgramTable& table) {
  table["awk"] = AwkMain;
  table["gawk"] = AwkMain;
}

}  // namespace computesdk::in_memory
