#include "conformance/selftest/spoil.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "conformance/printable.h"
#include "mocks/forwarding_provider.h"

namespace computesdk::conformance {
namespace {

// The replacement if there is one, the method of the base otherwise.
class SpoiltProvider : public ForwardingProvider {
 public:
  SpoiltProvider(std::unique_ptr<Provider> inner, Replacements replacements)
      : ForwardingProvider(std::move(inner)),
        replaced_(std::move(replacements)),
        description_(ForwardingProvider::Describe()) {
    if (replaced_.description) replaced_.description(description_);
  }

  const ProviderDescription& Describe() const override { return description_; }
  Result<SandboxRef> Create(const CreateSandboxOptions& options) override {
    return replaced_.create ? replaced_.create(inner(), options) : inner().Create(options);
  }
  Result<std::optional<SandboxRef>> GetById(const std::string& id) override {
    return replaced_.get_by_id ? replaced_.get_by_id(inner(), id) : inner().GetById(id);
  }
  Result<std::vector<SandboxRef>> List() override {
    return replaced_.list ? replaced_.list(inner()) : inner().List();
  }
  Status Destroy(const std::string& id) override {
    return replaced_.destroy ? replaced_.destroy(inner(), id) : inner().Destroy(id);
  }
  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) override {
    return replaced_.run_code ? replaced_.run_code(inner(), id, request)
                              : inner().RunCode(id, request);
  }
  Result<ExecutionResult> RunCommand(const std::string& id,
                                     const RunCommandRequest& request) override {
    return replaced_.run_command ? replaced_.run_command(inner(), id, request)
                                 : inner().RunCommand(id, request);
  }
  Result<SandboxInfo> GetInfo(const std::string& id) override {
    return replaced_.get_info ? replaced_.get_info(inner(), id) : inner().GetInfo(id);
  }
  Result<std::string> GetUrl(const std::string& id, const GetUrlRequest& request) override {
    return replaced_.get_url ? replaced_.get_url(inner(), id, request)
                             : inner().GetUrl(id, request);
  }
  Result<std::string> ReadFile(const std::string& id, const std::string& path) override {
    return replaced_.read_file ? replaced_.read_file(inner(), id, path)
                               : inner().ReadFile(id, path);
  }
  Status WriteFile(const std::string& id, const std::string& path,
                   const std::string& content) override {
    return replaced_.write_file ? replaced_.write_file(inner(), id, path, content)
                                : inner().WriteFile(id, path, content);
  }
  Status Mkdir(const std::string& id, const std::string& path) override {
    return replaced_.mkdir ? replaced_.mkdir(inner(), id, path) : inner().Mkdir(id, path);
  }
  Result<std::vector<FileEntry>> Readdir(const std::string& id, const std::string& path) override {
    return replaced_.readdir ? replaced_.readdir(inner(), id, path) : inner().Readdir(id, path);
  }
  Result<bool> Exists(const std::string& id, const std::string& path) override {
    return replaced_.exists ? replaced_.exists(inner(), id, path) : inner().Exists(id, path);
  }
  Status Remove(const std::string& id, const std::string& path) override {
    return replaced_.remove ? replaced_.remove(inner(), id, path) : inner().Remove(id, path);
  }

 private:
  const Replacements replaced_;
  ProviderDescription description_;
};

std::string Enclosed(std::string_view text, std::string_view quote) {
  return std::string(quote) + std::string(text) + std::string(quote);
}

}  // namespace

ProviderFactory SpoilWith(std::function<Replacements()> make, InMemoryProviderOptions options) {
  return [make = std::move(make), options = std::move(options)] {
    return std::make_unique<SpoiltProvider>(std::make_unique<InMemoryProvider>(options), make());
  };
}

ProviderFactory Spoil(Replacements replacements, InMemoryProviderOptions options) {
  return SpoilWith([replacements = std::move(replacements)] { return replacements; },
                   std::move(options));
}

Replacements WithResult(std::function<void(ExecutionResult&)> change) {
  const auto changed = [change = std::move(change)](Result<ExecutionResult> result) {
    if (result) change(*result);
    return result;
  };
  return {.run_code =
              [changed](Provider& inner, const std::string& id, const RunCodeRequest& request) {
                return changed(inner.RunCode(id, request));
              },
          .run_command =
              [changed](Provider& inner, const std::string& id, const RunCommandRequest& request) {
                return changed(inner.RunCommand(id, request));
              }};
}

Replacements WithRequest(std::function<void(RunCommandRequest&)> change) {
  return {.run_command = [change = std::move(change)](Provider& inner, const std::string& id,
                                                      RunCommandRequest request) {
    change(request);
    return inner.RunCommand(id, request);
  }};
}

Result<ExecutionResult> Sh(Provider& provider, const std::string& id, const std::string& line) {
  return provider.RunCommand(id, {.command = line});
}

std::string JoinedWithBlanks(const RunCommandRequest& request) {
  std::string line = request.command;
  if (!request.args) return line;
  for (const std::string& arg : *request.args) line += " " + arg;
  return line;
}

std::string DoubleQuoted(std::string_view text) { return Enclosed(text, "\""); }

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

std::string Trimmed(std::string text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.erase(0, std::min(text.find_first_not_of(kBlanks), text.size()));
  text.erase(text.find_last_not_of(kBlanks) + 1);
  return text;
}

std::string Decoded(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = Utf8Length(bytes);
    text += length == 0 ? "\xef\xbf\xbd" : bytes.substr(0, length);
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

}  // namespace computesdk::conformance
