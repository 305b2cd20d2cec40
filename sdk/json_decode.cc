#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>

#include "sdk/encoding.h"
#include "sdk/json.h"
#include "sdk/rfc3339.h"

namespace computesdk {

using nlohmann::json;

namespace {

constexpr std::size_t kMaxDepth = 500;
constexpr std::size_t kShown = 80;

// Where a value stands; written out only when something is wrong with it.
struct Path {
  const Path* parent = nullptr;
  std::string_view name = {};
  std::optional<std::size_t> index = {};

  std::string ToString() const {
    if (index) return parent->ToString() + "[" + std::to_string(*index) + "]";
    return parent == nullptr ? std::string(name) : parent->ToString() + "." + std::string(name);
  }
};

tl::unexpected<Error> Wrong(const Path& path, std::string_view expected, const json& got) {
  return MakeError(
      ErrorCode::kInvalidArgument,
      path.ToString() + ": expected " + std::string(expected) + ", got " + DescribeJson(got));
}

// Bytes have a JSON of their own, which the type alone does not tell.
struct Bytes {
  std::string& value;
};
// Millisecond counts and sizes that cannot be negative.
struct NotNegative {
  std::int64_t value = 0;
};
struct Object {
  json value = {};
};

Status Decode(const json& value, const Path& path, std::string& out) {
  if (!value.is_string()) return Wrong(path, "a string", value);
  out = value.get_ref<const std::string&>();
  return {};
}

Status Decode(const json& value, const Path& path, bool& out) {
  if (!value.is_boolean()) return Wrong(path, "a boolean", value);
  out = value.get<bool>();
  return {};
}

Status Decode(const json& value, const Path& path, std::int64_t& out) {
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::trunc(number) != number) return Wrong(path, "an integer", value);
    // 2^63 itself is a double, and no int64.
    if (number < -0x1p63 || number >= 0x1p63) return Wrong(path, "an integer in range", value);
    out = static_cast<std::int64_t>(number);
    return {};
  }
  if (!value.is_number_integer()) return Wrong(path, "an integer", value);
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) {
    return Wrong(path, "an integer in range", value);
  }
  out = value.get<std::int64_t>();
  return {};
}

Status Decode(const json& value, const Path& path, int& out) {
  std::int64_t number = 0;
  if (Status status = Decode(value, path, number); !status) return status;
  if (number < std::numeric_limits<int>::min() || number > std::numeric_limits<int>::max()) {
    return Wrong(path, "an integer in range", value);
  }
  out = static_cast<int>(number);
  return {};
}

Status Decode(const json& value, const Path& path, NotNegative& out) {
  if (Status status = Decode(value, path, out.value); !status) return status;
  if (out.value < 0) return Wrong(path, "an integer that is not negative", value);
  return {};
}

// Negative timeouts pass: a provider is to refuse them.
Status Decode(const json& value, const Path& path, Milliseconds& out) {
  std::int64_t number = 0;
  if (Status status = Decode(value, path, number); !status) return status;
  out = Milliseconds(number);
  return {};
}

Status Decode(const json& value, const Path& path, Object& out) {
  if (!value.is_object()) return Wrong(path, "an object", value);
  out.value = value;
  return {};
}

Status Decode(const json& value, const Path& path, Bytes out) {
  if (value.is_string()) {
    out.value = value.get_ref<const std::string&>();
    return {};
  }
  const auto encoded = value.is_object() ? value.find("base64") : value.end();
  if (!value.is_object() || encoded == value.end()) {
    return Wrong(path, "bytes (a string or {\"base64\": …})", value);
  }
  const Path inner{&path, "base64"};
  if (!encoded->is_string()) return Wrong(inner, "a string", *encoded);
  std::optional<std::string> bytes = Base64Decode(encoded->get_ref<const std::string&>());
  if (!bytes) return Wrong(inner, "base64", *encoded);
  out.value = std::move(*bytes);
  return {};
}

