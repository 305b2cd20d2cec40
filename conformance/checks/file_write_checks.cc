#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What readFile and writeFile do beyond the bytes.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

std::string Read(CheckContext& ctx, const std::string& path) {
  return ctx.Must(ctx.provider().ReadFile(ctx.box().id, path), "readFile");
}

void Overwrites(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  for (const std::string& content :
       {std::string(10000, 'l'), std::string("abc"), std::string("abcdef"), std::string(),
        std::string("\n"), std::string(5000, 'm')}) {
    const auto scope = ctx.Case("after writing ", content.size(), " bytes");
    ctx.Must(ctx.provider().WriteFile(box.id, path, content), "writeFile");
    ctx.ExpectBytes(ctx.PeekFile(box, path).value_or("(no file)"), content, "`cat`");
  }
  const auto scope = ctx.Case("over a file made by a command");
  const std::string made = box.Path("made");
  ctx.PutFile(box, made, "a longer text, made by printf");
  ctx.Must(ctx.provider().WriteFile(box.id, made, "short"), "writeFile");
  ctx.ExpectBytes(ctx.PeekFile(box, made).value_or("(no file)"), "short", "`cat`");
}

void MakesParents(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* name : {"one/file", "a/b/c/d/file"}) {
    const auto scope = ctx.Case("writeFile of ", name);
    if (!ExpectSuccess(ctx, ctx.provider().WriteFile(box.id, box.Path(name), "in new directories"),
                       "writeFile")) {
      continue;
    }
    ctx.ExpectBytes(ctx.PeekFile(box, box.Path(name)).value_or("(no file)"), "in new directories",
                    "`cat`");
  }
}

void MissingParentIsNoSilence(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* name : {"missing/file", "none/of/these/file"}) {
    const Status written = ctx.provider().WriteFile(box.id, box.Path(name), "content");
    if (!written) {
      ctx.Tolerated("writeFile makes no parents, and says so.");
      continue;
    }
    const auto scope = ctx.Case("writeFile of ", name, " succeeded");
    ctx.ExpectBytes(ctx.PeekFile(box, box.Path(name)).value_or("(no file)"), "content", "`cat`");
  }
}

void CommandsSeeWritesAtOnce(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  for (int i = 0; i < 10; ++i) {
    const auto scope = ctx.Case("write number ", i + 1);
    const std::string content = "version " + std::to_string(i);
    ctx.Must(ctx.provider().WriteFile(box.id, path, content), "writeFile");
    const ExecutionResult result = ctx.Must(ctx.Sh(box, "cat " + ShellQuote(path)), "`cat`");
    ctx.ExpectBytes(result.stdout_bytes, content, "`cat` right after writeFile");
  }
}

void ReadsSeeCommandsAtOnce(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  for (int i = 0; i < 10; ++i) {
    const auto scope = ctx.Case("change number ", i + 1);
    const std::string content = "version " + std::to_string(i);
    Prepare(ctx, box, {MakeFile(path, content)});
    ctx.ExpectBytes(Read(ctx, path), content, "readFile right after a command wrote");
  }
}

void ScriptsCanBeRun(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("script");
  ctx.Must(ctx.provider().WriteFile(box.id, path, "printf '<%s>' \"$1\"\nexit 3\n"), "writeFile");
  const ExecutionResult result = ctx.Must(ctx.Exec(box, "sh", {path, "an arg"}), "`sh SCRIPT ARG`");
  ctx.ExpectBytes(result.stdout_bytes, "<an arg>", "stdout of a script that writeFile wrote");
  ctx.Expect(result.exit_code, Eq(3), "its exit code");
}

void MissingFileIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* name : {"missing", "no such/file", "missing.json"}) {
    ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path(name)),
                    std::string("readFile of the missing path ") + name);
  }
  Prepare(ctx, box, {MakeFile(box.Path("file"), "content")});
  ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path("file/below")),
                  "readFile of a path below a file");
  ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path("fil")),
                  "readFile of the first letters of a file's name");
}

void MissingFileIsNotFound(CheckContext& ctx) {
  ctx.ExpectError(ctx.provider().ReadFile(ctx.box().id, ctx.box().Path("missing")),
                  "readFile of a missing path", {ErrorCode::kNotFound});
  ctx.ExpectError(ctx.provider().ReadFile(ctx.box().id, ctx.box().Path("no/such/file")),
                  "readFile of a path in a missing directory", {ErrorCode::kNotFound});
}

void ReadingADirectoryIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("empty")), MakeDirectory(box.Path("full")),
           MakeFile(box.Path("full/file"), "content")});
  for (const char* name : {"empty", "full", "full/"}) {
    ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path(name)),
                    std::string("readFile of the directory ") + name);
  }
}

void WritingOntoADirectoryIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("empty")), MakeDirectory(box.Path("full")),
           MakeFile(box.Path("full/file"), "content")});
  for (const char* name : {"empty", "full"}) {
    ctx.ExpectError(ctx.provider().WriteFile(box.id, box.Path(name), "overwritten"),
                    std::string("writeFile onto the directory ") + name);
  }
  ExpectFacts(
      ctx, box,
      {{"an empty directory after it", "a directory, still empty",
        IsDirectory(box.Path("empty")) + " && " + HasEntries(box.Path("empty"), 0)},
       {"a full directory after it", "the same one entry",
        HasEntries(box.Path("full"), 1) + " && " + Holds(box.Path("full/file"), "content")}});
}

void WritingBelowAFileIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "content")});
  for (const char* name : {"file/below", "file/a/b"}) {
    ctx.ExpectError(ctx.provider().WriteFile(box.id, box.Path(name), "overwritten"),
                    std::string("writeFile to ") + name + ", where `file` is a file,");
  }
  ExpectFacts(
      ctx, box,
      {{"that file after it", "a file with its content", Holds(box.Path("file"), "content")}});
}

void LeavesNoLitter(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(ctx, box, {MakeDirectory(dir)});
  for (int i = 0; i < 3; ++i) {
    const std::string path = dir + "/file-" + std::to_string(i);
    ctx.Need(ctx.provider().WriteFile(box.id, path, "one"), "writeFile");
    ctx.Need(ctx.provider().WriteFile(box.id, path, "two"), "writeFile");
    ctx.Need(ctx.provider().ReadFile(box.id, path), "readFile");
  }
  ExpectFacts(ctx, box,
              {{"the directory after writing three files in it", "three entries, hidden ones too",
                HasEntries(dir, 3)},
               {"the directory above it", "one entry", HasEntries(box.dir, 1)}});
}

Requirement File(Requirement requirement) {
  requirement.id.insert(0, "filesystem.");
  requirement.capability = capability::kFilesystem;
  if (requirement.level == Level::kRequired) requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> FileWriteRequirements() {
  return {
      File({.id = "write.overwrites",
            .asks = "writeFile replaces what was there: nothing of the old content is left.",
            .why = "Opened without truncation, a shorter text keeps the tail of the longer one; "
                   "`>>` appends.",
            .defects = {"F5"},
            .mend = "Truncate, or write a new file and rename it over the old one.",
            .check = Overwrites}),
      File({.id = "write.parents",
            .level = Level::kRecommended,
            .asks = "writeFile makes missing parent directories.",
            .why =
                "Callers write `src/lib/x.ts` into an empty sandbox and expect it to work, as it "
                "does with most providers.",
            .defects = {"F9"},
            .mend = "Make the parents before writing, as `mkdir -p` does.",
            .check = MakesParents}),
      File({.id = "write.no-silent-loss",
            .asks = "writeFile into a missing directory writes the file or is an error.",
            .why = "A failed redirection inside a shell line is easily lost, and the call reports "
                   "success with nothing written.",
            .defects = {"F9", "E2"},
            .mend = "Check the exit code of every step of a write.",
            .check = MissingParentIsNoSilence}),
      File({.id = "write.seen-by-commands",
            .asks = "A command sees what writeFile wrote, at once.",
            .why = "A file service beside the machine syncs a moment later, or keeps a tree of its "
                   "own that commands never see.",
            .defects = {"F40", "F29"},
            .mend = "Write into the file system that commands run on, and answer when it is there.",
            .check = CommandsSeeWritesAtOnce}),
      File({.id = "read.sees-commands",
            .asks = "readFile sees what a command wrote, at once.",
            .why = "A cache of what was written before answers with yesterday's content.",
            .defects = {"F40"},
            .mend = "Read from the machine each time.",
            .check = ReadsSeeCommandsAtOnce}),
      File({.id = "write.scripts",
            .asks = "A script that writeFile wrote can be run by a command.",
            .why = "It is what callers do most: write a program, run it. Wrapped lines, a byte "
                   "order mark or another tree make it fail.",
            .defects = {"F40", "F6"},
            .mend = "Write the bytes as they are, where commands run.",
            .check = ScriptsCanBeRun}),
      File({.id = "read.missing",
            .asks = "readFile of a missing path, or of one below a file, is an error.",
            .why = "An empty text, or the backend's error page as content, goes on into the "
                   "caller's data.",
            .defects = {"F33", "F34", "E2"},
            .mend = "Check the status or the exit code before you return content.",
            .check = MissingFileIsAnError}),
      File({.id = "read.missing-not-found",
            .level = Level::kRecommended,
            .asks = "readFile of a missing path is the error NOT_FOUND.",
            .why = "Callers read a file that may not be there and go on by the code; with UNKNOWN "
                   "they cannot tell it from an outage.",
            .defects = {"F33", "E3"},
            .mend = "Map the backend's ENOENT or 404 to NOT_FOUND, and name the path.",
            .check = MissingFileIsNotFound}),
      File({.id = "read.directory",
            .asks = "readFile of a directory is an error.",
            .why = "Some backends answer with a listing, an archive or nothing.",
            .defects = {"F35"},
            .mend = "Refuse what is not a file.",
            .check = ReadingADirectoryIsAnError}),
      File({.id = "write.onto-directory",
            .asks = "writeFile onto a directory is an error, and harms nothing in it.",
            .why = "`mv TEMP TARGET` moves the file into the directory and reports success; a "
                   "backend with keys instead of inodes loses the whole tree.",
            .defects = {"F36", "F9"},
            .mend = "Look at the target first, or use calls that do not follow into a directory "
                    "(`mv -T`, `rename`).",
            .check = WritingOntoADirectoryIsAnError}),
      File({.id = "write.below-file",
            .asks = "writeFile below a file is an error, and the file stays as it is.",
            .why = "A provider that makes parents by force replaces the file by a directory.",
            .defects = {"F9", "F11"},
            .mend = "Let making the parents fail where one of them is a file.",
            .check = WritingBelowAFileIsAnError}),
      File({.id = "write.no-litter",
            .level = Level::kRecommended,
            .asks = "writeFile and readFile leave nothing else in the directory.",
            .why = "Temporary files beside the target are listed, committed and packed.",
            .defects = {"H5", "F42"},
            .mend = "Remove temporary files on every way out, or put them somewhere else.",
            .check = LeavesNoLitter}),
  };
}

}  // namespace computesdk::conformance
