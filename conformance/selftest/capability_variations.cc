#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/selftest/spoil.h"
#include "conformance/selftest/variation.h"

// Providers that claim less than the in-memory one does, or in another way.
namespace computesdk::conformance {
namespace {

tl::unexpected<Error> Unimplemented() {
  return MakeError(ErrorCode::kUnimplemented, "this provider has no such method");
}

void TakeAwayFiles(Replacements& replacements) {
  const auto nothing = [](Provider&, const std::string&, const std::string&) -> Status {
    return Unimplemented();
  };
  replacements.read_file = [](Provider&, const std::string&,
                              const std::string&) -> Result<std::string> {
    return Unimplemented();
  };
  replacements.write_file = [](Provider&, const std::string&, const std::string&,
                               const std::string&) -> Status { return Unimplemented(); };
  replacements.mkdir = nothing;
  replacements.readdir = [](Provider&, const std::string&,
                            const std::string&) -> Result<std::vector<FileEntry>> {
    return Unimplemented();
  };
  replacements.exists = [](Provider&, const std::string&, const std::string&) -> Result<bool> {
    return Unimplemented();
  };
  replacements.remove = nothing;
}

// The methods of these capabilities are gone with them; options are just not claimed.
Replacements Without(const std::vector<std::string_view>& capabilities) {
  Replacements replacements = {.description = [=](ProviderDescription& description) {
    std::erase_if(description.capabilities, [&](const std::string& name) {
      return std::ranges::find(capabilities, name) != capabilities.end();
    });
  }};
  for (const std::string_view name : capabilities) {
    if (name == capability::kGetInfo) {
      replacements.get_info = [](Provider&, const std::string&) -> Result<SandboxInfo> {
        return Unimplemented();
      };
    }
    if (name == capability::kGetUrl) {
      replacements.get_url = [](Provider&, const std::string&,
                                const GetUrlRequest&) -> Result<std::string> {
        return Unimplemented();
      };
    }
    if (name == capability::kFilesystem) TakeAwayFiles(replacements);
  }
  return replacements;
}

Variation WithoutOne(std::string_view name) {
  return {.name = "without-" + std::string(name),
          .behaviour = "It does not claim " + std::string(name) + ".",
          .make = Spoil(Without({name}))};
}

void OddOrder(ProviderDescription& description) {
  std::ranges::reverse(description.capabilities);
  description.capabilities.insert(description.capabilities.begin() + 2, "snapshots");
  description.capabilities.push_back("filesystem.watch");
}

}  // namespace

std::vector<Variation> CapabilityVariations() {
  const std::vector<std::string_view> everything(AllCapabilities().begin(),
                                                 AllCapabilities().end());
  return {
      {.name = "claims-in-another-order",
       .behaviour = "It claims its capabilities in another order, and some that nobody knows.",
       .make = Spoil({.description = OddOrder})},
      {.name = "claims-nothing",
       .behaviour = "It has no optional method and honours no option.",
       .make = Spoil(Without(everything))},
      {.name = "create-timeout-without-get-info",
       .behaviour = "Sandboxes end after their timeout, and nothing reports it.",
       .make = Spoil(Without({capability::kGetInfo, capability::kCreateMetadata}))},
      WithoutOne(capability::kGetInfo),
      WithoutOne(capability::kGetUrl),
      WithoutOne(capability::kFilesystem),
      WithoutOne(capability::kCreateEnvs),
      WithoutOne(capability::kCreateMetadata),
      WithoutOne(capability::kCreateTimeout),
      WithoutOne(capability::kCommandCwd),
      WithoutOne(capability::kCommandEnv),
      WithoutOne(capability::kCommandTimeout),
      WithoutOne(capability::kCommandBackground),
  };
}

}  // namespace computesdk::conformance
