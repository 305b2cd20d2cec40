#ifndef COMPUTESDK_CONFORMANCE_REPORT_CATALOGUE_PAGES_H_
#define COMPUTESDK_CONFORMANCE_REPORT_CATALOGUE_PAGES_H_

#include <string>
#include <vector>

#include "conformance/requirement.h"

namespace computesdk::conformance {

// The catalogue itself, in the forms that `list` and `explain` print.
std::string CatalogueAsText(const std::vector<Requirement>& catalogue);
std::string CatalogueAsJson(const std::vector<Requirement>& catalogue);
// The page docs/requirements.md.
std::string CatalogueAsMarkdown(const std::vector<Requirement>& catalogue);
std::string Explanation(const Requirement& requirement);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_CATALOGUE_PAGES_H_
