#include <algorithm>
#include <cerrno>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/time_format.h"
#include "mocks/in_memory/utilities/time_words.h"

namespace computesdk::in_memory {
namespace {

constexpr std::int64_t kMinuteSeconds = 60;
constexpr std::int64_t kDay = 86400;

// mktime(3): the parts, made regular, and when they are. nullopt beyond the years that an int
// holds.
struct Made {
  std::tm tm{};
  std::int64_t seconds = 0;
  bool skipped = false;  // The clocks leave this time out; meant by the offset before the gap.
};

std::optional<Made> Make(const std::tm& parts, const TimeZone& zone, std::optional<bool> daylight) {
  Made made{parts, 0, false};
  errno = 0;
  const std::int64_t local = timegm(&made.tm);
  if (local == -1 && errno != 0) return std::nullopt;
  if (const auto moment = zone.FromLocal(local, daylight)) {
    made.seconds = *moment;
  } else {
    made.skipped = true;
    made.seconds = local - zone.At(local - kDay).seconds_east;
  }
  made.tm = zone.Break(made.seconds);
  return made;
}

bool SameTime(const std::tm& one, const std::tm& other) {
  return one.tm_sec == other.tm_sec && one.tm_min == other.tm_min && one.tm_hour == other.tm_hour &&
         one.tm_mday == other.tm_mday && one.tm_mon == other.tm_mon && one.tm_year == other.tm_year;
}

bool AddTo(int& sum, std::int64_t value) { return !__builtin_add_overflow(sum, value, &sum); }

// The grammar of dates, as GNU has it: items in any order, each kind at most once, except for what
// is relative.
class TimeParser {
 public:
  TimeParser(std::string_view text, Moment now, const TimeZone& zone)
      : zone_(zone), tokens_(TimeTokens(text, zone, now.seconds)), now_(BreakTime(now, zone)) {
    year_ = std::int64_t{now_.tm.tm_year} + 1900;
    month_ = now_.tm.tm_mon + 1;
    day_ = now_.tm.tm_mday;
    hour_ = now_.tm.tm_hour;
    minute_ = now_.tm.tm_min;
    second_ = now_.tm.tm_sec;
    nanosecond_ = now_.nanoseconds;
  }

  std::optional<Moment> Parse() {
    while (Peek().kind != TimeToken::kEnd) {
      if (!Item()) return std::nullopt;
    }
    const bool once = dates_ <= 1 && times_ <= 1 && weekdays_ <= 1 && zones_ + local_zones_ <= 1;
    return once ? Finish() : std::nullopt;
  }

 private:
  using Kind = TimeToken::Kind;

  const TimeToken& Peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  bool Is(std::size_t ahead, Kind kind) const { return Peek(ahead).kind == kind; }
  bool Is(std::size_t ahead, char c) const {
    return Is(ahead, Kind::kPunctuation) && Peek(ahead).value == c;
  }
  const TimeToken& Take() { return tokens_[at_++]; }

  bool Item() {
    switch (Peek().kind) {
      case Kind::kUnsigned:
        return Number();
      case Kind::kMonth:
        return MonthFirst();
      case Kind::kWeekday:
        ++weekdays_;
        weekday_ordinal_ = 0;
        weekday_ = static_cast<int>(Take().value);
        if (Is(0, ',')) ++at_;
        return true;
      case Kind::kOrdinal: {
        const std::int64_t ordinal = Take().value;
        return Is(0, Kind::kWeekday) ? NthWeekday(ordinal) : Unit(ordinal, 0);
      }
      case Kind::kUnit:
        return Unit(1, 0);
      case Kind::kSigned:
      case Kind::kFraction: {
        const TimeToken number = Take();
        return Unit(number.value, number.nanoseconds);
      }
      case Kind::kDayShift:
        relative_ = true;
        days_ += Take().value;
        return true;
      case Kind::kZone:
      case Kind::kT:
        return Zone();
      case Kind::kLocalZone:
        return LocalZone();
      default:
        return false;
    }
  }

  bool Number() {
    if (Is(1, ':') && Is(2, Kind::kUnsigned)) return Clock();
    if (Is(1, '/')) return SlashedDate();
    switch (Peek(1).kind) {
      case Kind::kMeridian:
        return SetTime(Take().value, 0, 0, 0) && Meridian();
      case Kind::kMonth:
        return DayFirst();
      case Kind::kWeekday:
        return NthWeekday(Take().value);
      case Kind::kUnit: {
        const std::int64_t value = Take().value;
        return Unit(value, 0);
      }
      case Kind::kSigned:
        return NumberAndSigned();
      default:
        return Digits(Take());
    }
  }

