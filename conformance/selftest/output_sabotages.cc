#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "conformance/printable.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in how output is collected: its end, its order, its size, its two streams.
namespace computesdk::conformance {
namespace {

constexpr std::size_t kKiB = 1024;

// A stream as an adapter sees it that polls a file: what each look found new.
using Looks = std::vector<std::string>;

struct Polled {
  Result<ExecutionResult> result;
  Looks out, err;
};

// Runs the command with its streams in files, and looks at them every few ms.
Polled RunPolled(Provider& inner, const std::string& id, RunCommandRequest request) {
  static std::atomic<int> next{0};
  const std::string base = "/tmp/.run-" + std::to_string(next++);
  const std::string files[] = {base + ".out", base + ".err"};
  std::string line =
      request.args ? ShellQuote(request.command) : "bash -c " + ShellQuote(request.command);
  if (request.args) {
    for (const std::string& arg : *request.args) line += " " + ShellQuote(arg);
  }
  request.command = line + " > " + files[0] + " 2> " + files[1];
  request.args.reset();
  Polled polled{MakeError(ErrorCode::kUnknown, ""), {}, {}};
  std::size_t seen[2] = {0, 0};
  const auto look = [&] {
    for (int i = 0; i < 2; ++i) {
      const std::string all = inner.ReadFile(id, files[i]).value_or("");
      (i == 0 ? polled.out : polled.err).push_back(all.substr(std::min(seen[i], all.size())));
      seen[i] = all.size();
    }
  };
  auto running = std::async(std::launch::async, [&] { return inner.RunCommand(id, request); });
  while (running.wait_for(Milliseconds{10}) != std::future_status::ready) look();
  polled.result = running.get();
  look();
  for (const std::string& file : files) (void)inner.Remove(id, file);
  return polled;
}

// Replaces what the polled streams become.
Replacements WithLooks(std::function<std::string(const Looks&)> join) {
  return {.run_command = [join = std::move(join)](
                             Provider& inner, const std::string& id,
                             RunCommandRequest request) -> Result<ExecutionResult> {
    if (request.options.background) return inner.RunCommand(id, request);
    Polled polled = RunPolled(inner, id, std::move(request));
    if (!polled.result) return polled.result;
    polled.result->stdout_bytes = join(polled.out);
    polled.result->stderr_bytes = join(polled.err);
    return polled.result;
  }};
}

// Until nothing came for 150 ms after something had.
std::string UntilQuiet(const Looks& looks) {
  constexpr int kQuiet = 15;
  std::string text;
  int quiet = 0;
  for (const std::string& look : looks) {
    quiet = look.empty() ? quiet + 1 : 0;
    if (!text.empty() && quiet >= kQuiet) break;
    text += look;
  }
  return text;
}

// Frames of a line each, in the order of their numbers as text: 0, 1, 10, 11, 2, …
void SortFrames(std::string& text) {
  std::map<std::string, std::string> frames;
  std::size_t begin = 0;
  for (int number = 0; begin < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    frames[std::to_string(number)] = text.substr(begin, end - begin);
    begin = end;
  }
  text.clear();
  for (const auto& [number, frame] : frames) text += frame;
}

// The exit code after the last marker in the output, which is taken out.
void TakeMarker(ExecutionResult& result) {
  constexpr std::string_view kMarker = "__COMPUTESDK_EXIT_CODE__=";
  std::string& out = result.stdout_bytes;
  const std::size_t at = out.rfind(kMarker);
  if (at == std::string::npos) return;
  const char* const digits = out.data() + at + kMarker.size();
  std::from_chars(digits, out.data() + out.size(), result.exit_code);
  out.resize(at);
}

// What is over 1 MiB of a sandbox's output is read with its next command.
Replacements LeavingTheRest() {
  struct State {
    std::mutex mutex;
    std::map<std::string, std::string> rest;
  };
  const auto state = std::make_shared<State>();
  return {.run_command = [state](Provider& inner, const std::string& id,
                                 RunCommandRequest request) -> Result<ExecutionResult> {
    constexpr std::size_t kMost = 1024 * kKiB;
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (!result) return result;
    const std::lock_guard lock(state->mutex);
    std::string& rest = state->rest[id];
    std::string& out = result->stdout_bytes;
    out.insert(0, rest);
    rest = out.substr(std::min(out.size(), kMost));
    out.resize(out.size() - rest.size());
    return result;
  }};
}

Replacements ThroughAScript() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (!request.args) (void)inner.WriteFile(id, "/tmp/.command.sh", request.command);
    return inner.RunCommand(id, request);
  }};
}

}  // namespace

