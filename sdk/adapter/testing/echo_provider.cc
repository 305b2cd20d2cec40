#include "sdk/adapter/testing/echo_provider.h"

#include <stdexcept>
#include <thread>

namespace computesdk::adapter {
namespace {

Status CheckId(const std::string& sandbox_id) {
  if (sandbox_id == "sb") return {};
  return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + sandbox_id);
}

}  // namespace

ProviderDescription EchoProvider::Description() {
  return {.name = "echo",
          .version = "2.1",
          .capabilities = AllCapabilities(),
          .runtimes = {"bash", "python"},
          .max_concurrency = 4,
          .workdir = "/work"};
}

Result<SandboxRef> EchoProvider::Create(const CreateSandboxOptions& options) {
  const std::lock_guard lock(mutex_);
  options_ = options;
  return SandboxRef{.sandbox_id = "sb", .workdir = options.template_id};
}

Result<std::optional<SandboxRef>> EchoProvider::GetById(const std::string& sandbox_id) {
  if (sandbox_id != "sb") return std::nullopt;
  return SandboxRef{.sandbox_id = "sb"};
}

Result<std::vector<SandboxRef>> EchoProvider::List() {
  return std::vector<SandboxRef>{{.sandbox_id = "sb"}, {.sandbox_id = "other"}};
}

Status EchoProvider::Destroy(const std::string& sandbox_id) { return CheckId(sandbox_id); }

Result<ExecutionResult> EchoProvider::RunCode(const std::string& sandbox_id,
                                              const RunCodeRequest& request) {
  return ExecutionResult{.stdout_bytes = request.code,
                         .stderr_bytes = request.runtime.value_or("none"),
                         .sandbox_id = sandbox_id,
                         .provider = "echo"};
}

Result<ExecutionResult> EchoProvider::RunCommand(const std::string& sandbox_id,
                                                 const RunCommandRequest& request) {
  if (Status known = CheckId(sandbox_id); !known) return tl::unexpected<Error>(known.error());
  if (request.command == "throw") throw std::runtime_error("out of luck");
  if (request.command == "sleep") std::this_thread::sleep_for(*request.options.timeout);
  ExecutionResult result{.stdout_bytes = request.command,
                         .exit_code = static_cast<int>(request.options.env.size()),
                         .execution_time = request.options.timeout.value_or(Milliseconds(0)),
                         .sandbox_id = sandbox_id,
                         .provider = request.options.cwd.value_or("echo"),
                         .is_background = request.options.background};
  if (request.args) {
    for (const std::string& arg : *request.args) result.stderr_bytes += arg + '\0';
    result.pid = static_cast<std::int64_t>(request.args->size());
  }
  return result;
}

Result<SandboxInfo> EchoProvider::GetInfo(const std::string& sandbox_id) {
  const std::lock_guard lock(mutex_);
  return SandboxInfo{.id = sandbox_id,
                     .provider = "echo",
                     .runtime = options_.runtime.value_or("bash"),
                     .status = SandboxStatus::kStopped,
                     .created_at = Timestamp(Milliseconds(1764014130125)),
                     .timeout = options_.timeout,
                     .metadata = options_.metadata};
}

Result<std::string> EchoProvider::GetUrl(const std::string& sandbox_id,
                                         const GetUrlRequest& request) {
  return request.protocol.value_or("https") + "://" + sandbox_id + "-" +
         std::to_string(request.port);
}

Result<std::string> EchoProvider::ReadFile(const std::string&, const std::string& path) {
  const std::lock_guard lock(mutex_);
  const auto file = files_.find(path);
  if (file == files_.end()) return MakeError(ErrorCode::kNotFound, "there is no " + path);
  return file->second;
}

Status EchoProvider::WriteFile(const std::string&, const std::string& path,
                               const std::string& content) {
  const std::lock_guard lock(mutex_);
  files_[path] = content;
  return {};
}

Status EchoProvider::Mkdir(const std::string&, const std::string& path) {
  return MakeError(ErrorCode::kAlreadyExists, path);
}

Result<std::vector<FileEntry>> EchoProvider::Readdir(const std::string&, const std::string& path) {
  const std::lock_guard lock(mutex_);
  std::vector<FileEntry> entries;
  for (const auto& [name, content] : files_) {
    FileEntry entry{.name = name, .path = path + "/" + name, .is_directory = content.empty()};
    if (!content.empty()) {
      entry.size = static_cast<std::int64_t>(content.size());
      entry.last_modified = Timestamp(Milliseconds(1764014130125));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<bool> EchoProvider::Exists(const std::string&, const std::string& path) {
  const std::lock_guard lock(mutex_);
  return files_.contains(path);
}

Status EchoProvider::Remove(const std::string&, const std::string& path) {
  const std::lock_guard lock(mutex_);
  files_.erase(path);
  return {};
}

}  // namespace computesdk::adapter
