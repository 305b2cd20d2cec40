#include <algorithm>
#include <chrono>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/command_sabotages.h"

// Defects in the option `timeout`.
namespace computesdk::conformance {
namespace {

// A change of the timeout, where there is one.
Replacements OfTimeout(void (*change)(std::optional<Milliseconds>& timeout)) {
  return WithRequest([change](RunCommandRequest& request) {
    if (request.options.timeout) change(request.options.timeout);
  });
}

// A timer that is set to a negative number fires at once.
Replacements Overflowing() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            const RunCommandRequest& request) -> Result<ExecutionResult> {
    const std::int64_t micros = request.options.timeout.value_or(Milliseconds(0)).count() * 1000;
    if (micros > std::numeric_limits<std::int32_t>::max()) {
      return MakeError(ErrorCode::kDeadlineExceeded, "Command timed out");
    }
    return inner.RunCommand(id, request);
  }};
}

// Something done where a timeout was used up.
Replacements AtTimeout(Result<ExecutionResult> (*then)(Provider&, const std::string& id,
                                                       Error error)) {
  return {.run_command = [then](Provider& inner, const std::string& id,
                                const RunCommandRequest& request) {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const bool used_up = !result && result.error().code == ErrorCode::kDeadlineExceeded;
    return used_up ? then(inner, id, std::move(result.error())) : std::move(result);
  }};
}

// Commands of which the timeout does not get hold: those with `text` in their line.
Replacements PowerlessOver(const std::string& text) {
  return WithRequest([text](RunCommandRequest& request) {
    if (request.command.find(text) != std::string::npos) request.options.timeout.reset();
  });
}

// Only the shell is ended: children with `text` in their line go on by themselves.
Replacements LeavesAlive(const std::string& text) {
  return {.run_command = [text](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (request.options.timeout && request.command.find(text) != std::string::npos) {
      RunCommandRequest child = request;
      child.options = {.background = true};
      (void)inner.RunCommand(id, child);
      request.command = "sleep 6";
    }
    return inner.RunCommand(id, request);
  }};
}

// `timeout LIMIT LINE`: it is the first word that is given a limit.
Replacements ByTimeoutProgram() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            RunCommandRequest request) -> Result<ExecutionResult> {
    if (request.args || !request.options.timeout) return inner.RunCommand(id, request);
    const double seconds = static_cast<double>(request.options.timeout->count()) / 1000;
    request.command.insert(0, "timeout " + std::to_string(seconds) + " ");
    request.options.timeout = Milliseconds(3000);
    return inner.RunCommand(id, request);
  }};
}

Replacements NextCommandFails() {
  struct Broken {
    std::mutex mutex;
    std::set<std::string> ids;
  };
  const auto broken = std::make_shared<Broken>();
  return {.run_command = [broken](Provider& inner, const std::string& id,
                                  const RunCommandRequest& request) -> Result<ExecutionResult> {
    {
      const std::lock_guard lock(broken->mutex);
      if (broken->ids.erase(id) > 0) return MakeError(ErrorCode::kInternal, "the shell is gone");
    }
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const std::lock_guard lock(broken->mutex);
    if (!result && result.error().code == ErrorCode::kDeadlineExceeded) broken->ids.insert(id);
    return result;
  }};
}

Replacements KeptForLater() {
  struct Last {
    std::mutex mutex;
    std::map<std::string, Milliseconds> of;
  };
  const auto last = std::make_shared<Last>();
  return {.run_command = [last](Provider& inner, const std::string& id, RunCommandRequest request) {
    {
      const std::lock_guard lock(last->mutex);
      const auto kept = last->of.find(id);
      if (request.options.timeout) {
        last->of[id] = *request.options.timeout;
      } else if (kept != last->of.end()) {
        request.options.timeout = kept->second;
      }
    }
    return inner.RunCommand(id, request);
  }};
}

Replacements ByExitCode() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            const RunCommandRequest& request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && request.options.timeout &&
        (result->exit_code == 124 || result->exit_code == 137 || result->exit_code == 143)) {
      return MakeError(ErrorCode::kDeadlineExceeded, "Command timed out");
    }
    return result;
  }};
}

