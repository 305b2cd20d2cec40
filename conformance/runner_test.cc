#include "conformance/runner.h"

#include <future>
#include <set>
#include <stdexcept>

#include "conformance/testing/fake_provider.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Requirement Make(const std::string& id, std::function<void(CheckContext&)> check,
                 SandboxNeed sandbox = SandboxNeed::kShared) {
  Requirement requirement;
  requirement.id = id;
  requirement.asks = "Something.";
  requirement.sandbox = sandbox;
  requirement.check = std::move(check);
  return requirement;
}

void Passes(CheckContext&) {}

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() {
    auto fake = std::make_unique<FakeProvider>();
    fake_ = fake.get();
    candidate_ = std::move(*InProcessCandidate("fake", [&] { return std::move(fake); }));
  }
  Runner& runner() {
    if (!runner_) {
      runner_ =
          std::make_unique<Runner>(options_, *candidate_, fake_->description, nullptr, canary_);
    }
    return *runner_;
  }
  std::vector<CheckResult> RunAll(const std::vector<Requirement>& requirements) {
    std::vector<const Requirement*> pointers;
    for (const Requirement& requirement : requirements) pointers.push_back(&requirement);
    return runner().RunAll(pointers, nullptr);
  }
  RunRecord Finish() {
    RunRecord record;
    runner().Finish(record);
    return record;
  }

  const HostCanary canary_;
  RunOptions options_{.consistency_window = Milliseconds(10)};
  FakeProvider* fake_ = nullptr;
  std::unique_ptr<Candidate> candidate_;
  std::unique_ptr<Runner> runner_;
  std::shared_ptr<std::promise<void>> release_ = std::make_shared<std::promise<void>>();
};

TEST_F(RunnerTest, PassesACheckThatFindsNothing) {
  EXPECT_EQ(runner().RunOne(Make("a.b", Passes)).verdict, Verdict::kPassed);
}

TEST_F(RunnerTest, FailsACheckWithWhatItExpectedAndWhatCame) {
  const CheckResult result = runner().RunOne(Make("a.b", [](CheckContext& ctx) {
    auto scope = ctx.Case("case ", 1);
    ctx.Must(ctx.Sh(ctx.box(), "true"));
    ctx.Expect(1, Eq(2), "the number");
  }));
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.findings[0].subject, "case 1: the number");
  EXPECT_EQ(result.findings[0].expected, "is equal to 2");
  EXPECT_EQ(result.findings[0].actual, "1");
  EXPECT_THAT(result.findings[0].steps, Contains(HasSubstr("\"true\"")));
  EXPECT_EQ(result.message, "case 1: the number: expected is equal to 2, got 1");
}

TEST_F(RunnerTest, WarnsOfARecommendedRequirement) {
  Requirement requirement =
      Make("a.b", [](CheckContext& ctx) { ctx.Expect(1, Eq(2), "the number"); });
  requirement.level = Level::kRecommended;
  EXPECT_EQ(runner().RunOne(requirement).verdict, Verdict::kWarned);
}

TEST_F(RunnerTest, SaysWhatATolerantPassUsed) {
  const CheckResult result =
      runner().RunOne(Make("a.b", [](CheckContext& ctx) { ctx.Tolerated("another way"); }));
  EXPECT_EQ(result.verdict, Verdict::kPassed);
  EXPECT_EQ(result.message, "another way");
}

TEST_F(RunnerTest, IsNotTestableWhereTheCheckSaysSoOrItsPreparationFailed) {
  fake_->on_run = [](const std::string&, const std::string& line) {
    return ExecutionResult{.exit_code = line == "false" ? 1 : 0};
  };
  const CheckResult said =
      runner().RunOne(Make("a.b", [](CheckContext& ctx) { ctx.NotTestable("no `cat`"); }));
  EXPECT_EQ(said.verdict, Verdict::kNotTestable);
  EXPECT_EQ(said.message, "no `cat`");
  const CheckResult failed =
      runner().RunOne(Make("a.c", [](CheckContext& ctx) { ctx.Observe(ctx.box(), "false"); }));
  EXPECT_EQ(failed.verdict, Verdict::kNotTestable);
}

TEST_F(RunnerTest, ReportsACheckThatThrows) {
  const CheckResult result =
      runner().RunOne(Make("a.b", [](CheckContext&) { throw std::runtime_error("a bug"); }));
  EXPECT_EQ(result.verdict, Verdict::kNotTestable);
  EXPECT_THAT(result.message, HasSubstr("a bug"));
}

TEST_F(RunnerTest, NotesWhichSandboxLivedWhenAndForWhom) {
  RunAll({Make("a.shared", Passes), Make("a.fresh", Passes, SandboxNeed::kFresh)});
  const RunRecord record = Finish();
  ASSERT_THAT(record.timeline, SizeIs(2));
  std::set<std::string> makers;
  for (const SandboxLife& life : record.timeline) {
    makers.insert(life.made_by);
    ASSERT_TRUE(life.destroyed);
    EXPECT_LE(life.created, *life.destroyed);
  }
  EXPECT_EQ(makers, (std::set<std::string>{"a.fresh", std::string(kSharedMaker)}));
}

