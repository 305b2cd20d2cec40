#ifndef COMPUTESDK_CONFORMANCE_REPORT_MERGE_H_
#define COMPUTESDK_CONFORMANCE_REPORT_MERGE_H_

#include <vector>

#include "conformance/report/report.h"
#include "sdk/result.h"

namespace computesdk::conformance {

// The shards of one run as the report of the whole, its verdict computed anew.
//
// Of a requirement that several shards ran, the worse result counts, and a note says so where they
// differ. What no shard ran is never green: a requirement of the catalogue that none of them has is
// not testable, unless all shards ran the same chosen part; a shard that is missing is a problem of
// the run.
//
// An error where the reports are not of one run: other providers, another version of the kit.
Result<Report> MergeShards(std::vector<Report> shards, const std::vector<Requirement>& catalogue);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_REPORT_MERGE_H_
