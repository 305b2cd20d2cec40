#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/values.h"

// What a command finds around it.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::Ne;
using ::testing::Not;

void HomeIsWritable(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string file = "\"$HOME\"/kit-" + ctx.Unique();
  for (const bool as_program : {false, true}) {
    const auto scope = ctx.Case(as_program ? "a program with args" : "a shell line");
    if (as_program) NeedPrograms(ctx, box);
    const auto run = [&](const std::string& line) {
      return ctx.Must(as_program ? ctx.Exec(box, "sh", {"-c", line}) : ctx.Sh(box, line), line);
    };
    ctx.Require(run("printf '%s' \"$HOME\"").stdout_bytes, Ne(std::string()), "$HOME");
    ctx.Require(run("test -d \"$HOME\"").exit_code, Eq(0), "exit code of `test -d \"$HOME\"`");
    const ExecutionResult written =
        run("printf kept > " + file + " && cat " + file + " && rm " + file);
    ctx.ExpectBytes(written.stdout_bytes, "kept", "a file written to $HOME and read again");
    ctx.Expect(written.exit_code, Eq(0), "exit code of writing to $HOME");
  }
}

void PathFindsTheShell(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.Expect(ctx.Must(ctx.Sh(box, "command -v sh")).stdout_bytes, Ne(std::string()),
             "stdout of `command -v sh`");
  const ExecutionResult result = ctx.Must(ctx.Exec(box, "sh", {"-c", "exit"}), "sh");
  ctx.Expect(result.exit_code, Eq(0), "exit code of the program sh, found by its name");
}

void OutputIsNoTerminal(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string line =
      "for fd in 0 1 2; do if [ -t $fd ]; then printf '%s is a terminal\\n' $fd; fi; done";
  ctx.ExpectBytes(ctx.Must(ctx.Sh(box, line)).stdout_bytes, "", "terminals of a shell line");
  NeedPrograms(ctx, box);
  ctx.ExpectBytes(ctx.Must(ctx.Exec(box, "sh", {"-c", line})).stdout_bytes, "",
                  "terminals of a program");
}

void LocaleTakesUtf8(CheckContext& ctx) {
  const std::string text = ctx.Observe(
      ctx.box(),
      "c=$(printf '\\303\\251'); [ \"${#c}\" -eq 1 ] && printf 'one character'; printf '%s' "
      "\" ${LC_ALL:-${LC_CTYPE:-${LANG:-none}}}\"");
  // A shell that counts bytes (dash) says nothing of the locale; its name does, then.
  if (text.rfind("one character", 0) == 0) return;
  ctx.Expect(text,
             ::testing::AnyOf(HasSubstr("UTF-8"), HasSubstr("utf-8"), HasSubstr("utf8"),
                              HasSubstr("UTF8")),
             "the locale, by LC_ALL, LC_CTYPE or LANG");
}

void ProvidersVariablesAreHidden(CheckContext& ctx) {
  const Box& box = ctx.box();
  const auto& [name, value] = ctx.host_canary_variable();
  // The list shows what there is: a variable of the line's own must be in it.
  const std::string own = "own-" + ctx.Unique();
  const std::string list = "KIT_OWN=" + own + "; export KIT_OWN; export -p";
  for (const bool as_program : {false, true}) {
    const auto scope = ctx.Case(as_program ? "a program with args" : "a shell line");
    if (as_program) NeedPrograms(ctx, box);
    const ExecutionResult result =
        ctx.Need(as_program ? ctx.Exec(box, "sh", {"-c", list}) : ctx.Sh(box, list), "export -p");
    if (result.stdout_bytes.find(own) == std::string::npos) {
      ctx.NotTestable("`export -p` does not list the variables");
    }
    ctx.Expect(result.stdout_bytes, Not(HasSubstr(value)),
               "variables, among them " + name + " of the kit's own");
  }
}

// The names in a directory.
std::string NamesIn(const std::string& directory) {
  return "for f in " + directory + "/* " + directory + "/.[!.]*; do printf '%s\\n' \"$f\"; done; ";
}

// How many there are: a provider may keep the script of a command in /tmp while it runs, under
// another name each time.
std::string CountIn(const std::string& directory) {
  return "n=0; for f in " + directory + "/* " + directory +
         "/.[!.]*; do [ ! -e \"$f\" ] || n=$((n+1)); done; printf '%s\\n' $n; ";
}

void NothingIsLeftWhereCommandsStart(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::string list = "pwd; " + NamesIn(".") + NamesIn(ShellQuote(box.dir));
  // Where commands run on the kit's own machine, others write there too.
  if (!ctx.PathIsThere(box, ctx.host_canary_file())) {
    list += "printf 'in $HOME: '; " + CountIn("\"${HOME:-.}\"") + "printf 'in /tmp: '; " +
            CountIn("\"${TMPDIR:-/tmp}\"");
  }
  // The first command of all may set up what the others use.
  ctx.Must(ctx.Sh(box, ":"), "a command");
  const std::string before = ctx.Observe(box, list);
  ctx.Must(ctx.Sh(box, "printf out; printf err >&2; exit 3"), "a command");
  ctx.Must(ctx.Exec(box, "cat", {}), "a program");
  for (const std::string& runtime : ctx.description().runtimes) {
    if (const Language* language = FindLanguage(runtime); language != nullptr) {
      (void)RunCode(ctx, box, {runtime, language}, language->Print("x"));
      (void)RunCode(ctx, box, {runtime, language}, language->Throw("boom"));
    }
  }
  ctx.ExpectBytes(ctx.Observe(box, list), before,
                  "files where commands start and in the checks' directory, and how many are in "
                  "$HOME and /tmp, before and after");
}

}  // namespace

