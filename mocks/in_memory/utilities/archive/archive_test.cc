#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class ArchiveTest : public testing::Test {
 protected:
  ArchiveTest() : machine_(AddArchivePrograms) {
    machine_.WriteFile("/d/a", "alpha\n");
    machine_.WriteFile("/d/e/b", "beta\n");
    machine_.kernel().WithTurn([](FileSystem& files) {
      (void)files.MakeSymlink("a", "/d/link");
      (void)files.MakeHardLink("/d/a", "/d/other");
      (void)files.SetMode("/d/e/b", 0751);
      (void)files.MakeDirectory("/out");
    });
  }
  TestMachine machine_;
};

TEST_F(ArchiveTest, TarRefusesAnEmptyFile) {
  machine_.WriteFile("/e", "");
  EXPECT_EQ(machine_.Run({"tar", "tf", "/e"}).code, 2);
}

TEST_F(ArchiveTest, TarPassesATreeThroughAPipe) {
  const ProgramResult packed = machine_.Run({"tar", "czf", "-", "d"});
  ASSERT_EQ(packed.code, 0) << packed.errors;
  const ProgramResult result = machine_.Run({"tar", "xzvf", "-", "-C", "out"}, packed.output);
  EXPECT_EQ(result.code, 0) << result.errors;
  EXPECT_EQ(result.output, "d/\nd/a\nd/e/\nd/e/b\nd/link\nd/other\n");
  EXPECT_EQ(machine_.ReadFile("/out/d/e/b"), "beta\n");
  machine_.kernel().WithTurn([](FileSystem& files) {
    EXPECT_EQ(files.ReadLink("/out/d/link").value_or(""), "a");
    EXPECT_EQ(files.Stat("/out/d/e/b")->mode, 0751u);
    EXPECT_EQ(files.Stat("/out/d/a")->inode, files.Stat("/out/d/other")->inode);
    const auto second = [](FileTime time) {
      return std::chrono::floor<std::chrono::seconds>(time);
    };
    EXPECT_EQ(files.Stat("/out/d/e")->modified, second(files.Stat("/d/e")->modified));
  });
}

