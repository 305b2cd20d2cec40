#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_GUARDED_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_GUARDED_H_

#include <memory>
#include <mutex>
#include <utility>

namespace computesdk::conformance {

// State that the replaced methods of one provider share, whichever threads call them. Copies share
// it, too: a lambda captures one.
template <typename T>
class Guarded {
 public:
  // Whatever `use` returns, which has the state for itself meanwhile.
  template <typename F>
  auto With(F use) const {
    const std::lock_guard lock(shared_->mutex);
    return use(shared_->value);
  }

 private:
  struct Shared {
    std::mutex mutex;
    T value{};
  };
  std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_GUARDED_H_
