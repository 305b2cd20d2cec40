#include <algorithm>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/checks/sabotage.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// Representative defects of real providers, and the requirements that must reveal each.
namespace computesdk::conformance {
namespace {

using ::testing::ElementsAreArray;

// A command as `sh -c` gets it: its args, if any, joined without quotes.
std::string AsLine(const RunCommandRequest& request) {
  if (!request.args) return request.command;
  std::string line = request.command;
  for (const std::string& arg : *request.args) line += " " + arg;
  return line;
}

void ReplaceAll(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

void Trim(std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  text = first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

Replacements ArgsJoinedWithBlanks() {
  return WithRequest([](RunCommandRequest& request) {
    request.command = AsLine(request);
    request.args.reset();
  });
}

Replacements EnvAsPrefix() {
  return WithRequest([](RunCommandRequest& request) {
    std::string prefix;
    for (const auto& [name, value] : request.options.env) prefix += name + "='" + value + "' ";
    if (!request.args) request.command.insert(0, prefix);
    if (!request.args) request.options.env.clear();
  });
}

Replacements CwdByCdAndSemicolon() {
  return WithRequest([](RunCommandRequest& request) {
    if (!request.options.cwd) return;
    if (request.args) return;
    request.command.insert(0, "cd " + *request.options.cwd + "; ");
    request.options.cwd.reset();
  });
}

// As many published adapters start a command in the background.
Replacements BackgroundByNohup() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    const bool background = request.options.background;
    request.options.background = false;
    if (background && !request.args) request.command += " > /dev/null 2>&1 &";
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && background) result->exit_code = 0;
    if (result && background) result->is_background = true;
    return result;
  }};
}

Replacements OneCommandAtATime() {
  const auto mutex = std::make_shared<std::mutex>();
  return {
      .run_command = [mutex](Provider& inner, const std::string& id, RunCommandRequest request) {
        const std::lock_guard lock(*mutex);
        return inner.RunCommand(id, request);
      }};
}

Replacements OneSandboxForAll() {
  struct Shared {
    std::mutex mutex;
    std::string id;
  };
  const auto shared = std::make_shared<Shared>();
  return {
      .run_command = [shared](Provider& inner, const std::string& id, RunCommandRequest request) {
        std::string target;
        {
          const std::lock_guard lock(shared->mutex);
          if (shared->id.empty()) shared->id = id;
          target = shared->id;
        }
        Result<ExecutionResult> result = inner.RunCommand(target, request);
        if (result) result->sandbox_id = id;
        return result;
      }};
}

Replacements MissingProgramAsError() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            RunCommandRequest request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && result->exit_code == 127) return MakeError(ErrorCode::kInternal, "ENOENT");
    return result;
  }};
}

struct Sabotage {
  const char* name;
  Replacements replacements;
  std::vector<std::string> revealed_by;  // Sorted.

  friend void PrintTo(const Sabotage& sabotage, std::ostream* os) { *os << sabotage.name; }
};

class SabotageTest : public ::testing::TestWithParam<Sabotage> {};

TEST_P(SabotageTest, IsRevealed) {
  std::vector<std::string> expected;
  for (const std::string& id : GetParam().revealed_by) expected.push_back(id + " failed");
  EXPECT_THAT(Judge(GetParam().replacements, GetParam().revealed_by), ElementsAreArray(expected));
}

