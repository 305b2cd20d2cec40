#include "sdk/adapter/unconfirmed_sandboxes.h"

#include <utility>

#include "sdk/adapter/dispatch.h"

namespace computesdk::adapter {

using nlohmann::json;

namespace {

// nullptr where there is no id.
const std::string* IdIn(const json& value) {
  const auto id = value.find("sandboxId");
  return id == value.end() ? nullptr : id->get_ptr<const std::string*>();
}

}  // namespace

void UnconfirmedSandboxes::Made(const json& result) {
  const std::lock_guard lock(mutex_);
  if (const std::string* id = IdIn(result)) ids_.insert(*id);
}

void UnconfirmedSandboxes::Named(const json& params) {
  const std::lock_guard lock(mutex_);
  if (const std::string* id = IdIn(params)) ids_.erase(*id);
}

void UnconfirmedSandboxes::DestroyAll(Provider& provider) {
  const std::lock_guard lock(mutex_);
  // By way of Dispatch, which lets no exception out. Nobody is left to be told of a failure.
  for (const std::string& id : ids_) {
    (void)Dispatch(provider, "sandbox.destroy", {{"sandboxId", id}});
  }
  ids_.clear();
}

}  // namespace computesdk::adapter
