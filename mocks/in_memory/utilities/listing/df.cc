#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/listing/listing_programs.h"
#include "mocks/in_memory/utilities/listing/size_unit.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// The one file system of a sandbox.
constexpr std::string_view kSource = "memory";
constexpr std::string_view kType = "tmpfs";

enum class DfField {
  kSource,
  kFstype,
  kItotal,
  kIused,
  kIavail,
  kIpcent,
  kSize,
  kUsed,
  kAvail,
  kPcent,
  kFile,
  kTarget
};

struct FieldInfo {
  std::string_view name;
  std::string_view title;
  std::size_t width;
  bool left;
};

constexpr FieldInfo kFields[] = {{"source", "Filesystem", 14, true},
                                 {"fstype", "Type", 4, true},
                                 {"itotal", "Inodes", 5, false},
                                 {"iused", "IUsed", 5, false},
                                 {"iavail", "IFree", 5, false},
                                 {"ipcent", "IUse%", 4, false},
                                 {"size", "", 5, false},
                                 {"used", "Used", 5, false},
                                 {"avail", "Avail", 5, false},
                                 {"pcent", "Use%", 4, false},
                                 {"file", "File", 0, true},
                                 {"target", "Mounted on", 0, true}};

struct DfCommand {
  SizeUnit unit = {.bytes = 1024, .suffix = "", .human = 0};
  std::string unit_title = "1K-blocks";
  std::vector<DfField> fields;
  bool inodes = false;
  bool type = false;
  bool portable = false;
  bool total = false;
  std::vector<std::string> only_types;
  std::vector<std::string> but_types;
};

[[noreturn]] void UnknownField(Process& process, std::string_view name) {
  UsageError(process, "option --output: field " + QuotedWord(name) + " unknown");
}

void TakeFields(Process& process, std::string_view list, DfCommand& command) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    const std::string_view name = list.substr(0, comma);
    list.remove_prefix(std::min(comma + 1, list.size()));
    const auto* found = std::find_if(std::begin(kFields), std::end(kFields),
                                     [&](const FieldInfo& field) { return field.name == name; });
    if (found == std::end(kFields)) UnknownField(process, name);
    const auto field = static_cast<DfField>(found - std::begin(kFields));
    if (std::find(command.fields.begin(), command.fields.end(), field) != command.fields.end()) {
      UsageError(process, "option --output: field " + QuotedWord(name) + " used more than once");
    }
    command.fields.push_back(field);
  }
}

class DfPrinter {
 public:
  DfPrinter(Process& process, const DfCommand& command)
      : process_(process), command_(command), out_(process) {
    size_ = process.kernel().limits().files.bytes;
    used_ = std::min(size_, process.files().bytes_used());
    inodes_ = process.kernel().limits().files.inodes;
    inodes_used_ = std::min(inodes_, process.files().inodes_used());
  }

  int Run(const std::vector<std::string>& paths) {
    std::vector<std::vector<std::string>> rows;
    rows.push_back(Titles());
    for (const std::string& path : paths) rows.push_back(Row(path));
    if (paths.empty()) rows.push_back(Row("-"));
    if (command_.total) {
      rows.push_back(Row("-"));
      for (std::size_t i = 0; i < command_.fields.size(); ++i) {
        if (command_.fields[i] == DfField::kSource) rows.back()[i] = "total";
        if (command_.fields[i] == DfField::kFstype) rows.back()[i] = "-";
        if (command_.fields[i] == DfField::kTarget) {
          rows.back()[i] = HasSource() ? "-" : "total";
        }
      }
    }
    Print(rows);
    return out_.Finish(0);
  }

 private:
  bool HasSource() const {
    return std::find(command_.fields.begin(), command_.fields.end(), DfField::kSource) !=
           command_.fields.end();
  }

  std::vector<std::string> Titles() const {
    std::vector<std::string> titles;
    for (const DfField field : command_.fields) {
      std::string title(kFields[static_cast<std::size_t>(field)].title);
      if (field == DfField::kSize) title = command_.unit_title;
      if (field == DfField::kPcent && command_.portable) title = "Capacity";
      titles.push_back(std::move(title));
    }
    return titles;
  }

  static std::string Percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? "-" : std::to_string((part * 100 + whole - 1) / whole) + "%";
  }

  std::vector<std::string> Row(const std::string& path) const {
    std::vector<std::string> row;
    for (const DfField field : command_.fields) row.push_back(Cell(field, path));
    return row;
  }

  std::string Cell(DfField field, const std::string& path) const {
    switch (field) {
      case DfField::kSource:
        return std::string(kSource);
      case DfField::kFstype:
        return std::string(kType);
      case DfField::kItotal:
        return std::to_string(inodes_);
      case DfField::kIused:
        return std::to_string(inodes_used_);
      case DfField::kIavail:
        return std::to_string(inodes_ - inodes_used_);
      case DfField::kIpcent:
        return Percent(inodes_used_, inodes_);
      case DfField::kSize:
        return InUnit(size_, command_.unit);
      case DfField::kUsed:
        return InUnit(used_, command_.unit);
      case DfField::kAvail:
        return InUnit(size_ - used_, command_.unit);
      case DfField::kPcent:
        return Percent(used_, size_);
      case DfField::kFile:
        return path;
      case DfField::kTarget:
        break;
    }
    return "/";
  }

  void Print(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < command_.fields.size(); ++i) {
      widths.push_back(kFields[static_cast<std::size_t>(command_.fields[i])].width);
      for (const auto& row : rows) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string blanks(widths[i] - row[i].size(), ' ');
        const bool left = kFields[static_cast<std::size_t>(command_.fields[i])].left;
        const bool last = i + 1 == row.size();
        if (i > 0) out_ << " ";
        if (left) {
          out_ << row[i] << (last ? "" : blanks);
        } else {
          out_ << blanks << row[i];
        }
      }
      out_ << "\n";
    }
  }

  Process& process_;
  const DfCommand& command_;
  Output out_;
  std::uint64_t size_ = 0;
  std::uint64_t used_ = 0;
  std::uint64_t inodes_ = 0;
  std::uint64_t inodes_used_ = 0;
};

