#include "mocks/in_memory/kernel/kernel.h"

#include <atomic>
#include <chrono>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/testing.h"
#include "mocks/in_memory/kernel/thread_pool.h"

namespace computesdk::in_memory {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::SizeIs;

class KernelTest : public testing::Test {
 protected:
  Kernel::Outcome Run(const Main& main, std::chrono::nanoseconds limit = seconds(20)) {
    return kernel_.Run(TestProgram(), main, RealClock().Now() + limit);
  }

  // A moment after the processes that somebody killed have the time to end.
  bool NothingRunsSoon() {
    const auto until = RealClock().Now() + seconds(10);
    while (!kernel_.Processes().empty()) {
      if (RealClock().Now() > until) return false;
      std::this_thread::yield();
    }
    return true;
  }

  Kernel kernel_{RealClock(), {}, std::make_shared<ProgramTable>()};
};

TEST_F(KernelTest, GivesOutputAndCode) {
  const Kernel::Outcome outcome = Run([](Process& process) {
    (void)process.Write(1, std::string("out\0", 4));
    (void)process.Write(2, "err");
    return 42;
  });
  EXPECT_EQ(outcome.stdout_bytes, std::string("out\0", 4));
  EXPECT_EQ(outcome.stderr_bytes, "err");
  EXPECT_EQ(outcome.status, (ExitStatus{.code = 42}));
  EXPECT_FALSE(outcome.deadline_exceeded);
}

TEST_F(KernelTest, StandardInputIsEmpty) {
  const Kernel::Outcome outcome =
      Run([](Process& process) { return process.ReadAll(0) == "" ? 0 : 1; });
  EXPECT_EQ(outcome.status.code, 0);
}

TEST_F(KernelTest, ExitUnwinds) {
  bool cleaned = false;
  struct Guard {
    bool& flag;
    ~Guard() { flag = true; }
  };
  const Kernel::Outcome outcome = Run([&](Process& process) -> int {
    Guard guard{cleaned};
    process.Exit(256 + 7);
  });
  EXPECT_EQ(outcome.status.code, 7);
  EXPECT_TRUE(cleaned);
}

TEST_F(KernelTest, ProgramThatThrowsIsAborted) {
  EXPECT_EQ(Run([](Process&) -> int { throw std::runtime_error("x"); }).status.signal, SIGABRT);
}

TEST_F(KernelTest, DeadlineEndsABusyLoop) {
  const Kernel::Outcome outcome = Run(
      [](Process& process) {
        Print(process, "before");
        return BusyLoop(process);
      },
      milliseconds(20));
  EXPECT_TRUE(outcome.deadline_exceeded);
  EXPECT_EQ(outcome.status.signal, SIGKILL);
  EXPECT_EQ(outcome.stdout_bytes, "before");
}

TEST_F(KernelTest, DeadlineEndsASleep) {
  const auto begin = RealClock().Now();
  EXPECT_TRUE(Run(SleepLong, milliseconds(20)).deadline_exceeded);
  EXPECT_GE(RealClock().Now() - begin, milliseconds(20));
  EXPECT_LT(RealClock().Now() - begin, seconds(5));
}

TEST_F(KernelTest, DeadlineThatIsOverRunsNothing) {
  bool ran = false;
  const Kernel::Outcome outcome = Run(
      [&](Process&) {
        ran = true;
        return 0;
      },
      -seconds(1));
  EXPECT_TRUE(outcome.deadline_exceeded);
  EXPECT_FALSE(ran);
}

TEST_F(KernelTest, DeadlineEndsTheWholeTree) {
  const Kernel::Outcome outcome = Run(
      [](Process& process) {
        (void)process.Spawn({}, BusyLoop);
        SpawnOptions apart;
        apart.new_group = true;
        (void)process.Spawn(std::move(apart), [](Process& child) {
          (void)child.Spawn({}, SleepLong);
          return SleepLong(child);
        });
        (void)process.Call({}, SleepLong);
        return 0;
      },
      milliseconds(30));
  EXPECT_TRUE(outcome.deadline_exceeded);
  EXPECT_TRUE(NothingRunsSoon());
}

TEST_F(KernelTest, BackgroundOutlivesItsCommand) {
  const Kernel::Outcome outcome = Run(
      [](Process& process) {
        (void)process.Spawn({}, [](Process& child) {
          child.Sleep(milliseconds(60));
          (void)child.files().WriteFile("/tmp/done", "yes");
          return 0;
        });
        return 0;
      },
      milliseconds(30));
  EXPECT_FALSE(outcome.deadline_exceeded);
  EXPECT_EQ(kernel_.Processes().size(), 1u);
  EXPECT_TRUE(NothingRunsSoon());
  kernel_.WithTurn([](FileSystem& files) { EXPECT_EQ(files.ReadFile("/tmp/done"), "yes"); });
}

TEST_F(KernelTest, StartReturnsAtOnce) {
  SpawnOptions options = TestProgram();
  const IoResult<int> pid = kernel_.Start(std::move(options), [](Process& process) {
    Print(process, "lost");
    process.Sleep(milliseconds(10));
    (void)process.files().WriteFile("/tmp/pid", std::to_string(process.pid()));
    return 0;
  });
  ASSERT_TRUE(pid);
  EXPECT_TRUE(NothingRunsSoon());
  kernel_.WithTurn(
      [&](FileSystem& files) { EXPECT_EQ(files.ReadFile("/tmp/pid"), std::to_string(*pid)); });
}

TEST_F(KernelTest, TwoBusyCommandsTakeTurns) {
  std::atomic<int> done{0};
  auto count = [&](Process& process) {
    const auto begin = std::chrono::steady_clock::now();
    // Each sees the other's progress only if the turn passes between them.
    ++done;
    while (done < 2 && std::chrono::steady_clock::now() - begin < seconds(10)) {
      process.Checkpoint();
    }
    return done >= 2 ? 0 : 1;
  };
  std::thread other([&] { EXPECT_EQ(Run(count).status.code, 0); });
  EXPECT_EQ(Run(count).status.code, 0);
  other.join();
}

TEST_F(KernelTest, FileAccessFromOutsideWaitsForNoBusyLoop) {
  std::thread busy([&] { (void)Run(BusyLoop); });
  while (kernel_.Processes().empty()) std::this_thread::yield();
  const auto begin = RealClock().Now();
  for (int i = 0; i < 10; ++i) {
    kernel_.WithTurn([](FileSystem& files) { EXPECT_TRUE(files.WriteFile("/tmp/f", "x")); });
  }
  EXPECT_LT(RealClock().Now() - begin, seconds(2));
  kernel_.Stop();
  busy.join();
}

TEST_F(KernelTest, StopEndsWhatRunsAndWhatComes) {
  std::vector<std::thread> threads;
  for (const Main& main : std::vector<Main>{BusyLoop, SleepLong, BusyLoop}) {
    threads.emplace_back([&, main] { EXPECT_EQ(Run(main).status.signal, SIGKILL); });
  }
  while (kernel_.Processes().size() < 3) std::this_thread::yield();
  const auto begin = RealClock().Now();
  kernel_.Stop();
  for (std::thread& thread : threads) thread.join();
  EXPECT_LT(RealClock().Now() - begin, seconds(2));
  EXPECT_EQ(Run([](Process&) { return 0; }).status.signal, SIGKILL);
}

TEST_F(KernelTest, WhoWaitsWhenItIsStoppedEnds) {
  for (const bool any : {false, true}) {
    Kernel kernel(RealClock(), {}, std::make_shared<ProgramTable>());
    bool survived = false;
    (void)kernel.Run(TestProgram(), [&](Process& process) {
      const auto pid = process.Spawn({}, SleepLong);
      kernel.Stop();
      // A shell that was interrupted waits on.
      for (int i = 0; i < 100; ++i) {
        if (any) {
          (void)process.WaitAny();
        } else {
          (void)process.Wait(*pid);
        }
      }
      survived = true;
      return 0;
    });
    EXPECT_FALSE(survived) << any;
  }
}

TEST_F(KernelTest, NoMoreProcessesThanTheLimit) {
  Kernel kernel(RealClock(), {.processes = 10}, std::make_shared<ProgramTable>());
  const Kernel::Outcome outcome = kernel.Run(TestProgram(), [](Process& process) {
    int started = 0;
    while (process.Spawn({}, SleepLong)) ++started;
    EXPECT_EQ(process.Spawn({}, SleepLong).error(), std::errc::resource_unavailable_try_again);
    EXPECT_EQ(process.Call({}, SleepLong).error(), std::errc::resource_unavailable_try_again);
    return started;
  });
  EXPECT_EQ(outcome.status.code, 9);
}

TEST_F(KernelTest, OutputEndsAtItsLimit) {
  const Kernel::Outcome outcome = RunAlone(
      [](Process& process) {
        EXPECT_TRUE(process.Write(1, "12345678"));
        EXPECT_EQ(process.Write(1, "9abc").error(), std::errc::no_space_on_device);
        return 0;
      },
      {}, {.output_bytes = 10});
  EXPECT_EQ(outcome.stdout_bytes, "123456789a");
}

TEST_F(KernelTest, StepsOfACommandAndItsChildrenEndAtTheirLimit) {
  int steps = 0;
  int child_steps = 0;
  const Kernel::Outcome outcome = RunAlone(
      [&](Process& process) {
        (void)process.Call({}, [&](Process& child) {
          for (; child_steps < 600; ++child_steps) child.Checkpoint();
          return 0;
        });
        while (true) {
          process.Checkpoint();
          ++steps;
        }
        return 0;
      },
      {}, {.steps = 1'000});
  EXPECT_EQ(outcome.status, (ExitStatus{.code = 0, .signal = SIGXCPU}));
  EXPECT_FALSE(outcome.deadline_exceeded);
  EXPECT_EQ(child_steps, 600);
  EXPECT_LT(steps, 600);
}

TEST_F(KernelTest, HundredsOfProcessesComeAndGo) {
  const Kernel::Outcome outcome = Run([](Process& process) {
    for (int i = 0; i < 200; ++i) {
      EXPECT_TRUE(process.Spawn({}, [i](Process&) { return i & 1; }));
    }
    int ones = 0;
    for (int i = 0; i < 200; ++i) ones += process.WaitAny()->second.code;
    EXPECT_EQ(process.WaitAny().error(), std::errc::no_child_process);
    return ones;
  });
  EXPECT_EQ(outcome.status.code, 100);
}

TEST_F(KernelTest, ThreadsAreUsedAgain) {
  auto spawn_one = [](Process& process) {
    const int pid = process.Spawn({}, [](Process&) { return 3; }).value();
    return process.Wait(pid).value()->code;
  };
  EXPECT_EQ(Run(spawn_one).status.code, 3);
  const int threads = PoolThreadCount();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Run(spawn_one).status.code, 3);
  // A thread rests a moment after its process has ended, so that now and then a second is made.
  EXPECT_LE(PoolThreadCount(), threads + 3);
}

TEST_F(KernelTest, ProcessesBeginInTheOrderOfTheirMakingAndFollowOneAnotherOnAThread) {
  std::vector<int> order;
  std::set<std::thread::id> threads;
  Run([&](Process& process) {
    for (int i = 0; i < 8; ++i) {
      EXPECT_TRUE(process.Spawn({}, [&, i](Process&) {
        order.push_back(i);
        threads.insert(std::this_thread::get_id());
        return 0;
      }));
    }
    while (process.WaitAny()) {
    }
    return 0;
  });
  EXPECT_THAT(order, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7));
  EXPECT_THAT(threads, SizeIs(1));
}

TEST_F(KernelTest, AChildThatIsNextRunsHereAndNoOther) {
  const Kernel::Outcome outcome = Run([&](Process& process) {
    std::vector<std::thread::id> threads(2);
    std::vector<int> pids;
    for (std::thread::id& thread : threads) {
      pids.push_back(*process.Spawn({}, [&thread](Process&) {
        thread = std::this_thread::get_id();
        return 7;
      }));
    }
    process.RunHere(pids[1]);
    EXPECT_EQ(threads[1], std::thread::id());
    process.RunHere(pids[0]);
    EXPECT_EQ(threads[0], std::this_thread::get_id());
    EXPECT_EQ(process.Wait(pids[1]).value()->code, 7);
    EXPECT_NE(threads[1], std::this_thread::get_id());
    process.RunHere(pids[1]);
    return process.Wait(pids[0]).value()->code;
  });
  EXPECT_EQ(outcome.status.code, 7);
}

TEST_F(KernelTest, WhoIsKilledWhileAChildRunsHereEndsWithIt) {
  const Kernel::Outcome outcome = Run([&](Process& process) {
    const int pid = *process.Spawn({}, [parent = process.pid()](Process& child) {
      (void)child.Kill(parent, SIGKILL);
      child.Checkpoint();
      ADD_FAILURE() << "the child goes on";
      return 0;
    });
    process.RunHere(pid);
    ADD_FAILURE() << "the parent goes on";
    return 0;
  });
  EXPECT_EQ(outcome.status.signal, SIGKILL);
  EXPECT_TRUE(NothingRunsSoon());
}

TEST_F(KernelTest, DestructionEndsEverythingManyTimes) {
  for (int i = 0; i < 200; ++i) {
    Kernel kernel(RealClock(), {}, std::make_shared<ProgramTable>());
    (void)kernel.Run(TestProgram(), [](Process& process) {
      (void)process.Spawn({}, BusyLoop);
      (void)process.Spawn({}, SleepLong);
      auto [reader, writer] = MakePipe();
      SpawnOptions options;
      options.files[0] = reader;
      options.files[5] = writer;
      (void)process.Spawn(std::move(options), [](Process& child) {
        return static_cast<int>(child.ReadAll(0)->size());
      });
      return 0;
    });
  }
}

TEST_F(KernelTest, StopRacesWithCommands) {
  for (int i = 0; i < 100; ++i) {
    Kernel kernel(RealClock(), {}, std::make_shared<ProgramTable>());
    std::vector<std::thread> threads;
    for (int j = 0; j < 3; ++j) {
      threads.emplace_back([&] {
        (void)kernel.Run(TestProgram(), [](Process& process) {
          while (true) {
            (void)process.Spawn({}, [](Process&) { return 0; });
            (void)process.WaitAny();
          }
          return 0;
        });
      });
    }
    if (i % 2 == 0) std::this_thread::yield();
    kernel.Stop();
    for (std::thread& thread : threads) thread.join();
  }
}

}  // namespace
}  // namespace computesdk::in_memory
