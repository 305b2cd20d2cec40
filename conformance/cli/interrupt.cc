#include "conformance/cli/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <utility>

namespace computesdk::conformance {
namespace {

constexpr int kExitInterrupted = 3;
std::atomic<int> wake_fd{-1};
std::atomic<int> interrupts{0};

// Only what a signal handler may do: no signal mask is changed, so that children, which would
// inherit one, can be ended in the usual way.
void OnSignal(int) {
  const int saved = errno;
  if (interrupts.fetch_add(1) > 0) _exit(kExitInterrupted);
  const char byte = 'i';
  [[maybe_unused]] const ssize_t written = write(wake_fd.load(), &byte, 1);
  errno = saved;
}

void Install(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hangup {};
  sigaction(SIGHUP, nullptr, &hangup);
  // A terminal that was closed; but nohup(1) asks for it to be ignored.
  if (hangup.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

}  // namespace

InterruptHandler::InterruptHandler(std::function<void()> stop) {
  if (pipe2(pipe_, O_CLOEXEC) != 0) {
    pipe_[0] = pipe_[1] = -1;
    return;
  }
  interrupts = 0;
  wake_fd = pipe_[1];
  thread_ = std::thread([fd = pipe_[0], stop = std::move(stop)] {
    char byte = 0;
    ssize_t got = 0;
    do {
      got = read(fd, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got == 1 && byte == 'i') stop();
  });
  Install(&OnSignal);
}

InterruptHandler::~InterruptHandler() {
  if (pipe_[0] < 0) return;
  Install(SIG_DFL);
  const char byte = 'q';
  [[maybe_unused]] const ssize_t written = write(pipe_[1], &byte, 1);
  thread_.join();
  wake_fd = -1;
  close(pipe_[0]);
  close(pipe_[1]);
}

}  // namespace computesdk::conformance
