#include "sdk/adapter/serve_provider.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "sdk/adapter/descriptor.h"
#include "sdk/adapter/dispatch.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/rpc_message.h"
#include "sdk/adapter/unconfirmed_sandboxes.h"
#include "sdk/json.h"

namespace computesdk {

using adapter::LineReader;
using adapter::Request;
using nlohmann::json;

namespace {

// Whole lines, from several threads. Once one cannot be written, broken() becomes readable.
class Output {
 public:
  Output(int fd, adapter::Pipe broken) : fd_(fd), broken_(std::move(broken)) {}

  void Write(const std::string& line) {
    const std::lock_guard lock(mutex_);
    if (error_ != 0) return;
    if (adapter::WriteFully(fd_, line)) return;
    error_ = errno;
    broken_.write.Close();
  }

  int broken() const { return broken_.read.get(); }

  Status status() const {
    const std::lock_guard lock(mutex_);
    if (error_ == 0) return {};
    return adapter::SystemError("cannot write answers", error_);
  }

 private:
  const int fd_;
  mutable std::mutex mutex_;
  adapter::Pipe broken_;
  int error_ = 0;
};

// One conversation. Each of up to max_concurrency threads reads a request and answers it itself;
// the next one is read by another thread meanwhile. So a request costs no switch of threads.
class Session {
 public:
  Session(Provider& provider, int input_fd, Output& output)
      : provider_(provider),
        output_(output),
        size_(static_cast<std::size_t>(std::max(provider.Describe().max_concurrency, 1))),
        reader_(input_fd, output.broken()) {}

  // Returns when everything is answered.
  Status Run() {
    Serve();
    for (std::thread& thread : threads_) thread.join();
    if (!shut_down_) unconfirmed_.DestroyAll(provider_);
    if (read_error_ != 0) return adapter::SystemError("cannot read requests", read_error_);
    return output_.status();
  }

 private:
  // Whoever holds turn_ reads.
  void Serve() {
    ++followers_;
    std::unique_lock turn(turn_);
    --followers_;
    while (!over_) {
      std::optional<Request> request = Next(turn);
      if (!request) continue;
      if (size_ == 1) {
        Answer(*request);
        continue;
      }
      ++busy_;
      if (followers_ == 0 && threads_.size() + 1 < size_) {
        threads_.emplace_back([this] { Serve(); });
      }
      turn.unlock();
      Answer(*request);
      ++followers_;
      turn.lock();
      --followers_;
      if (--busy_ == 0) idle_.notify_all();
    }
  }

  // A request for the provider; nullopt if there was none.
  std::optional<Request> Next(std::unique_lock<std::mutex>& turn) {
    switch (reader_.Next()) {
      case LineReader::Event::kLine:
      case LineReader::Event::kFragment:
        return Take(turn);
      case LineReader::Event::kTooLong:
        Refuse({}, adapter::kInvalidRequest, "request: a line of more than 64 MiB",
               ErrorCode::kInvalidArgument);
        return std::nullopt;
      case LineReader::Event::kFailed:
        read_error_ = errno;
        over_ = true;
        return std::nullopt;
      case LineReader::Event::kTimedOut:
        return std::nullopt;
      case LineReader::Event::kEnd:
      case LineReader::Event::kStopped:
        over_ = true;
        return std::nullopt;
    }
    return std::nullopt;
  }

  std::optional<Request> Take(std::unique_lock<std::mutex>& turn) {
    Request request = adapter::ParseRequest(reader_.line());
    unconfirmed_.Named(request.params);
    if (request.error) {
      output_.Write(adapter::ErrorLine(request.id, *request.error));
    } else if (request.method == "initialize") {
      Initialize(request);
    } else if (request.method == "shutdown" && !request.is_notification) {
      over_ = true;
      shut_down_ = true;
      idle_.wait(turn, [&] { return busy_ == 0; });
      output_.Write(adapter::ResultLine(request.id, json()));
    } else if (!initialized_) {
      Refuse(request, adapter::kInvalidRequest, "`initialize` comes first",
             ErrorCode::kFailedPrecondition);
    } else {
      return request;
    }
    return std::nullopt;
  }

  void Answer(const Request& request) {
    const adapter::Reply reply = adapter::Dispatch(provider_, request.method, request.params);
    if (reply && request.method == "sandbox.create") unconfirmed_.Made(*reply);
    if (request.is_notification) return;
    output_.Write(reply ? adapter::ResultLine(request.id, *reply)
                        : adapter::ErrorLine(request.id, reply.error()));
  }

  void Initialize(const Request& request) {
    const auto version = request.params.find("protocolVersion");
    if (initialized_) {
      Refuse(request, adapter::kInvalidRequest, "`initialize` comes once",
             ErrorCode::kFailedPrecondition);
    } else if (version == request.params.end()) {
      Refuse(request, adapter::kInvalidParams, "params.protocolVersion: missing",
             ErrorCode::kInvalidArgument);
    } else if (*version != kProtocolVersion) {
      Refuse(request, adapter::kInvalidParams,
             "params.protocolVersion: expected 1, got " + DescribeJson(*version),
             ErrorCode::kFailedPrecondition);
    } else {
      initialized_ = true;
      output_.Write(adapter::ResultLine(request.id, ToJson(provider_.Describe())));
    }
  }

  void Refuse(const Request& request, int code, std::string message, ErrorCode status) {
    if (request.is_notification) return;
    output_.Write(
        adapter::ErrorLine(request.id, adapter::RequestError(code, std::move(message), status)));
  }

  Provider& provider_;
  Output& output_;
  adapter::UnconfirmedSandboxes unconfirmed_;
  const std::size_t size_;

  std::mutex turn_;  // Guards all that follows.
  LineReader reader_;
  bool initialized_ = false;
  bool over_ = false;
  bool shut_down_ = false;  // The client took its leave.
  int read_error_ = 0;
  std::size_t busy_ = 0;  // Requests that are being answered.
  std::condition_variable idle_;
  std::vector<std::thread> threads_;
  std::atomic<int> followers_{0};  // Threads that wait for their turn.
};

}  // namespace

Status ServeProvider(Provider& provider, int input_fd, int output_fd) {
  Result<adapter::Pipe> broken = adapter::MakePipe();
  if (!broken) return tl::unexpected<Error>(std::move(broken.error()));
  Output output(output_fd, std::move(*broken));
  return Session(provider, input_fd, output).Run();
}

}  // namespace computesdk
