#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What the file methods must keep apart: the machine outside, other sandboxes, other writers.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

// A provider that runs on the kit's machine by design shows its files to every command: there a
// file method gives no access that there was not anyway.
bool NothingIsOutside(CheckContext& ctx, const Box& box, const OutsideFile& file) {
  if (!RunsOnThisMachine(ctx, box, file)) return false;
  ctx.Tolerated("Commands see the files of this machine, so that for them nothing is outside.");
  return true;
}

void ExpectNotRead(CheckContext& ctx, const std::string& path, const OutsideFile& file) {
  const Result<std::string> content = ctx.provider().ReadFile(ctx.box().id, path);
  if (content && content->find(file.content()) != std::string::npos) {
    ctx.Fail({"readFile of " + path, "no access to " + file.path() + ", which lies outside",
              "the content of that file"});
  }
}

void LinksOutGiveNoReading(CheckContext& ctx) {
  const Box& box = ctx.box();
  const OutsideFile file(ctx, "outside " + ctx.Unique());
  if (NothingIsOutside(ctx, box, file)) return;
  MakeLink(ctx, box, file.path(), box.Path("link"));
  MakeLink(ctx, box, file.directory(), box.Path("directory"));
  MakeLink(ctx, box, "/", box.Path("root"));
  MakeLink(ctx, box, "link", box.Path("link-to-the-link"));
  for (const std::string& path : {box.Path("link"), box.Path("directory/outside"),
                                  box.Path("root") + file.path(), box.Path("link-to-the-link")}) {
    ExpectNotRead(ctx, path, file);
  }
  for (const std::string& path : {box.Path("directory"), box.Path("root") + file.directory()}) {
    const auto entries = ctx.provider().Readdir(box.id, path);
    if (!entries) continue;
    ctx.Expect(std::ranges::count(*entries, "outside", &FileEntry::name), Eq(0),
               "how often readdir of " + path + ", a link out of the sandbox, has a file there");
  }
}

void LinksOutGiveNoWriting(CheckContext& ctx) {
  const Box& box = ctx.box();
  const OutsideFile file(ctx, "outside " + ctx.Unique());
  if (NothingIsOutside(ctx, box, file)) return;
  MakeLink(ctx, box, file.path(), box.Path("link"));
  MakeLink(ctx, box, file.directory(), box.Path("directory"));
  Provider& provider = ctx.provider();
  const auto expect_unharmed = [&](const std::string& doing) {
    ctx.Expect(file.IsUnchanged(), IsTrue(),
               "whether " + file.path() + " is as it was after " + doing);
    std::error_code error;
    int entries = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(file.directory(), error)) {
      ++entries;
    }
    ctx.Expect(entries, Eq(1), "how many files lie in that directory after " + doing);
  };
  provider.WriteFile(box.id, box.Path("link"), "overwritten");
  expect_unharmed("writeFile to a link to it");
  provider.WriteFile(box.id, box.Path("directory/new"), "new");
  provider.Mkdir(box.id, box.Path("directory/made"));
  expect_unharmed("writeFile and mkdir below a link to its directory");
  provider.Remove(box.id, box.Path("directory/outside"));
  expect_unharmed("remove below a link to its directory");
  provider.Remove(box.id, box.Path("link"));
  provider.Remove(box.id, box.Path("directory"));
  expect_unharmed("remove of the links");
}

// Out of the box, up to the root and beyond it.
std::string WayUp(const Box& box) {
  std::string path = box.dir;
  for (int i = 0; i < 24; ++i) path += "/..";
  return path;
}

