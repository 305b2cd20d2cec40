#ifndef COMPUTESDK_PROVIDERS_LOCAL_SANDBOX_STORE_H_
#define COMPUTESDK_PROVIDERS_LOCAL_SANDBOX_STORE_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "providers/local/staging.h"
#include "sdk/types.h"

namespace computesdk::local {

// What is kept of a sandbox, beside its files.
struct SandboxRecord {
  std::string id = {};
  CreateSandboxOptions options = {};
  Timestamp created_at{};

  // When its lifetime ends; nullopt without a limit.
  std::optional<Timestamp> EndsAt() const;
};

// The sandboxes of a folder, each a folder itself:
//
//     ROOT/ID/sandbox.json   the record
//     ROOT/ID/files/home     where commands start, and their HOME
//     ROOT/ID/files/tmp      their TMPDIR
//     ROOT/.staging/…        see staging.h
//
// One rename makes a sandbox and one takes it away, so that every process with this root sees the
// same ones, whole, whenever another was killed. May be used from several threads and processes.
class SandboxStore {
 public:
  // Makes the folder if need be. `half_destroyed` is told each sandbox that a process took away and
  // did not live to discard; its files go then.
  static Result<std::unique_ptr<SandboxStore>> Open(
      const std::string& root, const std::function<void(const std::string& id)>& half_destroyed);

  Result<SandboxRecord> Create(const CreateSandboxOptions& options);
  // nullopt where there is none with that id.
  Result<std::optional<SandboxRecord>> Find(const std::string& id) const;
  Result<std::vector<SandboxRecord>> List() const;
  bool Has(const std::string& id) const;
  // While the descriptor, or a copy of it in a child, is open, TakeAway waits. For who starts a
  // command: whoever looks for the processes of the sandbox after TakeAway meets it then. kNotFound
  // where there is none.
  Result<Descriptor> Hold(const std::string& id) const;
  // The sandbox is gone for everybody at once; its files lie aside until Discard. Returns when
  // nobody holds it any more, or after some seconds. kNotFound where there is none.
  Status TakeAway(const std::string& id);
  // Removes them, and what commands made in their old place meanwhile: call it once nothing runs
  // there any more.
  Status Discard(const std::string& id);

  std::string FilesPath(const std::string& id) const { return root_ + "/" + id + "/files"; }
  std::string HomePath(const std::string& id) const { return FilesPath(id) + "/home"; }
  std::string TemporaryPath(const std::string& id) const { return FilesPath(id) + "/tmp"; }
  Staging& staging() { return *staging_; }

 private:
  SandboxStore(std::string root, Descriptor directory, std::unique_ptr<Staging> staging)
      : root_(std::move(root)), directory_(std::move(directory)), staging_(std::move(staging)) {}

  std::vector<std::string> Names() const;  // Of all that lies in the root.

  const std::string root_;  // Absolute, without links in it.
  const Descriptor directory_;
  const std::unique_ptr<Staging> staging_;
};

// "local-" and digits: an id of somebody else's may hold "/" or "..", and is never a path here.
bool IsSandboxId(const std::string& id);

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_SANDBOX_STORE_H_
