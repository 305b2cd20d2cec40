#ifndef COMPUTESDK_CONFORMANCE_CHECKS_LEFTOVERS_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_LEFTOVERS_H_

#include <functional>
#include <string>

#include "conformance/check_context.h"

namespace computesdk::conformance {

// Runs `use`, which gives the provider a word to carry. Afterwards no small file in /tmp, in HOME
// or where commands start may hold that word. Of many files only the new ones are looked at.
void ExpectNoCopies(CheckContext& ctx, const Box& box,
                    const std::function<void(const std::string& word)>& use);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_LEFTOVERS_H_
