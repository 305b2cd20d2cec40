#ifndef COMPUTESDK_CONFORMANCE_CANDIDATE_H_
#define COMPUTESDK_CONFORMANCE_CANDIDATE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "conformance/ledger.h"
#include "conformance/run_clock.h"
#include "sdk/adapter/adapter_provider.h"
#include "sdk/provider.h"

namespace computesdk::conformance {

// The candidate as it runs now. An adapter that crashed and was started again is another one.
struct Incarnation {
  std::shared_ptr<Provider> provider = {};
  AdapterProvider* adapter = nullptr;  // The same object; nullptr in process.
  int number = 0;
};

// What is tested, and how to have it again after a crash. May be used from several threads.
class Candidate {
 public:
  virtual ~Candidate() = default;

  virtual const CandidateKey& key() const = 0;
  // One that is alive, started again if need be; an error once it is given up.
  virtual Result<Incarnation> Get() = 0;
  // A call used up its limit. An adapter that leaves a plain `list` unanswered as well is ended.
  virtual void ReportUnanswered(const Incarnation& incarnation, const std::string& method) = 0;
  // What the protocol forbids and the adapter did all the same, in every incarnation so far.
  virtual std::vector<ProtocolViolation> Violations() = 0;
  // Why that incarnation is dead; empty while it lives.
  virtual std::string CauseOfDeath(const Incarnation& incarnation) = 0;
  // Ends that incarnation, if it is an adapter that still runs, so that the next Get starts
  // another: one that is busy with calls that nobody waits for does not take others. No crash of
  // its own.
  virtual void Replace(const Incarnation& incarnation) = 0;
  // Another process of the adapter, with that limit for a call; kUnimplemented in process.
  virtual Result<std::unique_ptr<AdapterProvider>> StartAnother(Milliseconds call_timeout) = 0;
  // What its time is measured with; outlives it.
  virtual RunClock& clock() { return RealRunClock(); }
  // Ends it in the orderly way; what it did wrong there is the error.
  virtual Status Shutdown() = 0;
};

using ProviderFactory = std::function<std::unique_ptr<Provider>()>;

// A provider in this process, whose time is that of `clock`, which has to outlive it. An error if
// the factory gives none.
Result<std::unique_ptr<Candidate>> InProcessCandidate(std::string name,
                                                      const ProviderFactory& factory,
                                                      RunClock& clock = RealRunClock());

// An adapter process, started now, and again after its first and its second crash.
Result<std::unique_ptr<Candidate>> AdapterCandidate(AdapterOptions options);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CANDIDATE_H_
