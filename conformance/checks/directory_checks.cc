#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What mkdir makes, and what remove takes.
namespace computesdk::conformance {
namespace {

void MkdirMakes(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<Fact> facts;
  for (const char* name : {"dir", ".hidden", "dir/sub"}) {
    ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path(name)), std::string("mkdir ") + name);
    facts.push_back(
        {std::string("what mkdir made at ") + name, "a directory", IsDirectory(box.Path(name))});
    facts.push_back(
        {std::string("what a command writes into ") + name, "a file",
         MakeFile(box.Path(name) + "/file", "x") + " && " + Holds(box.Path(name) + "/file", "x")});
  }
  ExpectFacts(ctx, box, facts);
}

void MkdirMakesParents(CheckContext& ctx) {
  const Box& box = ctx.box();
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path("a/b/c/d")), "mkdir a/b/c/d");
  ExpectFacts(ctx, box, {{"a/b/c/d after mkdir", "a directory", IsDirectory(box.Path("a/b/c/d"))}});
  Prepare(ctx, box, {MakeDirectory(box.Path("e")), MakeFile(box.Path("e/file"), "kept")});
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path("e/f/g")), "mkdir e/f/g, with e there");
  ExpectFacts(ctx, box,
              {{"e/f/g after mkdir", "a directory", IsDirectory(box.Path("e/f/g"))},
               {"e/file after it", "as it was", Holds(box.Path("e/file"), "kept")}});
}

void MkdirIsContent(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeDirectory(box.Path("dir")), MakeFile(box.Path("dir/file"), "kept")});
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path("dir")),
                "mkdir of a directory that is there");
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path("new")), "mkdir");
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path("new")), "mkdir again");
  ExpectFacts(ctx, box,
              {{"a directory's file after mkdir of the directory", "as it was",
                Holds(box.Path("dir/file"), "kept")}});
}

void MkdirOverFileFails(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "kept"), MakeFile(box.Path("nothing"), "")});
  for (const char* name : {"file", "nothing"}) {
    ctx.ExpectError(ctx.provider().Mkdir(box.id, box.Path(name)),
                    std::string("mkdir over the file ") + name);
  }
  ExpectFacts(ctx, box,
              {{"the file after it", "as it was", Holds(box.Path("file"), "kept")},
               {"the empty file after it", "a file", IsFile(box.Path("nothing"))}});
}

void MkdirBelowFileFails(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "kept")});
  for (const char* name : {"file/dir", "file/a/b"}) {
    ctx.ExpectError(ctx.provider().Mkdir(box.id, box.Path(name)),
                    std::string("mkdir ") + name + ", where `file` is a file,");
  }
  ExpectFacts(ctx, box, {{"that file after it", "as it was", Holds(box.Path("file"), "kept")}});
}

void RemoveTakesFiles(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeFile(box.Path("file"), "x"), MakeFile(box.Path(".hidden"), "x"),
           MakeFile(box.Path("nothing"), ""), MakeFile(box.Path("read-only"), "x"),
           "{ chmod 444 " + ShellQuote(box.Path("read-only")) + " || true; }"});
  std::vector<Fact> facts;
  for (const char* name : {"file", ".hidden", "nothing", "read-only"}) {
    ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path(name)),
                  std::string("remove of the file ") + name);
    facts.push_back(
        {std::string("what remove left at ") + name, "nothing", IsGone(box.Path(name))});
  }
  ExpectFacts(ctx, box, facts);
}

void RemoveTakesTrees(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("empty")), MakeDirectory(box.Path("tree/a/b/c/d")),
           MakeDirectory(box.Path("tree/.hidden/x")), MakeFile(box.Path("tree/file"), "x"),
           MakeFile(box.Path("tree/a/-rf"), "x"), MakeFile(box.Path("tree/.hidden/x/.file"), "x"),
           MakeFile(box.Path("tree/a/b/c/d/file"), "x")});
  std::vector<Fact> facts;
  for (const char* name : {"empty", "tree"}) {
    ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path(name)),
                  std::string("remove of the directory ") + name);
    facts.push_back(
        {std::string("what remove left at ") + name, "nothing", IsGone(box.Path(name))});
  }
  ExpectFacts(ctx, box, facts);
}

