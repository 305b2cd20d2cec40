#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/command_sabotages.h"

// Defects that let commands meet: beside each other, and one after the other.
namespace computesdk::conformance {
namespace {

// Something for each sandbox.
template <typename T>
struct PerSandbox {
  std::mutex mutex;
  std::map<std::string, T> of;
};

// How an adapter imitates a session: a statement with which a line began is run again before the
// next line of that sandbox.
std::function<Replacements()> Remembering(std::vector<std::string> beginnings) {
  return [beginnings]() -> Replacements {
    const auto kept = std::make_shared<PerSandbox<std::string>>();
    return {.run_command = [kept, beginnings](Provider& inner, const std::string& id,
                                              RunCommandRequest request) {
      if (request.args || request.options.background) return inner.RunCommand(id, request);
      const std::string line = request.command;
      std::string statement;
      for (const std::string& beginning : beginnings) {
        const std::size_t end = line.find(line.find("() {") < line.find(';') ? "}" : ";");
        if (line.starts_with(beginning)) statement = line.substr(0, end);
        if (line.starts_with(beginning) && line.find("() {") < line.find(';')) statement += "}";
      }
      {
        const std::lock_guard lock(kept->mutex);
        std::string& before = kept->of[id];
        if (!before.empty()) request.command = before + "\n" + line;
        before = statement;
      }
      return inner.RunCommand(id, request);
    }};
  };
}

// The folder in which a line with a `cd` ended is where the next line starts.
Replacements DirectoryKept() {
  const auto kept = std::make_shared<PerSandbox<bool>>();
  return {.run_command = [kept](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (request.args || request.options.background || request.options.cwd) {
      return inner.RunCommand(id, request);
    }
    const bool moves = request.command.find("cd ") != std::string::npos;
    bool moved;
    {
      const std::lock_guard lock(kept->mutex);
      moved = std::exchange(kept->of[id], moves);
    }
    if (moves) {
      request.command = Followed(request.command, "set -- $?; pwd > /tmp/.cwd; exit $1");
    }
    if (moved) {
      request.command =
          "if [ -e /tmp/.cwd ]; then { read -r d; rm /tmp/.cwd; } < /tmp/.cwd; "
          "cd \"$d\" || exit 1; fi\n" +
          request.command;
    }
    return inner.RunCommand(id, request);
  }};
}

Replacements OneAtATime() {
  const auto locks = std::make_shared<PerSandbox<std::mutex>>();
  return {.run_command = [locks](Provider& inner, const std::string& id,
                                 const RunCommandRequest& request) {
    std::mutex* turn;
    {
      const std::lock_guard lock(locks->mutex);
      turn = &locks->of[id];
    }
    const std::lock_guard lock(*turn);
    return inner.RunCommand(id, request);
  }};
}

// Eight buffers in turn: the output of a command is lost where another one took its buffer.
Replacements EightBuffers() {
  struct Buffers {
    int next = 0;
    int owner[8] = {};
  };
  const auto buffers = std::make_shared<PerSandbox<Buffers>>();
  return {.run_command = [buffers](Provider& inner, const std::string& id,
                                   const RunCommandRequest& request) {
    int me;
    {
      const std::lock_guard lock(buffers->mutex);
      Buffers& mine = buffers->of[id];
      me = mine.next++;
      mine.owner[me % 8] = me;
    }
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const std::lock_guard lock(buffers->mutex);
    if (result && buffers->of[id].owner[me % 8] != me) {
      result->stdout_bytes.clear();
      result->stderr_bytes.clear();
    }
    return result;
  }};
}

// Programs with args run in a sandbox of their own.
Replacements ProgramsInAnotherSandbox() {
  const auto twins = std::make_shared<PerSandbox<std::string>>();
  return {.list =
              [twins](Provider& inner) {
                Result<std::vector<SandboxRef>> all = inner.List();
                const std::lock_guard lock(twins->mutex);
                for (const auto& [id, twin] : twins->of) {
                  if (all)
                    std::erase_if(*all, [&](const auto& one) { return one.sandbox_id == twin; });
                }
                return all;
              },
          .run_command = [twins](Provider& inner, const std::string& id,
                                 const RunCommandRequest& request) -> Result<ExecutionResult> {
            const auto live = inner.GetById(id);
            if (!request.args || !live || !*live) return inner.RunCommand(id, request);
            std::string twin;
            {
              const std::lock_guard lock(twins->mutex);
              std::string& mine = twins->of[id];
              if (mine.empty()) {
                const Result<SandboxRef> made = inner.Create({});
                if (!made) return tl::unexpected(made.error());
                mine = made->sandbox_id;
              }
              twin = mine;
            }
            Result<ExecutionResult> result = inner.RunCommand(twin, request);
            if (result) result->sandbox_id = id;
            return result;
          }};
}

Replacements ProgramsStartInTheRoot() {
  return WithRequest([](RunCommandRequest& request) {
    if (request.args && !request.options.cwd) request.options.cwd = "/";
  });
}

}  // namespace

std::vector<Sabotage> CommandStateSabotages() {
  return {
      {.name = "commands-one-at-a-time",
       .defect = "A sandbox has one shell, and a command waits for the one before it.",
       .classes = {"C62"},
       .reveals = {"command.concurrent.overlap", "command.timeout.spares-others",
                   "isolation.destroy"},
       .blinds = {"isolation.processes", "lifecycle.destroy.call-in-flight"},
       // Whether what it starts came to its turn before the destroy.
       .may_change = {"lifecycle.destroy.ends-processes"},
       .make = SpoilWith(OneAtATime)},
      {.name = "commands-share-eight-buffers",
       .defect = "Output is collected in eight buffers a sandbox, used in turn.",
       .classes = {"C30", "C60", "P1"},
       .reveals = {"command.concurrent.output"},
       // Its commands are short, and overlap or not.
       .may_change = {"output.last-line"},
       .make = SpoilWith(EightBuffers)},
      {.name = "state-directory-kept",
       .defect = "A line starts where the last `cd` ended, and nowhere if that is gone.",
       .classes = {"C38", "C46"},
       .reveals = {"command.state.directory", "command.state.removed-directory"},
       .make = SpoilWith(DirectoryKept)},
      {.name = "state-exports-kept",
       .defect = "An `export` at the start of a line is run again before the next one.",
       .classes = {"C38", "C42"},
       .reveals = {"command.state.variables"},
       .make = SpoilWith(Remembering({"export "}))},
      {.name = "state-settings-kept",
       .defect = "`set` and `umask` at the start of a line are run again before the next one.",
       .classes = {"C38"},
       .reveals = {"command.state.settings"},
       .make = SpoilWith(Remembering({"set -f", "umask 0011"}))},
      {.name = "state-streams-kept",
       .defect = "What a line does to the descriptors of its shell, it does to the next one's.",
       .classes = {"C37", "C38"},
       .reveals = {"command.state.streams"},
       .make = SpoilWith(Remembering({"exec >&-", "trap "}))},
      {.name = "programs-in-another-sandbox",
       .defect = "Programs with args run in a new sandbox beside the caller's.",
       .classes = {"C38", "K12"},
       .reveals = {"command.state.files-stay", "command.args.file-names",
                   "command.args.program-path", "command.background.args",
                   "command.background.with-cwd", "command.background.with-env", "command.cwd.used",
                   "command.env.wins-over-create", "command.env.with-cwd", "command.not-executable",
                   "command.state.default-directory", "create.envs.commands",
                   "output.large.stdout"},
       .make = SpoilWith(ProgramsInAnotherSandbox)},
      {.name = "programs-start-in-the-root",
       .defect = "Programs with args start in /, and lines in the working folder.",
       .classes = {"C38"},
       .reveals = {"command.state.default-directory"},
       .make = Spoil(ProgramsStartInTheRoot())},
  };
}

}  // namespace computesdk::conformance
