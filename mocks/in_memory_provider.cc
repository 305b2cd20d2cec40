#include "mocks/in_memory_provider.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <mutex>
#include <random>
#include <utility>

#include "mocks/default_programs.h"
#include "mocks/in_memory_provider_impl.h"

namespace computesdk {
namespace {

using in_memory::ClockTime;
using in_memory::FileSystem;

constexpr std::string_view kRuntime = "bash";
constexpr std::array<std::string_view, 4> kProtocols = {"http", "https", "ws", "wss"};

Environment BaseEnvironment() {
  return {
      {"HOME", "/root"},
      {"HOSTNAME", "sandbox"},
      {"LANG", "C.UTF-8"},
      {"LOGNAME", "root"},
      {"SHELL", "/bin/bash"},
      {"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
      {"USER", "root"},
  };
}

// Ids of one provider are never those of another one before it: a ledger outlives its process.
std::string RandomPrefix() {
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "sb-%08x-", std::random_device()());
  return text.data();
}

}  // namespace

InMemoryProvider::Impl::Impl(InMemoryProviderOptions given)
    : options(std::move(given)),
      clock(options.clock != nullptr ? *options.clock : in_memory::RealClock()),
      id_prefix(RandomPrefix()) {
  description.name = options.name;
  description.version = "1";
  description.capabilities = AllCapabilities();
  description.runtimes = {std::string(kRuntime)};
  description.max_concurrency = options.max_concurrency;
  description.workdir = options.workdir;
  auto environment = std::make_shared<Environment>(BaseEnvironment());
  for (const auto& [name, value] : options.envs) (*environment)[name] = value;
  envs = std::move(environment);
  auto table = std::make_shared<in_memory::ProgramTable>(in_memory::DefaultPrograms());
  for (const auto& [name, main] : options.programs) (*table)[name] = main;
  FileSystem files([this] { return clock.Now(); }, FileSystem::Limits{},
                   in_memory::MakeBaseImage(clock, *table));
  (void)files.MakeDirectories(options.workdir);
  image = files.Snapshot();
  programs = std::move(table);
  exec = [name = options.name](in_memory::Process& process) { return process.Exec(name); };
  const auto bash = programs->find(kRuntime);
  shell = bash != programs->end() ? bash->second : exec;
}

InMemorySandboxPtr InMemoryProvider::Impl::Take(const std::string& sandbox_id) {
  std::unique_lock<std::shared_mutex> lock(mutex);
  const auto found = sandboxes.find(sandbox_id);
  if (found == sandboxes.end()) return nullptr;
  InMemorySandboxPtr sandbox = std::move(found->second);
  sandboxes.erase(found);
  return sandbox;
}

Result<InMemorySandboxPtr> InMemoryProvider::Impl::Find(const std::string& sandbox_id) {
  InMemorySandboxPtr sandbox;
  {
    std::shared_lock<std::shared_mutex> lock(mutex);
    const auto found = sandboxes.find(sandbox_id);
    if (found != sandboxes.end()) sandbox = found->second;
  }
  if (sandbox == nullptr) {
    return MakeError(ErrorCode::kNotFound, "no sandbox has the id '" + sandbox_id + "'");
  }
  if (sandbox->end != ClockTime::max() && clock.Now() >= sandbox->end) {
    Take(sandbox_id);
    sandbox->destroyed = true;
    sandbox->kernel.Stop();
    return MakeError(ErrorCode::kNotFound, "the time of sandbox " + sandbox_id + " is over");
  }
  return sandbox;
}

InMemoryProvider::InMemoryProvider(InMemoryProviderOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

InMemoryProvider::~InMemoryProvider() = default;

const ProviderDescription& InMemoryProvider::Describe() const { return impl_->description; }

Result<SandboxRef> InMemoryProvider::Create(const CreateSandboxOptions& options) {
  if (options.runtime && *options.runtime != kRuntime) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "there is no runtime '" + *options.runtime + "', only bash");
  }
  if (options.timeout && options.timeout->count() < 0) {
    return MakeError(ErrorCode::kInvalidArgument, "the timeout of a sandbox cannot be negative");
  }
  Status valid = CheckEnvironment(options.envs);
  if (!valid) return tl::unexpected(valid.error());
  const ClockTime now = impl_->clock.Now();
  in_memory::KernelLimits limits = impl_->options.limits;
  // 0 is no limit.
  if (options.timeout && options.timeout->count() > 0) {
    limits.end = std::min(limits.end, TimeAfter(now, *options.timeout));
  }
  std::string id = impl_->id_prefix + std::to_string(impl_->next_id++);
  auto sandbox =
      std::make_shared<InMemorySandbox>(id, impl_->clock, limits, impl_->programs, impl_->image);
  sandbox->options = options;
  sandbox->created = now;
  sandbox->end = limits.end;
  sandbox->envs = impl_->envs;
  if (!options.envs.empty()) {
    auto envs = std::make_shared<Environment>(*impl_->envs);
    for (const auto& [name, value] : options.envs) (*envs)[name] = value;
    sandbox->envs = std::move(envs);
  }
  {
    std::unique_lock<std::shared_mutex> lock(impl_->mutex);
    impl_->sandboxes.emplace(id, std::move(sandbox));
  }
  return SandboxRef{.sandbox_id = std::move(id), .workdir = impl_->options.workdir};
}

