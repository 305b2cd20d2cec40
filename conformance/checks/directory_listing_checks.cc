#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
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
  Prepare(ctx, box, {MakeDirectory(box.Path("dir/sub")), MakeFile(box.Path("dir/file"), "x")});
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
  std::vector<std::string> lines = {MakeDirectory(box.Path("dir/sub"))};
  for (const char* name : {"file", ".hidden", "a.b", "\xc3\xa9"}) {
    lines.push_back(MakeFile(box.Path("dir/") + name, "x"));
  }
  Prepare(ctx, box, lines);
  for (const FileEntry& entry : Readdir(ctx, box.Path("dir"))) {
    ctx.ExpectBytes(entry.path, box.Path("dir/") + entry.name,
                    "path of the entry " + Printable(entry.name));
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
  requirement.id.insert(0, "filesystem.readdir.");
  requirement.capability = capability::kFilesystem;
  requirement.level = Level::kOptional;
  return requirement;
}

}  // namespace

std::vector<Requirement> DirectoryListingRequirements() {
  return {
      Listing({.id = "children",
               .asks = "readdir has the direct children, each once, and nothing else.",
               .why = "`find` without a depth, or a listing by prefix, adds what lies deeper or "
                      "beside.",
               .defects = {"F12", "F22"},
               .mend = "List one level, of the directory whose path ends there.",
               .check = DirectChildren}),
      Listing({.id = "hidden",
               .asks = "readdir has hidden entries, too.",
               .why = "`ls` without -A leaves `.env` and `.git` out, and a copy of the project is "
                      "not whole.",
               .defects = {"F16", "F45"},
               .mend = "Ask for all entries, and drop only `.` and `..`.",
               .check = HiddenOnes}),
      Listing({.id = "no-dots",
               .asks = "readdir never has `.` and `..`.",
               .why = "Whoever walks a tree goes round for ever, or up and out of it.",
               .defects = {"F16"},
               .mend = "Drop these two names, and only these.",
               .check = NoDots}),
      Listing({.id = "names",
               .asks =
                   "Names come as they are: blanks, newlines, ` -> `, quotes, characters beyond "
                   "ASCII.",
               .why = "Parsing `ls -l` splits at blanks, cuts at ` -> `, and reads quoted names as "
                      "`ls` prints them.",
               .defects = {"F12", "F13", "F14", "F15", "F24"},
               .mend = "Use the backend's listing interface; where there is only a shell, have the "
                       "names separated by NUL, or printed one by one in an encoding of your own.",
               .check = ExactNames}),
      Listing({.id = "paths",
               .asks = "An entry's `path` is the directory joined with its name.",
               .why = "A relative path, or one with two slashes, fails in the next call.",
               .defects = {"F29", "F30"},
               .mend = "Join the directory that was asked for, one slash, and the name.",
               .check = PathsAreJoined}),
      Listing({.id = "two-thousand",
               .asks = "2,000 entries are complete.",
               .why = "Output limits and pages cut long listings, often without a sign.",
               .defects = {"F23", "C16"},
               .mend = "Read all pages and all of the output.",
               .check = TwoThousand}),
      Listing({.id = "empty",
               .asks = "An empty directory has no entries, and is no error.",
               .why = "Splitting an empty text at newlines gives one empty name; `ls DIR/*` fails.",
               .defects = {"F22"},
               .mend = "Treat no output as no entries.",
               .check = EmptyDirectory}),
      Listing({.id = "missing",
               .asks = "readdir of a missing path is an error.",
               .why = "An empty list instead tells the caller that all files are gone, and the "
                      "next sync deletes them.",
               .defects = {"F20"},
               .mend = "Check the exit code or status of the listing.",
               .check = MissingIsAnError}),
      Listing({.id = "file",
               .asks = "readdir of a file is an error.",
               .why = "`ls FILE` succeeds and prints the file itself: a walk never ends.",
               .defects = {"F21"},
               .mend = "List with a slash at the end of the path, or look at the type first.",
               .check = FileIsAnError}),
      Listing({.id = "links",
               .asks = "Links are listed by their own names, and a dangling one breaks nothing.",
               .why = "`stat` of a dangling link fails, and one such link makes the whole listing "
                      "fail; `ls -l` shows ` -> target` behind the name.",
               .defects = {"F14", "F15"},
               .mend = "Use `lstat`, and keep an entry whose target cannot be looked at.",
               .check = LinksAreListed}),
      Listing({.id = "fresh",
               .asks = "A listing shows what was made and removed just before.",
               .why = "Cached listings show what is gone, and hide what a command made.",
               .defects = {"F40"},
               .mend = "Ask the machine each time.",
               .check = ListingIsFresh}),
  };
}

}  // namespace computesdk::conformance
