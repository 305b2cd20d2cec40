#ifndef COMPUTESDK_CONFORMANCE_PROVIDER_UNDER_TEST_H_
#define COMPUTESDK_CONFORMANCE_PROVIDER_UNDER_TEST_H_

#include <memory>

#include "sdk/provider.h"

namespace computesdk {

// Defined by the library that is given to provider_conformance_test as `provider`: makes the
// provider to be tested. Called once.
std::unique_ptr<Provider> MakeProviderUnderTest();

}  // namespace computesdk

#endif  // COMPUTESDK_CONFORMANCE_PROVIDER_UNDER_TEST_H_
