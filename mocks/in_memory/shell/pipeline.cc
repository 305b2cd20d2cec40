#include <algorithm>
#include <cmath>
#include <cstdio>
#include <utility>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/print_command.h"

namespace computesdk::in_memory::shell {
namespace {

std::string ClockText(std::chrono::nanoseconds time, bool posix) {
  char text[64];
  const double seconds = std::chrono::duration<double>(time).count();
  if (posix) {
    std::snprintf(text, sizeof text, "%.2f", seconds);
  } else {
    const double minutes = std::floor(seconds / 60);
    std::snprintf(text, sizeof text, "%.0fm%.3fs", minutes, seconds - minutes * 60);
  }
  return text;
}

}  // namespace

int Interpreter::ExecutePipeline(const Pipeline& pipeline) {
  return pipeline.timed ? ExecuteTimed(pipeline) : ExecuteUntimed(pipeline);
}

int Interpreter::ExecuteUntimed(const Pipeline& pipeline) {
  if (!pipeline.negated) return RunStages(pipeline);
  // The failure that "!" turns round is none. What fails inside is none either under `set -e`, but
  // for a `set -e` of its own.
  const Command* const direct = pipeline.stages.size() == 1
                                    ? pipeline.stages[0].get()
                                    : static_cast<const Command*>(&pipeline);
  const Command* const before = std::exchange(inverted_, direct);
  const int ignored = state.options.exit_on_error ? 1 : 0;
  condition_depth += ignored;
  refused_ = nullptr;
  int status = RunStages(pipeline);
  // bash does not turn round what a compound command gives whose redirections fail.
  if (state.plain_sh || refused_ != direct) status = status == 0 ? 1 : 0;
  condition_depth -= ignored;
  inverted_ = before;
  return flow == Flow::kNone ? status : exit_status;
}

namespace {

// TIMEFORMAT: %R, %U and %S with an optional precision and "l"; %P and %%. `wrong` gets a letter
// that is none of these.
std::string FormatTimes(const std::string& format, std::chrono::nanoseconds real, char& wrong) {
  std::string text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 >= format.size()) {
      text += format[at];
      continue;
    }
    int precision = 3;
    bool minutes = false;
    ++at;
    if (format[at] >= '0' && format[at] <= '9' && at + 1 < format.size()) {
      precision = std::min(format[at++] - '0', 3);
    }
    if (format[at] == 'l' && at + 1 < format.size()) {
      minutes = true;
      ++at;
    }
    const char kind = format[at];
    if (kind == '%') {
      text += '%';
    } else if (kind == 'P') {
      text += "0.00";
    } else if (kind == 'R' || kind == 'U' || kind == 'S') {
      double seconds = kind == 'R' ? std::chrono::duration<double>(real).count() : 0;
      char number[64];
      if (minutes) {
        const double whole = std::floor(seconds / 60);
        std::snprintf(number, sizeof number, "%.0fm%.*fs", whole, precision, seconds - whole * 60);
      } else {
        std::snprintf(number, sizeof number, "%.*f", precision, seconds);
      }
      text += number;
    } else {
      wrong = kind;
      return "";
    }
  }
  return text;
}

}  // namespace

int Interpreter::ExecuteTimed(const Pipeline& pipeline) {
  // A subshell of its own reports where its redirections lead.
  const Command* const only = pipeline.stages.size() == 1 ? pipeline.stages[0].get() : nullptr;
  if (only != nullptr && only->kind == CommandKind::kSubshell && !only->redirections.empty()) {
    auto bare = std::make_shared<Compound>(static_cast<const Compound&>(*only));
    bare->redirections.clear();
    Pipeline inner = pipeline;
    inner.stages = {std::move(bare)};
    RedirectionScope scope(process);
    return ApplyRedirections(only->redirections, scope) ? ExecuteTimed(inner) : 1;
  }
  const ClockTime start = process.clock().Now();
  const int status = ExecuteUntimed(pipeline);
  const auto elapsed = process.clock().Now() - start;
  const auto none = std::chrono::nanoseconds(0);
  const bool posix = pipeline.posix_times;
  const Variable* format = state.variables.Find("TIMEFORMAT");
  if (format != nullptr && format->IsSet() && !posix) {
    char wrong = '\0';
    const std::string text = FormatTimes(*format->Scalar(), elapsed, wrong);
    if (wrong != '\0') {
      Complain(std::string("TIMEFORMAT: `") + wrong + "': invalid format character");
    }
    if (!text.empty()) (void)process.Write(2, text + "\n");
    return status;
  }
  const std::string gap = posix ? " " : "\t";
  (void)process.Write(2, (posix ? "real" : "\nreal") + gap + ClockText(elapsed, posix) + "\nuser" +
                             gap + ClockText(none, posix) + "\nsys" + gap + ClockText(none, posix) +
                             "\n");
  return status;
}

