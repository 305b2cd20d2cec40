#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/file_stage.h"
#include "conformance/checks/probes.h"

// Names of all letters and lengths, and what is none.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;

void BeyondAscii(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"two bytes", "\xc3\xa9"},
                         {"three bytes", "\xe4\xb8\xad\xe6\x96\x87"},
                         {"four bytes", "\xf0\x9f\x98\x80.txt"},
                         {"right to left", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"},
                         {"upper and lower case", "STRASSE"},
                         {"lower case", "strasse"}});
}

void Normalization(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"composed", "\xc3\xa9"},
                         {"decomposed", "e\xcc\x81"},
                         {"a compatibility character", "\xef\xac\x81"},
                         {"what it would become", "fi"}});
}

void LongNames(CheckContext& ctx) {
  std::string wide;
  for (int i = 0; i < 85; ++i) wide += "\xe4\xb8\xad";
  ExpectExactNames(ctx, {{"255 letters", std::string(255, 'n')},
                         {"255 bytes beyond ASCII", wide},
                         {"one letter", "x"}});
}

void SpecialNames(CheckContext& ctx) {
  ExpectExactNames(ctx, {{"hidden", ".hidden"},
                         {"three dots", "..."},
                         {"two dots in front", "..x"},
                         {"a dot at the end", "x."},
                         {"an arrow", "a->b"},
                         {"an escaped letter", "%41"},
                         {"an escaped slash", "a%2Fb"},
                         {"a query", "a?b=c&d=e"},
                         {"a plus sign", "a+b"},
                         {"a word of many shells", "EOF"},
                         {"null", "null"}});
}

// A provider may take longer names than a kernel does; what it may not do is to cut them.
void TooLongNames(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  const std::string kept = box.Path(std::string(255, 'n'));
  std::string deep = box.dir;
  while (deep.size() < 4500) deep += "/a-directory-of-many";
  Prepare(ctx, box, {MakeFile(kept, "kept")});
  for (const std::string& path : {kept + "n", deep}) {
    const auto scope = ctx.Case(path == deep ? "a path of more than 4,096 bytes" : "256 letters");
    ctx.ExpectError(provider.ReadFile(box.id, path), "readFile");
    if (provider.WriteFile(box.id, path, "new")) {
      const Result<std::string> content = provider.ReadFile(box.id, path);
      if (ExpectSuccess(ctx, content, "readFile of what writeFile wrote")) {
        ctx.ExpectBytes(*content, "new", "readFile of what writeFile wrote");
      }
    }
    static_cast<void>(provider.Exists(box.id, path));
    static_cast<void>(provider.Remove(box.id, path));
  }
  ExpectFacts(
      ctx, box,
      {{"the file of the first 255 letters, after all that", "as it was", Holds(kept, "kept")}});
}

void NulsCutNothing(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  const std::string nul(1, '\0');
  const auto cut = [&](const char* name) { return box.Path(name) + nul + "x"; };
  Prepare(ctx, box,
          {MakeFile(box.Path("file"), "kept"), MakeFile(box.Path("other"), "kept"),
           MakeDirectory(box.Path("dir")), MakeFile(box.Path("dir/file"), "kept")});
  ctx.ExpectError(provider.ReadFile(box.id, cut("file")), "readFile of file, NUL, x");
  ctx.ExpectError(provider.Readdir(box.id, cut("dir")), "readdir of dir, NUL, x");
  const Result<bool> there = provider.Exists(box.id, cut("file"));
  if (there) ctx.Expect(*there, IsFalse(), "exists of file, NUL, x");
  // Whatever they answer, they act on no other path.
  static_cast<void>(provider.WriteFile(box.id, cut("file"), "new"));
  static_cast<void>(provider.WriteFile(box.id, cut("new"), "new"));
  static_cast<void>(provider.Mkdir(box.id, cut("made")));
  static_cast<void>(provider.Remove(box.id, cut("other")));
  static_cast<void>(provider.Remove(box.id, cut("dir")));
  ExpectFacts(
      ctx, box,
      {{"file after writeFile to file, NUL, x", "as it was", Holds(box.Path("file"), "kept")},
       {"new after writeFile to new, NUL, x", "nothing", IsGone(box.Path("new"))},
       {"made after mkdir of made, NUL, x", "nothing", IsGone(box.Path("made"))},
       {"other after remove of other, NUL, x", "as it was", Holds(box.Path("other"), "kept")},
       {"dir/file after remove of dir, NUL, x", "as it was", Holds(box.Path("dir/file"), "kept")}});
}

