#include "mocks/in_memory/utilities/file_support.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Fields of the lines "name:x:id:…".
void ForEachAccount(Process& process, std::string_view file,
                    const std::function<bool(std::string_view name, std::string_view id)>& body) {
  const IoResult<std::string> content = process.files().ReadFile(file);
  std::string_view rest = content ? std::string_view(*content) : std::string_view("root:x:0:\n");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t name = line.find(':');
    if (name == std::string_view::npos) continue;
    const std::size_t password = line.find(':', name + 1);
    if (password == std::string_view::npos) continue;
    const std::size_t id = std::min(line.find(':', password + 1), line.size());
    if (body(line.substr(0, name), line.substr(password + 1, id - password - 1))) return;
  }
}

std::string AccountName(Process& process, std::string_view file, unsigned id) {
  std::string found = std::to_string(id);
  ForEachAccount(process, file,
                 [&, digits = found](std::string_view name, std::string_view number) {
                   if (number != digits) return false;
                   found = name;
                   return true;
                 });
  return found;
}

std::optional<unsigned> FindAccount(Process& process, std::string_view file,
                                    std::string_view wanted) {
  std::optional<unsigned> found;
  ForEachAccount(process, file, [&](std::string_view name, std::string_view number) {
    if (name != wanted) return false;
    found = static_cast<unsigned>(ParseInteger(number).value_or(0));
    return true;
  });
  if (found || wanted.empty() || std::string_view("+0123456789").find(wanted[0]) == wanted.npos) {
    return found;
  }
  const auto number = ParseInteger(wanted);
  if (number && *number <= std::numeric_limits<unsigned>::max()) {
    found = static_cast<unsigned>(*number);
  }
  return found;
}

}  // namespace

IoResult<FileStatus> StatPath(Process& process, std::string_view path, Follow follow) {
  return process.Stat(path, follow);
}

IoResult<FileStatus> StatLink(Process& process, std::string_view path) {
  return StatPath(process, path, Follow::kNo);
}

bool IsDirectory(Process& process, std::string_view path) {
  const IoResult<FileStatus> status = StatPath(process, path);
  return status && status->type == FileType::kDirectory;
}

bool SameFile(const FileStatus& a, const FileStatus& b) {
  return a.inode == b.inode && a.device == b.device;
}

std::string ChildPath(std::string_view directory, std::string_view name) {
  std::string path(directory);
  if (!path.empty() && path.back() != '/') path += '/';
  return path.append(name);
}

std::string WithoutTrailingSlashes(std::string_view path) {
  const auto last = path.find_last_not_of('/');
  if (last == std::string_view::npos) return path.empty() ? "" : "/";
  return std::string(path.substr(0, last + 1));
}

std::string LastComponent(std::string_view path) {
  std::string trimmed = WithoutTrailingSlashes(path);
  if (trimmed == "/") return trimmed;
  return trimmed.substr(trimmed.find_last_of('/') + 1);
}

std::string ParentPath(std::string_view path) {
  const std::string trimmed = WithoutTrailingSlashes(path);
  const auto slash = trimmed.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return WithoutTrailingSlashes(std::string_view(trimmed).substr(0, slash + 1));
}

void CannotDo(Process& process, std::string_view verb, std::string_view path, std::errc error) {
  Complain(process,
           "cannot " + std::string(verb) + " " + QuotedName(path) + ": " + ErrnoText(error));
}

bool Confirm(Process& process, const std::string& question) {
  (void)process.Write(2, question);
  std::string answer;
  char c = 0;
  while (true) {
    const auto count = process.Read(0, &c, 1);
    if (!count || *count == 0 || c == '\n') break;
    answer += c;
  }
  return answer.starts_with('y') || answer.starts_with('Y');
}

void ForEachInTree(Process& process, const std::string& path,
                   const std::function<bool(const std::string&, const FileStatus&)>& visit) {
  process.Checkpoint();
  const IoResult<FileStatus> status = StatLink(process, path);
  if (!status || !visit(path, *status) || status->type != FileType::kDirectory) return;
  const auto entries = process.files().List(process.AbsolutePath(path));
  if (!entries) return;
  for (const DirectoryEntry& entry : *entries) {
    ForEachInTree(process, ChildPath(path, entry.name), visit);
  }
}

std::string UserName(Process& process, unsigned uid) {
  return AccountName(process, "/etc/passwd", uid);
}

std::string GroupName(Process& process, unsigned gid) {
  return AccountName(process, "/etc/group", gid);
}

std::optional<unsigned> FindUser(Process& process, std::string_view name) {
  return FindAccount(process, "/etc/passwd", name);
}

std::optional<unsigned> FindGroup(Process& process, std::string_view name) {
  return FindAccount(process, "/etc/group", name);
}

std::string_view FileTypeName(const FileStatus& status) {
  switch (status.type) {
    case FileType::kDirectory:
      return "directory";
    case FileType::kSymlink:
      return "symbolic link";
    case FileType::kCharacterDevice:
      return "character special file";
    case FileType::kFifo:
      return "fifo";
    case FileType::kRegular:
      break;
  }
  return status.size == 0 ? "regular empty file" : "regular file";
}

std::uint64_t BlocksOf(const FileStatus& status) {
  if (status.type == FileType::kDirectory) return 8;
  if (status.type != FileType::kRegular) return 0;
  return (status.size + 4095) / 4096 * 8;
}

std::string HumanSize(std::uint64_t bytes, unsigned base) {
  if (bytes < base) return std::to_string(bytes);
  static constexpr std::string_view kUnits = "KMGTPE";
  auto value = static_cast<double>(bytes) / base;
  std::size_t unit = 0;
  while (unit + 1 < kUnits.size() && std::ceil(value) >= base) {
    value /= base;
    ++unit;
  }
  const double tenths = std::ceil(value * 10);
  std::string text;
  if (tenths < 100) {
    text = std::to_string(static_cast<int>(tenths) / 10) + "." +
           std::to_string(static_cast<int>(tenths) % 10);
  } else {
    text = std::to_string(static_cast<std::uint64_t>(std::ceil(value)));
  }
  const char letter = base == 1000 && unit == 0 ? 'k' : kUnits[unit];
  return text + letter;
}

}  // namespace computesdk::in_memory
