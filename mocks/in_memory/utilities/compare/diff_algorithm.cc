#include "mocks/in_memory/utilities/compare/diff_algorithm.h"

#include <cstdint>

#include "mocks/in_memory/utilities/compare/diff_discard.h"

namespace computesdk::in_memory::diff {
namespace {

using Index = std::ptrdiff_t;

// One file on its way: the lines that are compared, and what was found to have changed.
struct Side {
  const std::vector<std::size_t>* lines = nullptr;
  std::vector<std::size_t> kept;       // Their numbers …
  std::vector<Index> places;           // … and where they stand.
  std::vector<unsigned char> changed;  // One in front and one behind, never changed.

  bool IsChanged(Index line) const { return changed[static_cast<std::size_t>(line + 1)] != 0; }
  void SetChanged(Index line, bool value) {
    changed[static_cast<std::size_t>(line + 1)] = value ? 1 : 0;
  }
};

class Comparer {
 public:
  Comparer(Process& process, Side& a, Side& b) : process_(process), a_(a), b_(b) {
    const std::size_t diagonals = a.kept.size() + b.kept.size() + 3;
    forward_.resize(diagonals);
    backward_.resize(diagonals);
    origin_ = static_cast<Index>(b.kept.size()) + 1;
  }

  void Run() {
    Compare(0, static_cast<Index>(a_.kept.size()), 0, static_cast<Index>(b_.kept.size()));
  }

 private:
  bool Same(Index x, Index y) const {
    return a_.kept[static_cast<std::size_t>(x)] == b_.kept[static_cast<std::size_t>(y)];
  }
  Index& Forward(Index diagonal) { return forward_[static_cast<std::size_t>(origin_ + diagonal)]; }
  Index& Backward(Index diagonal) {
    return backward_[static_cast<std::size_t>(origin_ + diagonal)];
  }

  void Compare(Index x_begin, Index x_end, Index y_begin, Index y_end) {
    while (x_begin < x_end && y_begin < y_end && Same(x_begin, y_begin)) ++x_begin, ++y_begin;
    while (x_begin < x_end && y_begin < y_end && Same(x_end - 1, y_end - 1)) --x_end, --y_end;
    if (x_begin == x_end) {
      for (; y_begin < y_end; ++y_begin) {
        b_.SetChanged(b_.places[static_cast<std::size_t>(y_begin)], true);
      }
    } else if (y_begin == y_end) {
      for (; x_begin < x_end; ++x_begin) {
        a_.SetChanged(a_.places[static_cast<std::size_t>(x_begin)], true);
      }
    } else {
      const auto [x, y] = Middle(x_begin, x_end, y_begin, y_end);
      Compare(x_begin, x, y_begin, y);
      Compare(x, x_end, y, y_end);
    }
  }

  // A point in the middle of a shortest path, where the searches from both ends meet.
  std::pair<Index, Index> Middle(Index x_begin, Index x_end, Index y_begin, Index y_end) {
    const Index low = x_begin - y_end;
    const Index high = x_end - y_begin;
    const Index from = x_begin - y_begin;
    const Index to = x_end - y_end;
    const bool odd = ((from - to) & 1) != 0;
    Index forward_low = from;
    Index forward_high = from;
    Index backward_low = to;
    Index backward_high = to;
    Forward(from) = x_begin;
    Backward(to) = x_end;
    while (true) {
      process_.Checkpoint();
      if (forward_low > low) {
        Forward(--forward_low - 1) = -1;
      } else {
        ++forward_low;
      }
      if (forward_high < high) {
        Forward(++forward_high + 1) = -1;
      } else {
        --forward_high;
      }
      for (Index d = forward_high; d >= forward_low; d -= 2) {
        const Index below = Forward(d - 1);
        const Index above = Forward(d + 1);
        Index x = below < above ? above : below + 1;
        Index y = x - d;
        while (x < x_end && y < y_end && Same(x, y)) ++x, ++y;
        Forward(d) = x;
        if (odd && backward_low <= d && d <= backward_high && Backward(d) <= x) return {x, y};
      }
      if (backward_low > low) {
        Backward(--backward_low - 1) = PTRDIFF_MAX;
      } else {
        ++backward_low;
      }
      if (backward_high < high) {
        Backward(++backward_high + 1) = PTRDIFF_MAX;
      } else {
        --backward_high;
      }
      for (Index d = backward_high; d >= backward_low; d -= 2) {
        const Index below = Backward(d - 1);
        const Index above = Backward(d + 1);
        Index x = below < above ? below : above - 1;
        Index y = x - d;
        while (x_begin < x && y_begin < y && Same(x - 1, y - 1)) --x, --y;
        Backward(d) = x;
        if (!odd && forward_low <= d && d <= forward_high && x <= Forward(d)) return {x, y};
      }
    }
  }

