#include "mocks/in_memory/kernel/file_locks.h"

#include <fcntl.h>

#include <chrono>
#include <csignal>
#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/testing.h"

namespace computesdk::in_memory {
namespace {

OpenFilePtr OpenLock(Process& process) {
  return *process.OpenDescription("lock", O_CREAT | O_RDONLY);
}

TEST(FileLocksTest, OneDescriptionHasAnExclusiveLock) {
  RunAlone([](Process& process) {
    const OpenFilePtr one = OpenLock(process);
    const OpenFilePtr other = OpenLock(process);
    EXPECT_TRUE(LockFile(process, *one, FileLock::kExclusive, false));
    EXPECT_TRUE(LockFile(process, *one, FileLock::kExclusive, false));
    EXPECT_EQ(LockFile(process, *other, FileLock::kShared, false).error(),
              std::errc::operation_would_block);
    EXPECT_TRUE(LockFile(process, *one, FileLock::kNone, false));
    EXPECT_TRUE(LockFile(process, *other, FileLock::kExclusive, false));
    return 0;
  });
}

TEST(FileLocksTest, SharedLocksStandBesideEachOther) {
  RunAlone([](Process& process) {
    const OpenFilePtr one = OpenLock(process);
    const OpenFilePtr other = OpenLock(process);
    EXPECT_TRUE(LockFile(process, *one, FileLock::kShared, false));
    EXPECT_TRUE(LockFile(process, *other, FileLock::kShared, false));
    EXPECT_EQ(LockFile(process, *one, FileLock::kExclusive, false).error(),
              std::errc::operation_would_block);
    return 0;
  });
}

TEST(FileLocksTest, ClosingGivesTheLockUpToWhoWaits) {
  const Kernel::Outcome outcome = RunAlone([](Process& process) {
    OpenFilePtr lock = OpenLock(process);
    EXPECT_TRUE(LockFile(process, *lock, FileLock::kExclusive, false));
    SpawnOptions child;
    child.args = {"child"};
    const auto pid = process.Spawn(std::move(child), [](Process& waiter) {
      const OpenFilePtr mine = OpenLock(waiter);
      EXPECT_TRUE(LockFile(waiter, *mine, FileLock::kExclusive, true));
      Print(waiter, "child");
      return 0;
    });
    EXPECT_TRUE(process.Sleep(std::chrono::milliseconds(20)));
    Print(process, "parent ");
    lock.reset();
    EXPECT_TRUE(process.Wait(*pid));
    return 0;
  });
  EXPECT_EQ(outcome.stdout_bytes, "parent child");
}

TEST(FileLocksTest, AnAlarmEndsTheWait) {
  RunAlone([](Process& process) {
    const OpenFilePtr one = OpenLock(process);
    const OpenFilePtr other = OpenLock(process);
    EXPECT_TRUE(LockFile(process, *one, FileLock::kExclusive, false));
    process.SetSignalAction(SIGALRM, SignalAction::kHandle);
    process.SetAlarm(process.clock().Now() + std::chrono::milliseconds(10));
    EXPECT_EQ(LockFile(process, *other, FileLock::kExclusive, true).error(),
              std::errc::interrupted);
    EXPECT_EQ(process.TakeSignal(), SIGALRM);
    return 0;
  });
}

TEST(FileLocksTest, APipeHasNone) {
  RunAlone([](Process& process) {
    const auto [reader, writer] = MakePipe();
    EXPECT_EQ(LockFile(process, *reader, FileLock::kShared, false).error(),
              std::errc::no_lock_available);
    return 0;
  });
}

}  // namespace
}  // namespace computesdk::in_memory
