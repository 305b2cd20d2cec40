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
using in_memory::ProgramTable;

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

std::string NoRuntime(const std::string& runtime, const ProgramTable& runtimes) {
  std::string names;
  for (const auto& [name, main] : runtimes) names += (names.empty() ? "" : ", ") + name;
  return "there is no runtime '" + runtime + "', only " + names;
}

InMemoryProvider::Impl::Impl(InMemoryProviderOptions given)
    : options(std::move(given)),
      clock(options.clock != nullptr ? *options.clock : in_memory::RealClock()),
      id_prefix(options.id_prefix.empty() ? RandomPrefix() : options.id_prefix) {
  description.name = options.name;
  description.version = "1";
  description.capabilities = AllCapabilities();
  description.runtimes = {std::string(kRuntime)};
  for (const auto& [name, main] : options.runtimes) {
    if (name != kRuntime) description.runtimes.push_back(name);
  }
  description.max_concurrency = options.max_concurrency;
  description.workdir = options.workdir;
  auto environment = std::make_shared<Environment>(BaseEnvironment());
  for (const auto& [name, value] : options.envs) (*environment)[name] = value;
  base.envs = std::move(environment);
  auto table = std::make_shared<ProgramTable>(in_memory::DefaultPrograms());
  for (const auto& [name, main] : options.programs) (*table)[name] = main;
  exec = [name = options.name](in_memory::Process& process) { return process.Exec(name); };
  const auto bash = table->find(kRuntime);
  shell = bash != table->end() ? bash->second : exec;
  auto runtimes = std::make_shared<ProgramTable>(options.runtimes);
  runtimes->try_emplace(std::string(kRuntime), shell);
  base.runtimes = std::move(runtimes);
  usable = FillFiles(*table);
  base.programs = std::move(table);
}

Status InMemoryProvider::Impl::FillFiles(const ProgramTable& programs) {
  FileSystem files([this] { return clock.Now(); }, FileSystem::Limits{},
                   in_memory::MakeBaseImage(clock, programs));
  (void)files.MakeDirectories(options.workdir);
  const auto failed = [](const std::string& path, std::errc error) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "no sandbox can begin with " + path + ": " + in_memory::ErrnoText(error));
  };
  for (const auto& [path, folder] : options.directories) {
    const auto shown = files.ShowHostFolder(folder, in_memory::JoinPath(options.workdir, path));
    if (!shown) return failed(path + ", a copy of " + folder, shown.error());
  }
  for (const auto& [path, content] : options.files) {
    const auto written =
        WriteWithParents(files, in_memory::JoinPath(options.workdir, path), content);
    if (!written) return failed(path, written.error());
  }
  base.files = files.Snapshot();
  return {};
}

SandboxBase InMemoryProvider::Impl::Base() {
  std::shared_lock<std::shared_mutex> lock(mutex);
  return base;
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
  return impl_->Create(options, impl_->Base());
}

Result<SandboxRef> InMemoryProvider::Impl::Create(const CreateSandboxOptions& request,
                                                  SandboxBase from) {
  if (!usable) return tl::unexpected(usable.error());
  if (request.runtime && !from.runtimes->contains(*request.runtime)) {
    return MakeError(ErrorCode::kInvalidArgument, NoRuntime(*request.runtime, *from.runtimes));
  }
  if (request.timeout && request.timeout->count() < 0) {
    return MakeError(ErrorCode::kInvalidArgument, "the timeout of a sandbox cannot be negative");
  }
  Status valid = CheckEnvironment(request.envs);
  if (!valid) return tl::unexpected(valid.error());
  const ClockTime now = clock.Now();
  in_memory::KernelLimits limits = options.limits;
  // 0 is no limit.
  if (request.timeout && request.timeout->count() > 0) {
    limits.end = std::min(limits.end, TimeAfter(now, *request.timeout));
  }
  if (!request.envs.empty()) {
    auto envs = std::make_shared<Environment>(*from.envs);
    for (const auto& [name, value] : request.envs) (*envs)[name] = value;
    from.envs = std::move(envs);
  }
  std::string id = id_prefix + std::to_string(next_id++);
  auto sandbox = std::make_shared<InMemorySandbox>(id, clock, limits, std::move(from));
  sandbox->options = request;
  sandbox->created = now;
  sandbox->end = limits.end;
  {
    std::unique_lock<std::shared_mutex> lock(mutex);
    sandboxes.emplace(id, std::move(sandbox));
  }
  return SandboxRef{.sandbox_id = std::move(id), .workdir = options.workdir};
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
