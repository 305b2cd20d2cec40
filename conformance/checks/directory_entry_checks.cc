#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// What readdir says of an entry.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

std::vector<FileEntry> List(CheckContext& ctx, const std::string& directory) {
  return ctx.Need(ctx.provider().Readdir(ctx.box().id, directory), "readdir");
}

// The entry of that name; not-testable without one, as another requirement asks for that.
FileEntry EntryOf(CheckContext& ctx, const std::vector<FileEntry>& entries,
                  const std::string& name) {
  for (const FileEntry& entry : entries) {
    if (entry.name == name) return entry;
  }
  ctx.NotTestable("readdir does not have the entry " + name);
}

void KindsAreTold(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(
      ctx, box,
      {MakeDirectory(dir + "/full"), MakeDirectory(dir + "/empty"), MakeDirectory(dir + "/.hidden"),
       MakeDirectory(dir + "/.config"), MakeDirectory(dir + "/like.txt"),
       MakeFile(dir + "/full/x", "x"), MakeFile(dir + "/file", "x"), MakeFile(dir + "/nothing", ""),
       MakeFile(dir + "/drwx", "x")});
  const std::vector<FileEntry> entries = List(ctx, dir);
  for (const char* name : {"full", "empty", ".hidden", ".config", "like.txt"}) {
    ctx.Expect(EntryOf(ctx, entries, name).is_directory, IsTrue(),
               std::string("isDirectory of the directory ") + name);
  }
  for (const char* name : {"file", "nothing", "drwx"}) {
    ctx.Expect(EntryOf(ctx, entries, name).is_directory, IsFalse(),
               std::string("isDirectory of the file ") + name);
  }
}

void SizesAreInBytes(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  std::map<std::string, std::string> files = {{"nothing", ""},
                                              {"one", "x"},
                                              {"five", "five\n"},
                                              {"beyond-ascii", "\xc3\xa9\n"},
                                              {"block", std::string(4096, 'x')},
                                              {"70001", std::string(70001, 'b')},
                                              {"written", "\xf0\x9f\x98\x80 \xc3\xa9"}};
  Prepare(ctx, box, {MakeDirectory(dir)});
  // Of one that writeFile made, the provider may have noted a size of its own.
  ctx.Need(ctx.provider().WriteFile(box.id, dir + "/written", files.at("written")), "writeFile");
  if (!Ask(ctx, box, {Holds(dir + "/written", files.at("written"))}).front()) {
    ctx.NotTestable("writeFile did not write a file exactly");
  }
  for (const auto& [name, content] : files) {
    if (name != "written") ctx.PutFile(box, dir + "/" + name, content);
  }
  // A shell that makes other bytes of these is none of readdir's faults.
  if (!Ask(ctx, box, {Holds(dir + "/beyond-ascii", files.at("beyond-ascii"))}).front()) {
    files.erase("beyond-ascii");
  }
  const std::vector<FileEntry> entries = List(ctx, dir);
  for (const auto& [name, content] : files) {
    const std::optional<std::int64_t> size = EntryOf(ctx, entries, name).size;
    const std::string subject = "size of a file with " + std::to_string(content.size()) + " bytes";
    if (!size) {
      ctx.Fail({subject, std::to_string(content.size()), "none"});
      continue;
    }
    ctx.Expect(*size, Eq(static_cast<std::int64_t>(content.size())), subject);
  }
}

std::string ShowTime(Timestamp time) {
  const auto ms = time.time_since_epoch().count();
  return std::to_string(ms / 1000) + "." + std::to_string(ms % 1000) + " s after 1970";
}

constexpr Milliseconds kOneSecond{1000};

// A date without a year is one of 2001 to JavaScript: the year is another here. Gives a file the
// time 2009-02-13 23:31:30 UTC; false where there is no `touch` that can.
bool MakeOld(CheckContext& ctx, const std::string& path) {
  const std::string quoted = ShellQuote(path);
  const Result<ExecutionResult> made =
      ctx.Sh(ctx.box(),
             "touch -d @1234567890 " + quoted + " || TZ=UTC0 touch -t 200902132331.30 " + quoted);
  return made && made->exit_code == 0;
}

// Where the time cannot be set, it must at least stay the same while time goes by.
void ExpectTimeStays(CheckContext& ctx, const std::string& directory, const std::string& name,
                     Timestamp first) {
  // A time in whole seconds changes only with the next second.
  const bool fine = first.time_since_epoch().count() % 1000 != 0;
  ctx.Sleep(fine ? Milliseconds{30} : Milliseconds{1100});
  const std::optional<Timestamp> second = EntryOf(ctx, List(ctx, directory), name).last_modified;
  if (!second) return;
  if (*second == first) return;
  ctx.Fail({"lastModified of a file that nobody changed, a moment later", ShowTime(first),
            ShowTime(*second)});
}

