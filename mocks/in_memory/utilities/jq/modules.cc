#include <utility>

#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/jq/parser.h"

namespace computesdk::in_memory::jq {

Value ProgramParser::ParseConstant() {
  const NodePtr node = ParseTerm();
  if (node->type == Type::kLiteral) return node->value;
  Object object;
  if (node->type != Type::kObject) Raise("Module metadata must be constant");
  for (std::size_t i = 0; i + 1 < node->kids.size(); i += 2) {
    const Node& key = *node->kids[i];
    const Node& value = *node->kids[i + 1];
    if (key.type != Type::kLiteral || value.type != Type::kLiteral ||
        !key.value.Is(Kind::kString)) {
      Raise("Module metadata must be constant");
    }
    object[key.value.text()] = value.value;
  }
  return Value(std::move(object));
}

NodePtr ProgramParser::ParseImport() {
  const bool include = IsWord("include");
  Shift();
  if (token_.kind != Token::Kind::kQuote) Unexpected();
  const Value path = ParseConstant();
  if (!path.Is(Kind::kString)) Raise("Import path must be constant");
  std::string alias;
  bool data = false;
  if (!include) {
    Expect("as");
    data = token_.kind == Token::Kind::kVariable;
    if (!data && token_.kind != Token::Kind::kName) Unexpected();
    alias = token_.text;
    Shift();
  }
  const Value about = IsSymbol(";") ? Value() : ParseConstant();
  if (!IsSymbol(";")) Unexpected();
  if (data) {
    // Known as $d, and as $d::d.
    const LoadedModule loaded = Load(path.text(), about, true);
    Shift();
    Array values;
    Parser parser(loaded.text);
    while (auto value = parser.Next()) values.push_back(std::move(*value));
    const Value all(std::move(values));
    Add("$" + alias);
    Add("$" + alias + "::" + alias);
    NodePtr rest = IsEnd() ? Make(Type::kIdentity) : ParsePipe();
    NodePtr inner = MakeOf(Type::kAs, "", Literal(all), Make(Type::kVariable, alias + "::" + alias),
                           std::move(rest));
    return MakeOf(Type::kAs, "", Literal(all), Make(Type::kVariable, alias), std::move(inner));
  }
  NodePtr module = Module(path.text(), alias, about);
  Shift();
  // The filter stands behind the last of the module's definitions.
  Node* last = module.get();
  if (last->type != Type::kFunction) return IsEnd() ? Make(Type::kIdentity) : ParsePipe();
  while (true) {
    Add(last->text);
    Node* const next = last->kids[1].get();
    if (next->type != Type::kFunction) break;
    last = next;
  }
  last->kids[1] = IsEnd() ? Make(Type::kIdentity) : ParsePipe();
  return module;
}

LoadedModule ProgramParser::Load(const std::string& name, const Value& about, bool data) const {
  if (!names_.load) Raise("module not found: " + name + "\n");
  return names_.load(name, folder_, about, data);
}

NodePtr ProgramParser::Module(const std::string& name, const std::string& alias,
                              const Value& about) {
  constexpr int kDeepest = 20;
  if (depth_ >= kDeepest) Raise("modules import one another without end");
  const LoadedModule loaded = Load(name, about, false);
  Names names = names_;
  names.variables.clear();
  ProgramParser parser(loaded.text, names, alias.empty() ? "" : alias + "::", loaded.folder);
  parser.depth_ = depth_ + 1;
  return parser.ParseModule();
}

NodePtr ProgramParser::ParseModule() {
  if (TakeWord("module")) {
    (void)ParseConstant();
    Expect(";");
  }
  return Parse();
}

}  // namespace computesdk::in_memory::jq
