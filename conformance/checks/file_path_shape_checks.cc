#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"

// Slashes, dots and depth.
namespace computesdk::conformance {
namespace {

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
  for (int i = 0; i < 50; ++i) path += "/d" + std::to_string(i);
  Prepare(ctx, box, {MakeDirectory(path)});
  const std::string file = path + "/file";
  ExpectSuccess(ctx, ctx.provider().WriteFile(box.id, file, "deep"), "writeFile 50 levels down");
  ExpectFacts(ctx, box,
              {{"what writeFile wrote 50 levels down", "what was written", Holds(file, "deep")}});
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, file), "readFile"), "deep",
                  "readFile 50 levels down");
  ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, path + "/e/f/g"), "mkdir 50 levels down");
  ExpectSuccess(ctx, ctx.provider().Remove(box.id, box.Path("d0")), "remove of the whole");
  ExpectFacts(ctx, box, {{"what remove of the topmost left", "nothing", IsGone(box.Path("d0"))}});
}

Requirement Shape(Requirement requirement) {
  requirement.id.insert(0, "filesystem.paths.");
  requirement.capability = capability::kFilesystem;
  if (requirement.level == Level::kRequired) requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> FilePathShapeRequirements() {
  return {
      Shape({.id = "double-slashes",
             .asks = "Several slashes mean what one does.",
             .why = "Callers join paths with a slash too many. Backends with keys instead of "
                    "directories keep `a//b` and `a/b` as two files.",
             .defects = {"F30"},
             .mend = "Drop empty segments before the path goes to a backend that is no kernel.",
             .check = DoubleSlashes}),
      Shape({.id = "trailing-slash",
             .asks = "A directory's path may end with slashes.",
             .why = "`dir/` is how people write directories. A comparison of texts, or a prefix "
                    "with one more slash, finds nothing there.",
             .defects = {"F30"},
             .mend = "Cut slashes at the end of a directory's path before you compare or join.",
             .check = TrailingSlashes}),
      Shape({.id = "dot-segments",
             .asks = "`.` in a path means the directory it stands in.",
             .why = "Tools write `./src/x`. A backend that takes the dot for a name finds nothing, "
                    "or makes a directory called `.`.",
             .defects = {"F30", "F31"},
             .mend = "Drop `.` segments, or leave the path to the kernel.",
             .check = DotSegments}),
      Shape({.id = "dot-dot-inside",
             .level = Level::kRecommended,
             .asks = "`a/../b` inside the sandbox is `b`.",
             .why = "Relative imports make such paths. To refuse every `..` is safe, and more "
                    "than is needed.",
             .defects = {"F31", "F32"},
             .mend = "Resolve the path first, and refuse it only if it leaves the sandbox.",
             .check = DotDotInside}),
      Shape({.id = "deep",
             .asks = "Files 50 directories down are written, read and removed like others.",
             .why = "Package managers nest deeply. Recursion limits and short limits for a path's "
                    "length show there.",
             .defects = {"F44"},
             .mend = "Allow paths of at least 4,095 bytes, and remove trees without recursion "
                     "limits.",
             .check = DeepPaths}),
  };
}

}  // namespace computesdk::conformance
