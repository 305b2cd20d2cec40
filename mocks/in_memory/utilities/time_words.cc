#include "mocks/in_memory/utilities/time_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory {
namespace {

struct Name {
  std::string_view name;
  std::int64_t value;
};

constexpr std::array<Name, 13> kMonthNames = {{{"january", 1},
                                               {"february", 2},
                                               {"march", 3},
                                               {"april", 4},
                                               {"may", 5},
                                               {"june", 6},
                                               {"july", 7},
                                               {"august", 8},
                                               {"september", 9},
                                               {"sept", 9},
                                               {"october", 10},
                                               {"november", 11},
                                               {"december", 12}}};

constexpr std::array<Name, 11> kWeekdayNames = {{{"sunday", 0},
                                                 {"monday", 1},
                                                 {"tuesday", 2},
                                                 {"tues", 2},
                                                 {"wednesday", 3},
                                                 {"wednes", 3},
                                                 {"thursday", 4},
                                                 {"thur", 4},
                                                 {"thurs", 4},
                                                 {"friday", 5},
                                                 {"saturday", 6}}};

constexpr std::array<Name, 14> kOrdinals = {{{"last", -1},
                                             {"this", 0},
                                             {"next", 1},
                                             {"first", 1},
                                             {"third", 3},
                                             {"fourth", 4},
                                             {"fifth", 5},
                                             {"sixth", 6},
                                             {"seventh", 7},
                                             {"eighth", 8},
                                             {"ninth", 9},
                                             {"tenth", 10},
                                             {"eleventh", 11},
                                             {"twelfth", 12}}};

constexpr std::array<Name, 4> kDayShifts = {
    {{"now", 0}, {"today", 0}, {"tomorrow", 1}, {"yesterday", -1}}};

// Minutes east of Greenwich of the zones that GNU knows by name, summer time included.
constexpr std::array<Name, 50> kZones = {
    {{"gmt", 0},     {"ut", 0},     {"utc", 0},     {"wet", 0},     {"west", 60},  {"bst", 60},
     {"art", -180},  {"brt", -180}, {"brst", -120}, {"nst", -210},  {"ndt", -150}, {"ast", -240},
     {"adt", -180},  {"clt", -240}, {"clst", -180}, {"est", -300},  {"edt", -240}, {"cst", -360},
     {"cdt", -300},  {"mst", -420}, {"mdt", -360},  {"pst", -480},  {"pdt", -420}, {"akst", -540},
     {"akdt", -480}, {"hst", -600}, {"hast", -600}, {"hadt", -540}, {"sst", -720}, {"wat", 60},
     {"cet", 60},    {"cest", 120}, {"met", 60},    {"mez", 60},    {"mest", 120}, {"mesz", 120},
     {"eet", 120},   {"eest", 180}, {"cat", 120},   {"sast", 120},  {"eat", 180},  {"msk", 180},
     {"msd", 240},   {"ist", 330},  {"sgt", 480},   {"kst", 540},   {"jst", 540},  {"gst", 600},
     {"nzst", 720},  {"nzdt", 780}}};

struct UnitName {
  std::string_view name;
  TimeUnit unit;
  std::int64_t factor;
};
constexpr std::array<UnitName, 10> kUnits = {{{"year", TimeUnit::kYear, 1},
                                              {"month", TimeUnit::kMonth, 1},
                                              {"fortnight", TimeUnit::kDay, 14},
                                              {"week", TimeUnit::kDay, 7},
                                              {"day", TimeUnit::kDay, 1},
                                              {"hour", TimeUnit::kSecond, 3600},
                                              {"minute", TimeUnit::kSecond, 60},
                                              {"min", TimeUnit::kSecond, 60},
                                              {"second", TimeUnit::kSecond, 1},
                                              {"sec", TimeUnit::kSecond, 1}}};

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;

template <typename Names>
std::optional<std::int64_t> Find(const Names& names, std::string_view word) {
  for (const Name& name : names) {
    if (name.name == word) return name.value;
  }
  return std::nullopt;
}

// The same, where the first three letters will do, a point behind them or none.
template <typename Names>
std::optional<std::int64_t> FindShort(const Names& names, std::string_view word) {
  constexpr std::size_t kShort = 3;
  const bool cut = word.size() == kShort || (word.size() == kShort + 1 && word.back() == '.');
  for (const Name& name : names) {
    if (name.name == word || (cut && name.name.starts_with(word.substr(0, kShort)))) {
      return name.value;
    }
  }
  return std::nullopt;
}

TimeToken Of(TimeToken::Kind kind, std::int64_t value) {
  TimeToken token;
  token.kind = kind;
  token.value = value;
  return token;
}

// The letters of the military's zones: A to I and K to M east, N to Y west, Z; J is none.
std::optional<TimeToken> MilitaryZone(char letter) {
  if (letter == 't') return Of(TimeToken::kT, -7 * kHour);
  if (letter == 'z') return Of(TimeToken::kZone, 0);
  if (letter == 'j') return std::nullopt;
  if (letter > 'm') return Of(TimeToken::kZone, -(letter - 'n' + 1) * kHour);
  return Of(TimeToken::kZone, (letter - 'a' + (letter > 'j' ? 0 : 1)) * kHour);
}

class WordReader {
 public:
  WordReader(const TimeZone& zone, std::int64_t now) {
    // The names of half a year before and after tell both.
    constexpr std::int64_t kHalfYear = std::int64_t{182} * 86400;
    for (const std::int64_t at : {now, now + kHalfYear}) {
      const TimeZone::Offset offset = zone.At(at);
      local_.emplace_back(AsciiLower(offset.name), offset.daylight);
    }
  }

