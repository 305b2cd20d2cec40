#ifndef COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_IMPL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_IMPL_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/in_memory_provider.h"

namespace computesdk {

// The runtime that is always there.
inline constexpr std::string_view kRuntime = "bash";

// What was asked of a sandbox. Safe to use from several threads.
class CommandLog {
 public:
  void Add(CommandRecord record);
  std::vector<CommandRecord> Records() const;

 private:
  mutable std::mutex mutex_;
  std::deque<CommandRecord> records_;
};

// What a new sandbox starts from. Never changes: a change makes a new one.
struct SandboxBase {
  std::shared_ptr<const in_memory::ProgramTable> programs;
  std::shared_ptr<const in_memory::ProgramTable> runtimes;  // bash among them.
  std::shared_ptr<const in_memory::FileSystemImage> files;
  std::shared_ptr<const Environment> envs;
};

// One sandbox. Who uses it holds it, so that it ends only after the last call in it.
struct InMemorySandbox {
  InMemorySandbox(std::string id, in_memory::Clock& clock, const in_memory::KernelLimits& limits,
                  SandboxBase base)
      : id(std::move(id)),
        envs(std::move(base.envs)),
        runtimes(std::move(base.runtimes)),
        kernel(clock, limits, std::move(base.programs), std::move(base.files)) {}

  const std::string id;
  const std::shared_ptr<const Environment> envs;  // All of them.
  const std::shared_ptr<const in_memory::ProgramTable> runtimes;
  CreateSandboxOptions options;
  in_memory::ClockTime created;
  in_memory::ClockTime end = in_memory::ClockTime::max();
  std::atomic<bool> destroyed{false};
  in_memory::Kernel kernel;
  CommandLog commands;
};

using InMemorySandboxPtr = std::shared_ptr<InMemorySandbox>;

// The number that an id ends with: sandboxes made one after the other are neighbours in the table,
// so that its memory is warm, however many there are.
struct SandboxIdHash {
  std::size_t operator()(const std::string& id) const {
    std::size_t number = 0;
    for (std::size_t at = id.find_last_of('-') + 1; at < id.size(); ++at) {
      number = number * 10 + static_cast<unsigned char>(id[at]) - '0';
    }
    return number;
  }
};

struct InMemoryProvider::Impl {
  explicit Impl(InMemoryProviderOptions options);

  // The live sandbox; kNotFound for any other id. One whose time is over ends here.
  Result<InMemorySandboxPtr> Find(const std::string& sandbox_id);
  Result<SandboxRef> Create(const CreateSandboxOptions& options, SandboxBase base);
  SandboxBase Base();
  // Makes base.files, with what the options ask for. The error that Create gives.
  Status FillFiles(const in_memory::ProgramTable& programs);
  // nullptr if it was not there.
  InMemorySandboxPtr Take(const std::string& sandbox_id);
  Result<ExecutionResult> Execute(InMemorySandbox& sandbox, in_memory::SpawnOptions spawn,
                                  const in_memory::Main& main, const RunCommandOptions& options);
  // Runs `body` on the sandbox's files with the path made absolute; its error becomes ours.
  template <typename T>
  Result<T> WithFiles(const std::string& sandbox_id, const std::string& path,
                      const std::function<in_memory::IoResult<T>(in_memory::FileSystem&,
                                                                 const std::string&)>& body);

  const InMemoryProviderOptions options;
  in_memory::Clock& clock;
  ProviderDescription description;
  in_memory::Main exec;   // Runs the program that args[0] names.
  in_memory::Main shell;  // Runs bash, whatever became of its file.
  Status usable;          // Why there can be no sandbox: a folder of the options cannot be shown.
  std::string id_prefix;
  std::atomic<std::uint64_t> next_id{1};

  std::shared_mutex mutex;  // Of what follows.
  SandboxBase base;
  std::unordered_map<std::string, InMemorySandboxPtr, SandboxIdHash> sandboxes;
};

// "there is no runtime 'x', only bash, …"
std::string NoRuntime(const std::string& runtime, const in_memory::ProgramTable& runtimes);

// Names are identifiers, values have no NUL.
Status CheckEnvironment(const Environment& envs);

// The latest time of all where the sum is beyond it.
in_memory::ClockTime TimeAfter(in_memory::ClockTime now, Milliseconds duration);

// The file, and the folders on the way where they are missing.
in_memory::IoStatus WriteWithParents(in_memory::FileSystem& files, const std::string& path,
                                     const std::string& content);

// The code that says best why a system call failed.
ErrorCode ErrorCodeOf(std::errc error);

template <typename T>
Result<T> InMemoryProvider::Impl::WithFiles(
    const std::string& sandbox_id, const std::string& path,
    const std::function<in_memory::IoResult<T>(in_memory::FileSystem&, const std::string&)>& body) {
  Result<InMemorySandboxPtr> sandbox = Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  if (path.empty() || path.find('\0') != std::string::npos) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "sandbox " + sandbox_id + ": the path is empty or has a NUL in it");
  }
  in_memory::IoResult<T> result = in_memory::IoError(std::errc::io_error);
  (*sandbox)->kernel.WithTurn([&](in_memory::FileSystem& files) {
    result = body(files, in_memory::JoinPath(options.workdir, path));
  });
  if ((*sandbox)->destroyed) {
    return MakeError(ErrorCode::kNotFound, "sandbox " + sandbox_id + " was destroyed");
  }
  if (result) return std::move(result).map_error([](std::errc) { return Error{}; });
  return MakeError(ErrorCodeOf(result.error()), "sandbox " + sandbox_id + ": " + path + ": " +
                                                    in_memory::ErrnoText(result.error()));
}

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_IMPL_H_
