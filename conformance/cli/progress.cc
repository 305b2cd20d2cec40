#include "conformance/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace computesdk::conformance {
namespace {

constexpr char kClearLine[] = "\r\033[K";

bool IsTerminal(int fd) {
  const char* term = std::getenv("TERM");
  return isatty(fd) == 1 && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

std::size_t Columns(int fd) {
  winsize size{};
  const bool known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

void Put(int fd, const std::string& text) {
  [[maybe_unused]] const ssize_t written = write(fd, text.data(), text.size());
}

}  // namespace

bool IsColourful(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return IsTerminal(fd) && (no_color == nullptr || no_color[0] == '\0');
}

Progress::Progress(int fd) : fd_(fd), terminal_(IsTerminal(fd)), colours_(IsColourful(fd)) {}

Progress::~Progress() {
  if (terminal_) Put(fd_, kClearLine);
}

void Progress::Show(const CheckResult& result, int done, int all) {
  if (!terminal_) return;
  if (result.verdict == Verdict::kFailed) ++failed_;
  const std::string counts = "[" + std::to_string(done) + "/" + std::to_string(all) + "] ";
  const std::string failures = failed_ == 0 ? "" : std::to_string(failed_) + " failed  ";
  const std::size_t room = Columns(fd_) - 1;
  const std::size_t used = counts.size() + failures.size();
  std::string line = kClearLine + counts;
  line += colours_ && !failures.empty() ? "\033[31m" + failures + "\033[0m" : failures;
  if (used < room) line += result.id.substr(0, room - used);
  Put(fd_, line);
}

}  // namespace computesdk::conformance
