#include "mocks/in_memory/utilities/archive/archive_programs.h"
#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

void AddArchivePrograms(ProgramTable& table) {
  table["gunzip"] = GunzipMain;
  table["gzip"] = GzipMain;
  table["tar"] = TarMain;
  table["uncompress"] = GunzipMain;
  table["zcat"] = ZcatMain;
  table["zcmp"] = ZcmpMain;
  table["zdiff"] = ZdiffMain;
  table["zegrep"] = ZegrepMain;
  table["zfgrep"] = ZfgrepMain;
  table["zgrep"] = ZgrepMain;
}

}  // namespace computesdk::in_memory
