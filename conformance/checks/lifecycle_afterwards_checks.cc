#include <filesystem>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/lifecycle.h"
#include "conformance/checks/values.h"

// Calls on a sandbox that is destroyed, or never was, and what their errors say.
namespace computesdk::conformance {
namespace {

using ::testing::HasSubstr;
using ::testing::IsTrue;
using ::testing::Le;
using ::testing::Not;

// For two calls, with room for a slow machine and a slow network.
constexpr Milliseconds kWithoutDelay{10'000};

void CommandsFailAfterwards(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  const Stopwatch watch(ctx);
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a shell line after destroy");
  ctx.ExpectError(ctx.Exec(box, "cat", {box.Path("file")}), "a program with args after destroy");
  ctx.Expect(watch.elapsed(), Le(kWithoutDelay), "the time that these two calls took");
}

void CodeFailsAfterwards(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = "1"}), "runCode after destroy");
  for (const std::string& runtime : ctx.description().runtimes) {
    ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = "1", .runtime = runtime}),
                    "runCode in " + runtime + " after destroy");
  }
}

void FileCallsFailAfterwards(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  Provider& provider = ctx.provider();
  const std::string file = box.Path("file");
  ctx.ExpectError(provider.ReadFile(box.id, file), "readFile after destroy");
  ctx.ExpectError(provider.WriteFile(box.id, box.Path("new"), "x"), "writeFile after destroy");
  ctx.ExpectError(provider.Mkdir(box.id, box.Path("dir")), "mkdir after destroy");
  ctx.ExpectError(provider.Readdir(box.id, box.dir), "readdir after destroy");
  ctx.ExpectError(provider.Exists(box.id, file), "exists after destroy");
  ctx.ExpectError(provider.Remove(box.id, file), "remove after destroy");
}

void ErrorsSayNotFound(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  const std::vector<ErrorCode> not_found = {ErrorCode::kNotFound};
  ctx.ExpectError(ctx.Sh(box, "printf alive"), "a command after destroy", not_found);
  ctx.ExpectError(ctx.provider().RunCode(box.id, {.code = "1"}), "runCode after destroy",
                  not_found);
  if (ctx.Claims(capability::kFilesystem)) {
    ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path("file")), "readFile after destroy",
                    not_found);
    ctx.ExpectError(ctx.provider().Exists(box.id, box.Path("file")), "exists after destroy",
                    not_found);
  }
}

void StatusIsNotRunning(CheckContext& ctx) {
  const Box box = CreateAndDestroy(ctx);
  // What tells of sandboxes may lag behind.
  const bool ended = ctx.Eventually(ctx.consistency_window(), [&] {
    const Result<SandboxInfo> info = ctx.provider().GetInfo(box.id);
    return !info || info->status != SandboxStatus::kRunning;
  });
  ctx.Expect(ended, IsTrue(), "whether getInfo stops saying that a destroyed sandbox is running");
}

void UnknownSandboxIsAnError(CheckContext& ctx) {
  Provider& provider = ctx.provider();
  for (const std::string& id : {ctx.Unique(), "sb/" + ctx.Unique() + " x"}) {
    const auto scope = ctx.Case("id ", Printable(id));
    const Box none{id, "/tmp", "/tmp"};
    ctx.ExpectError(ctx.Sh(none, "printf alive"), "a command");
    ctx.ExpectError(ctx.Exec(none, "printf", {"alive"}), "a program with args");
    ctx.ExpectError(provider.RunCode(id, {.code = "1"}), "runCode");
    if (ctx.Claims(capability::kGetInfo)) ctx.ExpectError(provider.GetInfo(id), "getInfo");
    if (ctx.Claims(capability::kGetUrl)) {
      ctx.ExpectError(provider.GetUrl(id, {.port = 3000}), "getUrl");
    }
    if (ctx.Claims(capability::kFilesystem)) {
      ctx.ExpectError(provider.ReadFile(id, "/tmp/x"), "readFile");
      ctx.ExpectError(provider.WriteFile(id, "/tmp/" + ctx.Unique(), "x"), "writeFile");
      ctx.ExpectError(provider.Mkdir(id, "/tmp/" + ctx.Unique()), "mkdir");
      ctx.ExpectError(provider.Readdir(id, "/tmp"), "readdir");
      ctx.ExpectError(provider.Exists(id, "/tmp"), "exists");
      ctx.ExpectError(provider.Remove(id, "/tmp/" + ctx.Unique()), "remove");
    }
  }
}

