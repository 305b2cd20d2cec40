#ifndef COMPUTESDK_SDK_TYPES_H_
#define COMPUTESDK_SDK_TYPES_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/metadata.h"

// The values that cross the provider contract. Output, file content and paths are bytes: a
// std::string here may hold NUL and need not be valid UTF-8.
namespace computesdk {

using Milliseconds = std::chrono::milliseconds;
using Timestamp = std::chrono::sys_time<std::chrono::milliseconds>;
using Environment = std::map<std::string, std::string>;

// Optional behaviour that a provider may claim.
namespace capability {
inline constexpr std::string_view kGetInfo = "getInfo";
inline constexpr std::string_view kGetUrl = "getUrl";
inline constexpr std::string_view kFilesystem = "filesystem";
inline constexpr std::string_view kCreateEnvs = "create.envs";
inline constexpr std::string_view kCreateMetadata = "create.metadata";
inline constexpr std::string_view kCreateTimeout = "create.timeout";
inline constexpr std::string_view kCommandCwd = "command.cwd";
inline constexpr std::string_view kCommandEnv = "command.env";
inline constexpr std::string_view kCommandTimeout = "command.timeout";
inline constexpr std::string_view kCommandBackground = "command.background";
}  // namespace capability

// Every capability of this version of the contract.
const std::vector<std::string>& AllCapabilities();

// What a provider says of itself.
struct ProviderDescription {
  std::string name = {};  // The name that every result carries.
  std::optional<std::string> version = {};
  std::vector<std::string> capabilities = {};  // Names of namespace capability.
  std::vector<std::string> runtimes = {};      // What RunCode accepts; the first is the default.
  int max_concurrency = 1;                     // Calls that may be in flight at once; at least 1.
  std::string workdir = "/tmp";                // Absolute; in every sandbox one may write there.

  bool Claims(std::string_view capability) const;

  friend bool operator==(const ProviderDescription&, const ProviderDescription&) = default;
};

struct CreateSandboxOptions {
  std::optional<std::string> runtime = {};
  std::optional<Milliseconds> timeout = {};  // The sandbox's lifetime.
  Environment envs = {};
  Metadata metadata = {};
  std::optional<std::string> template_id = {};

  friend bool operator==(const CreateSandboxOptions&, const CreateSandboxOptions&) = default;
};

// A sandbox as Create, GetById and List name it.
struct SandboxRef {
  std::string sandbox_id = {};
  std::optional<std::string> workdir = {};  // Where this sandbox has one of its own.

  friend bool operator==(const SandboxRef&, const SandboxRef&) = default;
};

struct RunCommandOptions {
  std::optional<std::string> cwd = {};
  Environment env = {};
  std::optional<Milliseconds> timeout = {};
  bool background = false;

  friend bool operator==(const RunCommandOptions&, const RunCommandOptions&) = default;
};

// Without args, `command` is a line for the sandbox's shell. With args (none of them, too),
// `command` is a program, and each arg reaches it as it is.
struct RunCommandRequest {
  std::string command = {};
  std::optional<std::vector<std::string>> args = {};
  RunCommandOptions options = {};

  friend bool operator==(const RunCommandRequest&, const RunCommandRequest&) = default;
};

struct RunCodeRequest {
  std::string code = {};
  std::optional<std::string> runtime = {};

  friend bool operator==(const RunCodeRequest&, const RunCodeRequest&) = default;
};

struct GetUrlRequest {
  int port = 0;
  std::optional<std::string> protocol = {};

  friend bool operator==(const GetUrlRequest&, const GetUrlRequest&) = default;
};

struct ExecutionResult {
  std::string stdout_bytes = {};
  std::string stderr_bytes = {};
  int exit_code = 0;
  Milliseconds execution_time{0};  // Wall time.
  std::string sandbox_id = {};
  std::string provider = {};
  std::optional<std::int64_t> pid = {};
  std::optional<bool> is_background = {};

  friend bool operator==(const ExecutionResult&, const ExecutionResult&) = default;
};

enum class SandboxStatus { kRunning, kStopped, kError };

struct SandboxInfo {
  std::string id = {};
  std::string provider = {};
  std::string runtime = {};
  SandboxStatus status = SandboxStatus::kRunning;
  Timestamp created_at{};
  std::optional<Milliseconds> timeout = {};  // 0, or left out: no limit.
  std::optional<Metadata> metadata = {};

  friend bool operator==(const SandboxInfo&, const SandboxInfo&) = default;
};

struct FileEntry {
  std::string name = {};
  std::string path = {};
  bool is_directory = false;
  std::optional<std::int64_t> size = {};  // In bytes.
  std::optional<Timestamp> last_modified = {};

  friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_TYPES_H_
