#include <string>
#include <string_view>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Two streams, complete, whatever their size and however the program ends.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

void ExpectResult(CheckContext& ctx, const ExecutionResult& result, std::string_view out,
                  std::string_view err, int exit_code) {
  ctx.ExpectBytes(result.stdout_bytes, out, "stdout");
  ctx.ExpectBytes(result.stderr_bytes, err, "stderr");
  ctx.Expect(result.exit_code, Eq(exit_code), "exit code");
}

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
  const auto scope = ctx.Case("a line that fails in silence");
  ExpectResult(ctx, ctx.Must(ctx.Sh(ctx.box(), "exit 3")), "", "", 3);
}

void OutputAfterPausesIsKept(CheckContext& ctx) {
  // At the same time, as each takes its pauses.
  ctx.InParallel(3, [&](int i) {
    struct Line {
      const char *line, *out, *err;
    };
    const Line line = std::vector<Line>{
        {"printf a; sleep 0.2 || sleep 1; printf b; sleep 0.2 || sleep 1; printf c", "abc", ""},
        {"sleep 0.3 || sleep 1; printf late; printf err >&2", "late", "err"},
        {"printf a; printf b >&2; sleep 0.3 || sleep 1; exit 3", "a", "b"},
    }[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(line.line);
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line.line));
    ExpectResult(ctx, result, line.out, line.err, i == 2 ? 3 : 0);
  });
}

void LastLineIsKept(CheckContext& ctx) {
  std::string expected;
  for (int line = 0; line < 200; ++line) expected += "line " + std::to_string(line) + "\n";
  ctx.InParallel(8, [&](int i) {
    const auto scope = ctx.Case("run ", i + 1, " of 8");
    const ExecutionResult result = ctx.Must(ctx.Sh(
        ctx.box(), "i=0; while [ $i -lt 200 ]; do printf 'line %s\\n' $i; i=$((i+1)); done"));
    ctx.ExpectBytes(result.stdout_bytes, expected, "stdout");
  });
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
  const std::string expected = Blocks(80);
  const ExecutionResult result =
      ctx.Must(ctx.Sh(ctx.box(), PrintBlocks(path, 80) + "; printf err >&2; exit 3"),
               "a command that prints 5 MiB");
  ExpectResult(ctx, result, expected, "err", 3);
}

void LargeStderrIsWhole(CheckContext& ctx) {
  const std::string path = PutBlock(ctx);
  const std::string expected = Blocks(16);
  const ExecutionResult result =
      ctx.Must(ctx.Sh(ctx.box(), "{ " + PrintBlocks(path, 16) + "; } >&2; printf out; exit 3"),
               "a command that prints 1 MiB to stderr");
  ExpectResult(ctx, result, "out", expected, 3);
}

void LargeStreamsDoNotBlockEachOther(CheckContext& ctx) {
  const std::string path = PutBlock(ctx);
  const std::string cat = "cat " + ShellQuote(path);
  const std::string block = Block();
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
    for (int i = 0; i < 8; ++i) expected += block;
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

}  // namespace

std::vector<Requirement> OutputStreamRequirements() {
  return {
      {.id = "output.streams.separate",
       .level = Level::kRequired,
       .asks = "stdout has what was printed to stdout, and stderr what was printed to stderr.",
       .why = "Callers parse stdout. A warning in it breaks the parser; a terminal, or an API with "
              "one log, merges the two, and some providers always give an empty stderr.",
       .defects = {"C13", "C14"},
       .mend = "Use two pipes. Where the backend merges them, redirect stderr to a file of its own "
               "and fetch that.",
       .check = StreamsAreSeparate},
      {.id = "output.streams.with-every-exit-code",
       .level = Level::kRequired,
       .asks = "Both streams come back whatever the exit code: stderr with 0, stdout with 3.",
       .why = "A compiler's warnings come with 0, a test report with 1. Providers show stderr only "
              "on failure, or lose stdout where their SDK throws.",
       .defects = {"C10", "C14"},
       .mend = "Fill both fields from the result, or from the exception where the SDK throws one, "
               "without looking at the exit code.",
       .check = StreamsAreKeptWithEveryExitCode},
      {.id = "output.nothing-added",
       .level = Level::kRequired,
       .asks = "A command that prints nothing has empty stdout and stderr.",
       .why = "Login messages, prompts, warnings of wrappers and newlines of `echo` get in front "
              "of real output.",
       .defects = {"C56", "C21"},
       .mend = "Start a plain shell, not a login or interactive one; keep the wrapper silent.",
       .check = NothingIsAdded},
      {.id = "output.after-pauses",
       .level = Level::kRequired,
       .asks = "What a command prints after a pause is kept, and so is its exit code.",
       .why = "Providers that poll, or take silence for the end, return in the middle, with a "
              "made-up exit code.",
       .defects = {"C9", "C60"},
       .mend = "Wait for the end of the process and of its streams, not for a quiet moment.",
       .check = OutputAfterPausesIsKept},
      {.id = "output.last-line",
       .level = Level::kRequired,
       .asks = "The last bytes of the output are there every time.",
       .why = "An exit code that overtakes the output cuts its end off, now and then.",
       .defects = {"C15", "C60"},
       .mend = "Return only when both the process and its streams have ended.",
       .check = LastLineIsKept},
      {.id = "output.order",
       .level = Level::kRequired,
       .asks = "Output of a shell and its children comes in the order it was written in.",
       .why = "Chunks that travel on their own may overtake one another.",
       .defects = {"C30"},
       .mend = "Number the chunks, or carry them over one ordered stream.",
       .check = OrderIsKept},
      {.id = "output.large.stdout",
       .level = Level::kRequired,
       .asks = "5 MiB of stdout come back whole, with stderr and exit code.",
       .why = "Logs and data are that large. Output that is cut at a cap looks like success and "
              "is not; announcing the cut in the text does not mend it.",
       .defects = {"C16", "C17", "C58"},
       .mend = "Raise or remove the cap (`maxBuffer` in Node); where the backend has one, send "
               "the output through a file.",
       .check = LargeStdoutIsWhole},
      {.id = "output.large.stderr",
       .level = Level::kRequired,
       .asks = "1 MiB of stderr comes back whole, with stdout and exit code.",
       .why = "stderr often has a smaller buffer, or none, and the program blocks when it is full.",
       .defects = {"C16", "C17"},
       .mend = "Read stderr as you read stdout.",
       .check = LargeStderrIsWhole},
      {.id = "output.large.both",
       .level = Level::kRequired,
       .asks = "A command that prints much to both streams ends, and both are whole.",
       .why = "Reading one pipe to its end before the other one is a deadlock as soon as the other "
              "is full (64 KiB).",
       .defects = {"C16", "C15"},
       .mend = "Read both pipes at the same time.",
       .check = LargeStreamsDoNotBlockEachOther},
      {.id = "output.large.then-usable",
       .level = Level::kRequired,
       .asks = "After large output the sandbox answers as before, and nothing is left over.",
       .why = "What was not read of one command turns up in the next one's output.",
       .defects = {"C59", "C58"},
       .mend = "Drain the streams of a command before you let go of it; share none of them.",
       .check = LargeOutputLeavesTheSandboxUsable},
  };
}

std::vector<Requirement> OutputRequirements() {
  return Join(OutputByteRequirements(), OutputStreamRequirements());
}

}  // namespace computesdk::conformance
