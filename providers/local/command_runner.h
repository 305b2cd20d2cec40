#ifndef COMPUTESDK_PROVIDERS_LOCAL_COMMAND_RUNNER_H_
#define COMPUTESDK_PROVIDERS_LOCAL_COMMAND_RUNNER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <thread>

#include "providers/local/process.h"
#include "sdk/types.h"

namespace computesdk::local {

// A program to run in a sandbox, for which everything is decided.
struct Command {
  std::string sandbox_id = {};
  Argv argv = {};
  Environment variables = {};
  std::string cwd = {};
  RunCommandOptions options = {};  // Its timeout and background count here.
  Argv shell = {};                 // For a script that names no interpreter.
};

// Runs the commands of a provider. May be used from several threads.
class CommandRunner {
 public:
  // `hold` is SandboxStore::Hold. Results carry the provider's name.
  CommandRunner(std::string provider, std::size_t max_output_bytes,
                std::function<Result<Descriptor>(const std::string& sandbox_id)> hold);
  // Leaves background commands running.
  ~CommandRunner();

  Result<ExecutionResult> Run(const Command& command);

  // The variable that every process of a sandbox has.
  static std::string MarkOf(const std::string& sandbox_id);

 private:
  struct Background {
    std::thread thread;
    std::atomic<bool> ended{false};
  };

  // Where a command starts, and what keeps the sandbox there until it runs.
  struct Place {
    Descriptor cwd;
    Descriptor hold;
  };

  Result<Place> Enter(const Command& command) const;
  tl::expected<Process, int> Start(const Command& command, const std::string& mark, Place place,
                                   int out, int err) const;
  Result<ExecutionResult> RunToEnd(const Command& command, const std::string& mark, Place place);
  Result<ExecutionResult> RunInBackground(const Command& command, const std::string& mark,
                                          Place place);
  // Waits for a background command on a thread of its own: for its timeout, and to reap it.
  void LookAfter(Process process, std::string mark, std::optional<adapter::Deadline> deadline);
  Result<ExecutionResult> NotStarted(const Command& command, int error) const;
  ExecutionResult ResultOf(const Command& command) const;

  const std::string provider_;
  const std::size_t max_output_bytes_;
  const std::function<Result<Descriptor>(const std::string&)> hold_;
  std::atomic<std::uint64_t> count_{0};
  adapter::Pipe leaving_;  // Its read end ends with the runner's life.
  std::mutex mutex_;
  std::list<Background> background_;
};

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_COMMAND_RUNNER_H_
