#include <sstream>
#include <string>

#include "gtest/gtest.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/testing.h"

namespace computesdk::in_memory {
namespace {

// Words that blanks divide: all that these tests ask of `sh -c`.
int RunWords(Process& process) {
  SpawnOptions options;
  std::istringstream words(process.args.at(2));
  for (std::string word; words >> word;) options.args.push_back(word);
  return process.Execute(std::move(options), "sh").ShellCode();
}

void AddWordShell(ProgramTable& table) {
  table["sh"] = RunWords;
  table["echo"] = [](Process& process) {
    std::string line;
    for (std::size_t i = 1; i < process.args.size(); ++i) {
      line += (i > 1 ? " " : "") + process.args[i];
    }
    return process.Write(1, line + "\n") ? 0 : 1;
  };
}

class AwkTest : public testing::Test {
 protected:
  AwkTest() : machine_(AddAwkPrograms, AddSortPrograms, AddTextPrograms, AddWordShell) {
    machine_.WriteFile("/data.txt", "alice 30 NY\nbob 25 LA\ncarol 35 SF\n");
    machine_.WriteFile("/p.txt", "root:x:0\nbin:x:1\n");
    machine_.WriteFile("/par.txt", "a b\nc\n\n\nd e\nf\n");
    machine_.WriteFile("/prog.awk", "BEGIN { x = 5 }\n# note\nEND { print x, NR }\n");
    machine_.WriteFile("/n.txt", "3\n1\n2\n");
  }
  void Check(const std::vector<ProgramCase>& rows) { ExpectPrograms(machine_, rows); }

