#ifndef COMPUTESDK_SDK_ADAPTER_UNCONFIRMED_SANDBOXES_H_
#define COMPUTESDK_SDK_ADAPTER_UNCONFIRMED_SANDBOXES_H_

#include <mutex>
#include <set>
#include <string>

#include "nlohmann/json.hpp"
#include "sdk/provider.h"

namespace computesdk::adapter {

// The sandboxes that a client may know nothing of: they were made for it, and no request has named
// them yet. A client that was killed had perhaps not read the answer, or not written the id down;
// one that names a sandbox has. May be used from several threads.
class UnconfirmedSandboxes {
 public:
  // `result`: what `sandbox.create` answers, before it is written.
  void Made(const nlohmann::json& result);
  // The params of a request that came in.
  void Named(const nlohmann::json& params);
  // Destroys those that are left.
  void DestroyAll(Provider& provider);

 private:
  std::mutex mutex_;
  std::set<std::string> ids_;
};

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_UNCONFIRMED_SANDBOXES_H_
