#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_RENAMED_IDS_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_RENAMED_IDS_H_

#include <functional>
#include <string>

#include "conformance/candidate.h"

namespace computesdk::conformance {

// How a provider names its sandboxes.
struct IdScheme {
  std::function<std::string(int)> name;  // Of the sandbox with that number, from 1.
  // Whether the number of a destroyed sandbox is given out again, if nothing ever ran in it; the
  // last one first. (With any other, checks that look at what was destroyed would meet others'.)
  bool reuse = false;
  // Whether destroy puts a fresh sandbox, under the same id, in the place of the one it ends.
  bool restarts = false;
  // What getById makes of the id asked for.
  std::function<std::string(std::string)> look_up = [](std::string id) { return id; };
};

// The provider, with other ids on its sandboxes.
ProviderFactory WithIds(ProviderFactory make, IdScheme scheme);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_RENAMED_IDS_H_
