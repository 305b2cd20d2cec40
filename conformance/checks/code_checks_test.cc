#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/checks/sabotage.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// Representative defects of runCode, and the requirements that must reveal each.
namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;

using CodeChange = std::function<void(RunCodeRequest&)>;

Replacements WithCode(CodeChange change) {
  return {.run_code = [change](Provider& inner, const std::string& id, RunCodeRequest request) {
    change(request);
    return inner.RunCode(id, request);
  }};
}

TEST(CodeChecksTest, RevealAnyRuntimeTaken) {
  EXPECT_THAT(Judge(WithCode([](RunCodeRequest& request) { request.runtime.reset(); }),
                    {"code.runtimes.undeclared"}),
              ElementsAre("code.runtimes.undeclared failed"));
}

TEST(CodeChecksTest, RevealALanguageGuessedFromTheText) {
  const auto guess = [](RunCodeRequest& request) {
    if (request.code.find("console.log") != std::string::npos) request.runtime = "node";
  };
  EXPECT_THAT(Judge(WithCode(guess), {"code.runtimes.default", "code.runtimes.obeyed"}),
              ElementsAre("code.runtimes.default failed", "code.runtimes.obeyed failed"));
}

TEST(CodeChecksTest, RevealCodeInDoubleQuotes) {
  const auto quote = [](RunCodeRequest& request) {
    std::string code;
    for (const char c : request.code) code += c == '$' ? "" : std::string(1, c);
    request.code = code;
  };
  EXPECT_THAT(Judge(WithCode(quote), {"code.text.lines", "code.text.quotes"}),
              ElementsAre("code.text.lines failed", "code.text.quotes failed"));
}

TEST(CodeChecksTest, RevealCodeThatIsCut) {
  const auto cut = [](RunCodeRequest& request) {
    request.code = request.code.substr(0, 128 * 1024);
  };
  EXPECT_THAT(Judge(WithCode(cut), {"code.text.long"}), ElementsAre("code.text.long failed"));
}

TEST(CodeChecksTest, RevealAnExitCodeGuessedFromTheOutput) {
  const auto guess = [](ExecutionResult& result) {
    if (result.stdout_bytes.find("Error:") == std::string::npos) return;
    result.exit_code = 1;
    result.stderr_bytes = std::exchange(result.stdout_bytes, "");
  };
  EXPECT_THAT(Judge(WithResult(guess), {"code.words-for-errors"}),
              ElementsAre("code.words-for-errors failed"));
}

TEST(CodeChecksTest, RevealAnExceptionThrownAtTheCaller) {
  const Replacements thrown = {.run_code = [](Provider& inner, const std::string& id,
                                              RunCodeRequest request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCode(id, request);
    if (result && result->exit_code != 0) return MakeError(ErrorCode::kUnknown, "failed");
    return result;
  }};
  EXPECT_THAT(Judge(thrown, {"code.exception.is-a-result", "code.exit-code", "code.syntax-error"}),
              ElementsAre("code.exception.is-a-result failed", "code.exit-code failed",
                          "code.syntax-error failed"));
}

TEST(CodeChecksTest, TakeASyntaxErrorAsAnErrorThatCarriesTheText) {
  const Replacements thrown = {.run_code = [](Provider& inner, const std::string& id,
                                              RunCodeRequest request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCode(id, request);
    if (result && result->exit_code != 0) {
      return MakeError(ErrorCode::kUnknown, result->stderr_bytes);
    }
    return result;
  }};
  EXPECT_THAT(Judge(thrown, {"code.syntax-error"}), ElementsAre("code.syntax-error passed"));
}

TEST(CodeChecksTest, RevealCodeThatRunsInAnotherSandbox) {
  const Replacements elsewhere = {
      .run_code = [](Provider& inner, const std::string& id,
                     RunCodeRequest request) -> Result<ExecutionResult> {
        const Result<SandboxRef> other = inner.Create({});
        if (!other) return tl::unexpected(other.error());
        Result<ExecutionResult> result = inner.RunCode(other->sandbox_id, request);
        if (result) result->sandbox_id = id;
        (void)inner.Destroy(other->sandbox_id);
        return result;
      }};
  EXPECT_THAT(Judge(elsewhere, {"code.files.of-code", "code.files.of-commands"}),
              ElementsAre("code.files.of-code failed", "code.files.of-commands failed"));
}

}  // namespace
}  // namespace computesdk::conformance
