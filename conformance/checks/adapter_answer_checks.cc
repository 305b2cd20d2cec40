#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "conformance/checks/adapter_parts.h"
#include "conformance/checks/values.h"
#include "sdk/adapter/adapter_provider.h"

// What an adapter writes. The runner's own calls are judged with those of the checks.
namespace computesdk::conformance {
namespace {

using ::testing::IsTrue;
using Kind = ProtocolViolation::Kind;

// One call of each method, so that there is something to judge in a run of these checks alone.
// What they answer is the affair of others.
void CallEveryMethod(CheckContext& ctx) {
  Provider& provider = ctx.provider();
  const Box& box = ctx.box();
  const std::string unknown = ctx.Unique();
  // By itself, so that what comes is known to be an answer to it.
  ctx.Sh(box, "printf out; printf err >&2; exit 7");
  std::vector<std::function<void()>> calls = {
      [&] { provider.List(); },
      [&] { provider.GetById(box.id); },
      [&] { provider.GetById(unknown); },
      [&] {
        ctx.Exec(box, "printf", {"%s", "\xc3\xa9"});
      },
      [&] { provider.RunCode(box.id, {.code = "1"}); },
      [&] { provider.Destroy(unknown); },
  };
  if (ctx.Claims(capability::kGetInfo)) calls.push_back([&] { provider.GetInfo(box.id); });
  if (ctx.Claims(capability::kGetUrl)) {
    calls.push_back([&] { provider.GetUrl(box.id, {.port = 3000}); });
  }
  if (ctx.Claims(capability::kFilesystem)) {
    calls.push_back([&] {
      provider.WriteFile(box.id, box.Path("file"), AllBytes());
      provider.ReadFile(box.id, box.Path("file"));
      provider.Remove(box.id, box.Path("file"));
    });
    calls.push_back([&] {
      provider.Mkdir(box.id, box.Path("dir"));
      provider.WriteFile(box.id, box.Path("dir/file"), "");
      provider.Readdir(box.id, box.Path("dir"));
      provider.Exists(box.id, box.Path("dir"));
    });
    calls.push_back([&] { provider.ReadFile(box.id, box.Path("missing")); });
  }
  ctx.InParallel(static_cast<int>(calls.size()),
                 [&](int i) { calls[static_cast<std::size_t>(i)](); });
}

void ExpectNoViolations(CheckContext& ctx, const std::vector<Kind>& kinds,
                        const std::string& subject, const std::string& expected) {
  Adapter(ctx);
  CallEveryMethod(ctx);
  int more = 0;
  constexpr int kShown = 5;
  for (const ProtocolViolation& violation : ctx.AdapterViolations()) {
    if (std::ranges::find(kinds, violation.kind) == kinds.end()) continue;
    if (++more > kShown) continue;
    ctx.Fail({violation.method.empty() ? subject : subject + " to " + violation.method, expected,
              violation.description});
  }
  if (more > kShown) {
    ctx.Fail({subject, expected, std::to_string(more - kShown) + " more of this kind"});
  }
}

void OnlyMessages(CheckContext& ctx) {
  ExpectNoViolations(ctx, {Kind::kNotJsonRpc}, "standard output",
                     "JSON-RPC messages and nothing else");
}

void AnswersHaveTheirIds(CheckContext& ctx) {
  ExpectNoViolations(ctx, {Kind::kUnknownId}, "an answer",
                     "one answer to each request, with its id");
}

void AnswersAreWellFormed(CheckContext& ctx) {
  ExpectNoViolations(ctx, {Kind::kBadShape}, "the answer", "every field there, of the right type");
}

void LinesHaveALimit(CheckContext& ctx) {
  ExpectNoViolations(ctx, {Kind::kLineTooLong}, "a line", "at most 64 MiB");
}

void StaysAlive(CheckContext& ctx) {
  ExpectNoViolations(ctx, {Kind::kExited}, "the adapter", "that it runs until `shutdown`");
  ctx.Expect(Adapter(ctx).alive(), IsTrue(), "whether the adapter is alive at the end of the run");
}

void EveryCallIsAnswered(CheckContext& ctx) {
  ExpectNoViolations(ctx, {Kind::kNoAnswer}, "the answer", "one within the limit for a call");
}

}  // namespace

std::vector<Requirement> AdapterAnswerRequirements() {
  return {
      {.id = "adapter.only-messages",
       .asks = "The adapter writes JSON-RPC messages to standard output, and nothing else.",
       .why = "The stream is all that connects the two sides. A line that is no message has to be "
              "guessed at: it may be the log, half an answer, or an answer that is lost.",
       .breaks = "A `console.log` that was left in, the banner of a library (dotenv, an update "
                 "notice), a progress bar of a command line tool that inherited the stream, or an "
                 "answer that was printed with line breaks in it.",
       .wrong = R"(console.log('connected to', region);
process.stdout.write(JSON.stringify(answer, null, 2) + '\n');)",
       .right = R"(console.log = console.error;  // before anything else is imported
process.stdout.write(JSON.stringify(answer) + '\n');)",
       .mend = "Point the log to standard error before any library is loaded, and write each "
               "message in one line, by one function.",
       .check = OnlyMessages},
      {.id = "adapter.answer-ids",
       .asks = "Each request has one answer, which carries its id.",
       .why = "Requests overlap. An answer with another's id gives one sandbox's output to another "
              "sandbox's caller; one with none reaches nobody.",
       .breaks =
           "A variable outside of the handler that holds the current id, and is overwritten "
           "while the first call waits; an id that became a string; a handler that answers in "
           "`catch`, and again after it.",
       .wrong = R"(let id;
rl.on('line', async (line) => {
  ({ id } = request = JSON.parse(line));
  send({ id, result: await handle(request) });
});)",
       .right = R"(rl.on('line', async (line) => {
  const { id, method, params } = JSON.parse(line);
  send({ id, ...(await answerTo(method, params)) });  // { result } or { error }
});)",
       .mend = "Send the id back as it came, once, on success and on failure.",
       .check = AnswersHaveTheirIds},
      {.id = "adapter.well-formed",
       .asks = "Every answer has the required fields, with the right types.",
       .why = "A caller in another language has no `undefined` and converts nothing: a number in a "
              "string, or a field that is missing now and then, stops it.",
       .breaks = "The provider's object is sent as it is. `JSON.stringify` leaves out what is "
                 "undefined (the result of a method that returns nothing, too), encoders leave out "
                 "what is empty or false, and dates become numbers.",
       .wrong = R"(send({ jsonrpc: '2.0', id, result: await fs.remove(path) });  // undefined
send({ jsonrpc: '2.0', id, result: { ...info, createdAt: +info.createdAt } });)",
       .right = R"(await fs.remove(path);
