#include "mocks/in_memory/utilities/jq/value.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/text/utf8.h"

namespace computesdk::in_memory::jq {
namespace {

constexpr int kMaxPrintDepth = 256;
constexpr std::size_t kShortBytes = 15;

void DumpString(std::string& out, const std::string& text, bool ascii) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Character c = DecodeUtf8(std::string_view(text).substr(at));
    at += c.length;
    std::array<char, 16> escape{};
    if (c.code == '"' || c.code == '\\') {
      out += {'\\', static_cast<char>(c.code)};
    } else if (const auto named = std::string_view("\b\f\n\r\t").find(static_cast<char>(c.code));
               c.code < 0x20 && named != std::string_view::npos) {
      out += {'\\', "bfnrt"[named]};
    } else if (!c.valid) {
      out += "\xef\xbf\xbd";
    } else if (c.code < 0x20 || c.code == 0x7f || (ascii && c.code > 0x7e && c.code < 0x10000)) {
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c.code));
      out += escape.data();
    } else if (ascii && c.code >= 0x10000) {
      const unsigned rest = static_cast<unsigned>(c.code) - 0x10000;
      std::snprintf(escape.data(), escape.size(), "\\u%04x\\u%04x", 0xd800 + (rest >> 10),
                    0xdc00 + (rest & 0x3ff));
      out += escape.data();
    } else {
      AppendUtf8(out, c.code);
    }
  }
  out += '"';
}

void NewLine(std::string& out, const DumpStyle& style, int depth) {
  if (style.indent == 0 && !style.tab) return;
  out += '\n';
  out.append(static_cast<std::size_t>(style.tab ? depth : depth * style.indent),
             style.tab ? '\t' : ' ');
}

// The colours of jq 1.6.
constexpr std::string_view kReset = "0";
constexpr std::string_view kKeyColor = "34;1";

class Dumper {
 public:
  explicit Dumper(const DumpStyle& style) : style_(style) {}

  void Put(const Value& value, int depth) {
    if (depth > kMaxPrintDepth) {
      out_ += "<stripped: exceeds max depth>";
      return;
    }
    const std::string_view color = style_.colors[static_cast<std::size_t>(value.kind())];
    Color(color);
    switch (value.kind()) {
      case Kind::kNull:
        out_ += "null";
        break;
      case Kind::kFalse:
        out_ += "false";
        break;
      case Kind::kTrue:
        out_ += "true";
        break;
      case Kind::kNumber:
        out_ += NumberText(value.number());
        break;
      case Kind::kString:
        DumpString(out_, value.text(), style_.ascii);
        break;
      case Kind::kArray:
        PutArray(value.array(), color, depth);
        break;
      case Kind::kObject:
        PutObject(value.object(), color, depth);
    }
    Color(kReset);
  }

  std::string Take() { return std::move(out_); }

 private:
  void Color(std::string_view color) {
    if (!style_.color) return;
    out_ += "\x1b[";
    out_ += color;
    out_ += 'm';
  }

  void PutArray(const Array& array, std::string_view color, int depth) {
    out_ += '[';
    bool first = true;
    for (const Value& item : array) {
      if (!first) {
        Color(color);
        out_ += ',';
      }
      first = false;
      NewLine(out_, style_, depth + 1);
      Put(item, depth + 1);
    }
    if (!first) End(color, depth);
    out_ += ']';
  }

  void PutObject(const Object& object, std::string_view color, int depth) {
    const bool pretty = style_.indent > 0 || style_.tab;
    out_ += '{';
    bool first = true;
    const auto put = [&](const std::string& key, const Value& item) {
      if (!first) {
        Color(color);
        out_ += ',';
      }
      first = false;
      NewLine(out_, style_, depth + 1);
      Color(kReset);
      Color(kKeyColor);
      DumpString(out_, key, style_.ascii);
      Color(kReset);
      Color(color);
      out_ += pretty ? ": " : ":";
      Color(kReset);
      Put(item, depth + 1);
    };
    if (style_.sort_keys) {
      for (const std::string& key : object.SortedKeys()) put(key, *object.Find(key));
    } else {
      for (const auto& [key, item] : object.items) put(key, item);
    }
    if (!first) End(color, depth);
    out_ += '}';
  }

  void End(std::string_view color, int depth) {
    Color(color);
    NewLine(out_, style_, depth);
    Color(color);
  }

  const DumpStyle& style_;
  std::string out_;
};

}  // namespace

Value::Value(Object object)
    : kind_(Kind::kObject), object_(std::make_shared<Object>(std::move(object))) {}

// A value may be deeper than the stack.
void Value::Release() {
  std::vector<Value> pending;
  const auto take = [&pending](Value& item) {
    if (item.array_ || item.object_) pending.push_back(std::move(item));
  };
  const auto take_items = [&take](Value& value) {
    if (value.array_ && value.array_.use_count() == 1) {
      for (Value& item : *value.array_) take(item);
    }
    if (value.object_ && value.object_.use_count() == 1) {
      for (auto& [key, item] : value.object_->items) take(item);
    }
  };
  take_items(*this);
  while (!pending.empty()) {
    Value value = std::move(pending.back());
    pending.pop_back();
    take_items(value);
  }
}

