#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// Which entries readdir has.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

std::vector<FileEntry> Readdir(CheckContext& ctx, const std::string& path) {
  return ctx.Must(ctx.provider().Readdir(ctx.box().id, path), "readdir");
}

// The names must be exactly these, in any order.
void ExpectNames(CheckContext& ctx, const std::vector<FileEntry>& entries,
                 const std::vector<std::string>& expected) {
  std::map<std::string, int> balance;
  for (const FileEntry& entry : entries) ++balance[entry.name];
  for (const std::string& name : expected) --balance[name];
  for (const auto& [name, count] : balance) {
    if (count < 0) {
      ctx.Fail({"readdir", "an entry named " + Printable(name, 80), "none of that name"});
    } else if (count > 0) {
      ctx.Fail({"readdir", "only what is there, each once",
                std::to_string(count) + " too many named " + Printable(name, 80)});
    }
  }
}

void DirectChildren(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("dir/sub/deeper")), MakeFile(box.Path("dir/file"), "1"),
           MakeFile(box.Path("dir/another"), "2"), MakeFile(box.Path("dir/sub/below"), "3"),
           MakeFile(box.Path("dir/sub/deeper/far"), "4"), MakeFile(box.Path("dir2"), "5"),
           MakeFile(box.Path("beside"), "6")});
  ExpectNames(ctx, Readdir(ctx, box.Path("dir")), {"file", "another", "sub"});
  ExpectNames(ctx, Readdir(ctx, box.Path("dir/sub")), {"below", "deeper"});
}

void HiddenOnes(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<std::string> lines = {MakeDirectory(box.Path("dir/.hidden-directory"))};
  for (const char* name : {".hidden", "..two-dots", "...", "visible"}) {
    lines.push_back(MakeFile(box.Path("dir/") + name, "x"));
  }
  Prepare(ctx, box, lines);
  ExpectNames(ctx, Readdir(ctx, box.Path("dir")),
              {".hidden", "..two-dots", "...", "visible", ".hidden-directory"});
}

void NoDots(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("dir/sub")), MakeFile(box.Path("dir/file"), "x"),
           MakeFile(box.Path("dir/sub/file"), "x")});
  for (const char* dir : {"dir", "dir/sub"}) {
    for (const FileEntry& entry : Readdir(ctx, box.Path(dir))) {
      if (entry.name != "." && entry.name != ".." && !entry.name.empty()) continue;
      ctx.Fail({"readdir", "no entry named `.`, `..` or nothing", Printable(entry.name)});
    }
  }
}

void ExactNames(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<std::string> names = {
      "a -> b",   " leading",  "trailing ", "two  blanks", "total 8",
      "a\nb",     "tab\there", "x\\ny",     "'quoted'",    "\"",
      "k=v",      "a|b",       "a:b",       "*",           "\xf0\x9f\x98\x80 \xc3\xa9",
      "x.tar.gz", "@",         "a@",        "prog*"};
  for (const NamedValue& text : AwkwardTexts()) names.push_back(text.bytes);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<std::string> lines = {MakeDirectory(box.Path("dir"))};
  for (const std::string& name : names) lines.push_back(MakeFile(box.Path("dir/") + name, "x"));
  Prepare(ctx, box, lines);
  // Only what the shell really made can be asked for.
  std::vector<std::string> tests;
  for (const std::string& name : names) tests.push_back(Holds(box.Path("dir/") + name, "x"));
  const std::vector<bool> made = Ask(ctx, box, tests);
  std::vector<std::string> expected;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (made[i]) expected.push_back(names[i]);
  }
  const std::vector<FileEntry> entries = Readdir(ctx, box.Path("dir"));
  if (expected.size() == names.size()) {
    ExpectNames(ctx, entries, expected);
    return;
  }
  for (const std::string& name : expected) {
    ctx.Expect(std::ranges::count(entries, name, &FileEntry::name), Eq(1),
               "how often readdir has the name " + Printable(name));
  }
  ctx.NotTestable("the shell made only " + std::to_string(expected.size()) + " of " +
                  std::to_string(names.size()) + " files with awkward names");
}

void PathsAreJoined(CheckContext& ctx) {
  const Box& box = ctx.box();
  std::vector<std::string> lines;
  const std::vector<std::string> directories = {"dir", "two words", "it's"};
  for (const std::string& dir : directories) {
    lines.push_back(MakeDirectory(box.Path(dir + "/sub")));
    for (const char* name : {"file", ".hidden", "a.b", "two words", "it's", "a#b", "\xc3\xa9"}) {
      lines.push_back(MakeFile(box.Path(dir + "/" + name), "x"));
    }
  }
  Prepare(ctx, box, lines);
  for (const std::string& dir : directories) {
    for (const FileEntry& entry : Readdir(ctx, box.Path(dir))) {
      ctx.ExpectBytes(entry.path, box.Path(dir + "/") + entry.name,
                      "path of the entry " + Printable(entry.name) + " of " + dir);
    }
  }
}

