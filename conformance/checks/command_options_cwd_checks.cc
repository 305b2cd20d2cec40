#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// The option `cwd`: where a command starts.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::Ne;

// A directory in the box, with a file `marker` that holds `content`.
std::string MakeDirectory(CheckContext& ctx, const std::string& name, const std::string& content) {
  const std::string path = ctx.box().Path(name);
  const std::string quoted = ShellQuote(path);
  ctx.Observe(ctx.box(), "mkdir -p -- " + quoted + " && printf '%s' " + ShellQuote(content) +
                             " > " + quoted + "/marker");
  return path;
}

void CwdIsUsed(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = MakeDirectory(ctx, "sub", "in sub");
  {
    const auto scope = ctx.Case("a shell line");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "cat marker && printf made > made", {.cwd = dir}));
    ctx.ExpectBytes(result.stdout_bytes, "in sub", "stdout of `cat marker`");
    ctx.Expect(ctx.PeekFile(box, dir + "/made"), Eq(std::optional<std::string>("made")),
               "the file that the line made, seen by its absolute path");
  }
  {
    const auto scope = ctx.Case("a program with args");
    const ExecutionResult result = ctx.Must(ctx.Exec(box, "cat", {"marker"}, {.cwd = dir}));
    ctx.ExpectBytes(result.stdout_bytes, "in sub", "stdout of `cat marker`");
  }
  const auto scope = ctx.Case("every command of a line");
  const ExecutionResult result = ctx.Must(
      ctx.Sh(box, "cat marker; cat marker | cat; (cat marker)\ncat marker # end", {.cwd = dir}));
  ctx.ExpectBytes(result.stdout_bytes, "in subin subin subin sub", "stdout");
}

void CwdMayHaveAnyName(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const NamedValue& value : AwkwardTexts()) {
    const auto scope = ctx.Case(value.label, " in its name");
    const std::string dir = MakeDirectory(ctx, value.bytes, value.label);
    const ExecutionResult result = ctx.Must(ctx.Sh(box, "cat marker", {.cwd = dir}));
    ctx.ExpectBytes(result.stdout_bytes, value.label, "stdout of `cat marker`");
  }
}

void CwdExecutesNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string command = "printf x > " + BackslashQuote(canary);
  ctx.Need(ctx.Sh(box, command), "making a canary on purpose");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  ctx.Observe(box, "rm " + ShellQuote(canary));
  for (const NamedValue& value : Injections(command)) {
    const auto scope = ctx.Case(value.label);
    const std::string cwd = box.dir + "/" + value.bytes;
    // Whether it fails there is a requirement of its own.
    (void)ctx.Sh(box, ":", {.cwd = cwd});
    if (!ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(),
                    "whether the cwd " + Printable(cwd) + " was executed")) {
      ctx.Observe(box, "rm " + ShellQuote(canary));
    }
  }
}

// In a cwd that is no directory, the command must neither succeed nor run somewhere else.
void ExpectRefused(CheckContext& ctx, const std::string& cwd) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string line = "printf x > " + ShellQuote(canary);
  ctx.Must(ctx.Sh(box, line, {.cwd = box.dir}), "the command in a directory that is there");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  for (const bool with_args : {false, true}) {
    const auto scope = ctx.Case(with_args ? "a program with args" : "a shell line");
    ctx.Observe(box, "rm -f " + ShellQuote(canary));
    const Result<ExecutionResult> result = with_args
                                               ? ctx.Exec(box, "sh", {"-c", line}, {.cwd = cwd})
                                               : ctx.Sh(box, line, {.cwd = cwd});
    if (result) ctx.Expect(result->exit_code, Ne(0), "exit code");
    ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether the command ran elsewhere");
  }
}

void MissingCwdFails(CheckContext& ctx) { ExpectRefused(ctx, ctx.box().Path("no such directory")); }

void FileAsCwdFails(CheckContext& ctx) {
  const std::string path = ctx.box().Path("file");
  ctx.PutFile(ctx.box(), path, "x");
  ExpectRefused(ctx, path);
}

void CwdEndsWithItsCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "kit-" + ctx.Unique();
  const std::string dir = MakeDirectory(ctx, "sub", "x");
  ctx.Must(ctx.Sh(box, "printf x > " + name, {.cwd = dir}), "a command with a cwd");
  if (!ctx.PathIsThere(box, dir + "/" + name)) ctx.NotTestable("cwd is not used at all");
  const ExecutionResult next =
      ctx.Must(ctx.Sh(box, "test -e " + name + " && printf there || printf elsewhere"),
               "the next command, without a cwd");
  ctx.ExpectBytes(next.stdout_bytes, "elsewhere", "where the next command started");
}

void RemovedCwdHarmsNoLaterCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = MakeDirectory(ctx, "gone", "x");
  ctx.Must(ctx.Sh(box, "rm -rf " + ShellQuote(dir) + "; printf x", {.cwd = dir}),
           "a command that removes its cwd");
  const std::string other = MakeDirectory(ctx, "other", "here");
  const ExecutionResult with = ctx.Must(ctx.Sh(box, "cat marker", {.cwd = other}));
  ctx.ExpectBytes(with.stdout_bytes, "here", "stdout of the next command, with a cwd");
  const ExecutionResult without = ctx.Must(ctx.Sh(box, "printf ok"));
  ctx.ExpectBytes(without.stdout_bytes, "ok", "stdout of the next command, without a cwd");
}

}  // namespace

std::vector<Requirement> CommandCwdRequirements() {
  const std::string cwd(capability::kCommandCwd);
  return {
      {.id = "command.cwd.used",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A command with a cwd starts there: lines, all parts of them, and programs.",
       .why = "An ignored cwd runs `rm -rf build` in another project. A `cd DIR &&` that is put "
              "before the line binds its first command only, or not those with args.",
       .defects = {"C44"},
       .mend = "Hand cwd to the backend's own option; else run `sh -c 'cd \"$1\" && exec …'` with "
               "the directory as an argument.",
       .check = CwdIsUsed},
      {.id = "command.cwd.names",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A cwd with blanks, quotes, $, *, newlines or a leading dash in its name is used.",
       .why = "`cd ${cwd} && …` without quotes goes elsewhere, or nowhere, for such a name.",
       .defects = {"C45", "F27", "F26"},
       .mend = "Hand cwd over as an argument or an option, not as text of a shell line.",
       .check = CwdMayHaveAnyName},
      {.id = "command.cwd.executes-nothing",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "Nothing in a cwd is ever executed.",
       .why = "Names of directories come from repositories and models; one that closes a quote "
              "runs what follows.",
       .defects = {"C45", "F27", "C2"},
       .mend = "Hand cwd over as an argument or an option, not as text of a shell line.",
       .check = CwdExecutesNothing},
      {.id = "command.cwd.missing",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "In a directory that is missing the command fails, and does not run elsewhere.",
       .why = "`cd DIR; LINE` goes on in the wrong place when `cd` fails; some backends fall back "
              "to the root directory without a word.",
       .defects = {"C44"},
       .mend = "Use `&&`, not `;`, after `cd`; return the failure as an error or a non-zero code.",
       .check = MissingCwdFails},
      {.id = "command.cwd.file",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "With a file for its cwd the command fails, and does not run elsewhere.",
       .why = "A check that only asks whether the path exists lets it through.",
       .defects = {"C44"},
       .mend = "Let the change of directory itself fail, and report that.",
       .check = FileAsCwdFails},
      {.id = "command.cwd.ends-with-the-command",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A cwd is for its own command: the next one starts where all start.",
       .why = "With one shell for all commands, the `cd` stays.",
       .defects = {"C38", "C44"},
       .mend = "Start a process for each command, with its own directory.",
       .check = CwdEndsWithItsCommand},
      {.id = "command.cwd.removed",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A command that removes its cwd leaves later commands working.",
       .why = "A backend that stays in the last directory cannot start anything from there.",
       .defects = {"C46"},
       .mend = "Start each command from a directory that stays, and change to cwd in the child.",
       .sandbox = SandboxNeed::kFresh,
       .check = RemovedCwdHarmsNoLaterCommand},
  };
}

}  // namespace computesdk::conformance
