#ifndef COMPUTESDK_CONFORMANCE_SHARED_SANDBOXES_H_
#define COMPUTESDK_CONFORMANCE_SHARED_SANDBOXES_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "conformance/run_state.h"
#include "conformance/tracked_provider.h"

namespace computesdk::conformance {

// A sandbox that the kit made for one check after another.
struct SharedSandbox {
  SandboxRef ref;
  std::unique_ptr<TrackedProvider> owner;  // Made it, and destroys it.
};

// The sandboxes for checks that need one and leave it usable: as many as checks run at once. May
// be used from several threads.
class SharedSandboxes {
 public:
  explicit SharedSandboxes(RunState& run) : run_(run) {}

  // One that nobody else uses now, for `user`, whose room it takes; made if there is none. After
  // three failures in a row none is tried any more, and the answer is the last of them.
  Result<SharedSandbox> Take(TrackedProvider& user);
  // Gives one back; one that is not `usable` is destroyed.
  void Return(SharedSandbox sandbox, bool usable);
  // Destroys one that nobody uses, if there is one.
  bool MakeRoom();
  // Destroys those that nobody uses.
  void Clear();

  // What could not be destroyed so far.
  std::vector<std::string> failures() const;

 private:
  std::optional<SharedSandbox> TakeIdle(int incarnation);
  Result<SharedSandbox> Make(TrackedProvider& user);
  void Destroy(SharedSandbox sandbox);

  RunState& run_;
  mutable std::mutex mutex_;
  std::vector<SharedSandbox> idle_;
  std::vector<std::string> failures_;
  std::optional<Error> last_error_;
  int errors_in_a_row_ = 0;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SHARED_SANDBOXES_H_
