#ifndef COMPUTESDK_CONFORMANCE_CHECK_CONTEXT_H_
#define COMPUTESDK_CONFORMANCE_CHECK_CONTEXT_H_

#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/finding.h"
#include "conformance/printable.h"
#include "conformance/requirement.h"
#include "conformance/run_clock.h"
#include "gmock/gmock.h"
#include "sdk/provider.h"

namespace computesdk {
class AdapterProvider;
struct ProtocolViolation;
}  // namespace computesdk

namespace computesdk::conformance {

// A sandbox for a check to work in.
struct Box {
  std::string id;
  std::string dir;      // A directory for this check alone: absolute, there, empty.
  std::string workdir;  // Where the kit may write in this sandbox; `dir` is below it.

  // A path below `dir`.
  std::string Path(std::string_view name) const { return dir + "/" + std::string(name); }
};

// What a check is given, and its only way to the candidate. A check is a plain function that looks
// at the candidate through it and says what it found:
//
//   void ExitCodeIsKept(CheckContext& ctx) {
//     for (int code : {0, 1, 2, 3, 42, 126, 127, 255}) {
//       auto scope = ctx.Case("exit ", code);
//       ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), "exit " + std::to_string(code)));
//       ctx.Expect(result.exit_code, testing::Eq(code), "exit code");
//     }
//   }
//
// Expect notes a finding and goes on; Must, Require and Need end the check. No state of gtest is
// used, so that checks run side by side.
class CheckContext {
 public:
  virtual ~CheckContext() = default;

  // --- what is known ------------------------------------------------------------------------
  const ProviderDescription& description() const { return provider().Describe(); }
  bool Claims(std::string_view capability) const { return description().Claims(capability); }
  // How far `list` and `getById` may lag behind.
  virtual RunClock& clock() const = 0;
  virtual Milliseconds consistency_window() const = 0;
  // The most sandboxes that may be alive at once, those of other checks included.
  virtual int max_sandboxes() const = 0;
  // A check may have 4 sandboxes alive at once, its box included. Before it creates more it
  // reserves them: `wanted`, or as many as the answer says where --max-sandboxes leaves fewer.
  virtual int ReserveSandboxes(int wanted) = 0;
  // Differs from run to run with --seed, and from requirement to requirement.
  virtual std::mt19937_64& random() = 0;
  // A word that nothing else uses, in this run or another: lower-case letters and digits.
  virtual std::string Unique() = 0;
  // The adapter behind the candidate; nullptr for one in process.
  virtual AdapterProvider* adapter() = 0;
  // What the protocol forbids and the adapter did all the same, before a crash as well; empty in
  // process.
  virtual std::vector<ProtocolViolation> AdapterViolations() = 0;
  // Another process of that adapter, for a check that ends or upsets one. Its calls are not
  // tracked: what it creates, one sandbox at a time, is the check's to destroy. Not-testable in
  // process.
  // `call_timeout` is its limit for one call.
  virtual std::unique_ptr<AdapterProvider> StartAdapter(Milliseconds call_timeout) = 0;
  // Whether the run, this check or another, created the sandbox with that id.
  virtual bool MadeByThisRun(const std::string& sandbox_id) const = 0;
  // A variable, and a file, that the kit planted in its own environment and machine: what runs in
  // a sandbox should see neither.
  virtual std::pair<std::string, std::string> host_canary_variable() const = 0;
  virtual std::string host_canary_file() const = 0;

  // --- the candidate ------------------------------------------------------------------------
  // Every call goes through here: it has a deadline, is noted for the report, and what it creates
  // is destroyed after the check. May be used from several threads.
  virtual Provider& provider() const = 0;

  // The sandbox that the requirement asked for.
  virtual const Box& box() = 0;
  // Another one, with a directory in it. Not-testable where it cannot be had.
  virtual Box CreateBox(const CreateSandboxOptions& options = {}) = 0;
  // A directory for this check in a sandbox that it created itself through provider().
  virtual Box Adopt(const SandboxRef& ref) = 0;

  // A shell line; and a program with arguments that no shell touches.
  Result<ExecutionResult> Sh(const Box& box, std::string line, RunCommandOptions options = {});
  Result<ExecutionResult> Exec(const Box& box, std::string program, std::vector<std::string> args,
                               RunCommandOptions options = {});
  // The stdout of a line that is only a means here: not-testable unless it exits with 0.
  std::string Observe(const Box& box, const std::string& line);
  // Makes a file of these bytes without `writeFile`, by `printf` in the shell; not-testable where
  // that fails. And looks at one without `readFile`; nullopt where it is missing.
  void PutFile(const Box& box, const std::string& path, std::string_view content);
  std::optional<std::string> PeekFile(const Box& box, const std::string& path);
  // Whether a path is there (a dangling link counts), by the shell's `test`.
  bool PathIsThere(const Box& box, const std::string& path);

