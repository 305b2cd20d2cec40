#include "mocks/in_memory/utilities/signals.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>

namespace computesdk::in_memory {
namespace {

constexpr std::array<std::string_view, 32> kNames = {
    "EXIT", "HUP",  "INT",  "QUIT", "ILL",    "TRAP",   "ABRT",  "BUS",  "FPE",  "KILL", "USR1",
    "SEGV", "USR2", "PIPE", "ALRM", "TERM",   "STKFLT", "CHLD",  "CONT", "STOP", "TSTP", "TTIN",
    "TTOU", "URG",  "XCPU", "XFSZ", "VTALRM", "PROF",   "WINCH", "POLL", "PWR",  "SYS"};

}  // namespace

std::string SignalName(int signal) {
  if (signal >= 0 && signal < static_cast<int>(kNames.size())) return std::string(kNames[signal]);
  return std::to_string(signal);
}

std::optional<int> ParseSignal(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    if (text.size() > 3) return std::nullopt;
    int number = std::atoi(std::string(text).c_str());
    if (number > 128) number -= 128;  // As a shell shows it in $?.
    if (number > 64) return std::nullopt;
    return number;
  }
  std::string name(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name.starts_with("SIG")) name.erase(0, 3);
  if (name == "IO") name = "POLL";
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<int>(found - kNames.begin());
}

}  // namespace computesdk::in_memory
