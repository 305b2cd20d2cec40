#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANDER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANDER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// The word with each "~" as it stands.
Word WithoutTildes(Word word);

// Expands the parts of words, in order, into fields or into one string.
class Expander {
 public:
  enum class Mode {
    kFields,       // Split and globbed: the words of a command.
    kString,       // One string: the value of an assignment, a redirection's target.
    kPattern,      // One pattern: what is quoted is escaped.
    kRegex,        // One regular expression: the same.
    kReplacement,  // The new text of ${x/p/r}: a quoted "&" is escaped.
  };

  Expander(Interpreter& shell, Mode mode);

  void Expand(const Word& word);
  // The body of a here-document, where $* is joined by blanks whatever IFS is.
  void ExpandHereDocument(const Word& body) {
    in_here_document_ = true;
    Expand(body);
  }
  // The text of an expression, where a list is joined as its name says.
  void ExpandArithmetic(const Word& word);
  // What came of it: all fields, or the string. Only now are the paths of patterns looked for: when
  // every word has been expanded.
  std::vector<std::string>& fields() {
    if (!patterns_.empty()) FindPatterns();
    return fields_;
  }
  std::string& text() { return text_; }

 private:
  // The value of a parameter, before it becomes part of a word.
  struct Value {
    bool set = false;
    std::string text = {};
    bool is_list = false;
    std::vector<std::string> items = {};
  };

  void ExpandBraced(const Word& word);
  void ExpandParts(const Word& word, bool split_literals);
  void ExpandPart(const WordPart& part, bool split_literals);
  void Append(std::string_view text, bool quoted, bool split);
  void AppendSplit(std::string_view text);
  std::size_t FindSeparator(std::string_view text, std::size_t at, std::size_t& size) const;
  std::vector<std::string> FindPaths(const std::string& pattern);
  void FindPatterns();
  void AppendList(const std::vector<std::string>& items, char kind, bool quoted);
  void AppendPatternText(std::string_view text, bool quoted);
  void EndField();
  void FinishWord();
  void CheckSize() const;
  void ExpandTilde(const Tilde& tilde);
  std::optional<std::string> StackedFolder(const std::string& name) const;

  // --- parameter_expansion.cc -------------------------------------------------------------------
  void ExpandParameter(const Parameter& parameter, bool quoted);
  bool AppendSimple(const Parameter& parameter, bool quoted);
  // Whether sh has no such expansion.
  static bool IsBashOnly(const Parameter& parameter);
  Value GetValue(const Parameter& parameter);
  Value GetSpecial(const Parameter& parameter);
  Parameter ResolveIndirect(const Parameter& parameter);
  char ListKind(const Parameter& parameter, bool quoted) const;
  void AppendValue(const Value& value, const Parameter& parameter, bool quoted);
  bool ApplyDefault(const Parameter& parameter, const Value& value, bool quoted);
  void CheckIndex(const Parameter& parameter, const Variable& array) const;
  std::string Length(const Parameter& parameter);
  std::int64_t SliceNumber(const Parameter& parameter, const Word& word);
  void RequireSet(const Parameter& parameter, const Value& value) const;
  void Slice(const Parameter& parameter, Value& value);
  bool TakesScalar(const Parameter& parameter, const Value& value) const;
  [[noreturn]] void FailLength(const Parameter& parameter);
  void SliceList(const Parameter& parameter, Value& value);
  std::string Transform(const Parameter& parameter, const std::string& text);
  void TransformValue(const Parameter& parameter, Value& value);
  void TransformToFlags(const Variable* variable, Value& value);
  void TransformToAssignment(const Parameter& parameter, const Variable* variable, Value& value);
  void TransformToPairs(bool joined, const Variable& variable, Value& value);
  void ApplyOperator(const Parameter& parameter, Value& value);
  std::string Label(const Parameter& parameter) const;
  std::string Subscript(const Parameter& parameter) const;

  Interpreter& shell_;
  Mode mode_;
  std::vector<std::string> fields_;
  // The fields that are patterns, by their places.
  std::vector<std::pair<std::size_t, std::string>> patterns_;
  std::size_t field_bytes_ = 0;  // What fields_ takes in memory.
  std::string text_;
  std::string pattern_;  // As a pattern; kept from the first special character on.
  bool has_pattern_ = false;
  bool present_ = false;         // There is a field, though it may be empty.
  bool ended_by_blank_ = false;  // A separator that is no blank may follow, and ends nothing.
  bool in_here_document_ = false;
  bool in_arithmetic_ = false;
  std::string separators_;
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANDER_H_
