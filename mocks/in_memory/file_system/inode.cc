#include "mocks/in_memory/file_system/inode.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>
#include <vector>

namespace computesdk::in_memory {
namespace {

// What stat(2) shows for a directory on most disks, however many names it has.
constexpr std::uint64_t kDirectorySize = 4096;
constexpr std::uint64_t kDevice = 42;

// What a frozen directory has of its own is taken over while it is little; otherwise one more layer
// lies below. So a look-up never has to go through many.
constexpr std::size_t kFewEntries = 8;
constexpr int kMostLayers = 8;

// Gives the inode its bytes. False if the file is gone.
bool ReadHostFile(const Inode::HostFile& source, Inode& inode, FileSystemUsage& usage) {
  std::ifstream file(source.path, std::ios::binary);
  std::ostringstream bytes;
  if (!file || (file.peek() != std::ifstream::traits_type::eof() && !(bytes << file.rdbuf()))) {
    return false;
  }
  inode.content = std::move(bytes).str();
  usage.bytes += inode.content.size() - source.size;
  return true;
}

}  // namespace

Directory::Directory(const FrozenInode& frozen) { Show(frozen); }

void Directory::Show(const FrozenInode& frozen) {
  const Directory& shown = *frozen->directory;
  count_ = shown.count_;
  if (shown.below_ != nullptr && shown.entries_.size() <= kFewEntries) {
    entries_ = shown.entries_;
    below_ = shown.below_;
    layers_ = shown.layers_;
  } else if (shown.layers_ == kMostLayers) {
    shown.ForEach([this](const std::string& name, const InodePtr& inode) {
      entries_.emplace_hint(entries_.end(), name, inode);
    });
  } else {
    below_ = frozen;
    layers_ = shown.layers_ + 1;
  }
}

const InodePtr* Directory::Look(std::string_view name) const {
  for (const Directory* layer = this;; layer = layer->below_->directory.get()) {
    const auto entry = layer->entries_.find(name);
    if (entry != layer->entries_.end()) return &entry->second;
    if (layer->below_ == nullptr) return nullptr;
  }
}

const InodePtr* Directory::Find(std::string_view name, Inode& self,
                                const std::shared_ptr<FileSystemUsage>& usage) {
  const InodePtr* const found = Look(name);
  if (found == nullptr || *found == nullptr) return nullptr;
  if (!(*found)->IsFrozen()) return found;
  InodePtr inode = Inode::CopyOf(*found, usage);
  if (inode == nullptr) {
    Erase(name);
    return nullptr;
  }
  if (inode->directory) {
    inode->directory->parent = &self;
    inode->directory->name = name;
  }
  return &entries_.insert_or_assign(std::string(name), std::move(inode)).first->second;
}

void Directory::Insert(std::string_view name, InodePtr inode) {
  const InodePtr* const before = Look(name);
  if (before == nullptr || *before == nullptr) ++count_;
  entries_.insert_or_assign(std::string(name), std::move(inode));
}

void Directory::Erase(std::string_view name) {
  const InodePtr* const before = Look(name);
  if (before == nullptr || *before == nullptr) return;
  --count_;
  if (below_ != nullptr && below_->directory->Look(name) != nullptr) {
    entries_.insert_or_assign(std::string(name), nullptr);
  } else {
    entries_.erase(entries_.find(name));
  }
}

void Directory::ForEach(
    const std::function<void(const std::string&, const InodePtr&)>& body) const {
  using Range = std::pair<Entries::const_iterator, Entries::const_iterator>;
  std::vector<Range> layers;
  for (const Directory* layer = this; layer != nullptr;
       layer = layer->below_ == nullptr ? nullptr : layer->below_->directory.get()) {
    layers.emplace_back(layer->entries_.begin(), layer->entries_.end());
  }
  while (true) {
    // The first of the least names: an upper layer hides those below.
    const Range* next = nullptr;
    for (const Range& layer : layers) {
      if (layer.first == layer.second) continue;
      if (next == nullptr || layer.first->first < next->first->first) next = &layer;
    }
    if (next == nullptr) return;
    const auto& [name, inode] = *next->first;
    if (inode != nullptr) body(name, inode);
    for (Range& layer : layers) {
      if (layer.first != layer.second && layer.first->first == name) ++layer.first;
    }
  }
}

std::vector<DirectoryEntry> Directory::List() const {
  std::vector<DirectoryEntry> list;
  list.reserve(count_);
  ForEach([&](const std::string& name, const InodePtr& inode) {
    list.push_back({name, inode->type, inode->number});
  });
  return list;
}

std::vector<InodePtr> Directory::TakeOwn() {
  std::vector<InodePtr> taken;
  for (auto& [name, inode] : entries_) {
    if (inode != nullptr) taken.push_back(std::move(inode));
  }
  entries_.clear();
  below_ = nullptr;
  count_ = 0;
  return taken;
}

std::vector<InodePtr> Directory::TakeAll(Inode& self,
                                         const std::shared_ptr<FileSystemUsage>& usage) {
  std::vector<std::string> frozen;
  ForEach([&](const std::string& name, const InodePtr& inode) {
    if (inode->IsFrozen()) frozen.push_back(name);
  });
  for (const std::string& name : frozen) Find(name, self, usage);
  return TakeOwn();
}

Inode::Inode(FileType type, unsigned mode, std::uint64_t number, FileTime now,
             std::shared_ptr<FileSystemUsage> usage)
    : number(number),
      type(type),
      mode(mode & 07777),
      accessed(now),
      modified(now),
      changed(now),
      usage_(std::move(usage)) {
  ++usage_->inodes;
  if (type == FileType::kDirectory) {
    links = 2;
    directory = std::make_unique<Directory>();
  }
}

// What is in an image was counted when the file system began.
Inode::Inode(const FrozenInode& frozen, std::shared_ptr<FileSystemUsage> usage)
    : number(frozen->number),
      type(frozen->type),
      mode(frozen->mode),
      links(frozen->links),
      uid(frozen->uid),
      gid(frozen->gid),
      accessed(frozen->accessed),
      modified(frozen->modified),
      changed(frozen->changed),
      content(frozen->content),
      usage_(std::move(usage)) {
  if (type == FileType::kDirectory) directory = std::make_unique<Directory>(frozen);
  // Processes do not go with an image; those of the same file system are still there.
  if (usage_->system == frozen->usage_->system) in_use = frozen->in_use;
}

Inode::~Inode() {
  if (!usage_->frozen) {
    --usage_->inodes;
    if (type == FileType::kRegular) usage_->bytes -= content.size();
  }
  if (!directory) return;
  // A tree may be deeper than the stack.
  std::vector<InodePtr> pending = directory->TakeOwn();
  while (!pending.empty()) {
    InodePtr inode = std::move(pending.back());
    pending.pop_back();
    if (inode.use_count() != 1 || !inode->directory) continue;
    std::vector<InodePtr> below = inode->directory->TakeOwn();
    pending.insert(pending.end(), std::make_move_iterator(below.begin()),
                   std::make_move_iterator(below.end()));
  }
}

InodePtr Inode::CopyOf(const FrozenInode& frozen, const std::shared_ptr<FileSystemUsage>& usage) {
  const auto copy_of = [&](const FrozenInode& source) -> InodePtr {
    auto copy = std::make_shared<Inode>(source, usage);
    const HostFile* const file = source->host_file.get();
    return file == nullptr || ReadHostFile(*file, *copy, *usage) ? copy : nullptr;
  };
  if (frozen->IsDirectory() || (frozen->links <= 1 && !usage->goes_on)) return copy_of(frozen);
  std::weak_ptr<Inode>& known = usage->copies[frozen->number];
  InodePtr copy = known.lock();
  if (copy != nullptr && !copy->IsFrozen()) return copy;
  // One that was copied, and then frozen in its turn, is newer.
  copy = copy_of(copy != nullptr ? copy : frozen);
  known = copy;
  return copy;
}

FileStatus Inode::Status() const {
  FileStatus status;
  status.inode = number;
  status.type = type;
  status.mode = mode;
  status.links = links;
  status.uid = uid;
  status.gid = gid;
  status.device = kDevice;
  if (type == FileType::kDirectory) status.size = kDirectorySize;
  if (type == FileType::kRegular || type == FileType::kSymlink) status.size = content.size();
  status.accessed = accessed;
  status.modified = modified;
  status.changed = changed;
  return status;
}

}  // namespace computesdk::in_memory
