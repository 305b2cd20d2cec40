#include "mocks/in_memory/utilities/time_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdlib>

namespace computesdk::in_memory {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                   "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

struct Directive {
  char conversion = 0;
  char pad = 0;  // '-', '_', '0', or 0 for the conversion's own.
  bool upper = false;
  bool swap_case = false;
  int width = -1;
  int colons = 0;
};

int IsoWeekYear(const BrokenTime& time, int& week) {
  const int monday_based = (time.tm.tm_wday + 6) % 7;
  int year = time.tm.tm_year + 1900;
  const auto days_in = [](int y) { return std::chrono::year(y).is_leap() ? 366 : 365; };
  // The week belongs to the year of its Thursday.
  int thursday = time.tm.tm_yday + 3 - monday_based;
  if (thursday < 0) {
    thursday += days_in(--year);
  } else if (thursday >= days_in(year)) {
    thursday -= days_in(year++);
  }
  week = thursday / 7 + 1;
  return year;
}

std::string Number(std::int64_t value, int digits, char pad, const Directive& directive) {
  const char fill = directive.pad != 0 ? directive.pad : pad;
  std::string text = std::to_string(std::abs(value));
  const int width = directive.width >= 0 ? directive.width : (fill == '-' ? 0 : digits);
  std::string sign = value < 0 ? "-" : "";
  // A year that is longer than usual shows that it is one.
  if (fill == '+' && value >= 0 && (value > (digits == 2 ? 99 : 9999) || width > digits))
    sign = "+";
  const int missing = width - static_cast<int>(text.size() + sign.size());
  if (missing <= 0 || fill == '-') return sign + text;
  if (fill == '_') return std::string(missing, ' ') + sign + text;
  return sign + std::string(missing, '0') + text;
}

std::string Nanoseconds(int value, const Directive& directive) {
  constexpr int kDigits = 9;
  std::string text = std::to_string(value);
  text.insert(0, kDigits - text.size(), '0');
  const int width = directive.width > 0 ? directive.width : kDigits;
  text.resize(std::min(width, kDigits));
  if (directive.pad == '-' && directive.width <= 0) return text;
  if (directive.pad == '-' || directive.pad == '_') {
    text.erase(std::max<std::size_t>(text.find_last_not_of('0') + 1, 1));
  }
  if (directive.pad != '-') text.resize(width, directive.pad == '_' ? ' ' : '0');
  return text;
}

std::string Word(std::string text, const Directive& directive, bool lower_if_swapped = false) {
  if (directive.upper || (directive.swap_case && !lower_if_swapped)) {
    std::transform(text.begin(), text.end(), text.begin(), ::toupper);
  } else if (directive.swap_case) {
    std::transform(text.begin(), text.end(), text.begin(), ::tolower);
  }
  const int missing = directive.width - static_cast<int>(text.size());
  if (missing > 0 && directive.pad != '-') {
    text.insert(0, missing, directive.pad == '0' ? '0' : ' ');
  }
  return text;
}

// %z, %:z, %::z, and %:::z, which is as short as the zone allows.
std::string Zone(const Directive& directive, int offset) {
  constexpr int kHour = 3600;
  const std::string sign = offset < 0 ? "-" : "+";
  const int seconds = std::abs(offset);
  const auto two = [](int value) {
    return std::string(value < 10 ? ":0" : ":") + std::to_string(value);
  };
  std::string rest = two(seconds / 60 % 60);
  int colons = directive.colons;
  if (colons > 2) colons = seconds % 60 != 0 ? 2 : seconds % kHour != 0 ? 1 : -1;
  if (colons == 0) rest.erase(0, 1);
  if (colons == -1) rest.clear();
  if (colons == 2) rest += two(seconds % 60);
  constexpr int kUsual = 3;  // "+01"
  const int wanted =
      directive.width >= 0 ? directive.width : kUsual + static_cast<int>(rest.size());
  std::string hours = std::to_string(seconds / kHour);
  if (colons == 0 && seconds < kHour && (directive.pad == '-' || directive.pad == '_')) {
    hours.clear();
    rest.erase(0, rest[0] == '0' ? 1 : 0);
  }
  const int used = static_cast<int>(1 + hours.size() + rest.size());
  const std::string fill(std::max(directive.pad == '-' ? 0 : wanted - used, 0),
                         directive.pad == '_' ? ' ' : '0');
  return directive.pad == '_' ? fill + sign + hours + rest : sign + fill + hours + rest;
}

// Conversions that stand for others.
std::string_view Expansion(char conversion) {
  switch (conversion) {
    case 'c':
      return "%a %b %e %H:%M:%S %Y";
    case 'D':
    case 'x':
      return "%m/%d/%y";
    case 'r':
      return "%I:%M:%S %p";
    case 'R':
      return "%H:%M";
    case 'T':
    case 'X':
      return "%H:%M:%S";
  }
  return {};
}

std::optional<std::string> Names(const Directive& directive, const BrokenTime& time) {
  const std::tm& tm = time.tm;
  switch (directive.conversion) {
    case 'a':
      return Word(std::string(kDays[tm.tm_wday].substr(0, 3)), directive);
    case 'A':
      return Word(std::string(kDays[tm.tm_wday]), directive);
    case 'b':
    case 'h':
      return Word(std::string(kMonths[tm.tm_mon].substr(0, 3)), directive);
    case 'B':
      return Word(std::string(kMonths[tm.tm_mon]), directive);
    case 'p':
      return Word(tm.tm_hour < 12 ? "AM" : "PM", directive, true);
    case 'P':
      return Word(tm.tm_hour < 12 ? "am" : "pm", directive);
    case 'Z':
      return Word(time.zone, directive, true);
    case 'z':
      return Zone(directive, time.offset);
    case 'n':
      return Word("\n", directive);
    case 't':
      return Word("\t", directive);
    case '%':
      // Only as it stands; "%5%" is none of the conversions.
      if (directive.width < 0) return "%";
      break;
  }
  return std::nullopt;
}

std::optional<std::string> Numbers(const Directive& directive, const BrokenTime& time) {
  const std::tm& tm = time.tm;
  const int year = tm.tm_year + 1900;
  const int hour12 = tm.tm_hour % 12 == 0 ? 12 : tm.tm_hour % 12;
  int week = 0;
  const auto number = [&](std::int64_t value, int digits, char pad = '0') {
    return Number(value, digits, pad, directive);
  };
  switch (directive.conversion) {
    case 'F': {
      // The width is that of the whole, and only the year grows.
      constexpr int kMonthAndDay = 6;
      Directive wide = directive;
      wide.width = directive.width < 0 ? -1 : std::max(directive.width - kMonthAndDay, 0);
      return Number(year, 4, directive.width < 0 ? '+' : '0', wide) + "-" +
             Number(tm.tm_mon + 1, 2, '0', {}) + "-" + Number(tm.tm_mday, 2, '0', {});
    }
    case 'C':
      return number(year / 100, 2);
    case 'd':
      return number(tm.tm_mday, 2);
    case 'e':
      return number(tm.tm_mday, 2, '_');
    case 'g':
      return number(IsoWeekYear(time, week) % 100, 2);
    case 'G':
      return number(IsoWeekYear(time, week), 4);
    case 'H':
      return number(tm.tm_hour, 2);
    case 'I':
      return number(hour12, 2);
    case 'j':
      return number(tm.tm_yday + 1, 3);
    case 'k':
      return number(tm.tm_hour, 2, '_');
    case 'l':
      return number(hour12, 2, '_');
    case 'm':
      return number(tm.tm_mon + 1, 2);
    case 'M':
      return number(tm.tm_min, 2);
    case 'N':
      return Nanoseconds(time.nanoseconds, directive);
    case 'q':
      return number(tm.tm_mon / 3 + 1, 1);
    case 's':
      return number(time.seconds, 1);
    case 'S':
      return number(tm.tm_sec, 2);
    case 'u':
      return number(tm.tm_wday == 0 ? 7 : tm.tm_wday, 1);
    case 'U':
      return number((tm.tm_yday - tm.tm_wday + 7) / 7, 2);
    case 'V':
      IsoWeekYear(time, week);
      return number(week, 2);
    case 'w':
      return number(tm.tm_wday, 1);
    case 'W':
      return number((tm.tm_yday - (tm.tm_wday + 6) % 7 + 7) / 7, 2);
    case 'y':
      return number(year % 100, 2);
    case 'Y':
      return number(year, 4);
  }
  return std::nullopt;
}

// Reads flags, width, colons, the modifiers E and O, and the conversion.
Directive ReadDirective(std::string_view text, std::size_t& at) {
  Directive directive;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '-' || c == '_' || c == '0' || c == '+') {
      directive.pad = c;
    } else if (c == '^') {
      directive.upper = true;
    } else if (c == '#') {
      directive.swap_case = true;
    } else {
      break;
    }
  }
  while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) {
    directive.width = std::min(std::max(directive.width, 0) * 10 + (text[at++] - '0'), 4096);
  }
  for (; at < text.size() && text[at] == ':'; ++at) ++directive.colons;
  if (at < text.size() && (text[at] == 'E' || text[at] == 'O')) ++at;
  if (at < text.size()) directive.conversion = text[at++];
  return directive;
}

