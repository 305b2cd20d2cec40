// Runs random scripts by the thousand, for people at work on the shell, and prints every one that
// bash and the in-memory provider disagree about, made small:
//   bazel run //mocks/differential:collect_differences -- SEED COUNT
// Unlike the test it goes on after a difference. The last line says how many scripts ran.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "mocks/differential/outcome.h"
#include "mocks/differential/random_script.h"

namespace computesdk::differential {
namespace {

std::string Scratch() { return std::filesystem::temp_directory_path(); }

// Takes away and lowers choices as long as the scripts still differ.
class Shrinker {
 public:
  Shrinker(std::vector<Choices> lines, Difference found)
      : lines_(std::move(lines)), script_(MakeRandomScript(lines_)), found_(std::move(found)) {}

  void Run() {
    std::size_t before = 0;
    do {
      before = script_.size();
      for (std::size_t i = lines_.size(); i-- > 1;) {
        std::vector<Choices> without = lines_;
        without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
        (void)Try(std::move(without));
      }
      for (std::size_t i = 0; i < lines_.size(); ++i) Shorten(i);
    } while (script_.size() < before && left_ > 0);
  }

  const std::string& script() const { return script_; }
  const Difference& found() const { return found_; }

 private:
  void Shorten(std::size_t line) {
    for (std::size_t size = lines_[line].size() / 2; size > 0; size /= 2) {
      for (std::size_t at = 0; at + size <= lines_[line].size();) {
        std::vector<Choices> shorter = lines_;
        const auto begin = shorter[line].begin() + static_cast<std::ptrdiff_t>(at);
        shorter[line].erase(begin, begin + static_cast<std::ptrdiff_t>(size));
        if (!Try(std::move(shorter))) at += size;
      }
    }
    for (std::size_t i = 0; i < lines_[line].size(); ++i) {
      if (lines_[line][i] == 0) continue;
      std::vector<Choices> lower = lines_;
      lower[line][i] = 0;
      (void)Try(std::move(lower));
    }
  }

  bool Try(std::vector<Choices> lines) {
    std::string script = MakeRandomScript(lines);
    if (script != script_) {
      if (left_ == 0) return false;
      --left_;
      auto difference = FindDifference(script, Scratch(), 1);
      if (!difference) return false;
      script_ = std::move(script);
      found_ = std::move(*difference);
    }
    lines_ = std::move(lines);
    return true;
  }

  std::vector<Choices> lines_;
  std::string script_;
  Difference found_;
  int left_ = 400;  // Scripts to try.
};

std::vector<Choices> RandomLines(std::uint64_t seed) {
  constexpr std::size_t kMostLines = 9;
  constexpr std::size_t kMostChoices = 60;
  constexpr std::uint16_t kMostChoice = 10'000;
  std::mt19937_64 random(seed);
  std::vector<Choices> lines(2 + random() % (kMostLines - 1));
  for (Choices& line : lines) {
    line.resize(random() % kMostChoices);
    for (std::uint16_t& choice : line) choice = static_cast<std::uint16_t>(random() % kMostChoice);
  }
  return lines;
}

int Main(std::uint64_t seed, std::uint64_t count) {
  constexpr std::uint64_t kSeedsApart = 1'000'003;
  constexpr std::chrono::seconds kSlow(5);
  using std::chrono::steady_clock;
  const auto start = steady_clock::now();
  int differ = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::vector<Choices> lines = RandomLines(seed * kSeedsApart + i);
    const std::string script = MakeRandomScript(lines);
    const auto begin = steady_clock::now();
    const bool agrees = !FindDifference(script, Scratch(), 1);
    if (steady_clock::now() - begin > kSlow) std::cout << "##### slow\n" << script << "\n";
    if (agrees) continue;
    auto found = FindDifference(script, Scratch());
    if (!found) continue;
    Shrinker shrinker(lines, std::move(*found));
    shrinker.Run();
    ++differ;
    std::cout << "##### " << seed << ":" << i << "\n"
              << shrinker.script() << shrinker.found() << std::endl;
  }
  std::cout << "##### seed " << seed << ": " << count << " scripts, " << differ << " differ, "
            << std::chrono::duration<double>(steady_clock::now() - start).count() << " s"
            << std::endl;
  return differ == 0 ? 0 : 1;
}

}  // namespace
}  // namespace computesdk::differential

int main(int argc, char** argv) {
  constexpr int kArguments = 3;
  if (argc != kArguments) {
    std::cerr << "usage: collect_differences SEED COUNT\n";
    return 2;
  }
  return computesdk::differential::Main(std::strtoull(argv[1], nullptr, 0),
                                        std::strtoull(argv[2], nullptr, 0));
}
