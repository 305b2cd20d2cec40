#include "providers/local/file_tree.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace computesdk::local {
namespace {

namespace fs = std::filesystem;
using ::testing::UnorderedElementsAre;

constexpr std::size_t kMost = 1 << 20;

class FileTreeTest : public testing::Test {
 protected:
  FileTreeTest() {
    fs::create_directories(folder_ / "files/home");
    fs::create_directories(folder_ / "staging");
    fs::create_directories(folder_ / "outside");
    std::ofstream(folder_ / "outside/secret") << "secret";
    staging_ = std::move(*Staging::Open(folder_ / "staging", [](int, const std::string&) {}));
    tree_ = std::move(*FileTree::Open(folder_ / "files", "home", *staging_));
  }
  ~FileTreeTest() override { fs::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ / "files/home" / name; }
  const FileTree& tree() const { return *tree_; }

  static std::string Content(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  template <typename T>
  static ErrorCode CodeOf(const Result<T>& result) {
    return result ? ErrorCode::kUnknown : result.error().code;
  }
  void ExpectOutsideIsAsItWas() const {
    EXPECT_EQ(Content(folder_ / "outside/secret"), "secret");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "outside"), {}), 1);
  }

  const fs::path folder_ =
      fs::canonical(testing::TempDir()) / ("file tree " + std::to_string(::getpid()));
  std::unique_ptr<Staging> staging_;
  std::optional<FileTree> tree_;
};

TEST_F(FileTreeTest, TakesAbsoluteAndRelativePaths) {
  ASSERT_TRUE(tree().Write(Path("a"), "one"));
  EXPECT_EQ(*tree().Read("a", kMost), "one");
  EXPECT_EQ(*tree().Read("./x/../a", kMost).or_else([](const Error& error) {
    EXPECT_EQ(error.code, ErrorCode::kNotFound);  // As for the kernel: x is not there.
    return Result<std::string>("one");
  }),
            "one");
  ASSERT_TRUE(tree().MakeDirectory("x"));
  EXPECT_EQ(*tree().Read("x/..//a", kMost), "one");
}

TEST_F(FileTreeTest, DoesNotLeaveByDotDot) {
  for (const std::string path : {"../../outside/secret", "../home/../../outside/secret"}) {
    EXPECT_EQ(CodeOf(tree().Read(path, kMost)), ErrorCode::kPermissionDenied) << path;
    EXPECT_EQ(CodeOf(tree().Write(path, "x")), ErrorCode::kPermissionDenied) << path;
    EXPECT_EQ(CodeOf(tree().Remove(path)), ErrorCode::kPermissionDenied) << path;
    EXPECT_EQ(CodeOf(tree().Exists(path)), ErrorCode::kPermissionDenied) << path;
  }
  EXPECT_EQ(CodeOf(tree().Read(Path("../../../outside/secret"), kMost)),
            ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(tree().Read(folder_ / "outside/secret", kMost)), ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(tree().Read("/etc/hostname", kMost)), ErrorCode::kPermissionDenied);
  ExpectOutsideIsAsItWas();
}

TEST_F(FileTreeTest, DoesNotLeaveByLinks) {
  fs::create_symlink(folder_ / "outside/secret", Path("absolute"));
  fs::create_symlink("../../outside", Path("relative"));
  fs::create_symlink("relative", Path("to-a-link"));
  fs::create_symlink("/", Path("top"));
  for (const std::string& path :
       {std::string("absolute"), std::string("relative/secret"), std::string("to-a-link/secret"),
        "top" + (folder_ / "outside/secret").string()}) {
    EXPECT_EQ(CodeOf(tree().Read(path, kMost)), ErrorCode::kPermissionDenied) << path;
    EXPECT_EQ(CodeOf(tree().Write(path, "x")), ErrorCode::kPermissionDenied) << path;
  }
  EXPECT_EQ(CodeOf(tree().List("relative")), ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(tree().MakeDirectory("relative/new")), ErrorCode::kPermissionDenied);
  EXPECT_EQ(CodeOf(tree().Remove("relative/secret")), ErrorCode::kPermissionDenied);
  EXPECT_TRUE(tree().Remove("relative"));
  EXPECT_TRUE(tree().Remove("absolute"));
  ExpectOutsideIsAsItWas();
}

TEST_F(FileTreeTest, FollowsLinksThatStayInside) {
  ASSERT_TRUE(tree().Write("real/file", "inside"));
  fs::create_symlink(Path("real"), Path("absolute"));
  fs::create_symlink("real/file", Path("relative"));
  fs::create_symlink("not/yet", Path("dangling"));
  EXPECT_EQ(*tree().Read("absolute/file", kMost), "inside");
  EXPECT_EQ(*tree().Read("relative", kMost), "inside");
  EXPECT_EQ(CodeOf(tree().Read("dangling", kMost)), ErrorCode::kNotFound);
  ASSERT_TRUE(tree().Write("relative", "through the link"));
  EXPECT_TRUE(fs::is_symlink(Path("relative")));
  EXPECT_EQ(Content(Path("real/file")), "through the link");
}

TEST_F(FileTreeTest, GivesUpOnALoopOfLinks) {
  fs::create_symlink("b", Path("a"));
  fs::create_symlink("a", Path("b"));
  EXPECT_EQ(CodeOf(tree().Read("a", kMost)), ErrorCode::kFailedPrecondition);
}

