#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_TEXT_LAYOUT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_TEXT_LAYOUT_H_

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int ColMain(Process& process);
int ColumnMain(Process& process);
int ColrmMain(Process& process);
int FmtMain(Process& process);
int LookMain(Process& process);
int PrMain(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_TEXT_LAYOUT_H_
