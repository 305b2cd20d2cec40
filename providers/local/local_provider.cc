#include "providers/local/local_provider.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <utility>

#include "providers/local/command_runner.h"
#include "providers/local/file_tree.h"
#include "providers/local/lifetimes.h"
#include "providers/local/marked_processes.h"
#include "providers/local/sandbox_store.h"

namespace computesdk {

using local::Argv;
using local::Command;
using local::CommandRunner;
using local::FileTree;
using local::SandboxRecord;
using local::SandboxStore;

namespace {

// A longer line does not fit into one argument, which Linux limits to 128 KiB.
constexpr std::size_t kLongestArgument = 100'000;

std::string DefaultRoot() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  const std::string base = state != nullptr && state[0] == '/'
                               ? std::string(state)
                               : std::string(home != nullptr ? home : "/tmp") + "/.local/state";
  return base + "/computesdk/local";
}

bool IsIdentifier(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && (name[0] < '0' || name[0] > '9') && std::ranges::all_of(name, allowed);
}

tl::unexpected<Error> Refused(std::string message) {
  return MakeError(ErrorCode::kInvalidArgument, std::move(message));
}

Status CheckVariables(const Environment& variables) {
  for (const auto& [name, value] : variables) {
    if (!IsIdentifier(name)) return Refused("'" + name + "' is no name of a variable");
    if (value.find('\0') != value.npos) return Refused("the variable " + name + " holds a NUL");
  }
  return {};
}

Status CheckWords(const RunCommandRequest& request) {
  const auto has_nul = [](const std::string& word) { return word.find('\0') != word.npos; };
  const bool bad = has_nul(request.command) ||
                   (request.args && std::ranges::any_of(*request.args, has_nul)) ||
                   (request.options.cwd && has_nul(*request.options.cwd));
  if (bad) return Refused("a command holds a NUL, which no program can be given");
  if (request.options.timeout && request.options.timeout->count() <= 0) {
    return Refused("a timeout of " + std::to_string(request.options.timeout->count()) +
                   " ms; it must be more than 0");
  }
  return CheckVariables(request.options.env);
}

// A file of the provider's own, for code and for long lines.
class ScratchFile {
 public:
  ScratchFile(local::Staging& staging, const std::string& content)
      : path_(staging.path() + "/" + staging.NewName()) {
    const adapter::Descriptor file(
        ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    written_ = file.get() >= 0 && adapter::WriteFully(file.get(), content);
  }
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;
  const std::string& path() const { return path_; }
  bool written() const { return written_; }

 private:
  const std::string path_;
  bool written_ = false;
};

bool IsInstalled(const std::string& program, const std::string& path) {
  return local::FindProgram(program, path, AT_FDCWD).has_value();
}

}  // namespace

class LocalProvider::Impl {
 public:
  explicit Impl(LocalProviderOptions options) : options_(std::move(options)) {
    std::erase_if(options_.runtimes, [&](const LocalRuntime& runtime) {
      return runtime.command.empty() || !IsInstalled(runtime.command.front(), options_.path);
    });
    description_ = {.name = options_.name,
                    .capabilities = AllCapabilities(),
                    .max_concurrency = std::max(1, options_.max_concurrency),
                    .workdir = "/tmp"};
    for (const LocalRuntime& runtime : options_.runtimes) {
      description_.runtimes.push_back(runtime.name);
    }
    if (Status opened = Open(); !opened) broken_ = std::move(opened.error());
  }

  const ProviderDescription& description() const { return description_; }

  Result<SandboxRecord> Create(const CreateSandboxOptions& options) {
    if (broken_) return tl::unexpected<Error>(*broken_);
    if (Status fine = CheckVariables(options.envs); !fine) {
      return tl::unexpected<Error>(std::move(fine.error()));
    }
    if (options.runtime && FindRuntime(*options.runtime) == nullptr) {
      return Refused("there is no runtime " + *options.runtime);
    }
    Result<SandboxRecord> record = store_->Create(options);
    if (record) Expect(*record);
    return record;
  }

  Result<std::optional<SandboxRecord>> Find(const std::string& id) {
    if (broken_) return tl::unexpected<Error>(*broken_);
    Result<std::optional<SandboxRecord>> record = store_->Find(id);
    if (record && *record && HasEnded(**record)) {
      (void)Destroy(id);
      return std::nullopt;
    }
    return record;
  }

  // The live sandbox, or kNotFound.
  Result<SandboxRecord> Get(const std::string& id) {
    Result<std::optional<SandboxRecord>> record = Find(id);
    if (!record) return tl::unexpected<Error>(std::move(record.error()));
    if (!*record) return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + id);
    return std::move(**record);
  }

  Result<std::vector<SandboxRecord>> List() {
    if (broken_) return tl::unexpected<Error>(*broken_);
    Result<std::vector<SandboxRecord>> records = store_->List();
    if (records) std::erase_if(*records, HasEnded);
    return records;
  }

