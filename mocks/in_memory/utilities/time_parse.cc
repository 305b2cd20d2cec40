#include <array>
#include <cctype>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

struct Token {
  enum Kind { kWord, kNumber, kSign, kPunctuation, kEnd };
  Kind kind = kEnd;
  std::string text;         // A word in lower case, a number's digits.
  bool after_blank = true;  // Whether white space stands before it.
};

std::vector<Token> Tokens(std::string_view text) {
  std::vector<Token> tokens;
  bool blank = true;
  for (std::size_t at = 0; at < text.size();) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (std::isspace(c)) {
      blank = true;
      ++at;
      continue;
    }
    Token token{Token::kPunctuation, std::string(1, text[at]), blank};
    blank = false;
    if (std::isdigit(c) || std::isalpha(c)) {
      token.kind = std::isdigit(c) ? Token::kNumber : Token::kWord;
      token.text.clear();
      const auto same = [&](unsigned char d) { return std::isdigit(c) ? isdigit(d) : isalpha(d); };
      while (at < text.size() && same(static_cast<unsigned char>(text[at]))) {
        token.text += static_cast<char>(std::tolower(static_cast<unsigned char>(text[at++])));
      }
    } else {
      if (c == '+' || c == '-') token.kind = Token::kSign;
      ++at;
    }
    tokens.push_back(std::move(token));
  }
  tokens.push_back({});
  return tokens;
}

// The place of a name, or of its first three letters or more, in a list; -1 if it is not there.
template <std::size_t N>
int IndexOf(const std::array<std::string_view, N>& names, std::string_view word) {
  for (std::size_t i = 0; i < N; ++i) {
    if (word.size() >= 3 && names[i].starts_with(word)) return static_cast<int>(i);
  }
  return -1;
}

int MonthOf(std::string_view word) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  return word == "sept" ? 9 : IndexOf(kNames, word) + 1;
}