void DotDotNeverLeaves(CheckContext& ctx) {
  const Box& box = ctx.box();
  const OutsideFile file(ctx, "outside " + ctx.Unique());
  if (NothingIsOutside(ctx, box, file)) return;
  Prepare(ctx, box, {MakeDirectory(box.Path("sub"))});
  const std::string up = WayUp(box);
  std::string relative = "..";
  for (int i = 0; i < 24; ++i) relative += "/..";
  for (const std::string& path :
       {up + file.path(), box.dir + "/sub/../../../../../../../../../../.." + file.path(),
        relative + file.path(), box.dir + "/missing/../" + relative + file.path()}) {
    ExpectNotRead(ctx, path, file);
  }
  ctx.provider().WriteFile(box.id, up + file.path(), "overwritten");
  ctx.provider().WriteFile(box.id, up + file.directory() + "/new", "new");
  ctx.provider().Mkdir(box.id, up + file.directory() + "/made");
  ctx.provider().Remove(box.id, up + file.path());
  std::error_code error;
  ctx.Expect(file.IsUnchanged(), IsTrue(),
             "whether " + file.path() + " is as it was after writeFile and remove by `..`");
  ctx.Expect(std::filesystem::exists(file.directory() + "/new", error) ||
                 std::filesystem::exists(file.directory() + "/made", error),
             IsFalse(), "whether writeFile or mkdir made something outside by `..`");
}

void SandboxesShareNoFiles(CheckContext& ctx) {
  const Box& one = ctx.box();
  const Box two = ctx.CreateBox();
  Provider& provider = ctx.provider();
  const std::string word = ctx.Unique();
  const std::string first = one.workdir + "/" + word;
  const std::string second = two.workdir + "/" + word;
  ctx.Must(provider.WriteFile(one.id, first, "of the first"), "writeFile in the first sandbox");
  ctx.Expect(ctx.Must(provider.Exists(two.id, second), "exists in the second sandbox"), IsFalse(),
             "exists in one sandbox of a file that was written in another");
  ctx.ExpectError(provider.ReadFile(two.id, second),
                  "readFile in one sandbox of a file that was written in another");
  ctx.Must(provider.WriteFile(two.id, second, "of the second"), "writeFile in the second sandbox");
  ctx.ExpectBytes(ctx.Must(provider.ReadFile(one.id, first), "readFile in the first sandbox"),
                  "of the first", "the first one's file after the second wrote its own");
  ctx.Must(provider.Remove(two.id, second), "remove in the second sandbox");
  ctx.ExpectBytes(ctx.PeekFile(one, first).value_or("(no file)"), "of the first",
                  "the first one's file after remove in the second");
  ctx.Must(provider.Remove(one.id, first), "remove in the first sandbox");
}

constexpr int kWriters = 12;

void ParallelWritesArrive(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeDirectory(box.Path("shared"))});
  const auto path = [&](int i) { return box.Path("shared/file-" + std::to_string(i)); };
  const auto content = [](int i) {
    return std::string(1000, static_cast<char>('a' + i)) + std::to_string(i);
  };
  ctx.InParallel(kWriters, [&](int i) {
    ctx.Must(ctx.provider().WriteFile(box.id, path(i), content(i)), "writeFile");
    ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, path(i)), "readFile"), content(i),
                    "readFile of a file, while others are written");
  });
  std::vector<Fact> facts;
  for (int i = 0; i < kWriters; ++i) {
    facts.push_back({"file " + std::to_string(i) + " of " + std::to_string(kWriters) +
                         " that were written at the same time",
                     "what was written to it", Holds(path(i), content(i))});
  }
  ExpectFacts(ctx, box, facts);
}

void ParallelMkdirsArrive(CheckContext& ctx) {
  const Box& box = ctx.box();
  const auto path = [&](int i) { return box.Path("new/parents/dir-" + std::to_string(i)); };
  ctx.InParallel(kWriters, [&](int i) {
    ctx.Must(ctx.provider().Mkdir(box.id, path(i)), "mkdir, while others make the same parents");
  });
  std::vector<Fact> facts;
  for (int i = 0; i < kWriters; ++i) {
    facts.push_back({"directory " + std::to_string(i) + " of " + std::to_string(kWriters) +
                         " that were made at the same time",
                     "a directory", IsDirectory(path(i))});
  }
  ExpectFacts(ctx, box, facts);
}

