#include "conformance/check_context.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <mutex>

#include "conformance/call_chain.h"

namespace computesdk::conformance {
namespace {

// The cases in force on this thread, the outermost first.
thread_local std::vector<std::string> cases;

// A shell line stays well below the 64 KiB that some transports allow for one.
constexpr std::size_t kChunk = std::size_t{48} * 1024;

// A byte as it stands in the single-quoted format of `printf`.
void AppendForPrintf(char c, std::string& format) {
  if (c == '%') {
    // Some shells expand escapes before they look for conversions: an octal escape will not do.
    format += "%%";
  } else if (c > 0x20 && c < 0x7f && c != '\\' && c != '\'') {
    format += c;
  } else {
    const auto byte = static_cast<unsigned char>(c);
    format += {'\\', static_cast<char>('0' + (byte >> 6)),
               static_cast<char>('0' + ((byte >> 3) & 7)), static_cast<char>('0' + (byte & 7))};
  }
}

// The part of `bytes` around `offset`, and where it is.
std::string Around(std::string_view bytes, std::size_t offset) {
  constexpr std::size_t kBefore = 40;
  constexpr std::size_t kLength = 100;
  const std::string size = " (" + std::to_string(bytes.size()) + " bytes)";
  if (bytes.size() <= 2 * kLength) return Printable(bytes) + size;
  const std::size_t start = offset > kBefore ? offset - kBefore : 0;
  if (start >= bytes.size()) return "its end after " + std::to_string(bytes.size()) + " bytes";
  return Printable(bytes.substr(start, kLength)) + " from byte " + std::to_string(start) + size;
}

std::string CodeList(const std::vector<ErrorCode>& codes) {
  std::string list;
  for (ErrorCode code : codes) {
    if (!list.empty()) list += " or ";
    list += ErrorCodeName(code);
  }
  return list;
}

}  // namespace

Result<ExecutionResult> CheckContext::Sh(const Box& box, std::string line,
                                         RunCommandOptions options) {
  return provider().RunCommand(
      box.id, {.command = std::move(line), .args = std::nullopt, .options = std::move(options)});
}

Result<ExecutionResult> CheckContext::Exec(const Box& box, std::string program,
                                           std::vector<std::string> args,
                                           RunCommandOptions options) {
  return provider().RunCommand(
      box.id,
      {.command = std::move(program), .args = std::move(args), .options = std::move(options)});
}

std::string CheckContext::Observe(const Box& box, const std::string& line) {
  const std::string shown = "`" + line.substr(0, 200) + "`";
  ExecutionResult result = Need(Sh(box, line), shown);
  if (result.exit_code != 0) {
    NotTestable(shown + " ended with " + std::to_string(result.exit_code) + ": " +
                Printable(result.stderr_bytes));
  }
  return std::move(result.stdout_bytes);
}

void CheckContext::PutFile(const Box& box, const std::string& path, std::string_view content) {
  const std::string target = ShellQuote(path);
  std::string_view redirection = " > ";
  do {
    std::string format;
    std::size_t taken = 0;
    while (taken < content.size() && format.size() < kChunk) {
      AppendForPrintf(content[taken++], format);
    }
    content.remove_prefix(taken);
    // A format that begins with a dash would be read as an option.
    if (!format.empty() && format[0] == '-') format.replace(0, 1, "\\055");
    Observe(box, "printf '" + format + "'" + std::string(redirection) + target);
    redirection = " >> ";
  } while (!content.empty());
}

std::optional<std::string> CheckContext::PeekFile(const Box& box, const std::string& path) {
  const std::string quoted = ShellQuote(path);
  ExecutionResult result =
      Need(Sh(box, "test -e " + quoted + " || exit 44; cat " + quoted), "`cat " + quoted + "`");
  if (result.exit_code == 44) return std::nullopt;
  if (result.exit_code != 0) {
    NotTestable("`cat " + quoted + "` ended with " + std::to_string(result.exit_code) + ": " +
                Printable(result.stderr_bytes));
  }
  return std::move(result.stdout_bytes);
}

bool CheckContext::PathIsThere(const Box& box, const std::string& path) {
  const std::string quoted = ShellQuote(path);
  const std::string line = "test -e " + quoted + " || test -L " + quoted;
  const ExecutionResult result = Need(Sh(box, line), "`" + line + "`");
  if (result.exit_code > 1) {
    NotTestable("`" + line + "` ended with " + std::to_string(result.exit_code) + ": " +
                Printable(result.stderr_bytes));
  }
  return result.exit_code == 0;
}

void CheckContext::InParallel(int count, const std::function<void(int)>& body) {
  std::mutex mutex;
  std::exception_ptr first;
  const std::vector<std::string> outer = cases;
  const int chain = CallChain();
  int longest = chain;
  RunAtOnce(clock(), count, [&](int i) {
    cases = outer;
    CallChain() = chain;
    std::exception_ptr thrown;
    try {
      body(i);
    } catch (...) {
      thrown = std::current_exception();
    }
    std::lock_guard lock(mutex);
    if (!first) first = thrown;
    longest = std::max(longest, CallChain());
  });
  CallChain() = longest;
  if (first) std::rethrow_exception(first);
}

bool CheckContext::Eventually(Milliseconds limit, const std::function<bool()>& condition) {
  const SteadyClock::time_point end = clock().Now() + limit;
  const int chain = CallChain();
  Milliseconds interval{1};
  while (!condition()) {
    const auto left = std::chrono::ceil<Milliseconds>(end - clock().Now());
    if (left <= Milliseconds{0}) return false;
    Sleep(std::min(interval, left));
    interval = std::min(2 * interval, Milliseconds{100});
    // Calls in vain take a part of the time that there is to wait anyway.
    CallChain() = chain;
  }
  return true;
}

void CheckContext::Sleep(Milliseconds duration) {
  if (!Pause(duration)) End();
}

bool CheckContext::ExpectBytes(std::string_view actual, std::string_view expected,
                               std::string_view subject) {
  if (actual == expected) return true;
  const std::size_t common = std::min(actual.size(), expected.size());
  const auto [a, e] = std::mismatch(
      actual.begin(), actual.begin() + static_cast<std::ptrdiff_t>(common), expected.begin());
  const auto offset = static_cast<std::size_t>(a - actual.begin());
  std::string got = Around(actual, offset);
  if (offset == common && actual.size() < expected.size()) {
    got += ", which ends too early";
  } else if (offset == common) {
    got += ", which goes on after byte " + std::to_string(offset);
  } else {
    got += ", different from byte " + std::to_string(offset);
  }
  Fail({std::string(subject), Around(expected, offset), std::move(got)});
  return false;
}

void CheckContext::Fail(Finding finding) {
  std::string prefix;
  for (const std::string& label : cases) prefix += label + ": ";
  finding.subject.insert(0, prefix);
  AddFinding(std::move(finding));
}

void CheckContext::NotTestable(std::string reason) {
  std::string prefix;
  for (const std::string& label : cases) prefix += label + ": ";
  throw CheckEnded{.not_testable = prefix + std::move(reason)};
}

void CheckContext::Tolerated(std::string note) { AddNote(std::move(note)); }

void CheckContext::End() { throw CheckEnded{}; }

bool CheckContext::ExpectErrorImpl(const std::optional<Error>& error, std::string_view subject,
                                   const std::vector<ErrorCode>& codes) {
  const std::string expected = codes.empty() ? "an error" : "the error " + CodeList(codes);
  if (!error) {
    Fail({std::string(subject), expected, "success"});
    return false;
  }
  if (codes.empty() || std::ranges::find(codes, error->code) != codes.end()) return true;
  Fail({std::string(subject), expected, "the error " + error->ToString()});
  return false;
}

std::string CheckContext::Because(const std::string& explanation) {
  return explanation.empty() ? "" : ", " + explanation;
}

std::string CheckContext::Describe(const std::string& value) { return Printable(value); }

CheckContext::CaseScope::CaseScope(std::string label) { cases.push_back(std::move(label)); }

CheckContext::CaseScope::~CaseScope() { cases.pop_back(); }

}  // namespace computesdk::conformance
