#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Which runtime code runs in.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;

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

}  // namespace

std::vector<Requirement> CodeRuntimeRequirements() {
  return {
      {.id = "code.runtimes.declared",
       .level = Level::kRequired,
       .asks = "runCode runs code in each runtime that the provider declares.",
       .why =
           "A caller chooses by that list. A runtime that is declared and not installed fails at "
           "the first user's first call.",
       .breaks =
           "The list is that of the product's page, and the image another one; or the "
           "interpreter is called by a path (a venv, /usr/local/bin) that this image has not.",
       .wrong = R"(const runtimes = ['python', 'node', 'bash'];  // the image is node:22-alpine
await exec(sandbox, ['/opt/venv/bin/python', file]);)",
       .right = R"(const runtimes = ['node', 'bash'];  // what every sandbox of this image has
await exec(sandbox, ['node', file]);)",
       .defects = {"K2", "K18", "K20"},
       .mend = "Declare only what every sandbox has; call the interpreter by a name that PATH "
               "finds, or by a path that exists.",
       .check = DeclaredRuntimesRun},
      {.id = "code.runtimes.default",
       .level = Level::kRequired,
       .asks = "Without a runtime, in a sandbox made without one, code runs in the provider's "
               "first.",
       .why = "Most callers name none, and expect the same one every time; what code happens to "
              "print must not change the language that it is read in.",
       .breaks = "The language is guessed from the text (`import `, `print(`): right until a "
                 "string has such a word in it. Or a default is built in that is not declared.",
       .wrong = R"(const runtime = options.runtime ??
    (/print\(|import /.test(code) ? 'python' : 'node');)",
       .right = R"(const runtime = options.runtime ?? sandbox.runtime ?? runtimes[0];)",
       .defects = {"K1"},
       .mend = "Take the first declared runtime; do not look at the code.",
       .sandbox = SandboxNeed::kNone,
       .check = DefaultRuntimeIsTheFirst},
      {.id = "code.runtimes.of-the-sandbox",
       .level = Level::kRequired,
       .asks = "Without a runtime, code runs in the one that the sandbox was created with.",
       .why = "Who created a Python sandbox does not say \"python\" again with every call.",
       .breaks = "The option of create is used for the image only, and not kept; or it is kept in "
                 "a handle, and lost with it.",
       .wrong = R"(async create(options) {
  return client.create({ image: IMAGES[options.runtime] });
}
async runCode(sandbox, code, runtime = 'python') {  // whatever create was told)",
       .right = R"(async create(options) {
  const runtime = options.runtime ?? runtimes[0];
  return client.create({ image: IMAGES[runtime], labels: { runtime } });
}
async runCode(sandbox, code, runtime = sandbox.labels.runtime) {)",
       .defects = {"K1", "I6"},
       .mend = "Keep the runtime with the sandbox, where getById finds it too, and use it where a "
               "call names none.",
       .sandbox = SandboxNeed::kNone,
       .check = DefaultRuntimeIsTheSandboxes},
      {.id = "code.runtimes.obeyed",
       .level = Level::kRequired,
       .asks = "Code runs in the runtime asked for, whatever it looks like.",
       .why = "Code that writes code, or only quotes some, looks like several languages. The "
              "caller knows which it is, and has said so.",
       .breaks = "A guess from the text comes first: seven of nine published providers ran "
                 "`import fs from 'fs'` or `__dirname` as Python.",
       .wrong =
           R"(const runtime = looksLikePython(code) ? 'python' : (options.runtime ?? 'node');)",
       .right = R"(const runtime = options.runtime ?? sandbox.runtime;
// `code` is passed on, and never read here.)",
       .defects = {"K1"},
       .mend = "Obey the runtime of the call; do not look at the code.",
       .check = RuntimeIsObeyedWhateverTheCodeLooksLike},
      {.id = "code.runtimes.undeclared",
       .level = Level::kRequired,
       .asks = "A runtime that is not declared is an error, and nothing runs.",
       .why = "In an interpreter that it was not written for, code fails halfway, with whatever "
              "effect it has had until then.",
       .breaks = "A table or an `else` with a fallback, so that every unknown name means the same "
                 "interpreter.",
       .wrong = R"(const command = runtime === 'python' ? 'python3' : 'node';  // "ruby" is node)",
       .right = R"(const command = { python: 'python3', node: 'node' }[runtime];
if (!command) throw new InvalidArgumentError(`there is no runtime '${runtime}'`);)",
       .defects = {"K2"},
       .mend = "Compare with the declared runtimes first, and answer INVALID_ARGUMENT.",
       .check = UndeclaredRuntimeRunsNothing},
  };
}

}  // namespace computesdk::conformance
