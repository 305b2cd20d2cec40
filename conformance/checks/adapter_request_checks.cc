#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/checks/adapter_parts.h"
#include "conformance/checks/raw_adapter.h"
#include "sdk/adapter/adapter_provider.h"

// What an adapter makes of requests that the kit's own Provider never sends. They go to a process
// of their own, so that nothing of it harms the run.
namespace computesdk::conformance {
namespace {

using nlohmann::json;
using ::testing::IsTrue;

std::unique_ptr<RawAdapter> StartRaw(CheckContext& ctx) {
  Result<std::unique_ptr<RawAdapter>> raw = RawAdapter::StartLike(Adapter(ctx).pid());
  if (!raw) ctx.NotTestable(raw.error().message);
  return std::move(*raw);
}

std::string Show(const std::optional<json>& message) {
  constexpr std::size_t kShown = 200;
  if (!message) return "no answer";
  const std::string text = message->dump(-1, ' ', false, json::error_handler_t::replace);
  return text.size() <= kShown ? text : text.substr(0, kShown) + "…";
}

bool HasResult(const std::optional<json>& message) {
  return message.has_value() && message->contains("result") && !message->contains("error");
}

// Whether the error is one that says UNIMPLEMENTED.
bool IsUnimplemented(const json& message) {
  const json error = message.value("error", json());
  if (!error.is_object()) return false;
  constexpr int kMethodNotFound = -32601;
  if (error.value("code", json()) == kMethodNotFound) return true;
  const json data = error.value("data", json());
  return data.is_object() && data.value("status", json()) == "UNIMPLEMENTED";
}

// A sandbox in the process spoken to. No ledger knows it: it lives for three calls.
class RawSandbox {
 public:
  RawSandbox(CheckContext& ctx, RawAdapter& raw) : raw_(raw) {
    const std::optional<json> created = raw.Ask("sandbox.create", json::object());
    const json result = created ? created->value("result", json()) : json();
    if (!result.is_object() || !result.value("sandboxId", json()).is_string()) {
      ctx.NotTestable("a create in another process of the adapter: " + Show(created));
    }
    id_ = result["sandboxId"];
    const json workdir = result.value("workdir", json());
    workdir_ = workdir.is_string() ? workdir.get<std::string>() : ctx.description().workdir;
  }

  void Destroy(CheckContext& ctx) {
    const std::optional<json> destroyed = raw_.Ask("sandbox.destroy", {{"sandboxId", id_}});
    if (!HasResult(destroyed)) {
      ctx.Fail({"`sandbox.destroy` of sandbox " + id_, "the result null", Show(destroyed)});
    }
  }

  const std::string& id() const { return id_; }
  const std::string& workdir() const { return workdir_; }

