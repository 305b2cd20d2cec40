#include "sdk/compute.h"

namespace computesdk {

Result<std::string> SandboxFiles::ReadFile(const std::string& path) const {
  return provider_->ReadFile(sandbox_id_, path);
}
Status SandboxFiles::WriteFile(const std::string& path, const std::string& content) const {
  return provider_->WriteFile(sandbox_id_, path, content);
}
Status SandboxFiles::Mkdir(const std::string& path) const {
  return provider_->Mkdir(sandbox_id_, path);
}
Result<std::vector<FileEntry>> SandboxFiles::Readdir(const std::string& path) const {
  return provider_->Readdir(sandbox_id_, path);
}
Result<bool> SandboxFiles::Exists(const std::string& path) const {
  return provider_->Exists(sandbox_id_, path);
}
Status SandboxFiles::Remove(const std::string& path) const {
  return provider_->Remove(sandbox_id_, path);
}

const std::string& Sandbox::workdir() const {
  return ref_.workdir ? *ref_.workdir : provider_->Describe().workdir;
}

Result<ExecutionResult> Sandbox::RunCode(std::string code,
                                         std::optional<std::string> runtime) const {
  return provider_->RunCode(id(), {.code = std::move(code), .runtime = std::move(runtime)});
}

Result<ExecutionResult> Sandbox::RunCommand(std::string line, RunCommandOptions options) const {
  return provider_->RunCommand(id(), {.command = std::move(line), .options = std::move(options)});
}

Result<ExecutionResult> Sandbox::RunCommand(std::string program, std::vector<std::string> args,
                                            RunCommandOptions options) const {
  return provider_->RunCommand(
      id(),
      {.command = std::move(program), .args = std::move(args), .options = std::move(options)});
}

Result<SandboxInfo> Sandbox::GetInfo() const { return provider_->GetInfo(id()); }

Result<std::string> Sandbox::GetUrl(GetUrlRequest request) const {
  return provider_->GetUrl(id(), request);
}

Status Sandbox::Destroy() const { return provider_->Destroy(id()); }

Result<Provider*> SandboxOperations::Choose(Provider* provider, std::string_view operation) const {
  if (provider == nullptr) provider = default_provider_;
  if (provider != nullptr) return provider;
  return MakeError(ErrorCode::kFailedPrecondition,
                   std::string(operation) +
                       ": there is no provider; give one with the call, or a default_provider to "
                       "Compute");
}

Result<Sandbox> SandboxOperations::Create(const CreateSandboxOptions& options,
                                          Provider* provider) const {
  const Result<Provider*> chosen = Choose(provider, "Create");
  if (!chosen) return tl::unexpected<Error>(chosen.error());
  Result<SandboxRef> ref = (*chosen)->Create(options);
  if (!ref) return tl::unexpected<Error>(std::move(ref.error()));
  return Sandbox(**chosen, std::move(*ref));
}

Result<std::optional<Sandbox>> SandboxOperations::GetById(const std::string& sandbox_id,
                                                          Provider* provider) const {
  const Result<Provider*> chosen = Choose(provider, "GetById");
  if (!chosen) return tl::unexpected<Error>(chosen.error());
  Result<std::optional<SandboxRef>> ref = (*chosen)->GetById(sandbox_id);
  if (!ref) return tl::unexpected<Error>(std::move(ref.error()));
  if (!*ref) return std::nullopt;
  return Sandbox(**chosen, std::move(**ref));
}

Result<std::vector<Sandbox>> SandboxOperations::List(Provider* provider) const {
  const Result<Provider*> chosen = Choose(provider, "List");
  if (!chosen) return tl::unexpected<Error>(chosen.error());
  Result<std::vector<SandboxRef>> refs = (*chosen)->List();
  if (!refs) return tl::unexpected<Error>(std::move(refs.error()));
  std::vector<Sandbox> sandboxes;
  for (SandboxRef& ref : *refs) sandboxes.emplace_back(**chosen, std::move(ref));
  return sandboxes;
}

Status SandboxOperations::Destroy(const std::string& sandbox_id, Provider* provider) const {
  const Result<Provider*> chosen = Choose(provider, "Destroy");
  if (!chosen) return tl::unexpected<Error>(chosen.error());
  return (*chosen)->Destroy(sandbox_id);
}

}  // namespace computesdk
