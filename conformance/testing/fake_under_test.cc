#include <memory>

#include "conformance/provider_under_test.h"
#include "conformance/testing/fake_provider.h"

namespace computesdk {

std::unique_ptr<Provider> MakeProviderUnderTest() {
  return std::make_unique<conformance::FakeProvider>();
}

}  // namespace computesdk
