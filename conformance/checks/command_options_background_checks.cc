#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/programs.h"
#include "conformance/checks/values.h"

// The option `background`: a command that goes on after its call.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

// How long a command in the background waits for its signal.
constexpr Milliseconds kPatience{4000};

// How long the checks wait for what one does. A run that allows for a provider that is slow to
// show its sandboxes allows for this, too.
Milliseconds Arrival(const CheckContext& ctx) {
  return Milliseconds(2000) + 3 * ctx.consistency_window();
}

RunCommandOptions Background() { return {.background = true}; }

// Waits for the file to have that content, and says what it has.
void ExpectFileBecomes(CheckContext& ctx, const std::string& path, const std::string& expected,
                       std::string_view subject) {
  std::optional<std::string> content;
  ctx.Eventually(Arrival(ctx), [&] {
    content = ctx.PeekFile(ctx.box(), path);
    return content == expected;
  });
  if (content) {
    ctx.ExpectBytes(*content, expected, subject);
  } else {
    ctx.Fail({std::string(subject), Printable(expected), "no file"});
  }
}

void Touch(CheckContext& ctx, const std::string& path) {
  ctx.Observe(ctx.box(), "printf x > " + ShellQuote(path));
}

void CallReturnsAtOnce(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string go = box.Path("go");
  const std::string out = box.Path("out");
  // It waits for a file that is made after the call: a call that waits for it sees it give up.
  const std::string line = AwaitPath(go, kPatience) + " && printf 'got it' > " + ShellQuote(out) +
                           " || printf 'gave up' > " + ShellQuote(out);
  const Stopwatch watch(ctx);
  ctx.Must(ctx.Sh(box, line, Background()), "a command in the background");
  // Text around the line may take away the redirection of its end: then only the time tells.
  const bool waited = watch.elapsed() >= kPatience || ctx.PathIsThere(box, out);
  ctx.Expect(waited, IsFalse(),
             "whether the call waited for its command (" + std::to_string(watch.elapsed().count()) +
                 " ms)");
  if (waited) return;
  Touch(ctx, go);
  ExpectFileBecomes(ctx, out, "got it", "what the command wrote after its call");
}

void ResultSaysSo(CheckContext& ctx) {
  for (const char* line : {":", "exit 3", "kit-no-such-program", "sleep 0.2 || sleep 1"}) {
    const auto scope = ctx.Case("`", line, "`");
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line, Background()), "the call");
    ctx.Expect(result.exit_code, Eq(0), "exitCode");
    ctx.Expect(result.is_background.value_or(false), IsTrue(), "isBackground");
    ctx.ExpectBytes(result.sandbox_id, ctx.box().id, "sandboxId");
  }
}

void CommandRunsOnceToItsEnd(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string log = box.Path("log");
  const std::string append = ">> " + ShellQuote(log);
  ctx.Must(
      ctx.Sh(box, "printf 'start ' " + append + "; sleep 0.3 || sleep 1; printf 'end ' " + append,
             Background()),
      "a command in the background");
  ExpectFileBecomes(ctx, log, "start end ", "what the command wrote");
  ctx.Sleep(Milliseconds(200));
  ctx.Expect(ctx.PeekFile(box, log), Eq(std::optional<std::string>("start end ")),
             "what the command wrote, a little later");
}

