#include "conformance/outcome.h"

namespace computesdk::conformance {

std::string_view VerdictName(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPassed:
      return "passed";
    case Verdict::kFailed:
      return "failed";
    case Verdict::kWarned:
      return "warned";
    case Verdict::kUnsupported:
      return "unsupported";
    case Verdict::kNotTestable:
      return "not-testable";
  }
  return "not-testable";
}

}  // namespace computesdk::conformance
