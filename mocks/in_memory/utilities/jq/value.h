#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_VALUE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_VALUE_H_

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace computesdk::in_memory::jq {

// In the order in which jq sorts them.
enum class Kind { kNull, kFalse, kTrue, kNumber, kString, kArray, kObject };

struct Object;
class Value;
using Array = std::vector<Value>;

// A JSON value. Copies share what they hold until one of them changes.
class Value {
 public:
  Value() = default;
  explicit Value(bool flag) : kind_(flag ? Kind::kTrue : Kind::kFalse) {}
  explicit Value(double number) : kind_(Kind::kNumber), number_(number) {}
  explicit Value(std::string text)
      : kind_(Kind::kString), text_(std::make_shared<std::string>(std::move(text))) {}
  explicit Value(std::string_view text) : Value(std::string(text)) {}
  explicit Value(const char* text) : Value(std::string(text)) {}
  explicit Value(Array array)
      : kind_(Kind::kArray), array_(std::make_shared<Array>(std::move(array))) {}
  explicit Value(Object object);
  Value(const Value&) = default;
  Value(Value&&) = default;
  Value& operator=(const Value&) = default;
  Value& operator=(Value&&) = default;
  ~Value() {
    if (array_ || object_) Release();
  }

  Kind kind() const { return kind_; }
  bool Is(Kind kind) const { return kind_ == kind; }
  bool Truthy() const { return kind_ > Kind::kFalse; }
  double number() const { return number_; }
  const std::string& text() const { return *text_; }
  const Array& array() const { return *array_; }
  const Object& object() const { return *object_; }
  // To be changed; not shared from now on.
  std::string& MutableText();
  Array& MutableArray();
  Object& MutableObject();

 private:
  void Release();

  Kind kind_ = Kind::kNull;
  double number_ = 0;
  std::shared_ptr<std::string> text_;
  std::shared_ptr<Array> array_;
  std::shared_ptr<Object> object_;
};

// Keeps its keys in the order in which they came.
struct Object {
  std::vector<std::pair<std::string, Value>> items;
  std::unordered_map<std::string, std::size_t> index;

  const Value* Find(const std::string& key) const;
  Value& operator[](const std::string& key);
  void Erase(const std::string& key);
  std::vector<std::string> SortedKeys() const;
};

// Called by what follows a value into its depth: raises where the stack is used up.
void CheckDepth();

// What jq raises: any value, most often a message.
struct JqError {
  Value value;
};
[[noreturn]] void Raise(std::string message);

std::string_view KindName(const Value& value);
// Negative, 0 or positive.
int Compare(const Value& a, const Value& b);

struct DumpStyle {
  int indent = 0;  // 0: all on one line.
  bool tab = false;
  bool sort_keys = false;
  bool ascii = false;
  bool color = false;  // With the escapes of a terminal.
  // Of null, false, true, numbers, strings, arrays and objects.
  std::array<std::string_view, 7> colors = {"1;30", "0;39", "0;39", "0;39", "0;32", "1;39", "1;39"};
};
// Takes the colours of JQ_COLORS, as far as they are some; the text stays in use.
bool SetColors(DumpStyle& style, std::string_view colors);
std::string Dump(const Value& value, const DumpStyle& style = {});
std::string NumberText(double number);
// The value in a message, cut where it has `most` bytes or more.
constexpr std::size_t kPathBytes = 30;  // Of a value that is no path.
std::string DumpShort(const Value& value, std::size_t most);
// "number (5)", as messages begin.
std::string Describe(const Value& value);
// The array; raises Describe(value) and `why` for anything else.
const Array& ArrayOf(const Value& value, const char* why);

// Reads values one after the other.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  // nullopt at the end. Raises what jq says of bad text.
  std::optional<Value> Next();
  // How many lines have been read, whole ones: values are taken out of lines.
  std::size_t lines() const {
    const bool in_line = at_ > 0 && text_[at_ - 1] != '\n';
    return line_ - 1 + (in_line && text_.find('\n', at_) != std::string_view::npos ? 1 : 0);
  }

 private:
  // An array or object that has not ended, and the key whose value comes next.
  struct Open {
    Value value;
    std::optional<std::string> key;
  };
  enum class Quoted { kNo, kText, kEscape };

  [[noreturn]] void Fail(const std::string& message);
  std::string_view TakeToken(std::size_t without);
  std::optional<Value> TakeDone();
  void TakeWord(std::string_view token, const std::string& where);
  void TakeStructure(char c);
  void TakeValue(Value value);
  void Append();
  Value StringOf(std::string_view raw);
  char32_t HexOf(std::string_view digits);
  char32_t LowSurrogateOf(std::string_view rest);

  std::string_view text_;
  std::vector<Open> open_;
  std::optional<Value> value_;  // Not yet put into what is open.
  Quoted quoted_ = Quoted::kNo;
  bool in_token_ = false;
  std::size_t begin_ = 0;  // Of the word or the string that is being read.
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t column_ = 0;
};

// The one value of a text; null for none.
Value ParseWhole(std::string_view text);

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_VALUE_H_