// What calls that must fail said of it.
struct Refusal {
  std::string call;
  std::string asked;  // What the call was about.
  std::string message;
};

template <typename T>
void AddRefusal(std::vector<Refusal>& refusals, const Result<T>& result, std::string call,
                std::string asked) {
  if (result) return;  // That it had to fail is for others to say.
  refusals.push_back({std::move(call), std::move(asked), result.error().message});
}

std::vector<Refusal> Refusals(CheckContext& ctx) {
  Provider& provider = ctx.provider();
  const Box& box = ctx.box();
  const std::string id = ctx.Unique();
  std::vector<Refusal> refusals;
  AddRefusal(refusals, provider.RunCommand(id, {.command = "printf x"}),
             "a command in an unknown sandbox", id);
  AddRefusal(refusals, provider.RunCode(id, {.code = "1"}), "code in an unknown sandbox", id);
  const std::string runtime = "kit-" + ctx.Unique();
  AddRefusal(refusals, provider.RunCode(box.id, {.code = "1", .runtime = runtime}),
             "code in an unknown runtime", runtime);
  if (ctx.Claims(capability::kGetInfo)) {
    AddRefusal(refusals, provider.GetInfo(id), "getInfo of an unknown sandbox", id);
  }
  if (ctx.Claims(capability::kFilesystem)) {
    const std::string name = ctx.Unique();
    AddRefusal(refusals, provider.ReadFile(box.id, box.Path(name)), "readFile of a missing file",
               name);
    AddRefusal(refusals, provider.Readdir(box.id, box.Path(name)), "readdir of a missing path",
               name);
  }
  if (ctx.Claims(capability::kGetUrl)) {
    AddRefusal(refusals, provider.GetUrl(box.id, {.port = 70123}), "getUrl of a port of that size",
               "70123");
  }
  return refusals;
}

void ErrorsSayWhich(CheckContext& ctx) {
  for (const Refusal& refusal : Refusals(ctx)) {
    ctx.Expect(refusal.message, HasSubstr(refusal.asked), "the error of " + refusal.call);
  }
}

void ErrorsTellNoInternals(CheckContext& ctx) {
  const std::string secret = ctx.host_canary_variable().second;
  std::error_code failed;
  const std::string folder = std::filesystem::current_path(failed).string();
  for (const Refusal& refusal : Refusals(ctx)) {
    ctx.Expect(refusal.message, Not(HasSubstr(secret)),
               "the error of " + refusal.call + ", as to a variable of the provider's own");
    // A short one may well be a folder of the sandbox, too.
    if (folder.size() > 8) {
      ctx.Expect(refusal.message, Not(HasSubstr(folder)),
                 "the error of " + refusal.call + ", as to the folder that the provider runs in");
    }
    // As Node, Java and Python, and Go print theirs.
    for (const char* trace : {"\n    at ", "\n\tat ", "Traceback (most", "goroutine "}) {
      ctx.Expect(refusal.message, Not(HasSubstr(trace)),
                 "the error of " + refusal.call + ", as to the provider's stack");
    }
  }
}

}  // namespace