 private:
  RawAdapter& raw_;
  std::string id_;
  std::string workdir_;
};

void ExpectLifeAfter(CheckContext& ctx, RawAdapter& raw, const std::string& what) {
  const std::optional<json> listed = raw.Ask("sandbox.list", json::object());
  if (HasResult(listed)) return;
  ctx.Fail({"`sandbox.list` after " + what, "its result", Show(listed)});
}

void UnknownMethodIsRefused(CheckContext& ctx) {
  const std::unique_ptr<RawAdapter> raw = StartRaw(ctx);
  for (const char* method : {"sandbox.kitHasNoSuchMethod", "kitHasNoSuchMethod", "constructor"}) {
    const std::optional<json> answer = raw->Ask(method, json::object());
    if (answer && IsUnimplemented(*answer)) continue;
    ctx.Fail({"the answer to " + std::string(method),
              "an error with the code -32601 or the status UNIMPLEMENTED", Show(answer)});
  }
  ExpectLifeAfter(ctx, *raw, "unknown methods");
}

void UnknownFieldsAreIgnored(CheckContext& ctx) {
  const std::unique_ptr<RawAdapter> raw = StartRaw(ctx);
  const json extra = {{"of", {1, nullptr, "kit"}}};
  const std::optional<json> listed = raw->Ask("sandbox.list", {{"kitExtra", extra}});
  if (!HasResult(listed)) {
    ctx.Fail({"`sandbox.list` with a field that is not known", "its result", Show(listed)});
  }
  const std::optional<json> found =
      raw->Ask("sandbox.getById", {{"sandboxId", ctx.Unique()}, {"kitExtra", extra}});
  if (!HasResult(found) || !(*found)["result"].is_null()) {
    ctx.Fail({"`sandbox.getById` of an unknown id, with a field that is not known",
              "the result null", Show(found)});
  }
}

void BytesComeInEitherForm(CheckContext& ctx) {
  const std::unique_ptr<RawAdapter> raw = StartRaw(ctx);
  RawSandbox sandbox(ctx, *raw);
  const std::string path = sandbox.workdir() + "/" + ctx.Unique();
  const json content = {{"base64", "cGxhaW4gdGV4dA=="}};
  const std::optional<json> written = raw->Ask(
      "filesystem.writeFile", {{"sandboxId", sandbox.id()}, {"path", path}, {"content", content}});
  const std::optional<json> read =
      raw->Ask("filesystem.readFile", {{"sandboxId", sandbox.id()}, {"path", path}});
  sandbox.Destroy(ctx);
  if (!HasResult(written)) {
    ctx.Fail({"writeFile of plain text as base64", "the result null", Show(written)});
    return;
  }
  const json bytes = HasResult(read) ? (*read)["result"] : json();
  if (bytes == "plain text") return;
  if (bytes.is_object() && bytes.value("base64", json()) == content["base64"]) return;
  ctx.Fail({"what readFile gives of it", "\"plain text\", or the same as base64", Show(read)});
}

void NonsenseEndsNothing(CheckContext& ctx) {
  const std::unique_ptr<RawAdapter> raw = StartRaw(ctx);
  const std::vector<std::pair<const char*, const char*>> lines = {
      {"an empty line", "\n"},
      {"a line that is no JSON", "{\"jsonrpc\": \"2.0\", \"id\": 900, \n"},
      {"a number", "7\n"},
      {"a request without params", R"({"jsonrpc":"2.0","id":901,"method":"sandbox.getById"})"
                                   "\n"},
      {"a request with a number for an id of a sandbox",
       R"({"jsonrpc":"2.0","id":902,"method":"sandbox.getById","params":{"sandboxId":7}})"
       "\n"},
  };
  for (const auto& [what, line] : lines) {
    raw->Send(line);
    ExpectLifeAfter(ctx, *raw, what);
  }
}

void EndsWithItsInput(CheckContext& ctx) {
  const std::unique_ptr<RawAdapter> raw = StartRaw(ctx);
  raw->CloseInput();
  constexpr Milliseconds kGrace{5000};
  ctx.Expect(raw->EndsWithin(kGrace), IsTrue(),
             "whether the adapter ends within 5 s of the end of its input, without `shutdown`");
}

}  // namespace

std::vector<Requirement> AdapterRequestRequirements() {
  return {
      {.id = "adapter.unknown-method",
       .level = Level::kRecommended,
       .asks = "A method that the adapter does not know is answered with the error -32601.",
       .why = "A later version of the kit, or another client, asks for more. With any other answer "
              "it takes what is missing for what is broken, or for what worked.",
       .breaks = "A `switch` whose default returns nothing, or a lookup in an object, which finds "
                 "`constructor` and other things that nobody put there.",
       .wrong = R"(const handler = provider[method.split('.').pop()];
return handler?.(params) ?? null;)",
       .right = R"(if (!Object.hasOwn(handlers, method)) {
  throw new RpcError(-32601, `there is no method ${method}`, 'UNIMPLEMENTED');
}
return handlers[method](params);)",
       .defects = {"E9"},
       .mend = "Look methods up in a table of your own, and answer -32601 to all others.",
       .sandbox = SandboxNeed::kNone,
       .check = UnknownMethodIsRefused},
      {.id = "adapter.unknown-fields",
       .level = Level::kRecommended,
       .asks = "Fields of a request that the adapter does not know are ignored.",
       .why = "The protocol grows by fields. An adapter that refuses them stops working with the "
              "next version of the kit, without a reason.",
       .breaks = "A strict schema (`.strict()`, `additionalProperties: false`, unknown fields that "
                 "are an error of the decoder), or params handed on whole to a backend that is "
                 "strict.",
       .wrong = R"(const Params = z.object({ sandboxId: z.string() }).strict();
return client.exec({ ...params });)",
       .right = R"(const { sandboxId, command, args, options = {} } = params;
