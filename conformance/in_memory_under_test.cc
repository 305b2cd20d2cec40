#include <memory>

#include "conformance/provider_under_test.h"
#include "mocks/in_memory_provider.h"

namespace computesdk {

std::unique_ptr<Provider> MakeProviderUnderTest() { return std::make_unique<InMemoryProvider>(); }

}  // namespace computesdk
