#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PS_OPTIONS_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PS_OPTIONS_H_

#include <cstddef>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/processes/ps_columns.h"

namespace computesdk::in_memory {

// How children stand below their parents.
enum class PsTree { kNone, kIndented, kDrawn };

struct PsStyle {
  bool all = false;      // -e
  bool leaders = true;   // Session leaders, unless -d leaves them out.
  bool chosen = false;   // By any of the sets.
  bool negated = false;  // -N
  std::set<int> pids;
  std::set<int> parents;
  std::set<int> sessions;
  std::set<std::string> commands;
  std::vector<PsColumn> columns;
  std::vector<std::pair<const PsColumn*, bool>> keys;  // Of --sort; true for downwards.
  PsTree tree = PsTree::kNone;
  std::size_t width = std::string::npos;
  bool header = true;
};

// Reads the arguments of ps, in its three styles; ends the program where they are none.
PsStyle ReadPsOptions(Process& process);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PROCESSES_PS_OPTIONS_H_
