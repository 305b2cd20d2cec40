#ifndef COMPUTESDK_SDK_ADAPTER_DISPATCH_H_
#define COMPUTESDK_SDK_ADAPTER_DISPATCH_H_

#include <string>

#include "nlohmann/json.hpp"
#include "sdk/provider.h"

namespace computesdk::adapter {

// The result, or the JSON-RPC error object, of one request.
using Reply = tl::expected<nlohmann::json, nlohmann::json>;

// Calls the provider's method of that name in the protocol. Params that are missing or wrong are
// an error that names the field, and the provider is not called.
Reply Dispatch(Provider& provider, const std::string& method, const nlohmann::json& params);

}  // namespace computesdk::adapter

#endif  // COMPUTESDK_SDK_ADAPTER_DISPATCH_H_
