// What a test adds to the provider, sees of it and keeps.

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/virtual_clock.h"
#include "mocks/in_memory_provider.h"
#include "mocks/sandbox_matchers.h"

namespace computesdk {
namespace {

using in_memory::FileType;
using in_memory::Process;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::SizeIs;

std::string NewSandbox(InMemoryProvider& provider, const CreateSandboxOptions& options = {}) {
  Result<SandboxRef> created = provider.Create(options);
  EXPECT_TRUE(created) << created.error();
  return created ? created->sandbox_id : "";
}

// A folder of this machine.
class HostFolder {
 public:
  HostFolder() : path_(testing::TempDir() + "/shown") {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_ / "sub");
    Write("a.txt", "first");
    Write("sub/tool.sh", "echo tool");
    std::filesystem::permissions(path_ / "sub/tool.sh", std::filesystem::perms(0755));
    std::filesystem::create_symlink("sub/tool.sh", path_ / "link");
    EXPECT_EQ(::mkfifo((path_ / "fifo").c_str(), 0600), 0);
  }
  ~HostFolder() { std::filesystem::remove_all(path_); }
  HostFolder(const HostFolder&) = delete;
  HostFolder& operator=(const HostFolder&) = delete;
  void Write(const std::string& name, const std::string& content) {
    std::ofstream(path_ / name) << content;
  }
  std::string path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(OptionsTest, FilesAreInEverySandbox) {
  InMemoryProvider provider({.files = {{"/etc/app/conf", "x=1\n"}, {"src/main.sh", "echo hi\n"}}});
  for (int i = 0; i < 2; ++i) {
    const std::string id = NewSandbox(provider);
    EXPECT_THAT(
        provider.RunCommand(id, {.command = "cat /etc/app/conf; sh src/main.sh; rm -r src"}),
        StdoutIs("x=1\nhi\n"));
  }
}

TEST(OptionsTest, AFileThatCannotBeMadeIsAnErrorOfCreate) {
  InMemoryProvider provider({.files = {{"/etc/passwd/below", ""}}});
  EXPECT_THAT(provider.Create({}),
              IsError(ErrorCode::kInvalidArgument, HasSubstr("/etc/passwd/below")));
}

TEST(OptionsTest, FoldersOfThisMachineAreCopied) {
  const HostFolder folder;
  InMemoryProvider provider({.directories = {{"project", folder.path()}}});
  const std::string id = NewSandbox(provider);
  EXPECT_THAT(provider.RunCommand(id, {.command = "cd project; ls; ./link; cat a.txt; "
                                                  "echo changed > a.txt; rm sub/tool.sh"}),
              StdoutIs("a.txt\nlink\nsub\ntool\nfirst"));
  EXPECT_THAT(provider.ReadFile(id, "project/a.txt"), "changed\n");
  std::ifstream untouched(folder.path() + "/a.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(untouched), {}), "first");
  EXPECT_TRUE(std::filesystem::exists(folder.path() + "/sub/tool.sh"));
}

TEST(OptionsTest, BytesOfAFolderAreReadWhenSomebodyLooks) {
  HostFolder folder;
  InMemoryProvider provider({.directories = {{"/p", folder.path()}}});
  const std::string early = NewSandbox(provider);
  EXPECT_EQ(provider.ReadFile(early, "/p/a.txt"), "first");
  folder.Write("a.txt", "second, longer");
  const std::string late = NewSandbox(provider);
  EXPECT_EQ(provider.ReadFile(late, "/p/a.txt"), "second, longer");
  EXPECT_EQ(provider.ReadFile(early, "/p/a.txt"), "first");
  std::filesystem::remove(folder.path() + "/a.txt");
  EXPECT_THAT(provider.ReadFile(NewSandbox(provider), "/p/a.txt"), IsError(ErrorCode::kNotFound));
}

TEST(OptionsTest, AFolderThatIsNotThereIsAnErrorOfCreate) {
  InMemoryProvider provider({.directories = {{"/p", "/no/such/folder"}}});
  EXPECT_THAT(provider.Create({}),
              IsError(ErrorCode::kInvalidArgument, HasSubstr("/no/such/folder")));
}

TEST(OptionsTest, IdsOfAPrefixRepeat) {
  for (int run = 0; run < 2; ++run) {
    InMemoryProvider provider({.id_prefix = "box-"});
    EXPECT_EQ(NewSandbox(provider), "box-1");
    EXPECT_EQ(NewSandbox(provider), "box-2");
  }
}

int Git(Process& process) {
  if (process.args.size() > 1 && process.args[1] == "clone") {
    return process.files().WriteFile(process.AbsolutePath("README"), "cloned\n") ? 0 : 1;
  }
  (void)process.Write(2, "git: '" + process.args.at(1) + "' is not a git command\n");
  return 1;
}

TEST(RegisterTest, ACommandIsFoundByWhatRuns) {
  InMemoryProvider provider;
  const std::string before = NewSandbox(provider);
  ASSERT_TRUE(provider.RegisterCommand("git", Git));
  const std::string id = NewSandbox(provider);
  EXPECT_THAT(provider.RunCommand(id, {.command = "set -e; git clone x; cat README; which git"}),
              StdoutIs("cloned\n/usr/bin/git\n"));
  EXPECT_THAT(provider.RunCommand(id, {.command = "git", .args = {{"push"}}}), ExitedWith(1));
  EXPECT_THAT(provider.RunCommand(before, {.command = "git clone x"}), ExitedWith(127));
}

TEST(RegisterTest, ACommandReadsItsInputAndIsCancelled) {
  in_memory::VirtualClock clock;
  InMemoryProvider provider({.clock = &clock});
  ASSERT_TRUE(provider.RegisterCommand("upper", [](Process& process) {
    const auto text = process.ReadAll(0);
    if (!text) return 1;
    std::string upper = *text;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    return process.Write(1, upper) ? 0 : 1;
  }));
  ASSERT_TRUE(provider.RegisterCommand("spin", [](Process& process) {
    for (;;) process.Checkpoint();
    return 0;
  }));
  const std::string id = NewSandbox(provider);
  EXPECT_THAT(provider.RunCommand(id, {.command = "echo hi | upper"}), StdoutIs("HI\n"));
  EXPECT_THAT(
      provider.RunCommand(id, {.command = "spin", .options = {.timeout = std::chrono::seconds(1)}}),
      IsError(ErrorCode::kDeadlineExceeded));
  EXPECT_THAT(
      provider.Processes(id),
      testing::Property(&Result<std::vector<in_memory::Kernel::ProcessInfo>>::has_value, true));
  EXPECT_THAT(*provider.Processes(id), IsEmpty());
}

TEST(RegisterTest, NamesThatNoShellCouldCallAreRefused) {
  InMemoryProvider provider;
  for (const char* name : {"", "a/b", "a b"}) {
    EXPECT_THAT(provider.RegisterCommand(name, Git), IsError(ErrorCode::kInvalidArgument)) << name;
    EXPECT_THAT(provider.RegisterRuntime(name, Git), IsError(ErrorCode::kInvalidArgument)) << name;
  }
}

int Python(Process& process) {
  return process.Write(1, process.args[0] + ": " + process.args.at(2)) ? 0 : 1;
}

TEST(RegisterTest, ARuntimeRunsCode) {
  InMemoryProvider provider({.runtimes = {{"python", Python}}});
  EXPECT_THAT(provider.Describe().runtimes, ElementsAre("bash", "python"));
  ASSERT_TRUE(provider.RegisterRuntime("node", Python));
  const std::string id = NewSandbox(provider);
  EXPECT_THAT(provider.RunCode(id, {.code = "print(1)", .runtime = "python"}),
              StdoutIs("python: print(1)"));
  EXPECT_THAT(provider.RunCode(id, {.code = "x", .runtime = "node"}), StdoutIs("node: x"));
  EXPECT_THAT(provider.RunCode(id, {.code = "echo $0"}), StdoutIs("bash\n"));
  EXPECT_THAT(provider.RunCode(id, {.code = "x", .runtime = "ruby"}),
              IsError(ErrorCode::kInvalidArgument, HasSubstr("only bash, node, python")));
}

TEST(RegisterTest, TheRuntimeOfTheSandboxIsTheDefault) {
  InMemoryProvider provider({.runtimes = {{"python", Python}}});
  const std::string id = NewSandbox(provider, {.runtime = "python"});
  EXPECT_EQ(provider.GetInfo(id)->runtime, "python");
  EXPECT_THAT(provider.RunCode(id, {.code = "1"}), StdoutIs("python: 1"));
}

TEST(LookingInTest, FilesAreATree) {
  InMemoryProvider provider;
  const std::string id = NewSandbox(provider);
  ASSERT_THAT(provider.RunCommand(id, {.command = "mkdir -p d; printf x > d/f; chmod 600 d/f; "
                                                  "ln -s d/f l; mkfifo p; touch -d @1 d"}),
              ExitedWith(0));
  const Result<FileTree> tree = provider.Files(id);
  ASSERT_TRUE(tree);
  EXPECT_THAT(*tree, ElementsAre(Key("/workspace/d"), Key("/workspace/d/f"), Key("/workspace/l"),
                                 Key("/workspace/p")));
  EXPECT_EQ(tree->at("/workspace/d").type, FileType::kDirectory);
  EXPECT_EQ(tree->at("/workspace/d").modified, Timestamp(std::chrono::seconds(1)));
  EXPECT_EQ(tree->at("/workspace/d/f").content, "x");
  EXPECT_EQ(tree->at("/workspace/d/f").mode, 0600U);
  EXPECT_EQ(tree->at("/workspace/l").content, "d/f");
  EXPECT_THAT(provider.Files(id, "d"), HasFile("/workspace/d/f", "x"));
  EXPECT_THAT(provider.Files(id, "nothing"), IsError(ErrorCode::kNotFound));
  EXPECT_THAT(provider.Files(id, "d/f"), IsError(ErrorCode::kFailedPrecondition));
  EXPECT_THAT(provider.Files("nobody"), IsError(ErrorCode::kNotFound));
}

TEST(LookingInTest, CommandsAreThoseThatWereAskedFor) {
  InMemoryProvider provider;
  const std::string id = NewSandbox(provider);
  (void)provider.RunCommand(id, {.command = "false"});
  (void)provider.RunCommand(id,
                            {.command = "ls", .args = {{"-l"}}, .options = {.env = {{"A", "b"}}}});
  (void)provider.RunCode(id, {.code = "echo 1"});
  const Result<std::vector<CommandRecord>> commands = provider.Commands(id);
  ASSERT_TRUE(commands);
  EXPECT_THAT(*commands, ElementsAre(Field(&CommandRecord::command, "false"),
                                     Field(&CommandRecord::command, "ls"),
                                     Field(&CommandRecord::command, "echo 1")));
  EXPECT_THAT((*commands)[1].args, testing::Optional(ElementsAre("-l")));
  EXPECT_EQ((*commands)[1].options.env.at("A"), "b");
  EXPECT_EQ((*commands)[2].runtime, "bash");
}

TEST(LookingInTest, OnlyTheLastThousandCommandsAreKept) {
  InMemoryProvider provider;
  const std::string id = NewSandbox(provider);
  for (int i = 0; i < 1001; ++i)
    (void)provider.RunCommand(id, {.command = ": " + std::to_string(i)});
  EXPECT_THAT(*provider.Commands(id), SizeIs(1000));
  EXPECT_EQ(provider.Commands(id)->front().command, ": 1");
}

TEST(LookingInTest, ProcessesAreThoseAlive) {
  InMemoryProvider provider;
  const std::string id = NewSandbox(provider);
  const Result<ExecutionResult> started = provider.RunCommand(
      id, {.command = "sleep", .args = {{"1000"}}, .options = {.background = true}});
  ASSERT_TRUE(started);
  const auto processes = provider.Processes(id);
  ASSERT_TRUE(processes);
  ASSERT_THAT(*processes, SizeIs(1));
  EXPECT_EQ(processes->front().pid, started->pid);
  EXPECT_THAT(processes->front().args, ElementsAre("sleep", "1000"));
}

TEST(SnapshotTest, ARestoredSandboxHasTheFilesAndTheEnvironment) {
  InMemoryProvider provider;
  const std::string id = NewSandbox(provider, {.envs = {{"A", "1"}, {"B", "1"}}});
  ASSERT_THAT(
      provider.RunCommand(id, {.command = "mkdir deps; echo lib > deps/lib; rm /etc/hosts"}),
      ExitedWith(0));
  const Result<SandboxSnapshot> snapshot = provider.Snapshot(id);
  ASSERT_TRUE(snapshot);
  ASSERT_TRUE(provider.Destroy(id));
  const Result<SandboxRef> first = provider.Restore(*snapshot, {.envs = {{"B", "2"}}});
  const Result<SandboxRef> second = provider.Restore(*snapshot);
  ASSERT_TRUE(first && second);
  EXPECT_THAT(
      provider.RunCommand(first->sandbox_id,
                          {.command = "echo $A$B; cat deps/lib; ls /etc/hosts; rm -r deps"}),
      StdoutIs("12\nlib\n"));
  EXPECT_THAT(provider.Files(second->sandbox_id), HasFile("/workspace/deps/lib", "lib\n"));
}

TEST(SnapshotTest, IsNotTouchedByWhatHappensAfterwards) {
  InMemoryProvider provider;
  const std::string id = NewSandbox(provider);
  ASSERT_TRUE(provider.WriteFile(id, "f", "before"));
  const Result<SandboxSnapshot> snapshot = provider.Snapshot(id);
  ASSERT_TRUE(provider.WriteFile(id, "f", "after"));
  ASSERT_TRUE(provider.WriteFile(id, "g", "new"));
  const std::string restored = provider.Restore(*snapshot)->sandbox_id;
  EXPECT_THAT(provider.Files(restored), HasFile("/workspace/f", "before"));
  EXPECT_THAT(provider.Files(restored), Not(HasFile("/workspace/g")));
}

TEST(SnapshotTest, AProgramGoesOnWithTheFilesThatItHasOpen) {
  InMemoryProvider provider;
  std::string id;
  SandboxSnapshot snapshot;
  ASSERT_TRUE(provider.RegisterCommand("snapshot", [&](in_memory::Process&) {
    snapshot = *provider.Snapshot(id);
    return 0;
  }));
  id = NewSandbox(provider);
  EXPECT_THAT(
      provider.RunCommand(
          id, {.command = "exec 3>log 4<log; echo one >&3; snapshot; echo two >&3; cat log - <&4"}),
      StdoutIs("one\ntwo\none\ntwo\n"));
  const std::string restored = provider.Restore(snapshot)->sandbox_id;
  EXPECT_THAT(provider.Files(restored), HasFile("/workspace/log", "one\n"));
}

TEST(SnapshotTest, OutlivesItsProvider) {
  SandboxSnapshot snapshot;
  {
    InMemoryProvider provider({.files = {{"f", "kept"}}});
    snapshot = *provider.Snapshot(NewSandbox(provider));
  }
  InMemoryProvider other;
  EXPECT_EQ(other.ReadFile(other.Restore(snapshot)->sandbox_id, "f"), "kept");
}

}  // namespace
}  // namespace computesdk
