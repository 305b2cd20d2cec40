#include "mocks/in_memory/shell/expansion/brace.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expansion/arithmetic.h"
#include "mocks/in_memory/shell/syntax/lexer.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr std::size_t kMostWords = 5'000'000;
constexpr std::size_t kLongestSequence = 1000;  // Between its braces.
constexpr std::size_t kMostItems = 20'000'000;  // Of all words together.

// A word as a row of characters and of parts that braces do not look into.
struct Item {
  char character = 0;
  const WordPart* part = nullptr;
};
using Items = std::vector<Item>;

struct TooMany {};

// By the place of each brace that opens, where it closes; 0 if it does not.
std::vector<std::size_t> ClosesOf(const Items& items) {
  std::vector<std::size_t> closes(items.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (items[i].part != nullptr) continue;
    if (items[i].character == '{') open.push_back(i);
    if (items[i].character != '}' || open.empty()) continue;
    closes[open.back()] = i;
    open.pop_back();
  }
  return closes;
}

// Those between the two braces, and in no others.
std::vector<std::size_t> CommasOf(const Items& items, std::size_t open, std::size_t close,
                                  const std::vector<std::size_t>& closes) {
  std::vector<std::size_t> commas;
  for (std::size_t i = open + 1; i < close; ++i) {
    if (closes[i] != 0) i = closes[i];
    if (items[i].part == nullptr && items[i].character == ',') commas.push_back(i);
  }
  return commas;
}

bool IsCharacter(const Item& item, char c) { return item.part == nullptr && item.character == c; }

// Whether a ".." that has something behind it stands between the two braces, and in no others.
bool HasDots(const Items& items, std::size_t open, std::size_t close,
             const std::vector<std::size_t>& closes) {
  for (std::size_t i = open + 1; i + 2 < close; ++i) {
    if (closes[i] != 0) i = closes[i];
    if (i + 2 < close && IsCharacter(items[i], '.') && IsCharacter(items[i + 1], '.')) return true;
  }
  return false;
}

std::optional<std::int64_t> ReadNumber(std::string_view text, bool& padded) {
  std::string_view digits = text;
  const bool negative = !digits.empty() && digits[0] == '-';
  if (!digits.empty() && (digits[0] == '-' || digits[0] == '+')) digits.remove_prefix(1);
  if (digits.empty() || digits.size() > 19) return std::nullopt;
  std::uint64_t size = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
    size = size * 10 + static_cast<std::uint64_t>(c - '0');
  }
  if (size > static_cast<std::uint64_t>(INT64_MAX)) return std::nullopt;
  const auto value = static_cast<std::int64_t>(size);
  // A leading zero asks for numbers of one width.
  padded = padded || (digits.size() > 1 && digits[0] == '0');
  return negative ? -value : value;
}

std::string Padded(std::int64_t value, std::size_t width) {
  std::string digits = std::to_string(value < 0 ? -value : value);
  const std::size_t sign = value < 0 ? 1 : 0;
  if (digits.size() + sign < width) digits.insert(0, width - digits.size() - sign, '0');
  return sign != 0 ? "-" + digits : digits;
}

// {a..Z} goes over what stands between the letters of ASCII.
bool IsLetter(std::string_view text) {
  return text.size() == 1 &&
         ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
}

