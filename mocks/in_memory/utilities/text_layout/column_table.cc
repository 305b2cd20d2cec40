#include "mocks/in_memory/utilities/text_layout/column_table.h"

#include <algorithm>
#include <utility>

#include "mocks/in_memory/text/display_width.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/json_text.h"

namespace computesdk::in_memory {
namespace {

// Without what sets colours (ESC "[" … letter), which takes no column.
std::size_t CellWidth(std::string_view text) {
  std::string shown;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, 2) == "\033[") {
      for (at += 2; at < text.size() && (text[at] < '@' || text[at] > '~'); ++at) {
      }
    } else {
      shown += text[at];
    }
  }
  return DisplayWidth(shown);
}

}  // namespace

void ColumnTable::AddLine(std::string_view line) {
  Row row;
  const bool blanks = !style_.separators;
  const auto separates = [&](char c) {
    return blanks ? IsSpace(c) : style_.separators->find(c) != std::string::npos;
  };
  while (true) {
    if (blanks) {
      while (!line.empty() && IsSpace(line[0])) line.remove_prefix(1);
      if (line.empty() && !row.empty()) break;
    }
    std::size_t end = 0;
    const bool rest = style_.limit > 0 && row.size() + 1 == style_.limit;
    while (end < line.size() && (rest || !separates(line[end]))) ++end;
    row.emplace_back(line.substr(0, end));
    bytes_ += end + sizeof(std::string);
    if (end == line.size()) break;
    line.remove_prefix(end + 1);
    // A separator at the end has nothing behind it.
    if (line.empty()) break;
  }
  RequireMemory(process_, bytes_);
  if (style_.json && row.size() > style_.names.size()) {
    Complain(process_, "line " + std::to_string(rows_.size() + 2) +
                           ": for JSON the name of the column " +
                           std::to_string(style_.names.size() + 1) + " is required");
    process_.Exit(1);
  }
  rows_.push_back(std::move(row));
}

std::size_t ColumnTable::ColumnCount() const {
  std::size_t count = style_.names.size();
  for (const Row& row : rows_) count = std::max(count, row.size());
  return count;
}

std::size_t ColumnTable::ColumnOf(const std::string& name) const {
  const auto named = std::find(style_.names.begin(), style_.names.end(), name);
  if (named != style_.names.end()) {
    return static_cast<std::size_t>(named - style_.names.begin());
  }
  const auto number = ParseInteger(name);
  if (number && *number > 0) return static_cast<std::size_t>(*number) - 1;
  Complain(process_, "undefined column name '" + name + "'");
  process_.Exit(1);
}

std::vector<bool> ColumnTable::Marked(const std::vector<std::string>& names) const {
  std::vector<bool> marked(ColumnCount());
  for (const std::string& name : names) {
    if (name == "0") return std::vector<bool>(marked.size(), true);
    const std::size_t column = ColumnOf(name);
    if (column < marked.size()) marked[column] = true;
  }
  return marked;
}

// The columns that are seen: those of --table-order first.
std::vector<std::size_t> ColumnTable::Order() const {
  std::vector<std::size_t> order;
  std::vector<bool> used = Marked(style_.hidden);
  const auto use = [&](std::size_t column) {
    if (column >= used.size() || used[column]) return;
    used[column] = true;
    order.push_back(column);
  };
  for (const std::string& name : style_.order) use(ColumnOf(name));
  for (std::size_t column = 0; column < used.size(); ++column) use(column);
  return order;
}

void ColumnTable::Print(Output& out) {
  if (rows_.empty()) return;
  if (style_.json) {
    PrintJson(out);
  } else {
    PrintText(out);
  }
}

void ColumnTable::PrintText(Output& out) const {
  std::vector<Row> rows = rows_;
  if (style_.headings && !style_.names.empty()) rows.insert(rows.begin(), style_.names);
  std::vector<std::size_t> widths(ColumnCount());
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], CellWidth(row[i]));
    }
  }
  const std::vector<std::size_t> order = Order();
  const std::vector<bool> right = Marked(style_.right);
  for (const Row& row : rows) {
    process_.Checkpoint();
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::size_t column = order[i];
      const std::string_view cell = column < row.size() ? std::string_view(row[column]) : "";
      const std::string blanks(widths[column] - CellWidth(cell), ' ');
      const bool last = i + 1 == order.size();
      out << (right[column] && !(last && cell.empty()) ? blanks : "") << cell
          << (right[column] || last ? "" : blanks) << (last ? "" : style_.output_separator);
    }
    out.Put('\n');
  }
}

void ColumnTable::PrintJson(Output& out) const {
  const std::vector<std::size_t> order = Order();
  out << "{\n   " << JsonText(AsciiLower(style_.name)) << ": [\n      {\n";
  bool first_row = true;
  for (const Row& row : rows_) {
    process_.Checkpoint();
    if (!first_row) out << "{\n";
    first_row = false;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::size_t column = order[i];
      out << "         " << JsonText(AsciiLower(style_.names[column])) << ": "
          << (column < row.size() && !row[column].empty() ? JsonText(row[column]) : "null")
          << (i + 1 < order.size() ? ",\n" : "\n");
    }
    out << "      }" << (&row == &rows_.back() ? "\n" : ",");
  }
  out << "   ]\n}\n";
}

}  // namespace computesdk::in_memory