  // Runs body(0) … body(count - 1) at the same time, as far as the candidate's maxConcurrency
  // allows; what ends the check in one of them ends it here, after all have returned.
  void InParallel(int count, const std::function<void(int)>& body);
  // Looks again, at growing intervals of up to 100 ms, until `condition` holds; false if it did
  // not within `limit`.
  bool Eventually(Milliseconds limit, const std::function<bool()>& condition);
  void Sleep(Milliseconds duration);

  // --- what was found -------------------------------------------------------------------------
  // The call under test must succeed: its value, or a finding and the end of the check.
  template <typename T>
  T Must(Result<T> result, std::string_view doing = "the call") {
    if (!result) {
      Fail({std::string(doing), "success", "the error " + result.error().ToString()});
      End();
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  // A call that only prepares: its value, or the check is not-testable.
  template <typename T>
  T Need(Result<T> result, std::string_view doing = "a preparation") {
    if (!result) NotTestable(std::string(doing) + " failed: " + result.error().ToString());
    if constexpr (!std::is_void_v<T>) return std::move(*result);
  }
  // The value must match; a finding where it does not. `subject` says what was looked at.
  template <typename T, typename M>
  bool Expect(const T& value, M matcher, std::string_view subject) {
    const testing::Matcher<const T&> typed = testing::SafeMatcherCast<const T&>(matcher);
    testing::StringMatchResultListener listener;
    if (typed.MatchAndExplain(value, &listener)) return true;
    std::ostringstream expected;
    typed.DescribeTo(&expected);
    Fail({std::string(subject), expected.str(), Describe(value) + Because(listener.str())});
    return false;
  }
  // Byte strings: says where they differ, and shows both there.
  bool ExpectBytes(std::string_view actual, std::string_view expected, std::string_view subject);
  // The call must end as an error; with one of `codes`, if any are given.
  template <typename T>
  bool ExpectError(const Result<T>& result, std::string_view subject,
                   const std::vector<ErrorCode>& codes = {}) {
    return ExpectErrorImpl(result ? std::optional<Error>() : result.error(), subject, codes);
  }
  // Expect, and the end of the check where it does not match.
  template <typename T, typename M>
  void Require(const T& value, M matcher, std::string_view subject) {
    if (!Expect(value, matcher, subject)) End();
  }

  // Notes a finding, with the cases in force put before its subject.
  void Fail(Finding finding);
  // Ends the check: it could not look. The reason names the program or call that is missing.
  [[noreturn]] void NotTestable(std::string reason);
  // The check passes by an alternative that the contract tolerates: said in the report.
  void Tolerated(std::string note);
  // Ends the check with what it found so far.
  [[noreturn]] void End();

  // Names what is being tried, in every finding until it goes out of scope. Per thread.
  class CaseScope;
  template <typename... Parts>
  [[nodiscard]] CaseScope Case(const Parts&... parts);

 protected:
  virtual void AddFinding(Finding finding) = 0;  // Adds the calls made so far.
  virtual void AddNote(std::string note) = 0;
  // False if the check's time was up, or the run was ended, before `duration` was over.
  virtual bool Pause(Milliseconds duration) = 0;

 private:
  bool ExpectErrorImpl(const std::optional<Error>& error, std::string_view subject,
                       const std::vector<ErrorCode>& codes);
  static std::string Because(const std::string& explanation);
  template <typename T>
  static std::string Describe(const T& value) {
    return testing::PrintToString(value);
  }
  static std::string Describe(const std::string& value);
};

// Ends a check; thrown by End and NotTestable, caught by the runner alone.
struct CheckEnded {
  std::optional<std::string> not_testable = {};
};

class CheckContext::CaseScope {
 public:
  explicit CaseScope(std::string label);
  ~CaseScope();
  CaseScope(const CaseScope&) = delete;
  CaseScope& operator=(const CaseScope&) = delete;
};

template <typename... Parts>
CheckContext::CaseScope CheckContext::Case(const Parts&... parts) {
  std::ostringstream label;
  (label << ... << parts);
  return CaseScope(label.str());
}

// Time that passed for the caller.
class Stopwatch {
 public:
  explicit Stopwatch(const CheckContext& ctx) : clock_(ctx.clock()), start_(clock_.Now()) {}

  Milliseconds elapsed() const {
    return std::chrono::duration_cast<Milliseconds>(clock_.Now() - start_);
  }

 private:
  RunClock& clock_;
  SteadyClock::time_point start_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECK_CONTEXT_H_
