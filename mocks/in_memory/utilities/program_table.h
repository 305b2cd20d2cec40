#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROGRAM_TABLE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROGRAM_TABLE_H_

#include <string>
#include <vector>

namespace computesdk::in_memory {

struct ProgramOptions {
  std::string name;
  // As its --help shows them ("-k, --key=VALUE"), without --help and --version.
  std::vector<std::string> options;
  friend bool operator==(const ProgramOptions&, const ProgramOptions&) = default;
};

// Every utility by name, and what it takes: asks each for its --help, in a sandbox of its own.
std::vector<ProgramOptions> ListProgramOptions();

// docs/in-memory-programs.md.
std::string ProgramsAsMarkdown();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROGRAM_TABLE_H_
