// The local provider as an adapter that takes a second for each destroy: time to interrupt it.

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "providers/local/local_provider.h"
#include "sdk/adapter/serve_provider.h"

namespace computesdk {
namespace {

class SlowToDestroy : public LocalProvider {
 public:
  Status Destroy(const std::string& sandbox_id) override {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    return LocalProvider::Destroy(sandbox_id);
  }
};

}  // namespace
}  // namespace computesdk

int main() {
  signal(SIGPIPE, SIG_IGN);
  computesdk::SlowToDestroy provider;
  return computesdk::ServeProvider(provider, STDIN_FILENO, STDOUT_FILENO) ? 0 : 1;
}
