#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in where and how code runs.
namespace computesdk::conformance {
namespace {

// Changes what is asked of runCode.
ProviderFactory SpoilCode(std::function<void(RunCodeRequest&)> change) {
  return Spoil({.run_code = [change = std::move(change)](Provider& inner, const std::string& id,
                                                         RunCodeRequest request) {
    change(request);
    return inner.RunCode(id, request);
  }});
}

bool Has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string Python(const std::string& code) { return "python3 -c " + ShellQuote(code); }

// Runs code by a shell line that is made of it; `prepare` may write files first.
ProviderFactory SpoilByLine(std::function<std::string(const std::string& code)> line) {
  return Spoil(
      {.run_code = [line = std::move(line)](Provider& inner, const std::string& id,
                                            RunCodeRequest request) -> Result<ExecutionResult> {
        if (request.runtime && *request.runtime != "bash") return inner.RunCode(id, request);
        return inner.RunCommand(id, {.command = line(request.code)});
      }});
}

Replacements PythonDeclaredAndMissing() {
  return {.description = [](ProviderDescription& d) { d.runtimes.emplace_back("python"); },
          .create =
              [](Provider& inner, CreateSandboxOptions options) {
                if (options.runtime == "python") options.runtime.reset();
                return inner.Create(options);
              },
          .run_code =
              [](Provider& inner, const std::string& id, RunCodeRequest request) {
                if (request.runtime != "python") return inner.RunCode(id, request);
                return inner.RunCommand(id, {.command = Python(request.code)});
              }};
}

// Code runs in a sandbox that is made for it.
Replacements InAnotherSandbox() {
  return {.run_code = [](Provider& inner, const std::string& id,
                         RunCodeRequest request) -> Result<ExecutionResult> {
    if (const auto found = inner.GetById(id); !found || !*found) return inner.RunCode(id, request);
    const Result<SandboxRef> other = inner.Create({});
    if (!other) return tl::unexpected(other.error());
    Result<ExecutionResult> result = inner.RunCode(other->sandbox_id, request);
    if (result) result->sandbox_id = id;
    (void)inner.Destroy(other->sandbox_id);
    return result;
  }};
}

// Code of all sandboxes runs in one, which nobody else sees.
Replacements InOneKernelForAll() {
  struct State {
    std::mutex mutex;
    std::string kernel;
  };
  const auto state = std::make_shared<State>();
  return {.list = [state](Provider& inner) -> Result<std::vector<SandboxRef>> {
            Result<std::vector<SandboxRef>> listed = inner.List();
            const std::lock_guard lock(state->mutex);
            if (listed) {
              std::erase_if(*listed,
                            [&](const auto& ref) { return ref.sandbox_id == state->kernel; });
            }
            return listed;
          },
          .run_code = [state](Provider& inner, const std::string& id,
                              RunCodeRequest request) -> Result<ExecutionResult> {
            const auto found = inner.GetById(id);
            if (!found || !*found) return inner.RunCode(id, request);
            std::string kernel;
            {
              const std::lock_guard lock(state->mutex);
              if (state->kernel.empty()) {
                const Result<SandboxRef> made = inner.Create({});
                if (!made) return tl::unexpected(made.error());
                state->kernel = made->sandbox_id;
              }
              kernel = state->kernel;
            }
            Result<ExecutionResult> result = inner.RunCode(kernel, request);
            if (result) result->sandbox_id = id;
            return result;
          }};
}

// The code of all runs goes through one file.
Replacements ThroughOneFile() {
  return {.run_code = [](Provider& inner, const std::string& id,
                         RunCodeRequest request) -> Result<ExecutionResult> {
    if (request.runtime && *request.runtime != "bash") return inner.RunCode(id, request);
    const Status written = inner.WriteFile(id, "/opt/code.sh", request.code);
    if (!written) return tl::unexpected(written.error());
    // An upload and an exec are two requests.
    std::this_thread::sleep_for(Milliseconds{10});
    return inner.RunCommand(id, {.command = "bash /opt/code.sh"});
  }};
}

// The interpreter's server is up when something else has been called.
Replacements KernelNotReady() {
  struct State {
    std::mutex mutex;
    std::set<std::string> ready;
  };
  const auto state = std::make_shared<State>();
  return {.run_code = [state](Provider& inner, const std::string& id,
                              RunCodeRequest request) -> Result<ExecutionResult> {
            const auto is_first = [&] {
              const std::lock_guard lock(state->mutex);
              return state->ready.insert(id).second;
            };
            if (!is_first()) return inner.RunCode(id, request);
            return MakeError(ErrorCode::kUnavailable, "connect ECONNREFUSED 127.0.0.1:49999");
          },
          .run_command =
              [state](Provider& inner, const std::string& id, RunCommandRequest request) {
                {
                  const std::lock_guard lock(state->mutex);
                  state->ready.insert(id);
                }
                return inner.RunCommand(id, request);
              }};
}

// Commands get the variables of create with each call, and code gets none.
Replacements EnvsForCommandsOnly() {
  struct State {
    std::mutex mutex;
    std::map<std::string, Environment> envs;
  };
  const auto state = std::make_shared<State>();
  return {.create = [state](Provider& inner, CreateSandboxOptions options) -> Result<SandboxRef> {
            const Environment envs = std::exchange(options.envs, {});
            Result<SandboxRef> made = inner.Create(options);
            if (made) {
              const std::lock_guard lock(state->mutex);
              state->envs[made->sandbox_id] = envs;
            }
            return made;
          },
          .run_command =
              [state](Provider& inner, const std::string& id, RunCommandRequest request) {
                {
                  const std::lock_guard lock(state->mutex);
                  const Environment& envs = state->envs[id];
                  request.options.env.insert(envs.begin(), envs.end());
                }
                return inner.RunCommand(id, request);
              }};
}

// One interpreter for all runs of a sandbox: what one has set the next one sees.
std::string InOneInterpreter(const std::string& code) {
  return "[ ! -e /opt/session ] || . /opt/session\n" + code +
         "\nset | while IFS= read -r v; do case $v in kit_*) printf '%s\\n' \"$v\";; esac; done > "
         "/opt/session";
}

Replacements InADirectoryOfItsOwn() {
  const auto next = std::make_shared<std::atomic<int>>(0);
  return {.run_code = [next](Provider& inner, const std::string& id,
                             RunCodeRequest request) -> Result<ExecutionResult> {
    if (request.runtime && *request.runtime != "bash") return inner.RunCode(id, request);
    const std::string dir = "/opt/run-" + std::to_string((*next)++);
    if (const Status made = inner.Mkdir(id, dir); !made) return tl::unexpected(made.error());
    const Result<ExecutionResult> result = inner.RunCommand(
        id, {.command = "bash", .args = {{"-c", request.code}}, .options = {.cwd = dir}});
    (void)inner.Remove(id, dir);
    return result;
  }};
}

Replacements RemovedOnlyAfterSuccess() {
  const auto next = std::make_shared<std::atomic<int>>(0);
  return {.run_code = [next](Provider& inner, const std::string& id,
                             RunCodeRequest request) -> Result<ExecutionResult> {
    const std::string file = "/tmp/code-" + std::to_string((*next)++) + ".sh";
    (void)inner.WriteFile(id, file, request.code);
    Result<ExecutionResult> result = inner.RunCode(id, request);
    if (result && result->exit_code == 0) (void)inner.Remove(id, file);
    return result;
  }};
}

std::string TrimmedLines(const std::string& code) {
  std::string trimmed;
  std::size_t begin = 0;
  while (begin <= code.size()) {
    const std::size_t end = std::min(code.find('\n', begin), code.size());
    trimmed += Trimmed(code.substr(begin, end - begin)) + "\n";
    begin = end + 1;
  }
  return trimmed;
}

std::string BetweenDoubleQuotes(const std::string& code) {
  std::string escaped = code;
  ReplaceAll(escaped, "\"", "\\\"");
  return "bash -c " + DoubleQuoted(escaped);
}

bool IsAscii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

}  // namespace

std::vector<Sabotage> CodeSabotages() {
  return {
      {.name = "runtime-declared-and-missing",
       .defect = "Python is declared, and not installed.",
       .classes = {"K20"},
       .reveals = {"code.concurrent",
                   "code.create-envs",
                   "code.directory",
                   "code.empty",
                   "code.exception.is-a-result",
                   "code.exception.output-before",
                   "code.exit-code",
                   "code.failure-harms-nothing",
                   "code.files.of-code",
                   "code.files.of-commands",
                   "code.first-run",
                   "code.fresh",
                   "code.killed",
                   "code.output.after-pause",
                   "code.output.bytes",
                   "code.output.large",
                   "code.result",
                   "code.runtimes.declared",
                   "code.runtimes.obeyed",
                   "code.runtimes.of-the-sandbox",
                   "code.stdin",
                   "code.syntax-error",
                   "code.text.beyond-ascii",
                   "code.text.lines",
                   "code.text.long",
                   "code.text.quotes",
                   "code.text.terminators",
                   "code.words-for-errors",
                   "create.envs.code",
                   "info.runtime",
                   "isolation.code",
                   "isolation.host-variables"},
       .blinds = {"code.endless", "code.runtimes.undeclared"},
       .make = Spoil(PythonDeclaredAndMissing())},
      {.name = "language-guessed-where-none-is-named",
       .defect = "Without a runtime, code that has `print(` in it runs as Python.",
       .classes = {"K1"},
       .reveals = {"code.runtimes.default"},
       .make = Spoil({.run_code =
                          [](Provider& inner, const std::string& id, RunCodeRequest request) {
                            if (request.runtime || !Has(request.code, "print("))
                              return inner.RunCode(id, request);
                            return inner.RunCommand(id, {.command = Python(request.code)});
                          }})},
      {.name = "language-guessed-always",
       .defect = "Code that has `import ` in it runs as Python, whatever runtime is asked for.",
       .classes = {"K1"},
       .reveals = {"code.runtimes.obeyed"},
       .make = Spoil({.run_code =
                          [](Provider& inner, const std::string& id, RunCodeRequest request) {
                            if (!Has(request.code, "import ")) return inner.RunCode(id, request);
                            return inner.RunCommand(id, {.command = Python(request.code)});
                          }})},
      {.name = "runtime-of-the-sandbox-lost",
       .defect = "The runtime of create is kept as the name of its image, which runCode does not "
                 "know.",
       .classes = {"K1"},
       .reveals = {"code.runtimes.of-the-sandbox"},
       .make = SpoilWith([] {
         struct State {
           std::mutex mutex;
           std::map<std::string, std::string> images;
         };
         const auto state = std::make_shared<State>();
         return Replacements{
             .create = [state](Provider& inner,
                               CreateSandboxOptions options) -> Result<SandboxRef> {
               Result<SandboxRef> made = inner.Create(options);
               const std::lock_guard lock(state->mutex);
               if (made && options.runtime) {
                 state->images[made->sandbox_id] = *options.runtime + ":latest";
               }
               return made;
             },
             .run_code =
                 [state](Provider& inner, const std::string& id, RunCodeRequest request) {
                   {
                     const std::lock_guard lock(state->mutex);
                     const auto image = state->images.find(id);
                     if (!request.runtime && image != state->images.end()) {
                       request.runtime = image->second;
                     }
                   }
                   return inner.RunCode(id, request);
                 }};
       })},
      {.name = "any-runtime-taken",
       .defect = "A runtime that is not known means the first one.",
       .classes = {"K2"},
       .reveals = {"code.runtimes.undeclared"},
       .make = SpoilCode([](RunCodeRequest& request) { request.runtime.reset(); })},
      {.name = "code-in-another-sandbox",
       .defect = "Code runs in a sandbox that is made for it.",
       .classes = {"K12"},
       .reveals = {"code.create-envs", "code.directory", "code.files.of-code",
                   "code.files.of-commands", "create.envs.code", "isolation.code"},
       .blinds = {"code.endless", "code.runtimes.undeclared"},
       .make = Spoil(InAnotherSandbox())},
      {.name = "code-in-one-kernel-for-all",
       .defect = "Code of all sandboxes runs in one interpreter's container.",
       .classes = {"K12", "S2"},
       .reveals = {"code.create-envs", "code.directory", "code.files.of-code",
                   "code.files.of-commands", "create.envs.code", "isolation.code"},
       .blinds = {"code.endless", "code.runtimes.undeclared"},
       .make = SpoilWith(InOneKernelForAll)},
      {.name = "code-through-one-file",
       .defect = "The code of all runs goes through one file.",
       .classes = {"P5"},
       .reveals = {"code.concurrent"},
       .make = Spoil(ThroughOneFile())},
      {.name = "code-piped-into-the-interpreter",
       .defect = "The code is standard input: `printf %s CODE | bash`.",
       .classes = {"K11"},
       .reveals = {"code.stdin"},
       .make = SpoilByLine(
           [](const std::string& code) { return "printf %s " + ShellQuote(code) + " | bash"; })},
      {.name = "code-in-a-here-document",
       .defect = "The code is written to its file by a here-document that ends at EOF.",
       .classes = {"K7"},
       .reveals = {"code.text.terminators"},
       .make = SpoilByLine([](const std::string& code) {
         return "cat > /opt/code-$$ <<'EOF'\n" + code +
                "\nEOF\nbash /opt/code-$$; s=$?; rm /opt/code-$$; exit $s";
       })},
      {.name = "code-refused-at-first",
       .defect = "create returns before the interpreter's server is up: a first call that is "
                 "runCode is refused.",
       .classes = {"K18"},
       .reveals = {"code.first-run", "lifecycle.create.usable-at-once"},
       .make = SpoilWith(KernelNotReady)},
      {.name = "envs-for-commands-only",
       .defect = "Variables of create are given to commands, and not to code.",
       .classes = {"K16"},
       .reveals = {"code.create-envs", "create.envs.code"},
       .make = SpoilWith(EnvsForCommandsOnly)},
      {.name = "code-in-one-interpreter",
       .defect = "One interpreter is kept for all runs of a sandbox, with its variables.",
       .classes = {"K13"},
       .reveals = {"code.fresh"},
       .make = SpoilByLine(InOneInterpreter)},
      {.name = "code-in-a-directory-of-its-own",
       .defect = "Each run has a directory of its own, which is removed after it.",
       .classes = {"K17"},
       .reveals = {"code.directory"},
       .make = SpoilWith(InADirectoryOfItsOwn)},
      {.name = "code-file-kept-after-failure",
       .defect = "The file with the code is removed only after a run that went well.",
       .classes = {"H5", "H3"},
       .reveals = {"code.no-copies", "environment.no-litter", "output.no-copies"},
       .make = SpoilWith(RemovedOnlyAfterSuccess)},
      {.name = "code-between-double-quotes",
       .defect = "bash -c \"${code}\", with only the double quotes escaped.",
       .classes = {"K7"},
       .reveals = {"code.create-envs", "code.exception.output-before", "code.fresh",
                   "code.output.large", "code.runtimes.obeyed", "code.text.lines",
                   "code.text.quotes", "code.text.terminators"},
       .make = SpoilByLine(BetweenDoubleQuotes)},
      {.name = "lines-of-code-trimmed",
       .defect = "Each line of the code is trimmed.",
       .classes = {"K8"},
       .reveals = {"code.text.lines", "code.text.quotes"},
       .make =
           SpoilCode([](RunCodeRequest& request) { request.code = TrimmedLines(request.code); })},
      {.name = "code-without-carriage-returns",
       .defect = "CR LF in code becomes LF.",
       .classes = {"K8"},
       .reveals = {"code.text.quotes"},
       .make = SpoilCode([](RunCodeRequest& r) { ReplaceAll(r.code, "\r\n", "\n"); })},
      {.name = "code-through-btoa",
       .defect = "btoa(code), which throws on what is not Latin-1.",
       .classes = {"K9"},
       .reveals = {"code.text.beyond-ascii", "code.text.quotes"},
       .make = Spoil({.run_code = [](Provider& inner, const std::string& id,
                                     RunCodeRequest request) -> Result<ExecutionResult> {
         if (IsAscii(request.code)) return inner.RunCode(id, request);
         return MakeError(ErrorCode::kInternal, "InvalidCharacterError: invalid character");
       }})},
      {.name = "code-in-one-argument",
       .defect = "The code is one argument, of at most 128 KiB.",
       .classes = {"K10"},
       .reveals = {"code.text.long"},
       .make = Spoil({.run_code = [](Provider& inner, const std::string& id,
                                     RunCodeRequest request) -> Result<ExecutionResult> {
         if (request.code.size() < std::size_t{128} << 10) return inner.RunCode(id, request);
         return MakeError(ErrorCode::kInternal, "spawn E2BIG");
       }})},
  };
}

}  // namespace computesdk::conformance
