#include <set>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/syntax/parser.h"

// The parts of the grammar that begin with a reserved word or a parenthesis.
namespace computesdk::in_memory::shell {
CommandPtr Parser::ParseCompound() {
  const Token& token = Peek();
  const int line = token.line;
  CommandPtr command;
  if (token.kind == TokenKind::kOperator) {
    if (token.op != "(") return nullptr;
    command = ParseParenthesis();
  } else if (token.kind == TokenKind::kWord) {
    const std::string* bare = token.word.Bare();
    if (bare == nullptr || !IsReservedWord(*bare)) return nullptr;
    if (lexer_.plain() && IsBashWord(*bare)) return nullptr;
    const std::string word = *bare;
    if (word == "in") Unexpected();
    if (word == "time" || word == "!") return nullptr;
    if (AtListEnd() || word == "]]") {
      if (word == "]]") return nullptr;
      Unexpected();
    }
    if (word == "[[") {
      command = ParseConditional();
    } else {
      has_token_ = false;
      if (word == "{") command = ParseGroup();
      if (word == "if") command = ParseIf();
      if (word == "while" || word == "until") command = ParseWhile(word == "until");
      if (word == "for" || word == "select") command = ParseFor(word == "select");
      if (word == "case") command = ParseCase();
      if (word == "coproc") return ParseCoprocess(line);
      if (word == "function") {
        if (Peek().kind != TokenKind::kWord) Unexpected();
        std::string name(lexer_.TextFrom(token_.start));
        has_token_ = false;
        if (AtOperator("(")) {
          const Token open = Take();
          if (!TakeOperator(")")) {  // The body is a subshell.
            lexer_.Rewind(open);
            has_token_ = false;
          }
        }
        return ParseFunction(std::move(name), line);
      }
    }
  }
  if (command == nullptr) return nullptr;
  auto& node = const_cast<Command&>(*command);
  // bash takes note of a subshell when it has read it.
  const bool counts_end =
      node.kind == CommandKind::kSubshell || node.kind == CommandKind::kArithmetic;
  node.line = counts_end ? lexer_.line() : line;
  ParseRedirections(node);
  return command;
}

Word Parser::ArithmeticWord(std::string text, int line) const {
  return Lexer::ParseText(std::move(text), line, lexer_.context(), Quoting::kArithmetic);
}

CommandPtr Parser::ParseParenthesis() {
  const int line = token_.line;
  has_token_ = false;
  if (lexer_.PeekChar() == '(' && !lexer_.plain()) {
    const std::size_t inside = lexer_.position();
    lexer_.Skip(1);
    std::string text;
    if (lexer_.ReadArithmeticText(text)) {
      auto node = std::make_shared<Arithmetic>();
      node->text = text;
      node->expression = ArithmeticWord(std::move(text), line);
      return node;
    }
    Token back;
    back.start = inside;
    back.line = line;
    lexer_.Rewind(back);
  }
  auto node = std::make_shared<Compound>(CommandKind::kSubshell);
  node->body = ParseBody();
  ExpectOperator(")");
  return node;
}

CommandPtr Parser::ParseGroup() {
  auto node = std::make_shared<Compound>(CommandKind::kGroup);
  node->body = ParseBody();
  Expect("}");
  return node;
}

// A name stands only before a compound command; otherwise it is the command's first word.
CommandPtr Parser::ParseCoprocess(int line) {
  auto node = std::make_shared<Coprocess>();
  node->line = line;
  node->body = ParseCompound();
  if (node->body != nullptr) return node;
  const std::string* bare = Peek().kind == TokenKind::kWord ? token_.word.Bare() : nullptr;
  if (bare != nullptr && IsName(*bare)) {
    const Token name = Take();
    node->body = ParseCompound();
    if (node->body != nullptr) {
      node->name = *name.word.Bare();
      return node;
    }
    lexer_.Rewind(name);
    has_token_ = false;
  }
  node->body = ParseSimple();
  return node;
}

CommandPtr Parser::ParseIf() {
  auto node = std::make_shared<If>();
  do {
    CommandPtr condition = ParseBody();
    Expect("then");
    CommandPtr body = ParseBody();
    node->clauses.emplace_back(std::move(condition), std::move(body));
  } while (TakeWord("elif"));
  if (TakeWord("else")) node->otherwise = ParseBody();
  Expect("fi");
  return node;
}

CommandPtr Parser::ParseWhile(bool until) {
  auto node = std::make_shared<While>();
  node->until = until;
  node->condition = ParseBody();
  node->body = ParseDo();
  return node;
}

CommandPtr Parser::ParseDo() {
  Expect("do");
  CommandPtr body = ParseBody();
  Expect("done");
  return body;
}

CommandPtr Parser::ParseDoOrBraces() {
  if (!TakeWord("{")) return ParseDo();
  CommandPtr body = ParseBody();
  Expect("}");
  return body;
}

CommandPtr Parser::ParseFor(bool select) {
  if (AtOperator("(") && !select && !lexer_.plain() && lexer_.PeekChar() == '(') {
    has_token_ = false;
    lexer_.Skip(1);
    return ParseArithmeticFor();
  }
  auto node = std::make_shared<For>(select ? CommandKind::kSelect : CommandKind::kFor);
  while (Peek().kind == TokenKind::kWord && lexer_.ExpandAlias(token_, false)) has_token_ = false;
  if (Peek().kind != TokenKind::kWord && lexer_.plain()) {
    throw SyntaxError{"Bad for loop variable", token_.line};
  }
  if (Peek().kind != TokenKind::kWord) Unexpected();
  node->name = lexer_.TextFrom(token_.start);  // Whether it is a name is looked at when it runs.
  for (std::size_t at; (at = node->name.find("\\\n")) != std::string::npos;) {
    node->name.erase(at, 2);
  }
  if (lexer_.plain() && !IsName(node->name)) {
    throw SyntaxError{"Bad for loop variable", token_.line};
  }
  has_token_ = false;
  SkipNewlines();
  if (lexer_.plain()) ExpandAliases();
  while (Peek().kind == TokenKind::kWord && lexer_.ExpandAlias(token_, false)) has_token_ = false;
  if (TakeWord("in")) {
    node->has_words = true;
    while (Peek().kind == TokenKind::kWord) {
      if (lexer_.ExpandAlias(token_, false)) {
        has_token_ = false;
      } else {
        node->words.push_back(Take().word);
      }
    }
    if (Peek().kind != TokenKind::kNewline && !AtOperator(";")) Unexpected();
    has_token_ = false;
  } else {
    TakeOperator(";");
  }
  SkipNewlines();
  if (lexer_.plain()) ExpandAliases();
  node->body = ParseDoOrBraces();
  return node;
}

CommandPtr Parser::ParseArithmeticFor() {
  auto node = std::make_shared<ArithmeticFor>();
  const int line = lexer_.line();
  std::string text;
  if (!lexer_.ReadArithmeticText(text)) {
    throw SyntaxError{"syntax error near `(('", line};
  }
  std::vector<std::string> parts(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ';' && depth == 0) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() != 3) {
    throw SyntaxError{parts.size() < 3 ? "syntax error: arithmetic expression required"
                                       : "syntax error: `;' unexpected",
                      line};
  }
  const auto word = [&](std::string& part) {
    part.erase(0, part.find_first_not_of(" \t\n"));
    node->texts.push_back(part.empty() ? "1" : part);
    if (part.find_first_not_of(" \t\n") == std::string::npos) return Word();
    return ArithmeticWord(std::move(part), line);
  };
  node->initial = word(parts[0]);
  node->condition = word(parts[1]);
  node->step = word(parts[2]);
  TakeOperator(";");
  SkipNewlines();
  node->body = ParseDoOrBraces();
  return node;
}

