#ifndef COMPUTESDK_CONFORMANCE_CHECKS_CHECK_TEST_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_CHECK_TEST_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/runner.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory_provider.h"
#include "mocks/mock_provider.h"

namespace computesdk::conformance {

// Runs checks of one area against the in-memory provider, a method of which the test has spoilt.
class CheckTest : public testing::Test {
 protected:
  using Area = std::vector<Requirement> (*)();

  explicit CheckTest(Area area) : requirements_(area()) {
    auto mock = std::make_unique<testing::NiceMock<MockProvider>>();
    mock->DelegateTo(real_);
    sabotaged_ = mock.get();
    candidate_ = std::move(*InProcessCandidate("sabotaged", [&] { return std::move(mock); }));
  }

  InMemoryProvider& real() { return real_; }
  testing::NiceMock<MockProvider>& sabotaged() { return *sabotaged_; }

  // The verdict on the requirement with that id.
  CheckResult Run(std::string_view id) {
    for (const Requirement& requirement : requirements_) {
      if (requirement.id != id) continue;
      Runner runner({.consistency_window = Milliseconds{50}}, *candidate_, real_.Describe(),
                    nullptr, canary_);
      return runner.RunOne(requirement);
    }
    ADD_FAILURE() << "no requirement " << id;
    return {};
  }

  void ExpectVerdict(std::string_view id, Verdict verdict) {
    const CheckResult result = Run(id);
    EXPECT_EQ(result.verdict, verdict) << id << ": " << result.message;
  }

 private:
  const HostCanary canary_;
  InMemoryProvider real_;
  testing::NiceMock<MockProvider>* sabotaged_ = nullptr;
  std::unique_ptr<Candidate> candidate_;
  std::vector<Requirement> requirements_;
};

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_CHECK_TEST_H_
