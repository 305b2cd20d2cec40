#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// What writeFile does beyond the bytes.
namespace computesdk::conformance {
namespace {

void Overwrites(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  for (const std::string& content :
       {std::string(10000, 'l'), std::string("abc"), std::string("abcdef"), std::string("ABCDEF"),
        std::string(), std::string("\n"), std::string(5000, 'm')}) {
    ctx.Must(ctx.provider().WriteFile(box.id, path, content), "writeFile");
    ExpectFacts(ctx, box,
                {{"the file after writing " + std::to_string(content.size()) + " bytes",
                  "these bytes and no others", Holds(path, content)}});
  }
  const std::string made = box.Path("made");
  Prepare(ctx, box, {MakeFile(made, "a longer text, made by printf")});
  ctx.Must(ctx.provider().WriteFile(box.id, made, "short"), "writeFile over a command's file");
  ExpectFacts(
      ctx, box,
      {{"a file that a command made, after writeFile", "what was written", Holds(made, "short")}});
}

void MakesParents(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<Fact> facts;
  for (const char* name : {"one/file", "a/b/c/d/file"}) {
    const Status written = ctx.provider().WriteFile(box.id, box.Path(name), "in new directories");
    if (!ExpectSuccess(ctx, written, std::string("writeFile of ") + name)) continue;
    facts.push_back({std::string("what writeFile made at ") + name, "a file with what was written",
                     Holds(box.Path(name), "in new directories")});
  }
  ExpectFacts(ctx, box, facts);
}

void MissingParentIsNoSilence(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<Fact> facts;
  for (const char* name : {"missing/file", "none/of/these/file"}) {
    const Status written = ctx.provider().WriteFile(box.id, box.Path(name), "content");
    if (!written) {
      ctx.Tolerated("writeFile makes no parents, and says so.");
      continue;
    }
    facts.push_back({std::string("what writeFile left at ") + name + ", with success",
                     "a file with what was written", Holds(box.Path(name), "content")});
  }
  ExpectFacts(ctx, box, facts);
}

void CommandsSeeWritesAtOnce(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  for (int i = 0; i < 10; ++i) {
    const std::string content = "version " + std::to_string(i);
    ctx.Must(ctx.provider().WriteFile(box.id, path, content), "writeFile");
    ExpectFacts(ctx, box,
                {{"a file right after write number " + std::to_string(i + 1), "what was written",
                  Holds(path, content)}});
  }
}

void ScriptsCanBeRun(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("script");
  ctx.Must(ctx.provider().WriteFile(box.id, path, "printf '<%s>' \"$1\"\nexit 3\n"), "writeFile");
  const std::string run = "sh " + ShellQuote(path) + " 'an arg'";
  ExpectFacts(ctx, box,
              {{"the output of a script that writeFile wrote", "what it prints",
                "[ \"$(" + run + ")\" = '<an arg>' ]"},
               {"its exit code", "3", "{ " + run + " > /dev/null; [ $? -eq 3 ]; }"}});
}

void CommandsMayChangeIt(CheckContext& ctx) {
  const Box& box = ctx.box();
  ctx.Need(ctx.provider().WriteFile(box.id, box.Path("file"), "one"), "writeFile");
  ctx.Need(ctx.provider().WriteFile(box.id, box.Path("gone"), "one"), "writeFile");
  ctx.Need(ctx.provider().Mkdir(box.id, box.Path("dir")), "mkdir");
  const std::string file = box.Path("file");
  const std::string gone = box.Path("gone");
  ExpectFacts(ctx, box,
              {{"a command that appends to what writeFile wrote", "both texts in the file",
                "printf two >> " + ShellQuote(file) + " && " + Holds(file, "onetwo")},
               {"a command that removes what writeFile wrote", "nothing there",
                "rm " + ShellQuote(gone) + " < /dev/null && " + IsGone(gone)},
               {"a command that writes into what mkdir made", "the file there",
                MakeFile(box.Path("dir/new"), "x") + " && " + Holds(box.Path("dir/new"), "x")}});
}

void KeepsTheMode(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("program");
  const std::string is_program = "[ -x " + ShellQuote(path) + " ]";
  Prepare(ctx, box, {MakeFile(path, "exit 3"), "chmod 755 " + ShellQuote(path), is_program});
  ctx.Need(ctx.provider().WriteFile(box.id, path, "exit 4"), "writeFile");
  ExpectFacts(ctx, box, {{"a program after writeFile over it", "a program still", is_program}});
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

// Where there is no chmod, nothing is forbidden.
std::string Chmod(const std::string& mode, const std::string& path) {
  return "{ chmod " + mode + " " + ShellQuote(path) + " || true; }";
}

// Success must be true, an error must have changed nothing; who may write everything just writes.
void ForbiddenIsNoSilence(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string closed = box.Path("closed");
  const std::string locked = box.Path("locked");
  const std::string secret = box.Path("secret");
  Prepare(ctx, box,
          {MakeDirectory(closed), MakeFile(closed + "/kept", "kept"), MakeFile(locked, "old"),
           MakeFile(secret, "content"), Chmod("555", closed), Chmod("444", locked),
           Chmod("000", secret)});
  Provider& provider = ctx.provider();
  const Result<std::string> content = provider.ReadFile(box.id, secret);
  if (content) ctx.ExpectBytes(*content, "content", "readFile of a file that nobody may read");
  const Status made = provider.WriteFile(box.id, closed + "/new", "new");
  const Status written = provider.WriteFile(box.id, locked, "new");
  const Status removed = provider.Remove(box.id, closed + "/kept");
  // So that the shell can look, and the directory can be removed afterwards.
  Prepare(ctx, box, {Chmod("755", closed), Chmod("644", locked)});
  ExpectFacts(
      ctx, box,
      {{std::string("a new file in a read-only directory, after writeFile with ") +
            (made ? "success" : "an error"),
        made ? "what was written" : "nothing",
        made ? Holds(closed + "/new", "new") : IsGone(closed + "/new")},
       {std::string("a read-only file after writeFile with ") + (written ? "success" : "an error"),
        written ? "what was written" : "as it was", Holds(locked, written ? "new" : "old")},
       {std::string("a file in a read-only directory, after remove with ") +
            (removed ? "success" : "an error"),
        removed ? "nothing" : "as it was",
        removed ? IsGone(closed + "/kept") : Holds(closed + "/kept", "kept")}});
}

Requirement Write(Requirement requirement) {
  requirement.id.insert(0, "write.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> FileWriteRequirements() {
  return {
      Write({.id = "overwrites",
             .asks = "writeFile replaces what was there: nothing of the old content is left.",
             .why = "A settings file with the tail of the older, longer one is no JSON any more.",
             .breaks = "The file is opened without truncation, or appended to; or a write of equal "
                       "length is taken for no change.",
             .wrong = R"(await sandbox.exec(['tee', '-a', path], { stdin: content });)",
             .right = R"(await sandbox.exec(['tee', path], { stdin: content }); // truncates)",
             .defects = {"F5"},
             .mend = "Truncate, or write a new file and rename it over the old one.",
             .check = Overwrites}),
      Write({.id = "parents",
             .level = Level::kRecommended,
             .asks = "writeFile makes missing parent directories.",
             .why = "Callers write `src/lib/x.ts` into an empty sandbox and expect it to work, as "
                    "it does with most providers.",
             .breaks = "The redirection, or the upload, needs the directory, and fails.",
             .wrong = R"(await sandbox.sh(`cat > ${shellQuote(path)}`, { stdin: content });)",
             .right = R"(const parent = shellQuote(posix.dirname(path));
await sandbox.sh(`mkdir -p -- ${parent} && cat > ${shellQuote(path)}`,
  { stdin: content });)",
             .defects = {"F9"},
             .mend = "Make the parents before writing, as `mkdir -p` does.",
             .check = MakesParents}),
      Write(
          {.id = "no-silent-loss",
           .asks = "writeFile into a missing directory writes the file or is an error.",
           .why = "The caller goes on with a file that never was, and finds out in another place.",
           .breaks = "A failed redirection inside a shell line is no exception: without a look at "
                     "the exit code the call reports success.",
           .wrong = R"(await sandbox.sh(`cat > ${shellQuote(path)}`, { stdin: content });
return; // whatever the exit code was)",
           .right = R"(const result =
  await sandbox.sh(`cat > ${shellQuote(path)}`, { stdin: content });
if (result.exitCode !== 0) throw new Error(`${path}: ${result.stderr}`);)",
           .defects = {"F9", "E2"},
           .mend = "Check the exit code of every step of a write.",
           .check = MissingParentIsNoSilence}),
      Write(
          {.id = "seen-by-commands",
           .asks = "A command sees what writeFile wrote, at once.",
           .why = "Write a file, run a command on it: that is what sandboxes are used for.",
           .breaks = "A file service beside the machine syncs a moment later, or keeps a tree of "
                     "its own that commands never see.",
           .wrong = R"(await bucket.put(`${id}${path}`, content); // mounted, with a cache)",
           .right = R"(await client.files.write(id, path, content); // on the machine's own disk)",
           .defects = {"F40", "F29"},
           .mend = "Write into the file system that commands run on, and answer when it is there.",
           .check = CommandsSeeWritesAtOnce}),
      Write({.id = "scripts",
             .asks = "A script that writeFile wrote can be run by a command.",
             .why = "It is what callers do most: write a program, run it.",
             .breaks = "The content is decorated on its way: wrapped lines, CR LF, a byte order "
                       "mark; or it lies in a tree that commands do not see.",
             .wrong = R"(const body = '\ufeff' + content.replace(/\n/g, '\r\n');
await client.files.write(id, path, body);)",
             .right = R"(await client.files.write(id, path, content);)",
             .defects = {"F40", "F6"},
             .mend = "Write the bytes as they are, where commands run.",
             .check = ScriptsCanBeRun}),
      Write({.id = "changed-by-commands",
             .level = Level::kRecommended,
             .asks = "Commands can change and remove what writeFile and mkdir made.",
             .why = "A formatter, a package manager or git works on the files that the caller put "
                    "there.",
             .breaks = "File methods work as root and commands as a user, who may read the files "
                       "and not change them.",
             .wrong = R"(await agent.write(path, content); // the agent is root
await sandbox.exec(argv, { user: 'app' });)",
             .right = R"(await agent.write(path, content, { user: 'app' });
await sandbox.exec(argv, { user: 'app' });)",
             .defects = {"F36", "F40"},
             .mend = "Work in both as the same user, or give the file to the one of the commands.",
             .check = CommandsMayChangeIt}),
      Write({.id = "keeps-mode",
             .level = Level::kRecommended,
             .asks = "writeFile over a program leaves it executable.",
             .why = "A script that is edited and written back would no longer run: \"permission "
                    "denied\".",
             .breaks = "The new file is made beside the old one and renamed over it, with the mode "
                       "of a new file.",
             .wrong = R"(await fs.writeFile(temporary, content);
await fs.rename(temporary, path);)",
             .right = R"(const { mode } = await fs.stat(path).catch(() => ({ mode: 0o644 }));
await fs.writeFile(temporary, content);
await fs.chmod(temporary, mode);
await fs.rename(temporary, path);)",
             .defects = {"F43"},
             .mend = "Write into the old file, or give the new one its mode before you rename it.",
             .check = KeepsTheMode}),
      Write({.id = "onto-directory",
             .asks = "writeFile onto a directory is an error, and harms nothing in it.",
             .why = "A caller who confuses two paths would lose a tree, or believe that a file is "
                    "there.",
             .breaks = "`mv TEMP TARGET` moves the file into the directory and reports success; a "
                       "backend with keys instead of inodes loses the whole tree.",
             .wrong = R"(await sandbox.exec(['mv', '-f', temporary, path]);)",
             .right = R"(// -T: the target is never a directory to move into.
const mv = await sandbox.exec(['mv', '-fT', '--', temporary, path]);
if (mv.exitCode !== 0) throw new Error(`${path}: ${mv.stderr}`);)",
             .defects = {"F36", "F9"},
             .mend = "Look at the target first, or use calls that do not follow into a directory "
                     "(`mv -T`, `rename`).",
             .check = WritingOntoADirectoryIsAnError}),
      Write(
          {.id = "below-file",
           .asks = "writeFile below a file is an error, and the file stays as it is.",
           .why = "A wrong path must not cost a file that was right.",
           .breaks = "Parents are made by force: what is in the way is removed, or a map of paths "
                     "holds `file` and `file/below` side by side.",
           .wrong = R"(for (const parent of parentsOf(path)) {
  if (!(await isDirectory(parent))) await sandbox.exec(['rm', '-f', parent]);
  await sandbox.exec(['mkdir', parent]);
})",
           .right = R"(const mkdir = await sandbox.exec(['mkdir', '-p', '--', posix.dirname(path)]);