// With a timeout another way is taken, where the other options were forgotten.
Replacements OtherOptionsForgotten() {
  return WithRequest([](RunCommandRequest& request) {
    if (!request.options.timeout) return;
    request.options.cwd.reset();
    request.options.env.clear();
  });
}

std::vector<Sabotage> LimitSabotages() {
  return {
      {.name = "timeout-in-seconds",
       .defect = "The number is handed to a backend that takes seconds.",
       .classes = {"C47", "I4"},
       .reveals = {"command.timeout.ends-the-call", "command.timeout.busy-loop",
                   "command.timeout.early-output", "command.timeout.ignored-signals",
                   "command.timeout.milliseconds", "command.timeout.spares-others"},
       .make = Spoil(OfTimeout([](std::optional<Milliseconds>& timeout) { *timeout *= 1000; }))},
      {.name = "timeout-forgotten-with-args",
       .defect = "Programs with args have no timeout.",
       .classes = {"C47"},
       .reveals = {"command.timeout.ends-the-call"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.args) request.options.timeout.reset();
       }))},
      {.name = "timeout-in-whole-seconds",
       .defect = "The timeout is rounded up to whole seconds.",
       .classes = {"I4", "C51"},
       .reveals = {"command.timeout.milliseconds"},
       .make = Spoil(OfTimeout([](std::optional<Milliseconds>& timeout) {
         *timeout = std::chrono::ceil<std::chrono::seconds>(*timeout);
       }))},
      {.name = "timeout-a-hundredth",
       .defect = "The timeout is divided once too often: it is over before its time.",
       .classes = {"I4"},
       .reveals = {"command.timeout.milliseconds", "command.timeout.in-time"},
       .make = Spoil(OfTimeout([](std::optional<Milliseconds>& timeout) {
         *timeout = std::max(*timeout / 100, Milliseconds(1));
       }))},
      {.name = "timeout-overflows",
       .defect = "The timeout is kept in microseconds of 32 bits: an hour is over at once.",
       .classes = {"I4"},
       .reveals = {"command.timeout.in-time"},
       .make = Spoil(Overflowing())},
      {.name = "timeout-is-a-success",
       .defect = "A command that used up its timeout has exit code 0.",
       .classes = {"C47"},
       .reveals = {"command.timeout.ends-the-call", "command.timeout.ignored-signals",
                   "command.timeout.milliseconds"},
       .blinds = {"command.timeout.busy-loop", "command.timeout.early-output",
                  "command.timeout.nothing-survives", "command.timeout.of-one-command",
                  "command.timeout.sandbox-stays-usable", "command.timeout.spares-others"},
       .make = Spoil(
           AtTimeout([](Provider& inner, const std::string& id, Error) -> Result<ExecutionResult> {
             return ExecutionResult{.sandbox_id = id, .provider = inner.Describe().name};
           }))},
      {.name = "timeout-is-another-error",
       .defect = "A timeout that is used up is the error INTERNAL, \"Command failed\".",
       .classes = {"C47"},
       .reveals = {"command.timeout.ends-the-call", "command.timeout.busy-loop",
                   "command.timeout.ignored-signals", "command.timeout.milliseconds"},
       .make = Spoil(
           AtTimeout([](Provider&, const std::string&, Error error) -> Result<ExecutionResult> {
             return MakeError(ErrorCode::kInternal, "Command failed: " + error.message);
           }))},
      {.name = "timeout-by-sigterm",
       .defect = "A timeout sends SIGTERM and waits for the end of a command that ignores it.",
       .classes = {"C50"},
       .reveals = {"command.timeout.ignored-signals"},
       .make = Spoil(PowerlessOver("trap '' TERM INT"))},
      {.name = "timeout-by-a-blocked-timer",
       .defect = "The interpreter blocks the timer while the command computes; it has a limit of "
                 "its own on rounds.",
       .classes = {"C47", "K14"},
       .reveals = {"command.timeout.busy-loop"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.command.find("3000000") == std::string::npos) return;
         request.command = "sleep 0.8; exit 126";
         request.options.timeout.reset();
       }))},
      {.name = "timeout-by-exit-code",
       .defect = "124, 137 and 143 are taken for a timeout where one was given.",
       .classes = {"C8"},
       .reveals = {"command.timeout.own-end"},
       .make = Spoil(ByExitCode())},
      {.name = "timeout-by-a-prefix",
       .defect = "`timeout LIMIT LINE`: the first word of the line is taken for a program.",
       .classes = {"C47"},
       .reveals = {"command.timeout.same-command", "command.timeout.ends-the-call",
                   "command.timeout.milliseconds"},
       .blinds = {"command.timeout.busy-loop", "command.timeout.nothing-survives"},
       .make = Spoil(ByTimeoutProgram())},
      {.name = "timeout-without-cwd-and-env",
       .defect = "With a timeout, cwd and env are forgotten.",
       .classes = {"C39", "C44"},
       .reveals = {"command.timeout.same-command"},
       .make = Spoil(OtherOptionsForgotten())},
  };
}

