#ifndef COMPUTESDK_CONFORMANCE_SUITE_REPORT_H_
#define COMPUTESDK_CONFORMANCE_SUITE_REPORT_H_

#include "conformance/expectations.h"
#include "conformance/outcome.h"
#include "sdk/result.h"

namespace computesdk::conformance {

// The shard of a test that the environment names; one that is the whole without one.
Shard ShardOfTest();

// Leaves the JSON report of a conformance test in the folder that Bazel keeps for a test's outputs
// ($TEST_UNDECLARED_OUTPUTS_DIR): `conformance report --merge` joins those of the shards. Without
// such a folder nothing is written.
Status WriteSuiteReport(RunRecord record, const Expectations& expectations);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SUITE_REPORT_H_