int WeekdayOf(std::string_view word) {
  static constexpr std::array<std::string_view, 7> kNames = {
      "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  return IndexOf(kNames, word);
}

std::optional<std::int64_t> OrdinalOf(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, int>, 14> kNames = {{{"last", -1},
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
  for (const auto& [name, value] : kNames) {
    if (name == word) return value;
  }
  return std::nullopt;
}

// Hours east of Greenwich of the zones that GNU knows by name.
std::optional<int> ZoneHours(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, int>, 24> kNames = {
      {{"z", 0},    {"utc", 0},  {"ut", 0},   {"gmt", 0},  {"wet", 0},   {"west", 1},
       {"bst", 1},  {"cet", 1},  {"met", 1},  {"cest", 2}, {"eet", 2},   {"eest", 3},
       {"msk", 3},  {"jst", 9},  {"est", -5}, {"edt", -4}, {"cst", -6},  {"cdt", -5},
       {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}, {"akst", -9}, {"hst", -10}}};
  for (const auto& [name, hours] : kNames) {
    if (name == word) return hours;
  }
  return std::nullopt;
}

std::optional<std::int64_t> ValueOf(std::string_view digits) {
  if (digits.empty() || digits.size() > 17) return std::nullopt;
  std::int64_t value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

int NanosecondsOf(std::string digits) {
  digits.resize(9, '0');
  return std::stoi(digits);
}

class TimeParser {
 public:
  TimeParser(std::string_view text, Moment now) : tokens_(Tokens(text)), now_(BreakTime(now)) {
    year_ = now_.tm.tm_year + 1900;
    month_ = now_.tm.tm_mon + 1;
    day_ = now_.tm.tm_mday;
  }

  std::optional<Moment> Parse() {
    while (Peek().kind != Token::kEnd) {
      if (!Item()) return std::nullopt;
    }
    return Finish();
  }

 private:
  const Token& Peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool IsPunctuation(std::size_t ahead, char c) const {
    const Token& token = Peek(ahead);
    return (token.kind == Token::kPunctuation || token.kind == Token::kSign) && token.text[0] == c;
  }
  bool IsNumber(std::size_t ahead) const { return Peek(ahead).kind == Token::kNumber; }
  int Take() { return static_cast<int>(ValueOf(tokens_[at_++].text).value_or(-1)); }

  bool Item() {
    const bool after_time = std::exchange(after_time_, false);
    switch (Peek().kind) {
      case Token::kNumber:
        return Number();
      case Token::kWord:
        return Word();
      case Token::kSign:
        // Right after a time it is a zone, whatever follows.
        if (after_time && !has_zone_ && IsNumber(1)) return Zone();
        return Relative();
      default:
        ++at_;  // A comma.
        return tokens_[at_ - 1].text == ",";
    }
  }

  bool IsUnit(std::size_t ahead) const {
    return Peek(ahead).kind == Token::kWord && Scale(Peek(ahead).text, nullptr, 0);
  }

  bool Number() {
    if (IsPunctuation(1, ':')) return Clock();
    if (IsPunctuation(1, '-') && IsNumber(2) && IsPunctuation(3, '-') && IsNumber(4)) {
      return Date(0, 2, 4, 5);
    }
    if (IsPunctuation(1, '/') && IsNumber(2)) {
      if (IsPunctuation(3, '/') && IsNumber(4)) {
        return Peek().text.size() >= 4 ? Date(0, 2, 4, 5) : Date(4, 0, 2, 5);
      }
      month_ = Take();
      ++at_;
      day_ = Take();
      return SetDate();
    }
    const bool dashed = IsPunctuation(1, '-');
    const Token& next = Peek(dashed ? 2 : 1);
    if (next.kind == Token::kWord && MonthOf(next.text) > 0) return DayAndMonth(dashed);
    if (next.kind == Token::kWord && !dashed) {
      if (next.text == "am" || next.text == "pm") {
        hour_ = Take();
        minute_ = second_ = nanosecond_ = 0;
        return Meridian() && SetTime();
      }
      if (IsUnit(1)) return Relative();
    }
    return PlainNumber();
  }

  bool Date(int year, int month, int day, int length) {
    const std::string& digits = Peek(year).text;
    year_ = static_cast<int>(ValueOf(digits).value_or(-1));
    if (digits.size() <= 2) year_ += year_ < 69 ? 2000 : 1900;
    month_ = static_cast<int>(ValueOf(Peek(month).text).value_or(-1));
    day_ = static_cast<int>(ValueOf(Peek(day).text).value_or(-1));
    at_ += length;
    if (Peek().text == "t" && IsNumber(1)) ++at_;
    return SetDate();
  }

  // "5 Jan", "5 Jan 2024", "5-Jan-2024".
  bool DayAndMonth(bool dashed) {
    day_ = Take();
    if (dashed) ++at_;
    month_ = MonthOf(tokens_[at_++].text);
    if (dashed && IsPunctuation(0, '-')) ++at_;
    TakeYear();
    return SetDate();
  }

  void TakeYear() {
    month_named_ = !(IsNumber(0) && Peek().text.size() == 4 && !IsPunctuation(1, ':'));
    if (!month_named_) year_ = Take();
  }

  // "20240105", "1020" after a date, a year after one without, hours alone.
  bool PlainNumber() {
    const std::string digits = Peek().text;
    const int value = Take();
    // A month and a day without a year wait for one.
    if (has_date_ && month_named_ && (has_time_ || digits.size() > 2)) {
      year_ = value;
      month_named_ = false;
      return true;
    }
    if (digits.size() > 4) {
      if (digits.size() > 8) return false;
      year_ = value / 10000;
      if (digits.size() == 6) year_ += year_ < 69 ? 2000 : 1900;
      month_ = value / 100 % 100;
      day_ = value % 100;
      if (Peek().text == "t" && IsNumber(1)) ++at_;
      return SetDate();
    }
    hour_ = digits.size() <= 2 ? value : value / 100;
    minute_ = digits.size() <= 2 ? 0 : value % 100;
    second_ = nanosecond_ = 0;
    return SetTime();
  }

  bool Clock() {
    hour_ = Take();
    ++at_;
    if (!IsNumber(0)) return false;
    minute_ = Take();
    second_ = nanosecond_ = 0;
    if (IsPunctuation(0, ':') && IsNumber(1)) {
      ++at_;
      second_ = Take();
      if ((IsPunctuation(0, '.') || IsPunctuation(0, ',')) && IsNumber(1)) {
        nanosecond_ = NanosecondsOf(Peek(1).text);
        at_ += 2;
      }
    }
    if (Peek().text == "am" || Peek().text == "pm") {
      if (!Meridian()) return false;
    }
    return SetTime();
  }

  bool Meridian() {
    if (hour_ < 1 || hour_ > 12) return false;
    hour_ = hour_ % 12 + (tokens_[at_++].text == "pm" ? 12 : 0);
    return true;
  }

  // "+02:00", "-0500", "+2".
  bool Zone() {
    const int sign = Peek().text == "-" ? -1 : 1;
    ++at_;
    const std::size_t digits = Peek().text.size();
    int value = Take();
    if (IsPunctuation(0, ':') && IsNumber(1)) {
      ++at_;
      value = value * 60 + Take();
    } else {
      value = digits <= 2 ? value * 60 : value / 100 * 60 + value % 100;
    }
    if (value > 24 * 60) return false;
    zone_minutes_ = sign * value;
    has_zone_ = true;
    return true;
  }

  bool Word() {
    const std::string word = Peek().text;
    if (const int month = MonthOf(word); month > 0 && IsNumber(1)) {
      ++at_;
      month_ = month;
      day_ = Take();
      if (IsPunctuation(0, ',') && IsNumber(1)) ++at_;
      TakeYear();
      return SetDate();
    }
    if (word == "now" || word == "today" || word == "yesterday" || word == "tomorrow") {
      ++at_;
      days_ += word == "yesterday" ? -1 : word == "tomorrow" ? 1 : 0;
      return true;
    }
    if (const auto hours = ZoneHours(word)) {
      ++at_;
      if (has_zone_) return false;
      has_zone_ = true;
      zone_minutes_ = *hours * 60;
      // "UTC+2".
      const bool offset = Peek().kind == Token::kSign && !Peek().after_blank && IsNumber(1);
      return !offset || Zone();
    }
    if (const int weekday = WeekdayOf(word); weekday >= 0) return Weekday(weekday, 0);
    if (const auto ordinal = OrdinalOf(word)) {
      ++at_;
      if (Peek().kind != Token::kWord) return false;
      if (const int weekday = WeekdayOf(Peek().text); weekday >= 0)
        return Weekday(weekday, *ordinal);
      return Unit(*ordinal);
    }
    return Unit(1);
  }

  bool Weekday(int weekday, std::int64_t ordinal) {
    ++at_;
    weekday_ = weekday;
    weekday_ordinal_ = ordinal;
    return true;
  }

  // "+1 hour", "2 days", "- 3 weeks ago".
  bool Relative() {
    std::int64_t value = 1;
    for (; Peek().kind == Token::kSign; ++at_) {
      if (Peek().text == "-") value = -value;
    }
    if (!IsNumber(0)) return false;
    const auto number = ValueOf(Peek().text);
    if (!number) return false;
    ++at_;
    return Unit(value * *number);
  }

  bool Unit(std::int64_t value) {
    if (Peek().kind != Token::kWord) return false;
    const std::string unit = tokens_[at_++].text;
    if (Peek().text == "ago") {
      ++at_;
      value = -value;
    }
    return Scale(unit, this, value);
  }

  // Adds a number of units to `parser`; false if that is no unit.
  static bool Scale(std::string_view unit, TimeParser* parser, std::int64_t value) {
    if (unit.size() > 3 && unit.ends_with('s')) unit.remove_suffix(1);
    static constexpr std::array<std::tuple<std::string_view, std::int64_t TimeParser::*, int>, 10>
        kUnits = {{{"year", &TimeParser::months_, 12},
                   {"month", &TimeParser::months_, 1},
                   {"fortnight", &TimeParser::days_, 14},
                   {"week", &TimeParser::days_, 7},
                   {"day", &TimeParser::days_, 1},
                   {"hour", &TimeParser::seconds_, 3600},
                   {"minute", &TimeParser::seconds_, 60},
                   {"min", &TimeParser::seconds_, 60},
                   {"second", &TimeParser::seconds_, 1},
                   {"sec", &TimeParser::seconds_, 1}}};
    for (const auto& [name, member, factor] : kUnits) {
      if (name != unit) continue;
      if (parser != nullptr) parser->*member += value * factor;
      return true;
    }
    return false;
  }

  bool SetDate() {
    if (has_date_) return false;
    has_date_ = true;
    return std::chrono::year_month_day(std::chrono::year(year_),
                                       std::chrono::month(static_cast<unsigned>(month_)),
                                       std::chrono::day(static_cast<unsigned>(day_)))
        .ok();
  }

  bool SetTime() {
    if (has_time_) return false;
    has_time_ = after_time_ = true;
    return hour_ >= 0 && hour_ < 24 && minute_ >= 0 && minute_ < 60 && second_ >= 0 &&
           second_ <= 60;
  }

  std::optional<Moment> Finish() const {
    std::tm tm{};
    tm.tm_year = year_ - 1900;
    tm.tm_mon = month_ - 1 + static_cast<int>(months_);
    tm.tm_mday = day_;
    const bool keeps_time = !has_time_ && !has_date_ && weekday_ < 0 && tokens_.size() > 1;
    std::int64_t time = timegm(&tm);
    std::int64_t offset = 0;
    int nanoseconds = nanosecond_;
    if (has_time_) {
      offset = hour_ * 3600 + minute_ * 60 + second_;
    } else if (keeps_time) {
      offset = now_.tm.tm_hour * 3600 + now_.tm.tm_min * 60 + now_.tm.tm_sec;
      nanoseconds = now_.nanoseconds;
    }
    std::int64_t days = days_;
    if (weekday_ >= 0 && !has_date_) {
      std::int64_t ahead = (weekday_ - tm.tm_wday + 7) % 7;
      const std::int64_t weeks = weekday_ordinal_ - (weekday_ordinal_ > 0 && ahead != 0 ? 1 : 0);
      days += ahead + 7 * weeks;
    }
    time += days * 86400 + offset + seconds_ - std::int64_t{zone_minutes_} * 60;
    return Moment{time, nanoseconds};
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  BrokenTime now_;
  int year_ = 0, month_ = 0, day_ = 0;
  int hour_ = 0, minute_ = 0, second_ = 0, nanosecond_ = 0;
  bool has_date_ = false, has_time_ = false, has_zone_ = false, month_named_ = false;
  bool after_time_ = false;
  int zone_minutes_ = 0;
  int weekday_ = -1;
  std::int64_t weekday_ordinal_ = 0;
  std::int64_t months_ = 0, days_ = 0, seconds_ = 0;
};

// "@12", "@-12.5".
std::optional<Moment> ParseEpoch(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto point = std::min(text.find('.'), text.size());
  const std::string_view whole = text.substr(0, point);
  std::string fraction(point < text.size() ? text.substr(point + 1) : "");
  for (std::string_view digits : {whole, std::string_view(fraction)}) {
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  }
  const auto seconds = ValueOf(whole);
  // Some years more than four digits can say.
  if (!seconds || *seconds > 999'999'999'999) return std::nullopt;
  const int nanoseconds = NanosecondsOf(std::move(fraction));
  if (!negative) return Moment{*seconds, nanoseconds};
  if (nanoseconds == 0) return Moment{-*seconds, 0};
  return Moment{-*seconds - 1, 1'000'000'000 - nanoseconds};
}

}  // namespace

std::optional<Moment> ParseMoment(std::string_view text, Moment now) {
  const auto start = text.find_first_not_of(" \t\n");
  if (start != std::string_view::npos && text[start] == '@') {
    return ParseEpoch(text.substr(start + 1));
  }
  return TimeParser(text, now).Parse();
}

std::optional<FileTime> ParseTime(std::string_view text, FileTime now) {
  const auto moment = ParseMoment(text, MomentOf(now));
  if (!moment) return std::nullopt;
  using std::chrono::seconds;
  constexpr auto kLast = std::chrono::floor<seconds>(FileTime::max()).time_since_epoch().count();
  if (moment->seconds >= kLast) return FileTime::max();
  if (moment->seconds <= -kLast) return FileTime::min();
  return FileTime(seconds(moment->seconds)) + std::chrono::nanoseconds(moment->nanoseconds);
}

std::optional<FileTime> ParseTimeStamp(std::string_view text, FileTime now) {
  int second = 0;
  const auto number = [](std::string_view digits) {
    return static_cast<int>(ValueOf(digits).value_or(-1));
  };
  if (text.size() > 3 && text[text.size() - 3] == '.') {
    second = number(text.substr(text.size() - 2));
    text.remove_suffix(3);
  }
  if (text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  std::string digits(text);
  if (digits.size() == 8) digits.insert(0, std::to_string(BreakTime(now).tm.tm_year + 1900));
  if (digits.size() == 10) digits.insert(0, number(text.substr(0, 2)) < 69 ? "20" : "19");
  if (digits.size() != 12 || second > 60) return std::nullopt;
  const std::string iso = digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" +
                          digits.substr(6, 2) + " " + digits.substr(8, 2) + ":" +
                          digits.substr(10, 2);
  const auto time = ParseTime(iso, now);
  if (!time) return std::nullopt;
  return *time + std::chrono::seconds(second);
}

}  // namespace computesdk::in_memory
