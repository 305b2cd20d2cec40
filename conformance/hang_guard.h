#ifndef COMPUTESDK_CONFORMANCE_HANG_GUARD_H_
#define COMPUTESDK_CONFORMANCE_HANG_GUARD_H_

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace computesdk::conformance {

// Notices what never answers, so that a candidate that hangs costs a few limits and not one a
// check. A method is given up once two of its calls used up the limit and none was ever answered;
// everything is, once two calls did and nothing at all was ever answered. May be used from several
// threads.
class HangGuard {
 public:
  void Answered(const std::string& method);
  void Unanswered(const std::string& method);

  // Why a call to that method is not worth sending; nullopt if it is.
  std::optional<std::string> Objection(const std::string& method) const;

 private:
  struct Count {
    int unanswered = 0;
    bool answered = false;

    bool Hopeless() const { return !answered && unanswered >= 2; }
  };

  mutable std::mutex mutex_;
  std::map<std::string, Count> methods_;
  Count all_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_HANG_GUARD_H_