void NothingIsNoPath(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  const std::string beside = box.workdir + "/" + ctx.Unique();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "kept"), MakeFile(beside, "kept")});
  ctx.ExpectError(provider.ReadFile(box.id, ""), "readFile of the empty path");
  ctx.ExpectError(provider.WriteFile(box.id, "", "x"), "writeFile to the empty path");
  static_cast<void>(provider.Remove(box.id, ""));
  // Where the workdir is gone a command may fail, too.
  const Result<ExecutionResult> look =
      ctx.Sh(box, Holds(box.Path("file"), "kept") + " && " + Holds(beside, "kept"));
  if (look && look->exit_code == 0) return;
  ctx.Fail({"the files in the workdir after remove of the empty path", "as they were",
            look ? "not so: the shell's test ends with " + std::to_string(look->exit_code)
                 : "the error " + look.error().ToString()});
}

void NothingIsRefused(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  ctx.ExpectError(provider.Mkdir(box.id, ""), "mkdir of the empty path");
  ctx.ExpectError(provider.Readdir(box.id, ""), "readdir of the empty path");
  const Result<bool> there = provider.Exists(box.id, "");
  if (there) ctx.Expect(*there, IsFalse(), "exists of the empty path");
}

}  // namespace

std::vector<Requirement> FileNameRequirements() {
  return {
      FilePathRequirement(
          {.id = "beyond-ascii",
           .asks = "All six methods act on exactly the path where a name has characters "
                   "beyond ASCII.",
           .why = "Most people of this world do not write in ASCII, and nor do their file names.",
           .breaks =
               "A path in a URL or a header is not escaped, or twice; `ls` and git print such "
               "names with octal escapes in quotes.",
           .wrong = R"(const headers = { 'X-File-Path': path }; // ASCII only
await fetch(`${base}/files`, { headers });)",
           .right = R"(const query = new URLSearchParams({ path }); // UTF-8, percent-encoded
await fetch(`${base}/files?${query}`);)",
           .defects = {"F24", "C29"},
           .mend = "Escape the path's UTF-8 bytes where it enters a URL, and read names as bytes.",
           .check = BeyondAscii}),
      FilePathRequirement(
          {.id = "normalization",
           .asks = "Names that look the same and differ in their bytes are different files.",
           .why = "Archives from different systems hold both forms. Where one file is made of "
                  "two, one of them is lost.",
           .breaks = "The adapter, or the store behind it, composes characters or folds case to "
                     "make paths comparable.",
           .wrong = R"(const key = path.normalize('NFC').toLowerCase();)",
           .right = R"(const key = path;)",
           .defects = {"F25"},
           .mend = "Leave names as they are: no normalization, no folding of case.",
           .check = Normalization}),
      FilePathRequirement(
          {.id = "long",
           .asks = "Names of 255 bytes work with all six methods.",
           .why = "It is the file system's own limit, and tools that make names of titles or "
                  "hashes come near it.",
           .breaks = "A suffix for a temporary file, or an escape for each character, makes the "
                     "name too long; a limit counts characters instead of bytes.",
           .wrong = R"(const temporary = `${path}.${randomUUID()}.tmp`;)",
           .right = R"(const temporary = posix.join(posix.dirname(path), `.${randomUUID()}`);)",
           .defects = {"F44"},
           .mend = "Do not derive temporary names from the name itself.",
           .check = LongNames}),
      FilePathRequirement(
          {.id = "special",
           .asks = "Names such as `...`, `a->b`, `%41` or `a?b=c` are names like others.",
           .why = "Downloads keep the query of their address in the name, and caches keep "
                  "escapes; all are on real disks.",
           .breaks = "A URL is decoded twice, or the path is not escaped in it; every name with "
                     "two dots is taken for a way out; `ls -l` is cut at its arrow.",
           .wrong = R"(if (path.includes('..')) throw new Error('path traversal');
await fetch(`${base}/files${path}`);)",
           .right = R"(const segments = path.split('/');
if (segments.includes('..')) throw new Error('path traversal');
await fetch(`${base}/files${segments.map(encodeURIComponent).join('/')}`);)",
           .defects = {"F15", "F16", "F31"},
           .mend = "Decode once, and compare whole segments with `.` and `..`.",
           .check = SpecialNames}),
      FilePathRequirement(
          {.id = "too-long",
           .asks = "A name or a path that is too long is never taken for a shorter one.",
           .why = "A name that is cut is another file's: one write goes over the other.",
           .breaks = "Names are cut to what fits into a column, a key or a buffer.",
           .wrong = R"(const name = posix.basename(path).slice(0, 255);)",
           .right = R"(if (Buffer.byteLength(posix.basename(path)) > 255) {
  throw new InvalidArgumentError(`${path}: name too long`);
})",
           .defects = {"F44"},
           .mend = "Let the kernel refuse it, and pass its error on.",
           .check = TooLongNames}),
      FilePathRequirement(
          {.id = "nul",
           .asks = "A path with a NUL in it acts on no other path.",
           .why = "C ends the path there: a check of the whole text says that it ends in `.txt`, "
                  "and the file that is removed does not.",
           .breaks = "The path is handed to something written in C, or to a header, without a look "
                     "at it.",
           .wrong = R"(await agent.call('unlink', path); // a C program: "dir\0x" is "dir")",
           .right = R"(if (path.includes('\0')) throw new InvalidArgumentError('NUL in a path');
await agent.call('unlink', path);)",
           .defects = {"F27", "F31"},
           .mend = "Refuse a NUL in every path, with INVALID_ARGUMENT.",
           .check = NulsCutNothing}),
      FilePathRequirement(
          {.id = "empty",
           .asks = "The empty path names nothing: it is not read, written, or removed as if it "
                   "were the workdir.",
           .why = "The path is empty where a variable of the caller was. To remove the whole "
                  "workdir then is the worst of all answers.",
           .breaks = "The path is joined with the workdir, and nothing joined with it is the "
                     "workdir itself.",
           .wrong = R"(await client.files.delete(id, posix.join(workdir, path)); // '' is workdir)",
           .right = R"(if (path === '') throw new InvalidArgumentError('the path is empty');
await client.files.delete(id, posix.resolve(workdir, path));)",
           .defects = {"F29", "F38"},
           .mend = "Refuse the empty path in all six methods, before anything is joined.",
           .sandbox = SandboxNeed::kFresh,
           .check = NothingIsNoPath}),
      FilePathRequirement(
          {.id = "empty-refused",
           .level = Level::kRecommended,
           .asks = "mkdir and readdir of the empty path are errors, and exists is not true.",
           .why = "A forgotten path should show at once, and not as a listing of another "
                  "directory.",
           .breaks = "As a default: no path, the workdir.",
           .wrong = R"(return client.files.list(id, path || workdir);)",
           .right = R"(if (path === '') throw new InvalidArgumentError('the path is empty');
return client.files.list(id, path);)",
           .defects = {"F29"},
           .mend = "Refuse the empty path in all six methods, as the kernel does (ENOENT).",
           .check = NothingIsRefused}),
  };
}

}  // namespace computesdk::conformance
