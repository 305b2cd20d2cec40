#include "conformance/unclaimed.h"

#include <string>
#include <utility>

#include "conformance/check_context.h"

namespace computesdk::conformance {
namespace {

// What a method that is not there may take to say so, over a slow line.
constexpr Milliseconds kAtOnce{5000};

// Calls methods that are not claimed.
class Prober {
 public:
  Prober(CheckContext& ctx, const NoteCall& note) : ctx_(ctx), note_(note) {}

  template <typename Call>
  void Expect(std::string_view method, Call call) {
    const Stopwatch watch(ctx_);
    const auto result = call(ctx_.provider());
    const Milliseconds elapsed = watch.elapsed();
    note_(method, result.has_value());
    const std::string subject = std::string(method) + ", which is not claimed,";
    if (!ctx_.ExpectError(result, subject, {ErrorCode::kUnimplemented})) return;
    ctx_.Expect(elapsed.count(), testing::Le(kAtOnce.count()),
                "the ms until " + subject + " answered");
  }

  void ExpectThere(const std::string& path, bool there, std::string_view method) {
    ctx_.Expect(
        ctx_.PathIsThere(ctx_.box(), path), testing::Eq(there),
        "whether " + path + " is there after " + std::string(method) + ", which is not claimed,");
  }
  void ExpectContent(const std::string& path, const std::string& content, std::string_view method) {
    ctx_.ExpectBytes(ctx_.PeekFile(ctx_.box(), path).value_or("(no file)"), content,
                     path + " after " + std::string(method) + ", which is not claimed,");
  }

 private:
  CheckContext& ctx_;
  const NoteCall& note_;
};

void CheckFilesystem(CheckContext& ctx, const NoteCall& note) {
  Prober prober(ctx, note);
  const std::string& id = ctx.box().id;
  const std::string kept = ctx.box().Path("kept");
  const std::string file = ctx.box().Path("file");
  const std::string folder = ctx.box().Path("folder");
  ctx.PutFile(ctx.box(), kept, "kept");
  prober.Expect("readFile", [&](Provider& p) { return p.ReadFile(id, kept); });
  prober.Expect("exists", [&](Provider& p) { return p.Exists(id, kept); });
  prober.Expect("readdir", [&](Provider& p) { return p.Readdir(id, ctx.box().dir); });
  // Onto a file that is there, and beside it: the one may be refused where the other is done.
  prober.Expect("writeFile", [&](Provider& p) { return p.WriteFile(id, kept, "spoilt"); });
  prober.Expect("writeFile", [&](Provider& p) { return p.WriteFile(id, file, "spoilt"); });
  prober.ExpectContent(kept, "kept", "writeFile");
  prober.ExpectThere(file, false, "writeFile");
  prober.Expect("mkdir", [&](Provider& p) { return p.Mkdir(id, folder); });
  prober.ExpectThere(folder, false, "mkdir");
  prober.Expect("remove", [&](Provider& p) { return p.Remove(id, kept); });
  prober.ExpectThere(kept, true, "remove");
}

}  // namespace

bool IsMethodCapability(std::string_view capability) {
  return capability == capability::kGetInfo || capability == capability::kGetUrl ||
         capability == capability::kFilesystem;
}

Requirement UnclaimedMethodsRequirement(std::string_view capability, NoteCall note) {
  Requirement requirement;
  requirement.id = "unclaimed." + std::string(capability);
  requirement.level = Level::kOptional;
  requirement.asks = "A method that is not claimed answers UNIMPLEMENTED and does nothing.";
  if (capability == capability::kGetInfo) {
    requirement.check = [note = std::move(note)](CheckContext& ctx) {
      Prober(ctx, note).Expect("getInfo", [&](Provider& p) { return p.GetInfo(ctx.box().id); });
    };
  } else if (capability == capability::kGetUrl) {
    requirement.check = [note = std::move(note)](CheckContext& ctx) {
      Prober(ctx, note).Expect("getUrl",
                               [&](Provider& p) { return p.GetUrl(ctx.box().id, {.port = 8080}); });
    };
  } else {
    requirement.check = [note = std::move(note)](CheckContext& ctx) { CheckFilesystem(ctx, note); };
  }
  return requirement;
}

}  // namespace computesdk::conformance
