#include "sdk/shell_file_system.h"

#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "sdk/provider.h"

namespace computesdk {

// Runs commands on this machine; from the example that is linked in.
std::unique_ptr<Provider> MakeProviderUnderTest();

namespace {

using testing::Field;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

class ShellFileSystemTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto created = provider_->Create({});
    ASSERT_TRUE(created) << created.error();
    id_ = created->sandbox_id;
    dir_ = *created->workdir;
  }
  void TearDown() override { EXPECT_TRUE(provider_->Destroy(id_)); }

  std::string Path(const std::string& name) const { return dir_ + "/" + name; }
  // stdout of a shell line in the sandbox.
  std::string Sh(const std::string& line) {
    const auto result = provider_->RunCommand(id_, {.command = line});
    return result ? result->stdout_bytes : result.error().ToString();
  }
  // The file system without these programs.
  FileSystemFunctions Without(const std::string& programs) {
    const std::string shim = "command() { case \" " + programs +
                             " \" in *\" $2 \"*) return 1;; esac; [ -n \"$(which \"$2\")\" ]; }\n";
    return MakeShellFileSystem([this, shim](const std::string& id, RunCommandRequest request) {
      (*request.args)[1].insert(0, shim);
      return provider_->RunCommand(id, request);
    });
  }
  static std::string AllBytes() {
    std::string bytes(256, '\0');
    std::iota(bytes.begin(), bytes.end(), '\0');
    return bytes;
  }

  const std::unique_ptr<Provider> provider_ = MakeProviderUnderTest();
  const FileSystemFunctions files_ =
      MakeShellFileSystem([this](const std::string& id, const RunCommandRequest& request) {
        return provider_->RunCommand(id, request);
      });
  std::string id_;
  std::string dir_;
};

TEST_F(ShellFileSystemTest, KeepsContents) {
  for (const std::string& content :
       {std::string(), std::string("no newline"), std::string("\n\n\n"), std::string("a\r\nb\r\n"),
        std::string("end\n"), std::string("base64"), std::string("$HOME `id` \\n \\0101 %s '\"\n"),
        std::string("é😀"), std::string("EOF\nEOF"), std::string("a\0b", 3), AllBytes()}) {
    const Status written = files_.write_file(id_, Path("f"), content);
    ASSERT_TRUE(written) << written.error();
    EXPECT_EQ(files_.read_file(id_, Path("f")), content);
  }
}

TEST_F(ShellFileSystemTest, KeepsContentsWithoutBase64) {
  const FileSystemFunctions files = Without("base64");
  for (const std::string& content : {std::string(), AllBytes() + AllBytes(),
                                     std::string("\\0101 %s\n"), std::string("\0\0001", 3)}) {
    const Status written = files.write_file(id_, Path("f"), content);
    ASSERT_TRUE(written) << written.error();
    EXPECT_EQ(files_.read_file(id_, Path("f")), content);
    EXPECT_EQ(files.read_file(id_, Path("f")), content);
  }
}

TEST_F(ShellFileSystemTest, KeepsFiveMebibytes) {
  std::string content;
  while (content.size() < (5u << 20)) content += AllBytes();
  ASSERT_TRUE(files_.write_file(id_, Path("big"), content));
  EXPECT_EQ(Sh("cksum <big"), Sh("cat big | cksum"));
  EXPECT_EQ(Sh("wc -c <big"), std::to_string(content.size()) + "\n");
  EXPECT_TRUE(files_.read_file(id_, Path("big")) == content);
}

TEST_F(ShellFileSystemTest, SaysWhichProgramIsMissing) {
  ASSERT_TRUE(files_.write_file(id_, Path("f"), "x"));
  EXPECT_THAT(Without("base64 od").read_file(id_, Path("f")).error().message,
              HasSubstr("neither the program base64 nor od"));
  EXPECT_THAT(Without("stat").readdir(id_, dir_).error().message, HasSubstr("lacks the program"));
}

TEST_F(ShellFileSystemTest, ActsOnExactlyThePath) {
  std::vector<std::string> names = {"a b",   "q'q\"q", "x;touch y",  "$(touch y)", "`touch y`",
                                    "*",     "-rf",    "line\nfeed", "é",          "$HOME",
                                    " lead", "trail ", "a -> b",     "\\",         "[a]",
                                    "end\n", ".hid",   "..twice",    "?",          "\xff"};
  names.push_back(std::string(255, 'n'));
  std::vector<testing::Matcher<FileEntry>> expected;
  for (const std::string& name : names) {
    const Status written = files_.write_file(id_, Path(name), name);
    ASSERT_TRUE(written) << written.error();
    expected.push_back(testing::AllOf(Field(&FileEntry::name, name),
                                      Field(&FileEntry::path, Path(name)),
                                      Field(&FileEntry::size, testing::Optional(name.size())),
                                      Field(&FileEntry::is_directory, false)));
  }
  const auto entries = files_.readdir(id_, dir_);
  ASSERT_TRUE(entries) << entries.error();
  EXPECT_THAT(*entries, testing::UnorderedElementsAreArray(expected));
  for (const std::string& name : names) {
    EXPECT_EQ(files_.read_file(id_, Path(name)), name);
    EXPECT_EQ(files_.exists(id_, Path(name)), true);
    EXPECT_TRUE(files_.remove(id_, Path(name)));
    EXPECT_EQ(files_.exists(id_, Path(name)), false);
  }
  EXPECT_EQ(files_.readdir(id_, dir_)->size(), 0u);
}

