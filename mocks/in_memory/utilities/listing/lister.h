#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LISTER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LISTER_H_

#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/listing/ls_quoting.h"
#include "mocks/in_memory/utilities/listing/size_unit.h"

namespace computesdk::in_memory {

struct LsCommand {
  enum class Format { kOnePerLine, kLong, kCommas, kColumns, kAcross };
  enum class Sort { kName, kNone, kSize, kTime, kVersion, kExtension, kWidth };
  enum class Indicator { kNone, kSlash, kFileType, kClassify };

  Format format = Format::kOnePerLine;
  Sort sort = Sort::kName;
  bool sort_given = false;
  Indicator indicator = Indicator::kNone;
  FileTime FileStatus::*time = &FileStatus::modified;
  bool all = false;
  bool almost_all = false;
  bool directories_themselves = false;
  bool recursive = false;
  bool reverse = false;
  bool inodes = false;
  bool blocks = false;
  bool numeric = false;
  bool owner = true;
  bool group = true;
  bool dereference = false;
  bool dereference_operands = false;
  Quoting quoting = Quoting::kLiteral;
  bool hide_control = false;  // -q.
  bool author = false;
  bool directories_first = false;
  bool color = false;
  SizeUnit size_unit = {.bytes = 1, .suffix = "", .human = 0};
  SizeUnit block_unit = {.bytes = 1024, .suffix = "", .human = 0};
  unsigned width = 80;
  std::size_t tab = 8;  // 0: no tabs between columns.
  char end = '\n';
  std::vector<std::string> hidden;  // As `ignored`, unless -a or -A.
  std::string time_style;
  std::vector<std::string> ignored;
};

// Prints what ls prints for these operands; its exit code.
int ListFiles(Process& process, const LsCommand& command, std::vector<std::string> operands);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_LISTING_LISTER_H_
