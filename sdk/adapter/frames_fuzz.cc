// What comes over the pipe: cut into lines, read as a request (and answered) and as an answer.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sdk/adapter/descriptor.h"
#include "sdk/adapter/dispatch.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/rpc_message.h"
#include "sdk/adapter/testing/echo_provider.h"
#include "sdk/json.h"

namespace computesdk::adapter {
namespace {

// Without the commands that sleep and throw on purpose.
class CalmProvider : public EchoProvider {
 public:
  Result<ExecutionResult> RunCommand(const std::string& sandbox_id,
                                     const RunCommandRequest& request) override {
    if (request.command == "sleep" || request.command == "throw") return ExecutionResult();
    return EchoProvider::RunCommand(sandbox_id, request);
  }
};

// What was decoded and encoded again is decoded again.
template <typename T>
void CheckRoundTrip(const nlohmann::json& value) {
  const Result<T> decoded = FromJson<T>(value);
  if (!decoded) return;
  const auto text = SerializeJson(ToJson(*decoded));
  if (!text) return;  // Bytes that are no UTF-8.
  const auto again = ParseJson(*text);
  if (!again || !FromJson<T>(*again)) std::abort();
}

void CheckValue(const nlohmann::json& value) {
  CheckRoundTrip<ProviderDescription>(value);
  CheckRoundTrip<CreateSandboxOptions>(value);
  CheckRoundTrip<SandboxRef>(value);
  CheckRoundTrip<RunCommandRequest>(value);
  CheckRoundTrip<RunCodeRequest>(value);
  CheckRoundTrip<GetUrlRequest>(value);
  CheckRoundTrip<ExecutionResult>(value);
  CheckRoundTrip<SandboxInfo>(value);
  CheckRoundTrip<FileEntry>(value);
  (void)DescribeJson(value);
}

void CheckLine(std::string_view line) {
  (void)EscapedLine(line);
  CheckValue(ParseAnswer(line).payload);
  const Request request = ParseRequest(line);
  if (request.error) {
    (void)ErrorLine(request.id, *request.error);
    return;
  }
  CheckValue(request.params);
  CalmProvider provider;
  const Reply reply = Dispatch(provider, request.method, request.params);
  const std::string answer =
      reply ? ResultLine(request.id, *reply) : ErrorLine(request.id, reply.error());
  if (!ParseAnswer(std::string_view(answer).substr(0, answer.size() - 1)).is_message) std::abort();
}

}  // namespace
}  // namespace computesdk::adapter

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace computesdk::adapter;
  using Event = LineReader::Event;
  constexpr std::size_t kPipeBytes = 60'000;  // Fits in before anybody reads.
  constexpr std::size_t kLineBytes = 8'000;
  if (size > kPipeBytes) return 0;
  auto pipe = MakePipe();
  if (!pipe) std::abort();
  if (!WriteFully(pipe->write.get(), {reinterpret_cast<const char*>(data), size})) std::abort();
  pipe->write.Close();
  LineReader reader(pipe->read.get(), -1, kLineBytes);
  for (Event event = reader.Next(); event != Event::kEnd; event = reader.Next()) {
    if (event == Event::kFailed || event == Event::kTimedOut) std::abort();
    CheckLine(reader.line());
  }
  return 0;
}