TEST_F(RunnerTest, LeavesTheLifeOfASandboxOpenThatNeverEnded) {
  fake_->on_destroy = [](const std::string&) {
    return Status(MakeError(ErrorCode::kInternal, ""));
  };
  RunAll({Make("a.fresh", Passes, SandboxNeed::kFresh)});
  const RunRecord record = Finish();
  ASSERT_THAT(record.timeline, SizeIs(1));
  EXPECT_FALSE(record.timeline[0].destroyed);
}

TEST_F(RunnerTest, UsesASharedSandboxAgainAndAFreshOneOnce) {
  std::vector<std::string> ids;
  const auto note = [&](CheckContext& ctx) { ids.push_back(ctx.box().id); };
  options_.jobs = 1;
  RunAll({Make("a.a", note), Make("a.b", note), Make("a.c", note, SandboxNeed::kFresh)});
  EXPECT_THAT(ids, ElementsAre("sb-1", "sb-1", "sb-2"));
  EXPECT_THAT(fake_->destroyed(), ElementsAre("sb-2"));
  EXPECT_EQ(Finish().stats.sandboxes_leaked, 0);
  EXPECT_THAT(fake_->alive(), IsEmpty());
}

TEST_F(RunnerTest, GivesEveryCheckADirectoryOfItsOwn) {
  std::vector<std::string> directories;
  const auto note = [&](CheckContext& ctx) { directories.push_back(ctx.box().dir); };
  options_.jobs = 1;
  RunAll({Make("a.a", note), Make("a.b", note)});
  ASSERT_THAT(directories, SizeIs(2));
  EXPECT_NE(directories[0], directories[1]);
  EXPECT_THAT(directories[0], testing::StartsWith("/w/"));
}

TEST_F(RunnerTest, IsNotTestableWithoutASandboxAndGivesUpSoon) {
  int creates = 0;
  options_.jobs = 1;
  fake_->on_create = [&]() -> Result<SandboxRef> {
    ++creates;
    return MakeError(ErrorCode::kUnavailable, "no backend");
  };
  const std::vector<CheckResult> results =
      RunAll(std::vector<Requirement>(20, Make("a.b", Passes)));
  for (const CheckResult& result : results) {
    EXPECT_EQ(result.verdict, Verdict::kNotTestable);
    EXPECT_THAT(result.message, HasSubstr("no backend"));
  }
  EXPECT_EQ(creates, 3);
}

TEST_F(RunnerTest, EndsSoonWhenEverythingHangs) {
  options_.call_timeout = Milliseconds(50);
  options_.jobs = 1;
  fake_->on_create = [release = release_]() -> Result<SandboxRef> {
    release->get_future().wait();
    return MakeError(ErrorCode::kUnavailable, "");
  };
  std::vector<Requirement> requirements(30, Make("a.b", Passes));
  requirements.push_back(Make(
      "lifecycle.create", [](CheckContext& ctx) { ctx.Must(ctx.provider().Create({}), "create"); },
      SandboxNeed::kNone));
  const auto begun = SteadyClock::now();
  const std::vector<CheckResult> results = RunAll(requirements);
  EXPECT_LT(SteadyClock::now() - begun, std::chrono::seconds(5));
  EXPECT_EQ(results.back().verdict, Verdict::kFailed);
  EXPECT_THAT(results.back().message, HasSubstr("the kit's limit of 50 ms"));
  EXPECT_EQ(results.front().verdict, Verdict::kNotTestable);
  release_->set_value();
}

TEST_F(RunnerTest, FailsACheckThatUsesUpItsLimit) {
  options_.check_timeout = Milliseconds(40);
  const CheckResult result = runner().RunOne(Make("a.b", [](CheckContext& ctx) {
    while (true) ctx.Sleep(Milliseconds(5));
  }));
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  EXPECT_THAT(result.message, HasSubstr("--check-timeout"));
}

TEST_F(RunnerTest, LeavesWhatIsLeftUntestedAtTheRunsEnd) {
  options_.run_timeout = Milliseconds(1);
  runner();
  std::this_thread::sleep_for(Milliseconds(2));
  const CheckResult result = runner().RunOne(Make("a.b", Passes));
  EXPECT_EQ(result.verdict, Verdict::kNotTestable);
  EXPECT_THAT(result.message, HasSubstr("--run-timeout"));
}