std::vector<Sabotage> AftermathSabotages() {
  return {
      {.name = "timeout-ends-the-sandbox",
       .defect = "A timeout ends the whole sandbox.",
       .classes = {"C49"},
       .reveals = {"command.timeout.sandbox-stays-usable", "command.timeout.ends-the-call",
                   "command.timeout.of-one-command", "command.timeout.spares-others"},
       .blinds = {"command.timeout.nothing-survives"},
       .make = Spoil(AtTimeout(
           [](Provider& inner, const std::string& id, Error error) -> Result<ExecutionResult> {
             (void)inner.Destroy(id);
             return tl::unexpected(std::move(error));
           }))},
      {.name = "timeout-breaks-the-next-command",
       .defect = "The command after a timeout finds no shell.",
       .classes = {"C49"},
       .reveals = {"command.timeout.sandbox-stays-usable", "command.timeout.of-one-command",
                   "command.timeout.spares-others"},
       .blinds = {"command.timeout.nothing-survives"},
       .make = SpoilWith(NextCommandFails)},
      {.name = "timeout-ends-all-that-runs",
       .defect = "A timeout kills every process of the sandbox.",
       .classes = {"C48", "C49"},
       .reveals = {"command.timeout.spares-others"},
       .make = Spoil(AtTimeout(
           [](Provider& inner, const std::string& id, Error error) -> Result<ExecutionResult> {
             (void)Sh(inner, id, "kill -KILL -1");
             return tl::unexpected(std::move(error));
           }))},
      {.name = "timeout-kept-for-later",
       .defect = "The last timeout of a sandbox is in force for commands without one.",
       .classes = {"C51", "C49"},
       .reveals = {"command.timeout.of-one-command"},
       // The command beside the one with a timeout starts before it or after.
       .may_change = {"command.timeout.spares-others"},
       .make = SpoilWith(KeptForLater)},
      {.name = "timeout-leaves-children",
       .defect = "A timeout ends the shell, and what it has in the background goes on.",
       .classes = {"C48"},
       .reveals = {"command.timeout.nothing-survives"},
       .make = Spoil(LeavesAlive("; } & sleep"))},
      {.name = "timeout-leaves-orphans",
       .defect = "A timeout ends the tree of its children; one whose parent has ended goes on.",
       .classes = {"C48"},
       .reveals = {"command.timeout.nothing-survives"},
       .make = Spoil(LeavesAlive("; } & );"))},
      {.name = "timeout-loses-early-output",
       .defect = "What was printed before the timeout is thrown away.",
       .classes = {"C18"},
       .reveals = {"command.timeout.early-output"},
       .make = Spoil(
           AtTimeout([](Provider&, const std::string&, Error error) -> Result<ExecutionResult> {
             return MakeError(error.code, "Command timed out");
           }))},
  };
}

}  // namespace

std::vector<Sabotage> CommandTimeoutSabotages() {
  std::vector<Sabotage> all = LimitSabotages();
  std::vector<Sabotage> more = AftermathSabotages();
  std::ranges::move(more, std::back_inserter(all));
  return all;
}

}  // namespace computesdk::conformance
