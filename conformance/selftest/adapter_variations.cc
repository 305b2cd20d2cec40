#include "conformance/selftest/variation.h"

// Habits of an adapter that the protocol allows; broken_adapter.h has them by their names.
namespace computesdk::conformance {

std::vector<Variation> AdapterVariations() {
  return {
      {.name = "adapter-extra-fields",
       .behaviour = "Every answer has fields that the protocol does not know, at every level.",
       .adapter = "extra-fields"},
      {.name = "adapter-always-base64",
       .behaviour = "Output and content are always base64.",
       .adapter = "always-base64"},
      {.name = "adapter-odd-text",
       .behaviour = "Lines come in two pieces, with blanks and a CR around them, and all that is "
                    "beyond ASCII is escaped.",
       .adapter = "odd-text"},
      {.name = "adapter-talks-to-its-log",
       .behaviour = "It writes 8 KiB to standard error for each call.",
       .adapter = "talks-to-its-log"},
  };
}

}  // namespace computesdk::conformance
