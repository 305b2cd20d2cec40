// A provider that is served by a child process behaves like the one that it serves.

#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sdk/adapter/adapter_provider.h"
#include "sdk/adapter/testing/echo_provider.h"

namespace computesdk {
namespace {

using testing::HasSubstr;

// The library has no equality for a Result without a value.
std::optional<Error> ErrorOf(const Status& status) {
  return status ? std::nullopt : std::optional(status.error());
}

class AdapterRoundTripTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = AdapterProvider::Start({.command = {"sdk/adapter/testing/echo_adapter"}});
    ASSERT_TRUE(started) << started.error();
    served_ = std::move(*started);
  }
  void TearDown() override {
    const Status ended = served_->Shutdown();
    EXPECT_TRUE(ended) << ended.error();
    EXPECT_TRUE(served_->violations().empty());
  }

  adapter::EchoProvider local_;
  std::unique_ptr<AdapterProvider> served_;
};

TEST_F(AdapterRoundTripTest, KeepsTheDescription) {
  EXPECT_EQ(served_->Describe(), local_.Describe());
}

TEST_F(AdapterRoundTripTest, KeepsTheLifecycle) {
  const CreateSandboxOptions options{.template_id = "/home/x"};
  EXPECT_EQ(served_->Create(options), local_.Create(options));
  EXPECT_EQ(served_->GetById("sb"), local_.GetById("sb"));
  EXPECT_EQ(served_->GetById("none"), local_.GetById("none"));
  EXPECT_EQ(served_->List(), local_.List());
  EXPECT_EQ(ErrorOf(served_->Destroy("sb")), ErrorOf(local_.Destroy("sb")));
  EXPECT_EQ(ErrorOf(served_->Destroy("none")), ErrorOf(local_.Destroy("none")));
}

TEST_F(AdapterRoundTripTest, KeepsCommandsAndCode) {
  const RunCommandRequest request{
      .command = "echo 'a\n\"b\"' é",
      .args = {{"", "*", "-n", "\t"}},
      .options = {
          .cwd = "/w", .env = {{"A", "="}}, .timeout = Milliseconds(7), .background = true}};
  EXPECT_EQ(served_->RunCommand("sb", request), local_.RunCommand("sb", request));
  const RunCommandRequest without_args{.command = "true"};
  EXPECT_EQ(served_->RunCommand("sb", without_args), local_.RunCommand("sb", without_args));
  const RunCommandRequest no_args{.command = "true", .args = {{}}};
  EXPECT_EQ(served_->RunCommand("sb", no_args), local_.RunCommand("sb", no_args));
  const RunCodeRequest code{.code = "print('\\n')\n", .runtime = "python"};
  EXPECT_EQ(served_->RunCode("sb", code), local_.RunCode("sb", code));
}

TEST_F(AdapterRoundTripTest, KeepsInformationAndAddresses) {
  const CreateSandboxOptions options{
      .runtime = "python",
      .timeout = Milliseconds(5000),
      .metadata = Metadata(nlohmann::json{{"a", {{"b", {1, nullptr, "c"}}}}})};
  ASSERT_TRUE(served_->Create(options));
  ASSERT_TRUE(local_.Create(options));
  EXPECT_EQ(served_->GetInfo("sb"), local_.GetInfo("sb"));
  EXPECT_EQ(served_->GetUrl("sb", {.port = 80}), local_.GetUrl("sb", {.port = 80}));
  EXPECT_EQ(served_->GetUrl("sb", {.port = -1, .protocol = "ws"}),
            local_.GetUrl("sb", {.port = -1, .protocol = "ws"}));
}

TEST_F(AdapterRoundTripTest, KeepsFiles) {
  for (Provider* provider : std::initializer_list<Provider*>{&local_, served_.get()}) {
    ASSERT_TRUE(provider->WriteFile("sb", "a\nb é", "content"));
    ASSERT_TRUE(provider->WriteFile("sb", "empty", ""));
  }
  EXPECT_EQ(served_->Readdir("sb", "/d"), local_.Readdir("sb", "/d"));
  EXPECT_EQ(served_->Exists("sb", "a\nb é"), true);
  EXPECT_EQ(served_->Exists("sb", "c"), false);
  EXPECT_TRUE(served_->Remove("sb", "empty"));
  EXPECT_TRUE(local_.Remove("sb", "empty"));
  EXPECT_EQ(served_->ReadFile("sb", "empty"), local_.ReadFile("sb", "empty"));
  EXPECT_EQ(ErrorOf(served_->Mkdir("sb", "d")), ErrorOf(local_.Mkdir("sb", "d")));
}

TEST_F(AdapterRoundTripTest, KeepsEveryByte) {
  std::string bytes(256, '\0');
  std::iota(bytes.begin(), bytes.end(), '\0');
  ASSERT_TRUE(served_->WriteFile("sb", "all", bytes));
  EXPECT_EQ(served_->ReadFile("sb", "all"), bytes);
}

TEST_F(AdapterRoundTripTest, KeepsFiveMebibytes) {
  for (const std::string& unit : {std::string("line é\n"), std::string("\0\xff\x80", 3)}) {
    std::string bytes;
    while (bytes.size() < (5u << 20)) bytes += unit;
    ASSERT_TRUE(served_->WriteFile("sb", "big", bytes));
    const auto read = served_->ReadFile("sb", "big");
    ASSERT_TRUE(read) << read.error();
    EXPECT_TRUE(*read == bytes);
  }
}

TEST_F(AdapterRoundTripTest, RefusesAPathThatTheProtocolHasNoFormFor) {
  const auto read = served_->ReadFile("sb", "\xff");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(read.error().message, HasSubstr("path: is not valid UTF-8"));
}

TEST_F(AdapterRoundTripTest, RunsAsManyCallsAtOnceAsTheProviderAllows) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([this] {
      const RunCommandRequest sleep{.command = "sleep", .options = {.timeout = Milliseconds(100)}};
      EXPECT_TRUE(served_->RunCommand("sb", sleep));
    });
  }
  for (std::thread& caller : callers) caller.join();
  const auto took = std::chrono::steady_clock::now() - start;
  EXPECT_GE(took, Milliseconds(200));  // Four at once, twice.
  EXPECT_LT(took, Milliseconds(750));
}

}  // namespace
}  // namespace computesdk
