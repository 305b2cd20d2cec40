#include <utility>

#include "conformance/selftest/variation.h"

namespace computesdk::conformance {

const std::vector<Variation>& Variations() {
  static const auto* const all = [] {
    auto* variations = new std::vector<Variation>();
    for (const auto kind : {AdapterVariations, CapabilityVariations, CommandVariations,
                            FileVariations, LifecycleVariations, LocalVariations}) {
      for (Variation& variation : kind()) variations->push_back(std::move(variation));
    }
    return variations;
  }();
  return *all;
}

}  // namespace computesdk::conformance
