// What scripts use beside the language itself: programs on small inputs, trees of files, loops over
// lists, name references, signals.

#include <string>
#include <string_view>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {

std::string ScriptMaker::JqFilter() {
  return OneOf({".a",
                ".",
                "keys",
                ".a[]",
                ".a | length",
                ".a | map(. + 1)?",
                ".b.c // \"none\"",
                "to_entries[] | .key",
                ".a[1:]",
                "[.a[] | select(. > 1)]",
                ".b | tostring",
                ".a | add",
                "{x: .a[0], y: .b}",
                ".s | ascii_upcase",
                ".s | split(\",\")",
                ".a | @csv",
                "(.a | sort | reverse)",
                ".a as [$p, $q] | $p - $q",
                "[paths] | length",
                ".s | test(\"[a-c]\")",
                "if .a then \"y\" else \"n\" end",
                ".a | join(\"-\")",
                "[.. | numbers]",
                "has(\"a\"), (.b | type)"});
}

std::string ScriptMaker::Program() {
  switch (Pick(9)) {
    case 0:
      return "expr " +
             OneOf({"3 + 4", "7 % 3", "abc : 'a\\(.*\\)'", "length abc", "2 '*' 3",
                    "substr abcdef 2 3", "index abc c", "5 '>' 3", "0 '|' a", "1 / 0",
                    "'(' 1 + 2 ')' '*' 3", "a = a", "-- -1 + 2", "9223372036854775807 + 1"});
    case 1:
      return "echo '" +
             OneOf({"1+2*3", "scale=3; 10/3", "2^10", "7%3", "x=5; x*x", "sqrt(2)", "5>3",
                    "for(i=0;i<3;i++) i", "define f(x){return x+1;} f(2)", "-3/2", "ibase=16; FF",
                    "obase=2; 10", "length(1234)", "1/0", "if (2>1) 7", "a[1]=3; a[1]+1"}) +
             "' | bc 2>&1 | wc -c";
    case 2:
      return "echo " +
             OneOf({"'{\"a\":[3,1,2],\"b\":{\"c\":null},\"s\":\"a,b\"}'", "'{\"a\":[],\"b\":1}'",
                    "'{\"a\":[1,2],\"s\":\"x y\"}'"}) +
             " | jq " + OneOf({"-c ", "-r ", "", "-S -c ", "-e "}) + "'" + JqFilter() + "'";
    case 3:
      return "date -u -d " +
             OneOf({"@0 +%F", "@86399 +%T", "'2024-02-29 +1 year' +%F", "'2024-01-31 1 month' +%F",
                    "2023-12-25 +%a-%j-%U", "'2020-02-02 02:02:02' +%s", "'1 jan 2001' +%y/%m/%d",
                    "@1e3", "'2024-03-10 12:00 -3 days' '+%d %b'", "nonsense +%F"});
    case 4:
      return "printf " +
             OneOf({"'%(%F)T\\n' 0", "'%s\\n' {a..c}", "'%b' 'a\\tb\\n'", "'%q\\n' 'a b'",
                    "'%d\\n' \"'a\"", "'%5.1f|\\n' 3.14159", "'%-6s|%6s|\\n' a b",
                    "'%s=%d\\n' a 1 b 2 c", "'%x %X %o\\n' 255 255 8", "'%e\\n' 12345",
                    "'%.3s|\\n' abcdef", "'%c%c\\n' xy z", "'%%\\n'", "'%i\\n' 0x1f"});
    case 5:
      return OneOf({"seq 5", "seq 3 -1 1", "seq -w 8 10", "seq 1 .5 2",
                    "printf '%s\\n' b:2 a:1 c:3", "printf '%s\\n' 10 9 2 1a",
                    "printf 'a,b,c\\n1,2,3\\n4,,6\\n'", "printf 'x=1\\ny = 2\\n# c\\n\\nz=3\\n'"}) +
             " | " + FilterOfAll() + " | " + FilterOfAll();
    case 6:
      return "printf 'k1 3 a\\nk2 1 b\\nk1 5 c\\n' | awk '" +
             OneOf(
                 {"{s[$1]+=$2} END{for(k in s) print k, s[k] | \"sort\"}",
                  "function f(a,b){return a>b?a:b} {m=f(m,$2)} END{print m}",
                  "{a[NR]=$0} END{for(i=NR;i>0;i--) print a[i]}",
                  "BEGIN{while((\"echo q\" | getline v)>0) print v} {print NR\":\"$3}",
                  "{printf \"%-4s|%03d|%s\\n\", $1, $2, substr($3,1)}",
                  "{$2=\"\"; print; print NF}", "{sub(/k/,\"K\",$1)} 1",
                  "$2>2{n++} END{print n+0, NR}", "{print > \"/dev/stdout\"} END{print length($0)}",
                  "{split($0,p,\" \"); print p[3] p[1]} /b/{next} {print \"-\"}",
                  "{print ($1 in s) ? \"again\" : \"new\"; s[$1]}",
                  "BEGIN{printf \"%s %s\\n\", 1e3, 0.1+0.2; exit 2} END{print \"end\"}",
                  "{gsub(/[0-9]/,\"(&)\"); print tolower($0), index($0,\"k\")}",
                  "NR==2{print $(NF-1); getline; print}", "BEGIN{RS=\"\";FS=\"\\n\"}{print NF}"}) +
             "'";
    case 7:
      return "printf 'one\\ntwo three\\nfour\\n\\nsix\\n' | sed " +
             OneOf({"-n '2,4p'",
                    "'/^$/d;s/o/0/g'",
                    "-E 's/(.)(.)/\\2\\1/'",
                    "'1~2d'",
                    "'/two/,/six/{s/^/> /}'",
                    "-n '/o/{=;p}'",
                    "'$!{h;d};x;G'",
                    "'2q'",
                    "'3i\\x'",
                    "'/four/{N;N;s/\\n/+/g}'",
                    "-e '1h;2,$H;$!d;x;s/\\n/,/g'",
                    "'s/[aeiou]/<&>/2g'",
                    "'y/oe/01/'",
                    "-s '$='",
                    "'/t/!d'",
                    "'2c\\new'",
                    "'0,/o/d'",
                    "'s/x\\|o/_/I'",
                    "'/one/r /dev/null'",
                    "'s/\\(t\\)\\(w\\)/\\U\\1\\E\\2/;t;s/$/./'"});
    default:
      return OneOf({"printf 'b 2\\na 1\\n' | sort -k2n",
                    "printf 'a b\\nc d\\n' | xargs -n1 echo -",
                    "printf '3\\n1\\n2\\n' | sort -rn | head -n 2 | paste -sd+",
                    "printf 'a\\nb\\na\\n' | sort | uniq -c | sort -rn",
                    "echo abc | rev | tr a-c A-C",
                    "printf 'a:b\\n' | cut -d: -f2 --output-delimiter=,",
                    "echo a b c | fold -w 3",
                    "printf 'x y\\nx z\\n' | join - <(printf 'x 1\\n')",
                    "echo hello | md5sum",
                    "printf 'a\\tb\\n' | expand -t 4",
                    "echo 1234567 | numfmt --grouping",
                    "printf 'a\\nb\\n' | nl -w2 -s.",
                    "echo 10 | factor",
                    "yes a | head -n 2",
                    "printf 'a b\\n' | column -t",
                    "echo aGk= | base64 -d",
                    "echo hi | od -An -c",
                    "printf 'b\\na\\n' | tsort",
                    "seq 6 | shuf | wc -l",
                    "echo x | tee f1 | wc -c"});
  }
}

