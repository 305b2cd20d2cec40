#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "conformance/provider_under_test.h"
#include "providers/local/local_provider.h"

namespace computesdk {

// In a root with a blank in its name.
std::unique_ptr<Provider> MakeProviderUnderTest() {
  const char* temporary = std::getenv("TEST_TMPDIR");
  LocalProviderOptions options;
  options.root = std::string(temporary != nullptr ? temporary : "/tmp") + "/local sandboxes " +
                 std::to_string(::getpid());
  return std::make_unique<LocalProvider>(std::move(options));
}

}  // namespace computesdk
