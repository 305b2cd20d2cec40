#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/shell_files.h"
#include "conformance/selftest/spoil.h"

// Defects in listings.
namespace computesdk::conformance {
namespace {

using Entries = Result<std::vector<FileEntry>>;

std::int64_t Number(const std::string& digits) {
  std::int64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

// The parser that ten published adapters have: words of `ls -la`, cut at the arrow of a link.
std::vector<FileEntry> ParsedFromLs(const std::string& output) {
  std::vector<FileEntry> entries;
  for (const std::string& line : Lines(output)) {
    const std::vector<std::string> words = Words(line);
    if (words.size() < 9) continue;
    std::string name = words[8];
    for (std::size_t i = 9; i < words.size(); ++i) name += " " + words[i];
    if (words[0].starts_with('l')) name = name.substr(0, name.find(" -> "));
    if (name == "." || name == "..") continue;
    // `new Date("Sep 9 01:46")`: a date without a year is one of 2001.
    const Timestamp year_2001{std::chrono::seconds{978'307'200}};
    entries.push_back({.name = name,
                       .is_directory = words[0].starts_with('d'),
                       .size = Number(words[4]),
                       .last_modified = year_2001});
  }
  return entries;
}

// Rows of `find -printf '%f\t%y\t%s\t%T@\n'`.
std::vector<FileEntry> ParsedFromFind(const std::string& output) {
  std::vector<FileEntry> entries;
  for (const std::string& line : Lines(output)) {
    std::vector<std::string> columns(1);
    for (const char c : line) {
      if (c == '\t') {
        columns.emplace_back();
      } else {
        columns.back() += c;
      }
    }
    if (columns.size() < 4) columns.resize(4);
    entries.push_back({.name = columns[0],
                       .is_directory = columns[1] == "d",
                       .size = Number(columns[2]),
                       .last_modified = Timestamp{std::chrono::seconds{Number(columns[3])}}});
  }
  return entries;
}

void AddDots(std::vector<FileEntry>& entries) {
  for (const char* name : {".", ".."}) {
    entries.push_back({.name = name, .path = name, .is_directory = true, .size = 0});
  }
}

bool IsValidUtf8(const std::string& name) { return DecodedAsUtf8(name) == name; }

std::vector<Sabotage> NameSabotages() {
  return {
      {.name = "readdir-by-ls-columns",
       .defect = "readdir parses the columns of `ls -la`.",
       .classes = {"F12", "F13", "F14", "F15", "F19"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.empty-refused",
                   "filesystem.paths.newlines", "filesystem.readdir.modified",
                   "filesystem.readdir.names"},
       .make = Spoil(ReaddirByShell("ls -la -- {}/", ParsedFromLs))},
      {.name = "readdir-by-lines",
       .defect = "readdir reads `find -printf` line by line.",
       .classes = {"F13"},
       .reveals = {"filesystem.paths.blanks", "filesystem.paths.newlines",
                   "filesystem.paths.relative", "filesystem.readdir.names"},
       .make = Spoil(ReaddirByShell(
           "[ -d {} ] && find {}/ -mindepth 1 -maxdepth 1 -printf '%f\\t%y\\t%s\\t%T@\\n' || "
           "{ [ -e {} ] || echo No such file >&2; false; }",
           ParsedFromFind))},
      {.name = "readdir-has-dots",
       .defect = "readdir has `.` and `..`, as readdir(3) has.",
       .classes = {"F16"},
       .reveals = {"filesystem.links.read", "filesystem.paths.dot-segments",
                   "filesystem.paths.double-slashes", "filesystem.paths.relative",
                   "filesystem.paths.trailing-slash", "filesystem.readdir.children",
                   "filesystem.readdir.empty", "filesystem.readdir.fresh",
                   "filesystem.readdir.hidden", "filesystem.readdir.links",
                   "filesystem.readdir.names", "filesystem.readdir.no-dots",
                   "filesystem.readdir.paths", "filesystem.readdir.two-thousand",
                   "filesystem.readdir.undecodable"},
       .make = Spoil(WithEntries(AddDots))},
      {.name = "readdir-without-hidden",
       .defect = "readdir leaves out what begins with a dot.",
       .classes = {"F16"},
       .reveals = {"filesystem.paths.special", "filesystem.readdir.hidden"},
       .blinds = {"filesystem.readdir.kinds"},
       .make = Spoil(WithEntries([](std::vector<FileEntry>& entries) {
         std::erase_if(entries, [](const FileEntry& entry) { return entry.name[0] == '.'; });
       }))},
      {.name = "readdir-drops-what-begins-with-two-dots",
       .defect = "readdir drops `.` and every name that begins with `..`.",
       .classes = {"F16"},
       .reveals = {"filesystem.paths.special", "filesystem.readdir.hidden"},
       .make = Spoil(WithEntries([](std::vector<FileEntry>& entries) {
         std::erase_if(entries,
                       [](const FileEntry& entry) { return entry.name.starts_with(".."); });
       }))},
      {.name = "readdir-goes-deeper",
       .defect = "readdir is `find` without -maxdepth.",
       .classes = {"F12"},
       .reveals = {"filesystem.readdir.children"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (!entries) return entries;
         for (std::size_t i = 0; i < entries->size() && entries->size() < 100; ++i) {
           if (!(*entries)[i].is_directory) continue;
           const Entries deeper = inner.Readdir(id, (*entries)[i].path);
           if (deeper) entries->insert(entries->end(), deeper->begin(), deeper->end());
         }
         return entries;
       }})},
      {.name = "readdir-shows-where-links-lead",
       .defect = "readdir has links as `ls -l` prints them: `a -> b`.",
       .classes = {"F14", "F15"},
       .reveals = {"filesystem.readdir.links"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (!entries) return entries;
         for (FileEntry& entry : *entries) {
           if (entries->size() > 20 || !Test(inner, id, "-L", entry.path)) continue;
           entry.name += " -> somewhere";
         }
         return entries;
       }})},
      {.name = "readdir-fails-with-a-dangling-link",
       .defect = "readdir is stat of each name, and fails where one fails.",
       .classes = {"F14"},
       .reveals = {"filesystem.readdir.links"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (!entries || entries->size() > 20) return entries;
         for (const FileEntry& entry : *entries) {
           if (Test(inner, id, "-e", entry.path)) continue;
           return MakeError(ErrorCode::kInternal, entry.path + ": No such file or directory");
         }
         return entries;
       }})},
      {.name = "readdir-marks-directories",
       .defect = "readdir has names as `ls -p` prints them: `dir/`.",
       .classes = {"F12", "F17"},
       .reveals = {"filesystem.readdir.children", "filesystem.readdir.hidden"},
       .blinds = {"filesystem.readdir.kinds", "filesystem.readdir.modified"},
       .make = Spoil(WithEntry([](FileEntry& entry) {
         if (!entry.is_directory) return;
         entry.name += '/';
         entry.path += '/';
       }))},
      {.name = "readdir-fails-with-a-wrong-byte",
       .defect = "readdir decodes names strictly, and fails at one that is no UTF-8.",
       .classes = {"F24"},
       .reveals = {"filesystem.readdir.undecodable"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (!entries) return entries;
         for (const FileEntry& entry : *entries) {
           if (!IsValidUtf8(entry.name)) return MakeError(ErrorCode::kInternal, path + ": utf-8");
         }
         return entries;
       }})},
      {.name = "readdir-paths-are-names",
       .defect = "The path of an entry is its name.",
       .classes = {"F29"},
       .reveals = {"filesystem.readdir.paths"},
       .make = Spoil(WithEntry([](FileEntry& entry) { entry.path = entry.name; }))},
      {.name = "readdir-paths-with-two-slashes",
       .defect = "The path of an entry is joined with one slash too many.",
       .classes = {"F30"},
       .reveals = {"filesystem.readdir.paths"},
       .make = Spoil(WithEntry([](FileEntry& entry) {
         entry.path = ParentOf(entry.path) + "//" + BaseOf(entry.path);
       }))},
  };
}

