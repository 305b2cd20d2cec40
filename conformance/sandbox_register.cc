#include "conformance/sandbox_register.h"

#include <algorithm>

namespace computesdk::conformance {

void SandboxRegister::Created(const std::string& sandbox_id, const std::string& maker) {
  std::lock_guard lock(mutex_);
  if (ledger_) Note(ledger_->Created(sandbox_id));
  ever_.insert(sandbox_id);
  // A provider may give an id out twice, which makes one sandbox.
  if (std::ranges::find(alive_, sandbox_id) == alive_.end()) {
    alive_.push_back(sandbox_id);
    lives_.push_back({sandbox_id, maker, Now()});
  }
  ++created_;
  peak_ = std::max(peak_, static_cast<int>(alive_.size()));
}

void SandboxRegister::Destroyed(const std::string& sandbox_id) {
  std::lock_guard lock(mutex_);
  if (std::erase(alive_, sandbox_id) == 0) return;
  // An id that is used again has several lives, of which the last is the one that ends.
  const auto last =
      std::ranges::find(lives_.rbegin(), lives_.rend(), sandbox_id, &SandboxLife::sandbox_id);
  last->destroyed = Now();
  if (ledger_) Note(ledger_->Destroyed(sandbox_id));
}

std::vector<std::string> SandboxRegister::Alive() const {
  std::lock_guard lock(mutex_);
  return alive_;
}

std::set<std::string> SandboxRegister::Ever() const {
  std::lock_guard lock(mutex_);
  return ever_;
}

std::vector<SandboxLife> SandboxRegister::Lives() const {
  std::lock_guard lock(mutex_);
  return lives_;
}

int SandboxRegister::created() const {
  std::lock_guard lock(mutex_);
  return created_;
}

int SandboxRegister::peak() const {
  std::lock_guard lock(mutex_);
  return peak_;
}

std::string SandboxRegister::ledger_failure() const {
  std::lock_guard lock(mutex_);
  return ledger_failure_;
}

Milliseconds SandboxRegister::Now() const {
  return std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - begun_);
}

void SandboxRegister::Note(const Status& written) {
  if (!written && ledger_failure_.empty()) ledger_failure_ = written.error().message;
}

}  // namespace computesdk::conformance
