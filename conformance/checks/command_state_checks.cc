#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/tally.h"
#include "conformance/checks/values.h"

// Commands beside and after one another: nothing of one shows in another.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

// Two commands that meet: each leaves its mark, and waits for the other's.
void CommandsRunAtTheSameTime(CheckContext& ctx) {
  // A run that allows for a slow provider allows for it here, too.
  const Milliseconds patience = Milliseconds(2000) + 3 * ctx.consistency_window();
  const Box& box = ctx.box();
  const std::string marks[] = {box.Path("mark 0"), box.Path("mark 1")};
  const auto meet = [&](std::size_t me) {
    return "printf x > " + ShellQuote(marks[me]) + "; " + AwaitPath(marks[1 - me], patience) +
           " && printf met";
  };
  if (ctx.description().max_concurrency >= 2) {
    ctx.InParallel(2, [&](int i) {
      const auto scope = ctx.Case("command ", i + 1, " of two that wait for each other");
      const ExecutionResult result = ctx.Must(ctx.Sh(box, meet(static_cast<std::size_t>(i))));
      ctx.ExpectBytes(result.stdout_bytes, "met", "stdout");
      ctx.Expect(result.exit_code, Eq(0), "exit code (1: the other one never came)");
    });
    return;
  }
  if (!ctx.Claims(capability::kCommandBackground)) {
    ctx.Tolerated("maxConcurrency is 1, so that no two calls can be in flight at once.");
    return;
  }
  ctx.Need(ctx.Sh(box, meet(0), {.background = true}), "a command in the background");
  const ExecutionResult result = ctx.Must(ctx.Sh(box, meet(1)), "a command beside it");
  ctx.ExpectBytes(result.stdout_bytes, "met", "stdout of a command beside one in the background");
}

// What a command printed that was not its own; empty if nothing was.
std::string NotItsOwn(const ExecutionResult& result, const std::string& tag, const std::string& out,
                      const std::string& err) {
  if (result.stdout_bytes != out) {
    return "stdout of " + tag + " was " + Printable(result.stdout_bytes.substr(0, 200));
  }
  if (result.stderr_bytes != err) {
    return "stderr of " + tag + " was " + Printable(result.stderr_bytes.substr(0, 200));
  }
  return "";
}

void OutputsAreNotMixed(CheckContext& ctx) {
  constexpr int kAtOnce = 16;
  Tally tally;
  for (int round = 0; round < 3; ++round) {
    ctx.InParallel(kAtOnce, [&](int i) {
      const std::string tag = "command-" + std::to_string(round * kAtOnce + i);
      std::string out;
      std::string err;
      for (int line = 0; line < 20; ++line) {
        out += tag + " line " + std::to_string(line) + "\n";
        err += tag + " error " + std::to_string(line) + "\n";
      }
      // A pause in the middle, so that they overlap.
      const ExecutionResult result = ctx.Must(
          ctx.Sh(ctx.box(), DefineNap() + "i=0; while [ $i -lt 20 ]; do printf '" + tag +
                                " line %s\\n' $i; printf '" + tag +
                                " error %s\\n' $i >&2; i=$((i+1)); [ $i -ne 10 ] || nap; done"),
          tag);
      tally.Add(NotItsOwn(result, tag, out, err));
    });
  }
  tally.Report(ctx, "output of commands, 16 at once", "the command's own, whole");
}

// What `look` prints must be the same before and after `change`, which is seen to work by printing
// something else in the same command.
void ExpectEndsWithItsCommand(CheckContext& ctx, const std::string& change,
                              const std::string& look) {
  const Box& box = ctx.box();
  const auto scope = ctx.Case(change);
  const std::string before = ctx.Observe(box, look);
  const std::string changed = ctx.Observe(box, change + "; " + look);
  if (changed == before)
    ctx.NotTestable("`" + change + "` changes nothing that `" + look + "` shows");
  ctx.ExpectBytes(ctx.Observe(box, look), before, "`" + look + "` in the next command");
}

void DirectoryEndsWithItsCommand(CheckContext& ctx) {
  ExpectEndsWithItsCommand(ctx, "cd " + ShellQuote(ctx.box().dir), "pwd");
}

