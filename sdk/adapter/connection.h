#ifndef COMPUTESDK_SDK_ADAPTER_CONNECTION_H_
#define COMPUTESDK_SDK_ADAPTER_CONNECTION_H_

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "nlohmann/json.hpp"
#include "sdk/adapter/adapter_provider.h"
#include "sdk/adapter/child_process.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/line_writer.h"
#include "sdk/adapter/rpc_message.h"
#include "sdk/json.h"

namespace computesdk {

// The child and the conversation with it: requests out, answers matched to their callers, the log
// kept, and everything noted that the protocol forbids. Knows nothing of what the methods mean.
class AdapterProvider::Connection {
 public:
  static Result<std::unique_ptr<Connection>> Start(const AdapterOptions& options);
  ~Connection();

  // Whether a request counts against the concurrency limit, and waits for its turn.
  enum class Gate { kWait, kPass };

  // The result that answers a request within `limit`. An error object becomes its error.
  Result<nlohmann::json> Call(std::string_view method, const nlohmann::json& params,
                              Milliseconds limit, Gate gate = Gate::kWait);

  // Call, and the result read as a T; what is wrong with it is noted, and kInternal.
  template <typename T>
  Result<T> CallFor(std::string_view method, const nlohmann::json& params) {
    const Result<nlohmann::json> result = Call(method, params, call_timeout_);
    if (!result) return tl::unexpected<Error>(result.error());
    return Checked(method, FromJson<T>(*result, "result"));
  }
  Status CallForNothing(std::string_view method, const nlohmann::json& params);
  template <typename T>
  Result<T> Checked(std::string_view method, Result<T> decoded) {
    if (decoded) return decoded;
    return BadShape(method, decoded.error());
  }

  std::vector<std::string> TakeLateSandboxes(Milliseconds patience);
  Status Shutdown();
  void Kill();

  void set_max_concurrency(int count);
  Milliseconds call_timeout() const { return call_timeout_; }
  bool alive() const;
  int pid() const { return child_->pid(); }
  std::string stderr_tail() const;
  std::vector<ProtocolViolation> violations() const;

  ProviderDescription description;  // Set once, before there are other callers.

 private:
  // A caller that waits for its answer. Lives on the caller's stack.
  struct Waiting {
    std::string method;
    std::condition_variable answered = {};
    std::optional<Result<nlohmann::json>> answer = {};
    bool awaits = false;  // The request is sent: it may read the answers.
  };

  Connection(std::unique_ptr<adapter::ChildProcess> child, Milliseconds call_timeout);

  Status Enter(std::string_view method, adapter::Deadline deadline, Milliseconds limit);
  void Leave();
  Result<nlohmann::json> Exchange(std::string_view method, const std::string& params,
                                  adapter::Deadline deadline, Milliseconds limit);
  Result<nlohmann::json> GiveUp(std::int64_t id, const Waiting& waiting,
                                adapter::LineWriter::Outcome sent, Milliseconds limit);
  // After the adapter stopped reading: waits for its end, or brings it about.
  void EndAfterClosedInput();

  // Until its answer is there or the deadline has come. Whoever waits and finds nobody reading
  // reads the adapter's output itself, for the others too: an answer costs no switch of threads.
  void Await(std::unique_lock<std::mutex>& lock, Waiting& waiting, adapter::Deadline deadline);
  // Wakes somebody who can read, if nobody does.
  void HandOn();
  // Reads one line, or the like; false if the deadline came first.
  bool ReadOne(std::unique_lock<std::mutex>& lock, std::optional<adapter::Deadline> deadline);
  // Reads what comes while nobody waits for it, and tells of the end.
  void Watch();
  // False at the end of the adapter's output.
  bool TakeEvent(adapter::LineReader::Event event);
  void ReadLog();
  void TakeLine(std::string_view line);
  void TakeUnmatched(const adapter::Answer& answer);
  // The adapter has ended, or its output has: every caller gets the reason.
  void NoteEnd();
  void FailAll(const std::string& reason);

  tl::unexpected<Error> BadShape(std::string_view method, const Error& error);
  void Note(ProtocolViolation::Kind kind, std::string_view method, std::string description);
  void NoteLocked(ProtocolViolation::Kind kind, std::string_view method, std::string description);
  std::string MethodInFlight() const;  // Of the only request in flight; else empty.
  std::string QuotedLog() const;       // "; its standard error ends with: …", or nothing.

  const std::unique_ptr<adapter::ChildProcess> child_;
  const Milliseconds call_timeout_;
  adapter::LineWriter writer_;

  mutable std::mutex mutex_;
  std::condition_variable gate_;  // A place became free, or the adapter ended.
  std::condition_variable log_ended_cv_;
  std::condition_variable late_answer_;
  std::condition_variable watch_;  // There is something to do for the thread of that name.
  adapter::LineReader reader_;     // Used by whoever has set reading_.
  bool reading_ = false;
  bool read_to_end_ = false;
  int awaiting_ = 0;  // Callers in Await.
  int max_concurrency_ = 1;
  int in_flight_ = 0;
  std::int64_t next_id_ = 1;
  std::map<std::int64_t, Waiting*> waiting_;
  // The methods of requests that were sent, were given up, and may still be answered.
  std::map<std::int64_t, std::string> given_up_;
  std::vector<std::string> late_sandboxes_;
  std::optional<std::string> ended_;  // Why no call can succeed any more.
  bool shut_down_ = false;            // Shutdown was called: an exit is no violation any more.
  bool ending_ = false;               // Its input is closed, or it was killed.
  bool log_ended_ = false;
  std::string log_;
  std::vector<ProtocolViolation> violations_;

  std::thread watch_thread_;
  std::thread log_thread_;
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_ADAPTER_CONNECTION_H_
