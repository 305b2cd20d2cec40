#include <unistd.h>

#include <string>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/encoding/encoding_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Keeps a position of too many digits from overflowing.
constexpr std::int64_t kPositionMask = (std::int64_t{1} << 56) - 1;

// Reads a dump character by character: a position up to what is no digit, then pairs of digits up
// to the columns of a line, or to garbage. A plain dump is pairs of digits alone.
class XxdReverter {
 public:
  XxdReverter(Process& process, int out, const XxdRevert& style)
      : process_(process), fd_(out), out_(process, out), style_(style) {}

  int Run(int fd) {
    Input in(process_, fd);
    for (auto block = in.ReadBlock(); !block.empty() && status_ == 0; block = in.ReadBlock()) {
      for (const char c : block) {
        if (status_ == 0) Take(c);
      }
    }
    return status_ == 0 ? out_.Finish(0) : status_;
  }

 private:
  enum class State { kStart, kPosition, kBytes, kRest };

  void Take(char c) {
    if (c == '\r') return;
    if (style_.plain && (c == ' ' || c == '\n' || c == '\t')) {
      if (c == '\n' && state_ == State::kRest) StartLine();
      return;
    }
    if (c == '\n') return StartLine();
    const int digit = HexValue(c);
    if (state_ == State::kStart && digit >= 0) {
      state_ = style_.plain ? State::kBytes : State::kPosition;
    }
    if (state_ == State::kBytes) return TakeDigit(digit);
    if (state_ != State::kPosition) return;
    if (digit >= 0) {
      wanted_ = (wanted_ & kPositionMask) * 16 + digit;
    } else {
      state_ = State::kBytes;
      garbage_ = 1;
    }
  }

  void StartLine() {
    state_ = State::kStart;
    high_ = -1;
    garbage_ = 0;
    bytes_ = 0;
    if (!style_.plain) wanted_ = 0;
  }

  void TakeDigit(int digit) {
    if (digit < 0) {
      high_ = -1;
      // Behind two blanks (or other things) in a row stands the text.
      if (++garbage_ >= 3) state_ = State::kRest;
      return;
    }
    if (high_ < 0) {
      high_ = digit;
      garbage_ = 0;
      return;
    }
    const char byte = static_cast<char>(high_ * 16 + digit);
    high_ = -1;
    // The pair itself is one of the things that are not half of a pair.
    garbage_ = 1;
    if (!Seek()) return;
    out_.Put(byte);
    ++have_;
    ++wanted_;
    if (!style_.plain && ++bytes_ >= style_.columns) state_ = State::kRest;
  }

  // Goes where the next byte belongs; zeros fill what lies between.
  bool Seek() {
    const std::int64_t target = wanted_ + style_.offset;
    if (target == have_) return true;
    out_.Flush();
    const OpenFilePtr file = process_.File(fd_);
    if (file != nullptr && file->Seek(target - have_, SEEK_CUR)) {
      have_ = target;
      return true;
    }
    if (target < have_) {
      Complain(process_, "Sorry, cannot seek backwards.");
      status_ = 5;
      return false;
    }
    for (; have_ < target && out_.ok(); ++have_) {
      process_.Checkpoint();
      out_.Put('\0');
    }
    return true;
  }

  Process& process_;
  const int fd_;
  Output out_;
  const XxdRevert style_;
  State state_ = State::kStart;
  std::int64_t wanted_ = 0;
  std::int64_t have_ = 0;
  int high_ = -1;
  int garbage_ = 0;
  std::size_t bytes_ = 0;
  int status_ = 0;
};

}  // namespace

int RevertXxd(Process& process, int in, int out, const XxdRevert& style) {
  return XxdReverter(process, out, style).Run(in);
}

}  // namespace computesdk::in_memory
