#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"

// What mkdir makes.
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

Requirement Mkdir(Requirement requirement) {
  requirement.id.insert(0, "mkdir.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> MkdirRequirements() {
  return {
      Mkdir({.id = "makes",
             .asks = "mkdir makes a directory that commands can use.",
             .why = "The next step is `cd` into it, or a build that writes there.",
             .breaks =
                 "A marker in an object store is a directory for the file methods only; or it "
                 "is made by a user whom commands are not.",
             .wrong = R"(await bucket.put(`${id}${path}/.keep`, '');)",
             .right = R"(const mkdir = await sandbox.exec(['mkdir', '-p', '--', path]);
if (mkdir.exitCode !== 0) throw new Error(`${path}: ${mkdir.stderr}`);)",
             .defects = {"F10", "F29"},
             .mend = "Make a real directory where commands run.",
             .check = MkdirMakes}),
      Mkdir({.id = "parents",
             .asks = "mkdir makes missing parents.",
             .why = "Callers make `src/lib` in an empty sandbox, in one call.",
             .breaks = "Plain `mkdir`, or the backend's call for one level, fails without the "
                       "parent.",
             .wrong = R"(await client.files.mkdir(id, path);)",
             .right = R"(await client.files.mkdir(id, path, { recursive: true });)",
             .defects = {"F10"},
             .mend = "Do as `mkdir -p` does.",
             .check = MkdirMakesParents}),
      Mkdir({.id = "existing",
             .asks = "mkdir is content with a directory that is there, and leaves what is in it.",
             .why = "Callers ensure a directory before each write, and do not look first.",
             .breaks =
                 "\"Exists\" of the backend becomes an error of the call, or the directory is "
                 "made anew, and empty.",
             .wrong = R"(tree.set(path, new Map()); // whatever was there)",
             .right = R"(if (!tree.has(path)) tree.set(path, new Map());)",
             .defects = {"F10"},
             .mend = "Do as `mkdir -p` does.",
             .check = MkdirIsContent}),
      Mkdir({.id = "over-file",
             .asks = "mkdir over a file is an error, and the file stays.",
             .why = "With success reported, the next write below it fails far from the cause.",
             .breaks = "\"Exists\" is swallowed, to be content with a directory, and a file is "
                       "there.",
             .wrong = R"(catch (error) {
  if (error.code !== 'EEXIST') throw error;
})",
             .right = R"(catch (error) {
  const there = error.code === 'EEXIST' && (await fs.stat(path)).isDirectory();
  if (!there) throw error;
})",
             .defects = {"F11"},
             .mend = "Swallow \"exists\" only where a directory is there.",
             .check = MkdirOverFileFails}),
      Mkdir({.id = "below-file",
             .asks = "mkdir below a file is an error, and the file stays.",
             .why = "A wrong path must not cost a file, nor be reported as made.",
             .breaks =
                 "The kernel's ENOTDIR is not looked at; a tree of the provider's own takes a "
                 "file for a directory without children.",
             .wrong = R"(await sandbox.sh(`mkdir -p ${shellQuote(path)} 2>/dev/null; true`);)",
             .right = R"(const mkdir = await sandbox.sh(`mkdir -p -- ${shellQuote(path)}`);
if (mkdir.exitCode !== 0) throw new Error(`${path}: ${mkdir.stderr}`);)",
             .defects = {"F11"},
             .mend = "Let the call fail where a parent is a file.",
             .check = MkdirBelowFileFails}),
  };
}

std::vector<Requirement> DirectoryRequirements() {
  return Join(MkdirRequirements(), RemoveRequirements(), DirectoryListingRequirements(),
              DirectoryEntryRequirements(), ExistsRequirements());
}

}  // namespace computesdk::conformance
