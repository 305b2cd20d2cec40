#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Where code runs: in which runtime, in which sandbox, beside what else.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;

void ExpectRuns(CheckContext& ctx, const Result<ExecutionResult>& run, std::string_view out) {
  const ExecutionResult result = ctx.Must(run, "runCode");
  ctx.ExpectBytes(result.stdout_bytes, out, "stdout");
  ctx.ExpectBytes(result.stderr_bytes, "", "stderr");
  ctx.Expect(result.exit_code, Eq(0), "exit code");
}

void DeclaredRuntimesRun(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string word = ctx.Unique();
    ExpectRuns(ctx, RunCode(ctx, ctx.box(), runtime, runtime.language->Print(word + "\n")),
               word + "\n");
  });
}

void DefaultRuntimeIsTheFirst(CheckContext& ctx) {
  const std::string& first = ctx.description().runtimes.at(0);
  const Language* language = FindLanguage(first);
  if (language == nullptr) ctx.NotTestable("the kit has no programs for the runtime " + first);
  const Box box = ctx.CreateBox();
  for (const std::string word : {"plain", "print(", "console.log("}) {
    const auto scope = ctx.Case("printing \"", word, "\"");
    ExpectRuns(ctx, ctx.provider().RunCode(box.id, {.code = language->PrintLiteral(word)}), word);
  }
}

void DefaultRuntimeIsTheSandboxes(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Box box = ctx.CreateBox({.runtime = runtime.name});
    ExpectRuns(ctx,
               ctx.provider().RunCode(box.id, {.code = runtime.language->PrintLiteral("my own")}),
               "my own");
    ctx.provider().Destroy(box.id);
  });
}

void RuntimeIsObeyedWhateverTheCodeLooksLike(CheckContext& ctx) {
  const std::string looks[] = {
      "import os, sys; sys.exit()",
      "def main(): print(__name__); raise ValueError",
      "const fs = require('fs'); console.log(() => {});",
      "import fs from 'fs'; export default function () {}",
      "let x: number = 1; interface Y {}",
      "#!/bin/bash",
      "echo $HOME && if [ -n x ]; then fi",
      "puts 'x'; require 'json'; end",
      "<?php echo 1; ?>",
      "package main; func main() { fmt.Println() }",
      "SELECT * FROM x;",
  };
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    for (const std::string& look : looks) {
      const auto scope = ctx.Case("code with ", Printable(look));
      ExpectRuns(ctx,
                 RunCode(ctx, ctx.box(), runtime,
                         runtime.language->Comment(look) + runtime.language->PrintLiteral(look)),
                 look);
    }
  });
}

void UndeclaredRuntimeRunsNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string canary = box.Path("canary");
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string code = runtime.language->WriteFile(canary, "x");
    ctx.Need(RunCode(ctx, box, runtime, code), "the same code in a runtime that is declared");
    if (!ctx.PathIsThere(box, canary)) ctx.NotTestable("a canary made on purpose was not seen");
    std::vector<std::string> others = {"kit-no-such-runtime"};
    for (const Runtime& other : UndeclaredRuntimes(ctx.description())) others.push_back(other.name);
    for (const std::string& other : others) {
      const auto scope = ctx.Case("as ", Printable(other), ", which is not declared");
      ctx.Observe(box, "rm -f " + ShellQuote(canary));
      ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = code, .runtime = other}), "runCode");
      ctx.Expect(ctx.PathIsThere(box, canary), IsFalse(), "whether the code ran");
    }
    ctx.Observe(box, "rm -f " + ShellQuote(canary));
  });
}

void CodeSeesTheFilesOfItsSandbox(CheckContext& ctx) {
  const Box& box = ctx.box();
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string path = box.Path("it's from a command " + runtime.name);
    ctx.PutFile(box, path, "by a command\n");
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->PrintFile(path)),
               "by a command\n");
  });
}

void CommandsSeeTheFilesOfCode(CheckContext& ctx) {
  const Box& box = ctx.box();
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string path = box.Path("it's from code " + runtime.name);
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->WriteFile(path, "by code\n")), "");
    ctx.Expect(ctx.PeekFile(box, path), Eq(std::optional<std::string>("by code\n")),
               "the file that the code wrote, seen by a command");
  });
}