if (mkdir.exitCode !== 0) throw new Error(`${path}: ${mkdir.stderr}`);)",
           .defects = {"F9", "F11"},
           .mend = "Let making the parents fail where one of them is a file.",
           .check = WritingBelowAFileIsAnError}),
      Write({.id = "forbidden",
             .asks = "What permissions forbid is an error that changes nothing, never a silence.",
             .why = "The caller believes that a file was written, removed, or is empty, when the "
                    "sandbox's user was not allowed to touch it.",
             .breaks =
                 "The command's \"Permission denied\" goes to stderr, and nobody looks at the "
                 "exit code: success, or an empty text.",
             .wrong = R"(const { stdout } = await sandbox.sh(`cat ${quoted} 2>/dev/null`);
return stdout;)",
             .right = R"(const cat = await sandbox.sh(`cat -- ${quoted}`);
if (cat.exitCode !== 0) throw new Error(`${path}: ${cat.stderr}`);
return cat.stdout;)",
             .defects = {"F36", "E2"},
             .mend = "Check the outcome of every step, and map EACCES to PERMISSION_DENIED.",
             .check = ForbiddenIsNoSilence}),
      Write({.id = "no-litter",
             .level = Level::kRecommended,
             .asks = "writeFile and readFile leave nothing else in the directory.",
             .why = "Temporary files beside the target are listed, committed and packed.",
             .breaks = "The upload goes to `FILE.b64` or `FILE.tmp` first, which is removed on the "
                       "happy path alone, or never.",
             .wrong = R"(await sandbox.sh(`printf %s '${base64}' > ${tmp}`);
await sandbox.sh(`base64 -d ${tmp} > ${target}`);)",
             .right = R"(await sandbox.sh(`printf %s '${base64}' > ${tmp}`);
try {
  await sandbox.sh(`base64 -d ${tmp} > ${target}`);
} finally {
  await sandbox.sh(`rm -f ${tmp}`);
})",
             .defects = {"H5", "F42"},
             .mend = "Remove temporary files on every way out, or put them somewhere else.",
             .check = LeavesNoLitter}),
  };
}

}  // namespace computesdk::conformance
