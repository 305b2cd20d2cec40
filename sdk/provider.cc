#include "sdk/provider.h"

namespace computesdk {
namespace {

tl::unexpected<Error> Unimplemented(const Provider& provider, std::string_view operation) {
  return MakeError(ErrorCode::kUnimplemented, "the provider " + provider.Describe().name +
                                                  " does not offer " + std::string(operation));
}

}  // namespace

Result<SandboxInfo> Provider::GetInfo(const std::string&) {
  return Unimplemented(*this, "getInfo");
}

Result<std::string> Provider::GetUrl(const std::string&, const GetUrlRequest&) {
  return Unimplemented(*this, "getUrl");
}

Result<std::string> Provider::ReadFile(const std::string&, const std::string&) {
  return Unimplemented(*this, "filesystem.readFile");
}

Status Provider::WriteFile(const std::string&, const std::string&, const std::string&) {
  return Unimplemented(*this, "filesystem.writeFile");
}

Status Provider::Mkdir(const std::string&, const std::string&) {
  return Unimplemented(*this, "filesystem.mkdir");
}

Result<std::vector<FileEntry>> Provider::Readdir(const std::string&, const std::string&) {
  return Unimplemented(*this, "filesystem.readdir");
}

Result<bool> Provider::Exists(const std::string&, const std::string&) {
  return Unimplemented(*this, "filesystem.exists");
}

Status Provider::Remove(const std::string&, const std::string&) {
  return Unimplemented(*this, "filesystem.remove");
}

}  // namespace computesdk
