#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class FileProgramsTest : public testing::Test {
 protected:
  ProgramResult Run(Words words, std::string input = "") {
    return machine_.Run(std::move(words), std::move(input));
  }
  void Write(const std::string& path, const std::string& content) {
    machine_.WriteFile(path, content);
  }
  std::string Read(const std::string& path) { return machine_.ReadFile(path); }
  FileStatus Stat(const std::string& path, Follow follow = Follow::kNo) {
    FileStatus status;
    machine_.kernel().WithTurn([&](FileSystem& files) {
      const auto found = files.Stat(path, follow);
      ASSERT_TRUE(found) << path;
      status = *found;
    });
    return status;
  }
  bool Exists(const std::string& path) {
    bool exists = false;
    machine_.kernel().WithTurn(
        [&](FileSystem& files) { exists = files.Stat(path, Follow::kNo).has_value(); });
    return exists;
  }

  TestMachine machine_{AddFilePrograms};
};

TEST_F(FileProgramsTest, CpCopiesAFileAndKeepsItsMode) {
  Write("/a", "one");
  Run({"chmod", "750", "/a"});
  EXPECT_EQ(Run({"cp", "-v", "/a", "/b"}).output, "'/a' -> '/b'\n");
  EXPECT_EQ(Read("/b"), "one");
  EXPECT_EQ(Stat("/b").mode, 0750U);
}

TEST_F(FileProgramsTest, CpLeavesDirectoriesOutUnlessItIsRecursive) {
  Write("/d/s/f", "x");
  const ProgramResult refused = Run({"cp", "/d", "/e"});
  EXPECT_EQ(refused.code, 1);
  EXPECT_EQ(refused.errors, "cp: -r not specified; omitting directory '/d'\n");
  EXPECT_EQ(Run({"cp", "-r", "/d", "/e"}).code, 0);
  EXPECT_EQ(Read("/e/s/f"), "x");
  EXPECT_EQ(Run({"cp", "-r", "/d/.", "/e"}).code, 0);
  EXPECT_FALSE(Exists("/e/d"));
  EXPECT_EQ(Run({"cp", "-r", "/d", "/e"}).code, 0);
  EXPECT_EQ(Read("/e/d/s/f"), "x");
}

TEST_F(FileProgramsTest, CpRefusesTheSameFileAndItself) {
  Write("/d/f", "x");
  EXPECT_EQ(Run({"cp", "/d/f", "/d/../d/f"}).errors,
            "cp: '/d/f' and '/d/../d/f' are the same file\n");
  EXPECT_EQ(Run({"cp", "-r", "/d", "/d/e"}).code, 1);
  EXPECT_EQ(Run({"cp", "/missing", "/x"}).errors,
            "cp: cannot stat '/missing': No such file or directory\n");
  EXPECT_EQ(Run({"cp", "/d/f", "/d/f", "/nowhere"}).errors,
            "cp: target '/nowhere': No such file or directory\n");
}

TEST_F(FileProgramsTest, CpKeepsLinksTimesAndHardLinksOfAnArchive) {
  Write("/d/f", "x");
  Run({"ln", "/d/f", "/d/g"});
  Run({"ln", "-s", "f", "/d/l"});
  Run({"touch", "-d", "@1000", "/d/f"});
  EXPECT_EQ(Run({"cp", "-a", "/d", "/e"}).code, 0);
  EXPECT_EQ(Stat("/e/l").type, FileType::kSymlink);
  EXPECT_EQ(Stat("/e/f").inode, Stat("/e/g").inode);
  EXPECT_EQ(Stat("/e/f").modified.time_since_epoch(), std::chrono::seconds(1000));
  EXPECT_EQ(Run({"cp", "/d/l", "/m"}).code, 0);
  EXPECT_EQ(Stat("/m").type, FileType::kRegular);
}