CommandPtr Parser::ParseCase() {
  auto node = std::make_shared<Case>();
  if (Peek().kind != TokenKind::kWord) Unexpected();
  while (lexer_.ExpandAlias(token_, false)) {
    has_token_ = false;
    if (Peek().kind != TokenKind::kWord) Unexpected();
  }
  node->word = Take().word;
  SkipNewlines();
  if (lexer_.plain()) ExpandAliases();
  while (Peek().kind == TokenKind::kWord && lexer_.ExpandAlias(token_, false)) has_token_ = false;
  Expect("in");
  SkipNewlines();
  while (!TakeWord("esac")) {
    Case::Clause clause;
    TakeOperator("(");
    do {
      if (Peek().kind == TokenKind::kEnd) Unexpected(")");
      if (token_.kind != TokenKind::kWord) Unexpected();
      clause.patterns.push_back(Take().word);
    } while (TakeOperator("|"));
    ExpectOperator(")");
    clause.body = ParseList(false);
    const bool ended = AtOperator(";;") || AtOperator(";&") || AtOperator(";;&");
    if (ended) {
      const std::string_view op = Take().op;
      clause.next = op == ";;"   ? Case::Next::kEnd
                    : op == ";&" ? Case::Next::kFallThrough
                                 : Case::Next::kTestNext;
      SkipNewlines();
    }
    node->clauses.push_back(std::move(clause));
    if (!ended) {
      if (Peek().kind == TokenKind::kEnd) Unexpected(";;");
      Expect("esac");
      break;
    }
  }
  return node;
}

