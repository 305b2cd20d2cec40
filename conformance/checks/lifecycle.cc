#include "conformance/checks/lifecycle.h"

#include "conformance/checks/probes.h"
#include "nlohmann/json.hpp"

namespace computesdk::conformance {

using ::testing::IsTrue;
using ::testing::Ne;

SandboxRef CreateOne(CheckContext& ctx, const CreateSandboxOptions& options) {
  SandboxRef ref = ctx.Must(ctx.provider().Create(options), "create");
  ctx.Require(ref.sandbox_id, Ne(""), "the id that create gave");
  return ref;
}

CreateSandboxOptions OptionsInCommon(const CheckContext& ctx, const std::string& name) {
  CreateSandboxOptions options;
  if (ctx.Claims(capability::kCreateMetadata))
    options.metadata = Metadata(nlohmann::json{{"name", name}, {"owner", "kit"}});
  if (ctx.Claims(capability::kCreateEnvs)) options.envs = {{"KIT_NAME", name}};
  return options;
}

CreateSandboxOptions NamingTheRuntime(const CheckContext& ctx) {
  const std::vector<std::string>& runtimes = ctx.description().runtimes;
  if (runtimes.empty()) return {};
  return {.runtime = runtimes.front()};
}

void ForEachSandbox(CheckContext& ctx, int count, const std::function<void(int)>& body) {
  if (ctx.max_sandboxes() >= count) return ctx.InParallel(count, body);
  for (int i = 0; i < count; ++i) body(i);
}

Box CreateAndDestroy(CheckContext& ctx, const CreateSandboxOptions& options) {
  Box box = ctx.CreateBox(options);
  ctx.PutFile(box, box.Path("file"), "left over");
  ctx.Must(ctx.provider().Destroy(box.id), "destroy");
  return box;
}

std::set<std::string> ListedIds(CheckContext& ctx) {
  std::set<std::string> ids;
  for (const SandboxRef& ref : ctx.Must(ctx.provider().List(), "list")) ids.insert(ref.sandbox_id);
  return ids;
}

void ExpectWorkdirIsThere(CheckContext& ctx, const SandboxRef& handle, std::string_view whose) {
  if (!handle.workdir) return;
  const ExecutionResult result = ctx.Must(
      ctx.provider().RunCommand(
          handle.sandbox_id, {.command = "cd " + ShellQuote(*handle.workdir) + " && printf there"}),
      "a command in the workdir");
  ctx.ExpectBytes(result.stdout_bytes, "there",
                  "stdout of `cd " + *handle.workdir + " && printf there`, the workdir of " +
                      std::string(whose));
}

SandboxRef FindLive(CheckContext& ctx, const std::string& id) {
  Result<std::optional<SandboxRef>> found = std::optional<SandboxRef>();
  const bool there = ctx.Eventually(ctx.consistency_window(), [&] {
    found = ctx.provider().GetById(id);
    return !found || found->has_value();
  });
  std::optional<SandboxRef> ref = ctx.Must(std::move(found), "getById of a live id");
  ctx.Require(there, IsTrue(),
              "whether getById finds a live sandbox within the consistency window of " +
                  std::to_string(ctx.consistency_window().count()) + " ms");
  return *ref;
}

}  // namespace computesdk::conformance
