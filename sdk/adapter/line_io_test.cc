#include <unistd.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "gtest/gtest.h"
#include "sdk/adapter/descriptor.h"
#include "sdk/adapter/line_reader.h"
#include "sdk/adapter/line_writer.h"

namespace computesdk::adapter {
namespace {

using Event = LineReader::Event;
using Outcome = LineWriter::Outcome;

class LineReaderTest : public testing::Test {
 protected:
  void Write(std::string_view bytes) { ASSERT_TRUE(WriteFully(pipe_.write.get(), bytes)); }

  Pipe pipe_ = *MakePipe();
};

TEST_F(LineReaderTest, CutsAtLineFeedsAlone) {
  Write(std::string("one\r\n\ntwo\0three\n", 16));
  LineReader reader(pipe_.read.get());
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line(), "one\r");
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line(), "");
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line(), std::string_view("two\0three", 9));
}

TEST_F(LineReaderTest, GivesWhatIsLeftAtTheEnd) {
  Write("whole\npart");
  pipe_.write.Close();
  LineReader reader(pipe_.read.get());
  ASSERT_EQ(reader.Next(), Event::kLine);
  ASSERT_EQ(reader.Next(), Event::kFragment);
  EXPECT_EQ(reader.line(), "part");
  EXPECT_EQ(reader.Next(), Event::kEnd);
}

TEST_F(LineReaderTest, KeepsPartOfALineWhenTheDeadlineComes) {
  Write("pa");
  LineReader reader(pipe_.read.get());
  EXPECT_EQ(reader.Next(Clock::now()), Event::kTimedOut);
  Write("rt\n");
  ASSERT_EQ(reader.Next(Clock::now()), Event::kLine);
  EXPECT_EQ(reader.line(), "part");
  EXPECT_EQ(reader.Next(Clock::now()), Event::kTimedOut);
}

TEST_F(LineReaderTest, EndsAtTheDeadlineThoughBytesKeepComing) {
  std::atomic<bool> over = false;
  std::thread writer([&] {
    while (!over && WriteFully(pipe_.write.get(), "xxxxxxxx")) {
    }
  });
  LineReader reader(pipe_.read.get());
  EXPECT_EQ(reader.Next(DeadlineAfter(Milliseconds(20))), Event::kTimedOut);
  over = true;
  pipe_.read.Close();
  writer.join();
}

TEST_F(LineReaderTest, JoinsALineThatComesInPieces) {
  const std::string line(3'000'000, 'x');
  std::thread writer([&] {
    EXPECT_TRUE(WriteFully(pipe_.write.get(), line + "\nnext\n"));
    pipe_.write.Close();
  });
  LineReader reader(pipe_.read.get());
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line(), line);
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line(), "next");
  EXPECT_EQ(reader.Next(), Event::kEnd);
  writer.join();
}

TEST_F(LineReaderTest, ReportsALineOverTheLimitOnceAndGoesOn) {
  for (const int length : {11, 100, 200'000}) {
    Pipe pipe = *MakePipe();
    std::thread writer([&] {
      EXPECT_TRUE(WriteFully(pipe.write.get(), std::string(length, 'x') + "\n0123456789\n"));
    });
    LineReader reader(pipe.read.get(), -1, /*max_line_bytes=*/10);
    ASSERT_EQ(reader.Next(), Event::kTooLong);
    ASSERT_EQ(reader.Next(), Event::kLine);
    EXPECT_EQ(reader.line(), "0123456789");
    writer.join();
  }
}

TEST_F(LineReaderTest, StopsAfterWhatIsThere) {
  Pipe stop = *MakePipe();
  Write("one\ntw");
  stop.write.Close();
  LineReader reader(pipe_.read.get(), stop.read.get());
  EXPECT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.Next(), Event::kStopped);
}

class LineWriterTest : public testing::Test {
 protected:
  // More than a pipe takes.
  static std::string LongLine(char c) { return std::string(1 << 20, c) + "\n"; }
  static Deadline Soon() { return DeadlineAfter(Milliseconds(30)); }
  static Deadline Late() { return DeadlineAfter(Milliseconds(20'000)); }

  Pipe pipe_ = *MakePipe();
  LineWriter writer_{std::move(pipe_.write)};
};

TEST_F(LineWriterTest, EndsAtTheDeadlineWhenNobodyReads) {
  EXPECT_EQ(writer_.Write(LongLine('a'), Soon()), Outcome::kTimedOut);
  EXPECT_EQ(writer_.Write("b\n", Soon()), Outcome::kNotSent);
}

TEST_F(LineWriterTest, FinishesABegunLineBeforeTheNext) {
  EXPECT_EQ(writer_.Write(LongLine('a'), Soon()), Outcome::kTimedOut);
  EXPECT_EQ(writer_.Write("never\n", Soon()), Outcome::kNotSent);
  std::thread writing([&] { EXPECT_EQ(writer_.Write("b\n", Late()), Outcome::kWritten); });
  LineReader reader(pipe_.read.get());
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line().size(), LongLine('a').size() - 1);
  ASSERT_EQ(reader.Next(), Event::kLine);
  EXPECT_EQ(reader.line(), "b");
  writing.join();
}

TEST_F(LineWriterTest, KeepsTheLinesOfSeveralThreadsWhole) {
  std::vector<std::thread> threads;
  for (const char c : {'a', 'b', 'c', 'd'}) {
    threads.emplace_back(
        [this, c] { EXPECT_EQ(writer_.Write(LongLine(c), Late()), Outcome::kWritten); });
  }
  LineReader reader(pipe_.read.get());
  for (int i = 0; i < 4; ++i) {
    ASSERT_EQ(reader.Next(), Event::kLine);
    EXPECT_EQ(reader.line(), std::string(1 << 20, reader.line()[0]));
  }
  for (std::thread& thread : threads) thread.join();
}

TEST_F(LineWriterTest, OutlivesAReaderThatIsGone) {
  pipe_.read.Close();
  EXPECT_EQ(writer_.Write("a\n", Soon()), Outcome::kClosed);
}

TEST_F(LineWriterTest, CloseEndsAWriteInProgress) {
  std::thread writing([&] { EXPECT_EQ(writer_.Write(LongLine('a'), Late()), Outcome::kClosed); });
  std::string first(1, '\0');
  ASSERT_EQ(::read(pipe_.read.get(), first.data(), 1), 1);
  writer_.Close();
  writing.join();
  EXPECT_EQ(writer_.Write("b\n", Late()), Outcome::kClosed);
}

}  // namespace
}  // namespace computesdk::adapter
