#include "mocks/in_memory/utilities/jq_program.h"

#include <algorithm>

#include "mocks/in_memory/utilities/jq_tokens.h"

namespace computesdk::in_memory::jq {
namespace {

using Type = Node::Type;

// Nothing that a person writes nests as deep, and the stack holds it.
constexpr int kMaxNesting = 500;

NodePtr Make(Type type, std::string text = "") {
  auto node = std::make_unique<Node>();
  node->type = type;
  node->text = std::move(text);
  return node;
}

template <typename... Kids>
NodePtr MakeOf(Type type, std::string text, Kids... kids) {
  NodePtr node = Make(type, std::move(text));
  (node->kids.push_back(std::move(kids)), ...);
  return node;
}

NodePtr Literal(Value value) {
  NodePtr node = Make(Type::kLiteral);
  node->value = std::move(value);
  return node;
}

class ProgramParser : private TokenReader {
 public:
  ProgramParser(std::string_view text, const Names& names) : TokenReader(text) {
    for (const std::string& name : names.variables) scope_.push_back("$" + name);
    for (const std::string& name : names.functions) scope_.push_back(name);
  }

  NodePtr Parse() {
    NodePtr program = IsEnd() ? Make(Type::kIdentity) : ParsePipe();
    if (!IsEnd()) Unexpected();
    return program;
  }

 private:
  // --- what is in scope -----------------------------------------------------------------------
  void Require(const std::string& name) const {
    if (std::find(scope_.rbegin(), scope_.rend(), name) == scope_.rend()) {
      Raise(name + " is not defined");
    }
  }
  void AddPatternNames(const Node& pattern) {
    if (pattern.type == Type::kVariable) scope_.push_back("$" + pattern.text);
    for (const NodePtr& kid : pattern.kids) {
      if (kid) AddPatternNames(*kid);
    }
  }

  // --- terms, the loosest binding first -------------------------------------------------------
  NodePtr ParsePipe() {
    if (++nesting_ > kMaxNesting) Raise("the filter nests too deep");
    const std::size_t scope = scope_.size();
    NodePtr node = ParsePipeline();
    scope_.resize(scope);
    --nesting_;
    return node;
  }

  NodePtr ParsePipeline() {
    if (IsWord("def")) return ParseFunction();
    if (TakeWord("label")) {
      if (token_.kind != Token::Kind::kVariable) Unexpected();
      NodePtr label = Make(Type::kLabel, token_.text);
      scope_.push_back("*" + token_.text);
      Shift();
      Expect("|");
      label->kids.push_back(ParsePipe());
      return label;
    }
    NodePtr left = ParseComma();
    if (TakeSymbol("|")) return MakeOf(Type::kPipe, "", std::move(left), ParsePipe());
    return left;
  }

  NodePtr ParseFunction() {
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
    function->text = name + "/" + std::to_string(function->words.size());
    scope_.push_back(function->text);
    const std::size_t scope = scope_.size();
    for (const std::string& word : function->words) {
      scope_.push_back(word);
      scope_.push_back((word[0] == '$' ? word.substr(1) : word) + "/0");
    }
    function->kids.push_back(ParsePipe());
    scope_.resize(scope);
    Expect(";");
    function->kids.push_back(IsEnd() ? Make(Type::kIdentity) : ParsePipe());
    return function;
  }

  NodePtr ParseComma() {
    NodePtr left = ParseAlternative();
    while (TakeSymbol(",")) {
      NodePtr right = ParseAlternative();
      left = MakeOf(Type::kComma, "", std::move(left), std::move(right));
    }
    return left;
  }

  // "//" groups to the right.
  NodePtr ParseAlternative() {
    NodePtr left = ParseAssignment();
    if (!TakeSymbol("//")) return left;
    return MakeOf(Type::kAlternative, "", std::move(left), ParseAlternative());
  }

  NodePtr ParseAssignment() {
    NodePtr left = ParseOr();
    for (const char* symbol : {"=", "|=", "+=", "-=", "*=", "/=", "%=", "//="}) {
      if (!TakeSymbol(symbol)) continue;
      return MakeOf(Type::kAssign, symbol, std::move(left), ParseAlternative());
    }
    return left;
  }

  NodePtr ParseOr() {
    NodePtr left = ParseAnd();
    while (TakeWord("or")) {
      NodePtr right = ParseAnd();
      left = MakeOf(Type::kOr, "", std::move(left), std::move(right));
    }
    return left;
  }

  NodePtr ParseAnd() {
    NodePtr left = ParseComparison();
    while (TakeWord("and")) {
      NodePtr right = ParseComparison();
      left = MakeOf(Type::kAnd, "", std::move(left), std::move(right));
    }
    return left;
  }

  NodePtr ParseComparison() {
    NodePtr left = ParseSum();
    for (const char* symbol : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!TakeSymbol(symbol)) continue;
      NodePtr right = ParseSum();
      return MakeOf(Type::kBinary, symbol, std::move(left), std::move(right));
    }
    return left;
  }