TEST_F(ArchiveTest, TarKeepsLongNames) {
  const std::string folder = "/d/" + std::string(120, 'x');
  machine_.WriteFile(folder + "/" + std::string(150, 'y'), "deep\n");
  ASSERT_EQ(machine_.Run({"tar", "cf", "t.tar", "d"}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "xf", "t.tar", "-C", "out"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/out" + folder + "/" + std::string(150, 'y')), "deep\n");
}

TEST_F(ArchiveTest, TarAppendsAndExcludes) {
  ASSERT_EQ(machine_.Run({"tar", "cf", "t.tar", "d/a"}).code, 0);
  ASSERT_EQ(machine_.Run({"tar", "rf", "t.tar", "d/e"}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "tf", "t.tar"}).output, "d/a\nd/e/\nd/e/b\n");
  EXPECT_EQ(machine_.Run({"tar", "tf", "t.tar", "--exclude=e"}).output, "d/a\n");
  EXPECT_EQ(machine_.Run({"tar", "xf", "t.tar", "-O", "d/e/b"}).output, "beta\n");
}

TEST_F(ArchiveTest, TarLeavesNothingOutsideTheFolder) {
  ASSERT_EQ(machine_.Run({"tar", "cPf", "t.tar", "d/../d/a"}).code, 0);
  const ProgramResult result = machine_.Run({"tar", "xf", "t.tar", "-C", "out"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.errors,
            "tar: d/../d/a: Member name contains '..'\n"
            "tar: Exiting with failure status due to previous errors\n");
}

TEST_F(ArchiveTest, TarTellsOfACutArchive) {
  const std::string whole = machine_.Run({"tar", "cf", "-", "d/a"}).output;
  const ProgramResult result = machine_.Run({"tar", "xf", "-", "-C", "out"}, whole.substr(0, 514));
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.errors,
            "tar: Unexpected EOF in archive\ntar: Error is not recoverable: exiting now\n");
}

TEST_F(ArchiveTest, GzipReplacesAFileAndGunzipBringsItBack) {
  EXPECT_EQ(machine_.Run({"gzip", "d/e/b"}).errors, "");
  EXPECT_EQ(machine_.ReadFile("/d/e/b"), "(no file)");
  EXPECT_EQ(machine_.Run({"zcat", "d/e/b.gz"}).output, "beta\n");
  EXPECT_EQ(machine_.Run({"gunzip", "d/e/b.gz"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/d/e/b"), "beta\n");
}

TEST_F(ArchiveTest, GzipTellsWhatIsWrongWithTheData) {
  const std::string good = machine_.Run({"gzip", "-c", "d/a"}).output;
  std::string bad = good;
  bad[bad.size() - 6] ^= 1;
  ExpectPrograms(machine_, {{{"gzip", "-dc"}, good + good, "alpha\nalpha\n"},
                            {{"gzip", "-t"}, good.substr(0, 20), "", 1, true},
                            {{"gzip", "-t"}, bad, "", 1, true},
                            {{"gzip", "-dc"}, good + "x", "alpha\n", 2, true},
                            {{"gzip", "-dc"}, "plain", "", 1, true},
                            {{"gzip", "-dcf"}, "plain", "plain"}});
}

TEST_F(ArchiveTest, TarDeletesMembers) {
  ASSERT_EQ(machine_.Run({"tar", "cf", "t.tar", "d"}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "--delete", "-f", "t.tar", "d/e"}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "tf", "t.tar"}).output, "d/\nd/a\nd/link\nd/other\n");
  EXPECT_EQ(machine_.Run({"tar", "--delete", "-f", "t.tar", "nope"}).code, 2);
}

TEST_F(ArchiveTest, TarRewritesNames) {
  ASSERT_EQ(machine_.Run({"tar", "cf", "t.tar", "--transform", "s,^d,pre/\\U&,", "d/a"}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "tf", "t.tar"}).output, "pre/D/a\n");
  EXPECT_EQ(machine_.Run({"tar", "xf", "t.tar", "--one-top-level=top", "-C", "out"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/out/top/pre/D/a"), "alpha\n");
  EXPECT_EQ(machine_.Run({"tar", "cf", "t.tar", "--transform", "s/a/b", "d"}).code, 2);
}

TEST_F(ArchiveTest, TarComparesWithTheFiles) {
  ASSERT_EQ(machine_.Run({"tar", "cf", "t.tar", "d/a", "d/e"}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "df", "t.tar"}).code, 0);
  machine_.WriteFile("/d/a", "longer than before\n");
  const ProgramResult changed = machine_.Run({"tar", "df", "t.tar", "d/a"});
  EXPECT_EQ(changed.code, 1);
  EXPECT_NE(changed.output.find("d/a: Size differs\n"), std::string::npos);
}

TEST_F(ArchiveTest, TarTakesBlockingFormatsAndWarnings) {
  ASSERT_EQ(machine_.Run({"tar", "cbf", "1", "t.tar", "d/a"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/t.tar").size(), 4u * 512);
  const std::string name = "d/" + std::string(120, 'x');
  machine_.WriteFile("/" + name, "");
  EXPECT_EQ(machine_.Run({"tar", "cf", "t.tar", "--format=v7", name}).code, 2);
  ASSERT_EQ(machine_.Run({"tar", "cf", "t.tar", "--format=pax", name}).code, 0);
  EXPECT_EQ(machine_.Run({"tar", "tf", "t.tar"}).output, name + "\n");
  EXPECT_EQ(machine_.Run({"tar", "cf", "t.tar", "--format=x", "d"}).code, 2);
  EXPECT_EQ(machine_.Run({"tar", "cf", "t.tar", "--sort=x", "d"}).code, 2);
  EXPECT_NE(machine_.Run({"tar", "clf", "t.tar", "d/a"}).errors.find("Missing links"),
            std::string::npos);
}

TEST_F(ArchiveTest, TarAsksBeforeEachMember) {
  ASSERT_EQ(machine_.Run({"tar", "cwf", "t.tar", "d/a", "d/link"}, "n\ny\n").code, 0);
  EXPECT_EQ(machine_.Run({"tar", "tf", "t.tar"}).output, "d/link\n");
}

}  // namespace
}  // namespace computesdk::in_memory
