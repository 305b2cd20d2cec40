#include "sdk/adapter/line_reader.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace computesdk::adapter {
namespace {

constexpr std::size_t kLeastRead = std::size_t{4} << 10;
constexpr std::size_t kMostRead = std::size_t{4} << 20;

}  // namespace

LineReader::Event LineReader::Next(std::optional<Deadline> deadline) {
  for (bool read = false;; read = true) {
    const std::size_t end = buffer_.find('\n', scanned_);
    if (end != std::string::npos) {
      line_ = std::string_view(buffer_).substr(begin_, end - begin_);
      begin_ = scanned_ = end + 1;
      if (std::exchange(skipping_, false)) continue;
      if (line_.size() > max_line_bytes_) return Event::kTooLong;
      return Event::kLine;
    }
    scanned_ = buffer_.size();
    if (skipping_) begin_ = scanned_;
    if (buffer_.size() - begin_ > max_line_bytes_) {
      line_ = std::string_view(buffer_).substr(begin_);
      begin_ = scanned_;
      skipping_ = true;
      return Event::kTooLong;
    }
    // Bytes that come without an end do not hold up who waits for a line.
    if (read && deadline && Clock::now() >= *deadline) return Event::kTimedOut;
    switch (Fill(deadline)) {
      case Input::kBytes:
        break;
      case Input::kTimedOut:
        return Event::kTimedOut;
      case Input::kFailed:
        return Event::kFailed;
      case Input::kStopped:
        return Event::kStopped;
      case Input::kEnd:
        if (begin_ == buffer_.size()) return Event::kEnd;
        line_ = std::string_view(buffer_).substr(begin_);
        begin_ = scanned_ = buffer_.size();
        return Event::kFragment;
    }
  }
}

// Reads once. What was given out is dropped first, and the room grows with the line.
LineReader::Input LineReader::Fill(std::optional<Deadline> deadline) {
  buffer_.erase(0, begin_);
  scanned_ -= begin_;
  begin_ = 0;
  if (const Input waited = WaitForInput(deadline); waited != Input::kBytes) return waited;
  const std::size_t used = buffer_.size();
  // A large buffer is kept while a long line comes in, and not for ever.
  if (used == 0 && buffer_.capacity() > kMostRead) std::string().swap(buffer_);
  const std::size_t room = std::clamp(used, kLeastRead, kMostRead);
  buffer_.resize(used + room);
  ssize_t count;
  do {
    count = ::read(fd_, buffer_.data() + used, room);
  } while (count < 0 && errno == EINTR);
  const int error = errno;
  buffer_.resize(used + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  if (count > 0) return Input::kBytes;
  if (count == 0) return Input::kEnd;
  errno = error;
  return error == EAGAIN ? Input::kBytes : Input::kFailed;
}

// kBytes, too, where reading will show what is the matter.
LineReader::Input LineReader::WaitForInput(std::optional<Deadline> deadline) {
  pollfd fds[2] = {{fd_, POLLIN, 0}, {stop_fd_, POLLIN, 0}};
  while (true) {
    const int ready = ::poll(fds, 2, deadline ? PollTimeout(*deadline) : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) {
      if (Clock::now() >= *deadline) return Input::kTimedOut;
      continue;
    }
    return fds[0].revents == 0 && fds[1].revents != 0 ? Input::kStopped : Input::kBytes;
  }
}

}  // namespace computesdk::adapter
