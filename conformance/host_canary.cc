#include "conformance/host_canary.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "conformance/unique_words.h"

namespace computesdk::conformance {

HostCanary::HostCanary() : variable_("COMPUTESDK_CONFORMANCE_CANARY", UniqueWords().Next()) {
  setenv(variable_.first.c_str(), variable_.second.c_str(), 1);
  std::error_code failed;
  std::filesystem::path folder = std::filesystem::temp_directory_path(failed);
  if (failed) folder = "/tmp";
  file_ = folder / ("computesdk-canary-" + variable_.second);
  std::ofstream(file_) << variable_.second << "\n";
}

HostCanary::~HostCanary() {
  unlink(file_.c_str());
  unsetenv(variable_.first.c_str());
}

}  // namespace computesdk::conformance