Status Decode(const json& value, const Path& path, Timestamp& out) {
  constexpr std::string_view kExpected = "an RFC 3339 date";
  if (!value.is_string()) return Wrong(path, kExpected, value);
  const auto parsed = ParseRfc3339(value.get_ref<const std::string&>());
  if (!parsed) return Wrong(path, kExpected, value);
  out = *parsed;
  return {};
}

Status Decode(const json& value, const Path& path, SandboxStatus& out) {
  for (const SandboxStatus status :
       {SandboxStatus::kRunning, SandboxStatus::kStopped, SandboxStatus::kError}) {
    if (value != SandboxStatusName(status)) continue;
    out = status;
    return {};
  }
  return Wrong(path, R"("running", "stopped" or "error")", value);
}

Status Decode(const json& value, const Path& path, Environment& out) {
  if (!value.is_object()) return Wrong(path, "an object of strings", value);
  for (const auto& [name, member] : value.items()) {
    if (Status status = Decode(member, Path{&path, name}, out[name]); !status) return status;
  }
  return {};
}

// Reads the fields of an object and keeps the first thing that is wrong.
class ObjectReader {
 public:
  ObjectReader(const json& object, const Path& path) : object_(object), path_(path) {
    if (!object.is_object()) status_ = Wrong(path, "an object", object);
  }

  template <typename T>
  ObjectReader& Required(std::string_view name, T&& out) {
    if (!status_) return *this;
    const auto field = object_.find(name);
    if (field == object_.end()) {
      status_ = MakeError(ErrorCode::kInvalidArgument,
                          Path{&path_, name}.ToString() + ": missing, in " + DescribeJson(object_));
    } else {
      status_ = Decode(*field, Path{&path_, name}, std::forward<T>(out));
    }
    return *this;
  }

  // Leaves `out` as it is where the field is left out.
  template <typename T>
  ObjectReader& Optional(std::string_view name, T& out) {
    if (!status_) return *this;
    const auto field = object_.find(name);
    if (field == object_.end() || field->is_null()) return *this;
    status_ = Decode(*field, Path{&path_, name}, out);
    return *this;
  }

  template <typename T>
  ObjectReader& Optional(std::string_view name, std::optional<T>& out) {
    T value{};
    if (Has(name)) {
      Optional(name, value);
      out = std::move(value);
    }
    return *this;
  }

  const Status& status() const { return status_; }

 private:
  bool Has(std::string_view name) const {
    if (!status_) return false;
    const auto field = object_.find(name);
    return field != object_.end() && !field->is_null();
  }

  const json& object_;
  const Path& path_;
  Status status_;
};

template <typename T>
Status Decode(const json& value, const Path& path, std::vector<T>& out);

Status Decode(const json& value, const Path& path, SandboxRef& out) {
  return ObjectReader(value, path)
      .Required("sandboxId", out.sandbox_id)
      .Optional("workdir", out.workdir)
      .status();
}

Status Decode(const json& value, const Path& path, FileEntry& out) {
  std::optional<NotNegative> size;
  Status status = ObjectReader(value, path)
                      .Required("name", out.name)
                      .Required("path", out.path)
                      .Required("isDirectory", out.is_directory)
                      .Optional("size", size)
                      .Optional("lastModified", out.last_modified)
                      .status();
  if (size) out.size = size->value;
  return status;
}

Status Decode(const json& value, const Path& path, CreateSandboxOptions& out) {
  Object metadata{json::object()};
  Status status = ObjectReader(value, path)
                      .Optional("runtime", out.runtime)
                      .Optional("timeout", out.timeout)
                      .Optional("envs", out.envs)
                      .Optional("metadata", metadata)
                      .Optional("templateId", out.template_id)
                      .status();
  out.metadata = Metadata(std::move(metadata.value));
  return status;
}

Status Decode(const json& value, const Path& path, RunCommandOptions& out) {
  return ObjectReader(value, path)
      .Optional("cwd", out.cwd)
      .Optional("env", out.env)
      .Optional("timeout", out.timeout)
      .Optional("background", out.background)
      .status();
}

