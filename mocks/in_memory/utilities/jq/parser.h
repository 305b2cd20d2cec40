#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_PARSER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_PARSER_H_

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/jq/program.h"
#include "mocks/in_memory/utilities/jq/tokens.h"

namespace computesdk::in_memory::jq {

inline NodePtr Make(Node::Type type, std::string text = "") {
  auto node = std::make_unique<Node>(type);
  node->text = std::move(text);
  return node;
}

template <typename... Kids>
NodePtr MakeOf(Node::Type type, std::string text, Kids... kids) {
  NodePtr node = Make(type, std::move(text));
  (node->kids.push_back(std::move(kids)), ...);
  return node;
}

inline NodePtr Literal(Value value) {
  NodePtr node = Make(Node::Type::kLiteral);
  node->value = std::move(value);
  return node;
}

// Reads a filter, or a module, whose functions get `prefix` before their names.
class ProgramParser : private TokenReader {
 public:
  ProgramParser(std::string_view text, const Names& names, std::string prefix = "",
                std::string folder = ".");

  NodePtr Parse();

 private:
  using Type = Node::Type;

  // --- what is in scope (program.cc) -------------------------------------------------------------
  // A name, and what a node calls it: functions of modules have their module's before them.
  struct Known {
    std::string name;
    std::string full;
  };
  void Add(const std::string& name) { scope_.push_back({name, name}); }
  // The full name.
  const std::string& Require(const std::string& name, std::size_t at);
  void AddPatternNames(const Node& pattern);

  // --- operators, the loosest binding first (program.cc) -----------------------------------------
  static void CheckNesting();  // Raises where the stack is used up.
  NodePtr ParsePipe();
  NodePtr ParsePipeline();
  NodePtr ParseFunction();
  NodePtr ParseComma();
  NodePtr ParseAlternative();
  NodePtr ParseAssignment();
  NodePtr ParseOr();
  NodePtr ParseAnd();
  NodePtr ParseComparison();
  NodePtr ParseSum();
  NodePtr ParseProduct();
  NodePtr ParseUnary();
  NodePtr ParsePostfix();
  NodePtr ParseBrackets(NodePtr target);

  // --- terms (terms.cc) --------------------------------------------------------------------------
  NodePtr ParseTerm();
  NodePtr ParseNamed();
  NodePtr ParseIf();
  NodePtr ParseBranches(NodePtr condition);  // After "then".
  NodePtr ParseFold(Type type);
  NodePtr ParsePattern();
  NodePtr ParseKey();
  NodePtr ParseObject();
  NodePtr ParseObjectValue();
  NodePtr ParseString(const std::string& format);

  // --- modules (modules.cc) ----------------------------------------------------------------------
  // "import" or "include", and the filter behind it.
  NodePtr ParseImport();
  // A literal: the name of a module, or what is said of it.
  Value ParseConstant();
  LoadedModule Load(const std::string& name, const Value& about, bool data) const;
  NodePtr Module(const std::string& name, const std::string& alias, const Value& about);
  NodePtr ParseModule();

  const Names& names_;
  const std::string prefix_;
  const std::string folder_;  // Where the text comes from.
  int depth_ = 0;             // Modules that this one is imported by.
  int nesting_ = 0;
  bool outermost_ = true;  // Not inside of a function.
  std::vector<CompileError> undefined_;
  std::vector<Known> scope_;
};

}  // namespace computesdk::in_memory::jq

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_JQ_PARSER_H_
