#ifndef COMPUTESDK_SDK_ADAPTER_CHILD_PROCESS_H_
#define COMPUTESDK_SDK_ADAPTER_CHILD_PROCESS_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "sdk/adapter/descriptor.h"
#include "sdk/types.h"

namespace computesdk::adapter {

// A program in a process group of its own, with pipes for its three standard streams. When it
// ends, however that comes, what is left of its group is killed, and it is reaped.
class ChildProcess {
 public:
  // The first word of the command is looked for in PATH. kUnavailable if it cannot be started.
  static Result<std::unique_ptr<ChildProcess>> Start(const std::vector<std::string>& command,
                                                     const std::string& working_directory,
                                                     const Environment& env);

  // Kills the group if the child still runs.
  ~ChildProcess();

  int pid() const { return pid_; }
  Descriptor TakeInput() { return std::move(input_); }
  int output() const { return output_.get(); }
  int error_output() const { return error_output_.get(); }
  // Readable (at its end) once the child has ended and its group was killed.
  int exited() const { return exit_pipe_.read.get(); }

  // To the whole group; nothing once it has ended.
  void Signal(int signal);

  // The status as wait(2) gives it; nullopt if it still runs at the deadline.
  std::optional<int> WaitUntil(Deadline deadline);

 private:
  ChildProcess() = default;
  void WaitAndReap();

  int pid_ = -1;
  Descriptor input_;
  Descriptor output_;
  Descriptor error_output_;
  Pipe exit_pipe_;
  std::mutex mutex_;
  std::condition_variable ended_;
  std::optional<int> status_;
  std::thread waiter_;
};

// "exited with status 3", "was ended by signal 9 (Killed)".
std::string DescribeWaitStatus(int status);

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_CHILD_PROCESS_H_