  TimeToken Read(std::string_view as_written) const {
    const std::string word = AsciiLower(as_written);
    if (word == "am" || word == "a.m.") return Of(TimeToken::kMeridian, 0);
    if (word == "pm" || word == "p.m.") return Of(TimeToken::kMeridian, 12);
    if (const auto month = FindShort(kMonthNames, word)) return Of(TimeToken::kMonth, *month);
    if (const auto day = FindShort(kWeekdayNames, word)) return Of(TimeToken::kWeekday, *day);
    if (const auto zone = Zone(word)) return *zone;
    if (word == "dst") return Of(TimeToken::kDaylight, 0);
    for (const UnitName& unit : kUnits) {
      if (word != unit.name &&
          !(word.ends_with('s') && word.substr(0, word.size() - 1) == unit.name))
        continue;
      TimeToken token = Of(TimeToken::kUnit, unit.factor);
      token.unit = unit.unit;
      return token;
    }
    if (const auto shift = Find(kDayShifts, word)) return Of(TimeToken::kDayShift, *shift);
    if (const auto ordinal = Find(kOrdinals, word)) return Of(TimeToken::kOrdinal, *ordinal);
    if (word == "ago") return Of(TimeToken::kAgo, -1);
    if (word == "hence") return Of(TimeToken::kAgo, 1);
    if (word.size() == 1) return MilitaryZone(word[0]).value_or(Of(TimeToken::kUnknown, 0));
    std::string plain = word;
    std::erase(plain, '.');
    if (plain != word) {
      if (const auto zone = Zone(plain)) return *zone;
    }
    return Of(TimeToken::kUnknown, 0);
  }

 private:
  std::optional<TimeToken> Zone(std::string_view word) const {
    const bool universal = word == "gmt" || word == "ut" || word == "utc";
    for (const auto& [name, daylight] : local_) {
      if (!universal && name == word) return Of(TimeToken::kLocalZone, daylight ? 1 : 0);
    }
    const auto minutes = Find(kZones, word);
    if (!minutes) return std::nullopt;
    return Of(TimeToken::kZone, *minutes * kMinute);
  }

  std::vector<std::pair<std::string, bool>> local_;
};

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<TimeToken> Read(const WordReader& words) {
    std::vector<TimeToken> tokens;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (IsSpace(c)) {
        ++at_;
      } else if (IsDigit(c)) {
        tokens.push_back(Number(0));
      } else if (c == '+' || c == '-') {
        ++at_;
        while (at_ < text_.size() && IsSpace(text_[at_])) ++at_;
        // A sign of nothing says nothing.
        if (IsDigit(Peek())) tokens.push_back(Number(c));
      } else if (IsAlpha(c)) {
        const std::size_t start = at_;
        while (IsAlpha(Peek()) || Peek() == '.') ++at_;
        tokens.push_back(words.Read(text_.substr(start, at_ - start)));
      } else if (c == '(') {
        SkipComment();
      } else {
        tokens.push_back(Of(TimeToken::kPunctuation, c));
        ++at_;
      }
    }
    tokens.push_back({});
    return tokens;
  }

 private:
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view Digits() {
    const std::size_t start = at_;
    while (IsDigit(Peek())) ++at_;
    return text_.substr(start, at_ - start);
  }

  TimeToken Number(char sign) {
    const std::string_view digits = Digits();
    const auto value = DigitsValue(digits);
    if (!value) return Of(TimeToken::kUnknown, 0);
    TimeToken token = Of(sign != 0 ? TimeToken::kSigned : TimeToken::kUnsigned, *value);
    token.digits = static_cast<int>(digits.size());
    token.negative = sign == '-';
    if (token.negative) token.value = -token.value;
    if ((Peek() != '.' && Peek() != ',') || !IsDigit(Peek(1))) return token;
    ++at_;
    token.kind = TimeToken::kFraction;
    if (sign == 0) token.digits = 0;
    token.nanoseconds = FractionNanoseconds(Digits());
    if (token.negative && token.nanoseconds != 0) {
      constexpr int kSecond = 1'000'000'000;
      --token.value;
      token.nanoseconds = kSecond - token.nanoseconds;
    }
    return token;
  }

  void SkipComment() {
    int depth = 0;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '(') ++depth;
      if (text_[at_] == ')' && --depth == 0) {
        ++at_;
        return;
      }
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::int64_t> DigitsValue(std::string_view digits) {
  constexpr std::size_t kMost = 17;
  if (digits.empty() || digits.size() > kMost) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : digits) {
    if (!IsDigit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

int FractionNanoseconds(std::string_view digits) {
  constexpr std::size_t kDigits = 9;
  std::string nine(digits.substr(0, kDigits));
  nine.resize(kDigits, '0');
  return static_cast<int>(DigitsValue(nine).value_or(0));
}

std::vector<TimeToken> TimeTokens(std::string_view text, const TimeZone& zone, std::int64_t now) {
  return Tokenizer(text).Read(WordReader(zone, now));
}

}  // namespace computesdk::in_memory
