#include <endian.h>
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <deque>
#include <numeric>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/sort/sort_options.h"
#include "mocks/in_memory/utilities/sort/sort_order.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

int UniqMain(Process& process);

namespace {

struct Line {
  std::string_view text;
  std::string_view key;  // The first key's part; without keys the text.
  // Decides between two lines that are both ranked, unless they have the same.
  std::uint64_t rank = 0;
  bool ranked = false;
  bool told_apart = false;  // From each other such line, by the rank alone.
};

// The first bytes, as a number in their order.
std::uint64_t RankOf(std::string_view text) {
  std::uint64_t rank = 0;
  if (text.size() >= sizeof rank) {
    std::memcpy(&rank, text.data(), sizeof rank);
    return be64toh(rank);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    rank |= std::uint64_t{static_cast<unsigned char>(text[i])} << (56 - 8 * i);
  }
  return rank;
}

// Whole numbers in the order of the doubles.
std::uint64_t RankOf(double number) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(number + 0.0);  // 0 for -0.
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

class Comparison {
 public:
  Comparison(Process& process, const SortStyle& style) : process_(process), style_(style) {}

  // Makes the line where it stays: to copy it at once would wait for its parts to reach memory.
  void AddLine(std::string_view text, std::vector<Line>& lines) const {
    Line& line = lines.emplace_back();
    line.text = text;
    line.key = style_.keys.empty() ? text : Extract(style_.keys[0], text);
    const SortOrder& order = style_.keys.empty() ? style_.order : style_.keys[0].order;
    if (style_.keys.empty() || order.bytewise()) {
      line.rank = RankOf(line.key);
      line.ranked = true;
      // The rank does not tell how many bytes 0 there are at the end.
      line.told_apart = style_.keys.empty() && text.size() <= sizeof line.rank &&
                        (text.empty() || text.back() != '\0');
    } else if (order.kind == SortKind::kNumeric) {
      const auto number = ExactNumber(line.key);
      line.rank = RankOf(number.value_or(0));
      line.ranked = number.has_value();
    }
  }

  // Whether the lines' ranks go down.
  bool ranks_reversed() const {
    return style_.keys.empty() ? style_.order.reverse : style_.keys[0].order.reverse;
  }

  // By the keys alone.
  int CompareKeys(const Line& a, const Line& b) const {
    for (std::size_t i = 0; i < style_.keys.size(); ++i) {
      const SortKey& key = style_.keys[i];
      const int result = i == 0 ? CompareFirst(key.order, a, b)
                                : CompareBy(key.order, Extract(key, a.text), Extract(key, b.text));
      if (result != 0) return key.order.reverse ? -result : result;
    }
    return 0;
  }

  int Compare(const Line& a, const Line& b) const {
    process_.Checkpoint();
    if (!style_.keys.empty()) {
      const int result = CompareKeys(a, b);
      if (result != 0 || style_.unique || style_.stable) return result;
    }
    const int result = style_.keys.empty() ? CompareTexts(a, b) : a.text.compare(b.text);
    return style_.order.reverse ? -result : result;
  }

  bool operator()(const Line& a, const Line& b) const { return Compare(a, b) < 0; }

 private:
  static int CompareRanks(const Line& a, const Line& b) {
    return static_cast<int>(a.rank > b.rank) - static_cast<int>(a.rank < b.rank);
  }

  static int CompareFirst(const SortOrder& order, const Line& a, const Line& b) {
    if (a.ranked && b.ranked && (a.rank != b.rank || order.kind == SortKind::kNumeric)) {
      return CompareRanks(a, b);
    }
    return CompareBy(order, a.key, b.key);
  }

  // Without keys.
  static int CompareTexts(const Line& a, const Line& b) {
    if (a.rank != b.rank) return CompareRanks(a, b);
    constexpr std::size_t kRanked = sizeof a.rank;
    if (a.text.size() > kRanked || b.text.size() > kRanked) return a.text.compare(b.text);
    return static_cast<int>(a.text.size()) - static_cast<int>(b.text.size());
  }

  std::size_t SkipField(std::string_view text, std::size_t at) const {
    if (style_.tab) return std::min(text.find(*style_.tab, at), text.size());
    while (at < text.size() && IsBlankOrNewline(text[at])) ++at;
    while (at < text.size() && !IsBlankOrNewline(text[at])) ++at;
    return at;
  }

