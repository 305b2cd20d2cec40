#include <utility>

#include "sdk/encoding.h"
#include "sdk/json.h"
#include "sdk/rfc3339.h"

namespace computesdk {

using nlohmann::json;

namespace {

constexpr int kMethodNotFound = -32601;
constexpr int kServerError = -32000;

template <typename T>
void PutOptional(json& object, const char* name, const std::optional<T>& value) {
  if (value) object[name] = *value;
}

void PutOptional(json& object, const char* name, const std::optional<Milliseconds>& value) {
  if (value) object[name] = value->count();
}

void PutUnlessEmpty(json& object, const char* name, const Environment& value) {
  if (!value.empty()) object[name] = value;
}

// The path of the first string or key that is not valid UTF-8.
std::optional<std::string> FindInvalidText(const json& value, const std::string& path) {
  if (value.is_string() && !IsValidUtf8(value.get_ref<const std::string&>())) return path;
  if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (auto found = FindInvalidText(value[i], path + "[" + std::to_string(i) + "]")) {
        return found;
      }
    }
  } else if (value.is_object()) {
    for (const auto& [key, member] : value.items()) {
      if (!IsValidUtf8(key)) return "a name in " + (path.empty() ? "the value" : path);
      if (auto found = FindInvalidText(member, path.empty() ? key : path + "." + key)) {
        return found;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

json ToJson(const ProviderDescription& value) {
  json provider = {{"name", value.name}};
  PutOptional(provider, "version", value.version);
  return {{"protocolVersion", kProtocolVersion},     {"provider", std::move(provider)},
          {"capabilities", value.capabilities},      {"runtimes", value.runtimes},
          {"maxConcurrency", value.max_concurrency}, {"workdir", value.workdir}};
}

json ToJson(const CreateSandboxOptions& value) {
  json object = json::object();
  PutOptional(object, "runtime", value.runtime);
  PutOptional(object, "timeout", value.timeout);
  PutUnlessEmpty(object, "envs", value.envs);
  if (!value.metadata.empty()) object["metadata"] = value.metadata.json();
  PutOptional(object, "templateId", value.template_id);
  return object;
}

json ToJson(const SandboxRef& value) {
  json object = {{"sandboxId", value.sandbox_id}};
  PutOptional(object, "workdir", value.workdir);
  return object;
}

json ToJson(const RunCommandOptions& value) {
  json object = json::object();
  PutOptional(object, "cwd", value.cwd);
  PutUnlessEmpty(object, "env", value.env);
  PutOptional(object, "timeout", value.timeout);
  if (value.background) object["background"] = true;
  return object;
}

json ToJson(const RunCommandRequest& value) {
  json object = {{"command", value.command}};
  PutOptional(object, "args", value.args);
  json options = ToJson(value.options);
  if (!options.empty()) object["options"] = std::move(options);
  return object;
}

json ToJson(const RunCodeRequest& value) {
  json object = {{"code", value.code}};
  PutOptional(object, "runtime", value.runtime);
  return object;
}

json ToJson(const GetUrlRequest& value) {
  json object = {{"port", value.port}};
  PutOptional(object, "protocol", value.protocol);
  return object;
}

json ToJson(const ExecutionResult& value) {
  json object = {{"stdout", BytesToJson(value.stdout_bytes)},
                 {"stderr", BytesToJson(value.stderr_bytes)},
                 {"exitCode", value.exit_code},
                 {"executionTime", value.execution_time.count()},
                 {"sandboxId", value.sandbox_id},
                 {"provider", value.provider}};
  PutOptional(object, "pid", value.pid);
  PutOptional(object, "isBackground", value.is_background);
  return object;
}

// With U+FFFD for what is no UTF-8: one such name must not hide a whole listing.
static json Decodable(const std::string& text) {
  return json::parse(json(text).dump(-1, ' ', false, json::error_handler_t::replace));
}

json ToJson(const SandboxInfo& value) {
  json object = {{"id", value.id},
                 {"provider", value.provider},
                 {"runtime", value.runtime},
                 {"status", SandboxStatusName(value.status)},
                 {"createdAt", ToJson(value.created_at)}};
  PutOptional(object, "timeout", value.timeout);
  if (value.metadata) object["metadata"] = value.metadata->json();
  return object;
}

json ToJson(const FileEntry& value) {
  json object = {{"name", Decodable(value.name)},
                 {"path", Decodable(value.path)},
                 {"isDirectory", value.is_directory}};
  PutOptional(object, "size", value.size);
  if (value.last_modified) object["lastModified"] = ToJson(*value.last_modified);
  return object;
}

json ToJson(const Error& value) {
  const int code = value.code == ErrorCode::kUnimplemented ? kMethodNotFound : kServerError;
  return {{"code", code},
          {"message", value.message},
          {"data", {{"status", ErrorCodeName(value.code)}}}};
}

json ToJson(Timestamp value) { return FormatRfc3339(value); }

json BytesToJson(std::string bytes) {
  if (IsValidUtf8(bytes)) return json(std::move(bytes));
  return {{"base64", Base64Encode(bytes)}};
}

std::string_view SandboxStatusName(SandboxStatus status) {
  switch (status) {
    case SandboxStatus::kRunning:
      return "running";
    case SandboxStatus::kStopped:
      return "stopped";
    case SandboxStatus::kError:
      break;
  }
  return "error";
}

Result<std::string> SerializeJson(const json& value) {
  try {
    return value.dump();
  } catch (const json::exception&) {  // The library's only way to say that text is not UTF-8.
    return MakeError(ErrorCode::kInvalidArgument,
                     FindInvalidText(value, "").value_or("the value") +
                         ": is not valid UTF-8, and has no form in the protocol");
  }
}

}  // namespace computesdk
