#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/leftovers.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/tally.h"
#include "conformance/checks/values.h"

// Where code runs: in which sandbox and directory, beside what else.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::Ge;
using ::testing::Le;
using ::testing::Ne;

void CodeSeesTheFilesOfItsSandbox(CheckContext& ctx) {
  const Box& box = ctx.box();
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string path = box.Path("it's from a command " + runtime.name);
    ctx.PutFile(box, path, "by a command\n");
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->PrintFile(path)),
               "by a command\n");
  });
}

void CommandsSeeTheFilesOfCode(CheckContext& ctx) {
  const Box& box = ctx.box();
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string path = box.Path("it's from code " + runtime.name);
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->WriteFile(path, "by code\n")), "");
    ctx.Expect(ctx.PeekFile(box, path), Eq(std::optional<std::string>("by code\n")),
               "the file that the code wrote, seen by a command");
  });
}

void CodeStartsInADirectory(CheckContext& ctx) {
  const Box& box = ctx.box();
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const auto directory = [&] {
      return ctx.Must(RunCode(ctx, box, runtime, runtime.language->PrintDirectory()), "runCode")
          .stdout_bytes;
    };
    const std::string first = directory();
    ctx.Require(first, ::testing::StartsWith("/"), "the directory that code starts in");
    ctx.ExpectBytes(directory(), first, "the directory of the next run");
    const std::string name = "kit-" + ctx.Unique();
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->WriteFile(name, "x")), "");
    const std::string path = first + "/" + name;
    ctx.Expect(ctx.PeekFile(box, path), Eq(std::optional<std::string>("x")),
               "the file " + path + ", which code has written by its bare name");
    (void)ctx.Sh(box, "rm -f " + ShellQuote(path));
  });
}

void InputOfCodeIsEmpty(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    // More code behind it: where the code itself comes on standard input, reading takes it away.
    ExpectRuns(ctx,
               RunCode(ctx, ctx.box(), runtime,
                       runtime.language->ReadInput() + runtime.language->Print(" after")),
               "got 0 after");
  });
}

void RunsStartFresh(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string name = "kit_" + ctx.Unique();
    ExpectRuns(ctx,
               RunCode(ctx, ctx.box(), runtime,
                       runtime.language->Remember(name) + runtime.language->Recall(name)),
               "known");
    const auto scope = ctx.Case("the next run");
    ExpectRuns(ctx, RunCode(ctx, ctx.box(), runtime, runtime.language->Recall(name)), "unknown");
  });
}

void RunsAtTheSameTimeAreApart(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    Tally tally;
    ctx.InParallel(20, [&](int i) {
      const std::string tag = "run-" + std::to_string(i) + "\n";
      std::string code;
      std::string expected;
      for (int line = 0; line < 10; ++line) {
        code += runtime.language->Print(tag);
        expected += tag;
      }
      const Result<ExecutionResult> run = RunCode(ctx, ctx.box(), runtime, code);
      if (!run) return tally.Add("the error " + run.error().ToString());
      const bool well = run->stdout_bytes == expected && run->exit_code == 0;
      tally.Add(well ? ""
                     : "run " + std::to_string(i) + " printed " +
                           Printable(run->stdout_bytes.substr(0, 40)) + ", exit code " +
                           std::to_string(run->exit_code));
    });
    tally.Report(ctx, "what twenty programs print that run at the same time",
                 "its own number ten times");
  });
}

void FirstRunWorks(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    // Nothing else is called before it.
    const SandboxRef ref = ctx.Need(ctx.provider().Create({}), "create");
    ExpectRuns(ctx,
               ctx.provider().RunCode(ref.sandbox_id, {.code = runtime.language->Print("first"),
                                                       .runtime = runtime.name}),
               "first");
    // There may be as many runtimes as sandboxes that are allowed at once.
    static_cast<void>(ctx.provider().Destroy(ref.sandbox_id));
  });
}

void CreateEnvsAreVisibleToCode(CheckContext& ctx) {
  const std::string value = "it's \"$HOME\" = \xc3\xa9";
  const Box box = ctx.CreateBox({.envs = {{"KIT_CODE", value}}});
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->PrintVariable("KIT_CODE")), value);
  });
}

