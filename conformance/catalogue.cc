#include "conformance/catalogue.h"

#include <algorithm>
#include <iterator>

namespace computesdk::conformance {
namespace {

using Area = std::vector<Requirement> (*)();

std::vector<Requirement> Collect() {
  // In the order of the reports.
  const std::vector<Area> areas = {
      LifecycleRequirements, CreateRequirements,        CommandRequirements,
      OutputRequirements,    CommandOptionRequirements, EnvironmentRequirements,
      CodeRequirements,      FileContentRequirements,   FilePathRequirements,
      DirectoryRequirements, FileSafetyRequirements,    InfoRequirements,
      UrlRequirements,       IsolationRequirements,     AdapterRequirements};
  std::vector<Requirement> all;
  for (const Area area : areas) std::ranges::move(area(), std::back_inserter(all));
  return all;
}

}  // namespace

const std::vector<Requirement>& Catalogue() {
  static const std::vector<Requirement>* const all = new std::vector<Requirement>(Collect());
  return *all;
}

const Requirement* FindRequirement(std::string_view id) {
  const std::vector<Requirement>& all = Catalogue();
  const auto found = std::ranges::find(all, id, &Requirement::id);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace computesdk::conformance