Result<std::optional<SandboxRef>> InMemoryProvider::GetById(const std::string& sandbox_id) {
  if (!impl_->Find(sandbox_id)) return std::nullopt;
  return SandboxRef{.sandbox_id = sandbox_id, .workdir = impl_->options.workdir};
}

Result<std::vector<SandboxRef>> InMemoryProvider::List() {
  std::vector<std::string> ids;
  {
    std::shared_lock<std::shared_mutex> lock(impl_->mutex);
    ids.reserve(impl_->sandboxes.size());
    for (const auto& [id, sandbox] : impl_->sandboxes) ids.push_back(id);
  }
  std::vector<SandboxRef> live;
  live.reserve(ids.size());
  for (std::string& id : ids) {
    if (!impl_->Find(id)) continue;
    live.push_back({.sandbox_id = std::move(id), .workdir = impl_->options.workdir});
  }
  return live;
}

Status InMemoryProvider::Destroy(const std::string& sandbox_id) {
  const InMemorySandboxPtr sandbox = impl_->Take(sandbox_id);
  if (sandbox == nullptr) {
    return MakeError(ErrorCode::kNotFound, "no sandbox has the id '" + sandbox_id + "'");
  }
  sandbox->destroyed = true;
  sandbox->kernel.Stop();
  return {};
}

Result<SandboxInfo> InMemoryProvider::GetInfo(const std::string& sandbox_id) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  const CreateSandboxOptions& options = (*sandbox)->options;
  SandboxInfo info;
  info.id = sandbox_id;
  info.provider = impl_->options.name;
  info.runtime = options.runtime.value_or(std::string(kRuntime));
  info.created_at = std::chrono::floor<Milliseconds>((*sandbox)->created);
  info.timeout = options.timeout;
  info.metadata = options.metadata;
  return info;
}

Result<std::string> InMemoryProvider::GetUrl(const std::string& sandbox_id,
                                             const GetUrlRequest& request) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  if (request.port < 1 || request.port > 65535) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "port " + std::to_string(request.port) + " is not between 1 and 65535");
  }
  const std::string protocol = request.protocol.value_or("https");
  if (std::find(kProtocols.begin(), kProtocols.end(), protocol) == kProtocols.end()) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "protocol '" + protocol + "' is none of http, https, ws, wss");
  }
  return protocol + "://" + std::to_string(request.port) + "-" + sandbox_id + ".sandbox.test";
}

}  // namespace computesdk
