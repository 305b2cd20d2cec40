#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_PATTERN_PARSER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_PATTERN_PARSER_H_

#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/shell/expansion/pattern.h"

namespace computesdk::in_memory::shell {

// Reads the text of a pattern.
class PatternParser {
 public:
  PatternParser(std::string_view text, bool extglob) : text_(text), extglob_(extglob) {}
  std::vector<Pattern::Element> Parse() { return ParseSequence(false); }
  bool has_groups() const { return has_groups_; }
  bool excludes_bracket() const { return excludes_bracket_; }

 private:
  std::vector<Pattern::Element> ParseSequence(bool in_group);
  bool ParseSet(Pattern::Element& element);
  bool ParseClass(Pattern::Element& element, std::size_t& at) const;
  bool ParseGroup(Pattern::Element& element);
  void AppendText(std::vector<Pattern::Element>& elements);

  std::string_view text_;
  std::size_t at_ = 0;
  bool extglob_;
  bool has_groups_ = false;
  bool excludes_bracket_ = false;  // There is a set like "[^]x]".
};

// [:alpha:] and its like.
bool InCharacterClass(std::string_view name, char32_t c);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_PATTERN_PARSER_H_
