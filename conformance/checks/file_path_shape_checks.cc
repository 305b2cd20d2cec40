#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// Slashes, dots and depth.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;
using ::testing::IsTrue;

// The methods that look must find the file and the directory above it at these other spellings.
void ExpectSameFile(CheckContext& ctx, const std::string& path, const std::string& spelled) {
  const Box& box = ctx.box();
  const auto scope = ctx.Case(spelled);
  const Result<std::string> content = ctx.provider().ReadFile(box.id, box.dir + spelled);
  if (ExpectSuccess(ctx, content, "readFile")) ctx.ExpectBytes(*content, "content", "readFile");
  const Result<bool> there = ctx.provider().Exists(box.id, box.dir + spelled);
  if (ExpectSuccess(ctx, there, "exists")) ctx.Expect(*there, IsTrue(), "exists");
  const Status written = ctx.provider().WriteFile(box.id, box.dir + spelled, "written");
  if (ExpectSuccess(ctx, written, "writeFile")) {
    ExpectFacts(ctx, box,
                {{spelled + ": " + path + " after writeFile", "what was written",
                  Holds(box.Path(path), "written")}});
  }
  Prepare(ctx, box, {MakeFile(box.Path(path), "content")});
}

void ExpectSameDirectory(CheckContext& ctx, const std::string& spelled) {
  const Box& box = ctx.box();
  const auto scope = ctx.Case(spelled);
  const auto entries = ctx.provider().Readdir(box.id, box.dir + spelled);
  if (ExpectSuccess(ctx, entries, "readdir")) {
    ctx.Require(entries->size(), testing::Eq(1u), "how many entries readdir has");
    ctx.ExpectBytes(entries->front().name, "file", "the name of the entry");
  }
  const Result<bool> there = ctx.provider().Exists(box.id, box.dir + spelled);
  if (ExpectSuccess(ctx, there, "exists")) ctx.Expect(*there, IsTrue(), "exists");
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.dir + spelled), "mkdir of what is there");
}

void PrepareTree(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeDirectory(box.Path("a/b")), MakeFile(box.Path("a/b/file"), "content")});
}

void DoubleSlashes(CheckContext& ctx) {
  PrepareTree(ctx);
  for (const char* spelled : {"//a//b//file", "/a/b///file"}) {
    ExpectSameFile(ctx, "a/b/file", spelled);
  }
  ExpectSameDirectory(ctx, "/a//b");
}

void TrailingSlashes(CheckContext& ctx) {
  PrepareTree(ctx);
  for (const char* spelled : {"/a/b/", "/a/b//"}) ExpectSameDirectory(ctx, spelled);
  const Box& box = ctx.box();
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, box.Path("new/")), "mkdir of new/");
  ExpectFacts(ctx, box, {{"what mkdir of new/ made", "a directory", IsDirectory(box.Path("new"))}});
  ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path("new/")), "remove of new/");
  ExpectFacts(ctx, box, {{"what remove of new/ left", "nothing", IsGone(box.Path("new"))}});
}

void DotSegments(CheckContext& ctx) {
  PrepareTree(ctx);
  for (const char* spelled : {"/./a/./b/file", "/a/b/./file"}) {
    ExpectSameFile(ctx, "a/b/file", spelled);
  }
  for (const char* spelled : {"/a/./b", "/a/b/."}) ExpectSameDirectory(ctx, spelled);
}

void DotDotInside(CheckContext& ctx) {
  PrepareTree(ctx);
  Prepare(ctx, ctx.box(), {MakeDirectory(ctx.box().Path("c"))});
  for (const char* spelled : {"/c/../a/b/file", "/a/b/../b/file", "/a/../a/b/../../a/b/file"}) {
    ExpectSameFile(ctx, "a/b/file", spelled);
  }
}

