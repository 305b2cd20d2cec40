#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "conformance/checks/adapter_parts.h"
#include "sdk/adapter/adapter_provider.h"

// How the process of an adapter lives, and how it ends.
namespace computesdk::conformance {
namespace {

using ::testing::IsTrue;
using Kind = ProtocolViolation::Kind;

constexpr Milliseconds kCallLimit{10'000};

void EndsAfterShutdown(CheckContext& ctx) {
  Adapter(ctx);
  const std::unique_ptr<AdapterProvider> another = ctx.StartAdapter(kCallLimit);
  const int pid = another->pid();
  ctx.Need(another->List(), "list in another process of the adapter");
  const std::size_t before = another->violations().size();
  const Status ended = another->Shutdown();
  if (!ended) {
    ctx.Fail({"the adapter after `shutdown` and the end of its input", "exit status 0 within 5 s",
              ended.error().ToString()});
  }
  // The kit ends what did not end by itself; nothing may be left in any case.
  const bool gone = kill(pid, 0) != 0 && errno == ESRCH;
  ctx.Expect(gone, IsTrue(), "whether the process is gone");
  const std::vector<ProtocolViolation> violations = another->violations();
  for (std::size_t i = before; i < violations.size(); ++i) {
    if (violations[i].kind != Kind::kNotJsonRpc) continue;
    ctx.Fail({"standard output of the adapter while it ends", "JSON-RPC messages and nothing else",
              violations[i].description});
  }
}

// --- processes, as /proc shows them
// --------------------------------------------------------------

struct Process {
  int parent = 0;
  std::string started = {};  // Tells it from a later one with its number.
  std::string name = {};
};

// Of /proc/PID/stat, whose second field is a name in brackets that may hold anything.
Process ParseStat(const std::string& stat) {
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == std::string::npos || close == std::string::npos) return {};
  Process process{.name = stat.substr(open + 1, close - open - 1)};
  std::istringstream fields(stat.substr(close + 1));
  const std::vector<std::string> words{std::istream_iterator<std::string>(fields), {}};
  constexpr std::size_t kState = 0;
  constexpr std::size_t kParent = 1;
  constexpr std::size_t kStarted = 19;
  // A zombie has ended; who has to look after it is another matter.
  if (words.size() <= kStarted || words[kState] == "Z" || words[kState] == "X") return {};
  std::from_chars(words[kParent].data(), words[kParent].data() + words[kParent].size(),
                  process.parent);
  process.started = words[kStarted];
  return process;
}

std::map<int, Process> AllProcesses() {
  std::map<int, Process> all;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    int pid = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failed != std::errc() || end != name.data() + name.size()) continue;
    std::ifstream file(entry.path() / "stat", std::ios::binary);
    Process process = ParseStat({std::istreambuf_iterator<char>(file), {}});
    if (!process.started.empty()) all[pid] = std::move(process);
  }
  return all;
}

std::map<int, Process> DescendantsOf(int ancestor) {
  const std::map<int, Process> all = AllProcesses();
  std::map<int, Process> found;
  std::set<int> family = {ancestor};
  for (std::size_t before = 0; before != family.size();) {
    before = family.size();
    for (const auto& [pid, process] : all) {
      if (family.contains(process.parent) && family.insert(pid).second) found[pid] = process;
    }
  }
  return found;
}

std::vector<std::string> StillThere(const std::map<int, Process>& processes) {
  const std::map<int, Process> all = AllProcesses();
  std::vector<std::string> left;
  for (const auto& [pid, process] : processes) {
    const auto now = all.find(pid);
    if (now == all.end() || now->second.started != process.started) continue;
    left.push_back(std::to_string(pid) + " (" + process.name + ")");
  }
  return left;
}

void LeavesNoChildren(CheckContext& ctx) {
  Adapter(ctx);
  const std::unique_ptr<AdapterProvider> another = ctx.StartAdapter(kCallLimit);
  ctx.Need(another->List(), "list in another process of the adapter");
  if (AllProcesses().empty()) ctx.NotTestable("the kit's machine has no /proc");
  const std::map<int, Process> children = DescendantsOf(another->pid());
  another->Shutdown();
  std::vector<std::string> left;
  constexpr Milliseconds kGrace{2000};
  ctx.Eventually(kGrace, [&] { return (left = StillThere(children)).empty(); });
  for (const std::string& process : left) {
    ctx.Fail({"a process that the adapter started", "that it ends with the adapter",
              "process " + process + " is still there, 2 s later"});
  }
}

// Open descriptors of a process; not-testable where they cannot be counted.
int Descriptors(CheckContext& ctx, int pid) {
  std::error_code error;
  const std::filesystem::directory_iterator entries("/proc/" + std::to_string(pid) + "/fd", error);
  if (error) ctx.NotTestable("the adapter's descriptors cannot be counted: " + error.message());
  return static_cast<int>(std::distance(begin(entries), end(entries)));
}

