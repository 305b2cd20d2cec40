#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "conformance/cli/commands.h"
#include "conformance/printable.h"

namespace computesdk::conformance {

int Unusable(const std::string& message) {
  std::string line = CleanText(message);
  for (char& c : line) {
    if (c == '\n' || c == '\t') c = ' ';
  }
  std::cerr << "conformance: " << line << std::endl;
  return kExitUnusable;
}

std::string UserDirectory() {
  const char* directory = std::getenv("BUILD_WORKING_DIRECTORY");
  return directory != nullptr ? directory : "";
}

std::string UserPath(const std::string& path) {
  const std::string directory = UserDirectory();
  if (path.empty() || path.front() == '/' || directory.empty()) return path;
  return std::filesystem::path(directory) / path;
}

}  // namespace computesdk::conformance
