#ifndef COMPUTESDK_CONFORMANCE_CALL_TEXT_H_
#define COMPUTESDK_CONFORMANCE_CALL_TEXT_H_

#include <string>

#include "sdk/provider.h"

// Calls and their outcome as one reads them in a report: short, on one line, printable.
namespace computesdk::conformance {

std::string Show(const std::string& text);
std::string Show(const CreateSandboxOptions& options);
std::string Show(const RunCommandRequest& request);
std::string Show(const RunCodeRequest& request);
std::string Show(const GetUrlRequest& request);

std::string ShowOutcome(const SandboxRef& ref);
std::string ShowOutcome(const std::optional<SandboxRef>& ref);
std::string ShowOutcome(const std::vector<SandboxRef>& refs);
std::string ShowOutcome(const ExecutionResult& result);
std::string ShowOutcome(const SandboxInfo& info);
std::string ShowOutcome(const std::string& text);
std::string ShowOutcome(const std::vector<FileEntry>& entries);
std::string ShowOutcome(bool value);
std::string ShowError(const Error& error);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CALL_TEXT_H_