  // "2024-01-05", "10 +02", "2024 -3 days".
  bool NumberAndSigned() {
    const TimeToken number = Take();
    if (Is(1, Kind::kSigned)) {
      // ISO 8601; the signs are its dashes.
      const std::int64_t month = -Take().value;
      const std::int64_t day = -Take().value;
      if (!SetDate(number, month, day)) return false;
      if (!Is(0, Kind::kT)) return true;
      ++at_;
      return Is(0, Kind::kUnsigned) && IsoTime();
    }
    if (Is(1, Kind::kUnit)) {
      const std::int64_t value = Peek().value;
      return Digits(number) && (++at_, Unit(value, 0));
    }
    return SetTime(number.value, 0, 0, 0) && Offset();
  }

  bool IsoTime() {
    if (Is(1, ':')) return Clock();
    // Hours alone need a zone behind them.
    return Is(1, Kind::kSigned) && SetTime(Take().value, 0, 0, 0) && Offset();
  }

  // "10:20", "10:20:30.5", and a meridian or an offset behind it.
  bool Clock() {
    const std::int64_t hour = Take().value;
    ++at_;
    if (!Is(0, Kind::kUnsigned)) return false;
    const std::int64_t minute = Take().value;
    TimeToken second;
    if (Is(0, ':')) {
      ++at_;
      const bool fraction = Is(0, Kind::kFraction) && Peek().digits == 0;
      if (!fraction && !Is(0, Kind::kUnsigned)) return false;
      second = Take();
    }
    if (!SetTime(hour, minute, second.value, second.nanoseconds)) return false;
    if (Is(0, Kind::kMeridian)) return Meridian();
    return !Is(0, Kind::kSigned) || Offset();
  }

  bool Meridian() {
    const std::int64_t noon = Take().value;
    constexpr int kNoon = 12;
    if (hour_ < 1 || hour_ > kNoon) return false;
    hour_ = hour_ % kNoon + static_cast<int>(noon);
    return true;
  }

  // "+02:00", "-0500", "+2" behind a time.
  bool Offset() {
    ++zones_;
    return ReadOffset(zone_seconds_);
  }

  bool ReadOffset(std::int64_t& seconds) {
    const TimeToken offset = Take();
    std::int64_t minutes = 0;
    if (Is(0, ':') && Is(1, Kind::kUnsigned)) {
      ++at_;
      const std::int64_t rest = Take().value;
      minutes = offset.value * 60 + (offset.negative ? -rest : rest);
    } else if (offset.digits <= 2) {
      minutes = offset.value * 60;
    } else {
      minutes = offset.value / 100 * 60 + offset.value % 100;
    }
    constexpr std::int64_t kMost = 24 * 60;
    if (minutes > kMost || minutes < -kMost) return false;
    seconds = minutes * kMinuteSeconds;
    return true;
  }

  // "UTC", "UTC+2", "EST DST", "UTC +2 days".
  bool Zone() {
    ++zones_;
    zone_seconds_ = Take().value;
    if (Is(0, Kind::kDaylight)) {
      ++at_;
      zone_seconds_ += 60 * kMinuteSeconds;
    } else if (Is(0, Kind::kSigned) && !Is(1, Kind::kUnit)) {
      std::int64_t offset = 0;
      if (!ReadOffset(offset)) return false;
      zone_seconds_ += offset;
    }
    return true;
  }

  bool LocalZone() {
    ++local_zones_;
    local_daylight_ = Take().value != 0;
    if (Is(0, Kind::kDaylight)) {
      ++at_;
      local_daylight_ = true;
    }
    return true;
  }

  // "1/5", "1/5/2024", "2024/1/5".
  bool SlashedDate() {
    const TimeToken first = Take();
    ++at_;
    if (!Is(0, Kind::kUnsigned)) return false;
    const TimeToken second = Take();
    if (!Is(0, '/')) {
      ++dates_;
      month_ = first.value;
      day_ = second.value;
      return true;
    }
    ++at_;
    if (!Is(0, Kind::kUnsigned)) return false;
    const TimeToken third = Take();
    constexpr int kYearDigits = 4;
    if (first.digits >= kYearDigits) return SetDate(first, second.value, third.value);
    return SetDate(third, first.value, second.value);
  }

  // "5 Jan", "5 Jan 2024", "5-Jan-2024".
  bool DayFirst() {
    ++dates_;
    day_ = Take().value;
    month_ = Take().value;
    if (Is(0, Kind::kUnsigned)) SetYear(Take());
    // A dash before the year; a relative unit is no year.
    if (Is(0, Kind::kSigned) && !Is(1, Kind::kUnit)) {
      TimeToken year = Take();
      year.value = -year.value;
      SetYear(year);
    }
    return true;
  }

