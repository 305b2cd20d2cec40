#include <string>
#include <system_error>

#include "gtest/gtest.h"
#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {
namespace {

constexpr int kOk = 0;
constexpr int kNoEntry = static_cast<int>(std::errc::no_such_file_or_directory);
constexpr int kNotDirectory = static_cast<int>(std::errc::not_a_directory);
constexpr int kIsDirectory = static_cast<int>(std::errc::is_a_directory);
constexpr int kExists = static_cast<int>(std::errc::file_exists);
constexpr int kLoop = static_cast<int>(std::errc::too_many_symbolic_link_levels);
constexpr int kTooLong = static_cast<int>(std::errc::filename_too_long);
constexpr int kInvalid = static_cast<int>(std::errc::invalid_argument);
constexpr int kBusy = static_cast<int>(std::errc::device_or_resource_busy);
constexpr int kNotEmpty = static_cast<int>(std::errc::directory_not_empty);

int Code(const IoStatus& status) { return status ? kOk : static_cast<int>(status.error()); }

template <typename T>
int Code(const IoResult<T>& result) {
  return result ? kOk : static_cast<int>(result.error());
}

// /d/sub/, /d/file, /d/full/x, and links to them, to nothing and to themselves.
class PathWalkTest : public testing::Test {
 protected:
  PathWalkTest() : files_([] { return FileTime{}; }, FileSystem::Limits{}) {
    EXPECT_EQ(Code(files_.MakeDirectories("/d/sub")), kOk);
    EXPECT_EQ(Code(files_.MakeDirectories("/d/full/x")), kOk);
    EXPECT_EQ(Code(files_.WriteFile("/d/file", "content")), kOk);
    Link("/d", "/to_d");
    Link("sub", "/d/to_sub");
    Link("file", "/d/to_file");
    Link("missing", "/d/dangling");
    Link("missing/", "/d/dangling_slash");
    Link("self", "/d/self");
    Link("../d/to_sub", "/d/twice");
    Link("/", "/d/root");
    Link("../../../..", "/d/up");
  }

  void Link(const std::string& target, const std::string& path) {
    EXPECT_EQ(Code(files_.MakeSymlink(target, path)), kOk) << path;
  }

  FileSystem files_;
};

TEST_F(PathWalkTest, FindsWhatLinuxFinds) {
  struct Case {
    std::string path;
    int code;
    std::string real = {};
  };
  const Case cases[] = {
      {"/", kOk, "/"},
      {"//", kOk, "/"},
      {"/.", kOk, "/"},
      {"/..", kOk, "/"},
      {"/../../d", kOk, "/d"},
      {"", kNoEntry},
      {"/d", kOk, "/d"},
      {"/d/", kOk, "/d"},
      {"//d//sub//", kOk, "/d/sub"},
      {"/d/./sub/.", kOk, "/d/sub"},
      {"/d/sub/..", kOk, "/d"},
      {"/d/sub/../..", kOk, "/"},
      {"/d/sub/../file", kOk, "/d/file"},
      {"/d/file", kOk, "/d/file"},
      {"/d/file/", kNotDirectory},
      {"/d/file/.", kNotDirectory},
      {"/d/file/..", kNotDirectory},
      {"/d/file/x", kNotDirectory},
      {"/d/missing", kNoEntry},
      {"/d/missing/", kNoEntry},
      {"/d/missing/..", kNoEntry},
      {"/d/missing/x", kNoEntry},
      {"/to_d", kOk, "/d"},
      {"/to_d/", kOk, "/d"},
      {"/to_d/file", kOk, "/d/file"},
      {"/to_d/..", kOk, "/"},
      {"/d/to_sub/..", kOk, "/d"},
      {"/d/to_file", kOk, "/d/file"},
      {"/d/to_file/", kNotDirectory},
      {"/d/dangling", kNoEntry},
      {"/d/dangling/", kNoEntry},
      {"/d/self", kLoop},
      {"/d/self/x", kLoop},
      {"/d/twice", kOk, "/d/sub"},
      {"/d/twice/../file", kOk, "/d/file"},
      {"/d/root", kOk, "/"},
      {"/d/root/d/file", kOk, "/d/file"},
      {"/d/up", kOk, "/"},
      {"/d/up/d", kOk, "/d"},
      {"/" + std::string(255, 'n'), kNoEntry},
      {"/" + std::string(256, 'n'), kTooLong},
      {"/d/missing/" + std::string(256, 'n'), kNoEntry},
      {std::string(4095, '/'), kOk, "/"},
      {std::string(4096, '/'), kTooLong},
      {"/...", kNoEntry},
      {"/d/ file", kNoEntry},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Code(files_.Stat(c.path)), c.code) << c.path;
    EXPECT_EQ(Code(files_.RealPath(c.path)), c.code) << c.path;
    if (c.code == kOk) {
      EXPECT_EQ(files_.RealPath(c.path).value(), c.real) << c.path;
    }
  }
}