TEST_F(FileProgramsTest, CpReplacesOnlyWhatItMay) {
  Write("/new", "new");
  Write("/old", "old");
  Run({"touch", "-d", "@1000", "/new"});
  Run({"cp", "-n", "/new", "/old"});
  EXPECT_EQ(Read("/old"), "old");
  Run({"cp", "-u", "/new", "/old"});
  EXPECT_EQ(Read("/old"), "old");
  EXPECT_EQ(Run({"cp", "-i", "/new", "/old"}, "n\n").errors, "cp: overwrite '/old'? ");
  EXPECT_EQ(Read("/old"), "old");
  Run({"cp", "/new", "/old"});
  EXPECT_EQ(Read("/old"), "new");
}

TEST_F(FileProgramsTest, MvRenamesIntoDirectoriesAndOverFiles) {
  Write("/a", "1");
  Write("/b", "2");
  Write("/d/x", "3");
  EXPECT_EQ(Run({"mv", "-v", "/a", "/b"}).output, "renamed '/a' -> '/b'\n");
  EXPECT_EQ(Read("/b"), "1");
  EXPECT_EQ(Run({"mv", "/b", "/d"}).code, 0);
  EXPECT_EQ(Read("/d/b"), "1");
  EXPECT_EQ(Run({"mv", "/d", "/d/e"}).errors,
            "mv: cannot move '/d' to a subdirectory of itself, '/d/e'\n");
  EXPECT_EQ(Run({"mv", "-n", "/d/b", "/d/x"}).code, 0);
  EXPECT_EQ(Read("/d/x"), "3");
  EXPECT_EQ(Run({"mv", "/d/x"}).code, 1);
}

TEST_F(FileProgramsTest, RmRemovesWhatItIsTold) {
  Write("/d/e/f", "");
  Write("/a", "");
  EXPECT_EQ(Run({"rm", "/d"}).errors, "rm: cannot remove '/d': Is a directory\n");
  EXPECT_EQ(Run({"rm", "/none"}).code, 1);
  EXPECT_EQ(Run({"rm", "-f", "/none"}).code, 0);
  EXPECT_EQ(Run({"rm", "-rv", "/d", "/a"}).output,
            "removed '/d/e/f'\nremoved directory '/d/e'\nremoved directory '/d'\nremoved '/a'\n");
  EXPECT_EQ(Run({"rm", "-rf", "/"}).code, 1);
  EXPECT_EQ(Run({"rm", "-r", "."}).code, 1);
  EXPECT_EQ(Run({"rm"}).code, 1);
  EXPECT_EQ(Run({"rm", "-f"}).code, 0);
}

TEST_F(FileProgramsTest, DirectoriesAreMadeAndRemovedWithTheirParents) {
  EXPECT_EQ(Run({"mkdir", "-pv", "/a/b/c"}).output,
            "mkdir: created directory '/a'\nmkdir: created directory '/a/b'\n"
            "mkdir: created directory '/a/b/c'\n");
  EXPECT_EQ(Run({"mkdir", "/a"}).errors, "mkdir: cannot create directory ‘/a’: File exists\n");
  EXPECT_EQ(Run({"mkdir", "-m", "700", "/p"}).code, 0);
  EXPECT_EQ(Stat("/p").mode, 0700U);
  EXPECT_EQ(Run({"rmdir", "/a"}).errors, "rmdir: failed to remove '/a': Directory not empty\n");
  EXPECT_EQ(Run({"rmdir", "-p", "a/b/c"}).code, 0);
  EXPECT_FALSE(Exists("/a"));
}

TEST_F(FileProgramsTest, LnMakesHardAndSymbolicLinks) {
  Write("/d/f", "x");
  EXPECT_EQ(Run({"ln", "/d/f", "/h"}).code, 0);
  EXPECT_EQ(Stat("/h").links, 2U);
  EXPECT_EQ(Run({"ln", "-s", "/d/f", "/h"}).errors,
            "ln: failed to create symbolic link '/h': File exists\n");
  EXPECT_EQ(Run({"ln", "-sfv", "/d/f", "/h"}).output, "'/h' -> '/d/f'\n");
  EXPECT_EQ(Run({"ln", "-srv", "/d/f", "/e"}).output, "'/e' -> 'd/f'\n");
  EXPECT_EQ(Run({"ln", "/d", "/g"}).code, 1);
  Run({"ln", "-s", "/d", "/link"});
  EXPECT_EQ(Run({"ln", "-sfn", "/other", "/link"}).code, 0);
  EXPECT_EQ(Stat("/link").size, 6U);
}

