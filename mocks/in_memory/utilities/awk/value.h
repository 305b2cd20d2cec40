#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_VALUE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_VALUE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace computesdk::in_memory::awk {

// The number at the front of a text; 0 where there is none.
double NumberOf(std::string_view text);
// Whether the text is a number and blanks, and nothing else.
bool LooksNumeric(std::string_view text);
// As printf(3) has it, for one number: whole ones without a point.
std::string FormatNumber(double number, const std::string& format);

// A string, a number, both in one ("numeric string": what came from the input and looks like a
// number), a regular expression, or nothing yet.
class Value {
 public:
  Value() = default;
  explicit Value(double number) : kind_(Kind::kNumber), number_(number) {}
  explicit Value(std::string text) : kind_(Kind::kString), text_(std::move(text)) {}
  // Text from outside the program.
  static Value Input(std::string_view text) {
    Value value;
    value.kind_ = Kind::kInput;
    value.text_ = text;
    return value;
  }

  // A number that keeps the form in which it was written: of --non-decimal-data.
  static Value Written(std::string_view text, double number) {
    Value value = Input(text);
    value.kind_ = Kind::kWritten;
    value.number_ = number;
    return value;
  }
  // A key as `for (key in array)` gives it: an integer counts as a number until it is used.
  static Value Key(std::string_view text);
  // A field that is not there: an empty string.
  static Value Missing() {
    Value value;
    value.kind_ = Kind::kMissing;
    return value;
  }
  // @/…/
  static Value Pattern(std::string_view text) {
    Value value = Input(text);
    value.kind_ = Kind::kPattern;
    return value;
  }
  static Value Boolean(bool flag) {
    Value value(flag ? 1.0 : 0.0);
    value.boolean_ = true;
    return value;
  }

  bool unset() const { return kind_ == Kind::kUnset; }
  double Number() const {
    if (kind_ == Kind::kNumber || kind_ == Kind::kWritten) return number_;
    return kind_ == Kind::kUnset ? 0 : NumberOf(text_);
  }
  // `format` is CONVFMT, or OFMT for print.
  std::string Text(const std::string& format) const {
    return kind_ == Kind::kNumber ? FormatNumber(number_, format) : text_;
  }
  // Becomes its text with another behind it.
  void Append(std::string_view text, const std::string& format) {
    if (kind_ == Kind::kNumber) text_ = FormatNumber(number_, format);
    kind_ = Kind::kString;
    boolean_ = false;
    text_ += text;
  }
  // The text where it is one already; null for a number.
  const std::string* text() const { return kind_ == Kind::kNumber ? nullptr : &text_; }
  bool True() const {
    if (kind_ == Kind::kNumber || kind_ == Kind::kWritten) return number_ != 0;
    if (kind_ == Kind::kInput && LooksNumeric(text_)) return NumberOf(text_) != 0;
    return !text_.empty();
  }
  // Whether it is compared as a number.
  bool Numeric() const {
    return kind_ == Kind::kNumber || kind_ == Kind::kUnset || kind_ == Kind::kWritten ||
           kind_ == Kind::kKey || (kind_ == Kind::kInput && LooksNumeric(text_));
  }
  bool is_number() const { return kind_ == Kind::kNumber; }
  bool is_key() const { return kind_ == Kind::kKey; }
  bool is_input() const { return kind_ == Kind::kInput; }
  // As typeof() calls it.
  const char* TypeName() const;
  std::size_t Bytes() const { return sizeof(Value) + text_.size(); }

 private:
  enum class Kind : std::uint8_t {
    kUnset,
    kNumber,
    kString,
    kInput,
    kWritten,
    kPattern,
    kKey,
    kMissing
  };
  Kind kind_ = Kind::kUnset;
  bool boolean_ = false;
  double number_ = 0;
  std::string text_;
};

// Less than, equal to, or greater than 0.
int CompareValues(const Value& a, const Value& b, const std::string& format);

// What an element takes beside its key and its text.
inline constexpr std::size_t kElementBytes = 64;

// An associative array, whose elements may be arrays themselves. It is gone through in the order in
// which its elements were made.
class Array {
 public:
  bool Contains(const std::string& key) const { return elements_.contains(key); }
  Value& operator[](const std::string& key) {
    const auto [entry, fresh] = elements_.try_emplace(key);
    if (fresh) entry->second.order = next_++;
    return entry->second.value;
  }
  const Value* Find(const std::string& key) const {
    const auto found = elements_.find(key);
    return found == elements_.end() ? nullptr : &found->second.value;
  }
  // The array that an element is; null for a value, or none.
  std::shared_ptr<Array> FindArray(const std::string& key) const {
    const auto found = elements_.find(key);
    return found == elements_.end() ? nullptr : found->second.array;
  }
  // The same, made where the element has no value yet; null where it has one.
  std::shared_ptr<Array> MakeArray(const std::string& key) {
    (void)(*this)[key];
    Element& element = elements_[key];
    if (!element.array && element.value.unset()) element.array = std::make_shared<Array>();
    return element.array;
  }
  void Erase(const std::string& key) { elements_.erase(key); }
  void Clear() { elements_.clear(); }
  std::size_t size() const { return elements_.size(); }
  std::vector<std::string> Keys() const;
  // What it takes in memory, roughly.
  std::size_t Bytes() const;

 private:
  struct Element {
    Value value;
    std::shared_ptr<Array> array;
    std::uint64_t order = 0;
  };
  std::unordered_map<std::string, Element> elements_;
  std::uint64_t next_ = 0;
};

// A variable. A parameter that is used as an array before it was anything else makes the caller's
// variable one, too: hence `origin`; or the element of an array that was passed, `key` of `parent`.
struct Cell {
  Value value = {};
  std::shared_ptr<Array> array = nullptr;
  Cell* origin = nullptr;
  std::shared_ptr<Array> parent = nullptr;
  std::string key = {};
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_VALUE_H_
