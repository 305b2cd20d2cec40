// What rewrites an archive, or holds it against the files: --delete, -A and -d.

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/archive/tar.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::tar {
namespace {

// The bytes of an archive that is a file, decompressed where that is allowed.
std::string ReadArchive(Process& process, const std::string& path, bool may_be_compressed) {
  const auto fd = path == "-" ? IoResult<int>(0) : process.Open(path, O_RDONLY);
  if (!fd) Die(process, path + ": Cannot open: " + ErrnoText(fd.error()));
  const ScopedDescriptor file(process, path == "-" ? -1 : *fd);
  auto bytes = process.ReadAll(*fd);
  if (!bytes) Die(process, path + ": Cannot read: " + ErrnoText(bytes.error()));
  if (!LooksGzipped(*bytes)) return std::move(*bytes);
  if (!may_be_compressed) Die(process, "Cannot update compressed archives");
  bool given = false;
  GzipReader gzip([&]() -> std::string_view {
    if (given) return {};
    given = true;
    return *bytes;
  });
  std::string plain;
  for (auto block = gzip.Next(); !block.empty(); block = gzip.Next()) {
    RequireMemory(process, plain.size() + block.size());
    plain += block;
  }
  if (gzip.error() != GzipError::kNone) Die(process, "Child returned status 1");
  return plain;
}

// Where each member of an archive stands, its headers included.
struct Part {
  TarMember member;
  std::string_view bytes;
};

std::vector<Part> PartsOf(Process& process, const std::string& archive) {
  bool given = false;
  TarReader reader([&]() -> std::string_view {
    if (given) return {};
    given = true;
    return archive;
  });
  std::vector<Part> parts;
  std::vector<std::uint64_t> begins;
  while (auto member = reader.Next()) {
    process.Checkpoint();
    parts.push_back({std::move(*member), {}});
    begins.push_back(reader.position());
  }
  if (reader.error() != TarReader::Error::kNone) {
    Die(process, "This does not look like a tar archive");
  }
  begins.push_back(reader.position());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    parts[i].bytes = std::string_view(archive).substr(begins[i], begins[i + 1] - begins[i]);
  }
  return parts;
}

// Writes the archive anew; its exit code.
int Rewrite(Process& process, const Style& style, std::string archive, int status) {
  archive.append(2 * kTarBlock, '\0');
  archive.resize((archive.size() + style.record - 1) / style.record * style.record, '\0');
  if (style.archive == "-") {
    Output out(process);
    out << archive;
    return out.Finish(status);
  }
  const IoStatus written = process.files().WriteFile(process.AbsolutePath(style.archive), archive);
  if (!written) Die(process, style.archive + ": Cannot write: " + ErrnoText(written.error()));
  return status;
}

class Comparer {
 public:
  Comparer(Process& process, const Style& style)
      : process_(process), style_(style), out_(process), found_(style.operands.size(), false) {}

  int Run() {
    const std::string archive = ReadArchive(process_, style_.archive, true);
    for (const Part& part : PartsOf(process_, archive)) {
      const TarMember& member = part.member;
      if (!Wanted(style_, member.name, found_) || IsExcluded(style_, member.name)) continue;
      if (style_.verbose > 0) out_ << Line(style_, member, style_.verbose > 1) << "\n";
      CompareMember(part);
    }
    out_.Flush();
    int status = differs_ ? 1 : 0;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (!found_[i]) Fail(process_, status, style_.operands[i].name + ": Not found in archive");
    }
    return status;
  }

 private:
  void Tell(const TarMember& member, std::string_view what) {
    out_ << Shown(member.name) << ": " << what << "\n";
    differs_ = true;
  }

  static FileType TypeOf(const TarMember& member) {
    switch (member.type) {
      case '2':
        return FileType::kSymlink;
      case '3':
        return FileType::kCharacterDevice;
      case '5':
        return FileType::kDirectory;
      case '6':
        return FileType::kFifo;
      default:
        return FileType::kRegular;
    }
  }

  void CompareMember(const Part& part) {
    const TarMember& member = part.member;
    const std::string path = process_.AbsolutePath(
        style_.folder.empty() ? member.name : JoinPath(style_.folder, member.name));
    const auto status = process_.files().Stat(path, Follow::kNo);
    if (!status) {
      out_.Flush();
      Complain(process_, member.name + ": Warning: Cannot stat: " + ErrnoText(status.error()));
      differs_ = true;
      return;
    }
    if (member.type == '1') {
      const auto other = process_.files().Stat(process_.AbsolutePath(
          style_.folder.empty() ? member.link : JoinPath(style_.folder, member.link)));
      if (!other || other->inode != status->inode) Tell(member, "Not linked to " + member.link);
      return;
    }
    if (status->type != TypeOf(member)) return Tell(member, "File type differs");
    if (member.type == '2') {
      if (process_.files().ReadLink(path).value_or("") != member.link) {
        Tell(member, "Symlink differs");
      }
      return;
    }
    if (status->mode != member.mode) Tell(member, "Mode differs");
    if (status->type != FileType::kRegular) return;
    if (status->uid != member.uid) Tell(member, "Uid differs");
    if (status->gid != member.gid) Tell(member, "Gid differs");
    using std::chrono::seconds;
    if (std::chrono::floor<seconds>(status->modified) !=
        std::chrono::floor<seconds>(member.modified)) {
      Tell(member, "Mod time differs");
    }
    if (status->size != member.size) return Tell(member, "Size differs");
    const auto content = process_.files().ReadFile(path);
    const std::size_t padded = (member.size + kTarBlock - 1) / kTarBlock * kTarBlock;
    if (!content || *content != part.bytes.substr(part.bytes.size() - padded, member.size)) {
      Tell(member, "Contents differ");
    }
  }

  Process& process_;
  const Style& style_;
  Output out_;
  std::vector<bool> found_;
  bool differs_ = false;
};

}  // namespace

int Compare(Process& process, const Style& style) { return Comparer(process, style).Run(); }

int Delete(Process& process, const Style& style) {
  const std::string archive = ReadArchive(process, style.archive, false);
  std::vector<bool> found(style.operands.size(), false);
  std::string kept;
  for (const Part& part : PartsOf(process, archive)) {
    const bool named = !style.operands.empty() && Wanted(style, part.member.name, found);
    if (!named) kept += part.bytes;
  }
  int status = 0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!found[i]) Fail(process, status, style.operands[i].name + ": Not found in archive");
  }
  return Rewrite(process, style, std::move(kept), status);
}

int Concatenate(Process& process, const Style& style) {
  std::string all;
  std::vector<std::string> names = {style.archive};
  for (const Operand& operand : style.operands) names.push_back(operand.name);
  for (const std::string& name : names) {
    const std::string archive = ReadArchive(process, name, false);
    for (const Part& part : PartsOf(process, archive)) all += part.bytes;
    RequireMemory(process, all.size());
  }
  return Rewrite(process, style, std::move(all), 0);
}

}  // namespace computesdk::in_memory::tar
