#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_VARIATION_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_VARIATION_H_

#include <string>
#include <vector>

#include "conformance/candidate.h"
#include "conformance/run_options.h"

namespace computesdk::conformance {

// A provider that keeps the contract in another way than the in-memory one does: no check may fail
// it. The lists hold ids of requirements, or globs for all that match; every other requirement
// comes out as for the clean provider, or is unsupported where what it is about is not claimed.
struct Variation {
  std::string name;       // "list-lags"
  std::string behaviour;  // What it does, in a sentence.
  std::vector<std::string> warns = {};
  // Recommended ones alone: a provider with another that could not be tested would not conform.
  std::vector<std::string> not_testable = {};
  std::vector<std::string> may_change = {};  // Passes or warns, with the reason in a comment.
  ProviderFactory make = {};
  // Instead of a factory: the habit of an adapter process; see broken_adapter.h.
  std::string adapter = {};
  RunOptions options = {};  // What the documentation tells such a provider's author to run with.
  // A file that it needs, the program of a shell; where it is not there, that is said instead. Such
  // a one runs real processes, which costs much: it is not among those that run by default.
  std::string program = {};
  // Most of its time goes by in waiting: it runs beside the others.
  bool waits = false;
};

// All of them, kind by kind.
const std::vector<Variation>& Variations();

// The kinds, each in a file of its own.
std::vector<Variation> AdapterVariations();
std::vector<Variation> CapabilityVariations();
std::vector<Variation> CommandVariations();
std::vector<Variation> FileVariations();
std::vector<Variation> LifecycleVariations();
std::vector<Variation> LocalVariations();

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_VARIATION_H_
