#include "sdk/json.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "rapidcheck/gtest.h"

namespace computesdk {
namespace {

using nlohmann::json;
using testing::HasSubstr;

json Execution() {
  return {{"stdout", "out"},     {"stderr", ""},        {"exitCode", 0},
          {"executionTime", 12}, {"sandboxId", "sb-1"}, {"provider", "p"}};
}

template <typename T>
std::string MessageFor(const json& value) {
  Result<T> result = FromJson<T>(value, "result");
  return result ? "no error" : result.error().message;
}

// --- what is wrong, and where ------------------------------------------------------------------

TEST(JsonDecodeTest, NamesTheFieldAndShowsWhatCame) {
  json value = Execution();
  value["exitCode"] = "0";
  EXPECT_EQ(MessageFor<ExecutionResult>(value),
            "result.exitCode: expected an integer, got \"0\" (string)");
}

TEST(JsonDecodeTest, NamesAMissingField) {
  EXPECT_EQ(MessageFor<SandboxRef>({{"id", "sb-1"}}),
            "result.sandboxId: missing, in an object with the fields \"id\"");
}

TEST(JsonDecodeTest, NamesTheElementOfAnArray) {
  const json value = {{{"sandboxId", "a"}}, {{"sandboxId", 7}}};
  EXPECT_EQ(MessageFor<std::vector<SandboxRef>>(value),
            "result[1].sandboxId: expected a string, got 7 (number)");
}

TEST(JsonDecodeTest, SaysWhenTheWholeValueIsOfAnotherKind) {
  EXPECT_EQ(MessageFor<SandboxRef>(json::array({1, 2})),
            "result: expected an object, got an array of 2");
  EXPECT_EQ(MessageFor<std::vector<FileEntry>>(nullptr), "result: expected an array, got null");
}

TEST(JsonDecodeTest, CutsWhatCameBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "é";
  const std::string message = MessageFor<bool>(text);
  EXPECT_LT(message.size(), 200u);
  EXPECT_THAT(message, HasSubstr("é…"));
}

TEST(JsonDecodeTest, IgnoresUnknownFields) {
  json value = Execution();
  value["durationMs"] = 5;
  EXPECT_TRUE(FromJson<ExecutionResult>(value));
}

TEST(JsonDecodeTest, ReadsNullAsAnOptionalFieldLeftOut) {
  json value = Execution();
  value["pid"] = nullptr;
  EXPECT_EQ(FromJson<ExecutionResult>(value)->pid, std::nullopt);
}

TEST(JsonDecodeTest, ReadsNullAsWrongWhereAFieldIsRequired) {
  json value = Execution();
  value["stdout"] = nullptr;
  EXPECT_THAT(MessageFor<ExecutionResult>(value), HasSubstr("result.stdout: expected bytes"));
}

// --- numbers -----------------------------------------------------------------------------------

TEST(JsonNumberTest, TakesAWholeFloatAsAnInteger) {
  json value = Execution();
  value["exitCode"] = 3.0;
  value["executionTime"] = 1e3;
  EXPECT_EQ(FromJson<ExecutionResult>(value)->exit_code, 3);
  EXPECT_EQ(FromJson<ExecutionResult>(value)->execution_time, Milliseconds(1000));
}

TEST(JsonNumberTest, RefusesAFraction) {
  json value = Execution();
  value["executionTime"] = 1.5;
  EXPECT_EQ(MessageFor<ExecutionResult>(value),
            "result.executionTime: expected an integer, got 1.5 (number)");
}

TEST(JsonNumberTest, RefusesWhatIsOutOfRange) {
  for (const json& code : {json(2147483648), json(-2147483649), json(1e30), json(-1e300),
                           json(18446744073709551615u), json(9223372036854775808.0)}) {
    json value = Execution();
    value["exitCode"] = code;
    EXPECT_THAT(MessageFor<ExecutionResult>(value), HasSubstr("an integer in range")) << code;
  }
}

TEST(JsonNumberTest, RefusesNegativeSizesAndDurations) {
  json entry = {{"name", "a"}, {"path", "/a"}, {"isDirectory", false}, {"size", -1}};
  EXPECT_EQ(MessageFor<FileEntry>(entry),
            "result.size: expected an integer that is not negative, got -1 (number)");
  json value = Execution();
  value["executionTime"] = -1;
  EXPECT_THAT(MessageFor<ExecutionResult>(value), HasSubstr("result.executionTime"));
}

TEST(JsonNumberTest, LeavesANegativeTimeoutOfARequestToTheProvider) {
  EXPECT_EQ(FromJson<CreateSandboxOptions>({{"timeout", -1}})->timeout, Milliseconds(-1));
}

// --- bytes -------------------------------------------------------------------------------------

TEST(JsonBytesTest, AreAStringWhereTheyAreUtf8) {
  EXPECT_EQ(BytesToJson(std::string("é\0\n", 4)), json(std::string("é\0\n", 4)));
}

TEST(JsonBytesTest, AreBase64Otherwise) {
  EXPECT_EQ(BytesToJson("\xff\xfe"), json({{"base64", "//4="}}));
}

TEST(JsonBytesTest, AreTakenInBothForms) {
  EXPECT_EQ(BytesFromJson("text"), "text");
  EXPECT_EQ(BytesFromJson({{"base64", "dGV4dA=="}}), "text");
}

TEST(JsonBytesTest, NameWhatIsNoBase64) {
  EXPECT_EQ(BytesFromJson({{"base64", "*"}}, "result").error().message,
            "result.base64: expected base64, got \"*\" (string)");
  EXPECT_THAT(BytesFromJson({{"base64", 1}}, "result").error().message,
              HasSubstr("result.base64: expected a string"));
  EXPECT_THAT(BytesFromJson({{"b64", "x"}}, "result").error().message,
              HasSubstr("result: expected bytes"));
}

// --- dates -------------------------------------------------------------------------------------

TEST(JsonDateTest, AreWrittenInUtcWithMilliseconds) {
  EXPECT_EQ(ToJson(Timestamp(Milliseconds(1764014130125))), "2025-11-24T19:55:30.125Z");
  EXPECT_EQ(ToJson(Timestamp(Milliseconds(-1))), "1969-12-31T23:59:59.999Z");
}

TEST(JsonDateTest, TakeFractionsAndOffsets) {
  const Timestamp expected(Milliseconds(1764014130125));
  for (const char* text :
       {"2025-11-24T19:55:30.125Z", "2025-11-24t19:55:30.125z", "2025-11-24T19:55:30.125999999Z",
        "2025-11-24T20:55:30.125+01:00", "2025-11-24T14:25:30.125-05:30"}) {
    EXPECT_EQ(FromJson<Timestamp>(text), expected) << text;
  }
  EXPECT_EQ(FromJson<Timestamp>("2025-11-24T19:55:30.1Z"), expected - Milliseconds(25));
  EXPECT_EQ(FromJson<Timestamp>("2025-11-24T19:55:30Z"), expected - Milliseconds(125));
}

TEST(JsonDateTest, RefuseOtherText) {
  for (const json& value :
       {json(""), json("2025-11-24"), json("2025-11-24T19:55:30"), json("2025-11-24 19:55:30Z"),
        json("2025-02-30T00:00:00Z"), json("2025-13-01T00:00:00Z"), json("2025-11-24T24:00:00Z"),
        json("2025-11-24T19:60:00Z"), json("2025-11-24T19:55:30.Z"), json("2025-11-24T19:55:30Zx"),
        json("2025-11-24T19:55:30+0100"), json("-025-11-24T19:55:30Z"), json(1764014130125)}) {
    EXPECT_THAT(MessageFor<Timestamp>(value), HasSubstr("an RFC 3339 date")) << value;
  }
}

// --- descriptions and errors -------------------------------------------------------------------

json Description() {
  return {{"protocolVersion", 1},
          {"provider", {{"name", "p"}}},
          {"capabilities", json::array()},
          {"runtimes", {"bash"}}};
}

TEST(JsonDescriptionTest, HasDefaultsForWhatIsLeftOut) {
  const auto description = FromJson<ProviderDescription>(Description());
  ASSERT_TRUE(description) << description.error();
  EXPECT_EQ(description->max_concurrency, 1);
  EXPECT_EQ(description->workdir, "/tmp");
}

TEST(JsonDescriptionTest, RefusesAnotherVersionWhateverElseItHas) {
  const auto description = FromJson<ProviderDescription>({{"protocolVersion", 2}});
  ASSERT_FALSE(description);
  EXPECT_EQ(description.error().code, ErrorCode::kFailedPrecondition);
  EXPECT_THAT(description.error().message, HasSubstr("version 2"));
}

TEST(JsonDescriptionTest, RefusesWhatNoProviderCanMean) {
  const auto with = [](const char* field, json value) {
    json description = Description();
    description[field] = std::move(value);
    return MessageFor<ProviderDescription>(description);
  };
  EXPECT_THAT(with("runtimes", json::array()), HasSubstr("result.runtimes: expected at least one"));
  EXPECT_THAT(with("maxConcurrency", 0), HasSubstr("result.maxConcurrency: expected at least 1"));
  EXPECT_THAT(with("workdir", "tmp"), HasSubstr("result.workdir: expected an absolute path"));
  EXPECT_THAT(with("provider", "p"), HasSubstr("result.provider: expected an object"));
  EXPECT_THAT(with("capabilities", {1}), HasSubstr("result.capabilities[0]: expected a string"));
}

TEST(JsonErrorTest, ReadsTheStatus) {
  const json value = {{"code", -1}, {"message", "gone"}, {"data", {{"status", "NOT_FOUND"}}}};
  EXPECT_EQ(FromJson<Error>(value), (Error{ErrorCode::kNotFound, "gone"}));
}

TEST(JsonErrorTest, ReadsMethodNotFoundAsUnimplemented) {
  EXPECT_EQ(FromJson<Error>({{"code", -32601}, {"message", ""}})->code, ErrorCode::kUnimplemented);
}

TEST(JsonErrorTest, ReadsWhatHasNoKnownStatusAsUnknown) {
  EXPECT_EQ(FromJson<Error>({{"code", 5}, {"message", ""}})->code, ErrorCode::kUnknown);
  const json strange = {{"code", 5}, {"message", ""}, {"data", {{"status", "GONE"}}}};
  EXPECT_EQ(FromJson<Error>(strange)->code, ErrorCode::kUnknown);
}

TEST(JsonErrorTest, KeepsEveryCode) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::kUnknown); ++i) {
    const Error error{static_cast<ErrorCode>(i), "m"};
    EXPECT_EQ(FromJson<Error>(ToJson(error)), error);
    EXPECT_EQ(ErrorCodeFromName(ErrorCodeName(error.code)), error.code);
  }
  EXPECT_EQ(ErrorCodeFromName("OK"), std::nullopt);
}

