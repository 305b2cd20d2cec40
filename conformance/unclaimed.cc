#include "conformance/unclaimed.h"

#include <string>

#include "conformance/check_context.h"

namespace computesdk::conformance {
namespace {

template <typename T>
void ExpectUnimplemented(CheckContext& ctx, const Result<T>& result, std::string_view method) {
  ctx.ExpectError(result, std::string(method) + ", which is not claimed,",
                  {ErrorCode::kUnimplemented});
}

void CheckGetInfo(CheckContext& ctx) {
  ExpectUnimplemented(ctx, ctx.provider().GetInfo(ctx.box().id), "getInfo");
}

void CheckGetUrl(CheckContext& ctx) {
  ExpectUnimplemented(ctx, ctx.provider().GetUrl(ctx.box().id, {.port = 8080}), "getUrl");
}

void CheckFilesystem(CheckContext& ctx) {
  Provider& provider = ctx.provider();
  const std::string& id = ctx.box().id;
  const std::string kept = ctx.box().Path("kept");
  const std::string fresh = ctx.box().Path("fresh");
  ctx.PutFile(ctx.box(), kept, "kept");
  ExpectUnimplemented(ctx, provider.ReadFile(id, kept), "readFile");
  ExpectUnimplemented(ctx, provider.Exists(id, kept), "exists");
  ExpectUnimplemented(ctx, provider.Readdir(id, ctx.box().dir), "readdir");
  ExpectUnimplemented(ctx, provider.WriteFile(id, fresh, "x"), "writeFile");
  ctx.Expect(ctx.PathIsThere(ctx.box(), fresh), testing::IsFalse(),
             "whether writeFile, which is not claimed, made the file");
  ExpectUnimplemented(ctx, provider.Mkdir(id, fresh), "mkdir");
  ctx.Expect(ctx.PathIsThere(ctx.box(), fresh), testing::IsFalse(),
             "whether mkdir, which is not claimed, made the directory");
  ExpectUnimplemented(ctx, provider.Remove(id, kept), "remove");
  ctx.Expect(ctx.PathIsThere(ctx.box(), kept), testing::IsTrue(),
             "whether a file is there after remove, which is not claimed,");
}

}  // namespace

bool IsMethodCapability(std::string_view capability) {
  return capability == capability::kGetInfo || capability == capability::kGetUrl ||
         capability == capability::kFilesystem;
}

Requirement UnclaimedMethodsRequirement(std::string_view capability) {
  Requirement requirement;
  requirement.id = "unclaimed." + std::string(capability);
  requirement.level = Level::kOptional;
  requirement.asks = "A method that is not claimed answers UNIMPLEMENTED and does nothing.";
  if (capability == capability::kGetInfo) {
    requirement.check = CheckGetInfo;
  } else if (capability == capability::kGetUrl) {
    requirement.check = CheckGetUrl;
  } else {
    requirement.check = CheckFilesystem;
  }
  return requirement;
}

}  // namespace computesdk::conformance