void ResultNamesItsSandbox(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Stopwatch watch(ctx);
    const ExecutionResult result = ctx.Must(
        RunCode(ctx, ctx.box(), runtime, runtime.language->Pause()), "code that pauses for 300 ms");
    const long long elapsed = watch.elapsed().count();
    ctx.ExpectBytes(result.sandbox_id, ctx.box().id, "sandboxId");
    ctx.ExpectBytes(result.provider, ctx.description().name, "provider");
    ctx.Expect(static_cast<long long>(result.execution_time.count()),
               ::testing::AllOf(Ge(250), Le(elapsed + 50)),
               "executionTime in ms, of code that pauses for 300 ms, in a call that took " +
                   std::to_string(elapsed) + " ms");
  });
}

void DestroyEndsCode(CheckContext& ctx) {
  constexpr Milliseconds kAtOnce{5000};
  if (ctx.description().max_concurrency < 2) {
    ctx.Tolerated("maxConcurrency is 1, so that no call is in flight when destroy comes.");
    return;
  }
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Box box = ctx.CreateBox();
    const std::string started = box.Path("started");
    const Stopwatch watch(ctx);
    Milliseconds destroyed{0};
    Milliseconds settled{0};
    std::optional<ExecutionResult> result;
    bool seen = false;
    ctx.InParallel(2, [&](int i) {
      if (i == 0) {
        const Result<ExecutionResult> run =
            RunCode(ctx, box, runtime,
                    runtime.language->WriteFile(started, "x") + runtime.language->Loop());
        settled = watch.elapsed();
        if (run) result = *run;
        return;
      }
      seen = ctx.Eventually(Milliseconds(5000), [&] { return ctx.PathIsThere(box, started); });
      ctx.Must(ctx.provider().Destroy(box.id), "destroy while code runs");
      destroyed = watch.elapsed();
    });
    if (!seen) ctx.NotTestable("code that loops could not be started");
    ctx.Expect((settled - destroyed).count(), Le(kAtOnce.count()),
               "how many ms after destroy the call of an endless loop came back");
    if (result) ctx.Expect(result->exit_code, Ne(0), "exit code of a loop that destroy ended");
  });
}

void CodeLeavesNoCopies(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ExpectNoCopies(ctx, ctx.box(), [&](const std::string& word) {
      for (const std::string& last : {std::string(), runtime.language->Throw("boom")}) {
        (void)RunCode(
            ctx, ctx.box(), runtime,
            runtime.language->Comment(word) + runtime.language->PrintLiteral(word) + last);
      }
    });
  });
}

}  // namespace

std::vector<Requirement> CodeRunRequirements() {
  return {
      {.id = "code.files.of-commands",
       .level = Level::kRequired,
       .asks = "Code sees the files of its own sandbox.",
       .why = "Upload the data, then run the analysis: the usual way to use a sandbox.",
       .breaks = "Code runs in another container, or in a sandbox that was made for it because "
                 "this one's image has not the interpreter.",
       .wrong = R"(const other = await client.create({ image: 'node:22' });
const result = await other.exec(['node', '-e', code]);
await other.terminate();)",
       .right = R"(await sandbox.fs.upload(file, code);
const result = await sandbox.exec(['node', file]);)",
       .defects = {"K12"},
       .mend = "Run the interpreter in the sandbox, as a command would be.",
       .check = CodeSeesTheFilesOfItsSandbox},
      {.id = "code.files.of-code",
       .level = Level::kRequired,
       .asks = "Commands see the files that code wrote.",
       .why = "Code draws the chart, a command fetches it.",
       .breaks = "The interpreter has a file system of its own: a kernel in another container, "
                 "WebAssembly with a virtual disk that ends with the run.",
       .wrong = R"(const pyodide = await loadPyodide();  // its /tmp is not the sandbox's
await pyodide.runPythonAsync(code);)",
       .right = R"(const pyodide = await loadPyodide();