std::vector<Sabotage> FieldSabotages() {
  return {
      {.name = "readdir-has-files-only",
       .defect = "readdir reads `entry.isDir`, where the SDK has `entry.type`.",
       .classes = {"F17"},
       .reveals = {"filesystem.readdir.kinds"},
       .make = Spoil(WithEntry([](FileEntry& entry) { entry.is_directory = false; }))},
      {.name = "readdir-guesses-kinds",
       .defect = "readdir takes a name without an extension for a directory.",
       .classes = {"F17"},
       .reveals = {"filesystem.readdir.kinds", "filesystem.readdir.links"},
       .make = Spoil(WithEntry([](FileEntry& entry) {
         entry.is_directory = entry.name.find('.') == std::string::npos;
       }))},
      {.name = "readdir-sizes-in-blocks",
       .defect = "`size` is what the file takes on the disk.",
       .classes = {"F18"},
       .reveals = {"filesystem.readdir.sizes"},
       .make = Spoil(WithEntry(
           [](FileEntry& entry) { entry.size = (entry.size.value_or(0) + 4095) / 4096 * 4096; }))},
      {.name = "readdir-sizes-in-characters",
       .defect = "`size` is the length of the text.",
       .classes = {"F18"},
       .reveals = {"filesystem.readdir.sizes"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (!entries || entries->size() > 20) return entries;
         for (FileEntry& entry : *entries) {
           const Result<std::string> content = inner.ReadFile(id, entry.path);
           if (!content) continue;
           entry.size = std::ranges::count_if(*content, [](char c) { return (c & 0xc0) != 0x80; });
         }
         return entries;
       }})},
      {.name = "readdir-without-sizes",
       .defect = "`size` is left out.",
       .classes = {"F18"},
       .reveals = {"filesystem.readdir.sizes"},
       .make = Spoil(WithEntry([](FileEntry& entry) { entry.size.reset(); }))},
      {.name = "readdir-times-are-now",
       .defect = "`lastModified` is the time of the call.",
       .classes = {"F19"},
       .reveals = {"filesystem.readdir.modified"},
       .make = Spoil(WithEntry([](FileEntry& entry) {
         entry.last_modified = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
       }))},
      {.name = "readdir-times-in-seconds",
       .defect = "`lastModified` takes seconds for milliseconds.",
       .classes = {"F19"},
       .reveals = {"filesystem.readdir.modified"},
       .make = Spoil(WithEntry([](FileEntry& entry) {
         if (entry.last_modified) {
           entry.last_modified = Timestamp{entry.last_modified->time_since_epoch() / 1000};
         }
       }))},
      {.name = "readdir-times-in-another-zone",
       .defect = "`lastModified` takes a time in UTC for one in the zone of the adapter.",
       .classes = {"F19"},
       .reveals = {"filesystem.readdir.modified"},
       .make = Spoil(WithEntry([](FileEntry& entry) {
         if (entry.last_modified) *entry.last_modified += std::chrono::hours{2};
       }))},
      {.name = "readdir-without-times",
       .defect = "`lastModified` is left out.",
       .classes = {"F19"},
       .reveals = {"filesystem.readdir.modified-present"},
       .make = Spoil(WithEntry([](FileEntry& entry) { entry.last_modified.reset(); }))},
  };
}