std::vector<Requirement> LifecycleAfterwardsRequirements() {
  return {
      {.id = "lifecycle.destroy.commands-fail",
       .level = Level::kRequired,
       .asks = "After destroy no command runs in that sandbox: the call is an error.",
       .why = "A machine that still answers still runs, and is paid for. And a result with exit "
              "code 127 would look like a missing program.",
       .breaks = "destroy only forgets the handle, or runCommand catches the client's exception "
                 "and makes a result of it.",
       .wrong = R"(runCommand: async (id, command) => {
  try {
    return await client.exec(id, command)
  } catch (error) {
    return { stdout: '', stderr: error.message, exitCode: 127 }
  }
})",
       .right = R"(runCommand: async (id, command) => {
  const sandbox = sandboxes.get(id)
  if (!sandbox) throw new NotFound(`no sandbox ${id}`)
  return await sandbox.exec(command)   // what the client throws reaches the caller
})",
       .defects = {"L5", "L29", "C11"},
       .mend = "End the machine in destroy, and answer NOT_FOUND for its id from then on.",
       .sandbox = SandboxNeed::kNone,
       .check = CommandsFailAfterwards},
      {.id = "lifecycle.destroy.code-fails",
       .level = Level::kRequired,
       .asks = "After destroy no code runs in that sandbox: the call is an error.",
       .why = "Code that runs on after the sandbox is gone runs where nobody looks for it, and a "
              "result makes the caller believe that it ran in the sandbox.",
       .breaks = "Code runs by another service than commands, and destroy ends only one of them.",
       .wrong = R"(runCode: async (id, code) => interpreter.run(code, { session: id }),
destroy: async (id) => { await machines.delete(id) })",
       .right = R"(destroy: async (id) => {
  await interpreter.endSession(id)
  await machines.delete(id)
},
runCode: async (id, code) => interpreter.run(code, { session: await liveSession(id) }))",
       .defects = {"L5", "L29"},
       .mend = "End the interpreter's service with the sandbox, and look the id up first.",
       .sandbox = SandboxNeed::kNone,
       .check = CodeFailsAfterwards},
      {.id = "lifecycle.destroy.files-fail",
       .level = Level::kOptional,
       .capability = std::string(capability::kFilesystem),
       .asks = "After destroy each of the six file methods is an error.",
       .why = "A write that succeeds is lost without a word, and `false` for a file that nobody "
              "could look for makes callers create it again.",
       .breaks = "A file system object outlives its sandbox, or exists catches every error and "
                 "answers false.",
       .wrong = R"(exists: async (id, path) => {
  try { await client.stat(id, path); return true } catch { return false }
})",
       .right = R"(exists: async (id, path) => {
  try {
    await client.stat(id, path)
    return true
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
})",
       .defects = {"L5", "L29", "F39"},
       .mend = "Look the sandbox up in every file method, and answer NOT_FOUND without one.",
       .sandbox = SandboxNeed::kNone,
       .check = FileCallsFailAfterwards},
      {.id = "lifecycle.destroy.not-found",
       .level = Level::kRecommended,
       .asks = "A call on a destroyed sandbox is the error NOT_FOUND.",
       .why = "A caller who reads NOT_FOUND makes a new sandbox; one who reads a connection error "
              "tries again until the patience of the user ends.",
       .breaks = "The backend says \"404\", or its socket is closed, and the adapter passes on "
                 "whatever the HTTP library makes of it.",
       .wrong = R"(const response = await client.post(`/sandboxes/${id}/exec`, { command })
if (!response.ok) throw new Error(`request failed with ${response.status}`))",
       .right = R"(const response = await client.post(`/sandboxes/${id}/exec`, { command })
