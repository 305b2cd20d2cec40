#include "mocks/in_memory/shell/syntax/parser.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace computesdk::in_memory::shell {
namespace {

CommandPtr MustParse(const std::string& text) {
  Lexer lexer(text, 1, nullptr);
  Parser parser(lexer);
  auto line = parser.ParseLine();
  EXPECT_TRUE(line.has_value()) << text << ": " << line.error().message;
  return line ? *line : nullptr;
}

SyntaxError ErrorOf(const std::string& text) {
  Lexer lexer(text, 1, nullptr);
  Parser parser(lexer);
  while (true) {
    auto line = parser.ParseLine();
    if (!line) return line.error();
    if (*line == nullptr) return {"(parsed)", 0};
  }
}

template <typename Node>
std::shared_ptr<const Node> As(const CommandPtr& command) {
  auto node = std::dynamic_pointer_cast<const Node>(command);
  EXPECT_NE(node, nullptr);
  return node;
}

// The literals of each word, quoted ones between brackets.
std::vector<std::string> Texts(const CommandPtr& command) {
  std::vector<std::string> texts;
  const auto simple = As<SimpleCommand>(command);
  for (const Word& word : simple->words) {
    std::string text;
    for (const WordPart& part : word.parts) {
      const auto* literal = std::get_if<Literal>(&part.value);
      const std::string shown = literal == nullptr ? "?" : literal->text;
      text += part.quoted ? "[" + shown + "]" : shown;
    }
    texts.push_back(text);
  }
  return texts;
}

using Strings = std::vector<std::string>;

TEST(ParserTest, SplitsWordsAtBlanks) {
  EXPECT_EQ(Texts(MustParse("echo  a\tb")), (Strings{"echo", "a", "b"}));
}

TEST(ParserTest, KeepsQuotedBlanks) {
  EXPECT_EQ(Texts(MustParse("a' b'\" c\"\\ d")), (Strings{"a[ b c ]d"}));
}

TEST(ParserTest, KeepsEmptyQuotedWords) {
  EXPECT_EQ(Texts(MustParse("a '' \"\"")), (Strings{"a", "[]", "[]"}));
}

TEST(ParserTest, ReadsAnsiEscapes) {
  EXPECT_EQ(Texts(MustParse("$'a\\n\\x41\\u00e9'")), (Strings{"[a\nA\u00e9]"}));
}

TEST(ParserTest, DropsCommentsAndJoinsLines) {
  EXPECT_EQ(Texts(MustParse("echo a#b \\\nc # d")), (Strings{"echo", "a#b", "c"}));
}

TEST(ParserTest, TakesOneLineAtATime) {
  Lexer lexer("echo a\necho b\n", 1, nullptr);
  Parser parser(lexer);
  EXPECT_EQ(Texts(*parser.ParseLine()), (Strings{"echo", "a"}));
  EXPECT_EQ(Texts(*parser.ParseLine()), (Strings{"echo", "b"}));
  EXPECT_EQ(*parser.ParseLine(), nullptr);
}

TEST(ParserTest, BindsPipesTighterThanAndAnd) {
  const auto list = As<AndOr>(MustParse("a | b && c || d"));
  ASSERT_EQ(list->items.size(), 3u);
  EXPECT_EQ(As<Pipeline>(list->items[0].command)->stages.size(), 2u);
  EXPECT_TRUE(list->items[1].is_and);
  EXPECT_FALSE(list->items[2].is_and);
}

TEST(ParserTest, MarksBackgroundCommands) {
  const auto list = As<List>(MustParse("a & b"));
  ASSERT_EQ(list->items.size(), 2u);
  EXPECT_TRUE(list->items[0].background);
  EXPECT_FALSE(list->items[1].background);
}

TEST(ParserTest, NegatesPipelines) { EXPECT_TRUE(As<Pipeline>(MustParse("! a | b"))->negated); }

TEST(ParserTest, ReadsAssignmentsBeforeTheCommand) {
  const auto command = As<SimpleCommand>(MustParse("a=1 b+=2 c[1 + 2]=3 cmd d=4"));
  ASSERT_EQ(command->assignments.size(), 3u);
  EXPECT_TRUE(command->assignments[1].append);
  EXPECT_NE(command->assignments[2].subscript, nullptr);
  EXPECT_EQ(command->words.size(), 2u);
}

TEST(ParserTest, ReadsArrays) {
  const auto command = As<SimpleCommand>(MustParse("a=(x [3]=y\n z)"));
  ASSERT_EQ(command->assignments.size(), 1u);
  EXPECT_TRUE(command->assignments[0].array);
  ASSERT_EQ(command->assignments[0].elements.size(), 3u);
  EXPECT_NE(command->assignments[0].elements[1].subscript, nullptr);
}

TEST(ParserTest, ReadsArraysOfDeclarations) {
  const auto command = As<SimpleCommand>(MustParse("declare -a a=(x y)"));
  ASSERT_EQ(command->words.size(), 3u);
  ASSERT_NE(command->words[2].assignment, nullptr);
  EXPECT_EQ(command->words[2].assignment->elements.size(), 2u);
}

TEST(ParserTest, ReadsDescriptorsOfRedirections) {
  const auto command = As<SimpleCommand>(MustParse("a 2>&1 3<in {fd}>out 4"));
  ASSERT_EQ(command->redirections.size(), 3u);
  EXPECT_EQ(command->redirections[0].fd, 2);
  EXPECT_EQ(command->redirections[0].op, RedirectOp::kDuplicateOutput);
  EXPECT_EQ(command->redirections[1].fd, 3);
  EXPECT_EQ(command->redirections[2].variable, "fd");
  EXPECT_EQ(command->words.size(), 2u);
}

TEST(ParserTest, ReadsSeveralHereDocumentsOfALine) {
  const auto command = As<SimpleCommand>(MustParse("a <<X <<-'Y'\none\nX\n\ttwo $x\n\tY\n"));
  ASSERT_EQ(command->redirections.size(), 2u);
  EXPECT_EQ(std::get<Literal>(command->redirections[0].here->body.parts[0].value).text, "one\n");
  EXPECT_EQ(std::get<Literal>(command->redirections[1].here->body.parts[0].value).text, "two $x\n");
}

TEST(ParserTest, TellsArithmeticFromNestedSubshells) {
  EXPECT_EQ(MustParse("((1 + 2))")->kind, CommandKind::kArithmetic);
  EXPECT_EQ(MustParse("((a); (b))")->kind, CommandKind::kSubshell);
}

TEST(ParserTest, ReadsCaseInsideASubstitution) {
  const auto command = As<SimpleCommand>(MustParse("echo $(case x in x) echo a;; esac)"));
  const auto& part = command->words[1].parts[0].value;
  ASSERT_TRUE(std::holds_alternative<CommandSubstitution>(part));
  EXPECT_EQ(std::get<CommandSubstitution>(part).body->kind, CommandKind::kCase);
}

TEST(ParserTest, KnowsReservedWordsOnlyInFront) {
  EXPECT_EQ(Texts(MustParse("echo if then fi")), (Strings{"echo", "if", "then", "fi"}));
}

TEST(ParserTest, ReadsBothFormsOfFunctions) {
  EXPECT_EQ(As<FunctionDefinition>(MustParse("f() { a; }"))->name, "f");
  EXPECT_EQ(As<FunctionDefinition>(MustParse("function my-f { a; }"))->name, "my-f");
}

TEST(ParserTest, ExpandsAliasesWhereTheContextSaysSo) {
  std::map<std::string, std::string, std::less<>> aliases = {{"ll", "ls -l"}};
  LexerContext context;
  context.expand_aliases = true;
  context.aliases = &aliases;
  Lexer lexer("ll x", 1, &context);
  EXPECT_EQ(Texts(*Parser(lexer).ParseLine()), (Strings{"ls", "-l", "x"}));
}

TEST(ParserTest, ReadsParameterOperators) {
  const auto& command =
      As<SimpleCommand>(MustParse("echo ${x:-a b} ${#y} ${z//p/r} ${!v} ${a[1]}"));
  const auto parameter = [&](std::size_t i) -> const Parameter& {
    return *std::get<std::shared_ptr<const Parameter>>(command->words[i].parts[0].value);
  };
  ASSERT_EQ(command->words.size(), 6u);
  EXPECT_EQ(parameter(1).op, ParameterOp::kDefault);
  EXPECT_TRUE(parameter(1).colon);
  EXPECT_EQ(parameter(2).op, ParameterOp::kLength);
  EXPECT_EQ(parameter(3).op, ParameterOp::kReplaceAll);
  EXPECT_TRUE(parameter(4).indirect);
  EXPECT_NE(parameter(5).subscript, nullptr);
}

TEST(ParserTest, NamesTheUnexpectedToken) {
  EXPECT_EQ(ErrorOf("echo a; )").message, "syntax error near unexpected token `)'");
  EXPECT_EQ(ErrorOf("if x; fi").message, "syntax error near unexpected token `fi'");
  EXPECT_EQ(ErrorOf("a &&").message, "syntax error: unexpected end of file");
  EXPECT_EQ(ErrorOf("echo 'a").message, "unexpected EOF while looking for matching `''");
}

TEST(ParserTest, GivesTheLineOfAnError) { EXPECT_EQ(ErrorOf("a\nb\n;;").line, 3); }

TEST(ParserTest, RefusesToNestWithoutEnd) {
  EXPECT_EQ(ErrorOf(std::string(100000, '(')).message, "maximum nesting exceeded");
  std::string substitutions;
  for (int i = 0; i < 100000; ++i) substitutions += "$(";
  EXPECT_EQ(ErrorOf(substitutions).message, "maximum nesting exceeded");
}

}  // namespace
}  // namespace computesdk::in_memory::shell
