#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_SCRIPT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_SCRIPT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/sed/pattern.h"
#include "tl/expected.hpp"

namespace computesdk::in_memory::sed {

struct Address {
  enum class Kind { kLine, kLast, kRegex, kStep, kPlus, kMultiple } kind = Kind::kLine;
  std::int64_t number = 0;  // Line; first of a step; N of +N and ~N.
  std::int64_t step = 0;
  // None in a regular expression: the one used last.
  std::optional<Pattern> pattern = {};
};

// A piece of what s puts in place of a match.
struct Part {
  enum class Kind { kText, kGroup, kUpper, kLower, kUpperNext, kLowerNext, kEndCase };
  Kind kind = Kind::kText;
  std::string text = {};
  std::size_t group = 0;
};

struct Substitution {
  std::optional<Pattern> pattern = {};
  std::vector<Part> parts = {};
  bool global = false;
  bool print = false;
  bool evaluate = false;
  std::size_t number = 1;
};

struct Command {
  std::optional<Address> first = {};
  std::optional<Address> second = {};
  bool negated = false;
  char letter = '\0';
  std::string text = {};  // Of a, i, c, e; the label; the name of a file.
  std::optional<std::int64_t> number = {};
  std::size_t target = 0;  // Where { and the jumps go.
  Substitution substitution = {};
  std::string write_to = {};  // The file of w, W, and s///w.
  std::map<char32_t, char32_t> characters = {};

  // Where a range stands.
  bool active = false;
  bool begun = false;
  std::int64_t end = 0;
};

struct Script {
  std::vector<Command> commands = {};
  bool quiet = false;  // It begins with "#n".
};

struct ScriptOptions {
  bool extended = false;
  bool sandbox = false;
};

struct ScriptError {
  std::string message;
  int status = 1;  // What sed ends with.
};

tl::expected<Script, ScriptError> ParseScript(std::string_view text, ScriptOptions options);

}  // namespace computesdk::in_memory::sed

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_SCRIPT_H_