  // "Jan 5", "Jan 5, 2024", "Jan-5-2024".
  bool MonthFirst() {
    ++dates_;
    month_ = Take().value;
    if (Is(0, Kind::kSigned) && Is(1, Kind::kSigned)) {
      day_ = -Take().value;
      TimeToken year = Take();
      year.value = -year.value;
      SetYear(year);
      return true;
    }
    if (!Is(0, Kind::kUnsigned)) return false;
    day_ = Take().value;
    if (!Is(0, ',')) return true;
    ++at_;
    if (!Is(0, Kind::kUnsigned)) return false;
    SetYear(Take());
    return true;
  }

  bool NthWeekday(std::int64_t ordinal) {
    ++weekdays_;
    weekday_ordinal_ = ordinal;
    weekday_ = static_cast<int>(Take().value);
    return true;
  }

  // The unit that stands here, so many times; "ago" behind it turns it round.
  bool Unit(std::int64_t value, int nanoseconds) {
    if (!Is(0, Kind::kUnit)) return false;
    const TimeToken unit = Take();
    const bool seconds = unit.unit == TimeUnit::kSecond && unit.value == 1;
    if (nanoseconds != 0 && !seconds) return false;
    std::int64_t sign = 1;
    if (Is(0, Kind::kAgo)) sign = Take().value;
    relative_ = true;
    nanoseconds_ += sign * nanoseconds;
    std::int64_t& sum = unit.unit == TimeUnit::kYear    ? years_
                        : unit.unit == TimeUnit::kMonth ? months_
                        : unit.unit == TimeUnit::kDay   ? days_
                                                        : seconds_;
    std::int64_t product = 0;
    return !__builtin_mul_overflow(value * sign, unit.value, &product) &&
           !__builtin_add_overflow(sum, product, &sum);
  }

  // "20240105", "1020", "10", or the year of a date that has none yet.
  bool Digits(const TimeToken& number) {
    if (dates_ > 0 && !has_year_ && !relative_ && (times_ > 0 || number.digits > 2)) {
      SetYear(number);
      return true;
    }
    constexpr int kTimeDigits = 4;
    if (number.digits <= 2) return SetTime(number.value, 0, 0, 0);
    if (number.digits <= kTimeDigits) return SetTime(number.value / 100, number.value % 100, 0, 0);
    TimeToken year = number;
    year.value = number.value / 10000;
    year.digits = number.digits - kTimeDigits;
    return SetDate(year, number.value / 100 % 100, number.value % 100);
  }

  void SetYear(const TimeToken& year) {
    constexpr int kFirstOfCentury = 69;
    has_year_ = true;
    year_ = year.value;
    if (year.digits == 2) year_ += year_ < kFirstOfCentury ? 2000 : 1900;
  }

  bool SetDate(const TimeToken& year, std::int64_t month, std::int64_t day) {
    ++dates_;
    SetYear(year);
    month_ = month;
    day_ = day;
    return true;
  }

  bool SetTime(std::int64_t hour, std::int64_t minute, std::int64_t second, int nanosecond) {
    ++times_;
    hour_ = hour;
    minute_ = minute;
    second_ = second;
    nanosecond_ = nanosecond;
    return true;
  }

  std::optional<std::tm> Parts() const {
    std::tm parts{};
    const bool has_time = times_ > 0 || (relative_ && dates_ == 0 && weekdays_ == 0);
    parts.tm_year = -1900;
    parts.tm_mon = -1;
    const bool fit = AddTo(parts.tm_year, year_) && AddTo(parts.tm_mon, month_) &&
                     AddTo(parts.tm_mday, day_) &&
                     (!has_time || (AddTo(parts.tm_hour, hour_) && AddTo(parts.tm_min, minute_) &&
                                    AddTo(parts.tm_sec, second_)));
    return fit ? std::optional(parts) : std::nullopt;
  }