  std::size_t KeyStart(const SortKey& key, std::string_view text) const {
    std::size_t at = 0;
    for (std::size_t field = 0; field < key.start_field && at < text.size(); ++field) {
      at = SkipField(text, at);
      if (style_.tab && at < text.size()) ++at;
    }
    if (key.order.skip_start_blanks) {
      while (at < text.size() && IsBlankOrNewline(text[at])) ++at;
    }
    return std::min(text.size(), at + std::min(key.start_character, text.size()));
  }

  std::size_t KeyEnd(const SortKey& key, std::string_view text) const {
    if (!key.end_field) return text.size();
    std::size_t fields = *key.end_field + (key.end_character == 0 ? 1 : 0);
    std::size_t at = 0;
    while (at < text.size() && fields > 0) {
      --fields;
      at = SkipField(text, at);
      if (style_.tab && at < text.size() && (fields > 0 || key.end_character > 0)) ++at;
    }
    if (key.end_character == 0) return at;
    if (key.order.skip_end_blanks) {
      while (at < text.size() && IsBlankOrNewline(text[at])) ++at;
    }
    return std::min(text.size(), at + std::min(key.end_character, text.size()));
  }

  std::string_view Extract(const SortKey& key, std::string_view text) const {
    const std::size_t start = KeyStart(key, text);
    const std::size_t end = KeyEnd(key, text);
    return text.substr(start, std::max(start, end) - start);
  }

  Process& process_;
  const SortStyle& style_;
};

// --- sorting ----------------------------------------------------------------------------------

std::vector<Line> SplitLines(const std::string& content, char end, const Comparison& comparison,
                             Process& process) {
  std::vector<Line> lines;
  const std::string_view text = content;
  for (std::size_t begin = 0; begin < text.size();) {
    process.Checkpoint();
    const std::size_t stop = std::min(text.find(end, begin), text.size());
    comparison.AddLine(text.substr(begin, stop - begin), lines);
    begin = stop + 1;
  }
  return lines;
}

// What is moved about is small, and most comparisons look at nothing else.
struct Place {
  std::uint64_t rank;
  const Line* line;
};

// By the ranks alone: byte by byte, from the last one to the first, nothing is compared.
void SortByRank(std::vector<Place>& places, Process& process) {
  constexpr std::size_t kBytes = 256;
  std::uint64_t differing = 0;
  for (const Place& place : places) differing |= place.rank ^ places[0].rank;
  std::vector<Place> moved(places.size());
  for (std::size_t shift = 0; shift < 64; shift += 8) {
    if ((differing >> shift & (kBytes - 1)) == 0) continue;
    const auto byte = [&](const Place& place) { return place.rank >> shift & (kBytes - 1); };
    std::array<std::size_t, kBytes> counts{};
    for (const Place& place : places) ++counts[byte(place)];
    std::exclusive_scan(counts.begin(), counts.end(), counts.begin(), std::size_t{0});
    for (const Place& place : places) moved[counts[byte(place)]++] = place;
    process.Checkpoint();
    places.swap(moved);
  }
}

std::vector<const Line*> Sorted(const std::vector<Line>& lines, const Comparison& comparison,
                                Process& process) {
  // Fewer are sorted sooner than their bytes are counted.
  constexpr std::size_t kManyLines = 128;
  const bool ranked =
      std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.ranked; });
  const bool told_apart =
      std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.told_apart; });
  const std::uint64_t reversed = comparison.ranks_reversed() ? ~std::uint64_t{0} : 0;
  std::vector<Place> places;
  places.reserve(lines.size());
  for (const Line& line : lines) places.push_back({ranked ? line.rank ^ reversed : 0, &line});
  if (told_apart && lines.size() >= kManyLines) {
    SortByRank(places, process);
  } else {
    std::stable_sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
      if (a.rank == b.rank) return comparison(*a.line, *b.line);
      process.Checkpoint();
      return a.rank < b.rank;
    });
  }
  std::vector<const Line*> sorted;
  sorted.reserve(lines.size());
  for (const Place& place : places) sorted.push_back(place.line);
  return sorted;
}

int Check(Process& process, const std::vector<Line>& lines, const SortStyle& style,
          const Comparison& comparison, const std::string& name) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const int order = comparison.Compare(lines[i - 1], lines[i]);
    if (order < 0 || (order == 0 && !style.unique)) continue;
    if (style.check == 'c') {
      Complain(process,
               name + ":" + std::to_string(i + 1) + ": disorder: " + std::string(lines[i].text));
    }
    return 1;
  }
  return 0;
}

