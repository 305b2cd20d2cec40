#include "mocks/in_memory/shell/plain_messages.h"

#include <gtest/gtest.h>

namespace computesdk::in_memory::shell {
namespace {

TEST(PlainMessagesTest, MessagesOfBashBecomeThoseOfDash) {
  EXPECT_EQ(PlainMessage("x: command not found"), "x: not found");
  EXPECT_EQ(PlainMessage("${x^}: bad substitution"), "Bad substitution");
  EXPECT_EQ(PlainMessage("x: unbound variable"), "x: parameter not set");
  EXPECT_EQ(PlainMessage("exit: a: numeric argument required"), "exit: Illegal number: a");
  EXPECT_EQ(PlainMessage("cd: -Z: invalid option"), "cd: Illegal option -Z");
  EXPECT_EQ(PlainMessage("export: `a-b=1': not a valid identifier"),
            "export: a-b: bad variable name");
  EXPECT_EQ(PlainMessage("wait: pid 7 is not a child of this shell"), "");
  EXPECT_EQ(PlainMessage("./x: Permission denied"), "./x: Permission denied");
}

TEST(PlainMessagesTest, AnErrorOfSyntaxNamesTheTokenAndWhatCouldStandThere) {
  EXPECT_EQ(PlainSyntaxMessage("syntax error near unexpected token `)'", ""),
            "Syntax error: \")\" unexpected");
  EXPECT_EQ(PlainSyntaxMessage("syntax error near unexpected token `a'", ")"),
            "Syntax error: word unexpected (expecting \")\")");
  EXPECT_EQ(PlainSyntaxMessage("syntax error: unexpected end of file", "fi"),
            "Syntax error: end of file unexpected (expecting \"fi\")");
  EXPECT_EQ(PlainSyntaxMessage("unexpected EOF while looking for matching `\"'", ""),
            "Syntax error: Unterminated quoted string");
}

}  // namespace
}  // namespace computesdk::in_memory::shell
