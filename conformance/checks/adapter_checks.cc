#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/values.h"
#include "sdk/adapter/adapter_provider.h"

// What an adapter process keeps to, beside the contract of its provider. These checks run last, and
// judge the whole run.
namespace computesdk::conformance {
namespace {

using ::testing::IsTrue;
using Kind = ProtocolViolation::Kind;

// The one in use; the runner starts these checks only where there is one.
AdapterProvider& Adapter(CheckContext& ctx) {
  if (ctx.adapter() == nullptr) ctx.NotTestable("the candidate runs in process");
  return *ctx.adapter();
}

// One call of each method, so that there is something to judge in a run of these checks alone.
// What they answer is the affair of others.
void CallEveryMethod(CheckContext& ctx) {
  Provider& provider = ctx.provider();
  const Box& box = ctx.box();
  provider.List();
  provider.GetById(box.id);
  provider.GetById(ctx.Unique());
  ctx.Sh(box, "printf out; printf err >&2; exit 3");
  ctx.Exec(box, "printf", {"%s", "\xc3\xa9"});
  provider.RunCode(box.id, {.code = "1"});
  if (ctx.Claims(capability::kGetInfo)) provider.GetInfo(box.id);
  if (ctx.Claims(capability::kGetUrl)) provider.GetUrl(box.id, {.port = 3000});
  if (ctx.Claims(capability::kFilesystem)) {
    provider.WriteFile(box.id, box.Path("file"), AllBytes());
    provider.ReadFile(box.id, box.Path("file"));
    provider.ReadFile(box.id, box.Path("missing"));
    provider.Exists(box.id, box.Path("file"));
    provider.Mkdir(box.id, box.Path("dir"));
    provider.Readdir(box.id, box.dir);
    provider.Remove(box.id, box.Path("file"));
  }
}

void ExpectNoViolations(CheckContext& ctx, const std::vector<Kind>& kinds,
                        const std::string& subject, const std::string& expected) {
  const AdapterProvider& adapter = Adapter(ctx);
  CallEveryMethod(ctx);
  int more = 0;
  constexpr int kShown = 5;
  for (const ProtocolViolation& violation : adapter.violations()) {
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

constexpr Milliseconds kCallLimit{10'000};

void EndsAfterShutdown(CheckContext& ctx) {
  Adapter(ctx);
  const std::unique_ptr<AdapterProvider> another = ctx.StartAdapter(kCallLimit);
  const int pid = another->pid();
  ctx.Need(another->List(), "list in another process of the adapter");
  const Status ended = another->Shutdown();
  if (!ended) {
    ctx.Fail({"the adapter after `shutdown` and the end of its input", "exit status 0 within 5 s",
              ended.error().ToString()});
  }
  // The kit ends what did not end by itself; nothing may be left in any case.
  const bool gone = kill(pid, 0) != 0 && errno == ESRCH;
  ctx.Expect(gone, IsTrue(), "whether the process is gone");
  for (const ProtocolViolation& violation : another->violations()) {
    if (violation.kind == Kind::kNotJsonRpc) {
      ctx.Fail({"standard output of the adapter while it ends",
                "JSON-RPC messages and nothing else", violation.description});
    }
  }
}

void UnansweredCallStopsNoOther(CheckContext& ctx) {
  Adapter(ctx);
  constexpr Milliseconds kShort{1000};
  const std::unique_ptr<AdapterProvider> another = ctx.StartAdapter(kShort);
  const Result<SandboxRef> ref = another->Create({});
  if (!ref) ctx.NotTestable("a create in another process: " + ref.error().ToString());
  // Its own process group ends with it; the sandbox is destroyed before that.
  const Result<ExecutionResult> slow = another->RunCommand(
      ref->sandbox_id, {.command = "sleep 2", .args = std::nullopt, .options = {}});
  const bool was_late = !slow && slow.error().code == ErrorCode::kDeadlineExceeded;
  bool answered = false;
  if (was_late) {
    answered = ctx.Eventually(Milliseconds{6000}, [&] { return another->List().has_value(); });
  }
  const bool destroyed = ctx.Eventually(Milliseconds{3000}, [&] {
    const Status status = another->Destroy(ref->sandbox_id);
    return status || status.error().code == ErrorCode::kNotFound;
  });
  another->Shutdown();
  if (!was_late) ctx.NotTestable("a `sleep 2` was answered within 1 s");
  ctx.Expect(answered, IsTrue(), "whether `list` is answered after a call that was not");
  ctx.Expect(destroyed, IsTrue(), "whether `destroy` is answered after a call that was not");
}

Requirement OfAdapter(Requirement requirement) {
  requirement.id.insert(0, "adapter.");
  return requirement;
}

}  // namespace

std::vector<Requirement> AdapterRequirements() {
  return {
      OfAdapter({.id = "only-messages",
                 .asks = "The adapter writes JSON-RPC messages to standard output, and nothing "
                         "else.",
                 .why = "One `console.log` in a library is enough to break the stream for every "
                        "call in flight.",
                 .mend = "Point the log to standard error before any library is loaded.",
                 .check = OnlyMessages}),
      OfAdapter({.id = "answer-ids",
                 .asks = "Each request has one answer, which carries its id.",
                 .why =
                     "Two answers to one request, or an id that became a string, reach the wrong "
                     "caller or none.",
                 .mend = "Send the id back as it came, once, on success and on failure.",
                 .check = AnswersHaveTheirIds}),
      OfAdapter({.id = "well-formed",
                 .asks = "Every answer has the required fields, with the right types.",
                 .why = "A number in a string, a date as a number, or a missing field works in the "
                        "adapter's own language and nowhere else.",
                 .mend = "Map the provider's values to the protocol's types in one place, and test "
                         "that.",
                 .check = AnswersAreWellFormed}),
      OfAdapter({.id = "line-limit",
                 .asks = "No line is over 64 MiB.",
                 .why = "A line without an end looks like a hang, and fills the memory of the "
                        "reader.",
                 .mend = "Answer with an error where a result would be too large.",
                 .check = LinesHaveALimit}),
      OfAdapter({.id = "stays-alive",
                 .asks = "The adapter stays alive until it is told to end.",
                 .why = "An exception that nobody catches, in a callback or a promise, ends the "
                        "process with all calls in flight.",
                 .defects = {"E7"},
                 .mend = "Catch at the top of every request, and answer with an error.",
                 .check = StaysAlive}),
      OfAdapter({.id = "every-call-answered",
                 .asks = "Every call is answered within its limit.",
                 .why = "A request that fails on a path without an answer leaves the caller "
                        "waiting.",
                 .defects = {"L29", "L30"},
                 .mend = "Answer in a `finally`, or in the one function that all requests go "
                         "through.",
                 .check = EveryCallIsAnswered}),
      OfAdapter({.id = "shutdown",
                 .asks =
                     "After `shutdown` and the end of its input the adapter exits with 0 within "
                     "5 s.",
                 .why = "Open connections and timers keep an event loop alive, and each run leaves "
                        "a process behind.",
                 .mend = "Close what is open and call exit(0) once the answer is written.",
                 .sandbox = SandboxNeed::kNone,
                 .check = EndsAfterShutdown}),
      OfAdapter({.id = "unanswered-call",
                 .level = Level::kRecommended,
                 .asks = "A call that was not answered within its limit does not stop later calls "
                         "from being answered.",
                 .why = "One slow command would end the whole session.",
                 .defects = {"C49", "C62"},
                 .mend = "Handle each request by itself, not one after the other.",
                 .sandbox = SandboxNeed::kNone,
                 .check = UnansweredCallStopsNoOther}),
  };
}

}  // namespace computesdk::conformance
