#include "sdk/result.h"

#include <array>

namespace computesdk {
namespace {

constexpr std::array<std::pair<ErrorCode, std::string_view>, 11> kNames = {{
    {ErrorCode::kNotFound, "NOT_FOUND"},
    {ErrorCode::kInvalidArgument, "INVALID_ARGUMENT"},
    {ErrorCode::kUnimplemented, "UNIMPLEMENTED"},
    {ErrorCode::kDeadlineExceeded, "DEADLINE_EXCEEDED"},
    {ErrorCode::kAlreadyExists, "ALREADY_EXISTS"},
    {ErrorCode::kFailedPrecondition, "FAILED_PRECONDITION"},
    {ErrorCode::kPermissionDenied, "PERMISSION_DENIED"},
    {ErrorCode::kResourceExhausted, "RESOURCE_EXHAUSTED"},
    {ErrorCode::kUnavailable, "UNAVAILABLE"},
    {ErrorCode::kInternal, "INTERNAL"},
    {ErrorCode::kUnknown, "UNKNOWN"},
}};

}  // namespace

std::string_view ErrorCodeName(ErrorCode code) {
  for (const auto& [candidate, name] : kNames) {
    if (candidate == code) return name;
  }
  return "UNKNOWN";
}

std::optional<ErrorCode> ErrorCodeFromName(std::string_view name) {
  for (const auto& [code, candidate] : kNames) {
    if (candidate == name) return code;
  }
  return std::nullopt;
}

std::string Error::ToString() const {
  std::string text(ErrorCodeName(code));
  if (!message.empty()) text += ": " + message;
  return text;
}

}  // namespace computesdk
