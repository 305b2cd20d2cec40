#include "mocks/default_programs.h"

namespace computesdk::in_memory {

const ProgramTable& DefaultPrograms() {
  static const auto* const programs = new ProgramTable;
  return *programs;
}

}  // namespace computesdk::in_memory
