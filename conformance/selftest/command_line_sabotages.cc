#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "conformance/selftest/command_sabotages.h"

// Defects in shell lines.
namespace computesdk::conformance {
namespace {

Replacements After(const std::string& preamble) {
  return OfLines([preamble](std::string& line) { line.insert(0, preamble); });
}

std::string WithoutNonAscii(std::string text) {
  std::erase_if(text, [](char c) { return (c & 0x80) != 0; });
  return text;
}

// Every line without the blanks at its start, as a template literal is dedented.
std::string WithoutIndentation(const std::string& text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == ' ' || c == '\t')) continue;
    at_start = c == '\n';
    out += c;
  }
  return out;
}

// The lines joined by something that is no newline.
std::string Joined(std::string text, std::string_view by) {
  while (text.ends_with('\n')) text.pop_back();
  ReplaceAll(text, "\n", by);
  return text;
}

bool HasCommentAtItsEnd(const std::string& line) {
  const std::size_t hash = line.rfind(" # ");
  return hash != std::string::npos && line.find('\n', hash) == std::string::npos;
}

Replacements LinesLongerThan(std::size_t limit) {
  return {.run_command = [limit](Provider& inner, const std::string& id,
                                 const RunCommandRequest& request) -> Result<ExecutionResult> {
    if (!request.args && request.command.size() > limit) {
      return MakeError(ErrorCode::kInternal, "414 URI Too Long");
    }
    return inner.RunCommand(id, request);
  }};
}

Replacements EmptyLinesRefused() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            const RunCommandRequest& request) -> Result<ExecutionResult> {
    if (!request.args && Trimmed(request.command).empty()) {
      return MakeError(ErrorCode::kInvalidArgument, "command is required");
    }
    return inner.RunCommand(id, request);
  }};
}

}  // namespace

