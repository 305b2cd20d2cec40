#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <optional>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/inspect/inspect_programs.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Bytes that are looked at, as with file's own limit.
constexpr std::size_t kLookedAt = std::size_t{1} << 20;

enum class FileAnswer { kWords, kMime, kMimeType, kMimeEncoding };

struct FileStyle {
  FileAnswer answer = FileAnswer::kWords;
  bool brief = false;
  bool follow = false;
  bool fail_on_error = false;
  bool no_padding = false;
  bool nul = false;
  std::string separator = ":";
};

std::string WithoutControls(const std::string& name) {
  std::string text;
  for (const char c : name) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) {
      text += c;
      continue;
    }
    char code[8];
    (void)std::snprintf(code, sizeof code, "\\%03o", static_cast<unsigned char>(c));
    text += code;
  }
  return text;
}

class FileTeller {
 public:
  FileTeller(Process& process, const FileStyle& style)
      : process_(process), style_(style), out_(process) {}

  int Run(const std::vector<std::string>& names) {
    std::size_t widest = 0;
    for (const std::string& name : names) {
      if (name != "-") widest = std::max(widest, Utf8Length(name));
    }
    for (const std::string& name : names) {
      process_.Checkpoint();
      Tell(name, widest);
    }
    return out_.Finish(failed_ ? 1 : 0);
  }

 private:
  void Tell(const std::string& name, std::size_t widest) {
    const std::string shown = name == "-" ? "/dev/stdin" : name;
    const auto answer = Answer(name);
    if (!answer) return;
    if (!style_.brief) {
      out_ << WithoutControls(shown);
      if (style_.nul) out_.Put('\0');
      out_ << style_.separator;
      const std::size_t length = Utf8Length(shown);
      const std::size_t blanks = style_.no_padding || length >= widest ? 0 : widest - length;
      out_ << std::string(blanks + 1, ' ');
    }
    out_ << *answer << "\n";
  }

  std::string Words(const ContentKind& kind) const {
    switch (style_.answer) {
      case FileAnswer::kMime:
        return kind.mime_type + "; charset=" + kind.encoding;
      case FileAnswer::kMimeType:
        return kind.mime_type;
      case FileAnswer::kMimeEncoding:
        return kind.encoding;
      case FileAnswer::kWords:
        break;
    }
    return kind.description;
  }

  // Nothing where an error was said instead.
  std::optional<std::string> Answer(const std::string& name) {
    if (name == "-") return OfDescriptor(0);
    const auto link = StatLink(process_, name);
    const auto status = style_.follow ? StatPath(process_, name) : link;
    if (!status) return Missing(name, status.error());
    switch (status->type) {
      case FileType::kDirectory:
        return Words({"directory", "inode/directory", "binary"});
      case FileType::kFifo:
        return Words({"fifo (named pipe)", "inode/fifo", "binary"});
      case FileType::kCharacterDevice:
        return Words({"character special (1/3)", "inode/chardevice", "binary"});
      case FileType::kSymlink:
        return OfLink(name);
      case FileType::kRegular:
        break;
    }
    const auto fd = process_.Open(name, O_RDONLY);
    if (!fd) return Missing(name, fd.error());
    const ScopedDescriptor closer(process_, *fd);
    return OfDescriptor(*fd);
  }

  std::string OfLink(const std::string& name) const {
    const auto target = process_.files().ReadLink(process_.AbsolutePath(name));
    const bool broken = !StatPath(process_, name);
    return Words({(broken ? "broken symbolic link to " : "symbolic link to ") + target.value_or(""),
                  "inode/symlink", "binary"});
  }

  std::optional<std::string> Missing(const std::string& name, std::errc error) {
    if (style_.fail_on_error) {
      out_ << name << ": ERROR: cannot stat `" << name << "' (" << ErrnoText(error) << ")\n";
      failed_ = true;
      return std::nullopt;
    }
    return "cannot open `" + name + "' (" + ErrnoText(error) + ")";
  }

  std::string OfDescriptor(int fd) {
    std::string content(kLookedAt, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
      process_.Checkpoint();
      const auto count = process_.Read(fd, content.data() + size, content.size() - size);
      if (!count || *count == 0) break;
      size += *count;
    }
    content.resize(size);
    return Words(KindOfContent(content));
  }

  Process& process_;
  const FileStyle& style_;
  Output out_;
  bool failed_ = false;
};

// The names in a file, one a line.
void AddNamesFrom(Process& process, const std::string& list, std::vector<std::string>& names) {
  const auto fd = list == "-" ? IoResult<int>(0) : process.Open(list, O_RDONLY);
  if (!fd) {
    Complain(process, "Cannot open `" + list + "' (" + ErrnoText(fd.error()) + ")");
    process.Exit(1);
  }
  Input input(process, *fd);
  while (const auto line = input.ReadLine()) names.emplace_back(*line);
  if (*fd != 0) (void)process.Close(*fd);
}

}  // namespace

int FileMain(Process& process) {
  const CharacterSetScope utf8(false);  // It looks for it in any locale.
  constexpr int kMimeTypeOption = 256;
  constexpr int kMimeEncodingOption = 257;
  FileStyle style;
  std::vector<std::string> names;
  Options options(process, "bEhiLNnprsv0F:f:",
                  {{"brief", 'b'},
                   {"dereference", 'L'},
                   {"files-from", 'f', Options::kRequired},
                   {"mime", 'i'},
                   {"mime-encoding", kMimeEncodingOption},
                   {"mime-type", kMimeTypeOption},
                   {"no-buffer", 'n'},
                   {"no-dereference", 'h'},
                   {"no-pad", 'N'},
                   {"preserve-date", 'p'},
                   {"print0", '0'},
                   {"raw", 'r'},
                   {"separator", 'F', Options::kRequired},
                   {"special-files", 's'}});
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
        style.brief = true;
        break;
      case 'E':
        style.fail_on_error = true;
        break;
      case 'f':
        AddNamesFrom(process, option->value, names);
        break;
      case 'F':
        style.separator = option->value;
        break;
      case 'h':
        style.follow = false;
        break;
      case 'i':
        style.answer = FileAnswer::kMime;
        break;
      case 'L':
        style.follow = true;
        break;
      case 'N':
        style.no_padding = true;
        break;
      case 'v':
        (void)process.Write(1, "file-5.44\nmagic file from /etc/magic:/usr/share/misc/magic\n");
        return 0;
      case '0':
        style.nul = true;
        break;
      case kMimeTypeOption:
        style.answer = FileAnswer::kMimeType;
        break;
      case kMimeEncodingOption:
        style.answer = FileAnswer::kMimeEncoding;
        break;
      default:
        break;  // -n, -p and -r are what it does anyway; -s opens devices, which have no content.
    }
  }
  names.insert(names.end(), options.operands().begin(), options.operands().end());
  if (names.empty()) {
    UsageHint(process, 1);
  }
  return FileTeller(process, style).Run(names);
}

void AddInspectPrograms(ProgramTable& table) {
  table["file"] = FileMain;
  table["tree"] = TreeMain;
}

}  // namespace computesdk::in_memory
