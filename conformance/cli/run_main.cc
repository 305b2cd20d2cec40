#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include "conformance/catalogue.h"
#include "conformance/cli/builtin_providers.h"
#include "conformance/cli/candidate_start.h"
#include "conformance/cli/commands.h"
#include "conformance/cli/dry_run.h"
#include "conformance/cli/interrupt.h"
#include "conformance/cli/progress.h"
#include "conformance/cli/report_output.h"
#include "conformance/expectations_update.h"
#include "conformance/glob.h"
#include "conformance/printable.h"
#include "conformance/report/json.h"
#include "conformance/report/junit.h"
#include "conformance/report/page.h"
#include "conformance/report/text.h"
#include "conformance/run_order.h"
#include "conformance/runner.h"
#include "conformance/verdict.h"

namespace computesdk::conformance {
namespace {

// Arguments that were understood: what is to be run, and by what it is judged.
struct Plan {
  std::vector<const Requirement*> requirements = {};
  VerdictRules rules = {};
  RunOptions options = {};
};

Result<Plan> MakePlan(const RunArguments& arguments) {
  Plan plan{.options = arguments.options};
  Result<std::vector<const Requirement*>> selected = Select(Catalogue(), arguments.filters);
  if (!selected) return tl::unexpected<Error>(selected.error());
  plan.requirements = std::move(*selected);
  for (const std::string& glob : arguments.require) {
    const Result<std::vector<const Requirement*>> some = Select(Catalogue(), {glob});
    if (!some) {
      return MakeError(ErrorCode::kInvalidArgument,
                       "--require: no requirement matches '" + glob + "'");
    }
  }
  plan.rules.require = arguments.require;
  for (const Requirement& requirement : Catalogue()) plan.rules.catalogue.insert(requirement.id);
  if (!arguments.expectations.empty()) {
    Result<Expectations> read = ReadExpectations(UserPath(arguments.expectations));
    if (!read) return MakeError(read.error().code, "--expectations: " + read.error().message);
    plan.rules.expectations = std::move(*read);
  }
  plan.options.seed = arguments.seed.value_or(std::random_device{}());
  return plan;
}

// A ledger, unless the sandboxes end with this process and none was asked for.
Result<std::unique_ptr<Ledger>> MakeLedger(const RunArguments& arguments, const CandidateKey& key) {
  if (arguments.ledger.empty()) {
    const BuiltinProvider* provider = FindBuiltinProvider(key.provider);
    if (provider != nullptr && provider->ephemeral) return std::unique_ptr<Ledger>();
    return Ledger::Open(DefaultLedgerPath(), key);
  }
  return Ledger::Open(UserPath(arguments.ledger), key);
}

void NoteOddities(RunRecord& record) {
  const std::vector<std::string>& known = AllCapabilities();
  for (const std::string& name : record.provider.capabilities) {
    if (std::ranges::find(known, name) == known.end()) {
      record.notes.push_back("the capability " + Printable(name) + " is not known, and ignored");
    }
  }
}

ReportOutputs Outputs(const RunArguments& arguments) {
  return {{arguments.json, JsonReport}, {arguments.junit, JunitReport}, {arguments.html, HtmlPage}};
}

int WriteReports(const RunArguments& arguments, const Report& report) {
  const ReportOutputs outputs = Outputs(arguments);
  const bool stdout_taken = TakesStdout(outputs);
  std::ostream& out = stdout_taken ? std::cerr : std::cout;
  const TextOptions text{.colours = IsColourful(stdout_taken ? STDERR_FILENO : STDOUT_FILENO)};
  out << TextReport(report, text) << std::flush;
  const int written = WriteOutputs(outputs, report);
  return written == 0 ? report.exit_status : written;
}

// What failed becomes what is known to fail. 0, or the exit status of what cannot be done.
int WriteExpectations(const std::string& file, const RunRecord& record, const VerdictRules& rules) {
  if (file.empty()) return 0;
  if (record.interrupted) {
    return Unusable("the run was interrupted: " + file + " is left as it is");
  }
  const Status written = UpdateExpectationsFile(
      UserPath(file),
      {.results = record.results, .require = rules.require, .catalogue = rules.catalogue});
  if (!written) return Unusable("--write-expectations: " + written.error().message);
  std::cerr << "conformance: the known failures are in " << file
            << "; say there why each of them fails" << std::endl;
  return 0;
}

RunRecord Execute(const Plan& plan, Candidate& candidate, const ProviderDescription& description,
                  std::unique_ptr<Ledger> ledger, const HostCanary& canary, bool& stragglers) {
  RunRecord record{.provider = description, .seed = plan.options.seed};
  record.started_at = std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  const SteadyClock::time_point begun = SteadyClock::now();
  Runner runner(plan.options, candidate, description, std::move(ledger), canary);
  {
    const InterruptHandler handler([&] { runner.Interrupt(); });
    Progress progress(STDERR_FILENO);
    record.results = runner.RunAll(
        plan.requirements,
        [&](const CheckResult& result, int done, int all) { progress.Show(result, done, all); });
    runner.Finish(record);
  }
  record.duration = std::chrono::duration_cast<Milliseconds>(SteadyClock::now() - begun);
  stragglers = runner.HasStragglers();
  return record;
}

// What the run would cost. Of the candidate only the description is asked for.
int DryRun(const RunArguments& arguments, const Plan& plan, Candidate& candidate,
           const Incarnation& incarnation) {
  const CostEstimate cost = RehearseRun(plan.requirements, plan.options,
                                        incarnation.provider->Describe(), arguments.latency);
  std::cout << "Dry run, " << CandidateOptions(arguments.candidate)
            << ": measured with the in-memory provider, which claims the same.\n"
            << CostText(cost, arguments.latency);
  const auto of_adapter = std::ranges::count_if(
      plan.requirements, [](const Requirement* requirement) { return ComesLast(*requirement); });
  if (incarnation.adapter != nullptr && of_adapter > 0) {
    std::cout << "The calls of the " << of_adapter
              << " checks of the adapter itself are not among them.\n";
  }
  if (const Status shut = candidate.Shutdown(); !shut) return Unusable(shut.error().message);
  return kExitConformant;
}

// What is asked for in vain if it cannot be written: that is known before the run. A dry run writes
// nothing.
Status CheckFiles(const RunArguments& arguments) {
  if (arguments.dry_run) return {};
  if (const Status usable = CheckOutputs(Outputs(arguments)); !usable) return usable;
  if (arguments.write_expectations.empty()) return {};
  const Status can = CanUpdateExpectationsFile(UserPath(arguments.write_expectations));
  return can ? can : MakeError(can.error().code, "--write-expectations: " + can.error().message);
}

}  // namespace

int RunMain(const RunArguments& arguments) {
  const Result<Plan> plan = MakePlan(arguments);
  if (!plan) return Unusable(plan.error().message);
  if (const Status usable = CheckFiles(arguments); !usable) {
    return Unusable(usable.error().message);
  }
  const HostCanary canary;
  Result<std::unique_ptr<Candidate>> candidate =
      StartCandidate(arguments.candidate, plan->options.call_timeout);
  if (!candidate) return Unusable(candidate.error().message);
  const Result<Incarnation> first = (*candidate)->Get();
  if (!first) return Unusable(first.error().message);
  if (arguments.dry_run) return DryRun(arguments, *plan, **candidate, *first);
  Result<std::unique_ptr<Ledger>> ledger = MakeLedger(arguments, (*candidate)->key());
  if (!ledger) return Unusable(ledger.error().message + "; --ledger FILE names another");

  bool stragglers = false;
  RunRecord record = Execute(*plan, **candidate, first->provider->Describe(), std::move(*ledger),
                             canary, stragglers);
  record.candidate = CandidateOptions(arguments.candidate);
  record.filters = arguments.filters;
  record.require = arguments.require;
  NoteOddities(record);
  ApplyRequire(plan->rules.require, record.results);
  const RunVerdict verdict = Decide(record, plan->rules);
  const int listed = WriteExpectations(arguments.write_expectations, record, plan->rules);
  int status = WriteReports(arguments, MakeReport(std::move(record), verdict, FindRequirement));
  if (status < kExitUnusable && listed != 0) status = listed;
  if (stragglers) {
    // A call that never returned still runs in the provider, which must not be destroyed under it.
    unlink(canary.file().c_str());
    std::_Exit(status);
  }
  return status;
}

}  // namespace computesdk::conformance
