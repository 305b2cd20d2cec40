#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_GREP_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_GREP_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/grep/grep_matcher.h"

namespace computesdk::in_memory {

enum class Listing { kLines, kCount, kMatchingFiles, kOtherFiles, kQuiet };
// What --include and --exclude say, in their order: of those that match, the last decides.
struct NameRule {
  std::string glob;
  bool include = false;
};
enum class BinaryFiles { kBinary, kText, kWithoutMatch };
enum class Folders { kRead, kSkip, kRecurse };

// As GREP_COLORS names them.
struct GrepColors {
  std::string match = "01;31";          // ms, of selected lines.
  std::string context_match = "01;31";  // mc, of the others, with -v.
  std::string file = "35";              // fn
  std::string line = "32";              // ln
  std::string offset = "32";            // bn
  std::string separator = "36";         // se
};

struct GrepStyle {
  MatcherOptions matcher = {};
  std::vector<std::string> patterns = {};
  bool has_patterns = false;
  bool invert = false;
  Listing listing = Listing::kLines;
  bool only_matching = false;
  bool suppress_errors = false;
  bool byte_offset = false;
  bool line_number = false;
  bool initial_tab = false;
  bool null_after_name = false;
  bool color = false;
  GrepColors colors = {};
  std::optional<bool> with_name = {};
  char end = '\n';
  std::int64_t most = INT64_MAX;
  bool context = false;
  std::optional<std::string> group_separator = "--";
  bool skip_devices = false;
  std::int64_t before = 0;
  std::int64_t after = 0;
  BinaryFiles binary = BinaryFiles::kBinary;
  Folders folders = Folders::kRead;
  bool follow_links = false;
  std::string label = "(standard input)";
  std::vector<NameRule> names = {};
  std::vector<std::string> exclude_folders = {};
  std::vector<std::string> operands = {};
};

// Reads the command line; ends the program where it is wrong.
GrepStyle ParseGrep(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_GREP_GREP_H_
