#include "mocks/in_memory/utilities/compare/diff_discard.h"

#include <algorithm>

namespace computesdk::in_memory::diff {
namespace {

enum class Fate : unsigned char { kKept, kDiscarded, kProvisional };

using Fates = std::vector<Fate>;

// Roughly the square root of a quarter of it, as a power of two.
std::size_t Root(std::size_t number) {
  std::size_t root = 1;
  while ((number >>= 2) > 0) root *= 2;
  return root;
}

Fates FirstFates(const std::vector<std::size_t>& lines, const std::vector<std::size_t>& other) {
  std::size_t most = 0;
  for (const auto* file : {&lines, &other}) {
    for (const std::size_t line : *file) most = std::max(most, line);
  }
  std::vector<std::size_t> counts(most + 1);
  for (const std::size_t line : other) ++counts[line];
  const std::size_t many = 5 * Root(lines.size() / 64);
  Fates fates;
  fates.reserve(lines.size());
  for (const std::size_t line : lines) {
    fates.push_back(counts[line] == 0     ? Fate::kDiscarded
                    : counts[line] > many ? Fate::kProvisional
                                          : Fate::kKept);
  }
  return fates;
}

// A run of lines that may all go, from one that does to another.
class Run {
 public:
  Run(Fates& fates, std::size_t begin, std::size_t end)
      : fates_(fates), begin_(begin), length_(end - begin) {}

  void Settle() {
    const auto first = fates_.begin() + static_cast<std::ptrdiff_t>(begin_);
    const auto provisional =
        std::count(first, first + static_cast<std::ptrdiff_t>(length_), Fate::kProvisional);
    if (static_cast<std::size_t>(provisional) * 4 > length_) {
      std::replace(first, first + static_cast<std::ptrdiff_t>(length_), Fate::kProvisional,
                   Fate::kKept);
      return;
    }
    KeepLongSubruns();
    KeepNear([&](std::size_t i) -> Fate& { return fates_[begin_ + i]; });
    KeepNear([&](std::size_t i) -> Fate& { return fates_[begin_ + length_ - 1 - i]; });
  }

 private:
  // Many provisional ones in a row are no accident.
  void KeepLongSubruns() {
    const std::size_t minimum = Root(length_ / 4) + 1;
    std::size_t subrun = 0;
    for (std::size_t i = 0; i <= length_; ++i) {
      if (i < length_ && fates_[begin_ + i] == Fate::kProvisional) {
        ++subrun;
        continue;
      }
      if (subrun >= minimum) {
        const auto end = fates_.begin() + static_cast<std::ptrdiff_t>(begin_ + i);
        std::fill(end - static_cast<std::ptrdiff_t>(subrun), end, Fate::kKept);
      }
      subrun = 0;
    }
  }

  // Provisional ones near an end of the run stay, until three others in a row.
  template <typename At>
  void KeepNear(const At& at) {
    constexpr std::size_t kNear = 8;
    std::size_t others = 0;
    for (std::size_t i = 0; i < length_ && others < 3; ++i) {
      Fate& fate = at(i);
      if (i >= kNear && fate == Fate::kDiscarded) return;
      others = fate == Fate::kDiscarded ? others + 1 : 0;
      if (fate == Fate::kProvisional) fate = Fate::kKept;
    }
  }

  Fates& fates_;
  std::size_t begin_;
  std::size_t length_;
};

}  // namespace

std::vector<bool> DiscardedLines(const std::vector<std::size_t>& lines,
                                 const std::vector<std::size_t>& other) {
  Fates fates = FirstFates(lines, other);
  for (std::size_t begin = 0; begin < fates.size();) {
    if (fates[begin] != Fate::kDiscarded) {
      fates[begin++] = Fate::kKept;
      continue;
    }
    std::size_t end = begin;
    while (end < fates.size() && fates[end] != Fate::kKept) ++end;
    const std::size_t next = end;
    while (fates[end - 1] == Fate::kProvisional) fates[--end] = Fate::kKept;
    Run(fates, begin, end).Settle();
    begin = next;
  }
  std::vector<bool> discarded;
  discarded.reserve(fates.size());
  for (const Fate fate : fates) discarded.push_back(fate != Fate::kKept);
  return discarded;
}

}  // namespace computesdk::in_memory::diff
