#include "conformance/check_context.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "conformance/runner.h"
#include "conformance/testing/fake_provider.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Runs shell lines in the shells of this machine.
Result<ExecutionResult> RunIn(const std::string& shell, const std::string& line) {
  const std::string command = shell + " -c " + ShellQuote(line);
  FILE* const pipe = popen(command.c_str(), "r");
  ExecutionResult result;
  char buffer[4096];
  for (std::size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) {
    result.stdout_bytes.append(buffer, got);
  }
  result.exit_code = WEXITSTATUS(pclose(pipe));
  return result;
}

// What the context offers, in each of the shells that sandboxes have.
class CheckContextTest : public testing::TestWithParam<std::string> {
 protected:
  CheckResult Run(std::function<void(CheckContext&)> check) {
    auto fake = std::make_unique<FakeProvider>();
    fake->description.workdir = testing::TempDir();
    fake->on_run = [shell = GetParam()](const std::string&, const std::string& line) {
      return RunIn(shell, line);
    };
    const ProviderDescription description = fake->description;
    const auto candidate = InProcessCandidate("fake", [&] { return std::move(fake); });
    Requirement requirement;
    requirement.id = "a.b";
    requirement.check = std::move(check);
    Runner runner({}, **candidate, description, nullptr, canary_);
    return runner.RunOne(requirement);
  }

  const HostCanary canary_;
};

TEST_P(CheckContextTest, PutsAndPeeksFilesOfAnyBytes) {
  std::string all = "-n %s %d 'q' \\n \\\\ $HOME `x` ";
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  const std::string large(200'000, '\xee');
  const CheckResult result = Run([&](CheckContext& ctx) {
    for (const std::string& content : {all, large, std::string(), std::string("\n\n")}) {
      const std::string path = ctx.box().Path("it's $a file");
      ctx.PutFile(ctx.box(), path, content);
      const auto seen = ctx.PeekFile(ctx.box(), path);
      ctx.Require(seen.has_value(), testing::IsTrue(), "whether the file is there");
      ctx.ExpectBytes(*seen, content, "the file");
    }
  });
  EXPECT_EQ(result.verdict, Verdict::kPassed) << result.message;
}

TEST_P(CheckContextTest, TellsAMissingPathFromOneThatIsThere) {
  const CheckResult result = Run([](CheckContext& ctx) {
    const std::string path = ctx.box().Path("x");
    ctx.Expect(ctx.PathIsThere(ctx.box(), path), testing::IsFalse(), "before");
    ctx.Expect(ctx.PeekFile(ctx.box(), path).has_value(), testing::IsFalse(), "before");
    ctx.Observe(ctx.box(), "ln -s /nowhere/at-all " + ShellQuote(path));
    ctx.Expect(ctx.PathIsThere(ctx.box(), path), testing::IsTrue(), "a dangling link");
  });
  EXPECT_EQ(result.verdict, Verdict::kPassed) << result.message;
}

TEST_P(CheckContextTest, SaysWhereBytesDiffer) {
  const CheckResult result = Run([](CheckContext& ctx) {
    ctx.ExpectBytes("abX", "abc", "a");
    ctx.ExpectBytes("ab", "abc", "b");
    ctx.ExpectBytes("abcd", "abc", "c");
  });
  ASSERT_EQ(result.findings.size(), 3u);
  EXPECT_THAT(result.findings[0].actual, HasSubstr("different from byte 2"));
  EXPECT_THAT(result.findings[1].actual, HasSubstr("ends too early"));
  EXPECT_THAT(result.findings[2].actual, HasSubstr("goes on after byte 3"));
}

TEST_P(CheckContextTest, LooksAgainUntilAConditionHolds) {
  const CheckResult result = Run([](CheckContext& ctx) {
    int looks = 0;
    ctx.Expect(ctx.Eventually(Milliseconds(5000), [&] { return ++looks == 4; }), testing::IsTrue(),
               "in time");
    ctx.Expect(ctx.Eventually(Milliseconds(5), [] { return false; }), testing::IsFalse(), "never");
  });
  EXPECT_EQ(result.verdict, Verdict::kPassed) << result.message;
}

TEST_P(CheckContextTest, LookingAgainIsNoLongerChainOfCalls) {
  const auto looking = [](int times) {
    return [times](CheckContext& ctx) {
      ctx.Eventually(Milliseconds(5000), [&, left = times]() mutable {
        (void)ctx.provider().List();
        return --left == 0;
      });
    };
  };
  EXPECT_EQ(Run(looking(4)).call_chain, Run(looking(1)).call_chain);
}

TEST_P(CheckContextTest, ExpectsErrorsWithTheirCodes) {
  const CheckResult result = Run([](CheckContext& ctx) {
    const Status missing = MakeError(ErrorCode::kNotFound, "x");
    ctx.ExpectError(missing, "any");
    ctx.ExpectError(missing, "one of two", {ErrorCode::kInternal, ErrorCode::kNotFound});
    ctx.ExpectError(missing, "another", {ErrorCode::kInternal});
    ctx.ExpectError(Status(), "success");
  });
  ASSERT_EQ(result.findings.size(), 2u);
  EXPECT_EQ(result.findings[0].expected, "the error INTERNAL");
  EXPECT_EQ(result.findings[1].actual, "success");
}

INSTANTIATE_TEST_SUITE_P(Shells, CheckContextTest, testing::Values("sh", "bash"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace computesdk::conformance
