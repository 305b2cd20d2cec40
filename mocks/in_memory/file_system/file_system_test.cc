#include "mocks/in_memory/file_system/file_system.h"

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"

namespace computesdk::in_memory {
namespace {

using std::chrono::seconds;

class FileSystemTest : public testing::Test {
 protected:
  FileTime At(int second) const { return FileTime(seconds(second)); }
  FileStatus Look(const std::string& path) { return files_.Stat(path, Follow::kNo).value(); }

  std::vector<std::string> Names(const std::string& path) {
    std::vector<std::string> names;
    const std::vector<DirectoryEntry> entries = files_.List(path).value();
    for (const DirectoryEntry& entry : entries) names.push_back(entry.name);
    return names;
  }

  FileTime now_{seconds(1)};
  FileSystem files_{[this] { return now_; }, FileSystem::Limits{.bytes = 1 << 20, .inodes = 100}};
};

using Strings = std::vector<std::string>;

TEST_F(FileSystemTest, AsksForAFolderBeforeItIsLookedInto) {
  Strings asked;
  files_.SetRefresh("/now", [&](std::string_view path) {
    asked.emplace_back(path);
    ASSERT_TRUE(files_.MakeDirectories("/now"));
    ASSERT_TRUE(files_.WriteFile("/now/f", std::to_string(asked.size())));
  });
  EXPECT_FALSE(files_.Stat("/other"));
  EXPECT_EQ(files_.ReadFile("/now/f"), "1");
  ASSERT_TRUE(files_.MakeSymlink("/now/f", "/link"));
  EXPECT_EQ(files_.ReadFile("/link"), "2");
  EXPECT_EQ(asked, (Strings{"/now/f", "/now/f"}));
}

TEST_F(FileSystemTest, OutlivesARefreshThatTakesAwayWhereAPathLeads) {
  const std::string file = "/now/folder/a name that no string holds in itself";
  files_.SetRefresh("/now", [&](std::string_view) {
    (void)files_.RemoveTree("/now");
    ASSERT_TRUE(files_.MakeDirectories("/now/folder"));
    ASSERT_TRUE(files_.WriteFile(file, "new"));
    ASSERT_TRUE(files_.MakeSymlink(file, "/now/link"));
    ASSERT_TRUE(files_.MakeSymlink("/now/folder", "/now/folder link"));
  });
  ASSERT_TRUE(files_.MakeDirectory("/d"));
  ASSERT_TRUE(files_.Stat("/now/folder"));
  // By a way that is not asked for.
  EXPECT_EQ(files_.ReadFile("/d/../now/link"), "new");
  EXPECT_EQ(files_.ReadFile("/d/../now/folder link/" + file.substr(12)), "new");
  EXPECT_TRUE(files_.MakeHardLink("/d/.." + file, "/now/folder/other"));
  EXPECT_EQ(files_.Rename("/d/.." + file, "/now/other").error(),
            std::errc::no_such_file_or_directory);
}

TEST_F(FileSystemTest, KeepsEveryByte) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  ASSERT_TRUE(files_.WriteFile("/f", all));
  EXPECT_EQ(files_.ReadFile("/f"), all);
}

TEST_F(FileSystemTest, ReplacesTheWholeFile) {
  ASSERT_TRUE(files_.WriteFile("/f", "a long content"));
  ASSERT_TRUE(files_.WriteFile("/f", "short"));
  EXPECT_EQ(files_.ReadFile("/f"), "short");
}

TEST_F(FileSystemTest, WritesAtAnOffsetAndFillsGaps) {
  const InodePtr file = files_.Create("/f", 0644).value();
  EXPECT_EQ(files_.WriteAt(*file, 0, "abcdef"), 6u);
  EXPECT_EQ(files_.WriteAt(*file, 4, "XYZ"), 3u);
  EXPECT_EQ(files_.WriteAt(*file, 9, "!"), 1u);
  EXPECT_EQ(files_.ReadFile("/f"), std::string("abcdXYZ\0\0!", 10));
  EXPECT_EQ(files_.ReadAt(*file, 2, 3), "cdX");
  EXPECT_EQ(files_.ReadAt(*file, 8, 100), std::string("\0!", 2));
  EXPECT_EQ(files_.ReadAt(*file, 10, 5), "");
}

TEST_F(FileSystemTest, TruncatesAndExtends) {
  const InodePtr file = files_.Create("/f", 0644).value();
  ASSERT_TRUE(files_.WriteAt(*file, 0, "abcdef"));
  ASSERT_TRUE(files_.Truncate(*file, 2));
  ASSERT_TRUE(files_.Truncate(*file, 4));
  EXPECT_EQ(files_.ReadFile("/f"), std::string("ab\0\0", 4));
}

TEST_F(FileSystemTest, ListsInTheOrderOfBytes) {
  for (const char* path : {"/b", "/a", "/.h", "/B", "/\xC3\xA9", "/x y"}) {
    ASSERT_TRUE(files_.WriteFile(path, ""));
  }
  EXPECT_EQ(Names("/"), (Strings{".h", "B", "a", "b", "x y", "\xC3\xA9"}));
}

TEST_F(FileSystemTest, ListOfAFileIsNotADirectory) {
  ASSERT_TRUE(files_.WriteFile("/f", ""));
  EXPECT_EQ(files_.List("/f").error(), std::errc::not_a_directory);
  EXPECT_EQ(files_.List("/none").error(), std::errc::no_such_file_or_directory);
}

TEST_F(FileSystemTest, HardLinksAreOneFile) {
  ASSERT_TRUE(files_.WriteFile("/f", "one"));
  ASSERT_TRUE(files_.MakeHardLink("/f", "/g"));
  EXPECT_EQ(Look("/f").links, 2u);
  EXPECT_EQ(Look("/f").inode, Look("/g").inode);
  ASSERT_TRUE(files_.WriteFile("/g", "two"));
  ASSERT_TRUE(files_.Unlink("/f"));
  EXPECT_EQ(files_.ReadFile("/g"), "two");
  EXPECT_EQ(Look("/g").links, 1u);
}

TEST_F(FileSystemTest, DirectoriesHaveNoHardLinks) {
  ASSERT_TRUE(files_.MakeDirectory("/d"));
  EXPECT_EQ(files_.MakeHardLink("/d", "/e").error(), std::errc::operation_not_permitted);
}

TEST_F(FileSystemTest, LinkToALinkLinksTheLink) {
  ASSERT_TRUE(files_.MakeSymlink("nowhere", "/l"));
  ASSERT_TRUE(files_.MakeHardLink("/l", "/m"));
  EXPECT_EQ(files_.ReadLink("/m"), "nowhere");
}

TEST_F(FileSystemTest, ContentOutlivesItsNames) {
  ASSERT_TRUE(files_.WriteFile("/f", "content"));
  const InodePtr file = files_.Find("/f").value();
  ASSERT_TRUE(files_.Unlink("/f"));
  EXPECT_EQ(files_.ReadAt(*file, 0, 100), "content");
  EXPECT_EQ(files_.Stat(*file).links, 0u);
  EXPECT_EQ(files_.bytes_used(), 7u);
}

TEST_F(FileSystemTest, DirectoryCountsItsSubdirectories) {
  ASSERT_TRUE(files_.MakeDirectories("/d/a"));
  ASSERT_TRUE(files_.MakeDirectory("/d/b"));
  ASSERT_TRUE(files_.WriteFile("/d/f", ""));
  EXPECT_EQ(Look("/d").links, 4u);
  ASSERT_TRUE(files_.Rename("/d/a", "/a"));
  ASSERT_TRUE(files_.RemoveDirectory("/d/b"));
  EXPECT_EQ(Look("/d").links, 2u);
}

TEST_F(FileSystemTest, RenameReplacesFilesAndEmptyDirectories) {
  ASSERT_TRUE(files_.WriteFile("/f", "f"));
  ASSERT_TRUE(files_.WriteFile("/g", "g"));
  ASSERT_TRUE(files_.Rename("/f", "/g"));
  EXPECT_EQ(files_.ReadFile("/g"), "f");
  ASSERT_TRUE(files_.MakeDirectories("/d/x/y"));
  ASSERT_TRUE(files_.MakeDirectory("/e"));
  ASSERT_TRUE(files_.Rename("/d/x", "/e"));
  EXPECT_EQ(files_.RealPath("/e/y/../../d"), "/d");
  EXPECT_EQ(Names("/d"), Strings{});
  EXPECT_EQ(Look("/").links, 4u);
}

TEST_F(FileSystemTest, RenameBetweenHardLinksOfOneFileDoesNothing) {
  ASSERT_TRUE(files_.WriteFile("/f", ""));
  ASSERT_TRUE(files_.MakeHardLink("/f", "/g"));
  ASSERT_TRUE(files_.Rename("/f", "/g"));
  EXPECT_EQ(Names("/"), (Strings{"f", "g"}));
}

TEST_F(FileSystemTest, RemoveTreeFollowsNoLink) {
  ASSERT_TRUE(files_.MakeDirectories("/keep/sub"));
  ASSERT_TRUE(files_.WriteFile("/keep/f", "kept"));
  ASSERT_TRUE(files_.MakeDirectories("/d/e"));
  ASSERT_TRUE(files_.MakeSymlink("/keep", "/d/link"));
  ASSERT_TRUE(files_.MakeHardLink("/keep/f", "/d/e/f"));
  ASSERT_TRUE(files_.RemoveTree("/d"));
  EXPECT_EQ(Names("/"), Strings{"keep"});
  EXPECT_EQ(files_.ReadFile("/keep/f"), "kept");
  EXPECT_EQ(Look("/keep/f").links, 1u);
}

TEST_F(FileSystemTest, RemoveTreeOfALinkTakesTheLink) {
  ASSERT_TRUE(files_.MakeDirectory("/d"));
  ASSERT_TRUE(files_.MakeSymlink("/d", "/l"));
  ASSERT_TRUE(files_.RemoveTree("/l"));
  EXPECT_EQ(Names("/"), Strings{"d"});
}

TEST_F(FileSystemTest, GivesBackWhatIsRemoved) {
  ASSERT_TRUE(files_.MakeDirectories("/d/e"));
  ASSERT_TRUE(files_.WriteFile("/d/e/f", "12345"));
  EXPECT_EQ(files_.inodes_used(), 4u);
  EXPECT_EQ(files_.bytes_used(), 5u);
  ASSERT_TRUE(files_.RemoveTree("/d"));
  EXPECT_EQ(files_.inodes_used(), 1u);
  EXPECT_EQ(files_.bytes_used(), 0u);
}

TEST_F(FileSystemTest, NoMoreBytesThanTheLimit) {
  const InodePtr file = files_.Create("/f", 0644).value();
  EXPECT_EQ(files_.WriteAt(*file, 0, std::string((1 << 20) - 2, 'x')), (1u << 20) - 2);
  EXPECT_EQ(files_.WriteAt(*file, (1 << 20) - 2, "1234"), 2u);
  EXPECT_EQ(files_.WriteAt(*file, 1 << 20, "1").error(), std::errc::no_space_on_device);
  EXPECT_EQ(files_.WriteAt(*file, 0, "overwriting takes none"), 22u);
  EXPECT_EQ(files_.Truncate(*file, (1 << 20) + 1).error(), std::errc::no_space_on_device);
  EXPECT_EQ(files_.WriteFile("/g", "1").error(), std::errc::no_space_on_device);
  ASSERT_TRUE(files_.Unlink("/f"));
}

TEST_F(FileSystemTest, NoMoreInodesThanTheLimit) {
  for (int i = 1; i < 100; ++i) {
    ASSERT_TRUE(files_.WriteFile("/" + std::to_string(i), "")) << i;
  }
  EXPECT_EQ(files_.WriteFile("/more", "").error(), std::errc::no_space_on_device);
  ASSERT_TRUE(files_.Unlink("/7"));
  EXPECT_TRUE(files_.WriteFile("/more", ""));
}

TEST_F(FileSystemTest, NewFileHasTheTimeAndSoHasItsParent) {
  now_ = At(5);
  ASSERT_TRUE(files_.WriteFile("/f", "x"));
  EXPECT_EQ(Look("/f").accessed, At(5));
  EXPECT_EQ(Look("/f").modified, At(5));
  EXPECT_EQ(Look("/f").changed, At(5));
  EXPECT_EQ(Look("/").modified, At(5));
  EXPECT_EQ(Look("/").changed, At(5));
}

TEST_F(FileSystemTest, WritingLeavesTheParentAlone) {
  ASSERT_TRUE(files_.WriteFile("/f", "x"));
  now_ = At(5);
  ASSERT_TRUE(files_.WriteFile("/f", "y"));
  EXPECT_EQ(Look("/f").modified, At(5));
  EXPECT_EQ(Look("/f").changed, At(5));
  EXPECT_EQ(Look("/f").accessed, At(1));
  EXPECT_EQ(Look("/").modified, At(1));
}

TEST_F(FileSystemTest, ReadingSetsTheTimeOfAccessOnceAfterAChange) {
  ASSERT_TRUE(files_.WriteFile("/f", "x"));
  now_ = At(5);
  ASSERT_TRUE(files_.ReadFile("/f"));
  EXPECT_EQ(Look("/f").accessed, At(5));
  now_ = At(6);
  ASSERT_TRUE(files_.ReadFile("/f"));
  EXPECT_EQ(Look("/f").accessed, At(5));
  EXPECT_EQ(Look("/f").modified, At(1));
}

TEST_F(FileSystemTest, ChangingTheModeIsNoModification) {
  ASSERT_TRUE(files_.WriteFile("/f", "x", 0600));
  EXPECT_EQ(Look("/f").mode, 0600u);
  now_ = At(5);
  ASSERT_TRUE(files_.SetMode("/f", 04755));
  EXPECT_EQ(Look("/f").mode, 04755u);
  EXPECT_EQ(Look("/f").modified, At(1));
  EXPECT_EQ(Look("/f").changed, At(5));
}

TEST_F(FileSystemTest, TimesAreSetAsAsked) {
  ASSERT_TRUE(files_.WriteFile("/f", "x"));
  ASSERT_TRUE(files_.MakeSymlink("f", "/l"));
  now_ = At(5);
  ASSERT_TRUE(files_.SetTimes("/l", At(100), At(200)));
  EXPECT_EQ(Look("/f").accessed, At(100));
  EXPECT_EQ(Look("/f").modified, At(200));
  EXPECT_EQ(Look("/f").changed, At(5));
  EXPECT_EQ(Look("/l").modified, At(1));
  ASSERT_TRUE(files_.SetTimes("/l", At(3), At(4), Follow::kNo));
  EXPECT_EQ(Look("/l").modified, At(4));
}

TEST_F(FileSystemTest, RenameTouchesBothParentsAndNotTheContent) {
  ASSERT_TRUE(files_.MakeDirectory("/a"));
  ASSERT_TRUE(files_.MakeDirectory("/b"));
  ASSERT_TRUE(files_.WriteFile("/a/f", "x"));
  now_ = At(5);
  ASSERT_TRUE(files_.Rename("/a/f", "/b/f"));
  EXPECT_EQ(Look("/a").modified, At(5));
  EXPECT_EQ(Look("/b").modified, At(5));
  EXPECT_EQ(Look("/b/f").modified, At(1));
  EXPECT_EQ(Look("/b/f").changed, At(5));
}

TEST_F(FileSystemTest, UnlinkChangesWhatIsLeft) {
  ASSERT_TRUE(files_.WriteFile("/f", "x"));
  ASSERT_TRUE(files_.MakeHardLink("/f", "/g"));
  now_ = At(5);
  ASSERT_TRUE(files_.Unlink("/f"));
  EXPECT_EQ(Look("/g").changed, At(5));
  EXPECT_EQ(Look("/g").modified, At(1));
  EXPECT_EQ(Look("/").modified, At(5));
}

TEST_F(FileSystemTest, SizeOfALinkIsThatOfItsTarget) {
  ASSERT_TRUE(files_.MakeSymlink("/some/where", "/l"));
  EXPECT_EQ(Look("/l").size, 11u);
  EXPECT_EQ(files_.ReadLink("/").error(), std::errc::invalid_argument);
}

TEST_F(FileSystemTest, FifosAndDevicesHaveTheirType) {
  ASSERT_TRUE(files_.MakeFifo("/p"));
  ASSERT_TRUE(files_.MakeDevice("/null", "null"));
  EXPECT_EQ(Look("/p").type, FileType::kFifo);
  EXPECT_EQ(Look("/null").type, FileType::kCharacterDevice);
  EXPECT_TRUE(files_.WriteFile("/null", "lost"));
  EXPECT_EQ(files_.ReadFile("/null"), "");
  EXPECT_EQ(files_.ReadFile("/p").error(), std::errc::invalid_argument);
}

TEST_F(FileSystemTest, ErrorsReadAsInTheUtilities) {
  EXPECT_EQ(ErrnoText(std::errc::no_such_file_or_directory), "No such file or directory");
  EXPECT_EQ(ErrnoText(std::errc::is_a_directory), "Is a directory");
}

TEST(FileSystemScaleTest, ThousandsOfNamesAndMegabytesAreNothing) {
  FileSystem files([] { return FileTime{}; }, FileSystem::Limits{});
  for (int i = 0; i < 5000; ++i) {
    ASSERT_TRUE(files.WriteFile("/" + std::to_string(i), "x"));
  }
  EXPECT_EQ(files.List("/")->size(), 5000u);
  const InodePtr big = files.Create("/big", 0644).value();
  const std::string block(1 << 16, 'b');
  for (std::uint64_t i = 0; i < 1024; ++i) ASSERT_TRUE(files.WriteAt(*big, i << 16, block));
  EXPECT_EQ(files.Stat("/big")->size, 64u << 20);
}

TEST(FileSystemScaleTest, TreesDeeperThanTheStackComeDown) {
  FileSystem files([] { return FileTime{}; }, FileSystem::Limits{});
  ASSERT_TRUE(files.MakeDirectory("/a"));
  // Each round puts the tree below a new directory, so that no path is long.
  for (int i = 0; i < 100'000; ++i) {
    ASSERT_TRUE(files.MakeDirectory("/b"));
    ASSERT_TRUE(files.Rename("/a", "/b/a"));
    ASSERT_TRUE(files.Rename("/b", "/a"));
  }
  ASSERT_TRUE(files.RemoveTree("/a"));
  EXPECT_EQ(files.inodes_used(), 1u);
}

class ImageTest : public testing::Test {
 protected:
  ImageTest() {
    FileSystem base([] { return FileTime{}; }, FileSystem::Limits{});
    EXPECT_TRUE(base.MakeDirectories("/usr/bin"));
    EXPECT_TRUE(base.WriteFile("/usr/bin/cat", "cat", 0755));
    EXPECT_TRUE(base.WriteFile("/usr/bin/ls", "ls", 0755));
    EXPECT_TRUE(base.MakeSymlink("usr/bin", "/bin"));
    image_ = base.Snapshot();
  }