pyodide.mountNodeFS(sandbox.workdir, sandbox.hostDirectory);
await pyodide.runPythonAsync(code);)",
       .defects = {"K12"},
       .mend = "Run the interpreter in the sandbox, or give it the sandbox's own file system.",
       .check = CommandsSeeTheFilesOfCode},
      {.id = "code.directory",
       .level = Level::kRecommended,
       .asks = "Code starts in a directory that is there and writable, the same at each run.",
       .why = "`open('out.csv', 'w')` is the first thing that generated code does, and the next "
              "run wants to read it.",
       .breaks = "The interpreter is started in `/`, in a directory made for this run, or in the "
                 "folder of the provider's own script.",
       .wrong = R"(const dir = await mkdtemp('/tmp/run-');
await exec(sandbox, ['python3', 'main.py'], { cwd: dir });
await remove(dir);)",
       .right = R"(await exec(sandbox, ['python3', scriptPath], { cwd: sandbox.workdir });)",
       .defects = {"K17"},
       .mend = "Start the interpreter where commands start, whatever the path of its script.",
       .check = CodeStartsInADirectory},
      {.id = "code.stdin",
       .level = Level::kRequired,
       .asks = "Code that reads its input gets the end at once, and the rest of it runs.",
       .why = "Generated code asks questions (`input()`): it must fail at once instead of waiting "
              "for an answer that nobody gives.",
       .breaks = "An open pipe or terminal as standard input; or the code itself is piped into the "
                 "interpreter, so that reading takes the rest of the program away.",
       .wrong = R"(await exec(sandbox, `echo ${base64(code)} | base64 -d | python3`);)",
       .right = R"(await sandbox.fs.upload(file, code);
await exec(sandbox, `python3 ${file} < /dev/null`);)",
       .defects = {"K11", "C31"},
       .mend = "Pass the code as a file, and start the interpreter with its input from /dev/null.",
       .sandbox = SandboxNeed::kFresh,
       .check = InputOfCodeIsEmpty},
      {.id = "code.concurrent",
       .level = Level::kRequired,
       .asks = "Twenty programs at the same time each run their own code.",
       .why = "Two agents, or two cells of one, share a sandbox; one of them gets the result of "
              "the other's code and cannot know.",
       .breaks = "One fixed file for the code is overwritten by the next call before the "
                 "interpreter has read it.",
       .wrong = R"(await sandbox.fs.upload('/tmp/compute_code.py', code);
return exec(sandbox, ['python3', '/tmp/compute_code.py']);)",
       .right = R"(const file = `/tmp/${randomUUID()}.py`;
await sandbox.fs.upload(file, code);
try { return await exec(sandbox, ['python3', file]); }
finally { await sandbox.fs.remove(file); })",
       .defects = {"P5", "P1"},
       .mend = "Give each run a file of its own.",
       .check = RunsAtTheSameTimeAreApart},
      {.id = "code.first-run",
       .level = Level::kRequired,
       .asks = "Code works as the very first call to a new sandbox.",
       .why = "Create, run, destroy is the most common use; the first run is often the only one.",
       .breaks = "create returns when the machine is up, and the interpreter's server inside it is "
                 "still starting: the first call is refused, or lost.",
       .wrong = R"(const sandbox = await client.create(options);
return sandbox;  // the kernel answers in a second or two)",
       .right = R"(const sandbox = await client.create(options);
await waitUntil(() => kernelAnswers(sandbox), { timeoutMs: 30_000 });
return sandbox;)",
       .defects = {"K18"},
       .mend = "Return from create when the runtime answers, or wait in the first call.",
       .sandbox = SandboxNeed::kNone,
       .check = FirstRunWorks},
      {.id = "code.create-envs",
       .level = Level::kOptional,
       .capability = std::string(capability::kCreateEnvs),
       .asks = "Variables of create are visible to code in every runtime.",
       .why = "API keys and settings are handed over that way, and most of the code that uses them "
              "comes by runCode.",
       .breaks = "Commands and code start by different ways, and one of them forgets; or one "
                 "runtime of several does.",
       .wrong = R"(runCommand: (s, cmd) => s.exec(cmd, { env: s.envs }),
runCode: (s, code) => s.kernel.execute(code),  // started before the envs were known)",
       .right = R"(runCommand: (s, cmd) => s.exec(cmd, { env: s.envs }),
runCode: (s, code) => s.exec(['python3', upload(s, code)], { env: s.envs }),)",
       .defects = {"K16"},
       .mend = "Start the interpreter with the environment of commands.",
       .sandbox = SandboxNeed::kNone,
       .check = CreateEnvsAreVisibleToCode},
      {.id = "code.result",
       .level = Level::kRequired,
       .asks =
           "A result of runCode has the sandbox's id, the provider's name, and the wall time in "
           "ms.",
       .why = "Callers log and bill by these fields, and do not look by which call a result came.",
       .breaks =
           "The two ways to run things fill the fields in two places: one is forgotten, has a "
           "constant, or counts in seconds.",
       .wrong = R"(return { stdout, stderr, exitCode, executionTime: 0,
         provider: 'python', sandboxId: kernel.id };)",
       .right = R"(const started = Date.now();
