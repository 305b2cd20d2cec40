#include "conformance/report/sample_report.h"

#include <utility>

namespace computesdk::conformance {
namespace {

const Requirement& Known() {
  static const auto* const requirement = [] {
    auto* r = new Requirement;
    r->id = "filesystem.paths.quotes";
    r->level = Level::kOptional;
    r->capability = "filesystem";
    r->asks = "A file name with quotes names exactly that file.";
    r->why = "Names come from users.";
    r->mend = "Pass paths as arguments.";
    return r;
  }();
  return *requirement;
}

RunRecord Run() {
  RunRecord run;
  run.provider = {
      .name = "acme", .version = "1.2", .capabilities = {"filesystem"}, .runtimes = {"bash"}};
  run.candidate = "--provider acme";
  run.seed = 42;
  run.started_at = Timestamp(Milliseconds(1'700'000'000'123));
  run.duration = Milliseconds(1500);
  run.stats = {.sandboxes_created = 3, .peak_sandboxes = 2, .calls = 17};
  run.results = {
      {.id = "command.runs", .message = "by another way", .duration = Milliseconds(5)},
      {.id = "filesystem.paths.quotes",
       .level = Level::kOptional,
       .verdict = Verdict::kFailed,
       .message = "the file: expected \"a<b\", got \"\"",
       .findings = {{"the file", "\"a<b\"", "\"\"", {"readFile(\"sb\", \"/x\") -> \"\" [1 ms]"}}},
       .duration = Milliseconds(20)},
      {.id = "filesystem.slow",
       .level = Level::kRecommended,
       .verdict = Verdict::kWarned,
       .message = "slow \x1b[31m"},
      {.id = "info.id",
       .level = Level::kOptional,
       .verdict = Verdict::kUnsupported,
       .message = "getInfo is not claimed"},
      {.id = "url.port", .verdict = Verdict::kNotTestable, .message = "no `python3`"}};
  return run;
}

}  // namespace

Report SampleReport(const VerdictRules& rules) {
  RunRecord run = Run();
  const RunVerdict verdict = Decide(run, rules);
  return MakeReport(std::move(run), verdict,
                    [](std::string_view id) { return id == Known().id ? &Known() : nullptr; });
}

}  // namespace computesdk::conformance