void DescriptorsDoNotGrow(CheckContext& ctx) {
  // The first round opens what is kept for later calls; what the others add is lost.
  constexpr int kRounds = 3;
  constexpr int kCalls = 24;
  const int pid = Adapter(ctx).pid();
  std::vector<int> counts;
  for (int round = 0; round < kRounds; ++round) {
    ctx.InParallel(kCalls, [&](int i) {
      if (i % 2 == 0) {
        ctx.Sh(ctx.box(), ":");
      } else {
        ctx.provider().GetById(ctx.box().id);
      }
    });
    counts.push_back(Descriptors(ctx, pid));
  }
  constexpr int kGrowth = kCalls / 3;
  for (int round = 1; round < kRounds; ++round) {
    const auto n = static_cast<std::size_t>(round);
    if (counts[n] - counts[n - 1] < kGrowth) return;
  }
  ctx.Fail({"the open descriptors of the adapter after 24, 48 and 72 more calls",
            "about as many each time",
            std::to_string(counts[0]) + ", " + std::to_string(counts[1]) + " and " +
                std::to_string(counts[2])});
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
  // One that answers nothing does not answer `shutdown`.
  if (was_late && !answered) {
    another->Kill();
  } else {
    another->Shutdown();
  }
  if (!was_late) ctx.NotTestable("a `sleep 2` was answered within 1 s");
  ctx.Expect(answered, IsTrue(), "whether `list` is answered after a call that was not");
  ctx.Expect(destroyed, IsTrue(), "whether `destroy` is answered after a call that was not");
}

}  // namespace

std::vector<Requirement> AdapterProcessRequirements() {
  return {
      {.id = "adapter.shutdown",
       .asks = "After `shutdown` and the end of its input the adapter exits with 0 within 5 s.",
       .why = "A status other than 0 is how a supervisor sees a crash, and a process that stays "
              "behind after each run fills a build machine in a day.",
       .breaks = "Open connections, timers and watchers keep an event loop alive after the last "
                 "answer; or the process is ended by an exception in the clean-up.",
       .wrong = R"(case 'shutdown':
  return null;  // the keep-alive timer of the client runs on)",
       .right = R"(case 'shutdown':
  await client.close();
  clearInterval(keepAlive);
  return null;
// and where the input ends: rl.on('close', () => process.exit(0));)",
       .mend = "Close what is open and call exit(0) once the answer is written.",
       .sandbox = SandboxNeed::kNone,
       .check = EndsAfterShutdown},
      {.id = "adapter.children",
       .level = Level::kRecommended,
       .asks = "What the adapter started ends with it.",
       .why = "A helper process that outlives each run holds ports, locks and memory, and the next "
              "run talks to the one of yesterday.",
       .breaks = "`spawn(…, { detached: true })` and a daemon of the provider's command line tool: "
                 "the process gets a session of its own, and nobody is left who knows it.",
       .wrong = R"(const proxy = spawn('provider-proxy', [], { detached: true });
proxy.unref();)",
       .right = R"(const proxy = spawn('provider-proxy', []);
process.on('exit', () => proxy.kill());)",
       .defects = {"H7"},
       .mend = "Keep helpers in the adapter's own process group, and end them in `shutdown`.",
       .sandbox = SandboxNeed::kNone,
       .check = LeavesNoChildren},
      {.id = "adapter.descriptors",
       .level = Level::kRecommended,
       .asks = "The open descriptors of the adapter do not grow with the number of calls.",
       .why = "At the limit, mostly 1024, every call fails, in the middle of the night, and a "
              "restart cures it until the next one.",
       .breaks = "A connection, a log file or a pipe that is opened for each call and closed on "
                 "success only, or never; a client that is made anew for each call.",
       .wrong = R"(async function runCommand(id, command) {
  const client = new Client({ keepAlive: true });  // one more, each time
  return client.exec(id, command);
})",
       .right = R"(const client = new Client({ keepAlive: true });
async function runCommand(id, command) {
  return client.exec(id, command);
})",
       .defects = {"H2"},
       .mend = "Make one client for all calls, and close in `finally` what a call opens.",
       .check = DescriptorsDoNotGrow},
      {.id = "adapter.unanswered-call",
       .level = Level::kRecommended,
       .asks = "A call that was not answered within its limit does not stop later calls from being "
               "answered.",
       .why = "One command that never ends would end the whole session, and the clean-up with it: "
              "the sandbox cannot even be destroyed.",
       .breaks = "Requests are handled one after the other: a loop that awaits each, a lock around "
                 "the client, a call that blocks the only thread.",
       .wrong = R"(for await (const line of rl) {
  send(await answer(JSON.parse(line)));  // the next line waits
})",
       .right = R"(rl.on('line', (line) => {
  answer(JSON.parse(line)).then(send);
});)",
       .defects = {"C49", "C62"},
       .mend = "Handle each request by itself, not one after the other.",
       .sandbox = SandboxNeed::kNone,
       .check = UnansweredCallStopsNoOther},
  };
}

}  // namespace computesdk::conformance
