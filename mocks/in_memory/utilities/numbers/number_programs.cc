#include "mocks/in_memory/utilities/numbers/number_programs.h"

#include "mocks/in_memory/utilities/bc/bc.h"
#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

void AddNumberPrograms(ProgramTable& table) {
  table["bc"] = BcMain;
  table["factor"] = FactorMain;
  table["numfmt"] = NumfmtMain;
}

}  // namespace computesdk::in_memory
