#ifndef COMPUTESDK_CONFORMANCE_EXPECTATIONS_H_
#define COMPUTESDK_CONFORMANCE_EXPECTATIONS_H_

#include <map>
#include <string>
#include <string_view>

#include "sdk/result.h"

namespace computesdk::conformance {

// A known failure, and where it is written.
struct Expectation {
  std::string reason = {};
  int line = 0;
};

// The reason that --write-expectations puts in: it stands for one, and is none.
inline constexpr std::string_view kReasonToFillIn = "TODO: why this fails";

// Known failures by the id of the requirement. A file of them has one a line, the id and after
// blanks the reason; empty lines, and what follows a "#" at the start of a line or after a blank,
// are comments.
using Expectations = std::map<std::string, Expectation, std::less<>>;

// An error names the file and the line.
Result<Expectations> ParseExpectations(std::string_view text, const std::string& file);
Result<Expectations> ReadExpectations(const std::string& file);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_EXPECTATIONS_H_
