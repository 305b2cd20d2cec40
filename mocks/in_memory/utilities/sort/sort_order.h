#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SORT_SORT_ORDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SORT_SORT_ORDER_H_

#include <optional>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

enum class SortKind { kText, kNumeric, kGeneral, kHuman, kMonth, kVersion, kRandom };

struct SortOrder {
  SortKind kind = SortKind::kText;
  bool reverse = false;
  bool skip_start_blanks = false;
  bool skip_end_blanks = false;
  bool fold_case = false;
  bool dictionary = false;   // Blanks, letters and digits alone count.
  bool printable = false;    // Control characters do not count.
  std::string letters = {};  // Those that said so.

  // Bytes are left out or exchanged before they are compared.
  bool translates() const { return fold_case || dictionary || printable; }
  // The bytes decide, as they are.
  bool bytewise() const { return kind == SortKind::kText && !translates(); }
  // Nothing said, but for the direction.
  bool plain() const { return bytewise() && !skip_start_blanks && !skip_end_blanks; }
};

// Less than, equal to or greater than 0, without regard to `reverse`.
int CompareBy(const SortOrder& order, std::string_view a, std::string_view b);

// Numbers in decimal digits of any length; what is none counts as 0.
int CompareNumeric(std::string_view a, std::string_view b);
// A number as a double, where comparing doubles is sure to give the same order.
std::optional<double> ExactNumber(std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SORT_SORT_ORDER_H_
