#include "sdk/adapter/connection.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace computesdk {

using adapter::Answer;
using adapter::ChildProcess;
using adapter::Deadline;
using adapter::DeadlineAfter;
using adapter::LineReader;
using adapter::LineWriter;
using nlohmann::json;
using Kind = ProtocolViolation::Kind;

namespace {

constexpr std::string_view kCreate = "sandbox.create";
constexpr std::size_t kLogBytes = std::size_t{64} << 10;
constexpr std::size_t kQuotedLogBytes = 2000;
constexpr std::size_t kMaxViolations = 1000;
// For an adapter that closed a stream: time to end by itself, so that its status can be told.
constexpr Milliseconds kEndGrace{1000};
// For the last of its log to come in after its end.
constexpr Milliseconds kLogGrace{200};
constexpr Milliseconds kShutdownGrace{5000};
constexpr Milliseconds kTermGrace{2000};
// How often it is looked whether an adapter that nobody waits for has written something, or ended.
constexpr Milliseconds kLook{50};

std::string InMs(Milliseconds limit) { return std::to_string(limit.count()) + " ms"; }

}  // namespace

Result<std::unique_ptr<AdapterProvider::Connection>> AdapterProvider::Connection::Start(
    const AdapterOptions& options) {
  auto child = ChildProcess::Start(options.command, options.working_directory, options.env);
  if (!child) return tl::unexpected<Error>(child.error());
  return std::unique_ptr<Connection>(new Connection(std::move(*child), options.call_timeout));
}

AdapterProvider::Connection::Connection(std::unique_ptr<ChildProcess> child,
                                        Milliseconds call_timeout)
    : child_(std::move(child)),
      call_timeout_(call_timeout),
      writer_(child_->TakeInput()),
      reader_(child_->output(), child_->exited()),
      watch_thread_([this] { Watch(); }),
      log_thread_([this] { ReadLog(); }) {}

AdapterProvider::Connection::~Connection() {
  Kill();
  watch_thread_.join();
  log_thread_.join();
}

// --- calls -------------------------------------------------------------------------------------

Result<json> AdapterProvider::Connection::Call(std::string_view method, const json& params,
                                               Milliseconds limit, Gate gate) {
  const Deadline deadline = DeadlineAfter(limit);
  const Result<std::string> text = SerializeJson(params);
  if (!text) return tl::unexpected<Error>(text.error());
  if (text->size() + method.size() + 64 > adapter::kMaxLineBytes) {
    return MakeError(ErrorCode::kInvalidArgument,
                     std::string(method) +
                         ": the request would be longer than the 64 MiB of a "
                         "line in the adapter protocol");
  }
  if (gate == Gate::kWait) {
    if (Status entered = Enter(method, deadline, limit); !entered) {
      return tl::unexpected<Error>(std::move(entered.error()));
    }
  }
  Result<json> result = Exchange(method, *text, deadline, limit);
  if (gate == Gate::kWait) Leave();
  return result;
}

Status AdapterProvider::Connection::CallForNothing(std::string_view method, const json& params) {
  const Result<json> result = Call(method, params, call_timeout_);
  if (!result) return tl::unexpected<Error>(result.error());
  if (result->is_null()) return {};
  return BadShape(method,
                  {ErrorCode::kInternal, "result: expected null, got " + DescribeJson(*result)});
}

Status AdapterProvider::Connection::Enter(std::string_view method, Deadline deadline,
                                          Milliseconds limit) {
  std::unique_lock lock(mutex_);
  if (!gate_.wait_until(lock, deadline, [&] { return in_flight_ < max_concurrency_ || ended_; })) {
    return MakeError(ErrorCode::kDeadlineExceeded, std::string(method) + " waited " + InMs(limit) +
                                                       " for earlier requests: the adapter takes " +
                                                       std::to_string(max_concurrency_) +
                                                       " at once");
  }
  if (ended_) return MakeError(ErrorCode::kUnavailable, *ended_);
  ++in_flight_;
  return {};
}

void AdapterProvider::Connection::Leave() {
  const std::lock_guard lock(mutex_);
  --in_flight_;
  gate_.notify_one();
}

