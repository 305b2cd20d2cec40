#include "conformance/selftest/spoil.h"
#include "conformance/selftest/variation.h"

namespace computesdk::conformance {
namespace {

std::vector<Variation> ProtocolVariations() {
  return {
      {.name = "one-call-at-a-time",
       .behaviour = "It takes one call at a time (maxConcurrency 1).",
       .make = Spoil({}, {.max_concurrency = 1})},
      {.name = "workdir-with-a-blank",
       .behaviour = "Its work folder has a blank in its name.",
       .make = Spoil({}, {.workdir = "/home/the user/work folder"})},
  };
}

}  // namespace

const std::vector<Variation>& Variations() {
  static const auto* const all = new std::vector<Variation>(ProtocolVariations());
  return *all;
}

}  // namespace computesdk::conformance
