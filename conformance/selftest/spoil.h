#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_SPOIL_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_SPOIL_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/candidate.h"
#include "mocks/in_memory_provider.h"
#include "sdk/provider.h"

// Providers made from the in-memory one by replacing some of its methods.
namespace computesdk::conformance {

// What a spoilt provider does in place of the methods named; each gets the clean provider. What is
// left out stays as it was. Called from several threads: state that is captured needs a lock.
struct Replacements {
  std::function<void(ProviderDescription&)> description = {};
  std::function<Result<SandboxRef>(Provider&, CreateSandboxOptions)> create = {};
  std::function<Result<std::optional<SandboxRef>>(Provider&, const std::string& id)> get_by_id = {};
  std::function<Result<std::vector<SandboxRef>>(Provider&)> list = {};
  std::function<Status(Provider&, const std::string& id)> destroy = {};
  std::function<Result<ExecutionResult>(Provider&, const std::string& id, RunCodeRequest)>
      run_code = {};
  std::function<Result<ExecutionResult>(Provider&, const std::string& id, RunCommandRequest)>
      run_command = {};
  std::function<Result<SandboxInfo>(Provider&, const std::string& id)> get_info = {};
  std::function<Result<std::string>(Provider&, const std::string& id, GetUrlRequest)> get_url = {};
  std::function<Result<std::string>(Provider&, const std::string& id, const std::string& path)>
      read_file = {};
  std::function<Status(Provider&, const std::string& id, const std::string& path,
                       std::string content)>
      write_file = {};
  std::function<Status(Provider&, const std::string& id, const std::string& path)> mkdir = {};
  std::function<Result<std::vector<FileEntry>>(Provider&, const std::string& id,
                                               const std::string& path)>
      readdir = {};
  std::function<Result<bool>(Provider&, const std::string& id, const std::string& path)> exists =
      {};
  std::function<Status(Provider&, const std::string& id, const std::string& path)> remove = {};
};

// The in-memory provider with these replacements, new at every call.
ProviderFactory Spoil(Replacements replacements, InMemoryProviderOptions options = {});
// The same where the replacements share state, which every provider has for itself.
ProviderFactory SpoilWith(std::function<Replacements()> make, InMemoryProviderOptions options = {});

// Replacements of commands and code that change the result, where there is one.
Replacements WithResult(std::function<void(ExecutionResult&)> change);
// A replacement of commands alone that changes what is asked.
Replacements WithRequest(std::function<void(RunCommandRequest&)> change);

// --- what defects are made of
// ---------------------------------------------------------------------

// A shell line in the clean provider, as an adapter that has nothing but a shell would use it.
Result<ExecutionResult> Sh(Provider& provider, const std::string& id, const std::string& line);
// The command with its args joined by blanks, as `[command, ...args].join(' ')` has it.
std::string JoinedWithBlanks(const RunCommandRequest& request);
// `"` around it and nothing else: what JSON.stringify is taken for.
std::string DoubleQuoted(std::string_view text);
void ReplaceAll(std::string& text, std::string_view from, std::string_view to);
std::string Trimmed(std::string text);
// What TextDecoder makes of bytes: U+FFFD for each that belongs to no character of UTF-8.
std::string Decoded(std::string_view bytes);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_SPOIL_H_
