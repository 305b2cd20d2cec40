#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_RECORD_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_RECORD_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/awk/regex.h"
#include "mocks/in_memory/utilities/awk/value.h"

namespace computesdk::in_memory::awk {

// How FS, FPAT, FIELDWIDTHS or the third argument of split cuts a text into fields.
struct FieldStyle {
  enum class Kind {
    kBlanks,
    kCharacter,
    kEach,
    kRegex,
    kPattern,  // The fields are what matches.
    kWidths,
  } kind = Kind::kBlanks;
  char separator = ' ';
  Matcher matcher = {};  // kRegex, kPattern.
  // Characters to skip, and then to take.
  struct Width {
    std::size_t skip = 0;
    std::size_t take = 0;
  };
  std::vector<Width> widths = {};
  bool newline_separates = false;  // Where records are paragraphs.
};

// What stands behind a field, by its number; 0 for what is before the first.
using Separators = std::vector<std::pair<std::size_t, std::string>>;

// Fills `fields` from the front and gives how many there are; `separators`, where wanted, gets
// what stood between.
std::size_t SplitFields(std::string_view text, const FieldStyle& style,
                        std::vector<std::string>& fields, Separators* separators = nullptr);

// $0 and its fields; each is made from the other when it is asked for.
class Record {
 public:
  void Set(std::string text);
  const std::string& text();
  // Empty beyond the last.
  const std::string& Field(std::size_t index);
  // What was assigned, as a number or a string; null where the field is text that was read.
  const Value* Assigned(std::size_t index);
  void SetField(std::size_t index, Value value, const std::string& convfmt);
  std::size_t count();
  void SetCount(std::size_t count);
  // There is one of that number then, if an empty one; $0 is as before.
  void MakeField(std::size_t index);

  // Fields that were not asked for yet are cut by the style that held when the record came.
  void SetStyle(FieldStyle style);
  const FieldStyle& style() const { return style_; }
  void SetOutputSeparator(std::string separator);

 private:
  void Split();
  void Join();
  void Keep(std::size_t index, Value value);

  FieldStyle style_;
  std::string output_separator_ = " ";
  std::string text_;
  std::vector<std::string> fields_;
  std::vector<std::optional<Value>> assigned_;  // By the number of the field.
  std::size_t count_ = 0;
  bool split_ = true;
  bool joined_ = true;
  bool rebuilt_ = false;  // $0 is made of its fields: a string.
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_RECORD_H_
