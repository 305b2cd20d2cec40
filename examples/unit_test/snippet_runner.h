#ifndef COMPUTESDK_EXAMPLES_UNIT_TEST_SNIPPET_RUNNER_H_
#define COMPUTESDK_EXAMPLES_UNIT_TEST_SNIPPET_RUNNER_H_

#include <map>
#include <optional>
#include <string>

#include "sdk/compute.h"
#include "sdk/provider.h"

// Runs the snippets of a document, in one sandbox, each text once: an application's class that
// takes whatever provider it is given.
class SnippetRunner {
 public:
  explicit SnippetRunner(computesdk::Provider& provider) : provider_(&provider) {}
  ~SnippetRunner();
  SnippetRunner(const SnippetRunner&) = delete;
  SnippetRunner& operator=(const SnippetRunner&) = delete;

  // What the snippet prints. A snippet that fails is kFailedPrecondition with its stderr, and is
  // not remembered. A sandbox that has expired meanwhile is replaced.
  computesdk::Result<std::string> Run(const std::string& snippet);

 private:
  computesdk::Result<computesdk::ExecutionResult> RunInSandbox(const std::string& snippet);

  computesdk::Provider* provider_;
  std::optional<computesdk::Sandbox> sandbox_;
  std::map<std::string, std::string> outputs_;
};

#endif  // COMPUTESDK_EXAMPLES_UNIT_TEST_SNIPPET_RUNNER_H_