// Listings are kept until writeFile.
Replacements CachedListings() {
  struct State {
    std::mutex mutex;
    std::map<std::string, std::vector<FileEntry>> listings;
  };
  const auto state = std::make_shared<State>();
  return {.write_file =
              [state](Provider& inner, const std::string& id, const std::string& path,
                      const std::string& content) {
                const std::lock_guard lock(state->mutex);
                state->listings.erase(id + ParentOf(path));
                return inner.WriteFile(id, path, content);
              },
          .readdir = [state](Provider& inner, const std::string& id,
                             const std::string& path) -> Entries {
            const std::lock_guard lock(state->mutex);
            const auto found = state->listings.find(id + path);
            if (found != state->listings.end() && inner.GetById(id)->has_value()) {
              return found->second;
            }
            Entries entries = inner.Readdir(id, path);
            if (entries) state->listings[id + path] = *entries;
            return entries;
          }};
}

ProviderFactory AnsweringFor(ErrorCode code, std::vector<FileEntry> entries) {
  return Spoil(
      {.readdir = [=](Provider& inner, const std::string& id, const std::string& path) -> Entries {
        Entries listed = inner.Readdir(id, path);
        if (!listed && listed.error().code == code && inner.GetById(id)->has_value())
          return entries;
        return listed;
      }});
}

