#ifndef COMPUTESDK_CONFORMANCE_CHECKS_RAW_ADAPTER_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_RAW_ADAPTER_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"
#include "sdk/adapter/child_process.h"
#include "sdk/types.h"

namespace computesdk::conformance {

// Another process of an adapter, spoken to line by line: for what no call of a Provider sends. It
// is killed with this object. For one thread.
class RawAdapter {
 public:
  // Started like the process `pid`, as /proc shows its command line and working directory, and with
  // `initialize` answered. The error says what is in the way.
  static Result<std::unique_ptr<RawAdapter>> StartLike(int pid);

  // A request, and the message that answers it, `result` or `error` in it; nullopt without one.
  std::optional<nlohmann::json> Ask(const std::string& method, const nlohmann::json& params);
  // Bytes as they are.
  bool Send(std::string_view bytes);
  void CloseInput() { input_.Close(); }
  // Whether it ends within `limit`.
  bool EndsWithin(Milliseconds limit);

 private:
  explicit RawAdapter(std::unique_ptr<adapter::ChildProcess> child);

  // Takes in what comes until there is a whole line; nullopt at the deadline, or the end.
  std::optional<std::string> NextLine(adapter::Deadline deadline);

  const std::unique_ptr<adapter::ChildProcess> child_;
  adapter::Descriptor input_;
  std::string buffer_;
  bool output_ended_ = false;
  bool log_ended_ = false;
  int next_id_ = 1;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_RAW_ADAPTER_H_
