#include "conformance/catalogue.h"
#include "conformance/checks/check_test.h"

namespace computesdk::conformance {
namespace {

class CreateChecksTest : public CheckTest {
 protected:
  CreateChecksTest() : CheckTest(CreateRequirements) {}

  // Creates with the options changed by `change`.
  void ChangeOptions(std::function<void(CreateSandboxOptions&)> change) {
    ON_CALL(sabotaged(), Create).WillByDefault([this, change](CreateSandboxOptions options) {
      change(options);
      return real().Create(options);
    });
  }
  void ChangeInfo(std::function<void(SandboxInfo&)> change) {
    ON_CALL(sabotaged(), GetInfo).WillByDefault([this, change](const std::string& id) {
      Result<SandboxInfo> info = real().GetInfo(id);
      if (info) change(*info);
      return info;
    });
  }
};

TEST_F(CreateChecksTest, PassAProviderThatKeepsTheContract) {
  for (const Requirement& requirement : CreateRequirements()) {
    ExpectVerdict(requirement.id, Verdict::kPassed);
  }
}

TEST_F(CreateChecksTest, CatchVariablesThatAreDropped) {
  ChangeOptions([](CreateSandboxOptions& options) { options.envs.clear(); });
  ExpectVerdict("create.envs.commands", Verdict::kFailed);
  ExpectVerdict("create.envs.code", Verdict::kFailed);
}

TEST_F(CreateChecksTest, CatchValuesThatAreTrimmed) {
  ChangeOptions([](CreateSandboxOptions& options) {
    for (auto& [name, value] : options.envs) {
      while (value.ends_with(' ') || value.ends_with('\n')) value.pop_back();
    }
  });
  ExpectVerdict("create.envs.values", Verdict::kFailed);
  ExpectVerdict("create.envs.commands", Verdict::kPassed);
}

TEST_F(CreateChecksTest, CatchVariablesThatAllSandboxesShare) {
  Environment all;
  ChangeOptions([&all](CreateSandboxOptions& options) {
    all.insert(options.envs.begin(), options.envs.end());
    options.envs = all;
  });
  ExpectVerdict("create.envs.own", Verdict::kFailed);
}

TEST_F(CreateChecksTest, CatchMetadataThatBecomesText) {
  ChangeInfo([](SandboxInfo& info) {
    for (auto& [key, value] : info.metadata->items()) {
      if (!value.is_string()) value = value.dump();
    }
  });
  ExpectVerdict("create.metadata.nested", Verdict::kFailed);
  ExpectVerdict("create.metadata.round-trip", Verdict::kPassed);
}

TEST_F(CreateChecksTest, TolerateMembersOfTheProvidersOwn) {
  ChangeInfo([](SandboxInfo& info) { (*info.metadata)["region"] = "here"; });
  ExpectVerdict("create.metadata.round-trip", Verdict::kPassed);
  ExpectVerdict("create.metadata.own", Verdict::kPassed);
}

TEST_F(CreateChecksTest, CatchATimeoutInSeconds) {
  ChangeOptions([](CreateSandboxOptions& options) {
    if (options.timeout) *options.timeout *= 1000;
  });
  ExpectVerdict("create.timeout.reported", Verdict::kFailed);
  ExpectVerdict("create.timeout.soon-after", Verdict::kWarned);
  ExpectVerdict("create.timeout.not-before", Verdict::kPassed);
}

TEST_F(CreateChecksTest, CatchATimeoutThatIsAConstant) {
  ChangeInfo([](SandboxInfo& info) { info.timeout = Milliseconds{300'000}; });
  ExpectVerdict("create.timeout.reported", Verdict::kFailed);
}

TEST_F(CreateChecksTest, CatchATimeoutThatEndsTheSandboxEarly) {
  ChangeOptions([](CreateSandboxOptions& options) {
    if (options.timeout) *options.timeout /= 7;
  });
  ExpectVerdict("create.timeout.not-before", Verdict::kWarned);
}

}  // namespace
}  // namespace computesdk::conformance
