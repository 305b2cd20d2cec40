#include "conformance/selftest/broken_adapter.h"

#include <signal.h>
#include <unistd.h>

#include <thread>
#include <utility>

#include "conformance/selftest/adapter_behaviour.h"
#include "mocks/in_memory_provider.h"
#include "sdk/adapter/descriptor.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/serve_provider.h"

namespace computesdk::conformance {
namespace {

using adapter::LineReader;
using adapter::Pipe;

constexpr std::string_view kIdField = "\"id\":";
constexpr std::string_view kMethodField = "\"method\":\"";
// Both fields stand before what may be long.
constexpr std::size_t kHead = 200;

// What stands behind the field's name, up to `end`.
std::string TextOf(std::string_view line, std::string_view field, std::string_view end) {
  std::string_view head = line.substr(0, kHead);
  const std::size_t begin = head.find(field);
  if (begin == std::string_view::npos) return "";
  head.remove_prefix(begin + field.size());
  return std::string(head.substr(0, head.find_first_of(end)));
}

bool IsProbe(const Asked& asked, std::string_view line) {
  return asked.method == "sandbox.runCommand" && line.size() < 1000 &&
         line.find(kProbeCommand) != std::string_view::npos;
}

// The clean adapter, with the behaviour between it and the kit.
class Filter {
 public:
  Filter(Behaviour behaviour, Pipe requests, Pipe answers)
      : behaviour_(std::move(behaviour)),
        requests_(std::move(requests)),
        answers_(std::move(answers)) {}

  int Run() {
    if (behaviour_.at_start) behaviour_.at_start(wire_);
    InMemoryProvider provider;
    std::thread serving([&] {
      static_cast<void>(ServeProvider(provider, requests_.read.get(), answers_.write.get()));
      answers_.write.Close();
    });
    std::thread answering([&] { PassAnswers(); });
    PassRequests();
    requests_.write.Close();
    serving.join();
    answering.join();
    return behaviour_.at_end ? behaviour_.at_end() : 0;
  }

 private:
  void PassRequests() {
    LineReader reader(STDIN_FILENO);
    int probes = 0;
    while (reader.Next() == LineReader::Event::kLine) {
      std::string line(reader.line());
      line += '\n';
      Asked asked{.id = TextOf(line, kIdField, ",}"), .method = TextOf(line, kMethodField, "\"")};
      if (IsProbe(asked, line)) asked.probe = ++probes;
      asked.during = probes;
      {
        const std::lock_guard lock(mutex_);
        asked_[asked.id] = asked;
      }
      if (behaviour_.on_request && !behaviour_.on_request(wire_, asked, line)) continue;
      if (!adapter::WriteFully(requests_.write.get(), line)) return;
    }
  }

  void PassAnswers() {
    LineReader reader(answers_.read.get());
    while (reader.Next() == LineReader::Event::kLine) {
      std::string line(reader.line());
      line += '\n';
      if (!behaviour_.on_answer) {
        wire_.Write(line);
        continue;
      }
      Asked asked;
      {
        const std::lock_guard lock(mutex_);
        const auto found = asked_.find(TextOf(line, kIdField, ",}"));
        if (found != asked_.end()) asked = asked_.extract(found).mapped();
      }
      behaviour_.on_answer(wire_, asked, std::move(line));
    }
  }

  const Behaviour behaviour_;
  Pipe requests_;
  Pipe answers_;
  Wire wire_;
  std::mutex mutex_;
  std::map<std::string, Asked> asked_;
};

}  // namespace

void Wire::Write(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  static_cast<void>(adapter::WriteFully(STDOUT_FILENO, bytes));
}

Behaviour WithAnswers(std::function<void(nlohmann::json&)> change) {
  return {.on_answer = [=](Wire& wire, const Asked&, const std::string& line) {
    nlohmann::json message = nlohmann::json::parse(line);
    change(message);
    wire.Write(message.dump() + "\n");
  }};
}

Behaviour WithAnswer(std::string method, std::function<void(nlohmann::json&)> change) {
  return {.on_answer = [=](Wire& wire, const Asked& asked, const std::string& line) {
    if (asked.method != method || asked.during != kWellFormed) return wire.Write(line);
    nlohmann::json message = nlohmann::json::parse(line);
    change(message);
    wire.Write(message.dump() + "\n");
  }};
}

Behaviour WithResultOf(std::string method, std::function<void(nlohmann::json&)> change) {
  return WithAnswer(std::move(method), [=](nlohmann::json& message) {
    if (message.contains("result")) change(message["result"]);
  });
}

Behaviour WithProbeLine(Probe probe, std::function<std::string(std::string)> change) {
  return {.on_answer = [=](Wire& wire, const Asked& asked, std::string line) {
    wire.Write(asked.probe == probe ? change(std::move(line)) : line);
  }};
}

Result<int> ServeAsAdapter(const std::string& behaviour) {
  Behaviour wanted;
  for (const auto* table : {&AdapterDefects(), &AdapterHabits()}) {
    if (const auto found = table->find(behaviour); found != table->end()) wanted = found->second();
  }
  const bool known = behaviour == "clean" || AdapterDefects().contains(behaviour) ||
                     AdapterHabits().contains(behaviour);
  if (!known) {
    return MakeError(ErrorCode::kInvalidArgument, "no adapter behaves like '" + behaviour + "'");
  }
  Result<Pipe> requests = adapter::MakePipe();
  if (!requests) return tl::unexpected<Error>(requests.error());
  Result<Pipe> answers = adapter::MakePipe();
  if (!answers) return tl::unexpected<Error>(answers.error());
  return Filter(std::move(wanted), std::move(*requests), std::move(*answers)).Run();
}

}  // namespace computesdk::conformance
