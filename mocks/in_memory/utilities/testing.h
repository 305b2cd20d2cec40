#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TESTING_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TESTING_H_

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/kernel.h"

// Clang has no macros of GCC's names for them.
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

namespace computesdk::in_memory {

// How many times as large a frame of the stack may be as in an ordinary build.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr int kFrameGrowth = 10;
#else
inline constexpr int kFrameGrowth = 1;
#endif

// Words of a command line, for table-driven tests.
using Words = std::vector<std::string>;

struct ProgramResult {
  int code = 0;
  std::string output;
  std::string errors;
};

// Runs a program of the kernel's table with this standard input, in the root folder.
inline ProgramResult RunProgram(Kernel& kernel, Words args, std::string input = "") {
  const ProgramTable& programs = kernel.programs();
  const auto found = programs.find(args.at(0));
  if (found == programs.end()) return {127, "", args[0] + ": no such program"};
  SpawnOptions options;
  options.args = std::move(args);
  options.env = std::map<std::string, std::string>{{"PATH", "/usr/bin:/bin"}};
  options.cwd = "/";
  options.files[0] = MakeInputFile(std::move(input));
  Kernel::Outcome outcome = kernel.Run(std::move(options), found->second);
  return {outcome.status.ShellCode(), std::move(outcome.stdout_bytes),
          std::move(outcome.stderr_bytes)};
}

// A kernel with the programs of some families.
class TestMachine {
 public:
  template <typename... AddPrograms>
  explicit TestMachine(AddPrograms... add) : kernel_(RealClock(), {}, MakeTable(add...)) {}

  Kernel& kernel() { return kernel_; }

  ProgramResult Run(Words args, std::string input = "") {
    return RunProgram(kernel_, std::move(args), std::move(input));
  }
  void WriteFile(const std::string& path, const std::string& content) {
    kernel_.WithTurn([&](FileSystem& files) {
      const auto slash = path.rfind('/');
      if (slash != 0) (void)files.MakeDirectories(path.substr(0, slash));
      (void)files.WriteFile(path, content);
    });
  }
  std::string ReadFile(const std::string& path) {
    std::string content;
    kernel_.WithTurn(
        [&](FileSystem& files) { content = files.ReadFile(path).value_or("(no file)"); });
    return content;
  }

 private:
  template <typename... AddPrograms>
  static std::shared_ptr<const ProgramTable> MakeTable(AddPrograms... add) {
    auto table = std::make_shared<ProgramTable>();
    (add(*table), ...);
    return table;
  }

  Kernel kernel_;
};

// A row of a table: what a command prints for an input, its exit code, and whether it complains.
struct ProgramCase {
  Words args;
  std::string input;
  std::string output;
  int code = 0;
  bool complains = false;
};

inline std::ostream& operator<<(std::ostream& stream, const ProgramCase& row) {
  for (const std::string& word : row.args) stream << word << ' ';
  return stream;
}

// Every row does on the machine what it says.
inline void ExpectPrograms(TestMachine& machine, const std::vector<ProgramCase>& rows) {
  for (const ProgramCase& row : rows) {
    SCOPED_TRACE(testing::PrintToString(row));
    const ProgramResult result = machine.Run(row.args, row.input);
    EXPECT_EQ(result.output, row.output);
    EXPECT_EQ(result.code, row.code) << result.errors;
    EXPECT_EQ(!result.errors.empty(), row.complains) << result.errors;
  }
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TESTING_H_
