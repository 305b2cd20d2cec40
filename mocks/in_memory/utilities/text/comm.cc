#include <algorithm>
#include <memory>
#include <optional>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

// One of two sorted files, with the line it is at.
class SortedFile {
 public:
  SortedFile(Process& process, const std::string& name)
      : descriptor_(process, name == "-" ? -1 : OpenOrExit(process, name)),
        input_(process, name == "-" ? 0 : descriptor_.fd()) {}

  // False at the end. Remembers whether this line is in order.
  bool Advance(char delimiter) {
    std::string before = std::move(line_);
    const auto next = input_.ReadLine(delimiter);
    has_line_ = next.has_value();
    if (!has_line_) return false;
    line_ = *next;
    sorted_ = first_ || line_ >= before;
    first_ = false;
    return true;
  }
  bool has_line() const { return has_line_; }
  const std::string& line() const { return line_; }
  bool sorted() const { return sorted_; }

 private:
  static int OpenOrExit(Process& process, const std::string& name) {
    auto fd = process.Open(name, 0);
    if (fd && process.File(*fd)->Stat().type == FileType::kDirectory) {
      Complain(process, (ProgramName(process) == "join" ? "read error" : ShownName(name)) +
                            std::string(": Is a directory"));
      process.Exit(1);
    }
    if (fd) return *fd;
    ComplainOf(process, name, fd.error());
    process.Exit(1);
  }

  ScopedDescriptor descriptor_;
  Input input_;
  std::string line_;
  bool first_ = true;
  bool has_line_ = false;
  bool sorted_ = true;
};

void RequireTwoOperands(Process& process, const std::vector<std::string>& operands) {
  if (operands.empty()) UsageError(process, "missing operand");
  if (operands.size() == 1) {
    UsageError(process, "missing operand after " + LocaleQuoted(process, operands[0]));
  }
  if (operands.size() > 2)
    UsageError(process, "extra operand " + (ProgramName(process) == "join"
                                                ? QuotedName(operands[2])
                                                : LocaleQuoted(process, operands[2])));
}

struct CommStyle {
  bool shown[3] = {true, true, true};
  bool total = false;
  std::optional<bool> check_order;
  char end = '\n';
  std::optional<std::string> delimiter;
};

CommStyle ParseComm(Process& process, Options& options) {
  CommStyle style;
  while (auto option = options.Next()) {
    const int letter = option->letter;
    if (letter >= '1' && letter <= '3') style.shown[letter - '1'] = false;
    if (letter == 'z') style.end = '\0';
    if (letter == 300) style.total = true;
    if (letter == 301) style.check_order = true;
    if (letter == 302) style.check_order = false;
    if (letter == 303) {
      const std::string wanted = option->value.empty() ? std::string(1, '\0') : option->value;
      if (style.delimiter.value_or(wanted) != wanted) {
        Complain(process, "multiple output delimiters specified");
        process.Exit(1);
      }
      style.delimiter = wanted;
    }
  }
  return style;
}

// --- join -------------------------------------------------------------------------------------

struct OutputField {
  int file = 0;  // 0: the field that was joined on.
  std::size_t field = 0;
};

struct JoinStyle {
  std::optional<std::size_t> keys[2];
  std::optional<char> separator;
  bool unpaired[2] = {false, false};
  bool paired = true;
  bool ignore_case = false;
  bool header = false;
  // Without a wish: only where a line had no partner, and the disorder may be why.
  std::optional<bool> check_order;
  char end = '\n';
  std::string empty;
  bool automatic = false;
  std::vector<OutputField> format;
};

struct Record {
  std::vector<std::string> fields;
};

