#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARGUMENT_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARGUMENT_PROGRAMS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// Programs that scripts lean on: for their arguments, their locks, their templates.
int GetoptMain(Process& process);
int FlockMain(Process& process);
int EnvsubstMain(Process& process);
int TputMain(Process& process);
int GetconfMain(Process& process);
int GetentMain(Process& process);
int LocaleMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARGUMENT_PROGRAMS_H_
