#ifndef COMPUTESDK_SDK_ADAPTER_LINE_WRITER_H_
#define COMPUTESDK_SDK_ADAPTER_LINE_WRITER_H_

#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>

#include "sdk/adapter/descriptor.h"

namespace computesdk::adapter {

// Writes lines, from several threads, to a reader that may never read: each line goes out whole
// and unmixed, and no caller waits longer than its deadline. What is left of a line whose deadline
// came in the middle goes out before the next line.
class LineWriter {
 public:
  enum class Outcome {
    kWritten,
    kTimedOut,  // Part of it may have been read, the rest follows.
    kNotSent,   // The deadline came before its first byte.
    kClosed,    // Nobody will read it.
  };

  // Makes the descriptor non-blocking.
  explicit LineWriter(Descriptor fd);

  // `line` ends with its line feed.
  Outcome Write(std::string line, Deadline deadline);

  // Ends writes in progress, and makes the reader see the end of its input.
  void Close();

 private:
  // Writes from the front of `bytes`, and removes what was written.
  Outcome Push(std::string_view& bytes, Deadline deadline);
  bool closing();

  std::mutex mutex_;
  std::condition_variable turn_;
  bool writing_ = false;  // Somebody has the turn, and with it fd_ and rest_.
  bool closing_ = false;
  Descriptor fd_;
  std::string rest_;
};

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_LINE_WRITER_H_
