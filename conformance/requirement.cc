#include "conformance/requirement.h"

namespace computesdk::conformance {

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kRequired:
      return "required";
    case Level::kOptional:
      return "optional";
    case Level::kRecommended:
      return "recommended";
  }
  return "required";
}

}  // namespace computesdk::conformance
