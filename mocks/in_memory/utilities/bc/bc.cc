#include "mocks/in_memory/utilities/bc/bc.h"

#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/bc/compiler.h"
#include "mocks/in_memory/utilities/bc/library.h"
#include "mocks/in_memory/utilities/bc/machine.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// What $BC_ENV_ARGS says goes before the arguments.
void AddEnvironmentArguments(Process& process) {
  const auto variable = process.env.find("BC_ENV_ARGS");
  if (variable == process.env.end()) return;
  std::vector<std::string> words;
  std::string word;
  for (const char c : variable->second + " ") {
    if (c != ' ' && c != '\t' && c != '\n') {
      word.push_back(c);
    } else if (!word.empty()) {
      words.push_back(std::exchange(word, ""));
    }
  }
  process.args.insert(process.args.begin() + 1, words.begin(), words.end());
}

constexpr std::string_view kBanner =
    "bc 1.07.1\n"
    "Copyright 1991-1994, 1997, 1998, 2000, 2004, 2006, 2008, 2012-2017 Free Software Foundation, "
    "Inc.\n";

}  // namespace

int BcMain(Process& process) {
  AddEnvironmentArguments(process);
  Options options(process, "hilqsvw",
                  {{"help", 'h'},
                   {"interactive", 'i'},
                   {"mathlib", 'l'},
                   {"quiet", 'q'},
                   {"standard", 's'},
                   {"version", 'v'},
                   {"warn", 'w'}});
  bool interactive = false;
  bool library = false;
  bool quiet = false;
  BcDialect dialect =
      process.env.count("POSIXLY_CORRECT") > 0 ? BcDialect::kStandard : BcDialect::kGnu;
  Output out(process);
  while (const auto option = options.Next()) {
    if (option->letter == 'i') interactive = true;
    if (option->letter == 'l') library = true;
    if (option->letter == 'q') quiet = true;
    if (option->letter == 's') dialect = BcDialect::kStandard;
    if (option->letter == 'w') dialect = BcDialect::kWarn;
    if (option->letter == 'v') {
      out << kBanner;
      return out.Finish(0);
    }
    if (option->letter == 'h') {
      ShowHelp(process, options.HelpLines());
    }
  }
  if (interactive && !quiet) {
    out << kBanner << "This is free software with ABSOLUTELY NO WARRANTY.\n"
        << "For details type `warranty'. \n";
    out.Flush();
  }
  BcSource source(process, options.operands(), interactive);
  BcProgram program;
  BcMachine machine(process, source, program, out);
  if (library) {
    BcCompiler(process, source, program, out, BcDialect::kGnu).ReadLibrary(kBcLibrary);
    machine.SetScale(20);
  }
  BcCompiler compiler(process, source, program, out, dialect);
  while (const auto line = compiler.Next()) {
    machine.Run(*line);
    // Whoever feeds bc through a pipe waits for its answer.
    out.Flush();
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