std::string Format(std::string_view format, const BrokenTime& broken) {
  std::string result;
  for (std::size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      result += format[at++];
      continue;
    }
    const std::size_t start = at++;
    Directive directive = ReadDirective(format, at);
    if (directive.conversion == '%' && at - start > 2) {
      --at;  // What stands before it is no directive; it may begin one.
      result += format.substr(start, at - start);
      continue;
    }
    if (std::string_view whole = Expansion(directive.conversion); !whole.empty()) {
      directive.swap_case = false;  // A single word's alone.
      result += Word(Format(whole, broken), directive, false);
    } else if (auto name = Names(directive, broken)) {
      result += *name;
    } else if (auto number = Numbers(directive, broken)) {
      result += *number;
    } else {
      result += format.substr(start, at - start);
    }
  }
  return result;
}

}  // namespace

Moment MomentOf(FileTime time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {seconds.time_since_epoch().count(), static_cast<int>((time - seconds).count())};
}

BrokenTime BreakTime(Moment moment, const TimeZone& zone) {
  BrokenTime broken;
  broken.seconds = moment.seconds;
  broken.nanoseconds = moment.nanoseconds;
  const TimeZone::Offset offset = zone.At(moment.seconds);
  broken.offset = offset.seconds_east;
  broken.zone = offset.name;
  const std::time_t local = moment.seconds + offset.seconds_east;
  gmtime_r(&local, &broken.tm);
  return broken;
}

BrokenTime BreakTime(FileTime time, const TimeZone& zone) {
  return BreakTime(MomentOf(time), zone);
}

std::string FormatTime(std::string_view format, Moment moment, const TimeZone& zone) {
  return Format(format, BreakTime(moment, zone));
}

std::string FormatTime(std::string_view format, FileTime time, const TimeZone& zone) {
  return FormatTime(format, MomentOf(time), zone);
}

std::string FullTime(FileTime time, const TimeZone& zone) {
  return FormatTime("%Y-%m-%d %H:%M:%S.%N %z", time, zone);
}

TimeZone ZoneOf(const Process& process) {
  const auto name = process.env.find("TZ");
  return name == process.env.end() ? TimeZone() : TimeZone::FromName(name->second);
}

}  // namespace computesdk::in_memory
