#include <algorithm>
#include <cmath>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::jq {
namespace {

constexpr double kMaxIndex = 1e7;  // Of an array that an assignment makes longer.

Value Merge(const Value& a, const Value& b) {
  CheckDepth();
  Value result = a;
  Object& object = result.MutableObject();
  for (const auto& [key, value] : b.object().items) {
    const Value* old = object.Find(key);
    const bool deep = old != nullptr && old->Is(Kind::kObject) && value.Is(Kind::kObject);
    object[key] = deep ? Merge(*old, value) : value;
  }
  return result;
}

Value SplitText(const std::string& text, const std::string& separator) {
  Array parts;
  if (text.empty()) return Value(std::move(parts));
  if (separator.empty()) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t length = DecodeUtf8(std::string_view(text).substr(at)).length;
      parts.emplace_back(text.substr(at, length));
      at += length;
    }
    return Value(std::move(parts));
  }
  std::size_t begin = 0;
  for (auto end = text.find(separator); end != std::string::npos;
       end = text.find(separator, begin)) {
    parts.emplace_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.emplace_back(text.substr(begin));
  return Value(std::move(parts));
}

Value Subtract(const Value& a, const Value& b) {
  Array left;
  for (const Value& item : a.array()) {
    const auto same = [&](const Value& other) { return Compare(item, other) == 0; };
    if (std::none_of(b.array().begin(), b.array().end(), same)) left.push_back(item);
  }
  return Value(std::move(left));
}

// Begin and end of a slice within `size`.
std::pair<std::size_t, std::size_t> Range(const Object& range, std::size_t size) {
  const auto place = [&](const char* name, double standard) {
    const Value* bound = range.Find(name);
    if (bound == nullptr || !(bound->Is(Kind::kNumber) || bound->Is(Kind::kNull))) {
      Raise("Start and end indices of an array slice must be numbers");
    }
    double at = bound->Is(Kind::kNumber) ? bound->number() : standard;
    if (at < 0) at += static_cast<double>(size);
    at = name[0] == 's' ? std::floor(at) : std::ceil(at);
    return static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(size)));
  };
  const std::size_t begin = place("start", 0);
  return {begin, std::max(begin, place("end", static_cast<double>(size)))};
}

std::size_t CharacterOffset(const std::string& text, std::size_t characters) {
  std::size_t at = 0;
  while (characters-- > 0 && at < text.size()) {
    at += DecodeUtf8(std::string_view(text).substr(at)).length;
  }
  return at;
}

// Without the parts that the keys mean, all of them as they are before any is gone.
Value EraseKeys(const Value& target, const Array& keys) {
  if (target.Is(Kind::kNull) || keys.empty()) return target;
  Value result = target;
  if (target.Is(Kind::kArray)) {
    const std::size_t size = target.array().size();
    std::vector<bool> gone(size);
    for (const Value& key : keys) {
      if (key.Is(Kind::kNumber)) {
        double place = std::floor(key.number());
        if (place < 0) place += static_cast<double>(size);
        if (place >= 0 && place < static_cast<double>(size)) {
          gone[static_cast<std::size_t>(place)] = true;
        }
      } else if (key.Is(Kind::kObject)) {
        const auto [begin, end] = Range(key.object(), size);
        for (std::size_t i = begin; i < end; ++i) gone[i] = true;
      } else {
        Raise("Cannot delete field at array index of array");
      }
    }
    std::size_t at = 0;
    std::erase_if(result.MutableArray(), [&](const Value&) { return gone[at++]; });
    return result;
  }
  for (const Value& key : keys) {
    if (!target.Is(Kind::kObject) || !key.Is(Kind::kString)) {
      Raise("Cannot delete field at object index of " + std::string(KindName(target)));
    }
    result.MutableObject().Erase(key.text());
  }
  return result;
}

