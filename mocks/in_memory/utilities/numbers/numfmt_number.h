#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_NUMBERS_NUMFMT_NUMBER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_NUMBERS_NUMFMT_NUMBER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace computesdk::in_memory {

// What the letters behind a number mean: kSi thousands, kIec 1024s, kIecI 1024s as Ki, Mi, …
enum class NumberScale { kNone, kAuto, kSi, kIec, kIecI };
enum class NumberRound { kUp, kDown, kFromZero, kTowardsZero, kNearest };

struct NumberStyle {
  NumberScale from = NumberScale::kNone;
  NumberScale to = NumberScale::kNone;
  long double from_unit = 1;
  long double to_unit = 1;
  NumberRound round = NumberRound::kFromZero;
  std::optional<std::size_t> precision;
  std::size_t zero_width = 0;
  bool grouping = false;  // Has no effect in the C locale.
};

struct NumberResult {
  std::string text;
  // Empty where all is well; each "%s" stands for one of `quoted`.
  std::string error;
  std::vector<std::string> quoted;
};

// 1 for 'K', 2 for 'M', …
std::optional<int> ScalePower(char letter);
// A number as numfmt reads it, in the form that it gives it.
NumberResult ConvertNumber(std::string_view text, const NumberStyle& style);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_NUMBERS_NUMFMT_NUMBER_H_