void TwoThousand(CheckContext& ctx) {
  constexpr int kCount = 2000;
  const Box& box = ctx.box();
  const std::string dir = box.Path("many");
  Prepare(ctx, box, {MakeDirectory(dir)});
  ctx.Observe(box, "cd " + ShellQuote(dir) + " && i=0 && while [ $i -lt " + std::to_string(kCount) +
                       " ]; do : > \"a-file-with-a-longer-name-$i\"; i=$((i+1)); done");
  const std::vector<FileEntry> entries = Readdir(ctx, dir);
  std::vector<bool> seen(kCount, false);
  int strange = 0;
  for (const FileEntry& entry : entries) {
    const std::size_t dash = entry.name.rfind('-');
    const int i = dash == std::string::npos ? -1 : std::atoi(entry.name.c_str() + dash + 1);
    const bool known = i >= 0 && i < kCount &&
                       entry.name == "a-file-with-a-longer-name-" + std::to_string(i) &&
                       !seen[static_cast<std::size_t>(i)];
    if (known) seen[static_cast<std::size_t>(i)] = true;
    strange += known ? 0 : 1;
  }
  const auto missing = std::ranges::count(seen, false);
  if (missing > 0) {
    ctx.Fail({"readdir of a directory with 2,000 files", "all of them",
              std::to_string(entries.size()) + " entries; " + std::to_string(missing) +
                  " files are missing"});
  }
  ctx.Expect(strange, Eq(0), "how many entries are none of those files, or a second time");
}

void EmptyDirectory(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeDirectory(box.Path("empty"))});
  ctx.Must(ctx.provider().Mkdir(box.id, box.Path("made")), "mkdir");
  for (const char* name : {"empty", "made"}) {
    const auto scope = ctx.Case(name);
    ctx.Expect(Readdir(ctx, box.Path(name)).size(), Eq(0u),
               "how many entries an empty directory has");
  }
}

void MissingIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* name : {"missing", "missing/deeper", "missing/"}) {
    ctx.ExpectError(ctx.provider().Readdir(box.id, box.Path(name)),
                    std::string("readdir of the missing path ") + name);
  }
}

void MissingIsNotFound(CheckContext& ctx) {
  for (const char* name : {"missing", "missing/deeper"}) {
    ctx.ExpectError(ctx.provider().Readdir(ctx.box().id, ctx.box().Path(name)),
                    std::string("readdir of the missing path ") + name, {ErrorCode::kNotFound});
  }
}

void FileIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box, {MakeFile(box.Path("file"), "content"), MakeFile(box.Path("none"), "")});
  for (const char* name : {"file", "none", "file/below"}) {
    ctx.ExpectError(ctx.provider().Readdir(box.id, box.Path(name)),
                    std::string("readdir of ") + name + ", which is no directory,");
  }
}

void LinksAreListed(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("dir")), MakeDirectory(box.Path("target")),
           MakeFile(box.Path("target/inside"), "x"), MakeFile(box.Path("dir/file"), "x")});
  MakeLink(ctx, box, box.Path("target"), box.Path("dir/to-a-directory"));
  MakeLink(ctx, box, "file", box.Path("dir/to-a-file"));
  MakeLink(ctx, box, box.Path("no such thing"), box.Path("dir/dangling"));
  MakeLink(ctx, box, "around", box.Path("dir/around"));
  const std::vector<FileEntry> entries = Readdir(ctx, box.Path("dir"));
  ExpectNames(ctx, entries, {"file", "to-a-directory", "to-a-file", "dangling", "around"});
  for (const FileEntry& entry : entries) {
    if (entry.name.starts_with("to-a-directory")) continue;
    ctx.Expect(entry.is_directory, Eq(false), "isDirectory of " + entry.name);
  }
}

// A provider may show such a name as it can.
void UndecodableNames(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(ctx, box, {MakeDirectory(dir), MakeFile(dir + "/one", "1"), MakeFile(dir + "/two", "2")});
  const std::string made = "cd " + ShellQuote(dir) + " && : > \"$(printf 'a\\377b')\"";
  const Result<ExecutionResult> result = ctx.Sh(box, made);
  if (!result || result->exit_code != 0) {
    ctx.NotTestable("the file system takes no name that is not UTF-8");
  }
  const std::vector<FileEntry> entries = Readdir(ctx, dir);
  ctx.Expect(entries.size(), Eq(3u), "how many entries readdir has");
  for (const char* name : {"one", "two"}) {
    ctx.Expect(std::ranges::count(entries, name, &FileEntry::name), Eq(1),
               std::string("how often readdir has the name ") + name);
  }
}

