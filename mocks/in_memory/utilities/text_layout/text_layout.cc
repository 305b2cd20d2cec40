#include "mocks/in_memory/utilities/text_layout/text_layout.h"

#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

void AddLayoutPrograms(ProgramTable& table) {
  table["col"] = ColMain;
  table["column"] = ColumnMain;
  table["colrm"] = ColrmMain;
  table["fmt"] = FmtMain;
  table["look"] = LookMain;
  table["pr"] = PrMain;
}

}  // namespace computesdk::in_memory
