#include "sdk/types.h"

#include <algorithm>

namespace computesdk {

const std::vector<std::string>& AllCapabilities() {
  static const auto* const all = new std::vector<std::string>{
      std::string(capability::kGetInfo),        std::string(capability::kGetUrl),
      std::string(capability::kFilesystem),     std::string(capability::kCreateEnvs),
      std::string(capability::kCreateMetadata), std::string(capability::kCreateTimeout),
      std::string(capability::kCommandCwd),     std::string(capability::kCommandEnv),
      std::string(capability::kCommandTimeout), std::string(capability::kCommandBackground),
  };
  return *all;
}

bool ProviderDescription::Claims(std::string_view capability) const {
  return std::find(capabilities.begin(), capabilities.end(), capability) != capabilities.end();
}

}  // namespace computesdk