std::vector<std::string> SplitFields(std::string_view line, std::optional<char> separator) {
  std::vector<std::string> fields;
  if (line.empty()) return fields;
  if (separator) {
    std::size_t begin = 0;
    for (auto end = line.find(*separator); end != std::string_view::npos;
         end = line.find(*separator, begin)) {
      fields.emplace_back(line.substr(begin, end - begin));
      begin = end + 1;
    }
    fields.emplace_back(line.substr(begin));
    return fields;
  }
  for (std::size_t i = line.find_first_not_of(" \t\n"); i < line.size();) {
    const std::size_t end = std::min(line.find_first_of(" \t\n", i), line.size());
    fields.emplace_back(line.substr(i, end - i));
    i = line.find_first_not_of(" \t\n", end);
    // Blanks at the end have an empty field behind them.
    if (i == std::string_view::npos && end < line.size()) fields.emplace_back();
  }
  return fields;
}

class Joiner {
 public:
  Joiner(Process& process, Output& out, JoinStyle style, const std::vector<std::string>& names)
      : process_(process),
        out_(out),
        style_(std::move(style)),
        files_{{process, names[0]}, {process, names[1]}},
        names_(names) {}

  int Run() {
    Advance(0);
    Advance(1);
    if (style_.automatic) {
      for (int side : {0, 1}) {
        if (current_[side]) widths_[side] = current_[side]->fields.size();
      }
    }
    if (style_.header) PrintHeader();
    while (current_[0] && current_[1]) {
      const int order = Compare(Key(*current_[0], 0), Key(*current_[1], 1));
      if (order == 0) {
        PrintGroup();
        continue;
      }
      PrintUnpaired(order < 0 ? 0 : 1);
      unpaired_seen_ = true;
    }
    for (int side : {0, 1}) {
      while (current_[side]) PrintUnpaired(side);
    }
    const bool disorder = disorder_[0] || disorder_[1];
    out_.Flush();
    if (disorder) Complain(process_, "input is not in sorted order");
    return disorder ? 1 : 0;
  }

 private:
  std::size_t KeyField(int side) const { return style_.keys[side].value_or(0); }

  const std::string& Key(const Record& record, int side) const {
    static const std::string kNone;
    const std::size_t key = KeyField(side);
    return key < record.fields.size() ? record.fields[key] : kNone;
  }