// --- text --------------------------------------------------------------------------------------

TEST(JsonTextTest, RefusesToWriteTextThatIsNotUtf8AndNamesIt) {
  const auto text = SerializeJson({{"params", {{"args", {"ok", "\xff"}}}}});
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("params.args[1]: is not valid UTF-8"));
}

TEST(JsonTextTest, RefusesWhatIsNestedTooDeep) {
  const auto result = ParseJson(std::string(1'000'000, '['));
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().message, HasSubstr("deeper than 500"));
}

TEST(JsonTextTest, TakesManyBracketsThatAreNotDeep) {
  EXPECT_TRUE(ParseJson("\"\\\"" + std::string(2000, '[') + "\""));
  std::string flat = "[";
  for (int i = 0; i < 2000; ++i) flat += "[],";
  EXPECT_TRUE(ParseJson(flat + "{}]"));
}

TEST(JsonTextTest, RefusesWhatIsNoJson) {
  for (const char* text : {"", "{", "hello", "{} {}", "\"\xff\"", "{'a': 1}"}) {
    EXPECT_FALSE(ParseJson(text)) << text;
  }
}

// --- round trips -------------------------------------------------------------------------------

rc::Gen<std::string> Text() {
  return rc::gen::container<std::string>(
      rc::gen::oneOf(rc::gen::inRange<char>(1, 127), rc::gen::elementOf(std::string("\"\\\n$`'"))));
}
rc::Gen<std::string> AnyBytes() {
  return rc::gen::container<std::string>(rc::gen::arbitrary<char>());
}
template <typename T>
std::optional<T> Maybe(const rc::Gen<T>& gen) {
  if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
  return *gen;
}
Milliseconds Duration() { return Milliseconds(*rc::gen::inRange<std::int64_t>(0, 1LL << 40)); }
std::optional<Milliseconds> MaybeDuration() {
  if (!*rc::gen::arbitrary<bool>()) return std::nullopt;
  return Duration();
}
Timestamp Date() {  // The years 0 to 9999, as in RFC 3339.
  return Timestamp(Milliseconds(*rc::gen::inRange<std::int64_t>(-62167219200000, 253402300800000)));
}
Environment Variables() { return *rc::gen::container<Environment>(Text(), Text()); }