TEST_F(FileProgramsTest, TouchMakesFilesAndSetsTimes) {
  EXPECT_EQ(Run({"touch", "/a"}).code, 0);
  EXPECT_EQ(Run({"touch", "-c", "/b"}).code, 0);
  EXPECT_FALSE(Exists("/b"));
  Run({"touch", "-m", "-d", "2024-01-02 03:04:05", "/a"});
  EXPECT_EQ(Stat("/a").modified.time_since_epoch(), std::chrono::seconds(1704164645));
  EXPECT_NE(Stat("/a").accessed, Stat("/a").modified);
  Run({"touch", "-r", "/a", "/c"});
  EXPECT_EQ(Stat("/c").accessed, Stat("/a").accessed);
  EXPECT_EQ(Run({"touch", "/no/where"}).errors,
            "touch: cannot touch '/no/where': No such file or directory\n");
}

TEST_F(FileProgramsTest, ChmodTakesOctalAndSymbolicModes) {
  Write("/d/f", "");
  EXPECT_EQ(Run({"chmod", "-v", "u+x,go=", "/d/f"}).output,
            "mode of '/d/f' changed from 0644 (rw-r--r--) to 0700 (rwx------)\n");
  EXPECT_EQ(Run({"chmod", "-w", "/d/f"}).code, 0);
  EXPECT_EQ(Stat("/d/f").mode, 0500U);
  EXPECT_EQ(Run({"chmod", "-R", "a+X", "/d"}).code, 0);
  EXPECT_EQ(Stat("/d/f").mode, 0511U);
  EXPECT_EQ(Run({"chmod", "nonsense", "/d/f"}).code, 1);
  EXPECT_EQ(Run({"chmod", "644", "/none"}).code, 1);
}

TEST_F(FileProgramsTest, ChownTakesNamesAndNumbers) {
  Write("/f", "");
  EXPECT_EQ(Run({"chown", "1000:1001", "/f"}).code, 0);
  EXPECT_EQ(Stat("/f").uid, 1000U);
  EXPECT_EQ(Stat("/f").gid, 1001U);
  EXPECT_EQ(Run({"chown", "root:", "/f"}).code, 0);
  EXPECT_EQ(Stat("/f").gid, 0U);
  EXPECT_EQ(Run({"chgrp", "7", "/f"}).code, 0);
  EXPECT_EQ(Stat("/f").gid, 7U);
  EXPECT_EQ(Run({"chown", "nobody-here", "/f"}).code, 1);
}

TEST_F(FileProgramsTest, MktempMakesWhatWasNotThere) {
  const std::string first = Run({"mktemp", "/x.XXXXXX"}).output;
  const std::string second = Run({"mktemp", "-d", "/x.XXXXXX"}).output;
  EXPECT_NE(first, second);
  EXPECT_EQ(Stat(first.substr(0, first.size() - 1)).mode, 0600U);
  EXPECT_EQ(Stat(second.substr(0, second.size() - 1)).mode, 0700U);
  EXPECT_EQ(Run({"mktemp", "/xXX"}).code, 1);
}

TEST_F(FileProgramsTest, TruncateSetsAndChangesSizes) {
  Write("/f", "abcdef");
  Run({"truncate", "-s", "3", "/f"});
  EXPECT_EQ(Read("/f"), "abc");
  Run({"truncate", "-s", "+1K", "/f"});
  EXPECT_EQ(Read("/f").size(), 1027U);
  Run({"truncate", "-s", "%512", "/f"});
  EXPECT_EQ(Read("/f").size(), 1536U);
  EXPECT_EQ(Run({"truncate", "/f"}).code, 1);
}