void DeepPaths(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::string path = box.dir;
  for (int i = 0; i < 50; ++i) path += "/a-directory-with-a-longer-name-" + std::to_string(i);
  Prepare(ctx, box, {MakeDirectory(path)});
  const std::string file = path + "/file";
  ExpectSuccess(ctx, ctx.provider().WriteFile(box.id, file, "deep down"),
                "writeFile 50 levels down");
  ExpectFacts(
      ctx, box,
      {{"what writeFile wrote 50 levels down", "what was written", Holds(file, "deep down")}});
  const Result<std::string> content = ctx.provider().ReadFile(box.id, file);
  if (ExpectSuccess(ctx, content, "readFile 50 levels down")) {
    ctx.ExpectBytes(*content, "deep down", "readFile 50 levels down");
  }
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, path + "/e/f/g"), "mkdir 50 levels down");
  const std::string top = box.Path("a-directory-with-a-longer-name-0");
  ExpectSuccess(ctx, ctx.provider().Remove(box.id, top), "remove of the whole");
  ExpectFacts(ctx, box, {{"what remove of the topmost left", "nothing", IsGone(top)}});
}

// One that stays below the workdir, or is refused.
void ExpectRelative(CheckContext& ctx, const std::string& name) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  const auto scope = ctx.Case(name);
  if (!provider.Mkdir(box.id, name)) {
    ctx.Tolerated("Relative paths are refused.");
    return;
  }
  const std::string file = name + "/file";
  ExpectSuccess(ctx, provider.WriteFile(box.id, file, "content"), "writeFile below it");
  const Result<std::string> content = provider.ReadFile(box.id, file);
  if (ExpectSuccess(ctx, content, "readFile below it")) {
    ctx.ExpectBytes(*content, "content", "readFile below it");
  }
  const Result<bool> there = provider.Exists(box.id, name);
  if (ExpectSuccess(ctx, there, "exists")) ctx.Expect(*there, IsTrue(), "exists");
  const auto entries = provider.Readdir(box.id, name);
  if (ExpectSuccess(ctx, entries, "readdir")) {
    ctx.Expect(entries->size(), testing::Eq(1u), "how many entries readdir has");
  }
  const std::string from_workdir = "./" + file;
  ExpectFacts(ctx, box,
              {{"the file for a command without a cwd", "what was written",
                Holds(from_workdir, "content")}});
  ExpectSuccess(ctx, provider.Remove(box.id, name), "remove");
  ExpectFacts(ctx, box, {{"what remove left", "nothing", IsGone("./" + name)}});
}

void RelativePaths(CheckContext& ctx) {
  const std::string word = ctx.Unique();
  for (const char* before : {"", "./", "-", "~", "$"}) ExpectRelative(ctx, before + word);
}

void AFileIsNoDirectory(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "content")});
  for (const char* spelled : {"file/", "file/."}) {
    const auto scope = ctx.Case(spelled);
    const Result<bool> there = provider.Exists(box.id, box.Path(spelled));
    if (ExpectSuccess(ctx, there, "exists")) ctx.Expect(*there, IsFalse(), "exists");
    ctx.ExpectError(provider.ReadFile(box.id, box.Path(spelled)), "readFile");
    ctx.ExpectError(provider.WriteFile(box.id, box.Path(spelled), "new"), "writeFile");
    ctx.ExpectError(provider.Readdir(box.id, box.Path(spelled)), "readdir");
  }
  ctx.ExpectError(provider.WriteFile(box.id, box.Path("new/"), "new"),
                  "writeFile to new/, where nothing is");
  ExpectFacts(ctx, box,
              {{"the file after that", "as it was", Holds(box.Path("file"), "content")},
               {"the path `new` after that", "no file", "! " + IsFile(box.Path("new"))}});
}

}  // namespace