std::vector<Sabotage> CommandLineSabotages() {
  return {
      {.name = "line-with-pipefail",
       .defect = "Lines run under `set -o pipefail`.",
       .classes = {"C3"},
       .reveals = {"command.shell.pipes"},
       .make = Spoil(After("set -o pipefail; "))},
      {.name = "line-with-errexit",
       .defect = "Lines run under `set -e`: a failing command in the middle ends them.",
       .classes = {"C3"},
       .reveals = {"command.shell.lists", "command.shell.pipes", "command.shell.several-lines",
                   "command.shell.variables"},
       .make = Spoil(After("set -e; "))},
      {.name = "line-with-nounset",
       .defect = "Lines run under `set -u`: a variable that is not set ends them.",
       .classes = {"C3"},
       .reveals = {"command.shell.variables", "command.env.wins-over-create"},
       .make = Spoil(After("set -u; "))},
      {.name = "line-with-noclobber",
       .defect = "Lines run under `set -C`: > does not replace a file.",
       .classes = {"C3"},
       .reveals = {"command.shell.redirections", "isolation.flood.files", "isolation.flood.output",
                   "isolation.flood.processes"},
       .blinds = {"filesystem.paths.dot-dot-inside", "filesystem.paths.dot-segments",
                  "filesystem.paths.double-slashes", "filesystem.read.sees-commands"},
       .make = Spoil(After("set -C; "))},
      {.name = "line-quotes-unescaped",
       .defect = "\\' in a line becomes ', as if it had come from a string literal.",
       .classes = {"C1", "C3"},
       .reveals = {"command.shell.quotes", "command.cwd.names"},
       .blinds = {"code.files.of-code", "code.files.of-commands", "command.args.file-names",
                  "command.args.program-path", "command.background.with-cwd",
                  "command.env.with-cwd", "create.envs.values"},
       // The checks of files look by lines that this breaks.
       .may_change = {"filesystem.*"},
       .make = Spoil(OfLines([](std::string& line) { ReplaceAll(line, "\\'", "'"); }))},
      {.name = "line-dedented",
       .defect = "The blanks at the start of every line are taken off.",
       .classes = {"C35"},
       .reveals = {"command.shell.here-document"},
       .make = Spoil(OfLines([](std::string& line) { line = WithoutIndentation(line); }))},
      {.name = "line-in-braces",
       .defect = "`{ LINE; }` in one line: the end of a here-document, and a comment, swallow it.",
       .classes = {"C35", "C36"},
       .reveals = {"command.shell.here-document", "command.shell.comment-at-the-end",
                   "command.background.whole-line", "command.cwd.used", "command.env.names",
                   "command.env.values", "command.shell.beyond-ascii", "command.shell.empty-line",
                   "command.shell.long-line", "command.timeout.same-command"},
       .blinds = {"environment.no-litter"},
       .make = Spoil(OfLines([](std::string& line) {
         const bool ends = line.ends_with('\n') || line.ends_with('&') || Trimmed(line).empty();
         if (!ends) line = "{ " + line + "; }";
       }))},
      {.name = "line-lines-joined-with-and",
       .defect = "Several lines are joined with `&&`.",
       .classes = {"C36"},
       .reveals = {"command.shell.several-lines", "command.args.file-names",
                   "command.shell.beyond-ascii", "command.shell.comment-at-the-end",
                   "command.shell.here-document", "command.shell.long-line", "command.shell.quotes",
                   "command.timeout.same-command", "create.envs.values"},
       .blinds = {"command.args.execute-nothing", "command.cwd.executes-nothing",
                  "command.cwd.names", "command.env.names-execute-nothing",
                  "command.env.values-execute-nothing"},
       // The checks of files look by lines that this breaks.
       .may_change = {"filesystem.*"},
       .make = Spoil(OfLines([](std::string& line) { line = Joined(line, " && "); }))},
      {.name = "line-lines-joined-with-blanks",
       .defect = "The newlines of a command become blanks.",
       .classes = {"C36", "C35"},
       .reveals = {"command.shell.several-lines", "command.args.file-names",
                   "command.background.whole-line", "command.cwd.names", "command.cwd.used",
                   "command.env.whole-line", "command.shell.beyond-ascii",
                   "command.shell.comment-at-the-end", "command.shell.here-document",
                   "command.shell.long-line", "command.shell.quotes",
                   "command.timeout.same-command"},
       .blinds = {"command.args.execute-nothing", "command.cwd.executes-nothing",
                  "command.env.names-execute-nothing", "command.env.values-execute-nothing",
                  "command.runs-once", "create.envs.values"},
       // The checks of files look by lines that this breaks.
       .may_change = {"filesystem.*"},
       .make = Spoil(OfLines([](std::string& line) { line = Joined(line, " "); }))},
      {.name = "line-status-after-a-comment",
       .defect = "`LINE; echo $?` in one line: with a comment at its end there is no exit code, "
                 "and 1 is returned.",
       .classes = {"C36"},
       .reveals = {"command.shell.comment-at-the-end", "command.shell.beyond-ascii",
                   "command.timeout.same-command"},
       .make =
           Spoil({.run_command =
                      [](Provider& inner, const std::string& id, const RunCommandRequest& request) {
                        Result<ExecutionResult> result = inner.RunCommand(id, request);
                        const bool lost = !request.args && HasCommentAtItsEnd(request.command);
                        if (result && lost) result->exit_code = 1;
                        return result;
                      }})},
      {.name = "line-in-ascii",
       .defect = "What is not ASCII is dropped from a line.",
       .classes = {"C29"},
       .reveals = {"command.shell.beyond-ascii", "command.cwd.names", "create.envs.values"},
       // The checks of files look by lines that this breaks.
       .may_change = {"filesystem.*"},
       .make = Spoil(OfLines([](std::string& line) { line = WithoutNonAscii(line); }))},
      {.name = "line-that-is-broken-succeeds",
       .defect = "The exit code of a line that the shell could not parse is that of a wrapper: 0.",
       .classes = {"C36", "C37"},
       .reveals = {"command.shell.broken-line"},
       .make = Spoil(OfResults([](ExecutionResult& result) {
         const bool parse = result.stderr_bytes.find("syntax error") != std::string::npos ||
                            result.stderr_bytes.find("unexpected") != std::string::npos;
         if (result.exit_code == 2 && parse) result.exit_code = 0;
       }))},
      {.name = "line-that-is-empty-refused",
       .defect = "if (!command.trim()) throw: an empty line is refused.",
       .classes = {"C36"},
       .reveals = {"command.shell.empty-line"},
       .make = Spoil(EmptyLinesRefused())},
      {.name = "line-in-the-url",
       .defect = "The line is sent in the URL, which may have 32 KiB.",
       .classes = {"C53"},
       .reveals = {"command.shell.long-line"},
       .blinds = {"output.large.both", "output.large.stderr", "output.large.stdout",
                  "output.large.then-usable", "output.large.time"},
       // The checks of files look by lines that this breaks.
       .may_change = {"filesystem.*"},
       .make = Spoil(LinesLongerThan(32768))},
  };
}

}  // namespace computesdk::conformance
