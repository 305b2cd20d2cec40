#ifndef COMPUTESDK_CONFORMANCE_CHECKS_TALLY_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_TALLY_H_

#include <mutex>
#include <string>
#include <string_view>

#include "conformance/check_context.h"

namespace computesdk::conformance {

// How often something went wrong that is a matter of luck: all tries are made, and the finding
// names the rate. May be used from several threads.
class Tally {
 public:
  // One try, and what was wrong with it; empty where nothing was.
  void Add(std::string wrong);
  // A finding where any try went wrong: "3 of 48; the first: …".
  void Report(CheckContext& ctx, std::string_view subject, std::string_view expected) const;

 private:
  mutable std::mutex mutex_;
  int tries_ = 0;
  int wrong_ = 0;
  std::string first_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_TALLY_H_
