#include "mocks/in_memory/utilities/program_table.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> OptionsOf(const std::string& name) {
  for (const ProgramOptions& program : ListProgramOptions()) {
    if (program.name == name) return program.options;
  }
  return {"no program " + name};
}

TEST(ProgramTableTest, AnOptionIsShownWithItsNamesAndItsValue) {
  EXPECT_EQ(OptionsOf("nl").front(), "-b, --body-numbering=VALUE");
  EXPECT_THAT(OptionsOf("sort"), Contains("-k, --key=VALUE"));
  EXPECT_THAT(OptionsOf("sort"), Contains("-n, --numeric-sort"));
  EXPECT_THAT(OptionsOf("stdbuf"), Contains("-o, --output=VALUE"));
  EXPECT_THAT(OptionsOf("ls"), Contains("--color[=VALUE]"));
  EXPECT_THAT(OptionsOf("date"), Contains("-I, --iso-8601[=VALUE]"));
  EXPECT_THAT(OptionsOf("uniq"), Contains("-NUMBER"));
}

TEST(ProgramTableTest, ProgramsThatReadTheirArgumentsThemselvesAreThere) {
  EXPECT_THAT(OptionsOf("find"), Contains("-printf FORMAT"));
  EXPECT_THAT(OptionsOf("dd"), Contains("if=FILE"));
  EXPECT_THAT(OptionsOf("test"), Contains("-d FILE"));
  EXPECT_THAT(OptionsOf("jq"), Contains("-r, --raw-output"));
  EXPECT_THAT(OptionsOf("ps"), Contains("-o FORMAT"));
}

TEST(ProgramTableTest, NoProgramHidesItsOptions) {
  // These have none beside --help and --version.
  const std::set<std::string> kNone = {
      "arch",   "expr", "factor", "false", "groups", "hostid", "link",  "logname", "colrm", "nohup",
      "printf", "rev",  "sleep",  "true",  "tsort",  "unlink", "users", "whoami",  "yes"};
  for (const ProgramOptions& program : ListProgramOptions()) {
    if (!kNone.contains(program.name)) {
      EXPECT_THAT(program.options, Not(IsEmpty())) << program.name;
    }
  }
}

TEST(ProgramTableTest, OptionsComeInOrder) {
  const std::vector<std::string> options = OptionsOf("cut");
  const auto at = [&](const std::string& option) {
    return std::find(options.begin(), options.end(), option) - options.begin();
  };
  EXPECT_LT(at("-b, --bytes=VALUE"), at("-c, --characters=VALUE"));
  EXPECT_LT(at("-z, --zero-terminated"), at("--complement"));
}

TEST(ProgramTableTest, ThePageSaysWhatTheProgramsSay) {
  std::ostringstream page;
  page << std::ifstream("docs/in-memory-programs.md").rdbuf();
  const bool fresh = page.str() == ProgramsAsMarkdown();
  EXPECT_TRUE(fresh) << "docs/in-memory-programs.md is stale; make it anew with\n"
                        "  bazel run //mocks/in_memory/utilities:programs_page > "
                        "docs/in-memory-programs.md";
}

}  // namespace
}  // namespace computesdk::in_memory
