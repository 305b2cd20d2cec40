#ifndef COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_IMPL_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_IMPL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mocks/in_memory_provider.h"

namespace computesdk {

// One sandbox. Who uses it holds it, so that it ends only after the last call in it.
struct InMemorySandbox {
  InMemorySandbox(std::string id, in_memory::Clock& clock, const in_memory::KernelLimits& limits,
                  std::shared_ptr<const in_memory::ProgramTable> programs,
                  std::shared_ptr<const in_memory::FileSystemImage> image)
      : id(std::move(id)), kernel(clock, limits, std::move(programs), std::move(image)) {}

  const std::string id;
  CreateSandboxOptions options;
  std::shared_ptr<const Environment> envs;  // All of them.
  in_memory::ClockTime created;
  in_memory::ClockTime end = in_memory::ClockTime::max();
  std::atomic<bool> destroyed{false};
  in_memory::Kernel kernel;
};

using InMemorySandboxPtr = std::shared_ptr<InMemorySandbox>;

struct InMemoryProvider::Impl {
  explicit Impl(InMemoryProviderOptions options);

  // The live sandbox; kNotFound for any other id. One whose time is over ends here.
  Result<InMemorySandboxPtr> Find(const std::string& sandbox_id);
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
  std::shared_ptr<const Environment> envs;
  std::shared_ptr<const in_memory::ProgramTable> programs;
  std::shared_ptr<const in_memory::FileSystemImage> image;
  in_memory::Main exec;   // Runs the program that args[0] names.
  in_memory::Main shell;  // Runs bash, whatever became of its file.
  std::string id_prefix;
  std::atomic<std::uint64_t> next_id{1};

  std::shared_mutex mutex;
  std::unordered_map<std::string, InMemorySandboxPtr> sandboxes;
};

// Names are identifiers, values have no NUL.
Status CheckEnvironment(const Environment& envs);

// The latest time of all where the sum is beyond it.
in_memory::ClockTime TimeAfter(in_memory::ClockTime now, Milliseconds duration);

// The code that says best why a system call failed.
ErrorCode ErrorCodeOf(std::errc error);

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_IMPL_H_
