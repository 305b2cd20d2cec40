#include <array>
#include <optional>
#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/tally.h"
#include "conformance/checks/values.h"

// Sandboxes side by side: no file, variable or result of one shows in another.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;

void FilesAreNotShared(CheckContext& ctx) {
  const std::array<Box, 2> boxes = {ctx.CreateBox(), ctx.CreateBox()};
  const std::string name = "/kit-" + ctx.Unique();
  // Below each sandbox's own workdir: the same path where they have the same.
  const auto path = [&](const Box& box) { return box.workdir + name; };
  ctx.PutFile(boxes[0], path(boxes[0]), "of the first");
  ctx.Expect(ctx.PathIsThere(boxes[1], path(boxes[1])), IsFalse(),
             "whether a file of one sandbox is there in the other");
  ctx.PutFile(boxes[1], path(boxes[1]), "of the second");
  ctx.Expect(ctx.PeekFile(boxes[0], path(boxes[0])), Eq(std::optional<std::string>("of the first")),
             "the first one's file, after the second one has written its own");
  ctx.Observe(boxes[1], "rm " + ShellQuote(path(boxes[1])));
  ctx.Expect(ctx.PeekFile(boxes[0], path(boxes[0])), Eq(std::optional<std::string>("of the first")),
             "the first one's file, after the second one has removed its own");
}

void FilesAreOutOfReach(CheckContext& ctx) {
  const Box first = ctx.CreateBox();
  const Box second = ctx.CreateBox();
  const std::string path = first.Path("kit-" + ctx.Unique());
  ctx.PutFile(first, path, "secret");
  ctx.Expect(ctx.PathIsThere(second, path), IsFalse(),
             "whether a file of one sandbox is there in the other, by its absolute path");
}

void CodeRunsInItsOwnSandbox(CheckContext& ctx) {
  const std::array<Box, 2> boxes = {ctx.CreateBox(), ctx.CreateBox()};
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const std::string name = "/kit-" + ctx.Unique();
    ctx.InParallel(2, [&](int i) {
      const Box& box = boxes[static_cast<std::size_t>(i)];
      const auto scope = ctx.Case("sandbox ", i + 1, " of two");
      const std::string path = box.workdir + name;
      const std::string text = "of sandbox " + std::to_string(i + 1);
      const ExecutionResult result = ctx.Must(
          RunCode(ctx, box, runtime,
                  runtime.language->WriteFile(path, text) + runtime.language->PrintFile(path)),
          "runCode");
      ctx.ExpectBytes(result.stdout_bytes, text, "stdout");
      ctx.ExpectBytes(result.sandbox_id, box.id, "sandboxId");
      ctx.Expect(ctx.PeekFile(box, path), Eq(std::optional<std::string>(text)),
                 "the file, seen by a command");
    });
  });
}

void VariablesAreNotShared(CheckContext& ctx) {
  const std::string name = "KIT_" + ctx.Unique();
  const Box first = ctx.CreateBox();
  const Box second = ctx.CreateBox();
  ctx.Must(ctx.Sh(first, "export " + name + "=leaked; printf '%s' \"$" + name + "\""));
  ctx.ExpectBytes(ctx.Must(ctx.Sh(second, "printf '%s' \"${" + name + "-unset}\"")).stdout_bytes,
                  "unset", "a variable of one sandbox, in the other");
}

void CreateEnvsAreNotShared(CheckContext& ctx) {
  const std::string name = "KIT_" + ctx.Unique();
  const std::string look = "printf '%s' \"${" + name + "-unset}\"";
  const Box first = ctx.CreateBox({.envs = {{name, "of the first"}}});
  const Box second = ctx.CreateBox({.envs = {{name, "of the second"}}});
  const Box third = ctx.CreateBox();
  ctx.ExpectBytes(ctx.Must(ctx.Sh(first, look)).stdout_bytes, "of the first", "in the first");
  ctx.ExpectBytes(ctx.Must(ctx.Sh(second, look)).stdout_bytes, "of the second", "in the second");
  ctx.ExpectBytes(ctx.Must(ctx.Sh(third, look)).stdout_bytes, "unset", "in one created without");
}

void ResultsAreNotMixed(CheckContext& ctx) {
  std::vector<Box> boxes;
  for (int i = 0; i < 3; ++i) boxes.push_back(ctx.CreateBox());
  Tally tally;
  ctx.InParallel(24, [&](int i) {
    const Box& box = boxes[static_cast<std::size_t>(i) % boxes.size()];
    const std::string tag = "command " + std::to_string(i);
    const std::string file = ShellQuote(box.workdir + "/kit-" + std::to_string(i));
    const Result<ExecutionResult> run =
        ctx.Sh(box, "printf '%s' " + ShellQuote(box.id) + " > " + file + "; cat " + file +
                        "; printf ' " + tag + "'");
    if (!run) return tally.Add("the error " + run.error().ToString());
    const bool own = run->stdout_bytes == box.id + " " + tag && run->sandbox_id == box.id;
    tally.Add(own ? ""
                  : tag + " in " + Printable(box.id) + " gave " + Printable(run->stdout_bytes) +
                        " and the sandboxId " + Printable(run->sandbox_id));
  });
  tally.Report(ctx, "results of 24 commands at once in three sandboxes",
               "the output of that very command, and the id of its sandbox");
}

}  // namespace