void ListingIsFresh(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string dir = box.Path("dir");
  Prepare(ctx, box, {MakeDirectory(dir), MakeFile(dir + "/one", "x")});
  ExpectNames(ctx, Readdir(ctx, dir), {"one"});
  Prepare(ctx, box, {MakeFile(dir + "/two", "x")});
  ExpectNames(ctx, Readdir(ctx, dir), {"one", "two"});
  ctx.Must(ctx.provider().WriteFile(box.id, dir + "/three", "x"), "writeFile");
  ExpectNames(ctx, Readdir(ctx, dir), {"one", "two", "three"});
  Prepare(ctx, box, {"rm " + ShellQuote(dir + "/one")});
  ctx.Must(ctx.provider().Remove(box.id, dir + "/two"), "remove");
  ExpectNames(ctx, Readdir(ctx, dir), {"three"});
}

Requirement Listing(Requirement requirement) {
  requirement.id.insert(0, "readdir.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> DirectoryListingRequirements() {
  return {
      Listing(
          {.id = "children",
           .asks = "readdir has the direct children, each once, and nothing else.",
           .why = "A caller who goes down by itself would meet what lies deeper twice, and an "
                  "entry of the directory beside it at a path where it is not.",
           .breaks = "`find` without a depth, or a listing by prefix, adds what lies deeper or "
                     "beside.",
           .wrong = R"(const keys = await bucket.list({ prefix: path });)",
           .right = R"(const keys = await bucket.list({ prefix: `${path}/`, delimiter: '/' });)",
           .defects = {"F12", "F22"},
           .mend = "List one level, of the directory whose path ends there.",
           .check = DirectChildren}),
      Listing({.id = "hidden",
               .asks = "readdir has hidden entries, too.",
               .why = "Without `.env` and `.git` the copy of a project is not whole.",
               .breaks =
                   "`ls` without -A, and `DIR/*`, leave them out; or a filter for `.` and `..` "
                   "takes all names with a dot in front.",
               .wrong = R"(return names.filter((name) => !name.startsWith('.'));)",
               .right = R"(return names.filter((name) => name !== '.' && name !== '..');)",
               .defects = {"F16", "F45"},
               .mend = "Ask for all entries, and drop only `.` and `..`.",
               .check = HiddenOnes}),
      Listing({.id = "no-dots",
               .asks = "readdir never has `.` and `..`.",
               .why = "Whoever walks a tree goes round for ever, or up and out of it.",
               .breaks = "`ls -a`, or readdir(3), has them, and nobody drops them.",
               .wrong = R"(const { stdout } = await sandbox.exec(['ls', '-a', path]);)",
               .right = R"(const { stdout } = await sandbox.exec(['ls', '-A', path]);)",
               .defects = {"F16"},
               .mend = "Drop these two names, and only these.",
               .check = NoDots}),
      Listing(
          {.id = "names",
           .asks = "Names come as they are: blanks, newlines, ` -> `, quotes, characters beyond "
                   "ASCII.",
           .why = "The name goes into the next call. One that was changed on its way is another "
                  "file's, or nobody's.",
           .breaks = "`ls -l` is split at blanks and cut at ` -> `, and names are read in the "
                     "quotes in which `ls` prints them.",
           .wrong = R"(const [mode, , , , size, , , , ...words] = line.split(/\s+/);
const name = words.join(' ').split(' -> ')[0];)",
           .right = R"(const format = '%f\\0%y\\0%s\\0'; // find -printf: NUL is in no name
const fields = stdout.split('\0');
const name = fields[3 * i];)",
           .defects = {"F12", "F13", "F14", "F15", "F24"},
           .mend = "Use the backend's listing interface; where there is only a shell, have the "
                   "names separated by NUL, or printed one by one in an encoding of your own.",
           .check = ExactNames}),
      Listing({.id = "paths",
               .asks = "An entry's `path` is the directory joined with its name.",
               .why = "It is the argument of the next call, as it is.",
               .breaks = "It is the name alone, relative to somewhere, an escaped URL, or has two "
                         "slashes.",
               .wrong = R"(path: entry.path ?? entry.name, // what the backend calls a path)",
               .right = R"(path: `${directory.replace(/\/+$/, '')}/${entry.name}`,)",
               .defects = {"F29", "F30"},
               .mend = "Join the directory that was asked for, one slash, and the name.",
               .check = PathsAreJoined}),
      Listing({.id = "two-thousand",
               .asks = "2,000 entries are complete.",
               .why =
                   "`node_modules` has that many. What is missing from a listing is missing from "
                   "the copy, the archive, the deletion.",
               .breaks = "A page of 100 or 1,000, or a limit of output, cuts the listing, often "
                         "without a sign.",
               .wrong = R"(const { entries } = await client.files.list(id, path);
return entries;)",
               .right = R"(const all = [];
for (let page = await list(); page; page = page.next && (await list(page.next))) {
  all.push(...page.entries);
}
return all;)",
               .defects = {"F23", "C16"},
               .mend = "Read all pages and all of the output.",
               .check = TwoThousand}),
      Listing({.id = "empty",
               .asks = "An empty directory has no entries, and is no error.",
               .why = "A new project starts with one.",
               .breaks = "An empty text that is split at newlines gives one empty name; `ls DIR/*` "
                         "fails; null instead of a list.",
               .wrong = R"(return stdout.split('\n').map((name) => ({ name }));)",
               .right = R"(return stdout.split('\0').filter(Boolean).map((name) => ({ name }));)",
               .defects = {"F22"},
               .mend = "Treat no output as no entries.",
               .check = EmptyDirectory}),
      Listing({.id = "missing",
               .asks = "readdir of a missing path is an error.",
               .why = "An empty list instead tells the caller that all files are gone, and the "
                      "next sync deletes them.",
               .breaks = "Errors of the listing are swallowed, and what was collected so far, "
                         "nothing, is returned.",
               .wrong = R"(const list = await client.files.list(id, path).catch(() => []);)",
               .right = R"(const list = await client.files.list(id, path);)",
               .defects = {"F20", "E2"},
               .mend = "Check the exit code or status of the listing.",
               .check = MissingIsAnError}),
      Listing({.id = "missing-not-found",
               .level = Level::kRecommended,
               .asks = "readdir of a missing path is the error NOT_FOUND.",
               .why = "Callers list a directory that may not be there and go on by the code.",
               .breaks = "`ls` ends with 2 whatever was wrong, and its text is not looked at.",
               .wrong = R"(if (ls.exitCode !== 0) throw new Error('ls failed');)",
               .right = R"(if (/No such file/.test(ls.stderr)) throw new NotFoundError(path);
if (ls.exitCode !== 0) throw new Error(`${path}: ${ls.stderr}`);)",
               .defects = {"F20", "E3"},
               .mend = "Map the backend's ENOENT or 404 to NOT_FOUND, and name the path.",
               .check = MissingIsNotFound}),
      Listing({.id = "file",
               .asks = "readdir of a file is an error.",
               .why = "With the file itself as its only entry, or with none, a walk over the tree "
                      "never ends or misses it.",
               .breaks = "`ls FILE` and `find FILE` succeed and print the file; a prefix with "
                         "nothing below it is an empty directory.",
               .wrong = R"(const { stdout } = await sandbox.exec(['ls', '-A', path]);)",
               .right = R"(const ls = await sandbox.exec(['ls', '-A', `${path}/`]);
if (ls.exitCode !== 0) throw new Error(`${path}: ${ls.stderr}`);)",
               .defects = {"F21"},
               .mend = "List with a slash at the end of the path, or look at the type first.",
               .check = FileIsAnError}),
      Listing({.id = "links",
               .asks = "Links are listed by their own names, and a dangling one breaks nothing.",
               .why = "One broken link in a directory of hundreds must not hide the others.",
               .breaks = "`stat` of a dangling link fails, and with it the whole listing; `ls -l` "
                         "shows ` -> target` behind the name.",
               .wrong = R"(return Promise.all(names.map((name) => fs.stat(join(path, name))));)",
               .right = R"(return Promise.all(names.map((name) => fs.lstat(join(path, name))));)",
               .defects = {"F14", "F15"},
               .mend = "Use `lstat`, and keep an entry whose target cannot be looked at.",
               .check = LinksAreListed}),
      Listing({.id = "undecodable",
               .level = Level::kRecommended,
               .asks = "A name that is no UTF-8 breaks no listing: the other entries are there.",
               .why = "One file from an old archive, or from somebody who wants it so, makes the "
                      "directory invisible.",
               .breaks =
                   "The listing is decoded strictly, or put into JSON as it is, and the first "
                   "wrong byte is an exception.",
               .wrong = R"(new TextDecoder('utf-8', { fatal: true }).decode(output);)",
               .right = R"(new TextDecoder('utf-8').decode(output); // U+FFFD for a wrong byte)",
               .defects = {"F24", "F13"},
               .mend = "Decode each name by itself, with a replacement for what cannot be decoded.",
               .check = UndecodableNames}),
      Listing({.id = "fresh",
               .asks = "A listing shows what was made and removed just before.",
               .why = "What a command built is looked for right after it.",
               .breaks = "Cached listings show what is gone, and hide what a command made.",
               .wrong = R"(listings.set(path, await list(path)); // until the next writeFile)",
               .right = R"(return list(path); // commands change directories, too)",
               .defects = {"F40"},
               .mend = "Ask the machine each time.",
               .check = ListingIsFresh}),
  };
}

}  // namespace computesdk::conformance
