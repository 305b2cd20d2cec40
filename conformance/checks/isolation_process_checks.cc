#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/isolation.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Sandboxes side by side: what runs in one neither shows in another nor gets in its way.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

// A process of the first sandbox that goes on for a while, ended by `stop`.
class LongProcess {
 public:
  LongProcess(CheckContext& ctx, const Box& box, const std::string& marker)
      : ctx_(ctx), box_(box), pid_(box.Path("pid")), stop_(box.Path("stop")) {
    // The marker is an argument of its shell; the file is moved when it is whole.
    const std::string script = "printf '%s' $$ > \"$1.part\"; cat \"$1.part\" > \"$1\"; " +
                               AwaitPath(stop_, Milliseconds(10'000)) + "; :";
    line_ = "sh -c " + ShellQuote(script) + " " + marker + " " + ShellQuote(pid_);
  }

  // Runs it; returns when it has ended. With `&`, where only one call at a time is possible.
  void Run() { (void)ctx_.Sh(box_, line_); }
  void Leave() { (void)ctx_.Sh(box_, line_ + " > " + ShellQuote(box_.Path("log")) + " 2>&1 &"); }
  void Stop() { (void)ctx_.Sh(box_, "printf x > " + ShellQuote(stop_)); }

  // Its pid, once it runs.
  std::string Pid() {
    std::string pid;
    ctx_.Eventually(Milliseconds(5000), [&] {
      pid = ctx_.PeekFile(box_, pid_).value_or("");
      return !pid.empty();
    });
    return pid;
  }

 private:
  CheckContext& ctx_;
  const Box& box_;
  std::string pid_, stop_, line_;
};

void LookForProcess(CheckContext& ctx, const Box& owner, const Box& other, LongProcess& process,
                    const std::string& marker) {
  const std::string pid = process.Pid();
  if (pid.empty()) ctx.NotTestable("a process that goes on could not be started");
  if (const std::string listed = ListProcesses(ctx, owner);
      listed.find(marker) != std::string::npos) {
    ctx.Expect(ListProcesses(ctx, other).find(marker) != std::string::npos, IsFalse(),
               "whether a process of one sandbox is listed in the other");
    return;
  }
  // Without a list: a signal must not reach it. The pid may be somebody else's in the other
  // sandbox, so that only the effect counts.
  const auto alive = [&] {
    return ctx.Need(ctx.Sh(owner, "kill -0 " + pid), "kill -0").exit_code == 0;
  };
  if (!alive()) ctx.NotTestable("neither /proc nor `ps` nor `kill -0` shows a sandbox's processes");
  (void)ctx.Sh(other, "kill -9 " + pid);
  ctx.Sleep(Milliseconds(50));
  ctx.Expect(alive(), IsTrue(), "whether a process lives after a signal from the other sandbox");
}

void ProcessesAreNotShared(CheckContext& ctx) {
  const Box owner = ctx.CreateBox();
  const Box other = ctx.CreateBox();
  if (SeesTheHost(ctx, other)) {
    ctx.Tolerated("Sandboxes run on the host by design: isolation.host-files says so.");
    return;
  }
  const std::string marker = "kit-marker-" + ctx.Unique();
  LongProcess process(ctx, owner, marker);
  if (ctx.description().max_concurrency < 2) {
    process.Leave();
    if (process.Pid().empty()) {
      ctx.Tolerated("Calls come one at a time, and nothing outlives its call.");
      return;
    }
    LookForProcess(ctx, owner, other, process, marker);
    process.Stop();
    return;
  }
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      process.Run();
      return;
    }
    // It must be told to stop, whatever the look ends with.
    try {
      LookForProcess(ctx, owner, other, process, marker);
    } catch (...) {
      process.Stop();
      throw;
    }
    process.Stop();
  });
}

void DestroyingOneLeavesTheOthers(CheckContext& ctx) {
  const Box& kept = ctx.box();
  const Box doomed = ctx.CreateBox();
  const std::string path = kept.Path("kept");
  const std::string runs = kept.Path("runs");
  const std::string go = kept.Path("go");
  constexpr Milliseconds kPatience{8000};
  const bool side_by_side = ctx.description().max_concurrency >= 2;
  ctx.PutFile(kept, path, "kept");
  ctx.PutFile(doomed, doomed.Path("kept"), "doomed");
  ctx.InParallel(2, [&](int i) {
    if (i == 0 && side_by_side) {
      const auto scope = ctx.Case("a command that runs in the other one meanwhile");
      const std::string line =
          ": > " + ShellQuote(runs) + " && " + AwaitPath(go, kPatience) + " && printf done";
      const ExecutionResult result = ctx.Must(ctx.Sh(kept, line), "the command");
      ctx.ExpectBytes(result.stdout_bytes, "done", "stdout");
      ctx.Expect(result.exit_code, Eq(0), "exit code");
    } else if (i == 1) {
      if (side_by_side) ctx.Must(ctx.Sh(kept, AwaitPath(runs, kPatience)), "waiting for it");
      ctx.Must(ctx.provider().Destroy(doomed.id), "destroy");
      ctx.Must(ctx.Sh(kept, "printf x > " + ShellQuote(go)), "a command in the other one");
    }
  });
  ctx.Expect(ctx.PeekFile(kept, path), Eq(std::optional<std::string>("kept")),
             "a file of the other one");
  ctx.ExpectBytes(ctx.Must(ctx.Sh(kept, "printf ok")).stdout_bytes, "ok",
                  "stdout of a command in the other one");
}

