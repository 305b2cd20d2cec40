#include "mocks/differential/script_file.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace computesdk::differential {

std::vector<Script> ParseScripts(std::string_view text, const std::string& category) {
  constexpr std::string_view kMark = "=== ";
  std::vector<Script> scripts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    if (line.substr(0, kMark.size()) == kMark) {
      const std::size_t last = line.find_last_not_of(" \n");
      const std::string name(line.substr(kMark.size(), last + 1 - kMark.size()));
      scripts.push_back({category + ": " + name, ""});
    } else if (!scripts.empty()) {
      scripts.back().text += line;
    }
  }
  return scripts;
}

std::vector<Script> LoadScripts(const std::string& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, error)) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Script> all;
  for (const std::filesystem::path& file : files) {
    std::ostringstream text;
    text << std::ifstream(file, std::ios::binary).rdbuf();
    const std::string category = file.lexically_relative(folder).replace_extension();
    for (Script& script : ParseScripts(text.str(), category)) {
      all.push_back(std::move(script));
    }
  }
  if (all.empty()) {
    std::cerr << "no scripts in " << folder << ": " << error.message() << "\n";
    std::exit(1);
  }
  return all;
}

std::map<std::string, std::string> LoadDifferences(const std::string& file) {
  std::ifstream lines(file);
  if (!lines) {
    std::cerr << "cannot read " << file << "\n";
    std::exit(1);
  }
  std::map<std::string, std::string> differences;
  std::string reason;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) {
      reason = line.substr(3);
    } else if (!line.empty() && !line.starts_with("#")) {
      differences[line] = reason;
    }
  }
  return differences;
}

}  // namespace computesdk::differential
