#ifndef COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/clock.h"
#include "mocks/in_memory/kernel/kernel.h"
#include "sdk/provider.h"

namespace computesdk {

struct InMemoryProviderOptions {
  std::string name = "in-memory";
  std::string workdir = "/workspace";  // Absolute; made in every sandbox.
  int max_concurrency = 64;
  // Has to outlive the provider; nullptr is the machine's clock.
  in_memory::Clock* clock = nullptr;
  in_memory::KernelLimits limits = {};  // Of each sandbox.
  Environment envs = {};                // In every sandbox; CreateSandboxOptions::envs win.
  // Files of every new sandbox: bytes by path. A relative path is meant from the workdir; folders
  // on the way are made.
  std::map<std::string, std::string> files = {};
  // Folders of this machine that every new sandbox has a copy of: the folder by its path in the
  // sandbox. The names are read once, the bytes of a file when a sandbox first looks at it.
  std::map<std::string, std::string> directories = {};
  // Programs of your own, beside the shell and the utilities, or instead of one of them.
  in_memory::ProgramTable programs = {};
  // Runtimes for RunCode beside bash, see RegisterRuntime.
  in_memory::ProgramTable runtimes = {};
  // "box-" makes the ids box-1, box-2, …, the same in every run. Empty: no two providers ever give
  // the same id.
  std::string id_prefix = {};
};

// A file, folder or link of a sandbox, as a value.
struct FileNode {
  in_memory::FileType type = in_memory::FileType::kRegular;
  std::string content = {};  // Bytes; of a link, its target; of anything else, nothing.
  unsigned mode = 0;         // Permission bits.
  Timestamp modified = {};
};

// By absolute path, in the order of the paths' bytes.
using FileTree = std::map<std::string, FileNode>;

// What a sandbox was asked to run.
struct CommandRecord {
  std::string command = {};                           // The line, the program or the code.
  std::optional<std::vector<std::string>> args = {};  // Of a program.
  std::optional<std::string> runtime = {};            // Of code.
  RunCommandOptions options = {};
};

// The files and the environment of a sandbox at one moment. Cheap to copy and to keep; may outlive
// the sandbox and its provider.
class SandboxSnapshot {
 private:
  friend class InMemoryProvider;
  std::shared_ptr<const in_memory::FileSystemImage> files_;
  std::shared_ptr<const Environment> envs_;
};

// Sandboxes inside this process: a file system in memory, a shell and utilities that run on it
// (mocks/in_memory). It needs no network, no credentials and no second process, takes microseconds,
// leaves nothing behind, and keeps every promise of Provider. Everybody in a sandbox is root.
//
// Every call is safe from several threads; sandboxes do not wait for each other.
class InMemoryProvider : public Provider {
 public:
  explicit InMemoryProvider(InMemoryProviderOptions options = {});
  ~InMemoryProvider() override;  // Ends what still runs.

  const ProviderDescription& Describe() const override;

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override;
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override;
  Result<std::vector<SandboxRef>> List() override;
  Status Destroy(const std::string& sandbox_id) override;

  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override;
  // A relative cwd is meant from the workdir.
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override;

  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override;
  // "https://8080-ID.sandbox.test": an address to compare, not one that answers.
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override;

  // Relative paths are meant from the workdir.
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override;
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override;
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override;
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override;
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override;
  Status Remove(const std::string& sandbox_id, const std::string& path) override;

  // --- what a test adds -------------------------------------------------------------------------
  // A program of the test's own, found through PATH in every sandbox that is created from now on,
  // instead of one of that name. It sees its process (mocks/in_memory/kernel/process.h): args, env,
  // cwd, Read(0, …), Write(1, …), files(), Sleep on the provider's clock, and a Checkpoint() in
  // every long loop, which unwinds it when it is killed. kInvalidArgument for a name that is empty
  // or holds a slash, a blank or a NUL.
  Status RegisterCommand(const std::string& name, in_memory::Main program);
  // A runtime for RunCode, in every sandbox that is created from now on: the program is called as
  // `NAME -c CODE`, in the workdir. Describe names it from the start only if it is an option.
  Status RegisterRuntime(const std::string& name, in_memory::Main program);

  // --- looking in from outside; kNotFound for an unknown sandbox --------------------------------
  // Everything below a folder. kNotFound if it is not there, kFailedPrecondition for a file.
  Result<FileTree> Files(const std::string& sandbox_id, const std::string& folder = ".");
  // The last thousand things that were asked of RunCommand and RunCode, whatever came of them.
  Result<std::vector<CommandRecord>> Commands(const std::string& sandbox_id);
  // The processes alive now, in the order of their pids.
  Result<std::vector<in_memory::Kernel::ProcessInfo>> Processes(const std::string& sandbox_id);

  // --- sharing a costly set-up ------------------------------------------------------------------
  // Takes no longer however many files there are: the sandbox goes on with a copy, whose files are
  // copied when they are first looked at. Processes are no part of it.
  Result<SandboxSnapshot> Snapshot(const std::string& sandbox_id);
  // A new sandbox with those files and that environment, on which options.envs are put. Takes no
  // longer however large the snapshot is: files are copied when they are first looked at. Fails as
  // Create does.
  Result<SandboxRef> Restore(const SandboxSnapshot& snapshot,
                             const CreateSandboxOptions& options = {});

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_PROVIDER_H_