std::vector<Requirement> SandboxDataRequirements() {
  return {
      {.id = "isolation.files",
       .level = Level::kRequired,
       .asks = "Sandboxes share no files: the same path below the workdir is another file in each.",
       .why = "Two users' projects in one directory: one reads the other's secrets, and overwrites "
              "the other's work.",
       .breaks = "Names made from the clock, together with \"create if it does not exist\", give "
                 "two callers one container; a volume is mounted into all.",
       .wrong = R"(const name = `sandbox-${Date.now()}`;
return client.createIfNotExists(name);  // two callers in one millisecond)",
       .right = R"(const name = `sandbox-${randomUUID()}`;
return client.create(name);  // an error where it exists)",
       .defects = {"S2", "L20"},
       .mend = "Give each sandbox a file system of its own.",
       .sandbox = SandboxNeed::kNone,
       .check = FilesAreNotShared},
      {.id = "isolation.code",
       .level = Level::kRequired,
       .asks = "Code that runs in two sandboxes at the same time runs in each with its own files.",
       .why = "Commands may be kept apart well, and code, which comes from users, not at all.",
       .breaks = "The way for code has one container, one kernel or one temporary file for all "
                 "sandboxes of the process.",
       .wrong = R"(const kernel = await startKernel();  // once, for the module
export const runCode = (sandbox, code) => kernel.execute(code);)",
       .right = R"(export const runCode = async (sandbox, code) =>
    sandbox.exec(['python3', await upload(sandbox, code)]);)",
       .defects = {"K12", "P5", "S2"},
       .mend = "Run the interpreter in the sandbox, as a command would be.",
       .sandbox = SandboxNeed::kNone,
       .check = CodeRunsInItsOwnSandbox},
      {.id = "isolation.variables",
       .level = Level::kRequired,
       .asks = "A variable that a command sets in one sandbox is not there in another.",
       .why = "Tokens are exported as variables. What the next user's programs find there, they "
              "use.",
       .breaks = "The adapter emulates `export` in a table of its own, or sets variables in its "
                 "own process so that the child inherits them, for everybody.",
       .wrong = R"(Object.assign(process.env, exported);  // all later children have it
return spawn('ctr', ['exec', id, 'sh', '-c', command]);)",
       .right =
           R"(return spawn('ctr', ['exec', ...envFlags(options.env), id, 'sh', '-c', command]);)",
       .defects = {"C38", "S1"},
       .mend = "Set variables on the command's process only.",
       .sandbox = SandboxNeed::kNone,
       .check = VariablesAreNotShared},
      {.id = "isolation.create-envs",
       .level = Level::kOptional,
       .capability = std::string(capability::kCreateEnvs),
       .asks = "Variables of create belong to that sandbox alone.",
       .why = "They hold one customer's keys; the next customer's code would run with them.",
       .breaks = "One configuration object for all sandboxes, into which each create merges its "
                 "own options.",
       .wrong = R"(Object.assign(this.config.envs, options.envs);
return new Sandbox(id, this.config);)",
       .right =
           R"(const config = { ...this.config, envs: { ...this.config.envs, ...options.envs } };
return new Sandbox(id, config);)",
       .defects = {"I12", "S1"},
       .mend = "Copy the options for each sandbox.",
       .sandbox = SandboxNeed::kNone,
       .check = CreateEnvsAreNotShared},
      {.id = "isolation.results",
       .level = Level::kRequired,
       .asks = "Commands in several sandboxes at the same time each run in their own, and get "
               "their own results.",
       .why = "A service runs many sandboxes at once. A result from another one is a leak and a "
              "wrong answer in one.",
       .breaks = "A client with one connection, or with a \"current sandbox\", sends a command to "
                 "where the last one went, or hands out answers in the order they come.",
       .wrong = R"(this.current = sandboxId;
await this.connect();
return this.client.exec(this.current, command);  // somebody else's by now)",
       .right = R"(const connection = await this.connect();
return connection.exec(sandboxId, command);)",
       .defects = {"P1", "I12", "L20"},
       .mend = "Pass the sandbox with every request, match answers by their request's number, and "
               "keep no current one.",
       .sandbox = SandboxNeed::kNone,
       .check = ResultsAreNotMixed},
      {.id = "isolation.files-out-of-reach",
       .level = Level::kRecommended,
       .asks = "A file of one sandbox cannot be reached from another, by its absolute path either.",
       .why = "Code that nobody has read does not stay in its directory; it looks around.",
       .breaks = "Sandboxes are directories side by side on one machine, which keep honest code "
                 "apart, and no other.",
       .wrong = R"(const dir = path.join(root, sandboxId);
return spawn('sh', ['-c', command], { cwd: dir });)",
       .right = R"(return spawn('bwrap', ['--bind', dir, '/workspace', '--ro-bind', '/usr', '/usr',
  '--unshare-all', '--chdir', '/workspace', 'sh', '-c', command]);)",
       .defects = {"S2", "S4"},
       .mend = "Give each sandbox a file system of its own: a container, a mount namespace.",
       .sandbox = SandboxNeed::kNone,
       .check = FilesAreOutOfReach},
  };
}

}  // namespace computesdk::conformance
