#include "mocks/sandbox_matchers.h"

#include <string>

#include "gtest/gtest.h"

namespace computesdk {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

template <typename Value, typename Matcher>
std::string Explain(const Value& value, const Matcher& matcher) {
  testing::StringMatchResultListener listener;
  testing::ExplainMatchResult(matcher, value, &listener);
  return listener.str();
}

TEST(SandboxMatchersTest, TakeAResultAndItsValue) {
  const ExecutionResult value{.stdout_bytes = "a\n", .stderr_bytes = "b\n", .exit_code = 3};
  const Result<ExecutionResult> result = value;
  EXPECT_THAT(value, AllOf(ExitedWith(3), StdoutIs("a\n"), StderrIs("b\n")));
  EXPECT_THAT(result, AllOf(ExitedWith(3), StdoutIs(HasSubstr("a")), StderrIs(Not("a"))));
  EXPECT_THAT(result, AllOf(Not(ExitedWith(0)), Not(StdoutIs("a")), Not(StderrIs(""))));
}

TEST(SandboxMatchersTest, AnErrorMatchesNothingAndIsTold) {
  const Result<ExecutionResult> error = MakeError(ErrorCode::kUnavailable, "down");
  EXPECT_THAT(error, AllOf(Not(ExitedWith(0)), Not(StdoutIs(""))));
  EXPECT_THAT(Explain(error, ExitedWith(0)), HasSubstr("UNAVAILABLE: down"));
}

TEST(SandboxMatchersTest, AFailedTextShowsTheLineThatDiffers) {
  const ExecutionResult value{.stdout_bytes = "one\ntwo\nthree\n"};
  const std::string text = Explain(value, StdoutIs("one\ntWo\nthree\n"));
  EXPECT_THAT(text, HasSubstr("line 2, byte 2"));
  EXPECT_THAT(text, HasSubstr("expected \"tWo\\n\""));
  EXPECT_THAT(text, HasSubstr("actual   \"two\\n\""));
  EXPECT_THAT(Explain(value, StdoutIs("one\ntwo\n")), HasSubstr("expected nothing"));
}

TEST(SandboxMatchersTest, AFailedExitShowsWhatWasPrinted) {
  const ExecutionResult value{
      .stdout_bytes = std::string(2000, 'x'), .stderr_bytes = "no\x01\n", .exit_code = 1};
  const std::string text = Explain(value, ExitedWith(0));
  EXPECT_THAT(text, HasSubstr("exited with 1"));
  EXPECT_THAT(text, HasSubstr("[1600 bytes]"));
  EXPECT_THAT(text, HasSubstr("stderr \"no\\x1\\n\""));
}

TEST(SandboxMatchersTest, HasFileLooksIntoTreesAndSandboxes) {
  InMemoryProvider provider({.files = {{"/a/b", "xyz"}}});
  const Sandbox sandbox(provider, *provider.Create({}));
  EXPECT_THAT(sandbox, HasFile("/a/b", HasSubstr("y")));
  EXPECT_THAT(sandbox, HasFile("/a/b", "xyz"));
  EXPECT_THAT(sandbox, Not(HasFile("/a/c")));
  EXPECT_THAT(provider.Files(sandbox.id(), "/a"), HasFile("/a/b"));
  EXPECT_THAT(provider.Files(sandbox.id(), "/a"), Not(HasFile("/a/b", "x")));
  EXPECT_THAT(provider.Files("nobody"), Not(HasFile("/a/b")));
}

TEST(SandboxMatchersTest, AMissingFileIsToldWithThoseThatAreThere) {
  InMemoryProvider provider({.files = {{"/a/b", ""}, {"/a/d/c", ""}}});
  const std::string id = provider.Create({})->sandbox_id;
  EXPECT_THAT(Explain(provider.Files(id, "/a"), HasFile("/a/x")),
              HasSubstr("there is no /a/x in it; there is /a/b, /a/d, /a/d/c"));
  EXPECT_THAT(Explain(provider.Files(id, "/a"), HasFile("/a/d")), HasSubstr("no regular file"));
}

TEST(SandboxMatchersTest, IsErrorHoldsCodeAndMessage) {
  InMemoryProvider provider;
  EXPECT_THAT(provider.Destroy("nobody"), IsError(ErrorCode::kNotFound));
  EXPECT_THAT(provider.Destroy("nobody"), IsError(ErrorCode::kNotFound, HasSubstr("nobody")));
  EXPECT_THAT(provider.Destroy("nobody"), Not(IsError(ErrorCode::kUnavailable)));
  EXPECT_THAT(provider.Destroy("nobody"), Not(IsError(ErrorCode::kNotFound, "other")));
  EXPECT_THAT(provider.List(), Not(IsError(ErrorCode::kNotFound)));
}

}  // namespace
}  // namespace computesdk
