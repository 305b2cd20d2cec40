#include "sdk/adapter/line_writer.h"

#include <poll.h>

#include <cerrno>
#include <utility>

namespace computesdk::adapter {
namespace {

// How soon a blocked write sees that it is to end.
constexpr Milliseconds kSlice{20};

}  // namespace

LineWriter::LineWriter(Descriptor fd) : fd_(std::move(fd)) { SetNonBlocking(fd_.get()); }

LineWriter::Outcome LineWriter::Write(std::string line, Deadline deadline) {
  {
    std::unique_lock lock(mutex_);
    if (!turn_.wait_until(lock, deadline, [&] { return !writing_ || closing_; })) {
      return Outcome::kNotSent;
    }
    if (closing_) return Outcome::kClosed;
    writing_ = true;
  }
  std::string_view before = rest_;
  Outcome outcome = Push(before, deadline);
  rest_.erase(0, rest_.size() - before.size());
  if (outcome == Outcome::kTimedOut) outcome = Outcome::kNotSent;
  if (outcome == Outcome::kWritten) {
    std::string_view bytes = line;
    outcome = Push(bytes, deadline);
    if (outcome == Outcome::kTimedOut && bytes.size() == line.size()) {
      outcome = Outcome::kNotSent;
    } else {
      rest_ = bytes;
    }
  }
  const std::lock_guard lock(mutex_);
  writing_ = false;
  turn_.notify_all();
  return outcome;
}

LineWriter::Outcome LineWriter::Push(std::string_view& bytes, Deadline deadline) {
  while (!bytes.empty()) {
    const ssize_t written = WriteQuietly(fd_.get(), bytes);
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno != EAGAIN) return Outcome::kClosed;
    if (closing()) return Outcome::kClosed;
    const int timeout = PollTimeout(deadline, kSlice);
    if (timeout == 0) return Outcome::kTimedOut;
    pollfd writable{fd_.get(), POLLOUT, 0};
    ::poll(&writable, 1, timeout);
  }
  return Outcome::kWritten;
}

void LineWriter::Close() {
  std::unique_lock lock(mutex_);
  closing_ = true;
  turn_.notify_all();
  turn_.wait(lock, [&] { return !writing_; });
  fd_.Close();
}

bool LineWriter::closing() {
  const std::lock_guard lock(mutex_);
  return closing_;
}

}  // namespace computesdk::adapter
