#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// What no path and no link may reach: the machine outside.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;
using ::testing::IsFalse;
using ::testing::IsTrue;

// A provider that runs on the kit's machine by design shows its files to every command: there a
// file method gives no access that there was not anyway.
bool NothingIsOutside(CheckContext& ctx, const Box& box, const OutsideFile& file) {
  if (!RunsOnThisMachine(ctx, box, file)) return false;
  ctx.Tolerated("Commands see the files of this machine, so that for them nothing is outside.");
  return true;
}

void ExpectNotRead(CheckContext& ctx, const std::string& path, const OutsideFile& file) {
  const Result<std::string> content = ctx.provider().ReadFile(ctx.box().id, path);
  if (content && content->find(file.content()) != std::string::npos) {
    ctx.Fail({"readFile of " + path, "no access to " + file.path() + ", which lies outside",
              "the content of that file"});
  }
}

void LinksOutGiveNoReading(CheckContext& ctx) {
  const Box& box = ctx.box();
  const OutsideFile file(ctx, "outside " + ctx.Unique());
  if (NothingIsOutside(ctx, box, file)) return;
  MakeLink(ctx, box, file.path(), box.Path("link"));
  MakeLink(ctx, box, file.directory(), box.Path("directory"));
  MakeLink(ctx, box, "/", box.Path("root"));
  MakeLink(ctx, box, "link", box.Path("link-to-the-link"));
  for (const std::string& path : {box.Path("link"), box.Path("directory/outside"),
                                  box.Path("root") + file.path(), box.Path("link-to-the-link")}) {
    ExpectNotRead(ctx, path, file);
  }
  for (const std::string& path : {box.Path("directory"), box.Path("root") + file.directory()}) {
    const auto entries = ctx.provider().Readdir(box.id, path);
    if (!entries) continue;
    ctx.Expect(std::ranges::count(*entries, "outside", &FileEntry::name), Eq(0),
               "how often readdir of " + path + ", a link out of the sandbox, has a file there");
  }
}

void LinksOutGiveNoWriting(CheckContext& ctx) {
  const Box& box = ctx.box();
  const OutsideFile file(ctx, "outside " + ctx.Unique());
  if (NothingIsOutside(ctx, box, file)) return;
  MakeLink(ctx, box, file.path(), box.Path("link"));
  MakeLink(ctx, box, file.directory(), box.Path("directory"));
  Provider& provider = ctx.provider();
  const auto expect_unharmed = [&](const std::string& doing) {
    ctx.Expect(file.IsUnchanged(), IsTrue(),
               "whether " + file.path() + " is as it was after " + doing);
    std::error_code error;
    int entries = 0;
    for ([[maybe_unused]] const auto& entry :
         std::filesystem::directory_iterator(file.directory(), error)) {
      ++entries;
    }
    ctx.Expect(entries, Eq(1), "how many files lie in that directory after " + doing);
  };
  provider.WriteFile(box.id, box.Path("link"), "overwritten");
  expect_unharmed("writeFile to a link to it");
  provider.WriteFile(box.id, box.Path("directory/new"), "new");
  provider.Mkdir(box.id, box.Path("directory/made"));
  expect_unharmed("writeFile and mkdir below a link to its directory");
  provider.Remove(box.id, box.Path("directory/outside"));
  expect_unharmed("remove below a link to its directory");
  provider.Remove(box.id, box.Path("link"));
  provider.Remove(box.id, box.Path("directory"));
  expect_unharmed("remove of the links");
}

// Out of the box, up to the root and beyond it.
std::string WayUp(const Box& box) {
  std::string path = box.dir;
  for (int i = 0; i < 24; ++i) path += "/..";
  return path;
}