ProviderFactory FirstPage(std::size_t size) {
  return Spoil(WithEntries([size](std::vector<FileEntry>& entries) {
    if (entries.size() > size) entries.resize(size);
  }));
}

std::vector<Sabotage> ListingSabotages() {
  return {
      {.name = "readdir-of-missing-is-empty",
       .defect = "readdir catches every error, and has nothing.",
       .classes = {"F20", "E2"},
       .reveals = {"filesystem.readdir.missing", "filesystem.readdir.missing-not-found"},
       .make = AnsweringFor(ErrorCode::kNotFound, {})},
      {.name = "readdir-of-missing-is-internal",
       .defect = "readdir of a missing path is an error without a fitting code.",
       .classes = {"F20", "E3"},
       .reveals = {"filesystem.readdir.missing-not-found"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (!entries && entries.error().message.find("No such file") != std::string::npos) {
           entries = MakeError(ErrorCode::kInternal, path + ": ls ended with 2");
         }
         return entries;
       }})},
      {.name = "readdir-of-file-is-empty",
       .defect = "readdir of a file is an empty list: nothing has that prefix.",
       .classes = {"F21"},
       .reveals = {"filesystem.paths.slash-after-file", "filesystem.readdir.file"},
       .make = AnsweringFor(ErrorCode::kFailedPrecondition, {})},
      {.name = "readdir-of-file-has-the-file",
       .defect = "readdir is `ls PATH`, which prints the file.",
       .classes = {"F21"},
       .reveals = {"filesystem.readdir.file"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         if (!Test(inner, id, "-f", path)) return inner.Readdir(id, path);
         return std::vector<FileEntry>{{.name = path, .path = path, .size = 0}};
       }})},
      {.name = "readdir-of-empty-has-one",
       .defect = "readdir splits an empty text at newlines: one empty name.",
       .classes = {"F22"},
       .reveals = {"filesystem.readdir.empty"},
       .make = Spoil(WithEntries([](std::vector<FileEntry>& entries) {
         if (entries.empty()) entries.emplace_back();
       }))},
      {.name = "readdir-of-empty-fails",
       .defect = "readdir is `ls DIR/*`, which fails where nothing is.",
       .classes = {"F22"},
       .reveals = {"filesystem.readdir.empty"},
       .make = Spoil({.readdir = [](Provider& inner, const std::string& id,
                                    const std::string& path) -> Entries {
         Entries entries = inner.Readdir(id, path);
         if (entries && entries->empty()) return MakeError(ErrorCode::kUnknown, path + "/*: none");
         return entries;
       }})},
      {.name = "readdir-first-100",
       .defect = "readdir has the first page of 100.",
       .classes = {"F23"},
       .reveals = {"filesystem.readdir.two-thousand"},
       .make = FirstPage(100)},
      {.name = "readdir-first-1000",
       .defect = "readdir has the first page of 1,000.",
       .classes = {"F23"},
       .reveals = {"filesystem.readdir.two-thousand"},
       .make = FirstPage(1000)},
      {.name = "readdir-cached",
       .defect = "readdir keeps a listing until writeFile.",
       .classes = {"F40"},
       .reveals = {"filesystem.readdir.fresh"},
       .make = SpoilWith(CachedListings)},
  };
}

}  // namespace

std::vector<Sabotage> ReaddirSabotages() {
  std::vector<Sabotage> all = NameSabotages();
  for (const auto part : {FieldSabotages, ListingSabotages}) {
    for (Sabotage& sabotage : part()) all.push_back(std::move(sabotage));
  }
  return all;
}

}  // namespace computesdk::conformance
