#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// What remove takes, and what it leaves.
namespace computesdk::conformance {
namespace {

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

Requirement Remove(Requirement requirement) {
  requirement.id.insert(0, "remove.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> RemoveRequirements() {
  return {
      Remove({.id = "files",
              .asks = "remove takes files: empty, hidden and read-only ones, too.",
              .why = "Git makes its objects read-only; a clean-up that stops there cleans nothing "
                     "up.",
              .breaks = "`rm` without -f asks about a read-only file and waits for an answer that "
                        "never comes, or takes the end of its input for a no.",
              .wrong = R"(await sandbox.exec(['rm', '--', path]);)",
              .right = R"(await sandbox.exec(['rm', '-rf', '--', path]);)",
              .defects = {"F37", "F38"},
              .mend = "Use `rm -rf --`, or unlink.",
              .check = RemoveTakesFiles}),
      Remove({.id = "trees",
              .asks = "remove takes empty directories and whole trees.",
              .why = "`node_modules` and `build` are what callers remove.",
              .breaks = "`rm` without -r, or `rmdir`, fails on them; a loop over `*` leaves hidden "
                        "ones, and then the directory.",
              .wrong = R"(const stat = await fs.stat(path);
await (stat.isDirectory() ? fs.rmdir(path) : fs.unlink(path));)",
              .right = R"(await fs.rm(path, { recursive: true });)",
              .defects = {"F38"},
              .mend = "Use `rm -rf --`, or the backend's recursive removal.",
              .check = RemoveTakesTrees}),
      Remove({.id = "links",
              .asks = "remove takes a link, never what it leads to; dangling ones, too.",
              .why =
                  "A link to the shared data directory, in a tree that is removed, must not cost "
                  "the data.",
              .breaks = "A walk uses stat instead of lstat, or adds a slash to each directory's "
                        "path; a dangling link counts as missing, and is left.",
              .wrong = R"(if (!(await exists(path))) return; // false for a dangling link
const stat = await fs.stat(path); // of what it leads to
if (stat.isDirectory()) await removeAllIn(path);)",
              .right = R"(const stat = await fs.lstat(path);
if (!stat.isDirectory()) return fs.unlink(path);
return fs.rm(path, { recursive: true }); // follows no link)",
              .defects = {"F38", "F14"},
              .mend = "Use lstat and unlink for links, and add no slash to a path.",
              .check = RemoveFollowsNoLink}),
      Remove({.id = "leaves-rest",
              .asks = "remove leaves everything else, whatever its name begins with.",
              .why = "To remove `dir` must not remove `dir2`: nobody looks there before it is "
                     "missed.",
              .breaks = "Keys are removed by their prefix, or by a pattern.",
              .wrong = R"(for (const key of await bucket.list({ prefix: path })) {
  await bucket.delete(key); // "file2" begins with "file"
})",
              .right = R"(for (const key of await bucket.list({ prefix: `${path}/` })) {
  await bucket.delete(key);
}
await bucket.delete(path);)",
              .defects = {"F27", "F38"},
              .mend = "Match the whole path, and what is below it after a slash.",
              .check = RemoveLeavesTheRest}),
      Remove({.id = "missing",
              .asks = "remove of a missing path is success or NOT_FOUND.",
              .why = "Clean-up code removes what may not be there; any other error looks like a "
                     "failure of the machine.",
              .breaks = "The exit code of `rm` without -f, or the backend's 404, becomes an error "
                        "without a code.",
              .wrong = R"(const rm = await sandbox.exec(['rm', '-r', '--', path]);
if (rm.exitCode !== 0) throw new Error(rm.stderr);)",
              .right = R"(const rm = await sandbox.exec(['rm', '-rf', '--', path]);
if (rm.exitCode !== 0) throw new Error(`${path}: ${rm.stderr}`);)",
              .defects = {"F37"},
              .mend = "Map ENOENT to success or NOT_FOUND.",
              .check = RemoveOfMissing}),
      Remove({.id = "then-make",
              .asks = "What was removed can be made again, as a file or as a directory.",
              .why = "Builds remove their output and make it anew, in the same second.",
              .breaks = "The backend remembers what the path was: a tombstone, a cached type, a "
                        "removal that is still under way.",
              .wrong = R"(deleted.add(path); // in remove
if (deleted.has(path)) throw new NotFoundError(path); // in all others)",
              .right = R"(await client.files.delete(id, path); // and nothing is remembered)",
              .defects = {"F37", "F40"},
              .mend = "Forget all about a path when it is removed, and answer when it is gone.",
              .check = RemoveThenMake}),
  };
}

}  // namespace computesdk::conformance