void DotDotNeverLeaves(CheckContext& ctx) {
  const Box& box = ctx.box();
  const OutsideFile file(ctx, "outside " + ctx.Unique());
  if (NothingIsOutside(ctx, box, file)) return;
  Prepare(ctx, box, {MakeDirectory(box.Path("sub"))});
  const std::string up = WayUp(box);
  std::string relative = "..";
  for (int i = 0; i < 24; ++i) relative += "/..";
  for (const std::string& path :
       {up + file.path(), box.dir + "/sub/../../../../../../../../../../.." + file.path(),
        relative + file.path(), box.dir + "/missing/../" + relative + file.path()}) {
    ExpectNotRead(ctx, path, file);
  }
  ctx.provider().WriteFile(box.id, up + file.path(), "overwritten");
  ctx.provider().WriteFile(box.id, up + file.directory() + "/new", "new");
  ctx.provider().Mkdir(box.id, up + file.directory() + "/made");
  ctx.provider().Remove(box.id, up + file.path());
  std::error_code error;
  ctx.Expect(file.IsUnchanged(), IsTrue(),
             "whether " + file.path() + " is as it was after writeFile and remove by `..`");
  ctx.Expect(std::filesystem::exists(file.directory() + "/new", error) ||
                 std::filesystem::exists(file.directory() + "/made", error),
             IsFalse(), "whether writeFile or mkdir made something outside by `..`");
}

Requirement Outside(Requirement requirement) {
  requirement.id.insert(0, "outside.");
  return FileRequirement(std::move(requirement));
}

}  // namespace

std::vector<Requirement> FileOutsideRequirements() {
  return {
      Outside(
          {.id = "links-read",
           .asks = "A link that leads out of the sandbox lets no file method read outside.",
           .why = "Whoever may run a command in the sandbox makes a link to /etc/shadow, or to "
                  "another customer's files, and has the provider read it.",
           .breaks = "File methods work on the sandbox's directory from the machine around it, "
                     "where the kernel follows the sandbox's links to the machine's own files.",
           .wrong = R"(const file = posix.join(rootOf(id), path);
if (!file.startsWith(rootOf(id))) throw new Error('outside');
return fs.readFile(file); // follows links, wherever they lead)",
           .right = R"(return sandbox.exec(['cat', '--', path]); // inside, where its root is /)",
           .defects = {"F32", "F38", "S4"},
           .mend = "Run file methods inside of the sandbox, or resolve every link against its "
                   "root (openat2 with RESOLVE_IN_ROOT).",
           .check = LinksOutGiveNoReading}),
      Outside({.id = "links-write",
               .asks =
                   "A link that leads out of the sandbox lets no file method write, make or remove "
                   "anything outside.",
               .why = "It is the way out of a sandbox that is most often found: a link to "
                      "~/.ssh/authorized_keys, and a write to it.",
               .breaks = "The check of the path is done on its text, before the kernel follows a "
                         "link in the middle of it.",
               .wrong = R"(const file = posix.join(rootOf(id), posix.normalize(path));
await fs.writeFile(file, content);)",
               .right = R"(const dir = await fs.realpath(posix.dirname(file));
if (dir !== root && !dir.startsWith(root + '/')) throw new Error('outside');
const flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW;
const handle = await fs.open(posix.join(dir, posix.basename(file)), flags);)",
               .defects = {"F32", "F38", "S4"},
               .mend = "Run file methods inside of the sandbox, or resolve every link against its "
                       "root.",
               .check = LinksOutGiveNoWriting}),
      Outside(
          {.id = "dot-dot",
           .asks = "A path with `..` never leaves the sandbox.",
           .why = "Paths come from archives and from models, and `../../etc/passwd` is the "
                  "first that is tried.",
           .breaks = "The path is joined with the sandbox's directory on the machine outside, "
                     "and not resolved, or compared before it is resolved.",
           .wrong = R"(return fs.readFile(`${rootOf(id)}/${path}`);)",
           .right = R"(const inside = posix.resolve('/', path); // '..' ends at the root
return fs.readFile(rootOf(id) + inside);)",
           .defects = {"F32", "S4"},
           .mend = "Resolve the path as if the sandbox's root were the root of all, or refuse it.",
           .check = DotDotNeverLeaves}),
  };
}

}  // namespace computesdk::conformance
