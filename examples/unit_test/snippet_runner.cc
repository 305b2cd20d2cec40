#include "examples/unit_test/snippet_runner.h"

#include <utility>

using computesdk::Compute;
using computesdk::ErrorCode;
using computesdk::ExecutionResult;
using computesdk::MakeError;
using computesdk::Result;
using computesdk::Sandbox;

SnippetRunner::~SnippetRunner() {
  // Nobody is left to tell of an error; the sandbox's own lifetime is the safety net.
  if (sandbox_) (void)sandbox_->Destroy();
}

Result<std::string> SnippetRunner::Run(const std::string& snippet) {
  if (const auto known = outputs_.find(snippet); known != outputs_.end()) return known->second;
  Result<ExecutionResult> result = RunInSandbox(snippet);
  if (!result && result.error().code == ErrorCode::kNotFound) {
    sandbox_.reset();
    result = RunInSandbox(snippet);
  }
  if (!result) return tl::unexpected(std::move(result.error()));
  if (result->exit_code != 0) {
    return MakeError(ErrorCode::kFailedPrecondition, "the snippet failed with exit code " +
                                                         std::to_string(result->exit_code) + ": " +
                                                         result->stderr_bytes);
  }
  return outputs_[snippet] = std::move(result->stdout_bytes);
}

Result<ExecutionResult> SnippetRunner::RunInSandbox(const std::string& snippet) {
  if (!sandbox_) {
    const Compute compute({.default_provider = provider_});
    Result<Sandbox> created = compute.CreateSandbox({.runtime = "bash"});
    if (!created) return tl::unexpected(std::move(created.error()));
    sandbox_ = std::move(*created);
  }
  return sandbox_->RunCode(snippet);
}
