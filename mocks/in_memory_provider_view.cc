// What a test adds, sees and keeps.

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory_provider_impl.h"

namespace computesdk {
namespace {

using in_memory::DirectoryEntry;
using in_memory::FileStatus;
using in_memory::FileSystem;
using in_memory::FileType;
using in_memory::Follow;
using in_memory::IoError;
using in_memory::IoResult;
using in_memory::IoStatus;
using in_memory::Kernel;
using in_memory::Main;
using in_memory::ProgramTable;

constexpr std::size_t kRecordedCommands = 1000;

IoResult<FileNode> NodeAt(const FileSystem& files, const std::string& path, FileType type) {
  const IoResult<FileStatus> status = files.Stat(path, Follow::kNo);
  if (!status) return IoError(status.error());
  FileNode node{.type = type,
                .mode = status->mode,
                .modified = std::chrono::floor<Milliseconds>(status->modified)};
  IoResult<std::string> content;
  if (type == FileType::kRegular) content = files.ReadFile(path);
  if (type == FileType::kSymlink) content = files.ReadLink(path);
  if (!content) return IoError(content.error());
  node.content = std::move(*content);
  return node;
}

IoStatus AddTree(const FileSystem& files, const std::string& folder, FileTree& tree) {
  IoResult<std::vector<DirectoryEntry>> entries = files.List(folder);
  if (!entries) return IoError(entries.error());
  for (const DirectoryEntry& entry : *entries) {
    const std::string path = in_memory::JoinPath(folder, entry.name);
    IoResult<FileNode> node = NodeAt(files, path, entry.type);
    if (!node) return IoError(node.error());
    tree.emplace(path, std::move(*node));
    if (entry.type != FileType::kDirectory) continue;
    IoStatus added = AddTree(files, path, tree);
    if (!added) return added;
  }
  return {};
}

Status CheckProgramName(const std::string& name) {
  const std::string_view bad("/ \t\n\0", 5);
  if (!name.empty() && name.find_first_of(bad) == std::string::npos) return {};
  return MakeError(ErrorCode::kInvalidArgument, "'" + name + "' is not the name of a program");
}

}  // namespace

void CommandLog::Add(CommandRecord record) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (records_.size() == kRecordedCommands) records_.pop_front();
  records_.push_back(std::move(record));
}

std::vector<CommandRecord> CommandLog::Records() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return {records_.begin(), records_.end()};
}

Status InMemoryProvider::RegisterCommand(const std::string& name, Main program) {
  Status valid = CheckProgramName(name);
  if (!valid) return valid;
  std::unique_lock<std::shared_mutex> lock(impl_->mutex);
  auto programs = std::make_shared<ProgramTable>(*impl_->base.programs);
  FileSystem files([this] { return impl_->clock.Now(); }, FileSystem::Limits{}, impl_->base.files);
  in_memory::AddProgramFile(files, name);
  (*programs)[name] = std::move(program);
  impl_->base.programs = std::move(programs);
  impl_->base.files = files.Snapshot();
  return {};
}

Status InMemoryProvider::RegisterRuntime(const std::string& name, Main program) {
  Status valid = CheckProgramName(name);
  if (!valid) return valid;
  std::unique_lock<std::shared_mutex> lock(impl_->mutex);
  auto runtimes = std::make_shared<ProgramTable>(*impl_->base.runtimes);
  (*runtimes)[name] = std::move(program);
  impl_->base.runtimes = std::move(runtimes);
  return {};
}

Result<FileTree> InMemoryProvider::Files(const std::string& sandbox_id, const std::string& folder) {
  return impl_->WithFiles<FileTree>(
      sandbox_id, folder, [](FileSystem& files, const std::string& absolute) -> IoResult<FileTree> {
        IoResult<std::string> real = files.RealPath(absolute);
        if (!real) return IoError(real.error());
        FileTree tree;
        IoStatus added = AddTree(files, *real, tree);
        if (!added) return IoError(added.error());
        return tree;
      });
}

Result<std::vector<CommandRecord>> InMemoryProvider::Commands(const std::string& sandbox_id) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  return (*sandbox)->commands.Records();
}

Result<std::vector<Kernel::ProcessInfo>> InMemoryProvider::Processes(
    const std::string& sandbox_id) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  return (*sandbox)->kernel.Processes();
}

Result<SandboxSnapshot> InMemoryProvider::Snapshot(const std::string& sandbox_id) {
  Result<InMemorySandboxPtr> sandbox = impl_->Find(sandbox_id);
  if (!sandbox) return tl::unexpected(sandbox.error());
  SandboxSnapshot snapshot;
  snapshot.envs_ = (*sandbox)->envs;
  (*sandbox)->kernel.WithTurn([&](FileSystem& files) { snapshot.files_ = files.Snapshot(); });
  return snapshot;
}

Result<SandboxRef> InMemoryProvider::Restore(const SandboxSnapshot& snapshot,
                                             const CreateSandboxOptions& options) {
  SandboxBase base = impl_->Base();
  base.files = snapshot.files_;
  base.envs = snapshot.envs_;
  return impl_->Create(options, std::move(base));
}

}  // namespace computesdk
