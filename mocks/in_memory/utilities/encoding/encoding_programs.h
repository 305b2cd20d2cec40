#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ENCODING_ENCODING_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ENCODING_ENCODING_PROGRAMS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int XxdMain(Process& process);
int HexdumpMain(Process& process);  // Also as hd, which is hexdump -C.
int IconvMain(Process& process);
int StringsMain(Process& process);

// xxd -r: bytes from standard input, or from what descriptor `in` is, to `out`.
struct XxdRevert {
  bool plain = false;
  std::size_t columns = 16;
  std::int64_t offset = 0;  // Added to every position.
};
int RevertXxd(Process& process, int in, int out, const XxdRevert& style);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ENCODING_ENCODING_PROGRAMS_H_
