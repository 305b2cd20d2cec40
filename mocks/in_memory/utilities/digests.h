#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGESTS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGESTS_H_

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

void AddChecksumPrograms(ProgramTable& table);  // md5sum sha1sum …
int Base64Main(Process& process);
int OdMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGESTS_H_