std::vector<Requirement> EnvironmentRequirements() {
  return {
      {.id = "environment.home",
       .level = Level::kRecommended,
       .asks = "HOME is set, exists and is writable.",
       .why = "git, npm, pip and most other tools keep their settings there, and fail in odd ways "
              "where it is missing.",
       .breaks = "The program is started by an agent that has no login, or as another user, with "
                 "the HOME of root or with none.",
       .wrong =
           R"(return spawn('setpriv', ['--reuid', '1000', 'sh', '-c', line], { env: { PATH } });)",
       .right = R"(const env = { PATH, HOME: '/home/user', USER: 'user' };
return spawn('setpriv', ['--reuid', '1000', '--clear-groups', 'sh', '-c', line], { env });)",
       .defects = {"C55"},
       .mend = "Set HOME to a directory of the user that commands run as.",
       .check = HomeIsWritable},
      {.id = "environment.path",
       .level = Level::kRecommended,
       .asks = "PATH finds sh.",
       .why = "A program is named, not spelled with its directory; which one that is differs from "
              "image to image.",
       .breaks = "Lines go through a shell, which has a default; programs with args are started "
                 "with an empty environment, or looked for on the provider's own machine.",
       .wrong = R"(const path = which.sync(command); // on this machine, not in the sandbox
return sandbox.exec([path, ...args]);)",
       .right = R"(return sandbox.exec(['env', command, ...args]); // looked up in the sandbox)",
       .defects = {"C55", "C63"},
       .mend = "Set PATH for programs as well as for shell lines.",
       .check = PathFindsTheShell},
      {.id = "environment.no-terminal",
       .level = Level::kRecommended,
       .asks = "Neither input nor output of a command is a terminal.",
       .why = "On a terminal, tools colour their output, start pagers, and ask questions that "
              "nobody answers.",
       .breaks = "`tty: true`, taken from an example of the backend's, as it seemed to be needed "
                 "for the output to come at once.",
       .wrong =
           R"(const exec = await container.exec({ Cmd: argv, AttachStdout: true, Tty: true });)",
       .right = R"(const exec = await container.exec({
  Cmd: argv, AttachStdout: true, AttachStderr: true, Tty: false,
});)",
       .defects = {"C56", "C23"},
       .mend = "Use pipes; do not ask the backend for a tty.",
       .check = OutputIsNoTerminal},
      {.id = "environment.locale",
       .level = Level::kRecommended,
       .asks = "The locale takes UTF-8.",
       .why = "In the C locale, programs refuse or spoil text beyond ASCII: `print('é')` is an "
              "exception in some.",
       .breaks = "Minimal images set no LANG, and an agent that starts programs adds none.",
       .wrong = R"(FROM debian:stable-slim)",
       .right = R"(FROM debian:stable-slim
ENV LANG=C.UTF-8)",
       .defects = {"C57"},
       .mend = "Set LANG=C.UTF-8 in the image or with each command.",
       .check = LocaleTakesUtf8},
      {.id = "environment.provider-variables",
       .level = Level::kRecommended,
       .asks = "Nothing of the provider's own environment shows in a command's.",
       .why = "It holds the API keys, and commands are what a model wrote.",
       .breaks = "`{...process.env, ...env}`, or a child process that inherits its parent's "
                 "environment because nothing was said.",
       .wrong = R"(spawn('sh', ['-c', line], { env: { ...process.env, ...options.env } });)",
       .right = R"(const base = { PATH: '/usr/bin:/bin', HOME: sandbox.home, LANG: 'C.UTF-8' };
spawn('sh', ['-c', line], { env: { ...base, ...options.env } });)",
       .defects = {"S1", "E6"},
       .mend = "Start commands with an environment that is built from nothing.",
       .check = ProvidersVariablesAreHidden},
      {.id = "environment.no-litter",
       .level = Level::kRecommended,
       .asks = "Commands and code leave no files of the provider's own where commands start, in "
               "HOME or in /tmp.",
       .why = "Scripts, logs and exit codes kept in the user's directory end up in commits and "
              "in listings; in /tmp they fill the disk, one by one.",
       .breaks = "The line or the code is written to a file to be run from there, and the removal "
                 "is forgotten, or skipped where the command fails.",
       .wrong = R"(await sandbox.write('script.py', code);
const result = await sandbox.run('python3 script.py');
await sandbox.run('rm script.py'); // not where the line above throws)",
       .right = R"(const script = `/var/lib/acme/${randomUUID()}.py`;
try {
  await sandbox.write(script, code);
  return await sandbox.run(`python3 ${script}`);
} finally {
  await sandbox.run(`rm -f ${script}`);
})",
       .defects = {"H3", "H5", "H6"},
       .mend = "Keep such files in a folder of the provider's own, and remove them.",
       .sandbox = SandboxNeed::kFresh,
       .check = NothingIsLeftWhereCommandsStart},
  };
}

}  // namespace computesdk::conformance