void CheckDepth() {
  if (StackIsLowForProgram()) Raise("the value nests too deep");
}

std::string& Value::MutableText() {
  if (text_.use_count() != 1) text_ = std::make_shared<std::string>(*text_);
  return *text_;
}

Array& Value::MutableArray() {
  if (array_.use_count() != 1) array_ = std::make_shared<Array>(*array_);
  return *array_;
}

Object& Value::MutableObject() {
  if (object_.use_count() != 1) object_ = std::make_shared<Object>(*object_);
  return *object_;
}

const Value* Object::Find(const std::string& key) const {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &items[found->second].second;
}

Value& Object::operator[](const std::string& key) {
  const auto [found, added] = index.emplace(key, items.size());
  if (added) items.emplace_back(key, Value());
  return items[found->second].second;
}

void Object::Erase(const std::string& key) {
  const auto found = index.find(key);
  if (found == index.end()) return;
  const std::size_t at = found->second;
  index.erase(found);
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(at));
  for (auto& [name, place] : index) {
    if (place > at) --place;
  }
}

std::vector<std::string> Object::SortedKeys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : items) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  return keys;
}

void Raise(std::string message) { throw JqError{Value(std::move(message))}; }

std::string_view KindName(const Value& value) {
  static constexpr std::string_view kNames[] = {"null",   "boolean", "boolean", "number",
                                                "string", "array",   "object"};
  return kNames[static_cast<int>(value.kind())];
}

int Compare(const Value& a, const Value& b) {
  CheckDepth();
  if (a.kind() != b.kind()) return a.kind() < b.kind() ? -1 : 1;
  switch (a.kind()) {
    case Kind::kNumber:
      // What is no number is less than any.
      if (std::isnan(a.number())) return -1;
      return a.number() < b.number() ? -1 : a.number() == b.number() ? 0 : 1;
    case Kind::kString:
      return a.text().compare(b.text());
    case Kind::kArray: {
      const std::size_t common = std::min(a.array().size(), b.array().size());
      for (std::size_t i = 0; i < common; ++i) {
        if (const int order = Compare(a.array()[i], b.array()[i]); order != 0) return order;
      }
      return a.array().size() < b.array().size()    ? -1
             : a.array().size() == b.array().size() ? 0
                                                    : 1;
    }
    case Kind::kObject: {
      const auto keys = a.object().SortedKeys();
      const auto others = b.object().SortedKeys();
      if (keys != others) return keys < others ? -1 : 1;
      for (const std::string& key : keys) {
        const int order = Compare(*a.object().Find(key), *b.object().Find(key));
        if (order != 0) return order;
      }
      return 0;
    }
    default:
      return 0;
  }
}

std::string NumberText(double number) {
  if (std::isnan(number)) return "null";
  if (std::isinf(number)) {
    number = std::copysign(std::numeric_limits<double>::max(), number);
  }
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.17g", number);
  // The shortest form that reads back the same.
  for (int digits = 1; digits < 17; ++digits) {
    std::array<char, 40> shorter{};
    std::snprintf(shorter.data(), shorter.size(), "%.*g", digits, number);
    if (std::strtod(shorter.data(), nullptr) == number) {
      text = shorter;
      break;
    }
  }
  std::string shown = text.data();
  // 1e+02 is written 100: jq fills up with up to fifteen zeros.
  const auto e = shown.find('e');
  if (e == std::string::npos) return shown;
  std::string digits = shown.substr(0, e);
  std::erase_if(digits, [](char c) { return c == '.' || c == '-'; });
  const int whole = std::atoi(shown.c_str() + e + 1) + 1;
  const int have = static_cast<int>(digits.size());
  if (whole >= have && whole <= have + 15) {
    shown = (number < 0 ? "-" : "") + digits + std::string(whole - have, '0');
  }
  return shown;
}

std::string Dump(const Value& value, const DumpStyle& style) {
  Dumper dumper(style);
  dumper.Put(value, 0);
  return dumper.Take();
}

bool SetColors(DumpStyle& style, std::string_view colors) {
  constexpr std::size_t kLongest = 12;
  for (std::string_view& color : style.colors) {
    if (colors.empty()) break;
    const std::size_t end = std::min(colors.find(':'), colors.size());
    const std::string_view one = colors.substr(0, end);
    if (one.size() > kLongest || one.find_first_not_of("0123456789;") != std::string_view::npos) {
      return false;
    }
    color = one;
    colors.remove_prefix(std::min(end + 1, colors.size()));
  }
  return true;
}

std::string DumpShort(const Value& value, std::size_t most) {
  std::string text = Dump(value);
  if (text.size() < most) return text;
  return text.substr(0, most - 4) + "...";
}

std::string Describe(const Value& value) {
  return std::string(KindName(value)) + " (" + DumpShort(value, kShortBytes) + ")";
}

const Array& ArrayOf(const Value& value, const char* why) {
  if (!value.Is(Kind::kArray)) Raise(Describe(value) + why);
  return value.array();
}

}  // namespace computesdk::in_memory::jq
