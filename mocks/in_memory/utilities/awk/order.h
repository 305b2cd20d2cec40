#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_ORDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_ORDER_H_

#include <string>
#include <vector>

namespace computesdk::in_memory::awk {

// The keys of an array, given in the order in which they came, in the order in which gawk's tables
// list them: scripts that print an array without sorting it are written to what gawk prints.
// Indices from 0 on stand in blocks, unless too few of a block are used; other whole numbers and
// texts have hash tables, that of numbers with buckets of two.
std::vector<std::string> TableOrder(const std::vector<std::string>& keys);

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_ORDER_H_
