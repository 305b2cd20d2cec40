#include "conformance/selftest/variation_providers.h"

#include <chrono>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "mocks/forwarding_provider.h"
#include "mocks/in_memory_provider.h"

namespace computesdk::conformance {
namespace {

using SteadyClock = std::chrono::steady_clock;

// Every method goes through Do.
class EachCall : public ForwardingProvider {
 public:
  EachCall() : ForwardingProvider(std::make_unique<InMemoryProvider>()) {}

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    return Do("create", "", [&] { return inner().Create(options); });
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& id) override {
    return Do("getById", id, [&] { return inner().GetById(id); });
  }
  Result<std::vector<SandboxRef>> List() override {
    return Do("list", "", [&] { return inner().List(); });
  }
  Status Destroy(const std::string& id) override {
    return Do("destroy", id, [&] { return inner().Destroy(id); });
  }
  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) override {
    return Do("runCode", id, [&] { return inner().RunCode(id, request); });
  }
  Result<ExecutionResult> RunCommand(const std::string& id,
                                     const RunCommandRequest& request) override {
    return Do("runCommand", id, [&] { return inner().RunCommand(id, request); });
  }
  Result<SandboxInfo> GetInfo(const std::string& id) override {
    return Do("getInfo", id, [&] { return inner().GetInfo(id); });
  }
  Result<std::string> GetUrl(const std::string& id, const GetUrlRequest& request) override {
    return Do("getUrl", id, [&] { return inner().GetUrl(id, request); });
  }
  Result<std::string> ReadFile(const std::string& id, const std::string& path) override {
    return Do("readFile", id, [&] { return inner().ReadFile(id, path); });
  }
  Status WriteFile(const std::string& id, const std::string& path,
                   const std::string& content) override {
    return Do("writeFile", id, [&] { return inner().WriteFile(id, path, content); });
  }
  Status Mkdir(const std::string& id, const std::string& path) override {
    return Do("mkdir", id, [&] { return inner().Mkdir(id, path); });
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& id, const std::string& path) override {
    return Do("readdir", id, [&] { return inner().Readdir(id, path); });
  }
  Result<bool> Exists(const std::string& id, const std::string& path) override {
    return Do("exists", id, [&] { return inner().Exists(id, path); });
  }
  Status Remove(const std::string& id, const std::string& path) override {
    return Do("remove", id, [&] { return inner().Remove(id, path); });
  }

 protected:
  virtual std::optional<Error> Before(std::string_view, const std::string&) { return {}; }
  virtual Error Failed(std::string_view, const std::string&, Error error) { return error; }
  Provider& clean() { return inner(); }

 private:
  template <typename F>
  auto Do(std::string_view method, const std::string& id, F call) -> decltype(call()) {
    if (std::optional<Error> refused = Before(method, id)) return tl::unexpected<Error>(*refused);
    auto result = call();
    if (!result) return tl::unexpected<Error>(Failed(method, id, std::move(result.error())));
    return result;
  }
};

class WatchedProvider : public EachCall {
 public:
  explicit WatchedProvider(const std::function<BeforeCall(Provider&)>& make)
      : before_(make(clean())) {}

 private:
  std::optional<Error> Before(std::string_view method, const std::string& id) override {
    return before_(method, id);
  }

  const BeforeCall before_;
};

class OtherErrors : public EachCall {
 public:
  explicit OtherErrors(ErrorCode code) : code_(code) {}

 private:
  Error Failed(std::string_view method, const std::string& id, Error error) override {
    if (method == "destroy" || error.code != ErrorCode::kNotFound) return error;
    const Result<std::optional<SandboxRef>> there = clean().GetById(id);
    if (there && !*there) error.code = code_;
    return error;
  }

  const ErrorCode code_;
};

class LaggingProvider : public ForwardingProvider {
 public:
  explicit LaggingProvider(Milliseconds lag)
      : ForwardingProvider(std::make_unique<InMemoryProvider>()), lag_(lag) {}

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    Result<SandboxRef> ref = inner().Create(options);
    if (ref) Note(*ref, true);
    return ref;
  }
  Status Destroy(const std::string& id) override {
    const Status status = inner().Destroy(id);
    if (status) Note({.sandbox_id = id}, false);
    return status;
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& id) override {
    const std::lock_guard lock(mutex_);
    const auto found = sandboxes_.find(id);
    if (found == sandboxes_.end() || !IsShown(found->second)) return std::nullopt;
    return found->second.ref;
  }
  Result<std::vector<SandboxRef>> List() override {
    std::vector<SandboxRef> shown;
    const std::lock_guard lock(mutex_);
    for (auto& [id, sandbox] : sandboxes_) {
      if (IsShown(sandbox)) shown.push_back(sandbox.ref);
    }
    return shown;
  }

 private:
  struct Sandbox {
    SandboxRef ref = {};
    SteadyClock::time_point created = {};
    std::optional<SteadyClock::time_point> destroyed = {};
  };

  void Note(const SandboxRef& ref, bool created) {
    const std::lock_guard lock(mutex_);
    Sandbox& sandbox = sandboxes_[ref.sandbox_id];
    if (created) {
      sandbox = {.ref = ref, .created = SteadyClock::now()};
    } else {
      sandbox.destroyed = SteadyClock::now();
    }
  }
  // A sandbox that was there before, and whose end is not known yet. One may end by itself.
  bool IsShown(Sandbox& sandbox) {
    if (!sandbox.destroyed && !inner().GetById(sandbox.ref.sandbox_id).value()) {
      sandbox.destroyed = SteadyClock::now();
    }
    const SteadyClock::time_point known = SteadyClock::now() - lag_;
    return sandbox.created <= known && (!sandbox.destroyed || *sandbox.destroyed > known);
  }

  const Milliseconds lag_;
  std::mutex mutex_;
  std::map<std::string, Sandbox> sandboxes_;
};

}  // namespace

ProviderFactory Watched(std::function<BeforeCall(Provider& inner)> make) {
  return [make = std::move(make)] { return std::make_unique<WatchedProvider>(make); };
}

ProviderFactory MissingSandboxIs(ErrorCode code) {
  return [code] { return std::make_unique<OtherErrors>(code); };
}

ProviderFactory Lagging(Milliseconds lag) {
  return [lag] { return std::make_unique<LaggingProvider>(lag); };
}

}  // namespace computesdk::conformance
