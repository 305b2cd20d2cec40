#ifndef COMPUTESDK_CONFORMANCE_CLI_INTERRUPT_H_
#define COMPUTESDK_CONFORMANCE_CLI_INTERRUPT_H_

#include <functional>
#include <thread>

namespace computesdk::conformance {

// While it lives, the first SIGINT, SIGTERM or SIGHUP calls `stop`, on a thread of its own, and the
// second ends the process at once. One at a time.
class InterruptHandler {
 public:
  explicit InterruptHandler(std::function<void()> stop);
  ~InterruptHandler();
  InterruptHandler(const InterruptHandler&) = delete;
  InterruptHandler& operator=(const InterruptHandler&) = delete;

 private:
  int pipe_[2];
  std::thread thread_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_INTERRUPT_H_
