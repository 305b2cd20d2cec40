#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_PATTERN_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_PATTERN_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace computesdk::in_memory::shell {

// A pattern of the shell: * ? […] with ranges and classes, and with `extglob` ?(…) *(…) +(…) @(…)
// !(…). A backslash takes the next character as it is. Characters are those of UTF-8. Matching
// takes no more than the product of both lengths (with !(…) and the like: a power of them), never
// exponential time.
class Pattern {
 public:
  explicit Pattern(std::string_view pattern, bool extglob = false, bool ignore_case = false);

  bool Matches(std::string_view text) const;
  // The length in bytes of the shortest or longest beginning that matches; npos without one.
  std::size_t MatchPrefix(std::string_view text, bool longest) const;
  // Where the shortest or longest ending that matches begins; npos without one.
  std::size_t MatchSuffix(std::string_view text, bool longest) const;
  // Every match, leftmost and longest, or the first alone. None is empty at the end of the text.
  std::vector<std::pair<std::size_t, std::size_t>> FindAll(std::string_view text, bool all) const;

  // bash measures a pattern before it replaces what matches, and takes the set of "[^]x]" to end at
  // the first bracket: no match is as long, unless a star leaves the length open.
  bool NeverReplaces() const;

  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

 private:
  friend class PatternParser;
  struct Element {
    enum class Kind { kLiteral, kAny, kStar, kSet, kGroup };
    Kind kind = Kind::kLiteral;
    char32_t character = 0;
    bool negated = false;
    std::vector<std::pair<char32_t, char32_t>> ranges = {};
    std::vector<std::string> classes = {};
    char group = 0;
    std::vector<std::vector<Element>> alternatives = {};
  };
  using Elements = std::vector<Element>;
  struct Text;

  bool MatchesOne(const Element& element, char32_t c) const;
  static bool InRanges(const Element& element, char32_t c);
  static bool InClasses(const Element& element, char32_t c);
  // Runs over the characters from `from` on (backwards: before `from`), and tells every place
  // where the pattern may end; stops when told to.
  template <typename OnMatch>
  void Run(const Text& text, std::size_t from, bool backwards, OnMatch on_match) const;
  std::vector<char> Ends(const Elements& elements, const Text& text, std::size_t from) const;
  std::vector<char> GroupEnds(const Element& group, const Text& text, std::size_t from) const;
  std::size_t LongestFrom(const Text& text, std::size_t from) const;

  Elements elements_;
  bool ignore_case_;
  bool groups_ = false;
  bool measured_wrongly_ = false;
  bool literal_ = true;
  std::string literal_text_;
};

// Whether an unescaped character of the pattern makes it more than a plain string.
bool HasPatternCharacters(std::string_view pattern, bool extglob);
// Puts a backslash before everything that a pattern could take for special.
void AppendEscaped(std::string_view text, std::string& pattern);
// For dash only ! makes a set the one of all other characters: ^ is one of them.
std::string EscapeCarets(std::string_view pattern);
// The string that a pattern without special characters stands for.
std::string RemoveEscapes(std::string_view pattern);

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_EXPANSION_PATTERN_H_