Status Decode(const json& value, const Path& path, RunCommandRequest& out) {
  return ObjectReader(value, path)
      .Required("command", out.command)
      .Optional("args", out.args)
      .Optional("options", out.options)
      .status();
}

Status Decode(const json& value, const Path& path, RunCodeRequest& out) {
  return ObjectReader(value, path)
      .Required("code", out.code)
      .Optional("runtime", out.runtime)
      .status();
}

Status Decode(const json& value, const Path& path, GetUrlRequest& out) {
  return ObjectReader(value, path)
      .Required("port", out.port)
      .Optional("protocol", out.protocol)
      .status();
}

Status Decode(const json& value, const Path& path, ExecutionResult& out) {
  NotNegative execution_time;
  Status status = ObjectReader(value, path)
                      .Required("stdout", Bytes{out.stdout_bytes})
                      .Required("stderr", Bytes{out.stderr_bytes})
                      .Required("exitCode", out.exit_code)
                      .Required("executionTime", execution_time)
                      .Required("sandboxId", out.sandbox_id)
                      .Required("provider", out.provider)
                      .Optional("pid", out.pid)
                      .Optional("isBackground", out.is_background)
                      .status();
  out.execution_time = Milliseconds(execution_time.value);
  return status;
}

Status Decode(const json& value, const Path& path, SandboxInfo& out) {
  std::optional<NotNegative> timeout;
  std::optional<Object> metadata;
  Status status = ObjectReader(value, path)
                      .Required("id", out.id)
                      .Required("provider", out.provider)
                      .Required("runtime", out.runtime)
                      .Required("status", out.status)
                      .Required("createdAt", out.created_at)
                      .Optional("timeout", timeout)
                      .Optional("metadata", metadata)
                      .status();
  if (timeout) out.timeout = Milliseconds(timeout->value);
  if (metadata) out.metadata = Metadata(std::move(metadata->value));
  return status;
}

struct ProviderIdentity {
  ProviderDescription& description;
};

Status Decode(const json& value, const Path& path, ProviderIdentity out) {
  return ObjectReader(value, path)
      .Required("name", out.description.name)
      .Optional("version", out.description.version)
      .status();
}

Status Decode(const json& value, const Path& path, ProviderDescription& out) {
  std::int64_t version = 0;
  ObjectReader reader(value, path);
  // Another version may have other fields: its number is what matters then.
  if (!reader.Required("protocolVersion", version).status()) return reader.status();
  if (version != kProtocolVersion) {
    return MakeError(ErrorCode::kFailedPrecondition, "protocol version " + std::to_string(version) +
                                                         " is not supported; only " +
                                                         std::to_string(kProtocolVersion) + " is");
  }
  reader.Required("provider", ProviderIdentity{out})
      .Required("capabilities", out.capabilities)
      .Required("runtimes", out.runtimes)
      .Optional("maxConcurrency", out.max_concurrency)
      .Optional("workdir", out.workdir);
  if (!reader.status()) return reader.status();
  if (out.runtimes.empty()) {
    return Wrong(Path{&path, "runtimes"}, "at least one runtime", value["runtimes"]);
  }
  if (out.max_concurrency < 1) {
    return Wrong(Path{&path, "maxConcurrency"}, "at least 1", value["maxConcurrency"]);
  }
  if (!out.workdir.starts_with('/')) {
    return Wrong(Path{&path, "workdir"}, "an absolute path", value["workdir"]);
  }
  return {};
}

struct ErrorData {
  std::optional<std::string> status = {};
};

Status Decode(const json& value, const Path& path, ErrorData& out) {
  return ObjectReader(value, path).Optional("status", out.status).status();
}

Status Decode(const json& value, const Path& path, Error& out) {
  constexpr std::int64_t kMethodNotFound = -32601;
  std::int64_t code = 0;
  ErrorData data;
  Status status = ObjectReader(value, path)
                      .Required("code", code)
                      .Required("message", out.message)
                      .Optional("data", data)
                      .status();
  out.code = code == kMethodNotFound ? ErrorCode::kUnimplemented : ErrorCode::kUnknown;
  if (data.status) out.code = ErrorCodeFromName(*data.status).value_or(ErrorCode::kUnknown);
  return status;
}