// The texts of {1..5}; empty if it is no sequence.
std::vector<std::string> ExpandSequence(const std::string& body) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  for (std::size_t at = body.find(".."); at != std::string::npos; at = body.find("..", start)) {
    parts.push_back(body.substr(start, at - start));
    start = at + 2;
  }
  parts.push_back(body.substr(start));
  if (parts.size() != 2 && parts.size() != 3) return {};
  bool padded = false;
  bool ignored = false;
  auto first = ReadNumber(parts[0], padded);
  auto last = ReadNumber(parts[1], padded);
  const std::size_t width = padded ? std::max(parts[0].size(), parts[1].size()) : 0;
  const bool letters = IsLetter(parts[0]) && IsLetter(parts[1]);
  if (letters) {
    first = parts[0][0];
    last = parts[1][0];
  }
  if (!first || !last) return {};
  std::int64_t step = 1;
  if (parts.size() == 3) {
    const auto given = ReadNumber(parts[2], ignored);
    if (!given) return {};
    step = *given < 0 ? -*given : *given;
    if (step == 0) step = 1;
  }
  const bool down = *first > *last;
  const std::uint64_t distance =
      down ? static_cast<std::uint64_t>(*first) - static_cast<std::uint64_t>(*last)
           : static_cast<std::uint64_t>(*last) - static_cast<std::uint64_t>(*first);
  const std::uint64_t count = distance / static_cast<std::uint64_t>(step) + 1;
  if (count > kMostWords) throw TooMany{};
  std::vector<std::string> texts;
  texts.reserve(static_cast<std::size_t>(count));
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto moved = static_cast<std::int64_t>(i) * step;
    const std::int64_t value = down ? *first - moved : *first + moved;
    texts.push_back(letters ? std::string(1, static_cast<char>(value)) : Padded(value, width));
  }
  return texts;
}

std::optional<std::string> PlainText(const Items& items, std::size_t begin, std::size_t end) {
  std::string text;
  for (std::size_t i = begin; i < end; ++i) {
    if (items[i].part != nullptr) return std::nullopt;
    text += items[i].character;
  }
  return text;
}

std::vector<Items> Expand(const Items& items);

std::size_t SizeOf(const std::vector<Items>& all) {
  return std::accumulate(all.begin(), all.end(), std::size_t{0},
                         [](std::size_t sum, const Items& items) { return sum + items.size(); });
}

void AppendProducts(const Items& items, std::size_t open, std::size_t close,
                    const std::vector<Items>& middles, std::vector<Items>& results) {
  const Items tail(items.begin() + static_cast<std::ptrdiff_t>(close) + 1, items.end());
  const std::vector<Items> tails = Expand(tail);
  if (middles.size() * tails.size() > kMostWords) throw TooMany{};
  const std::size_t size = middles.size() * tails.size() * open + tails.size() * SizeOf(middles) +
                           middles.size() * SizeOf(tails);
  if (size > kMostItems) throw TooMany{};
  for (const Items& middle : middles) {
    for (const Items& end : tails) {
      Items whole(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(open));
      whole.insert(whole.end(), middle.begin(), middle.end());
      whole.insert(whole.end(), end.begin(), end.end());
      results.push_back(std::move(whole));
    }
  }
}

std::vector<Items> Expand(const Items& items) {
  std::vector<Items> results;
  if (StackIsLow()) throw TooMany{};
  const std::vector<std::size_t> closes = ClosesOf(items);
  for (std::size_t open = 0; open < items.size(); ++open) {
    const std::size_t close = closes[open];
    if (close == 0) continue;
    std::vector<std::size_t> commas = CommasOf(items, open, close, closes);
    std::vector<Items> middles;
    const auto begin = items.begin() + static_cast<std::ptrdiff_t>(open) + 1;
    const auto end = items.begin() + static_cast<std::ptrdiff_t>(close);
    const bool dots = commas.empty() && HasDots(items, open, close, closes);
    if (dots && std::any_of(begin, end, [](const Item& i) { return IsCharacter(i, ','); })) {
      middles = Expand(Items(begin, end));  // bash has seen a comma, and takes it for its own.
    } else if (commas.empty()) {
      if (close - open > kLongestSequence) continue;
      const auto body = PlainText(items, open + 1, close);
      if (!body) continue;
      for (const std::string& text : ExpandSequence(*body)) {
        Items middle;
        // Between the letters stands a backslash, which quotes the end of the word.
        if (text == "\\") {
          static const WordPart nothing{Literal{}, true};
          middle.push_back({0, &nothing});
        } else {
          for (const char c : text) middle.push_back({c, nullptr});
        }
        middles.push_back(std::move(middle));
      }
      if (middles.empty()) {
        if (dots) open = close;  // No sequence, and nothing in it is expanded.
        continue;
      }
    } else {
      commas.push_back(close);
      std::size_t start = open + 1;
      for (const std::size_t comma : commas) {
        const Items alternative(items.begin() + static_cast<std::ptrdiff_t>(start),
                                items.begin() + static_cast<std::ptrdiff_t>(comma));
        for (Items& expanded : Expand(alternative)) middles.push_back(std::move(expanded));
        if (middles.size() > kMostWords) throw TooMany{};
        start = comma + 1;
      }
    }
    AppendProducts(items, open, close, middles, results);
    return results;
  }
  results.push_back(items);
  return results;
}

