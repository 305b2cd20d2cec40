#include "sdk/define_provider.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace computesdk {
namespace {

tl::unexpected<Error> Invalid(const std::string& problem) {
  return MakeError(ErrorCode::kInvalidArgument, "DefineProvider: " + problem);
}

// The first member that is missing; nullopt if none is.
std::optional<std::string> MissingMember(const ProviderDefinition& definition) {
  if (definition.name.empty()) return "name";
  if (definition.runtimes.empty()) return "runtimes";
  if (!definition.create) return "create";
  if (!definition.get_by_id) return "get_by_id";
  if (!definition.list) return "list";
  if (!definition.destroy) return "destroy";
  if (!definition.run_code) return "run_code";
  if (!definition.run_command) return "run_command";
  const auto* files = std::get_if<FileSystemFunctions>(&definition.filesystem);
  if (files == nullptr) return std::nullopt;
  if (!files->read_file) return "filesystem.read_file";
  if (!files->write_file) return "filesystem.write_file";
  if (!files->mkdir) return "filesystem.mkdir";
  if (!files->readdir) return "filesystem.readdir";
  if (!files->exists) return "filesystem.exists";
  if (!files->remove) return "filesystem.remove";
  return std::nullopt;
}

Status Check(const ProviderDefinition& definition) {
  if (const auto missing = MissingMember(definition)) return Invalid(*missing + " is missing");
  if (definition.max_concurrency < 1) return Invalid("max_concurrency is less than 1");
  if (!definition.workdir.starts_with('/')) return Invalid("workdir is not absolute");
  const std::vector<std::string>& known = AllCapabilities();
  for (const std::string& name : definition.capabilities) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return Invalid("capabilities: there is none with the name " + name);
    }
    if (!name.starts_with("create.") && !name.starts_with("command.")) {
      return Invalid("capabilities: " + name + " follows from the functions given");
    }
  }
  return {};
}

ProviderDescription Description(const ProviderDefinition& definition) {
  ProviderDescription description{.name = definition.name,
                                  .version = definition.version,
                                  .capabilities = definition.capabilities,
                                  .runtimes = definition.runtimes,
                                  .max_concurrency = definition.max_concurrency,
                                  .workdir = definition.workdir};
  const auto claim = [&](std::string_view name) { description.capabilities.emplace_back(name); };
  if (definition.get_info) claim(capability::kGetInfo);
  if (definition.get_url) claim(capability::kGetUrl);
  if (!std::holds_alternative<std::monostate>(definition.filesystem)) {
    claim(capability::kFilesystem);
  }
  return description;
}

// The result of the function, or of its exception.
template <typename Function, typename... Args>
auto Guarded(const Function& function, const Args&... args) -> decltype(function(args...)) {
  try {
    return function(args...);
  } catch (const std::exception& thrown) {
    return MakeError(ErrorCode::kInternal,
                     std::string("the provider threw an exception: ") + thrown.what());
  } catch (...) {
    return MakeError(ErrorCode::kInternal, "the provider threw something that is no exception");
  }
}

class DefinedProvider : public Provider {
 public:
  explicit DefinedProvider(ProviderDefinition definition)
      : description_(Description(definition)), functions_(std::move(definition)) {
    if (auto* given = std::get_if<FileSystemFunctions>(&functions_.filesystem)) {
      files_ = std::move(*given);
    } else if (auto* shell = std::get_if<ShellFileSystem>(&functions_.filesystem)) {
      files_ = MakeShellFileSystem(functions_.run_command, std::move(*shell));
    }
  }

  const ProviderDescription& Describe() const override { return description_; }

  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    if (Status declared = CheckRuntime(options.runtime); !declared) {
      return tl::unexpected<Error>(std::move(declared.error()));
    }
    return Guarded(functions_.create, options);
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& sandbox_id) override {
    return Guarded(functions_.get_by_id, sandbox_id);
  }
  Result<std::vector<SandboxRef>> List() override { return Guarded(functions_.list); }
  Status Destroy(const std::string& sandbox_id) override {
    return Guarded(functions_.destroy, sandbox_id);
  }
  Result<ExecutionResult> RunCode(const std::string& sandbox_id,
                                  const RunCodeRequest& request) override {
    if (Status declared = CheckRuntime(request.runtime); !declared) {
      return tl::unexpected<Error>(std::move(declared.error()));
    }
    return Guarded(functions_.run_code, sandbox_id, request);
  }
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override {
    return Guarded(functions_.run_command, sandbox_id, request);
  }

  Result<SandboxInfo> GetInfo(const std::string& sandbox_id) override {
    if (!functions_.get_info) return Provider::GetInfo(sandbox_id);
    return Guarded(functions_.get_info, sandbox_id);
  }
  Result<std::string> GetUrl(const std::string& sandbox_id, const GetUrlRequest& request) override {
    if (!functions_.get_url) return Provider::GetUrl(sandbox_id, request);
    return Guarded(functions_.get_url, sandbox_id, request);
  }

  Result<std::string> ReadFile(const std::string& sandbox_id, const std::string& path) override {
    if (!files_) return Provider::ReadFile(sandbox_id, path);
    return Guarded(files_->read_file, sandbox_id, path);
  }
  Status WriteFile(const std::string& sandbox_id, const std::string& path,
                   const std::string& content) override {
    if (!files_) return Provider::WriteFile(sandbox_id, path, content);
    return Guarded(files_->write_file, sandbox_id, path, content);
  }
  Status Mkdir(const std::string& sandbox_id, const std::string& path) override {
    if (!files_) return Provider::Mkdir(sandbox_id, path);
    return Guarded(files_->mkdir, sandbox_id, path);
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& sandbox_id,
                                         const std::string& path) override {
    if (!files_) return Provider::Readdir(sandbox_id, path);
    return Guarded(files_->readdir, sandbox_id, path);
  }
  Result<bool> Exists(const std::string& sandbox_id, const std::string& path) override {
    if (!files_) return Provider::Exists(sandbox_id, path);
    return Guarded(files_->exists, sandbox_id, path);
  }
  Status Remove(const std::string& sandbox_id, const std::string& path) override {
    if (!files_) return Provider::Remove(sandbox_id, path);
    return Guarded(files_->remove, sandbox_id, path);
  }

 private:
  Status CheckRuntime(const std::optional<std::string>& runtime) const {
    const std::vector<std::string>& declared = description_.runtimes;
    if (!runtime || std::find(declared.begin(), declared.end(), *runtime) != declared.end()) {
      return {};
    }
    return MakeError(ErrorCode::kInvalidArgument,
                     description_.name + " has no runtime " + *runtime);
  }

  const ProviderDescription description_;
  ProviderDefinition functions_;
  std::optional<FileSystemFunctions> files_;
};

}  // namespace

Result<std::unique_ptr<Provider>> DefineProvider(ProviderDefinition definition) {
  if (Status checked = Check(definition); !checked) {
    return tl::unexpected<Error>(std::move(checked.error()));
  }
  return std::make_unique<DefinedProvider>(std::move(definition));
}

}  // namespace computesdk