void VariablesEndWithTheirCommand(CheckContext& ctx) {
  const std::string name = "KIT_" + ctx.Unique();
  const std::string look = "printf '<%s>' \"${" + name + "-unset}\"";
  ExpectEndsWithItsCommand(ctx, name + "=set", look);
  ExpectEndsWithItsCommand(ctx, "export " + name + "=exported", look);
  ExpectEndsWithItsCommand(ctx, "PATH=$PATH:/" + name, "printf '%s' \"$PATH\"");
}

void SettingsEndWithTheirCommand(CheckContext& ctx) {
  const std::string name = "kit_" + ctx.Unique();
  ExpectEndsWithItsCommand(ctx, name + "() { printf found; }", name + " || printf missing");
  if (ctx.Need(ctx.Sh(ctx.box(), "umask"), "umask").exit_code == 0) {
    ExpectEndsWithItsCommand(ctx, "umask 0011", "umask");
  }
  ExpectEndsWithItsCommand(ctx, "set -f", "case $- in *f*) printf on;; *) printf off;; esac");
  ExpectEndsWithItsCommand(ctx, "set -- kit args", "printf '%s' \"$#\"");
}

void ExitEndsNothingElse(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* line :
       {"exit 3", "exec sh -c 'exit 3'", "set -e; (exit 3); printf no", "(exit 3); exit"}) {
    const auto scope = ctx.Case("after `", line, "`");
    ctx.Expect(ctx.Must(ctx.Sh(box, line), "the command").exit_code, Eq(3), "exit code");
    const ExecutionResult next = ctx.Must(ctx.Sh(box, "printf ok"), "the next command");
    ctx.ExpectBytes(next.stdout_bytes, "ok", "stdout of the next command");
    ctx.Expect(next.exit_code, Eq(0), "exit code of the next command");
  }
}

void ClosedStreamsHarmNoLaterCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* line : {"exec >&- 2>&-", "exec < /dev/null", "trap 'exit 5' EXIT"}) {
    const auto scope = ctx.Case("after `", line, "`");
    ctx.Must(ctx.Sh(box, line), "the command");
    const ExecutionResult next = ctx.Must(ctx.Sh(box, "printf ok; printf err >&2"), "the next one");
    ctx.ExpectBytes(next.stdout_bytes, "ok", "stdout of the next command");
    ctx.ExpectBytes(next.stderr_bytes, "err", "stderr of the next command");
    ctx.Expect(next.exit_code, Eq(0), "exit code of the next command");
  }
}

void RemovedDirectoryHarmsNoLaterCommand(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = ShellQuote(box.Path("gone"));
  ctx.Must(ctx.Sh(box, "mkdir " + dir + " && cd " + dir + " && rm -rf " + dir + "; printf x"),
           "a command that removes its own directory");
  const ExecutionResult next = ctx.Must(ctx.Sh(box, "printf ok"), "the next command");
  ctx.ExpectBytes(next.stdout_bytes, "ok", "stdout of the next command");
  ctx.Expect(next.exit_code, Eq(0), "exit code of the next command");
}

void FilesStay(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("kept");
  ctx.Must(ctx.Sh(box, "printf kept > " + ShellQuote(path)), "a command that writes a file");
  for (int i = 1; i <= 3; ++i) {
    const auto scope = ctx.Case("command ", i, " after it");
    const ExecutionResult result = ctx.Must(ctx.Exec(box, "cat", {path}), "cat");
    ctx.ExpectBytes(result.stdout_bytes, "kept", "the file's content");
  }
}

void DefaultDirectoryStays(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "kit-" + ctx.Unique();
  const ExecutionResult made =
      ctx.Need(ctx.Sh(box, "printf here > " + name + " && pwd"), "a file in the default directory");
  if (made.exit_code != 0) {
    ctx.NotTestable("the directory in which commands start cannot be written");
  }
  for (int i = 1; i <= 3; ++i) {
    const auto scope = ctx.Case("command ", i, " after it");
    ctx.ExpectBytes(ctx.Must(ctx.Exec(box, "cat", {name}), "cat").stdout_bytes, "here",
                    "a file by its relative name");
  }
  ctx.Sh(box, "rm -f " + name);
}

}  // namespace

