#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_PR_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_PR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

struct PrStyle {
  std::size_t columns = 1;
  std::size_t expand_width = 8;
  std::size_t tab_width = 8;
  std::size_t page_length = 66;
  std::size_t number_digits = 5;
  std::size_t margin = 0;
  std::size_t width = 72;
  std::size_t first_page = 1;
  std::size_t last_page = SIZE_MAX;
  std::optional<std::int64_t> first_number;
  std::string date_format = "%Y-%m-%d %H:%M";
  std::optional<std::string> header;
  std::string separator = " ";
  bool across = false;   // Lines fill rows, not columns.
  bool merge = false;    // A column for each file.
  char controls = '\0';  // 'c' shows ^X, 'v' all in octal.
  bool double_space = false;
  bool expand = false;
  char expand_char = '\t';
  bool tabify = false;  // Blanks of the output become tabs.
  char tab_char = '\t';
  bool form_feed = false;
  bool join = false;  // Whole lines, without alignment.
  bool numbered = false;
  char number_separator = '\t';
  bool quiet = false;  // About files that cannot be opened.
  bool headers = true;
  bool omit_form_feeds = false;
  bool truncate = false;

  // Columns that a number takes.
  std::size_t NumberWidth() const;
  // Lines of text on a page.
  std::size_t BodyLines() const;
  std::size_t ColumnWidth() const;
};

// Reads the options; complains of wrong ones and ends the program.
PrStyle ParsePr(Process& process, std::vector<std::string>& files);

// Writes a line, its blanks as tabs where that is asked for.
class PrLine {
 public:
  PrLine(Output& out, const PrStyle& style) : out_(out), style_(style) {}
  // A new line, of which this many columns are written.
  void Begin(std::size_t column);
  void Put(char c);
  // Each of its bytes takes a column.
  void PutText(const std::string& text);
  void PutTab();
  // Blanks up to a column; Flush writes them, the end of the line does not.
  void PadTo(std::size_t column);
  void Flush();
  void End();

 private:
  Output& out_;
  const PrStyle& style_;
  std::size_t column_ = 0;
  std::size_t blanks_ = 0;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_PR_H_
