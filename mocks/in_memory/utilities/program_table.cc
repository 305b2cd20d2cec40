#include "mocks/in_memory/utilities/program_table.h"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {
namespace {

std::vector<std::string> OptionsIn(std::string_view help) {
  std::vector<std::string> options;
  while (!help.empty()) {
    const std::size_t end = std::min(help.find('\n'), help.size());
    std::string_view line = help.substr(0, end);
    help.remove_prefix(std::min(end + 1, help.size()));
    if (!line.starts_with("  ")) continue;
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line != "--help" && line != "--version") options.emplace_back(line);
  }
  return options;
}

// As code in a cell of a table.
std::string Cell(std::string_view text) {
  std::string cell = "`";
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c;
  }
  return cell + "`";
}

}  // namespace

std::vector<ProgramOptions> ListProgramOptions() {
  auto programs = std::make_shared<ProgramTable>();
  AddUtilities(*programs);
  std::vector<ProgramOptions> table;
  for (const auto& [name, main] : *programs) {
    Kernel kernel(RealClock(), {}, programs);
    SpawnOptions command;
    // By its other name "test" takes --help for an expression.
    command.args = {name == "test" ? "[" : name, "--help"};
    const Kernel::Outcome outcome = kernel.Run(std::move(command), main);
    table.push_back({name, OptionsIn(outcome.stdout_bytes)});
  }
  return table;
}

std::string ProgramsAsMarkdown() {
  std::string page =
      "# Programs of the in-memory provider\n\n"
      "What stands in `/usr/bin` of every sandbox, with every option that it takes, beside `bash` "
      "and\n"
      "`sh`. Each answers `--help` with these lines, and `help` lists the builtins of the shell "
      "and "
      "the\nprograms. An option that is not here is refused, as GNU's programs refuse one.\n\n"
      "This page is generated: `bazel run //mocks/in_memory/utilities:programs_page`.\n\n"
      "| program | options |\n| --- | --- |\n";
  for (const ProgramOptions& program : ListProgramOptions()) {
    page += "| " + Cell(program.name) + " | ";
    for (std::size_t i = 0; i < program.options.size(); ++i) {
      page += (i == 0 ? "" : " · ") + Cell(program.options[i]);
    }
    page += " |\n";
  }
  return page;
}

}  // namespace computesdk::in_memory
