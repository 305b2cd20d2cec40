#include <string>
#include <utility>

#include "bench/child.h"
#include "bench/contestant.h"
#include "nlohmann/json.hpp"

namespace computesdk::bench {
namespace {

using nlohmann::json;

// In the driver's folder is the same table of workloads that is read here.
class JustBash : public Contestant {
 public:
  explicit JustBash(Child driver) : driver_(std::move(driver)) {}

  std::string name() const override { return "just-bash"; }
  bool Does(const Workload&) const override { return true; }

  Result<Duration> Measure(const Workload& workload, int repetitions) override {
    (void)driver_.WriteLine(json{{"workload", workload.name}, {"repetitions", repetitions}}.dump());
    const Result<std::string> line = driver_.ReadLine();
    if (!line) return MakeError(ErrorCode::kUnavailable, "just_bash.mjs: " + line.error().message);
    const json result = json::parse(*line, nullptr, false);
    if (result.contains("error")) {
      return MakeError(ErrorCode::kInternal,
                       workload.name + ": just-bash: " + result["error"].dump());
    }
    const std::string answer = result.value("answer", "");
    if (answer != workload.answer) return tl::unexpected(WrongAnswer(name(), workload, answer));
    return Duration(result.value("nanoseconds", 0.0));
  }

 private:
  Child driver_;
};

}  // namespace

Result<std::unique_ptr<Contestant>> MakeJustBash(const std::string& driver) {
  Result<Child> child = Child::Start({"node", driver});
  if (!child) return tl::unexpected(child.error());
  return std::make_unique<JustBash>(std::move(*child));
}

}  // namespace computesdk::bench
