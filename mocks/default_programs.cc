#include "mocks/default_programs.h"

#include "mocks/in_memory/shell/shell.h"
#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

const ProgramTable& DefaultPrograms() {
  static const auto* const programs = [] {
    auto* table = new ProgramTable;
    AddUtilities(*table);
    for (const char* name : {"bash", "dash", "rbash", "sh"})
      table->insert_or_assign(name, ShellMain);
    return table;
  }();
  return *programs;
}

}  // namespace computesdk::in_memory