Word ToWord(const Items& items, int line) {
  Word word;
  word.line = line;
  bool open = false;  // The last part is a literal that may grow.
  for (const Item& item : items) {
    if (item.part != nullptr) {
      word.parts.push_back(*item.part);
      open = false;
    } else if (open) {
      std::get<Literal>(word.parts.back().value).text += item.character;
    } else {
      word.parts.push_back({Literal{std::string(1, item.character)}, false});
      open = true;
    }
  }
  return word;
}

// Where {Z..a} puts a backquote in front of something, it is read as the start of a command.
void CheckBackquotes(const Items& items) {
  for (std::size_t i = 0; i + 1 < items.size(); ++i) {
    if (items[i].part != nullptr || items[i].character != '`') continue;
    std::string rest;
    for (++i; i < items.size() && items[i].part == nullptr; ++i) rest += items[i].character;
    throw ArithmeticError{"bad substitution: no closing \"`\" in `" + rest};
  }
}

// What the braces have brought together is read anew: $a{b,c} is $ab $ac, and {~,x}/y has a "~" at
// its start.
void Reread(Word& word) {
  for (std::size_t i = 0; i + 1 < word.parts.size(); ++i) {
    const auto* parameter = std::get_if<std::shared_ptr<const Parameter>>(&word.parts[i].value);
    auto* literal = std::get_if<Literal>(&word.parts[i + 1].value);
    if (parameter == nullptr || literal == nullptr) continue;
    if (word.parts[i].quoted || word.parts[i + 1].quoted) continue;
    const bool bare = (*parameter)->source.empty() && IsNameStart((*parameter)->name[0]);
    std::size_t end = 0;
    while (bare && end < literal->text.size() && IsNameChar(literal->text[end])) ++end;
    if (end == 0) continue;
    auto longer = std::make_shared<Parameter>(**parameter);
    longer->name += literal->text.substr(0, end);
    literal->text.erase(0, end);
    word.parts[i].value = std::shared_ptr<const Parameter>(std::move(longer));
  }
  auto* first = word.parts.empty() ? nullptr : std::get_if<Literal>(&word.parts[0].value);
  if (first == nullptr || word.parts[0].quoted || first->text[0] != '~') return;
  const std::size_t end = std::min(first->text.find('/'), first->text.size());
  if (end == first->text.size() && word.parts.size() > 1) return;
  const Tilde tilde{first->text.substr(1, end - 1)};
  first->text.erase(0, end);
  if (first->text.empty()) word.parts.erase(word.parts.begin());
  word.parts.insert(word.parts.begin(), WordPart{tilde, false});
}

}  // namespace

std::optional<std::vector<Word>> ExpandBraces(const Word& word) {
  Items items;
  for (const WordPart& part : word.parts) {
    const auto* literal = std::get_if<Literal>(&part.value);
    if (literal == nullptr || part.quoted) {
      items.push_back({0, &part});
    } else {
      for (const char c : literal->text) items.push_back({c, nullptr});
    }
  }
  try {
    std::vector<Word> words;
    const std::vector<Items> expanded = Expand(items);
    words.reserve(expanded.size());
    for (const Items& one : expanded) {
      CheckBackquotes(one);
      words.push_back(ToWord(one, word.line));
      Reread(words.back());
    }
    return words;
  } catch (const TooMany&) {
    return std::nullopt;
  }
}

}  // namespace computesdk::in_memory::shell
