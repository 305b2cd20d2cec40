#ifndef COMPUTESDK_PROVIDERS_LOCAL_PATH_WALK_H_
#define COMPUTESDK_PROVIDERS_LOCAL_PATH_WALK_H_

#include <string>

#include "sdk/adapter/descriptor.h"

namespace computesdk::local {

using adapter::Descriptor;

// Where a path ends: an entry of an open directory. `name` is "." where it ends at the directory.
struct Place {
  Descriptor directory;
  std::string name;
  bool must_be_directory = false;  // The path said so, by a slash or a dot at its end.
};

struct WalkOptions {
  bool follow_last = true;    // Whether a link at the end is followed.
  bool make_parents = false;  // Whether missing directories before the end are made.
};

// Walks a path one name after another from `base`, an open directory with the absolute path
// `base_path`, as the kernel would, but never out of it: neither by `..` nor by a link, nor by a
// link that is put there meanwhile. Relative paths begin in base's directory `home`.
// The errno on failure; EXDEV for a way out.
tl::expected<Place, int> Walk(int base, const std::string& base_path, const std::string& home,
                              const std::string& path, WalkOptions options);

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_PATH_WALK_H_
