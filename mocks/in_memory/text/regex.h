#ifndef COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_H_

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tl/expected.hpp"

namespace computesdk::in_memory {

struct RegexOptions {
  bool extended = false;     // ERE rather than BRE.
  bool ignore_case = false;  // REG_ICASE.
  bool newline = false;      // REG_NEWLINE: "." stops at a line's end, "^" and "$" match at it.
};

// What a thread does while a match takes long, from the making of this to its end; the one made
// last is asked.
class RegexWatch {
 public:
  RegexWatch();
  virtual ~RegexWatch();
  RegexWatch(const RegexWatch&) = delete;
  RegexWatch& operator=(const RegexWatch&) = delete;

  // Comes every few milliseconds of a long search. May throw, which ends the search.
  virtual void Tick() = 0;
  // A search for back-references would not end. May throw; otherwise there is no match.
  virtual void TooHard() = 0;

 private:
  RegexWatch* before_;
};

// A POSIX regular expression with GNU's extensions (\w \b \< \+ …), as the C library has it, for
// subjects of any bytes, NUL included. Where the pattern or the subject goes beyond ASCII it works
// on UTF-8 characters, unless bytes are characters (character_set.h) where it is compiled. Safe to
// use from several threads.
class Regex {
 public:
  // Byte offsets {begin, end} of a group in the subject; {-1, -1} where it took no part.
  using Group = std::pair<std::ptrdiff_t, std::ptrdiff_t>;

  // The error is the C library's text: "Unmatched [, [^, [:, [., or [=".
  static tl::expected<Regex, std::string> Compile(std::string_view pattern,
                                                  RegexOptions options = {});

  // Looks for the leftmost, longest match that begins at `start` or later. What stands before
  // `start` is seen by "^", \b and \<. groups[0] is the whole match.
  bool Match(std::string_view subject, std::vector<Group>* groups = nullptr, bool not_bol = false,
             std::size_t start = 0) const;

  // Parenthesised groups in the pattern.
  std::size_t group_count() const;

 private:
  struct Impl;
  explicit Regex(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  std::shared_ptr<Impl> impl_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_TEXT_REGEX_H_