TEST_F(FileTreeTest, WritesWholeAndKeepsTheMode) {
  ASSERT_TRUE(tree().Write("script", "#!/bin/sh\n"));
  ASSERT_EQ(::chmod(Path("script").c_str(), 0755), 0);
  std::ifstream reader(Path("script"));
  ASSERT_TRUE(tree().Write("script", "#!/bin/sh\necho new\n"));
  const std::string seen(std::istreambuf_iterator<char>(reader), {});
  EXPECT_EQ(seen, "#!/bin/sh\n") << "a reader met the new content in the old file";
  EXPECT_EQ(fs::status(Path("script")).permissions(), fs::perms(0755));
  EXPECT_TRUE(fs::is_empty(staging_->path()));
}

TEST_F(FileTreeTest, RefusesAFileWhereADirectoryIsAndTheOtherWayRound) {
  ASSERT_TRUE(tree().Write("directory/file", "x"));
  EXPECT_EQ(CodeOf(tree().Write("directory", "x")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().Write("new/", "x")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().Write("directory/file/below", "x")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().Read("directory", kMost)), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().Read("directory/file/", kMost)), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().List("directory/file")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().MakeDirectory("directory/file")), ErrorCode::kAlreadyExists);
  EXPECT_EQ(CodeOf(tree().Remove("directory/file/")), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(Content(Path("directory/file")), "x");
}

TEST_F(FileTreeTest, DoesNotWaitForTheWriterOfANamedPipe) {
  ASSERT_EQ(::mkfifo(Path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(CodeOf(tree().Read("pipe", kMost)), ErrorCode::kFailedPrecondition);
  EXPECT_EQ(CodeOf(tree().Write("pipe", "x")), ErrorCode::kFailedPrecondition);
}

TEST_F(FileTreeTest, RefusesAFileOverTheLimit) {
  ASSERT_TRUE(tree().Write("large", std::string(100, 'x')));
  EXPECT_EQ(CodeOf(tree().Read("large", 99)), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(tree().Read("large", 100));
}

TEST_F(FileTreeTest, ListsWhatIsThereWithSizeAndTime) {
  ASSERT_TRUE(tree().Write(".hidden", "12345"));
  ASSERT_TRUE(tree().MakeDirectory("sub"));
  fs::create_symlink("/nowhere", Path("dangling"));
  const auto entries = tree().List(Path(""));
  ASSERT_TRUE(entries);
  std::vector<std::string> names;
  for (const FileEntry& entry : *entries) names.push_back(entry.name);
  EXPECT_THAT(names, UnorderedElementsAre(".hidden", "sub", "dangling"));
  const auto hidden = std::ranges::find(*entries, ".hidden", &FileEntry::name);
  EXPECT_EQ(hidden->size, 5);
  EXPECT_EQ(hidden->path, Path(".hidden"));
  const auto age = std::chrono::system_clock::now() - *hidden->last_modified;
  EXPECT_LT(std::chrono::abs(age), std::chrono::minutes(1));
}

TEST_F(FileTreeTest, SaysWhatExists) {
  ASSERT_TRUE(tree().Write("file", ""));
  EXPECT_TRUE(*tree().Exists("file"));
  EXPECT_FALSE(*tree().Exists("file/below"));
  EXPECT_FALSE(*tree().Exists("file/"));
  EXPECT_FALSE(*tree().Exists("missing/file"));
  EXPECT_FALSE(*tree().Exists(std::string(300, 'n')));
  EXPECT_EQ(CodeOf(tree().Exists("")), ErrorCode::kInvalidArgument);
  EXPECT_EQ(CodeOf(tree().Exists(std::string("a\0b", 3))), ErrorCode::kInvalidArgument);
}

TEST_F(FileTreeTest, RemovesATreeOfAnyDepth) {
  // Deeper than a process may have descriptors open.
  fs::path here = fs::current_path();
  fs::create_directories(Path("deep"));
  fs::current_path(Path("deep"));
  for (int i = 0; i < 1500; ++i) {
    ASSERT_EQ(::mkdir("d", 0700), 0);
    ASSERT_EQ(::chdir("d"), 0);
  }
  fs::current_path(here);
  ASSERT_TRUE(tree().Remove("deep"));
  EXPECT_FALSE(fs::exists(Path("deep")));
  EXPECT_TRUE(fs::is_empty(staging_->path()));
}

TEST_F(FileTreeTest, RemovesWhatItsOwnerClosed) {
  ASSERT_TRUE(tree().Write("closed/inner/file", "x"));
  fs::permissions(Path("closed/inner"), fs::perms::none);
  fs::permissions(Path("closed"), fs::perms::none);
  EXPECT_TRUE(tree().Remove("closed"));
  EXPECT_FALSE(fs::exists(Path("closed")));
}

TEST_F(FileTreeTest, RemovesALinkAndNotWhereItLeads) {
  ASSERT_TRUE(tree().Write("kept/file", "x"));
  fs::create_symlink("kept", Path("link"));
  fs::create_symlink(Path("kept"), Path("kept/self"));
  ASSERT_TRUE(tree().Remove("link"));
  EXPECT_EQ(Content(Path("kept/file")), "x");
  EXPECT_EQ(CodeOf(tree().Remove("missing")), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace computesdk::local
