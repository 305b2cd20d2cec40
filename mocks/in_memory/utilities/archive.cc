#include "mocks/in_memory/utilities/archive_programs.h"
#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

void AddArchivePrograms(ProgramTable& table) {
  table["gunzip"] = GunzipMain;
  table["gzip"] = GzipMain;
  table["tar"] = TarMain;
  table["zcat"] = ZcatMain;
}

}  // namespace computesdk::in_memory