void RemoveFollowsNoLink(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("kept")), MakeFile(box.Path("kept/file"), "kept"),
           MakeFile(box.Path("file"), "kept"), MakeDirectory(box.Path("tree/sub"))});
  MakeLink(ctx, box, box.Path("kept"), box.Path("to-a-directory"));
  MakeLink(ctx, box, box.Path("file"), box.Path("to-a-file"));
  MakeLink(ctx, box, box.Path("nowhere"), box.Path("dangling"));
  MakeLink(ctx, box, box.Path("kept"), box.Path("tree/sub/link"));
  MakeLink(ctx, box, "../../kept/file", box.Path("tree/sub/to-a-file"));
  std::vector<Fact> facts = {
      {"a directory that removed links led to", "as it was", Holds(box.Path("kept/file"), "kept")},
      {"a file that a removed link led to", "as it was", Holds(box.Path("file"), "kept")}};
  for (const char* name : {"to-a-directory", "to-a-file", "dangling", "tree"}) {
    ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path(name)),
                  std::string("remove of ") + name);
    facts.push_back(
        {std::string("what remove left at ") + name, "nothing", IsGone(box.Path(name))});
  }
  ExpectFacts(ctx, box, facts);
}

void RemoveLeavesTheRest(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::vector<std::string> kept = {"file2",  "fil",  "file.bak",   ".file",
                                         "dir2/x", "di/x", "other/file", "FILE"};
  std::vector<std::string> lines;
  for (const char* dir : {"dir", "dir2", "di", "other"}) {
    lines.push_back(MakeDirectory(box.Path(dir)));
  }
  for (const std::string& name : kept) lines.push_back(MakeFile(box.Path(name), "kept"));
  lines.push_back(MakeFile(box.Path("file"), "x"));
  lines.push_back(MakeFile(box.Path("dir/x"), "x"));
  Prepare(ctx, box, lines);
  ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path("file")), "remove of file");
  ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path("dir")), "remove of dir");
  std::vector<Fact> facts;
  for (const std::string& name : kept) {
    facts.push_back(
        {name + " after remove of `file` and `dir`", "as it was", Holds(box.Path(name), "kept")});
  }
  ExpectFacts(ctx, box, facts);
}

void RemoveOfMissing(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeDirectory(box.Path("dir"))});
  for (const char* name : {"missing", "dir/missing", "missing/deeper"}) {
    const Status removed = ctx.provider().Remove(box.id, box.Path(name));
    if (removed || removed.error().code == ErrorCode::kNotFound) continue;
    ctx.Fail({std::string("remove of the missing path ") + name, "success or the error NOT_FOUND",
              "the error " + removed.error().ToString()});
  }
  ExpectFacts(ctx, box,
              {{"a directory in which a missing path was removed", "as it was",
                IsDirectory(box.Path("dir"))}});
}

void RemoveThenMake(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("path");
  for (int round = 0; round < 3; ++round) {
    const auto scope = ctx.Case("round ", round + 1);
    ctx.Must(ctx.provider().WriteFile(box.id, path, "a file"), "writeFile");
    ctx.Must(ctx.provider().Remove(box.id, path), "remove of the file");
    ctx.Must(ctx.provider().Mkdir(box.id, path), "mkdir where the file was");
    ExpectFacts(
        ctx, box,
        {{"that path", "an empty directory", IsDirectory(path) + " && " + HasEntries(path, 0)}});
    ctx.Must(ctx.provider().Remove(box.id, path), "remove of the directory");
  }
}