std::vector<Sabotage> OutputSabotages() {
  return {
      {.name = "each-look-decoded-by-itself",
       .defect = "The log is polled, and what is new in it is decoded by itself.",
       .classes = {"C26"},
       .reveals = {"command.timeout.early-output", "output.all-bytes", "output.invalid-utf8",
                   "output.split-characters"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions"},
       .make = Spoil(WithLooks([](const Looks& looks) {
         std::string text;
         for (const std::string& look : looks) text += Decoded(look);
         return text;
       }))},
      {.name = "silence-taken-for-the-end",
       .defect = "The log is polled, and output ends where nothing came for 150 ms.",
       .classes = {"C9"},
       .reveals = {"command.timeout.early-output", "output.after-pauses"},
       .make = Spoil(WithLooks(UntilQuiet))},
      {.name = "last-block-lost",
       .defect = "Of output over 1 KiB the last block is lost unless it is full.",
       .classes = {"C15"},
       .reveals = {"command.args.beyond-128-kib", "command.args.long", "command.args.many",
                   "command.env.values", "command.shell.long-line", "output.chunk-edges",
                   "output.large.stdout", "output.last-line"},
       .blinds = {"filesystem.content.chunk-edges", "filesystem.content.sizes"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         std::string& out = result.stdout_bytes;
         if (out.size() > kKiB) out.resize(out.size() / kKiB * kKiB);
       }))},
      {.name = "frames-sorted-as-text",
       .defect = "Lines come as numbered frames, which are sorted by the number's text.",
       .classes = {"C30"},
       .reveals = {"code.text.quotes", "code.text.terminators", "command.concurrent.output",
                   "filesystem.content.extensions", "filesystem.content.here-documents",
                   "filesystem.content.line-ends", "filesystem.content.trailing-newlines",
                   "output.large.both", "output.large.stdout", "output.last-line", "output.order"},
       .blinds = {"filesystem.content.sizes"},
       .make = Spoil(WithResult([](ExecutionResult& r) { SortFrames(r.stdout_bytes); }))},
      {.name = "streams-merged",
       .defect = "stderr comes in stdout: the backend has one log for both.",
       .classes = {"C13"},
       .reveals = {"code.exception.is-a-result",
                   "code.exception.output-before",
                   "code.exit-code",
                   "code.output.after-pause",
                   "code.output.bytes",
                   "code.syntax-error",
                   "code.words-for-errors",
                   "command.concurrent.output",
                   "command.missing-program.is-a-result",
                   "command.missing-program.named",
                   "command.not-executable",
                   "command.shell.redirections",
                   "command.state.streams",
                   "output.after-pauses",
                   "output.all-bytes",
                   "output.beyond-ascii",
                   "output.blanks",
                   "output.carriage-returns",
                   "output.chunk-edges",
                   "output.escape-sequences",
                   "output.invalid-utf8",
                   "output.large.both",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.long-lines",
                   "output.newlines",
                   "output.nul",
                   "output.split-characters",
                   "output.streams.separate",
                   "output.streams.with-every-exit-code",
                   "output.words-of-protocols"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         result.stdout_bytes += std::exchange(result.stderr_bytes, "");
       }))},
      {.name = "stderr-left-out",
       .defect = "stderr is the constant ''.",
       .classes = {"C13"},
       .reveals = {"code.exception.is-a-result",
                   "code.exception.output-before",
                   "code.exit-code",
                   "code.output.after-pause",
                   "code.output.bytes",
                   "code.syntax-error",
                   "code.words-for-errors",
                   "command.concurrent.output",
                   "command.missing-program.named",
                   "command.state.streams",
                   "output.after-pauses",
                   "output.all-bytes",
                   "output.beyond-ascii",
                   "output.blanks",
                   "output.carriage-returns",
                   "output.chunk-edges",
                   "output.escape-sequences",
                   "output.invalid-utf8",
                   "output.large.both",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.long-lines",
                   "output.newlines",
                   "output.nul",
                   "output.split-characters",
                   "output.streams.separate",
                   "output.streams.with-every-exit-code",
                   "output.words-of-protocols"},
       .make = Spoil(WithResult([](ExecutionResult& result) { result.stderr_bytes.clear(); }))},
      {.name = "stderr-only-on-failure",
       .defect = "stderr is filled only where the exit code is not 0.",
       .classes = {"C14"},
       .reveals = {"code.exit-code",
                   "code.output.bytes",
                   "code.words-for-errors",
                   "command.concurrent.output",
                   "command.state.streams",
                   "output.after-pauses",
                   "output.all-bytes",
                   "output.beyond-ascii",
                   "output.blanks",
                   "output.carriage-returns",
                   "output.chunk-edges",
                   "output.escape-sequences",
                   "output.invalid-utf8",
                   "output.large.both",
                   "output.long-lines",
                   "output.newlines",
                   "output.nul",
                   "output.split-characters",
                   "output.streams.separate",
                   "output.streams.with-every-exit-code",
                   "output.words-of-protocols"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         if (result.exit_code == 0) result.stderr_bytes.clear();
       }))},
      {.name = "stdout-in-stderr-on-failure",
       .defect = "Where the exit code is not 0, all output comes in stderr.",
       .classes = {"C14"},
       .reveals = {"code.exception.output-before", "code.exit-code", "code.killed",
                   "code.output.after-pause", "command.exit-code.closed-output",
                   "command.shell.pipes", "command.shell.several-lines", "command.timeout.in-time",
                   "command.timeout.own-end", "lifecycle.create.usable-at-once",
                   "lifecycle.get-by-id.same-sandbox", "lifecycle.list.handles-work",
                   "output.after-pauses", "output.large.stderr", "output.large.stdout",
                   "output.streams.with-every-exit-code"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         if (result.exit_code == 0) return;
         result.stderr_bytes.insert(0, std::exchange(result.stdout_bytes, ""));
       }))},
      {.name = "stdout-lost-on-failure",
       .defect = "Where the exit code is not 0 the SDK throws, and stdout is filled in as ''.",
       .classes = {"C10", "K5"},
       .reveals = {"code.exception.output-before", "code.exit-code", "code.killed",
                   "code.output.after-pause", "command.exit-code.closed-output",
                   "command.shell.pipes", "command.shell.several-lines", "command.timeout.in-time",
                   "command.timeout.own-end", "lifecycle.create.usable-at-once",
                   "lifecycle.get-by-id.same-sandbox", "lifecycle.list.handles-work",
                   "output.after-pauses", "output.large.stderr", "output.large.stdout",
                   "output.streams.with-every-exit-code"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         if (result.exit_code != 0) result.stdout_bytes.clear();
       }))},
      {.name = "placeholder-for-no-output",
       .defect = "A command that prints nothing has the stdout '(no output)'.",
       .classes = {"C56"},
       .reveals = {"command.args.empty-array", "command.env.keeps-path-and-home",
                   "command.shell.comment-at-the-end", "command.shell.empty-line",
                   "command.shell.lists", "command.shell.pipes", "command.stdin.is-empty",
                   "environment.no-terminal", "output.all-bytes", "output.newlines",
                   "output.nothing-added"},
       .make = Spoil({.run_command =
                          [](Provider& inner, const std::string& id, RunCommandRequest request) {
                            Result<ExecutionResult> result = inner.RunCommand(id, request);
                            const bool silent = result && result->stdout_bytes.empty() &&
                                                result->stderr_bytes.empty();
                            if (silent && !result->is_background)
                              result->stdout_bytes = "(no output)";
                            return result;
                          }})},
      {.name = "exit-code-from-a-marker",
       .defect = "The exit code is searched for in the output, after a marker.",
       .classes = {"C11", "F34"},
       .reveals = {"output.words-of-protocols"},
       .make = Spoil(WithResult(TakeMarker))},
      {.name = "output-ends-at-done",
       .defect = "Output comes as server-sent events, and ends where it says [DONE].",
       .classes = {"C9"},
       .reveals = {"output.words-of-protocols"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         std::string& out = result.stdout_bytes;
         out.resize(std::min(out.find("data: [DONE]\n"), out.size()));
       }))},
      {.name = "stdout-cut-at-64-kib",
       .defect = "stdout is cut at 64 KiB, in silence.",
       .classes = {"C16"},
       .reveals = {"code.output.large", "command.args.beyond-128-kib", "command.args.long",
                   "command.args.many", "command.shell.long-line", "output.chunk-edges",
                   "output.large.both", "output.large.stdout", "output.long-lines"},
       .blinds = {"filesystem.content.chunk-edges", "filesystem.content.sizes"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         std::string& out = result.stdout_bytes;
         out.resize(std::min(out.size(), 64 * kKiB));
       }))},
      {.name = "stdout-cut-at-1-mib",
       .defect = "stdout is cut at 1 MiB, and says so at its end.",
       .classes = {"C16", "C17"},
       .reveals = {"output.large.stdout"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         std::string& out = result.stdout_bytes;
         if (out.size() > 1024 * kKiB) out.replace(1024 * kKiB, std::string::npos, "[truncated]");
       }))},
      {.name = "only-the-end-of-stderr",
       .defect = "Of stderr the last 64 KiB are kept.",
       .classes = {"C16"},
       .reveals = {"output.chunk-edges", "output.large.both", "output.large.stderr",
                   "output.long-lines"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         std::string& err = result.stderr_bytes;
         err.erase(0, err.size() - std::min(err.size(), 64 * kKiB));
       }))},
      {.name = "one-pipe-read-after-the-other",
       .defect = "stdout is read to its end before stderr, whose pipe is full at 64 KiB: the "
                 "command stands still until the backend ends it.",
       .classes = {"C15", "C16"},
       .reveals = {"output.large.both"},
       .make = Spoil({.run_command = [](Provider& inner, const std::string& id,
                                        RunCommandRequest request) -> Result<ExecutionResult> {
         Result<ExecutionResult> result = inner.RunCommand(id, request);
         if (!result || result->stderr_bytes.size() <= 64 * kKiB) return result;
         if (result->stdout_bytes.size() <= 64 * kKiB) return result;
         return MakeError(ErrorCode::kUnavailable, "the stream was closed");
       }})},
      {.name = "rest-left-for-the-next-command",
       .defect = "What is over 1 MiB stays in a pipe that the sandbox's next command shares.",
       .classes = {"C59"},
       .reveals = {"output.large.stdout", "output.large.then-usable"},
       // Any check may come next in its sandbox.
       .alone = {"output.large.stdout", "output.large.then-usable"},
       .make = SpoilWith(LeavingTheRest)},
      {.name = "all-copied-for-each-chunk",
       .defect = "For each chunk of output, all that came before is copied (1.3 s for 4 MiB).",
       .classes = {"C58"},
       .reveals = {"output.large.time"},
       .make = Spoil(WithResult([](ExecutionResult& result) {
         const std::size_t blocks = result.stdout_bytes.size() / (64 * kKiB);
         std::this_thread::sleep_for(std::chrono::microseconds{320} * blocks * blocks);
       }))},
      {.name = "command-kept-in-a-script",
       .defect = "The line is written to a script in /tmp, which is not removed.",
       .classes = {"H3", "H5"},
       .reveals = {"code.no-copies", "output.no-copies"},
       .make = Spoil(ThroughAScript())},
  };
}

}  // namespace computesdk::conformance
