#ifndef COMPUTESDK_BENCH_CHILD_H_
#define COMPUTESDK_BENCH_CHILD_H_

#include <string>
#include <vector>

#include "sdk/result.h"

namespace computesdk::bench {

// A process with a pipe to its standard input and one from its standard output; nothing more, as
// its start is part of what is measured.
class Child {
 public:
  // The first word is looked for in PATH. kUnavailable if it cannot be started.
  static Result<Child> Start(const std::vector<std::string>& command);
  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();  // Closes both pipes, and waits for its end.

  bool WriteLine(std::string line);
  // Without its line feed; kUnavailable at the end.
  Result<std::string> ReadLine();
  // Closes its input, reads to the end and waits; its wait status is in `status`.
  std::string Finish(int& status);

 private:
  Child(int pid, int input, int output) : pid_(pid), input_(input), output_(output) {}
  bool ReadMore();

  int pid_;
  int input_;
  int output_;
  std::string read_;
};

}  // namespace computesdk::bench

#endif  // COMPUTESDK_BENCH_CHILD_H_