void OneOfTwoWritersWins(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  // Of different lengths, so that the rest of a longer one would show.
  const auto content = [](int i) {
    return std::string(static_cast<std::size_t>(20000 + 5000 * i), static_cast<char>('a' + i));
  };
  constexpr int kRivals = 6;
  for (int round = 0; round < 3; ++round) {
    ctx.InParallel(kRivals, [&](int i) {
      ctx.Must(ctx.provider().WriteFile(box.id, path, content(i)), "writeFile");
    });
    const std::string left = ctx.PeekFile(box, path).value_or("(no file)");
    bool whole = false;
    for (int i = 0; i < kRivals; ++i) whole = whole || left == content(i);
    if (whole) continue;
    ctx.Fail({"a file that " + std::to_string(kRivals) + " calls wrote at the same time",
              "what one of them wrote, whole",
              std::to_string(left.size()) + " bytes, which are " + Printable(left, 60)});
    return;
  }
}

Requirement File(Requirement requirement) {
  requirement.id.insert(0, "filesystem.");
  requirement.capability = capability::kFilesystem;
  requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> FileSafetyRequirements() {
  return {
      File({.id = "outside.links-read",
            .asks = "A link that leads out of the sandbox lets no file method read outside.",
            .why = "File methods that work on the machine around the sandbox follow the sandbox's "
                   "links there: a link to /etc/shadow is the machine's own.",
            .defects = {"F32", "F38", "S4"},
            .mend = "Run file methods inside of the sandbox, or resolve every link against its "
                    "root (openat2 with RESOLVE_IN_ROOT).",
            .check = LinksOutGiveNoReading}),
      File({.id = "outside.links-write",
            .asks =
                "A link that leads out of the sandbox lets no file method write, make or remove "
                "anything outside.",
            .why = "It is the way out of a sandbox that is most often found.",
            .defects = {"F32", "F38", "S4"},
            .mend = "Run file methods inside of the sandbox, or resolve every link against its "
                    "root.",
            .check = LinksOutGiveNoWriting}),
      File({.id = "outside.dot-dot",
            .asks = "A path with `..` never leaves the sandbox.",
            .why = "A path that is joined with the sandbox's directory on the machine outside, and "
                   "not resolved, climbs out of it.",
            .defects = {"F32", "S4"},
            .mend = "Resolve the path as if the sandbox's root were the root of all, or refuse it.",
            .check = DotDotNeverLeaves}),
      File({.id = "sandboxes-share-nothing",
            .asks = "Sandboxes share no files: what the file methods do in one shows in no other.",
            .why = "One volume, one bucket prefix or one temporary directory for all gives every "
                   "user everybody's files.",
            .defects = {"S2", "L20"},
            .mend = "Give each sandbox a file system of its own.",
            .check = SandboxesShareNoFiles}),
      File({.id = "parallel.different-paths",
            .asks = "Writes at the same time to different paths all arrive.",
            .why = "A temporary file of one name for all calls mixes their contents, and a listing "
                   "that is read, changed and written back loses some.",
            .defects = {"F41", "P5"},
            .mend = "Give each call a temporary name of its own.",
            .check = ParallelWritesArrive}),
      File({.id = "parallel.same-parents",
            .asks = "Directories that are made at the same time below one new parent are all made.",
            .why = "Who looks for the parent first and makes it then fails if somebody else was "
                   "faster.",
            .defects = {"F41", "F10"},
            .mend = "Make the parent, and take \"exists\" for success.",
            .check = ParallelMkdirsArrive}),
      File({.id = "parallel.same-path",
            .asks = "Of writes at the same time to one path, one wins whole.",
            .why = "Chunks of two uploads in one file are neither's content. It is found months "
                   "later.",
            .defects = {"F41", "P5", "F5"},
            .mend = "Write to a temporary file of the call's own, and rename it over the target.",
            .check = OneOfTwoWritersWins}),
  };
}

}  // namespace computesdk::conformance