Result<json> AdapterProvider::Connection::Exchange(std::string_view method,
                                                   const std::string& params, Deadline deadline,
                                                   Milliseconds limit) {
  Waiting waiting{std::string(method)};
  std::int64_t id = 0;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return MakeError(ErrorCode::kUnavailable, *ended_);
    if (ending_) return MakeError(ErrorCode::kUnavailable, "the adapter is being shut down");
    id = next_id_++;
    waiting_[id] = &waiting;
  }
  const LineWriter::Outcome sent =
      writer_.Write(adapter::RequestLine(id, method, params), deadline);
  if (sent == LineWriter::Outcome::kClosed) EndAfterClosedInput();
  std::unique_lock lock(mutex_);
  Await(lock, waiting, deadline);
  if (waiting.answer) return std::move(*waiting.answer);
  return GiveUp(id, waiting, sent, limit);
}

void AdapterProvider::Connection::Await(std::unique_lock<std::mutex>& lock, Waiting& waiting,
                                        Deadline deadline) {
  ++awaiting_;
  waiting.awaits = true;
  while (!waiting.answer && adapter::Clock::now() < deadline) {
    if (reading_ || read_to_end_) {
      waiting.answered.wait_until(lock, deadline);
    } else {
      ReadOne(lock, deadline);
    }
  }
  --awaiting_;
  waiting.awaits = false;
  HandOn();
}

// Called with mutex_ held.
void AdapterProvider::Connection::HandOn() {
  if (reading_) return;
  for (const auto& [id, waiting] : waiting_) {
    if (waiting->awaits) return waiting->answered.notify_one();
  }
}

bool AdapterProvider::Connection::ReadOne(std::unique_lock<std::mutex>& lock,
                                          std::optional<Deadline> deadline) {
  reading_ = true;
  lock.unlock();
  const LineReader::Event event = reader_.Next(deadline);
  const bool goes_on = TakeEvent(event);
  lock.lock();
  reading_ = false;
  if (!goes_on) read_to_end_ = true;
  if (read_to_end_ || ending_) watch_.notify_all();
  return event != LineReader::Event::kTimedOut;
}

// Called with mutex_ held.
Result<json> AdapterProvider::Connection::GiveUp(std::int64_t id, const Waiting& waiting,
                                                 LineWriter::Outcome sent, Milliseconds limit) {
  waiting_.erase(id);
  std::string message = waiting.method;
  if (sent == LineWriter::Outcome::kNotSent || sent == LineWriter::Outcome::kTimedOut) {
    message += ": the adapter did not read the request within " + InMs(limit);
  } else {
    message += ": the adapter did not answer within " + InMs(limit);
  }
  if (sent != LineWriter::Outcome::kNotSent) given_up_[id] = waiting.method;
  NoteLocked(Kind::kNoAnswer, waiting.method, message);
  return MakeError(ErrorCode::kDeadlineExceeded, std::move(message));
}

void AdapterProvider::Connection::EndAfterClosedInput() {
  if (child_->WaitUntil(DeadlineAfter(kEndGrace))) return;
  {
    const std::lock_guard lock(mutex_);
    if (ended_ || ending_) return;
    NoteLocked(Kind::kExited, MethodInFlight(), "the adapter closed its standard input");
    FailAll("the adapter closed its standard input" + QuotedLog());
  }
  child_->Signal(SIGKILL);
}

tl::unexpected<Error> AdapterProvider::Connection::BadShape(std::string_view method,
                                                            const Error& error) {
  Note(Kind::kBadShape, method, error.message);
  // Another protocol version is the one thing that the decoder itself has a code for.
  const ErrorCode code = error.code == ErrorCode::kFailedPrecondition
                             ? ErrorCode::kFailedPrecondition
                             : ErrorCode::kInternal;
  return MakeError(code, std::string(method) + ": " + error.message);
}

void AdapterProvider::Connection::set_max_concurrency(int count) {
  const std::lock_guard lock(mutex_);
  max_concurrency_ = count;
  gate_.notify_all();
}

// --- the end -----------------------------------------------------------------------------------

std::vector<std::string> AdapterProvider::Connection::TakeLateSandboxes(Milliseconds patience) {
  std::unique_lock lock(mutex_);
  const auto is_create = [](const auto& request) { return request.second == kCreate; };
  late_answer_.wait_until(lock, DeadlineAfter(patience),
                          [&] { return ended_ || std::ranges::none_of(given_up_, is_create); });
  return std::exchange(late_sandboxes_, {});
}