void WholeLineIsInTheBackground(CheckContext& ctx) {
  const Box& box = ctx.box();
  struct Line {
    const char *label, *before, *between, *after;
  };
  const std::vector<Line> lines = {
      {"a; b", "", "; ", ""},
      {"a && b", "", " && ", ""},
      {"several lines", "", "\n", "\n"},
      {"a group", "{ ", "; ", "; }"},
      {"a subshell", "(", "; ", ")"},
      {"a comment at the end", "", "; ", " # don't"},
      {"a condition", "if ", "; then ", "; fi"},
  };
  ctx.InParallel(static_cast<int>(lines.size()), [&](int i) {
    const Line& line = lines[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(line.label);
    const std::string go = box.Path("go" + std::to_string(i));
    const std::string out = box.Path("out" + std::to_string(i));
    ctx.Must(ctx.Sh(box,
                    line.before + ("{ " + AwaitPath(go, kPatience) + "; }") + line.between +
                        "printf done > " + ShellQuote(out) + line.after,
                    Background()),
             "a command in the background");
    ctx.Expect(ctx.PathIsThere(box, out), IsFalse(), "whether the call waited for its command");
    Touch(ctx, go);
    ExpectFileBecomes(ctx, out, "done", "what the last part of the line wrote");
  });
}

void ArgsArriveInTheBackground(CheckContext& ctx) {
  const Box& box = ctx.box();
  NeedPrograms(ctx, box);
  const std::string out = box.Path("out");
  std::vector<std::string> args = {
      "-c",
      "out=$1; shift; for a in \"$@\"; do printf '%s' \"<$a>\"; done > \"$out.part\"; "
      "cat \"$out.part\" > \"$out\"",
      "sh", out};
  std::string expected;
  for (const NamedValue& value : AwkwardTexts()) {
    if (value.bytes.starts_with('-')) continue;  // command.args.leading-dash is about those.
    args.push_back(value.bytes);
    expected += "<" + value.bytes + ">";
  }
  args.emplace_back();
  expected += "<>";
  ctx.Must(ctx.Exec(box, "sh", args, Background()), "a program in the background");
  ExpectFileBecomes(ctx, out, expected, "the args that arrived, each between < and >");
}

void CwdIsUsedInTheBackground(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("it's a dir");
  ctx.Observe(box, "mkdir " + ShellQuote(dir));
  ctx.Must(ctx.Sh(box, "sleep 0.1 || sleep 1; printf first > a; printf second > b",
                  {.cwd = dir, .background = true}),
           "a command in the background with a cwd");
  ExpectFileBecomes(ctx, dir + "/a", "first", "the file that its first part wrote");
  ExpectFileBecomes(ctx, dir + "/b", "second", "the file that its second part wrote");
  const auto scope = ctx.Case("a program with args");
  NeedPrograms(ctx, box);
  ctx.Must(ctx.Exec(box, "sh", {"-c", "printf third > c"}, {.cwd = dir, .background = true}),
           "a program in the background with a cwd");
  ExpectFileBecomes(ctx, dir + "/c", "third", "the file that it wrote");
}

void EnvIsUsedInTheBackground(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string out = box.Path("out");
  ctx.Must(ctx.Sh(box,
                  ": ; printf '%s' \"$KIT_A\" > " + ShellQuote(out) +
                      " && printf ',%s' \"$KIT_A\" >> " + ShellQuote(out),
                  {.env = {{"KIT_A", "it's $A"}}, .background = true}),
           "a command in the background with env");
  ExpectFileBecomes(ctx, out, "it's $A,it's $A", "what it wrote of its variable");
  const auto scope = ctx.Case("a program with args");
  NeedPrograms(ctx, box);
  ctx.Must(ctx.Exec(box, "sh", {"-c", "printf '%s.' \"$KIT_A\" > \"$1\"", "sh", out + "-2"},
                    {.env = {{"KIT_A", "it's $A"}}, .background = true}),
           "a program in the background with env");
  ExpectFileBecomes(ctx, out + "-2", "it's $A.", "what it wrote of its variable");
}

void OutputHarmsNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string out = box.Path("out");
  const std::string text = box.Path("text");
  ctx.PutFile(box, text, std::string(16384, 'x'));
  ctx.Must(ctx.Sh(box,
                  "i=0; while [ $i -lt 16 ]; do cat " + ShellQuote(text) + " || exit; cat " +
                      ShellQuote(text) + " >&2 || exit; i=$((i+1)); done; printf done > " +
                      ShellQuote(out),
                  Background()),
           "a command in the background that prints 256 KiB");
  ExpectFileBecomes(ctx, out, "done", "what it wrote at its end");
  const ExecutionResult next = ctx.Must(ctx.Sh(box, "printf ok"), "the next command");
  ctx.ExpectBytes(next.stdout_bytes, "ok", "stdout of the next command");
  ctx.ExpectBytes(next.stderr_bytes, "", "stderr of the next command");
}

void InputIsEmptyInTheBackground(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string out = box.Path("out");
  ctx.Must(ctx.Sh(box, "cat > " + ShellQuote(out + ".part") + "; printf end > " + ShellQuote(out),
                  Background()),
           "a command in the background that reads its input");
  ExpectFileBecomes(ctx, out, "end", "what it wrote after the end of its input");
}

void NoLitterIsLeft(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string list = "for f in * .[!.]*; do printf '%s\\n' \"$f\"; done";
  const std::string out = box.Path("out");
  const std::string before = ctx.Observe(box, list);
  ctx.Must(ctx.Sh(box, "printf noise; printf done > " + ShellQuote(out), Background()),
           "a command in the background");
  ExpectFileBecomes(ctx, out, "done", "what it wrote");
  ctx.ExpectBytes(ctx.Observe(box, list), before,
                  "files in the directory where commands start, before and after");
}

}  // namespace

