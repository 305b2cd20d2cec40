#ifndef COMPUTESDK_CONFORMANCE_LEDGER_H_
#define COMPUTESDK_CONFORMANCE_LEDGER_H_

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "sdk/result.h"

namespace computesdk::conformance {

// Enough to start a candidate again.
struct CandidateKey {
  std::string provider = {};              // A provider built into the program; or else
  std::vector<std::string> adapter = {};  // an adapter's command,
  std::string working_directory = {};     // and where it was started.

  friend auto operator<=>(const CandidateKey&, const CandidateKey&) = default;
};

// The sandboxes of one run, on disk: an id is written before it is used and crossed out once the
// sandbox is destroyed, so that after `kill -9` another process can finish the job. The file only
// grows while runs use it, a line a write, so that several runs may share one. May be used from
// several threads.
class Ledger {
 public:
  // Opens or makes the file, and the directories above it.
  static Result<std::unique_ptr<Ledger>> Open(const std::string& path, const CandidateKey& key);
  // Takes the lines that are done with out of the file, unless another run uses it.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  Status Created(std::string_view sandbox_id);
  Status Destroyed(std::string_view sandbox_id);

  const std::string& path() const { return path_; }

 private:
  Ledger(std::string path, int fd, std::string run);

  std::string path_;
  int fd_;
  std::string run_;
};

// What an ended run left behind.
struct Leftover {
  CandidateKey key = {};
  std::string run = {};
  std::vector<std::string> sandbox_ids = {};  // In the order in which they were made.
};

// The leftovers in that file of runs whose process is gone; of a missing file, none. A line that
// makes no sense (the last one of a process that was killed) is passed over.
Result<std::vector<Leftover>> ReadLeftovers(const std::string& path);

// Crosses a sandbox of an ended run out.
Status CrossOut(const std::string& path, const Leftover& leftover, std::string_view sandbox_id);

// Takes the lines that are done with out of the file, unless a run uses it. A file without lines
// is removed.
void Compact(const std::string& path);

// $XDG_STATE_HOME/computesdk-conformance/ledger.jsonl, with ~/.local/state for a missing variable.
std::string DefaultLedgerPath();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_LEDGER_H_
