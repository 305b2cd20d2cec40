#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PROCESS_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PROCESS_PROGRAMS_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// Those that start another program in another way.
int NohupMain(Process& process);
int SetsidMain(Process& process);
int NiceMain(Process& process);
int StdbufMain(Process& process);
int ChrtMain(Process& process);
int IoniceMain(Process& process);
int TasksetMain(Process& process);

// Those that look at the processes of the sandbox.
int PsMain(Process& process);
int PgrepMain(Process& process);
int PkillMain(Process& process);
int PidofMain(Process& process);
int KillallMain(Process& process);

// Those that tell of the machine and of who uses it.
int FreeMain(Process& process);
int UptimeMain(Process& process);
int UsersMain(Process& process);
int WMain(Process& process);
int WhoMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PROCESS_PROGRAMS_H_
