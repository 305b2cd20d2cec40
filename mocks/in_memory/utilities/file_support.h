#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILE_SUPPORT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILE_SUPPORT_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory {

// Status of a path of the process; relative ones start at its folder.
IoResult<FileStatus> StatPath(Process& process, std::string_view path,
                              Follow follow = Follow::kYes);
IoResult<FileStatus> StatLink(Process& process, std::string_view path);
// Whether it is a directory, or a link to one.
bool IsDirectory(Process& process, std::string_view path);

bool SameFile(const FileStatus& a, const FileStatus& b);

// "a/b" of "a" and "b", "/b" of "/" and "b".
std::string ChildPath(std::string_view directory, std::string_view name);
// The last part of a path, without trailing slashes: "b" of "a/b/", "/" of "//".
std::string LastComponent(std::string_view path);
// What is before it: "." where there is nothing.
std::string ParentPath(std::string_view path);
std::string WithoutTrailingSlashes(std::string_view path);

// Complains "NAME: cannot VERB 'path': words of the error".
void CannotDo(Process& process, std::string_view verb, std::string_view path, std::errc error);

// Asks on standard error, and reads a line of standard input; true if it begins with "y".
bool Confirm(Process& process, const std::string& question);

// Calls `visit` for a path and, where it is a directory, everything below it, parents first; no
// link is followed. `visit` says whether to go into a directory. Looks at the Checkpoint.
void ForEachInTree(Process& process, const std::string& path,
                   const std::function<bool(const std::string& path, const FileStatus&)>& visit);

// Names of users and groups, of /etc/passwd and /etc/group where they are, and "root".
std::string UserName(Process& process, unsigned uid);
std::string GroupName(Process& process, unsigned gid);
std::optional<unsigned> FindUser(Process& process, std::string_view name);
std::optional<unsigned> FindGroup(Process& process, std::string_view name);

// "directory", "regular empty file": as stat and diff name what a file is.
std::string_view FileTypeName(const FileStatus& status);

// What a file takes on a disk whose blocks are of 4096 bytes, in units of 512.
std::uint64_t BlocksOf(const FileStatus& status);

// "1.5K": in powers of 1024, rounded up, as -h shows it.
std::string HumanSize(std::uint64_t bytes, unsigned base = 1024);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FILE_SUPPORT_H_
