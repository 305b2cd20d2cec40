#include "conformance/candidate.h"

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "conformance/printable.h"

namespace computesdk::conformance {
namespace {

class InProcess : public Candidate {
 public:
  InProcess(std::string name, std::unique_ptr<Provider> provider, RunClock& clock)
      : key_{.provider = std::move(name)},
        incarnation_{.provider = std::move(provider)},
        clock_(clock) {}

  const CandidateKey& key() const override { return key_; }
  Result<Incarnation> Get() override { return incarnation_; }
  void ReportUnanswered(const Incarnation&, const std::string&) override {}
  void Replace(const Incarnation&) override {}
  std::vector<ProtocolViolation> Violations() override { return {}; }
  std::string CauseOfDeath(const Incarnation&) override { return ""; }
  Result<std::unique_ptr<AdapterProvider>> StartAnother(Milliseconds) override {
    return MakeError(ErrorCode::kUnimplemented,
                     "the candidate runs in process, without an adapter");
  }
  RunClock& clock() override { return clock_; }
  Status Shutdown() override { return {}; }

 private:
  const CandidateKey key_;
  const Incarnation incarnation_;
  RunClock& clock_;
};

// The protocol's number of crashes after which an adapter is given up.
constexpr int kCrashes = 3;
// A plain `list` has its answer at once; a candidate that waits is not kept waiting for.
constexpr Milliseconds kListLimit{10'000};

class AdapterProcess : public Candidate {
 public:
  AdapterProcess(AdapterOptions options, std::unique_ptr<AdapterProvider> first)
      : options_(std::move(options)),
        key_{.adapter = options_.command, .working_directory = options_.working_directory} {
    Adopt(std::move(first));
  }

  const CandidateKey& key() const override { return key_; }

  Result<Incarnation> Get() override {
    std::lock_guard lock(mutex_);
    while (!current_.adapter->alive() && !shut_down_) {
      if (!counted_) Bury();
      if (crashes_ >= kCrashes) return GivenUp();
      Result<std::unique_ptr<AdapterProvider>> next = AdapterProvider::Start(options_);
      if (next) {
        earlier_violations_ = AllViolations();
        Adopt(std::move(*next));
      } else {
        ++crashes_;
        last_cause_ = "it did not start again: " + next.error().message;
      }
    }
    return current_;
  }

  void ReportUnanswered(const Incarnation& incarnation, const std::string& method) override {
    std::lock_guard lock(probe_mutex_);
    if (!incarnation.adapter->alive()) return;
    // Twice a call's time: one that takes requests in turn answers those before it first.
    if (incarnation.adapter->AnswersList(std::min(2 * options_.call_timeout, kListLimit))) return;
    {
      std::lock_guard cause_lock(mutex_);
      causes_[incarnation.number] =
          "it left " + method + " unanswered, and then a plain sandbox.list as well";
    }
    incarnation.adapter->Kill();
  }

  std::vector<ProtocolViolation> Violations() override {
    std::lock_guard lock(mutex_);
    return AllViolations();
  }

  std::string CauseOfDeath(const Incarnation& incarnation) override {
    if (incarnation.adapter->alive()) return "";
    std::lock_guard lock(mutex_);
    const auto known = causes_.find(incarnation.number);
    if (known != causes_.end()) return known->second;
    return causes_[incarnation.number] = ExitOf(*incarnation.adapter);
  }

  void Replace(const Incarnation& incarnation) override {
    std::lock_guard lock(mutex_);
    if (current_.number != incarnation.number || !current_.adapter->alive()) return;
    counted_ = true;
    causes_[current_.number] = "the kit ended it";
    current_.adapter->Kill();
  }

  Result<std::unique_ptr<AdapterProvider>> StartAnother(Milliseconds call_timeout) override {
    AdapterOptions options = options_;
    options.call_timeout = call_timeout;
    return AdapterProvider::Start(std::move(options));
  }

  Status Shutdown() override {
    std::lock_guard lock(mutex_);
    shut_down_ = true;
    if (!current_.adapter->alive()) return {};
    return current_.adapter->Shutdown();
  }

 private:
  void Adopt(std::unique_ptr<AdapterProvider> adapter) {
    AdapterProvider* const raw = adapter.get();
    current_ = {std::shared_ptr<Provider>(std::move(adapter)), raw, current_.number + 1};
    counted_ = false;
  }

  // Called with mutex_ held.
  std::vector<ProtocolViolation> AllViolations() const {
    std::vector<ProtocolViolation> all = earlier_violations_;
    const std::vector<ProtocolViolation> now = current_.adapter->violations();
    all.insert(all.end(), now.begin(), now.end());
    return all;
  }

  void Bury() {
    ++crashes_;
    counted_ = true;
    std::string& cause = causes_[current_.number];
    if (cause.empty()) cause = ExitOf(*current_.adapter);
    last_cause_ = cause;
  }

  tl::unexpected<Error> GivenUp() const {
    return MakeError(ErrorCode::kUnavailable, "the adapter crashed " + std::to_string(crashes_) +
                                                  " times and was given up; the last time " +
                                                  last_cause_);
  }

  static std::string ExitOf(const AdapterProvider& adapter) {
    std::string cause = "it ended";
    const std::vector<ProtocolViolation> violations = adapter.violations();
    for (const ProtocolViolation& violation : violations) {
      if (violation.kind == ProtocolViolation::Kind::kExited) cause = violation.description;
    }
    std::string log = adapter.stderr_tail();
    constexpr std::size_t kShown = 400;
    if (log.size() > kShown) log.erase(0, log.size() - kShown);
    return log.empty() ? cause : cause + "; its standard error ends with " + Printable(log, kShown);
  }

  const AdapterOptions options_;
  const CandidateKey key_;
  std::mutex probe_mutex_;
  std::mutex mutex_;
  Incarnation current_;
  bool counted_ = false;
  bool shut_down_ = false;
  int crashes_ = 0;
  std::string last_cause_;
  std::map<int, std::string> causes_;
  std::vector<ProtocolViolation> earlier_violations_;  // Of incarnations before this one.
};

}  // namespace

Result<std::unique_ptr<Candidate>> InProcessCandidate(std::string name,
                                                      const ProviderFactory& factory,
                                                      RunClock& clock) {
  std::unique_ptr<Provider> provider = factory();
  if (!provider) {
    return MakeError(ErrorCode::kInvalidArgument, "the factory of " + name + " gave no provider");
  }
  return std::make_unique<InProcess>(std::move(name), std::move(provider), clock);
}

Result<std::unique_ptr<Candidate>> AdapterCandidate(AdapterOptions options) {
  Result<std::unique_ptr<AdapterProvider>> first = AdapterProvider::Start(options);
  if (!first) return tl::unexpected<Error>(first.error());
  return std::make_unique<AdapterProcess>(std::move(options), std::move(*first));
}

}  // namespace computesdk::conformance
