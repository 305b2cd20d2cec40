// An adapter that breaks the protocol in the way its argument names, and keeps it otherwise.

#include <signal.h>
#include <unistd.h>

#include <iostream>
#include <string>
#include <vector>

#include "nlohmann/json.hpp"

namespace {

using nlohmann::json;

void Send(const json& message) { std::cout << message.dump() << "\n" << std::flush; }

void Answer(const json& id, const json& result) {
  Send({{"jsonrpc", "2.0"}, {"id", id}, {"result", result}});
}

json Description() {
  return {{"protocolVersion", 1},
          {"provider", {{"name", "broken"}}},
          {"capabilities", json::array()},
          {"runtimes", {"bash"}},
          {"maxConcurrency", 4}};
}

[[noreturn]] void Idle() {
  while (true) pause();
}

// A child in the adapter's group that holds its streams and takes no notice of SIGTERM.
int ForkSleeper() {
  const pid_t pid = fork();
  if (pid != 0) return pid;
  signal(SIGTERM, SIG_IGN);
  Idle();
}

class BrokenAdapter {
 public:
  explicit BrokenAdapter(std::string mode) : mode_(std::move(mode)) {}

  int Run() {
    if (mode_ == "exits at once") {
      std::cerr << "no licence found\n";
      return 3;
    }
    if (mode_ == "garbage at start") std::cout << "Welcome to the adapter\n" << std::flush;
    if (mode_ == "never reads") Idle();
    if (mode_ == "ignores SIGTERM") signal(SIGTERM, SIG_IGN);
    std::string line;
    while (std::getline(std::cin, line)) {
      const json request = json::parse(line);
      if (request["method"] == "shutdown") return Shutdown(request["id"]);
      if (request["method"] == "initialize") {
        Initialize(request["id"]);
      } else {
        Handle(request["id"], request["method"], request["params"]);
      }
    }
    if (mode_ == "ignores SIGTERM" || mode_ == "stays") Idle();
    return 0;
  }

 private:
  int Shutdown(const json& id) {
    if (mode_ == "fails at shutdown") return 4;
    Answer(id, mode_ == "odd shutdown" ? json("bye") : json());
    if (mode_ == "exits with 5") return 5;
    if (mode_ == "ignores SIGTERM" || mode_ == "stays") Idle();
    return 0;
  }

  void Initialize(const json& id) {
    json description = Description();
    if (mode_ == "never answers") return;
    if (mode_ == "version 2") description = {{"protocolVersion", 2}, {"engine", "new"}};
    if (mode_ == "no runtimes") description["runtimes"] = json::array();
    Answer(id, description);
    if (mode_ == "stops reading") Idle();
    // More than a pipe holds, before the next request is read.
    if (mode_ == "talks first") {
      for (int i = 0; i < 10'000; ++i) std::cout << "line " << i << " of the talk\n";
      std::cout << std::flush;
    }
    if (mode_ == "closes its input") {
      close(0);
      Idle();
    }
  }

  void Handle(const json& id, const std::string& method, const json& params) {
    if (mode_ == "garbage in a call") std::cout << "debug: \x1b[31m" << method << std::endl;
    if (mode_ == "dies in a call") {
      std::cerr << "Segfault in " << method << "\n";
      raise(SIGKILL);
    }
    if (mode_ == "leaves half a line") {
      std::cout << R"({"jsonrpc":"2.0","id")" << std::flush;
      _exit(0);
    }
    if (mode_ == "closes its output") {
      close(1);
      Idle();
    }
    if (mode_ == "sends a request") Send({{"jsonrpc", "2.0"}, {"method", "log"}, {"params", {}}});
    if (mode_ == "answers an unknown id") Answer(4711, json());
    if (mode_ == "writes a long line") std::cout << std::string((64 << 20) + 1, 'x') << std::endl;
    if (mode_ == "floods its log") {
      const std::string text(1 << 20, 'l');
      for (int i = 0; i < 4; ++i) std::cerr << text;
      std::cerr << "the end of the flood";
    }
    if (mode_ == "leaves a call unanswered" && method == "sandbox.destroy") return;
    if (mode_ == "answers late" && method == "sandbox.destroy") {
      late_ = id;
      return;
    }
    if (mode_ == "creates late" && method == "sandbox.create") usleep(500'000);
    if (mode_ == "answers in reverse") {
      Hold(id, params);
      return;
    }
    if (!late_.is_null()) Answer(std::exchange(late_, json()), json());
    AnswerCall(id, method);
    if (mode_ == "answers twice") Answer(id, json::array());
  }

  void AnswerCall(const json& id, const std::string& method) {
    if (mode_ == "no version") return Send({{"id", id}, {"result", json::array()}});
    if (mode_ == "no result") return Send({{"jsonrpc", "2.0"}, {"id", id}});
    if (mode_ == "odd error") {
      return Send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", "E1"}, {"message", "m"}}}});
    }
    if (method == "sandbox.list") return Answer(id, json::array());
    if (method == "sandbox.create") return Answer(id, {{"sandboxId", ForkSleeperId()}});
    if (method == "sandbox.getById") return Answer(id, {{"sandboxId", 7}});
    if (method == "sandbox.destroy") return Answer(id, true);
    if (method == "sandbox.runCommand") {
      return Answer(id, {{"stdout", ""},
                         {"stderr", ""},
                         {"exitCode", "0"},
                         {"executionTime", 1},
                         {"sandboxId", "sb"},
                         {"provider", "broken"}});
    }
    Send({{"jsonrpc", "2.0"}, {"id", id}, {"error", {{"code", -32601}, {"message", "no"}}}});
  }

  std::string ForkSleeperId() {
    return mode_ == "leaves a child" ? std::to_string(ForkSleeper()) : "sb";
  }

  // Answers four requests at once, the last one first.
  void Hold(const json& id, const json& params) {
    held_.push_back({id, params["sandboxId"]});
    if (held_.size() < 4) return;
    for (auto held = held_.rbegin(); held != held_.rend(); ++held) {
      Answer(held->first, {{"sandboxId", held->second}});
    }
    held_.clear();
  }

  const std::string mode_;
  json late_;
  std::vector<std::pair<json, json>> held_;
};

}  // namespace

int main(int argc, char** argv) { return BrokenAdapter(argc > 1 ? argv[1] : "").Run(); }
