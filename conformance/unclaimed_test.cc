#include <functional>
#include <set>
#include <thread>

#include "conformance/runner.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/forwarding_provider.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::conformance {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Error Unimplemented() { return {ErrorCode::kUnimplemented, "no files"}; }

// Claims nothing. The file methods that a test names do their work all the same; the others answer
// as `answer` does, which may have an effect before.
class WithoutFiles : public ForwardingProvider {
 public:
  WithoutFiles(std::set<std::string> working, std::function<Error(Provider& real)> answer)
      : ForwardingProvider(std::make_unique<InMemoryProvider>()),
        working_(std::move(working)),
        answer_(std::move(answer)),
        description_(inner().Describe()) {
    description_.capabilities = {};
  }

  const ProviderDescription& Describe() const override { return description_; }
  Result<std::string> ReadFile(const std::string& id, const std::string& path) override {
    if (working_.contains("readFile")) return inner().ReadFile(id, path);
    return tl::unexpected<Error>(answer_(inner()));
  }
  Status WriteFile(const std::string& id, const std::string& path,
                   const std::string& content) override {
    if (on_write && !on_write(inner(), id, path, content)) {
      return tl::unexpected<Error>(Unimplemented());
    }
    if (working_.contains("writeFile")) return inner().WriteFile(id, path, content);
    return tl::unexpected<Error>(answer_(inner()));
  }
  Status Mkdir(const std::string& id, const std::string& path) override {
    if (working_.contains("mkdir")) return inner().Mkdir(id, path);
    return tl::unexpected<Error>(answer_(inner()));
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& id, const std::string& path) override {
    if (working_.contains("readdir")) return inner().Readdir(id, path);
    return tl::unexpected<Error>(answer_(inner()));
  }
  Result<bool> Exists(const std::string& id, const std::string& path) override {
    if (working_.contains("exists")) return inner().Exists(id, path);
    return tl::unexpected<Error>(answer_(inner()));
  }
  Status Remove(const std::string& id, const std::string& path) override {
    if (working_.contains("remove")) return inner().Remove(id, path);
    return tl::unexpected<Error>(answer_(inner()));
  }

  // False: the method answers UNIMPLEMENTED after it.
  std::function<bool(Provider&, const std::string&, const std::string&, const std::string&)>
      on_write;

 private:
  const std::set<std::string> working_;
  const std::function<Error(Provider& real)> answer_;
  ProviderDescription description_;
};

const std::set<std::string>& AllSix() {
  static const auto* const all =
      new std::set<std::string>{"readFile", "writeFile", "mkdir", "readdir", "exists", "remove"};
  return *all;
}

class UnclaimedTest : public testing::Test {
 protected:
  CheckResult Run(std::unique_ptr<Provider> provider) {
    const auto candidate = std::move(*InProcessCandidate("x", [&] { return std::move(provider); }));
    Runner runner(options_, *candidate, candidate->Get()->provider->Describe(), nullptr, canary_);
    Requirement requirement;
    requirement.id = "filesystem.anything";
    requirement.level = Level::kOptional;
    requirement.capability = "filesystem";
    const CheckResult result = runner.RunOne(requirement);
    RunRecord record;
    runner.Finish(record);
    probes_ = record.probes;
    return result;
  }
  CheckResult Run(std::set<std::string> working) {
    return Run(std::make_unique<WithoutFiles>(std::move(working),
                                              [](Provider&) { return Unimplemented(); }));
  }

  const HostCanary canary_;
  RunOptions options_;
  std::vector<MethodProbe> probes_;
};

TEST_F(UnclaimedTest, AllSixMethodsAnswerUnimplemented) {
  EXPECT_EQ(Run(std::set<std::string>()).verdict, Verdict::kUnsupported);
  EXPECT_THAT(probes_, ElementsAre(MethodProbe{"filesystem", Verdict::kPassed, 6, 0}));
}

TEST_F(UnclaimedTest, AllSixMethodsWork) {
  EXPECT_EQ(Run(AllSix()).verdict, Verdict::kFailed);
  EXPECT_THAT(probes_, ElementsAre(MethodProbe{"filesystem", Verdict::kFailed, 6, 6}));
}

TEST_F(UnclaimedTest, EachMethodThatWorksIsSeenByItself) {
  for (const std::string& method : AllSix()) {
    const CheckResult result = Run(std::set<std::string>{method});
    EXPECT_EQ(result.verdict, Verdict::kFailed) << method;
    EXPECT_THAT(result.message, HasSubstr(method + ", which is not claimed"));
    EXPECT_THAT(probes_, ElementsAre(MethodProbe{"filesystem", Verdict::kFailed, 6, 1})) << method;
  }
}

TEST_F(UnclaimedTest, AnotherErrorIsNotUnimplemented) {
  const CheckResult result =
      Run(std::make_unique<WithoutFiles>(std::set<std::string>(), [](Provider&) {
        return Error{ErrorCode::kInternal, "oops"};
      }));
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  EXPECT_EQ(result.findings.size(), 7u);  // writeFile is called twice.
  EXPECT_THAT(probes_, ElementsAre(MethodProbe{"filesystem", Verdict::kFailed, 6, 0}));
}

TEST_F(UnclaimedTest, AFileThatIsWrittenAllTheSameIsSeen) {
  auto provider = std::make_unique<WithoutFiles>(std::set<std::string>(),
                                                 [](Provider&) { return Unimplemented(); });
  provider->on_write = [](Provider& real, const std::string& id, const std::string& path,
                          const std::string& content) {
    EXPECT_TRUE(real.WriteFile(id, path, content));
    return false;
  };
  const CheckResult result = Run(std::move(provider));
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  // What was there is overwritten, and what was not is made.
  ASSERT_EQ(result.findings.size(), 2u);
  EXPECT_THAT(result.findings[0].subject, HasSubstr("/kept after writeFile"));
  EXPECT_THAT(result.findings[1].subject, HasSubstr("/file is there after writeFile"));
}

TEST_F(UnclaimedTest, AMethodThatAnswersTooLateDoesNotAnswer) {
  options_.call_timeout = Milliseconds(50);
  const CheckResult result =
      Run(std::make_unique<WithoutFiles>(std::set<std::string>(), [](Provider&) {
        std::this_thread::sleep_for(Milliseconds(150));
        return Unimplemented();
      }));
  EXPECT_EQ(result.verdict, Verdict::kFailed);
  EXPECT_THAT(result.message, HasSubstr("DEADLINE_EXCEEDED"));
}

}  // namespace
}  // namespace computesdk::conformance