TEST_F(ShellFileSystemTest, TakesRelativePathsThatLookLikeOptions) {
  ASSERT_TRUE(files_.mkdir(id_, "-p"));
  ASSERT_TRUE(files_.write_file(id_, "-p/-n", "x"));
  EXPECT_EQ(files_.read_file(id_, "-p/-n"), "x");
  EXPECT_EQ(files_.readdir(id_, "-p")->at(0).path, "-p/-n");
  EXPECT_TRUE(files_.remove(id_, "-p"));
  EXPECT_EQ(Sh("ls -A"), "");
}

TEST_F(ShellFileSystemTest, RefusesPathsThatNoSystemHas) {
  EXPECT_EQ(files_.read_file(id_, "").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(files_.exists(id_, std::string("a\0b", 3)).error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(files_.write_file(id_, Path("f/"), "").error().code, ErrorCode::kInvalidArgument);
}

TEST_F(ShellFileSystemTest, SaysWhatStandsInTheWay) {
  ASSERT_TRUE(files_.write_file(id_, Path("d/e/f"), "x"));
  EXPECT_EQ(files_.read_file(id_, Path("none")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.readdir(id_, Path("none")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.remove(id_, Path("none")).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.read_file(id_, Path("d")).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(files_.write_file(id_, Path("d"), "").error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(files_.write_file(id_, Path("d/e/f/g"), "").error().code,
            ErrorCode::kFailedPrecondition);
  EXPECT_EQ(files_.mkdir(id_, Path("d/e/f")).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(files_.mkdir(id_, Path("d/e/f/g")).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(files_.readdir(id_, Path("d/e/f")).error().code, ErrorCode::kFailedPrecondition);
  EXPECT_EQ(files_.exists(id_, Path("d/e/f/g")), false);
  EXPECT_EQ(Sh("cat d/e/f; find . | sort"), "x.\n./d\n./d/e\n./d/e/f\n");
}

TEST_F(ShellFileSystemTest, PassesOnWhatTheProviderSays) {
  EXPECT_EQ(files_.read_file("none", "/a").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(files_.exists("none", "/a").error().code, ErrorCode::kNotFound);
}

TEST_F(ShellFileSystemTest, ListsKindsSizesAndTimes) {
  Sh("mkdir sub; echo 12345 >file; touch -d @1000000000 file sub; ln -s nowhere dangling");
  const auto entries = files_.readdir(id_, dir_ + "/");
  ASSERT_TRUE(entries) << entries.error();
  const Timestamp time(std::chrono::seconds(1'000'000'000));
  EXPECT_THAT(*entries,
              testing::IsSupersetOf(
                  {testing::Matcher<FileEntry>(FileEntry{.name = "file",
                                                         .path = Path("file"),
                                                         .is_directory = false,
                                                         .size = 6,
                                                         .last_modified = time}),
                   testing::Matcher<FileEntry>(testing::AllOf(
                       Field(&FileEntry::name, "sub"), Field(&FileEntry::is_directory, true),
                       Field(&FileEntry::last_modified, time))),
                   testing::Matcher<FileEntry>(Field(&FileEntry::name, "dangling"))}));
  EXPECT_EQ(entries->size(), 3u);
}

TEST_F(ShellFileSystemTest, ListsTwoThousandEntries) {
  Sh("i=0; while [ $i -lt 2000 ]; do : >e$i; i=$((i + 1)); done");
  EXPECT_EQ(files_.readdir(id_, dir_)->size(), 2000u);
}

TEST_F(ShellFileSystemTest, SaysSoWhenTheOutputWasCut) {
  ASSERT_TRUE(files_.write_file(id_, Path("f"), "content"));
  const FileSystemFunctions cutting =
      MakeShellFileSystem([this](const std::string& id, const RunCommandRequest& request) {
        auto result = provider_->RunCommand(id, request);
        if (result) result->stdout_bytes.resize(result->stdout_bytes.size() / 2);
        return result;
      });
  EXPECT_THAT(cutting.read_file(id_, Path("f")).error().message, HasSubstr("not whole"));
  EXPECT_THAT(cutting.readdir(id_, dir_).error().message, HasSubstr("not whole"));
}

TEST_F(ShellFileSystemTest, ReplacesAFileInOneStep) {
  std::vector<std::thread> writers;
  for (const char c : {'a', 'b', 'c', 'd'}) {
    writers.emplace_back(
        [this, c] { EXPECT_TRUE(files_.write_file(id_, Path("f"), std::string(200'000, c))); });
  }
  for (std::thread& writer : writers) writer.join();
  const auto content = files_.read_file(id_, Path("f"));
  ASSERT_TRUE(content) << content.error();
  EXPECT_EQ(*content, std::string(200'000, (*content)[0]));
  EXPECT_EQ(Sh("ls -A"), "f\n");
}

TEST_F(ShellFileSystemTest, WritesThroughALinkAndKeepsTheExecutableBit) {
  Sh("echo 'echo old' >tool; chmod +x tool; ln -s tool link");
  ASSERT_TRUE(files_.write_file(id_, Path("link"), "echo new"));
  EXPECT_EQ(Sh("./tool"), "new\n");
  ASSERT_TRUE(files_.write_file(id_, Path("tool"), "echo newer"));
  EXPECT_EQ(Sh("./tool; test -L link && ls -A"), "newer\nlink\ntool\n");
}

TEST_F(ShellFileSystemTest, RemovesALinkAndNotWhatItPointsTo) {
  Sh("mkdir dir; touch dir/kept; ln -s dir link");
  EXPECT_TRUE(files_.remove(id_, Path("link")));
  EXPECT_EQ(Sh("find . | sort"), ".\n./dir\n./dir/kept\n");
}

}  // namespace
}  // namespace computesdk
