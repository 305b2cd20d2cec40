#ifndef COMPUTESDK_PROVIDERS_LOCAL_PROCESS_H_
#define COMPUTESDK_PROVIDERS_LOCAL_PROCESS_H_

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sdk/adapter/descriptor.h"
#include "sdk/types.h"
#include "tl/expected.hpp"

namespace computesdk::local {

using adapter::Descriptor;
using Argv = std::vector<std::string>;

// The program as execve(2) needs it: a name without a slash is looked for in `path`, the value of
// PATH, from the directory `cwd`. errno says why there is none: ENOENT or EACCES.
std::optional<std::string> FindProgram(const std::string& name, const std::string& path, int cwd);

struct ProcessStart {
  Argv argv;
  Argv variables;  // "NAME=value": all that the program gets.
  int cwd = -1;    // The open directory it starts in.
  int out = -1;    // Its standard output and error.
  int err = -1;
  // A descriptor that closes when the program runs, and not before. It has O_CLOEXEC.
  int until_it_runs = -1;
};

// A child of this process, in a session of its own, with an empty standard input and none of this
// process's descriptors.
class Process {
 public:
  // Starts `file`. The errno on failure; once this returns, the program runs.
  static tl::expected<Process, int> Start(const std::string& file, const ProcessStart& start);

  pid_t pid() const { return pid_; }
  // Readable once it has ended.
  int ended() const { return handle_.get(); }
  // SIGKILL to its process group.
  void Kill() const;
  // Waits for its end: its exit code, or 128 + the signal that ended it. Once.
  int Wait();

 private:
  Process(pid_t pid, Descriptor handle) : pid_(pid), handle_(std::move(handle)) {}

  pid_t pid_;
  Descriptor handle_;
};

// What a program printed while it was waited for.
struct Watched {
  enum class End { kByItself, kOutOfTime, kTooMuchOutput };
  End end = End::kByItself;
  std::string out;
  std::string err;
};

// Reads both pipes until the process ends, the deadline comes, or they gave more than `most` bytes
// together. Does not wait for others that hold the pipes.
Watched Watch(const Process& process, int out, int err, std::optional<adapter::Deadline> deadline,
              std::size_t most);

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_PROCESS_H_
