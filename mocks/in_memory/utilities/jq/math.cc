#include <algorithm>
#include <cmath>
#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "mocks/in_memory/text/time_zone.h"
#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory::jq {
namespace {

using Args = std::vector<Value>;

// Years that an int holds.
constexpr double kFarthest = 6e16;

std::int64_t SecondsOf(const Value& value) {
  return static_cast<std::int64_t>(std::clamp(std::floor(NumberOf(value)), -kFarthest, kFarthest));
}

Value LocalTime(Process& process, const Value& in, const Args&) {
  const std::int64_t seconds = SecondsOf(in);
  const std::tm tm = ZoneOf(process).Break(seconds);
  return BrokenDown(tm, tm.tm_sec + NumberOf(in) - static_cast<double>(seconds));
}

Value LocalFormat(Process& process, const Value& in, const Args& args) {
  if (!args[0].Is(Kind::kString)) Raise("strflocaltime/1 requires a string format");
  const TimeZone zone = ZoneOf(process);
  if (in.Is(Kind::kNumber)) return Value(FormatIn(zone, SecondsOf(in), args[0].text()));
  constexpr std::size_t kParts = 6;
  if (!in.Is(Kind::kArray) || in.array().size() < kParts) {
    Raise("strflocaltime/1 requires parsed datetime inputs");
  }
  std::tm tm = TimeFromParts(in.array());
  const std::int64_t local = timegm(&tm);
  return Value(FormatIn(zone, zone.FromLocal(local).value_or(local), args[0].text()));
}

Value FormatNamed(Process& process, const Value& in, const Args& args) {
  if (!args[0].Is(Kind::kString)) Raise(Describe(args[0]) + " is not a valid format");
  return Format(process, "@" + args[0].text(), in);
}

Value Pair(double first, double second) { return Value(Array{Value(first), Value(second)}); }

Value Fraction(Process&, const Value& in, const Args&) {
  int exponent = 0;
  const double fraction = std::frexp(NumberOf(in), &exponent);
  return Pair(fraction, exponent);
}

Value WholePart(Process&, const Value& in, const Args&) {
  double whole = 0;
  const double rest = std::modf(NumberOf(in), &whole);
  return Pair(rest, whole);
}

// lgamma(3) has the sign in a variable of the whole program; lgamma_r has not.
double LogGamma(double number) {
  int sign = 0;
  return lgamma_r(number, &sign);
}

Value LogGammaAndSign(Process&, const Value& in, const Args&) {
  int sign = 0;
  const double result = lgamma_r(NumberOf(in), &sign);
  return Pair(result, sign);
}

template <double (*function)(double)>
Value One(Process&, const Value& in, const Args&) {
  return Value(function(NumberOf(in)));
}

template <double (*function)(double, double)>
Value Two(Process&, const Value&, const Args& args) {
  const double first = NumberOf(args[0]);
  return Value(function(first, NumberOf(args[1])));
}

// The number by two to the power of the other.
double Scaled(double number, double exponent) {
  constexpr double kMost = 1e6;
  return std::ldexp(number, static_cast<int>(std::clamp(exponent, -kMost, kMost)));
}

double Bessel1(double order, double number) { return jn(static_cast<int>(order), number); }
double Bessel2(double order, double number) { return yn(static_cast<int>(order), number); }

Value Fused(Process&, const Value&, const Args& args) {
  return Value(std::fma(NumberOf(args[0]), NumberOf(args[1]), NumberOf(args[2])));
}

}  // namespace

const std::map<std::string, PlainFunction>& MathFunctions() {
  static const auto* const kFunctions =
      new std::map<std::string, PlainFunction>{{"acos/0", One<::acos>},
                                               {"acosh/0", One<::acosh>},
                                               {"asin/0", One<::asin>},
                                               {"asinh/0", One<::asinh>},
                                               {"atan/0", One<::atan>},
                                               {"atanh/0", One<::atanh>},
                                               {"atan2/2", Two<::atan2>},
                                               {"cbrt/0", One<::cbrt>},
                                               {"copysign/2", Two<::copysign>},
                                               {"cosh/0", One<::cosh>},
                                               {"drem/2", Two<::remainder>},
                                               {"erf/0", One<::erf>},
                                               {"erfc/0", One<::erfc>},
                                               {"exp10/0", One<::exp10>},
                                               {"expm1/0", One<::expm1>},
                                               {"fdim/2", Two<::fdim>},
                                               {"fma/3", Fused},
                                               {"fmax/2", Two<::fmax>},
                                               {"fmin/2", Two<::fmin>},
                                               {"fmod/2", Two<::fmod>},
                                               {"format/1", FormatNamed},
                                               {"frexp/0", Fraction},
                                               {"gamma/0", One<LogGamma>},
                                               {"hypot/2", Two<::hypot>},
                                               {"j0/0", One<::j0>},
                                               {"j1/0", One<::j1>},
                                               {"jn/2", Two<Bessel1>},
                                               {"ldexp/2", Two<Scaled>},
                                               {"lgamma/0", One<LogGamma>},
                                               {"lgamma_r/0", LogGammaAndSign},
                                               {"localtime/0", LocalTime},
                                               {"log1p/0", One<::log1p>},
                                               {"logb/0", One<::logb>},
                                               {"modf/0", WholePart},
                                               {"nearbyint/0", One<::nearbyint>},
                                               {"nextafter/2", Two<::nextafter>},
                                               {"nexttoward/2", Two<::nextafter>},
                                               {"pow10/0", One<::exp10>},
                                               {"remainder/2", Two<::remainder>},
                                               {"rint/0", One<::rint>},
                                               {"scalb/2", Two<Scaled>},
                                               {"scalbln/2", Two<Scaled>},
                                               {"significand/0", One<::significand>},
                                               {"sinh/0", One<::sinh>},
                                               {"strflocaltime/1", LocalFormat},
                                               {"tanh/0", One<::tanh>},
                                               {"tgamma/0", One<::tgamma>},
                                               {"y0/0", One<::y0>},
                                               {"y1/0", One<::y1>},
                                               {"yn/2", Two<Bessel2>}};
  return *kFunctions;
}

}  // namespace computesdk::in_memory::jq
