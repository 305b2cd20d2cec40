#ifndef COMPUTESDK_PROVIDERS_LOCAL_LOCAL_PROVIDER_H_
#define COMPUTESDK_PROVIDERS_LOCAL_LOCAL_PROVIDER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "sdk/provider.h"

namespace computesdk {

// What RunCode accepts, and the program that runs it: `command` with a file's path after it.
struct LocalRuntime {
  std::string name = {};
  std::vector<std::string> command = {};
};

struct LocalProviderOptions {
  std::string name = "local";
  // The folder that holds the sandboxes; made if need be. Empty: computesdk/local in the user's
  // state directory ($XDG_STATE_HOME, or ~/.local/state).
  std::string root = {};
  // Runs a line as `SHELL… -c LINE`.
  std::vector<std::string> shell = {"/bin/bash"};
  // The first is the default. Those whose program is not installed are left out.
  std::vector<LocalRuntime> runtimes = {
      {"bash", {"bash"}}, {"sh", {"sh"}}, {"python", {"python3"}}, {"node", {"node"}}};
  // PATH of every command, and where the runtimes are looked for.
  std::string path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  int max_concurrency = 16;
  // What one command may print, and how large a file ReadFile gives; more is kResourceExhausted.
  std::size_t max_output_bytes = std::size_t{256} << 20;
};

// Sandboxes that are folders of this machine, and commands that are its processes. It isolates
// NOTHING: a command may do what the user may do, sees the whole machine, and ports are shared.
// For developing without credentials, and for trusted code.
//
// Sandboxes are on disk, and outlive this object and its process: another LocalProvider with the
// same root, then or later, finds them by id, runs commands in them and destroys them. Several may
// use one root at once. `sandbox_store.h` says how it lies on disk.
//
// A sandbox's workdir is its HOME. Its commands get an environment that is made from nothing (PATH,
// HOME, TMPDIR, LANG, SHELL, and what create and the command say), an empty standard input, and a
// session of their own. Every process has COMPUTESDK_SANDBOX=id, by which Destroy finds it, whoever
// started it. What a command leaves in the background lives on until Destroy, but its output goes
// nowhere. File methods reach the sandbox's own folder alone, and no link leads them out of it.
//
// An address is http://ID.localhost:PORT, which resolvers take for this machine.
class LocalProvider : public Provider {
 public:
  // A root that cannot be used, or a shell or runtimes that are not installed, is the error of
  // every call: kUnavailable, or what the system says.
  explicit LocalProvider(LocalProviderOptions options = {});
  // Leaves the sandboxes and what runs in them. No call may be in flight.
  ~LocalProvider() override;

  const ProviderDescription& Describe() const override;
  Result<SandboxRef> Create(const CreateSandboxOptions& options) override;
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override;
  Result<std::vector<SandboxRef>> List() override;
  Status Destroy(const std::string& sandbox_id) override;
  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override;
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override;
  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override;
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override;
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override;
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override;
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override;
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override;
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override;
  Status Remove(const std::string& sandbox_id, const std::string& path) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_PROVIDERS_LOCAL_LOCAL_PROVIDER_H_
