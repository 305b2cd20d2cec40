#ifndef COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_TURN_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_TURN_H_

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/clock.h"

namespace computesdk::in_memory {

// The right to run in a sandbox. One thread has it; those who want it get it in the order in which
// they asked. It is handed on, not fought for: a busy process cannot take it back at once.
class Turn {
 public:
  class Waiter;

  // `start` brings one that was enlisted onto a thread, now that it has the turn. It is called with
  // the turn's mutex, by whoever had the turn before.
  Turn(Clock& clock, std::function<void(Waiter&)> start)
      : clock_(clock), start_(std::move(start)) {}
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // A thread that wants the turn, or waits for something that one who has it will do.
  class Waiter {
   public:
    explicit Waiter(Turn& turn) : turn_(turn) {}
    // Safe from any thread. One that is blocked asks for the turn; one that is not will not block
    // the next time.
    void Wake() { turn_.Wake(*this); }

   private:
    friend class Turn;
    Turn& turn_;
    std::condition_variable condition_;
    Waiter* next_ = nullptr;
    bool granted_ = false;
    bool enlisted_ = false;
    bool blocked_ = false;
    bool wake_ = false;
  };

  void Acquire(Waiter& waiter);
  // Takes the turn if nobody has it.
  bool TryAcquire();
  void Release();

  // Asks in the name of one that has no thread yet. The thread that it is started on calls Begin
  // first.
  void Enlist(Waiter& waiter);
  void Begin();
  // As Release; but where the next one has no thread yet it can do with this one, which keeps the
  // turn: the one to run, nullptr if there is none.
  Waiter* ReleaseOrTakeOver();
  // If it has no thread yet and is the next one: true, and it is the caller's to run, who has the
  // turn.
  bool TakeOver(Waiter& waiter);

  // Lets those who wait go first.
  void Yield(Waiter& waiter);
  // Gives the turn away until somebody calls Wake or the time has come, and comes back with it. It
  // may also come back without a reason.
  void Block(Waiter& waiter, ClockTime until);

  bool wanted() const { return state_.load(std::memory_order_relaxed) == kWanted; }
  bool HeldByThisThread() const {
    return owner_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

 private:
  // Wanted: one has it, and others queue.
  enum State { kFree, kHeld, kWanted };

  void Wake(Waiter& waiter);
  // These have the mutex.
  void Ask(Waiter& waiter);
  void PassOn();
  Waiter* Next();
  void Grant(Waiter& waiter);
  void Await(std::unique_lock<std::mutex>& lock, Waiter& waiter);

  Clock& clock_;
  const std::function<void(Waiter&)> start_;
  // Changes without the mutex where nobody queues.
  std::atomic<State> state_{kFree};
  std::mutex mutex_;  // Of the queue and of the waiters.
  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  std::atomic<std::thread::id> owner_{};
};

// Who waits for one thing to happen. Its users have the turn.
class WaitList {
 public:
  // On the list while it is in scope.
  class Entry {
   public:
    Entry(WaitList& list, Turn::Waiter& waiter) : list_(list), waiter_(waiter) {
      list_.waiters_.push_back(&waiter_);
    }
    ~Entry() { std::erase(list_.waiters_, &waiter_); }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    WaitList& list_;
    Turn::Waiter& waiter_;
  };

  void WakeAll() {
    for (Turn::Waiter* waiter : waiters_) waiter->Wake();
  }

 private:
  std::vector<Turn::Waiter*> waiters_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_KERNEL_TURN_H_
