#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// What exists says of a path.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;
using ::testing::IsTrue;

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
  for (const char* name : {"dir", "dir/sub"}) {
    ctx.Expect(Exists(ctx, box.Path(name)), IsTrue(),
               std::string("exists of the directory ") + name);
  }
  ctx.Expect(Exists(ctx, box.dir), IsTrue(), "exists of the directory above them");
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

Requirement Existence(Requirement requirement) {
  requirement.id.insert(0, "exists.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> ExistsRequirements() {
  return {
      Existence(
          {.id = "true",
           .asks = "exists is true for files, empty and hidden ones too, and for directories.",
           .why = "A caller who is told that nothing is there makes it anew, over what there "
                  "was.",
           .breaks = "`test -f` misses directories; a read of the content takes an empty file "
                     "for none.",
           .wrong = R"(const test = await sandbox.exec(['test', '-f', path]);
return test.exitCode === 0;)",
           .right = R"(const test = await sandbox.exec(['test', '-e', path]);
return test.exitCode === 0;)",
           .defects = {"F39"},
           .mend = "Use `test -e`, or a stat.",
           .check = ExistsIsTrue}),
      Existence({.id = "false",
                 .asks = "exists is false for what is missing, and that is no error.",
                 .why = "An error where the answer is no makes callers catch every error, and then "
                        "real failures are a no, too.",
                 .breaks = "It is a read or a stat of which the 404 is passed on as an error; or a "
                           "search by prefix, to which `file2` is there with `file`.",
                 .wrong = R"(await client.files.stat(id, path); // throws where nothing is
return true;)",
                 .right = R"(try {
  await client.files.stat(id, path);
  return true;
} catch (error) {
  if (error.status === 404) return false;
  throw error;
})",
                 .defects = {"F39"},
                 .mend = "Map the backend's \"not found\" to false, and nothing else.",
                 .check = ExistsIsFalse}),
      Existence({.id = "below-file",
                 .asks = "exists is false for a path below a file, and that is no error.",
                 .why = "Callers look for `dir/config` without knowing whether `dir` is one.",
                 .breaks = "The kernel says ENOTDIR here, not ENOENT, which is easily forgotten.",
                 .wrong = R"(catch (error) {
  if (error.code === 'ENOENT') return false;
  throw error;
})",
                 .right = R"(catch (error) {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false;
  throw error;
})",
                 .defects = {"F39"},
                 .mend = "Treat ENOTDIR like ENOENT.",
                 .check = ExistsBelowAFileIsFalse}),
      Existence({.id = "fresh",
                 .asks = "exists shows what was made and removed just before.",
                 .why = "Callers wait for a file that a command makes, by asking again and again.",
                 .breaks = "Answers are cached, the noes above all; or only what the file methods "
                           "themselves made counts.",
                 .wrong = R"(if (known.has(path)) return known.get(path);
known.set(path, await stat(path));)",
                 .right = R"(return stat(path); // each time)",
                 .defects = {"F40", "F39"},
                 .mend = "Ask the machine each time.",
                 .check = ExistsIsFresh}),
      Existence({.id = "links",
                 .asks = "exists is true for a link to what is there, and no error for any link.",
                 .why = "One odd link in a tree must not stop whoever walks it.",
                 .breaks = "A link that leads nowhere, or to itself, makes stat fail with ELOOP or "
                           "another code that nobody expects.",
                 .wrong = R"(catch (error) {
  if (error.code === 'ENOENT') return false;
  throw error; // ELOOP
})",
                 .right = R"(catch (error) {
  if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(error.code)) return false;
  throw error;
})",
                 .defects = {"F39", "F14"},
                 .mend =
                     "Treat a link that cannot be followed as missing or as there, and never as "
                     "a failure.",
                 .check = ExistsOfLinks}),
  };
}

}  // namespace computesdk::conformance
