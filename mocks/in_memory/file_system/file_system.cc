#include "mocks/in_memory/file_system/file_system.h"

#include <algorithm>
#include <atomic>
#include <utility>
#include <vector>

#include "mocks/in_memory/file_system/file_system_impl.h"

namespace computesdk::in_memory {
namespace {

bool IsInside(const Inode* directory, const Inode& ancestor, const Inode* root) {
  for (const Inode* at = directory;; at = at->directory->parent) {
    if (at == &ancestor) return true;
    if (at == root || at == nullptr) return false;
  }
}

std::uint64_t NextSystem() {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace

std::string ErrnoText(std::errc code) { return std::make_error_code(code).message(); }

FileSystem::Impl::Impl(std::function<FileTime()> clock, Limits bounds, const FileSystemImage* image)
    : now(std::move(clock)), limits(bounds) {
  usage->system = NextSystem();
  if (image != nullptr) {
    usage->inodes = image->nodes;
    usage->bytes = image->bytes;
    next_number = image->highest_number + 1;
    root = Inode::CopyOf(image->root, usage);
  } else {
    root = std::make_shared<Inode>(FileType::kDirectory, 0755, next_number++, now(), usage);
  }
  root->directory->parent = root.get();
}

FileSystem::Impl::~Impl() = default;

IoResult<LastPart> FileSystem::Impl::PlaceForNew(std::string_view path, FileType type) const {
  IoResult<LastPart> place = Walk(path);
  if (!place) return place;
  if (LookUp(*place) != nullptr) return IoError(std::errc::file_exists);
  if (place->trailing_slash && type != FileType::kDirectory) {
    return IoError(std::errc::no_such_file_or_directory);
  }
  return place;
}

void FileSystem::Impl::Touch(Inode& inode) { inode.modified = inode.changed = now(); }

// As a file system that is mounted with relatime.
void FileSystem::Impl::NoteRead(const Inode& inode) const {
  if (inode.accessed > inode.modified && inode.accessed > inode.changed) return;
  inode.accessed = now();
}

void FileSystem::Impl::Link(const LastPart& place, const InodePtr& inode) {
  Inode& parent = **place.directory;
  if (inode->directory) {
    inode->directory->parent = &parent;
    inode->directory->name = place.name;
    ++parent.links;
  }
  parent.directory->Insert(place.name, inode);
  Touch(parent);
}

// Removes the name; the inode's own count is the caller's.
void FileSystem::Impl::TakeName(const LastPart& place, const InodePtr& inode) {
  Inode& parent = **place.directory;
  if (inode->directory) --parent.links;
  parent.directory->Erase(place.name);
  Touch(parent);
}

IoResult<InodePtr> FileSystem::Impl::Make(const LastPart& place, FileType type, unsigned mode,
                                          std::string_view content) {
  if (usage->inodes >= limits.inodes) return IoError(std::errc::no_space_on_device);
  auto inode = std::make_shared<Inode>(type, mode, next_number++, now(), usage);
  inode->content = content;
  // A folder with the set-group-ID bit hands its group down, and to folders the bit as well.
  constexpr unsigned kSetGroupId = 02000;
  const Inode& parent = **place.directory;
  if ((parent.mode & kSetGroupId) != 0) {
    inode->gid = parent.gid;
    if (type == FileType::kDirectory) inode->mode |= kSetGroupId;
  }
  Link(place, inode);
  return inode;
}

FileSystem::FileSystem(std::function<FileTime()> now, Limits limits)
    : FileSystem(std::move(now), limits, nullptr) {}

FileSystem::FileSystem(std::function<FileTime()> now, Limits limits,
                       const std::shared_ptr<const FileSystemImage>& image)
    : impl_(std::make_unique<Impl>(std::move(now), limits, image.get())) {}

FileSystem::~FileSystem() = default;

void FileSystem::SetRefresh(std::string folder, std::function<void(std::string_view)> refresh) {
  // Who writes the files resolves paths below the folder, too.
  auto once = [refresh = std::move(refresh), busy = false](std::string_view path) mutable {
    if (std::exchange(busy, true)) return;
    refresh(path);
    busy = false;
  };
  impl_->refreshed = std::move(folder);
  impl_->refresh = std::move(once);
}

// The tree becomes the image, and this goes on with a copy of it, as everybody does who starts from
// the image.
std::shared_ptr<const FileSystemImage> FileSystem::Snapshot() {
  Impl& self = *impl_;
  auto image = std::make_shared<FileSystemImage>();
  image->root = self.root;
  image->nodes = self.usage->inodes;
  image->bytes = self.usage->bytes;
  image->highest_number = self.next_number - 1;
  auto usage = std::make_shared<FileSystemUsage>(*self.usage);
  usage->copies = std::move(self.usage->copies);
  usage->goes_on = true;
  self.usage->frozen = true;
  self.usage = std::move(usage);
  self.root = Inode::CopyOf(image->root, self.usage);
  self.root->directory->parent = self.root.get();
  return image;
}

InodePtr FileSystem::Live(InodePtr inode) const {
  if (!inode->IsFrozen() || inode->IsDirectory()) return inode;
  InodePtr copy = Inode::CopyOf(inode, impl_->usage);
  return copy != nullptr ? copy : inode;
}

IoResult<FileStatus> FileSystem::Stat(std::string_view path, Follow follow) const {
  IoResult<Place> place = impl_->ResolveExisting(path, follow);
  if (!place) return IoError(place.error());
  return (*place->inode)->Status();
}

FileStatus FileSystem::Stat(const Inode& inode) const { return inode.Status(); }

IoResult<InodePtr> FileSystem::Find(std::string_view path, Follow follow) const {
  IoResult<Place> place = impl_->ResolveExisting(path, follow);
  if (!place) return IoError(place.error());
  return *place->inode;
}

IoResult<InodePtr> FileSystem::Create(std::string_view path, unsigned mode, bool exclusive) {
  IoResult<Place> place = impl_->Resolve(path, exclusive ? Follow::kNo : Follow::kYes);
  if (!place) {
    // To create "file/" is refused as a directory before anybody looks what it is.
    IoResult<LastPart> last = impl_->Walk(path);
    if (last && last->trailing_slash) return IoError(std::errc::is_a_directory);
    return IoError(place.error());
  }
  if (place->last.trailing_slash) return IoError(std::errc::is_a_directory);
  if (place->inode == nullptr) return impl_->Make(place->last, FileType::kRegular, mode);
  if (exclusive) return IoError(std::errc::file_exists);
  if ((*place->inode)->IsDirectory()) return IoError(std::errc::is_a_directory);
  return *place->inode;
}

IoStatus FileSystem::MakeDirectory(std::string_view path, unsigned mode) {
  IoResult<LastPart> place = impl_->PlaceForNew(path, FileType::kDirectory);
  if (!place) return IoError(place.error());
  IoResult<InodePtr> made = impl_->Make(*place, FileType::kDirectory, mode);
  if (!made) return IoError(made.error());
  return {};
}

IoStatus FileSystem::MakeDirectories(std::string_view path, unsigned mode) {
  IoResult<FileStatus> there = Stat(path);
  if (there) {
    if (there->type == FileType::kDirectory) return {};
    return IoError(std::errc::file_exists);
  }
  if (there.error() != std::errc::no_such_file_or_directory) return IoError(there.error());
  for (std::size_t end = 0; end < path.size();) {
    end = std::min(path.find('/', end + 1), path.size());
    IoStatus made = MakeDirectory(path.substr(0, end), mode);
    if (made || made.error() == std::errc::file_exists) continue;
    return made;
  }
  there = Stat(path);
  // A link that leads nowhere is there, too.
  if (!there || there->type != FileType::kDirectory) return IoError(std::errc::file_exists);
  return {};
}

IoStatus FileSystem::MakeSymlink(std::string_view target, std::string_view path) {
  if (target.empty()) return IoError(std::errc::no_such_file_or_directory);
  IoResult<LastPart> place = impl_->PlaceForNew(path, FileType::kSymlink);
  if (!place) return IoError(place.error());
  IoResult<InodePtr> made = impl_->Make(*place, FileType::kSymlink, 0777, target);
  if (!made) return IoError(made.error());
  return {};
}

IoStatus FileSystem::MakeFifo(std::string_view path, unsigned mode) {
  IoResult<LastPart> place = impl_->PlaceForNew(path, FileType::kFifo);
  if (!place) return IoError(place.error());
  IoResult<InodePtr> made = impl_->Make(*place, FileType::kFifo, mode);
  if (!made) return IoError(made.error());
  return {};
}

IoStatus FileSystem::MakeDevice(std::string_view path, std::string_view driver, unsigned mode) {
  IoResult<LastPart> place = impl_->PlaceForNew(path, FileType::kCharacterDevice);
  if (!place) return IoError(place.error());
  IoResult<InodePtr> made = impl_->Make(*place, FileType::kCharacterDevice, mode, driver);
  if (!made) return IoError(made.error());
  return {};
}

IoStatus FileSystem::MakeHardLink(std::string_view existing, std::string_view path) {
  IoResult<Place> source = impl_->ResolveExisting(existing, Follow::kNo);
  if (!source) return IoError(source.error());
  const InodePtr inode = *source->inode;
  IoResult<LastPart> place = impl_->PlaceForNew(path, FileType::kRegular);
  if (!place) return IoError(place.error());
  if (inode->IsDirectory()) return IoError(std::errc::operation_not_permitted);
  ++inode->links;
  inode->changed = impl_->now();
  impl_->Link(*place, inode);
  return {};
}

IoStatus FileSystem::Unlink(std::string_view path) {
  IoResult<LastPart> last = impl_->Walk(path);
  if (!last) return IoError(last.error());
  if (last->kind != LastPart::kName) return IoError(std::errc::is_a_directory);
  const InodePtr* const found = impl_->LookUp(*last);
  if (found == nullptr) return IoError(std::errc::no_such_file_or_directory);
  const InodePtr inode = *found;
  if (inode->IsDirectory()) return IoError(std::errc::is_a_directory);
  if (last->trailing_slash) return IoError(std::errc::not_a_directory);
  impl_->TakeName(*last, inode);
  --inode->links;
  inode->changed = impl_->now();
  return {};
}

IoStatus FileSystem::RemoveDirectory(std::string_view path) {
  IoResult<LastPart> last = impl_->Walk(path);
  if (!last) return IoError(last.error());
  if (last->kind == LastPart::kRoot) return IoError(std::errc::device_or_resource_busy);
  if (last->kind == LastPart::kDot) return IoError(std::errc::invalid_argument);
  if (last->kind == LastPart::kDotDot) return IoError(std::errc::directory_not_empty);
  const InodePtr* const found = impl_->LookUp(*last);
  if (found == nullptr) return IoError(std::errc::no_such_file_or_directory);
  const InodePtr inode = *found;
  if (!inode->IsDirectory()) return IoError(std::errc::not_a_directory);
  if (!inode->directory->Empty()) return IoError(std::errc::directory_not_empty);
  impl_->TakeName(*last, inode);
  inode->links = 0;
  inode->directory->parent = nullptr;
  return {};
}

IoStatus FileSystem::RemoveTree(std::string_view path) {
  IoResult<LastPart> last = impl_->Walk(path);
  if (!last) return IoError(last.error());
  if (last->kind == LastPart::kRoot) return IoError(std::errc::device_or_resource_busy);
  if (last->kind != LastPart::kName) return IoError(std::errc::invalid_argument);
  const InodePtr* const found = impl_->LookUp(*last);
  if (found == nullptr) return IoError(std::errc::no_such_file_or_directory);
  InodePtr top = *found;
  if (last->trailing_slash && !top->IsDirectory()) return IoError(std::errc::not_a_directory);
  impl_->TakeName(*last, top);
  const FileTime now = impl_->now();
  std::vector<InodePtr> pending = {std::move(top)};
  while (!pending.empty()) {
    InodePtr inode = std::move(pending.back());
    pending.pop_back();
    inode->changed = now;
    if (!inode->directory) {
      --inode->links;
      continue;
    }
    inode->links = 0;
    inode->directory->parent = nullptr;
    for (InodePtr& child : inode->directory->TakeAll(*inode, impl_->usage)) {
      pending.push_back(std::move(child));
    }
  }
  return {};
}

// Makes room for `moved` where `target` is, as rename(2) does.
IoStatus FileSystem::Impl::Replace(const LastPart& place, const Inode& moved,
                                   const InodePtr& target) {
  if (target->IsDirectory()) {
    if (!moved.IsDirectory()) return IoError(std::errc::is_a_directory);
    if (!target->directory->Empty()) return IoError(std::errc::directory_not_empty);
  } else if (moved.IsDirectory()) {
    return IoError(std::errc::not_a_directory);
  }
  TakeName(place, target);
  target->changed = now();
  if (target->IsDirectory()) {
    target->links = 0;
    target->directory->parent = nullptr;
  } else {
    --target->links;
  }
  return {};
}

IoStatus FileSystem::Rename(std::string_view from, std::string_view to) {
  IoResult<LastPart> source = impl_->Walk(from);
  if (!source) return IoError(source.error());
  const InodePtr source_directory = *source->directory;
  source->directory = &source_directory;
  IoResult<LastPart> target = impl_->Walk(to);
  if (!target) return IoError(target.error());
  if (source->kind != LastPart::kName || target->kind != LastPart::kName) {
    return IoError(std::errc::device_or_resource_busy);
  }
  const InodePtr* const found = impl_->LookUp(*source);
  if (found == nullptr) return IoError(std::errc::no_such_file_or_directory);
  const InodePtr moved = *found;
  const InodePtr* const there = impl_->LookUp(*target);
  const InodePtr replaced = there != nullptr ? *there : nullptr;
  if (!moved->IsDirectory() && (source->trailing_slash || target->trailing_slash)) {
    return IoError(std::errc::not_a_directory);
  }
  const Inode* root = impl_->root.get();
  if (moved->IsDirectory() && IsInside(target->directory->get(), *moved, root)) {
    return IoError(std::errc::invalid_argument);
  }
  if (replaced != nullptr) {
    if (replaced == moved) return {};
    if (replaced->IsDirectory() && IsInside(source->directory->get(), *replaced, root)) {
      return IoError(std::errc::directory_not_empty);
    }
    IoStatus made_room = impl_->Replace(*target, *moved, replaced);
    if (!made_room) return made_room;
  }
  impl_->TakeName(*source, moved);
  impl_->Link(*target, moved);
  moved->changed = impl_->now();
  return {};
}

IoResult<std::string> FileSystem::ReadLink(std::string_view path) const {
  IoResult<Place> place = impl_->ResolveExisting(path, Follow::kNo);
  if (!place) return IoError(place.error());
  if ((*place->inode)->type != FileType::kSymlink) return IoError(std::errc::invalid_argument);
  impl_->NoteRead(**place->inode);
  return (*place->inode)->content;
}

IoResult<std::string> FileSystem::RealPath(std::string_view path) const {
  IoResult<Place> place = impl_->ResolveExisting(path, Follow::kYes);
  if (!place) return IoError(place.error());
  if ((*place->inode)->IsDirectory()) return impl_->PathOf(**place->inode);
  return JoinPath(impl_->PathOf(**place->last.directory), place->last.name);
}

IoResult<std::vector<DirectoryEntry>> FileSystem::List(std::string_view path) const {
  IoResult<Place> place = impl_->ResolveExisting(path, Follow::kYes);
  if (!place) return IoError(place.error());
  if (!(*place->inode)->IsDirectory()) return IoError(std::errc::not_a_directory);
  impl_->NoteRead(**place->inode);
  return (*place->inode)->directory->List();
}

IoStatus FileSystem::SetMode(std::string_view path, unsigned mode, Follow follow) {
  IoResult<Place> place = impl_->ResolveExisting(path, follow);
  if (!place) return IoError(place.error());
  if ((*place->inode)->type == FileType::kSymlink)
    return IoError(std::errc::operation_not_supported);
  (*place->inode)->mode = mode & 07777;
  (*place->inode)->changed = impl_->now();
  return {};
}

IoStatus FileSystem::SetTimes(std::string_view path, FileTime accessed, FileTime modified,
                              Follow follow) {
  IoResult<Place> place = impl_->ResolveExisting(path, follow);
  if (!place) return IoError(place.error());
  (*place->inode)->accessed = accessed;
  (*place->inode)->modified = modified;
  (*place->inode)->changed = impl_->now();
  return {};
}

IoStatus FileSystem::SetOwner(std::string_view path, unsigned uid, unsigned gid, Follow follow) {
  IoResult<Place> place = impl_->ResolveExisting(path, follow);
  if (!place) return IoError(place.error());
  (*place->inode)->uid = uid;
  (*place->inode)->gid = gid;
  (*place->inode)->changed = impl_->now();
  return {};
}

std::uint64_t FileSystem::bytes_used() const { return impl_->usage->bytes; }

std::uint64_t FileSystem::inodes_used() const { return impl_->usage->inodes; }

}  // namespace computesdk::in_memory