std::vector<Requirement> FilePathShapeRequirements() {
  return {
      FilePathRequirement(
          {.id = "double-slashes",
           .asks = "Several slashes mean what one does.",
           .why = "Callers join paths with a slash too many, and it works everywhere else.",
           .breaks = "Backends with keys instead of directories keep `a//b` and `a/b` as two "
                     "files; a URL with two slashes goes to another route.",
           .wrong = R"(await bucket.put(id + path, content); // "a//b" is another key)",
           .right = R"(await bucket.put(id + path.replace(/\/+/g, '/'), content);)",
           .defects = {"F30"},
           .mend = "Drop empty segments before the path goes to a backend that is no kernel.",
           .check = DoubleSlashes}),
      FilePathRequirement(
          {.id = "trailing-slash",
           .asks = "A directory's path may end with slashes.",
           .why = "`dir/` is how people write directories, and what a shell's completion leaves.",
           .breaks = "A comparison of texts, or a prefix with one more slash, finds nothing "
                     "there.",
           .wrong = R"(const children = keys.filter((key) => key.startsWith(path + '/'));)",
           .right = R"(const prefix = path.replace(/\/*$/, '/');
const children = keys.filter((key) => key.startsWith(prefix));)",
           .defects = {"F30"},
           .mend = "Cut slashes at the end of a directory's path before you compare or join.",
           .check = TrailingSlashes}),
      FilePathRequirement(
          {.id = "dot-segments",
           .asks = "`.` in a path means the directory it stands in.",
           .why = "Tools write `./src/x`, and join it with where they are.",
           .breaks = "A backend that takes the dot for a name finds nothing, or makes a directory "
                     "called `.`.",
           .wrong = R"(let node = root;
for (const name of path.split('/').filter(Boolean)) node = node.children.get(name);)",
           .right = R"(let node = root;
for (const name of path.split('/')) {
  if (name !== '' && name !== '.') node = node.children.get(name);
})",
           .defects = {"F30", "F31"},
           .mend = "Drop `.` segments, or leave the path to the kernel.",
           .check = DotSegments}),
      FilePathRequirement(
          {.id = "dot-dot-inside",
           .level = Level::kRecommended,
           .asks = "`a/../b` inside the sandbox is `b`.",
           .why = "Relative imports make such paths.",
           .breaks = "Every `..` is refused. That is safe, and more than is needed.",
           .wrong = R"(if (path.split('/').includes('..')) throw new Error('not allowed');)",
           .right = R"(const resolved = posix.resolve(workdir, path);
if (!resolved.startsWith(workdir + '/')) throw new Error('not allowed');)",
           .defects = {"F31", "F32"},
           .mend = "Resolve the path first, and refuse it only if it leaves the sandbox.",
           .check = DotDotInside}),
      FilePathRequirement(
          {.id = "deep",
           .asks = "Files 50 directories down are written, read and removed like others.",
           .why = "Package managers nest deeply, with long names at every level.",
           .breaks = "A recursion has a limit, a column for the path is too short, or a removal "
                     "goes down one level only.",
           .wrong = R"(CREATE TABLE files (path VARCHAR(1024) PRIMARY KEY, content BLOB))",
           .right = R"(CREATE TABLE files (path TEXT PRIMARY KEY, content BLOB))",
           .defects = {"F44"},
           .mend = "Allow paths of at least 4,095 bytes, and remove trees without recursion "
                   "limits.",
           .check = DeepPaths}),
      FilePathRequirement(
          {.id = "relative",
           .level = Level::kRecommended,
           .asks = "A relative path means one place for all six methods and for commands, or is "
                   "refused.",
           .why = "Who writes `out.txt` and runs `cat out.txt` expects to see it.",
           .breaks = "The file service starts at `/` or at a home directory, and commands at the "
                     "workdir; one of the methods expands `~`, or takes `-x` for an option.",
           .wrong = R"(await agent.write(path, content); // from the agent's own directory
await sandbox.exec(argv, { cwd: workdir });)",
           .right = R"(await agent.write(posix.resolve(workdir, path), content);
await sandbox.exec(argv, { cwd: workdir });)",
           .defects = {"F26", "F28", "F29"},
           .mend = "Join relative paths with the workdir, in one place for all six methods.",
           .check = RelativePaths}),
      FilePathRequirement(
          {.id = "slash-after-file",
           .level = Level::kRecommended,
           .asks = "`file/` and `file/.` are not the file.",
           .why = "The slash says that a directory is meant. Who asks for one must not overwrite a "
                  "file.",
           .breaks = "The path is tidied up before it reaches the kernel: a slash or a dot at the "
                     "end is dropped, whatever is there.",
           .wrong = R"(return fs.readFile(posix.join(path, '.').replace(/\/$/, ''));)",
           .right = R"(return fs.readFile(path); // the kernel says ENOTDIR for "file/")",
           .defects = {"F30", "F39"},
           .mend = "Leave slashes and dots at the end to the kernel, or look whether a directory "
                   "is there.",
           .check = AFileIsNoDirectory}),
  };
}

}  // namespace computesdk::conformance
