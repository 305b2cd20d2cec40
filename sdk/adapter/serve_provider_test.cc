#include "sdk/adapter/serve_provider.h"

#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "sdk/adapter/descriptor.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/testing/echo_provider.h"

namespace computesdk {
namespace {

using nlohmann::json;
using testing::HasSubstr;

// Notes what was destroyed.
class NotingProvider : public adapter::EchoProvider {
 public:
  Status Destroy(const std::string& sandbox_id) override {
    destroyed.push_back(sandbox_id);
    return EchoProvider::Destroy(sandbox_id);
  }
  std::vector<std::string> destroyed;
};

// A served provider, and the kit's ends of its pipes.
class ServeProviderTest : public testing::Test {
 protected:
  ~ServeProviderTest() override {
    input_.write.Close();
    server_.join();
  }

  void Send(const std::string& line) {
    ASSERT_TRUE(adapter::WriteFully(input_.write.get(), line + "\n"));
  }
  json Receive() {
    if (reader_.Next() != adapter::LineReader::Event::kLine) return "no answer";
    return json::parse(reader_.line());
  }
  json Ask(const std::string& line) {
    Send(line);
    return Receive();
  }
  json Call(const std::string& method, const json& params) {
    return Ask(
        json({{"jsonrpc", "2.0"}, {"id", 1}, {"method", method}, {"params", params}}).dump());
  }
  json Initialize() { return Call("initialize", {{"protocolVersion", 1}}); }

  // The client dies.
  void EndInput() {
    input_.write.Close();
    server_.join();
    server_ = std::thread([] {});
  }

