#include "mocks/mock_provider.h"

#include <utility>

namespace computesdk {
namespace {

using testing::_;

ProviderDescription DefaultDescription() {
  return {.name = "mock", .runtimes = {"bash"}, .max_concurrency = 64};
}

}  // namespace

MockProvider::MockProvider() : MockProvider(DefaultDescription()) {}

MockProvider::MockProvider(ProviderDescription description) : description_(std::move(description)) {
  SetRequiredDefaults();
  SetOptionalDefaults();
}

MockProvider::~MockProvider() = default;

void MockProvider::SetRequiredDefaults() {
  ON_CALL(*this, Describe).WillByDefault(testing::ReturnRef(description_));
  ON_CALL(*this, Create).WillByDefault([this](const CreateSandboxOptions&) {
    return SandboxRef{.sandbox_id = "mock-sandbox-" + std::to_string(++created_)};
  });
  ON_CALL(*this, GetById).WillByDefault([](const std::string& id) {
    return SandboxRef{.sandbox_id = id};
  });
  ON_CALL(*this, List).WillByDefault([] { return std::vector<SandboxRef>(); });
  ON_CALL(*this, Destroy).WillByDefault([](const std::string&) { return Status(); });
  ON_CALL(*this, RunCode).WillByDefault([this](const std::string& id, const RunCodeRequest&) {
    return ExecutionResult{.sandbox_id = id, .provider = description_.name};
  });
  ON_CALL(*this, RunCommand)
      .WillByDefault([this](const std::string& id, const RunCommandRequest& request) {
        ExecutionResult result{.sandbox_id = id, .provider = description_.name};
        if (request.options.background) result.is_background = true;
        return result;
      });
}

// The base class's own answers; it calls Describe for the name, which a StrictMock would count.
void MockProvider::SetOptionalDefaults() {
  const auto unimplemented = [name = description_.name](const char* method) {
    return MakeError(ErrorCode::kUnimplemented,
                     "the provider " + name + " does not offer " + method);
  };
  using Text = const std::string&;
  ON_CALL(*this, GetInfo).WillByDefault([=](Text) -> Result<SandboxInfo> {
    return unimplemented("getInfo");
  });
  ON_CALL(*this, GetUrl).WillByDefault([=](Text, const GetUrlRequest&) -> Result<std::string> {
    return unimplemented("getUrl");
  });
  ON_CALL(*this, ReadFile).WillByDefault([=](Text, Text) -> Result<std::string> {
    return unimplemented("filesystem.readFile");
  });
  ON_CALL(*this, WriteFile).WillByDefault([=](Text, Text, Text) -> Status {
    return unimplemented("filesystem.writeFile");
  });
  ON_CALL(*this, Mkdir).WillByDefault([=](Text, Text) -> Status {
    return unimplemented("filesystem.mkdir");
  });
  ON_CALL(*this, Readdir).WillByDefault([=](Text, Text) -> Result<std::vector<FileEntry>> {
    return unimplemented("filesystem.readdir");
  });
  ON_CALL(*this, Exists).WillByDefault([=](Text, Text) -> Result<bool> {
    return unimplemented("filesystem.exists");
  });
  ON_CALL(*this, Remove).WillByDefault([=](Text, Text) -> Status {
    return unimplemented("filesystem.remove");
  });
}

void MockProvider::DelegateTo(Provider& provider) {
  using testing::Invoke;
  ON_CALL(*this, Describe).WillByDefault(Invoke(&provider, &Provider::Describe));
  ON_CALL(*this, Create).WillByDefault(Invoke(&provider, &Provider::Create));
  ON_CALL(*this, GetById).WillByDefault(Invoke(&provider, &Provider::GetById));
  ON_CALL(*this, List).WillByDefault(Invoke(&provider, &Provider::List));
  ON_CALL(*this, Destroy).WillByDefault(Invoke(&provider, &Provider::Destroy));
  ON_CALL(*this, RunCode).WillByDefault(Invoke(&provider, &Provider::RunCode));
  ON_CALL(*this, RunCommand).WillByDefault(Invoke(&provider, &Provider::RunCommand));
  ON_CALL(*this, GetInfo).WillByDefault(Invoke(&provider, &Provider::GetInfo));
  ON_CALL(*this, GetUrl).WillByDefault(Invoke(&provider, &Provider::GetUrl));
  ON_CALL(*this, ReadFile).WillByDefault(Invoke(&provider, &Provider::ReadFile));
  ON_CALL(*this, WriteFile).WillByDefault(Invoke(&provider, &Provider::WriteFile));
  ON_CALL(*this, Mkdir).WillByDefault(Invoke(&provider, &Provider::Mkdir));
  ON_CALL(*this, Readdir).WillByDefault(Invoke(&provider, &Provider::Readdir));
  ON_CALL(*this, Exists).WillByDefault(Invoke(&provider, &Provider::Exists));
  ON_CALL(*this, Remove).WillByDefault(Invoke(&provider, &Provider::Remove));
}

}  // namespace computesdk
