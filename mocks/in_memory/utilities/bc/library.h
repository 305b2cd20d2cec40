#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_LIBRARY_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_LIBRARY_H_

#include <string_view>

namespace computesdk::in_memory {

// The functions of `bc -l`, in its own language. Each works with a few digits more than are wanted,
// and cuts them off; s and c with as few as bc's own, whose last digits show it.
inline constexpr std::string_view kBcLibrary = R"bc(
define e(x) {
  auto s, k, t, r, n, d
  s = scale
  d = 0
  if (x < 0) {
    d = 1
    x = -x
  }
  scale = 0
  t = x * 4343 / 10000
  scale = s + t + 8
  k = 0
  while (x > .5) {
    x /= 2
    k += 1
  }
  scale += k
  r = 1 + x
  t = x
  for (n = 2; t != 0; n++) {
    t = t * x / n
    r += t
  }
  while (k-- > 0) r *= r
  if (d) r = 1 / r
  scale = s
  return (r / 1)
}
define l(x) {
  auto s, f, n, t, r, q, k
  s = scale
  if (x <= 0) return ((1 - 10 ^ s) / 1)
  scale = s + length(x) + scale(x) + 8
  f = 2
  while (x >= 1.25 || x <= .8) {
    x = sqrt(x)
    f *= 2
    scale += 1
  }
  n = (x - 1) / (x + 1)
  q = n * n
  r = n
  t = n
  for (k = 3; t != 0; k += 2) {
    t *= q
    r += t / k
  }
  r *= f
  scale = s
  return (r / 1)
}
define a(x) {
  auto s, f, q, t, r, k
  s = scale
  scale = s + 10
  f = 1
  while (x > .1 || x < -.1) {
    x = x / (1 + sqrt(1 + x * x))
    f *= 2
    scale += 1
  }
  q = x * x
  r = x
  t = x
  for (k = 3; t != 0; k += 2) {
    t = -t * q
    r += t / k
  }
  r *= f
  scale = s
  return (r / 1)
}
define s(x) {
  auto w, m, p, n, t, r, k
  w = scale
  scale = 1.1 * w + 2
  p = a(1)
  if (x < 0) {
    m = 1
    x = -x
  }
  scale = 0
  n = (x / p + 2) / 4
  x -= 4 * n * p
  if (n % 2) x = -x
  scale = w + 2
  t = x
  r = x
  p = -x * x
  for (k = 3; t != 0; k += 2) {
    t *= p / (k * (k - 1))
    r += t
  }
  scale = w
  if (m) r = -r
  return (r / 1)
}
define c(x) {
  auto s, r
  s = scale
  scale = s * 1.2
  r = s(x + 2 * a(1))
  scale = s
  return (r / 1)
}
define j(n, x) {
  auto s, t, r, k, d, q
  s = scale
  scale = 0
  n /= 1
  d = 1
  if (n < 0) {
    n = -n
    if (n % 2) d = -1
  }
  k = x / 1
  if (k < 0) k = -k
  scale = s + k + length(n) + 10
  t = d
  for (k = 1; k <= n; k++) t = t * x / (2 * k)
  r = t
  q = x * x / 4
  for (k = 1; t != 0; k++) {
    t = -t * q / (k * (k + n))
    r += t
  }
  scale = s
  return (r / 1)
}
)bc";

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_LIBRARY_H_
