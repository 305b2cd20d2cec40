#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARGUMENTS_ARGUMENT_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARGUMENTS_ARGUMENT_PROGRAMS_H_

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

// Those that look after the terminal.
int ClearMain(Process& process);
int LessMain(Process& process);
int MoreMain(Process& process);
int SttyMain(Process& process);

// Those that give messages.
int GettextMain(Process& process);
int LoggerMain(Process& process);
int NgettextMain(Process& process);

// Those that tell of programs and of who is there.
int HostidMain(Process& process);
int LddMain(Process& process);
int LognameMain(Process& process);
int WhereisMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARGUMENTS_ARGUMENT_PROGRAMS_H_