std::vector<Requirement> CommandBackgroundRequirements() {
  const std::string background(capability::kCommandBackground);
  return {
      {.id = "command.background.returns-at-once",
       .level = Level::kOptional,
       .capability = background,
       .asks = "A call with background returns while its command still runs, and the command goes "
               "on.",
       .why = "Servers are started this way. A call that waits for a server never returns, and one "
              "that takes the server with it has started nothing.",
       .breaks = "The option is not read at all; or the command is started in the background, and "
                 "the call waits for the pipes that it holds.",
       .wrong = R"(const result = await sandbox.exec(['sh', '-c', command]);
return { ...result, isBackground: options?.background };)",
       .right = R"(const line = `nohup sh -c ${shellQuote(command)} </dev/null >/dev/null 2>&1 &`;
await sandbox.exec(['sh', '-c', line]); // nothing of the call's is held
return { ...empty, exitCode: 0, isBackground: true };)",
       .defects = {"C33"},
       .mend = "Start the process detached, with its streams away from the call's, and return "
               "without waiting for it.",
       .sandbox = SandboxNeed::kFresh,
       .check = CallReturnsAtOnce},
      {.id = "command.background.result",
       .level = Level::kOptional,
       .capability = background,
       .asks = "The result of a call with background has exitCode 0 and isBackground true, "
               "whatever becomes of the command.",
       .why = "Callers ask isBackground whether there is something to wait for; an exit code of a "
              "command that still runs is nobody's.",
       .breaks = "The result is that of the call which started the command, with -1 or null for a "
                 "code that is not known yet, and without the field.",
       .wrong = R"(return { stdout: '', stderr: '', exitCode: process.exitCode ?? -1 };)",
       .right =
           R"(return { stdout: '', stderr: '', exitCode: 0, isBackground: true, pid: process.pid };)",
       .defects = {"C33"},
       .mend = "Fill both fields from the option.",
       .sandbox = SandboxNeed::kFresh,
       .check = ResultSaysSo},
      {.id = "command.background.runs-once",
       .level = Level::kOptional,
       .capability = background,
       .asks = "A command in the background runs exactly once, to its end.",
       .why = "Nobody looks at what becomes of it; that it ran is all that its caller relies on.",
       .breaks = "`sh -c sleep 1 &`, joined without quotes, runs `sleep` without its operand: exit "
                 "0, and nothing has run. Others end it with the call, or start it twice as the "
                 "first call \"gave no output\".",
       .wrong = R"(const args = ['-c', `${command} &`];
return sandbox.run(['sh', ...args].join(' ')); // sh -c sleep 1 &)",
       .right = R"(const line = `nohup sh -c ${shellQuote(command)} </dev/null >/dev/null 2>&1 &`;
return sandbox.exec(['sh', '-c', line]); // a vector: the line stays in one piece)",
       .defects = {"C33", "C34", "E11"},
       .mend = "Detach the process from the call (setsid), give the line to `sh -c` as one "
               "argument, and do not try again by yourself.",
       .sandbox = SandboxNeed::kFresh,
       .check = CommandRunsOnceToItsEnd},
      {.id = "command.background.whole-line",
       .level = Level::kOptional,
       .capability = background,
       .asks =
           "All of a line runs in the background: `a; b`, `a && b`, several lines, a comment at "
           "its end.",
       .why = "`npm install && npm start` in the background is one thing to its caller.",
       .breaks = "`nohup LINE &` puts only the last command of `a; b` there, waits for the first, "
                 "and cannot start a group or a condition at all; a comment swallows the `&`.",
       .wrong = R"(return sandbox.run(`nohup ${command} > /dev/null 2>&1 &`);)",
       .right =
           R"(return sandbox.run(`nohup sh -c ${shellQuote(command)} </dev/null >/dev/null 2>&1 &`);)",
       .defects = {"C33", "C36"},
       .mend = "`nohup sh -c 'LINE' &`, with the line as one argument.",
       .sandbox = SandboxNeed::kFresh,
       .check = WholeLineIsInTheBackground},
      {.id = "command.background.args",
       .level = Level::kOptional,
       .capability = background,
       .asks = "A program in the background gets its args as they are.",
       .why = "A server whose configuration has a blank in its path is a usual thing to start.",
       .breaks = "The way to the background is a string in many providers, and the args are joined "
                 "again, by code that the foreground does not use.",
       .wrong = R"(const line = [command, ...args].join(' ');
return sandbox.run(`nohup ${line} >/dev/null 2>&1 &`);)",
       .right = R"(const line = [command, ...args].map(shellQuote).join(' ');
return sandbox.run(`nohup ${line} </dev/null >/dev/null 2>&1 &`);)",
       .defects = {"C1", "C33"},
       .mend = "Pass the vector on; if it must be text, each arg in single quotes.",
       .sandbox = SandboxNeed::kFresh,
       .check = ArgsArriveInTheBackground},
      {.id = "command.background.with-cwd",
       .level = Level::kOptional,
       .capability = background,
       .asks = "A command in the background starts in its cwd.",
       .why = "`npm start` means the project in that directory, and fails unseen in another.",
       .breaks =
           "`nohup cd DIR && LINE &` fails: cd is no program. The exit code is 0 all the same.",
       .wrong = R"(const inDir = cwd ? `cd ${shellQuote(cwd)} && ${command}` : command;
return sandbox.run(`nohup ${inDir} >/dev/null 2>&1 &`);)",
       .right = R"(const inDir = cwd ? `cd -- ${shellQuote(cwd)} || exit\n${command}` : command;