template <typename T>
void ExpectRoundTrip(const T& value) {
  const Result<std::string> text = SerializeJson(ToJson(value));
  RC_ASSERT(text.has_value());
  const Result<json> parsed = ParseJson(*text);
  RC_ASSERT(parsed.has_value());
  const Result<T> decoded = FromJson<T>(*parsed);
  RC_ASSERT(decoded.has_value());
  RC_ASSERT(*decoded == value);
}

RC_GTEST_PROP(JsonRoundTripTest, KeepsResults, ()) {
  ExpectRoundTrip(ExecutionResult{.stdout_bytes = *AnyBytes(),
                                  .stderr_bytes = *AnyBytes(),
                                  .exit_code = *rc::gen::arbitrary<int>(),
                                  .execution_time = Duration(),
                                  .sandbox_id = *Text(),
                                  .provider = *Text(),
                                  .pid = Maybe(rc::gen::arbitrary<std::int64_t>()),
                                  .is_background = Maybe(rc::gen::arbitrary<bool>())});
}

RC_GTEST_PROP(JsonRoundTripTest, KeepsRequests, ()) {
  ExpectRoundTrip(
      RunCommandRequest{.command = *Text(),
                        .args = Maybe(rc::gen::container<std::vector<std::string>>(Text())),
                        .options = {.cwd = Maybe(Text()),
                                    .env = Variables(),
                                    .timeout = MaybeDuration(),
                                    .background = *rc::gen::arbitrary<bool>()}});
  ExpectRoundTrip(RunCodeRequest{.code = *Text(), .runtime = Maybe(Text())});
  ExpectRoundTrip(GetUrlRequest{.port = *rc::gen::arbitrary<int>(), .protocol = Maybe(Text())});
  ExpectRoundTrip(CreateSandboxOptions{.runtime = Maybe(Text()),
                                       .timeout = MaybeDuration(),
                                       .envs = Variables(),
                                       .metadata = Metadata(json(Variables())),
                                       .template_id = Maybe(Text())});
}

