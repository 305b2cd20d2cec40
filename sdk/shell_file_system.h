#ifndef COMPUTESDK_SDK_SHELL_FILE_SYSTEM_H_
#define COMPUTESDK_SDK_SHELL_FILE_SYSTEM_H_

#include <cstddef>
#include <string>

#include "sdk/file_system_functions.h"

namespace computesdk {

// A file system made of commands, for a provider whose backend has none of its own.
//
// It is exact for every byte of a file, and for every path without NUL: a path reaches its script
// as an argument and is never part of one, and content travels as base64 or octal, so that neither
// quoting nor an output that is treated as text can change it. What cannot be done is an error that
// says why; which error it is follows from the script's exit code, never from a message.
//
// The provider must pass args as they are. The sandbox needs a POSIX `sh`, and
//   read_file   base64 or od
//   write_file  mkdir, mv, rm (base64 makes it faster; cat where the path is a link)
//   mkdir       mkdir
//   readdir     stat with -c, xargs with -0 and -r, and base64 or od
//   exists      nothing
//   remove      rm
// A file is replaced in one step: of several writers one wins whole. Times have whole seconds, and
// a link in a listing is described as a link.
struct ShellFileSystem {
  std::string shell = "sh";
  // Of the content in one command: below the 128 KiB that Linux allows for one argument, with room
  // for a provider that adds quoting.
  std::size_t chunk_bytes = std::size_t{96} << 10;
};

// The six functions over `run_command`. They may be called from several threads if it may.
FileSystemFunctions MakeShellFileSystem(RunCommandFunction run_command,
                                        ShellFileSystem options = {});

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_SHELL_FILE_SYSTEM_H_
