#ifndef COMPUTESDK_MOCKS_SANDBOX_MATCHERS_H_
#define COMPUTESDK_MOCKS_SANDBOX_MATCHERS_H_

#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "gmock/gmock.h"
#include "mocks/in_memory_provider.h"
#include "sdk/compute.h"
#include "sdk/result.h"
#include "sdk/types.h"

// GoogleMock matchers for what a sandbox did and what it holds:
//
//   EXPECT_THAT(sandbox.RunCommand("make test"), ExitedWith(0));
//   EXPECT_THAT(sandbox.RunCommand("cat VERSION"), StdoutIs("1.2\n"));
//   EXPECT_THAT(sandbox, HasFile("/workspace/build.log", HasSubstr("12 passed")));
//   EXPECT_THAT(provider.Files(id), HasFile("/workspace/build.log"));
//   EXPECT_THAT(provider.Destroy("nobody"), IsError(ErrorCode::kNotFound));
//
// Each takes a Result as well as the value in it; an error fails, and is told.
namespace computesdk {
namespace matcher_internal {

// The first line in which the two differ, both ways, with bytes escaped.
std::string FirstDifference(std::string_view expected, std::string_view actual);
// Exit code and both streams, the middle of long ones cut out.
std::string Describe(const ExecutionResult& result);

// Where HasFile looks: a tree that was taken out, or a sandbox of any provider.
Result<std::string> ContentAt(const FileTree& tree, const std::string& path);
Result<std::string> ContentAt(const Sandbox& sandbox, const std::string& path);
template <typename T>
Result<std::string> ContentAt(const Result<T>& holder, const std::string& path) {
  if (!holder) return tl::unexpected(holder.error());
  return ContentAt(*holder, path);
}

inline const ExecutionResult* ValueOf(const ExecutionResult& result,
                                      testing::MatchResultListener*) {
  return &result;
}
inline const ExecutionResult* ValueOf(const Result<ExecutionResult>& result,
                                      testing::MatchResultListener* listener) {
  if (result) return &*result;
  *listener << "which is the error " << result.error().ToString();
  return nullptr;
}

// A whole text is compared with what came, and the difference is told; a matcher explains itself.
template <typename Expected>
bool MatchText(const Expected& expected, const std::string& actual,
               testing::MatchResultListener* listener) {
  if constexpr (std::is_convertible_v<Expected, std::string_view>) {
    if (std::string_view(expected) == actual) return true;
    *listener << FirstDifference(expected, actual);
    return false;
  } else {
    return testing::SafeMatcherCast<const std::string&>(expected).MatchAndExplain(actual, listener);
  }
}

template <typename Expected, typename Answer>
bool MatchStream(const Expected& expected, const Answer& answer,
                 std::string ExecutionResult::*stream, testing::MatchResultListener* listener) {
  const ExecutionResult* const result = ValueOf(answer, listener);
  if (result == nullptr) return false;
  if (MatchText(expected, result->*stream, listener)) return true;
  *listener << "; " << Describe(*result);
  return false;
}

template <typename Expected>
std::string DescribeText(const Expected& expected, bool negation) {
  return testing::DescribeMatcher<const std::string&>(expected, negation);
}

}  // namespace matcher_internal

// An ExecutionResult with that exit code.
MATCHER_P(ExitedWith, code,
          (negation ? "did not exit with " : "exited with ") + testing::PrintToString(code)) {
  const ExecutionResult* const result = matcher_internal::ValueOf(arg, result_listener);
  if (result == nullptr) return false;
  *result_listener << matcher_internal::Describe(*result);
  return result->exit_code == code;
}

// An ExecutionResult that printed that: a text for the whole of it, or a matcher.
MATCHER_P(StdoutIs, expected,
          "printed what " + matcher_internal::DescribeText(expected, negation)) {
  return matcher_internal::MatchStream(expected, arg, &ExecutionResult::stdout_bytes,
                                       result_listener);
}

MATCHER_P(StderrIs, expected,
          "wrote to stderr what " + matcher_internal::DescribeText(expected, negation)) {
  return matcher_internal::MatchStream(expected, arg, &ExecutionResult::stderr_bytes,
                                       result_listener);
}

// A file at that absolute path with that content: a text for the whole of it, or a matcher.
MATCHER_P2(HasFile, path, content,
           (negation ? "has no file " : "has a file ") + std::string(path) + " whose content " +
               matcher_internal::DescribeText(content, false)) {
  const Result<std::string> bytes = matcher_internal::ContentAt(arg, path);
  if (!bytes) {
    *result_listener << bytes.error().ToString();
    return false;
  }
  return matcher_internal::MatchText(content, *bytes, result_listener);
}

// Whatever is in it.
template <typename Path>
auto HasFile(Path path) {
  return HasFile(std::move(path), testing::A<const std::string&>());
}

// A Status or Result that is an error of that code, with a message of that kind.
MATCHER_P2(IsError, code, message,
           (negation ? "is no error " : "is an error ") + std::string(ErrorCodeName(code)) +
               " whose message " + matcher_internal::DescribeText(message, false)) {
  if (arg.has_value()) {
    *result_listener << "which is no error";
    return false;
  }
  *result_listener << "which is " << arg.error().ToString();
  return arg.error().code == code &&
         testing::SafeMatcherCast<const std::string&>(message).Matches(arg.error().message);
}

inline auto IsError(ErrorCode code) { return IsError(code, testing::A<const std::string&>()); }

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_SANDBOX_MATCHERS_H_