// The paths are sorted; `at` is how far all of them are followed.
Value ErasePaths(Value target, const Value* begin, const Value* end, std::size_t at) {
  CheckDepth();
  Array keys;
  while (begin != end) {
    const Value& key = begin->array()[at];
    const Value* next = begin;
    while (next != end && Compare(next->array()[at], key) == 0) ++next;
    if (begin->array().size() == at + 1) {
      keys.push_back(key);
    } else if (const Value part = GetIndex(target, key); !part.Is(Kind::kNull)) {
      target = SetPath(target, {key}, 0, ErasePaths(part, begin, next, at + 1));
    }
    begin = next;
  }
  return EraseKeys(target, keys);
}

}  // namespace

Value Sum(Process& process, Value a, const Value& b) {
  if (a.Is(Kind::kNull)) return b;
  if (b.Is(Kind::kNull)) return a;
  if (a.Is(Kind::kNumber) && b.Is(Kind::kNumber)) return Value(a.number() + b.number());
  if (a.Is(Kind::kString) && b.Is(Kind::kString)) {
    RequireMemory(process, a.text().size() + b.text().size());
    a.MutableText() += b.text();
    return a;
  }
  if (a.Is(Kind::kArray) && b.Is(Kind::kArray)) {
    RequireMemory(process, (a.array().size() + b.array().size()) * sizeof(Value));
    const Value more = b;  // It may be `a` itself.
    Array& items = a.MutableArray();
    items.insert(items.end(), more.array().begin(), more.array().end());
    return a;
  }
  if (a.Is(Kind::kObject) && b.Is(Kind::kObject)) {
    const Value more = b;
    Object& sum = a.MutableObject();
    for (const auto& [key, value] : more.object().items) sum[key] = value;
    return a;
  }
  Raise(Describe(a) + " and " + Describe(b) + " cannot be added");
}

Value Binary(Process& process, const std::string& operation, const Value& a, const Value& b) {
  const bool numbers = a.Is(Kind::kNumber) && b.Is(Kind::kNumber);
  const bool texts = a.Is(Kind::kString) && b.Is(Kind::kString);
  const bool arrays = a.Is(Kind::kArray) && b.Is(Kind::kArray);
  const bool objects = a.Is(Kind::kObject) && b.Is(Kind::kObject);
  if (operation == "==") return Value(Compare(a, b) == 0);
  if (operation == "!=") return Value(Compare(a, b) != 0);
  if (operation == "<") return Value(Compare(a, b) < 0);
  if (operation == "<=") return Value(Compare(a, b) <= 0);
  if (operation == ">") return Value(Compare(a, b) > 0);
  if (operation == ">=") return Value(Compare(a, b) >= 0);
  switch (operation[0]) {
    case '+':
      return Sum(process, a, b);
    case '-':
      if (numbers) return Value(a.number() - b.number());
      if (arrays) return Subtract(a, b);
      Raise(Describe(a) + " and " + Describe(b) + " cannot be subtracted");
    case '*': {
      if (numbers) return Value(a.number() * b.number());
      if (objects) return Merge(a, b);
      const bool repeat = (a.Is(Kind::kString) && b.Is(Kind::kNumber)) ||
                          (a.Is(Kind::kNumber) && b.Is(Kind::kString));
      if (!repeat) Raise(Describe(a) + " and " + Describe(b) + " cannot be multiplied");
      const std::string& text = a.Is(Kind::kString) ? a.text() : b.text();
      const double count = a.Is(Kind::kNumber) ? a.number() : b.number();
      if (!(count > 0)) return Value();
      const double whole = std::max(1.0, std::floor(count));
      RequireMemory(process, static_cast<std::size_t>(
                                 std::min(1e18, whole * static_cast<double>(text.size()))));
      std::string repeated;
      for (double i = 0; i < whole && !text.empty(); ++i) repeated += text;
      return Value(std::move(repeated));
    }
    case '/':
      if (numbers) {
        if (b.number() == 0) {
          Raise(Describe(a) + " and " + Describe(b) +
                " cannot be divided because the divisor is zero");
        }
        return Value(a.number() / b.number());
      }
      if (texts) return SplitText(a.text(), b.text());
      Raise(Describe(a) + " and " + Describe(b) + " cannot be divided");
    default: {
      if (!numbers) Raise(Describe(a) + " and " + Describe(b) + " cannot be divided (remainder)");
      constexpr double kLimit = 9e18;
      const auto left = static_cast<std::int64_t>(std::clamp(a.number(), -kLimit, kLimit));
      const auto right = static_cast<std::int64_t>(std::clamp(b.number(), -kLimit, kLimit));
      if (right == 0) {
        Raise(Describe(a) + " and " + Describe(b) +
              " cannot be divided (remainder) because the divisor is zero");
      }
      return Value(static_cast<double>(left % (right < 0 ? -right : right)));
    }
  }
}

