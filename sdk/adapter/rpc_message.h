#ifndef COMPUTESDK_SDK_ADAPTER_RPC_MESSAGE_H_
#define COMPUTESDK_SDK_ADAPTER_RPC_MESSAGE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nlohmann/json.hpp"
#include "sdk/result.h"

// The messages of JSON-RPC 2.0, one a line.
namespace computesdk::adapter {

inline constexpr int kParseError = -32700;
inline constexpr int kInvalidRequest = -32600;
inline constexpr int kMethodNotFound = -32601;
inline constexpr int kInvalidParams = -32602;

// `params` is JSON text. With the line feed.
std::string RequestLine(std::int64_t id, std::string_view method, std::string_view params);

// An answer with the result, or with the error; `error` is a JSON-RPC error object. A result that
// has text which is not UTF-8 becomes an error that says so. With the line feed.
std::string ResultLine(const nlohmann::json& id, const nlohmann::json& result);
std::string ErrorLine(const nlohmann::json& id, const nlohmann::json& error);

// The error object of a request that makes no sense.
nlohmann::json RequestError(int code, std::string message, ErrorCode status);

// What came on the adapter's standard output.
struct Answer {
  // Whether it is a message at all; `problem` says why not.
  bool is_message = false;
  // The request that it answers; nullopt where it has no id that a request could have had.
  std::optional<std::int64_t> id = {};
  // Empty, or what is wrong with it.
  std::string problem = {};
  bool is_error = false;
  nlohmann::json payload = {};  // The result, or the error object.
};
Answer ParseAnswer(std::string_view line);

// A request that came to a server.
struct Request {
  nlohmann::json id = {};        // null where none is known.
  bool is_notification = false;  // Gets no answer.
  std::string method = {};
  nlohmann::json params = nlohmann::json::object();
  // The error object to answer with, where the line is no request.
  std::optional<nlohmann::json> error = {};
};
Request ParseRequest(std::string_view line);

// Printable, on one line, cut after `limit` bytes.
std::string EscapedLine(std::string_view bytes, std::size_t limit = 200);

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_RPC_MESSAGE_H_