return sandbox.run(`nohup sh -c ${shellQuote(inDir)} </dev/null >/dev/null 2>&1 &`);)",
       .defects = {"C33", "C44"},
       .mend = "Change the directory inside the shell that is put in the background.",
       .sandbox = SandboxNeed::kFresh,
       .needs = {std::string(capability::kCommandCwd)},
       .check = CwdIsUsedInTheBackground},
      {.id = "command.background.with-env",
       .level = Level::kOptional,
       .capability = background,
       .asks = "A command in the background has its env, in all parts of the line.",
       .why = "PORT and DATABASE_URL are how a server is told what to do.",
       .breaks = "`nohup NAME=x LINE &` looks for a program called NAME=x.",
       .wrong = R"(return sandbox.run(`nohup ${pairs(env)} ${command} >/dev/null 2>&1 &`);)",
       .right = R"(const script = `${exports(env)}${command}`; // export NAME='x', a line each
return sandbox.run(`nohup sh -c ${shellQuote(script)} </dev/null >/dev/null 2>&1 &`);)",
       .defects = {"C33", "C39"},
       .mend = "Set the variables inside the shell that is put in the background, or with env(1).",
       .sandbox = SandboxNeed::kFresh,
       .needs = {std::string(capability::kCommandEnv)},
       .check = EnvIsUsedInTheBackground},
      {.id = "command.background.output",
       .level = Level::kOptional,
       .capability = background,
       .asks = "A command in the background may print much: it is not blocked, and nothing of it "
               "shows in other commands.",
       .why = "A server that logs must not stand still when somebody else's log is full.",
       .breaks = "A pipe that nobody reads is full after 64 KiB; the program is killed by SIGPIPE "
                 "when the call has closed it; or its output goes to a stream of the sandbox that "
                 "the next command reads.",
       .wrong =
           R"(const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
return { ...empty, isBackground: true }; // nobody reads child.stdout)",
       .right = R"(const log = openSync(`${logDir}/${id}.log`, 'a');
const stdio = ['ignore', log, log];
const child = spawn('sh', ['-c', command], { detached: true, stdio });
child.unref();)",
       .defects = {"C33", "C30", "C59"},
       .mend = "Send its output to a file or to /dev/null, or go on reading it.",
       .sandbox = SandboxNeed::kFresh,
       .check = OutputHarmsNothing},
      {.id = "command.background.stdin",
       .level = Level::kOptional,
       .capability = background,
       .asks = "Standard input of a command in the background is empty.",
       .why = "Development servers read keys. One that waits for a key nobody can press serves "
              "nothing.",
       .breaks = "What reads from a terminal in the background is stopped by the kernel; from an "
                 "open pipe it waits for ever. `nohup` alone redirects input only from a terminal.",
       .wrong = R"(return sandbox.run(`nohup sh -c ${shellQuote(command)} >/dev/null 2>&1 &`);)",
       .right =
           R"(return sandbox.run(`nohup sh -c ${shellQuote(command)} </dev/null >/dev/null 2>&1 &`);)",
       .defects = {"C31", "C33"},
       .mend = "Start it with its input from /dev/null.",
       .sandbox = SandboxNeed::kFresh,
       .check = InputIsEmptyInTheBackground},
      {.id = "command.background.no-litter",
       .level = Level::kRecommended,
       .capability = background,
       .asks = "A command in the background leaves no file of the provider's where commands start.",
       .why = "nohup.out in the user's repository is committed sooner or later.",
       .breaks = "`nohup` without a redirection writes nohup.out into the current directory; logs "
                 "and pid files of the adapter's own are put there too.",
       .wrong =
           R"(return sandbox.run(`nohup sh -c ${shellQuote(command)} & echo $! > server.pid`);)",
       .right = R"(const dir = '/var/lib/acme'; // not the user's
return sandbox.run(`nohup sh -c ${shellQuote(command)} </dev/null >${dir}/log 2>&1 &`);)",
       .defects = {"H6", "H5"},
       .mend = "Redirect its output, or keep logs in a folder of the provider's own.",
       .sandbox = SandboxNeed::kFresh,
       .check = NoLitterIsLeft},
  };
}

std::vector<Requirement> CommandOptionRequirements() {
  return Join(CommandCwdRequirements(), CommandEnvRequirements(), CommandTimeoutRequirements(),
              CommandBackgroundRequirements());
}

}  // namespace computesdk::conformance