TEST_F(PathWalkTest, FollowsTheLastLinkOnlyWhenAsked) {
  EXPECT_EQ(files_.Stat("/d/to_file", Follow::kNo)->type, FileType::kSymlink);
  EXPECT_EQ(files_.Stat("/d/to_file", Follow::kYes)->type, FileType::kRegular);
  EXPECT_EQ(files_.Stat("/d/self", Follow::kNo)->type, FileType::kSymlink);
  EXPECT_EQ(files_.Stat("/to_d/to_sub", Follow::kNo)->type, FileType::kSymlink);
}

TEST_F(PathWalkTest, TrailingSlashFollowsTheLastLink) {
  EXPECT_EQ(files_.Stat("/to_d/", Follow::kNo)->type, FileType::kDirectory);
  EXPECT_EQ(Code(files_.Stat("/d/to_file/", Follow::kNo)), kNotDirectory);
}

TEST_F(PathWalkTest, FortyLinksAreFollowedAndNoMore) {
  std::string target = "/d/file";
  for (int i = 1; i <= 41; ++i) {
    const std::string link = "/chain" + std::to_string(i);
    Link(target, link);
    target = link;
  }
  EXPECT_EQ(Code(files_.Stat("/chain40")), kOk);
  EXPECT_EQ(Code(files_.Stat("/chain41")), kLoop);
}

TEST_F(PathWalkTest, LinksAreCountedOverTheWholePath) {
  std::string path = "/d";
  for (int i = 0; i < 40; ++i) path += "/to_sub/..";
  EXPECT_EQ(Code(files_.Stat(path)), kOk);
  EXPECT_EQ(Code(files_.Stat(path + "/to_file")), kLoop);
}

struct PathCase {
  std::string path;
  int code;
};

TEST_F(PathWalkTest, CreatesWhatOpenCreates) {
  const PathCase cases[] = {
      {"/d/new", kOk},
      {"/d/file", kOk},
      {"/d/new/", kIsDirectory},
      {"/d/gone/", kIsDirectory},
      {"/d/file/", kIsDirectory},
      {"/d/sub", kIsDirectory},
      {"/d/.", kIsDirectory},
      {"/d/..", kIsDirectory},
      {"/", kIsDirectory},
      {"/d/to_file", kOk},
      {"/d/to_sub", kIsDirectory},
      {"/d/self", kLoop},
      {"/no/new", kNoEntry},
      {"/d/file/new", kNotDirectory},
      {"/to_d/other", kOk},
      {"/d/dangling_slash", kIsDirectory},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.Create(c.path, 0644)), c.code) << c.path;
  }
  EXPECT_EQ(Code(files_.Stat("/d/other")), kOk);
}

TEST_F(PathWalkTest, CreatesThroughADanglingLink) {
  EXPECT_EQ(Code(files_.Create("/d/dangling", 0644)), kOk);
  EXPECT_EQ(files_.Stat("/d/missing", Follow::kNo)->type, FileType::kRegular);
  EXPECT_EQ(files_.Stat("/d/dangling", Follow::kNo)->type, FileType::kSymlink);
}

TEST_F(PathWalkTest, ExclusiveCreateFollowsNoLink) {
  const PathCase cases[] = {
      {"/d/dangling", kExists}, {"/d/file", kExists}, {"/d/sub", kExists},
      {"/d/self", kExists},     {"/d/.", kExists},    {"/d/fresh", kOk},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.Create(c.path, 0644, true)), c.code) << c.path;
  }
}

TEST_F(PathWalkTest, MakesDirectoriesWhereMkdirDoes) {
  const PathCase cases[] = {
      {"/d/new", kOk},
      {"/d/new2/", kOk},
      {"/d/new3//", kOk},
      {"/", kExists},
      {"/d/.", kExists},
      {"/d/..", kExists},
      {"/d/file", kExists},
      {"/d/file/", kExists},
      {"/d/dangling", kExists},
      {"/d/dangling/", kExists},
      {"/d/file/x", kNotDirectory},
      {"/no/x", kNoEntry},
      {"/d/self/x", kLoop},
      {"/d/" + std::string(256, 'n'), kTooLong},
      {"", kNoEntry},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.MakeDirectory(c.path)), c.code) << c.path;
  }
}

TEST_F(PathWalkTest, MakesParentsAsWell) {
  const PathCase cases[] = {
      {"/p/q/r", kOk},
      {"/p/q/r", kOk},
      {"/p//s/./t/", kOk},
      {"/", kOk},
      {"/d/to_sub/n", kOk},
      {"/d/file", kExists},
      {"/d/file/x", kNotDirectory},
      {"/d/dangling", kExists},
      {"/d/dangling/x", kNoEntry},
      {"/new/../other", kOk},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.MakeDirectories(c.path)), c.code) << c.path;
  }
  for (const char* path : {"/p/q/r", "/p/s/t", "/d/sub/n", "/new", "/other"}) {
    EXPECT_EQ(Code(files_.Stat(path)), kOk) << path;
  }
}

