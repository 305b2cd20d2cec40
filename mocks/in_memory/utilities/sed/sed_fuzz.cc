// A program of sed up to a NUL, then its input.
#include <cstddef>
#include <cstdint>

#include "mocks/in_memory/kernel/fuzzing.h"
#include "mocks/in_memory/utilities/programs.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace computesdk::in_memory;
  static auto* const machine = new FuzzMachine(TableOf(AddSedPrograms));
  const auto [program, input] = SplitInput(data, size);
  // Half of them are read as extended regular expressions.
  machine->Run({"sed", size % 2 == 0 ? "-E" : "-n", "--", program}, input);
  return 0;
}
