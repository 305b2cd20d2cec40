#include "mocks/in_memory/utilities/encoding/encoding_programs.h"

#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

void AddEncodingPrograms(ProgramTable& table) {
  table["xxd"] = XxdMain;
  table["hexdump"] = HexdumpMain;
  table["hd"] = HexdumpMain;
  table["iconv"] = IconvMain;
  table["strings"] = StringsMain;
}

}  // namespace computesdk::in_memory
