#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/command_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// Which program a command with args starts; and programs that are missing.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsFalse;
using ::testing::Ne;

void EmptyArrayIsProgram(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  {
    const auto scope = ctx.Case("a program without arguments");
    const ExecutionResult result = ctx.Must(ctx.Exec(box, "cat", {}), "cat with args []");
    ctx.Expect(result.exit_code, Eq(0), "exit code of cat with args []");
    ctx.ExpectBytes(result.stdout_bytes, "", "stdout of cat with args []");
  }
  const auto scope = ctx.Case("a shell line with args []");
  const std::string line = "printf x > " + BackslashQuote(canary);
  ctx.Need(ctx.Sh(box, line), "the same line without args");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
  ctx.Observe(box, "rm " + ShellQuote(canary));
  const Result<ExecutionResult> result = ctx.Exec(box, line, {});
  if (result) ctx.Expect(result->exit_code, Ne(0), "exit code of a program that is not there");
  ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether a shell ran it");
}

void ProgramNameIsNoLine(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  const std::string quoted = BackslashQuote(canary);
  for (const std::string& program :
       {"printf x > " + quoted + " #", "true; printf x > " + quoted + " ;",
        "$(printf x > " + quoted + ")", "`printf x > " + quoted + "`"}) {
    const auto scope = ctx.Case("the program ", Printable(program));
    const Result<ExecutionResult> result = ctx.Exec(box, program, {"arg"});
    if (result) ctx.Expect(result->exit_code, Ne(0), "exit code of a program that is not there");
    if (!ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether a shell ran it")) {
      ctx.Observe(box, "rm " + ShellQuote(canary));
    }
  }
  // The way in which it would have shown.
  ctx.Need(ctx.Sh(box, "printf x > " + quoted), "making a canary on purpose");
  if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
}

void ProgramPathMayHaveBlanks(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.Observe(box, "mkdir -p " + ShellQuote(box.Path("my tools")));
  const std::string path = box.Path("my tools/it's a tool");
  ctx.PutFile(box, path, "#!/bin/sh\nprintf 'ran with <%s>' \"$@\"\n");
  if (!ctx.Need(ctx.Sh(box, "chmod 755 " + ShellQuote(path)), "chmod").stderr_bytes.empty()) {
    ctx.NotTestable("chmod does not work here");
  }
  const ExecutionResult by_shell = ctx.Need(ctx.Sh(box, ShellQuote(path) + " 'a b'"), "the script");
  if (by_shell.stdout_bytes != "ran with <a b>") {
    ctx.NotTestable("a script with `#!/bin/sh` cannot be started by the shell either");
  }
  const ExecutionResult result = ctx.Must(ctx.Exec(box, path, {"a b"}), "the program by its path");
  ctx.ExpectBytes(result.stdout_bytes, "ran with <a b>", "stdout of the program");
  ctx.Expect(result.exit_code, Eq(0), "exit code of the program");
}

std::vector<std::pair<std::string, Result<ExecutionResult>>> RunMissing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string name = "kit-no-such-program-" + ctx.Unique();
  return {{"a shell line", ctx.Sh(box, name + " a b")},
          {"with args []", ctx.Exec(box, name, {})},
          {"with args", ctx.Exec(box, name, {"a", "b"})},
          {"a path, with args", ctx.Exec(box, box.Path(name), {"a"})}};
}

void MissingProgramIsResult(CheckContext& ctx) {
  for (const auto& [label, result] : RunMissing(ctx)) {
    const auto scope = ctx.Case(label);
    const ExecutionResult value = ctx.Must(result, "a program that is missing");
    ctx.Expect(value.exit_code, Ne(0), "exit code of a program that is missing");
    ctx.ExpectBytes(value.stdout_bytes, "", "stdout of a program that is missing");
  }
}

void MissingProgramIs127(CheckContext& ctx) {
  for (const auto& [label, result] : RunMissing(ctx)) {
    const auto scope = ctx.Case(label);
    const ExecutionResult value = ctx.Must(result, "a program that is missing");
    ctx.Expect(value.exit_code, Eq(127), "exit code of a program that is missing");
  }
}

void MissingProgramIsNamed(CheckContext& ctx) {
  const std::string name = "kit-no-such-program-" + ctx.Unique();
  for (const bool with_args : {false, true}) {
    const auto scope = ctx.Case(with_args ? "with args" : "a shell line");
    const Result<ExecutionResult> result =
        with_args ? ctx.Exec(ctx.box(), name, {"a"}) : ctx.Sh(ctx.box(), name + " a");
    // An error instead of a result is another requirement's subject.
    const std::string& text = result ? result->stderr_bytes : result.error().message;
    ctx.Expect(text, HasSubstr(name), result ? "stderr" : "the error's message");
  }
}

void FileThatIsNoProgramIs126(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("no-program");
  ctx.PutFile(box, path, "printf ran\n");
  for (const bool with_args : {false, true}) {
    const auto scope = ctx.Case(with_args ? "with args" : "a shell line");
    const ExecutionResult result =
        ctx.Must(with_args ? ctx.Exec(box, path, {}) : ctx.Sh(box, ShellQuote(path)),
                 "a file that is not executable");
    ctx.Expect(result.exit_code, Eq(126), "exit code of a file that is not executable");
    ctx.ExpectBytes(result.stdout_bytes, "", "stdout of a file that is not executable");
  }
}

}  // namespace

