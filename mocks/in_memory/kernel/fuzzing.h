#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_FUZZING_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_FUZZING_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/virtual_clock.h"

namespace computesdk::in_memory {

// Runs programs of a table on inputs of a fuzzer: each in a machine of its own, within limits that
// end whatever it begins after some milliseconds.
class FuzzMachine {
 public:
  explicit FuzzMachine(ProgramTable programs)
      : programs_(std::make_shared<const ProgramTable>(std::move(programs))),
        image_(MakeBaseImage(clock_, *programs_)) {}

  // args[0] is the program.
  Kernel::Outcome Run(std::vector<std::string> args, std::string_view input) {
    KernelLimits limits;
    limits.steps = 5'000;
    limits.memory_bytes = std::size_t{1} << 17;
    limits.output_bytes = std::size_t{1} << 18;
    limits.processes = 8;
    limits.files = {.bytes = std::size_t{1} << 20, .inodes = 1000};
    Kernel kernel(clock_, limits, programs_, image_);
    SpawnOptions options;
    const Main main = programs_->at(args.at(0));
    options.args = std::move(args);
    options.env = std::map<std::string, std::string>{{"PATH", "/usr/bin"}, {"HOME", "/root"}};
    options.cwd = "/tmp";
    options.files[0] = MakeInputFile(std::string(input));
    return kernel.Run(std::move(options), main, clock_.Now() + std::chrono::minutes(1));
  }

 private:
  VirtualClock clock_;
  std::shared_ptr<const ProgramTable> programs_;
  std::shared_ptr<const FileSystemImage> image_;
};

// The programs that a family adds.
inline ProgramTable TableOf(void (*add)(ProgramTable&)) {
  ProgramTable table;
  add(table);
  return table;
}

// An input in two: up to the first NUL, and what follows it.
inline std::pair<std::string, std::string_view> SplitInput(const std::uint8_t* data,
                                                           std::size_t size) {
  const std::string_view whole(reinterpret_cast<const char*>(data), size);
  const std::size_t end = whole.find('\0');
  if (end == std::string_view::npos) return {std::string(whole), {}};
  return {std::string(whole.substr(0, end)), whole.substr(end + 1)};
}

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_FUZZING_H_
