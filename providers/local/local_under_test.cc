#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>

#include "conformance/provider_under_test.h"
#include "providers/local/local_provider.h"

namespace computesdk {

// With the shell of LOCAL_SHELL, words with blanks between; a root with a blank in its name.
std::unique_ptr<Provider> MakeProviderUnderTest() {
  const char* temporary = std::getenv("TEST_TMPDIR");
  LocalProviderOptions options;
  options.root = std::string(temporary != nullptr ? temporary : "/tmp") + "/local sandboxes " +
                 std::to_string(::getpid());
  if (const char* shell = std::getenv("LOCAL_SHELL"); shell != nullptr) {
    std::istringstream words(shell);
    options.shell.clear();
    for (std::string word; words >> word;) options.shell.push_back(word);
  }
  return std::make_unique<LocalProvider>(std::move(options));
}

}  // namespace computesdk
