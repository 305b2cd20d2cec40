// An adapter around the in-memory provider that misbehaves in the way its first argument names:
// at its sixtieth command, or, where the way is random, at one in a hundred calls.
// The second argument is the seed.

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <string>

#include "mocks/in_memory_provider.h"
#include "sdk/adapter/serve_provider.h"

namespace computesdk {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;

void Write(int fd, const std::string& bytes) {
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t count = ::write(fd, bytes.data() + at, bytes.size() - at);
    if (count < 0) std::_Exit(0);  // Nobody reads any more.
    at += static_cast<std::size_t>(count);
  }
}

[[noreturn]] void WriteForEver(const std::string& bytes) {
  std::string chunk;
  while (chunk.size() < kChunk) chunk += bytes;
  while (true) Write(STDOUT_FILENO, chunk);
}

void WriteGibibyteInALine() {
  const std::string chunk(kChunk, 'x');
  Write(STDOUT_FILENO, R"({"jsonrpc":"2.0","id":1,"result":{"stdout":")");
  for (int i = 0; i < 1024; ++i) Write(STDOUT_FILENO, chunk);
  Write(STDOUT_FILENO, "\"}}\n");
}

void WriteTenMillionLinesToTheLog() {
  std::string lines;
  for (int i = 0; i < 100'000; ++i) lines += "retrying the request\n";
  for (int i = 0; i < 100; ++i) Write(STDERR_FILENO, lines);
}

class Misbehaving : public InMemoryProvider {
 public:
  Misbehaving(std::string way, unsigned seed) : way_(std::move(way)), random_(seed) {}

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    AtRandom();
    return InMemoryProvider::Create(options);
  }
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override {
    AtRandom();
    if (++commands_ == 60) AtTheSixtieth();
    return InMemoryProvider::RunCommand(sandbox_id, request);
  }
  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override {
    AtRandom();
    return InMemoryProvider::ReadFile(sandbox_id, path);
  }

 private:
  void AtTheSixtieth() {
    if (way_ == "long line") WriteGibibyteInALine();
    if (way_ == "log") WriteTenMillionLinesToTheLog();
    if (way_ == "endless line") WriteForEver("x");
    if (way_ == "endless junk") WriteForEver("Fetching dependencies…\n");
    if (way_ == "endless notifications") {
      WriteForEver(R"({"jsonrpc":"2.0","method":"log","params":{"message":"still here"}})"
                   "\n");
    }
  }

  void AtRandom() {
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = random_();
    }
    if (number % 100 != 0) return;
    if (way_ == "dies") {
      std::cerr << "out of memory" << std::endl;
      std::_Exit(9);
    }
    if (way_ == "hangs") {
      while (true) ::pause();
    }
    if (way_ == "garbage") {
      std::string bytes(1 + number % 5000, '\0');
      for (char& byte : bytes) byte = static_cast<char>(number = number * 6364136223846793005 + 1);
      Write(STDOUT_FILENO, bytes + "\n");
    }
  }

  const std::string way_;
  std::mutex mutex_;
  std::mt19937_64 random_;
  std::atomic<int> commands_{0};
};

}  // namespace
}  // namespace computesdk

int main(int argc, char** argv) {
  computesdk::Misbehaving provider(argc > 1 ? argv[1] : "",
                                   argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1);
  return computesdk::ServeProvider(provider, STDIN_FILENO, STDOUT_FILENO) ? 0 : 1;
}
