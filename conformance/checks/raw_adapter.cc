#include "conformance/checks/raw_adapter.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

namespace computesdk::conformance {
namespace {

using nlohmann::json;

constexpr Milliseconds kLimit{10'000};
constexpr std::size_t kMostBytes = std::size_t{16} << 20;

// Words that end with a NUL each.
std::vector<std::string> CommandLine(const std::string& directory) {
  std::ifstream file(directory + "/cmdline", std::ios::binary);
  std::vector<std::string> words;
  for (std::string word; std::getline(file, word, '\0');) words.push_back(word);
  return words;
}

}  // namespace

Result<std::unique_ptr<RawAdapter>> RawAdapter::StartLike(int pid) {
  const std::string directory = "/proc/" + std::to_string(pid);
  std::error_code error;
  const std::string cwd = std::filesystem::read_symlink(directory + "/cwd", error);
  const std::vector<std::string> command = CommandLine(directory);
  if (error || command.empty()) {
    return MakeError(ErrorCode::kUnavailable, "/proc does not tell how the adapter was started");
  }
  auto child = adapter::ChildProcess::Start(command, cwd, {});
  if (!child) return tl::unexpected<Error>(child.error());
  std::unique_ptr<RawAdapter> raw(new RawAdapter(std::move(*child)));
  const std::optional<json> answer = raw->Ask(
      "initialize",
      {{"protocolVersion", 1}, {"kit", {{"name", "computesdk-conformance"}, {"version", "1"}}}});
  if (!answer || !answer->contains("result")) {
    return MakeError(ErrorCode::kUnavailable,
                     "another process of the adapter did not answer `initialize`");
  }
  return raw;
}

RawAdapter::RawAdapter(std::unique_ptr<adapter::ChildProcess> child)
    : child_(std::move(child)), input_(child_->TakeInput()) {}

bool RawAdapter::Send(std::string_view bytes) { return adapter::WriteFully(input_.get(), bytes); }

std::optional<json> RawAdapter::Ask(const std::string& method, const json& params) {
  const int id = next_id_++;
  const json request = {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", params}};
  if (!Send(request.dump() + "\n")) return std::nullopt;
  const adapter::Deadline deadline = adapter::DeadlineAfter(kLimit);
  while (const std::optional<std::string> line = NextLine(deadline)) {
    json message = json::parse(*line, nullptr, /*allow_exceptions=*/false);
    if (message.is_object() && message.value("id", json()) == id) return message;
  }
  return std::nullopt;
}

std::optional<std::string> RawAdapter::NextLine(adapter::Deadline deadline) {
  std::array<char, 65536> chunk;
  while (true) {
    if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const int timeout = adapter::PollTimeout(deadline);
    if (output_ended_ || timeout == 0 || buffer_.size() > kMostBytes) return std::nullopt;
    // poll(2) passes over what is negative. The log is read so that it never blocks the adapter.
    std::array<pollfd, 3> fds = {{{child_->output(), POLLIN, 0},
                                  {log_ended_ ? -1 : child_->error_output(), POLLIN, 0},
                                  {child_->exited(), POLLIN, 0}}};
    if (::poll(fds.data(), fds.size(), timeout) < 0) continue;  // Interrupted.
    if (fds[1].revents != 0) {
      log_ended_ = ::read(fds[1].fd, chunk.data(), chunk.size()) <= 0;
    }
    if (fds[0].revents != 0) {
      const ssize_t count = ::read(fds[0].fd, chunk.data(), chunk.size());
      output_ended_ = count <= 0;
      if (count > 0) buffer_.append(chunk.data(), static_cast<std::size_t>(count));
    } else if (fds[2].revents != 0) {
      output_ended_ = true;
    }
  }
}

bool RawAdapter::EndsWithin(Milliseconds limit) {
  const adapter::Deadline deadline = adapter::DeadlineAfter(limit);
  while (NextLine(deadline)) {
  }
  return child_->WaitUntil(deadline).has_value();
}

}  // namespace computesdk::conformance