void InputOfCodeIsEmpty(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    // More code behind it: where the code itself comes on standard input, reading takes it away.
    ExpectRuns(ctx,
               RunCode(ctx, ctx.box(), runtime,
                       runtime.language->ReadInput() + runtime.language->Print(" after")),
               "got 0 after");
  });
}

void RunsStartFresh(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string name = "kit_" + ctx.Unique();
    ExpectRuns(ctx,
               RunCode(ctx, ctx.box(), runtime,
                       runtime.language->Remember(name) + runtime.language->Recall(name)),
               "known");
    const auto scope = ctx.Case("the next run");
    ExpectRuns(ctx, RunCode(ctx, ctx.box(), runtime, runtime.language->Recall(name)), "unknown");
  });
}

void RunsAtTheSameTimeAreApart(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ctx.InParallel(8, [&](int i) {
      const std::string tag = "run-" + std::to_string(i) + "\n";
      const auto scope = ctx.Case("run ", i + 1, " of 8");
      std::string code;
      std::string expected;
      for (int line = 0; line < 10; ++line) {
        code += runtime.language->Print(tag);
        expected += tag;
      }
      ExpectRuns(ctx, RunCode(ctx, ctx.box(), runtime, code), expected);
    });
  });
}

void FirstRunWorks(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Box box = ctx.CreateBox();
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->Print("first")), "first");
  });
}

void CreateEnvsAreVisibleToCode(CheckContext& ctx) {
  const std::string value = "it's \"$HOME\" = \xc3\xa9";
  const Box box = ctx.CreateBox({.envs = {{"KIT_CODE", value}}});
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ExpectRuns(ctx, RunCode(ctx, box, runtime, runtime.language->PrintVariable("KIT_CODE")), value);
  });
}

void ResultNamesItsSandbox(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Stopwatch watch;
    const ExecutionResult result =
        ctx.Must(RunCode(ctx, ctx.box(), runtime, runtime.language->Print("x")), "runCode");
    ctx.ExpectBytes(result.sandbox_id, ctx.box().id, "sandboxId");
    ctx.ExpectBytes(result.provider, ctx.description().name, "provider");
    ctx.Expect(result.execution_time.count(),
               ::testing::AllOf(::testing::Ge(0), ::testing::Le(watch.elapsed().count() + 50)),
               "executionTime in ms, of a call that took " +
                   std::to_string(watch.elapsed().count()) + " ms");
  });
}

}  // namespace

