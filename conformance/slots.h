#ifndef COMPUTESDK_CONFORMANCE_SLOTS_H_
#define COMPUTESDK_CONFORMANCE_SLOTS_H_

#include <condition_variable>
#include <map>
#include <mutex>

#include "conformance/run_clock.h"

namespace computesdk::conformance {

// A number of things that may be in use at once: calls in flight. May be used from several
// threads.
class Slots {
 public:
  Slots(RunClock& clock, int count) : clock_(clock), free_(count) {}

  // Takes one, waiting for it; false if none was free before the deadline.
  bool Acquire(SteadyClock::time_point deadline);
  void Release();

 private:
  RunClock& clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int free_;
};

// How many sandboxes may be alive at once, and who holds them. A holder (a check) may come to hold
// as many as it has reserved, and kUnreserved without asking. It is let in, and gets one more, only
// if after that all holders can still come to all of theirs, one after another: so none of them
// waits for ever for what another one holds that waits too (Dijkstra's banker). Beside those that
// are held there may be idle ones, which can be destroyed at once, and lost ones, which nobody
// could destroy: those count for good. May be used from several threads.
class SandboxBudget {
 public:
  using Holder = const void*;
  static constexpr int kUnreserved = 4;

  SandboxBudget(RunClock& clock, int limit) : clock_(clock), limit_(limit) {}

  // From now on the holder may come to hold `wanted`, or as many as there can be: the answer.
  int Reserve(Holder holder, int wanted);
  // The holder is done: its reservation ends.
  void Forget(Holder holder);

  enum class Answer { kTaken, kNeverFree, kTooLate };
  // One more for `holder`. kNeverFree, at once, if it holds all that it may. Whoever holds some, or
  // has reserved some, comes before those who have not begun.
  Answer Acquire(Holder holder, SteadyClock::time_point deadline);
  // One that it held is gone.
  void Release(Holder holder);

  // One that it held is nobody's now, and alive.
  void MakeIdle(Holder holder);
  // An idle one is gone, or was given to a holder that had acquired one.
  void EndIdle();
  // Waits until what is held, idle and lost is within the limit: a holder that has acquired one may
  // create it then. False if it was not before the deadline.
  bool AwaitPlace(SteadyClock::time_point deadline);

  // One that was held, or idle (no holder), could not be destroyed; a lost one is gone after all.
  void Lose(Holder holder);
  void Recover();

  int limit() const { return limit_; }
  int lost() const;

 private:
  int Usable() const { return limit_ - lost_; }
  int Claim(Holder holder) const;
  int Held(Holder holder) const;
  int AllHeld() const;
  bool IsSafe() const;
  bool MayTake(Holder holder);
  void Drop(Holder holder);

  RunClock& clock_;
  const int limit_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<Holder, int> held_;
  std::map<Holder, int> reserved_;
  int idle_ = 0;
  int lost_ = 0;
  int first_in_line_ = 0;  // Acquires that wait, of those who come first.
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SLOTS_H_
