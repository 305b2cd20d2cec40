#include "sdk/adapter/rpc_message.h"

#include <utility>

#include "sdk/json.h"

namespace computesdk::adapter {

using nlohmann::json;

namespace {

std::string AnswerLine(const json& id, std::string_view field, std::string_view value) {
  std::string line = R"({"jsonrpc":"2.0","id":)";
  line += id.dump();
  line += ",\"";
  line += field;
  line += "\":";
  line += value;
  line += "}\n";
  return line;
}

// What is wrong with an answer's envelope; empty if nothing is.
std::string EnvelopeProblem(const json& message) {
  const auto version = message.find("jsonrpc");
  if (version == message.end()) return "jsonrpc: missing";
  if (*version != "2.0") return "jsonrpc: expected \"2.0\", got " + DescribeJson(*version);
  const bool has_result = message.contains("result");
  const bool has_error = message.contains("error");
  if (has_result && has_error) return "result, error: both are there";
  if (!has_result && !has_error) return "result, error: neither is there";
  return "";
}

Request Refuse(Request request, int code, std::string message) {
  request.error = RequestError(code, std::move(message), ErrorCode::kInvalidArgument);
  return request;
}

}  // namespace

std::string RequestLine(std::int64_t id, std::string_view method, std::string_view params) {
  std::string line;
  line.reserve(params.size() + method.size() + 64);
  line += R"({"jsonrpc":"2.0","id":)";
  line += std::to_string(id);
  line += R"(,"method":")";
  line += method;
  line += R"(","params":)";
  line += params;
  line += "}\n";
  return line;
}

std::string ResultLine(const json& id, const json& result) {
  const Result<std::string> text = SerializeJson(result);
  if (text) return AnswerLine(id, "result", *text);
  return ErrorLine(id, ToJson(Error{ErrorCode::kInternal, "result: " + text.error().message}));
}

std::string ErrorLine(const json& id, const json& error) {
  return AnswerLine(id, "error", error.dump(-1, ' ', false, json::error_handler_t::replace));
}

json RequestError(int code, std::string message, ErrorCode status) {
  return {{"code", code},
          {"message", std::move(message)},
          {"data", {{"status", ErrorCodeName(status)}}}};
}

Answer ParseAnswer(std::string_view line) {
  Answer answer;
  Result<json> parsed = ParseJson(line);
  if (!parsed || !parsed->is_object()) {
    answer.problem = "not a JSON-RPC message: " + EscapedLine(line);
    return answer;
  }
  json& message = *parsed;
  if (message.contains("method")) {
    answer.problem = "a request, where only answers may come: " + EscapedLine(line);
    return answer;
  }
  const auto id = message.find("id");
  if (id == message.end() && !message.contains("jsonrpc")) {
    answer.problem = "not a JSON-RPC message: " + EscapedLine(line);
    return answer;
  }
  answer.is_message = true;
  if (id != message.end() && id->is_number_integer()) answer.id = id->get<std::int64_t>();
  answer.problem = EnvelopeProblem(message);
  if (!answer.problem.empty()) return answer;
  answer.is_error = message.contains("error");
  answer.payload = std::move(message[answer.is_error ? "error" : "result"]);
  return answer;
}

Request ParseRequest(std::string_view line) {
  Request request;
  Result<json> parsed = ParseJson(line);
  if (!parsed) return Refuse(std::move(request), kParseError, parsed.error().message);
  if (!parsed->is_object()) {
    return Refuse(std::move(request), kInvalidRequest,
                  "request: expected an object, got " + DescribeJson(*parsed));
  }
  json& message = *parsed;
  const auto id = message.find("id");
  if (id != message.end()) {
    if (!id->is_number() && !id->is_string() && !id->is_null()) {
      return Refuse(std::move(request), kInvalidRequest,
                    "id: expected a number or a string, got " + DescribeJson(*id));
    }
    request.id = *id;
  }
  if (message.value("jsonrpc", json()) != "2.0") {
    return Refuse(
        std::move(request), kInvalidRequest,
        "jsonrpc: expected \"2.0\", got " + DescribeJson(message.value("jsonrpc", json())));
  }
  const json method = message.value("method", json());
  if (!method.is_string()) {
    return Refuse(std::move(request), kInvalidRequest,
                  "method: expected a string, got " + DescribeJson(method));
  }
  request.method = method.get<std::string>();
  request.is_notification = id == message.end();
  if (const auto params = message.find("params"); params != message.end()) {
    if (!params->is_object()) {
      return Refuse(std::move(request), kInvalidParams,
                    "params: expected an object, got " + DescribeJson(*params));
    }
    request.params = std::move(*params);
  }
  return request;
}

std::string EscapedLine(std::string_view bytes, std::size_t limit) {
  std::string text;
  for (const char c : bytes.substr(0, limit)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      text += c;
    } else {
      constexpr std::string_view kHex = "0123456789abcdef";
      text += "\\x";
      text += kHex[byte >> 4];
      text += kHex[byte & 15];
    }
  }
  if (bytes.size() > limit) text += "… (" + std::to_string(bytes.size()) + " bytes)";
  return text;
}

}  // namespace computesdk::adapter
