#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_PROGRAM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_PROGRAM_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {

struct Node;
using NodePtr = std::unique_ptr<Node>;

// The text of an index, a slice or an iteration that passes over what has no such part: ".a?".
inline constexpr std::string_view kLenient = "?";

// A term of a filter. What `text`, `words` and `kids` mean depends on the type.
struct Node {
  enum class Type {
    kIdentity,
    kRecurse,  // ..
    kLiteral,  // value
    kString,   // kids: pieces, of which strings are literal; text: the format, or empty
    kFormat,   // text: "@json"
    kIndex,    // kids: target, key
    kSlice,    // kids: target, from or null, to or null
    kIterate,  // kids: target
    kArray,    // kids: content, or none
    kObject,   // kids: key, value, key, value, …
    kNegate,   // kids: operand
    kPipe,     // kids: left, right; as are those that follow
    kComma,
    kBinary,  // text: the operator
    kAnd,
    kOr,
    kAlternative,
    kAssign,    // text: the operator
    kIf,        // kids: condition, then, else or null
    kTry,       // kids: body, handler or null
    kReduce,    // kids: source, pattern, begin, update
    kForeach,   // kids: source, pattern, begin, update, extract or null
    kFunction,  // text: NAME/COUNT; words: parameters; kids: body, rest
    kCall,      // text: NAME/COUNT; kids: arguments
    kVariable,  // text: the name
    kAs,        // kids: source, pattern, body
    kLabel,     // text: the name; kids: body
    kBreak,     // text: the name
    // Patterns: kVariable; kArray of patterns; kObject of key and pattern.
  };
  Type type = Type::kIdentity;
  std::string text;
  std::vector<std::string> words;
  std::vector<NodePtr> kids;
  Value value;

  explicit Node(Type type) : type(type) {}
  ~Node();  // A filter may be deeper than the stack.
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
};

// A file that a filter imports, and the folder that it is in.
struct LoadedModule {
  std::string text;
  std::string folder;
};

// What a filter may use without defining it.
struct Names {
  std::vector<std::string> variables;
  std::vector<std::string> functions;  // NAME/COUNT.
  // Finds a module by its name, or a file of data; `folder` is that of who asks, `about` what the
  // import says ({search: "./"}) or null. Raises jq's message. Without it there are no modules.
  std::function<LoadedModule(const std::string& name, const std::string& folder, const Value& about,
                             bool data)>
      load = {};
};

// Parses a filter; or definitions alone, with an empty main. Raises jq's message without the place.
NodePtr ParseProgram(std::string_view text, const Names& names);

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_PROGRAM_H_
