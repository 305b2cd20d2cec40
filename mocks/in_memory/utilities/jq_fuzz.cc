// A program of jq up to a NUL, then its input.
#include <cstddef>
#include <cstdint>

#include "mocks/in_memory/kernel/fuzzing.h"
#include "mocks/in_memory/utilities/programs.h"

namespace {

computesdk::in_memory::ProgramTable Programs() {
  computesdk::in_memory::ProgramTable table;
  computesdk::in_memory::AddJqPrograms(table);
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace computesdk::in_memory;
  static auto* const machine = new FuzzMachine(Programs());
  const auto [program, input] = SplitInput(data, size);
  machine->Run({"jq", program}, input);
  return 0;
}