  Process& process_;
  Side& a_;
  Side& b_;
  std::vector<Index> forward_;
  std::vector<Index> backward_;
  Index origin_ = 0;
};

Side MakeSide(const std::vector<std::size_t>& lines, const std::vector<std::size_t>& other,
              Effort effort) {
  Side side;
  side.lines = &lines;
  side.changed.resize(lines.size() + 2);
  const std::vector<bool> discarded =
      effort == Effort::kMinimal ? std::vector<bool>(lines.size()) : DiscardedLines(lines, other);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (discarded[i]) {
      side.SetChanged(static_cast<Index>(i), true);
    } else {
      side.kept.push_back(lines[i]);
      side.places.push_back(static_cast<Index>(i));
    }
  }
  return side;
}

// Slides each run of changes as far down as it goes, merging it with those that it meets, and
// then back up to where a run of the other file stands, if it passed one.
void ShiftBoundaries(Process& process, Side& side, const Side& other) {
  const auto& lines = *side.lines;
  const auto count = static_cast<Index>(lines.size());
  const auto equal = [&](Index a, Index b) {
    return lines[static_cast<std::size_t>(a)] == lines[static_cast<std::size_t>(b)];
  };
  Index i = 0;
  Index j = 0;
  while (true) {
    process.Checkpoint();
    while (i < count && !side.IsChanged(i)) {
      while (other.IsChanged(j++)) {
      }
      ++i;
    }
    if (i == count) return;
    Index start = i;
    while (side.IsChanged(++i)) {
    }
    while (other.IsChanged(j)) ++j;

    Index length = 0;
    Index corresponding = 0;
    do {
      length = i - start;
      while (start > 0 && equal(start - 1, i - 1)) {
        side.SetChanged(--start, true);
        side.SetChanged(--i, false);
        while (side.IsChanged(start - 1)) --start;
        while (other.IsChanged(--j)) {
        }
      }
      corresponding = other.IsChanged(j - 1) ? i : count;
      while (i != count && equal(start, i)) {
        side.SetChanged(start++, false);
        side.SetChanged(i++, true);
        while (side.IsChanged(i)) ++i;
        while (other.IsChanged(++j)) corresponding = i;
      }
    } while (length != i - start);

    while (corresponding < i) {
      side.SetChanged(--start, true);
      side.SetChanged(--i, false);
      while (other.IsChanged(--j)) {
      }
    }
  }
}

}  // namespace

std::vector<Change> Compare(Process& process, const std::vector<std::size_t>& old_lines,
                            const std::vector<std::size_t>& new_lines, Effort effort) {
  Side a = MakeSide(old_lines, new_lines, effort);
  Side b = MakeSide(new_lines, old_lines, effort);
  Comparer(process, a, b).Run();
  ShiftBoundaries(process, a, b);
  ShiftBoundaries(process, b, a);
  std::vector<Change> changes;
  Index i = 0;
  Index j = 0;
  const auto old_count = static_cast<Index>(old_lines.size());
  const auto new_count = static_cast<Index>(new_lines.size());
  while (i < old_count || j < new_count) {
    const Index old_begin = i;
    const Index new_begin = j;
    while (a.IsChanged(i)) ++i;
    while (b.IsChanged(j)) ++j;
    if (i > old_begin || j > new_begin) {
      changes.push_back({static_cast<std::size_t>(old_begin), static_cast<std::size_t>(i),
                         static_cast<std::size_t>(new_begin), static_cast<std::size_t>(j)});
    }
    ++i;
    ++j;
  }
  return changes;
}

}  // namespace computesdk::in_memory::diff
