#ifndef COMPUTESDK_CONFORMANCE_SANDBOX_REGISTER_H_
#define COMPUTESDK_CONFORMANCE_SANDBOX_REGISTER_H_

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "conformance/ledger.h"
#include "conformance/outcome.h"

namespace computesdk::conformance {

// Which sandboxes a run has made, and which of them are alive, in memory and in the ledger. May be
// used from several threads.
class SandboxRegister {
 public:
  // Without a ledger nothing is written.
  explicit SandboxRegister(std::unique_ptr<Ledger> ledger) : ledger_(std::move(ledger)) {}

  // An id that the provider gave out, and for whom, before anything is done with it.
  void Created(const std::string& sandbox_id, const std::string& maker);
  // It is gone: the provider said so.
  void Destroyed(const std::string& sandbox_id);

  // Those not destroyed, in the order in which they were made.
  std::vector<std::string> Alive() const;
  // All of them.
  std::set<std::string> Ever() const;
  // When each of them was there, in the order in which they were made.
  std::vector<SandboxLife> Lives() const;
  int created() const;
  int peak() const;
  // The first failure of the ledger; empty without one.
  std::string ledger_failure() const;

 private:
  void Note(const Status& written);
  Milliseconds Now() const;

  const std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<std::string> alive_;
  std::set<std::string> ever_;
  std::vector<SandboxLife> lives_;
  int created_ = 0;
  int peak_ = 0;
  std::string ledger_failure_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SANDBOX_REGISTER_H_
