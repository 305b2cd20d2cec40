#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_EVALUATE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_EVALUATE_H_

#include <ctime>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/jq/program.h"
#include "mocks/in_memory/utilities/jq/value.h"

namespace computesdk::in_memory::jq {

// The way from the filter's input to a value, its last step first.
struct Path;
using PathPtr = std::shared_ptr<const Path>;
struct Path {
  PathPtr parent;
  Value key;
};

// A value, and where paths are wanted, its own; null where they are not.
struct Item {
  Value value;
  PathPtr path;
};

struct Env;
using EnvPtr = std::shared_ptr<const Env>;
using OnItem = std::function<void(const Item&)>;
using OnValue = std::function<void(const Value&)>;

// What a filter may ask of the program around it.
struct Surroundings {
  std::function<std::optional<Value>()> input;
  std::function<void(std::string_view)> write_error;
  std::function<Value()> file_name;
  std::function<std::size_t()> line;  // How many lines of it have been read.
};

// Ends the program: halt, halt_error.
struct JqHalt {
  int code;
  std::optional<Value> message;
};

// Runs filters. A filter is run to its end: each of its outputs is handed on as it comes.
class Evaluator {
 public:
  Evaluator(Process& process, Surroundings surroundings)
      : process_(process), around_(std::move(surroundings)) {}

  void Run(const Node& program, const std::vector<std::pair<std::string, Value>>& variables,
           const Value& input, const OnValue& out);

 private:
  void Eval(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  // Without paths.
  void Values(const Node& node, const EnvPtr& env, const Value& in, const OnValue& out);
  void EvalIndex(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void EvalSlice(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void EvalString(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out,
                  std::size_t end, const std::string& text);
  void EvalObject(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out,
                  std::size_t at, const Object& object);
  void EvalAlternative(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void EvalTry(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void EvalFold(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void EvalAssign(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  // Whether it is an assignment, or `. + x`: what can change its input in place.
  static bool ChangesInput(const Node& node);
  // The last that such a node makes of its input; null if it makes nothing.
  Value LastChange(const Node& node, const EnvPtr& env, Value whole);
  Value Update(const Node& node, const EnvPtr& env, Value whole);  // |=
  // Another assignment, of one value to each of its places.
  Value AssignEach(const Node& node, const EnvPtr& env, Value whole, const Value& value);
  std::vector<Value> PathsOf(const Node& node, const EnvPtr& env, const Value& whole);
  void EvalCall(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void CallFunction(const Node& call, const EnvPtr& env, const EnvPtr& function, std::size_t at,
                    const EnvPtr& bound, const Item& in, const OnItem& out);
  bool CallNative(const Node& node, const EnvPtr& env, const Item& in, const OnItem& out);
  void Walk(const Item& begin, const std::function<bool(const Item&)>& visit,
            const std::function<void(const Item&, const OnItem&)>& next);
  void Bind(const Node& pattern, const EnvPtr& env, const Value& value,
            const std::function<void(const EnvPtr&)>& body);
  void Paths(const Node& node, const EnvPtr& env, const Value& in,
             const std::function<void(const Value& path, const Value& value)>& out);

  Process& process_;
  Surroundings around_;
};

// What the functions that sort say of what is no array.
inline constexpr const char* kNotSorted = " cannot be sorted, as it is not an array";

// --- what works on values alone (operations.cc) --------------------------------------------------

Value Binary(Process& process, const std::string& operation, const Value& a, const Value& b);
// What nobody else holds is changed in place, here and in SetPath.
Value Sum(Process& process, Value a, const Value& b);
Value GetIndex(const Value& target, const Value& key);
// Where the one list stands in the other.
Value IndicesOf(const Array& array, const Array& list);
Value SetPath(Value target, const Array& path, std::size_t at, const Value& value);
Value GetPath(const Value& target, const Array& path);
Value DeletePaths(const Value& target, Array paths);
std::string ToText(const Value& value);
// A value in a format of formats.cc: "@csv".
Value Format(Process& process, const std::string& name, const Value& value);
// "match" (regex.cc): an array of what a regular expression finds. args: it, and its flags.
Value MatchAll(Process& process, const Value& in, const std::vector<Value>& args);
using PlainFunction = Value (*)(Process&, const Value&, const std::vector<Value>&);
// A broken down time, and its parts as jq has them (functions.cc). From six parts at least.
std::tm TimeFromParts(const Array& parts);
Value BrokenDown(const std::tm& tm, double seconds);
// The C library's mathematics, and what depends on the zone of the process (math.cc).
const std::map<std::string, PlainFunction>& MathFunctions();
// A number that a function of the C library is asked for.
double NumberOf(const Value& value);
// Functions of values alone, by NAME/COUNT; nullopt for another.
std::optional<Value> CallPlain(Process& process, const std::string& name, const Value& in,
                               const std::vector<Value>& args);
// The names of these.
const std::vector<std::string>& PlainNames();
// Those of the evaluator itself.
const std::vector<std::string>& NativeNames();
// Definitions in jq's own language.
std::string_view Prelude();

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_EVALUATE_H_
