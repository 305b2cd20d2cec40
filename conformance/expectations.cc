#include "conformance/expectations.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "conformance/printable.h"

namespace computesdk::conformance {
namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view WithoutComment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool starts_word = i == 0 || kBlanks.find(line[i - 1]) != std::string_view::npos;
    if (line[i] == '#' && starts_word) return line.substr(0, i);
  }
  return line;
}

std::string_view Trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return "";
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

bool IsId(std::string_view word) {
  return word.find('.') != std::string_view::npos && std::ranges::all_of(word, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
         });
}

}  // namespace

Result<Expectations> ParseExpectations(std::string_view text, const std::string& file) {
  Expectations expectations;
  int number = 0;
  std::string line;
  std::istringstream lines{std::string(text)};
  while (std::getline(lines, line)) {
    ++number;
    const std::string_view entry = Trimmed(WithoutComment(line));
    if (entry.empty()) continue;
    const auto wrong = [&](const std::string& what) {
      return MakeError(ErrorCode::kInvalidArgument,
                       file + ":" + std::to_string(number) + ": " + what);
    };
    const std::size_t end = std::min(entry.find_first_of(kBlanks), entry.size());
    const std::string id(entry.substr(0, end));
    const std::string reason(Trimmed(entry.substr(end)));
    if (!IsId(id)) return wrong(Printable(id, 60) + " is no id of a requirement");
    if (reason.empty()) return wrong("a reason must follow the id " + id);
    if (reason == kReasonToFillIn) {
      return wrong("the reason of " + id +
                   " is still to be filled in: say why it fails instead of '" + reason + "'");
    }
    const auto [entry_there, fresh] = expectations.try_emplace(id, Expectation{reason, number});
    if (!fresh) {
      return wrong(id + " is listed already in line " + std::to_string(entry_there->second.line));
    }
  }
  return expectations;
}

Result<Expectations> ReadExpectations(const std::string& file) {
  std::error_code failed;
  if (std::filesystem::is_directory(file, failed)) {
    return MakeError(ErrorCode::kInvalidArgument, file + ": is a directory");
  }
  std::ifstream input(file, std::ios::binary);
  std::ostringstream text;
  if (input) text << input.rdbuf();
  if (!input) {
    // An empty file sets failbit on the copy, and is fine.
    if (input.is_open() && std::filesystem::file_size(file, failed) == 0) return Expectations();
    return MakeError(ErrorCode::kInvalidArgument,
                     file + ": cannot be read: " + std::strerror(errno));
  }
  return ParseExpectations(text.str(), file);
}

}  // namespace computesdk::conformance
