#include "mocks/sandbox_matchers.h"

#include <algorithm>

namespace computesdk::matcher_internal {
namespace {

constexpr std::size_t kShownBytes = 400;  // Of a stream or a line.
constexpr std::size_t kNamedPaths = 8;

// In quotes, bytes escaped, the middle of what is long cut out.
std::string Shown(std::string_view text) {
  if (text.size() <= kShownBytes) return testing::PrintToString(std::string(text));
  const std::string_view first = text.substr(0, kShownBytes / 2);
  const std::string_view last = text.substr(text.size() - kShownBytes / 2);
  return testing::PrintToString(std::string(first)) + " [" +
         std::to_string(text.size() - kShownBytes) + " bytes] " +
         testing::PrintToString(std::string(last));
}

// The line that a byte is in, its end included.
std::string_view LineAround(std::string_view text, std::size_t begin) {
  return text.substr(begin, text.find('\n', begin) - begin + 1);
}

}  // namespace

std::string FirstDifference(std::string_view expected, std::string_view actual) {
  const std::size_t at = static_cast<std::size_t>(
      std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end()).first -
      expected.begin());
  const std::size_t newline = at == 0 ? std::string_view::npos : expected.rfind('\n', at - 1);
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const auto line =
      1 + std::count(expected.begin(), expected.begin() + static_cast<long>(begin), '\n');
  const auto side = [&](std::string_view text) {
    return begin < text.size() ? Shown(LineAround(text, begin)) : std::string("nothing");
  };
  return "which differs first in line " + std::to_string(line) + ", byte " +
         std::to_string(at - begin + 1) + ":\n  expected " + side(expected) + "\n  actual   " +
         side(actual);
}

std::string Describe(const ExecutionResult& result) {
  std::string text = "which exited with " + std::to_string(result.exit_code);
  text += ", stdout " + Shown(result.stdout_bytes);
  if (!result.stderr_bytes.empty()) text += ", stderr " + Shown(result.stderr_bytes);
  return text;
}

Result<std::string> ContentAt(const FileTree& tree, const std::string& path) {
  const auto found = tree.find(path);
  if (found != tree.end()) {
    if (found->second.type == in_memory::FileType::kRegular) return found->second.content;
    return MakeError(ErrorCode::kFailedPrecondition, path + " is there, and no regular file");
  }
  std::string message = "there is no " + path + " in it; there is";
  std::size_t named = 0;
  for (const auto& [other, node] : tree) {
    if (named == kNamedPaths) break;
    message += (named++ == 0 ? " " : ", ") + other;
  }
  if (tree.empty()) message += " nothing";
  if (tree.size() > named) message += " and " + std::to_string(tree.size() - named) + " more";
  return MakeError(ErrorCode::kNotFound, message);
}

Result<std::string> ContentAt(const Sandbox& sandbox, const std::string& path) {
  return sandbox.filesystem().ReadFile(path);
}

}  // namespace computesdk::matcher_internal