  FileSystem Copy() {
    return FileSystem([] { return FileTime{}; }, FileSystem::Limits{}, image_);
  }

  std::shared_ptr<const FileSystemImage> image_;
};

TEST_F(ImageTest, CopyHasEverything) {
  FileSystem copy = Copy();
  EXPECT_EQ(copy.ReadFile("/bin/cat"), "cat");
  EXPECT_EQ(copy.Stat("/usr/bin/ls")->mode, 0755u);
  EXPECT_EQ(copy.List("/usr/bin")->size(), 2u);
  EXPECT_EQ(copy.inodes_used(), 6u);
  EXPECT_EQ(copy.bytes_used(), 5u);
}

TEST_F(ImageTest, CopiesShareNothingThatChanges) {
  FileSystem one = Copy();
  FileSystem two = Copy();
  ASSERT_TRUE(one.WriteFile("/bin/cat", "changed"));
  ASSERT_TRUE(one.Unlink("/bin/ls"));
  ASSERT_TRUE(one.WriteFile("/bin/mine", ""));
  EXPECT_EQ(two.ReadFile("/bin/cat"), "cat");
  EXPECT_EQ(two.List("/usr/bin")->size(), 2u);
  EXPECT_EQ(one.List("/usr/bin")->size(), 2u);
  EXPECT_EQ(one.Stat("/bin/ls").error(), std::errc::no_such_file_or_directory);
}

TEST_F(ImageTest, RemovedNamesMayBeUsedAgain) {
  FileSystem copy = Copy();
  ASSERT_TRUE(copy.Unlink("/bin/ls"));
  ASSERT_TRUE(copy.WriteFile("/bin/ls", "new"));
  EXPECT_EQ(copy.ReadFile("/usr/bin/ls"), "new");
  EXPECT_NE(copy.Stat("/usr/bin/ls")->inode, copy.Stat("/usr/bin/cat")->inode);
}

TEST_F(ImageTest, DirectoryIsEmptyWhenItsNamesAreGone) {
  FileSystem copy = Copy();
  EXPECT_EQ(copy.RemoveDirectory("/usr/bin").error(), std::errc::directory_not_empty);
  ASSERT_TRUE(copy.Unlink("/usr/bin/ls"));
  EXPECT_EQ(copy.RemoveDirectory("/usr/bin").error(), std::errc::directory_not_empty);
  ASSERT_TRUE(copy.Unlink("/usr/bin/cat"));
  EXPECT_TRUE(copy.RemoveDirectory("/usr/bin"));
}

TEST_F(ImageTest, TreesOfTheImageAreRemovedAndMoved) {
  FileSystem copy = Copy();
  ASSERT_TRUE(copy.Rename("/usr", "/opt"));
  EXPECT_EQ(copy.RealPath("/opt/bin/cat"), "/opt/bin/cat");
  ASSERT_TRUE(copy.RemoveTree("/opt"));
  EXPECT_EQ(copy.List("/")->size(), 1u);
  EXPECT_EQ(copy.inodes_used(), 2u);
  EXPECT_EQ(copy.bytes_used(), 0u);
}

TEST_F(ImageTest, NumbersStayAndNewOnesDiffer) {
  FileSystem copy = Copy();
  FileSystem other = Copy();
  EXPECT_EQ(copy.Stat("/usr/bin/ls")->inode, other.Stat("/usr/bin/ls")->inode);
  ASSERT_TRUE(copy.WriteFile("/new", ""));
  for (const char* path : {"/", "/usr", "/usr/bin", "/usr/bin/cat", "/usr/bin/ls"}) {
    EXPECT_NE(copy.Stat("/new")->inode, copy.Stat(path)->inode) << path;
  }
}

TEST_F(ImageTest, SnapshotOfACopyHasItsChanges) {
  FileSystem copy = Copy();
  ASSERT_TRUE(copy.Unlink("/bin/ls"));
  ASSERT_TRUE(copy.WriteFile("/new", "n"));
  image_ = copy.Snapshot();
  FileSystem second = Copy();
  EXPECT_EQ(second.ReadFile("/new"), "n");
  EXPECT_EQ(second.List("/usr/bin")->size(), 1u);
  EXPECT_EQ(second.ReadFile("/bin/cat"), "cat");
}

TEST_F(ImageTest, SnapshotIsNotTouchedByWhatHappensAfterwards) {
  FileSystem files = Copy();
  ASSERT_TRUE(files.WriteFile("/new", "before"));
  image_ = files.Snapshot();
  ASSERT_TRUE(files.WriteFile("/new", "after"));
  ASSERT_TRUE(files.WriteFile("/newer", ""));
  ASSERT_TRUE(files.RemoveTree("/usr"));
  FileSystem second = Copy();
  EXPECT_EQ(second.ReadFile("/new"), "before");
  EXPECT_EQ(second.List("/")->size(), 3u);
  EXPECT_EQ(second.ReadFile("/bin/cat"), "cat");
  EXPECT_EQ(second.inodes_used(), 7u);
  EXPECT_EQ(second.bytes_used(), 11u);
  EXPECT_EQ(files.inodes_used(), 4u);
  EXPECT_EQ(files.bytes_used(), 5u);
}

TEST_F(ImageTest, HardLinksStayLinksOnBothSidesOfASnapshot) {
  FileSystem files = Copy();
  ASSERT_TRUE(files.MakeHardLink("/usr/bin/cat", "/other"));
  image_ = files.Snapshot();
  FileSystem second = Copy();
  for (FileSystem* one : {&files, &second}) {
    ASSERT_TRUE(one->WriteFile("/other", "changed"));
    EXPECT_EQ(one->ReadFile("/usr/bin/cat"), "changed");
    EXPECT_EQ(one->Stat("/usr/bin/cat")->links, 2u);
  }
}

TEST_F(ImageTest, WhatIsOpenAtASnapshotHasALiveCopy) {
  FileSystem files = Copy();
  InodePtr open = *files.Find("/usr/bin/cat");
  image_ = files.Snapshot();
  const InodePtr live = files.Live(open);
  ASSERT_TRUE(files.WriteAt(*live, 3, "s"));
  EXPECT_EQ(files.ReadFile("/usr/bin/cat"), "cats");
  EXPECT_EQ(files.Live(open), live);
  EXPECT_EQ(Copy().ReadFile("/usr/bin/cat"), "cat");
}

// Many snapshots are as many layers; whatever is looked up in them is what a plain map holds.
TEST_F(ImageTest, ManySnapshotsHaveTheSameNames) {
  FileSystem files = Copy();
  ASSERT_TRUE(files.MakeDirectory("/d"));
  std::map<std::string, std::string> model;
  for (int round = 0; round < 40; ++round) {
    for (int i = 0; i < 3 + round % 5 * 5; ++i) {
      const std::string name = std::to_string((round * 37 + i * 11) % 97);
      if (i % 3 == 2) {
        EXPECT_EQ(files.Unlink("/d/" + name).has_value(), model.erase(name) != 0);
      } else {
        model[name] = std::to_string(round);
        ASSERT_TRUE(files.WriteFile("/d/" + name, model[name]));
      }
    }
    image_ = files.Snapshot();
  }
  FileSystem copy = Copy();
  for (FileSystem* one : {&files, &copy}) {
    std::map<std::string, std::string> found;
    const std::vector<DirectoryEntry> entries = *one->List("/d");
    for (const DirectoryEntry& entry : entries) {
      found[entry.name] = *one->ReadFile("/d/" + entry.name);
    }
    EXPECT_EQ(found, model);
    ASSERT_TRUE(one->RemoveTree("/d"));
    EXPECT_EQ(one->inodes_used(), 6u);
    EXPECT_EQ(one->bytes_used(), 5u);
  }
}

}  // namespace
}  // namespace computesdk::in_memory