  int Compare(const std::string& a, const std::string& b) const {
    if (!style_.ignore_case) return a.compare(b);
    std::string x = a;
    std::string y = b;
    for (std::string* text : {&x, &y}) {
      std::transform(text->begin(), text->end(), text->begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    }
    return x.compare(y);
  }

  void Advance(int side) {
    std::optional<Record> before = std::move(current_[side]);
    current_[side].reset();
    if (!files_[side].Advance(style_.end)) return;
    ++lines_[side];
    current_[side] = Record{SplitFields(files_[side].line(), style_.separator)};
    const bool compare =
        style_.check_order.value_or(unpaired_seen_) && before && !skip_check_[side];
    skip_check_[side] = false;
    if (!compare || disorder_[side]) return;
    if (Compare(Key(*before, side), Key(*current_[side], side)) <= 0) return;
    disorder_[side] = true;
    out_.Flush();
    Complain(process_, names_[static_cast<std::size_t>(side)] + ":" + std::to_string(lines_[side]) +
                           ": is not sorted: " + files_[side].line());
    if (style_.check_order) process_.Exit(1);
  }

  void PrintHeader() {
    if (current_[0] || current_[1]) {
      PrintPair(current_[0] ? &*current_[0] : nullptr, current_[1] ? &*current_[1] : nullptr);
    }
    for (int side : {0, 1}) {
      skip_check_[side] = true;
      if (current_[side]) Advance(side);
    }
  }

  void PrintUnpaired(int side) {
    if (style_.unpaired[side]) {
      PrintPair(side == 0 ? &*current_[0] : nullptr, side == 1 ? &*current_[1] : nullptr);
    }
    Advance(side);
  }

  // All lines with this key, of both files, each with each.
  void PrintGroup() {
    const std::string key = Key(*current_[0], 0);
    std::vector<Record> group[2];
    std::size_t bytes = 0;
    for (int side : {0, 1}) {
      while (current_[side] && Compare(Key(*current_[side], side), key) == 0) {
        bytes += sizeof(Record) + current_[side]->fields.size() * sizeof(std::string) +
                 files_[side].line().size();
        RequireMemory(process_, bytes);
        group[side].push_back(*current_[side]);
        Advance(side);
      }
    }
    if (!style_.paired) return;
    for (const Record& left : group[0]) {
      for (const Record& right : group[1]) {
        process_.Checkpoint();
        PrintPair(&left, &right);
      }
    }
  }

  void PrintPair(const Record* left, const Record* right) {
    const Record* records[2] = {left, right};
    const int keyed = left != nullptr ? 0 : 1;
    bool first = true;
    const auto print = [&](const Record* record, std::size_t field) {
      if (!first) out_.Put(style_.separator.value_or(' '));
      first = false;
      const bool there =
          record != nullptr && field < record->fields.size() && !record->fields[field].empty();
      out_ << (there ? record->fields[field] : style_.empty);
    };
    if (!style_.format.empty()) {
      for (const OutputField& item : style_.format) {
        if (item.file == 0) {
          print(records[keyed], KeyField(keyed));
        } else {
          print(records[item.file - 1], item.field);
        }
      }
    } else {
      print(records[keyed], KeyField(keyed));
      for (int side : {0, 1}) {
        std::size_t count = records[side] != nullptr ? records[side]->fields.size() : 0;
        if (style_.automatic) count = widths_[side];
        for (std::size_t i = 0; i < count; ++i) {
          if (i != KeyField(side)) print(records[side], i);
        }
      }
    }
    out_.Put(style_.end);
  }

  Process& process_;
  Output& out_;
  const JoinStyle style_;
  SortedFile files_[2];
  const std::vector<std::string>& names_;
  std::optional<Record> current_[2];
  bool skip_check_[2] = {false, false};
  std::size_t widths_[2] = {0, 0};
  bool unpaired_seen_ = false;  // While both files went on; only then is the order looked at.
  std::size_t lines_[2] = {0, 0};
  bool disorder_[2] = {false, false};
};

std::vector<OutputField> ParseFormat(Process& process, const std::string& text) {
  std::vector<OutputField> format;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find_first_of(", ", begin), text.size());
    const std::string item = text.substr(begin, end - begin);
    begin = end + 1;
    if (item == "0") {
      format.push_back({});
      continue;
    }
    const auto refuse = [&](const char* what, const std::string& word) {
      Complain(process, std::string("invalid ") + what + ": " + LocaleQuoted(process, word));
      process.Exit(1);
    };
    if (item.empty() || item[0] < '0' || item[0] > '2') {
      refuse("file number in field spec", item);
    }
    if (item[0] == '0' || item[1] != '.') refuse("field specifier", item);
    const auto field = ParseInteger(item.substr(2));
    if (!field || *field < 1) refuse("field number", item.substr(2));
    format.push_back({item[0] - '0', static_cast<std::size_t>(*field - 1)});
  }
  return format;
}

