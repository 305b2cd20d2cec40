#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_BROKEN_ADAPTER_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_BROKEN_ADAPTER_H_

#include <string>

#include "sdk/result.h"

namespace computesdk::conformance {

// Serves the in-memory provider on standard input and output, as an adapter that keeps the protocol
// but for what the name says: a defect of AdapterSabotages, a habit of AdapterVariations, or
// "clean". Gives the exit status of the process; kInvalidArgument for a name that is not known.
Result<int> ServeAsAdapter(const std::string& behaviour);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_BROKEN_ADAPTER_H_
