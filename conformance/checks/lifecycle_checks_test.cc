#include <mutex>
#include <set>

#include "conformance/catalogue.h"
#include "conformance/checks/check_test.h"

namespace computesdk::conformance {
namespace {

class LifecycleChecksTest : public CheckTest {
 protected:
  LifecycleChecksTest() : CheckTest(LifecycleRequirements) {}
};

TEST_F(LifecycleChecksTest, PassAProviderThatKeepsTheContract) {
  for (const Requirement& requirement : LifecycleRequirements()) {
    ExpectVerdict(requirement.id, Verdict::kPassed);
  }
}

TEST_F(LifecycleChecksTest, CatchAHandleForAnyId) {
  ON_CALL(sabotaged(), GetById).WillByDefault([](const std::string& id) {
    return std::optional<SandboxRef>({.sandbox_id = id});
  });
  ExpectVerdict("lifecycle.get-by-id.unknown", Verdict::kFailed);
  ExpectVerdict("lifecycle.get-by-id.destroyed", Verdict::kFailed);
  ExpectVerdict("lifecycle.get-by-id.strange-ids", Verdict::kFailed);
  ExpectVerdict("lifecycle.get-by-id.same-id", Verdict::kPassed);
}

TEST_F(LifecycleChecksTest, CatchIdsMatchedByPrefix) {
  ON_CALL(sabotaged(), GetById)
      .WillByDefault([this](const std::string& id) -> Result<std::optional<SandboxRef>> {
        const Result<std::vector<SandboxRef>> refs = real().List();
        for (const SandboxRef& ref : *refs) {
          if (!id.empty() && ref.sandbox_id.starts_with(id)) return ref;
        }
        return std::nullopt;
      });
  ExpectVerdict("lifecycle.get-by-id.whole-id", Verdict::kFailed);
  ExpectVerdict("lifecycle.get-by-id.same-sandbox", Verdict::kPassed);
}

TEST_F(LifecycleChecksTest, CatchAnErrorInPlaceOfNone) {
  ON_CALL(sabotaged(), GetById)
      .WillByDefault([this](const std::string& id) -> Result<std::optional<SandboxRef>> {
        const Result<std::optional<SandboxRef>> found = real().GetById(id);
        if (found && !found->has_value()) return MakeError(ErrorCode::kNotFound, id);
        return found;
      });
  ExpectVerdict("lifecycle.get-by-id.unknown", Verdict::kFailed);
}

TEST_F(LifecycleChecksTest, CatchAListOfTheFirstPageOnly) {
  ON_CALL(sabotaged(), List).WillByDefault([this] {
    Result<std::vector<SandboxRef>> refs = real().List();
    if (refs->size() > 20) refs->resize(20);
    return refs;
  });
  ExpectVerdict("lifecycle.list.thirty", Verdict::kFailed);
  ExpectVerdict("lifecycle.list.has-live", Verdict::kPassed);
}

TEST_F(LifecycleChecksTest, CatchADestroyThatDoesNothing) {
  ON_CALL(sabotaged(), Destroy).WillByDefault([](const std::string&) { return Status(); });
  ExpectVerdict("lifecycle.destroy.commands-fail", Verdict::kFailed);
  ExpectVerdict("lifecycle.destroy.files-fail", Verdict::kFailed);
  ExpectVerdict("lifecycle.destroy.status", Verdict::kFailed);
  ExpectVerdict("lifecycle.list.no-destroyed", Verdict::kFailed);
}

TEST_F(LifecycleChecksTest, CatchADestroyThatOnlyForgets) {
  std::mutex mutex;
  std::set<std::string> forgotten;
  const auto is_forgotten = [&](const std::string& id) {
    const std::lock_guard lock(mutex);
    return forgotten.contains(id);
  };
  ON_CALL(sabotaged(), Destroy).WillByDefault([&](const std::string& id) {
    const std::lock_guard lock(mutex);
    forgotten.insert(id);
    return Status();
  });
  ON_CALL(sabotaged(), RunCommand)
      .WillByDefault(
          [&](const std::string& id, const RunCommandRequest& request) -> Result<ExecutionResult> {
            if (is_forgotten(id)) return MakeError(ErrorCode::kNotFound, id);
            return real().RunCommand(id, request);
          });
  ExpectVerdict("lifecycle.destroy.commands-fail", Verdict::kPassed);
  ExpectVerdict("lifecycle.destroy.ends-processes", Verdict::kFailed);
}

TEST_F(LifecycleChecksTest, CatchAFailedCreateThatLeavesASandbox) {
  ON_CALL(sabotaged(), Create)
      .WillByDefault([this](const CreateSandboxOptions& options) -> Result<SandboxRef> {
        const Result<SandboxRef> created = real().Create(options);
        if (!created) static_cast<void>(real().Create({}));
        return created;
      });
  ExpectVerdict("lifecycle.create.failure-leaves-nothing", Verdict::kFailed);
}

TEST_F(LifecycleChecksTest, CatchOneSandboxForOverlappingCreates) {
  std::mutex mutex;
  Result<SandboxRef> only = MakeError(ErrorCode::kUnknown, "");
  ON_CALL(sabotaged(), Create).WillByDefault([&](const CreateSandboxOptions& options) {
    const std::lock_guard lock(mutex);
    if (!only || !real().GetById(only->sandbox_id)->has_value()) only = real().Create(options);
    return only;
  });
  ExpectVerdict("lifecycle.create.overlapping", Verdict::kFailed);
  ExpectVerdict("lifecycle.create.distinct-ids", Verdict::kFailed);
}

class InfoChecksTest : public CheckTest {
 protected:
  InfoChecksTest() : CheckTest(InfoRequirements) {}
};

TEST_F(InfoChecksTest, PassAProviderThatKeepsTheContract) {
  for (const Requirement& requirement : InfoRequirements()) {
    ExpectVerdict(requirement.id, Verdict::kPassed);
  }
}

TEST_F(InfoChecksTest, CatchTheTimeOfTheCall) {
  ON_CALL(sabotaged(), GetInfo).WillByDefault([this](const std::string& id) {
    Result<SandboxInfo> info = real().GetInfo(id);
    if (info) {
      info->created_at =
          std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    }
    return info;
  });
  ExpectVerdict("info.created-at-stays", Verdict::kFailed);
  ExpectVerdict("info.created-at", Verdict::kPassed);
}

TEST_F(InfoChecksTest, CatchSecondsTakenForMilliseconds) {
  ON_CALL(sabotaged(), GetInfo).WillByDefault([this](const std::string& id) {
    Result<SandboxInfo> info = real().GetInfo(id);
    if (info) {
      info->created_at =
          Timestamp(Milliseconds(info->created_at.time_since_epoch().count() / 1000));
    }
    return info;
  });
  ExpectVerdict("info.created-at", Verdict::kFailed);
}

class UrlChecksTest : public CheckTest {
 protected:
  UrlChecksTest() : CheckTest(UrlRequirements) {}
};

TEST_F(UrlChecksTest, PassAProviderThatKeepsTheContract) {
  for (const Requirement& requirement : UrlRequirements()) {
    ExpectVerdict(requirement.id, Verdict::kPassed);
  }
}

TEST_F(UrlChecksTest, CatchAnAddressThatIgnoresPortAndProtocol) {
  ON_CALL(sabotaged(), GetUrl).WillByDefault([](const std::string& id, const GetUrlRequest&) {
    return Result<std::string>("https://" + id + ".sandbox.test");
  });
  ExpectVerdict("url.ports-differ", Verdict::kFailed);
  ExpectVerdict("url.protocol", Verdict::kFailed);
  ExpectVerdict("url.bad-ports", Verdict::kWarned);
  ExpectVerdict("url.sandboxes-differ", Verdict::kPassed);
}

TEST_F(UrlChecksTest, CatchAnAddressWithTwoSchemes) {
  ON_CALL(sabotaged(), GetUrl).WillByDefault([](const std::string& id, const GetUrlRequest&) {
    return Result<std::string>("https://https://" + id + ".sandbox.test");
  });
  ExpectVerdict("url.absolute", Verdict::kFailed);
}

}  // namespace
}  // namespace computesdk::conformance