  NodePtr ParseSum() {
    NodePtr left = ParseProduct();
    while (IsSymbol("+") || IsSymbol("-")) {
      const std::string symbol = token_.text;
      Shift();
      NodePtr right = ParseProduct();
      left = MakeOf(Type::kBinary, symbol, std::move(left), std::move(right));
    }
    return left;
  }

  NodePtr ParseProduct() {
    NodePtr left = ParseUnary();
    while (IsSymbol("*") || IsSymbol("/") || IsSymbol("%")) {
      const std::string symbol = token_.text;
      Shift();
      NodePtr right = ParseUnary();
      left = MakeOf(Type::kBinary, symbol, std::move(left), std::move(right));
    }
    return left;
  }

  NodePtr ParseUnary() {
    if (TakeSymbol("-")) return MakeOf(Type::kNegate, "", ParsePostfix());
    if (IsWord("def")) return ParsePipe();
    if (TakeWord("try")) {
      NodePtr body = ParsePostfix();
      NodePtr handler;
      if (TakeWord("catch")) handler = ParsePostfix();
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

  NodePtr ParsePostfix() {
    NodePtr term = ParseTerm();
    while (true) {
      if (token_.kind == Token::Kind::kField) {
        term = MakeOf(Type::kIndex, "", std::move(term), Literal(Value(token_.text)));
        Shift();
      } else if (IsSymbol(".") && at_ < text_.size() && text_[at_] == '"') {
        Shift();
        term = MakeOf(Type::kIndex, "", std::move(term), ParseString(""));
      } else if (IsSymbol(".") && at_ < text_.size() && text_[at_] == '[') {
        Shift();
      } else if (TakeSymbol("[")) {
        term = ParseBrackets(std::move(term));
      } else if (TakeSymbol("?")) {
        term = MakeOf(Type::kTry, "", std::move(term), NodePtr());
      } else {
        return term;
      }
    }
  }

  NodePtr ParseBrackets(NodePtr target) {
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

  NodePtr ParseTerm() {
    const Token token = token_;
    switch (token.kind) {
      case Token::Kind::kNumber: {
        const double number = number_;
        Shift();
        return Literal(Value(number));
      }
      case Token::Kind::kQuote:
        return ParseString("");
      case Token::Kind::kFormat:
        Shift();
        if (token_.kind == Token::Kind::kQuote) return ParseString(token.text);
        return Make(Type::kFormat, token.text);
      case Token::Kind::kField:
        Shift();
        return MakeOf(Type::kIndex, "", Make(Type::kIdentity), Literal(Value(token.text)));
      case Token::Kind::kVariable:
        Shift();
        if (token.text == "__loc__") {
          Object place;
          place["file"] = Value("<top-level>");
          place["line"] = Value(
              1.0 + static_cast<double>(std::count(
                        text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n')));
          return Literal(Value(std::move(place)));
        }
        Require("$" + token.text);
        return Make(Type::kVariable, token.text);
      case Token::Kind::kName:
        return ParseNamed();
      case Token::Kind::kSymbol:
        break;
      default:
        Unexpected();
    }
    if (TakeSymbol("..")) return Make(Type::kRecurse);
    if (TakeSymbol(".")) {
      if (token_.kind == Token::Kind::kQuote) {
        return MakeOf(Type::kIndex, "", Make(Type::kIdentity), ParseString(""));
      }
      return Make(Type::kIdentity);
    }
    if (TakeSymbol("(")) {
      NodePtr inner = ParsePipe();
      Expect(")");
      return inner;
    }
    if (TakeSymbol("[")) {
      NodePtr array = Make(Type::kArray);
      if (TakeSymbol("]")) return array;
      array->kids.push_back(ParsePipe());
      Expect("]");
      return array;
    }
    if (TakeSymbol("{")) return ParseObject();
    Unexpected();
  }

  NodePtr ParseNamed() {
    if (TakeWord("if")) return ParseIf();
    if (TakeWord("reduce")) return ParseFold(Type::kReduce);
    if (TakeWord("foreach")) return ParseFold(Type::kForeach);
    for (const char* word :
         {"and", "as", "catch", "def", "elif", "else", "end", "label", "or", "then", "try"}) {
      if (IsWord(word)) Unexpected();
    }
    const std::string name = token_.text;
    Shift();
    if (name == "break" && token_.kind == Token::Kind::kVariable) {
      const std::string label = token_.text;
      if (std::find(scope_.begin(), scope_.end(), "*" + label) == scope_.end()) {
        Raise("$*label-" + label + " is not defined");
      }
      Shift();
      return Make(Type::kBreak, label);
    }
    NodePtr call = Make(Type::kCall);
    if (TakeSymbol("(")) {
      do {
        call->kids.push_back(ParsePipe());
      } while (TakeSymbol(";"));
      Expect(")");
    }
    if (call->kids.empty()) {
      if (name == "null") return Literal(Value());
      if (name == "true") return Literal(Value(true));
      if (name == "false") return Literal(Value(false));
    }
    call->text = name + "/" + std::to_string(call->kids.size());
    Require(call->text);
    return call;
  }

  NodePtr ParseIf() {
    NodePtr condition = ParsePipe();
    Expect("then");
    NodePtr then = ParsePipe();
    NodePtr otherwise;
    if (TakeWord("elif")) {
      otherwise = ParseIf();
    } else {
      if (TakeWord("else")) otherwise = ParsePipe();
      Expect("end");
    }
    return MakeOf(Type::kIf, "", std::move(condition), std::move(then), std::move(otherwise));
  }

  NodePtr ParseFold(Type type) {
    NodePtr source = ParsePostfix();
    Expect("as");
    NodePtr pattern = ParsePattern();
    Expect("(");
    NodePtr begin = ParsePipe();
    Expect(";");
    const std::size_t scope = scope_.size();
    AddPatternNames(*pattern);
    NodePtr update = ParsePipe();
    NodePtr extract;
    if (type == Type::kForeach && TakeSymbol(";")) extract = ParsePipe();
    scope_.resize(scope);
    Expect(")");
    return MakeOf(type, "", std::move(source), std::move(pattern), std::move(begin),
                  std::move(update), std::move(extract));
  }

  NodePtr ParsePattern() {
    if (token_.kind == Token::Kind::kVariable) {
      NodePtr variable = Make(Type::kVariable, token_.text);
      Shift();
      return variable;
    }
    if (TakeSymbol("[")) {
      NodePtr array = Make(Type::kArray);
      do {
        array->kids.push_back(ParsePattern());
      } while (TakeSymbol(","));
      Expect("]");
      return array;
    }
    Expect("{");
    NodePtr object = Make(Type::kObject);
    do {
      if (token_.kind == Token::Kind::kVariable) {
        object->kids.push_back(Literal(Value(token_.text)));
        object->kids.push_back(Make(Type::kVariable, token_.text));
        Shift();
        continue;
      }
      object->kids.push_back(ParseKey());
      Expect(":");
      object->kids.push_back(ParsePattern());
    } while (TakeSymbol(","));
    Expect("}");
    return object;
  }

  NodePtr ParseKey() {
    if (token_.kind == Token::Kind::kQuote) return ParseString("");
    if (TakeSymbol("(")) {
      NodePtr key = ParsePipe();
      Expect(")");
      return key;
    }
    if (token_.kind != Token::Kind::kName) Unexpected();
    NodePtr key = Literal(Value(token_.text));
    Shift();
    return key;
  }

  NodePtr ParseObject() {
    NodePtr object = Make(Type::kObject);
    while (!TakeSymbol("}")) {
      const Token token = token_;
      if (token.kind == Token::Kind::kVariable) {
        object->kids.push_back(Literal(Value(token.text)));
        object->kids.push_back(ParseTerm());
      } else {
        const bool named = token.kind == Token::Kind::kName || token.kind == Token::Kind::kQuote;
        const std::size_t begin = at_;
        object->kids.push_back(ParseKey());
        if (named && !IsSymbol(":")) {
          // {a} is {a: .a}; a key in quotes is read once more.
          const std::size_t end = at_;
          const Token after = token_;
          at_ = begin;
          token_ = token;
          object->kids.push_back(MakeOf(Type::kIndex, "", Make(Type::kIdentity), ParseKey()));
          at_ = end;
          token_ = after;
        } else {
          Expect(":");
          object->kids.push_back(ParseObjectValue());
        }
      }
      if (!IsSymbol("}")) {
        Expect(",");
        if (IsSymbol("}")) Unexpected();
      }
    }
    return object;
  }

  // Only "|" joins what is not in parentheses.
  NodePtr ParseObjectValue() {
    NodePtr value = ParseAlternative();
    if (TakeSymbol("|")) return MakeOf(Type::kPipe, "", std::move(value), ParseObjectValue());
    return value;
  }

  // After the quote. The pieces between \( and ) are filters.
  NodePtr ParseString(const std::string& format) {
    NodePtr node = Make(Type::kString, format);
    std::string raw = "\"";
    const auto add_piece = [&] {
      raw += '"';
      node->kids.push_back(Literal(ParseWhole(raw)));
      raw = "\"";
    };
    while (true) {
      if (at_ == text_.size()) {
        token_ = {};
        Raise(
            "syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or "
            "QQSTRING_END (Unix shell quoting issues?)");
      }
      const char c = text_[at_++];
      if (c == '"') break;
      if (c == '\\' && at_ < text_.size() && text_[at_] == '(') {
        ++at_;
        add_piece();
        Shift();
        node->kids.push_back(ParsePipe());
        if (!IsSymbol(")")) Unexpected();
        continue;
      }
      raw += c;
      if (c == '\\' && at_ < text_.size()) raw += text_[at_++];
    }
    add_piece();
    Shift();
    if (node->kids.size() == 1) return std::move(node->kids[0]);
    return node;
  }

  int nesting_ = 0;
  std::vector<std::string> scope_;
};

}  // namespace

NodePtr ParseProgram(std::string_view text, const Names& names) {
  return ProgramParser(text, names).Parse();
}

}  // namespace computesdk::in_memory::jq
