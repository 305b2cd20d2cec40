#include "mocks/in_memory/shell/syntax/parser.h"

#include <algorithm>
#include <array>
#include <set>

#include "mocks/in_memory/kernel/stack_guard.h"

namespace computesdk::in_memory::shell {
namespace {

constexpr std::array<std::string_view, 22> kReserved = {
    "!",        "[[", "]]", "case",   "do",   "done", "elif",  "else",  "esac", "fi", "for",
    "function", "if", "in", "select", "then", "time", "until", "while", "{",    "}",  "coproc"};

bool IsDeclaration(const std::string& name) {
  static const std::set<std::string_view> names = {"declare",  "export",  "local",
                                                   "readonly", "typeset", "alias"};
  return names.count(name) != 0;
}

RedirectOp RedirectionOf(std::string_view op) {
  static const std::map<std::string_view, RedirectOp> ops = {{"<", RedirectOp::kInput},
                                                             {">", RedirectOp::kOutput},
                                                             {">|", RedirectOp::kClobber},
                                                             {">>", RedirectOp::kAppend},
                                                             {"<>", RedirectOp::kReadWrite},
                                                             {"<&", RedirectOp::kDuplicateInput},
                                                             {">&", RedirectOp::kDuplicateOutput},
                                                             {"&>", RedirectOp::kOutputBoth},
                                                             {"&>>", RedirectOp::kAppendBoth},
                                                             {"<<", RedirectOp::kHereDocument},
                                                             {"<<-", RedirectOp::kHereDocument},
                                                             {"<<<", RedirectOp::kHereString}};
  return ops.at(op);
}

std::string WithoutQuotes(std::string_view source, bool& quoted) {
  std::string text(source);
  quoted = std::erase_if(text, [](char c) { return c == '"' || c == '\'' || c == '\\'; }) != 0;
  return text;
}

// A here-document's delimiter is not expanded: only its quotes go.
std::string DelimiterText(const Word& word, std::string_view source, bool& quoted) {
  std::string text;
  for (const WordPart& part : word.parts) {
    quoted = quoted || part.quoted;
    if (const auto* literal = std::get_if<Literal>(&part.value)) {
      text += literal->text;
    } else if (const auto* tilde = std::get_if<Tilde>(&part.value)) {
      text += "~" + tilde->name;
    } else if (const auto* p = std::get_if<std::shared_ptr<const Parameter>>(&part.value)) {
      text += (*p)->source.empty() ? "$" + (*p)->name : (*p)->source;
    } else {
      return WithoutQuotes(source, quoted);
    }
  }
  return text;
}

}  // namespace

bool IsReservedWord(std::string_view word) {
  return std::find(kReserved.begin(), kReserved.end(), word) != kReserved.end();
}

bool IsBashWord(std::string_view word) {
  return word == "[[" || word == "]]" || word == "function" || word == "select" || word == "coproc";
}

CommandPtr ParseSubstitution(Lexer& lexer) {
  if (StackIsLow()) throw TooDeep(lexer.line());
  try {
    return Parser(lexer).ParseToParenthesis();
  } catch (SyntaxError& error) {
    error.in_substitution = !error.at_end;
    throw;
  }
}

CommandPtr ParseWhole(std::string text, int line, const LexerContext* context) {
  if (StackIsLow()) throw TooDeep(line);
  Lexer lexer(std::move(text), line, context);
  return Parser(lexer).ParseToEnd();
}

const Token& Parser::Peek() {
  if (!has_token_) token_ = lexer_.Next();
  has_token_ = true;
  return token_;
}

Token Parser::Take() {
  Peek();
  has_token_ = false;
  return std::move(token_);
}

bool Parser::AtOperator(std::string_view op) {
  return Peek().kind == TokenKind::kOperator && token_.op == op;
}

bool Parser::AtWord(std::string_view reserved) {
  if (Peek().kind != TokenKind::kWord) return false;
  const std::string* bare = token_.word.Bare();
  return bare != nullptr && *bare == reserved;
}

bool Parser::TakeOperator(std::string_view op) {
  if (!AtOperator(op)) return false;
  has_token_ = false;
  return true;
}

bool Parser::TakeWord(std::string_view reserved) {
  if (!AtWord(reserved)) return false;
  has_token_ = false;
  return true;
}

void Parser::Expect(std::string_view reserved) {
  if (!TakeWord(reserved)) Unexpected(reserved);
}

void Parser::ExpectOperator(std::string_view op) {
  if (!TakeOperator(op)) Unexpected(op);
}

void Parser::SkipNewlines() {
  while (Peek().kind == TokenKind::kNewline) has_token_ = false;
}

void Parser::Unexpected(std::string_view expected) {
  const Token& token = Peek();
  SyntaxError error;
  error.line = token.line;
  error.expected = expected;
  const auto near = [&](std::string_view text) {
    error.message = "syntax error near unexpected token `" + std::string(text) + "'";
  };
  switch (token.kind) {
    case TokenKind::kEnd:
      error.message = "syntax error: unexpected end of file";
      error.line = lexer_.line();
      error.at_end = true;
      break;
    case TokenKind::kNewline:
      near("newline");
      break;
    case TokenKind::kOperator:
      near(token.op);
      break;
    case TokenKind::kWord:
    default:
      near(lexer_.TextFrom(token.start));
      break;
  }
  throw error;
}

// --- lists ------------------------------------------------------------------------------------

tl::expected<CommandPtr, SyntaxError> Parser::ParseLine() {
  try {
    CommandPtr list;
    while (list == nullptr) {
      SkipNewlines();
      if (Peek().kind == TokenKind::kEnd) return CommandPtr();
      list = ParseList(true);
      if (list == nullptr && Peek().kind != TokenKind::kNewline) break;
    }
    if (Peek().kind != TokenKind::kNewline && Peek().kind != TokenKind::kEnd) Unexpected();
    has_token_ = has_token_ && token_.kind == TokenKind::kEnd;
    return list;
  } catch (const SyntaxError& error) {
    has_token_ = false;
    return tl::unexpected(error);
  }
}

CommandPtr Parser::ParseToParenthesis() {
  CommandPtr list = ParseList(false);
  if (Peek().kind == TokenKind::kEnd) {
    throw SyntaxError{"unexpected EOF while looking for matching `)'", lexer_.line(), true};
  }
  ExpectOperator(")");
  return list;
}

CommandPtr Parser::ParseToEnd() {
  CommandPtr list = ParseList(false);
  if (Peek().kind != TokenKind::kEnd) Unexpected();
  return list;
}

// Those of the word where a command starts.
void Parser::ExpandAliases() {
  while (Peek().kind == TokenKind::kWord) {
    const std::string* bare = token_.word.Bare();
    const bool reserved = bare != nullptr && IsReservedWord(*bare);
    if (reserved && lexer_.plain() && !IsBashWord(*bare) && *bare != "time") return;
    if (reserved && lexer_.posix()) return;
    if (!lexer_.ExpandAlias(token_, true)) return;
    has_token_ = false;
  }
}

bool Parser::AtListEnd() {
  ExpandAliases();
  const Token& token = Peek();
  if (token.kind == TokenKind::kEnd) return true;
  if (token.kind == TokenKind::kOperator) {
    return token.op == ")" || token.op == ";;" || token.op == ";&" || token.op == ";;&";
  }
  if (token.kind != TokenKind::kWord) return false;
  const std::string* bare = token.word.Bare();
  if (bare == nullptr) return false;
  static const std::set<std::string_view> closing = {"do",   "done", "elif", "else",
                                                     "esac", "fi",   "then", "}"};
  return closing.count(*bare) != 0;
}

CommandPtr Parser::ParseList(bool one_line) {
  std::vector<List::Item> items;
  if (!one_line) SkipNewlines();
  const int line = Peek().line;
  while (!AtListEnd()) {
    // An alias may have come to nothing.
    if (Peek().kind == TokenKind::kNewline) {
      if (one_line) break;
      SkipNewlines();
      continue;
    }
    items.push_back({ParseAndOr(), false, false});
    if (TakeOperator("&")) {
      items.back().background = true;
    } else if (Peek().kind == TokenKind::kNewline) {
      items.back().newline = true;
      if (one_line) break;
    } else if (!TakeOperator(";")) {
      break;
    }
    if (one_line && Peek().kind == TokenKind::kNewline) break;
    if (!one_line) SkipNewlines();
  }
  if (items.empty()) return nullptr;
  if (items.size() == 1 && !items[0].background) return items[0].command;
  auto list = std::make_shared<List>();
  list->line = line;
  list->items = std::move(items);
  return list;
}

CommandPtr Parser::ParseBody() {
  CommandPtr list = ParseList(false);
  // sh asks for what should have closed it.
  const bool asks = lexer_.plain() && Peek().kind == TokenKind::kEnd;
  if (list == nullptr && !asks) Unexpected();
  return list;
}

CommandPtr Parser::ParseAndOr() {
  const int line = Peek().line;
  CommandPtr first = ParsePipeline();
  if (!AtOperator("&&") && !AtOperator("||")) return first;
  auto node = std::make_shared<AndOr>();
  node->line = line;
  node->items.push_back({true, std::move(first)});
  while (AtOperator("&&") || AtOperator("||")) {
    const bool is_and = Take().op == "&&";
    SkipNewlines();
    node->items.push_back({is_and, ParsePipeline()});
  }
  return node;
}

namespace {

// "|&" is "2>&1 |", behind the command's own redirections.
void AddErrorsToOutput(const Command& command) {
  Redirection redirection;
  redirection.op = RedirectOp::kDuplicateOutput;
  redirection.fd = 2;
  redirection.target.parts.push_back({Literal{"1"}, false});
  redirection.target.plain = true;
  redirection.line = command.line;
  const_cast<Command&>(command).redirections.push_back(std::move(redirection));
}

}  // namespace

CommandPtr Parser::ParsePipeline() {
  auto node = std::make_shared<Pipeline>();
  node->line = Peek().line;
  bool prefixed = false;
  while (true) {
    if (AtWord("!")) {
      if (lexer_.plain() && prefixed) Unexpected();
      has_token_ = false;
      node->negated = !node->negated;
    } else if (!node->timed && AtWord("time")) {
      has_token_ = false;
      node->timed = true;
      if (TakeWord("-p")) node->posix_times = true;
      TakeWord("--");
    } else {
      break;
    }
    prefixed = true;
  }
  const bool empty = prefixed && (Peek().kind != TokenKind::kWord || AtListEnd()) &&
                     !AtOperator("(") && !AtRedirection();
  if (empty && lexer_.plain()) Unexpected();
  if (!empty) node->stages.push_back(ParseCommand());
  while (!empty && (AtOperator("|") || AtOperator("|&"))) {
    if (Take().op == "|&") AddErrorsToOutput(*node->stages.back());
    SkipNewlines();
    node->stages.push_back(ParseCommand());
  }
  if (!prefixed && node->stages.size() == 1) return node->stages[0];
  return node;
}

// --- simple commands ---------------------------------------------------------------------------

CommandPtr Parser::ParseCommand() {
  if (StackIsLow()) throw TooDeep(lexer_.line());
  ExpandAliases();
  if (CommandPtr compound = ParseCompound()) return compound;
  return ParseSimple();
}

bool Parser::AtRedirection() {
  return Peek().kind == TokenKind::kOperator &&
         (token_.op[0] == '<' || token_.op[0] == '>' || token_.op == "&>" || token_.op == "&>>");
}

Redirection Parser::ParseRedirection() {
  Token token = Take();
  Redirection redirection;
  redirection.op = RedirectionOf(token.op);
  redirection.fd = token.fd;
  redirection.variable = std::move(token.variable);
  redirection.line = token.line;
  while (Peek().kind == TokenKind::kWord && lexer_.ExpandAlias(token_, false)) has_token_ = false;
  if (Peek().kind != TokenKind::kWord) Unexpected();
  const std::string source(lexer_.TextFrom(token_.start));
  redirection.target = Take().word;
  if (redirection.op == RedirectOp::kHereDocument) {
    redirection.here = std::make_shared<HereDocument>();
    redirection.here->strip_tabs = token.op == "<<-";
    redirection.here->delimiter =
        DelimiterText(redirection.target, source, redirection.here->quoted);
    lexer_.AddHereDocument(redirection.here);
  }
  return redirection;
}

void Parser::ParseRedirections(Command& command) {
  while (AtRedirection()) command.redirections.push_back(ParseRedirection());
}

void Parser::ParseDeclarationWord(SimpleCommand& command) {
  Token token = token_;
  auto assignment = std::make_shared<Assignment>();
  if (token.word.looks_like_assignment) {
    lexer_.Rewind(token);
    if (lexer_.ReadAssignment(*assignment, false)) {
      if (!assignment->array) assignment->source = lexer_.SourceSince(token.start);
      has_token_ = false;
      Word word;
      word.line = token.line;
      word.assignment = std::move(assignment);
      command.words.push_back(std::move(word));
      return;
    }
    has_token_ = false;
  }
  command.words.push_back(Take().word);
}

// let x=(…), eval x=(…): a text, whatever stands in the parentheses.
void Parser::ParseListWord(SimpleCommand& command) {
  const Token token = token_;
  Assignment assignment;
  lexer_.Rewind(token);
  has_token_ = false;
  if (lexer_.ReadAssignment(assignment, false) && assignment.array) {
    command.words.push_back(Lexer::ParseText(std::string(lexer_.TextFrom(token.start)), token.line,
                                             lexer_.context(), Quoting::kNone));
    return;
  }
  lexer_.Rewind(token);
  command.words.push_back(Take().word);
}

CommandPtr Parser::ParseSimple() {
  auto command = std::make_shared<SimpleCommand>();
  command->line = Peek().line;
  bool declaration = false;
  bool lists = false;
  const auto is_first = [&] {
    return command->words.empty() && command->assignments.empty() && command->redirections.empty();
  };
  while (true) {
    if (AtRedirection()) {
      const bool first = is_first();
      command->redirections.push_back(ParseRedirection());
      if (first) command->line = lexer_.line();
      continue;
    }
    if (Peek().kind != TokenKind::kWord) break;
    if (command->words.empty()) {
      if (token_.word.looks_like_assignment) {
        const Token token = token_;
        lexer_.Rewind(token);
        has_token_ = false;
        Assignment assignment;
        if (lexer_.ReadAssignment(assignment)) {
          if (is_first()) command->line = lexer_.line();
          if (!assignment.array) assignment.source = lexer_.SourceSince(token.start);
          command->assignments.push_back(std::move(assignment));
          continue;
        }
        Peek();
      }
      const bool prefixed = !command->assignments.empty() || !command->redirections.empty();
      if (prefixed && lexer_.ExpandAlias(token_, true)) {
        has_token_ = false;
        continue;
      }
      const std::string* name = token_.word.Bare();
      declaration = name != nullptr && IsDeclaration(*name);
      lists = name != nullptr && (*name == "let" || *name == "eval") && !lexer_.plain();
      const bool first = is_first();
      const int line = token_.line;
      const std::size_t start = token_.start;
      command->words.push_back(Take().word);
      const std::string source(lexer_.TextFrom(start));
      // bash knows the line of a command once it has seen its second token.
      if (first) command->line = Peek().kind == TokenKind::kNewline ? token_.line : lexer_.line();
      if (first && AtOperator("(")) {
        has_token_ = false;
        ExpectOperator(")");
        return ParseFunction(source, line);
      }
    } else if (lexer_.ExpandAlias(token_, false)) {
      has_token_ = false;
    } else if (declaration) {
      ParseDeclarationWord(*command);
    } else if (lists && token_.word.looks_like_assignment) {
      ParseListWord(*command);
    } else {
      const std::string* name = command->words.size() == 1 ? command->words[0].Bare() : nullptr;
      if (name != nullptr && *name == "command" && lexer_.posix()) {
        const std::string* bare = token_.word.Bare();
        declaration = bare != nullptr && IsDeclaration(*bare);
      }
      command->words.push_back(Take().word);
    }
  }
  if (command->words.empty() && command->assignments.empty() && command->redirections.empty()) {
    Unexpected();
  }
  return command;
}

}  // namespace computesdk::in_memory::shell
