#include "conformance/selftest/file_spoils.h"

#include <cstddef>
#include <utility>

#include "conformance/printable.h"

namespace computesdk::conformance {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

// The length of the character that begins `bytes`; 0 where none does.
std::size_t CharacterLength(std::string_view bytes) {
  const auto lead = static_cast<unsigned char>(bytes[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || bytes.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(bytes[i]) & 0xc0) != 0x80) return 0;
  }
  const bool surrogate = lead == 0xed && static_cast<unsigned char>(bytes[1]) >= 0xa0;
  return surrogate ? 0 : length;
}

void SetPaths(std::vector<FileEntry>& entries, std::string directory) {
  if (!directory.ends_with('/')) directory += '/';
  for (FileEntry& entry : entries) entry.path = directory + entry.name;
}

}  // namespace

Replacements WithReadContent(std::function<std::string(std::string)> change) {
  return {.read_file = [change = std::move(change)](Provider& inner, const std::string& id,
                                                    const std::string& path) {
    Result<std::string> content = inner.ReadFile(id, path);
    if (content) *content = change(std::move(*content));
    return content;
  }};
}

Replacements WithWrittenContent(std::function<std::string(std::string)> change) {
  return {.write_file = [change = std::move(change)](Provider& inner, const std::string& id,
                                                     const std::string& path, std::string content) {
    return inner.WriteFile(id, path, change(std::move(content)));
  }};
}

Replacements WithEntries(std::function<void(std::vector<FileEntry>&)> change) {
  return {.readdir = [change = std::move(change)](Provider& inner, const std::string& id,
                                                  const std::string& path) {
    Result<std::vector<FileEntry>> entries = inner.Readdir(id, path);
    if (entries) change(*entries);
    return entries;
  }};
}

Replacements WithEntry(std::function<void(FileEntry&)> change) {
  return WithEntries([change = std::move(change)](std::vector<FileEntry>& entries) {
    for (FileEntry& entry : entries) change(entry);
  });
}

Replacements WithPath(const std::function<std::string(const std::string&)>& change) {
  return {
      .read_file = [change](Provider& inner, const std::string& id,
                            const std::string& path) { return inner.ReadFile(id, change(path)); },
      .write_file =
          [change](Provider& inner, const std::string& id, const std::string& path,
                   const std::string& content) {
            return inner.WriteFile(id, change(path), content);
          },
      .mkdir = [change](Provider& inner, const std::string& id,
                        const std::string& path) { return inner.Mkdir(id, change(path)); },
      .readdir =
          [change](Provider& inner, const std::string& id, const std::string& path) {
            Result<std::vector<FileEntry>> entries = inner.Readdir(id, change(path));
            if (entries) SetPaths(*entries, path);
            return entries;
          },
      .exists = [change](Provider& inner, const std::string& id,
                         const std::string& path) { return inner.Exists(id, change(path)); },
      .remove = [change](Provider& inner, const std::string& id,
                         const std::string& path) { return inner.Remove(id, change(path)); },
  };
}

Replacements Refusing(const std::function<bool(const std::string&)>& refused, ErrorCode code) {
  const auto refuse = [code](const std::string& path) {
    return MakeError(code, path + ": refused");
  };
  return {
      .read_file = [=](Provider& inner, const std::string& id,
                       const std::string& path) -> Result<std::string> {
        if (refused(path)) return refuse(path);
        return inner.ReadFile(id, path);
      },
      .write_file = [=](Provider& inner, const std::string& id, const std::string& path,
                        const std::string& content) -> Status {
        if (refused(path)) return refuse(path);
        return inner.WriteFile(id, path, content);
      },
      .mkdir = [=](Provider& inner, const std::string& id, const std::string& path) -> Status {
        if (refused(path)) return refuse(path);
        return inner.Mkdir(id, path);
      },
      .readdir = [=](Provider& inner, const std::string& id,
                     const std::string& path) -> Result<std::vector<FileEntry>> {
        if (refused(path)) return refuse(path);
        return inner.Readdir(id, path);
      },
      .exists = [=](Provider& inner, const std::string& id,
                    const std::string& path) -> Result<bool> {
        if (refused(path)) return refuse(path);
        return inner.Exists(id, path);
      },
      .remove = [=](Provider& inner, const std::string& id, const std::string& path) -> Status {
        if (refused(path)) return refuse(path);
        return inner.Remove(id, path);
      },
  };
}

Replacements WithFileError(std::function<Error(const std::string& path, Error)> change) {
  const auto changed = [change = std::move(change)](const std::string& path, auto result) {
    if (!result) result = tl::unexpected<Error>(change(path, result.error()));
    return result;
  };
  return {
      .read_file = [=](Provider& inner, const std::string& id,
                       const std::string& path) { return changed(path, inner.ReadFile(id, path)); },
      .write_file =
          [=](Provider& inner, const std::string& id, const std::string& path,
              const std::string& content) {
            return changed(path, inner.WriteFile(id, path, content));
          },
      .mkdir = [=](Provider& inner, const std::string& id,
                   const std::string& path) { return changed(path, inner.Mkdir(id, path)); },
      .readdir = [=](Provider& inner, const std::string& id,
                     const std::string& path) { return changed(path, inner.Readdir(id, path)); },
      .remove = [=](Provider& inner, const std::string& id,
                    const std::string& path) { return changed(path, inner.Remove(id, path)); },
  };
}

bool Test(Provider& provider, const std::string& id, const std::string& option,
          const std::string& path) {
  if (path.find('\0') != std::string::npos) return false;
  const auto result = Sh(provider, id, "[ " + option + " " + ShellQuote(path) + " ]");
  return result && result->exit_code == 0;
}

bool HasDotDot(const std::string& path) {
  return ("/" + path + "/").find("/../") != std::string::npos;
}

std::string ParentOf(const std::string& path) { return path.substr(0, path.rfind('/')); }

std::string BaseOf(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string DecodedAsUtf8(std::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = CharacterLength(bytes);
    text += length == 0 ? kReplacement : bytes.substr(0, length);
    bytes.remove_prefix(length == 0 ? 1 : length);
  }
  return text;
}

std::string DecodedAsLatin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xc0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return text;
}

}  // namespace computesdk::conformance
