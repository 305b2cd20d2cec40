#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"
#include "nlohmann/json.hpp"

// The options `metadata` and `timeout` of create.
namespace computesdk::conformance {
namespace {

using nlohmann::json;
using ::testing::Eq;
using ::testing::IsTrue;

// What getInfo says of a sandbox that was created with this metadata.
json MetadataOf(CheckContext& ctx, const std::string& id) {
  const SandboxInfo info = ctx.Must(ctx.provider().GetInfo(id), "getInfo");
  if (!info.metadata) {
    ctx.Fail({"getInfo's metadata", "what create was given", "none"});
    ctx.End();
  }
  return *info.metadata;
}

// Members beside those that were given are the provider's own affair.
void ExpectHas(CheckContext& ctx, const json& actual, const json& given) {
  for (const auto& [key, value] : given.items()) {
    const std::string name = "getInfo's metadata, member " + Printable(key);
    if (!actual.is_object() || !actual.contains(key)) {
      ctx.Fail({name, Printable(value.dump()), "nothing; metadata is " + Printable(actual.dump())});
    } else if (actual[key] != value) {
      ctx.Fail({name, Printable(value.dump()), Printable(actual[key].dump())});
    }
  }
}

std::string CreateWith(CheckContext& ctx, const json& metadata) {
  return ctx.Must(ctx.provider().Create({.metadata = metadata}), "create with metadata").sandbox_id;
}

void ExpectRoundTrip(CheckContext& ctx, const json& metadata) {
  ExpectHas(ctx, MetadataOf(ctx, CreateWith(ctx, metadata)), metadata);
}

void MetadataComesBack(CheckContext& ctx) {
  ExpectRoundTrip(ctx, {{"owner", "kit"}, {"purpose", ctx.Unique()}});
}

void NestedMetadataComesBack(CheckContext& ctx) {
  ExpectRoundTrip(ctx,
                  {{"nested", {{"list", {1, "two", {{"three", 3}}}}, {"empty", json::object()}}},
                   {"list", json::array()},
                   {"number", 42},
                   {"negative", -7},
                   {"fraction", 0.5},
                   {"yes", true},
                   {"no", false},
                   {"null", nullptr},
                   {"digits", "007"},
                   {"word", "true"}});
}

void AwkwardMetadataComesBack(CheckContext& ctx) {
  json metadata = {{"", "an empty name"}, {"empty", ""}, {"long", std::string(2000, 'm')}};
  for (const NamedValue& text : AwkwardTexts()) {
    metadata["value: " + text.label] = text.bytes;
    metadata[text.bytes] = "a name: " + text.label;
  }
  ExpectRoundTrip(ctx, metadata);
}

void MetadataIsOfOneSandbox(CheckContext& ctx) {
  const std::string one = CreateWith(ctx, {{"which", "one"}, {"only", "one"}});
  const std::string two = CreateWith(ctx, {{"which", "two"}});
  ExpectHas(ctx, MetadataOf(ctx, one), {{"which", "one"}, {"only", "one"}});
  const json second = MetadataOf(ctx, two);
  ExpectHas(ctx, second, {{"which", "two"}});
  ctx.Expect(second.contains("only"), Eq(false),
             "whether one sandbox's metadata has a member of another's");
}

void MetadataIsThereLater(CheckContext& ctx) {
  const json metadata = {{"owner", "kit"}, {"nested", {{"a", 1}}}};
  const Box box = ctx.CreateBox({.metadata = metadata});
  ctx.Need(ctx.provider().GetById(box.id), "getById");
  ctx.Observe(box, "printf x > " + ShellQuote(box.Path("file")));
  ExpectHas(ctx, MetadataOf(ctx, box.id), metadata);
}

void TimeoutIsReported(CheckContext& ctx) {
  for (const Milliseconds timeout : {Milliseconds{90'000}, Milliseconds{420'000}}) {
    const auto scope = ctx.Case("a timeout of ", timeout.count(), " ms");
    const SandboxRef ref =
        ctx.Must(ctx.provider().Create({.timeout = timeout}), "create with a timeout");
    const SandboxInfo info = ctx.Must(ctx.provider().GetInfo(ref.sandbox_id), "getInfo");
    if (!info.timeout) {
      ctx.Fail({"getInfo's timeout", std::to_string(timeout.count()) + " ms", "none"});
      continue;
    }
    ctx.Expect(info.timeout->count(), Eq(timeout.count()), "getInfo's timeout in ms");
    ctx.provider().Destroy(ref.sandbox_id);
  }
}

void SandboxWithTimeoutWorks(CheckContext& ctx) {
  const Box box = ctx.Adopt(
      ctx.Must(ctx.provider().Create({.timeout = Milliseconds{120'000}}), "create with a timeout"));
  ctx.ExpectBytes(ctx.Must(ctx.Sh(box, "printf works"), "a command").stdout_bytes, "works",
                  "stdout of a command");
}

constexpr Milliseconds kShort{700};

bool Answers(CheckContext& ctx, const std::string& id) {
  const Result<ExecutionResult> result = ctx.provider().RunCommand(
      id, {.command = "printf alive", .args = std::nullopt, .options = {}});
  return result && result->stdout_bytes == "alive";
}

void NotGoneBeforeItsTimeout(CheckContext& ctx) {
  const Stopwatch watch;
  const SandboxRef ref =
      ctx.Must(ctx.provider().Create({.timeout = kShort}), "create with a short timeout");
  bool looked = false;
  while (watch.elapsed() < kShort / 2) {
    const bool alive = Answers(ctx, ref.sandbox_id);
    if (watch.elapsed() >= kShort) break;
    looked = true;
    if (!alive) {
      ctx.Fail({"a command " + std::to_string(watch.elapsed().count()) + " ms after create began",
                "that it works: the timeout is " + std::to_string(kShort.count()) + " ms",
                "it did not"});
      return;
    }
    ctx.Sleep(Milliseconds{50});
  }
  if (!looked) ctx.NotTestable("the create and one command took longer than the timeout");
}

void GoneSoonAfterItsTimeout(CheckContext& ctx) {
  const SandboxRef ref =
      ctx.Must(ctx.provider().Create({.timeout = kShort}), "create with a short timeout");
  // The time of the command itself is the provider's own affair.
  const Milliseconds limit = kShort + ctx.consistency_window() + Milliseconds{1000};
  ctx.Sleep(kShort);
  const bool gone = ctx.Eventually(limit - kShort, [&] { return !Answers(ctx, ref.sandbox_id); });
  ctx.Expect(gone, IsTrue(),
             "whether a sandbox with a timeout of " + std::to_string(kShort.count()) +
                 " ms is gone after " + std::to_string(limit.count()) + " ms");
  if (!gone) return;
  const bool none = ctx.Eventually(ctx.consistency_window(), [&] {
    const Result<std::optional<SandboxRef>> found = ctx.provider().GetById(ref.sandbox_id);
    return found && !found->has_value();
  });
  ctx.Expect(none, IsTrue(), "whether getById gives none after the timeout");
}

}  // namespace

std::vector<Requirement> CreateMetadataRequirements() {
  const std::string metadata(capability::kCreateMetadata);
  const std::string info(capability::kGetInfo);
  return {
      {.id = "create.metadata.round-trip",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "The metadata given to create comes back from getInfo.",
       .why = "Owners and job numbers are kept there, and clean-up goes by them. Most providers "
              "accept the option and forget it.",
       .defects = {"I8"},
       .mend = "Store it with the backend's labels, tags or annotations, and read it back in "
               "getInfo.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = MetadataComesBack},
      {.id = "create.metadata.nested",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Nested objects, lists, numbers, booleans and null in metadata keep shape and type.",
       .why = "Backends have flat labels of strings: what is put there by `String(value)` comes "
              "back as \"[object Object]\", and 42 as \"42\".",
       .defects = {"I8"},
       .mend = "Put the metadata into one label as JSON, and parse it in getInfo.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = NestedMetadataComesBack},
      {.id = "create.metadata.texts",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Metadata with empty, long and awkward names and values comes back as it was.",
       .why = "Label syntax of the backend (no blanks, 63 characters, lower case) gets in the way, "
              "and a provider that \"cleans\" the text changes it.",
       .defects = {"I8"},
       .mend = "Encode the metadata as one JSON text in a form that the backend's labels hold.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = AwkwardMetadataComesBack},
      {.id = "create.metadata.own",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Each sandbox has its own metadata.",
       .why = "A configuration object that all sandboxes share shows the last one's metadata for "
              "every one.",
       .defects = {"I12", "I8"},
       .mend = "Copy the options at create, and keep them by id.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = MetadataIsOfOneSandbox},
      {.id = "create.metadata.stays",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Metadata is still there after commands and after getById.",
       .why = "A handle made by getById often starts with an empty object and, where it is cached, "
              "replaces the one that knew.",
       .defects = {"I8", "L27"},
       .mend = "Read metadata from the backend, not from the handle.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = MetadataIsThereLater},
  };
}

std::vector<Requirement> CreateTimeoutRequirements() {
  const std::string timeout(capability::kCreateTimeout);
  return {
      {.id = "create.timeout.reported",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "getInfo reports the timeout given to create, in milliseconds.",
       .why = "A constant, or a number of seconds, makes a caller renew too late or pay for a "
              "thousand times as long.",
       .defects = {"I4", "I5", "L26"},
       .mend = "Convert between the backend's unit and milliseconds at one place, and report what "
               "the backend was told.",
       .sandbox = SandboxNeed::kNone,
       .needs = {std::string(capability::kGetInfo)},
       .check = TimeoutIsReported},
      {.id = "create.timeout.works",
       .level = Level::kOptional,
       .capability = timeout,
       .asks = "A sandbox that was created with a timeout of two minutes works.",
       .why = "Milliseconds that are taken for seconds exceed the backend's limits and fail the "
              "create; seconds taken for milliseconds end the sandbox at once.",
       .defects = {"I4", "L24"},
       .mend = "Check the unit of the backend's option.",
       .sandbox = SandboxNeed::kNone,
       .check = SandboxWithTimeoutWorks},
      {.id = "create.timeout.not-before",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "A sandbox is not gone before its timeout.",
       .why = "Work is lost when a timer counts from somewhere else, or when the unit is wrong.",
       .defects = {"L24", "L12", "I4"},
       .mend = "Start the timer when create returns, in the right unit.",
       .sandbox = SandboxNeed::kNone,
       .check = NotGoneBeforeItsTimeout},
      {.id = "create.timeout.soon-after",
       .level = Level::kRecommended,
       .capability = timeout,
       .asks = "A sandbox is gone soon after its timeout.",
       .why = "The timeout is what bounds the bill of a job that died. Ignored, or multiplied by a "
              "thousand, it bounds nothing.",
       .defects = {"L25", "I4"},
       .mend = "Hand the timeout to the backend; where it has none, keep a timer that destroys the "
               "sandbox, and that no call starts anew.",
       .sandbox = SandboxNeed::kNone,
       .check = GoneSoonAfterItsTimeout},
  };
}

}  // namespace computesdk::conformance
