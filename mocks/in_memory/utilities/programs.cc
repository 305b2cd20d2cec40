#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {

void AddUtilities(ProgramTable& table) {
  AddTextPrograms(table);
  AddNumberPrograms(table);
  AddEncodingPrograms(table);
  AddLayoutPrograms(table);
  AddSortPrograms(table);
  AddSearchPrograms(table);
  AddSedPrograms(table);
  AddAwkPrograms(table);
  AddDigestPrograms(table);
  AddComparePrograms(table);
  AddPatchPrograms(table);
  AddFilePrograms(table);
  AddListingPrograms(table);
  AddFindPrograms(table);
  AddPathPrograms(table);
  AddSystemPrograms(table);
  AddTimePrograms(table);
  AddArchivePrograms(table);
  AddArgumentPrograms(table);
  AddInspectPrograms(table);
  AddOrderPrograms(table);
  AddJqPrograms(table);
  AddProcessPrograms(table);
}

}  // namespace computesdk::in_memory
