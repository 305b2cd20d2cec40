#include "sdk/adapter/adapter_provider.h"

#include <utility>

#include "nlohmann/json.hpp"
#include "sdk/adapter/connection.h"
#include "sdk/json.h"

namespace computesdk {

using nlohmann::json;

namespace {

json ForSandbox(const std::string& sandbox_id, json params = json::object()) {
  params["sandboxId"] = sandbox_id;
  return params;
}

json ForPath(const std::string& sandbox_id, const std::string& path) {
  return {{"sandboxId", sandbox_id}, {"path", path}};
}

json InitializeParams() {
  return {{"protocolVersion", kProtocolVersion},
          {"kit", {{"name", "computesdk-conformance"}, {"version", "0.1.0"}}}};
}

}  // namespace

Result<std::unique_ptr<AdapterProvider>> AdapterProvider::Start(AdapterOptions options) {
  Result<std::unique_ptr<Connection>> connection = Connection::Start(options);
  if (!connection) return tl::unexpected<Error>(std::move(connection.error()));
  std::unique_ptr<AdapterProvider> provider(new AdapterProvider(std::move(*connection)));
  Connection& peer = *provider->connection_;

  const Result<json> answer = peer.Call("initialize", InitializeParams(), options.startup_timeout);
  if (!answer) {
    Error error = answer.error();
    for (const ProtocolViolation& violation : peer.violations()) {
      if (violation.kind != ProtocolViolation::Kind::kNotJsonRpc) continue;
      error.message += "; on its standard output was " + violation.description;
      break;
    }
    const std::string log = peer.stderr_tail();
    if (error.code == ErrorCode::kDeadlineExceeded && !log.empty()) {
      error.message += "; on its standard error was " + adapter::EscapedLine(log, 1000);
    }
    return tl::unexpected<Error>(std::move(error));
  }
  Result<ProviderDescription> description =
      peer.Checked("initialize", FromJson<ProviderDescription>(*answer, "result"));
  if (!description) return tl::unexpected<Error>(std::move(description.error()));
  peer.description = std::move(*description);
  peer.set_max_concurrency(peer.description.max_concurrency);
  return provider;
}

AdapterProvider::AdapterProvider(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

AdapterProvider::~AdapterProvider() = default;

Status AdapterProvider::Shutdown() { return connection_->Shutdown(); }
void AdapterProvider::Kill() { connection_->Kill(); }
std::vector<std::string> AdapterProvider::TakeLateSandboxes(Milliseconds patience) {
  return connection_->TakeLateSandboxes(patience);
}
bool AdapterProvider::AnswersList(Milliseconds limit) {
  const Result<json> answer =
      connection_->Call("sandbox.list", json::object(), limit, Connection::Gate::kPass);
  return answer || answer.error().code != ErrorCode::kDeadlineExceeded;
}
bool AdapterProvider::alive() const { return connection_->alive(); }
int AdapterProvider::pid() const { return connection_->pid(); }
std::string AdapterProvider::stderr_tail() const { return connection_->stderr_tail(); }
std::vector<ProtocolViolation> AdapterProvider::violations() const {
  return connection_->violations();
}

const ProviderDescription& AdapterProvider::Describe() const { return connection_->description; }

Result<SandboxRef> AdapterProvider::Create(const CreateSandboxOptions& options) {
  json params = json::object();
  if (json encoded = ToJson(options); !encoded.empty()) params["options"] = std::move(encoded);
  return connection_->CallFor<SandboxRef>("sandbox.create", params);
}

Result<std::optional<SandboxRef>> AdapterProvider::GetById(const std::string& sandbox_id) {
  constexpr std::string_view kMethod = "sandbox.getById";
  const Result<json> result =
      connection_->Call(kMethod, ForSandbox(sandbox_id), connection_->call_timeout());
  if (!result) return tl::unexpected<Error>(result.error());
  if (result->is_null()) return std::nullopt;
  return connection_->Checked(kMethod, FromJson<SandboxRef>(*result, "result"));
}

Result<std::vector<SandboxRef>> AdapterProvider::List() {
  return connection_->CallFor<std::vector<SandboxRef>>("sandbox.list", json::object());
}

Status AdapterProvider::Destroy(const std::string& sandbox_id) {
  return connection_->CallForNothing("sandbox.destroy", ForSandbox(sandbox_id));
}

Result<ExecutionResult> AdapterProvider::RunCode(const std::string& sandbox_id,
                                                 const RunCodeRequest& request) {
  return connection_->CallFor<ExecutionResult>("sandbox.runCode",
                                               ForSandbox(sandbox_id, ToJson(request)));
}

Result<ExecutionResult> AdapterProvider::RunCommand(const std::string& sandbox_id,
                                                    const RunCommandRequest& request) {
  return connection_->CallFor<ExecutionResult>("sandbox.runCommand",
                                               ForSandbox(sandbox_id, ToJson(request)));
}

Result<SandboxInfo> AdapterProvider::GetInfo(const std::string& sandbox_id) {
  return connection_->CallFor<SandboxInfo>("sandbox.getInfo", ForSandbox(sandbox_id));
}

Result<std::string> AdapterProvider::GetUrl(const std::string& sandbox_id,
                                            const GetUrlRequest& request) {
  return connection_->CallFor<std::string>("sandbox.getUrl",
                                           ForSandbox(sandbox_id, ToJson(request)));
}

Result<std::string> AdapterProvider::ReadFile(const std::string& sandbox_id,
                                              const std::string& path) {
  constexpr std::string_view kMethod = "filesystem.readFile";
  const Result<json> result =
      connection_->Call(kMethod, ForPath(sandbox_id, path), connection_->call_timeout());
  if (!result) return tl::unexpected<Error>(result.error());
  return connection_->Checked(kMethod, BytesFromJson(*result, "result"));
}

Status AdapterProvider::WriteFile(const std::string& sandbox_id, const std::string& path,
                                  const std::string& content) {
  json params = ForPath(sandbox_id, path);
  params["content"] = BytesToJson(content);
  return connection_->CallForNothing("filesystem.writeFile", params);
}

Status AdapterProvider::Mkdir(const std::string& sandbox_id, const std::string& path) {
  return connection_->CallForNothing("filesystem.mkdir", ForPath(sandbox_id, path));
}

Result<std::vector<FileEntry>> AdapterProvider::Readdir(const std::string& sandbox_id,
                                                        const std::string& path) {
  return connection_->CallFor<std::vector<FileEntry>>("filesystem.readdir",
                                                      ForPath(sandbox_id, path));
}

Result<bool> AdapterProvider::Exists(const std::string& sandbox_id, const std::string& path) {
  return connection_->CallFor<bool>("filesystem.exists", ForPath(sandbox_id, path));
}

Status AdapterProvider::Remove(const std::string& sandbox_id, const std::string& path) {
  return connection_->CallForNothing("filesystem.remove", ForPath(sandbox_id, path));
}

}  // namespace computesdk
