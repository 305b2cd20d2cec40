#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_STYLE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_STYLE_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/compare/diff_algorithm.h"

namespace computesdk::in_memory::diff {

enum class Form { kNormal, kUnified, kContext, kEd, kForwardEd, kRcs, kGroups, kSideBySide };

// The groups of lines, and the kinds of lines, that formats are given for.
enum Group { kOld, kNew, kUnchanged, kChanged };

// How a person wants to see what differs.
struct Style {
  std::optional<Form> form = {};
  // Which cannot say that the end of the last line is missing.
  bool IsEdScript() const { return form == Form::kEd || form == Form::kForwardEd; }
  std::size_t context = 0;
  Effort effort = Effort::kUsual;
  std::size_t horizon = 0;  // Equal lines around changes that these may slide into.
  bool brief = false;
  bool report_same = false;
  bool recursive = false;
  bool new_file = false;                 // A file that is missing is empty …
  bool unidirectional_new_file = false;  // … or only where it is the first.
  bool no_dereference = false;
  bool ignore_file_name_case = false;
  bool as_text = false;
  bool paginate = false;

  // What does not count.
  bool ignore_case = false;
  bool ignore_tab_expansion = false;
  bool ignore_all_space = false;
  bool ignore_space_change = false;
  bool ignore_trailing_space = false;
  bool ignore_blank_lines = false;
  bool strip_trailing_cr = false;
  std::vector<Regex> ignored_lines = {};

  // How lines are shown.
  std::vector<Regex> function_lines = {};
  bool expand_tabs = false;
  bool initial_tab = false;
  std::size_t tab_size = 8;
  bool suppress_blank_empty = false;
  bool color = false;
  std::size_t width = 130;
  bool left_column = false;
  bool suppress_common_lines = false;
  std::array<std::optional<std::string>, 3> line_formats = {};
  std::array<std::optional<std::string>, 4> group_formats = {};
  std::vector<std::string> labels = {};

  // Which files.
  std::vector<std::string> exclude = {};
  std::string starting_file = {};
  std::optional<std::string> from_file = {};
  std::optional<std::string> to_file = {};
  std::vector<std::string> operands = {};
  std::string command = "diff";  // As shown before the files of a folder.
};

// The arguments of diff; complains and ends the program where they are wrong.
Style ParseDiff(Process& process);

}  // namespace computesdk::in_memory::diff

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_COMPARE_DIFF_STYLE_H_
