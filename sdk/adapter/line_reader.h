#ifndef COMPUTESDK_SDK_ADAPTER_LINE_READER_H_
#define COMPUTESDK_SDK_ADAPTER_LINE_READER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/adapter/descriptor.h"

namespace computesdk::adapter {

inline constexpr std::size_t kMaxLineBytes = std::size_t{64} << 20;

// Cuts what a descriptor gives into lines. What is longer than a line may be is given up to its
// end, and reported once.
class LineReader {
 public:
  enum class Event {
    kLine,      // line() is the next one, without its line feed.
    kTooLong,   // line() is the beginning of one over the limit.
    kFragment,  // The input ended within a line; line() is what was there of it.
    kEnd,
    kFailed,    // errno says why.
    kStopped,   // `stop_fd` became readable, and no input is left.
    kTimedOut,  // The deadline has come; what is there of a line is kept.
  };

  // Borrows the descriptors. `stop_fd` is -1, or ends the reading once it is readable or closed
  // on its other side, after the input that is there.
  explicit LineReader(int fd, int stop_fd = -1, std::size_t max_line_bytes = kMaxLineBytes)
      : fd_(fd), stop_fd_(stop_fd), max_line_bytes_(max_line_bytes) {}

  // What is there already is read even after the deadline.
  Event Next(std::optional<Deadline> deadline = {});

  // Until the next call of Next.
  std::string_view line() const { return line_; }

 private:
  enum class Input { kBytes, kEnd, kFailed, kStopped, kTimedOut };

  Input Fill(std::optional<Deadline> deadline);
  Input WaitForInput(std::optional<Deadline> deadline);

  const int fd_;
  const int stop_fd_;
  const std::size_t max_line_bytes_;
  std::string buffer_;
  std::size_t begin_ = 0;    // Of what was not given out yet.
  std::size_t scanned_ = 0;  // Up to here there is no line feed.
  bool skipping_ = false;    // In the rest of a line that was too long.
  std::string_view line_;
};

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_LINE_READER_H_