template <typename T>
Status Decode(const json& value, const Path& path, std::vector<T>& out) {
  if (!value.is_array()) return Wrong(path, "an array", value);
  out.resize(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (Status status = Decode(value[i], Path{&path, "", i}, out[i]); !status) return status;
  }
  return {};
}

bool IsTooDeep(std::string_view text) {
  const auto opens = [](char c) { return c == '[' || c == '{'; };
  // Most texts have so few that a scan which knows strings is not needed.
  if (static_cast<std::size_t>(std::count_if(text.begin(), text.end(), opens)) <= kMaxDepth) {
    return false;
  }
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
    } else if (c == '"') {
      in_string = true;
    } else if (opens(c)) {
      if (++depth > kMaxDepth) return true;
    } else if ((c == ']' || c == '}') && depth > 0) {
      --depth;
    }
  }
  return false;
}

std::string Cut(std::string text) {
  if (text.size() <= kShown) return text;
  std::size_t end = kShown;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + "…";
}

}  // namespace

template <typename T>
Result<T> FromJson(const json& value, std::string_view name) {
  T out{};
  Status status = Decode(value, Path{nullptr, name}, out);
  if (!status) return tl::unexpected<Error>(std::move(status.error()));
  return out;
}

template Result<std::string> FromJson(const json&, std::string_view);
template Result<bool> FromJson(const json&, std::string_view);
template Result<ProviderDescription> FromJson(const json&, std::string_view);
template Result<CreateSandboxOptions> FromJson(const json&, std::string_view);
template Result<SandboxRef> FromJson(const json&, std::string_view);
template Result<std::vector<SandboxRef>> FromJson(const json&, std::string_view);
template Result<RunCommandOptions> FromJson(const json&, std::string_view);
template Result<RunCommandRequest> FromJson(const json&, std::string_view);
template Result<RunCodeRequest> FromJson(const json&, std::string_view);
template Result<GetUrlRequest> FromJson(const json&, std::string_view);
template Result<ExecutionResult> FromJson(const json&, std::string_view);
template Result<SandboxInfo> FromJson(const json&, std::string_view);
template Result<FileEntry> FromJson(const json&, std::string_view);
template Result<std::vector<FileEntry>> FromJson(const json&, std::string_view);
template Result<Error> FromJson(const json&, std::string_view);
template Result<Timestamp> FromJson(const json&, std::string_view);

Result<std::string> BytesFromJson(const json& value, std::string_view name) {
  std::string bytes;
  Status status = Decode(value, Path{nullptr, name}, Bytes{bytes});
  if (!status) return tl::unexpected<Error>(std::move(status.error()));
  return bytes;
}

Result<json> ParseJson(std::string_view text) {
  if (IsTooDeep(text)) {
    return MakeError(ErrorCode::kInvalidArgument,
                     "JSON that is nested deeper than " + std::to_string(kMaxDepth));
  }
  json value = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (value.is_discarded()) return MakeError(ErrorCode::kInvalidArgument, "not JSON");
  return value;
}

std::string DescribeJson(const json& value) {
  if (value.is_null()) return "null";
  if (value.is_array()) return "an array of " + std::to_string(value.size());
  if (value.is_object()) {
    if (value.empty()) return "an object without fields";
    std::string names;
    for (const auto& [name, member] : value.items()) {
      names += (names.empty() ? "" : ", ") +
               json(name).dump(-1, ' ', false, json::error_handler_t::replace);
      if (names.size() > kShown) break;
    }
    return "an object with the fields " + Cut(std::move(names));
  }
  std::string shown;
  if (value.is_string()) {
    // Cut before it is escaped: it may be many megabytes.
    json head = value.get_ref<const std::string&>().substr(0, 2 * kShown);
    shown = head.dump(-1, ' ', false, json::error_handler_t::replace);
  } else {
    shown = value.dump();
  }
  return Cut(std::move(shown)) + " (" + value.type_name() + ")";
}

}  // namespace computesdk