JoinStyle ParseJoin(Process& process, Options& options) {
  JoinStyle style;
  const auto number = [&](const std::string& text, std::int64_t low, std::int64_t high) {
    const auto value = ParseInteger(text);
    if (!value || *value < low || *value > high) {
      Complain(process, "invalid field number: " + LocaleQuoted(process, text));
      process.Exit(1);
    }
    return static_cast<std::size_t>(*value - 1);
  };
  const auto set_key = [&](int side, const std::string& text) {
    const std::size_t key = number(text, 1, INT64_MAX);
    if (style.keys[side].value_or(key) != key) {
      Complain(process, "incompatible join fields " + std::to_string(*style.keys[side] + 1) + ", " +
                            std::to_string(key + 1));
      process.Exit(1);
    }
    style.keys[side] = key;
  };
  while (auto option = options.Next()) {
    const std::string& value = option->value;
    switch (option->letter) {
      case '1':
      case '2':
        set_key(option->letter - '1', value);
        break;
      case 'j':
        set_key(0, value);
        set_key(1, value);
        break;
      case 'v':
        style.paired = false;
        [[fallthrough]];
      case 'a':
        style.unpaired[number(value, 1, 2)] = true;
        break;
      case 't':
        if (style.separator && *style.separator != value[0]) {
          Complain(process, "incompatible tabs");
          process.Exit(1);
        }
        if (value.size() > 1 && value != "\\0") {
          Complain(process, "multi-character tab " + LocaleQuoted(process, value));
          process.Exit(1);
        }
        style.separator = value.empty() ? '\n' : value == "\\0" ? '\0' : value[0];
        break;
      case 'o':
        style.automatic = value == "auto";
        if (!style.automatic) {
          for (OutputField& field : ParseFormat(process, value)) style.format.push_back(field);
        }
        break;
      case 'e':
        if (!style.empty.empty() && style.empty != value) {
          Complain(process, "conflicting empty-field replacement strings");
          process.Exit(1);
        }
        style.empty = value;
        break;
      case 'i':
        style.ignore_case = true;
        break;
      case 'z':
        style.end = '\0';
        break;
      case 300:
        style.header = true;
        break;
      case 301:
        style.check_order = true;
        break;
      default:
        style.check_order = false;
    }
  }
  return style;
}

}  // namespace

int CommMain(Process& process) {
  Options options(process, "123z",
                  {{"zero-terminated", 'z'},
                   {"total", 300},
                   {"check-order", 301},
                   {"nocheck-order", 302},
                   {"output-delimiter", 303, Options::kRequired}});
  const CommStyle style = ParseComm(process, options);
  const auto& names = options.operands();
  RequireTwoOperands(process, names);
  const std::string delimiter = style.delimiter.value_or("\t");
  SortedFile left(process, names[0]);
  SortedFile right(process, names[1]);
  Output out(process);
  std::uint64_t totals[3] = {0, 0, 0};
  const auto print = [&](int column, const std::string& line) {
    ++totals[column];
    if (!style.shown[column]) return;
    for (int i = 0; i < column; ++i) {
      if (style.shown[i]) out << delimiter;
    }
    out << line;
    out.Put(style.end);
  };
  bool unpaired = false;
  bool complained[2] = {false, false};
  const auto check = [&](const SortedFile& file, int number) {
    const bool wanted = style.check_order.value_or(unpaired);
    if (!wanted || file.sorted() || complained[number]) return;
    complained[number] = true;
    out.Flush();
    Complain(process, "file " + std::to_string(number + 1) + " is not in sorted order");
    if (style.check_order) process.Exit(1);
  };
  left.Advance(style.end);
  right.Advance(style.end);
  while (left.has_line() || right.has_line()) {
    const int order = !left.has_line()    ? 1
                      : !right.has_line() ? -1
                                          : left.line().compare(right.line());
    print(order < 0 ? 0 : order > 0 ? 1 : 2, order > 0 ? right.line() : left.line());
    if (order != 0) unpaired = true;
    if (order <= 0) {
      left.Advance(style.end);
      check(left, 0);
    }
    if (order >= 0) {
      right.Advance(style.end);
      check(right, 1);
    }
  }
  if (style.total) {
    for (std::uint64_t total : totals) out << std::to_string(total) << delimiter;
    out << "total";
    out.Put(style.end);
  }
  const bool disorder = complained[0] || complained[1];
  out.Flush();
  if (disorder) Complain(process, "input is not in sorted order");
  return out.Finish(disorder ? 1 : 0);
}

int JoinMain(Process& process) {
  Options options(process, "1:2:a:v:e:ij:o:t:z",
                  {{"ignore-case", 'i'},
                   {"zero-terminated", 'z'},
                   {"header", 300},
                   {"check-order", 301},
                   {"nocheck-order", 302}});
  const JoinStyle style = ParseJoin(process, options);
  RequireTwoOperands(process, options.operands());
  if (options.operands()[0] == "-" && options.operands()[1] == "-") {
    Complain(process, "both files cannot be standard input");
    return 1;
  }
  Output out(process);
  const int status = Joiner(process, out, style, options.operands()).Run();
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
