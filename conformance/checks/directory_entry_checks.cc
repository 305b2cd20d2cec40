#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What readdir says of an entry, and what exists says of a path.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

// The entry of that name; not-testable without one, as another requirement asks for that.
FileEntry Entry(CheckContext& ctx, const std::string& directory, const std::string& name) {
  for (const FileEntry& entry :
       ctx.Need(ctx.provider().Readdir(ctx.box().id, directory), "readdir")) {
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
  for (const char* name : {"full", "empty", ".hidden", ".config", "like.txt"}) {
    ctx.Expect(Entry(ctx, dir, name).is_directory, IsTrue(),
               std::string("isDirectory of the directory ") + name);
  }
  for (const char* name : {"file", "nothing", "drwx"}) {
    ctx.Expect(Entry(ctx, dir, name).is_directory, IsFalse(),
               std::string("isDirectory of the file ") + name);
  }
}

void SizesAreInBytes(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  std::string big;
  for (int i = 0; i < 70001; ++i) big += 'b';
  const std::map<std::string, std::string> files = {{"nothing", ""},
                                                    {"one", "x"},
                                                    {"five", "five\n"},
                                                    {"beyond-ascii", "\xc3\xa9\n"},
                                                    {"block", std::string(4096, 'x')},
                                                    {"70001", big}};
  Prepare(ctx, box, {MakeDirectory(dir)});
  for (const auto& [name, content] : files) {
    ctx.Need(ctx.provider().WriteFile(box.id, dir + "/" + name, content), "writeFile");
    if (ctx.PeekFile(box, dir + "/" + name) != content) {
      ctx.NotTestable("writeFile did not write the file " + name + " exactly");
    }
  }
  for (const auto& [name, content] : files) {
    const std::optional<std::int64_t> size = Entry(ctx, dir, name).size;
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

// Gives a file the time 2001-09-09 01:46:40 UTC; false where there is no `touch` that can.
bool MakeOld(CheckContext& ctx, const std::string& path) {
  const std::string quoted = ShellQuote(path);
  const Result<ExecutionResult> made =
      ctx.Sh(ctx.box(),
             "touch -d @1000000000 " + quoted + " || TZ=UTC0 touch -t 200109090146.40 " + quoted);
  return made && made->exit_code == 0;
}

// Where the time cannot be set, it must at least stay the same while time goes by.
void ExpectTimeStays(CheckContext& ctx, const std::string& directory, const std::string& name,
                     Timestamp first) {
  // A time in whole seconds changes only with the next second.
  const bool fine = first.time_since_epoch().count() % 1000 != 0;
  ctx.Sleep(fine ? Milliseconds{30} : Milliseconds{1100});
  const std::optional<Timestamp> second = Entry(ctx, directory, name).last_modified;
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
  const std::optional<Timestamp> fresh = Entry(ctx, dir, "new").last_modified;
  if (!fresh) {
    ctx.Tolerated("readdir leaves lastModified out.");
    return;
  }
  if (!old) {
    ExpectTimeStays(ctx, dir, "new", *fresh);
    return;
  }
  for (const char* name : {"old", "sub"}) {
    const std::optional<Timestamp> time = Entry(ctx, dir, name).last_modified;
    if (!time) continue;
    const Timestamp expected{std::chrono::seconds{1'000'000'000}};
    if (*time - expected > kOneSecond || expected - *time > kOneSecond) {
      ctx.Fail({std::string("lastModified of ") + name + ", which `touch` made old",
                ShowTime(expected), ShowTime(*time)});
    }
  }
  // The sandbox's clock is its own; that a new file is not as old as the other one is sure.
  const Timestamp long_ago{std::chrono::seconds{1'000'086'400}};
  if (*fresh < long_ago) {
    ctx.Fail({"lastModified of a new file", "a time after that of one made old by `touch`",
              ShowTime(*fresh)});
  }
}

void TimesAreThere(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(ctx, box, {MakeDirectory(dir), MakeFile(dir + "/file", "x")});
  if (!Entry(ctx, dir, "file").last_modified) {
    ctx.Fail({"lastModified of a file", "its time", "none"});
  }
}

bool Exists(CheckContext& ctx, const std::string& path) {
  return ctx.Must(ctx.provider().Exists(ctx.box().id, path), "exists of " + Printable(path, 120));
}

void ExistsIsTrue(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("dir/sub")), MakeFile(box.Path("file"), "x"),
           MakeFile(box.Path("nothing"), ""), MakeFile(box.Path("dir/.hidden"), "x")});
  for (const char* name : {"file", "nothing", "dir/.hidden"}) {
    ctx.Expect(Exists(ctx, box.Path(name)), IsTrue(), std::string("exists of the file ") + name);
  }
  for (const char* name : {"dir", "dir/sub", ""}) {
    ctx.Expect(Exists(ctx, box.Path(name)), IsTrue(),
               std::string("exists of the directory ") + name);
  }
}

void ExistsIsFalse(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "x"), MakeDirectory(box.Path("dir"))});
  for (const char* name : {"missing", "dir/missing", "missing/deeper", "fil", "file2", "FILE"}) {
    ctx.Expect(Exists(ctx, box.Path(name)), IsFalse(),
               std::string("exists of the missing path ") + name);
  }
}

void ExistsBelowAFileIsFalse(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "x")});
  for (const char* name : {"file/below", "file/a/b"}) {
    ctx.Expect(Exists(ctx, box.Path(name)), IsFalse(),
               std::string("exists of ") + name + ", where `file` is a file,");
  }
}

