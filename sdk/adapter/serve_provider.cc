#include "sdk/adapter/serve_provider.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"
#include "sdk/adapter/descriptor.h"
#include "sdk/adapter/dispatch.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/rpc_message.h"
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

// Runs requests on up to `size` threads, started when there is work for them. With a size of 1
// that is the caller's own thread: the pipe is the queue then, and a request costs no switch.
class Workers {
 public:
  Workers(Provider& provider, Output& output, int size)
      : provider_(provider), output_(output), size_(static_cast<std::size_t>(std::max(size, 1))) {}

  ~Workers() { Finish(); }

  void Run(Request request) {
    if (size_ == 1) {
      Answer(request);
      return;
    }
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(request));
    if (idle_ < queue_.size() && threads_.size() < size_) {
      threads_.emplace_back([this] { Work(); });
    }
    work_.notify_one();
  }

  // Returns when everything is answered.
  void Finish() {
    {
      const std::lock_guard lock(mutex_);
      finishing_ = true;
      work_.notify_all();
    }
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

 private:
  void Work() {
    std::unique_lock lock(mutex_);
    while (true) {
      ++idle_;
      work_.wait(lock, [&] { return !queue_.empty() || finishing_; });
      --idle_;
      if (queue_.empty()) return;
      const Request request = std::move(queue_.front());
      queue_.pop_front();
      lock.unlock();
      Answer(request);
      lock.lock();
    }
  }

  void Answer(const Request& request) {
    const adapter::Reply reply = adapter::Dispatch(provider_, request.method, request.params);
    if (request.is_notification) return;
    output_.Write(reply ? adapter::ResultLine(request.id, *reply)
                        : adapter::ErrorLine(request.id, reply.error()));
  }

  Provider& provider_;
  Output& output_;
  const std::size_t size_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Request> queue_;
  std::size_t idle_ = 0;
  bool finishing_ = false;
  std::vector<std::thread> threads_;
};

class Session {
 public:
  Session(Provider& provider, Output& output)
      : provider_(provider),
        output_(output),
        workers_(provider, output, provider.Describe().max_concurrency) {}

  // False once the conversation is over.
  bool Take(std::string_view line) {
    Request request = adapter::ParseRequest(line);
    if (request.error) {
      output_.Write(adapter::ErrorLine(request.id, *request.error));
    } else if (request.method == "initialize") {
      Initialize(request);
    } else if (request.method == "shutdown" && !request.is_notification) {
      workers_.Finish();
      output_.Write(adapter::ResultLine(request.id, json()));
      return false;
    } else if (!initialized_) {
      Refuse(request, adapter::kInvalidRequest, "`initialize` comes first",
             ErrorCode::kFailedPrecondition);
    } else {
      workers_.Run(std::move(request));
    }
    return true;
  }

  void TakeTooLong() {
    Refuse({}, adapter::kInvalidRequest, "request: a line of more than 64 MiB",
           ErrorCode::kInvalidArgument);
  }

  void Finish() { workers_.Finish(); }

 private:
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
  Workers workers_;
  bool initialized_ = false;
};

}  // namespace

Status ServeProvider(Provider& provider, int input_fd, int output_fd) {
  Result<adapter::Pipe> broken = adapter::MakePipe();
  if (!broken) return tl::unexpected<Error>(std::move(broken.error()));
  Output output(output_fd, std::move(*broken));
  Session session(provider, output);
  LineReader reader(input_fd, output.broken());
  while (true) {
    switch (reader.Next()) {
      case LineReader::Event::kLine:
      case LineReader::Event::kFragment:
        if (session.Take(reader.line())) break;
        return output.status();
      case LineReader::Event::kTooLong:
        session.TakeTooLong();
        break;
      case LineReader::Event::kFailed: {
        const int error = errno;
        session.Finish();
        return adapter::SystemError("cannot read requests", error);
      }
      case LineReader::Event::kEnd:
      case LineReader::Event::kStopped:
        session.Finish();
        return output.status();
    }
  }
}

}  // namespace computesdk
