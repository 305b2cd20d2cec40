#include "conformance/report/capability_text.h"

#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

TEST(CapabilityTextTest, HasALineForEachWithWhatIsClaimedAndMeasured) {
  EXPECT_EQ(
      CapabilityText({{"getInfo", true, Measured::kWorks, 9, 8},
                      {"getUrl", false, Measured::kUnimplemented, 1, 0},
                      {"filesystem", false, Measured::kMisbehaves, 6, 4},
                      {"command.background", false, Measured::kNotSent, 0, 0}}),
      "                      claimed  measured\n"
      "  getInfo             yes      works (8 of 9 passed)\n"
      "  getUrl              no       answers UNIMPLEMENTED\n"
      "  filesystem          no       neither works nor answers UNIMPLEMENTED (4 of 6 methods do "
      "something)\n"
      "  command.background  no       not sent\n");
}

TEST(CapabilityLineTest, IsTheMemberOfADescription) {
  EXPECT_EQ(CapabilityLine({"getInfo", "command.env"}),
            "\"capabilities\": [\"getInfo\", \"command.env\"]");
  EXPECT_EQ(CapabilityLine({}), "\"capabilities\": []");
}

}  // namespace
}  // namespace computesdk::conformance
