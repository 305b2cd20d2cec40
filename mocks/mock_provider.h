#ifndef COMPUTESDK_MOCKS_MOCK_PROVIDER_H_
#define COMPUTESDK_MOCKS_MOCK_PROVIDER_H_

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "sdk/provider.h"

namespace computesdk {

// A provider that does what a test tells it, call by call. Works as it is, under NiceMock and
// under StrictMock; expectations and ON_CALL of the test win over the defaults.
//
// Defaults, in which nothing is remembered and any id will do:
//   Describe     "mock", the runtime "bash", no capability, 64 calls at once
//   Create       "mock-sandbox-1", "mock-sandbox-2", …
//   GetById      the sandbox asked for
//   List         empty
//   Destroy      success
//   RunCode, RunCommand   exit code 0, no output, the ids filled in; is_background as asked for
//   the optional methods  kUnimplemented, as the description says
// For a provider that remembers, take the in-memory one, or DelegateTo it.
class MockProvider : public Provider {
 public:
  MockProvider();
  // With this description, which every default keeps to.
  explicit MockProvider(ProviderDescription description);
  ~MockProvider() override;

  // From here on, what no expectation says is done by `provider`, which must outlive this; calls
  // may be expected and counted all the same.
  void DelegateTo(Provider& provider);

  MOCK_METHOD(const ProviderDescription&, Describe, (), (const, override));
  MOCK_METHOD(Result<SandboxRef>, Create, (const CreateSandboxOptions& options), (override));
  MOCK_METHOD(Result<std::optional<SandboxRef>>, GetById, (const std::string& sandbox_id),
              (override));
  MOCK_METHOD(Result<std::vector<SandboxRef>>, List, (), (override));
  MOCK_METHOD(Status, Destroy, (const std::string& sandbox_id), (override));
  MOCK_METHOD(Result<ExecutionResult>, RunCode,
              (const std::string& sandbox_id, const RunCodeRequest& request), (override));
  MOCK_METHOD(Result<ExecutionResult>, RunCommand,
              (const std::string& sandbox_id, const RunCommandRequest& request), (override));
  MOCK_METHOD(Result<SandboxInfo>, GetInfo, (const std::string& sandbox_id), (override));
  MOCK_METHOD(Result<std::string>, GetUrl,
              (const std::string& sandbox_id, const GetUrlRequest& request), (override));
  MOCK_METHOD(Result<std::string>, ReadFile,
              (const std::string& sandbox_id, const std::string& path), (override));
  MOCK_METHOD(Status, WriteFile,
              (const std::string& sandbox_id, const std::string& path, const std::string& content),
              (override));
  MOCK_METHOD(Status, Mkdir, (const std::string& sandbox_id, const std::string& path), (override));
  MOCK_METHOD(Result<std::vector<FileEntry>>, Readdir,
              (const std::string& sandbox_id, const std::string& path), (override));
  MOCK_METHOD(Result<bool>, Exists, (const std::string& sandbox_id, const std::string& path),
              (override));
  MOCK_METHOD(Status, Remove, (const std::string& sandbox_id, const std::string& path), (override));

 private:
  void SetRequiredDefaults();
  void SetOptionalDefaults();

  const ProviderDescription description_;
  std::atomic<int> created_ = 0;
};

}  // namespace computesdk

#endif  // COMPUTESDK_MOCKS_MOCK_PROVIDER_H_
