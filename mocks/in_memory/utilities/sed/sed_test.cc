#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

class SedTest : public testing::Test {
 protected:
  SedTest() : machine_(AddSedPrograms) {
    machine_.WriteFile("/a.txt", "one\ntwo\nthree\n");
    machine_.WriteFile("/n.txt", "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");
    machine_.WriteFile("/b.txt", "beta\n");
    machine_.WriteFile("/script", "s/one/1/\n# comment\n/two/d\n");
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(SedTest, SelectsLinesByAddress) {
  Check({
      {{"sed", "-n", "2p"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "$p"}, "a\nb\nc\n", "c\n"},
      {{"sed", "-n", "2,3p"}, "a\nb\nc\n", "b\nc\n"},
      {{"sed", "-n", "/b/p"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "/a/,/b/p"}, "a\nb\nc\n", "a\nb\n"},
      {{"sed", "2d"}, "a\nb\nc\n", "a\nc\n"},
      {{"sed", "2!d"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "1~2p"}, "a\nb\nc\n", "a\nc\n"},
      {{"sed", "-n", "2,+1p"}, "a\nb\nc\n", "b\nc\n"},
      {{"sed", "-n", "0,/a/p"}, "a\na\n", "a\n"},
      {{"sed", "-n", "1,/a/p"}, "a\nx\na\ny\n", "a\nx\na\n"},
      {{"sed", "-n", "2,1p"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "/b/,1p"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "2,~4p"}, "1\n2\n3\n4\n5\n", "2\n3\n4\n"},
      {{"sed", "-n", "/B/Ip"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "\\,b,p"}, "a\nb\nc\n", "b\n"},
      {{"sed", "$!d"}, "a\nb\nc\n", "c\n"},
      {{"sed", "-n", "$="}, "a\nb\nc\n", "3\n"},
      {{"sed", "-n", "/a/,$p"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "-n", "/x/,/y/p"}, "x\n1\ny\n2\nx\n3\n", "x\n1\ny\nx\n3\n"},
      {{"sed", "1,2!d"}, "a\nb\nc\n", "a\nb\n"},
      {{"sed", "-n", "2{p}"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "2{p;p};3p"}, "a\nb\nc\n", "b\nb\nc\n"},
      {{"sed", "-n", "/a/!{p}"}, "a\nb\nc\n", "b\nc\n"},
      {{"sed", "/^$/d"}, "a\n\nb\n", "a\nb\n"},
      {{"sed", "2q"}, "a\nb\nc\n", "a\nb\n"},
      {{"sed", "2Q"}, "a\nb\nc\n", "a\n"},
      {{"sed", "2q5"}, "a\nb\nc\n", "a\nb\n", 5},
      {{"sed", "-n", "/b/{=;p}"}, "a\nb\nc\n", "2\nb\n"},
      {{"sed", "-s", "-n", "$p", "a.txt", "b.txt"}, "", "three\nbeta\n"},
      {{"sed", "-n", "$p", "a.txt", "b.txt"}, "", "beta\n"},
      {{"sed", "-n", "2~0p"}, "a\nb\nc\n", "b\n"},
      {{"sed", "-n", "2,4{/3/!p}"}, "1\n2\n3\n4\n5\n", "2\n4\n"},
      {{"sed", "0~2d"}, "1\n2\n3\n4\n", "1\n3\n"},
  });
}

TEST_F(SedTest, Substitutes) {
  Check({
      {{"sed", "s/a/X/"}, "banana\n", "bXnana\n"},
      {{"sed", "s/a/X/g"}, "banana\n", "bXnXnX\n"},
      {{"sed", "s/a/X/2"}, "banana\n", "banXna\n"},
      {{"sed", "s/a/X/2g"}, "banana\n", "banXnX\n"},
      {{"sed", "-n", "s/a/X/p"}, "a\nb\n", "X\n"},
      {{"sed", "s/A/X/i"}, "banana\n", "bXnana\n"},
      {{"sed", "s/\\(b\\)\\(a\\)/\\2\\1/"}, "banana\n", "abnana\n"},
      {{"sed", "-E", "s/(b)(a)/\\2\\1/"}, "banana\n", "abnana\n"},
      {{"sed", "-r", "s/a+/<&>/g"}, "baan\n", "b<aa>n\n"},
      {{"sed", "s/x*/-/g"}, "abc\n", "-a-b-c-\n"},
      {{"sed", "s/b*/-/g"}, "abbc\n", "-a-c-\n"},
      {{"sed", "s|/usr|/opt|"}, "/usr/bin\n", "/opt/bin\n"},
      {{"sed", "s/a/\\n/"}, "bab\n", "b\nb\n"},
      {{"sed", "s/\\n/,/;N;s/\\n/,/"}, "a\nb\nc\n", "a,b\nc\n"},
      {{"sed", "s/.*/\\U&/"}, "abc\n", "ABC\n"},
      {{"sed", "s/\\(.\\)\\(.*\\)/\\u\\1\\L\\2\\E!/"}, "aBC\n", "Abc!\n"},
      {{"sed", "s/\\w\\+/\\u&/g"}, "foo bar\n", "Foo Bar\n"},
      {{"sed", "s/a/\\&/"}, "a\n", "&\n"},
      {{"sed", "s/a/[&&]/"}, "a\n", "[aa]\n"},
      {{"sed", "s/[/]/-/g"}, "a/b/c\n", "a-b-c\n"},
      {{"sed", "s/\\//-/"}, "a/b\n", "a-b\n"},
      {{"sed", "s/$/!/"}, "a\n", "a!\n"},
      {{"sed", "s/^/> /"}, "a\nb\nc\n", "> a\n> b\n> c\n"},
      {{"sed", "s/a\\|b/X/g"}, "a\nb\nc\n", "X\nX\nc\n"},
      {{"sed", "s/\\t/T/"}, "a\tb\n", "aTb\n"},
      {{"sed", "s/,/\\t/"}, "a,b\n", "a\tb\n"},
      {{"sed", "s/a/b/w out"}, "a\n", "b\n"},
      {{"sed", "s/a/x/;s//y/"}, "aa\n", "xy\n"},
      {{"sed", "/a/s//X/"}, "a\nb\nc\n", "X\nb\nc\n"},
      {{"sed", "s/[^,]*,//"}, "a,b,c\n", "b,c\n"},
      {{"sed", "s/\\./\\\\./g"}, "a.b\n", "a\\.b\n"},
      {{"sed", "s/\303\251/e/g"}, "\303\251\303\251\n", "ee\n"},
      {{"sed", "s/./X/g"}, "\303\251\n", "X\n"},
      {{"sed", "s/a/1\\\n2/"}, "a\n", "1\n2\n"},
      {{"sed", "y/abc/xyz/"}, "aabbcc\n", "xxyyzz\n"},
      {{"sed", "y/a\\/b/1\\n2/"}, "a/b\n", "1\n2\n"},
      {{"sed", "y/\303\251/e/"}, "\303\251\n", "e\n"},
      {{"sed", "-E", "s/(a|b){2}/X/"}, "abc\n", "Xc\n"},
      {{"sed", "s/\\bfoo\\b/X/g"}, "foo food foo\n", "X food X\n"},
      {{"sed", "s/a.b/X/"}, "a\nb\n", "a\nb\n"},
      {{"sed", "N;s/a.b/X/"}, "a\nb\n", "X\n"},
      {{"sed", "N;s/^b/X/M"}, "a\nb\n", "a\nX\n"},
      {{"sed", "s/x/\\x41/"}, "x\n", "A\n"},
      {{"sed", "s,a\\,b,X,"}, "a,b\n", "X\n"},
      {{"sed", "s/[[:space:]]*$//"}, "a  \n", "a\n"},
      {{"sed", "-E", "s/^(.*)=(.*)$/\\2=\\1/"}, "k=v\n", "v=k\n"},
      {{"sed", "s/a*\\(b\\)*/[\\1]/g"}, "abac\n", "[b][]c[]\n"},
      {{"sed", "-E", "s/()/-/g"}, "ab\n", "-a-b-\n"},
      {{"sed", "s/a/b/;s/b/c/"}, "a\n", "c\n"},
      {{"sed", "s/[]]/X/"}, "a]\n", "aX\n"},
      {{"sed", "s/\\(^\\|x\\)a/-/g"}, "axa\n", "--\n"},
      {{"sed", "s/a\\{2\\}/X/"}, "aaa\n", "Xa\n"},
      {{"sed", "s/A/x/gI"}, "aAa\n", "xxx\n"},
  });
}

TEST_F(SedTest, EditsTheTextAround) {
  Check({
      {{"sed", "a hello"}, "a\nb\nc\n", "a\nhello\nb\nhello\nc\nhello\n"},
      {{"sed", "2i\\\nx\\\ny"}, "a\nb\nc\n", "a\nx\ny\nb\nc\n"},
      {{"sed", "2c\\\nnew"}, "a\nb\nc\n", "a\nnew\nc\n"},
      {{"sed", "2,3c new"}, "a\nb\nc\n", "a\nnew\n"},
      {{"sed", "$!{a -\n}"}, "a\nb\nc\n", "a\n-\nb\n-\nc\n"},
      {{"sed", "1a\\  indented"}, "a\nb\nc\n", "a\n  indented\nb\nc\n"},
      {{"sed", "a x\\ny"}, "a\nb\nc\n", "a\nx\ny\nb\nx\ny\nc\nx\ny\n"},
      {{"sed", "i\\"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "-e", "a\\", "-e", "text"}, "a\n", "a\ntext\n"},
      {{"sed", "1i one\n1a two"}, "a\nb\nc\n", "one\na\ntwo\nb\nc\n"},
      {{"sed", "$a end"}, "a", "a\nend\n"},
      {{"sed", "2r b.txt", "a.txt"}, "", "one\ntwo\nbeta\nthree\n"},
      {{"sed", "R b.txt", "a.txt"}, "", "one\nbeta\ntwo\nthree\n"},
      {{"sed", "r nofile"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "="}, "a\nb\nc\n", "1\na\n2\nb\n3\nc\n"},
      {{"sed", "-n", "l"}, "a\tb\\\001\303\251\n", "a\\tb\\\\\\001\\303\\251$\n"},
      {{"sed", "-n", "l 5"}, "abcdefgh\n", "abcd\\\nefgh$\n"},
      {{"sed", "F"}, "a\n", "-\na\n"},
      {{"sed", "1!c x"}, "a\nb\nc\n", "a\nx\nx\n"},
      {{"sed", "c x"}, "a", "x\n"},
  });
}

TEST_F(SedTest, MovesThroughTheSpaces) {
  Check({
      {{"sed", "$!N;s/\\n/-/"}, "1\n2\n3\n", "1-2\n3\n"},
      {{"sed", "N;P;D"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "-n", "1!G;h;$p"}, "a\nb\nc\n", "c\nb\na\n"},
      {{"sed", "G"}, "a\nb\nc\n", "a\n\nb\n\nc\n\n"},
      {{"sed", "n;d"}, "1\n2\n3\n", "1\n3\n"},
      {{"sed", "x;$G"}, "a\nb\nc\n", "\na\nb\nc\n"},
      {{"sed", "-n", "H;${x;s/\\n/,/g;p}"}, "a\nb\nc\n", ",a,b,c\n"},
      {{"sed", ":a;N;$!ba;s/\\n/+/g"}, "a\nb\nc\n", "a+b+c\n"},
      {{"sed", ":a;s/aa/a/;ta"}, "aaaa\n", "a\n"},
      {{"sed", "-n", "/a/{n;p}"}, "a\nb\nc\n", "b\n"},
      {{"sed", "$!d;z"}, "a\nb\nc\n", "\n"},
      {{"sed", "-e", ":x", "-e", "s/^.\\{1,3\\}$/0&/", "-e", "tx"}, "7\n", "0007\n"},
      {{"sed", "/a/b end;s/$/!/;:end"}, "a\nb\nc\n", "a\nb!\nc!\n"},
      {{"sed", "T;d"}, "a\n", "a\n"},
      {{"sed", "s/a/x/;T;s/$/ yes/"}, "a\nb\nc\n", "x yes\nb\nc\n"},
      {{"sed", "N;N;D"}, "1\n2\n3\n4\n", "2\n3\n4\n"},
      {{"sed", "N"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "-n", "N;p"}, "a\nb\nc\n", "a\nb\n"},
      {{"sed", "1h;2,$H;$!d;x"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "/b/{h;d};${G}"}, "a\nb\nc\n", "a\nc\nb\n"},
      {{"sed", "D"}, "a\nb\n", ""},
      {{"sed", "bx;p;:x"}, "a\nb\nc\n", "a\nb\nc\n"},
      {{"sed", "{;p;}"}, "a\n", "a\na\n"},
  });
}

TEST_F(SedTest, TakesItsOptions) {
  Check({
      {{"sed", "-f", "script", "a.txt"}, "", "1\nthree\n"},
      {{"sed", "-n", "p", "a.txt", "nofile"}, "", "one\ntwo\nthree\n", 2, true},
      {{"sed", "--expression=s/a/b/"}, "a\n", "b\n"},
      {{"sed", "-e", "s/a/b/", "-e", "s/b/c/"}, "a\n", "c\n"},
      {{"sed", "--quiet", "p"}, "a\n", "a\n"},
      {{"sed", "-z", "s/a/b/"}, std::string("a\000a\000", 4), std::string("b\000b\000", 4)},
      {{"sed", "s/a/b/"}, "a", "b"},
      {{"sed", "p"}, "a", "a\na"},
      {{"sed", "#n\np"}, "a\n", "a\n"},
      {{"sed", "s/a/b"}, "", "", 1, true},
      {{"sed", "k"}, "", "", 1, true},
      {{"sed", "b nowhere"}, "", "", 4, true},
      {{"sed", "{p"}, "", "", 1, true},
      {{"sed", "p}"}, "", "", 1, true},
      {{"sed", "s/a/\\1/"}, "", "", 1, true},
      {{"sed", "-n", "--line-length=4", "l"}, "abcdef\n", "abc\\\ndef$\n"},
      {{"sed", "-n", "/a\\nb/p"}, "a\nb\n", ""},
      {{"sed", "3!s/x/y/"}, "x\n", "y\n"},
      {{"sed", "s/a/b/ ; s/c/d/ # note"}, "ac\n", "bd\n"},
      {{"sed", "y/ab/c/"}, "", "", 1, true},
      {{"sed", "p;p"}, "x", "x\nx\nx"},
      {{"sed", "-u", "p"}, "a\n", "a\na\n"},
      {{"sed", "-En", "/a|b/p"}, "a\nb\nc\n", "a\nb\n"},
      {{"sed", "--posix", "s/a/b/"}, "a\n", "b\n"},
      {{"sed", "--version-x"}, "", "", 1, true},
  });
}

TEST_F(SedTest, EditsFilesInPlace) {
  machine_.WriteFile("/edit", "one\ntwo\nthree\n");
  EXPECT_EQ(machine_.Run({"sed", "-i.bak", "s/t/T/;1d", "/edit"}).output, "");
  EXPECT_EQ(machine_.ReadFile("/edit"), "Two\nThree\n");
  EXPECT_EQ(machine_.ReadFile("/edit.bak"), "one\ntwo\nthree\n");
  EXPECT_EQ(machine_.Run({"sed", "-i", "1q", "/edit"}).code, 0);
  EXPECT_EQ(machine_.ReadFile("/edit"), "Two\n");
  EXPECT_EQ(machine_.Run({"sed", "-i", "p", "/tmp"}).code, 4);
}

TEST_F(SedTest, WritesToFiles) {
  EXPECT_EQ(machine_.Run({"sed", "-n", "/a/w /x\n/b/w /dev/stdout"}, "a\nb\n").output, "b\n");
  EXPECT_EQ(machine_.ReadFile("/x"), "a\n");
}

TEST_F(SedTest, KnowsTheNewerCommands) {
  machine_.WriteFile("/head", "top\n");
  ExpectPrograms(machine_,
                 {{{"sed", "0r /head"}, "a\nb\n", "top\na\nb\n"},
                  {{"sed", "v 4.2"}, "a\n", "a\n"},
                  {{"sed", "v 9.0"}, "a\n", "", 1, true},
                  {{"sed", "-n", "{:l;p;s/x/y/;tl}"}, "x\n", "x\ny\n"},
                  {{"sed", "-n", "4,~4p"}, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "4\n5\n6\n7\n8\n"}});
}

TEST_F(SedTest, SandboxForbidsWhatReachesOutside) {
  ExpectPrograms(machine_, {{{"sed", "--sandbox", "s/a/b/"}, "a\n", "b\n"},
                            {{"sed", "--sandbox", "w /x"}, "a\n", "", 1, true},
                            {{"sed", "--sandbox", "r /x"}, "a\n", "", 1, true},
                            {{"sed", "--sandbox", "s/a/b/e"}, "a\n", "", 1, true}});
}

}  // namespace
}  // namespace computesdk::in_memory