Requirement File(Requirement requirement) {
  requirement.id.insert(0, "filesystem.");
  requirement.capability = capability::kFilesystem;
  requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> DirectoryChangeRequirements() {
  return {
      File({.id = "mkdir.makes",
            .asks = "mkdir makes a directory that commands can use.",
            .why = "A marker file in an object store is a directory for the file methods only.",
            .defects = {"F10", "F29"},
            .mend = "Make a real directory where commands run.",
            .check = MkdirMakes}),
      File({.id = "mkdir.parents",
            .asks = "mkdir makes missing parents.",
            .why = "Callers make `src/lib` in an empty sandbox. Plain `mkdir` fails there.",
            .defects = {"F10"},
            .mend = "Do as `mkdir -p` does.",
            .check = MkdirMakesParents}),
      File({.id = "mkdir.existing",
            .asks = "mkdir is content with a directory that is there, and leaves what is in it.",
            .why = "Callers ensure a directory before each write. An error, or a fresh empty "
                   "directory, breaks them.",
            .defects = {"F10"},
            .mend = "Do as `mkdir -p` does.",
            .check = MkdirIsContent}),
      File({.id = "mkdir.over-file",
            .asks = "mkdir over a file is an error, and the file stays.",
            .why = "A provider that swallows \"exists\" reports success, and the next write below "
                   "fails far from the cause.",
            .defects = {"F11"},
            .mend = "Swallow \"exists\" only where a directory is there.",
            .check = MkdirOverFileFails}),
      File({.id = "mkdir.below-file",
            .asks = "mkdir below a file is an error, and the file stays.",
            .why = "The kernel says ENOTDIR; a provider that makes parents by force replaces the "
                   "file.",
            .defects = {"F11"},
            .mend = "Let the call fail where a parent is a file.",
            .check = MkdirBelowFileFails}),
      File({.id = "remove.files",
            .asks = "remove takes files: empty, hidden and read-only ones, too.",
            .why = "`rm` without -f asks about a read-only file, and waits for an answer that "
                   "never comes.",
            .defects = {"F37", "F38"},
            .mend = "Use `rm -rf --`, or unlink.",
            .check = RemoveTakesFiles}),
      File({.id = "remove.trees",
            .asks = "remove takes empty directories and whole trees.",
            .why = "`rm` without -r, or `rmdir`, fails on them; a loop over `*` leaves hidden "
                   "ones.",
            .defects = {"F38"},
            .mend = "Use `rm -rf --`, or the backend's recursive removal.",
            .check = RemoveTakesTrees}),
      File({.id = "remove.links",
            .asks = "remove takes a link, never what it leads to.",
            .why = "A walk that follows links deletes what lies outside of the tree: a `link/` "
                   "with a slash at the end is enough.",
            .defects = {"F38", "F14"},
            .mend = "Use lstat and unlink for links, and add no slash to a path.",
            .check = RemoveFollowsNoLink}),
      File({.id = "remove.leaves-rest",
            .asks = "remove leaves everything else, whatever its name begins with.",
            .why = "Removal by prefix or pattern takes `file2` with `file`, and `dir2` with "
                   "`dir`.",
            .defects = {"F27", "F38"},
            .mend = "Match the whole path, and what is below it after a slash.",
            .check = RemoveLeavesTheRest}),
      File({.id = "remove.missing",
            .asks = "remove of a missing path is success or NOT_FOUND.",
            .why = "Clean-up code removes what may not be there; any other error looks like a "
                   "failure of the machine.",
            .defects = {"F37"},
            .mend = "Map ENOENT to success or NOT_FOUND.",
            .check = RemoveOfMissing}),
      File({.id = "remove.then-make",
            .asks = "What was removed can be made again, as a file or as a directory.",
            .why = "Tombstones and caches of a backend remember what the path was.",
            .defects = {"F37", "F40"},
            .mend = "Forget all about a path when it is removed.",
            .check = RemoveThenMake}),
  };
}

std::vector<Requirement> DirectoryRequirements() {
  return Join(DirectoryChangeRequirements(), DirectoryListingRequirements(),
              DirectoryEntryRequirements());
}

}  // namespace computesdk::conformance
