#include "conformance/checks/leftovers.h"

#include <cstddef>
#include <set>
#include <sstream>
#include <vector>

namespace computesdk::conformance {
namespace {

// A provider that runs on a machine with other work has no few files there.
constexpr std::size_t kFew = 50;

std::set<std::string> Files(CheckContext& ctx, const Box& box) {
  std::istringstream lines(ctx.Observe(
      box,
      "for d in /tmp /tmp/* \"$HOME\" \"$PWD\"; do for f in \"$d\"/* \"$d\"/.[!.]*; do "
      "if [ -f \"$f\" ] && [ ! -L \"$f\" ]; then printf '%s\\n' \"$f\"; fi; done; done"));
  std::set<std::string> files;
  for (std::string line; std::getline(lines, line);) files.insert(line);
  return files;
}

}  // namespace

void ExpectNoCopies(CheckContext& ctx, const Box& box,
                    const std::function<void(const std::string& word)>& use) {
  const std::string word = ctx.Unique() + ctx.Unique();
  const std::set<std::string> before = Files(ctx, box);
  use(word);
  std::vector<std::string> suspects;
  for (const std::string& file : Files(ctx, box)) {
    if (before.size() <= kFew || !before.contains(file)) suspects.push_back(file);
  }
  if (suspects.empty()) return;
  if (suspects.size() > kFew) suspects.resize(kFew);
  // In two halves: a copy of this very line, which is being run, does not hold the word.
  std::string line = "w=" + word.substr(0, word.size() / 2) + "; w=$w" +
                     word.substr(word.size() / 2) + "; for f in";
  for (const std::string& file : suspects) line += " " + ShellQuote(file);
  line +=
      "; do if [ \"$(wc -c < \"$f\")\" -lt 65536 ]; then case $(cat \"$f\") in *\"$w\"*) "
      "printf '%s\\n' \"$f\";; esac; fi; done; :";
  ctx.ExpectBytes(ctx.Observe(box, line), "",
                  "files that hold a word which the provider was given to carry");
}

}  // namespace computesdk::conformance