  Status Destroy(const std::string& id) {
    if (broken_) return tl::unexpected<Error>(*broken_);
    if (Status taken = store_->TakeAway(id); !taken) return taken;
    local::KillMarkedProcesses(CommandRunner::MarkOf(id));
    return store_->Discard(id);
  }

  Result<ExecutionResult> RunCode(const std::string& id, const RunCodeRequest& request) {
    const Result<SandboxRecord> record = Get(id);
    if (!record) return tl::unexpected<Error>(record.error());
    const std::string name = request.runtime.value_or(RuntimeOf(*record));
    const LocalRuntime* const runtime = FindRuntime(name);
    if (runtime == nullptr) return Refused("there is no runtime " + name);
    return RunFile(*record, runtime->command, request.code, {});
  }

  Result<ExecutionResult> RunCommand(const std::string& id, const RunCommandRequest& request) {
    const Result<SandboxRecord> record = Get(id);
    if (!record) return tl::unexpected<Error>(record.error());
    if (Status fine = CheckWords(request); !fine) {
      return tl::unexpected<Error>(std::move(fine.error()));
    }
    if (request.args) {
      Argv argv = *request.args;
      argv.insert(argv.begin(), request.command);
      return Run(*record, std::move(argv), request.options);
    }
    Argv argv = options_.shell;
    if (request.command.size() > kLongestArgument && !request.options.background) {
      return RunFile(*record, std::move(argv), request.command, request.options);
    }
    argv.insert(argv.end(), {"-c", request.command});
    return Run(*record, std::move(argv), request.options);
  }

  // Calls `operation` with the sandbox's files.
  template <typename T>
  Result<T> OnFiles(const std::string& id, auto operation) {
    const Result<SandboxRecord> record = Get(id);
    if (!record) return tl::unexpected<Error>(record.error());
    const Result<FileTree> files = FileTree::Open(store_->FilesPath(id), "home", store_->staging());
    if (!files && !store_->Has(id)) {
      return MakeError(ErrorCode::kNotFound, "no sandbox has the id " + id);
    }
    if (!files) return tl::unexpected<Error>(files.error());
    return operation(*files);
  }

  SandboxRef RefOf(const SandboxRecord& record) const {
    return {.sandbox_id = record.id, .workdir = store_->HomePath(record.id)};
  }

  std::string RuntimeOf(const SandboxRecord& record) const {
    return record.options.runtime.value_or(description_.runtimes.front());
  }

  std::size_t max_output_bytes() const { return options_.max_output_bytes; }

 private:
  Status Open() {
    const std::vector<std::string>& shell = options_.shell;
    if (shell.empty() || !IsInstalled(shell.front(), options_.path)) {
      return MakeError(ErrorCode::kUnavailable,
                       "the shell is not installed: " + (shell.empty() ? "" : shell.front()));
    }
    if (options_.runtimes.empty()) {
      return MakeError(ErrorCode::kUnavailable, "none of the runtimes is installed");
    }
    const std::string root = options_.root.empty() ? DefaultRoot() : options_.root;
    Result<std::unique_ptr<SandboxStore>> store = SandboxStore::Open(
        root, [](const std::string& id) { local::KillMarkedProcesses(CommandRunner::MarkOf(id)); });
    if (!store) return tl::unexpected<Error>(std::move(store.error()));
    store_ = std::move(*store);
    Result<std::vector<SandboxRecord>> earlier = store_->List();
    if (!earlier) return tl::unexpected<Error>(std::move(earlier.error()));
    for (const SandboxRecord& record : *earlier) Expect(record);
    return {};
  }

  static bool HasEnded(const SandboxRecord& record) {
    const std::optional<Timestamp> end = record.EndsAt();
    return end && std::chrono::system_clock::now() >= *end;
  }

  void Expect(const SandboxRecord& record) {
    if (const std::optional<Timestamp> end = record.EndsAt()) lifetimes_.Set(record.id, *end);
  }

  const LocalRuntime* FindRuntime(const std::string& name) const {
    const auto found = std::ranges::find(options_.runtimes, name, &LocalRuntime::name);
    return found == options_.runtimes.end() ? nullptr : &*found;
  }

  Result<ExecutionResult> RunFile(const SandboxRecord& record, Argv argv,
                                  const std::string& content, RunCommandOptions options) {
    const ScratchFile file(store_->staging(), content);
    if (!file.written()) {
      return MakeError(ErrorCode::kResourceExhausted, "cannot write " + file.path());
    }
    argv.push_back(file.path());
    return Run(record, std::move(argv), std::move(options));
  }

  Result<ExecutionResult> Run(const SandboxRecord& record, Argv argv, RunCommandOptions options) {
    const std::string home = store_->HomePath(record.id);
    Environment variables = options.env;
    variables.insert(record.options.envs.begin(), record.options.envs.end());
    variables.insert({{"PATH", options_.path},
                      {"HOME", home},
                      {"TMPDIR", store_->TemporaryPath(record.id)},
                      {"LANG", "C.UTF-8"},
                      {"SHELL", options_.shell.front()}});
    std::string cwd = home;
    if (options.cwd) cwd = std::filesystem::path(home) / *options.cwd;
    return runner_.Run({.sandbox_id = record.id,
                        .argv = std::move(argv),
                        .variables = std::move(variables),
                        .cwd = std::move(cwd),
                        .options = std::move(options),
                        .shell = options_.shell});
  }

