#ifndef COMPUTESDK_SDK_RESULT_H_
#define COMPUTESDK_SDK_RESULT_H_

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include "tl/expected.hpp"

namespace computesdk {

// Why the machinery failed. A program that fails is a result, never an error.
enum class ErrorCode {
  kNotFound,            // The sandbox or the path is not there.
  kInvalidArgument,     // The request can never succeed as it is.
  kUnimplemented,       // The provider does not offer the operation; nothing was done.
  kDeadlineExceeded,    // The time allowed was used up.
  kAlreadyExists,       // What was to be made is there already.
  kFailedPrecondition,  // Not in the present state: a directory where a file is needed, say.
  kPermissionDenied,    // The caller may not do this.
  kResourceExhausted,   // A quota or a limit was reached.
  kUnavailable,         // The backend cannot be reached now; trying again may help.
  kInternal,            // A defect of the provider, or an answer that makes no sense.
  kUnknown,             // A failure without a code.
};

// The canonical name of a code, "NOT_FOUND" for kNotFound, as the adapter protocol spells it.
std::string_view ErrorCodeName(ErrorCode code);

// The code with that canonical name; nullopt where there is none.
std::optional<ErrorCode> ErrorCodeFromName(std::string_view name);

// A failure of the machinery. The message names the sandbox or the path that was asked for.
struct Error {
  ErrorCode code = ErrorCode::kUnknown;
  std::string message;

  // "NOT_FOUND: no sandbox has the id sb-7"
  std::string ToString() const;

  friend bool operator==(const Error&, const Error&) = default;
  friend std::ostream& operator<<(std::ostream& os, const Error& error) {
    return os << error.ToString();
  }
};

// A value, or the error that came instead.
template <typename T>
using Result = tl::expected<T, Error>;

// Success without a value, or an error.
using Status = Result<void>;

// For `return MakeError(ErrorCode::kNotFound, "…");` in any function that returns a Result.
inline tl::unexpected<Error> MakeError(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

// How GoogleTest shows a Result: it is found through Error's namespace.
template <typename T>
void PrintTo(const tl::expected<T, Error>& result, std::ostream* os) {
  if (!result) {
    *os << "error " << result.error();
  } else if constexpr (requires { *os << *result; }) {
    *os << *result;
  } else {
    *os << "success";
  }
}

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_RESULT_H_
