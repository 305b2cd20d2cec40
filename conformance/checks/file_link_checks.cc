#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// Links that stay inside the sandbox. To refuse them is safe; what a method reports as done through
// one must be done.
namespace computesdk::conformance {
namespace {

using ::testing::IsTrue;
using ::testing::UnorderedElementsAre;

std::string IsLink(std::string_view path) { return "[ -L " + ShellQuote(path) + " ]"; }

// A directory `real` with two files; `link`, `absolute` and `chain` lead to it, `to-file` to the
// first of the files, and `dangling` to one that is not there.
void PrepareLinks(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("real")), MakeFile(box.Path("real/file"), "content"),
           MakeFile(box.Path("real/other"), "kept")});
  MakeLink(ctx, box, "real", box.Path("link"));
  MakeLink(ctx, box, box.Path("real"), box.Path("absolute"));
  MakeLink(ctx, box, "link", box.Path("chain"));
  MakeLink(ctx, box, "real/file", box.Path("to-file"));
  MakeLink(ctx, box, "real/missing", box.Path("dangling"));
}

template <typename T>
bool IsRefused(CheckContext& ctx, const Result<T>& result) {
  if (!result) ctx.Tolerated("Links inside of the sandbox are refused.");
  return !result;
}

std::vector<std::string> NamesOf(const std::vector<FileEntry>& entries) {
  std::vector<std::string> names;
  std::ranges::transform(entries, std::back_inserter(names), &FileEntry::name);
  return names;
}

void ReadsThroughLinks(CheckContext& ctx) {
  PrepareLinks(ctx);
  const Box& box = ctx.box();
  for (const char* name : {"to-file", "link/file", "absolute/file", "chain/file"}) {
    const Result<std::string> content = ctx.provider().ReadFile(box.id, box.Path(name));
    if (IsRefused(ctx, content)) continue;
    ctx.ExpectBytes(*content, "content", std::string("readFile of ") + name);
  }
  for (const char* name : {"link", "absolute", "chain"}) {
    const auto entries = ctx.provider().Readdir(box.id, box.Path(name));
    if (IsRefused(ctx, entries)) continue;
    ctx.Expect(NamesOf(*entries), UnorderedElementsAre("file", "other"),
               std::string("the names that readdir has of ") + name);
  }
  for (const char* name : {"link/file", "absolute/file"}) {
    const Result<bool> there = ctx.provider().Exists(box.id, box.Path(name));
    if (IsRefused(ctx, there)) continue;
    ctx.Expect(*there, IsTrue(), std::string("exists of ") + name);
  }
}

void WritesThroughLinks(CheckContext& ctx) {
  PrepareLinks(ctx);
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  std::vector<Fact> facts = {
      {"the other file of that directory", "as it was", Holds(box.Path("real/other"), "kept")},
      {"the link to that directory", "a link, still",
       IsLink(box.Path("link")) + " && " + IsDirectory(box.Path("link"))}};
  // What was written must show at the path itself, and where the link leads to.
  const auto expect_written = [&](const std::string& name, const std::string& target) {
    if (IsRefused(ctx, provider.WriteFile(box.id, box.Path(name), name))) return;
    for (const std::string& path : {name, target}) {
      facts.push_back({path + " after writeFile of " + name + " with success", "what was written",
                       Holds(box.Path(path), name)});
    }
  };
  expect_written("link/new", "real/new");
  expect_written("absolute/newer", "real/newer");
  expect_written("chain/file", "real/file");
  if (!IsRefused(ctx, provider.Mkdir(box.id, box.Path("link/made/deeper")))) {
    facts.push_back({"real/made/deeper after mkdir of link/made/deeper with success", "a directory",
                     IsDirectory(box.Path("real/made/deeper"))});
  }
  ExpectFacts(ctx, box, facts);
}

// Onto a link: whether the link or its target is replaced is recommended, not asked.
void WritesOntoLinks(CheckContext& ctx) {
  PrepareLinks(ctx);
  const Box& box = ctx.box();
  std::vector<Fact> facts = {
      {"another file beside the target", "as it was", Holds(box.Path("real/other"), "kept")}};
  for (const char* name : {"to-file", "dangling"}) {
    if (IsRefused(ctx, ctx.provider().WriteFile(box.id, box.Path(name), "new"))) continue;
    facts.push_back(
        {"what `cat` shows at the link " + std::string(name) + ", after writeFile onto it",
         "what was written", Holds(box.Path(name), "new")});
    const Result<std::string> content = ctx.provider().ReadFile(box.id, box.Path(name));
    if (ExpectSuccess(ctx, content, "readFile of what writeFile wrote onto a link")) {
      ctx.ExpectBytes(*content, "new", "readFile of what writeFile wrote onto a link");
    }
  }
  ExpectFacts(ctx, box, facts);
}

void RemovesBelowLinks(CheckContext& ctx) {
  PrepareLinks(ctx);
  const Box& box = ctx.box();
  const Status removed = ctx.provider().Remove(box.id, box.Path("link/file"));
  IsRefused(ctx, removed);
  ExpectFacts(ctx, box,
              {{std::string("real/file after remove of link/file with ") +
                    (removed ? "success" : "an error"),
                removed ? "nothing" : "as it was",
                removed ? IsGone(box.Path("real/file")) : Holds(box.Path("real/file"), "content")},
               {"the file beside it", "as it was", Holds(box.Path("real/other"), "kept")},
               {"the link itself", "a link, still", IsLink(box.Path("link"))}});
}

