#include <fcntl.h>

#include <csignal>
#include <string>
#include <utility>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/kernel/testing.h"

namespace computesdk::in_memory {
namespace {

std::string Content(Process& process, const std::string& path) {
  return process.files().ReadFile(path).value_or("(none)");
}

TEST(ProcFilesTest, TellOfTheMachine) {
  RunAlone([](Process& process) {
    EXPECT_TRUE(Content(process, "/proc/cpuinfo").starts_with("processor\t: 0\n"));
    EXPECT_TRUE(Content(process, "/proc/meminfo").starts_with("MemTotal:  "));
    EXPECT_EQ(Content(process, "/proc/sys/kernel/ostype"), "Linux\n");
    EXPECT_EQ(process.files().Stat("/proc/uptime")->mode, 0444u);
    return 0;
  });
}

TEST(ProcFilesTest, TellOfAProcessAsLongAsItLives) {
  RunAlone([](Process& process) {
    SpawnOptions options;
    options.args = {"/usr/bin/sleeper", "a b"};
    options.cwd = "/usr";
    const int pid = process.Spawn(std::move(options), SleepLong).value();
    const std::string folder = "/proc/" + std::to_string(pid);
    EXPECT_EQ(Content(process, folder + "/comm"), "sleeper\n");
    EXPECT_EQ(Content(process, folder + "/cmdline"), std::string("/usr/bin/sleeper\0a b\0", 21));
    EXPECT_EQ(process.files().ReadLink(folder + "/cwd"), "/usr");
    EXPECT_NE(
        Content(process, folder + "/status").find("\nPPid:\t" + std::to_string(process.pid())),
        std::string::npos);
    EXPECT_TRUE(process.Kill(pid, SIGKILL));
    EXPECT_TRUE(process.Wait(pid));
    EXPECT_FALSE(process.files().Stat(folder));
    return 0;
  });
}

TEST(ProcFilesTest, SelfIsWhoLooks) {
  RunAlone([](Process& process) {
    const auto self = [](Process& who) { return who.files().ReadLink("/proc/self").value_or(""); };
    EXPECT_EQ(self(process), std::to_string(process.pid()));
    (void)process.Call({}, [&](Process& child) {
      EXPECT_EQ(self(child), std::to_string(child.pid()));
      return 0;
    });
    EXPECT_EQ(self(process), std::to_string(process.pid()));
    return 0;
  });
}

TEST(ProcFilesTest, AnotherProcesssDescriptorIsOpened) {
  RunAlone([](Process& process) {
    const int fd = process.Open("f", O_CREAT | O_WRONLY).value();
    const std::string path = "/proc/" + std::to_string(process.pid()) + "/fd/" + std::to_string(fd);
    (void)process.Call({}, [&](Process& child) {
      EXPECT_TRUE(child.Close(fd));
      EXPECT_TRUE(child.Write(child.Open(path, O_WRONLY).value(), "through"));
      EXPECT_FALSE(child.Open("/proc/999999/fd/0", O_RDONLY));
      return 0;
    });
    EXPECT_EQ(Content(process, "/tmp/f"), "through");
    return 0;
  });
}

}  // namespace
}  // namespace computesdk::in_memory
