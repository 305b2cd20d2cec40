#ifndef COMPUTESDK_CONFORMANCE_CLI_PROGRESS_H_
#define COMPUTESDK_CONFORMANCE_CLI_PROGRESS_H_

#include "conformance/outcome.h"

namespace computesdk::conformance {

// Whether colours are right on that descriptor: it is a terminal, and NO_COLOR is not set.
bool IsColourful(int fd);

// One line on a terminal that says how far the run is; nothing where it is no terminal. The line
// goes with this object.
class Progress {
 public:
  explicit Progress(int fd);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void Show(const CheckResult& result, int done, int all);

 private:
  const int fd_;
  const bool terminal_;
  const bool colours_;
  int failed_ = 0;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CLI_PROGRESS_H_
