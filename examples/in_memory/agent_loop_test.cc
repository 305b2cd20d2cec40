// An agent writes a program, runs its tests and repairs it until they pass. The model is scripted;
// the shell, the files and the program are real.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory_provider.h"
#include "mocks/sandbox_matchers.h"
#include "sdk/compute.h"

namespace {

using computesdk::ExecutionResult;
using computesdk::ExitedWith;
using computesdk::HasFile;
using computesdk::InMemoryProvider;
using computesdk::Result;
using computesdk::Sandbox;
using testing::HasSubstr;
using testing::SizeIs;

// What a model would be: it is told what the last test run said, and answers with a program.
class ScriptedModel {
 public:
  std::string Answer(const std::string& report) {
    reports_.push_back(report);
    return reports_.size() == 1 ? "echo $(($1 + $1))\n" : "echo $(($1 * $1))\n";
  }
  const std::vector<std::string>& reports() const { return reports_; }

 private:
  std::vector<std::string> reports_;
};

// The code under test: at most `attempts` programs. How the last test run ended.
Result<ExecutionResult> WriteUntilTestsPass(const Sandbox& sandbox, ScriptedModel& model,
                                            int attempts) {
  Result<ExecutionResult> run = ExecutionResult{.exit_code = 1};
  for (int i = 0; i < attempts && run && run->exit_code != 0; ++i) {
    const computesdk::Status written =
        sandbox.filesystem().WriteFile("square.sh", model.Answer(run->stdout_bytes));
    if (!written) return tl::unexpected(written.error());
    run = sandbox.RunCommand("sh test.sh");
  }
  return run;
}

constexpr char kTests[] = R"sh(
failed=0
for n in 2 3 12; do
  got=$(sh square.sh $n)
  if [ "$got" != "$((n * n))" ]; then
    echo "square $n: expected $((n * n)), got $got"
    failed=1
  fi
done
exit $failed
)sh";

class AgentLoopTest : public testing::Test {
 protected:
  InMemoryProvider provider_{{.files = {{"test.sh", kTests}}}};
  Sandbox sandbox_{provider_, *provider_.Create({})};
  ScriptedModel model_;
};

TEST_F(AgentLoopTest, RepairsTheProgramByWhatTheTestsSay) {
  EXPECT_THAT(WriteUntilTestsPass(sandbox_, model_, 3), ExitedWith(0));
  EXPECT_THAT(model_.reports(), SizeIs(2));
  EXPECT_THAT(model_.reports().back(), HasSubstr("square 3: expected 9, got 6"));
  EXPECT_THAT(sandbox_, HasFile("square.sh", HasSubstr("$1 * $1")));
}

TEST_F(AgentLoopTest, GivesUpAfterTheLastAttempt) {
  EXPECT_THAT(WriteUntilTestsPass(sandbox_, model_, 1), ExitedWith(1));
}

TEST_F(AgentLoopTest, RunsTheTestsOnceForEachProgram) {
  (void)WriteUntilTestsPass(sandbox_, model_, 3);
  EXPECT_THAT(*provider_.Commands(sandbox_.id()), SizeIs(2));
}

}  // namespace
