#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_COLUMN_TABLE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_COLUMN_TABLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

// What "column -t" makes of lines.
struct ColumnTableStyle {
  std::optional<std::string> separators;  // Characters that part fields; blanks otherwise.
  std::string output_separator = "  ";
  std::vector<std::string> names;
  std::vector<std::string> right;  // Columns by number or name, as in the next two.
  std::vector<std::string> hidden;
  std::vector<std::string> order;
  std::string name = "table";
  std::size_t limit = 0;  // Of columns; the last one has the rest of a line.
  bool headings = true;
  bool json = false;
};

class ColumnTable {
 public:
  ColumnTable(Process& process, const ColumnTableStyle& style) : process_(process), style_(style) {}
  void AddLine(std::string_view line);
  void Print(Output& out);

 private:
  using Row = std::vector<std::string>;
  std::size_t ColumnCount() const;
  std::vector<bool> Marked(const std::vector<std::string>& names) const;
  std::vector<std::size_t> Order() const;
  std::size_t ColumnOf(const std::string& name) const;
  void PrintText(Output& out) const;
  void PrintJson(Output& out) const;

  Process& process_;
  const ColumnTableStyle& style_;
  std::vector<Row> rows_;
  std::size_t bytes_ = 0;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_LAYOUT_COLUMN_TABLE_H_
