#ifndef COMPUTESDK_CONFORMANCE_SLOTS_H_
#define COMPUTESDK_CONFORMANCE_SLOTS_H_

#include <condition_variable>
#include <map>
#include <mutex>

#include "conformance/wait.h"

namespace computesdk::conformance {

// A number of things that may be in use at once: calls in flight. May be used from several
// threads.
class Slots {
 public:
  explicit Slots(int count) : free_(count) {}

  // Takes one, waiting for it; false if none was free before the deadline.
  bool Acquire(SteadyClock::time_point deadline);
  void Release();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
};

// How many sandboxes may be alive at once, and who holds them. One holder at a time, and only one,
// may hold more than a few: two that wait for each other's would wait for ever.
class SandboxBudget {
 public:
  explicit SandboxBudget(int limit) : limit_(limit) {}

  enum class Answer { kTaken, kNeverFree, kTooLate };
  // Takes one for `holder`. kNeverFree, at once, if that holder has them all.
  Answer Acquire(const void* holder, SteadyClock::time_point deadline);
  void Release(const void* holder);
  // Gives one that `from` holds to `to`.
  void Move(const void* from, const void* to);

  // Whether somebody waits for one now.
  bool wanted() const;
  int limit() const { return limit_; }

 private:
  bool MayTake(const void* holder) const;

  const int limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const void*, int> held_;
  int in_use_ = 0;
  int waiting_ = 0;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SLOTS_H_
