#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/inspect/inspect_programs.h"
#include "mocks/in_memory/utilities/inspect/tree.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Long options without a short form.
enum TreeExtra {
  kTreeNoReport = 256,
  kTreeDirsFirst,
  kTreeFilesFirst,
  kTreePrune,
  kTreeMatchDirs,
  kTreeIgnoreCase,
  kTreeInodes,
  kTreeSi,
  kTreeSort,
  kTreeTimeFormat,
  kTreeFileLimit,
  kTreeCharset,
  kTreeUsage,
  kTreeFieldsFirst
};

void SortBy(Process& process, const std::string& word, TreeStyle& style) {
  static constexpr std::pair<std::string_view, TreeOrder> kOrders[] = {
      {"name", TreeOrder::kName},  {"version", TreeOrder::kVersion}, {"size", TreeOrder::kSize},
      {"mtime", TreeOrder::kTime}, {"ctime", TreeOrder::kChange},    {"none", TreeOrder::kNone}};
  for (const auto& [name, order] : kOrders) {
    if (name != word) continue;
    style.order = order;
    return;
  }
  Complain(process, "sort type '" + word +
                        "' not valid, should be one of: name,version,size,mtime,ctime,none");
  process.Exit(1);
}

std::size_t Level(Process& process, const std::string& text, std::string_view message) {
  const auto number = ParseInteger(text);
  if (number && *number > 0) return static_cast<std::size_t>(*number);
  Complain(process, message);
  process.Exit(1);
}

bool TakeTreeLong(Process& process, const Options::Option& option, TreeStyle& style) {
  switch (option.letter) {
    case kTreeNoReport:
      style.no_report = true;
      return true;
    case kTreeDirsFirst:
      style.directories_first = true;
      return true;
    case kTreeFilesFirst:
      style.files_first = true;
      return true;
    case kTreePrune:
      style.prune = true;
      return true;
    case kTreeMatchDirs:
      style.match_directories = true;
      return true;
    case kTreeIgnoreCase:
      style.ignore_case = true;
      return true;
    case kTreeUsage:
      style.usage = true;
      return true;
    case kTreeFieldsFirst:
      style.fields_first = true;
      return true;
    case kTreeInodes:
      style.inodes = true;
      return true;
    case kTreeSi:
      style.si = true;
      return true;
    case kTreeSort:
      SortBy(process, option.value, style);
      return true;
    case kTreeTimeFormat:
      style.times = true;
      style.time_format = option.value;
      return true;
    case kTreeFileLimit:
      style.file_limit = Level(process, option.value, "Invalid filelimit, must be greater than 0.");
      return true;
    case kTreeCharset:
      style.utf8 = option.value == "utf-8" || option.value == "UTF-8";
      return true;
    default:
      return false;
  }
}

void TakeTreeLetter(Process& process, const Options::Option& option, TreeStyle& style) {
  static constexpr std::pair<char, bool TreeStyle::*> kSwitches[] = {
      {'a', &TreeStyle::all},       {'d', &TreeStyle::directories_only},
      {'D', &TreeStyle::times},     {'f', &TreeStyle::full_path},
      {'F', &TreeStyle::classify},  {'g', &TreeStyle::group},
      {'h', &TreeStyle::human},     {'i', &TreeStyle::no_indent},
      {'J', &TreeStyle::json},      {'l', &TreeStyle::follow},
      {'N', &TreeStyle::raw_names}, {'p', &TreeStyle::protections},
      {'Q', &TreeStyle::quote},     {'r', &TreeStyle::reverse},
      {'C', &TreeStyle::color},     {'s', &TreeStyle::size},
      {'u', &TreeStyle::owner}};
  for (const auto& [letter, field] : kSwitches) {
    if (letter == option.letter) style.*field = true;
  }
  switch (option.letter) {
    case 'n':
      style.color = false;
      break;
    case 'c':
      style.order = TreeOrder::kChange;
      break;
    case 'I':
      style.ignored.push_back(option.value);
      break;
    case 'L':
      style.level = Level(process, option.value, "Invalid level, must be greater than 0.");
      break;
    case 'o':
      style.output = option.value;
      break;
    case 'P':
      style.wanted.push_back(option.value);
      break;
    case 't':
      style.order = TreeOrder::kTime;
      break;
    case 'U':
      style.order = TreeOrder::kNone;
      break;
    case 'v':
      style.order = TreeOrder::kVersion;
      break;
    default:
      break;  // -x, one file system, which there is one of.
  }
}

}  // namespace

int TreeMain(Process& process) {
  TreeStyle style;
  style.utf8 = HasUtf8Locale(process);
  Options options(process, "acdfghilnprstuvxCDFJNQUI:L:P:o:",
                  {{"charset", kTreeCharset, Options::kRequired},
                   {"dirsfirst", kTreeDirsFirst},
                   {"du", kTreeUsage},
                   {"filelimit", kTreeFileLimit, Options::kRequired},
                   {"filesfirst", kTreeFilesFirst},
                   {"ignore-case", kTreeIgnoreCase},
                   {"inodes", kTreeInodes},
                   {"matchdirs", kTreeMatchDirs},
                   {"metafirst", kTreeFieldsFirst},
                   {"noreport", kTreeNoReport},
                   {"prune", kTreePrune},
                   {"si", kTreeSi},
                   {"sort", kTreeSort, Options::kRequired},
                   {"timefmt", kTreeTimeFormat, Options::kRequired}});
  while (const auto option = options.Next()) {
    if (!TakeTreeLong(process, *option, style)) TakeTreeLetter(process, *option, style);
  }
  // What knows nothing of its terminal colours nothing, not even with -C.
  if (!process.env.contains("TERM")) style.color = false;
  std::vector<std::string> roots = options.operands();
  if (roots.empty()) roots.emplace_back(".");
  return PrintTree(process, style, roots);
}

}  // namespace computesdk::in_memory
