#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/both_streams.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Output that is large comes back whole.
namespace computesdk::conformance {
namespace {

// 64 KiB in lines of 64 bytes, each with its number: what is lost or swapped shows.
std::string Block() {
  std::string block;
  for (int line = 0; line < 1024; ++line) {
    const std::string number = std::to_string(line);
    block += number + std::string(63 - number.size(), '.') + "\n";
  }
  return block;
}

// Makes a file with that block in the sandbox.
std::string PutBlock(CheckContext& ctx) {
  std::string path = ctx.box().Path("block");
  ctx.PutFile(ctx.box(), path, Block());
  return path;
}

// Prints the block `count` times, with a numbered line before each.
std::string PrintBlocks(const std::string& path, int count) {
  return "i=0; while [ $i -lt " + std::to_string(count) + " ]; do printf 'block %s\\n' $i; cat " +
         ShellQuote(path) + "; i=$((i+1)); done";
}

std::string Blocks(int count) {
  const std::string block = Block();
  std::string all;
  for (int i = 0; i < count; ++i) all += "block " + std::to_string(i) + "\n" + block;
  return all;
}

void LargeStdoutIsWhole(CheckContext& ctx) {
  const std::string path = PutBlock(ctx);
  const ExecutionResult result =
      ctx.Must(ctx.Sh(ctx.box(), PrintBlocks(path, 80) + "; printf err >&2; exit 3"),
               "a command that prints 5 MiB");
  ExpectResult(ctx, result, Blocks(80), "err", 3);
  const auto scope = ctx.Case("a program with args");
  ExpectResult(ctx,
               ctx.Must(ctx.Exec(ctx.box(), "sh", {"-c", PrintBlocks(path, 16)}),
                        "a program that prints 1 MiB"),
               Blocks(16), "", 0);
}

void LargeStderrIsWhole(CheckContext& ctx) {
  const std::string path = PutBlock(ctx);
  const ExecutionResult result =
      ctx.Must(ctx.Sh(ctx.box(), "{ " + PrintBlocks(path, 16) + "; } >&2; printf out; exit 3"),
               "a command that prints 1 MiB to stderr");
  ExpectResult(ctx, result, "out", Blocks(16), 3);
}

void LargeStreamsDoNotBlockEachOther(CheckContext& ctx) {
  const std::string path = PutBlock(ctx);
  const std::string cat = "cat " + ShellQuote(path);
  struct Order {
    const char* label;
    std::string body;
  };
  for (const Order& order :
       {Order{"in turn", cat + "; " + cat + " >&2"}, Order{"stderr first", cat + " >&2; " + cat}}) {
    const auto scope = ctx.Case(order.label);
    const ExecutionResult result = ctx.Must(
        ctx.Sh(ctx.box(), "i=0; while [ $i -lt 8 ]; do " + order.body + "; i=$((i+1)); done"),
        "a command that prints 512 KiB to each stream");
    std::string expected;
    for (int i = 0; i < 8; ++i) expected += Block();
    ExpectResult(ctx, result, expected, expected, 0);
  }
}

void LargeOutputLeavesTheSandboxUsable(CheckContext& ctx) {
  const std::string path = PutBlock(ctx);
  for (int i = 0; i < 3; ++i) {
    const auto scope = ctx.Case("round ", i + 1);
    ctx.Must(ctx.Sh(ctx.box(), PrintBlocks(path, 16)), "a command that prints 1 MiB");
    ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), "printf ok"), "the next command"), "ok", "", 0);
  }
}

// How long the call takes that prints the block so often.
Milliseconds TimeToPrint(CheckContext& ctx, const std::string& path, int count) {
  const Stopwatch watch(ctx);
  ctx.Must(ctx.Sh(ctx.box(), PrintBlocks(path, count)), "a command that prints blocks of 64 KiB");
  return watch.elapsed();
}

void TimeGrowsWithTheSize(CheckContext& ctx) {
  constexpr Milliseconds kNothing{1000};
  constexpr int kFew = 8;
  constexpr int kMany = 64;
  // Linear is 8 times as long, quadratic is 64 times.
  constexpr int kTooLong = 30;
  const std::string path = PutBlock(ctx);
  Milliseconds few{0};
  Milliseconds many{0};
  // Something else may have held one of the two up: it counts if it comes again.
  for (int i = 0; i < 2; ++i) {
    few = TimeToPrint(ctx, path, kFew);
    many = TimeToPrint(ctx, path, kMany);
    if (many < kNothing || many < kTooLong * few) return;
  }
  ctx.Fail({"the time to print 4 MiB",
            "less than " + std::to_string(kTooLong) + " times that of 512 KiB (" +
                std::to_string(few.count()) + " ms)",
            std::to_string(many.count()) + " ms"});
}

}  // namespace

