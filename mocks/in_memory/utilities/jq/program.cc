#include "mocks/in_memory/utilities/jq/program.h"

#include <algorithm>
#include <cmath>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/utilities/jq/parser.h"

namespace computesdk::in_memory::jq {
namespace {

// Nothing that a person writes nests as deep, and the stack holds it.
constexpr int kMaxNesting = 500;

}  // namespace

ProgramParser::ProgramParser(std::string_view text, const Names& names, std::string prefix,
                             std::string folder)
    : TokenReader(text), names_(names), prefix_(std::move(prefix)), folder_(std::move(folder)) {
  for (const std::string& name : names.variables) Add("$" + name);
  for (const std::string& name : names.functions) Add(name);
}

NodePtr ProgramParser::Parse() {
  NodePtr program = IsEnd() ? Make(Type::kIdentity) : ParsePipe();
  if (!IsEnd()) Unexpected("$end");
  if (undefined_.empty()) return program;
  CompileError error = undefined_[0];
  error.others.assign(undefined_.begin() + 1, undefined_.end());
  throw error;
}

const std::string& ProgramParser::Require(const std::string& name, std::size_t at) {
  const auto found = std::find_if(scope_.rbegin(), scope_.rend(),
                                  [&](const Known& known) { return known.name == name; });
  if (found != scope_.rend()) return found->full;
  // The rest may lack others.
  CompileError& missing = undefined_.emplace_back();
  missing.value = Value(name + " is not defined");
  missing.at = at;
  static const std::string* const kNone = new std::string;
  return *kNone;
}

void ProgramParser::AddPatternNames(const Node& pattern) {
  if (pattern.type == Type::kVariable) Add("$" + pattern.text);
  for (const NodePtr& kid : pattern.kids) {
    if (kid) AddPatternNames(*kid);
  }
}

Node::~Node() {
  std::vector<NodePtr> pending = std::move(kids);
  while (!pending.empty()) {
    const NodePtr node = std::move(pending.back());
    pending.pop_back();
    if (node == nullptr) continue;
    for (NodePtr& kid : node->kids) pending.push_back(std::move(kid));
    node->kids.clear();
  }
}

void ProgramParser::CheckNesting() {
  if (StackIsLowForProgram()) Raise("the filter nests too deep");
}

NodePtr ProgramParser::ParsePipe() {
  if (++nesting_ > kMaxNesting) Raise("the filter nests too deep");
  const std::size_t scope = scope_.size();
  NodePtr node = ParsePipeline();
  scope_.resize(scope);
  --nesting_;
  return node;
}

NodePtr ProgramParser::ParsePipeline() {
  if (IsWord("import") || IsWord("include")) return ParseImport();
  if (IsWord("def")) return ParseFunction();
  if (TakeWord("label")) {
    if (token_.kind != Token::Kind::kVariable) Unexpected();
    NodePtr label = Make(Type::kLabel, token_.text);
    Add("*" + token_.text);
    Shift();
    Expect("|");
    label->kids.push_back(ParsePipe());
    return label;
  }
  NodePtr left = ParseComma();
  if (TakeSymbol("|")) return MakeOf(Type::kPipe, "", std::move(left), ParsePipe());
  return left;
}

NodePtr ProgramParser::ParseFunction() {
  Shift();
  if (token_.kind != Token::Kind::kName) Unexpected();
  const std::string name = token_.text;
  NodePtr function = Make(Type::kFunction);
  Shift();
  if (TakeSymbol("(")) {
    do {
      const bool variable = token_.kind == Token::Kind::kVariable;
      if (!variable && token_.kind != Token::Kind::kName) Unexpected();
      function->words.push_back((variable ? "$" : "") + token_.text);
      Shift();
    } while (TakeSymbol(";"));
    Expect(")");
  }
  Expect(":");
  const std::string plain = name + "/" + std::to_string(function->words.size());
  function->text = (outermost_ ? prefix_ : "") + plain;
  // Others know it by its full name; in its module it has the plain one, too.
  Add(function->text);
  if (function->text != plain) scope_.push_back({plain, function->text});
  const std::size_t scope = scope_.size();
  for (const std::string& word : function->words) {
    Add(word);
    Add((word[0] == '$' ? word.substr(1) : word) + "/0");
  }
  const bool outermost = std::exchange(outermost_, false);
  function->kids.push_back(ParsePipe());
  outermost_ = outermost;
  scope_.resize(scope);
  Expect(";");
  function->kids.push_back(IsEnd() ? Make(Type::kIdentity) : ParsePipe());
  return function;
}

NodePtr ProgramParser::ParseComma() {
  NodePtr left = ParseAlternative();
  while (TakeSymbol(",")) {
    NodePtr right = ParseAlternative();
    left = MakeOf(Type::kComma, "", std::move(left), std::move(right));
  }
  return left;
}

// "//" groups to the right.
NodePtr ProgramParser::ParseAlternative() {
  NodePtr left = ParseAssignment();
  if (!TakeSymbol("//")) return left;
  return MakeOf(Type::kAlternative, "", std::move(left), ParseAlternative());
}

NodePtr ProgramParser::ParseAssignment() {
  NodePtr left = ParseOr();
  for (const char* symbol : {"=", "|=", "+=", "-=", "*=", "/=", "%=", "//="}) {
    if (!TakeSymbol(symbol)) continue;
    return MakeOf(Type::kAssign, symbol, std::move(left), ParseOr());
  }
  return left;
}

NodePtr ProgramParser::ParseOr() {
  NodePtr left = ParseAnd();
  while (TakeWord("or")) {
    NodePtr right = ParseAnd();
    left = MakeOf(Type::kOr, "", std::move(left), std::move(right));
  }
  return left;
}

NodePtr ProgramParser::ParseAnd() {
  NodePtr left = ParseComparison();
  while (TakeWord("and")) {
    NodePtr right = ParseComparison();
    left = MakeOf(Type::kAnd, "", std::move(left), std::move(right));
  }
  return left;
}

NodePtr ProgramParser::ParseComparison() {
  NodePtr left = ParseSum();
  for (const char* symbol : {"==", "!=", "<=", ">=", "<", ">"}) {
    if (!TakeSymbol(symbol)) continue;
    NodePtr right = ParseSum();
    return MakeOf(Type::kBinary, symbol, std::move(left), std::move(right));
  }
  return left;
}

NodePtr ProgramParser::ParseSum() {
  NodePtr left = ParseProduct();
  while (IsSymbol("+") || IsSymbol("-")) {
    const std::string symbol = token_.text;
    Shift();
    NodePtr right = ParseProduct();
    left = MakeOf(Type::kBinary, symbol, std::move(left), std::move(right));
  }
  return left;
}

NodePtr ProgramParser::ParseProduct() {
  const std::size_t place = begin_;
  NodePtr left = ParseUnary();
  while (IsSymbol("*") || IsSymbol("/") || IsSymbol("%")) {
    const std::string symbol = token_.text;
    Shift();
    NodePtr right = ParseUnary();
    const bool constant = left->type == Type::kLiteral && right->type == Type::kLiteral &&
                          left->value.Is(Kind::kNumber) && right->value.Is(Kind::kNumber);
    if (constant && symbol == "/" && right->value.number() == 0) {
      if (left->value.number() != 0) FailAt("Division by zero?", place);
      left = Literal(Value(std::nan("")));
      continue;
    }
    left = MakeOf(Type::kBinary, symbol, std::move(left), std::move(right));
  }
  return left;
}

NodePtr ProgramParser::ParseUnary() {
  CheckNesting();
  if (TakeSymbol("-")) return MakeOf(Type::kNegate, "", ParseProduct());
  if (IsWord("def")) return ParsePipe();
  if (TakeWord("try")) {
    const auto part = [this] {
      if (!TakeSymbol("-")) return ParsePostfix();
      return MakeOf(Type::kNegate, "", ParsePostfix());
    };
    NodePtr body = part();
    NodePtr handler;
    if (TakeWord("catch")) handler = part();
    return MakeOf(Type::kTry, "", std::move(body), std::move(handler));
  }
  NodePtr term = ParsePostfix();
  if (!TakeWord("as")) return term;
  NodePtr pattern = ParsePattern();
  const std::size_t scope = scope_.size();
  AddPatternNames(*pattern);
  Expect("|");
  NodePtr body = ParsePipe();
  scope_.resize(scope);
  return MakeOf(Type::kAs, "", std::move(term), std::move(pattern), std::move(body));
}

namespace {

// ".a?" forgives only that its own target has no such part; behind all else ? is a `try`.
NodePtr MakeLenient(NodePtr term) {
  using Type = Node::Type;
  const bool part =
      term->type == Type::kIndex || term->type == Type::kSlice || term->type == Type::kIterate;
  if (!part || term->text == kLenient) {
    return MakeOf(Type::kTry, "", std::move(term), NodePtr());
  }
  term->text = kLenient;
  return term;
}

}  // namespace

NodePtr ProgramParser::ParsePostfix() {
  NodePtr term = ParseTerm();
  while (true) {
    if (token_.kind == Token::Kind::kField) {
      term = MakeOf(Type::kIndex, "", std::move(term), Literal(Value(token_.text)));
      Shift();
    } else if (IsSymbol(".") && at_ < text_.size() && text_[at_] == '"') {
      Shift();
      term = MakeOf(Type::kIndex, "", std::move(term), ParseString(""));
    } else if (TakeSymbol(".")) {
      Unexpected("FORMAT or QQSTRING_START");
    } else if (TakeSymbol("[")) {
      term = ParseBrackets(std::move(term));
    } else if (TakeSymbol("?")) {
      term = MakeLenient(std::move(term));
    } else {
      return term;
    }
  }
}

NodePtr ProgramParser::ParseBrackets(NodePtr target) {
  if (TakeSymbol("]")) return MakeOf(Type::kIterate, "", std::move(target));
  if (TakeSymbol(":")) {
    NodePtr to = ParsePipe();
    Expect("]");
    return MakeOf(Type::kSlice, "", std::move(target), NodePtr(), std::move(to));
  }
  NodePtr key = ParsePipe();
  if (TakeSymbol(":")) {
    NodePtr to;
    if (!IsSymbol("]")) to = ParsePipe();
    Expect("]");
    return MakeOf(Type::kSlice, "", std::move(target), std::move(key), std::move(to));
  }
  Expect("]");
  return MakeOf(Type::kIndex, "", std::move(target), std::move(key));
}

NodePtr ParseProgram(std::string_view text, const Names& names) {
  return ProgramParser(text, names).Parse();
}

}  // namespace computesdk::in_memory::jq
