#include <unistd.h>

#include <csignal>
#include <iostream>

#include "conformance/catalogue.h"
#include "conformance/cli/builtin_providers.h"
#include "conformance/cli/candidate_start.h"
#include "conformance/cli/commands.h"
#include "conformance/glob.h"
#include "conformance/ledger.h"
#include "conformance/report/catalogue_pages.h"
#include "sdk/adapter/serve_provider.h"

namespace computesdk::conformance {
namespace {

// Destroys what one run left; how many could not be.
int CleanUpOne(const std::string& path, const Leftover& leftover) {
  const BuiltinProvider* builtin = FindBuiltinProvider(leftover.key.provider);
  const bool ended_with_process = builtin != nullptr && builtin->ephemeral;
  Result<std::unique_ptr<Candidate>> candidate = StartCandidate(leftover.key);
  Result<Incarnation> now = MakeError(ErrorCode::kUnavailable, "");
  if (candidate) {
    now = (*candidate)->Get();
  } else {
    Unusable(candidate.error().message);
    return static_cast<int>(leftover.sandbox_ids.size());
  }
  int failures = 0;
  // Last first, as the checks do.
  for (auto id = leftover.sandbox_ids.rbegin(); id != leftover.sandbox_ids.rend(); ++id) {
    const Status destroyed =
        now ? now->provider->Destroy(*id) : Status(tl::unexpected<Error>(now.error()));
    const bool gone = destroyed || destroyed.error().code == ErrorCode::kNotFound;
    if (gone || ended_with_process) {
      if (const Status crossed = CrossOut(path, leftover, *id); !crossed) {
        Unusable(crossed.error().message);
      }
      std::cout << "destroyed " << *id << " (" << CandidateOptions(leftover.key) << ")\n";
    } else {
      Unusable("sandbox " + *id + " is still there: " + destroyed.error().ToString());
      ++failures;
    }
  }
  if (const Status shut = (*candidate)->Shutdown(); !shut) Unusable(shut.error().message);
  return failures;
}

}  // namespace

int ServeMain(const std::string& name) {
  const BuiltinProvider* builtin = FindBuiltinProvider(name);
  if (builtin == nullptr) return Unusable(UnknownProvider(name));
  if (&builtin->clock != &RealRunClock()) {
    return Unusable(name + " has a time of its own, which no client of an adapter could know");
  }
  // A client that goes away is the end of the output, and no reason to die by a signal.
  std::signal(SIGPIPE, SIG_IGN);
  // Nor is its terminal, or one that was killed while this process was stopped: the end of the
  // input says so, and there may be sandboxes to see to then.
  std::signal(SIGHUP, SIG_IGN);
  const std::unique_ptr<Provider> provider = builtin->make();
  const Status served = ServeProvider(*provider, STDIN_FILENO, STDOUT_FILENO);
  return served ? 0 : Unusable(served.error().ToString());
}

int ListMain(const std::string& format) {
  if (format == "json") {
    std::cout << CatalogueAsJson(Catalogue());
  } else if (format == "markdown") {
    std::cout << CatalogueAsMarkdown(Catalogue());
  } else {
    std::cout << CatalogueAsText(Catalogue());
  }
  return 0;
}

int ExplainMain(const std::string& id) {
  const Requirement* requirement = FindRequirement(id);
  if (requirement == nullptr) {
    const std::string nearest = NearestId(Catalogue(), id);
    return Unusable("no requirement has the id '" + id + "'" +
                    (nearest.empty() ? "; `conformance list` shows them all"
                                     : "; did you mean " + nearest + "?"));
  }
  std::cout << Explanation(*requirement);
  return 0;
}

int CleanUpMain(const std::string& ledger) {
  const std::string path = ledger.empty() ? DefaultLedgerPath() : UserPath(ledger);
  if (!ledger.empty() && access(path.c_str(), F_OK) != 0) {
    return Unusable("there is no ledger " + path);
  }
  const Result<std::vector<Leftover>> leftovers = ReadLeftovers(path);
  if (!leftovers) return Unusable(leftovers.error().message);
  int failures = 0;
  for (const Leftover& leftover : *leftovers) failures += CleanUpOne(path, leftover);
  Compact(path);
  if (leftovers->empty()) std::cout << "nothing is left behind\n";
  return failures == 0 ? 0 : kExitNotConformant;
}

}  // namespace computesdk::conformance