  std::optional<Moment> Finish() const {
    const bool has_time = times_ > 0 || (relative_ && dates_ == 0 && weekdays_ == 0);
    // What is only relative keeps the clock that holds now.
    std::optional<bool> daylight;
    if (dates_ == 0 && weekdays_ == 0 && times_ == 0) daylight = zone_.At(now_.seconds).daylight;
    if (local_zones_ > 0) daylight = local_daylight_;
    const auto parts = Parts();
    if (!parts) return std::nullopt;
    auto made = Make(*parts, zone_, daylight);
    // With a zone of its own, the local gap is none.
    if (!made || (!SameTime(made->tm, *parts) && !(made->skipped && zones_ > 0))) {
      return std::nullopt;
    }
    if (weekdays_ > 0 && dates_ == 0) {
      std::tm moved = made->tm;
      const bool counts = weekday_ordinal_ > 0 && moved.tm_wday != weekday_;
      const std::int64_t weeks = weekday_ordinal_ - (counts ? 1 : 0);
      if (!AddTo(moved.tm_mday, (weekday_ - moved.tm_wday + 7) % 7 + 7 * weeks))
        return std::nullopt;
      made = Make(moved, zone_, std::nullopt);
    }
    if (made && (years_ | months_ | days_) != 0) {
      std::tm moved = made->tm;
      moved.tm_hour = parts->tm_hour;
      moved.tm_min = parts->tm_min;
      moved.tm_sec = parts->tm_sec;
      if (!AddTo(moved.tm_year, years_) || !AddTo(moved.tm_mon, months_) ||
          !AddTo(moved.tm_mday, days_)) {
        return std::nullopt;
      }
      made = Make(moved, zone_, daylight);
    }
    if (!made) return std::nullopt;
    std::int64_t seconds = made->seconds;
    if (zones_ > 0) seconds += zone_.At(seconds).seconds_east - zone_seconds_;
    constexpr std::int64_t kSecond = 1'000'000'000;
    std::int64_t nanoseconds = (has_time ? nanosecond_ : 0) + nanoseconds_;
    const std::int64_t carried = (nanoseconds % kSecond < 0 ? -1 : 0) + nanoseconds / kSecond;
    if (__builtin_add_overflow(seconds, seconds_, &seconds)) return std::nullopt;
    return Moment{seconds + carried, static_cast<int>(nanoseconds - carried * kSecond)};
  }

  const TimeZone zone_;
  const std::vector<TimeToken> tokens_;
  std::size_t at_ = 0;
  const BrokenTime now_;
  std::int64_t year_ = 0, month_ = 0, day_ = 0;
  std::int64_t hour_ = 0, minute_ = 0, second_ = 0;
  int nanosecond_ = 0;
  int dates_ = 0, times_ = 0, weekdays_ = 0, zones_ = 0, local_zones_ = 0;
  bool has_year_ = false, relative_ = false, local_daylight_ = false;
  std::int64_t zone_seconds_ = 0;
  int weekday_ = 0;
  std::int64_t weekday_ordinal_ = 0;
  std::int64_t years_ = 0, months_ = 0, days_ = 0, seconds_ = 0, nanoseconds_ = 0;
};

// "@12", "@-12.5".
std::optional<Moment> EpochTime(std::string_view text, Moment now, const TimeZone& zone) {
  const std::vector<TimeToken> tokens = TimeTokens(text, zone, now.seconds);
  const TimeToken& number = tokens[0];
  if (tokens.size() != 2 ||
      (number.kind != TimeToken::kUnsigned && number.kind != TimeToken::kSigned &&
       number.kind != TimeToken::kFraction)) {
    return std::nullopt;
  }
  return Moment{number.value, number.nanoseconds};
}

// TZ="…" before a date: takes it off, and gives the zone.
std::optional<TimeZone> TakeZone(std::string_view& text) {
  constexpr std::string_view kStart = "TZ=\"";
  if (!text.starts_with(kStart)) return std::nullopt;
  std::string name;
  for (std::size_t at = kStart.size(); at < text.size(); ++at) {
    if (text[at] == '"') {
      text.remove_prefix(at + 1);
      return TimeZone::FromName(name);
    }
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    name += text[at];
  }
  return std::nullopt;
}

std::string_view WithoutLeadingBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t\n\v\f\r"), text.size()));
}

}  // namespace

std::optional<Moment> ParseMoment(std::string_view text, Moment now, const TimeZone& zone) {
  text = WithoutLeadingBlanks(text);
  const std::optional<TimeZone> own = TakeZone(text);
  if (own) text = WithoutLeadingBlanks(text);
  const TimeZone& meant = own ? *own : zone;
  auto moment = text.starts_with('@') ? EpochTime(text.substr(1), now, meant)
                                      : TimeParser(text.empty() ? "0" : text, now, meant).Parse();
  // What the years of the calendar, an int, can show.
  constexpr std::int64_t kLast = 67'768'036'191'676'799;
  if (moment && (moment->seconds > kLast || moment->seconds < -kLast)) return std::nullopt;
  return moment;
}

}  // namespace computesdk::in_memory