std::vector<Requirement> CommandStateRequirements() {
  return {
      {.id = "command.concurrent.overlap",
       .level = Level::kRequired,
       .asks = "Commands in one sandbox run at the same time: one does not wait for another.",
       .why = "A server and its client, a build and a look at its log: the second is there to be "
              "run while the first goes on.",
       .breaks = "One shell, one lock, one queue or one connection a sandbox, so that a command "
                 "waits until the one before it has ended.",
       .wrong = R"(runCommand(line: string) {
  this.queue = this.queue.then(() => this.shell.run(line));
  return this.queue;
})",
       .right = R"(runCommand(line: string) {
  return this.sandbox.exec(['sh', '-c', line]); // a process of its own, no queue
})",
       .defects = {"C62"},
       .mend = "Start a process for each command, and hold no lock while it runs. If calls cannot "
               "overlap at all, say maxConcurrency 1.",
       .check = CommandsRunAtTheSameTime},
      {.id = "command.concurrent.output",
       .level = Level::kRequired,
       .asks = "Of 16 commands at the same time, each gets all of its own output and none of "
               "another's.",
       .why = "Agents run tools side by side. An answer that belongs to another question is "
              "believed, as it looks like an answer.",
       .breaks = "Output collected in one file, one buffer or one stream a sandbox, or in a file "
                 "that is named by the clock: it is mixed, or handed to whoever asks first.",
       .wrong = R"(const log = `/tmp/out-${Date.now()}`; // two commands in one millisecond
await sandbox.run(`(${line}\n) > ${log} 2>&1`);
return sandbox.read(log);)",
       .right = R"(const process = await sandbox.spawn(['sh', '-c', line]);
