#include <algorithm>
#include <cmath>
#include <ctime>
#include <map>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::jq {
namespace {

// What `.[]` gives.
Array ItemsOf(const Value& whole) {
  if (whole.Is(Kind::kArray)) return whole.array();
  if (!whole.Is(Kind::kObject)) Raise("Cannot iterate over " + Describe(whole));
  Array items;
  for (const auto& [key, value] : whole.object().items) items.push_back(value);
  return items;
}

using Args = std::vector<Value>;
using Function = Value (*)(Process&, const Value&, const Args&);

const std::string& TextOf(const Value& value, const char* why) {
  if (!value.Is(Kind::kString)) Raise(Describe(value) + why);
  return value.text();
}

Array Sorted(const Value& in) {
  Array items = ArrayOf(in, kNotSorted);
  std::stable_sort(items.begin(), items.end(),
                   [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
  return items;
}

// Pairs of key and value, by their keys.
Array SortedPairs(const Value& in) {
  Array items = in.array();
  std::stable_sort(items.begin(), items.end(), [](const Value& a, const Value& b) {
    return Compare(a.array()[0], b.array()[0]) < 0;
  });
  return items;
}

Value Groups(const Value& in, bool first_only) {
  Array groups;
  const Value* before = nullptr;
  const Array pairs = SortedPairs(in);
  for (const Value& pair : pairs) {
    const bool fresh = before == nullptr || Compare(*before, pair.array()[0]) != 0;
    before = &pair.array()[0];
    if (first_only) {
      if (fresh) groups.push_back(pair.array()[1]);
    } else if (fresh) {
      groups.emplace_back(Array{pair.array()[1]});
    } else {
      groups.back().MutableArray().push_back(pair.array()[1]);
    }
  }
  return Value(std::move(groups));
}

// min and max compare what they are given with itself.
void NeedArray(const Value& in) {
  if (in.Is(Kind::kArray)) return;
  Raise(Describe(in) + " and " + Describe(in) + " cannot be iterated over");
}

// The last of the greatest, the first of the least.
Value Extreme(const Value& in, int sign) {
  const Value* best = nullptr;
  for (const Value& pair : in.array()) {
    const int order = best == nullptr ? 1 : sign * Compare(pair.array()[0], best->array()[0]);
    if (order > 0 || (order == 0 && sign > 0)) best = &pair;
  }
  return best != nullptr ? best->array()[1] : Value();
}

bool Contains(const Value& a, const Value& b) {
  CheckDepth();
  if (a.Is(Kind::kObject) && b.Is(Kind::kObject)) {
    return std::all_of(b.object().items.begin(), b.object().items.end(), [&](const auto& item) {
      const Value* mine = a.object().Find(item.first);
      return mine != nullptr && Contains(*mine, item.second);
    });
  }
  if (a.Is(Kind::kArray) && b.Is(Kind::kArray)) {
    return std::all_of(b.array().begin(), b.array().end(), [&](const Value& wanted) {
      return std::any_of(a.array().begin(), a.array().end(), [&](const Value& mine) {
        return KindName(mine) == KindName(wanted) && Contains(mine, wanted);
      });
    });
  }
  if (a.Is(Kind::kString) && b.Is(Kind::kString))
    return a.text().find(b.text()) != std::string::npos;
  if (KindName(a) == KindName(b)) return Compare(a, b) == 0;
  Raise(Describe(a) + " and " + Describe(b) + " cannot have their containment checked");
}

Value Indices(const Value& in, const Value& wanted) {
  if (in.Is(Kind::kNull)) return Value();
  if (!in.Is(Kind::kString)) {
    const Array& array = ArrayOf(in, " cannot be searched");
    return IndicesOf(array, wanted.Is(Kind::kArray) ? wanted.array() : Array{wanted});
  }
  const std::string& part = TextOf(wanted, " cannot be searched for in a string");
  if (part.empty()) return Value();
  Array found;
  for (auto at = in.text().find(part); at != std::string::npos; at = in.text().find(part, at + 1)) {
    found.emplace_back(static_cast<double>(at));
  }
  return Value(std::move(found));
}

std::tm TimeOf(const Value& in) {
  std::tm tm{};
  if (in.Is(Kind::kArray) && in.array().size() >= 6) {
    tm = TimeFromParts(in.array());
    (void)timegm(&tm);
    return tm;
  }
  if (!in.Is(Kind::kNumber)) Raise("strftime/1 requires parsed datetime inputs");
  const auto seconds = static_cast<std::time_t>(std::clamp(in.number(), -1e12, 1e12));
  (void)gmtime_r(&seconds, &tm);
  return tm;
}

Value Keys(const Value& in, bool sorted) {
  Array keys;
  if (in.Is(Kind::kArray)) {
    for (std::size_t i = 0; i < in.array().size(); ++i) keys.emplace_back(static_cast<double>(i));
  } else if (!in.Is(Kind::kObject)) {
    Raise(Describe(in) + " has no keys");
  } else if (sorted) {
    for (std::string& key : in.object().SortedKeys()) keys.emplace_back(std::move(key));
  } else {
    for (const auto& [key, value] : in.object().items) keys.emplace_back(key);
  }
  return Value(std::move(keys));
}

Value Length(const Value& in) {
  switch (in.kind()) {
    case Kind::kNull:
      return Value(0.0);
    case Kind::kNumber:
      return Value(std::fabs(in.number()));
    case Kind::kString:
      return Value(static_cast<double>(Utf8Length(in.text())));
    case Kind::kArray:
      return Value(static_cast<double>(in.array().size()));
    case Kind::kObject:
      return Value(static_cast<double>(in.object().items.size()));
    default:
      Raise(Describe(in) + " has no length");
  }
}

#define JQ_MATH(name)                                                                         \
  {                                                                                           \
#name "/0",                                                                               \
        [](Process&, const Value& in, const Args&) { return Value(std::name(NumberOf(in))); } \
  }

const std::map<std::string, Function>& Functions() {
  using P = Process&;
  using V = const Value&;
  using A = const Args&;
  static const auto* const kFunctions = new std::map<std::string, Function>{
      JQ_MATH(floor), JQ_MATH(ceil), JQ_MATH(round), JQ_MATH(sqrt), JQ_MATH(fabs), JQ_MATH(exp),
      JQ_MATH(log), JQ_MATH(log2), JQ_MATH(log10), JQ_MATH(exp2), JQ_MATH(sin), JQ_MATH(cos),
      JQ_MATH(tan), JQ_MATH(trunc),
      {"pow/2", [](P, V, A a) { return Value(std::pow(NumberOf(a[0]), NumberOf(a[1]))); }},
      {"infinite/0", [](P, V, A) { return Value(HUGE_VAL); }},
      {"nan/0", [](P, V, A) { return Value(std::nan("")); }},
      {"isnan/0", [](P, V v, A) { return Value(v.Is(Kind::kNumber) && std::isnan(v.number())); }},
      {"isinfinite/0", [](P, V v, A) { return Value(v.Is(Kind::kNumber) && std::isinf(v.number())); }},
      {"isnormal/0", [](P, V v, A) { return Value(v.Is(Kind::kNumber) && std::isnormal(v.number())); }},
      {"length/0", [](P, V v, A) { return Length(v); }},
      {"utf8bytelength/0",
       [](P, V v, A) {
         return Value(static_cast<double>(
             TextOf(v, " only strings have UTF-8 byte length").size()));
       }},
      {"type/0", [](P, V v, A) { return Value(KindName(v)); }},
      {"keys/0", [](P, V v, A) { return Keys(v, true); }},
      {"keys_unsorted/0", [](P, V v, A) { return Keys(v, false); }},
      {"has/1",
       [](P, V v, A a) {
         if (v.Is(Kind::kNull) && (a[0].Is(Kind::kString) || a[0].Is(Kind::kNumber))) {
           return Value(false);
         }
         if (v.Is(Kind::kObject) && a[0].Is(Kind::kString)) {
           return Value(v.object().Find(a[0].text()) != nullptr);
         }
         if (v.Is(Kind::kArray) && a[0].Is(Kind::kNumber)) {
           return Value(a[0].number() >= 0 &&
                        a[0].number() < static_cast<double>(v.array().size()));
         }
         Raise("Cannot check whether " + std::string(KindName(v)) + " has a " +
               std::string(KindName(a[0])) + " key");
       }},
      {"contains/1", [](P, V v, A a) { return Value(Contains(v, a[0])); }},
      {"indices/1", [](P, V v, A a) { return Indices(v, a[0]); }},
      {"_match/2", [](P p, V v, A a) { return MatchAll(p, v, a); }},
      {"setpath/2",
       [](P, V v, A a) {
         return SetPath(v, ArrayOf(a[0], " Path must be specified as an array"), 0, a[1]);
       }},
      {"delpaths/1",
       [](P, V v, A a) {
         return DeletePaths(v, ArrayOf(a[0], " Paths must be specified as an array"));
       }},
      {"sort/0", [](P, V v, A) { return Value(Sorted(v)); }},
      {"_sort_by/0",
       [](P, V v, A) {
         Array values;
         for (const Value& pair : SortedPairs(v)) values.push_back(pair.array()[1]);
         return Value(std::move(values));
       }},
      {"_group_by/0", [](P, V v, A) { return Groups(v, false); }},
      {"_unique_by/0", [](P, V v, A) { return Groups(v, true); }},
      {"_min_by/0", [](P, V v, A) { return Extreme(v, -1); }},
      {"_max_by/0", [](P, V v, A) { return Extreme(v, 1); }},
      {"unique/0",
       [](P, V v, A) {
         Array items = Sorted(v);
         items.erase(std::unique(items.begin(), items.end(),
                                 [](V x, V y) { return Compare(x, y) == 0; }),
                     items.end());
         return Value(std::move(items));
       }},
      {"min/0",
       [](P, V v, A) {
         NeedArray(v);
         const Array items = Sorted(v);
         return items.empty() ? Value() : items.front();
       }},
      {"max/0",
       [](P, V v, A) {
         NeedArray(v);
         const Array items = Sorted(v);
         return items.empty() ? Value() : items.back();
       }},
      {"reverse/0",
       [](P, V v, A) {
         if (v.Is(Kind::kNull)) return Value(Array{});
         if (v.Is(Kind::kObject) && v.object().SortedKeys().empty()) return Value(Array{});
         Array items = ArrayOf(v, " cannot be reversed, as it is not an array");
         std::reverse(items.begin(), items.end());
         return Value(std::move(items));
       }},
      {"tostring/0", [](P, V v, A) { return Value(ToText(v)); }},
      {"tojson/0", [](P, V v, A) { return Value(Dump(v)); }},
      {"fromjson/0",
       [](P, V v, A) {
         const std::string& text = TextOf(v, " only strings can be parsed");
         if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
           Raise("Expected JSON value (while parsing '" + text + "')");
         }
         try {
           return ParseWhole(text);
         } catch (const JqError& error) {
           Raise(ToText(error.value) + " (while parsing '" + text + "')");
         }
       }},
      {"tonumber/0",
       [](P, V v, A) {
         if (v.Is(Kind::kNumber)) return v;
         const std::string& text = TextOf(v, " cannot be parsed as a number");
         try {
           Value parsed = ParseWhole(text);
           if (parsed.Is(Kind::kNumber)) return parsed;
         } catch (const JqError& error) {
           Raise(ToText(error.value) + " (while parsing '" + text + "')");
         }
         Raise(Describe(v) + " cannot be parsed as a number");
       }},
      {"startswith/1",
       [](P, V v, A a) {
         if (!v.Is(Kind::kString) || !a[0].Is(Kind::kString)) {
           Raise("startswith() requires string inputs");
         }
         return Value(v.text().starts_with(a[0].text()));
       }},
      {"endswith/1",
       [](P, V v, A a) {
         if (!v.Is(Kind::kString) || !a[0].Is(Kind::kString)) {
           Raise("endswith() requires string inputs");
         }
         return Value(v.text().ends_with(a[0].text()));
       }},
      {"ltrimstr/1",
       [](P, V v, A a) {
         const bool there = v.Is(Kind::kString) && a[0].Is(Kind::kString) &&
                            v.text().starts_with(a[0].text());
         return there ? Value(v.text().substr(a[0].text().size())) : v;
       }},
      {"rtrimstr/1",
       [](P, V v, A a) {
         const bool there = v.Is(Kind::kString) && a[0].Is(Kind::kString) &&
                            v.text().ends_with(a[0].text());
         return there ? Value(v.text().substr(0, v.text().size() - a[0].text().size())) : v;
       }},
      {"split/1",
       [](P p, V v, A a) {
         if (!v.Is(Kind::kString) || !a[0].Is(Kind::kString)) {
           Raise("split input and separator must be strings");
         }
         return Binary(p, "/", v, a[0]);
       }},
      {"join/1",
       [](P p, V v, A a) {
         Value text;
         for (const Value& item : ItemsOf(v)) {
           text = text.Is(Kind::kNull) ? Value("") : Sum(p, std::move(text), a[0]);
           const bool plain = item.Is(Kind::kNumber) || item.Is(Kind::kFalse) || item.Is(Kind::kTrue);
           text = Sum(p, std::move(text), plain ? Value(Dump(item)) : item.Truthy() ? item : Value(""));
         }
         return text.Truthy() ? text : Value("");
       }},
      {"explode/0",
       [](P, V v, A) {
         if (!v.Is(Kind::kString)) Raise("explode input must be a string");
         const std::string& text = v.text();
         Array codes;
         for (std::size_t at = 0; at < text.size();) {
           const Utf8Character c = DecodeUtf8(std::string_view(text).substr(at));
           codes.emplace_back(static_cast<double>(c.valid ? c.code : 0xfffd));
           at += c.length;
         }
         return Value(std::move(codes));
       }},
      {"implode/0",
       [](P, V v, A) {
         std::string text;
         if (!v.Is(Kind::kArray)) Raise("implode input must be an array");
         for (const Value& code : v.array()) {
           const double number = NumberOf(code);
           AppendUtf8(text, number >= 0 && number < 0x110000 ? static_cast<char32_t>(number)
                                                             : 0xfffd);
         }
         return Value(std::move(text));
       }},
      {"now/0",
       [](P p, V, A) {
         return Value(static_cast<double>(p.clock().Now().time_since_epoch().count()) / 1e9);
       }},
      {"gmtime/0",
       [](P, V v, A) {
         const std::tm tm = TimeOf(Value(NumberOf(v)));
         return BrokenDown(tm, tm.tm_sec + v.number() - std::floor(v.number()));
       }},
      {"mktime/0",
       [](P, V v, A) {
         if (!v.Is(Kind::kArray)) Raise("mktime requires array inputs");
         std::tm tm = TimeOf(v);
         return Value(static_cast<double>(timegm(&tm)));
       }},
      {"strftime/1",
       [](P, V v, A a) {
         std::tm tm = TimeOf(v);
         tm.tm_zone = "UTC";
         char text[512];
         const std::string& format = TextOf(a[0], " strftime/1 requires a string format");
         return Value(std::string(text, strftime(text, sizeof text, format.c_str(), &tm)));
       }},
      {"strptime/1",
       [](P, V v, A a) {
         std::tm tm{};
         if (!v.Is(Kind::kString) || !a[0].Is(Kind::kString)) {
           Raise("strptime/1 requires string inputs and arguments");
         }
         const std::string& text = v.text();
         const std::string& format = a[0].text();
         const char* const end = strptime(text.c_str(), format.c_str(), &tm);
         if (end == nullptr || *end != '\0') {
           Raise("date \"" + text + "\" does not match format \"" + format + "\"");
         }
         const double seconds = tm.tm_sec;
         (void)timegm(&tm);
         return BrokenDown(tm, seconds);
       }}};
  return *kFunctions;
}
#undef JQ_MATH

}  // namespace

std::tm TimeFromParts(const Array& parts) {
  const auto part = [&](std::size_t i) { return static_cast<int>(NumberOf(parts[i])); };
  std::tm tm{};
  tm.tm_year = part(0) - 1900;
  tm.tm_mon = part(1);
  tm.tm_mday = part(2);
  tm.tm_hour = part(3);
  tm.tm_min = part(4);
  tm.tm_sec = part(5);
  return tm;
}

Value BrokenDown(const std::tm& tm, double seconds) {
  Array parts;
  for (const double part :
       {tm.tm_year + 1900.0, tm.tm_mon + 0.0, tm.tm_mday + 0.0, tm.tm_hour + 0.0, tm.tm_min + 0.0,
        seconds, tm.tm_wday + 0.0, tm.tm_yday + 0.0}) {
    parts.emplace_back(part);
  }
  return Value(std::move(parts));
}

double NumberOf(const Value& value) {
  if (!value.Is(Kind::kNumber)) Raise(Describe(value) + " number required");
  return value.number();
}

std::optional<Value> CallPlain(Process& process, const std::string& name, const Value& in,
                               const std::vector<Value>& args) {
  for (const auto* table : {&Functions(), &MathFunctions()}) {
    if (const auto found = table->find(name); found != table->end()) {
      return found->second(process, in, args);
    }
  }
  return std::nullopt;
}

const std::vector<std::string>& PlainNames() {
  static const auto* const kNames = [] {
    auto* const names = new std::vector<std::string>;
    for (const auto* table : {&Functions(), &MathFunctions()}) {
      for (const auto& [name, function] : *table) names->push_back(name);
    }
    return names;
  }();
  return *kNames;
}

}  // namespace computesdk::in_memory::jq
