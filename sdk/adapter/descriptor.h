#ifndef COMPUTESDK_SDK_ADAPTER_DESCRIPTOR_H_
#define COMPUTESDK_SDK_ADAPTER_DESCRIPTOR_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "sdk/result.h"
#include "sdk/types.h"

// File descriptors that close themselves, and writes that SIGPIPE cannot end the process by.
namespace computesdk::adapter {

using Clock = std::chrono::steady_clock;
using Deadline = Clock::time_point;

// Now and that much later; at most some years, so that no limit overflows.
Deadline DeadlineAfter(Milliseconds limit);

// Milliseconds until then for poll(2), rounded up; 0 if it has passed, at most `limit`.
int PollTimeout(Deadline deadline, Milliseconds limit = Milliseconds(1'000'000));

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { Close(); }

  int get() const { return fd_; }
  void Close();

 private:
  int fd_ = -1;
};

struct Pipe {
  Descriptor read;
  Descriptor write;
};

// Both ends are closed on exec.
Result<Pipe> MakePipe();

void SetNonBlocking(int fd);

// write(2) without SIGPIPE, however the process treats that signal: -1 and EPIPE instead.
// Interrupted calls are repeated.
ssize_t WriteQuietly(int fd, std::string_view bytes);

// Writes everything, for as long as it takes; false if the descriptor fails.
bool WriteFully(int fd, std::string_view bytes);

// The error with errno's text.
tl::unexpected<Error> SystemError(std::string_view doing, int error);

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_DESCRIPTOR_H_