const run = await execute(sandbox, code);
return toResult(sandbox, run, Date.now() - started);  // the one for commands)",
       .defects = {"I10", "I11", "C61"},
       .mend = "Build results of code and of commands in one function.",
       .check = ResultNamesItsSandbox},
      {.id = "code.endless",
       .level = Level::kRequired,
       .asks = "destroy ends code that loops for ever: the call comes back, and not as a success.",
       .why = "A loop without end is the most common mistake of generated code, and destroy is the "
              "caller's only way out of it.",
       .breaks = "destroy deletes a record and leaves the interpreter running, or the call waits "
                 "for an answer that a destroyed machine never sends; a missing exit code becomes "
                 "0.",
       .wrong = R"(const done = await kernel.execute(code);  // waits for ever, or
return { stdout: done.text, exitCode: done.exitCode ?? 0 };)",
       .right = R"(const done = await Promise.race([kernel.execute(code), sandbox.gone]);
if (done === undefined) throw new NotFoundError(`sandbox ${sandbox.id} was destroyed`);
return { stdout: done.text, exitCode: done.exitCode ?? 255 };)",
       .defects = {"K14", "L30"},
       .mend = "Kill the interpreter with the sandbox, and end the calls that wait for it.",
       .sandbox = SandboxNeed::kNone,
       .check = DestroyEndsCode},
      {.id = "code.fresh",
       .level = Level::kRecommended,
       .asks = "Each run starts fresh: it does not see the variables of the one before.",
       .why = "Code that works only after other code has run works only once; a name left over "
              "from another caller is worse.",
       .breaks = "One interpreter, as of a notebook, is kept for all runs of a sandbox.",
       .wrong = R"(sandbox.kernel ??= await startKernel(sandbox);
return sandbox.kernel.execute(code);)",
       .right = R"(return exec(sandbox, ['python3', await upload(sandbox, code)]);)",
       .defects = {"K13"},
       .mend = "Start an interpreter for each run.",
       .check = RunsStartFresh},
      {.id = "code.no-copies",
       .level = Level::kRecommended,
       .asks = "No copy of the code, or of what it printed, stays behind in /tmp, in HOME or where "
               "commands start.",
       .why = "A thousand runs leave a thousand files; and what one caller's code held, a later "
              "one's can read.",
       .breaks = "The code is uploaded to a file for the interpreter, and the file is removed "
                 "never, or only after a run that went well.",
       .wrong = R"(await sandbox.fs.upload('/tmp/code.py', code);
const result = await exec(sandbox, ['python3', '/tmp/code.py']);
if (result.exitCode === 0) await sandbox.fs.remove('/tmp/code.py');)",
       .right = R"(await sandbox.fs.upload(file, code);
try { return await exec(sandbox, ['python3', file]); }
finally { await sandbox.fs.remove(file).catch(() => {}); })",
       .defects = {"H5", "H3"},
       .mend = "Remove the file when the run ends, whatever way it ends.",
       .check = CodeLeavesNoCopies},
  };
}

std::vector<Requirement> CodeRequirements() {
  return Join(CodeRuntimeRequirements(), CodeRunRequirements(), CodeTextRequirements(),
              CodeOutputRequirements(), CodeOutcomeRequirements());
}

}  // namespace computesdk::conformance
