#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "bench/compare.h"
#include "bench/contestant.h"
#include "bench/report.h"
#include "bench/scale.h"
#include "bench/workload.h"
#include "gmock/gmock.h"
#include "nlohmann/json.hpp"

namespace computesdk::bench {
namespace {

using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Workloads TheWorkloads() {
  Result<Workloads> workloads = ReadWorkloads("bench/workloads");
  EXPECT_TRUE(workloads) << workloads.error().message;
  return workloads.value_or(Workloads{});
}

void ExpectAllAnswers(Contestant& contestant, const Workloads& workloads) {
  EXPECT_THAT(workloads.all, SizeIs(Gt(9U)));
  for (const Workload& workload : workloads.all) {
    if (!contestant.Does(workload)) continue;
    const Result<Duration> measured = contestant.Measure(workload, 1);
    EXPECT_TRUE(measured) << measured.error().message;
  }
}

TEST(BenchTest, InMemoryGivesEveryAnswer) {
  const Workloads workloads = TheWorkloads();
  ExpectAllAnswers(*MakeInMemory(workloads), workloads);
}

TEST(BenchTest, BashGivesEveryAnswer) {
  const Workloads workloads = TheWorkloads();
  const Result<std::unique_ptr<Contestant>> bash = MakeBash(workloads);
  ASSERT_TRUE(bash) << bash.error().message;
  ExpectAllAnswers(**bash, workloads);
}

TEST(BenchTest, AnotherAnswerIsAnError) {
  const Workloads workloads = TheWorkloads();
  const Workload wrong = {.name = "wrong", .title = "", .script = "echo hi", .answer = "ho\n"};
  const Result<std::unique_ptr<Contestant>> bash = MakeBash(workloads);
  ASSERT_TRUE(bash) << bash.error().message;
  const std::unique_ptr<Contestant> in_memory = MakeInMemory(workloads);
  for (Contestant* contestant : {in_memory.get(), bash->get()}) {
    const Result<Duration> measured = contestant->Measure(wrong, 1);
    ASSERT_FALSE(measured);
    EXPECT_THAT(measured.error().message, HasSubstr("answers 'hi\n', not 'ho\n'"));
  }
}

// Says that it needed the same time whenever it is asked.
class Fake : public Contestant {
 public:
  Fake(std::string name, double nanoseconds) : name_(std::move(name)), cost_(nanoseconds) {}
  std::string name() const override { return name_; }
  bool Does(const Workload&) const override { return true; }
  Result<Duration> Measure(const Workload&, int repetitions) override {
    return cost_ * repetitions;
  }

 private:
  const std::string name_;
  const Duration cost_;
};

TEST(BenchTest, ARowHasTheRatioToTheFirst) {
  std::vector<std::unique_ptr<Contestant>> contestants;
  contestants.push_back(std::make_unique<Fake>("quick", 2e3));
  contestants.push_back(std::make_unique<Fake>("slow", 5e9));
  const Result<Row> row = Compare({.name = "work", .title = "some work"}, contestants, 3);
  ASSERT_TRUE(row) << row.error().message;
  EXPECT_THAT(CompareText({*row}), HasSubstr("some work                             2.00 µs"
                                             "     5.00 s   2500000×"));
  const auto json = nlohmann::json::parse(ReportJson({*row}, nullptr));
  EXPECT_NEAR(json["rows"][0]["timings"][1]["ratio"].get<double>(), 2.5e6, 1);
}

TEST(BenchTest, TheMedianIsInTheMiddle) {
  EXPECT_EQ(Median({Duration(9), Duration(1), Duration(5)}), Duration(5));
}

TEST(BenchTest, ScaleMeasuresEveryCost) {
  const Workload work = {.name = "work", .title = "", .script = "echo $((1 + 1))"};
  const Result<Scale> scale = MeasureScale(work, 1000, 1);
  ASSERT_TRUE(scale) << scale.error().message;
  EXPECT_THAT(scale->rows, SizeIs(10));
  for (const ScaleRow& row : scale->rows) EXPECT_GT(row.ratio(), 0) << row.name;
  EXPECT_GT(scale->idle_bytes, 0);
  EXPECT_LT(scale->idle_bytes_after_command, 8 * 1024);
  EXPECT_GT(scale->two_threads, 0);
}

}  // namespace
}  // namespace computesdk::bench
