#include <array>
#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/isolation.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Sandboxes side by side: nothing of one shows in another.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

void FilesAreNotShared(CheckContext& ctx) {
  const std::array<Box, 2> boxes = {ctx.CreateBox(), ctx.CreateBox()};
  const std::string name = "/kit-" + ctx.Unique();
  // Below each sandbox's own workdir: the same path where they have the same.
  const auto path = [&](const Box& box) { return box.workdir + name; };
  ctx.PutFile(boxes[0], path(boxes[0]), "of the first");
  ctx.Expect(ctx.PathIsThere(boxes[1], path(boxes[1])), IsFalse(),
             "whether a file of one sandbox is there in the other");
  ctx.PutFile(boxes[1], path(boxes[1]), "of the second");
  ctx.Expect(ctx.PeekFile(boxes[0], path(boxes[0])), Eq(std::optional<std::string>("of the first")),
             "the first one's file, after the second one has written its own");
  ctx.Observe(boxes[1], "rm " + ShellQuote(path(boxes[1])));
  ctx.Expect(ctx.PeekFile(boxes[0], path(boxes[0])), Eq(std::optional<std::string>("of the first")),
             "the first one's file, after the second one has removed its own");
}

void FilesAreOutOfReach(CheckContext& ctx) {
  const Box first = ctx.CreateBox();
  const Box second = ctx.CreateBox();
  const std::string path = first.Path("kit-" + ctx.Unique());
  ctx.PutFile(first, path, "secret");
  ctx.Expect(ctx.PathIsThere(second, path), IsFalse(),
             "whether a file of one sandbox is there in the other, by its absolute path");
}

void CodeRunsInItsOwnSandbox(CheckContext& ctx) {
  const std::array<Box, 2> boxes = {ctx.CreateBox(), ctx.CreateBox()};
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string name = "/kit-" + ctx.Unique();
    ctx.InParallel(2, [&](int i) {
      const Box& box = boxes[static_cast<std::size_t>(i)];
      const auto scope = ctx.Case("sandbox ", i + 1, " of two");
      const std::string path = box.workdir + name;
      const std::string text = "of sandbox " + std::to_string(i + 1);
      const ExecutionResult result = ctx.Must(
          RunCode(ctx, box, runtime,
                  runtime.language->WriteFile(path, text) + runtime.language->PrintFile(path)),
          "runCode");
      ctx.ExpectBytes(result.stdout_bytes, text, "stdout");
      ctx.ExpectBytes(result.sandbox_id, box.id, "sandboxId");
      ctx.Expect(ctx.PeekFile(box, path), Eq(std::optional<std::string>(text)),
                 "the file, seen by a command");
    });
  });
}

void VariablesAreNotShared(CheckContext& ctx) {
  const std::string name = "KIT_" + ctx.Unique();
  const Box first = ctx.CreateBox();
  const Box second = ctx.CreateBox();
  ctx.Must(ctx.Sh(first, "export " + name + "=leaked; printf '%s' \"$" + name + "\""));
  ctx.ExpectBytes(ctx.Must(ctx.Sh(second, "printf '%s' \"${" + name + "-unset}\"")).stdout_bytes,
                  "unset", "a variable of one sandbox, in the other");
}

void CreateEnvsAreNotShared(CheckContext& ctx) {
  const std::string name = "KIT_" + ctx.Unique();
  const std::string look = "printf '%s' \"${" + name + "-unset}\"";
  const Box first = ctx.CreateBox({.envs = {{name, "of the first"}}});
  const Box second = ctx.CreateBox({.envs = {{name, "of the second"}}});
  const Box third = ctx.CreateBox();
  ctx.ExpectBytes(ctx.Must(ctx.Sh(first, look)).stdout_bytes, "of the first", "in the first");
  ctx.ExpectBytes(ctx.Must(ctx.Sh(second, look)).stdout_bytes, "of the second", "in the second");
  ctx.ExpectBytes(ctx.Must(ctx.Sh(third, look)).stdout_bytes, "unset", "in one created without");
}

void ResultsAreNotMixed(CheckContext& ctx) {
  std::vector<Box> boxes;
  for (int i = 0; i < 3; ++i) boxes.push_back(ctx.CreateBox());
  ctx.InParallel(12, [&](int i) {
    const Box& box = boxes[static_cast<std::size_t>(i) % boxes.size()];
    const std::string tag = "command " + std::to_string(i);
    const auto scope = ctx.Case(tag, " of 12 in three sandboxes");
    const std::string file = ShellQuote(box.workdir + "/kit-" + std::to_string(i));
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "printf '%s' " + ShellQuote(box.id) + " > " + file + "; cat " + file +
                                 "; printf ' " + tag + "'"));
    ctx.ExpectBytes(result.stdout_bytes, box.id + " " + tag, "stdout");
    ctx.ExpectBytes(result.sandbox_id, box.id, "sandboxId");
  });
}

