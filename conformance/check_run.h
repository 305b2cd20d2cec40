#ifndef COMPUTESDK_CONFORMANCE_CHECK_RUN_H_
#define COMPUTESDK_CONFORMANCE_CHECK_RUN_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/outcome.h"
#include "conformance/run_state.h"
#include "conformance/tracked_provider.h"

namespace computesdk::conformance {

// A directory for one check, in a sandbox below its workdir; an error where it cannot be made.
Result<Box> MakeBox(RunState& run, Provider& provider, const SandboxRef& ref);

// One check of one requirement, from its start to its result.
class CheckRun : public CheckContext {
 public:
  CheckRun(RunState& run, const Requirement& requirement, Incarnation incarnation);

  // Where the check works; for a requirement that wants no sandbox there is none.
  void set_box(Box box) { box_ = std::move(box); }
  bool has_box() const { return box_.has_value(); }
  // The number of the incarnation that the check ran against.
  int started_with() const { return started_with_; }

  // Runs the check, and destroys what it created.
  CheckResult Run();
  // The result without its run, as what it needs is missing.
  CheckResult Abort(std::string reason);

  TrackedProvider& tracked() const { return *tracked_; }
  // What could not be destroyed afterwards.
  const std::vector<std::string>& clean_up_failures() const { return clean_up_failures_; }

  RunClock& clock() const override { return run_.clock; }
  Milliseconds consistency_window() const override { return run_.options.consistency_window; }
  int max_sandboxes() const override { return run_.options.max_sandboxes; }
  int ReserveSandboxes(int wanted) override { return tracked_->ReserveSandboxes(wanted); }
  std::mt19937_64& random() override { return random_; }
  std::string Unique() override { return run_.words.Next(); }
  AdapterProvider* adapter() override { return tracked_->incarnation().adapter; }
  std::vector<ProtocolViolation> AdapterViolations() override;
  std::unique_ptr<AdapterProvider> StartAdapter(Milliseconds call_timeout) override;
  bool MadeByThisRun(const std::string& sandbox_id) const override {
    return run_.sandboxes->Ever().contains(sandbox_id);
  }
  std::pair<std::string, std::string> host_canary_variable() const override {
    return run_.host_canary.variable();
  }
  std::string host_canary_file() const override { return run_.host_canary.file(); }
  Provider& provider() const override { return *tracked_; }
  const Box& box() override;
  Box CreateBox(const CreateSandboxOptions& options) override;
  Box Adopt(const SandboxRef& ref) override;

 protected:
  void AddFinding(Finding finding) override;
  void AddNote(std::string note) override;
  bool Pause(Milliseconds duration) override;

 private:
  // How the check ended, if not by coming to its end.
  struct Ending {
    std::optional<std::string> not_testable = {};
    std::optional<std::string> exception = {};
  };
  Ending RunBody();
  void AddCandidateFindings(std::size_t violations_before);
  CheckResult Finish(const Ending& ending, std::size_t violations_before,
                     SteadyClock::time_point begun);
  CheckResult Conclude(const Ending& ending);

  RunState& run_;
  const Requirement& requirement_;
  const int started_with_;
  std::unique_ptr<TrackedProvider> tracked_;
  std::optional<Box> box_;
  std::mt19937_64 random_;
  std::vector<std::string> clean_up_failures_;
  int rooms_ = 0;  // For the sandboxes of other adapters.

  std::mutex mutex_;
  std::vector<Finding> findings_;
  std::size_t unlisted_findings_ = 0;
  std::vector<std::string> notes_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECK_RUN_H_
