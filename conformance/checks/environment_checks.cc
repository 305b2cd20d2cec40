#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
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
  const ExecutionResult result = ctx.Must(ctx.Exec(box, "sh", {"-c", "printf found"}), "sh");
  ctx.ExpectBytes(result.stdout_bytes, "found", "stdout of the program sh, found by its name");
}

void OutputIsNoTerminal(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string line =
      "for fd in 0 1 2; do if [ -t $fd ]; then printf '%s is a terminal\\n' $fd; fi; done";
  ctx.ExpectBytes(ctx.Must(ctx.Sh(box, line)).stdout_bytes, "", "terminals of a shell line");
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
    const ExecutionResult result =
        ctx.Need(as_program ? ctx.Exec(box, "sh", {"-c", list}) : ctx.Sh(box, list), "export -p");
    if (result.stdout_bytes.find(own) == std::string::npos) {
      ctx.NotTestable("`export -p` does not list the variables");
    }
    ctx.Expect(result.stdout_bytes, Not(HasSubstr(value)),
               "variables, among them " + name + " of the kit's own");
  }
}

void NothingIsLeftWhereCommandsStart(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string list = "pwd; for f in * .[!.]*; do printf '%s\\n' \"$f\"; done; for f in " +
                           ShellQuote(box.dir) + "/* " + ShellQuote(box.dir) +
                           "/.[!.]*; do printf '%s\\n' \"$f\"; done";
  const std::string before = ctx.Observe(box, list);
  ctx.Must(ctx.Sh(box, "printf out; printf err >&2; exit 3"), "a command");
  ctx.Must(ctx.Exec(box, "sh", {"-c", "printf out"}), "a program");
  for (const std::string& runtime : ctx.description().runtimes) {
    if (const Language* language = FindLanguage(runtime); language != nullptr) {
      (void)RunCode(ctx, box, {runtime, language}, language->Print("x"));
      (void)RunCode(ctx, box, {runtime, language}, language->Throw("boom"));
    }
  }
  ctx.ExpectBytes(ctx.Observe(box, list), before,
                  "files where commands start and in the checks' directory, before and after");
}

}  // namespace

std::vector<Requirement> EnvironmentRequirements() {
  return {
      {.id = "environment.home",
       .level = Level::kRecommended,
       .asks = "HOME is set, exists and is writable.",
       .why = "git, npm, pip and most other tools keep their settings there, and fail in odd ways "
              "where it is missing.",
       .defects = {"C55"},
       .mend = "Set HOME to a directory of the user that commands run as.",
       .check = HomeIsWritable},
      {.id = "environment.path",
       .level = Level::kRecommended,
       .asks = "PATH finds sh.",
       .why = "A program that is started without the environment of a login finds nothing.",
       .defects = {"C55", "C63"},
       .mend = "Set PATH for programs as well as for shell lines.",
       .check = PathFindsTheShell},
      {.id = "environment.no-terminal",
       .level = Level::kRecommended,
       .asks = "Neither input nor output of a command is a terminal.",
       .why = "On a terminal, tools colour their output, start pagers, and ask questions that "
              "nobody answers.",
       .defects = {"C56", "C23"},
       .mend = "Use pipes; do not ask the backend for a tty.",
       .check = OutputIsNoTerminal},
      {.id = "environment.locale",
       .level = Level::kRecommended,
       .asks = "The locale takes UTF-8.",
       .why = "In the C locale, programs refuse or spoil text beyond ASCII.",
       .defects = {"C57"},
       .mend = "Set LANG=C.UTF-8 in the image or with each command.",
       .check = LocaleTakesUtf8},
      {.id = "environment.provider-variables",
       .level = Level::kRecommended,
       .asks = "Nothing of the provider's own environment shows in a command's.",
       .why = "It holds the API keys. `{...process.env, ...env}` hands them to whatever code a "
              "model wrote.",
       .defects = {"S1", "E6"},
       .mend = "Start commands with an environment that is built from nothing.",
       .check = ProvidersVariablesAreHidden},
      {.id = "environment.no-litter",
       .level = Level::kRecommended,
       .asks = "Commands and code leave no files of the provider's own where commands start.",
       .why = "Scripts, logs and exit codes kept in the user's directory end up in commits and "
              "in listings.",
       .defects = {"H3", "H5", "H6"},
       .mend = "Keep such files in a folder of the provider's own, and remove them.",
       .sandbox = SandboxNeed::kFresh,
       .check = NothingIsLeftWhereCommandsStart},
  };
}

}  // namespace computesdk::conformance
