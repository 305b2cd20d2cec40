#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_ADAPTER_BEHAVIOUR_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_ADAPTER_BEHAVIOUR_H_

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"

namespace computesdk::conformance {

// The command by which each check of the adapter area begins, and nobody else: what is spoilt there
// is seen by one check alone, as these run one after the other.
inline constexpr std::string_view kProbeCommand = "printf out; printf err >&2; exit 7";
// Which of these checks it is, by how many such commands the process was sent.
enum Probe {
  kNoProbe = 0,
  kOnlyMessages = 1,
  kAnswerIds = 2,
  kWellFormed = 3,
  kLineLimit = 4,
  kStaysAlive = 5,
  kEveryCallAnswered = 6,
};

// A request that is on its way.
struct Asked {
  std::string id = {};  // As it stands in the line.
  std::string method = {};
  int probe = kNoProbe;   // Where it is such a command.
  int during = kNoProbe;  // The last one before it, or it: which check is at work.
};

// Standard output. Safe from several threads.
class Wire {
 public:
  void Write(std::string_view bytes);

 private:
  std::mutex mutex_;
};

// What an adapter does otherwise than a clean one. Lines have their line feed.
struct Behaviour {
  std::function<void(Wire&)> at_start = {};
  // Before a request is handed on, as it leaves it; with false it never is. One at a time.
  std::function<bool(Wire&, const Asked&, std::string& line)> on_request = {};
  // Instead of writing the answer. One at a time.
  std::function<void(Wire&, const Asked&, std::string line)> on_answer = {};
  // After the end of the input, when all is answered; gives the exit status.
  std::function<int()> at_end = {};
};

// By name. Each behaviour has state of its own, and is used once.
const std::map<std::string, std::function<Behaviour()>>& AdapterDefects();
const std::map<std::string, std::function<Behaviour()>>& AdapterHabits();

// --- what behaviours are made of
// -----------------------------------------------------------------

// Every answer's message, changed.
Behaviour WithAnswers(std::function<void(nlohmann::json&)> change);
// The answers to one method while the check kWellFormed is at work: nobody else minds them.
Behaviour WithAnswer(std::string method, std::function<void(nlohmann::json&)> change);
// The same for the result of an answer that has one.
Behaviour WithResultOf(std::string method, std::function<void(nlohmann::json&)> change);
// The line that answers that probe, replaced; all others as they are.
Behaviour WithProbeLine(Probe probe, std::function<std::string(std::string line)> change);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_ADAPTER_BEHAVIOUR_H_
