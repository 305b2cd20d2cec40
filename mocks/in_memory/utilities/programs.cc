#include "mocks/in_memory/utilities/programs.h"

#include <utility>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// Lets a long search for a match be stopped, and ends one that would not end.
class ProgramRegexWatch : public RegexWatch {
 public:
  explicit ProgramRegexWatch(Process& process) : process_(process) {}
  void Tick() override { process_.Checkpoint(); }
  void TooHard() override {
    Complain(process_, "memory exhausted");
    process_.Exit(2);
  }

 private:
  Process& process_;
};

Main Watched(Main program) {
  return [program = std::move(program)](Process& process) {
    const ProgramRegexWatch watch(process);
    return program(process);
  };
}

}  // namespace

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
  for (auto& [name, program] : table) program = Watched(std::move(program));
}

}  // namespace computesdk::in_memory
