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

// Gives the inode its bytes. False if the file is gone.
bool ReadHostFile(const FileSystemImage& image, Inode& inode, FileSystemUsage& usage) {
  std::ifstream file(image.host_file, std::ios::binary);
  std::ostringstream bytes;
  if (!file || (file.peek() != std::ifstream::traits_type::eof() && !(bytes << file.rdbuf()))) {
    return false;
  }
  inode.content = std::move(bytes).str();
  usage.bytes += inode.content.size() - image.bytes;
  return true;
}

}  // namespace

void FileSystemImage::Add(const std::string& name, FileSystemImagePtr child) {
  nodes += child->nodes;
  bytes += child->bytes;
  highest_number = std::max(highest_number, child->highest_number);
  children.emplace(name, std::move(child));
}

InodePtr Directory::Find(std::string_view name, Inode& self,
                         const std::shared_ptr<FileSystemUsage>& usage) {
  auto entry = entries_.find(name);
  if (entry != entries_.end()) return entry->second;
  if (image_ == nullptr) return nullptr;
  auto child = image_->children.find(name);
  if (child == image_->children.end()) return nullptr;
  auto inode = std::make_shared<Inode>(child->second, usage);
  if (!child->second->host_file.empty() && !ReadHostFile(*child->second, *inode, *usage)) {
    entries_.emplace(name, nullptr);
    return nullptr;
  }
  if (inode->directory) {
    inode->directory->parent = &self;
    inode->directory->name = name;
  }
  entries_.emplace(name, inode);
  return inode;
}

void Directory::Insert(std::string_view name, InodePtr inode) {
  auto entry = entries_.find(name);
  if (entry != entries_.end()) {
    entry->second = std::move(inode);
  } else {
    entries_.emplace(name, std::move(inode));
  }
}

void Directory::Erase(std::string_view name) {
  auto entry = entries_.find(name);
  const bool in_image = image_ != nullptr && image_->children.contains(name);
  if (in_image) {
    Insert(name, nullptr);
  } else if (entry != entries_.end()) {
    entries_.erase(entry);
  }
}

void Directory::ForEach(const std::function<void(const std::string&, const Inode*,
                                                 const FileSystemImagePtr&)>& body) const {
  auto entry = entries_.begin();
  auto take_entry = [&] {
    if (entry->second != nullptr) body(entry->first, entry->second.get(), nullptr);
    ++entry;
  };
  if (image_ != nullptr) {
    for (const auto& [name, child] : image_->children) {
      while (entry != entries_.end() && entry->first < name) take_entry();
      if (entry != entries_.end() && entry->first == name) {
        take_entry();
      } else {
        body(name, nullptr, child);
      }
    }
  }
  while (entry != entries_.end()) take_entry();
}

bool Directory::Empty() const {
  for (const auto& [name, inode] : entries_) {
    if (inode != nullptr) return false;
  }
  // What is left in entries_ hides names of the image, each a different one.
  return image_ == nullptr || image_->children.size() == entries_.size();
}

std::vector<DirectoryEntry> Directory::List() const {
  std::vector<DirectoryEntry> list;
  list.reserve(entries_.size());
  ForEach([&](const std::string& name, const Inode* inode, const FileSystemImagePtr& image) {
    if (inode != nullptr) {
      list.push_back({name, inode->type, inode->number});
    } else {
      list.push_back({name, image->status.type, image->status.inode});
    }
  });
  return list;
}

std::vector<InodePtr> Directory::TakeCopied() {
  std::vector<InodePtr> taken;
  for (auto& [name, inode] : entries_) {
    if (inode != nullptr) taken.push_back(std::move(inode));
  }
  entries_.clear();
  image_ = nullptr;
  return taken;
}

std::vector<InodePtr> Directory::TakeAll(Inode& self,
                                         const std::shared_ptr<FileSystemUsage>& usage) {
  if (image_ != nullptr) {
    for (const auto& [name, child] : image_->children) Find(name, self, usage);
  }
  return TakeCopied();
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
    directory = std::make_unique<Directory>(nullptr);
  }
}

// What is in the image was counted when the file system began.
Inode::Inode(const FileSystemImagePtr& image, std::shared_ptr<FileSystemUsage> usage)
    : number(image->status.inode),
      type(image->status.type),
      mode(image->status.mode),
      links(image->status.links),
      uid(image->status.uid),
      gid(image->status.gid),
      accessed(image->status.accessed),
      modified(image->status.modified),
      changed(image->status.changed),
      content(image->content),
      usage_(std::move(usage)) {
  if (type == FileType::kDirectory) directory = std::make_unique<Directory>(image);
}

Inode::~Inode() {
  --usage_->inodes;
  if (type == FileType::kRegular) usage_->bytes -= content.size();
  if (!directory) return;
  // A tree may be deeper than the stack.
  std::vector<InodePtr> pending = directory->TakeCopied();
  while (!pending.empty()) {
    InodePtr inode = std::move(pending.back());
    pending.pop_back();
    if (inode.use_count() != 1 || !inode->directory) continue;
    std::vector<InodePtr> below = inode->directory->TakeCopied();
    pending.insert(pending.end(), std::make_move_iterator(below.begin()),
                   std::make_move_iterator(below.end()));
  }
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
