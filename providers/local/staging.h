#ifndef COMPUTESDK_PROVIDERS_LOCAL_STAGING_H_
#define COMPUTESDK_PROVIDERS_LOCAL_STAGING_H_

#include <fcntl.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sdk/adapter/descriptor.h"

namespace computesdk::local {

using adapter::Descriptor;

// How a folder is opened to be listed: itself, never one that a link leads to.
inline constexpr int kOpenDirectory = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

// A folder for what is not finished yet, or is on its way out: from it whole things are renamed
// into place, and into it before they are taken apart, so that nobody meets half of one. It lies
// on the same file system as they do. Each process has its own and locks it; what processes that
// were killed left is removed by the next, when it begins and when it ends. May be used from
// several threads.
class Staging {
 public:
  // Told of each thing that the dead left: the directory that it lies in, and its name there.
  using Leftover = std::function<void(int directory, const std::string& name)>;

  // Makes this process's own below `folder`, an existing directory, and removes those of the dead;
  // `leftover` comes before, and is kept.
  static Result<std::unique_ptr<Staging>> Open(const std::string& folder, const Leftover& leftover);
  // Removes it.
  ~Staging();
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;

  int directory() const { return directory_.get(); }
  const std::string& path() const { return path_; }
  // A name that nothing in it has.
  std::string NewName();

  // Takes an entry of a directory away, a whole tree at once. The errno, or 0.
  int Remove(int directory, const std::string& name);

 private:
  Staging(std::string folder, std::string name, Descriptor parent, Descriptor directory,
          Leftover leftover);

  const std::string folder_;
  const std::string name_;
  const std::string path_;
  const Descriptor parent_;
  const Descriptor directory_;  // Holds the lock.
  const Leftover leftover_;
  std::atomic<std::uint64_t> count_{0};
};

// Eight random bytes in hexadecimal digits.
std::string RandomName();

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_STAGING_H_