Status AdapterProvider::Connection::Shutdown() {
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(shut_down_, true)) return {};
    if (ended_) return MakeError(ErrorCode::kUnavailable, *ended_);
  }
  std::string problem;
  const Result<json> answer =
      Call("shutdown", json::object(), std::min(call_timeout_, kShutdownGrace), Gate::kPass);
  if (!answer) {
    problem = "`shutdown` got no result: " + answer.error().message;
  } else if (!answer->is_null()) {
    problem = "`shutdown`: result: expected null, got " + DescribeJson(*answer);
  }
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    watch_.notify_all();
  }
  writer_.Close();
  std::optional<int> status = child_->WaitUntil(DeadlineAfter(kShutdownGrace));
  if (!status) {
    problem = "the adapter was still there 5 s after `shutdown` and the end of its input";
    child_->Signal(SIGTERM);
    status = child_->WaitUntil(DeadlineAfter(kTermGrace));
    if (!status) {
      problem += ", and 2 s after SIGTERM";
      Kill();
    }
  } else if (*status != 0 && problem.empty()) {
    problem = "the adapter " + adapter::DescribeWaitStatus(*status) + " after `shutdown`";
  }
  const std::lock_guard lock(mutex_);
  FailAll("the adapter was shut down");
  if (problem.empty()) return {};
  NoteLocked(Kind::kShutdown, "shutdown", problem);
  return MakeError(ErrorCode::kInternal, problem + QuotedLog());
}

void AdapterProvider::Connection::Kill() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    shut_down_ = true;
    watch_.notify_all();
    FailAll("the adapter was killed");
  }
  child_->Signal(SIGKILL);
  child_->WaitUntil(DeadlineAfter(kTermGrace));
  writer_.Close();
}

// Called with mutex_ held.
void AdapterProvider::Connection::FailAll(const std::string& reason) {
  if (!ended_) ended_ = reason;
  for (const auto& [id, waiting] : waiting_) {
    waiting->answer = MakeError(ErrorCode::kUnavailable, waiting->method + ": " + reason);
    waiting->answered.notify_one();
  }
  waiting_.clear();
  gate_.notify_all();
  late_answer_.notify_all();
}

void AdapterProvider::Connection::NoteEnd() {
  const std::optional<int> status = child_->WaitUntil(DeadlineAfter(kEndGrace));
  if (!status) child_->Signal(SIGKILL);
  std::unique_lock lock(mutex_);
  log_ended_cv_.wait_until(lock, DeadlineAfter(kLogGrace), [&] { return log_ended_; });
  const std::string what =
      "the adapter " + (status ? adapter::DescribeWaitStatus(*status)
                               : std::string("closed its standard output and went on running"));
  if (!ending_ && !shut_down_ && !ended_)
    NoteLocked(Kind::kExited, MethodInFlight(), what + QuotedLog());
  FailAll(what + QuotedLog());
}

// --- what the adapter writes -------------------------------------------------------------------

void AdapterProvider::Connection::Watch() {
  std::unique_lock lock(mutex_);
  while (!read_to_end_) {
    if (reading_) {
      watch_.wait_for(lock, kLook);
    } else if (ending_) {
      ReadOne(lock, std::nullopt);
    } else {
      // Those who wait read for themselves. A caller that still writes does not: its request may be
      // stuck behind what the adapter wants to get rid of.
      while (awaiting_ == 0 && !reading_ && !read_to_end_ && ReadOne(lock, adapter::Clock::now())) {
      }
      HandOn();
      if (!read_to_end_ && !ending_) watch_.wait_for(lock, kLook);
    }
  }
  lock.unlock();
  NoteEnd();
}

bool AdapterProvider::Connection::TakeEvent(LineReader::Event event) {
  switch (event) {
    case LineReader::Event::kTimedOut:
      return true;
    case LineReader::Event::kLine:
      TakeLine(reader_.line());
      return true;
    case LineReader::Event::kTooLong: {
      const std::lock_guard lock(mutex_);
      NoteLocked(Kind::kLineTooLong, MethodInFlight(),
                 "a line of more than 64 MiB: " + adapter::EscapedLine(reader_.line()));
      if (waiting_.size() != 1) return true;
      Waiting& only = *waiting_.begin()->second;
      only.answer = MakeError(ErrorCode::kInternal,
                              only.method + ": the answer is a line of more than 64 MiB");
      only.answered.notify_one();
      waiting_.clear();
      return true;
    }
    case LineReader::Event::kFragment: {
      const std::lock_guard lock(mutex_);
      if (!ending_) {
        NoteLocked(Kind::kNotJsonRpc, MethodInFlight(),
                   "a line without its end: " + adapter::EscapedLine(reader_.line()));
      }
      return true;
    }
    default:
      return false;
  }
}

