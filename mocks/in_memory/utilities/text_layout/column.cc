#include <algorithm>
#include <array>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/display_width.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text_layout/column_table.h"
#include "mocks/in_memory/utilities/text_layout/text_layout.h"

namespace computesdk::in_memory {
namespace {

struct ColumnOptions {
  ColumnTableStyle table;
  bool as_table = false;
  bool fill_rows = false;
  bool keep_empty = false;
  bool table_option = false;  // One that makes no sense without -t.
  std::size_t width = 80;
};

std::vector<std::string> SplitNames(std::string_view list) {
  std::vector<std::string> names;
  while (true) {
    const std::size_t comma = std::min(list.find(','), list.size());
    names.emplace_back(list.substr(0, comma));
    if (comma == list.size()) return names;
    list.remove_prefix(comma + 1);
  }
}

std::size_t ParseCount(Process& process, const std::string& text, const char* what) {
  const auto value = ParseInteger(text);
  if (value && *value > 0) return static_cast<std::size_t>(*value);
  Complain(process, std::string("invalid ") + what + " argument: '" + text + "'");
  process.Exit(1);
}

void TakeTableOption(Process& process, const Options::Option& option, ColumnOptions& result) {
  ColumnTableStyle& table = result.table;
  result.table_option = true;
  switch (option.letter) {
    case 'd':
      table.headings = false;
      break;
    case 'H':
      table.hidden = SplitNames(option.value);
      break;
    case 'l':
      table.limit = ParseCount(process, option.value, "columns limit");
      break;
    case 'N':
      table.names = SplitNames(option.value);
      break;
    case 'n':
      table.name = option.value;
      break;
    case 'O':
      table.order = SplitNames(option.value);
      break;
    default:
      table.right = SplitNames(option.value);
  }
}

ColumnOptions ParseColumn(Process& process, Options& options) {
  ColumnOptions result;
  if (const auto columns = process.env.find("COLUMNS"); columns != process.env.end()) {
    const auto width = ParseInteger(columns->second);
    if (width && *width > 0) result.width = static_cast<std::size_t>(*width);
  }
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'c':
        result.width = option->value == "0" ? 0 : ParseCount(process, option->value, "columns");
        break;
      case 'e':  // There are no pages, for the headings to be repeated on.
        break;
      case 'h':
        ShowHelp(process, options.HelpLines());
      case 'V':
        ShowVersion(process);
      case 'J':
        result.table.json = result.as_table = true;
        break;
      case 'L':
        result.keep_empty = true;
        break;
      case 'o':
        result.table.output_separator = option->value;
        break;
      case 's':
        result.table.separators = option->value;
        break;
      case 't':
        result.as_table = true;
        break;
      case 'x':
        result.fill_rows = true;
        break;
      default:
        TakeTableOption(process, *option, result);
    }
  }
  const char* complaint = nullptr;
  if (result.as_table && result.fill_rows) {
    complaint = result.table.json ? "mutually exclusive arguments: --json --fillrows"
                                  : "mutually exclusive arguments: --table --fillrows";
  } else if (result.table_option && !result.as_table) {
    complaint = "option --table required for all --table-*";
  } else if (result.table.json && result.table.names.empty()) {
    complaint = "option --table-columns required for --json";
  }
  if (complaint != nullptr) {
    Complain(process, complaint);
    process.Exit(1);
  }
  return result;
}

// Bytes that are no characters are shown by their numbers.
std::string Decodable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const Utf8Character character = DecodeUtf8(text);
    if (character.valid) {
      result += text.substr(0, character.length);
    } else {
      std::array<char, 8> shown{};
      (void)std::snprintf(shown.data(), shown.size(), "\\x%02x",
                          static_cast<unsigned char>(text[0]));
      result += shown.data();
    }
    text.remove_prefix(character.length);
  }
  return result;
}

// Fills as many columns, a tab stop or more apart, as fit into a line.
void PrintColumns(Process& process, Output& out, const std::vector<std::string>& entries,
                  const ColumnOptions& options) {
  constexpr std::size_t kTab = 8;
  std::size_t widest = 0;
  for (const std::string& entry : entries) widest = std::max(widest, DisplayWidth(entry));
  const std::size_t column = (widest / kTab + 1) * kTab;
  const std::size_t columns = std::max<std::size_t>(options.width / column, 1);
  const std::size_t rows = (entries.size() + columns - 1) / columns;
  for (std::size_t row = 0; row < rows; ++row) {
    process.Checkpoint();
    std::size_t at = 0;
    for (std::size_t i = 0; i < columns; ++i) {
      const std::size_t index = options.fill_rows ? row * columns + i : row + i * rows;
      if (index >= entries.size()) break;
      for (std::size_t start = i * column; at < start; at = (at / kTab + 1) * kTab) out.Put('\t');
      out << entries[index];
      at += DisplayWidth(entries[index]);
    }
    out.Put('\n');
  }
}

}  // namespace

int ColumnMain(Process& process) {
  Options words(process, "c:deH:hJLl:N:n:O:o:R:s:tVx",
                {{"table", 't'},
                 {"table-columns", 'N', Options::kRequired},
                 {"table-columns-limit", 'l', Options::kRequired},
                 {"table-header-repeat", 'e'},
                 {"table-hide", 'H', Options::kRequired},
                 {"table-name", 'n', Options::kRequired},
                 {"table-noheadings", 'd'},
                 {"table-order", 'O', Options::kRequired},
                 {"table-right", 'R', Options::kRequired},
                 {"separator", 's', Options::kRequired},
                 {"output-separator", 'o', Options::kRequired},
                 {"output-width", 'c', Options::kRequired},
                 {"columns", 'c', Options::kRequired},
                 {"fillrows", 'x'},
                 {"json", 'J'},
                 {"keep-empty-lines", 'L'}});
  const ColumnOptions options = ParseColumn(process, words);
  ColumnTable table(process, options.table);
  std::vector<std::string> entries;
  std::size_t bytes = 0;
  int status = 0;
  const std::vector<std::string> operands =
      words.operands().empty() ? std::vector<std::string>{""} : words.operands();
  for (const std::string& name : operands) {
    int fd = 0;
    if (!name.empty()) {
      const auto opened = process.Open(name, 0);
      if (!opened) {
        Complain(process, name + ": " + ErrnoText(opened.error()));
        status = 1;
        continue;
      }
      fd = *opened;
    }
    Input in(process, fd);
    while (const auto line = in.ReadLine()) {
      const bool blank = std::all_of(line->begin(), line->end(), IsSpace);
      if (blank && !options.keep_empty) continue;
      std::string text = Decodable(*line);
      if (options.as_table) {
        table.AddLine(text);
      } else {
        bytes += text.size() + sizeof(std::string);
        RequireMemory(process, bytes);
        entries.push_back(std::move(text));
      }
    }
    if (fd != 0) (void)process.Close(fd);
    if (in.error()) {
      Complain(process, "read failed: " + ErrnoText(*in.error()));
      return 1;
    }
  }
  Output out(process);
  if (options.as_table) {
    table.Print(out);
  } else if (!entries.empty()) {
    PrintColumns(process, out, entries, options);
  }
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
