// Expands words in a sandbox with variables of every kind, and runs what else is among them.
#include <cstddef>
#include <cstdint>
#include <string>

#include "mocks/in_memory/kernel/fuzzing.h"
#include "mocks/in_memory/shell/shell.h"

namespace {

constexpr char kBefore[] =
    "shopt -s extglob\n"
    "s='a b' e= n=12 u=$'\\u00e4\\u20ac' g='*' r=s\n"
    "a=(one 'two 2' '' three) m=([k]=v ['k 2']='v 2')\n"
    "declare -A m=([k]=v ['k 2']='v 2')\n"
    "declare -n ref=a\n"
    "f() { printf '%s' \"$#\"; }\n"
    "set -- 1 'two words' ''\n"
    "printf '<%s>' ";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace computesdk::in_memory;
  static auto* const machine = new FuzzMachine({{"bash", ShellMain}, {"sh", ShellMain}});
  const auto [words, input] = SplitInput(data, size);
  machine->Run({"bash", "-c", kBefore + words + "\n"}, input);
  return 0;
}
