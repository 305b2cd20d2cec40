#include "mocks/in_memory/kernel/stack_guard.h"

#include <pthread.h>

#include <algorithm>
#include <cstddef>

namespace computesdk::in_memory {

StackFloors FindStackFloors() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return {};
  void* low = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  // The main thread's stack may be declared unlimited: no more than a fixed part is used.
  constexpr std::size_t kMost = std::size_t{8} << 20;
  const std::size_t usable = std::min(size, kMost);
  const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(low) + size - usable;
  return {.shell = end + usable / 4, .program = end + usable / 8};
}

}  // namespace computesdk::in_memory