TEST_F(PathWalkTest, RefusesToLinkOverWhatIsThere) {
  const PathCase cases[] = {
      {"/d/file", kExists},         {"/d/sub/", kExists}, {"/d/dangling", kExists},
      {"/d/new/", kNoEntry},        {"/d/", kExists},     {"/no/x", kNoEntry},
      {"/d/file/x", kNotDirectory}, {"/d/new", kOk},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.MakeSymlink("t", c.path)), c.code) << c.path;
  }
  EXPECT_EQ(Code(files_.MakeSymlink("", "/d/empty")), kNoEntry);
}

TEST_F(PathWalkTest, UnlinksWhatUnlinkDoes) {
  const PathCase cases[] = {
      {"/d/sub", kIsDirectory}, {"/d/sub/", kIsDirectory},   {"/", kIsDirectory},
      {"/d/.", kIsDirectory},   {"/d/file/", kNotDirectory}, {"/d/to_sub/", kNotDirectory},
      {"/d/missing", kNoEntry}, {"/d/missing/", kNoEntry},   {"/d/file/x", kNotDirectory},
      {"/d/to_sub", kOk},       {"/d/dangling", kOk},        {"/d/self", kOk},
      {"/d/file", kOk},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.Unlink(c.path)), c.code) << c.path;
  }
  EXPECT_EQ(Code(files_.Stat("/d/sub")), kOk);
}

TEST_F(PathWalkTest, RemovesDirectoriesAsRmdirDoes) {
  const PathCase cases[] = {
      {"/", kBusy},
      {"/d/sub/.", kInvalid},
      {"/d/sub/..", kNotEmpty},
      {"/d/full", kNotEmpty},
      {"/d/file", kNotDirectory},
      {"/d/to_sub", kNotDirectory},
      {"/d/to_sub/", kNotDirectory},
      {"/d/missing", kNoEntry},
      {"/d/sub/", kOk},
      {"/d/full/x", kOk},
      {"/d/full", kOk},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.RemoveDirectory(c.path)), c.code) << c.path;
  }
}

TEST_F(PathWalkTest, RemoveTreeTakesNeitherTheRootNorDots) {
  const PathCase cases[] = {
      {"/", kBusy},
      {"/d/.", kInvalid},
      {"/d/sub/..", kInvalid},
      {"/d/to_file/", kNotDirectory},
      {"/d/missing", kNoEntry},
  };
  for (const PathCase& c : cases) {
    EXPECT_EQ(Code(files_.RemoveTree(c.path)), c.code) << c.path;
  }
}

TEST_F(PathWalkTest, RenamesAsRenameDoes) {
  struct Case {
    std::string from;
    std::string to;
    int code;
  };
  const Case cases[] = {
      {"/d/missing", "/d/x", kNoEntry},
      {"/d/file", "/no/x", kNoEntry},
      {"/d/file", "/d/file/x", kNotDirectory},
      {"/d/file", "/d/sub", kIsDirectory},
      {"/d/file", "/d/new/", kNotDirectory},
      {"/d/file/", "/d/new", kNotDirectory},
      {"/d/sub", "/d/file", kNotDirectory},
      {"/d/sub", "/d/full", kNotEmpty},
      {"/d", "/d/sub/d", kInvalid},
      {"/d", "/to_d/sub/d", kInvalid},
      {"/d/full/x", "/d/full", kNotEmpty},
      {"/d/.", "/x", kBusy},
      {"/d/sub/..", "/x", kBusy},
      {"/", "/x", kBusy},
      {"/d/file", "/", kBusy},
      {"/d/file", "/d/.", kBusy},
      {"/d/sub", "/d/sub", kOk},
      {"/d/file", "/d/../d/file", kOk},
      {"/d/sub/", "/d/moved/", kOk},
      {"/d/moved", "/d/full/x", kOk},
      {"/d/dangling", "/d/file", kOk},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(Code(files_.Rename(c.from, c.to)), c.code) << c.from << " to " << c.to;
  }
  EXPECT_EQ(files_.ReadLink("/d/file").value(), "missing");
}

TEST(JoinPathTest, JoinsWithoutNormalising) {
  EXPECT_EQ(JoinPath("/a", "b"), "/a/b");
  EXPECT_EQ(JoinPath("/", "b"), "/b");
  EXPECT_EQ(JoinPath("/a", "/b"), "/b");
  EXPECT_EQ(JoinPath("/a", "../b/"), "/a/../b/");
  EXPECT_EQ(JoinPath("/a", ""), "");
}

}  // namespace
}  // namespace computesdk::in_memory
