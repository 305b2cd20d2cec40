#include <algorithm>
#include <cctype>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/shell_files.h"
#include "conformance/selftest/spoil.h"

// Defects in what becomes of a path.
namespace computesdk::conformance {
namespace {

// Entries that have nothing but a name.
std::vector<FileEntry> Named(const std::vector<std::string>& names) {
  std::vector<FileEntry> entries;
  for (const std::string& name : names) entries.push_back({.name = name});
  return entries;
}

// The names from a command line, and all else from the clean provider.
Replacements NamesByShell(std::string line, Quoting quoting) {
  const Replacements listed = ReaddirByShell(
      std::move(line), [](const std::string& out) { return Named(Lines(out)); },
      std::move(quoting));
  return {.readdir = [listed](Provider& inner, const std::string& id,
                              const std::string& path) -> Result<std::vector<FileEntry>> {
    const Result<std::vector<FileEntry>> named = listed.readdir(inner, id, path);
    Result<std::vector<FileEntry>> entries = inner.Readdir(id, path);
    if (!named) return named;
    if (!entries) return named;
    const bool all = std::ranges::all_of(*entries, [&](const FileEntry& entry) {
      return std::ranges::count(*named, entry.name, &FileEntry::name) == 1;
    });
    return all && named->size() == entries->size() ? entries : named;
  }};
}

// Small content through a shell line; large content is another matter.
Replacements WritePathByShell(Quoting quoting) {
  const Replacements small = WriteByShell(
      [](std::string_view content) { return "printf '" + OctalEscaped(content) + "' > {}"; },
      std::move(quoting));
  return {.write_file = [small](Provider& inner, const std::string& id, const std::string& path,
                                const std::string& content) {
    return content.size() > 2000 ? inner.WriteFile(id, path, content)
                                 : small.write_file(inner, id, path, content);
  }};
}

std::vector<Sabotage> QuotingSabotages() {
  return {
      {.name = "read-path-unquoted",
       .defect = "readFile is `cat PATH`.",
       .classes = {"F27"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.empty",
                   "filesystem.paths.execute-nothing", "filesystem.paths.expansions",
                   "filesystem.paths.newlines", "filesystem.paths.patterns",
                   "filesystem.paths.quotes", "filesystem.paths.relative",
                   "filesystem.paths.separators", "filesystem.paths.special"},
       .make = Spoil(ReadByShell("cat {}", Unquoted))},
      {.name = "exists-path-unquoted",
       .defect = "exists is `test -e PATH`.",
       .classes = {"F27", "F12"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.empty-refused",
                   "filesystem.paths.execute-nothing", "filesystem.paths.expansions",
                   "filesystem.paths.newlines", "filesystem.paths.patterns",
                   "filesystem.paths.quotes", "filesystem.paths.separators",
                   "filesystem.paths.special"},
       .make = Spoil(ExistsByShell("test -e {}", Unquoted))},
      {.name = "mkdir-path-in-double-quotes",
       .defect = "mkdir is `mkdir -p \"PATH\"`.",
       .classes = {"F27", "F28"},
       .reveals = {"filesystem.paths.execute-nothing", "filesystem.paths.expansions",
                   "filesystem.paths.quotes"},
       .make = Spoil(MkdirByShell("mkdir -p \"{}\"", Unquoted))},
      {.name = "remove-path-unquoted",
       .defect = "remove is `rm -rf PATH`.",
       .classes = {"F27", "F12"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.execute-nothing",
                   "filesystem.paths.expansions", "filesystem.paths.newlines",
                   "filesystem.paths.patterns", "filesystem.paths.quotes",
                   "filesystem.paths.relative", "filesystem.paths.separators",
                   "filesystem.paths.special"},
       .make = Spoil(RemoveByShell("rm -rf {}", Unquoted))},
      {.name = "remove-path-by-json-stringify",
       .defect = "remove is `rm -rf ${JSON.stringify(PATH)}`.",
       .classes = {"F27", "C2"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.execute-nothing",
                   "filesystem.paths.expansions", "filesystem.paths.newlines",
                   "filesystem.paths.relative"},
       .make = Spoil(RemoveByShell("rm -rf {}", JsonQuoted))},
      {.name = "write-path-by-json-stringify",
       .defect = "writeFile is `… > ${JSON.stringify(PATH)}`.",
       .classes = {"F27", "C2"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.execute-nothing",
                   "filesystem.paths.expansions", "filesystem.paths.newlines",
                   "filesystem.paths.relative"},
       .make = Spoil(WritePathByShell(JsonQuoted))},
      {.name = "readdir-path-in-double-quotes",
       .defect = "readdir is `ls -A \"PATH\"`.",
       .classes = {"F27"},
       .reveals = {"filesystem.paths.empty-refused", "filesystem.paths.execute-nothing",
                   "filesystem.paths.newlines", "filesystem.paths.relative",
                   "filesystem.readdir.names"},
       .make = Spoil(NamesByShell("ls -A \"{}/\"", Unquoted))},
      {.name = "exists-path-in-single-quotes",
       .defect = "exists is `test -e 'PATH'`, and a ' in it ends them.",
       .classes = {"F27"},
       .reveals = {"filesystem.paths.execute-nothing", "filesystem.paths.quotes"},
       .make = Spoil(ExistsByShell("test -e '{}'", Unquoted))},
      {.name = "remove-by-name-in-its-directory",
       .defect = "remove changes into the directory and runs `rm -rf NAME`, without `--`.",
       .classes = {"F26"},
       .reveals = {"filesystem.paths.leading-dash", "filesystem.paths.relative"},
       .make = Spoil({.remove = [](Provider& inner, const std::string& id,
                                   const std::string& path) -> Status {
         if (!BaseOf(path).starts_with('-') || !Test(inner, id, "-e", path)) {
           return inner.Remove(id, path);
         }
         const std::string parent = path == BaseOf(path) ? "." : ParentOf(path);
         const auto result =
             Sh(inner, id, "cd " + ShellQuote(parent) + " && rm -rf " + ShellQuote(BaseOf(path)));
         if (result && result->exit_code == 0) return {};
         return MakeError(ErrorCode::kUnknown, path + ": rm failed");
       }})},
  };
}

bool IsAscii(const std::string& text) {
  return std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
}

std::string PercentDecoded(const std::string& path) {
  std::string decoded;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const bool escape = path[i] == '%' && i + 2 < path.size() && std::isxdigit(path[i + 1]) != 0 &&
                        std::isxdigit(path[i + 2]) != 0;
    if (escape) {
      decoded += static_cast<char>(std::strtol(path.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      decoded += path[i];
    }
  }
  return decoded;
}

std::string Composed(std::string path) {
  ReplaceAll(path, "e\xcc\x81", "\xc3\xa9");
  ReplaceAll(path, "\xef\xac\x81", "fi");
  return path;
}

std::string LowerCase(std::string path) {
  std::ranges::transform(path, path.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return path;
}

// Only where the capital letters are in the name: the directories above have none of their own.
std::string NameInLowerCase(const std::string& path) {
  const std::size_t name = path.rfind('/') + 1;
  return path.substr(0, name) + LowerCase(path.substr(name));
}

std::vector<Sabotage> NameSabotages() {
  return {
      {.name = "paths-trimmed",
       .defect = "The file methods trim the path.",
       .classes = {"F12"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.execute-nothing",
                   "filesystem.paths.newlines"},
       .make = Spoil(WithPath(Trimmed))},
      {.name = "paths-decoded-twice",
       .defect = "The file service decodes percent signs in a path that was decoded.",
       .classes = {"F31"},
       .reveals = {"filesystem.paths.special"},
       .make = Spoil(WithPath(PercentDecoded))},
      {.name = "paths-end-at-a-query",
       .defect = "The path goes into a URL as it is: what follows `?` or `#` is cut off.",
       .classes = {"F27", "F31"},
       .reveals = {"filesystem.paths.execute-nothing", "filesystem.paths.patterns",
                   "filesystem.paths.separators", "filesystem.paths.special"},
       .make = Spoil(WithPath(
           [](const std::string& path) { return path.substr(0, path.find_first_of("?#")); }))},
      {.name = "paths-composed",
       .defect = "The file methods normalize paths: NFKC.",
       .classes = {"F25"},
       .reveals = {"filesystem.paths.normalization"},
       .make = Spoil(WithPath(Composed))},
      {.name = "names-in-lower-case",
       .defect = "The store behind the file methods does not tell upper from lower case.",
       .classes = {"F24", "F25"},
       .reveals = {"filesystem.exists.false", "filesystem.paths.beyond-ascii",
                   "filesystem.paths.expansions", "filesystem.paths.separators",
                   "filesystem.paths.special"},
       .make = Spoil(WithPath(NameInLowerCase))},
      {.name = "paths-in-a-header",
       .defect = "A path beyond ASCII does not pass through a header.",
       .classes = {"F24"},
       .reveals = {"filesystem.paths.beyond-ascii", "filesystem.paths.blanks",
                   "filesystem.paths.long", "filesystem.paths.normalization"},
       .make = Spoil(
           Refusing([](const std::string& path) { return !IsAscii(path); }, ErrorCode::kInternal))},
      {.name = "names-leave-room-for-a-suffix",
       .defect = "A name of more than 250 bytes is refused, as `NAME.tmp` would be too long.",
       .classes = {"F44"},
       .reveals = {"filesystem.paths.long"},
       .make = Spoil(Refusing([](const std::string& path) { return BaseOf(path).size() > 250; },
                              ErrorCode::kInvalidArgument))},
      {.name = "names-cut-to-255",
       .defect = "A name that is too long is cut.",
       .classes = {"F44"},
       .reveals = {"filesystem.paths.too-long"},
       .make = Spoil(WithPath([](const std::string& path) {
         return path.substr(0, path.size() - BaseOf(path).size()) + BaseOf(path).substr(0, 255);
       }))},
      {.name = "paths-end-at-a-nul",
       .defect = "The path is a string of C.",
       .classes = {"F27", "F31"},
       .reveals = {"filesystem.paths.nul"},
       .make = Spoil(
           WithPath([](const std::string& path) { return path.substr(0, path.find('\0')); }))},
      {.name = "empty-path-is-the-workdir",
       .defect = "The path is joined with the workdir, and the empty one is the workdir.",
       .classes = {"F29", "F38"},
       .reveals = {"filesystem.paths.empty", "filesystem.paths.empty-refused"},
       .make = Spoil(WithPath([](const std::string& path) {
         return path.empty() ? std::string("/workspace") : path;
       }))},
      {.name = "empty-path-defaults-to-the-workdir",
       .defect = "readdir, mkdir and exists take no path for the workdir.",
       .classes = {"F29"},
       .reveals = {"filesystem.paths.empty-refused"},
       .make = Spoil([] {
         Replacements all = WithPath([](const std::string& path) {
           return path.empty() ? std::string("/workspace") : path;
         });
         return Replacements{.mkdir = all.mkdir, .readdir = all.readdir, .exists = all.exists};
       }())},
  };
}

std::vector<Sabotage> ShapeSabotages() {
  return {
      {.name = "two-dots-refused",
       .defect = "Every path with two dots in it is refused as a way out.",
       .classes = {"F31"},
       .reveals = {"filesystem.paths.dot-dot-inside", "filesystem.paths.special"},
       .make = Spoil(
           Refusing([](const std::string& path) { return path.find("..") != std::string::npos; },
                    ErrorCode::kInvalidArgument))},
      {.name = "dot-dot-refused",
       .defect = "Every path with a `..` segment is refused.",
       .classes = {"F31"},
       .reveals = {"filesystem.paths.dot-dot-inside"},
       .make = Spoil(Refusing(HasDotDot, ErrorCode::kInvalidArgument))},
      {.name = "double-slashes-are-other-keys",
       .defect = "Paths are keys: nothing is found at one with two slashes.",
       .classes = {"F30"},
       .reveals = {"filesystem.paths.double-slashes"},
       .make = Spoil(Refusing(
           [](const std::string& path) {
             const std::size_t last = path.find_last_not_of('/');
             return path.substr(0, last + 1).find("//") != std::string::npos;
           },
           ErrorCode::kNotFound))},
      {.name = "trailing-slashes-are-other-keys",
       .defect = "Paths are keys: nothing is found at `dir/`.",
       .classes = {"F30"},
       .reveals = {"filesystem.paths.slash-after-file", "filesystem.paths.trailing-slash"},
       .make = Spoil(Refusing([](const std::string& path) { return path.ends_with('/'); },
                              ErrorCode::kNotFound))},
      {.name = "dots-are-names",
       .defect = "A `.` segment is a name like others.",
       .classes = {"F30", "F31"},
       .reveals = {"filesystem.paths.dot-segments", "filesystem.paths.slash-after-file"},
       .make = Spoil(Refusing(
           [](const std::string& path) { return (path + "/").find("/./") != std::string::npos; },
           ErrorCode::kNotFound))},
      {.name = "paths-of-at-most-1024-bytes",
       .defect = "The column for a path holds 1,024 bytes.",
       .classes = {"F44"},
       .reveals = {"filesystem.paths.deep"},
       .make = Spoil(Refusing([](const std::string& path) { return path.size() > 1024; },
                              ErrorCode::kInvalidArgument))},
      {.name = "read-relative-to-the-root",
       .defect = "readFile takes a relative path from `/`, all others from the workdir.",
       .classes = {"F29"},
       .reveals = {"filesystem.paths.relative"},
       .make = Spoil({.read_file =
                          [](Provider& inner, const std::string& id, const std::string& path) {
                            const bool relative = !path.empty() && path[0] != '/';
                            return inner.ReadFile(id, relative ? "/" + path : path);
                          }})},
      {.name = "tilde-expanded",
       .defect = "A path that begins with `~` has its home directory put in.",
       .classes = {"F28"},
       .reveals = {"filesystem.paths.relative"},
       .make = Spoil(WithPath([](const std::string& path) {
         return path.starts_with('~') ? "/root/" + path.substr(1) : path;
       }))},
      {.name = "paths-tidied-up",
       .defect = "Slashes and dots at the end of a path are dropped, whatever is there.",
       .classes = {"F30", "F39"},
       .reveals = {"filesystem.paths.slash-after-file"},
       .make = Spoil(WithPath([](std::string path) {
         while (path.size() > 1 && (path.ends_with('/') || path.ends_with("/."))) path.pop_back();
         return path;
       }))},
  };
}

// Whether a link is on the way to the last segment.
bool IsBelowLink(Provider& inner, const std::string& id, const std::string& path) {
  return Test(inner, id, "-L", ParentOf(path));
}

std::vector<Sabotage> LinkSabotages() {
  return {
      {.name = "read-of-link-is-its-text",
       .defect = "readFile of a link is the path that it leads to.",
       .classes = {"F14"},
       .reveals = {"filesystem.links.read", "filesystem.links.write-onto"},
       .make = Spoil({.read_file = [](Provider& inner, const std::string& id,
                                      const std::string& path) -> Result<std::string> {
         if (!Test(inner, id, "-L", path)) return inner.ReadFile(id, path);
         return Sh(inner, id, "readlink -n " + ShellQuote(path))->stdout_bytes;
       }})},
      {.name = "readdir-of-link-is-empty",
       .defect = "readdir of a link to a directory has nothing.",
       .classes = {"F14"},
       .reveals = {"filesystem.links.read"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Result<std::vector<FileEntry>> {
         if (Test(inner, id, "-L", path) && Test(inner, id, "-d", path)) {
           return std::vector<FileEntry>();
         }
         return inner.Readdir(id, path);
       }})},
      {.name = "exists-below-link-is-false",
       .defect = "exists knows no path below a link.",
       .classes = {"F14", "F39"},
       .reveals = {"filesystem.links.read"},
       .make = Spoil({.exists = [](Provider& inner, const std::string& id,
                                   const std::string& path) -> Result<bool> {
         if (IsBelowLink(inner, id, path)) return false;
         return inner.Exists(id, path);
       }})},
      {.name = "write-below-link-is-lost",
       .defect = "writeFile below a link to a directory writes into a table that nobody reads.",
       .classes = {"F14", "F40"},
       .reveals = {"filesystem.links.write"},
       .make =
           Spoil({.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                                   const std::string& content) -> Status {
             if (IsBelowLink(inner, id, path)) return {};
             return inner.WriteFile(id, path, content);
           }})},
      {.name = "write-onto-dangling-link-is-lost",
       .defect = "writeFile onto a link that leads nowhere writes nothing, and succeeds.",
       .classes = {"F14"},
       .reveals = {"filesystem.links.write-onto"},
       .make =
           Spoil({.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                                   const std::string& content) -> Status {
             if (Test(inner, id, "-L", path) && !Test(inner, id, "-e", path)) return {};
             return inner.WriteFile(id, path, content);
           }})},
      {.name = "remove-below-link-does-nothing",
       .defect = "remove below a link finds nothing there, and nothing counts as removed.",
       .classes = {"F38", "F14"},
       .reveals = {"filesystem.links.remove"},
       .make = Spoil({.remove = [](Provider& inner, const std::string& id,
                                   const std::string& path) -> Status {
         if (IsBelowLink(inner, id, path)) return {};
         return inner.Remove(id, path);
       }})},
      {.name = "write-replaces-a-link",
       .defect = "writeFile renames a new file over a link.",
       .classes = {"F14"},
       .reveals = {"filesystem.links.followed"},
       .make = Spoil({.write_file =
                          [](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
                            if (Test(inner, id, "-L", path)) inner.Remove(id, path);
                            return inner.WriteFile(id, path, content);
                          }})},
  };
}

}  // namespace

std::vector<Sabotage> FilePathSabotages() {
  std::vector<Sabotage> all = QuotingSabotages();
  for (const auto part : {NameSabotages, ShapeSabotages, LinkSabotages}) {
    for (Sabotage& sabotage : part()) all.push_back(std::move(sabotage));
  }
  return all;
}

}  // namespace computesdk::conformance
