#include "mocks/in_memory/kernel/process.h"

#include <fcntl.h>

#include <chrono>
#include <string>
#include <vector>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/testing.h"

namespace computesdk::in_memory {
namespace {

using std::chrono::milliseconds;

int PrintArgs(Process& process) {
  for (const std::string& arg : process.args) Print(process, "[" + arg + "]");
  return 5;
}

int CopyInput(Process& process) {
  Print(process, process.ReadAll(0).value_or("?"));
  return 0;
}

TEST(ProcessTest, WhatWasStartedIsUnderWayWhenAProgramIsCalled) {
  RunAlone([](Process& process) {
    bool began = false;
    EXPECT_TRUE(process.Spawn({}, [&](Process& child) {
      began = true;
      return SleepLong(child);
    }));
    EXPECT_FALSE(began);
    (void)process.Call({}, [&](Process&) {
      EXPECT_TRUE(began);
      return 0;
    });
    return 0;
  });
}

TEST(ProcessTest, WhatAProgramLeavesBehindIsUnderWayWhenItHasEnded) {
  RunAlone([](Process& process) {
    bool began = false;
    (void)process.Call({}, [&](Process& called) {
      EXPECT_TRUE(called.Spawn({}, [&](Process& child) {
        began = true;
        return SleepLong(child);
      }));
      return 0;
    });
    EXPECT_TRUE(began);
    return 0;
  });
}

// --- descriptors --------------------------------------------------------------------------------

TEST(ProcessTest, OpensTheLowestFreeDescriptor) {
  RunAlone([](Process& process) {
    EXPECT_EQ(process.Open("a", O_CREAT | O_WRONLY), 3);
    EXPECT_EQ(process.Open("b", O_CREAT | O_WRONLY), 4);
    EXPECT_TRUE(process.Close(3));
    EXPECT_EQ(process.Open("b", O_RDONLY), 3);
    EXPECT_EQ(process.AddFile(process.File(3), 10), 10);
    EXPECT_EQ(process.AddFile(process.File(3), 10), 11);
    EXPECT_EQ(process.Close(7).error(), std::errc::bad_file_descriptor);
    EXPECT_EQ(process.Write(7, "x").error(), std::errc::bad_file_descriptor);
    return 0;
  });
}

TEST(ProcessTest, OpenMeansWhatItsFlagsSay) {
  RunAlone([](Process& process) {
    auto error = [&](const char* path, int flags) { return process.Open(path, flags).error(); };
    EXPECT_TRUE(process.files().WriteFile("/tmp/f", "old"));
    EXPECT_EQ(error("f", O_CREAT | O_EXCL | O_WRONLY), std::errc::file_exists);
    EXPECT_EQ(error("none", O_RDONLY), std::errc::no_such_file_or_directory);
    EXPECT_EQ(error("", O_RDONLY), std::errc::no_such_file_or_directory);
    EXPECT_EQ(error("f", O_RDONLY | O_DIRECTORY), std::errc::not_a_directory);
    EXPECT_EQ(error("/tmp", O_WRONLY), std::errc::is_a_directory);
    EXPECT_EQ(error("/tmp", O_WRONLY | O_CREAT), std::errc::is_a_directory);
    EXPECT_EQ(error("/dev/tty", O_RDWR), std::errc::no_such_device_or_address);
    const int append = process.Open("f", O_WRONLY | O_APPEND).value();
    EXPECT_TRUE(process.Write(append, "+new"));
    EXPECT_EQ(process.files().ReadFile("/tmp/f"), "old+new");
    char byte;
    EXPECT_EQ(process.Read(append, &byte, 1).error(), std::errc::bad_file_descriptor);
    EXPECT_TRUE(process.Open("f", O_WRONLY | O_TRUNC));
    EXPECT_EQ(process.files().ReadFile("/tmp/f"), "");
    const int directory = process.Open("/tmp", O_RDONLY).value();
    EXPECT_EQ(process.Read(directory, &byte, 1).error(), std::errc::is_a_directory);
    return 0;
  });
}

TEST(ProcessTest, NewFilesGetTheModeLessTheMask) {
  RunAlone([](Process& process) {
    process.umask = 027;
    EXPECT_TRUE(process.Open("f", O_CREAT | O_WRONLY, 0666));
    EXPECT_EQ(process.files().Stat("/tmp/f")->mode, 0640u);
    return 0;
  });
}

TEST(ProcessTest, CopiesOfADescriptorShareTheOffset) {
  RunAlone([](Process& process) {
    const int fd = process.Open("f", O_CREAT | O_RDWR).value();
    process.SetFile(9, process.File(fd));
    EXPECT_TRUE(process.Write(fd, "ab"));
    EXPECT_TRUE(process.Write(9, "cd"));
    (void)process.Call({}, [](Process& child) {
      EXPECT_TRUE(child.Write(9, "ef"));
      return 0;
    });
    EXPECT_TRUE(process.Write(fd, "g"));
    EXPECT_EQ(process.files().ReadFile("/tmp/f"), "abcdefg");
    EXPECT_EQ(process.File(9)->Seek(1, SEEK_SET), 1u);
    EXPECT_EQ(process.ReadAll(fd), "bcdefg");
    return 0;
  });
}

TEST(ProcessTest, DevicesBehaveAsTheirNames) {
  RunAlone([](Process& process) {
    char bytes[4] = "xyz";
    EXPECT_EQ(process.Read(process.Open("/dev/null", O_RDWR).value(), bytes, 3), 0u);
    EXPECT_TRUE(process.Write(process.Open("/dev/null", O_WRONLY).value(), "gone"));
    EXPECT_EQ(process.Read(process.Open("/dev/zero", O_RDONLY).value(), bytes, 3), 3u);
    EXPECT_EQ(std::string(bytes, 3), std::string(3, '\0'));
    EXPECT_EQ(process.Write(process.Open("/dev/full", O_WRONLY).value(), "x").error(),
              std::errc::no_space_on_device);
    return 0;
  });
}

TEST(ProcessTest, DescriptorsHaveNames) {
  const Kernel::Outcome outcome = RunAlone([](Process& process) {
    for (const char* path : {"/dev/stdout", "//dev/fd/1", "/dev/fd/1", "/proc/self/fd/1"}) {
      if (auto fd = process.Open(path, O_WRONLY)) (void)process.Write(*fd, "x");
    }
    EXPECT_EQ(process.Open("/dev/fd/77", O_RDONLY).error(), std::errc::no_such_file_or_directory);
    return 0;
  });
  EXPECT_EQ(outcome.stdout_bytes, "xxx");
}

// --- pipes --------------------------------------------------------------------------------------

TEST(PipeTest, CarriesEverythingToTheEnd) {
  RunAlone([](Process& process) {
    auto [reader, writer] = MakePipe();
    SpawnOptions options;
    options.files[1] = std::move(writer);
    const std::string megabyte(1 << 20, 'm');
    (void)process.Spawn(std::move(options), [megabyte](Process& child) {
      Print(child, megabyte);
      return 0;
    });
    process.SetFile(5, std::move(reader));
    EXPECT_EQ(process.ReadAll(5), megabyte);
    EXPECT_EQ(process.WaitAny()->second.code, 0);
    return 0;
  });
}

TEST(PipeTest, WriterWithoutReadersGetsASignal) {
  RunAlone([](Process& process) {
    auto [reader, writer] = MakePipe();
    process.SetFile(5, writer);
    reader = nullptr;
    EXPECT_EQ(process
                  .Call({},
                        [](Process& child) {
                          (void)child.Write(5, "x");
                          return 0;
                        })
                  ->signal,
              SIGPIPE);
    process.SetSignalAction(SIGPIPE, SignalAction::kIgnore);
    EXPECT_EQ(process.Write(5, "x").error(), std::errc::broken_pipe);
    return 0;
  });
}

TEST(PipeTest, BlockedWriterEndsWithItsReader) {
  RunAlone([](Process& process) {
    auto [reader, writer] = MakePipe();
    SpawnOptions options;
    options.files[1] = std::move(writer);
    const int pid = process
                        .Spawn(std::move(options),
                               [](Process& child) {
                                 while (child.Write(1, "y\n")) {
                                 }
                                 return 0;
                               })
                        .value();
    process.SetFile(5, std::move(reader));
    char bytes[2];
    EXPECT_EQ(process.Read(5, bytes, 2), 2u);
    EXPECT_TRUE(process.Close(5));
    EXPECT_EQ(process.Wait(pid).value()->signal, SIGPIPE);
    return 0;
  });
}

TEST(PipeTest, FifoWaitsForBothEnds) {
  RunAlone([](Process& process) {
    EXPECT_TRUE(process.files().MakeFifo("/tmp/fifo"));
    EXPECT_EQ(process.Open("fifo", O_WRONLY | O_NONBLOCK).error(),
              std::errc::no_such_device_or_address);
    (void)process.Spawn({}, [](Process& child) {
      const int fd = child.Open("fifo", O_WRONLY).value();
      (void)child.Write(fd, "through");
      return 0;
    });
    const int fd = process.Open("fifo", O_RDONLY).value();
    EXPECT_EQ(process.ReadAll(fd), "through");
    return 0;
  });
}

// --- signals ------------------------------------------------------------------------------------

TEST(SignalTest, DefaultEndsTheProcess) {
  RunAlone([](Process& process) {
    const int pid = process.Spawn({}, SleepLong).value();
    EXPECT_TRUE(process.Kill(pid, 0));
    EXPECT_EQ(process.Wait(pid, false).value(), std::nullopt);
    EXPECT_TRUE(process.Kill(pid, SIGTERM));
    EXPECT_EQ(process.Wait(pid).value()->ShellCode(), 128 + SIGTERM);
    EXPECT_EQ(process.Wait(pid).error(), std::errc::no_child_process);
    EXPECT_EQ(process.Kill(pid, SIGTERM).error(), std::errc::no_such_process);
    EXPECT_EQ(process.Kill(process.pid(), 99).error(), std::errc::invalid_argument);
    return 0;
  });
}

TEST(SignalTest, SomeAreIgnoredByDefault) {
  const Kernel::Outcome outcome = RunAlone([](Process& process) {
    for (int signal : {SIGCHLD, SIGWINCH, SIGCONT, SIGURG, SIGTSTP}) {
      EXPECT_TRUE(process.Kill(process.pid(), signal));
    }
    return 4;
  });
  EXPECT_EQ(outcome.status.code, 4);
}

TEST(SignalTest, IgnoredOneIsLost) {
  const Kernel::Outcome outcome = RunAlone([](Process& process) {
    process.SetSignalAction(SIGTERM, SignalAction::kIgnore);
    EXPECT_TRUE(process.Kill(process.pid(), SIGTERM));
    EXPECT_EQ(process.TakeSignal(), 0);
    process.SetSignalAction(SIGKILL, SignalAction::kIgnore);
    (void)process.Kill(process.pid(), SIGKILL);
    return 4;
  });
  EXPECT_EQ(outcome.status.signal, SIGKILL);
}

TEST(SignalTest, HandledOneInterruptsWaiting) {
  RunAlone([](Process& process) {
    process.SetSignalAction(SIGUSR1, SignalAction::kHandle);
    const int parent = process.pid();
    auto signal_parent = [parent](Process& child) {
      child.Sleep(milliseconds(5));
      (void)child.Kill(parent, SIGUSR1);
      return SleepLong(child);
    };
    const int pid = process.Spawn({}, signal_parent).value();
    EXPECT_EQ(process.Wait(pid).error(), std::errc::interrupted);
    EXPECT_EQ(process.TakeSignal(), SIGUSR1);
    EXPECT_EQ(process.TakeSignal(), 0);
    (void)process.Spawn({}, signal_parent);
    EXPECT_FALSE(process.Sleep(std::chrono::hours(1)));
    EXPECT_EQ(process.TakeSignal(), SIGUSR1);
    return 0;
  });
}

TEST(SignalTest, AlarmEndsWaitingAndLoops) {
  RunAlone([](Process& process) {
    auto soon = [&] { return process.clock().Now() + milliseconds(5); };
    process.SetSignalAction(SIGALRM, SignalAction::kHandle);
    auto [reader, writer] = MakePipe();
    process.SetFile(5, reader);
    process.SetAlarm(soon());
    EXPECT_EQ(process.ReadAll(5).error(), std::errc::interrupted);
    EXPECT_EQ(process.TakeSignal(), SIGALRM);
    const int pid = process.Spawn({}, SleepLong).value();
    process.SetAlarm(soon());
    EXPECT_EQ(process.Wait(pid).error(), std::errc::interrupted);
    EXPECT_EQ(process.TakeSignal(), SIGALRM);
    process.SetAlarm(soon());
    while (process.TakeSignal() == 0) process.Checkpoint();
    EXPECT_EQ(process
                  .Call({},
                        [&](Process& child) {
                          child.SetSignalAction(SIGALRM, SignalAction::kDefault);
                          child.SetAlarm(soon());
                          return BusyLoop(child);
                        })
                  ->signal,
              SIGALRM);
    return 0;
  });
}

TEST(SignalTest, GoesToAWholeGroup) {
  RunAlone([](Process& process) {
    SpawnOptions options;
    options.new_group = true;
    const int leader = process
                           .Spawn(std::move(options),
                                  [](Process& child) {
                                    (void)child.Spawn({}, SleepLong);
                                    return SleepLong(child);
                                  })
                           .value();
    while (process.kernel().Processes().size() < 3) process.Sleep(milliseconds(1));
    EXPECT_TRUE(process.Kill(-leader, SIGTERM));
    EXPECT_EQ(process.Wait(leader).value()->signal, SIGTERM);
    while (process.kernel().Processes().size() > 1) process.Sleep(milliseconds(1));
    EXPECT_EQ(process.Kill(-leader, SIGTERM).error(), std::errc::no_such_process);
    return 0;
  });
}

TEST(SignalTest, EndOfTheParentEndsWhatItCalled) {
  RunAlone([](Process& process) {
    const int pid = process
                        .Spawn({},
                               [](Process& child) {
                                 (void)child.Call({}, SleepLong);
                                 return 0;
                               })
                        .value();
    while (process.kernel().Processes().size() < 3) process.Sleep(milliseconds(1));
    EXPECT_TRUE(process.Kill(pid, SIGKILL));
    EXPECT_EQ(process.Wait(pid).value()->signal, SIGKILL);
    EXPECT_EQ(process.kernel().Processes().size(), 1u);
    return 0;
  });
}

// --- other processes ----------------------------------------------------------------------------

TEST(SpawnTest, ChildInheritsAndChangesNothingOfItsParent) {
  RunAlone([](Process& process) {
    process.env["X"] = "1";
    process.umask = 077;
    const IoResult<ExitStatus> status = process.Call({}, [&process](Process& child) {
      EXPECT_NE(child.pid(), process.pid());
      EXPECT_EQ(child.parent_pid(), process.pid());
      EXPECT_EQ(child.group(), process.group());
      EXPECT_EQ(child.env["X"], "1");
      EXPECT_EQ(child.umask, 077u);
      EXPECT_EQ(child.cwd, "/tmp");
      child.env["X"] = "2";
      child.cwd = "/";
      (void)child.Close(1);
      child.Exit(300);
      return 0;
    });
    EXPECT_EQ(status->code, 300 & 0xff);
    EXPECT_EQ(process.env["X"], "1");
    EXPECT_EQ(process.cwd, "/tmp");
    EXPECT_NE(process.File(1), nullptr);
    return 0;
  });
}

TEST(SpawnTest, WaitAnyGivesTheFirstToEnd) {
  RunAlone([](Process& process) {
    auto sleep = [](int ms) {
      return [ms](Process& child) {
        child.Sleep(milliseconds(ms));
        return ms;
      };
    };
    (void)process.Spawn({}, sleep(60));
    (void)process.Spawn({}, sleep(1));
    EXPECT_EQ(process.WaitAny()->second.code, 1);
    EXPECT_EQ(process.WaitAny()->second.code, 60);
    return 0;
  });
}

class ExecTest : public testing::Test {
 protected:
  // Runs it as `caller` ("env") would.
  Kernel::Outcome Execute(std::vector<std::string> args) {
    return RunAlone(
        [&](Process& process) {
          FileSystem& files = process.files();
          for (const auto& [path, content] : files_) {
            EXPECT_TRUE(files.WriteFile(path, content, 0755));
          }
          for (const std::string& path : plain_) EXPECT_TRUE(files.SetMode(path, 0644));
          SpawnOptions options;
          options.args = args;
          return process.Execute(std::move(options), "env").ShellCode();
        },
        {{"args", PrintArgs}, {"copy", CopyInput}, {"sh", PrintArgs}});
  }