std::vector<Requirement> CodeRunRequirements() {
  return {
      {.id = "code.runtimes.declared",
       .level = Level::kRequired,
       .asks = "runCode runs code in each runtime that the provider declares.",
       .why = "A runtime that is declared and not installed fails at the first user's first call.",
       .defects = {"K2", "K18", "K20"},
       .mend = "Declare only what every sandbox has; call the interpreter by a path that exists.",
       .check = DeclaredRuntimesRun},
      {.id = "code.runtimes.default",
       .level = Level::kRequired,
       .asks = "Without a runtime, in a sandbox made without one, code runs in the provider's "
               "first.",
       .why = "Guessing the language from the text (`import `, `print(`) is right until the code "
              "has a string with such a word in it.",
       .defects = {"K1"},
       .mend = "Take the first declared runtime; do not look at the code.",
       .sandbox = SandboxNeed::kNone,
       .check = DefaultRuntimeIsTheFirst},
      {.id = "code.runtimes.of-the-sandbox",
       .level = Level::kRequired,
       .asks = "Without a runtime, code runs in the one that the sandbox was created with.",
       .why = "The option of create is stored and never read again, or lost with the handle.",
       .defects = {"K1", "I6"},
       .mend = "Keep the runtime with the sandbox, and use it where a call names none.",
       .sandbox = SandboxNeed::kNone,
       .check = DefaultRuntimeIsTheSandboxes},
      {.id = "code.runtimes.obeyed",
       .level = Level::kRequired,
       .asks = "Code runs in the runtime asked for, whatever it looks like.",
       .why = "Seven of nine published providers guessed the language: `import fs from 'fs'` or "
              "`__dirname` was run as Python.",
       .defects = {"K1"},
       .mend = "Obey the runtime of the call; do not look at the code.",
       .check = RuntimeIsObeyedWhateverTheCodeLooksLike},
      {.id = "code.runtimes.undeclared",
       .level = Level::kRequired,
       .asks = "A runtime that is not declared is an error, and nothing runs.",
       .why = "Falling back to another language runs code in an interpreter that it was not "
              "written for, with whatever effect that has.",
       .defects = {"K2"},
       .mend = "Compare with the declared runtimes first, and answer INVALID_ARGUMENT.",
       .check = UndeclaredRuntimeRunsNothing},
      {.id = "code.files.of-commands",
       .level = Level::kRequired,
       .asks = "Code sees the files of its own sandbox.",
       .why = "Code that runs in another container, or another sandbox that was made for it, finds "
              "nothing.",
       .defects = {"K12"},
       .mend = "Run the interpreter in the sandbox, as a command would be.",
       .check = CodeSeesTheFilesOfItsSandbox},
      {.id = "code.files.of-code",
       .level = Level::kRequired,
       .asks = "Commands see the files that code wrote.",
       .why = "Code writes the chart, a command fetches it.",
       .defects = {"K12"},
       .mend = "Run the interpreter in the sandbox, as a command would be.",
       .check = CommandsSeeTheFilesOfCode},
      {.id = "code.stdin",
       .level = Level::kRequired,
       .asks = "Code that reads its input gets the end at once, and the rest of it runs.",
       .why = "`input()` waits for ever on an open pipe; where the code itself is piped into the "
              "interpreter, reading takes the rest of the program away.",
       .defects = {"K11", "C31"},
       .mend = "Pass the code as a file, and start the interpreter with its input from /dev/null.",
       .sandbox = SandboxNeed::kFresh,
       .check = InputOfCodeIsEmpty},
      {.id = "code.concurrent",
       .level = Level::kRequired,
       .asks = "Eight programs at the same time each run their own code.",
       .why = "One fixed file for the code, such as /tmp/code.py, is overwritten by the next call "
              "before the interpreter reads it.",
       .defects = {"P5", "P1"},
       .mend = "Give each run a file of its own.",
       .check = RunsAtTheSameTimeAreApart},
      {.id = "code.first-run",
       .level = Level::kRequired,
       .asks = "Code works as the first thing in a new sandbox.",
       .why = "An interpreter that is still starting refuses the first call, or loses it.",
       .defects = {"K18"},
       .mend = "Return from create when the runtime answers, or wait in the first call.",
       .sandbox = SandboxNeed::kNone,
       .check = FirstRunWorks},
      {.id = "code.create-envs",
       .level = Level::kOptional,
       .capability = std::string(capability::kCreateEnvs),
       .asks = "Variables of create are visible to code in every runtime.",
       .why = "Commands and code often start by different ways, and one of them forgets.",
       .defects = {"K16"},
       .mend = "Start the interpreter with the environment of commands.",
       .sandbox = SandboxNeed::kNone,
       .check = CreateEnvsAreVisibleToCode},
      {.id = "code.result",
       .level = Level::kRequired,
       .asks = "A result of runCode has the sandbox's id, the provider's name, and a wall time in "
               "ms.",
       .why = "The two ways to run things fill the fields in two places, and one is forgotten.",
       .defects = {"I10", "I11", "C61"},
       .mend = "Build results of code and of commands in one function.",
       .check = ResultNamesItsSandbox},
      {.id = "code.fresh",
       .level = Level::kRecommended,
       .asks = "Each run starts fresh: it does not see the variables of the one before.",
       .why = "Code that works only after other code has run works only once.",
       .defects = {"K13"},
       .mend = "Start an interpreter for each run.",
       .check = RunsStartFresh},
  };
}

}  // namespace computesdk::conformance
