#ifndef COMPUTESDK_CONFORMANCE_UNIQUE_WORDS_H_
#define COMPUTESDK_CONFORMANCE_UNIQUE_WORDS_H_

#include <atomic>
#include <cstdint>
#include <string>

namespace computesdk::conformance {

// Words of lower-case letters and digits that nothing else uses, in this run or another, whatever
// the seed is. None is a part of another: a search for one finds nothing else. May be used from
// several threads.
class UniqueWords {
 public:
  UniqueWords();
  std::string Next();

 private:
  std::string prefix_;
  std::atomic<std::uint64_t> count_{0};
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_UNIQUE_WORDS_H_
