#ifndef COMPUTESDK_SDK_PROVIDER_H_
#define COMPUTESDK_SDK_PROVIDER_H_

#include <optional>
#include <string>
#include <vector>

#include "sdk/result.h"
#include "sdk/types.h"

namespace computesdk {

// What a sandbox provider promises: the one seam of the kit. Everything that offers sandboxes
// implements it, everything that uses them takes a Provider&.
//
// Trade-offs. It is narrow and takes ids, not handles, so that a wrapper (a decorator, a process
// on the other side of a pipe) is a few lines; `Sandbox` in compute.h is the handle for callers.
// Calls block: a caller who wants several at once uses several threads.
//
// For every method:
//  - It may be called from several threads at once, up to Describe().max_concurrency.
//  - An error means that the machinery failed; a program that fails is a result.
//  - A sandbox id that is unknown, or was destroyed, is kNotFound, and nothing has an effect.
//  - No exception leaves it.
class Provider {
 public:
  virtual ~Provider() = default;

  // Name, capabilities, runtimes. The same value, at the same address, for the provider's life.
  virtual const ProviderDescription& Describe() const = 0;

  // Makes a sandbox and returns when it is usable: the first command works. Its id is not empty
  // and differs from that of every other sandbox, also where creates overlap in time.
  // A runtime that is not in Describe().runtimes is kInvalidArgument. A create that fails leaves
  // nothing behind.
  virtual Result<SandboxRef> Create(const CreateSandboxOptions& options) = 0;

  // The live sandbox with that id. nullopt, not an error, for an id that is unknown or destroyed;
  // an error only if it could not be looked up.
  virtual Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) = 0;

  // Every live sandbox once, and no destroyed one, in any order; of nothing, an empty list.
  virtual Result<std::vector<SandboxRef>> List() = 0;

  // Ends the sandbox and what runs in it; calls in flight there settle. Touches no other sandbox.
  // Again, or for an id that never was: success or kNotFound, at once.
  virtual Status Destroy(const std::string& sandbox_id) = 0;

  // Runs the code, byte for byte, in request.runtime; without one, in the sandbox's own runtime.
  // Streams and exit code are the interpreter's: an uncaught exception and a syntax error are
  // results with a non-zero exit code and the text in stderr. It sees the sandbox's files;
  // standard input is empty. A runtime that is not in Describe().runtimes is kInvalidArgument and
  // runs nothing.
  virtual Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                          const RunCodeRequest& request) = 0;

  // Runs a shell line, or a program with args that reach it as they are. stdout and stderr are
  // separate, complete and exact; exit_code is the program's own, 128 + the signal if one killed
  // it, 127 if there is no such program. Standard input is empty. Commands in one sandbox run at
  // the same time, and share nothing but its files.
  // A timeout that is used up is kDeadlineExceeded, and ends all that the command started.
  // A background command returns at once, with exit_code 0 and is_background true.
  // A cwd that is not a directory fails, and the command runs nowhere.
  virtual Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                             const RunCommandRequest& request) = 0;

  // The optional methods answer kUnimplemented, at once and without effect, unless overridden.

  // Capability getInfo. created_at is the same at every call.
  virtual Result<SandboxInfo> GetInfo(const std::string& sandbox_id);

  // Capability getUrl: an absolute URL under which the port is reached, in the protocol asked for
  // (without one, http or https). Another port or sandbox has another URL. A port outside 1-65535,
  // or a protocol that cannot be served, is kInvalidArgument.
  virtual Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request);

  // Capability filesystem: these six, or none. A path is bytes, acted on as it is; nothing in it
  // is expanded or executed. Commands and code see the same files at once.

  // The file's bytes. A missing path is kNotFound; a directory is an error.
  virtual Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path);

  // Makes or replaces the file, and missing parents. A path that is a directory, or lies below a
  // file, is an error and changes nothing.
  virtual Status WriteFile(const std::string& sandbox_id, const std::string& path,
                           const std::string& content);

  // Makes the directory and missing parents; one that is there is success. Over or below a file
  // it is an error.
  virtual Status Mkdir(const std::string& sandbox_id, const std::string& path);

  // The direct children in any order, hidden ones too, never "." and "..". A missing path is
  // kNotFound; a file is an error.
  virtual Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                                 const std::string& path);

  // Whether a file or directory is there. false, not an error, for what is missing.
  virtual Result<bool> Exists(const std::string& sandbox_id, const std::string& path);

  // Removes a file, a link (never what it points to) or a whole tree. A missing path is success or
  // kNotFound.
  virtual Status Remove(const std::string& sandbox_id, const std::string& path);
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_PROVIDER_H_