namespace {

bool CallsFunction(const Interpreter& shell, const Command& stage) {
  const auto& simple = static_cast<const SimpleCommand&>(stage);
  const std::string* name = simple.words.empty() ? nullptr : simple.words[0].Bare();
  return name == nullptr || shell.state.functions.find(*name) != shell.state.functions.end();
}

// A stage that only prints reads nothing and cannot last: it runs first, and needs no thread.
bool OnlyPrints(const Interpreter& shell, const Command& stage) {
  if (stage.kind != CommandKind::kSimple || !stage.redirections.empty()) return false;
  const auto& simple = static_cast<const SimpleCommand&>(stage);
  if (simple.words.empty()) return false;
  const std::string* name = simple.words[0].Bare();
  return name != nullptr && (*name == "echo" || *name == "printf") &&
         shell.state.functions.find(*name) == shell.state.functions.end();
}

}  // namespace

// `jobs | …` speaks of this shell's jobs, any other stage of its own.
JobTable Interpreter::JobsSeenBy(const Command& stage) const {
  if (jobs.empty() || stage.kind != CommandKind::kSimple) return {};
  const auto& simple = static_cast<const SimpleCommand&>(stage);
  const std::string* name = simple.words.empty() ? nullptr : simple.words[0].Bare();
  return name != nullptr && *name == "jobs" ? jobs : JobTable();
}

int Interpreter::RunStages(const Pipeline& pipeline) {
  const std::size_t count = pipeline.stages.size();
  if (count == 0) return 0;
  if (count == 1) return Execute(pipeline.stages[0].get());
  if (StackIsLow()) FailNesting();
  std::vector<int> pids(count, 0);
  std::vector<int> statuses(count, 0);
  OpenFilePtr input = process.File(0);
  for (std::size_t i = 0; i < count; ++i) {
    const CommandPtr& stage = pipeline.stages[i];
    SpawnOptions options = MakeChildOptions();
    options.files[0] = input;
    OpenFilePtr next;
    std::shared_ptr<CaptureFile> capture;
    const bool last = i + 1 == count;
    if (!last && i == 0 && OnlyPrints(*this, *stage)) {
      capture = std::make_shared<CaptureFile>(process.kernel().limits().output_bytes);
      options.files[1] = capture;
    } else if (!last) {
      auto [read_end, write_end] = MakePipe();
      options.files[1] = write_end;
      next = read_end;
    }
    input = nullptr;
    if (last && state.shopt.lastpipe && !state.options.monitor) {
      RedirectionScope scope(process);
      scope.Replace(0, options.files[0]);
      options.files.clear();
      statuses[i] = Execute(stage.get());
      break;
    }
    if (!state.traps.empty() && stage->kind == CommandKind::kSimple) {
      const int line = std::exchange(state.line, stage->line + state.line_base);
      Announce(*stage);
      if (flow != Flow::kNone) return exit_status;
      state.line = line;
    }
    State stage_state = MakeStageState(*stage);
    stage_state.stage_levels = stage_state.is_stage ? 1 : 0;
    if (stage->kind == CommandKind::kSimple && !CallsFunction(*this, *stage)) {
      stage_state.traps.erase(kTrapError);  // The pipeline's own failure is what counts.
    }
    if (i != 0) stage_state.input_is_given = true;
    const auto body = [stage, depth = condition_depth, seen = JobsSeenBy(*stage),
                       child_state = std::move(stage_state)](Process& child) mutable {
      Interpreter shell(child, std::move(child_state));
      shell.condition_depth = depth;
      shell.jobs.Inherit(seen);
      shell.SetTail(stage);
      return shell.RunStage(stage);
    };
    if (capture != nullptr) {
      const auto result = process.Call(std::move(options), body);
      statuses[i] = result ? result->ShellCode() : 254;
      if (!result) Complain("fork: retry: " + ErrnoText(result.error()));
      next = MakeWrittenPipe(capture->Take());
    } else {
      const auto pid = process.Spawn(std::move(options), body);
      if (pid) {
        pids[i] = *pid;
      } else {
        Complain("fork: retry: " + ErrnoText(pid.error()));
        statuses[i] = 254;
      }
    }
    input = std::move(next);
  }
  for (std::size_t i = 0; i < count; ++i) {
    if (pids[i] != 0) process.RunHere(pids[i]);
    while (pids[i] != 0) {
      const auto waited = process.Wait(pids[i]);
      if (waited && waited->has_value()) statuses[i] = (*waited)->ShellCode();
      if (!waited && waited.error() == std::errc::interrupted) {
        RunPendingTraps();
        continue;
      }
      pids[i] = 0;
    }
  }
  int status = statuses.back();
  if (state.options.pipe_fail) {
    const auto failed =
        std::find_if(statuses.rbegin(), statuses.rend(), [](int s) { return s != 0; });
    status = failed == statuses.rend() ? 0 : *failed;
  }
  state.pipe_status = std::move(statuses);
  state.status = status;
  state.line = pipeline.line + state.line_base;
  if (!jobs.empty()) NotifyJobs();
  // For a subshell at the end bash runs the trap of its own failure, too.
  const bool subshell =
      pipeline.stages.back()->kind == CommandKind::kSubshell && !state.shopt.lastpipe;
  if (subshell && state.pipe_status.back() != 0 && condition_depth == 0 && flow == Flow::kNone &&
      !state.options.exit_on_error) {
    RunTrap(kTrapError);
  }
  CheckErrexit(pipeline, status);
  return status;
}

}  // namespace computesdk::in_memory::shell