send({ jsonrpc: '2.0', id, result: null });
const createdAt = new Date(info.createdAt).toISOString();
send({ jsonrpc: '2.0', id, result: { ...info, createdAt } });)",
       .mend =
           "Map the provider's values to the protocol's types in one place, field by field, and "
           "test that with empty output, exit code 0 and a directory.",
       .check = AnswersAreWellFormed},
      {.id = "adapter.line-limit",
       .asks = "No line is over 64 MiB.",
       .why = "A line without an end looks like a hang, and fills the memory of the reader.",
       .breaks =
           "A file or an output of any size is read whole, encoded as base64 and put into one "
           "answer; or the log of a command is kept for ever and sent with each result.",
       .wrong = R"(const data = await client.download(path);
send({ jsonrpc: '2.0', id, result: { base64: data.toString('base64') } });)",
       .right = R"(const line = JSON.stringify({ jsonrpc: '2.0', id, result });
if (line.length > 60 * 1024 * 1024) {
  throw new RpcError('RESOURCE_EXHAUSTED', `${path}: too large for one answer`);
})",
       .mend = "Answer with an error where a result would be too large.",
       .check = LinesHaveALimit},
      {.id = "adapter.stays-alive",
       .asks = "The adapter stays alive until it is told to end.",
       .why =
           "All calls in flight fail with the process, in sandboxes that have nothing to do with "
           "the cause, and what it had created is left to nobody.",
       .breaks = "A rejected promise that nobody awaits ends a Node process; so does an `error` "
                 "event without a listener, and a write to a child's input that is closed.",
       .wrong = R"(rl.on('line', async (line) => {
  const request = JSON.parse(line);
  send(await handle(request));  // a rejection here ends the process
});)",
       .right = R"(rl.on('line', async (line) => {
  const request = JSON.parse(line);
  try { send({ id: request.id, result: await handle(request) }); }
  catch (e) { send({ id: request.id, error: toRpcError(e) }); }
});)",
       .defects = {"E7"},
       .mend = "Catch at the top of every request, and answer with an error. Give every emitter an "
               "`error` listener.",
       .check = StaysAlive},
      {.id = "adapter.every-call-answered",
       .asks = "Every call is answered within its limit.",
       .why = "A caller that gets neither a result nor an error waits until its own patience ends, "
              "and cannot know whether the work was done.",
       .breaks = "A path without an answer: an early `return`, a `switch` without a default, a "
                 "callback that is not called on failure, a lock that is never given back.",
       .wrong = R"(case 'sandbox.destroy':
  if (!sandboxes.has(id)) return;  // no answer
  await sandboxes.get(id).destroy();
  return reply(null);)",
       .right = R"(case 'sandbox.destroy':
  await sandboxes.get(id)?.destroy();
  return null;  // the one caller of this function answers, whatever comes)",
       .defects = {"L29", "L30"},
       .mend = "Let handlers return or throw, and answer in the one place that calls them.",
       .check = EveryCallIsAnswered},
  };
}

}  // namespace computesdk::conformance
