#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/both_streams.h"
#include "conformance/checks/leftovers.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/tally.h"
#include "conformance/checks/values.h"

// Two streams, each complete and in order, however the program ends.
namespace computesdk::conformance {
namespace {

void StreamsAreSeparate(CheckContext& ctx) {
  struct Line {
    std::string line, out, err;
  };
  for (const Line& line : {Line{"printf out; printf err >&2", "out", "err"},
                           Line{"printf err >&2; printf out", "out", "err"},
                           Line{"printf err >&2", "", "err"}, Line{"printf out", "out", ""},
                           Line{"printf 1; printf 2 >&2; printf 3; printf 4 >&2", "13", "24"},
                           Line{"(printf out; printf err >&2) | cat", "out", "err"}}) {
    const auto scope = ctx.Case(line.line);
    ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), line.line)), line.out, line.err, 0);
    ExpectResult(ctx, ctx.Must(ctx.Exec(ctx.box(), "sh", {"-c", line.line})), line.out, line.err,
                 0);
  }
}

void StreamsAreKeptWithEveryExitCode(CheckContext& ctx) {
  for (const int code : {0, 1, 3, 126, 127, 255}) {
    const auto scope = ctx.Case("exit ", code);
    const std::string line = "printf 'out\\n'; printf 'err\\n' >&2; exit " + std::to_string(code);
    ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), line)), "out\n", "err\n", code);
    ExpectResult(ctx, ctx.Must(ctx.Exec(ctx.box(), "sh", {"-c", line})), "out\n", "err\n", code);
  }
}

void NothingIsAdded(CheckContext& ctx) {
  for (const char* line : {":", "cd .", "x=1", "exit 0", "printf ''"}) {
    const auto scope = ctx.Case("`", line, "`");
    ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), line)), "", "", 0);
  }
  {
    const auto scope = ctx.Case("a program that prints nothing");
    ExpectResult(ctx, ctx.Must(ctx.Exec(ctx.box(), "sh", {"-c", ":"})), "", "", 0);
  }
  const auto scope = ctx.Case("a line that fails in silence");
  ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), "exit 3")), "", "", 3);
}

void OutputAfterPausesIsKept(CheckContext& ctx) {
  struct Line {
    const char *line, *out, *err;
    int exit_code;
  };
  const std::vector<Line> lines = {
      {"printf a; sleep 0.2 || sleep 1; printf b; sleep 0.2 || sleep 1; printf c", "abc", "", 0},
      {"sleep 0.3 || sleep 1; printf late; printf err >&2", "late", "err", 0},
      {"printf a; printf b >&2; sleep 0.3 || sleep 1; exit 3", "a", "b", 3},
      // Its streams end before it does.
      {"printf a; printf b >&2; exec > /dev/null 2>&1; sleep 0.3 || sleep 1; exit 7", "a", "b", 7},
  };
  // At the same time, as each takes its pauses.
  ctx.InParallel(static_cast<int>(lines.size()), [&](int i) {
    const Line& line = lines[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(line.line);
    ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), line.line)), line.out, line.err, line.exit_code);
  });
}

void LastLineIsKept(CheckContext& ctx) {
  constexpr int kRuns = 20;
  std::string expected;
  for (int line = 0; line < 200; ++line) expected += "line " + std::to_string(line) + "\n";
  Tally tally;
  ctx.InParallel(kRuns, [&](int) {
    const ExecutionResult result = ctx.Must(ctx.Sh(
        ctx.box(), "i=0; while [ $i -lt 200 ]; do printf 'line %s\\n' $i; i=$((i+1)); done"));
    if (result.stdout_bytes == expected) return tally.Add("");
    constexpr std::size_t kEnd = 24;
    const std::size_t size = result.stdout_bytes.size();
    tally.Add(std::to_string(size) + " bytes, which end in " +
              Printable(result.stdout_bytes.substr(size - std::min(size, kEnd))));
  });
  tally.Report(ctx, "stdout of a command that prints 200 lines",
               "all " + std::to_string(expected.size()) + " bytes");
}