  TestMachine machine_;
};

TEST_F(AwkTest, SelectsAndPrintsFields) {
  Check({
      {{"awk", "{print $1}", "data.txt"}, "", "alice\nbob\ncarol\n"},
      {{"awk", "{print $NF, NF}", "data.txt"}, "", "NY 3\nLA 3\nSF 3\n"},
      {{"awk", "{print $(NF-1)}", "data.txt"}, "", "30\n25\n35\n"},
      {{"awk", "$2>28", "data.txt"}, "", "alice 30 NY\ncarol 35 SF\n"},
      {{"awk", "/o/", "data.txt"}, "", "bob 25 LA\ncarol 35 SF\n"},
      {{"awk", "!/o/", "data.txt"}, "", "alice 30 NY\n"},
      {{"awk", "NR==2", "data.txt"}, "", "bob 25 LA\n"},
      {{"awk", "NR==1,NR==2", "data.txt"}, "", "alice 30 NY\nbob 25 LA\n"},
      {{"awk", "/bob/,/carol/{print NR\": \"$0}", "data.txt"},
       "",
       "2: bob 25 LA\n3: carol 35 SF\n"},
      {{"awk", "-F:", "{print $1,$3}", "p.txt"}, "", "root 0\nbin 1\n"},
      {{"awk", "-F", "[:x]+", "{print $2}", "p.txt"}, "", "0\n1\n"},
      {{"awk", "-F,", "{print NF}"}, "a,b,,\n\n", "4\n0\n"},
      {{"awk", "-F\\t", "{print $2}"}, "a b\tc\n", "c\n"},
      {{"awk", "-F|", "{print $2}"}, "a|b\n", "b\n"},
      {{"awk", "{$2=\"X\"; print}", "data.txt"}, "", "alice X NY\nbob X LA\ncarol X SF\n"},
      {{"awk", "{NF=2; print; print NF}", "data.txt"}, "", "alice 30\n2\nbob 25\n2\ncarol 35\n2\n"},
      {{"awk", "{$5=\"e\"; print; print NF}", "data.txt"},
       "",
       "alice 30 NY  e\n5\nbob 25 LA  e\n5\ncarol 35 SF  e\n5\n"},
      {{"awk", "{$0=\"x y\"; print $2, NF}", "data.txt"}, "", "y 2\ny 2\ny 2\n"},
      {{"awk", "BEGIN{OFS=\"-\"}{$1=$1}1", "data.txt"},
       "",
       "alice-30-NY\nbob-25-LA\ncarol-35-SF\n"},
      {{"awk", "{print; print \"\"}"}, "a", "a\n\n"},
      {{"awk", "END{print NR, $0}", "data.txt"}, "", "3 carol 35 SF\n"},
      {{"awk", "{s+=$2}END{print s, s/NR}", "data.txt"}, "", "90 30\n"},
      {{"awk", "BEGIN{FS=\"\"}{print $2 NF}"}, "abc\n", "b3\n"},
      {{"awk", "{print $1 $2}", "data.txt"}, "", "alice30\nbob25\ncarol35\n"},
      {{"awk", "{print $1,$2 > \"/dev/stdout\"}", "data.txt"}, "", "alice 30\nbob 25\ncarol 35\n"},
      {{"awk", "$1~/^b/{print \"yes\"} $1!~/^b/{print \"no\"}", "data.txt"}, "", "no\nyes\nno\n"},
      {{"awk", "{print FILENAME, FNR, NR}", "n.txt", "p.txt"},
       "",
       "n.txt 1 1\nn.txt 2 2\nn.txt 3 3\np.txt 1 4\np.txt 2 5\n"},
      {{"awk", "{ $3 = \"\"; print NF; print }", "data.txt"},
       "",
       "3\nalice 30 \n3\nbob 25 \n3\ncarol 35 \n"},
      {{"awk", "{print $-1}"}, "a\n", "", 2, true},
      {{"awk", "NF"}, "a\n\nb\n", "a\nb\n"},
      {{"awk", "length > 2"}, "a\nabc\n", "abc\n"},
      {{"awk", "{ print > \"/dev/stderr\" }"}, "x\n", "", 0, true},
  });
}

TEST_F(AwkTest, CutsRecordsByRs) {
  Check({
      {{"awk", "BEGIN{RS=\"\"}{print NR\": \"$1\" \"NF}", "par.txt"}, "", "1: a 3\n2: d 3\n"},
      {{"awk", "BEGIN{RS=\"\";FS=\"\\n\"}{print $1\"|\"$2}", "par.txt"}, "", "a b|c\nd e|f\n"},
      {{"awk", "BEGIN{RS=\";\"}{print}"}, "a;b;c\n", "a\nb\nc\n\n"},
      {{"awk", "BEGIN{RS=\"[0-9]+\"}{print $0, RT}"}, "a1b22c\n", "a 1\nb 22\nc\n \n"},
      {{"awk", "BEGIN{ORS=\"|\"}1"}, "a\nb\n", "a|b|"},
      {{"awk", "BEGIN{RS=\"\\n\\n\"}{print NR \":\" $0}"}, "a\nb\n\nc\n", "1:a\nb\n2:c\n\n"},
      {{"awk", "BEGIN{RS=\"\";FS=\":\"}{print NF}"}, "a:b\nc\n\n", "3\n"},
      {{"awk", "-v", "RS=;", "1"}, "x;y", "x\ny\n"},
  });
}

TEST_F(AwkTest, ComputesWithNumbersAndStrings) {
  Check({
      {{"awk", "BEGIN{print 1+2*3, 2^10, 2**3, 7%3, -7%3, 1/4}"}, "", "7 1024 8 1 -1 0.25\n"},
      {{"awk", "BEGIN{print 1e6, 1e20, 0.1+0.2, 1e-5, 123456789.123, 100000 * 100000}"},
       "",
       "1000000 100000000000000000000 0.3 1e-05 1.23457e+08 10000000000\n"},
      {{"awk", "BEGIN{print 1==1.0, \"a\"<\"b\", \"10\"<\"9\", 10<9}"}, "", "1 1 1 0\n"},
      {{"awk", "{print ($1<$2), ($1==$2)}"}, "10 9\n1.0 1\nabc abd\n", "0 0\n0 1\n1 0\n"},
      {{"awk", "BEGIN{x; print x+0, \"[\" x \"]\", length(x)}"}, "", "0 [] 0\n"},
      {{"awk", "BEGIN{x=\"3abc\"; print x+1, +x, -x, !x, !\"\" }"}, "", "4 3 -3 0 1\n"},
      {{"awk", "BEGIN{print 1 \" \" 2, 1 2, \"a\" > \"/dev/stdout\"}"}, "", "1 2 12 a\n"},
      {{"awk", "BEGIN{print -3 \" \" -4}"}, "", "-3-4\n"},
      {{"awk", "BEGIN{i=5; print i++ + ++i, i--, i; print i^2, -i^2, 2^-1}"},
       "",
       "12 7 6\n36 -36 0.5\n"},
      {{"awk", "BEGIN{x=1; x+=2; x*=3; x-=1; x/=2; x%=3; x^=2; print x}"}, "", "1\n"},
      {{"awk", "BEGIN{print 1>2?\"a\":\"b\"}"}, "", "", 1, true},
      {{"awk", "BEGIN{print (1>2)?\"a\":\"b\", 1&&0, 1||0, !1}"}, "", "b 0 1 0\n"},
      {{"awk", "BEGIN{print 1,2,3; print(1,2)(3)}"}, "", "", 1, true},
      {{"awk", "BEGIN{OFMT=\"%.2f\"; CONVFMT=\"%.3f\"; x=3.14159; print x, x \"\"}"},
       "",
       "3.14 3.142\n"},
      {{"awk",
        "BEGIN{print length(\"h\303\251llo\"), toupper(\"h\303\251a\"), tolower(\"AB\303\211\")}"},
       "",
       "5 H\303\211A ab\303\251\n"},
      {{"awk",
        "BEGIN{print index(\"foobar\",\"bar\"), index(\"a\",\"z\"), substr(\"hello\",2,3), "
        "substr(\"hello\",0,2), substr(\"hello\",4,9) \"|\" substr(\"x\",5)}"},
       "",
       "4 0 ell he lo|\n"},
      {{"awk",
        "BEGIN{print int(3.9), int(-3.9), int(\"4x\"), sqrt(16), exp(0), log(1), sin(0), cos(0), "
        "atan2(0,-1)}"},
       "",
       "3 -3 4 4 1 0 0 1 3.14159\n"},
      {{"awk", "BEGIN{print 1/0}"}, "", "", 1, true},
      {{"awk", "BEGIN{print 010, 0x11, 1e3, .5, 5.}"}, "", "8 17 1000 0.5 5\n"},
      {{"awk", "BEGIN{a=\"x\"; b=a++; print a, b}"}, "", "1 0\n"},
      {{"awk", "BEGIN{print 2^53, 2^53+1, 2^31, -2^63, 1e15, 1e16, 123456789012}"},
       "",
       "9007199254740992 9007199254740992 2147483648 -9223372036854775808 1000000000000000 "
       "10000000000000000 123456789012\n"},
      {{"awk", "BEGIN{print substr(\"h\303\251llo\",2,2), match(\"a\303\251b\",/b/)}"},
       "",
       "\303\251l 3\n"},
      {{"awk", "BEGIN{print \"A\" < \"a\", \"\" < \"a\", 2 < 10, \"2\" < \"10\"}"},
       "",
       "1 1 1 0\n"},
      {{"awk", "{print $1+0, $1*1}"}, "0x1A\n1e2\n+5\n.5.\n", "0 0\n100 100\n5 5\n0.5 0.5\n"},
      {{"awk",
        "BEGIN { print strtonum(\"0x1F\"), strtonum(\"017\"), strtonum(\"12\") ; print and(12,10), "
        "or(12,10), xor(12,10), lshift(1,4), rshift(16,2)}"},
       "",
       "31 15 12\n8 14 6 16 4\n"},
      {{"awk", "BEGIN{print log(-1)}"}, "", "-nan\n", 0, true},
      {{"awk", "BEGIN{print 1==1 ? \"y\" : \"n\"; x = 1 == 2; print x}"}, "", "y\n0\n"},
      {{"awk", "BEGIN { print !x++, !x++ ; print !seen[\"a\"]++, !seen[\"a\"]++}"},
       "",
       "1 0\n1 0\n"},
      {{"awk", "!seen[$0]++"}, "a\nb\na\n", "a\nb\n"},
      {{"awk", "BEGIN{print 5 \" items\" + 0, \"5 items\"+0}"}, "", "50 5\n"},
      {{"awk", "BEGIN { a = \"10\"; b = 9; print (a < b), (a+0 < b) }"}, "", "1 0\n"},
      {{"awk", "BEGIN{print -0, 0*-1, 1e300*1e300}"}, "", "0 0 +inf\n"},
      {{"awk", "BEGIN{print 3 % 0}"}, "", "", 1, true},
      {{"awk", "BEGIN { $3 = \"x\"; print NF, $0 }"}, "", "3   x\n"},
  });
}

TEST_F(AwkTest, FormatsAsPrintf) {
  Check({
      {{"awk", "BEGIN{printf \"%d %i %5d|%-5d|%05d|%+d\\n\", 42, 3.9, 42, 42, 42, 42}"},
       "",
       "42 3    42|42   |00042|+42\n"},
      {{"awk", "BEGIN{printf \"%s|%5s|%-5s|%.2s\\n\", \"abc\", \"abc\", \"abc\", \"abc\"}"},
       "",
       "abc|  abc|abc  |ab\n"},
      {{"awk", "BEGIN{printf \"%f %.2f %e %g %G\\n\", 3.14159, 3.14159, 31415.9, 0.00001, 1e10}"},
       "",
       "3.141590 3.14 3.141590e+04 1e-05 1E+10\n"},
      {{"awk", "BEGIN{printf \"%x %X %o %c %c %%\\n\", 255, 255, 8, 65, \"hello\"}"},
       "",
       "ff FF 10 A h %\n"},
      {{"awk", "BEGIN{printf \"%*d|%-*d|%.*f\\n\", 5, 42, 5, 42, 2, 3.14159}"},
       "",
       "   42|42   |3.14\n"},
      {{"awk", "BEGIN{printf \"%s %s\\n\", \"a\"}"}, "", "", 2, true},
      {{"awk", "BEGIN{printf \"no newline\"}"}, "", "no newline"},
      {{"awk", "BEGIN{printf(\"%s-%s\\n\", \"a\", \"b\")}"}, "", "a-b\n"},
      {{"awk", "BEGIN{x=sprintf(\"%03d\", 7); print x}"}, "", "007\n"},
      {{"awk", "BEGIN{printf \"%5.1f|%-8s|%3d%%\\n\", 2.25, \"ab\", 50}"},
       "",
       "  2.2|ab      | 50%\n"},
      {{"awk", "BEGIN{printf \"%c%c\", 256+65, \"\" }"}, "", std::string("\305\201\000", 3)},
      {{"awk", "BEGIN{printf \"%s\\n\", 0.1+0.2; printf \"%d\\n\", \"12abc\"}"}, "", "0.3\n12\n"},
      {{"awk", "BEGIN{printf \"[%5s][%-5s]\\n\", \"\303\251\", \"\303\251\"}"},
       "",
       "[    \303\251][\303\251    ]\n"},
      {{"awk", "BEGIN{printf \"%u %d\\n\", 3, 2^40}"}, "", "3 1099511627776\n"},
      {{"awk", "BEGIN{printf \"%d %d\\n\", 1e18, -1e18}"},
       "",
       "1000000000000000000 -1000000000000000000\n"},
      {{"awk", "BEGIN{printf \"%z\\n\"}"}, "", "%z\n"},
      {{"awk", "{printf \"%-10s %s\\n\", $1, $2}", "data.txt"},
       "",
       "alice      30\nbob        25\ncarol      35\n"},
      {{"awk", "BEGIN{printf \"% d|%#o|%#x\\n\", 5, 8, 255}"}, "", " 5|010|0xff\n"},
      {{"awk", "BEGIN{printf \"a\\tb\\\\n\\n\"}"}, "", "a\tb\\n\n"},
      {{"awk", "BEGIN{printf \"%c\", 233}"}, "", "\303\251"},
      {{"awk", "BEGIN{printf \"%c%c\", -log(0), -5}"}, "", std::string("\0\373", 2)},
  });
}

TEST_F(AwkTest, KeepsArrays) {
  Check({
      {{"awk",
        "BEGIN{a[\"x\"]=1; a[\"y\"]=2; print a[\"x\"]+a[\"y\"], length(a); delete a[\"x\"]; print "
        "(\"x\" in a), (\"y\" in a), length(a)}"},
       "",
       "3 2\n0 1 1\n"},
      {{"awk", "{c[$1]++}END{for(k in c) print k, c[k] | \"sort\"}"}, "a\nb\na\n", "a 2\nb 1\n"},
      {{"awk",
        "BEGIN{a[1,2]=3; for(k in a){split(k,p,SUBSEP); print p[1], p[2]}; if((1,2) in a) print "
        "\"in\"}"},
       "",
       "1 2\nin\n"},
      {{"awk",
        "BEGIN{n=split(\"a:b:c\",p,\":\"); print n, p[1], p[3]; n=split(\"\",p); print n, "
        "length(p)}"},
       "",
       "3 a c\n0 0\n"},
      {{"awk", "BEGIN{n=split(\"a1b22c\",p,/[0-9]+/,s); print n, p[2], s[2]}"}, "", "3 b 22\n"},
      {{"awk", "BEGIN{n=split(\"  a  b \",p); print n, p[1]}"}, "", "2 a\n"},
      {{"awk", "BEGIN{n=split(\"abc\",p,\"\"); print n, p[2]}"}, "", "3 b\n"},
      {{"awk", "BEGIN{a[\"k\"]; print length(a), (\"k\" in a), (\"z\" in a)}"}, "", "1 1 0\n"},
      {{"awk", "BEGIN{delete a; a[1]; delete a; print length(a)}"}, "", "0\n"},
      {{"awk", "{a[NR]=$0}END{for(i=NR;i>0;i--) print a[i]}", "n.txt"}, "", "2\n1\n3\n"},
      {{"awk", "{a[NR]=$1}END{n=asort(a); for(i=1;i<=n;i++) printf \"%s \", a[i]; print \"\"}",
        "n.txt"},
       "",
       "1 2 3 \n"},
      {{"awk", "BEGIN{a[\"b\"];a[\"a\"]; n=asorti(a,b); print n, b[1], b[2]}"}, "", "2 a b\n"},
      {{"awk",
        "BEGIN{PROCINFO[\"sorted_in\"]=\"@ind_str_asc\"; a[\"c\"]=1;a[\"a\"]=2;a[\"b\"]=3; for(k "
        "in a) printf \"%s%s \", k, a[k]; print \"\"}"},
       "",
       "a2 b3 c1 \n"},
      {{"awk",
        "BEGIN{PROCINFO[\"sorted_in\"]=\"@val_num_desc\"; a[\"c\"]=1;a[\"a\"]=2;a[\"b\"]=3; for(k "
        "in a) printf \"%s%s \", k, a[k]; print \"\"}"},
       "",
       "b3 a2 c1 \n"},
      {{"awk", "BEGIN{a[01]=1; a[\"1\"]++; print a[1]; a[0.1+0.2]=5; print a[\"0.3\"]}"},
       "",
       "2\n5\n"},
      {{"awk",
        "BEGIN{if(!(\"x\" in a)) print \"no\"; if(a[\"x\"]==\"\") print \"empty\"; print "
        "length(a)}"},
       "",
       "no\nempty\n1\n"},
  });
}

TEST_F(AwkTest, ReplacesAndMatches) {
  Check({
      {{"awk", "{sub(/o/,\"0\"); print}"}, "foo boo\n", "f0o boo\n"},
      {{"awk", "{n=gsub(/o/,\"[&]\"); print n, $0}"}, "foo boo\n", "4 f[o][o] b[o][o]\n"},
      {{"awk", "{gsub(/o/,\"\\\\&\"); print}"}, "foo\n", "f&&\n"},
      {{"awk", "{gsub(\"o\",\"\\\\\\\\&\"); print}"}, "foo\n", "f\\o\\o\n"},
      {{"awk", "{gsub(/x*/,\"-\"); print}"}, "abxc\n", "-a-b-c-\n"},
      {{"awk", "{gsub(/^/,\">\"); print}"}, "ab\n", ">ab\n"},
      {{"awk", "{gsub(/$/,\"<\"); print}"}, "ab\n", "ab<\n"},
      {{"awk", "{gsub(/b/,\"X\",$2); print}"}, "abb bbb c\n", "abb XXX c\n"},
      {{"awk", "BEGIN{s=\"aaa\"; gsub(/a/,\"b\",s); print s; print gsub(/z/,\"y\",s)}"},
       "",
       "bbb\n0\n"},
      {{"awk", "{print match($0,/o+/), RSTART, RLENGTH}"}, "fooo\nbar\n", "2 2 3\n0 0 -1\n"},
      {{"awk",
        "{if(match($0,/([a-z]+)=([0-9]+)/,m)) print m[1], m[2], m[0], m[2,\"start\"], "
        "m[2,\"length\"]}"},
       "x key=42 y\n",
       "key 42 key=42 7 2\n"},
      {{"awk",
        "BEGIN{print gensub(/(a)(b)/,\"\\\\2\\\\1\",\"g\",\"abab\"); print "
        "gensub(/a/,\"X\",2,\"aaa\"); print gensub(\"a\",\"[&]\",\"G\",\"ba\")}"},
       "",
       "baba\naXa\nb[a]\n"},
      {{"awk", "/^[[:upper:]]/"}, "Abc\nabc\n", "Abc\n"},
      {{"awk", "/a\\/b/"}, "a/b\na.b\n", "a/b\n"},
      {{"awk", "$0 ~ \"a+b\""}, "aab\nb\n", "aab\n"},
      {{"awk", "{gsub(/[\\/\\]]/,\"-\"); print}"}, "a/b]c\n", "a-b-c\n"},
      {{"awk", "/a{2}/"}, "aa\na\n", "aa\n"},
      {{"awk", "/{/"}, "{\nx\n", "{\n"},
      {{"awk", "/\\./{print \"dot\"}"}, "a.b\nab\n", "dot\n"},
      {{"awk", "BEGIN{r=\"^a.c$\"; if(\"abc\"~r) print \"m\"; if(\"a\\nc\"~/a.c/) print \"n\"}"},
       "",
       "m\nn\n"},
      {{"awk", "{gsub(/\\t/,\" \"); print}"}, "a\tb\n", "a b\n"},
      {{"awk", "BEGIN{IGNORECASE=1} /ABC/"}, "abc\n", "abc\n"},
      {{"awk", "{gsub(\"\\\\.\", \",\"); print}"}, "1.2.3\n", "1,2,3\n"},
      {{"awk", "BEGIN{s=\"hello\"; sub(\"l\",\"L\",s); print s; sub(/$/,\"!\",s); print s}"},
       "",
       "heLlo\nheLlo!\n"},
      {{"awk", "{gsub(/\303\251/,\"e\"); print}"}, "\303\251t\303\251\n", "ete\n"},
      {{"awk", "/(/"}, "(\n", "", 1, true},
      {{"awk", "{print gsub(/a|e/,\"\")}"}, "apple\n", "2\n"},
      {{"awk", "BEGIN { print match(\"foobar\", \"o*b\") , RLENGTH }"}, "", "2 3\n"},
      {{"awk", "/\\yfoo\\y/"}, "a foo b\nfood\n", "a foo b\n"},
      {{"awk", "/+/"}, "a+b\nab\n", "a+b\n"},
      {{"awk", "{ print $1 ~ /^[0-9]+$/ }"}, "12\n1a\n", "1\n0\n"},
  });
}

TEST_F(AwkTest, RunsControlFlow) {
  Check({
      {{"awk", "BEGIN{for(i=0;i<3;i++) printf \"%d \", i; print \"\"}"}, "", "0 1 2 \n"},
      {{"awk", "BEGIN{while(i<3){i++; if(i==2) continue; print i}}"}, "", "1\n3\n"},
      {{"awk", "BEGIN{do{i++}while(i<5); print i}"}, "", "5\n"},
      {{"awk", "BEGIN{for(;;){if(++i>3)break}; print i}"}, "", "4\n"},
      {{"awk", "BEGIN{if(1) print \"a\"; else print \"b\"}"}, "", "a\n"},
      {{"awk", "BEGIN{if(0)\n print \"a\"\nelse if(1)\n print \"b\"\nelse\n print \"c\"}"},
       "",
       "b\n"},
      {{"awk", "{if($1==2) next; print}", "n.txt"}, "", "3\n1\n"},
      {{"awk", "FNR==2{nextfile}{print FILENAME, $0}", "n.txt", "p.txt"},
       "",
       "n.txt 3\np.txt root:x:0\n"},
      {{"awk", "BEGIN{exit 3}END{print \"end\"}"}, "", "end\n", 3},
      {{"awk", "{exit}END{print NR}", "data.txt"}, "", "1\n"},
      {{"awk", "BEGIN{exit} END{exit 4}"}, "", "", 4},
      {{"awk", "function f(a,b){return a+b} BEGIN{print f(1,2)}"}, "", "3\n"},
      {{"awk", "function fact(n){return n<=1?1:n*fact(n-1)} BEGIN{print fact(10), fact(20)}"},
       "",
       "3628800 2432902008176640000\n"},
      {{"awk", "function fill(a){a[\"k\"]=1} BEGIN{fill(z); print z[\"k\"]}"}, "", "1\n"},
      {{"awk", "function g(x){x=5} BEGIN{y=1; g(y); print y}"}, "", "1\n"},
      {{"awk", "function h(n,  i,s){for(i=0;i<n;i++)s=s i; return s} BEGIN{print h(4) h(2)}"},
       "",
       "012301\n"},
      {{"awk", "function v(){return} BEGIN{x=v(); print \"[\" x \"]\"}"}, "", "[]\n"},
      {{"awk", "function e(){exit 7} BEGIN{e(); print \"no\"}"}, "", "", 7},
      {{"awk", "function nx(){next} {if(NR==2) nx(); print}", "n.txt"}, "", "3\n2\n"},
      {{"awk",
        "BEGIN{switch(\"b\"){case \"a\": print 1; break; case /b/: print 2; default: print 3}}"},
       "",
       "2\n3\n"},
      {{"awk", "BEGIN { print \"a\"; ; print \"b\" } ; END { }"}, "", "a\nb\n"},
      {{"awk", "-f", "prog.awk", "data.txt"}, "", "5 3\n"},
      {{"awk", "BEGIN{a=\"A\"; b = a ? \"y\" : \"n\"; print b;}"}, "", "y\n"},
      {{"awk", "BEGIN{print substr(\"x\""}, "", "", 1, true},
      {{"awk", "BEGIN { undefined_function() }"}, "", "", 2, true},
      {{"awk", "BEGIN{x = y = 3; print x y}"}, "", "33\n"},
      {{"awk", "BEGIN{print 1; print 2 # c\n}"}, "", "1\n2\n"},
      {{"awk", "BEGIN {\n  s = \"a\" \\\n \"b\"\n  print s\n}"}, "", "ab\n"},
      {{"awk", "BEGIN{$0=\"a b c\"; for(i=NF;i>0;i--) printf \"%s%s\", $i, (i>1?OFS:ORS)}"},
       "",
       "c b a\n"},
      {{"awk", "BEGIN{while((\"a\" i) != \"a3\") i++; print i}"}, "", "3\n"},
      {{"awk", "BEGIN { if (!(3 in a)) print \"not in\"; if (!(\"x\" ~ /y/)) print \"no match\" }"},
       "",
       "not in\nno match\n"},
      {{"awk", "/a/ && /b/ || NR==3"}, "ab\na\nc\n", "ab\nc\n"},
      {{"awk", "BEGIN{a = 1; { a = 2 }; print a}"}, "", "2\n"},
      {{"awk", "function f(x) { x[1]=5 } BEGIN { f(a); f(a); print length(a), a[1] }"},
       "",
       "1 5\n"},
      {{"awk", "BEGIN { print length() }"}, "", "0\n"},
      {{"awk", "BEGIN { print toupper(substr(\"abc\", 1, 1)) substr(\"abc\", 2) }"}, "", "Abc\n"},
  });
}

TEST_F(AwkTest, ReadsByGetline) {
  Check({
      {{"awk", "BEGIN{while((getline l < \"n.txt\")>0) print \"got \" l; print NR}"},
       "",
       "got 3\ngot 1\ngot 2\n0\n"},
      {{"awk", "{getline; print}"}, "1\n2\n3\n4\n", "2\n4\n"},
      {{"awk", "{getline x; print $0, x, NR}"}, "1\n2\n3\n", "1 2 2\n3 2 3\n"},
      {{"awk", "BEGIN{print (getline x < \"nofile\")}"}, "", "-1\n"},
      {{"awk", "BEGIN{getline < \"n.txt\"; print $0, NR}"}, "", "3 0\n"},
      {{"awk", "BEGIN{while((\"echo a b\" | getline) > 0) print $2, NR}"}, "", "b 0\n"},
      {{"awk",
        "BEGIN{\"echo hi\" | getline x; print x; close(\"echo hi\"); \"echo hi\" | getline y; "
        "print y}"},
       "",
       "hi\nhi\n"},
      {{"awk", "BEGIN{getline line; print \"first: \" line} {print}"}, "1\n2\n", "first: 1\n2\n"},
      {{"awk", "BEGIN{while(getline < ARGV[1]) n++; print n}", "data.txt"}, "", "3\n"},
      {{"awk", "BEGIN { \"echo 5\" | getline n; print n + 1 }"}, "", "6\n"},
  });
}

TEST_F(AwkTest, WritesToFilesAndCommands) {
  Check({
      {{"awk", "{print $1 | \"sort\"} END{print \"done\"}"}, "b\na\n", "a\nb\ndone\n"},
      {{"awk", "{print $1 | \"sort\"} END{close(\"sort\"); print \"done\"}"},
       "b\na\n",
       "a\nb\ndone\n"},
      {{"awk",
        "{print > \"out\"; close(\"out\")} END{while((getline x < \"out\")>0) print \"r \" x}"},
       "1\n2\n",
       "r 2\n"},
      {{"awk",
        "BEGIN{print \"a\" > \"o\"; print \"b\" > \"o\"; close(\"o\"); print \"c\" >> \"o\"; "
        "close(\"o\"); while((getline x < \"o\")>0) printf x; print \"\"}"},
       "",
       "abc\n"},
      {{"awk", "BEGIN{r=system(\"false\"); print r; system(\"true\")}"}, "", "1\n"},
      {{"awk", "BEGIN{printf \"x\"; system(\"echo y\"); print \"z\"}"}, "", "xy\nz\n"},
      {{"awk", "BEGIN{print \"to cat\" | \"cat\"; close(\"cat\"); print \"after\"}"},
       "",
       "to cat\nafter\n"},
      {{"awk", "BEGIN{print close(\"nothing\")}"}, "", "-1\n"},
      {{"awk", "BEGIN{printf \"%s\\n\", \"p\" | \"cat\"; fflush()}"}, "", "p\n"},
      {{"awk", "BEGIN{print \"x\" > \"/no/such/file\"}"}, "", "", 2, true},
      {{"awk", "BEGIN{print \"b\" | \"sort\"; print \"a\" | \"sort\"; print \"first\"}"},
       "",
       "a\nb\nfirst\n"},
  });
}

TEST_F(AwkTest, TakesItsArguments) {
  Check({
      {{"awk", "-v", "x=5", "BEGIN{print x+1}"}, "", "6\n"},
      {{"awk", "-vx=a\\tb", "BEGIN{print x}"}, "", "a\tb\n"},
      {{"awk", "{print v}", "v=1", "n.txt", "v=2", "p.txt"}, "", "1\n1\n1\n2\n2\n"},
      {{"awk", "BEGIN{print ARGC, ARGV[1], ARGV[2]}", "a", "b"}, "", "3 a b\n"},
      {{"awk", "BEGIN{print ENVIRON[\"NOPE\"] \".\"}"}, "", ".\n"},
      {{"awk", "{print}", "nofile"}, "", "", 2, true},
      {{"awk", "{print}", "n.txt", "nofile"}, "", "3\n1\n2\n", 2, true},
      {{"awk", "{print FILENAME}", "-"}, "x\n", "-\n"},
      {{"awk"}, "", "", 1, true},
      {{"awk", "BEGIN{print"}, "", "", 1, true},
      {{"awk", "-Z", "1"}, "", "", 1, true},
      {{"awk", "--", "BEGIN{print 1}"}, "", "1\n"},
      {{"awk", "-F", "\\|", "{print $2}"}, "a|b\n", "b\n", 0, true},
      {{"awk", "-F.", "{print $2}"}, "a.b\n", "b\n"},
      {{"awk", "-Ft", "{print $2}"}, "atb\tc\n", "b\tc\n"},
      {{"awk", "-v", "n=10", "$1>n"}, "9\n11\n", "11\n"},
      {{"awk", "BEGIN{ARGV[1]=\"\"} {print}", "nofile"}, "in\n", "in\n"},
      {{"awk",
        "BEGIN{print strftime(\"%Y-%m-%d %H:%M:%S\", 0, 1); print mktime(\"1970 01 02 00 00 "
        "00\")}"},
       "",
       "1970-01-01 00:00:00\n86400\n"},
      {{"awk", "BEGIN{print \"a\\x41\\101\\/\\\"b\"}"}, "", "aAA/\"b\n", 0, true},
      {{"awk", "BEGIN{print \"a\\qb\"}"}, "", "aqb\n", 0, true},
      {{"awk", "-F", " ", "{print $2}"}, "a  b\n", "b\n"},
      {{"awk", "BEGIN{srand(1); a=rand(); srand(1); b=rand(); print (a==b), (a<1), (a>=0)}"},
       "",
       "1 1 1\n"},
  });
}

TEST_F(AwkTest, EndsARecursionWithoutEnd) {
  const ProgramResult result =
      machine_.Run({"awk", "function f(n) { return f(n + 1) } BEGIN { f(0) }"});
  EXPECT_EQ(result.code, 2);
  EXPECT_EQ(result.errors, "awk: cmd. line:1: fatal: function calls are nested too deeply\n");
}

TEST_F(AwkTest, RecursesThousandsOfTimes) {
  const std::string depth = std::to_string(3000 / kFrameGrowth);
  const ProgramResult result = machine_.Run(
      {"awk", "function f(n) { return n ? 1 + f(n - 1) : 0 } BEGIN { print f(" + depth + ") }"});
  EXPECT_EQ(result.output, depth + "\n");
}

TEST_F(AwkTest, RefusesProgramsThatAreNestedTooDeeply) {
  const std::string open(5000, '(');
  EXPECT_EQ(machine_.Run({"awk", "BEGIN { print " + open + "1"}).code, 1);
  std::string sum = "1";
  for (int i = 0; i < 5000; ++i) sum += "+1";
  EXPECT_EQ(machine_.Run({"awk", "BEGIN { print " + sum + "}"}).code, 1);
}

}  // namespace
}  // namespace computesdk::in_memory