if (response.status === 404) throw new SdkError('NOT_FOUND', `no sandbox ${id}`)
if (!response.ok) throw new SdkError('UNAVAILABLE', `exec in ${id}: ${response.status}`))",
       .defects = {"E3", "L29"},
       .mend = "Map the backend's answer for a sandbox that is gone to NOT_FOUND, with the id in "
               "the message.",
       .sandbox = SandboxNeed::kNone,
       .check = ErrorsSayNotFound},
      {.id = "lifecycle.destroy.status",
       .level = Level::kOptional,
       .capability = std::string(capability::kGetInfo),
       .asks = "getInfo does not say `running` of a destroyed sandbox.",
       .why = "Monitors and bills go by the status: what says `running` for ever looks well, and "
              "is paid for.",
       .breaks = "The status is a constant, or the one read at create and kept in the handle.",
       .wrong =
           R"(getInfo: async (sandbox) => ({ id: sandbox.id, status: 'running', ...sandbox.info }))",
       .right = R"(getInfo: async (sandbox) => {
  const record = await client.get(sandbox.id)
  if (!record) throw new NotFound(`no sandbox ${sandbox.id}`)
  return { ...infoFrom(record), status: record.state === 'up' ? 'running' : 'stopped' }
})",
       .defects = {"L28", "I7"},
       .mend = "Ask the backend at every getInfo, and answer NOT_FOUND or `stopped`.",
       .sandbox = SandboxNeed::kNone,
       .check = StatusIsNotRunning},
      {.id = "lifecycle.unknown-sandbox",
       .level = Level::kRequired,
       .asks = "A call on a sandbox that never was is an error, whichever method it is.",
       .why = "A caller with a wrong id must learn of it, instead of working in a new and empty "
              "machine, or believing that a file does not exist.",
       .breaks = "A backend that makes sandboxes on demand, or one catch around everything that "
                 "answers exit code 127, `false` or an empty list.",
       .wrong = R"(const sandbox = (id) => cache[id] ??= client.getOrCreate(id)
readdir: async (id, path) => sandbox(id).list(path).catch(() => []))",
       .right = R"(async function sandbox(id) {
  const found = await client.find(id)
  if (!found) throw new SdkError('NOT_FOUND', `no sandbox ${id}`)
  return found
}
readdir: async (id, path) => (await sandbox(id)).list(path))",
       .defects = {"L8", "C11", "F39", "E3"},
       .mend = "Look the id up in every method; an unknown one is NOT_FOUND.",
       .sandbox = SandboxNeed::kNone,
       .check = UnknownSandboxIsAnError},
      {.id = "lifecycle.errors.say-which",
       .level = Level::kRecommended,
       .asks = "The message of an error names the sandbox, the path, the port or the runtime that "
               "it is about.",
       .why = "The message is all that is in the log of a job that failed at night. \"Not found\" "
              "tells nobody what to look for.",
       .breaks = "The backend's status text is passed on, without what had been asked for.",
       .wrong = R"(if (response.status === 404) throw new Error('Not Found'))",
       .right = R"(if (response.status === 404) {
  throw new SdkError('NOT_FOUND', `readFile: no file ${path} in sandbox ${id}`)
})",
       .defects = {"E4"},
       .mend =
           "Put the id, the path or the value that was refused into the message, where the error "
           "is made.",
       .check = ErrorsSayWhich},
      {.id = "lifecycle.errors.no-internals",
       .level = Level::kRecommended,
       .asks = "The message of an error has no stack trace, no folder and no variable of the "
               "provider's own process in it.",
       .why = "Messages are shown to users and kept in logs. API keys reach both by them, and so "
              "do the names of what runs on the machine.",
       .breaks = "`error.stack` as the message, or an HTTP error that is printed with its request: "
                 "headers, token and environment included.",
       .wrong = R"(catch (error) {
  throw new Error(`exec failed: ${error.stack} ${JSON.stringify(error.config)}`)
})",
       .right = R"(catch (error) {
  log.debug(error)   // the whole of it stays here
  throw new SdkError('INTERNAL', `exec in ${id} failed: ${error.message}`)
})",
       .defects = {"E5", "E6"},
       .mend = "Write messages of your own, and keep the cause in a log that users do not see.",
       .check = ErrorsTellNoInternals},
  };
}

}  // namespace computesdk::conformance