void LinksAreFollowed(CheckContext& ctx) {
  PrepareLinks(ctx);
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  ExpectSuccess(ctx, provider.ReadFile(box.id, box.Path("to-file")), "readFile of a link");
  ExpectSuccess(ctx, provider.Readdir(box.id, box.Path("link")), "readdir of a link");
  ExpectSuccess(ctx, provider.Exists(box.id, box.Path("link/file")), "exists below a link");
  ExpectSuccess(ctx, provider.WriteFile(box.id, box.Path("link/new"), "x"),
                "writeFile below a link");
  ExpectSuccess(ctx, provider.Mkdir(box.id, box.Path("link/made")), "mkdir below a link");
  ExpectSuccess(ctx, provider.Mkdir(box.id, box.Path("link")), "mkdir of a link to a directory");
  ExpectSuccess(ctx, provider.Remove(box.id, box.Path("link/other")), "remove below a link");
  ExpectSuccess(ctx, provider.WriteFile(box.id, box.Path("to-file"), "new"),
                "writeFile onto a link");
  ExpectFacts(
      ctx, box,
      {{"the link after writeFile onto it", "a link, still", IsLink(box.Path("to-file"))},
       {"the file that it leads to", "what was written", Holds(box.Path("real/file"), "new")}});
}

Requirement Links(Requirement requirement) {
  requirement.id.insert(0, "links.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> FileLinkRequirements() {
  return {
      Links(
          {.id = "read",
           .asks = "Through a link inside the sandbox, readFile, readdir and exists show what is "
                   "there, or refuse.",
           .why = "`node_modules/.bin`, `current -> releases/7`, a home that is a link: trees are "
                  "full of them. The link's own text, or an empty listing, is a wrong answer.",
           .breaks = "A store keeps a link as a small file with the target's path in it, or looks "
                     "paths up in a table in which nothing lies below a link.",
           .wrong = R"(const node = table.get(path); // 'current/file' has no row
return node ? node.content : '';)",
           .right = R"(const node = table.get(await realpath(path));
if (!node) throw new NotFoundError(path);
return node.content;)",
           .defects = {"F14", "F39"},
           .mend = "Follow links inside of the sandbox, or answer with an error.",
           .check = ReadsThroughLinks}),
      Links({.id = "write",
             .asks = "What writeFile and mkdir report as done below a link to a directory is there "
                     "for commands.",
             .why = "The data is lost, and the caller was told that it is safe.",
             .breaks =
                 "The provider has a table of paths of its own: `link/new` gets a row that no "
                 "command ever looks at, as commands go where the link leads.",
             .wrong = R"(files.set(`${dir}/${name}`, content); // dir may be a link)",
             .right = R"(files.set(`${await realpath(dir)}/${name}`, content);)",
             .defects = {"F40", "F14"},
             .mend = "Resolve the links of the directory before you write; or refuse.",
             .check = WritesThroughLinks}),
      Links({.id = "write-onto",
             .asks = "writeFile onto a link leaves what was written at that path, or is an error.",
             .why = "A configuration file is often a link. The caller writes it and reads it "
                    "again.",
             .breaks = "The write goes to the link's own node and the read to its target, or a "
                       "dangling link makes the write fail in silence.",
             .wrong = R"(nodes.get(path).content = content; // the link's node
return nodes.get(await realpath(path)).content; // in readFile)",
             .right = R"(nodes.get(await realpath(path)).content = content;
return nodes.get(await realpath(path)).content; // in readFile)",
             .defects = {"F14", "F40"},
             .mend = "Follow the link in all methods alike, or replace it by the new file.",
             .check = WritesOntoLinks}),
      Links({.id = "remove",
             .asks = "remove below a link to a directory takes that entry, or is an error.",
             .why = "A secret that was to be removed is still there, and nobody looks again.",
             .breaks =
                 "The path is not found in the provider's own table, and a missing path counts "
                 "as removed.",
             .wrong = R"(files.delete(path); // true or false: success either way)",
             .right = R"(const real = `${await realpath(posix.dirname(path))}/${base}`;
if (!files.delete(real)) throw new NotFoundError(path);)",
             .defects = {"F38", "F14"},
             .mend = "Resolve the links of the parent, and never those of the last segment.",
             .check = RemovesBelowLinks}),
      Links({.id = "followed",
             .level = Level::kRecommended,
             .asks = "The file methods follow links inside of the sandbox, as commands do.",
             .why = "Callers need not know which of their directories is a link.",
             .breaks = "Links are refused altogether, which is safe and more than is needed; or a "
                       "write renames a new file over the link.",
             .wrong = R"(await fs.writeFile(temporary, content);
await fs.rename(temporary, path); // the link is gone)",
             .right = R"(const target = await fs.realpath(path).catch(() => path);
await fs.writeFile(temporary, content);
await fs.rename(temporary, target);)",
             .defects = {"F14"},
             .mend = "Resolve links against the sandbox's root, and go on with what they lead to.",
             .check = LinksAreFollowed}),
  };
}

}  // namespace computesdk::conformance
