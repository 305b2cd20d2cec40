#include "mocks/in_memory/shell/expansion/variables.h"

#include "gtest/gtest.h"

namespace computesdk::in_memory::shell {
namespace {

void SetScalar(Variables& variables, const std::string& name, const std::string& value) {
  Variable& variable = variables.Edit(name);
  variable.value = value;
  variable.set = true;
}

TEST(VariablesTest, CopiesDoNotSeeEachOther) {
  Variables first;
  SetScalar(first, "x", "1");
  first.Edit("a").MutableIndexed()[3] = "three";
  Variables second = first;
  SetScalar(second, "x", "2");
  second.Edit("a").MutableIndexed()[3] = "changed";
  EXPECT_EQ(first.Find("x")->value, "1");
  EXPECT_EQ(second.Find("x")->value, "2");
  EXPECT_EQ(first.Find("a")->Values(), (std::vector<std::string>{"three"}));
}

TEST(VariablesTest, LocalVariablesHideAndReturn) {
  Variables variables;
  SetScalar(variables, "x", "outer");
  variables.PushScope();
  EXPECT_TRUE(variables.MakeLocal("x", false));
  EXPECT_FALSE(variables.MakeLocal("x", false));
  EXPECT_FALSE(variables.Find("x")->set);
  SetScalar(variables, "x", "inner");
  EXPECT_TRUE(variables.MakeLocal("y", false));
  variables.PopScope();
  EXPECT_EQ(variables.Find("x")->value, "outer");
  EXPECT_EQ(variables.Find("y"), nullptr);
}

TEST(VariablesTest, ExportsOnlyWhatIsSet) {
  Variables variables;
  SetScalar(variables, "shown", "1");
  variables.Edit("shown").exported = true;
  variables.Edit("declared").exported = true;
  SetScalar(variables, "hidden", "2");
  EXPECT_EQ(variables.Environment(), (std::map<std::string, std::string>{{"shown", "1"}}));
}

TEST(VariablesTest, ScalarsBecomeTheFirstElement) {
  Variables variables;
  SetScalar(variables, "x", "zero");
  variables.Edit("x").MutableIndexed()[2] = "two";
  EXPECT_EQ(variables.Find("x")->Keys(), (std::vector<std::string>{"0", "2"}));
  EXPECT_EQ(*variables.Find("x")->Scalar(), "zero");
}

TEST(VariablesTest, KeysComeInTheOrderOfBashsHash) {
  AssociativeArray array;
  for (const char* key : {"a", "b", "c", "foo", "bar"}) array.Set(key, "");
  std::vector<std::string> keys;
  for (const auto& [key, value] : array.Entries()) keys.push_back(key);
  EXPECT_EQ(keys, (std::vector<std::string>{"c", "b", "a", "foo", "bar"}));
}

}  // namespace
}  // namespace computesdk::in_memory::shell