INSTANTIATE_TEST_SUITE_P(
    Commands, SabotageTest,
    ::testing::Values(
        Sabotage{"ArgsJoinedWithBlanks",
                 ArgsJoinedWithBlanks(),
                 {"command.args.empty", "command.args.empty-array", "command.args.execute-nothing",
                  "command.args.file-names", "command.args.program-is-no-line",
                  "command.args.shell-characters"}},
        Sabotage{"ExitCodeAlwaysZero",
                 WithResult([](ExecutionResult& result) { result.exit_code = 0; }),
                 {"code.exit-code", "command.exit-code.every-time", "command.exit-code.signal",
                  "command.exit-code.values", "command.missing-program.is-a-result",
                  "output.streams.with-every-exit-code"}},
        Sabotage{"EveryFailureIsOne",
                 WithResult([](ExecutionResult& result) {
                   result.exit_code = result.exit_code == 0 ? 0 : 1;
                 }),
                 {"code.exit-code", "command.exit-code.values"}},
        Sabotage{"SignalDeathIsZero",
                 WithResult([](ExecutionResult& result) {
                   if (result.exit_code > 128 && result.exit_code < 160) result.exit_code = 0;
                 }),
                 {"command.exit-code.signal"}},
        Sabotage{"MissingProgramAsError",
                 MissingProgramAsError(),
                 {"command.exit-code.values", "command.missing-program.is-a-result"}},
        Sabotage{"OneCommandAtATime", OneCommandAtATime(), {"command.concurrent.overlap"}},
        Sabotage{"SecondsForMilliseconds",
                 WithResult([](ExecutionResult& result) { result.execution_time /= 1000; }),
                 {"command.execution-time"}},
        Sabotage{"MicrosecondsForMilliseconds",
                 WithResult([](ExecutionResult& result) {
                   result.execution_time = result.execution_time * 1000 + Milliseconds(1000);
                 }),
                 {"code.result", "command.execution-time"}},
        Sabotage{"AnotherProvidersName",
                 WithResult([](ExecutionResult& result) { result.provider = "other"; }),
                 {"code.result", "command.result.provider"}},
        Sabotage{"AnotherSandboxsId",
                 WithResult([](ExecutionResult& result) { result.sandbox_id = "unknown"; }),
                 {"code.result", "command.result.sandbox-id", "isolation.results"}}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Output, SabotageTest,
    ::testing::Values(
        Sabotage{"StderrMerged",
                 WithResult([](ExecutionResult& result) {
                   result.stdout_bytes += result.stderr_bytes;
                   result.stderr_bytes.clear();
                 }),
                 {"code.exception.is-a-result", "output.newlines", "output.streams.separate"}},
        Sabotage{"StderrOnlyOnFailure",
                 WithResult([](ExecutionResult& result) {
                   if (result.exit_code == 0) result.stderr_bytes.clear();
                 }),
                 {"output.streams.separate", "output.streams.with-every-exit-code"}},
        Sabotage{"StdoutLostOnFailure",
                 WithResult([](ExecutionResult& result) {
                   if (result.exit_code != 0) result.stdout_bytes.clear();
                 }),
                 {"code.exception.output-before", "output.streams.with-every-exit-code"}},
        Sabotage{"OutputTrimmed",
                 WithResult([](ExecutionResult& result) { Trim(result.stdout_bytes); }),
                 {"code.output.bytes", "output.blanks", "output.newlines"}},
        Sabotage{"NewlineAdded",
                 WithResult([](ExecutionResult& result) {
                   if (!result.stdout_bytes.ends_with('\n')) result.stdout_bytes += '\n';
                 }),
                 {"output.long-lines", "output.newlines", "output.nothing-added"}},
        Sabotage{"CarriageReturnsDropped",
                 WithResult([](ExecutionResult& result) {
                   ReplaceAll(result.stdout_bytes, "\r\n", "\n");
                 }),
                 {"output.carriage-returns"}},
        Sabotage{"NulDropped",
                 WithResult([](ExecutionResult& result) { std::erase(result.stdout_bytes, '\0'); }),
                 {"output.all-bytes", "output.nul"}},
        Sabotage{"Latin1",
                 WithResult([](ExecutionResult& result) {
                   std::string text;
                   for (const char c : result.stdout_bytes) {
                     const auto byte = static_cast<unsigned char>(c);
                     if (byte < 0x80) {
                       text += c;
                     } else {
                       text += {static_cast<char>(0xc0 | (byte >> 6)),
                                static_cast<char>(0x80 | (byte & 0x3f))};
                     }
                   }
                   result.stdout_bytes = text;
                 }),
                 {"output.beyond-ascii", "output.chunk-edges", "output.invalid-utf8",
                  "output.split-characters"}},
        Sabotage{"CutAtOneMebibyte",
                 WithResult([](ExecutionResult& result) {
                   result.stdout_bytes.resize(
                       std::min(result.stdout_bytes.size(), std::size_t{1} << 20));
                   result.stderr_bytes.resize(
                       std::min(result.stderr_bytes.size(), std::size_t{1} << 20));
                 }),
                 {"output.large.stderr", "output.large.stdout"}},
        Sabotage{
            "EscapeSequencesStripped",
            WithResult([](ExecutionResult& result) { std::erase(result.stdout_bytes, '\x1b'); }),
            {"output.escape-sequences"}}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Options, SabotageTest,
    ::testing::Values(
        Sabotage{"EnvAsPrefix",
                 EnvAsPrefix(),
                 {"command.env.values", "command.env.whole-line", "command.env.with-cwd"}},
        Sabotage{"EnvIgnored",
                 WithRequest([](RunCommandRequest& request) { request.options.env.clear(); }),
                 {"command.env.of-one-command", "command.env.programs", "command.env.whole-line",
                  "command.env.wins-over-create"}},
        Sabotage{
            "CwdIgnored",
            WithRequest([](RunCommandRequest& request) { request.options.cwd.reset(); }),
            {"command.cwd.file", "command.cwd.missing", "command.cwd.names", "command.cwd.used"}},
        Sabotage{"CwdByCdAndSemicolon",
                 CwdByCdAndSemicolon(),
                 {"command.cwd.executes-nothing", "command.cwd.missing", "command.cwd.names"}},
        Sabotage{"TimeoutIgnored",
                 WithRequest([](RunCommandRequest& request) { request.options.timeout.reset(); }),
                 {"command.timeout.ends-the-call", "command.timeout.ignored-signals",
                  "command.timeout.milliseconds"}},
        Sabotage{"TimeoutIgnoredAndRoundsLimited",
                 WithRequest([](RunCommandRequest& request) {
                   request.options.timeout.reset();
                   if (request.command.find("3000000") != std::string::npos) {
                     request.command = "sleep 0.8; exit 126";
                   }
                 }),
                 {"command.timeout.busy-loop"}},
        Sabotage{"TimeoutInWholeSeconds",
                 WithRequest([](RunCommandRequest& request) {
                   if (request.options.timeout) {
                     request.options.timeout =
                         std::chrono::ceil<std::chrono::seconds>(*request.options.timeout);
                   }
                 }),
                 {"command.timeout.milliseconds"}},
        Sabotage{"TimeoutAThousandTimesTooShort",
                 WithRequest([](RunCommandRequest& request) {
                   if (request.options.timeout) *request.options.timeout /= 1000;
                 }),
                 {"command.timeout.in-time"}},
        Sabotage{
            "BackgroundIgnored",
            WithRequest([](RunCommandRequest& request) { request.options.background = false; }),
            {"command.background.result", "command.background.returns-at-once"}},
        Sabotage{"BackgroundByNohup", BackgroundByNohup(), {"command.background.whole-line"}}),
    [](const auto& info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Isolation, SabotageTest,
    // One check each: what the first one clears away, all would lose.
    ::testing::Values(
        Sabotage{"OneSandboxForAllFiles", OneSandboxForAll(), {"isolation.files"}},
        Sabotage{"OneSandboxForAllProcesses", OneSandboxForAll(), {"isolation.processes"}}),
    [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace computesdk::conformance