void ChooseFields(DfCommand& command) {
  if (!command.fields.empty()) return;
  command.fields = {DfField::kSource};
  if (command.type) command.fields.push_back(DfField::kFstype);
  if (command.inodes) {
    command.fields.insert(command.fields.end(),
                          {DfField::kItotal, DfField::kIused, DfField::kIavail, DfField::kIpcent});
  } else {
    command.fields.insert(command.fields.end(),
                          {DfField::kSize, DfField::kUsed, DfField::kAvail, DfField::kPcent});
  }
  command.fields.push_back(DfField::kTarget);
}

// Whether -t and -x leave the file system in.
bool IsWanted(const DfCommand& command) {
  const auto names = [](const std::vector<std::string>& types) {
    return std::find(types.begin(), types.end(), kType) != types.end();
  };
  return (command.only_types.empty() || names(command.only_types)) && !names(command.but_types);
}

void TakeUnit(Process& process, const std::string& text, DfCommand& command) {
  const auto unit = ParseSizeUnit(text);
  if (!unit) {
    Complain(process, "invalid -B argument " + QuotedName(text));
    process.Exit(1);
  }
  command.unit = *unit;
  command.unit.suffix.clear();
  const bool letter = !text.empty() && (text[0] < '0' || text[0] > '9') && unit->human == 0;
  if (letter) command.unit.suffix = unit->suffix;
  command.unit_title = unit->human != 0 ? "Size" : UnitTitle(unit->bytes);
}

}  // namespace

int DfMain(Process& process) {
  constexpr int kOutput = 256;
  constexpr int kTotal = 257;
  constexpr int kSync = 258;
  DfCommand command;
  bool output = false;
  Options options(process, "aB:hHiklmPt:Tvx:",
                  {{"all", 'a'},
                   {"block-size", 'B', Options::kRequired},
                   {"exclude-type", 'x', Options::kRequired},
                   {"human-readable", 'h'},
                   {"inodes", 'i'},
                   {"local", 'l'},
                   {"no-sync", kSync},
                   {"output", kOutput, Options::kOptional},
                   {"portability", 'P'},
                   {"print-type", 'T'},
                   {"si", 'H'},
                   {"sync", kSync},
                   {"total", kTotal},
                   {"type", 't', Options::kRequired}});
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'B':
        TakeUnit(process, option->value, command);
        break;
      case 'h':
      case 'H':
        command.unit = {.bytes = 1, .suffix = "", .human = option->letter == 'h' ? 1024U : 1000U};
        command.unit_title = "Size";
        break;
      case 'i':
        command.inodes = true;
        break;
      case 'k':
        command.unit = {.bytes = 1024, .suffix = "", .human = 0};
        command.unit_title = "1K-blocks";
        break;
      case 'm':
        command.unit = {.bytes = std::uint64_t{1024} * 1024, .suffix = "", .human = 0};
        command.unit_title = "1M-blocks";
        break;
      case 'P':
        command.portable = true;
        break;
      case 't':
        command.only_types.push_back(option->value);
        break;
      case 'T':
        command.type = true;
        break;
      case 'x':
        command.but_types.push_back(option->value);
        break;
      case kOutput:
        output = true;
        TakeFields(process, option->value, command);
        if (!option->has_value) {
          for (std::size_t i = 0; i < std::size(kFields); ++i) {
            command.fields.push_back(static_cast<DfField>(i));
          }
        }
        break;
      case kTotal:
        command.total = true;
        break;
      default:
        break;  // -a, -l and --sync: there is one file system, which is always up to date.
    }
  }
  if (output && (command.inodes || command.portable || command.type)) {
    const char* other = command.inodes ? "-i" : command.portable ? "-P" : "-T";
    UsageError(process, std::string("options ") + other + " and --output are mutually exclusive");
  }
  if (command.portable && command.unit_title == "1K-blocks") command.unit_title = "1024-blocks";
  ChooseFields(command);
  std::vector<std::string> paths;
  int status = 0;
  for (const std::string& path : options.operands()) {
    const auto found = StatPath(process, path);
    if (found) {
      paths.push_back(path);
    } else {
      ComplainOf(process, path, found.error());
      status = 1;
    }
  }
  if ((!options.operands().empty() && paths.empty()) || !IsWanted(command)) {
    if (status == 0) Complain(process, "no file systems processed");
    return 1;
  }
  return std::max(status, DfPrinter(process, command).Run(paths));
}

}  // namespace computesdk::in_memory