const { cwd, env, timeout, background } = options;
return client.exec(sandboxId, { command, args, cwd, env, timeout, background });)",
       .mend = "Take the fields that you know, by name, and pass on nothing else.",
       .sandbox = SandboxNeed::kNone,
       .check = UnknownFieldsAreIgnored},
      {.id = "adapter.bytes-in-either-form",
       .level = Level::kRecommended,
       .capability = std::string(capability::kFilesystem),
       .asks = "Content is accepted as base64, also where it is plain text.",
       .why =
           "Which form a client sends is its own affair: one that knows bytes alone sends base64 "
           "always.",
       .breaks = "The base64 form is taken for binary only, and stored as it is, or as the text "
                 "\"[object Object]\".",
       .wrong = R"(await sandbox.files.write(path, String(params.content));)",
       .right = R"(const { content } = params;
const bytes = typeof content === 'string'
  ? Buffer.from(content, 'utf8')
  : Buffer.from(content.base64, 'base64');
await sandbox.files.write(path, bytes);)",
       .defects = {"F1"},
       .mend = "Decode both forms to bytes where the request comes in.",
       .sandbox = SandboxNeed::kNone,
       .check = BytesComeInEitherForm},
      {.id = "adapter.survives-nonsense",
       .level = Level::kRecommended,
       .asks = "A line or a request that makes no sense does not end the adapter.",
       .why = "One client's mistake would end the calls of all that are in flight.",
       .breaks = "`JSON.parse` outside of the `try`, and params taken apart before anybody looked "
                 "whether they are there.",
       .wrong = R"(rl.on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);  // throws, and nobody catches
  const { sandboxId } = params;)",
       .right = R"(rl.on('line', async (line) => {
  let request;
  try { request = JSON.parse(line); }
  catch { return send({ id: null, error: { code: -32700, message: 'no JSON' } }); }
  await answer(request?.id ?? null, request?.method, request?.params ?? {});)",
       .defects = {"E7"},
       .mend = "Answer -32700 to what is no JSON and -32602 to params that make no sense.",
       .sandbox = SandboxNeed::kNone,
       .check = NonsenseEndsNothing},
      {.id = "adapter.end-of-input",
       .level = Level::kRecommended,
       .asks = "The adapter ends when its input ends, also without `shutdown`.",
       .why =
           "A client that crashed or was killed says nothing more. What waits for its `shutdown` "
           "stays for ever, with its connections and its memory.",
       .breaks = "The end of the input is not listened to, and a timer or a connection keeps the "
                 "process alive; or a reading loop that spins at the end of the file.",
       .wrong = R"(rl.on('line', onLine);
setInterval(() => client.keepAlive(), 30_000);)",
       .right = R"(rl.on('line', onLine);
rl.on('close', async () => {
  await client.close();
  process.exit(0);
});)",
       .defects = {"H7"},
       .mend = "Take the end of the input for a `shutdown`.",
       .sandbox = SandboxNeed::kNone,
       .check = EndsWithItsInput},
  };
}

}  // namespace computesdk::conformance