RC_GTEST_PROP(JsonRoundTripTest, KeepsInformation, ()) {
  SandboxInfo info{.id = *Text(),
                   .provider = *Text(),
                   .runtime = *Text(),
                   .status = *rc::gen::element(SandboxStatus::kRunning, SandboxStatus::kStopped,
                                               SandboxStatus::kError),
                   .created_at = Date(),
                   .timeout = MaybeDuration()};
  if (*rc::gen::arbitrary<bool>())
    info.metadata = Metadata(json::parse(R"({"a": {"b": [1, 2.5, null]}})"));
  ExpectRoundTrip(info);
  ExpectRoundTrip(SandboxRef{.sandbox_id = *Text(), .workdir = Maybe(Text())});
  ExpectRoundTrip(ProviderDescription{
      .name = *Text(),
      .version = Maybe(Text()),
      .capabilities = *rc::gen::container<std::vector<std::string>>(Text()),
      .runtimes = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(Text())),
      .max_concurrency = *rc::gen::inRange(1, 1000),
      .workdir = "/" + *Text()});
}

RC_GTEST_PROP(JsonRoundTripTest, KeepsFileEntries, ()) {
  FileEntry entry{.name = *Text(), .path = *Text(), .is_directory = *rc::gen::arbitrary<bool>()};
  entry.size = Maybe(rc::gen::inRange<std::int64_t>(0, INT64_MAX));
  if (*rc::gen::arbitrary<bool>()) entry.last_modified = Date();
  ExpectRoundTrip(entry);
}

}  // namespace
}  // namespace computesdk
