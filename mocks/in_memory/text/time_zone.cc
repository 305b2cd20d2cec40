#include "mocks/in_memory/text/time_zone.h"

#include <algorithm>
#include <chrono>

#include "mocks/in_memory/text/time_zone_names.h"

namespace computesdk::in_memory {
namespace {

constexpr std::int64_t kDaySeconds = 86400;
constexpr int kMostHours = 167;
// The rules of a zone that has a name for its summer and no rule of its own.
constexpr std::string_view kDefaultRules = ",M3.2.0,M11.1.0";

std::int64_t DaysFromCivil(std::int64_t year, int month, int day) {
  // std::chrono::year ends at 32767; the calendar repeats every 400 years.
  const std::int64_t cycle = year >= 0 ? year / 400 : (year - 399) / 400;
  const auto within = static_cast<int>(year - cycle * 400);
  const std::chrono::sys_days days = std::chrono::year(within) /
                                     std::chrono::month(static_cast<unsigned>(month)) /
                                     std::chrono::day(static_cast<unsigned>(day));
  return days.time_since_epoch().count() + cycle * 146097;
}

bool IsLeap(std::int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

std::int64_t YearOf(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts = {};
  gmtime_r(&time, &parts);
  return static_cast<std::int64_t>(parts.tm_year) + 1900;
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

// Reads a POSIX string, part by part; each gives false, and reads nothing, for what is none.
class TimeZoneParser {
 public:
  explicit TimeZoneParser(std::string_view text) : text_(text) {}

  TimeZone Parse() {
    TimeZone zone;
    zone.name_.clear();
    if (!Name(zone.name_)) return zone;
    int west = 0;
    if (!Offset(west)) return zone;
    zone.offset_ = -west;
    if (!Name(zone.daylight_name_)) return zone;
    zone.daylight_offset_ = Offset(west) ? -west : zone.offset_ + 3600;
    if (at_ == text_.size()) {
      text_ = kDefaultRules;
      at_ = 0;
    }
    if (!Rule(zone.start_) || !Rule(zone.end_)) zone.daylight_name_.clear();
    return zone;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c) {
    if (Peek() != c) return false;
    ++at_;
    return true;
  }

  bool Number(int& value, int most) {
    if (!IsDigit(Peek())) return false;
    value = 0;
    while (IsDigit(Peek())) value = std::min(value * 10 + (text_[at_++] - '0'), 100000);
    value = std::min(value, most);
    return true;
  }

  // Three letters or more, or anything in "<…>".
  bool Name(std::string& name) {
    const std::size_t start = at_;
    if (Take('<')) {
      const std::size_t end = text_.find('>', at_);
      if (end == std::string_view::npos) return Back(start);
      name = text_.substr(at_, end - at_);
      at_ = end + 1;
      return true;
    }
    while (IsLetter(Peek())) ++at_;
    if (at_ - start < 3) return Back(start);
    name = text_.substr(start, at_ - start);
    return true;
  }

  bool Back(std::size_t start) {
    at_ = start;
    return false;
  }

  // [+-]hh[:mm[:ss]]
  bool Offset(int& seconds) {
    const std::size_t start = at_;
    const bool negative = Take('-');
    if (!negative) (void)Take('+');
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!Number(hours, kMostHours)) return Back(start);
    if (Take(':') && Number(minutes, 59) && Take(':')) (void)Number(rest, 59);
    seconds = hours * 3600 + minutes * 60 + rest;
    if (negative) seconds = -seconds;
    return true;
  }

  bool Rule(TimeZone::Change& change) {
    using Kind = TimeZone::Change::Kind;
    if (!Take(',')) return false;
    bool read = false;
    if (Take('M')) {
      change.kind = Kind::kMonthWeekDay;
      read = Number(change.month, 12) && Take('.') && Number(change.week, 5) && Take('.') &&
             Number(change.day, 6) && change.month > 0 && change.week > 0;
    } else {
      change.kind = Take('J') ? Kind::kJulian : Kind::kZeroBased;
      read = Number(change.day, 365);
    }
    if (!read) return false;
    return !Take('/') || Offset(change.seconds);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

TimeZone TimeZone::FromName(std::string_view tz) {
  if (!tz.empty() && tz[0] == ':') tz.remove_prefix(1);
  if (tz.empty()) return {};
  const std::string_view known = KnownZone(tz);
  return TimeZoneParser(known.empty() ? tz : known).Parse();
}

std::int64_t TimeZone::SecondsOf(const Change& change, std::int64_t year) {
  std::int64_t day = 0;
  if (change.kind == Change::Kind::kMonthWeekDay) {
    const std::int64_t first = DaysFromCivil(year, change.month, 1);
    const std::int64_t weekday = ((first + 4) % 7 + 7) % 7;  // The epoch was a Thursday.
    day = first + (change.day - weekday + 7) % 7 + std::int64_t{7} * (change.week - 1);
    const std::int64_t next = change.month == 12 ? DaysFromCivil(year + 1, 1, 1)
                                                 : DaysFromCivil(year, change.month + 1, 1);
    if (day >= next) day -= 7;  // The fifth is the last one.
  } else {
    const bool skips = change.kind == Change::Kind::kJulian;  // Never counts 29 February.
    day = DaysFromCivil(year, 1, 1) + change.day - (skips ? 1 : 0);
    if (skips && change.day >= 60 && IsLeap(year)) ++day;
  }
  return day * kDaySeconds + change.seconds;
}

TimeZone::Offset TimeZone::At(std::int64_t moment) const {
  if (daylight_name_.empty()) return {offset_, false, name_};
  const std::int64_t year = YearOf(moment + offset_);
  const std::int64_t start = SecondsOf(start_, year) - offset_;
  const std::int64_t end = SecondsOf(end_, year) - daylight_offset_;
  // In the south the summer goes over the end of the year.
  const bool daylight =
      start < end ? moment >= start && moment < end : moment >= start || moment < end;
  if (daylight) return {daylight_offset_, true, daylight_name_};
  return {offset_, false, name_};
}

std::optional<std::int64_t> TimeZone::FromLocal(std::int64_t local,
                                                std::optional<bool> daylight) const {
  if (daylight && !daylight_name_.empty()) return local - (*daylight ? daylight_offset_ : offset_);
  std::int64_t moment = local;
  for (int tries = 0; tries < 4; ++tries) {
    const std::int64_t next = local - At(moment).seconds_east;
    if (next == moment) return moment;
    moment = next;
  }
  return std::nullopt;
}

std::tm TimeZone::Break(std::int64_t moment) const {
  const Offset offset = At(moment);
  const std::time_t local = moment + offset.seconds_east;
  std::tm parts = {};
  gmtime_r(&local, &parts);
  parts.tm_gmtoff = offset.seconds_east;
  parts.tm_isdst = offset.daylight ? 1 : 0;
  parts.tm_zone = nullptr;
  return parts;
}

std::string FormatIn(const TimeZone& zone, std::int64_t moment, const std::string& format) {
  if (format.empty()) return "";
  // strftime takes %s, and %Z where it is empty, from the zone of the machine.
  const std::tm parts = zone.Break(moment);
  std::string own;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 >= format.size()) {
      own += format[at];
      continue;
    }
    const char kind = format[++at];
    own += kind == 's'   ? std::to_string(moment)
           : kind == 'Z' ? zone.At(moment).name
                         : std::string("%") + kind;
  }
  own += ' ';  // So that an empty result is told from one that does not fit.
  std::string text(own.size() * 8 + 256, '\0');
  text.resize(std::strftime(text.data(), text.size(), own.c_str(), &parts));
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace computesdk::in_memory