std::string ScriptMaker::SmallTree() {
  if (place_.concurrent) return Simple();
  return "mkdir -p d/e; touch f1 g.txt .h d/f3 d/e/k.txt 'a b'; " +
         OneOf({"echo ", "printf '%s\\n' ", "ls -d "}) + Glob() + "; " +
         OneOf({"find . -name '*.txt' | sort",
                "find d -type f -printf '%f %d\\n' | sort",
                "find . -maxdepth 1 -type d | sort",
                "ls -R d",
                "ls -A1",
                "find . -path './d/*' -prune -o -print | sort",
                "stat -c '%n %F %a' f1 d",
                "rm -r d; ls",
                "find . -empty -type f | wc -l",
                "cp -r d d2; find d2 | sort",
                "tar cf - d | tar tf - | sort",
                "mv d/* .; ls",
                "find . -type f -exec basename {} \\; | sort",
                "grep -rl '' . | wc -l",
                "shopt -s globstar; echo **/*.txt",
                "cd d && echo * && cd ..",
                "chmod -w f1; ls -l f1 | cut -c1-10",
                "ln -s d s; ls -l s | cut -c1; readlink s",
                "[ -d d -a -f f1 ] && echo both",
                "find d -depth | tail -n 1",
                "du -a d | wc -l",
                "realpath --relative-to=d f1"});
}

// Nothing that it runs may last longer than its reader.
std::string ScriptMaker::ProcessSubstitution() {
  if (deep()) return Simple();
  place_.concurrent = true;
  place_.subshell = true;
  const std::string input = Input();
  switch (Pick(4)) {
    case 0:
      return "cat <(" + input + ")";
    case 1:
      return "diff <(" + input + ") <(" + Input() + ")";
    case 2:
      return "read -r x < <(" + input + "); echo \"$x\"";
    default:
      return "paste -d: <(" + input + ") <(echo a)";
  }
}

