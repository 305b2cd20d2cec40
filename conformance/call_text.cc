#include "conformance/call_text.h"

#include "conformance/printable.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

constexpr std::size_t kShown = 120;

std::string InMs(Milliseconds value) { return std::to_string(value.count()) + " ms"; }

std::string ShowEnvironment(const Environment& env) {
  std::string out = "{";
  for (const auto& [name, value] : env) {
    if (out.size() > 1) out += ", ";
    if (out.size() > kShown) return out + "...}";
    out += Show(name) + ": " + Show(value);
  }
  return out + "}";
}

}  // namespace

std::string Show(const std::string& text) { return Printable(text, kShown); }

std::string Show(const CreateSandboxOptions& options) {
  std::string out;
  if (options.runtime) out += ", runtime: " + Show(*options.runtime);
  if (options.timeout) out += ", timeout: " + InMs(*options.timeout);
  if (!options.envs.empty()) out += ", envs: " + ShowEnvironment(options.envs);
  if (!options.metadata.empty()) {
    const std::string dumped =
        options.metadata.json().dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    out += ", metadata: " + (dumped.size() <= kShown ? dumped : Show(dumped));
  }
  if (options.template_id) out += ", templateId: " + Show(*options.template_id);
  return out.empty() ? out : out.substr(2);
}

std::string Show(const RunCommandRequest& request) {
  std::string out = Show(request.command);
  if (request.args) {
    out += ", args: [";
    for (std::size_t i = 0; i < request.args->size(); ++i) {
      if (i > 0) out += ", ";
      if (out.size() > kShown) {
        out += "...";
        break;
      }
      out += Show((*request.args)[i]);
    }
    out += "]";
  }
  const RunCommandOptions& options = request.options;
  if (options.cwd) out += ", cwd: " + Show(*options.cwd);
  if (!options.env.empty()) out += ", env: " + ShowEnvironment(options.env);
  if (options.timeout) out += ", timeout: " + InMs(*options.timeout);
  if (options.background) out += ", background: true";
  return out;
}

std::string Show(const RunCodeRequest& request) {
  std::string out = Show(request.code);
  if (request.runtime) out += ", runtime: " + Show(*request.runtime);
  return out;
}

std::string Show(const GetUrlRequest& request) {
  std::string out = "port: " + std::to_string(request.port);
  if (request.protocol) out += ", protocol: " + Show(*request.protocol);
  return out;
}

std::string ShowOutcome(const SandboxRef& ref) { return Show(ref.sandbox_id); }

std::string ShowOutcome(const std::optional<SandboxRef>& ref) {
  return ref ? Show(ref->sandbox_id) : "none";
}

std::string ShowOutcome(const std::vector<SandboxRef>& refs) {
  return std::to_string(refs.size()) + (refs.size() == 1 ? " sandbox" : " sandboxes");
}

std::string ShowOutcome(const ExecutionResult& result) {
  std::string out = "exit code " + std::to_string(result.exit_code);
  if (!result.stdout_bytes.empty()) out += ", stdout " + Show(result.stdout_bytes);
  if (!result.stderr_bytes.empty()) out += ", stderr " + Show(result.stderr_bytes);
  if (result.is_background.value_or(false)) out += ", in the background";
  return out;
}

std::string ShowOutcome(const SandboxInfo& info) {
  static constexpr const char* kStatus[] = {"running", "stopped", "error"};
  return "id " + Show(info.id) + ", runtime " + Show(info.runtime) + ", status " +
         kStatus[static_cast<int>(info.status)];
}

std::string ShowOutcome(const std::string& text) { return Show(text); }

std::string ShowOutcome(const std::vector<FileEntry>& entries) {
  std::string out = std::to_string(entries.size()) + (entries.size() == 1 ? " entry" : " entries");
  constexpr std::size_t kNamed = 5;
  for (std::size_t i = 0; i < entries.size() && i < kNamed; ++i) {
    out += (i == 0 ? ": " : ", ") + Show(entries[i].name);
  }
  return entries.size() > kNamed ? out + ", ..." : out;
}

std::string ShowOutcome(bool value) { return value ? "true" : "false"; }

std::string ShowError(const Error& error) {
  constexpr std::size_t kLongest = 300;
  std::string text = CleanText(error.ToString());
  for (char& c : text) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  if (text.size() > kLongest) text = text.substr(0, kLongest) + "...";
  return text;
}

}  // namespace computesdk::conformance
