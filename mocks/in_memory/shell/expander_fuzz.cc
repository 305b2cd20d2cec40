// Expands words in a sandbox with variables of every kind, and runs what else is among them.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "mocks/in_memory/kernel/fuzzing.h"
#include "mocks/in_memory/shell/shell.h"

namespace {

constexpr char kBefore[] =
    "shopt -s extglob\n"
    "s='a b' e= n=12 u=$'\\u00e4\\u20ac' g='*' r=s\n"
    "a=(one 'two 2' '' three)\n"
    "declare -A m=([k]=v ['k 2']='v 2')\n"
    "declare -n ref=a\n"
    "f() { printf '%s' \"$#\"; }\n"
    "set -- 1 'two words' ''\n"
    "printf '<%s>' ";

computesdk::in_memory::FuzzMachine* MakeMachine() {
  using namespace computesdk::in_memory;
  auto* machine = new FuzzMachine({{"bash", ShellMain}, {"sh", ShellMain}});
  // Were there an error in what stands before the words, none of them would be expanded.
  const Kernel::Outcome outcome =
      machine->Run({"bash", "-c", std::string(kBefore) + "\"${m[k 2]}\" \"${ref[1]}\"\n"}, "");
  if (outcome.stdout_bytes != "<v 2><two 2>") std::abort();
  return machine;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace computesdk::in_memory;
  static auto* const machine = MakeMachine();
  const auto [words, input] = SplitInput(data, size);
  machine->Run({"bash", "-c", kBefore + words + "\n"}, input);
  return 0;
}
