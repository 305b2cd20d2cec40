#include "mocks/in_memory/shell/stack_guard.h"

#include <pthread.h>

#include <algorithm>
#include <cstddef>

namespace computesdk::in_memory::shell {

std::uintptr_t FindStackFloor() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* low = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  constexpr std::size_t kMostUsed = std::size_t{6} << 20;
  const std::size_t reserve = size / 4;
  // The main thread's stack may be declared unlimited: no more than a fixed part is used.
  const std::size_t usable = std::min(size - reserve, kMostUsed);
  return reinterpret_cast<std::uintptr_t>(low) + size - usable;
}

}  // namespace computesdk::in_memory::shell
