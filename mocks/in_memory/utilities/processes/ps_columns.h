#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PS_COLUMNS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PS_COLUMNS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "mocks/in_memory/text/time_zone.h"
#include "mocks/in_memory/utilities/processes/process_listing.h"

namespace computesdk::in_memory {

// What a column may need beside the process.
struct PsView {
  int self = 0;  // The pid of ps, the only process that runs while it looks.
  ClockTime now;
  TimeZone zone;
};

struct PsColumn {
  std::string_view name;
  std::string header;
  bool right = false;
  std::size_t width = 0;
  std::string (*text)(const ProcessInfo&, const PsView&) = nullptr;
  // What --sort compares; without it, the text.
  std::int64_t (*number)(const ProcessInfo&, const PsView&) = nullptr;
};

// The column of a name or one of its aliases; nullptr for none.
const PsColumn* FindPsColumn(std::string_view name);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PS_COLUMNS_H_
