#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SYSTEM_SMALL_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SYSTEM_SMALL_PROGRAMS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int DateMain(Process& process);
int EnvMain(Process& process);
int PrintenvMain(Process& process);

// What a shell has built in, for those who start it as a program: find -exec, xargs, env.
int EchoMain(Process& process);
int PrintfMain(Process& process);
int PwdMain(Process& process);
int TestMain(Process& process);  // Also "[".

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SYSTEM_SMALL_PROGRAMS_H_
