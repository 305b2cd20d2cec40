#include "providers/local/sandbox_store.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace computesdk::local {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class SandboxStoreTest : public testing::Test {
 protected:
  ~SandboxStoreTest() override { fs::remove_all(root_); }

  std::unique_ptr<SandboxStore> Open(std::vector<std::string>* half_destroyed = nullptr) const {
    auto store = SandboxStore::Open(root_, [half_destroyed](const std::string& id) {
      if (half_destroyed != nullptr) half_destroyed->push_back(id);
    });
    EXPECT_TRUE(store) << store.error();
    return std::move(*store);
  }

  // Does that in another process, which dies at once then.
  static void InAProcessThatIsKilled(const std::function<void()>& body) {
    const pid_t child = ::fork();
    if (child == 0) {
      body();
      ::_exit(0);  // Without a destructor.
    }
    ::waitpid(child, nullptr, 0);
  }

  const fs::path root_ =
      fs::path(testing::TempDir()) / ("sandbox store " + std::to_string(::getpid()));
};

TEST_F(SandboxStoreTest, KeepsARecordForTheNextProcess) {
  const CreateSandboxOptions options{
      .runtime = "bash",
      .timeout = Milliseconds(60'000),
      .envs = {{"A", "ä b"}},
      .metadata = Metadata(nlohmann::json{{"nested", {{"list", {1, 2.5, nullptr}}}}})};
  const SandboxRecord made = Open()->Create(options).value();
  const std::optional<SandboxRecord> found = Open()->Find(made.id).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->options, options);
  EXPECT_EQ(found->created_at, made.created_at);
  EXPECT_EQ(found->EndsAt(), made.created_at + Milliseconds(60'000));
}

TEST_F(SandboxStoreTest, TakesAwayAtOnceAndDiscardsWhole) {
  const auto store = Open();
  const std::string id = store->Create({}).value().id;
  std::ofstream(store->HomePath(id) + "/file") << "x";
  ASSERT_TRUE(store->TakeAway(id));
  EXPECT_FALSE(store->Has(id));
  EXPECT_THAT(store->List().value(), IsEmpty());
  EXPECT_EQ(store->TakeAway(id).error().code, ErrorCode::kNotFound);
  // A command that runs on, and makes its folder anew.
  fs::create_directories(store->HomePath(id) + "/again");
  ASSERT_TRUE(store->Discard(id));
  EXPECT_FALSE(fs::exists(root_ / id));
  EXPECT_TRUE(fs::is_empty(store->staging().path()));
}

TEST_F(SandboxStoreTest, TakesAwayWhenNobodyHoldsItAnyMore) {
  const std::unique_ptr<SandboxStore> store = Open();
  const SandboxRecord record = store->Create({}).value();
  std::optional<Descriptor> held = store->Hold(record.id).value();
  std::atomic<bool> taken = false;
  std::thread taker([&] {
    EXPECT_TRUE(store->TakeAway(record.id));
    taken = true;
  });
  while (store->Has(record.id)) std::this_thread::yield();
  EXPECT_EQ(store->Hold(record.id).error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(taken);
  held.reset();
  taker.join();
  EXPECT_EQ(store->Hold("local-../x").error().code, ErrorCode::kNotFound);
}

TEST_F(SandboxStoreTest, FinishesWhatAProcessThatWasKilledHadBegun) {
  const std::string id = Open()->Create({}).value().id;
  InAProcessThatIsKilled([&] { (void)Open().release()->TakeAway(id); });
  EXPECT_FALSE(fs::exists(root_ / id));
  std::vector<std::string> half_destroyed;
  const auto store = Open(&half_destroyed);
  EXPECT_THAT(half_destroyed, ElementsAre(id));
  // Nothing but its own folder.
  EXPECT_EQ(std::distance(fs::directory_iterator(root_ / ".staging"), {}), 1);
}

TEST_F(SandboxStoreTest, FinishesAtItsEndWhatAProcessLeftMeanwhile) {
  std::vector<std::string> half_destroyed;
  auto store = Open(&half_destroyed);
  const std::string id = store->Create({}).value().id;
  InAProcessThatIsKilled([&] { (void)Open().release()->TakeAway(id); });
  store.reset();
  EXPECT_THAT(half_destroyed, ElementsAre(id));
  EXPECT_TRUE(fs::is_empty(root_ / ".staging"));
}

TEST_F(SandboxStoreTest, LeavesTheStagingOfTheLivingAlone) {
  const auto first = Open();
  const std::string id = first->Create({}).value().id;
  ASSERT_TRUE(first->TakeAway(id));
  std::vector<std::string> half_destroyed;
  const auto second = Open(&half_destroyed);
  EXPECT_THAT(half_destroyed, IsEmpty());
  EXPECT_TRUE(fs::exists(first->staging().path() + "/" + id));
}

TEST_F(SandboxStoreTest, RemovesAFolderWithoutARecord) {
  const std::string id = Open()->Create({}).value().id;
  fs::remove(root_ / id / "sandbox.json");
  fs::create_directories(root_ / "something else");
  Open();
  EXPECT_FALSE(fs::exists(root_ / id));
  EXPECT_TRUE(fs::exists(root_ / "something else"));
}

TEST_F(SandboxStoreTest, TakesNoIdForAPath) {
  const auto store = Open();
  for (const std::string id :
       {"", ".", "..", ".staging", "local-", "local-../x", "local-0/..", "LOCAL-00", "local-g"}) {
    EXPECT_FALSE(store->Has(id)) << id;
    EXPECT_FALSE(store->Find(id).value()) << id;
    EXPECT_EQ(store->TakeAway(id).error().code, ErrorCode::kNotFound) << id;
  }
  EXPECT_TRUE(fs::exists(root_ / ".staging"));
}

TEST_F(SandboxStoreTest, FailsWhereTheRootIsAFile) {
  fs::create_directories(root_.parent_path());
  std::ofstream(root_) << "a file";
  const auto store = SandboxStore::Open(root_, [](const std::string&) {});
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, ::testing::HasSubstr(root_.string()));
}

}  // namespace
}  // namespace computesdk::local
