#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_RANDOM_DRAW_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_RANDOM_DRAW_H_

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

// Numbers at random, drawn from the bytes of a file, where one is given, as GNU's programs draw
// them: who gives the same bytes counts on the same numbers.
class RandomDraw {
 public:
  // Complains of a file that cannot be read, and ends the program.
  RandomDraw(Process& process, const std::optional<std::string>& source);

  // From 0 to `most`. Ends the program where the file has no more bytes.
  std::uint64_t UpTo(std::uint64_t most);

 private:
  unsigned char Byte();

  Process& process_;
  std::string source_;
  std::optional<ScopedDescriptor> descriptor_;
  std::optional<Input> file_;
  std::mt19937_64 generator_;
  // What is left of the bytes that were read: a number up to `range_`.
  std::uint64_t left_ = 0;
  std::uint64_t range_ = 0;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_TEXT_RANDOM_DRAW_H_
