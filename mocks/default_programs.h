#ifndef COMPUTESDK_MOCKS_DEFAULT_PROGRAMS_H_
#define COMPUTESDK_MOCKS_DEFAULT_PROGRAMS_H_

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

// What every sandbox of the in-memory provider finds in /usr/bin: the shell and the utilities.
const ProgramTable& DefaultPrograms();

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_DEFAULT_PROGRAMS_H_
