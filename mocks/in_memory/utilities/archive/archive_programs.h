#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_ARCHIVE_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_ARCHIVE_PROGRAMS_H_

#include <string>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int GzipMain(Process& process);
int GunzipMain(Process& process);
int ZcatMain(Process& process);
int ZcmpMain(Process& process);
int ZdiffMain(Process& process);
int ZegrepMain(Process& process);
int ZfgrepMain(Process& process);
int ZgrepMain(Process& process);
int TarMain(Process& process);

// The text of a file, decompressed if it is compressed; false with a complaint where that fails.
bool ReadPlain(Process& process, const std::string& file, std::string& text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_ARCHIVE_PROGRAMS_H_
