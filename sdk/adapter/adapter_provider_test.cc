#include "sdk/adapter/adapter_provider.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <future>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk {
namespace {

using std::chrono::steady_clock;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = ProtocolViolation::Kind;

AdapterOptions Options(std::string mode, Milliseconds call_timeout = Milliseconds(20'000)) {
  return {.command = {"sdk/adapter/testing/broken_adapter", std::move(mode)},
          .startup_timeout = Milliseconds(20'000),
          .call_timeout = call_timeout};
}

std::unique_ptr<AdapterProvider> Start(AdapterOptions options) {
  auto started = AdapterProvider::Start(std::move(options));
  if (!started) {
    ADD_FAILURE() << started.error();
    return nullptr;
  }
  return std::move(*started);
}

Error StartError(AdapterOptions options) {
  auto started = AdapterProvider::Start(std::move(options));
  return started ? Error{ErrorCode::kUnknown, "it started"} : started.error();
}

auto Violation(Kind kind, std::string method, std::string text) {
  return AllOf(Field(&ProtocolViolation::kind, kind), Field(&ProtocolViolation::method, method),
               Field(&ProtocolViolation::description, HasSubstr(text)));
}

// A process that was killed may be a zombie until its new parent looks.
bool IsGone(int pid) {
  for (int i = 0; i < 500; ++i) {
    if (::kill(pid, 0) != 0 && errno == ESRCH) return true;
    std::string state = "/proc/" + std::to_string(pid) + "/stat";
    std::unique_ptr<FILE, int (*)(FILE*)> file(std::fopen(state.c_str(), "r"), std::fclose);
    char letter = 0;
    if (file && std::fscanf(file.get(), "%*d (%*[^)]) %c", &letter) == 1 && letter == 'Z') {
      return true;
    }
    std::this_thread::sleep_for(Milliseconds(10));
  }
  return false;
}

// --- starting ----------------------------------------------------------------------------------

TEST(AdapterStartTest, SaysThatTheProgramIsMissing) {
  const Error error = StartError({.command = {"/no/such/adapter"}});
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("\"/no/such/adapter\": No such file"));
}

TEST(AdapterStartTest, RefusesAnEmptyCommand) {
  EXPECT_EQ(StartError({}).code, ErrorCode::kInvalidArgument);
}

TEST(AdapterStartTest, SaysThatTheWorkingDirectoryIsMissing) {
  AdapterOptions options = Options("");
  options.working_directory = "/no/such/directory";
  EXPECT_THAT(StartError(options).message, HasSubstr("no directory /no/such/directory"));
}

TEST(AdapterStartTest, GivesTheChildItsDirectoryAndVariables) {
  const Error error =
      StartError({.command = {"sh", "-c", "pwd >&2; echo \"$GREETING\" >&2; exit 9"},
                  .working_directory = "/",
                  .env = {{"GREETING", "hello there"}}});
  EXPECT_THAT(error.message, HasSubstr("/\nhello there"));
}

TEST(AdapterStartTest, QuotesStatusAndLogOfOneThatExitsAtOnce) {
  const Error error = StartError(Options("exits at once"));
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message,
              AllOf(HasSubstr("exited with status 3"), HasSubstr("no licence found")));
}

TEST(AdapterStartTest, RefusesAnotherVersion) {
  const Error error = StartError(Options("version 2"));
  EXPECT_EQ(error.code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(error.message, HasSubstr("protocol version 2"));
}

TEST(AdapterStartTest, NamesTheFieldThatMakesNoSense) {
  const Error error = StartError(Options("no runtimes"));
  EXPECT_EQ(error.code, ErrorCode::kInternal);
  EXPECT_THAT(error.message, HasSubstr("result.runtimes"));
}

TEST(AdapterStartTest, GivesUpOnOneThatNeverAnswers) {
  for (const char* mode : {"never answers", "never reads"}) {
    AdapterOptions options = Options(mode);
    options.startup_timeout = Milliseconds(100);
    EXPECT_EQ(StartError(options).code, ErrorCode::kDeadlineExceeded) << mode;
  }
}

TEST(AdapterStartTest, ShowsTheGarbageOfOneThatIsNoAdapter) {
  const Error error = StartError(
      {.command = {"sh", "-c", "echo hello; exec sleep 10"}, .startup_timeout = Milliseconds(300)});
  EXPECT_THAT(error.message, HasSubstr("not a JSON-RPC message: hello"));
}

TEST(AdapterStartTest, ToleratesAndNotesAGreeting) {
  const auto adapter = Start(Options("garbage at start"));
  ASSERT_EQ(adapter->violations().size(), 1u);
  // It may come before there is a request in flight.
  EXPECT_EQ(adapter->violations()[0].kind, Kind::kNotJsonRpc);
  EXPECT_THAT(adapter->violations()[0].description, HasSubstr("Welcome to the adapter"));
}

// --- malformed answers -------------------------------------------------------------------------

TEST(AdapterAnswerTest, NamesTheFieldOfTheWrongType) {
  const auto adapter = Start(Options(""));
  const auto result = adapter->RunCommand("sb", {.command = "true"});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::kInternal);
  const std::string message = "result.exitCode: expected an integer, got \"0\" (string)";
  EXPECT_THAT(result.error().message, HasSubstr(message));
  EXPECT_THAT(adapter->violations(),
              ElementsAre(Violation(Kind::kBadShape, "sandbox.runCommand", message)));
}

TEST(AdapterAnswerTest, SeesAWrongIdAndAResultWhereThereIsNone) {
  const auto adapter = Start(Options(""));
  EXPECT_THAT(adapter->GetById("sb").error().message, HasSubstr("result.sandboxId"));
  EXPECT_THAT(adapter->Destroy("sb").error().message, HasSubstr("expected null, got true"));
}

TEST(AdapterAnswerTest, ReadsMethodNotFoundAsUnimplemented) {
  const auto adapter = Start(Options(""));
  EXPECT_EQ(adapter->ReadFile("sb", "/a").error().code, ErrorCode::kUnimplemented);
  EXPECT_THAT(adapter->violations(), IsEmpty());
}

TEST(AdapterAnswerTest, NamesWhatIsWrongWithTheEnvelope) {
  EXPECT_THAT(Start(Options("no version"))->List().error().message,
              HasSubstr("answer.jsonrpc: missing"));
  EXPECT_THAT(Start(Options("no result"))->List().error().message, HasSubstr("neither is there"));
  EXPECT_THAT(Start(Options("odd error"))->List().error().message,
              HasSubstr("error.code: expected an integer, got \"E1\""));
}

TEST(AdapterAnswerTest, NotesWhatIsNoMessageAndGoesOn) {
  const auto adapter = Start(Options("garbage in a call"));
  EXPECT_TRUE(adapter->List());
  EXPECT_THAT(adapter->violations(), ElementsAre(Violation(Kind::kNotJsonRpc, "sandbox.list",
                                                           "debug: \\x1b[31msandbox.list")));
}

TEST(AdapterAnswerTest, NotesARequestOfTheAdapter) {
  const auto adapter = Start(Options("sends a request"));
  EXPECT_TRUE(adapter->List());
  EXPECT_THAT(adapter->violations(),
              ElementsAre(Violation(Kind::kNotJsonRpc, "sandbox.list", "a request")));
}

TEST(AdapterAnswerTest, NotesAnswersThatNobodyAskedFor) {
  const auto unknown = Start(Options("answers an unknown id"));
  EXPECT_TRUE(unknown->List());
  EXPECT_THAT(unknown->violations(),
              ElementsAre(Violation(Kind::kUnknownId, "sandbox.list", "the id 4711")));

  const auto twice = Start(Options("answers twice"));
  EXPECT_TRUE(twice->List());
  EXPECT_TRUE(twice->List());
  EXPECT_THAT(twice->violations(), Contains(Field(&ProtocolViolation::description,
                                                  HasSubstr("a second answer to request 2"))));
}

TEST(AdapterAnswerTest, NotesALineThatIsTooLong) {
  const auto adapter = Start(Options("writes a long line"));
  const auto list = adapter->List();
  ASSERT_FALSE(list);
  EXPECT_THAT(list.error().message, HasSubstr("more than 64 MiB"));
  EXPECT_EQ(adapter->violations()[0].kind, Kind::kLineTooLong);
}

// --- time --------------------------------------------------------------------------------------

TEST(AdapterTimeTest, EndsACallWithoutAnAnswerAndAnswersTheNext) {
  const auto adapter = Start(Options("leaves a call unanswered", Milliseconds(500)));
  EXPECT_EQ(adapter->Destroy("sb").error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(adapter->violations(),
              ElementsAre(Violation(Kind::kNoAnswer, "sandbox.destroy", "did not answer")));
  EXPECT_TRUE(adapter->List());
}

TEST(AdapterTimeTest, DropsAnAnswerThatComesTooLate) {
  const auto adapter = Start(Options("answers late", Milliseconds(500)));
  EXPECT_EQ(adapter->Destroy("sb").error().code, ErrorCode::kDeadlineExceeded);
  const auto list = adapter->List();  // Comes with the answer to `destroy` before it.
  ASSERT_TRUE(list) << list.error();
  EXPECT_THAT(*list, IsEmpty());
  EXPECT_THAT(adapter->violations(),
              Contains(Violation(Kind::kUnknownId, "sandbox.list", "came too late")));
}

TEST(AdapterTimeTest, KeepsTheSandboxOfACreateThatWasAnsweredTooLate) {
  const auto adapter = Start(Options("creates late", Milliseconds(100)));
  EXPECT_EQ(adapter->Create({}).error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(adapter->TakeLateSandboxes(Milliseconds(30'000)), ElementsAre("sb"));
  EXPECT_THAT(adapter->TakeLateSandboxes(Milliseconds(0)), IsEmpty());
}

TEST(AdapterTimeTest, EndsACallThatTheAdapterNeverReads) {
  const auto adapter = Start(Options("stops reading", Milliseconds(200)));
  const auto start = steady_clock::now();
  const Status written = adapter->WriteFile("sb", "/a", std::string(4 << 20, 'x'));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_THAT(written.error().message, HasSubstr("did not read the request"));
  EXPECT_EQ(adapter->List().error().code, ErrorCode::kDeadlineExceeded);
  EXPECT_LT(steady_clock::now() - start, Milliseconds(5000));
}

TEST(AdapterTimeTest, ReadsWhatTheAdapterWritesWhileARequestIsStillBeingWritten) {
  const auto adapter = Start(Options("talks first"));
  // It has no such method, and says so: the request came through.
  EXPECT_EQ(adapter->WriteFile("sb", "/a", std::string(4 << 20, 'x')).error().code,
            ErrorCode::kUnimplemented);
}

TEST(AdapterTimeTest, ReadsWhatTheAdapterWritesWhileNobodyCalls) {
  const auto adapter = Start(Options("talks first"));
  for (int i = 0; i < 500 && adapter->violations().size() < 1000; ++i) {
    std::this_thread::sleep_for(Milliseconds(10));
  }
  EXPECT_THAT(adapter->violations(),
              Contains(Violation(Kind::kNotJsonRpc, "", "line 999 of the talk")));
}

TEST(AdapterDeathTest, IsSeenWhileNobodyCalls) {
  const auto adapter = Start(Options(""));
  ASSERT_EQ(::kill(adapter->pid(), SIGKILL), 0);
  for (int i = 0; i < 500 && adapter->alive(); ++i) std::this_thread::sleep_for(Milliseconds(10));
  EXPECT_FALSE(adapter->alive());
  EXPECT_THAT(adapter->violations(), ElementsAre(Violation(Kind::kExited, "", "signal 9")));
}

TEST(AdapterTimeTest, MatchesAnswersThatComeInAnotherOrder) {
  const auto adapter = Start(Options("answers in reverse"));
  std::vector<std::future<Result<std::optional<SandboxRef>>>> calls;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(std::async(
        std::launch::async, [&adapter, i] { return adapter->GetById("sb-" + std::to_string(i)); }));
  }
  for (int i = 0; i < 8; ++i) {
    const auto found = calls[i].get();
    ASSERT_TRUE(found) << found.error();
    EXPECT_EQ((*found)->sandbox_id, "sb-" + std::to_string(i));
  }
  EXPECT_THAT(adapter->violations(), IsEmpty());
}

TEST(AdapterTimeTest, IsNotBlockedByAFloodOfLog) {
  const auto adapter = Start(Options("floods its log"));
  EXPECT_TRUE(adapter->List());
  for (int i = 0; i < 200 && !adapter->stderr_tail().ends_with("the end of the flood"); ++i) {
    std::this_thread::sleep_for(Milliseconds(10));
  }
  EXPECT_EQ(adapter->stderr_tail().size(), 64u << 10);
  EXPECT_TRUE(adapter->stderr_tail().ends_with("the end of the flood"));
}

// --- death -------------------------------------------------------------------------------------

TEST(AdapterDeathTest, FailsTheCallInFlightAndEveryLaterOne) {
  const auto adapter = Start(Options("dies in a call"));
  const auto list = adapter->List();
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(list.error().message, AllOf(HasSubstr("signal 9"), HasSubstr("Segfault in")));
  EXPECT_FALSE(adapter->alive());
  EXPECT_EQ(adapter->List().error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(adapter->violations(),
              ElementsAre(Violation(Kind::kExited, "sandbox.list", "was ended by signal 9")));
}

TEST(AdapterDeathTest, FailsAllCallsInFlight) {
  const auto adapter = Start(Options("answers in reverse"));
  std::vector<std::future<Result<std::optional<SandboxRef>>>> calls;
  for (int i = 0; i < 3; ++i) {
    calls.push_back(std::async(std::launch::async, [&adapter] { return adapter->GetById("sb"); }));
  }
  std::this_thread::sleep_for(Milliseconds(50));
  ::kill(adapter->pid(), SIGKILL);
  for (auto& call : calls) EXPECT_EQ(call.get().error().code, ErrorCode::kUnavailable);
}

TEST(AdapterDeathTest, NotesHalfALine) {
  const auto adapter = Start(Options("leaves half a line"));
  EXPECT_THAT(adapter->List().error().message, HasSubstr("exited with status 0"));
  EXPECT_THAT(adapter->violations(),
              ElementsAre(Violation(Kind::kNotJsonRpc, "sandbox.list", "without its end"),
                          Violation(Kind::kExited, "sandbox.list", "exited with status 0")));
}

TEST(AdapterDeathTest, SeesAStreamThatWasClosed) {
  const auto output = Start(Options("closes its output"));
  EXPECT_THAT(output->List().error().message, HasSubstr("closed its standard output"));
  EXPECT_TRUE(IsGone(output->pid()));

  // A request that goes out before the input is closed gets no answer; a later one finds out.
  const auto input = Start(Options("closes its input", Milliseconds(500)));
  for (int i = 0; i < 100 && input->alive(); ++i) EXPECT_FALSE(input->List());
  EXPECT_THAT(input->List().error().message, HasSubstr("closed its standard input"));
  EXPECT_TRUE(IsGone(input->pid()));
}

TEST(AdapterDeathTest, KillEndsTheWholeGroup) {
  const auto adapter = Start(Options("leaves a child"));
  const auto created = adapter->Create({});
  ASSERT_TRUE(created) << created.error();
  adapter->Kill();
  EXPECT_TRUE(IsGone(adapter->pid()));
  EXPECT_TRUE(IsGone(std::stoi(created->sandbox_id)));
  EXPECT_EQ(adapter->List().error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(adapter->violations(), IsEmpty());
}

TEST(AdapterDeathTest, KillEndsCallsInFlight) {
  const auto adapter = Start(Options("leaves a call unanswered"));
  auto call = std::async(std::launch::async, [&adapter] { return adapter->Destroy("sb"); });
  std::this_thread::sleep_for(Milliseconds(50));
  adapter->Kill();
  EXPECT_EQ(call.get().error().code, ErrorCode::kUnavailable);
}

TEST(AdapterDeathTest, ShutdownEndsWhatTheAdapterLeftBehind) {
  const auto adapter = Start(Options("leaves a child"));
  const auto created = adapter->Create({});
  ASSERT_TRUE(created) << created.error();
  const Status ended = adapter->Shutdown();
  EXPECT_TRUE(ended) << ended.error();
  EXPECT_TRUE(IsGone(std::stoi(created->sandbox_id)));
}

// --- shutdown ----------------------------------------------------------------------------------

TEST(AdapterShutdownTest, IsQuickAndQuietWhereAllIsWell) {
  const auto adapter = Start(Options(""));
  const auto start = steady_clock::now();
  const Status ended = adapter->Shutdown();
  EXPECT_TRUE(ended) << ended.error();
  EXPECT_LT(steady_clock::now() - start, Milliseconds(2000));
  EXPECT_TRUE(IsGone(adapter->pid()));
  EXPECT_FALSE(adapter->alive());
  EXPECT_TRUE(adapter->Shutdown());
  EXPECT_THAT(adapter->violations(), IsEmpty());
}

TEST(AdapterShutdownTest, NotesAStatusOtherThanZero) {
  const auto adapter = Start(Options("exits with 5"));
  EXPECT_THAT(adapter->Shutdown().error().message, HasSubstr("exited with status 5"));
  EXPECT_THAT(adapter->violations(),
              ElementsAre(Violation(Kind::kShutdown, "shutdown", "exited with status 5")));
}

TEST(AdapterShutdownTest, NotesAnAnswerOtherThanNull) {
  const auto adapter = Start(Options("odd shutdown"));
  EXPECT_THAT(adapter->Shutdown().error().message, HasSubstr("expected null, got \"bye\""));
}

TEST(AdapterShutdownTest, NotesOneThatDiesInsteadOfAnswering) {
  const auto adapter = Start(Options("fails at shutdown"));
  EXPECT_THAT(adapter->Shutdown().error().message, HasSubstr("exited with status 4"));
}

TEST(AdapterShutdownTest, KillsOneThatIgnoresSigterm) {
  const auto adapter = Start(Options("ignores SIGTERM"));
  const auto start = steady_clock::now();
  const Status ended = adapter->Shutdown();
  const auto took = steady_clock::now() - start;
  ASSERT_FALSE(ended);
  EXPECT_THAT(ended.error().message, HasSubstr("2 s after SIGTERM"));
  EXPECT_GE(took, Milliseconds(7000));
  EXPECT_LT(took, Milliseconds(10'000));
  EXPECT_TRUE(IsGone(adapter->pid()));
}

}  // namespace
}  // namespace computesdk
