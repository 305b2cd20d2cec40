#ifndef COMPUTESDK_CONFORMANCE_CALL_CHAIN_H_
#define COMPUTESDK_CONFORMANCE_CALL_CHAIN_H_

namespace computesdk::conformance {

// How many calls to the candidate this thread has waited for, one after another, since the check
// began: what the check takes at least, in round trips. Whoever starts threads for a check hands
// its own number on to them, and takes the highest of theirs back.
inline int& CallChain() {
  thread_local int length = 0;
  return length;
}

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CALL_CHAIN_H_