std::vector<const Line*> Merge(const std::vector<std::vector<Line>>& files,
                               const Comparison& comparison) {
  std::vector<const Line*> result;
  std::vector<std::size_t> heads(files.size(), 0);
  while (true) {
    std::optional<std::size_t> least;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (heads[i] == files[i].size()) continue;
      if (!least || comparison(files[i][heads[i]], files[*least][heads[*least]])) least = i;
    }
    if (!least) return result;
    result.push_back(&files[*least][heads[*least]++]);
  }
}

int Print(Process& process, const std::vector<const Line*>& lines, const SortStyle& style,
          const Comparison& comparison) {
  int fd = 1;
  if (style.output) {
    const auto opened = process.Open(*style.output, O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened) {
      FailSort(process,
               "open failed: " + ShownName(*style.output) + ": " + ErrnoText(opened.error()));
    }
    fd = *opened;
  }
  Output out(process, fd);
  const Line* last = nullptr;
  for (const Line* line : lines) {
    if (style.unique && last != nullptr && comparison.Compare(*last, *line) == 0) continue;
    last = line;
    out.Write(line->text);
    out.Put(style.end);
  }
  const int status = out.Finish(0) != 0 ? 2 : 0;
  if (fd != 1) (void)process.Close(fd);
  return status;
}

std::vector<std::string> Names(Process& process, const std::optional<std::string>& list,
                               const std::vector<std::string>& operands) {
  if (!list) return operands.empty() ? std::vector<std::string>{"-"} : operands;
  if (!operands.empty()) {
    UsageError(process,
               "extra operand " + QuotedName(operands[0]) +
                   "\nfile operands cannot be combined with --files0-from",
               2);
  }
  std::vector<std::string> names;
  if (*list != "-") {
    const auto fd = process.Open(*list, O_RDONLY);
    if (!fd) FailSort(process, "open failed: " + ShownName(*list) + ": " + ErrnoText(fd.error()));
    (void)process.Close(*fd);
  }
  const int status = ForEachInput(process, {*list}, [&](int fd, const std::string&) {
    Input in(process, fd);
    while (auto name = in.ReadLine('\0')) names.emplace_back(*name);
  });
  if (status != 0) process.Exit(2);
  if (names.empty()) FailSort(process, "no input from " + QuotedName(*list));
  return names;
}

}  // namespace

int SortMain(Process& process) {
  ModernizeKeys(process);
  Options options(process, kSortLetters, SortLongs(), 2);
  std::optional<std::string> list;
  const SortStyle style = ParseSort(process, options, list);
  const Comparison comparison(process, style);
  const std::vector<std::string> names = Names(process, list, options.operands());
  if (style.check != 0 && style.output) {
    FailSort(process, std::string("options '-") + style.check + "o' are incompatible");
  }
  if (style.check != 0 && names.size() > 1) {
    FailSort(process, "extra operand " + QuotedName(names[1]) + " not allowed with -c");
  }

  // A deque: the lines point into the contents, which therefore stay where they are.
  std::deque<std::string> contents;
  std::vector<std::vector<Line>> files;
  for (const std::string& name : names) {
    const IoResult<int> opened = name == "-" ? 0 : process.Open(name, O_RDONLY);
    if (!opened) {
      FailSort(process, "cannot read: " + ShownName(name) + ": " + ErrnoText(opened.error()));
    }
    const int fd = *opened;
    auto content = process.ReadAll(fd);
    if (fd != 0) (void)process.Close(fd);
    if (!content) {
      FailSort(process, "read failed: " + ShownName(name) + ": " + ErrnoText(content.error()));
    }
    contents.push_back(std::move(*content));
    files.push_back(SplitLines(contents.back(), style.end, comparison, process));
  }
  if (style.check != 0) return Check(process, files[0], style, comparison, names[0]);
  if (style.merge) return Print(process, Merge(files, comparison), style, comparison);
  std::vector<Line> lines = std::move(files[0]);
  for (std::size_t i = 1; i < files.size(); ++i) {
    lines.insert(lines.end(), files[i].begin(), files[i].end());
  }
  return Print(process, Sorted(lines, comparison, process), style, comparison);
}

void AddSortPrograms(ProgramTable& table) {
  table["sort"] = SortMain;
  table["uniq"] = UniqMain;
}

}  // namespace computesdk::in_memory