Value IndicesOf(const Array& array, const Array& list) {
  Array found;
  for (std::size_t at = 0; !list.empty() && at + list.size() <= array.size(); ++at) {
    bool same = true;
    for (std::size_t i = 0; i < list.size() && same; ++i) {
      same = Compare(array[at + i], list[i]) == 0;
    }
    if (same) found.emplace_back(static_cast<double>(at));
  }
  return Value(std::move(found));
}

Value GetIndex(const Value& target, const Value& key) {
  if (target.Is(Kind::kObject) && key.Is(Kind::kString)) {
    const Value* found = target.object().Find(key.text());
    return found != nullptr ? *found : Value();
  }
  if (target.Is(Kind::kArray) && key.Is(Kind::kNumber)) {
    const auto size = static_cast<double>(target.array().size());
    double at = key.number();
    if (at != std::floor(at)) return Value();
    if (at < 0) at += size;
    return at >= 0 && at < size ? target.array()[static_cast<std::size_t>(at)] : Value();
  }
  if (target.Is(Kind::kArray) && key.Is(Kind::kArray)) {
    return IndicesOf(target.array(), key.array());
  }
  if (key.Is(Kind::kObject) && (target.Is(Kind::kArray) || target.Is(Kind::kString))) {
    if (target.Is(Kind::kString)) {
      const std::string& text = target.text();
      const auto [begin, end] = Range(key.object(), Utf8Length(text));
      const std::size_t first = CharacterOffset(text, begin);
      return Value(text.substr(first, CharacterOffset(text, end) - first));
    }
    const Array& array = target.array();
    const auto [begin, end] = Range(key.object(), array.size());
    return Value(Array(array.begin() + static_cast<std::ptrdiff_t>(begin),
                       array.begin() + static_cast<std::ptrdiff_t>(end)));
  }
  if (target.Is(Kind::kNull) && key.kind() >= Kind::kNumber && !key.Is(Kind::kArray)) {
    return Value();
  }
  if (target.Is(Kind::kNull) && key.Is(Kind::kNull)) return Value();
  if (key.Is(Kind::kString)) {
    Raise("Cannot index " + std::string(KindName(target)) + " with string " + Dump(key));
  }
  Raise("Cannot index " + std::string(KindName(target)) + " with " + std::string(KindName(key)));
}

Value GetPath(const Value& target, const Array& path) {
  Value value = target;
  for (const Value& key : path) {
    if (value.Is(Kind::kNull)) return value;
    value = GetIndex(value, key);
  }
  return value;
}

Value SetPath(Value target, const Array& path, std::size_t at, const Value& value) {
  CheckDepth();
  if (at == path.size()) return value;
  const Value& key = path[at];
  if (key.Is(Kind::kString) && (target.Is(Kind::kNull) || target.Is(Kind::kObject))) {
    if (target.Is(Kind::kNull)) target = Value(Object{});
    Value& slot = target.MutableObject()[key.text()];
    slot = SetPath(std::move(slot), path, at + 1, value);
    return target;
  }
  if (key.Is(Kind::kNumber) && (target.Is(Kind::kNull) || target.Is(Kind::kArray))) {
    if (target.Is(Kind::kNull)) target = Value(Array{});
    Array& array = target.MutableArray();
    double place = std::floor(key.number());
    if (place < 0) place += static_cast<double>(array.size());
    if (place < 0) Raise("Out of bounds negative array index");
    if (!(place < kMaxIndex)) Raise("Array index too large");
    const auto index = static_cast<std::size_t>(place);
    if (index >= array.size()) array.resize(index + 1);
    array[index] = SetPath(std::move(array[index]), path, at + 1, value);
    return target;
  }
  if (key.Is(Kind::kObject) && (target.Is(Kind::kNull) || target.Is(Kind::kArray))) {
    if (target.Is(Kind::kNull)) target = Value(Array{});
    const Value part = SetPath(GetIndex(target, key), path, at + 1, value);
    if (!part.Is(Kind::kArray)) Raise("A slice of an array can only be assigned another array");
    Array& array = target.MutableArray();
    const auto [begin, end] = Range(key.object(), array.size());
    array.erase(array.begin() + static_cast<std::ptrdiff_t>(begin),
                array.begin() + static_cast<std::ptrdiff_t>(end));
    array.insert(array.begin() + static_cast<std::ptrdiff_t>(begin), part.array().begin(),
                 part.array().end());
    return target;
  }
  (void)GetIndex(target, key);
  Raise("Invalid path component");
}

