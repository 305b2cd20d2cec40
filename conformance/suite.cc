#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <set>
#include <utility>

#include "conformance/catalogue.h"
#include "conformance/conformance_suite.h"
#include "conformance/expectations.h"
#include "conformance/report/report.h"
#include "conformance/report/text.h"
#include "conformance/runner.h"
#include "conformance/suite_report.h"
#include "conformance/verdict.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

// What the tests of one process share.
class Session {
 public:
  Session(SuiteOptions options, Expectations expectations, CandidateFactory make)
      : options_(std::move(options)),
        expectations_(std::move(expectations)),
        make_(std::move(make)) {}

  const SuiteOptions& options() const { return options_; }
  const Expectations& expectations() const { return expectations_; }

  // The error is why there is no candidate to be tested.
  Result<CheckResult> Run(const Requirement& requirement) {
    if (!runner_ && !failure_) Start();
    if (failure_) return tl::unexpected<Error>(*failure_);
    std::vector<CheckResult> results = {runner_->RunOne(requirement)};
    ApplyRequire(options_.require, results);
    record_.results.push_back(results.front());
    return std::move(results.front());
  }

  // What is wrong with the run as a whole.
  std::vector<std::string> Finish() {
    RunRecord record = std::exchange(record_, {});
    record.seed = options_.run.seed;
    record.require = options_.require;
    if (const std::string filter = testing::GTEST_FLAG(filter); filter != "*") {
      record.filters = {filter};
    }
    if (runner_) FinishRun(record);
    if (failure_) record.problems.push_back("no candidate: " + failure_->message);
    std::vector<std::string> problems = record.problems;
    // The tests themselves told of the candidate that is missing.
    if (failure_) problems.pop_back();
    if (const Status written = WriteSuiteReport(std::move(record), expectations_); !written) {
      problems.push_back(written.error().message);
    }
    return problems;
  }

 private:
  void FinishRun(RunRecord& record) {
    runner_->Finish(record);
    record.duration = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - begun_);
    if (runner_->HasStragglers()) {
      // A call that never returned is still in the provider, which must not go under it.
      static_cast<void>(runner_.release());
      static_cast<void>(candidate_.release());
    } else {
      runner_.reset();
      candidate_.reset();
    }
  }

  void Start() {
    canary_.emplace();
    Result<std::unique_ptr<Candidate>> candidate = make_(options_);
    if (!candidate) {
      failure_ = candidate.error();
      return;
    }
    candidate_ = std::move(*candidate);
    const Result<Incarnation> first = candidate_->Get();
    if (!first) {
      failure_ = first.error();
      return;
    }
    std::unique_ptr<Ledger> ledger;
    if (first->adapter != nullptr) {
      // A test's sandbox may have no home: the run does without a ledger then.
      if (auto opened = Ledger::Open(DefaultLedgerPath(), candidate_->key())) {
        ledger = std::move(*opened);
      }
    }
    record_.provider = first->provider->Describe();
    record_.started_at =
        std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    begun_ = SteadyClock::now();
    runner_ = std::make_unique<Runner>(options_.run, *candidate_, first->provider->Describe(),
                                       std::move(ledger), *canary_);
  }

  const SuiteOptions options_;
  const Expectations expectations_;
  const CandidateFactory make_;
  std::optional<HostCanary> canary_;
  std::unique_ptr<Candidate> candidate_;
  std::unique_ptr<Runner> runner_;
  std::optional<Error> failure_;
  RunRecord record_;  // What is known before the end.
  SteadyClock::time_point begun_;
};

Session* session = nullptr;

// Looks at the run as a whole after the last test.
class RunEnd : public testing::Environment {
 public:
  void TearDown() override {
    for (const std::string& problem : session->Finish()) ADD_FAILURE() << problem;
  }
};

// Everything that the text report says of a failure.
std::string Describe(const Requirement& requirement, const CheckResult& result) {
  std::string out = result.message + "\n  asks    " + Wrapped(requirement.asks, 10, 100) + "\n";
  for (const Finding& finding : result.findings) {
    out += "  found   " + finding.subject + "\n    expected  " + finding.expected +
           "\n    got       " + finding.actual + "\n";
  }
  if (!result.findings.empty()) {
    for (const std::string& step : result.findings.front().steps) out += "  call    " + step + "\n";
  }
  return out + "  mend    " + Wrapped(requirement.mend, 10, 100);
}

class Conformance : public testing::TestWithParam<Requirement> {};

TEST_P(Conformance, Holds) {
  const Requirement& requirement = GetParam();
  const Result<CheckResult> run = session->Run(requirement);
  ASSERT_TRUE(run) << "no candidate: " << run.error();
  const CheckResult& result = *run;
  const auto known = session->expectations().find(requirement.id);
  const bool listed = known != session->expectations().end();
  switch (result.verdict) {
    case Verdict::kPassed:
      if (!result.message.empty()) std::cout << "note: " << result.message << "\n";
      break;
    case Verdict::kUnsupported:
      if (!listed) GTEST_SKIP() << "unsupported: " << result.message;
      break;
    case Verdict::kWarned:
      if (listed) GTEST_SKIP() << "known failure: " << known->second.reason;
      std::cout << "warning: " << requirement.id
                << " is recommended, and not met: " << Describe(requirement, result) << "\n";
      break;
    case Verdict::kNotTestable:
      // One that would not decide had it failed does not decide now.
      if (!listed && !Decides(result, session->options().require)) {
        GTEST_SKIP() << "not testable: " << result.message;
      }
      [[fallthrough]];
    case Verdict::kFailed:
      if (listed) GTEST_SKIP() << "known failure: " << known->second.reason;
      ADD_FAILURE() << requirement.id << " " << VerdictName(result.verdict) << ": "
                    << Describe(requirement, result);
      return;
  }
  if (listed) {
    ADD_FAILURE() << requirement.id << " " << VerdictName(result.verdict)
                  << ", but is listed as a known failure (line " << known->second.line
                  << "); take it out of the list";
  }
}

// Ids have characters that filters of GoogleTest give a meaning to.
std::string TestName(const testing::TestParamInfo<Requirement>& info) {
  std::string name = info.param.id;
  std::ranges::replace(name, '.', '_');
  std::ranges::replace(name, '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Requirements, Conformance, testing::ValuesIn(Catalogue()), TestName);

TEST(Expectations, NameRequirementsThatThereAre) {
  for (const auto& [id, expectation] : session->expectations()) {
    EXPECT_NE(FindRequirement(id), nullptr)
        << id << " (line " << expectation.line << ") is no requirement";
  }
}

int Unusable(const std::string& message) {
  std::cerr << "conformance test: " << message << std::endl;
  constexpr int kExitUnusable = 2;
  return kExitUnusable;
}

}  // namespace

// How GoogleTest shows the parameter of a test.
void PrintTo(const Requirement& requirement, std::ostream* os) { *os << requirement.id; }

int RunConformanceSuite(int argc, char** argv, CandidateFactory make) {
  testing::InitGoogleTest(&argc, argv);
  Result<SuiteOptions> options =
      ParseSuiteOptions(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  if (!options) return Unusable(options.error().message);
  Expectations expectations;
  if (!options->expectations.empty()) {
    Result<Expectations> read = ReadExpectations(options->expectations);
    if (!read) return Unusable(read.error().message);
    expectations = std::move(*read);
  }
  Session shared(std::move(*options), std::move(expectations), std::move(make));
  session = &shared;
  testing::AddGlobalTestEnvironment(new RunEnd);
  return RUN_ALL_TESTS();
}

}  // namespace computesdk::conformance