std::vector<Requirement> CommandProgramRequirements() {
  return {
      {.id = "command.args.empty-array",
       .level = Level::kRequired,
       .asks = "With an empty array of args, the command is a program, not a shell line.",
       .why = "Whoever passes `[]` says that the name is a name. If it is run by a shell all the "
              "same, a hostile name is executed as soon as there happen to be no arguments.",
       .breaks = "`if (args?.length)`, which takes an empty array for none at all; or a default of "
                 "`args = []`, after which the two cannot be told apart.",
       .wrong = R"(async runCommand(command: string, args: string[] = []) {
  const argv = args.length > 0 ? [command, ...args] : ['sh', '-c', command];)",
       .right = R"(async runCommand(command: string, args?: string[]) {
  const argv = args !== undefined ? [command, ...args] : ['sh', '-c', command];)",
       .defects = {"C2", "C3"},
       .mend = "Decide by whether args were given, not by how many there are.",
       .check = EmptyArrayIsProgram},
      {.id = "command.args.program-is-no-line",
       .level = Level::kRequired,
       .asks = "With args, nothing in the name of the program is executed or expanded by a shell.",
       .why = "The name is data too: a tool that a model chose, a path from a configuration file.",
       .breaks = "Args are quoted carefully, and the program in front of them is pasted as it is.",
       .wrong = R"(return sandbox.run(`${command} ${args.map(shellQuote).join(' ')}`);)",
       .right = R"(return sandbox.run([command, ...args].map(shellQuote).join(' '));)",
       .defects = {"C2", "C3"},
       .mend = "Quote the program like an arg, or pass the whole vector.",
       .check = ProgramNameIsNoLine},
      {.id = "command.args.program-path",
       .level = Level::kRecommended,
       .asks = "A program whose path has blanks and quotes can be run with args.",
       .why = "Projects live in folders such as \"My Project\", and their scripts are started by "
              "their path.",
       .breaks = "`command.split(' ')` to find the program in the command, or the program left "
                 "unquoted in front of quoted args.",
       .wrong = R"(const [program, ...first] = command.split(' '); // "/home/me/My", "Project/run"
return sandbox.exec([program, ...first, ...args]);)",
       .right = R"(return sandbox.exec([command, ...args]);)",
       .defects = {"C1", "C3"},
       .mend = "Quote the program like an arg, or pass the whole vector.",
       .check = ProgramPathMayHaveBlanks},
      {.id = "command.missing-program.is-a-result",
       .level = Level::kRequired,
       .asks = "A program that is missing is a result with a non-zero exit code, not an error.",
       .why =
           "\"Is that tool there?\" is asked by running it. As an error it cannot be told from a "
           "broken backend, and callers try again for ever.",
       .breaks = "Backends that start programs without a shell report ENOENT by a failed call, and "
                 "the adapter lets it through; the way with a shell line is well.",
       .wrong = R"(const handle = await sandbox.spawn(command, args); // rejects: spawn ENOENT
const exitCode = await handle.wait();)",
       .right = R"(try {
  return await sandbox.exec([command, ...args]);
} catch (e) {
  if (e.code !== 'ENOENT') throw e;
  return { stdout: '', stderr: `${command}: command not found\n`, exitCode: 127 };
})",
       .defects = {"C12"},
       .mend = "Where the backend reports that the program cannot be started (ENOENT), return a "
               "result with exit code 127; keep errors for the machinery.",
       .check = MissingProgramIsResult},
      {.id = "command.missing-program.is-127",
       .level = Level::kRecommended,
       .asks = "A program that is missing has exit code 127.",
       .why = "127 is what every shell gives, and what scripts look for before they install "
              "something.",
       .breaks = "One code for whatever goes wrong in the adapter: 1 or -1 in a catch-all.",
       .wrong = R"(} catch (e) {
  return { stdout: '', stderr: String(e), exitCode: 1 };
})",
       .right = R"(} catch (e) {
  if (e.code === 'ENOENT') return failed(127, `${command}: command not found\n`);
  throw e; // the machinery failed
})",
       .defects = {"C12"},
       .mend = "Return 127 for a program that is not there, and for nothing else.",
       .check = MissingProgramIs127},
      {.id = "command.missing-program.named",
       .level = Level::kRecommended,
       .asks = "What a missing program leaves in stderr has the program's name in it.",
       .why = "\"command not found\" says nothing where the line has ten commands, and a model "
              "that reads it has nothing to install.",
       .breaks = "The backend's own text is replaced by one of the adapter's, or left out: "
                 "`stderr: ''` with a code of 127.",
       .wrong = R"(return { stdout: '', stderr: 'Command failed', exitCode: 127 };)",
       .right =
           R"(return { stdout: '', stderr: `${command}: command not found\n`, exitCode: 127 };)",
       .defects = {"E4", "C12"},
       .mend = "Keep the shell's own message; where there is none, write `NAME: command not "
               "found`.",
       .check = MissingProgramIsNamed},
      {.id = "command.not-executable",
       .level = Level::kRecommended,
       .asks = "A file that is not executable does not run: a result with exit code 126.",
       .why = "126 tells a missing chmod from a missing program.",
       .breaks = "EACCES is let through as an error of the call, or is put into one case with "
                 "ENOENT.",
       .wrong = R"(if (e.code === 'ENOENT' || e.code === 'EACCES') return failed(127);)",
       .right = R"(if (e.code === 'ENOENT') return failed(127);
if (e.code === 'EACCES') return failed(126);)",
       .defects = {"C12"},
       .mend = "Where the backend reports EACCES, return a result with exit code 126.",
       .check = FileThatIsNoProgramIs126},
  };
}

}  // namespace computesdk::conformance
