#include "conformance/checks/file_stage.h"

#include <algorithm>

#include "conformance/checks/probes.h"

namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;
using ::testing::IsTrue;

// A directory for each method, with what it needs under each of the names.
class Stage {
 public:
  Stage(CheckContext& ctx, const std::vector<NamedValue>& names) : ctx_(ctx), names_(names) {
    std::vector<std::string> lines;
    std::vector<std::string> tests;
    for (const char* dir : {"read", "write", "mkdir", "remove", "absent"}) {
      lines.push_back(MakeDirectory(ctx.box().Path(dir)));
    }
    for (std::size_t i = 0; i < names.size(); ++i) {
      lines.push_back(MakeFile(Path("read", i), StageContent(i)));
      lines.push_back(MakeFile(Path("remove", i), StageContent(i)));
      tests.push_back(Holds(Path("read", i), StageContent(i)));
    }
    // What a pattern or a split name would take with it.
    lines.push_back(MakeFile(ctx.box().Path("remove/kept"), "kept"));
    lines.push_back(MakeFile(ctx.box().Path("remove/a"), "kept"));
    Prepare(ctx, ctx.box(), lines);
    for (const bool made : Ask(ctx, ctx.box(), tests)) {
      if (!made) ctx.NotTestable("the shell could not make files of these names");
    }
  }

  std::string Path(std::string_view dir, std::size_t i) const {
    return ctx_.box().Path(dir) + "/" + names_[i].bytes;
  }

  void CallMethods() {
    Provider& provider = ctx_.provider();
    const std::string& id = ctx_.box().id;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const auto scope = ctx_.Case(names_[i].label, ", the name ", Printable(names_[i].bytes, 40));
      const Result<std::string> content = provider.ReadFile(id, Path("read", i));
      if (ExpectSuccess(ctx_, content, "readFile")) {
        ctx_.ExpectBytes(*content, StageContent(i), "readFile");
      }
      const Result<bool> there = provider.Exists(id, Path("read", i));
      if (ExpectSuccess(ctx_, there, "exists")) {
        ctx_.Expect(*there, IsTrue(), "exists of a file that is there");
      }
      const Result<bool> absent = provider.Exists(id, Path("absent", i));
      if (ExpectSuccess(ctx_, absent, "exists of a missing path")) {
        ctx_.Expect(*absent, IsFalse(), "exists of a missing path");
      }
      ExpectSuccess(ctx_, provider.WriteFile(id, Path("write", i), StageContent(i)), "writeFile");
      ExpectSuccess(ctx_, provider.Mkdir(id, Path("mkdir", i)), "mkdir");
      ExpectSuccess(ctx_, provider.Remove(id, Path("remove", i)), "remove");
    }
    ExpectNamesListed();
  }

  // What the shell says of all that.
  void ExpectEffects() {
    std::vector<Fact> facts;
    const auto add = [&](const std::string& method, const std::string& expected,
                         const std::string& dir, auto test) {
      for (std::size_t i = 0; i < names_.size(); ++i) {
        facts.push_back({names_[i].label + ", the name " + Printable(names_[i].bytes, 40) + ": " +
                             "what " + method + " left at that path",
                         expected, test(Path(dir, i), i)});
      }
    };
    add("writeFile", "a file with what was written", "write",
        [](const std::string& path, std::size_t i) { return Holds(path, StageContent(i)); });
    add("mkdir", "a directory", "mkdir",
        [](const std::string& path, std::size_t) { return IsDirectory(path); });
    add("remove", "nothing", "remove",
        [](const std::string& path, std::size_t) { return IsGone(path); });
    const Box& box = ctx_.box();
    const int count = static_cast<int>(names_.size());
    const std::string each = "just one entry for each name: " + std::to_string(count);
    facts.push_back(
        {"the directory that writeFile wrote in", each, HasEntries(box.Path("write"), count)});
    facts.push_back(
        {"the directory that mkdir made others in", each, HasEntries(box.Path("mkdir"), count)});
    facts.push_back({"the directory that remove removed from", "the two other files",
                     Holds(box.Path("remove/kept"), "kept") + " && " +
                         Holds(box.Path("remove/a"), "kept") + " && " +
                         HasEntries(box.Path("remove"), 2)});
    facts.push_back(
        {"the directory with nothing in it", "nothing in it", HasEntries(box.Path("absent"), 0)});
    ExpectFacts(ctx_, box, facts);
  }

 private:
  void ExpectNamesListed() {
    const auto entries = ctx_.provider().Readdir(ctx_.box().id, ctx_.box().Path("read"));
    if (!ExpectSuccess(ctx_, entries, "readdir")) return;
    for (const NamedValue& name : names_) {
      const auto count = std::ranges::count(*entries, name.bytes, &FileEntry::name);
      ctx_.Expect(count, testing::Eq(1),
                  "how often readdir has the name " + Printable(name.bytes, 60));
    }
  }

  CheckContext& ctx_;
  const std::vector<NamedValue>& names_;
};

}  // namespace

std::string StageContent(std::size_t i) { return "content " + std::to_string(i); }

void ExpectExactNames(CheckContext& ctx, const std::vector<NamedValue>& names) {
  Stage stage(ctx, names);
  stage.CallMethods();
  stage.ExpectEffects();
}

}  // namespace computesdk::conformance