TEST_F(RunnerTest, StopsAtAnInterruptAndDestroysWhatIsAlive) {
  options_.jobs = 1;
  const std::vector<CheckResult> results = RunAll({Make("a.a",
                                                        [this](CheckContext& ctx) {
                                                          ctx.CreateBox();
                                                          runner().Interrupt();
                                                          ctx.Sleep(Milliseconds(60'000));
                                                        }),
                                                   Make("a.b", Passes)});
  EXPECT_THAT(results, ElementsAre(Field(&CheckResult::verdict, Verdict::kNotTestable),
                                   Field(&CheckResult::verdict, Verdict::kNotTestable)));
  const RunRecord record = Finish();
  EXPECT_TRUE(record.interrupted);
  EXPECT_EQ(record.stats.sandboxes_leaked, 0);
  EXPECT_THAT(fake_->alive(), IsEmpty());
}

TEST_F(RunnerTest, CountsWhatCouldNotBeDestroyedAsLeaked) {
  fake_->on_destroy = [](const std::string&) -> Status {
    return MakeError(ErrorCode::kInternal, "no power");
  };
  RunAll({Make("a.a", Passes)});
  const RunRecord record = Finish();
  EXPECT_EQ(record.stats.sandboxes_leaked, 1);
  EXPECT_THAT(record.problems, Contains(HasSubstr("still there at its end")));
}

TEST_F(RunnerTest, DoesNotSendAnOptionThatIsNotClaimed) {
  bool ran = false;
  Requirement requirement = Make("a.b", [&](CheckContext&) { ran = true; });
  requirement.level = Level::kOptional;
  requirement.capability = "command.env";
  EXPECT_EQ(runner().RunOne(requirement).verdict, Verdict::kUnsupported);
  EXPECT_FALSE(ran);
}

TEST_F(RunnerTest, VerifiesThatAnUnclaimedMethodIsUnimplemented) {
  Requirement requirement = Make("info.id", Passes);
  requirement.level = Level::kOptional;
  requirement.capability = "getInfo";
  const CheckResult result = runner().RunOne(requirement);
  EXPECT_EQ(result.verdict, Verdict::kUnsupported);
  EXPECT_EQ(result.message, "getInfo is not claimed, and answers UNIMPLEMENTED");
}

TEST_F(RunnerTest, FailsAnUnclaimedMethodThatAnswers) {
  class WithInfo : public FakeProvider {
   public:
    Result<SandboxInfo> GetInfo(const std::string& id) override { return SandboxInfo{.id = id}; }
  };
  const auto candidate = InProcessCandidate("x", [] { return std::make_unique<WithInfo>(); });
  Runner runner(options_, **candidate, FakeProvider().description, nullptr, canary_);
  Requirement requirement = Make("info.id", Passes);
  requirement.level = Level::kOptional;
  requirement.capability = "getInfo";
  EXPECT_EQ(runner.RunOne(requirement).verdict, Verdict::kFailed);
}

TEST_F(RunnerTest, IsUnsupportedWhereTheWayToLookIsNotClaimed) {
  Requirement requirement = Make("a.b", Passes);
  requirement.needs = {"filesystem"};
  const CheckResult result = runner().RunOne(requirement);
  EXPECT_EQ(result.verdict, Verdict::kUnsupported);
  EXPECT_THAT(result.message, HasSubstr("filesystem"));
}

TEST_F(RunnerTest, StartsWithTheLifecycleAndEndsWithTheAdapter) {
  options_.jobs = 1;
  const std::vector<Requirement> requirements = {Make("adapter.x", Passes), Make("files.x", Passes),
                                                 Make("lifecycle.x", Passes)};
  std::vector<std::string> order;
  const auto results =
      runner().RunAll({&requirements[0], &requirements[1], &requirements[2]},
                      [&](const CheckResult& result, int, int) { order.push_back(result.id); });
  EXPECT_THAT(order, ElementsAre("lifecycle.x", "files.x", "adapter.x"));
  EXPECT_EQ(results[0].id, "adapter.x");
}

TEST_F(RunnerTest, AsksNothingOfAnAdapterThatIsNotThere) {
  EXPECT_EQ(runner().RunOne(Make("adapter.x", Passes)).verdict, Verdict::kUnsupported);
}

TEST_F(RunnerTest, DrawsTheSameNumbersForTheSameSeed) {
  std::vector<std::uint64_t> drawn;
  const Requirement draws =
      Make("a.b", [&](CheckContext& ctx) { drawn.push_back(ctx.random()()); });
  const Requirement other =
      Make("a.c", [&](CheckContext& ctx) { drawn.push_back(ctx.random()()); });
  runner().RunOne(draws);
  runner().RunOne(other);
  runner().RunOne(draws);
  EXPECT_EQ(drawn[0], drawn[2]);
  EXPECT_NE(drawn[0], drawn[1]);
}

TEST_F(RunnerTest, EndsTheCheckWithWhatEndedItInParallel) {
  const CheckResult result = runner().RunOne(Make("a.b", [](CheckContext& ctx) {
    auto scope = ctx.Case("outer");
    ctx.InParallel(4, [&](int i) {
      auto inner = ctx.Case("body ", i);
      ctx.Require(i, testing::Ne(2), "the index");
    });
    ctx.Fail({"after", "not reached", "reached"});
  }));
  ASSERT_THAT(result.findings, SizeIs(1));
  EXPECT_EQ(result.findings[0].subject, "outer: body 2: the index");
}

}  // namespace
}  // namespace computesdk::conformance
