#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/processes/process_listing.h"
#include "mocks/in_memory/utilities/processes/process_programs.h"
#include "mocks/in_memory/utilities/processes/ps_columns.h"
#include "mocks/in_memory/utilities/processes/ps_options.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

struct PsRow {
  ProcessInfo info;
  std::string branch;  // What stands before its command in a tree.
};

// Parents before their children, which are indented.
std::vector<PsRow> AsTree(const std::vector<PsRow>& rows, PsTree style) {
  std::set<int> pids;
  for (const PsRow& row : rows) pids.insert(row.info.pid);
  std::map<int, std::vector<const PsRow*>> children;
  std::vector<std::pair<const PsRow*, std::size_t>> waiting;  // And their depths.
  const auto push = [&](const std::vector<const PsRow*>& more, std::size_t depth) {
    for (auto row = more.rbegin(); row != more.rend(); ++row) waiting.emplace_back(*row, depth);
  };
  std::vector<const PsRow*> roots;
  for (const PsRow& row : rows) {
    const bool child = row.info.parent_pid != row.info.pid && pids.contains(row.info.parent_pid);
    (child ? children[row.info.parent_pid] : roots).push_back(&row);
  }
  push(roots, 0);
  std::vector<PsRow> tree;
  std::vector<bool> last_at;  // For each depth, whether nothing more comes below it.
  while (!waiting.empty()) {
    const auto [row, depth] = waiting.back();
    waiting.pop_back();
    last_at.resize(depth + 1);
    last_at[depth] = waiting.empty() || waiting.back().second < depth;
    std::string branch;
    for (std::size_t at = 1; at < depth; ++at) {
      branch += style == PsTree::kIndented ? "  " : last_at[at] ? "    " : " |  ";
    }
    if (depth > 0) branch += style == PsTree::kIndented ? "  " : " \\_ ";
    tree.push_back({row->info, branch});
    push(children[row->info.pid], depth + 1);
  }
  return tree;
}

std::vector<PsRow> SelectRows(Process& process, const PsStyle& style, const PsView& view) {
  const bool chosen = style.chosen || style.all;
  std::vector<PsRow> rows;
  for (ProcessInfo& info : process.kernel().Processes()) {
    // All are of one user and have no terminal: plain ps shows what an "x" would.
    const bool shown =
        (!chosen || style.all || style.pids.contains(info.pid) ||
         style.parents.contains(info.parent_pid) || style.sessions.contains(info.group) ||
         style.commands.contains(CommandName(info))) &&
        (style.leaders || info.pid != info.group);
    if (shown != style.negated) rows.push_back({std::move(info), ""});
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const PsRow& one, const PsRow& other) {
    for (const auto& [column, down] : style.keys) {
      const PsRow& first = down ? other : one;
      const PsRow& second = down ? one : other;
      const int order =
          column->number != nullptr
              ? (column->number(first.info, view) < column->number(second.info, view)   ? -1
                 : column->number(second.info, view) < column->number(first.info, view) ? 1
                                                                                        : 0)
              : column->text(first.info, view).compare(column->text(second.info, view));
      if (order != 0) return order < 0;
    }
    return false;
  });
  return style.tree == PsTree::kNone ? rows : AsTree(rows, style.tree);
}

std::string RowText(const std::vector<PsColumn>& columns, const std::vector<std::string>& cells,
                    const std::vector<std::size_t>& widths) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) text += ' ';
    const std::string blanks(widths[i] - std::min(widths[i], cells[i].size()), ' ');
    if (columns[i].right) text += blanks;
    text += cells[i];
    if (!columns[i].right && i + 1 < columns.size()) text += blanks;
  }
  return text;
}

}  // namespace

int PsMain(Process& process) {
  const PsStyle style = ReadPsOptions(process);
  const PsView view{process.pid(), process.clock().Now(), ZoneOf(process)};
  std::vector<std::vector<std::string>> rows;
  std::vector<std::size_t> widths;
  for (const PsColumn& column : style.columns) {
    widths.push_back(std::max(column.width, column.header.size()));
  }
  for (const PsRow& row : SelectRows(process, style, view)) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (std::size_t i = 0; i < style.columns.size(); ++i) {
      const PsColumn& column = style.columns[i];
      const bool command = column.name == "args" || column.name == "cmd" || column.name == "comm" ||
                           column.name == "ucmd";
      cells.push_back((command ? row.branch : "") + column.text(row.info, view));
      if (i + 1 < style.columns.size()) widths[i] = std::max(widths[i], cells.back().size());
    }
  }
  Output out(process);
  const auto print = [&](const std::vector<std::string>& cells) {
    out << RowText(style.columns, cells, widths).substr(0, style.width) << "\n";
  };
  if (style.header) {
    std::vector<std::string> headers;
    for (const PsColumn& column : style.columns) headers.push_back(column.header);
    print(headers);
  }
  for (const auto& row : rows) print(row);
  return out.Finish(rows.empty() ? 1 : 0);
}

}  // namespace computesdk::in_memory