void OrderIsKept(CheckContext& ctx) {
  const ExecutionResult result = ctx.Must(ctx.Sh(
      ctx.box(),
      "for i in 0 1 2 3 4 5 6 7 8 9; do sh -c \"printf 'child $i\\n'\"; printf 'shell %s\\n' $i; "
      "done"));
  std::string expected;
  for (int i = 0; i < 10; ++i) {
    expected += "child " + std::to_string(i) + "\nshell " + std::to_string(i) + "\n";
  }
  ctx.ExpectBytes(result.stdout_bytes, expected, "stdout of a shell and its children in turn");
}

void CommandsLeaveNoCopies(CheckContext& ctx) {
  const Box& box = ctx.box();
  ExpectNoCopies(ctx, box, [&](const std::string& word) {
    ctx.Must(ctx.Sh(box, "printf " + word + "; printf " + word + " >&2; exit 3"), "a command");
    ctx.Must(ctx.Exec(box, "sh", {"-c", "printf " + word}), "a program");
  });
}

}  // namespace

std::vector<Requirement> OutputStreamRequirements() {
  return {
      {.id = "output.streams.separate",
       .level = Level::kRequired,
       .asks = "stdout has what was printed to stdout, and stderr what was printed to stderr.",
       .why =
           "Callers parse stdout. One warning in it, and the JSON is none; without stderr nobody "
           "learns why something failed.",
       .breaks = "A terminal, or a backend with one log for both, merges them; some adapters fill "
                 "`stderr: ''` by hand.",
       .wrong = R"(const { output, code } = await sandbox.process.exec(command);
return { stdout: output, stderr: '', exitCode: code };)",
       .right = R"(const err = `${agentDir}/${randomUUID()}.err`;
const { output, code } = await sandbox.process.exec(
    `sh -c ${shellQuote(command)} 2> ${err}`);
const stderr = await sandbox.fs.download(err);
await sandbox.fs.remove(err);
return { stdout: output, stderr, exitCode: code };)",
       .defects = {"C13", "C14"},
       .mend =
           "Use two pipes. Where the backend merges them, redirect stderr to a file of its own, "
           "fetch that, and remove it.",
       .check = StreamsAreSeparate},
      {.id = "output.streams.with-every-exit-code",
       .level = Level::kRequired,
       .asks = "Both streams come back whatever the exit code: stderr with 0, stdout with 3.",
       .why =
           "A compiler's warnings come with 0, and a test report, which is what the agent needs, "
           "with 1.",
       .breaks = "stderr is filled on failure only; or the SDK throws on every code but 0, and the "
                 "`catch` makes up an empty stdout.",
       .wrong = R"(try {
  return await sandbox.commands.run(command);
} catch (e) {
  return { stdout: '', stderr: String(e), exitCode: 1 };
})",
       .right = R"(try {
  return await sandbox.commands.run(command);
} catch (e) {
  if (!(e instanceof CommandExitError)) throw e;
  return { stdout: e.stdout, stderr: e.stderr, exitCode: e.exitCode };
})",
       .defects = {"C10", "C14"},
       .mend = "Fill both fields from the result, or from the exception where the SDK throws one, "
               "without looking at the exit code.",
       .check = StreamsAreKeptWithEveryExitCode},
      {.id = "output.nothing-added",
       .level = Level::kRequired,
       .asks = "A command that prints nothing has empty stdout and stderr.",
       .why = "`if (result.stderr)` is how callers look for trouble, and `wc -c` how they count. "
              "Words of the provider's own mislead both.",
       .breaks = "A login or interactive shell prints its greeting and `no job control`; a wrapper "
                 "echoes; a helper for language models puts \"(no output)\" there.",
       .wrong = R"(return { stdout: result.stdout || '(no output)', stderr: result.stderr };)",
       .right = R"(return { stdout: result.stdout, stderr: result.stderr };
// Run by a plain shell, ['sh', '-c', command], not by ['bash', '-lic', command].)",
       .defects = {"C56", "C21"},
       .mend = "Start a plain shell, not a login or interactive one; keep the wrapper silent.",
       .check = NothingIsAdded},
      {.id = "output.after-pauses",
       .level = Level::kRequired,
       .asks = "What a command prints after a pause is kept, and so is its exit code; also where "
               "its streams end before it does.",
       .why = "Builds and downloads are silent for seconds. A result from the middle of one, with "
              "exit code 0, is believed.",
       .breaks = "The adapter polls a log and takes silence for the end, or the end of stdout for "
                 "the end of the program, with 0 for a code that is not there yet.",
       .wrong = R"(stream.on('end', async () => {
  const { ExitCode } = await exec.inspect();  // null while it runs
  resolve({ stdout, exitCode: ExitCode ?? 0 });
});)",
       .right = R"(await once(stream, 'end');
