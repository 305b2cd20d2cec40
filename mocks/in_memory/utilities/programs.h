#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROGRAMS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROGRAMS_H_

#include "mocks/in_memory/kernel/kernel.h"

namespace computesdk::in_memory {

// Each family adds its programs.
void AddTextPrograms(ProgramTable& table);      // cat head tail wc cut tr tee paste comm …
void AddNumberPrograms(ProgramTable& table);    // bc factor numfmt
void AddEncodingPrograms(ProgramTable& table);  // xxd hexdump hd iconv strings
void AddLayoutPrograms(ProgramTable& table);    // col column fmt pr
void AddSortPrograms(ProgramTable& table);      // sort uniq
void AddSearchPrograms(ProgramTable& table);    // grep egrep fgrep
void AddSedPrograms(ProgramTable& table);
void AddAwkPrograms(ProgramTable& table);
void AddDigestPrograms(ProgramTable& table);   // base64 od md5sum sha1sum sha256sum sha512sum
void AddComparePrograms(ProgramTable& table);  // diff cmp
void AddPatchPrograms(ProgramTable& table);
void AddFilePrograms(ProgramTable& table);      // cp mv rm mkdir rmdir ln touch chmod mktemp …
void AddListingPrograms(ProgramTable& table);   // ls stat du
void AddFindPrograms(ProgramTable& table);      // find xargs
void AddPathPrograms(ProgramTable& table);      // basename dirname readlink realpath
void AddSystemPrograms(ProgramTable& table);    // env printenv id whoami uname hostname kill …
void AddArgumentPrograms(ProgramTable& table);  // getopt flock envsubst tput getconf getent locale
void AddInspectPrograms(ProgramTable& table);   // tree file
void AddOrderPrograms(ProgramTable& table);     // csplit tsort
void AddArchivePrograms(ProgramTable& table);   // tar gzip gunzip zcat
void AddProcessPrograms(ProgramTable& table);   // ps pgrep pkill nohup setsid nice …
void AddJqPrograms(ProgramTable& table);
void AddTimePrograms(ProgramTable& table);  // sleep timeout date

// All of them.
void AddUtilities(ProgramTable& table);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROGRAMS_H_
