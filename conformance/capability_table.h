#ifndef COMPUTESDK_CONFORMANCE_CAPABILITY_TABLE_H_
#define COMPUTESDK_CONFORMANCE_CAPABILITY_TABLE_H_

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/outcome.h"

namespace computesdk::conformance {

// What a run saw of a capability.
enum class Measured {
  kWorks,          // Claimed, and nothing that binds failed.
  kBroken,         // Claimed, and something that binds failed.
  kNotTestable,    // Nothing failed, and something that binds could not be looked at.
  kUnimplemented,  // Methods, not claimed, and they answer UNIMPLEMENTED.
  kAnswers,        // Methods, not claimed, and every one of them does something.
  kMisbehaves,     // Methods, not claimed: neither the one nor the other.
  kNotSent,        // Options, not claimed.
  kNotSelected,    // No requirement about it was run.
};

// "works", "broken", "not testable", "answers UNIMPLEMENTED", "works though not claimed",
// "neither works nor answers UNIMPLEMENTED", "not sent", "not selected".
std::string_view MeasuredName(Measured measured);
// The other way; nullopt for any other text.
std::optional<Measured> MeasuredFromName(std::string_view name);

struct CapabilityRow {
  std::string name = {};
  bool claimed = false;
  Measured measured = Measured::kNotSelected;
  // The requirements about it that were run, and those of them that passed; for methods that are
  // not claimed, the methods that were called, and those that did something.
  int of = 0;
  int passed = 0;

  friend bool operator==(const CapabilityRow&, const CapabilityRow&) = default;
};

// The capability that a requirement is about; empty for none.
using CapabilityLookup = std::function<std::string(std::string_view id)>;

// A row for each capability of the contract, in its order.
std::vector<CapabilityRow> MeasureCapabilities(const RunRecord& record,
                                               const CapabilityLookup& capability_of);

// The capabilities that the rows show to work, and those claimed that were not looked at, if they
// are others than the claimed ones: nullopt if they are the same.
std::optional<std::vector<std::string>> ClaimableCapabilities(
    const std::vector<CapabilityRow>& rows);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CAPABILITY_TABLE_H_