void EndedOrphansAreClearedAway(CheckContext& ctx) {
  constexpr int kOrphans = 5;
  const Box& box = ctx.box();
  const std::string pids = box.Path("pids");
  // Each child outlives its parent, the inner shell, and ends soon after.
  ctx.Observe(box, "i=0; while [ $i -lt " + std::to_string(kOrphans) +
                       " ]; do sh -c '{ sleep 0.1 || sleep 1; } > /dev/null 2>&1 & "
                       "printf \"%s \" $! >> \"$1\"' sh " +
                       ShellQuote(pids) + "; i=$((i+1)); done");
  // An ended process that nobody has waited for is still found by its number.
  const std::string count = "n=0; for p in $(cat " + ShellQuote(pids) +
                            "); do if kill -0 $p; then n=$((n+1)); fi; done 2> /dev/null; ";
  if (ctx.Observe(box, "kill -0 $$ && printf there") != "there") {
    ctx.NotTestable("`kill -0` does not find the shell itself");
  }
  std::string left;
  ctx.Eventually(Milliseconds(4000), [&] {
    left = ctx.Observe(box, count + "printf '%s' $n");
    return left == "0";
  });
  ctx.ExpectBytes(left, "0",
                  "how many of " + std::to_string(kOrphans) +
                      " background processes are still in the process table, seconds after their "
                      "end");
}

// While `flood` runs in one sandbox, another one must answer.
void ExpectOthersAnswer(CheckContext& ctx, const std::string& flood) {
  const Box& flooded = ctx.box();
  const Box other = ctx.CreateBox();
  const std::string path = other.Path("file");
  const auto answers = [&](const char* when) {
    const auto scope = ctx.Case("another sandbox, ", when);
    const std::string file = ShellQuote(path);
    const ExecutionResult result =
        ctx.Must(ctx.Sh(other, "printf ok > " + file + " && cat " + file), "a command");
    ctx.ExpectBytes(result.stdout_bytes, "ok", "stdout");
    ctx.ExpectBytes(result.stderr_bytes, "", "stderr");
    ctx.Expect(result.exit_code, Eq(0), "exit code");
  };
  std::atomic<bool> over = false;
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      // How the flood itself ends is not asked here.
      (void)ctx.Sh(flooded, flood);
      over = true;
      return;
    }
    // Spread over the flood, which takes its time to rise.
    for (int round = 0; round < 20 && !over; ++round) {
      answers("during the flood");
      ctx.Sleep(Milliseconds{10});
    }
  });
  answers("after the flood");
}

void FloodOfOutputStaysInside(CheckContext& ctx) {
  ExpectOthersAnswer(ctx,
                     "s=0123456789abcdef; i=0; while [ $i -lt 12 ]; do s=$s$s; i=$((i+1)); done; "
                     "i=0; while [ $i -lt 64 ]; do printf '%s' \"$s\"; printf '%s' \"$s\" >&2; "
                     "i=$((i+1)); done");
}

void FloodOfFilesStaysInside(CheckContext& ctx) {
  const std::string dir = ShellQuote(ctx.box().Path("flood"));
  ExpectOthersAnswer(ctx, "mkdir " + dir + "; cd " + dir +
                              "; i=0; while [ $i -lt 1000 ]; do : > file-$i; i=$((i+1)); done; "
                              "s=0123456789abcdef; i=0; while [ $i -lt 12 ]; do s=$s$s; "
                              "i=$((i+1)); done; i=0; while [ $i -lt 64 ]; do printf '%s' \"$s\" "
                              ">> large; i=$((i+1)); done");
}

void FloodOfProcessesStaysInside(CheckContext& ctx) {
  ExpectOthersAnswer(ctx,
                     "i=0; while [ $i -lt 64 ]; do { sleep 0.2 || sleep 1; } & i=$((i+1)); done; "
                     "wait");
}

}  // namespace

