#ifndef COMPUTESDK_SDK_JSON_H_
#define COMPUTESDK_SDK_JSON_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nlohmann/json.hpp"
#include "sdk/result.h"
#include "sdk/types.h"

// The JSON of the contract's types, as the adapter protocol defines it: the one place for it.
namespace computesdk {

inline constexpr int kProtocolVersion = 1;

// Encoding. What is empty and optional is left out. Text that is not valid UTF-8 goes in as it is:
// SerializeJson finds it.
nlohmann::json ToJson(const ProviderDescription& value);  // The result of `initialize`.
nlohmann::json ToJson(const CreateSandboxOptions& value);
nlohmann::json ToJson(const SandboxRef& value);
nlohmann::json ToJson(const RunCommandOptions& value);
nlohmann::json ToJson(const RunCommandRequest& value);
nlohmann::json ToJson(const RunCodeRequest& value);
nlohmann::json ToJson(const GetUrlRequest& value);
nlohmann::json ToJson(const ExecutionResult& value);
nlohmann::json ToJson(const SandboxInfo& value);
nlohmann::json ToJson(const FileEntry& value);
nlohmann::json ToJson(const Error& value);  // The `error` of an answer.
nlohmann::json ToJson(Timestamp value);     // RFC 3339 in UTC: "2026-11-24T20:15:30.125Z".

// A string where the bytes are valid UTF-8, and {"base64": "…"} otherwise.
nlohmann::json BytesToJson(std::string bytes);

// "running", "stopped", "error".
std::string_view SandboxStatusName(SandboxStatus status);

// Decoding. An error (kInvalidArgument) names the field by its path, which begins with `name`, and
// shows what came: `result.exitCode: expected an integer, got "0" (string)`. Unknown fields are
// ignored; null where a field is optional is the field left out; 1.0 is an integer, 1.5 is not.
//
// Defined for every type of ToJson, for std::string and bool, and for the std::vector of SandboxRef
// and FileEntry. Of an initialize result with another protocol version: kFailedPrecondition.
template <typename T>
Result<T> FromJson(const nlohmann::json& value, std::string_view name = "value");

// A string, or {"base64": "…"}.
Result<std::string> BytesFromJson(const nlohmann::json& value, std::string_view name = "value");

// JSON text on one line; kInvalidArgument that names the string which is not valid UTF-8.
Result<std::string> SerializeJson(const nlohmann::json& value);

// The value of a JSON text; kInvalidArgument for what is none, or is nested deeper than 500.
Result<nlohmann::json> ParseJson(std::string_view text);

// What a value is, for messages: `"0" (string)`, `an array of 3`; cut where it is long.
std::string DescribeJson(const nlohmann::json& value);

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_JSON_H_