void TimesAreTheFiles(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(ctx, box,
          {MakeDirectory(dir + "/sub"), MakeFile(dir + "/old", "x"), MakeFile(dir + "/new", "x")});
  const bool old = MakeOld(ctx, dir + "/old") && MakeOld(ctx, dir + "/sub");
  const std::vector<FileEntry> entries = List(ctx, dir);
  const std::optional<Timestamp> fresh = EntryOf(ctx, entries, "new").last_modified;
  if (!fresh) {
    ctx.Tolerated("readdir leaves lastModified out.");
    return;
  }
  if (!old) {
    ExpectTimeStays(ctx, dir, "new", *fresh);
    return;
  }
  for (const char* name : {"old", "sub"}) {
    const std::optional<Timestamp> time = EntryOf(ctx, entries, name).last_modified;
    if (!time) continue;
    const Timestamp expected{std::chrono::seconds{1'234'567'890}};
    if (*time - expected > kOneSecond || expected - *time > kOneSecond) {
      ctx.Fail({std::string("lastModified of ") + name + ", which `touch` made old",
                ShowTime(expected), ShowTime(*time)});
    }
  }
  // The sandbox's clock is its own; that a new file is not as old as the other one is sure.
  const Timestamp long_ago{std::chrono::seconds{1'234'654'290}};
  if (*fresh < long_ago) {
    ctx.Fail({"lastModified of a new file", "a time after that of one made old by `touch`",
              ShowTime(*fresh)});
  }
}

void TimesAreThere(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(ctx, box, {MakeDirectory(dir), MakeFile(dir + "/file", "x")});
  if (!EntryOf(ctx, List(ctx, dir), "file").last_modified) {
    ctx.Fail({"lastModified of a file", "its time", "none"});
  }
}

Requirement Entry(Requirement requirement) {
  requirement.id.insert(0, "readdir.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> DirectoryEntryRequirements() {
  return {
      Entry({.id = "kinds",
             .asks = "`isDirectory` is true of directories, and false of files.",
             .why = "Whoever walks a tree goes down where it is true, and reads where it is false.",
             .breaks = "The backend's field has another name (`type`, `isDir`), and undefined is "
                       "false: every directory is a file. Or a dot in the name tells.",
             .wrong = R"(isDirectory: Boolean(entry.isDir), // the SDK says type: 'dir')",
             .right = R"(isDirectory: entry.type === 'dir',)",
             .defects = {"F17"},
             .mend = "Read the type from the field that your backend really has.",
             .check = KindsAreTold}),
      Entry({.id = "sizes",
             .asks = "`size` of a regular file is its length in bytes.",
             .why =
                 "Progress bars, limits of transfers and checks for a complete download count on "
                 "it.",
             .breaks = "It is a number of blocks or of characters, one that `ls -h` rounded, or a "
                       "field that nobody fills.",
             .wrong = R"(size: content.length, // UTF-16 units, and 0 where it was not read)",
             .right = R"(size: stat.size,)",
             .defects = {"F18"},
             .mend = "Report st_size.",
             .check = SizesAreInBytes}),
      Entry({.id = "modified",
             .asks = "`lastModified` is the time of the file, not that of the call.",
             .why = "Builds and syncs compare times: a file that always looks changed is built and "
                    "copied for ever.",
             .breaks = "`new Date()` stands in for a time that the backend did not give; `ls -l` "
                       "leaves the year out; seconds are taken for milliseconds.",
             .wrong = R"(lastModified: new Date(entry.mtime ?? Date.now()), // mtime in seconds)",
             .right = R"(lastModified: entry.mtime && new Date(entry.mtime * 1000),)",
             .defects = {"F19"},
             .mend = "Report st_mtime in UTC; where you have no time, leave the field out.",
             .check = TimesAreTheFiles}),
      Entry({.id = "modified-present",
             .level = Level::kRecommended,
             .asks = "readdir gives `lastModified`.",
             .why = "Without it callers have to run `stat` for each file.",
             .breaks = "The listing asks for names and sizes alone.",
             .wrong = R"(const format = '%f\\0%s\\0';)",
             .right = R"(const format = '%f\\0%s\\0%T@\\0'; // find -printf; seconds since 1970)",
             .defects = {"F19"},
             .mend = "Report st_mtime in UTC.",
             .check = TimesAreThere}),
  };
}

}  // namespace computesdk::conformance
