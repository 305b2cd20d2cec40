#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/values.h"
#include "nlohmann/json.hpp"

// The option `metadata` of create.
namespace computesdk::conformance {
namespace {

using nlohmann::json;
using ::testing::Eq;

// What getInfo says of a sandbox that was created with this metadata.
json MetadataOf(CheckContext& ctx, const std::string& id) {
  const SandboxInfo info = ctx.Must(ctx.provider().GetInfo(id), "getInfo");
  if (!info.metadata) {
    ctx.Fail({"getInfo's metadata", "what create was given", "none"});
    ctx.End();
  }
  return info.metadata->json();
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

std::string CreateWithMetadata(CheckContext& ctx, const json& metadata) {
  return ctx.Must(ctx.provider().Create({.metadata = Metadata(metadata)}), "create with metadata")
      .sandbox_id;
}

void ExpectRoundTrip(CheckContext& ctx, const json& metadata) {
  ExpectHas(ctx, MetadataOf(ctx, CreateWithMetadata(ctx, metadata)), metadata);
}

void MetadataComesBack(CheckContext& ctx) {
  ExpectRoundTrip(ctx, {{"owner", "kit"}, {"purpose", ctx.Unique()}});
}

void NestedMetadataComesBack(CheckContext& ctx) {
  ExpectRoundTrip(ctx,
                  {{"nested", {{"list", {1, "two", {{"three", 3}}}}, {"empty", json::object()}}},
                   {"list", json::array()},
                   {"number", 42},
                   {"big", 9007199254740991},
                   {"negative", -7},
                   {"fraction", 0.5},
                   {"yes", true},
                   {"no", false},
                   {"null", nullptr},
                   {"digits", "007"},
                   {"word", "true"}});
}

void AwkwardMetadataComesBack(CheckContext& ctx) {
  json metadata = {{"", "an empty name"},
                   {"empty", ""},
                   {"long", std::string(2000, 'm')},
                   {"dotted.name", "dots"},
                   {"CamelCase", "Upper and lower"}};
  for (const NamedValue& text : AwkwardTexts()) {
    metadata["value: " + text.label] = text.bytes;
    metadata[text.bytes] = "a name: " + text.label;
  }
  ExpectRoundTrip(ctx, metadata);
}

void MetadataIsOfOneSandbox(CheckContext& ctx) {
  const std::string one = CreateWithMetadata(ctx, {{"which", "one"}, {"only", "one"}});
  const std::string two = CreateWithMetadata(ctx, {{"which", "two"}});
  ExpectHas(ctx, MetadataOf(ctx, one), {{"which", "one"}, {"only", "one"}});
  const json second = MetadataOf(ctx, two);
  ExpectHas(ctx, second, {{"which", "two"}});
  ctx.Expect(second.contains("only"), Eq(false),
             "whether one sandbox's metadata has a member of another's");
}

void MetadataIsThereLater(CheckContext& ctx) {
  const json metadata = {{"owner", "kit"}, {"nested", {{"a", 1}}}};
  const Box box = ctx.CreateBox({.metadata = Metadata(metadata)});
  ctx.Need(ctx.provider().GetById(box.id), "getById");
  ctx.Observe(box, "printf x > " + ShellQuote(box.Path("file")));
  ExpectHas(ctx, MetadataOf(ctx, box.id), metadata);
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
       .why = "Owners and job numbers are kept there, and clean-up and bills go by them.",
       .breaks = "create accepts the option and drops it, or getInfo never reads it back: most "
                 "providers do one or the other.",
       .wrong =
           R"(create: async (options) => handleFor(await client.create({ image: options.image })),
getInfo: async (sandbox) => ({ ...infoFrom(sandbox), metadata: {} }))",
       .right = R"(create: async (options) => handleFor(await client.create({
  image: options.image, labels: { metadata: JSON.stringify(options.metadata ?? {}) },
})),
getInfo: async (sandbox) => {
  const record = await client.get(sandbox.id)
  return { ...infoFrom(record), metadata: JSON.parse(record.labels.metadata) }
})",
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
       .why = "A program that stored 42 and true compares what it reads with 42 and true.",
       .breaks = "Backends have flat labels of strings: what is put there by String(value) comes "
                 "back as \"[object Object]\", and 42 as \"42\".",
       .wrong = R"(const labels = Object.fromEntries(
  Object.entries(options.metadata).map(([key, value]) => [key, String(value)])))",
       .right = R"(const labels = Object.fromEntries(
  Object.entries(options.metadata).map(([key, value]) => [key, JSON.stringify(value)]))
// and in getInfo JSON.parse of each)",
       .defects = {"I8"},
       .mend = "Put the metadata into one label as JSON, and parse it in getInfo.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = NestedMetadataComesBack},
      {.id = "create.metadata.texts",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Metadata with empty, long and awkward names and values comes back as it was.",
       .why = "Names of users, file names and error messages are put there, and are looked for as "
              "they were written.",
       .breaks = "The backend's labels allow 63 characters, no blanks, lower case; the adapter "
                 "\"cleans\" the text until it fits.",
       .wrong =
           R"(const label = (text) => text.toLowerCase().replace(/[^a-z0-9-]/g, '-').slice(0, 63)
labels[label(key)] = label(value))",
       .right = R"(const text = Buffer.from(JSON.stringify(options.metadata)).toString('base64url')
text.match(/.{1,63}/g).forEach((part, i) => { labels[`metadata-${i}`] = part }))",
       .defects = {"I8"},
       .mend = "Encode the metadata as one JSON text in a form that the backend's labels hold.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = AwkwardMetadataComesBack},
      {.id = "create.metadata.own",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Each sandbox has its own metadata.",
       .why = "Who destroys by owner destroys somebody else's sandbox, and bills go to the wrong "
              "one.",
       .breaks = "One object of defaults that every create writes into, and that all of them show.",
       .wrong = R"(Object.assign(this.config.metadata, options.metadata)
return client.create({ metadata: this.config.metadata }))",
       .right =
           R"(return client.create({ metadata: { ...this.config.metadata, ...options.metadata } }))",
       .defects = {"I12", "I8"},
       .mend = "Copy the options at create, and keep them by id.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = MetadataIsOfOneSandbox},
      {.id = "create.metadata.stays",
       .level = Level::kOptional,
       .capability = metadata,
       .asks = "Metadata is still there after commands and after getById.",
       .why = "It is read by another process than the one that created the sandbox, which has "
              "nothing but the id.",
       .breaks =
           "The handle keeps what create was given; the one that getById makes starts with an "
           "empty object and replaces it in the cache.",
       .wrong = R"(getById: async (id) => handles[id] = { id, metadata: {} },
getInfo: async (sandbox) => ({ id: sandbox.id, metadata: handles[sandbox.id].metadata }))",
       .right = R"(getInfo: async (sandbox) => {
  const record = await client.get(sandbox.id)   // not the handle: that may be a new one
  return { id: record.id, metadata: record.metadata }
})",
       .defects = {"I8", "L27"},
       .mend = "Read metadata from the backend, not from the handle.",
       .sandbox = SandboxNeed::kNone,
       .needs = {info},
       .check = MetadataIsThereLater},
  };
}

}  // namespace computesdk::conformance
