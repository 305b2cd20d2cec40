#ifndef COMPUTESDK_CONFORMANCE_FINDING_H_
#define COMPUTESDK_CONFORMANCE_FINDING_H_

#include <string>
#include <vector>

namespace computesdk::conformance {

// One way in which the candidate fell short.
struct Finding {
  std::string subject;   // What was looked at: "stdout of `printf x`"; the cases are put before it.
  std::string expected;  // In words or as a value; escaped and cut.
  std::string actual;
  std::vector<std::string> steps = {};  // The calls that show it, in order.
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_FINDING_H_