TEST_F(FileProgramsTest, DdCopiesBlocks) {
  Write("/f", "abcdefghij");
  EXPECT_EQ(Run({"dd", "if=/f", "bs=2", "count=2", "skip=1", "status=none"}).output, "cdef");
  EXPECT_EQ(Run({"dd", "if=/f", "of=/g", "bs=4", "status=noxfer"}).errors,
            "2+1 records in\n2+1 records out\n");
  Run({"dd", "of=/g", "bs=1", "seek=2", "conv=notrunc", "status=none"}, "XY");
  EXPECT_EQ(Read("/g"), "abXYefghij");
}

TEST_F(FileProgramsTest, InstallCopiesWithAMode) {
  Write("/f", "x");
  EXPECT_EQ(Run({"install", "-D", "-m", "600", "/f", "/p/q/g"}).code, 0);
  EXPECT_EQ(Stat("/p/q/g").mode, 0600U);
  EXPECT_EQ(Run({"install", "-d", "/r/s"}).code, 0);
  EXPECT_EQ(Stat("/r/s").type, FileType::kDirectory);
}

TEST_F(FileProgramsTest, CopiesAndMovesKeepBackups) {
  Write("/f", "new");
  Write("/g", "old");
  EXPECT_EQ(Run({"cp", "-bv", "/f", "/g"}).output, "'/f' -> '/g' (backup: '/g~')\n");
  EXPECT_EQ(Read("/g~"), "old");
  Run({"cp", "--backup=numbered", "/f", "/g"});
  Run({"cp", "--backup=t", "/f", "/g"});
  EXPECT_EQ(Read("/g.~2~"), "new");
  Run({"mv", "-S", ".bak", "--backup=simple", "/f", "/g"});
  EXPECT_EQ(Read("/g.bak"), "new");
  EXPECT_EQ(Run({"cp", "--backup=bad", "/g", "/h"}).code, 1);
}

TEST_F(FileProgramsTest, LinkAndInstallKeepBackups) {
  Write("/f", "f");
  Write("/g", "g");
  EXPECT_EQ(Run({"ln", "-sbv", "/f", "/g"}).output, "'/g~' ~ '/g' -> '/f'\n");
  EXPECT_EQ(Read("/g~"), "g");
  Write("/h", "h");
  EXPECT_EQ(Run({"install", "-b", "/f", "/h"}).code, 0);
  EXPECT_EQ(Read("/h~"), "h");
  EXPECT_EQ(Read("/h"), "f");
}

TEST_F(FileProgramsTest, AFolderWithTheGroupBitHandsItsGroupDown) {
  Run({"mkdir", "/d"});
  Run({"chown", ":7", "/d"});
  Run({"chmod", "g+s", "/d"});
  Write("/d/f", "");
  Run({"mkdir", "/d/sub"});
  EXPECT_EQ(Stat("/d/f").gid, 7U);
  EXPECT_EQ(Stat("/d/sub").mode, 02755U);
}

TEST_F(FileProgramsTest, ChownChangesOnlyWhatBelongsToWhomItNames) {
  Write("/f", "");
  Run({"chown", "--from=5", "3", "/f"});
  EXPECT_EQ(Stat("/f").uid, 0U);
  EXPECT_EQ(Run({"chown", "-v", "--from=root", "3:4", "/f"}).output,
            "changed ownership of '/f' from root:root to 3:4\n");
  EXPECT_EQ(Stat("/f").gid, 4U);
}

TEST_F(FileProgramsTest, MknodMakesFifosAndLinkNames) {
  EXPECT_EQ(Run({"mknod", "-m", "600", "/p", "p"}).code, 0);
  EXPECT_EQ(Stat("/p").type, FileType::kFifo);
  EXPECT_EQ(Stat("/p").mode, 0600U);
  EXPECT_EQ(Run({"mknod", "/c", "c", "1", "3"}).code, 1);
  Write("/f", "");
  EXPECT_EQ(Run({"link", "/f", "/g"}).code, 0);
  EXPECT_EQ(Stat("/g").inode, Stat("/f").inode);
  EXPECT_EQ(Run({"link", "/f", "/g"}).code, 1);
}

}  // namespace
}  // namespace computesdk::in_memory
