#include "conformance/cli/candidate_start.h"

#include "conformance/cli/builtin_providers.h"
#include "conformance/printable.h"
#include "conformance/shell_words.h"

namespace computesdk::conformance {
namespace {

Result<std::unique_ptr<Candidate>> Named(const std::string& message,
                                         Result<std::unique_ptr<Candidate>> candidate) {
  if (candidate) return candidate;
  return MakeError(candidate.error().code, message + ": " + candidate.error().message);
}

Result<std::unique_ptr<Candidate>> StartBuiltin(const std::string& name) {
  const BuiltinProvider* provider = FindBuiltinProvider(name);
  if (provider == nullptr) return MakeError(ErrorCode::kInvalidArgument, UnknownProvider(name));
  return InProcessCandidate(provider->name, provider->make, provider->clock);
}

std::string Quoted(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    const bool plain =
        !word.empty() &&
        word.find_first_not_of(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-") ==
            std::string::npos;
    out += (out.empty() ? "" : " ") + (plain ? word : ShellQuote(word));
  }
  return out;
}

}  // namespace

Result<std::unique_ptr<Candidate>> StartCandidate(const CandidateArguments& arguments,
                                                  Milliseconds call_timeout) {
  if (arguments.adapter.empty()) return StartBuiltin(arguments.provider);
  Result<std::vector<std::string>> words = SplitShellWords(arguments.adapter);
  if (!words) {
    return MakeError(words.error().code,
                     "--adapter: " + words.error().message + " in: " + arguments.adapter);
  }
  if (words->empty()) return MakeError(ErrorCode::kInvalidArgument, "--adapter: no command");
  AdapterOptions options;
  options.command = std::move(*words);
  options.working_directory = UserDirectory();
  options.startup_timeout = Milliseconds(arguments.startup_timeout_ms);
  options.call_timeout = call_timeout;
  return Named("the adapter `" + arguments.adapter + "`", AdapterCandidate(std::move(options)));
}

Result<std::unique_ptr<Candidate>> StartCandidate(const CandidateKey& key) {
  if (key.adapter.empty()) return StartBuiltin(key.provider);
  AdapterOptions options;
  options.command = key.adapter;
  options.working_directory = key.working_directory;
  return Named("the adapter `" + Quoted(key.adapter) + "`", AdapterCandidate(std::move(options)));
}

std::string CandidateOptions(const CandidateArguments& arguments) {
  if (arguments.adapter.empty()) return "--provider " + arguments.provider;
  return "--adapter " + ShellQuote(arguments.adapter);
}

std::string CandidateOptions(const CandidateKey& key) {
  if (key.adapter.empty()) return "--provider " + key.provider;
  return "--adapter " + ShellQuote(Quoted(key.adapter));
}

}  // namespace computesdk::conformance