  std::map<std::string, std::string> files_;
  std::vector<std::string> plain_;
};

TEST_F(ExecTest, FindsProgramsInThePath) {
  const Kernel::Outcome outcome = Execute({"args", "a b", "", "*"});
  EXPECT_EQ(outcome.stdout_bytes, "[args][a b][][*]");
  EXPECT_EQ(outcome.status.code, 5);
}

TEST_F(ExecTest, FindsProgramsByTheirPath) {
  EXPECT_EQ(Execute({"/bin/args"}).stdout_bytes, "[/bin/args]");
  EXPECT_EQ(Execute({"../usr/bin/args"}).stdout_bytes, "[../usr/bin/args]");
}

TEST_F(ExecTest, MissingProgramIs127) {
  const Kernel::Outcome outcome = Execute({"nothing"});
  EXPECT_EQ(outcome.status.code, 127);
  EXPECT_EQ(outcome.stderr_bytes, "env: ‘nothing’: No such file or directory\n");
  EXPECT_EQ(Execute({"/no/such"}).status.code, 127);
  EXPECT_EQ(Execute({""}).status.code, 127);
}

TEST_F(ExecTest, WhatIsNotExecutableIs126) {
  files_["/tmp/f"] = "#!/bin/args\n";
  plain_ = {"/tmp/f"};
  EXPECT_EQ(Execute({"./f"}).status.code, 126);
  EXPECT_EQ(Execute({"/tmp"}).stderr_bytes, "env: ‘/tmp’: Permission denied\n");
}

TEST_F(ExecTest, RunsScriptsWithTheirInterpreter) {
  files_["/tmp/s"] = "#! /bin/args  -x y \nrest";
  EXPECT_EQ(Execute({"./s", "1", "2"}).stdout_bytes, "[/bin/args][-x y][./s][1][2]");
  files_["/tmp/s"] = "#!/bin/args";
  EXPECT_EQ(Execute({"/tmp/s"}).stdout_bytes, "[/bin/args][/tmp/s]");
}

TEST_F(ExecTest, InterpreterMayBeAScript) {
  files_["/tmp/one"] = "#!/bin/args first\n";
  files_["/tmp/two"] = "#!/tmp/one second\n";
  EXPECT_EQ(Execute({"./two", "x"}).stdout_bytes, "[/bin/args][first][/tmp/one][second][./two][x]");
  files_["/tmp/loop"] = "#!/tmp/loop\n";
  EXPECT_EQ(Execute({"./loop"}).status.code, 126);
}

TEST_F(ExecTest, MissingInterpreterIs127) {
  files_["/tmp/s"] = "#!/no/such\n";
  EXPECT_EQ(Execute({"./s"}).status.code, 127);
}

TEST_F(ExecTest, TextWithoutInterpreterGoesToTheShell) {
  files_["/tmp/s"] = "echo hi\n";
  EXPECT_EQ(Execute({"./s", "x"}).stdout_bytes, "[sh][./s][x]");
}

TEST_F(ExecTest, CopyOfAProgramIsTheProgram) {
  RunAlone(
      [](Process& process) {
        FileSystem& files = process.files();
        EXPECT_TRUE(files.WriteFile("/tmp/p", files.ReadFile("/bin/args").value(), 0755));
        EXPECT_EQ(process.FindProgram("./p", "")->file, "./p");
        EXPECT_EQ(process.FindProgram("p", "/none::/bin")->file, "./p");
        EXPECT_EQ(process.FindProgram("args", "/none:/bin")->file, "/bin/args");
        EXPECT_TRUE(files.Unlink("/usr/bin/args"));
        EXPECT_EQ(process.FindProgram("args", "/bin").error(),
                  std::errc::no_such_file_or_directory);
        return 0;
      },
      {{"args", PrintArgs}});
}

}  // namespace
}  // namespace computesdk::in_memory