std::vector<Requirement> SandboxProcessRequirements() {
  return {
      {.id = "isolation.processes",
       .level = Level::kRequired,
       .asks = "A process of one sandbox does not show in another, and cannot be signalled there.",
       .why = "Command lines hold tokens, and `kill` ends other people's work.",
       .breaks = "Sandboxes are folders, users or chroots on one machine, with one table of "
                 "processes; or containers that were started with the host's.",
       .wrong = R"(await docker.createContainer({ Image, HostConfig: { PidMode: 'host' } });)",
       .right = R"(await docker.createContainer({ Image, HostConfig: { Init: true } });
// A process namespace of its own is the default.)",
       .defects = {"S3"},
       .mend = "Give each sandbox a process namespace of its own.",
       .sandbox = SandboxNeed::kNone,
       .check = ProcessesAreNotShared},
      {.id = "isolation.destroy",
       .level = Level::kRequired,
       .asks = "Destroying one sandbox leaves the others alone: their files, and what runs there.",
       .why = "Others' work ends in the middle, and their logs do not say why.",
       .breaks = "Deleting by prefix or label, killing by the name of a program, or removing a "
                 "folder that several use.",
       .wrong = R"(for (const c of await docker.listContainers()) {
  if (c.Names[0].startsWith(`/sandbox-${id}`)) await remove(c.Id);  // 1, 10, 11, …
})",
       .right = R"(await docker.getContainer(id).remove({ force: true });)",
       .defects = {"L5", "P4"},
       .mend = "Delete by the exact id, and only what belongs to it.",
       .sandbox = SandboxNeed::kFresh,
       .check = DestroyingOneLeavesTheOthers},
      {.id = "isolation.flood.output",
       .level = Level::kRequired,
       .asks = "While one sandbox floods its output, the others answer.",
       .why = "One `yes` in one sandbox, and the service stands still for all of its users.",
       .breaks = "All sandboxes share one connection or one event loop, and output is collected by "
                 "a loop that copies all of it for each chunk.",
       .wrong = R"(socket.on('message', (m) => {         // one socket for all sandboxes
  out[m.id] = Buffer.concat([out[m.id], m.data]);  // quadratic
});)",
       .right = R"(const stream = await openStream(sandboxId, commandId);
const chunks: Buffer[] = [];
for await (const chunk of stream) chunks.push(chunk);)",
       .defects = {"C58", "C59", "P3"},
       .mend = "Collect chunks in a list; give each command a stream of its own.",
       .sandbox = SandboxNeed::kFresh,
       .check = FloodOfOutputStaysInside},
      {.id = "isolation.flood.files",
       .level = Level::kRequired,
       .asks = "While one sandbox floods its file system, the others can write.",
       .why = "An endless log in one sandbox is everybody's `No space left on device`.",
       .breaks = "One disk, one quota or one table of inodes for all.",
       .wrong =
           R"(HostConfig: { Binds: [`/var/sandboxes/${id}:/workspace`] }  // one disk for all)",
       .right = R"(HostConfig: { StorageOpt: { size: '2G' },
              Tmpfs: { '/workspace': 'size=1g,nr_inodes=100k' } })",
       .defects = {"S9"},
       .mend = "Give each sandbox a quota of its own.",
       .sandbox = SandboxNeed::kFresh,
       .check = FloodOfFilesStaysInside},
      {.id = "isolation.flood.processes",
       .level = Level::kRecommended,
       .asks = "While one sandbox runs 64 processes, the others can start some.",
       .why = "A parallel build is enough to be that many, and a fork bomb is one line.",
       .breaks = "The limit of processes is that of one user or one machine, which all sandboxes "
                 "share.",
       .wrong = R"(HostConfig: { Ulimits: [{ Name: 'nproc', Soft: 64, Hard: 64 }] }  // by user)",
       .right = R"(HostConfig: { PidsLimit: 512 }  // by container)",
       .defects = {"S7"},
       .mend = "Limit the processes of each sandbox by itself (the pids controller of cgroups).",
       .sandbox = SandboxNeed::kFresh,
       .check = FloodOfProcessesStaysInside},
      {.id = "isolation.orphans",
       .level = Level::kRecommended,
       .asks = "A background process whose parent is gone leaves the process table when it ends.",
       .why = "Zombies pile up in a sandbox that lives long, until no process can be started.",
       .breaks = "The first process of the sandbox is `sleep infinity` or the provider's agent, "
                 "and waits for no child that it inherits.",
       .wrong = R"(await docker.createContainer({ Image, Cmd: ['sleep', 'infinity'] });)",
       .right = R"(await docker.createContainer({ Image, Cmd: ['sleep', 'infinity'],
  HostConfig: { Init: true } });  // tini waits for them)",
       .defects = {"H1"},
       .mend = "Start an init (tini, `docker run --init`) as the first process, or wait for any "
               "child in your agent.",
       .check = EndedOrphansAreClearedAway},
  };
}

}  // namespace computesdk::conformance