const [stdout, stderr] = await Promise.all([text(process.stdout), text(process.stderr)]);)",
       .defects = {"C30", "P1", "C60"},
       .mend = "Give each command its own streams; name temporary files by something unique, not "
               "by the clock.",
       .check = OutputsAreNotMixed},
      {.id = "command.state.directory",
       .level = Level::kRequired,
       .asks = "`cd` ends with its command: the next one starts where all start.",
       .why = "A relative path that depends on what somebody else ran before is a defect that "
              "nobody can reproduce.",
       .breaks = "One shell that lives on, or an adapter that looks for `cd` in the lines to "
                 "imitate one.",
       .wrong = R"(const cd = /^cd (\S+)/.exec(line);
if (cd) this.cwd = cd[1];
return sandbox.exec(['sh', '-c', line], { cwd: this.cwd });)",
       .right = R"(return sandbox.exec(['sh', '-c', line], { cwd: options?.cwd });)",
       .defects = {"C38"},
       .mend = "Start a shell for each command; do not keep one.",
       .sandbox = SandboxNeed::kFresh,
       .check = DirectoryEndsWithItsCommand},
      {.id = "command.state.variables",
       .level = Level::kRequired,
       .asks = "Variables, exported or not, end with their command.",
       .why = "A secret that one task exports must not be there for the next one.",
       .breaks = "A session of the backend (a terminal, a notebook's kernel) that is used for "
                 "every command, or `export` lines that are kept to be run again.",
       .wrong = R"(this.session ??= await client.createSession(id); // one bash for all commands
return this.session.execute(line);)",
       .right = R"(return client.exec(id, ['sh', '-c', line]); // no session)",
       .defects = {"C38", "C42"},
       .mend = "Start a shell for each command; do not keep one.",
       .sandbox = SandboxNeed::kFresh,
       .check = VariablesEndWithTheirCommand},
      {.id = "command.state.settings",
       .level = Level::kRequired,
       .asks = "Functions, umask, shell options and positional parameters end with their command.",
       .why =
           "`set -f` or `umask 077` that stays on breaks whatever runs next, far from its cause.",
       .breaks = "A shell that lives on and is only sent back to its directory between commands; "
                 "everything else that a command changed stays.",
       .wrong = R"(shell.stdin.write(`cd ${home}\n${line}\necho ${marker} $?\n`);)",
       .right =
           R"(const shell = spawn('sh', ['-c', line], { cwd: home }); // ends with the command)",
       .defects = {"C38"},
       .mend = "Start a shell for each command; do not keep one.",
       .sandbox = SandboxNeed::kFresh,
       .check = SettingsEndWithTheirCommand},
      {.id = "command.state.exit",
       .level = Level::kRequired,
       .asks = "A command that exits, or replaces its shell, leaves later commands working.",
       .why = "Scripts end with `exit`. Where that ends more than the script, the next command "
              "hangs or fails, and it is the wrong one that gets the blame.",
       .breaks = "A line that is run by the shell which also has to report its exit code: `exit` "
                 "and `exec` end it before it can.",
       .wrong =
           R"(shell.stdin.write(`${line}\necho ${marker} $?\n`); // `exit 3` ends the shell itself)",
       .right =
           R"(shell.stdin.write(`sh -c ${shellQuote(line)} </dev/null\necho ${marker} $?\n`);)",
       .defects = {"C37"},
       .mend = "Start a shell for each command; do not keep one.",
       .sandbox = SandboxNeed::kFresh,
       .check = ExitEndsNothingElse},
      {.id = "command.state.streams",
       .level = Level::kRequired,
       .asks = "A command that closes or redirects its own streams, or sets a trap, leaves later "
               "commands working.",
       .why = "`exec > build.log` is the first line of many scripts. If it lasts, every later "
              "command seems to print nothing.",
       .breaks = "A line that is evaluated in a shell which lives on (`eval`, a pipe into bash): "
                 "what it does to descriptors and traps, it does to that shell.",
       .wrong =
           R"(shell.stdin.write(`eval ${shellQuote(line)}\n`); // exec >&- silences this very shell)",
       .right =
           R"(shell.stdin.write(`sh -c ${shellQuote(line)} </dev/null\n`); // a shell of its own)",
       .defects = {"C37", "C38", "C60"},
       .mend = "Start a shell for each command; do not keep one.",
       .sandbox = SandboxNeed::kFresh,
       .check = ClosedStreamsHarmNoLaterCommand},
      {.id = "command.state.removed-directory",
       .level = Level::kRequired,
       .asks = "A command that removes the directory it is in leaves later commands working.",
       .why = "Agents clean up after themselves. A sandbox in which nothing runs any more after "
              "`rm -rf` of a build directory has to be thrown away.",
       .breaks = "A directory that is remembered from the last command: each later one fails with "
                 "\"no such file or directory\" before it starts.",
       .wrong = R"(const { stdout } = await sandbox.run(`${line}\npwd`);
this.cwd = lastLine(stdout); // and what if it is gone?)",
       .right = R"(return sandbox.exec(['sh', '-c', line], { cwd: options?.cwd ?? HOME });)",
       .defects = {"C46"},
       .mend = "Start each command in the sandbox's own directory, not where the last one ended.",
       .sandbox = SandboxNeed::kFresh,
       .check = RemovedDirectoryHarmsNoLaterCommand},
      {.id = "command.state.files-stay",
       .level = Level::kRequired,
       .asks = "Files that a command writes are there for the commands after it.",
       .why = "Installing in one command and using in the next is what a sandbox is for.",
       .breaks = "A new container for each command, or for those with args or in another runtime: "
                 "all work in between is lost.",
       .wrong = R"(const container = await client.run({ image, cmd: argv, autoRemove: true });)",
       .right =
           R"(const exec = await this.container.exec({ cmd: argv }); // the one that create made)",
       .defects = {"C38", "K12"},
       .mend = "Run the commands of one sandbox on one file system.",
       .check = FilesStay},
      {.id = "command.state.default-directory",
       .level = Level::kRecommended,
       .asks = "All commands without a cwd start in the same directory, which can be written.",
       .why = "`git clone` and then `cat project/README` only works if they start in the same "
              "place, lines and programs with args alike.",
       .breaks = "Two ways to run something, of which only one sets a directory: the other starts "
                 "in / or in the home of its user.",
       .wrong = R"(if (args) return sandbox.exec([command, ...args]); // starts in /
return sandbox.exec(['sh', '-c', command], { cwd: '/workspace' });)",
       .right = R"(const argv = args ? [command, ...args] : ['sh', '-c', command];
return sandbox.exec(argv, { cwd: options?.cwd ?? '/workspace' });)",
       .defects = {"C38", "F29"},
       .mend = "Choose one directory for a sandbox, and start everything there.",
       .check = DefaultDirectoryStays},
  };
}

std::vector<Requirement> CommandRequirements() {
  return Join(CommandLineRequirements(), CommandArgumentRequirements(),
              CommandProgramRequirements(), CommandOutcomeRequirements(),
              CommandResultRequirements(), CommandStateRequirements());
}

}  // namespace computesdk::conformance
