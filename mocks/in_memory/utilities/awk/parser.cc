#include "mocks/in_memory/utilities/awk/parser.h"

#include <utility>

#include "mocks/in_memory/utilities/awk/parser_impl.h"

namespace computesdk::in_memory::awk {
namespace {

constexpr std::string_view kSpecialNames[] = {
    "ARGC", "ARGIND",   "ARGV",    "CONVFMT",    "ENVIRON", "ERRNO", "FIELDWIDTHS", "FILENAME",
    "FNR",  "FPAT",     "FS",      "IGNORECASE", "NF",      "NR",    "OFMT",        "OFS",
    "ORS",  "PROCINFO", "RLENGTH", "RS",         "RSTART",  "RT",    "SUBSEP"};

StatementPtr Make(StatementKind kind) {
  auto statement = std::make_unique<Statement>();
  statement->kind = kind;
  return statement;
}

}  // namespace

Parser::Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {
  for (std::string_view name : kSpecialNames) {
    const int slot = static_cast<int>(result_.program.globals.size());
    result_.slots[std::string(name)] = slot;
    result_.program.globals.emplace_back(name);
  }
}

const Token& Parser::Peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

Token Parser::Take() {
  Token token = Peek();
  if (at_ + 1 < tokens_.size()) ++at_;
  return token;
}

bool Parser::IsSymbol(std::string_view text, std::size_t ahead) const {
  return Peek(ahead).kind == TokenKind::kSymbol && Peek(ahead).text == text;
}

bool Parser::IsKeyword(std::string_view text, std::size_t ahead) const {
  return Peek(ahead).kind == TokenKind::kKeyword && Peek(ahead).text == text;
}

bool Parser::TakeSymbol(std::string_view text) {
  if (!IsSymbol(text)) return false;
  Take();
  return true;
}

bool Parser::TakeKeyword(std::string_view text) {
  if (!IsKeyword(text)) return false;
  Take();
  return true;
}

void Parser::ExpectSymbol(std::string_view text) {
  if (!TakeSymbol(text)) Fail("syntax error: expected '" + std::string(text) + "'");
}

void Parser::SkipNewlines() {
  while (Peek().kind == TokenKind::kNewline) Take();
}

void Parser::SkipTerminators() {
  while (Peek().kind == TokenKind::kNewline || IsSymbol(";")) Take();
}

void Parser::Fail(const std::string& message) const {
  // What is no syntax at all is shown where it stands; the rest tells what it is.
  const bool shown = message.starts_with("syntax error");
  const bool at_newline = shown && Peek().kind == TokenKind::kNewline;
  throw ParseFailure{{Peek().line, at_newline ? "syntax error: unexpected newline" : message,
                      shown ? Peek().at : std::string::npos}};
}

void Parser::FailAt(const Token& token, const std::string& message) {
  throw ParseFailure{{token.line, message, token.at}};
}

void Parser::Resolve(const std::string& name, int& slot, bool& local) {
  if (const auto found = locals_.find(name); in_function_ && found != locals_.end()) {
    slot = found->second;
    local = true;
    return;
  }
  local = false;
  const auto [entry, fresh] =
      result_.slots.emplace(name, static_cast<int>(result_.program.globals.size()));
  if (fresh) result_.program.globals.push_back(name);
  slot = entry->second;
}

int Parser::FunctionSlot(const std::string& name) {
  auto& functions = result_.program.functions;
  const auto [entry, fresh] = functions_.emplace(name, static_cast<int>(functions.size()));
  if (fresh) functions.emplace_back().name = name;
  return entry->second;
}

ParsedProgram Parser::Run() {
  SkipNewlines();
  while (Peek().kind != TokenKind::kEnd) {
    if (IsSymbol(";")) Fail("each rule must have a pattern or an action part");
    ParseItem();
    SkipNewlines();
    if (TakeSymbol(";")) SkipNewlines();
  }
  for (const auto& function : result_.program.functions) {
    if (function.defined && result_.slots.contains(function.name)) {
      Fail("error: function name `" + function.name + "' used as variable name");
    }
  }
  return std::move(result_);
}

void Parser::ParseItem() {
  special_rule_ = "";
  if (TakeKeyword("function")) return ParseFunction();
  Rule rule;
  rule.line = Peek().line;
  if (TakeKeyword("BEGIN")) {
    rule.kind = Rule::Kind::kBegin;
    special_rule_ = "BEGIN";
  } else if (TakeKeyword("END")) {
    rule.kind = Rule::Kind::kEnd;
    special_rule_ = "END";
  } else if (TakeKeyword("BEGINFILE")) {
    rule.kind = Rule::Kind::kBeginFile;
    special_rule_ = "BEGINFILE";
  } else if (TakeKeyword("ENDFILE")) {
    rule.kind = Rule::Kind::kEndFile;
    special_rule_ = "ENDFILE";
  } else if (!IsSymbol("{")) {
    rule.pattern = ParseExpression();
    if (TakeSymbol(",")) {
      SkipNewlines();
      rule.kind = Rule::Kind::kRange;
      rule.end = ParseExpression();
    }
  }
  if (IsSymbol("{")) {
    rule.action = ParseBlock();
  } else if (rule.kind != Rule::Kind::kPattern && rule.kind != Rule::Kind::kRange) {
    Fail(std::string(special_rule_) + " blocks must have an action part");
  } else if (Peek().kind != TokenKind::kNewline && !IsSymbol(";")) {
    Fail("syntax error near '" + Peek().text + "'");
  }
  result_.program.rules.push_back(std::move(rule));
}

void Parser::ParseFunction() {
  const Token name = Take();
  if (name.kind != TokenKind::kName && name.kind != TokenKind::kCallName) {
    Fail("syntax error: function name expected");
  }
  const auto slot = static_cast<std::size_t>(FunctionSlot(name.text));
  if (result_.program.functions[slot].defined) {
    Fail("error: function name `" + name.text + "' previously defined");
  }
  result_.program.functions[slot].defined = true;
  ExpectSymbol("(");
  locals_.clear();
  while (!IsSymbol(")")) {
    const Token parameter = Take();
    if (parameter.kind != TokenKind::kName) Fail("syntax error: parameter expected");
    const std::string faulty = "error: function `" + name.text + "': ";
    if (parameter.text == name.text) Fail(faulty + "cannot use function name as parameter name");
    const auto [known, added] = locals_.emplace(parameter.text, static_cast<int>(locals_.size()));
    if (!added) {
      Fail(faulty + "parameter #" + std::to_string(locals_.size() + 1) + ", `" + parameter.text +
           "', duplicates parameter #" + std::to_string(known->second + 1));
    }
    if (IsSymbol(")")) break;
    ExpectSymbol(",");
    SkipNewlines();
    if (IsSymbol(")")) Fail("syntax error: parameter expected");
  }
  ExpectSymbol(")");
  SkipNewlines();
  in_function_ = true;
  const std::size_t parameters = locals_.size();
  StatementPtr body = ParseBlock();
  in_function_ = false;
  Function& function = result_.program.functions[slot];
  function.parameters = parameters;
  function.body = std::move(body);
}

StatementPtr Parser::ParseBlock() {
  const DepthGuard guard(*this);
  ExpectSymbol("{");
  auto block = Make(StatementKind::kBlock);
  SkipTerminators();
  while (!IsSymbol("}")) {
    if (Peek().kind == TokenKind::kEnd) Fail("syntax error: unexpected end of program");
    block->statements.push_back(ParseStatement());
    SkipTerminators();
  }
  ExpectSymbol("}");
  return block;
}

// After a simple statement: ";", a new line, or what closes the block.
void Parser::EndStatement() {
  if (TakeSymbol(";")) return;
  if (Peek().kind == TokenKind::kNewline) {
    Take();
    return;
  }
  if (!IsSymbol("}")) Fail("syntax error near '" + Peek().text + "'");
}

StatementPtr Parser::ParseStatement() {
  const DepthGuard guard(*this);
  if (IsSymbol("{")) return ParseBlock();
  const int line = Peek().line;
  StatementPtr statement = ParseOneStatement();
  statement->line = line;
  return statement;
}

StatementPtr Parser::ParseOneStatement() {
  if (IsKeyword("if")) return ParseIf();
  if (IsKeyword("while")) return ParseWhile();
  if (IsKeyword("do")) return ParseDo();
  if (IsKeyword("for")) return ParseFor();
  if (IsKeyword("switch")) return ParseSwitch();
  if (TakeSymbol(";")) return Make(StatementKind::kBlock);
  StatementPtr statement = ParseSimple();
  EndStatement();
  return statement;
}

void Parser::CheckJump(const Token& jump) const {
  if (jump.text == "return" && !in_function_) {
    FailAt(jump, "`return' used outside function context");
  }
  if (jump.text == "continue" && loops_ == 0) {
    Fail("error: `continue' is not allowed outside a loop");
  }
  if (jump.text == "break" && loops_ + switches_ == 0) {
    Fail("error: `break' is not allowed outside a loop or switch");
  }
  const bool to_next = jump.text == "next" || jump.text == "nextfile";
  const bool allowed =
      special_rule_.empty() || (jump.text == "nextfile" && special_rule_ == "BEGINFILE");
  if (to_next && !allowed) {
    Fail("error: `" + jump.text + "' used in " + std::string(special_rule_) + " action");
  }
}

StatementPtr Parser::ParseSimple() {
  static const std::map<std::string, StatementKind, std::less<>> kJumps = {
      {"break", StatementKind::kBreak}, {"continue", StatementKind::kContinue},
      {"next", StatementKind::kNext},   {"nextfile", StatementKind::kNextFile},
      {"exit", StatementKind::kExit},   {"return", StatementKind::kReturn}};
  if (IsKeyword("print") || IsKeyword("printf")) return ParsePrint();
  if (IsKeyword("delete")) return ParseDelete();
  if (Peek().kind == TokenKind::kKeyword) {
    if (const auto jump = kJumps.find(Peek().text); jump != kJumps.end()) {
      CheckJump(Take());
      auto statement = Make(jump->second);
      const bool takes_value =
          jump->second == StatementKind::kExit || jump->second == StatementKind::kReturn;
      if (takes_value && !IsSymbol(";") && !IsSymbol("}") && Peek().kind != TokenKind::kNewline) {
        statement->expressions.push_back(ParseExpression());
      }
      return statement;
    }
  }
  auto statement = Make(StatementKind::kExpression);
  statement->expressions.push_back(ParseExpression());
  return statement;
}

StatementPtr Parser::ParsePrint() {
  auto statement = Make(Take().text == "print" ? StatementKind::kPrint : StatementKind::kPrintf);
  const bool outer = std::exchange(no_greater_, true);
  while (!IsSymbol(";") && !IsSymbol("}") && !IsSymbol(">") && !IsSymbol(">>") && !IsSymbol("|") &&
         !IsSymbol("|&") && Peek().kind != TokenKind::kNewline && Peek().kind != TokenKind::kEnd) {
    statement->expressions.push_back(ParseExpression());
    if (!TakeSymbol(",")) break;
    SkipNewlines();
  }
  // print (a, b) > "file": the list may stand in parentheses.
  auto& list = statement->expressions;
  if (list.size() == 1 && list[0]->operation == Operation::kGroup) {
    ExpressionPtr group = std::move(list[0]);
    list = std::move(group->operands);
  }
  for (const ExpressionPtr& expression : list) {
    if (expression->operation == Operation::kGroup) Fail("syntax error in the list of a print");
  }
  if (statement->kind == StatementKind::kPrintf && list.empty()) {
    Fail("fatal: printf: no arguments");
  }
  if (TakeSymbol(">"))
    statement->redirection = Redirection::kFile;
  else if (TakeSymbol(">>"))
    statement->redirection = Redirection::kAppend;
  else if (TakeSymbol("|"))
    statement->redirection = Redirection::kPipe;
  else if (TakeSymbol("|&"))
    statement->redirection = Redirection::kBoth;
  if (statement->redirection != Redirection::kNone) {
    statement->destination = ParseConcatenation();
  }
  no_greater_ = outer;
  return statement;
}

StatementPtr Parser::ParseDelete() {
  Take();
  auto statement = Make(StatementKind::kDelete);
  const bool parenthesis = TakeSymbol("(");
  const Token name = Take();
  if (name.kind != TokenKind::kName) Fail("syntax error: array expected after delete");
  statement->expressions.push_back(ParseSubscripts(name));
  if (parenthesis) ExpectSymbol(")");
  return statement;
}

// What a condition governs: on the next line, if one likes.
StatementPtr Parser::ParseBody() {
  SkipNewlines();
  return ParseStatement();
}

StatementPtr Parser::ParseLoopBody() {
  ++loops_;
  StatementPtr body = ParseBody();
  --loops_;
  return body;
}

StatementPtr Parser::ParseIf() {
  Take();
  auto statement = Make(StatementKind::kIf);
  ExpectSymbol("(");
  statement->expressions.push_back(ParseExpression());
  ExpectSymbol(")");
  statement->body = ParseBody();
  const std::size_t before = at_;
  SkipTerminators();
  if (TakeKeyword("else")) {
    statement->other = ParseBody();
  } else {
    at_ = before;
  }
  return statement;
}

StatementPtr Parser::ParseWhile() {
  Take();
  auto statement = Make(StatementKind::kWhile);
  ExpectSymbol("(");
  statement->expressions.push_back(ParseExpression());
  ExpectSymbol(")");
  if (TakeSymbol(";")) {
    statement->body = Make(StatementKind::kBlock);
  } else {
    statement->body = ParseLoopBody();
  }
  return statement;
}

StatementPtr Parser::ParseDo() {
  Take();
  auto statement = Make(StatementKind::kDo);
  statement->body = ParseLoopBody();
  SkipTerminators();
  if (!TakeKeyword("while")) Fail("syntax error: expected 'while'");
  ExpectSymbol("(");
  statement->expressions.push_back(ParseExpression());
  ExpectSymbol(")");
  EndStatement();
  return statement;
}

StatementPtr Parser::ParseForIn() {
  auto statement = Make(StatementKind::kForIn);
  auto variable = std::make_unique<Expression>();
  variable->operation = Operation::kVariable;
  Resolve(Take().text, variable->slot, variable->local);
  statement->expressions.push_back(std::move(variable));
  Take();  // in
  statement->expressions.push_back(ParseSubscripts(Take()));
  ExpectSymbol(")");
  statement->body = ParseLoopBody();
  return statement;
}

StatementPtr Parser::ParseSimpleOrEmpty() {
  if (IsSymbol(";") || IsSymbol(")")) return nullptr;
  return ParseSimple();
}

StatementPtr Parser::ParseFor() {
  Take();
  ExpectSymbol("(");
  if (Peek().kind == TokenKind::kName && IsKeyword("in", 1) && Peek(2).kind == TokenKind::kName &&
      (IsSymbol(")", 3) || IsSymbol("[", 3))) {
    return ParseForIn();
  }
  auto statement = Make(StatementKind::kFor);
  statement->init = ParseSimpleOrEmpty();
  ExpectSymbol(";");
  SkipNewlines();
  if (!IsSymbol(";")) statement->expressions.push_back(ParseExpression());
  ExpectSymbol(";");
  SkipNewlines();
  statement->step = ParseSimpleOrEmpty();
  ExpectSymbol(")");
  if (TakeSymbol(";")) {
    statement->body = Make(StatementKind::kBlock);
  } else {
    statement->body = ParseLoopBody();
  }
  return statement;
}

StatementPtr Parser::ParseSwitch() {
  Take();
  auto statement = Make(StatementKind::kSwitch);
  ExpectSymbol("(");
  statement->expressions.push_back(ParseExpression());
  ExpectSymbol(")");
  SkipNewlines();
  ExpectSymbol("{");
  SkipTerminators();
  ++switches_;
  while (!TakeSymbol("}")) {
    SwitchCase& entry = statement->cases.emplace_back();
    if (TakeKeyword("case")) {
      entry.value = ParseUnary();
    } else if (!TakeKeyword("default")) {
      Fail("syntax error: expected 'case'");
    }
    ExpectSymbol(":");
    SkipTerminators();
    while (!IsKeyword("case") && !IsKeyword("default") && !IsSymbol("}")) {
      entry.body.push_back(ParseStatement());
      SkipTerminators();
    }
  }
  --switches_;
  return statement;
}

tl::expected<ParsedProgram, SyntaxError> Parse(std::string_view source) {
  auto tokens = Tokenize(source);
  if (!tokens) return tl::unexpected(tokens.error());
  try {
    ParsedProgram program = Parser(std::move(tokens->tokens)).Run();
    program.unknown_escapes = std::move(tokens->unknown_escapes);
    return program;
  } catch (const ParseFailure& failure) {
    return tl::unexpected(failure.error);
  }
}

}  // namespace computesdk::in_memory::awk