  NotingProvider provider_;
  adapter::Pipe input_ = *adapter::MakePipe();
  adapter::Pipe output_ = *adapter::MakePipe();
  adapter::LineReader reader_{output_.read.get()};
  Status status_;
  std::thread server_{
      [this] { status_ = ServeProvider(provider_, input_.read.get(), output_.write.get()); }};
};

TEST_F(ServeProviderTest, AnswersInitializeWithTheDescription) {
  const json answer = Initialize();
  EXPECT_EQ(answer["id"], 1);
  EXPECT_EQ(answer["jsonrpc"], "2.0");
  EXPECT_EQ(answer["result"]["provider"]["name"], "echo");
  EXPECT_EQ(answer["result"]["maxConcurrency"], 4);
}

TEST_F(ServeProviderTest, RefusesAnotherVersion) {
  const json error = Call("initialize", {{"protocolVersion", 2}})["error"];
  EXPECT_EQ(error["data"]["status"], "FAILED_PRECONDITION");
  EXPECT_THAT(error["message"], HasSubstr("params.protocolVersion: expected 1, got 2"));
}

TEST_F(ServeProviderTest, RefusesCallsBeforeInitialize) {
  EXPECT_EQ(Call("sandbox.list", json::object())["error"]["code"], -32600);
}

TEST_F(ServeProviderTest, RefusesASecondInitialize) {
  Initialize();
  EXPECT_EQ(Initialize()["error"]["code"], -32600);
}

TEST_F(ServeProviderTest, AnswersWhatIsNoJsonWithAParseError) {
  for (const char* line : {"", "hello", "{", "\"\xff\""}) {
    const json answer = Ask(line);
    EXPECT_EQ(answer["error"]["code"], -32700) << line;
    EXPECT_EQ(answer["id"], nullptr) << line;
  }
}

TEST_F(ServeProviderTest, AnswersWhatIsNoRequest) {
  for (const char* line :
       {"[]", "7", R"({"id": 1})", R"({"jsonrpc": "1.0", "id": 1, "method": "sandbox.list"})",
        R"({"jsonrpc": "2.0", "id": 1, "method": 5})", R"({"jsonrpc": "2.0", "id": {}})"}) {
    EXPECT_EQ(Ask(line)["error"]["code"], -32600) << line;
  }
}

TEST_F(ServeProviderTest, AnswersAnUnknownMethodAsUnimplemented) {
  Initialize();
  const json error = Call("sandbox.fly", json::object())["error"];
  EXPECT_EQ(error["code"], -32601);
  EXPECT_EQ(error["data"]["status"], "UNIMPLEMENTED");
}

TEST_F(ServeProviderTest, NamesTheParamThatIsWrong) {
  Initialize();
  const auto message = [this](const char* method, const json& params) {
    const json error = Call(method, params)["error"];
    EXPECT_EQ(error["code"], -32602);
    return error["message"].get<std::string>();
  };
  EXPECT_EQ(message("sandbox.destroy", json::object()), "params.sandboxId: missing");
  EXPECT_THAT(message("filesystem.readFile", {{"sandboxId", "sb"}, {"path", 7}}),
              HasSubstr("params.path: expected a string, got 7"));
  EXPECT_THAT(message("sandbox.runCommand", {{"sandboxId", "sb"}, {"command", "c"}, {"args", {1}}}),
              HasSubstr("params.args[0]: expected a string"));
  EXPECT_THAT(message("sandbox.create", {{"options", {{"timeout", "1"}}}}),
              HasSubstr("params.options.timeout: expected an integer"));
  EXPECT_THAT(message("sandbox.list", json::array()), HasSubstr("params: expected an object"));
}

TEST_F(ServeProviderTest, TakesTextIdsAndGivesThemBack) {
  Initialize();
  const json answer = Ask(R"({"jsonrpc": "2.0", "id": "seven", "method": "sandbox.list"})");
  EXPECT_EQ(answer["id"], "seven");
  EXPECT_EQ(answer["result"].size(), 2u);
}

TEST_F(ServeProviderTest, AnswersNoNotification) {
  Initialize();
  Send(R"({"jsonrpc": "2.0", "method": "sandbox.list"})");
  EXPECT_EQ(Ask(R"({"jsonrpc": "2.0", "id": 9, "method": "sandbox.list"})")["id"], 9);
}

TEST_F(ServeProviderTest, ReportsAnExceptionOfTheProvider) {
  Initialize();
  const json error =
      Call("sandbox.runCommand", {{"sandboxId", "sb"}, {"command", "throw"}})["error"];
  EXPECT_EQ(error["data"]["status"], "INTERNAL");
  EXPECT_THAT(error["message"], HasSubstr("out of luck"));
}

TEST_F(ServeProviderTest, ListsANameThatIsNoText) {
  Initialize();
  ASSERT_TRUE(provider_.WriteFile("sb", "\xff", "x"));
  const json entries = Call("filesystem.readdir", {{"sandboxId", "sb"}, {"path", "/"}})["result"];
  EXPECT_EQ(entries.at(0)["name"], "\xef\xbf\xbd");
}

TEST_F(ServeProviderTest, EndsAfterShutdownOnceEverythingIsAnswered) {
  Initialize();
  Send(R"({"jsonrpc": "2.0", "id": 5, "method": "sandbox.runCommand", "params": )"
       R"({"sandboxId": "sb", "command": "sleep", "options": {"timeout": 50}}})");
  Send(R"({"jsonrpc": "2.0", "id": 6, "method": "shutdown"})");
  EXPECT_EQ(Receive()["id"], 5);
  const json last = Receive();
  EXPECT_EQ(last["id"], 6);
  EXPECT_EQ(last["result"], nullptr);
  server_.join();
  EXPECT_TRUE(status_);
  server_ = std::thread([] {});
}

TEST_F(ServeProviderTest, DestroysWhatADeadClientMayNotKnowOf) {
  Initialize();
  Call("sandbox.create", json::object());
  EndInput();
  EXPECT_THAT(provider_.destroyed, testing::ElementsAre("sb"));
}

TEST_F(ServeProviderTest, DestroysWhatADeadClientCouldNotRead) {
  Initialize();
  output_.read.Close();
  Send(R"({"jsonrpc": "2.0", "id": 7, "method": "sandbox.create"})");
  EndInput();
  EXPECT_THAT(provider_.destroyed, testing::ElementsAre("sb"));
}

TEST_F(ServeProviderTest, LeavesTheSandboxesThatADeadClientHasNamed) {
  Initialize();
  Call("sandbox.create", json::object());
  Call("sandbox.getById", {{"sandboxId", "sb"}});
  EndInput();
  EXPECT_THAT(provider_.destroyed, testing::IsEmpty());
}

TEST_F(ServeProviderTest, LeavesEverySandboxAfterShutdown) {
  Initialize();
  Call("sandbox.create", json::object());
  Call("shutdown", json::object());
  EndInput();
  EXPECT_THAT(provider_.destroyed, testing::IsEmpty());
}

TEST_F(ServeProviderTest, AnswersAQuickRequestWhileASlowOneRuns) {
  Initialize();
  Send(R"({"jsonrpc": "2.0", "id": "slow", "method": "sandbox.runCommand", "params": )"
       R"({"sandboxId": "sb", "command": "sleep", "options": {"timeout": 100}}})");
  EXPECT_EQ(Ask(R"({"jsonrpc": "2.0", "id": "quick", "method": "sandbox.list"})")["id"], "quick");
  EXPECT_EQ(Receive()["id"], "slow");
}

TEST_F(ServeProviderTest, EndsWithAnErrorWhenNobodyReadsItsAnswers) {
  output_.read.Close();
  Send(R"({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": 1}})");
  server_.join();
  EXPECT_FALSE(status_);
  server_ = std::thread([] {});
}

}  // namespace
}  // namespace computesdk
