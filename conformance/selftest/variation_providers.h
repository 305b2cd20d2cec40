#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_VARIATION_PROVIDERS_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_VARIATION_PROVIDERS_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "conformance/candidate.h"
#include "sdk/provider.h"

// Providers made from the in-memory one by what concerns all of its methods.
namespace computesdk::conformance {

// Looks at each call before it is made; an error is its outcome. Called from several threads.
using BeforeCall =
    std::function<std::optional<Error>(std::string_view method, const std::string& sandbox_id)>;
// `make` is called once a provider, with the clean one.
ProviderFactory Watched(std::function<BeforeCall(Provider& inner)> make);

// Each call but a destroy that fails with kNotFound for its sandbox fails with `code`.
ProviderFactory MissingSandboxIs(ErrorCode code);

// list and getById know of a create or a destroy only so much later.
ProviderFactory Lagging(Milliseconds lag);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_VARIATION_PROVIDERS_H_
