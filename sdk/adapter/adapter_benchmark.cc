#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "benchmark/benchmark.h"
#include "nlohmann/json.hpp"
#include "sdk/adapter/adapter_provider.h"
#include "sdk/adapter/child_process.h"
#include "sdk/adapter/serve_provider.h"
#include "sdk/adapter/testing/echo_provider.h"

// What a call through an adapter costs, beside the least that a JSON-RPC call over two pipes can
// cost. The children are this program itself.
namespace computesdk::adapter {
namespace {

constexpr char kPing[] = "ping";
constexpr char kServeOne[] = "serve-one";
constexpr char kServeMany[] = "serve-many";

std::string Self() {
  std::string path(4096, '\0');
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size());
  path.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return path;
}

// Reads until a newline; false at the end.
bool ReadLine(int fd, std::string& line) {
  line.clear();
  char chunk[4096];
  do {
    const ssize_t count = read(fd, chunk, sizeof chunk);
    if (count <= 0) return false;
    line.append(chunk, static_cast<std::size_t>(count));
  } while (line.back() != '\n');
  return true;
}

bool WriteLine(int fd, const std::string& line) {
  return write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

// Answers every line with the same.
int PingChild() {
  const std::string answer = R"({"jsonrpc":"2.0","id":1,"result":{"sandboxId":"sb"}})"
                             "\n";
  std::string line;
  while (ReadLine(0, line) && WriteLine(1, answer)) {
  }
  return 0;
}

class Served : public EchoProvider {
 public:
  explicit Served(int max_concurrency) : description_(Description()) {
    description_.max_concurrency = max_concurrency;
  }
  const ProviderDescription& Describe() const override { return description_; }

 private:
  ProviderDescription description_;
};

int ServeChild(int max_concurrency) {
  Served provider(max_concurrency);
  return ServeProvider(provider, 0, 1) ? 0 : 1;
}

void BM_BarePing(benchmark::State& state) {
  const auto child = ChildProcess::Start({Self(), kPing}, "", {});
  if (!child) return state.SkipWithError("the child does not start");
  const Descriptor input = (*child)->TakeInput();
  const std::string request =
      R"({"jsonrpc":"2.0","id":1,"method":"sandbox.getById","params":{"sandboxId":"sb"}})"
      "\n";
  std::string line;
  for (auto _ : state) {
    if (!WriteLine(input.get(), request) || !ReadLine((*child)->output(), line)) {
      return state.SkipWithError("the child is gone");
    }
    const nlohmann::json answer = nlohmann::json::parse(line);
    benchmark::DoNotOptimize(answer.at("result").at("sandboxId").get<std::string>());
  }
}
BENCHMARK(BM_BarePing)->UseRealTime();

void GetById(benchmark::State& state, const char* child) {
  const auto provider = AdapterProvider::Start({.command = {Self(), child}});
  if (!provider) return state.SkipWithError(provider.error().message.c_str());
  for (auto _ : state) {
    const auto found = (*provider)->GetById("sb");
    if (!found || !*found) return state.SkipWithError("the call failed");
  }
}

// The adapter takes one call at a time, and several.
void BM_GetById(benchmark::State& state) { GetById(state, kServeOne); }
BENCHMARK(BM_GetById)->UseRealTime();
void BM_GetByIdOfMany(benchmark::State& state) { GetById(state, kServeMany); }
BENCHMARK(BM_GetByIdOfMany)->UseRealTime();

}  // namespace
}  // namespace computesdk::adapter

int main(int argc, char** argv) {
  using namespace computesdk::adapter;  // NOLINT: the children are started by their names.
  const std::string role = argc > 1 ? argv[1] : "";
  if (role == kPing) return PingChild();
  if (role == kServeOne) return ServeChild(1);
  if (role == kServeMany) return ServeChild(8);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