std::vector<Requirement> OutputSizeRequirements() {
  return {
      {.id = "output.large.stdout",
       .level = Level::kRequired,
       .asks = "5 MiB of stdout come back whole, with stderr and exit code.",
       .why = "Logs and data are that large. Output that is cut at a cap looks like success and "
              "is not; announcing the cut in the text does not mend it.",
       .breaks = "A default of the transport: `maxBuffer` (1 MiB in Node), a gateway's largest "
                 "answer, a log endpoint that keeps the last 64 KiB or one page.",
       .wrong = R"(const { stdout } = await promisify(execFile)('ctr', args);  // at most 1 MiB
return { stdout: stdout.slice(0, 65536) + '\n[truncated]' };)",
       .right = R"(const child = spawn('ctr', args);
const parts: Buffer[] = [];
child.stdout.on('data', (chunk) => parts.push(chunk));
await once(child, 'close');
return { stdout: Buffer.concat(parts) };)",
       .defects = {"C16", "C17"},
       .mend = "Raise or remove the cap; where the backend has one, send the output through a "
               "file and fetch that.",
       .check = LargeStdoutIsWhole},
      {.id = "output.large.stderr",
       .level = Level::kRequired,
       .asks = "1 MiB of stderr comes back whole, with stdout and exit code.",
       .why = "Compilers and `set -x` write that much there, and the first line of it is the one "
              "that explains the rest.",
       .breaks = "stderr is taken for small: a shorter buffer, only its tail, or a pipe that "
                 "nobody reads, so that the program stops when it is full.",
       .wrong = R"(child.stderr.on('data', (chunk) => {
  stderr = (stderr + chunk).slice(-65536);
});)",
       .right = R"(child.stderr.on('data', (chunk) => errors.push(chunk));)",
       .defects = {"C16", "C17"},
       .mend = "Read stderr as you read stdout.",
       .check = LargeStderrIsWhole},
      {.id = "output.large.both",
       .level = Level::kRequired,
       .asks = "A command that prints much to both streams ends, and both are whole.",
       .why = "A verbose test run does that; it stands still, and looks like a hanging test.",
       .breaks = "One pipe is read to its end before the other one: a deadlock as soon as the "
                 "other is full, at 64 KiB.",
       .wrong = R"(const stdout = await readAll(child.stdout);
const stderr = await readAll(child.stderr);)",
       .right = R"(const [stdout, stderr] =
    await Promise.all([readAll(child.stdout), readAll(child.stderr)]);)",
       .defects = {"C16", "C15"},
       .mend = "Read both pipes at the same time.",
       .check = LargeStreamsDoNotBlockEachOther},
      {.id = "output.large.then-usable",
       .level = Level::kRequired,
       .asks = "After large output the sandbox answers as before, and nothing is left over.",
       .why = "An answer that begins with the rest of the last one is worse than none: it is "
              "parsed.",
       .breaks = "The commands of a sandbox share one stream (a shell that is kept, a websocket), "
                 "and what was over the cap of one is read with the next.",
       .wrong = R"(shell.stdin.write(command + '\n');
const stdout = await readSome(shell.stdout, MAX);  // the rest stays in the pipe)",
       .right = R"(const child = spawn('ctr', ['exec', id, 'sh', '-c', command]);
const stdout = await readAll(child.stdout);)",
       .defects = {"C59"},
       .mend = "Drain the streams of a command before you let go of it; share none of them.",
       .check = LargeOutputLeavesTheSandboxUsable},
      {.id = "output.large.time",
       .level = Level::kRecommended,
       .asks = "The time that output takes grows with its size, not with its square.",
       .why = "What takes a second at 4 MiB takes an hour at 250; meanwhile the provider's process "
              "is busy and answers nobody.",
       .breaks = "For each chunk, all that came before is copied, decoded, or searched again.",
       .wrong = R"(stream.on('data', (chunk) => {
  all = Buffer.concat([all, chunk]);             // copies everything
  onOutput(all.toString('utf8').split('\n'));    // decodes and splits everything
});)",
       .right = R"(stream.on('data', (chunk) => chunks.push(chunk));
stream.on('end', () => resolve(Buffer.concat(chunks)));)",
       .defects = {"C58"},
       .mend = "Keep the chunks in a list, and put them together once.",
       .check = TimeGrowsWithTheSize},
  };
}

}  // namespace computesdk::conformance