Value DeletePaths(const Value& target, Array paths) {
  for (const Value& path : paths) (void)ArrayOf(path, " Path must be specified as an array");
  std::sort(paths.begin(), paths.end(),
            [](const Value& a, const Value& b) { return Compare(a, b) < 0; });
  if (!paths.empty() && paths[0].array().empty()) return Value();
  return ErasePaths(target, paths.data(), paths.data() + paths.size(), 0);
}

std::string ToText(const Value& value) {
  return value.Is(Kind::kString) ? value.text() : Dump(value);
}

std::string_view Prelude() {
  return "def not: if . then false else true end; def map(f): [.[] | f]; "
         "def select(f): if f then . else empty end; def values: select(. != null); "
         "def nulls: select(. == null); def booleans: select(type == \"boolean\"); "
         "def numbers: select(type == \"number\"); def strings: select(type == \"string\"); "
         "def arrays: select(type == \"array\"); def objects: select(type == \"object\"); "
         "def iterables: select(type | . == \"array\" or . == \"object\"); "
         "def scalars: select(type | . != \"array\" and . != \"object\"); "
         "def error(m): m | error; def halt_error: halt_error(5); "
         "def recurse: recurse(.[]?); def recurse(f; c): recurse(f | select(c)); "
         "def range($n): range(0; $n); "
         "def range($a; $b; $s): if $s > 0 then $a | while(. < $b; . + $s) "
         "elif $s < 0 then $a | while(. > $b; . + $s) else empty end; "
         "def first(f): limit(1; f); def first: .[0]; def last: .[-1]; "
         "def last(f): reduce f as $x (null; $x); def nth($n): .[$n]; "
         "def nth($n; f): if $n < 0 then error(\"nth doesn't support negative indices\") "
         "else last(limit($n + 1; f)) end; "
         "def isempty(g): first((g | false), true); "
         "def add: reduce .[] as $x (null; . + $x); "
         "def _seek(g; c): [label $out | foreach g as $x (false; "
         "if . then break $out else $x | c end; select(.))] | length; "
         "def any(g; c): _seek(g; c) == 1; def all(g; c): _seek(g; c | not) == 0; "
         "def any(f): any(.[]; f); def all(f): all(.[]; f); def any: any(.); def all: all(.); "
         "def in(o): . as $x | o | has($x); def inside(o): . as $x | o | contains($x); "
         "def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}]; "
         "def from_entries: reduce .[] as $e ({}; . + ($e | {(.key // .Key // .name // .Name): "
         "(if has(\"value\") then .value else .Value end)})); "
         "def with_entries(f): to_entries | map(f) | from_entries; "
         "def map_values(f): .[] |= f; def del(f): delpaths([path(f)]); "
         "def paths: path(..) | select(length > 0); "
         "def paths(f): path(.. | select(f)) | select(length > 0); def leaf_paths: paths(scalars); "
         "def walk(f): def w: if type == \"object\" then map_values(w) elif type == \"array\" "
         "then map(w) else . end | f; w; "
         "def flatten($d): if $d < 0 then error(\"flatten depth must not be negative\") else "
         "reduce .[] as $x ([]; . + (if ($x | type) == \"array\" and $d != 0 then "
         "$x | flatten($d - 1) else [$x] end)) end; def flatten: flatten(1e9); "
         "def transpose: if . == [] then [] else . as $in | (map(length) | max) as $m | "
         "[range(0; $m) as $j | [range(0; $in | length) as $i | $in[$i][$j]]] end; "
         "def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as "
         "$w | [$x] + $w end; def combinations(n): . as $d | [range(n)] | map($d) | combinations; "
         "def index($i): indices($i) | .[0]; def rindex($i): indices($i) | .[-1:][0]; "
         "def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 else . end) | "
         "implode; def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 else . end) "
         "| implode; def todate: strftime(\"%Y-%m-%dT%H:%M:%SZ\"); def todateiso8601: todate; "
         "def fromdateiso8601: strptime(\"%Y-%m-%dT%H:%M:%SZ\") | mktime; "
         "def fromdate: fromdateiso8601; "
         "def isfinite: type == \"number\" and (isinfinite | not); "
         "def finites: select(isinfinite or isnan | not); def normals: select(isnormal); "
         "def match(re; f): (re | if type == \"array\" then . else [., f] end) as [$r, $f] | "
         "_match($r; $f) | .[]; "
         "def test(re; f): (re | if type == \"array\" then . else [., f] end) as [$r, $f] | "
         "_match($r; $f) | length > 0; def match(re): match(re; null); def test(re): test(re; "
         "null); "
         "def capture(re; f): match(re; f) | [.captures[] | select(.name != null) | "
         "{key: .name, value: .string}] | from_entries; def capture(re): capture(re; null); "
         "def scan(re): match(re; \"g\") | if (.captures | length) > 0 then "
         "[.captures[].string] else .string end; "
         "def splits($re; f): . as $s | [foreach (match($re; \"g\" + f), null) as $m "
         "({at: 0}; if $m == null then .out = $s[.at:] else .out = $s[.at:$m.offset] | "
         ".at = $m.offset + $m.length end; .out)] | .[]; "
         "def splits($re): splits($re; null); def split($re; f): [splits($re; f)]; "
         "def sub($re; s; $f): . as $in | (reduce (match($re; $f)) as $m ({at: 0, out: \"\"}; "
         ".out += $in[.at:$m.offset] + ([$m.captures[] | select(.name != null) | {key: .name, "
         "value: .string}] | from_entries | s) | .at = $m.offset + $m.length)) as $r | "
         "$r.out + $in[$r.at:]; def sub($re; s): sub($re; s; \"\"); "
         "def gsub($re; s; $f): sub($re; s; $f + \"g\"); def gsub($re; s): sub($re; s; \"g\"); "
         "def IN(s): any(s == .; .); def IN(src; s): any(src == s; .); "
         "def INDEX(s; f): reduce s as $r ({}; .[$r | f | tostring] |= $r); "
         "def INDEX(f): INDEX(.[]; f); "
         "def truncate_stream(s): . as $n | null | s | . as $e | if (.[0] | length) > $n then "
         "setpath([0]; .[0][$n:]) else empty end; "
         "def fromstream(s): {x: null, e: false} as $begin | foreach s as $i ($begin; "
         "if .e then $begin else . end | if $i | length == 2 then setpath([\"e\"]; $i[0] | length "
         "== 0) | setpath([\"x\"] + $i[0]; $i[1]) else setpath([\"e\"]; $i[0] | length == 1) end; "
         "if .e then .x else empty end); "
         "def bsearch($t): . as $a | {lo: 0, hi: length} | until(.lo >= .hi; ((.lo + .hi) / 2 | "
         "floor) as $m | if $a[$m] < $t then .lo = $m + 1 else .hi = $m end) | .lo as $i | "
         "if $i < ($a | length) and $a[$i] == $t then $i else -1 - $i end; "
         "def recurse_down: recurse(.[]?); "
         "def scalars_or_empty: select(type != \"array\" and type != \"object\"); "
         "def JOIN($x; f): [.[] | [., $x[f]]]; def JOIN($x; s; f): s | [., $x[f]]; "
         "def JOIN($x; s; f; g): s | [., $x[f]] | g; "
         "def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce "
         "path(.[]?) as $q ([$p, .]; [$p + $q]); ";
}

}  // namespace computesdk::in_memory::jq