std::string ScriptMaker::ListLoop() {
  if (place_.loops >= 2) return Simple();
  const std::string counter = "i" + std::to_string(++counters_);
  return OneOf({"for k in \"${!arr[@]}\"; do echo \"$k=${arr[$k]}\"; done",
                "for k in \"${!map[@]}\"; do echo \"$k=${map[$k]}\"; done",
                "for e in \"${arr[@]}\"; do echo \"<$e>\"; done", "for e; do echo \"<$e>\"; done",
                "for e in \"$@\"; do case $e in a*) echo A;; *) echo \"$e\";; esac; done",
                "IFS=: read -ra arr <<< a:b::c; echo \"${#arr[@]}\"",
                "for e in $x; do printf '%s,' \"$e\"; done; echo",
                "set -- \"${arr[@]}\"; while [ $# -gt 0 ]; do echo \"$1\"; shift; done",
                "printf -v x '%s;' \"${arr[@]}\"; echo \"$x\"",
                "arr=(\"${arr[@]/a/b}\"); echo \"${arr[*]}\"",
                "unset 'arr[0]'; echo \"${!arr[@]}\"", "arr=(\"${arr[@]:1}\"); echo \"${#arr[@]}\"",
                "x=${arr[*]}; echo \"${x// /_}\""}) +
         "; for ((" + counter + "=0; " + counter + "<${#x} && " + counter + "<4; " + counter +
         "++)); do echo \"${x:" + counter + ":1}\"; done";
}

std::string ScriptMaker::Reference() {
  return OneOf({"declare -n ref=x; ref=5; echo \"$x ${!ref}\"; unset -n ref",
                "declare -n ref=arr; ref+=(q); echo \"${ref[@]} ${#ref[@]}\"; unset -n ref",
                "declare -n ref=y; ref+=w; echo \"$ref\"; unset -n ref",
                "declare -n ref=map; ref[k]=v; echo \"${!ref} ${map[k]}\"; unset -n ref",
                "v=x; echo \"${!v}\" \"${!v-unset}\" \"${!v:0:1}\"",
                "v='arr[1]'; echo \"${!v}\"; v='arr[@]'; echo \"${!v}\"",
                "xa=1 xb=2; echo \"${!xa*}\" ${!xa@}",
                "printf -v 'arr[2]' '%03d' 7; echo \"${arr[2]}\"",
                "eval \"$(declare -p x 2> /dev/null)\"; echo \"$x\"",
                "g() { local -n r=$1; r=in; }; g x; echo \"$x\"",
                "g() { local x=l; h; }; h() { echo \"$x\"; x=m; }; g; echo \"$x\"",
                "g() { local x; unset x; echo \"${x-none}\"; }; x=o; g",
                "g() { declare -g z=glob; local z=l; echo \"$z\"; }; g; echo \"$z\"",
                "g() { echo \"${FUNCNAME[0]} ${#FUNCNAME[@]} $#\"; }; g a b",
                "g() { set -- q; echo \"$1\"; return 3; }; g a; echo \"$? $#\""});
}

std::string ScriptMaker::Signal() {
  constexpr std::string_view kCoprocess =
      "coproc { read -r l; echo \"got $l\"; }; echo hi >&\"${COPROC[1]}\"; read -r l "
      "<&\"${COPROC[0]}\"; echo \"$l\"; wait";
  if (place_.concurrent || place_.subshell) return Simple();
  return OneOf({"trap 'echo usr' USR1; kill -USR1 $$; echo after; trap - USR1",
                "trap '' TERM; kill -TERM $$; echo alive; trap - TERM",
                "(trap 'echo t; exit 3' TERM; kill -TERM $BASHPID; echo no); echo $?",
                "{ (kill -KILL $BASHPID); } 2> /dev/null; echo $?", "(exit 7) & wait $!; echo $?",
                "bash -c 'exit 9'; echo $?", "bash -c 'echo $0 $# \"$@\"' n a 'b c'",
                "{ sh -c 'echo ${1-none}; kill -9 $$'; } 2> /dev/null; echo $?",
                "{ sleep 0.01; echo late; } & echo early; wait", "trap -p; trap | wc -l",
                "timeout 5 true; echo $?", "timeout 0.01 sleep 5; echo $?", "! true; echo $?",
                "set -o pipefail; false | true; echo $?; set +o pipefail", kCoprocess});
}

}  // namespace computesdk::differential
