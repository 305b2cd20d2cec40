#ifndef COMPUTESDK_PROVIDERS_LOCAL_LIFETIMES_H_
#define COMPUTESDK_PROVIDERS_LOCAL_LIFETIMES_H_

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "sdk/types.h"

namespace computesdk::local {

// Calls `end` for each sandbox whose time has come, on a thread of its own, which runs while there
// is one to wait for. May be used from several threads.
class Lifetimes {
 public:
  explicit Lifetimes(std::function<void(const std::string& id)> end) : end_(std::move(end)) {}
  ~Lifetimes();
  Lifetimes(const Lifetimes&) = delete;
  Lifetimes& operator=(const Lifetimes&) = delete;

  void Set(const std::string& id, Timestamp ends_at);

 private:
  void Work();

  const std::function<void(const std::string& id)> end_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Timestamp, std::string> ends_;
  bool leaving_ = false;
  std::thread thread_;
};

}  // namespace computesdk::local

#endif  // COMPUTESDK_PROVIDERS_LOCAL_LIFETIMES_H_
