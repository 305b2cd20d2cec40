#include "mocks/in_memory/shell/expansion/arithmetic.h"

#include <limits>
#include <map>
#include <string>

#include "gtest/gtest.h"

namespace computesdk::in_memory::shell {
namespace {

class Table : public ArithmeticVariables {
 public:
  const std::string& Get(std::string_view name, const std::string* subscript) override {
    return values[Key(name, subscript)];
  }
  void Set(std::string_view name, const std::string* subscript, std::int64_t value) override {
    values[Key(name, subscript)] = std::to_string(value);
  }
  bool HasKeys(std::string_view) override { return false; }
  std::map<std::string, std::string> values;

 private:
  static std::string Key(std::string_view name, const std::string* subscript) {
    return std::string(name) + (subscript == nullptr ? "" : "[" + *subscript + "]");
  }
};

std::int64_t Evaluate(const std::string& text) {
  Table table;
  return EvaluateArithmetic(text, table);
}

std::string ErrorOf(const std::string& text) {
  try {
    Evaluate(text);
  } catch (const ArithmeticError& error) {
    return error.message;
  }
  return "(no error)";
}

TEST(ArithmeticTest, KnowsPrecedence) {
  EXPECT_EQ(Evaluate("1 + 2 * 3"), 7);
  EXPECT_EQ(Evaluate("(1 + 2) * 3"), 9);
  EXPECT_EQ(Evaluate("1 << 2 + 1"), 8);
  EXPECT_EQ(Evaluate("1 | 2 ^ 3 & 1"), 3);
  EXPECT_EQ(Evaluate("1 || 0 && 0"), 1);
  EXPECT_EQ(Evaluate("-2 ** 2"), 4);
}

TEST(ArithmeticTest, GroupsToTheRightWhereCDoes) {
  EXPECT_EQ(Evaluate("2 ** 3 ** 2"), 512);
  EXPECT_EQ(Evaluate("10 - 3 - 2"), 5);
  EXPECT_EQ(Evaluate("0 ? 1 : 0 ? 2 : 3"), 3);
}

TEST(ArithmeticTest, ReadsNumbersOfEveryBase) {
  EXPECT_EQ(Evaluate("0x1F"), 31);
  EXPECT_EQ(Evaluate("010"), 8);
  EXPECT_EQ(Evaluate("2#101"), 5);
  EXPECT_EQ(Evaluate("36#z"), 35);
  EXPECT_EQ(Evaluate("64#_"), 63);
}

TEST(ArithmeticTest, AssignsAndCounts) {
  Table table;
  EXPECT_EQ(EvaluateArithmetic("x = 5, x += 2, x++ + ++x", table), 16);
  EXPECT_EQ(table.values["x"], "9");
  EXPECT_EQ(EvaluateArithmetic("a[1 + 1] = 3", table), 3);
  EXPECT_EQ(table.values["a[1 + 1]"], "3");
}

TEST(ArithmeticTest, TakesValuesAsExpressions) {
  Table table;
  table.values["x"] = "y + 1";
  table.values["y"] = "4";
  EXPECT_EQ(EvaluateArithmetic("x * 2", table), 10);
}

TEST(ArithmeticTest, LeavesOutWhatIsDecided) {
  Table table;
  EXPECT_EQ(EvaluateArithmetic("0 && (x = 1)", table), 0);
  EXPECT_EQ(EvaluateArithmetic("1 || 1 / 0", table), 1);
  EXPECT_EQ(EvaluateArithmetic("1 ? 2 : (x = 3)", table), 2);
  EXPECT_EQ(table.values.count("x"), 0u);
}

TEST(ArithmeticTest, WrapsAround) {
  EXPECT_EQ(Evaluate("9223372036854775807 + 1"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Evaluate("(-9223372036854775807 - 1) / -1"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(Evaluate("(-9223372036854775807 - 1) % -1"), 0);
}

TEST(ArithmeticTest, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorOf("1/0"), "1/0: division by 0 (error token is \"0\")");
  EXPECT_EQ(ErrorOf("08"), "08: value too great for base (error token is \"08\")");
  EXPECT_EQ(ErrorOf("1 +"), "1 +: syntax error: operand expected (error token is \"+\")");
  EXPECT_EQ(ErrorOf("2 ** -1"), "2 ** -1: exponent less than 0 (error token is \"1\")");
}

TEST(ArithmeticTest, EndsVariablesThatNameThemselves) {
  Table table;
  table.values["a"] = "a";
  EXPECT_THROW(EvaluateArithmetic("a", table), ArithmeticError);
}

TEST(ArithmeticTest, RefusesToNestWithoutEnd) {
  EXPECT_THROW(Evaluate(std::string(1000000, '(')), ArithmeticError);
  EXPECT_THROW(Evaluate(std::string(1000000, '!') + "1"), ArithmeticError);
}

TEST(ArithmeticTest, KnowsForShWhatPosixHas) {
  Table table;
  table.values["i"] = "4";
  EXPECT_EQ(EvaluateArithmetic("++i * (0x10 + 010)", table, true), 96);
  for (const char* text : {"i++", "2 ** 3", "1, 2", "16#ff", "08"}) {
    EXPECT_THROW(EvaluateArithmetic(text, table, true), ArithmeticError) << text;
  }
  EXPECT_EQ(table.values["i"], "4");
}

TEST(ArithmeticTest, GivesZeroForNothing) { EXPECT_EQ(Evaluate("  "), 0); }

}  // namespace
}  // namespace computesdk::in_memory::shell
