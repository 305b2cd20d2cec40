#ifndef COMPUTESDK_SDK_ADAPTER_ADAPTER_PROVIDER_H_
#define COMPUTESDK_SDK_ADAPTER_ADAPTER_PROVIDER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sdk/provider.h"

namespace computesdk {

struct AdapterOptions {
  std::vector<std::string> command = {};  // The program and its arguments; no shell is involved.
  std::string working_directory = {};     // Empty: this process's own.
  Environment env = {};                   // Added to this process's own.
  Milliseconds startup_timeout{10'000};   // For the answer to `initialize`.
  Milliseconds call_timeout{60'000};      // For the answer to any other request.
};

// What an adapter did that the protocol forbids.
struct ProtocolViolation {
  enum class Kind {
    kNotJsonRpc,   // Something on standard output that is no message.
    kUnknownId,    // An answer to no request, a second answer, or one that came too late.
    kBadShape,     // A field that is missing or has the wrong type.
    kLineTooLong,  // More than 64 MiB without a line feed.
    kExited,       // It ended before it was told to.
    kNoAnswer,     // A request without an answer within its limit.
    kShutdown,     // It did not answer `shutdown`, or did not exit with 0 within 5 s of it.
  };
  Kind kind;
  std::string method;       // Of the request in flight, where one is known.
  std::string description;  // With what came, escaped and cut.
};

// A child process that speaks the adapter protocol, as a Provider. Requests are pipelined, at most
// maxConcurrency of them; further callers wait. A reader thread matches the answers by id.
//
// A call ends within call_timeout: kDeadlineExceeded without an answer. After the child has died,
// every call is kUnavailable, at once. A malformed answer is kInternal and names the field.
class AdapterProvider : public Provider {
 public:
  // Starts the child and sends `initialize`. kUnavailable if it cannot be started or exits at
  // once, kDeadlineExceeded without an answer, kFailedPrecondition for another protocol version,
  // kInternal for an answer that makes no sense; the message quotes the child's last stderr.
  static Result<std::unique_ptr<AdapterProvider>> Start(AdapterOptions options);

  // Ends the child if Shutdown did not, and its process group for sure.
  ~AdapterProvider() override;

  // Sends `shutdown`, closes the child's input and waits: 5 s, then SIGTERM, 2 s later SIGKILL.
  // An error says what the child did instead of exiting with 0. Further calls do nothing.
  Status Shutdown();

  // Ends the child and its process group now. Calls in flight are kUnavailable.
  void Kill();

  // The sandboxes whose create was given up before the answer came, each once: nobody else knows
  // of them. Waits up to `patience` for the answers that are still to come.
  std::vector<std::string> TakeLateSandboxes(Milliseconds patience);

  // Whether a plain `sandbox.list` has an answer, be it an error, within `limit`. It does not wait
  // for its turn: calls that hang may hold every place.
  bool AnswersList(Milliseconds limit);

  bool alive() const;
  int pid() const;
  // The last 64 KiB of what the child wrote to its standard error.
  std::string stderr_tail() const;
  // Everything seen so far, in order; at most the first 1,000.
  std::vector<ProtocolViolation> violations() const;

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
  class Connection;
  explicit AdapterProvider(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_ADAPTER_ADAPTER_PROVIDER_H_