void DestroyingOneLeavesTheOthers(CheckContext& ctx) {
  const Box& kept = ctx.box();
  const Box doomed = ctx.CreateBox();
  const std::string path = kept.Path("kept");
  const std::string go = kept.Path("go");
  ctx.PutFile(kept, path, "kept");
  ctx.PutFile(doomed, doomed.Path("kept"), "doomed");
  ctx.InParallel(2, [&](int i) {
    if (i == 0 && ctx.description().max_concurrency >= 2) {
      const auto scope = ctx.Case("a command that runs in the other one meanwhile");
      const ExecutionResult result = ctx.Must(
          ctx.Sh(kept, AwaitPath(go, Milliseconds(8000)) + " && printf done"), "the command");
      ctx.ExpectBytes(result.stdout_bytes, "done", "stdout");
      ctx.Expect(result.exit_code, Eq(0), "exit code");
    } else if (i == 1) {
      ctx.Must(ctx.provider().Destroy(doomed.id), "destroy");
      ctx.Must(ctx.Sh(kept, "printf x > " + ShellQuote(go)), "a command in the other one");
    }
  });
  ctx.Expect(ctx.PeekFile(kept, path), Eq(std::optional<std::string>("kept")),
             "a file of the other one");
  ctx.ExpectBytes(ctx.Must(ctx.Sh(kept, "printf ok")).stdout_bytes, "ok",
                  "stdout of a command in the other one");
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
    for (int round = 0; round < 20 && !over; ++round) answers("during the flood");
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

void PortsAreNotShared(CheckContext& ctx) {
  const Box owner = ctx.CreateBox();
  const Box other = ctx.CreateBox();
  if (ctx.Need(ctx.Sh(owner, "command -v python3"), "looking for python3").exit_code != 0) {
    ctx.NotTestable("the sandbox has no `python3` to listen with");
  }
  const std::string listener = owner.Path("listener.py");
  const std::string port_file = owner.Path("port");
  ctx.PutFile(owner, listener,
              "import socket, sys\n"
              "s = socket.socket()\ns.bind(('0.0.0.0', 0))\ns.listen(8)\ns.settimeout(8)\n"
              "open(sys.argv[1], 'w').write(str(s.getsockname()[1]) + '.')\n"
              "try:\n    while b'stop' not in s.accept()[0].recv(16): pass\n"
              "except OSError: pass\n");
  const std::string connect =
      "import socket, sys\n"
      "s = socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)\n"
      "s.sendall(sys.argv[2].encode())\n";
  const auto reaches = [&](const Box& box, const std::string& port, const std::string& word) {
    const Result<ExecutionResult> result = ctx.Exec(box, "python3", {"-c", connect, port, word});
    return result && result->exit_code == 0;
  };
  if (ctx.description().max_concurrency < 2) {
    ctx.NotTestable("maxConcurrency is 1: nothing can listen while another call looks");
  }
  ctx.InParallel(2, [&](int i) {
    if (i == 0) {
      (void)ctx.Exec(owner, "python3", {listener, port_file});
      return;
    }
    std::string port;
    ctx.Eventually(Milliseconds(5000), [&] {
      port = ctx.PeekFile(owner, port_file).value_or("");
      return port.ends_with('.');
    });
    if (!port.ends_with('.')) ctx.NotTestable("a listener could not be started");
    port.pop_back();
    if (!reaches(owner, port, "hello")) {
      ctx.NotTestable("a listener is not reached in its own sandbox");
    }
    ctx.Expect(reaches(other, port, "hello"), IsFalse(),
               "whether a port of one sandbox is reached on localhost of the other");
    reaches(owner, port, "stop");
  });
}

}  // namespace