let state = await exec.inspect();
while (state.Running) { await delay(20); state = await exec.inspect(); }
return { stdout, exitCode: state.ExitCode };)",
       .defects = {"C9", "C60", "C6"},
       .mend = "Wait for the end of the process and of its streams, not for a quiet moment.",
       .check = OutputAfterPausesIsKept},
      {.id = "output.last-line",
       .level = Level::kRequired,
       .asks = "The last bytes of the output are there every time.",
       .why = "The last line has the result: the total, the error, the closing bracket. Missing "
              "one time in fifty, it makes a flaky test of every caller.",
       .breaks = "The message with the exit code overtakes the last chunk of output, and the "
                 "adapter answers as soon as it has the code.",
       .wrong = R"(child.stdout.on('data', (chunk) => out.push(chunk));
child.on('exit', (code) => resolve({ stdout: Buffer.concat(out), exitCode: code }));)",
       .right = R"(child.stdout.on('data', (chunk) => out.push(chunk));
child.on('close', (code) => resolve({ stdout: Buffer.concat(out), exitCode: code }));
// 'close' comes after both streams have ended; 'exit' may come before.)",
       .defects = {"C15", "C60"},
       .mend = "Return only when both the process and its streams have ended.",
       .check = LastLineIsKept},
      {.id = "output.order",
       .level = Level::kRequired,
       .asks = "Output of a shell and its children comes in the order it was written in.",
       .why = "A log out of order tells another story: the error stands before what caused it.",
       .breaks = "Chunks travel on their own (one request each, one event each) and are put "
                 "together as they arrive, or sorted by a number that is compared as text.",
       .wrong = R"(const keys = Object.keys(chunks).sort();  // '10' comes before '2'
return { stdout: keys.map((key) => chunks[key]).join('') };)",
       .right = R"(const keys = Object.keys(chunks).map(Number).sort((a, b) => a - b);
return { stdout: Buffer.concat(keys.map((key) => chunks[key])) };)",
       .defects = {"C30"},
       .mend = "Number the chunks, or carry them over one ordered stream.",
       .check = OrderIsKept},
      {.id = "output.no-copies",
       .level = Level::kRecommended,
       .asks = "No copy of a command or of its output stays behind in /tmp, in HOME or where "
               "commands start.",
       .why = "Such files fill the disk of a sandbox that lives long, turn up in the user's "
              "listings and commits, and keep secrets that were on the command line.",
       .breaks = "The adapter writes the command to a script, or redirects its streams to files "
                 "that it fetches afterwards, and removes none of them.",
       .wrong = R"(await run(`(${command}) > /tmp/out_${n} 2> /tmp/err_${n}`);
return { stdout: await read(`/tmp/out_${n}`), stderr: await read(`/tmp/err_${n}`) };)",
       .right = R"(try {
  await run(`sh -c ${shellQuote(command)} > ${dir}/out 2> ${dir}/err`);
  return { stdout: await read(`${dir}/out`), stderr: await read(`${dir}/err`) };
} finally {
  await remove(dir);
})",
       .defects = {"H3", "H5"},
       .mend = "Use pipes; where files are needed, remove them when the call ends, whatever way "
               "it ends.",
       .check = CommandsLeaveNoCopies},
  };
}

std::vector<Requirement> OutputRequirements() {
  return Join(OutputByteRequirements(), OutputTextRequirements(), OutputStreamRequirements(),
              OutputSizeRequirements());
}

}  // namespace computesdk::conformance
