#ifndef COMPUTESDK_CONFORMANCE_REPORT_PAGE_ASSETS_H_
#define COMPUTESDK_CONFORMANCE_REPORT_PAGE_ASSETS_H_

#include <string_view>

namespace computesdk::conformance {

// A file of this folder that the pages hold, embedded when the kit is built.
struct PageAsset {
  std::string_view content;
  std::string_view sha256;  // "sha256-…", as a Content-Security-Policy names it.
};

extern const PageAsset kPageCss;
extern const PageAsset kPageJs;

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_PAGE_ASSETS_H_
