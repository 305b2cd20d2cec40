#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_FILE_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_FILE_PROGRAMS_H_

#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

int CpMain(Process& process);
int MvMain(Process& process);
int InstallMain(Process& process);
int LinkMain(Process& process);
int LnMain(Process& process);
int RmMain(Process& process);
int RmdirMain(Process& process);
int UnlinkMain(Process& process);
int MkdirMain(Process& process);
int MkfifoMain(Process& process);
int MknodMain(Process& process);
int MktempMain(Process& process);
int TouchMain(Process& process);
int TruncateMain(Process& process);
int ChmodMain(Process& process);
int ChownMain(Process& process);
int ChgrpMain(Process& process);
int DdMain(Process& process);
int ShredMain(Process& process);
int SyncMain(Process& process);

// Where cp, mv and ln put things: -t DIR, -T, or the last operand.
struct Targets {
  std::vector<std::string> sources;
  std::string target;
  bool into_directory = false;
  // For one of the sources.
  std::string For(const std::string& source) const;
};
// Complains and ends the program if operands are missing or the target is no directory.
// `no_follow` takes a link to a directory for the target itself (ln -n).
Targets FindTargets(Process& process, std::vector<std::string> operands,
                    const std::string& target_directory, bool no_target_directory,
                    bool no_follow = false);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILES_FILE_PROGRAMS_H_