CommandPtr Parser::ParseFunction(std::string name, int line) {
  if (lexer_.plain() && !IsName(name)) throw SyntaxError{"Bad function name", line};
  auto node = std::make_shared<FunctionDefinition>();
  node->line = line;
  node->name = std::move(name);
  SkipNewlines();
  Peek();
  node->body = ParseCompound();
  if (node->body == nullptr && lexer_.plain() &&
      (Peek().kind == TokenKind::kWord || AtRedirection())) {
    node->body = ParseSimple();
  }
  if (node->body == nullptr || node->body->kind == CommandKind::kFunction) Unexpected();
  return node;
}

// --- [[ … ]] ------------------------------------------------------------------------------------

namespace {

bool IsUnaryOperator(const std::string& op) {
  return op.size() == 2 && op[0] == '-' &&
         std::string_view("abcdefghknoprstuvwxzGLNORS").find(op[1]) != std::string_view::npos;
}

bool IsBinaryWord(const std::string& op) {
  static const std::set<std::string_view> ops = {"=",   "==",  "!=",  "=~",  "-eq", "-ne", "-lt",
                                                 "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};
  return ops.count(op) != 0;
}

}  // namespace

CommandPtr Parser::ParseConditional() {
  auto node = std::make_shared<Conditional>();
  const int line = token_.line;
  has_token_ = false;
  node->expression = ParseConditionalOr();
  SkipNewlines();
  if (Peek().kind == TokenKind::kEnd) {
    SyntaxError error{"unexpected EOF while looking for `]]'", line, true};
    error.conditional = true;
    throw error;
  }
  if (!TakeWord("]]")) {
    ConditionalError(
        "syntax error in conditional expression" +
        (Peek().kind == TokenKind::kWord ? "" : ": unexpected token `" + TokenText() + "'"));
  }
  return node;
}

std::string Parser::TokenText() {
  switch (Peek().kind) {
    case TokenKind::kEnd:
      return "EOF";
    case TokenKind::kNewline:
      return "newline";
    default:
      return std::string(lexer_.TextFrom(token_.start));
  }
}

void Parser::ConditionalError(std::string message, bool of_next_token) {
  SyntaxError error{std::move(message), Peek().line};
  error.conditional = true;
  error.at_end = of_next_token && (Peek().kind == TokenKind::kEnd ||
                                   (Peek().kind == TokenKind::kNewline && lexer_.AtEndOfText()));
  throw error;
}

std::shared_ptr<const ConditionalNode> Parser::ParseConditionalOr() {
  return ParseConditionalChain("||", ConditionalNode::Kind::kOr, &Parser::ParseConditionalAnd);
}

std::shared_ptr<const ConditionalNode> Parser::ParseConditionalAnd() {
  return ParseConditionalChain("&&", ConditionalNode::Kind::kAnd, &Parser::ParseConditionalTerm);
}

std::shared_ptr<const ConditionalNode> Parser::ParseConditionalChain(
    std::string_view op, ConditionalNode::Kind kind,
    std::shared_ptr<const ConditionalNode> (Parser::*parse_operand)()) {
  auto first = (this->*parse_operand)();
  SkipNewlines();
  while (TakeOperator(op)) {
    auto node = std::make_shared<ConditionalNode>();
    node->kind = kind;
    node->first = std::move(first);
    node->second = (this->*parse_operand)();
    first = std::move(node);
    SkipNewlines();
  }
  return first;
}

std::shared_ptr<const ConditionalNode> Parser::ParseConditionalTerm() {
  if (StackIsLow()) throw TooDeep(lexer_.line());
  SkipNewlines();
  auto node = std::make_shared<ConditionalNode>();
  if (TakeWord("!")) {
    node->kind = ConditionalNode::Kind::kNot;
    node->first = ParseConditionalTerm();
    return node;
  }
  if (TakeOperator("(")) {
    node->kind = ConditionalNode::Kind::kGroup;
    node->first = ParseConditionalOr();
    if (TakeOperator(")")) return node;
    ConditionalError(
        (Peek().kind == TokenKind::kEnd ? "" : "unexpected token `" + TokenText() + "', ") +
        "expected `)'");
  }
  if (Peek().kind != TokenKind::kWord) {
    ConditionalError("unexpected token `" + TokenText() + "' in conditional command");
  }
  if (AtWord("]]")) ConditionalError("");
  const std::string* bare = token_.word.Bare();
  if (bare != nullptr && IsUnaryOperator(*bare)) {
    node->op = *bare;
    has_token_ = false;
    if (AtWord("]]") || Peek().kind != TokenKind::kWord) {
      ConditionalError("unexpected argument `" + TokenText() + "' to conditional unary operator");
    }
    node->kind = ConditionalNode::Kind::kUnary;
    node->left = Take().word;
    return node;
  }
  node->left = Take().word;
  const std::string* op = Peek().kind == TokenKind::kWord ? token_.word.Bare() : nullptr;
  const bool compares = AtOperator("<") || AtOperator(">");
  if (!compares && (op == nullptr || !IsBinaryWord(*op))) {
    node->kind = ConditionalNode::Kind::kWord;
    if (AtWord("]]") || AtOperator("&&") || AtOperator("||") || AtOperator(")")) return node;
    ConditionalError(
        (Peek().kind == TokenKind::kWord ? "" : "unexpected token `" + TokenText() + "', ") +
        "conditional binary operator expected");
  }
  node->kind = ConditionalNode::Kind::kBinary;
  node->op = compares ? std::string(token_.op) : *op;
  has_token_ = false;
  if (node->op == "=~") {
    node->right = lexer_.ReadRegexWord();
    const std::string* right = node->right.Bare();
    if (right != nullptr && *right == "]]") {
      ConditionalError("unexpected argument `]]' to conditional binary operator", false);
    }
    if (node->right.parts.empty()) {
      ConditionalError("unexpected argument `" + TokenText() + "' to conditional binary operator");
    }
    return node;
  }
  lexer_.set_force_extglob(true);
  Peek();
  lexer_.set_force_extglob(false);
  if (Peek().kind != TokenKind::kWord || AtWord("]]")) {
    ConditionalError("unexpected argument `" + TokenText() + "' to conditional binary operator");
  }
  node->right = Take().word;
  return node;
}

}  // namespace computesdk::in_memory::shell
