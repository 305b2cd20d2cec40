// A byte of options, a pattern up to a NUL, then the text to match.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "mocks/in_memory/text/regex.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using computesdk::in_memory::Regex;
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::size_t end = rest.find('\0');
  const std::string_view pattern = rest.substr(0, end);
  const std::string_view subject =
      end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  const auto regex = Regex::Compile(pattern, {.extended = (data[0] & 1) != 0,
                                              .ignore_case = (data[0] & 2) != 0,
                                              .newline = (data[0] & 4) != 0});
  if (!regex) return 0;
  std::vector<Regex::Group> groups;
  if (!regex->Match(subject, &groups)) return 0;
  // Every group is inside the text, or took no part.
  if (groups.size() != regex->group_count() + 1) std::abort();
  for (const auto& [begin, end_of_group] : groups) {
    if (begin == -1 && end_of_group == -1) continue;
    if (begin < 0 || begin > end_of_group ||
        end_of_group > static_cast<std::ptrdiff_t>(subject.size())) {
      std::abort();
    }
  }
  return 0;
}
