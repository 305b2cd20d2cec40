#include <charconv>
#include <string_view>

#include "conformance/conformance_suite.h"

namespace computesdk::conformance {
namespace {

Result<std::uint64_t> Number(const std::string& name, std::string_view text, std::uint64_t least) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || value < least) {
    return MakeError(ErrorCode::kInvalidArgument, name + ": a number from " +
                                                      std::to_string(least) + " is needed, not '" +
                                                      std::string(text) + "'");
  }
  return value;
}

// Sets an option that is a number; false if there is none of that name.
Result<bool> SetNumber(const std::string& name, const std::string& value, RunOptions& options) {
  const auto set = [&](std::uint64_t least, const auto& assign) -> Result<bool> {
    const Result<std::uint64_t> number = Number(name, value, least);
    if (!number) return tl::unexpected<Error>(number.error());
    assign(*number);
    return true;
  };
  const auto milliseconds = [&](Milliseconds& target) {
    return set(1, [&](std::uint64_t n) { target = Milliseconds(n); });
  };
  if (name == "--timeout") return milliseconds(options.call_timeout);
  if (name == "--check-timeout") return milliseconds(options.check_timeout);
  if (name == "--run-timeout") return milliseconds(options.run_timeout);
  if (name == "--consistency-window") return milliseconds(options.consistency_window);
  if (name == "--seed") return set(0, [&](std::uint64_t n) { options.seed = n; });
  if (name == "--max-sandboxes") {
    return set(1, [&](std::uint64_t n) { options.max_sandboxes = static_cast<int>(n); });
  }
  return false;
}

}  // namespace

Result<SuiteOptions> ParseSuiteOptions(const std::vector<std::string>& arguments) {
  SuiteOptions options;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (equals == std::string::npos) {
      return MakeError(ErrorCode::kInvalidArgument, "unknown argument " + argument);
    }
    if (name == "--adapter") {
      options.adapter.push_back(value);
    } else if (name == "--expectations") {
      options.expectations = value;
    } else if (name == "--require") {
      options.require.push_back(value);
    } else if (name == "--workdir") {
      options.run.workdir = value;
    } else {
      const Result<bool> known = SetNumber(name, value, options.run);
      if (!known) return tl::unexpected<Error>(known.error());
      if (!*known) return MakeError(ErrorCode::kInvalidArgument, "unknown argument " + argument);
    }
  }
  return options;
}

}  // namespace computesdk::conformance
