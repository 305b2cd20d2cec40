#ifndef COMPUTESDK_SDK_ADAPTER_SERVE_PROVIDER_H_
#define COMPUTESDK_SDK_ADAPTER_SERVE_PROVIDER_H_

#include "sdk/provider.h"

namespace computesdk {

// Serves `provider` over the adapter protocol: requests from `input_fd`, answers to `output_fd`,
// up to Describe().max_concurrency at once. Returns after `shutdown`, or at the end of the input
// (success), once every answer is written; an error if a descriptor fails. A request that makes no
// sense gets a JSON-RPC error that names the field.
//
// An input that ends without `shutdown` is a client that died, perhaps before it knew of a sandbox
// that was made for it: those whose id was in no later request are destroyed. The others stay.
Status ServeProvider(Provider& provider, int input_fd, int output_fd);

}  // namespace computesdk

#endif  // COMPUTESDK_SDK_ADAPTER_SERVE_PROVIDER_H_