  LocalProviderOptions options_;
  ProviderDescription description_;
  std::optional<Error> broken_;
  std::unique_ptr<SandboxStore> store_;
  CommandRunner runner_{options_.name, options_.max_output_bytes,
                        [this](const std::string& id) { return store_->Hold(id); }};
  local::Lifetimes lifetimes_{[this](const std::string& id) { (void)Destroy(id); }};
};

LocalProvider::LocalProvider(LocalProviderOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

LocalProvider::~LocalProvider() = default;

const ProviderDescription& LocalProvider::Describe() const { return impl_->description(); }

Result<SandboxRef> LocalProvider::Create(const CreateSandboxOptions& options) {
  return impl_->Create(options).map([&](const auto& record) { return impl_->RefOf(record); });
}

Result<std::optional<SandboxRef>> LocalProvider::GetById(const std::string& sandbox_id) {
  const Result<std::optional<SandboxRecord>> record = impl_->Find(sandbox_id);
  if (!record) return tl::unexpected<Error>(record.error());
  return *record ? std::optional(impl_->RefOf(**record)) : std::nullopt;
}

Result<std::vector<SandboxRef>> LocalProvider::List() {
  const Result<std::vector<SandboxRecord>> records = impl_->List();
  if (!records) return tl::unexpected<Error>(records.error());
  std::vector<SandboxRef> refs;
  for (const SandboxRecord& record : *records) refs.push_back(impl_->RefOf(record));
  return refs;
}

Status LocalProvider::Destroy(const std::string& sandbox_id) { return impl_->Destroy(sandbox_id); }

Result<ExecutionResult> LocalProvider::RunCode(const std::string& sandbox_id,
                                               const RunCodeRequest& request) {
  return impl_->RunCode(sandbox_id, request);
}

Result<ExecutionResult> LocalProvider::RunCommand(const std::string& sandbox_id,
                                                  const RunCommandRequest& request) {
  return impl_->RunCommand(sandbox_id, request);
}

Result<SandboxInfo> LocalProvider::GetInfo(const std::string& sandbox_id) {
  const Result<SandboxRecord> record = impl_->Get(sandbox_id);
  if (!record) return tl::unexpected<Error>(record.error());
  return SandboxInfo{.id = sandbox_id,
                     .provider = Describe().name,
                     .runtime = impl_->RuntimeOf(*record),
                     .created_at = record->created_at,
                     .timeout = record->options.timeout,
                     .metadata = record->options.metadata};
}

Result<std::string> LocalProvider::GetUrl(const std::string& sandbox_id,
                                          const GetUrlRequest& request) {
  const Result<SandboxRecord> record = impl_->Get(sandbox_id);
  if (!record) return tl::unexpected<Error>(record.error());
  if (request.port < 1 || request.port > 65535) {
    return Refused(std::to_string(request.port) + " is no port: 1 to 65535");
  }
  const std::string protocol = request.protocol.value_or("http");
  constexpr std::string_view kServed[] = {"http", "https", "ws", "wss"};
  if (std::ranges::find(kServed, protocol) == std::end(kServed)) {
    return Refused("no address has the protocol " + protocol + ": http, https, ws or wss");
  }
  return protocol + "://" + sandbox_id + ".localhost:" + std::to_string(request.port);
}

Result<std::string> LocalProvider::ReadFile(const std::string& sandbox_id,
                                            const std::string& path) {
  return impl_->OnFiles<std::string>(sandbox_id, [&](const FileTree& files) {
    return files.Read(path, impl_->max_output_bytes());
  });
}

Status LocalProvider::WriteFile(const std::string& sandbox_id, const std::string& path,
                                const std::string& content) {
  return impl_->OnFiles<void>(sandbox_id,
                              [&](const FileTree& files) { return files.Write(path, content); });
}

Status LocalProvider::Mkdir(const std::string& sandbox_id, const std::string& path) {
  return impl_->OnFiles<void>(sandbox_id,
                              [&](const FileTree& files) { return files.MakeDirectory(path); });
}

Result<std::vector<FileEntry>> LocalProvider::Readdir(const std::string& sandbox_id,
                                                      const std::string& path) {
  return impl_->OnFiles<std::vector<FileEntry>>(
      sandbox_id, [&](const FileTree& files) { return files.List(path); });
}

Result<bool> LocalProvider::Exists(const std::string& sandbox_id, const std::string& path) {
  return impl_->OnFiles<bool>(sandbox_id,
                              [&](const FileTree& files) { return files.Exists(path); });
}

Status LocalProvider::Remove(const std::string& sandbox_id, const std::string& path) {
  return impl_->OnFiles<void>(sandbox_id,
                              [&](const FileTree& files) { return files.Remove(path); });
}

}  // namespace computesdk