void AdapterProvider::Connection::TakeLine(std::string_view line) {
  Answer answer = adapter::ParseAnswer(line);
  const std::lock_guard lock(mutex_);
  if (!answer.is_message) {
    NoteLocked(Kind::kNotJsonRpc, MethodInFlight(), answer.problem);
    return;
  }
  const auto found = answer.id ? waiting_.find(*answer.id) : waiting_.end();
  if (found == waiting_.end()) {
    TakeUnmatched(answer);
    return;
  }
  Waiting& waiting = *found->second;
  waiting_.erase(found);
  if (answer.problem.empty() && answer.is_error) {
    Result<Error> error = FromJson<Error>(answer.payload, "error");
    if (error) {
      waiting.answer = tl::unexpected<Error>(std::move(*error));
    } else {
      answer.problem = error.error().message;
    }
  } else if (answer.problem.empty()) {
    waiting.answer = std::move(answer.payload);
  }
  if (!waiting.answer) {
    NoteLocked(Kind::kBadShape, waiting.method, answer.problem);
    waiting.answer = MakeError(ErrorCode::kInternal, waiting.method + ": answer." + answer.problem);
  }
  waiting.answered.notify_one();
}

// Called with mutex_ held.
void AdapterProvider::Connection::TakeUnmatched(const Answer& answer) {
  const std::string method = MethodInFlight();
  if (!answer.id) {
    NoteLocked(Kind::kUnknownId, method, "an answer without the id of a request");
  } else if (const auto late = given_up_.extract(*answer.id)) {
    NoteLocked(Kind::kUnknownId, method,
               "an answer to request " + std::to_string(*answer.id) + " that came too late");
    const Result<SandboxRef> made = FromJson<SandboxRef>(answer.payload, "result");
    if (late.mapped() == kCreate && made) late_sandboxes_.push_back(made->sandbox_id);
    late_answer_.notify_all();
  } else if (*answer.id > 0 && *answer.id < next_id_) {
    NoteLocked(Kind::kUnknownId, method,
               "a second answer to request " + std::to_string(*answer.id));
  } else {
    NoteLocked(Kind::kUnknownId, method,
               "an answer with the id " + std::to_string(*answer.id) + ", which no request had");
  }
}

void AdapterProvider::Connection::ReadLog() {
  std::string chunk(kLogBytes, '\0');
  pollfd fds[2] = {{child_->error_output(), POLLIN, 0}, {child_->exited(), POLLIN, 0}};
  while (true) {
    if (::poll(fds, 2, -1) < 0) continue;  // Interrupted.
    if (fds[0].revents == 0) break;        // It has ended, and nothing is left.
    const ssize_t count = ::read(fds[0].fd, chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    const std::lock_guard lock(mutex_);
    log_.append(chunk, 0, static_cast<std::size_t>(count));
    if (log_.size() > 2 * kLogBytes) log_.erase(0, log_.size() - kLogBytes);
  }
  const std::lock_guard lock(mutex_);
  log_ended_ = true;
  log_ended_cv_.notify_all();
}

// --- what is known -----------------------------------------------------------------------------

void AdapterProvider::Connection::Note(Kind kind, std::string_view method,
                                       std::string description) {
  const std::lock_guard lock(mutex_);
  NoteLocked(kind, method, std::move(description));
}

void AdapterProvider::Connection::NoteLocked(Kind kind, std::string_view method,
                                             std::string description) {
  if (violations_.size() >= kMaxViolations) return;
  violations_.push_back({kind, std::string(method), std::move(description)});
}

std::string AdapterProvider::Connection::MethodInFlight() const {
  return waiting_.size() == 1 ? waiting_.begin()->second->method : "";
}

std::string AdapterProvider::Connection::QuotedLog() const {
  std::string_view end = log_;
  if (end.size() > kQuotedLogBytes) {
    end.remove_prefix(end.size() - kQuotedLogBytes);
    end.remove_prefix(std::min(end.find('\n') + 1, end.size()));
  }
  while (!end.empty() && end.back() == '\n') end.remove_suffix(1);
  return end.empty() ? "" : "; its standard error ends with:\n" + std::string(end);
}

bool AdapterProvider::Connection::alive() const {
  const std::lock_guard lock(mutex_);
  return !ended_;
}

std::string AdapterProvider::Connection::stderr_tail() const {
  const std::lock_guard lock(mutex_);
  return log_.size() <= kLogBytes ? log_ : log_.substr(log_.size() - kLogBytes);
}

std::vector<ProtocolViolation> AdapterProvider::Connection::violations() const {
  const std::lock_guard lock(mutex_);
  return violations_;
}

}  // namespace computesdk