void ExistsIsFresh(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  ctx.Expect(Exists(ctx, path), IsFalse(), "exists before the file is made");
  Prepare(ctx, box, {MakeFile(path, "x")});
  ctx.Expect(Exists(ctx, path), IsTrue(), "exists after a command made it");
  Prepare(ctx, box, {"rm " + ShellQuote(path)});
  ctx.Expect(Exists(ctx, path), IsFalse(), "exists after a command removed it");
  ctx.Need(ctx.provider().WriteFile(box.id, path, "y"), "writeFile");
  ctx.Expect(Exists(ctx, path), IsTrue(), "exists after writeFile");
  ctx.Need(ctx.provider().Remove(box.id, path), "remove");
  ctx.Expect(Exists(ctx, path), IsFalse(), "exists after remove");
}

void ExistsOfLinks(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "x"), MakeDirectory(box.Path("dir"))});
  MakeLink(ctx, box, "file", box.Path("to-a-file"));
  MakeLink(ctx, box, "dir", box.Path("to-a-directory"));
  MakeLink(ctx, box, "nowhere", box.Path("dangling"));
  MakeLink(ctx, box, "around", box.Path("around"));
  ctx.Expect(Exists(ctx, box.Path("to-a-file")), IsTrue(), "exists of a link to a file");
  ctx.Expect(Exists(ctx, box.Path("to-a-directory")), IsTrue(), "exists of a link to a directory");
  // Either answer is right for these two; an error is not.
  Exists(ctx, box.Path("dangling"));
  Exists(ctx, box.Path("around"));
}

Requirement File(Requirement requirement) {
  requirement.id.insert(0, "filesystem.");
  requirement.capability = capability::kFilesystem;
  if (requirement.level == Level::kRequired) requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> DirectoryEntryRequirements() {
  return {
      File({.id = "readdir.kinds",
            .asks = "`isDirectory` is true of directories, and false of files.",
            .why = "The SDK behind the provider names its field otherwise (`type`, `isDir`), and "
                   "every directory is a file.",
            .defects = {"F17"},
            .mend = "Read the type from the field that your backend really has.",
            .check = KindsAreTold}),
      File({.id = "readdir.sizes",
            .asks = "`size` of a regular file is its length in bytes.",
            .why = "Blocks, characters, or a field that is not filled. Progress bars and transfer "
                   "limits go wrong.",
            .defects = {"F18"},
            .mend = "Report st_size.",
            .check = SizesAreInBytes}),
      File({.id = "readdir.modified",
            .asks = "`lastModified` is the time of the file, not that of the call.",
            .why = "`new Date()` in place of a time that the backend did not give makes every file "
                   "look changed: caches and syncs never rest.",
            .defects = {"F19"},
            .mend = "Report st_mtime in UTC; where you have no time, leave the field out.",
            .check = TimesAreTheFiles}),
      File({.id = "readdir.modified-present",
            .level = Level::kRecommended,
            .asks = "readdir gives `lastModified`.",
            .why = "Without it callers have to run `stat` for each file.",
            .defects = {"F19"},
            .mend = "Report st_mtime in UTC.",
            .check = TimesAreThere}),
      File({.id = "exists.true",
            .asks = "exists is true for files, empty and hidden ones too, and for directories.",
            .why = "`test -f` misses directories, and a read of the content takes an empty file "
                   "for none.",
            .defects = {"F39"},
            .mend = "Use `test -e`, or a stat.",
            .check = ExistsIsTrue}),
      File({.id = "exists.false",
            .asks = "exists is false for what is missing, and that is no error.",
            .why = "An error where the answer is no makes callers catch every error, and then real "
                   "failures are a no, too.",
            .defects = {"F39"},
            .mend = "Map the backend's \"not found\" to false, and nothing else.",
            .check = ExistsIsFalse}),
      File({.id = "exists.below-file",
            .asks = "exists is false for a path below a file, and that is no error.",
            .why = "The kernel says ENOTDIR here, not ENOENT, which is easily forgotten.",
            .defects = {"F39"},
            .mend = "Treat ENOTDIR like ENOENT.",
            .check = ExistsBelowAFileIsFalse}),
      File({.id = "exists.fresh",
            .asks = "exists shows what was made and removed just before.",
            .why = "A cached answer sends the caller into the wrong branch.",
            .defects = {"F40", "F39"},
            .mend = "Ask the machine each time.",
            .check = ExistsIsFresh}),
      File({.id = "exists.links",
            .asks = "exists is true for a link to what is there, and no error for any link.",
            .why = "A link that points nowhere, or to itself, makes stat fail with other codes.",
            .defects = {"F39", "F14"},
            .mend = "Treat a link that cannot be followed as missing or as there, and never as a "
                    "failure.",
            .check = ExistsOfLinks}),
  };
}

}  // namespace computesdk::conformance
