#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/jq/parser.h"

namespace computesdk::in_memory::jq {

NodePtr ProgramParser::ParseTerm() {
  const Token token = token_;
  const std::size_t place = begin_;
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
        Object location;
        location["file"] = Value("<top-level>");
        location["line"] = Value(
            1.0 + static_cast<double>(std::count(
                      text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n')));
        return Literal(Value(std::move(location)));
      }
      Require("$" + token.text, place);
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

NodePtr ProgramParser::ParseNamed() {
  if (IsWord("if")) return ParseIf();
  if (TakeWord("reduce")) return ParseFold(Type::kReduce);
  if (TakeWord("foreach")) return ParseFold(Type::kForeach);
  for (const char* word :
       {"and", "as", "catch", "def", "elif", "else", "end", "label", "or", "then", "try"}) {
    if (IsWord(word)) Unexpected();
  }
  const std::string name = token_.text;
  const std::size_t place = begin_;
  Shift();
  if (name == "break" && token_.kind == Token::Kind::kVariable) {
    const std::string label = token_.text;
    const bool known = std::any_of(scope_.begin(), scope_.end(), [&](const Known& name_in_scope) {
      return name_in_scope.name == "*" + label;
    });
    if (!known) FailAt("$*label-" + label + " is not defined", place);
    Shift();
    return Make(Type::kBreak, label);
  }
  NodePtr call = Make(Type::kCall);
  if (TakeSymbol("(")) {
    do {
      call->kids.push_back(ParsePipe());
    } while (TakeSymbol(";"));
    if (!TakeSymbol(")")) Unexpected("';' or ')'");
  }
  if (call->kids.empty()) {
    if (name == "null") return Literal(Value());
    if (name == "true") return Literal(Value(true));
    if (name == "false") return Literal(Value(false));
  }
  call->text = Require(name + "/" + std::to_string(call->kids.size()), place);
  return call;
}

NodePtr ProgramParser::ParseIf() {
  const std::size_t place = begin_;
  Shift();
  NodePtr condition = ParsePipe();
  Expect("then");
  try {
    return ParseBranches(std::move(condition));
  } catch (CompileError& error) {
    if (ToText(error.value).starts_with("syntax error")) error.open_ifs.push_back(place);
    throw;
  }
}

NodePtr ProgramParser::ParseBranches(NodePtr condition) {
  NodePtr then = ParsePipe();
  NodePtr otherwise;
  if (TakeWord("elif")) {
    NodePtr second = ParsePipe();
    Expect("then");
    otherwise = ParseBranches(std::move(second));
  } else {
    Expect("else");
    otherwise = ParsePipe();
    Expect("end");
  }
  return MakeOf(Type::kIf, "", std::move(condition), std::move(then), std::move(otherwise));
}

NodePtr ProgramParser::ParseFold(Type type) {
  NodePtr source = ParsePostfix();
  Expect("as");
  NodePtr pattern = ParsePattern();
  if (!TakeSymbol("(")) Unexpected("'('");
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

NodePtr ProgramParser::ParsePattern() {
  CheckNesting();
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
    if (!TakeSymbol("]")) Unexpected("',' or ']'");
    return array;
  }
  if (!TakeSymbol("{")) Unexpected("'$' or '[' or '{'");
  NodePtr object = Make(Type::kObject);
  do {
    if (token_.kind == Token::Kind::kVariable) {
      const std::string name = token_.text;
      Shift();
      object->kids.push_back(Literal(Value(name)));
      object->kids.push_back(Make(Type::kVariable, name));
      if (!TakeSymbol(":")) continue;
      // {$a: pattern} binds what .a is, and its parts.
      object->kids.push_back(Literal(Value(name)));
      object->kids.push_back(ParsePattern());
      continue;
    }
    object->kids.push_back(ParseKey());
    Expect(":");
    object->kids.push_back(ParsePattern());
  } while (TakeSymbol(","));
  Expect("}");
  return object;
}

NodePtr ProgramParser::ParseKey() {
  const bool formatted = token_.kind == Token::Kind::kFormat;
  const std::string format = formatted ? token_.text : "";
  if (formatted) Shift();
  if (token_.kind == Token::Kind::kQuote) return ParseString(format);
  if (formatted) Unexpected("QQSTRING_START");
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

NodePtr ProgramParser::ParseObject() {
  NodePtr object = Make(Type::kObject);
  while (!TakeSymbol("}")) {
    const Token token = token_;
    if (token.kind == Token::Kind::kVariable) {
      object->kids.push_back(Literal(Value(token.text)));
      object->kids.push_back(ParseTerm());
    } else {
      const bool named = token.kind == Token::Kind::kName || token.kind == Token::Kind::kQuote ||
                         token.kind == Token::Kind::kFormat;
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
      if (!TakeSymbol(",")) Unexpected(IsEnd() ? "" : "'}'");
    }
  }
  return object;
}

// Only "|" joins what is not in parentheses.
NodePtr ProgramParser::ParseObjectValue() {
  CheckNesting();
  for (const char* word : {"if", "reduce", "foreach"}) {
    if (IsWord(word)) Unexpected();
  }
  const bool negated = TakeSymbol("-");
  NodePtr value = ParsePostfix();
  if (negated) value = MakeOf(Type::kNegate, "", std::move(value));
  if (TakeSymbol("|")) return MakeOf(Type::kPipe, "", std::move(value), ParseObjectValue());
  return value;
}

// After the quote. The pieces between \( and ) are filters.
NodePtr ProgramParser::ParseString(const std::string& format) {
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
      FailAt(
          "syntax error, unexpected $end, expecting QQSTRING_TEXT or QQSTRING_INTERP_START or "
          "QQSTRING_END (Unix shell quoting issues?)",
          at_ - raw.size() + 1);
    }
    const char c = text_[at_++];
    if (c == '"') break;
    if (c == '\\' && at_ < text_.size() && text_[at_] == '(') {
      ++at_;
      add_piece();
      OpenBracket('(');
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

}  // namespace computesdk::in_memory::jq
