#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LISTING_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LISTING_PROGRAMS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int LsMain(Process& process);
int DirMain(Process& process);   // ls -C -b
int VdirMain(Process& process);  // ls -l -b
int StatMain(Process& process);
int DuMain(Process& process);
int DfMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LISTING_PROGRAMS_H_