std::vector<Requirement> SandboxIsolationRequirements() {
  return {
      {.id = "isolation.files",
       .level = Level::kRequired,
       .asks = "Sandboxes share no files: the same path below the workdir is another file in each.",
       .why = "Two users' projects in one directory. Ids made from the clock, and containers that "
              "are created if they do not exist, give two callers one sandbox.",
       .defects = {"S2", "L20"},
       .mend = "Give each sandbox a file system of its own.",
       .sandbox = SandboxNeed::kNone,
       .check = FilesAreNotShared},
      {.id = "isolation.code",
       .level = Level::kRequired,
       .asks = "Code that runs in two sandboxes at the same time runs in each with its own files.",
       .why = "The way for code may use one container, one kernel or one temporary file for all.",
       .defects = {"K12", "P5", "S2"},
       .mend = "Run the interpreter in the sandbox, as a command would be.",
       .sandbox = SandboxNeed::kNone,
       .check = CodeRunsInItsOwnSandbox},
      {.id = "isolation.variables",
       .level = Level::kRequired,
       .asks = "A variable that a command sets in one sandbox is not there in another.",
       .why = "A provider that changes its own process's environment for a command shares it with "
              "everybody.",
       .defects = {"C38", "S1"},
       .mend = "Set variables on the command's process only.",
       .sandbox = SandboxNeed::kNone,
       .check = VariablesAreNotShared},
      {.id = "isolation.create-envs",
       .level = Level::kOptional,
       .capability = std::string(capability::kCreateEnvs),
       .asks = "Variables of create belong to that sandbox alone.",
       .why = "A configuration object that all sandboxes share has the last one's values.",
       .defects = {"I12", "S1"},
       .mend = "Copy the options for each sandbox.",
       .sandbox = SandboxNeed::kNone,
       .check = CreateEnvsAreNotShared},
      {.id = "isolation.results",
       .level = Level::kRequired,
       .asks = "Commands in several sandboxes at the same time each run in their own, and get "
               "their own results.",
       .why = "A client with one connection or one \"current sandbox\" sends a command to where "
              "the last one went.",
       .defects = {"P1", "I12", "L20"},
       .mend = "Pass the sandbox with every request; keep no current one.",
       .sandbox = SandboxNeed::kNone,
       .check = ResultsAreNotMixed},
      {.id = "isolation.processes",
       .level = Level::kRequired,
       .asks = "A process of one sandbox does not show in another, and cannot be signalled there.",
       .why = "Command lines hold tokens, and `kill` ends other people's work.",
       .defects = {"S3"},
       .mend = "Give each sandbox a process namespace of its own.",
       .sandbox = SandboxNeed::kNone,
       .check = ProcessesAreNotShared},
      {.id = "isolation.destroy",
       .level = Level::kRequired,
       .asks = "Destroying one sandbox leaves the others alone: their files, and what runs there.",
       .why = "Deleting by prefix or label, or killing by name, hits bystanders.",
       .defects = {"L5", "P4"},
       .mend = "Delete by the exact id, and only what belongs to it.",
       .sandbox = SandboxNeed::kFresh,
       .check = DestroyingOneLeavesTheOthers},
      {.id = "isolation.flood.output",
       .level = Level::kRequired,
       .asks = "While one sandbox floods its output, the others answer.",
       .why = "A caller that collects output with a quadratic loop, or over one shared connection, "
              "stands still for everybody.",
       .defects = {"C58", "C59", "P3"},
       .mend = "Collect chunks in a list; give each command a stream of its own.",
       .sandbox = SandboxNeed::kFresh,
       .check = FloodOfOutputStaysInside},
      {.id = "isolation.flood.files",
       .level = Level::kRequired,
       .asks = "While one sandbox floods its file system, the others can write.",
       .why = "One disk or one quota for all is full for all.",
       .defects = {"S9", "S7"},
       .mend = "Give each sandbox a quota of its own.",
       .sandbox = SandboxNeed::kFresh,
       .check = FloodOfFilesStaysInside},
      {.id = "isolation.files-out-of-reach",
       .level = Level::kRecommended,
       .asks = "A file of one sandbox cannot be reached from another, by its absolute path either.",
       .why = "Directories side by side on one machine keep honest code apart, and no other.",
       .defects = {"S2", "S4"},
       .mend = "Give each sandbox a file system of its own: a container, a mount namespace.",
       .sandbox = SandboxNeed::kNone,
       .check = FilesAreOutOfReach},
      {.id = "isolation.ports",
       .level = Level::kRecommended,
       .asks = "A port that is open in one sandbox is not reached on another's localhost.",
       .why = "Development servers listen without a password; all of them want port 3000.",
       .defects = {"S5"},
       .mend = "Give each sandbox a network namespace of its own.",
       .sandbox = SandboxNeed::kNone,
       .check = PortsAreNotShared},
  };
}

std::vector<Requirement> IsolationRequirements() {
  return Join(SandboxIsolationRequirements(), HostIsolationRequirements());
}

}  // namespace computesdk::conformance
