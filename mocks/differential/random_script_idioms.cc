// Idioms of real scripts, with random commands and words inside.

#include <string>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {

std::string ScriptMaker::LocalFunction() {
  if (place_.function || place_.loops > 0) return Simple();
  place_.function = true;
  place_.loops = 1;
  place_.concurrent = true;
  const std::string locals = OneOf(
      {"local x y=$1", "local x=l; local -a arr=(\"$@\")", "local -A map=([k]=$1)",
       "local -i x=2; local -u y=ab", "local x=$1 y=$x z",
       "local -r z=5; local IFS=:", "local x; x=$(false)", "local -x x=e", "local arr; arr=($@)",
       "local -", "shift", "local x=1 x=2", "local y=\"$*\" z=$#", "declare x=d; declare -g y=g"});
  const std::string body = Commands();
  const bool ended = body.back() == '\n' || body.back() == '&';
  return "lf() { " + locals + "; " + body + (ended ? " " : "; ") +
         OneOf({"", "return 1; ", "echo \"$x $y\"; ", "lf2() { echo in; }; "}) + "}; lf " +
         Words(3) + "; echo \"$? $x $y\"";
}

std::string ScriptMaker::OptionLoop() {
  return "set -- " +
         OneOf({"-a -b v rest", "-ab v", "-bv", "-a -- -b", "-x", "-b", "--long", "a -a", "-nq"}) +
         "; OPTIND=1; while getopts " + OneOf({"ab:", ":ab:", "an", ":b:x"}) +
         " o 2> /dev/null; do case $o in a) echo A;; b) echo \"B=$OPTARG\";; " +
         OneOf({"\\?) echo \"bad $OPTARG\";; ", ":) echo \"needs $OPTARG\";; ", "*) break;; "}) +
         "esac; done; shift $((OPTIND - 1)); echo \"$# $*\"";
}

std::string ScriptMaker::ReadLoop() {
  if (place_.loops >= 2) return Simple();
  const std::string mark = "R" + std::to_string(++documents_);
  const std::string head =
      OneOf({"while read -r p q", "while IFS=: read -r p q", "while IFS= read -r p",
             "while read -r p q && [[ $p ]]", "while read -n 2 p", "while read -d ';' -r p",
             "while IFS=, read -ra f", "until ! read -r p q"});
  const std::string body =
      OneOf({"echo \"<$p|$q>\"", "case $p in a*) echo A;; '#'*) continue;; *) echo \"$p\";; esac",
             "[[ $p =~ ^([a-z]+)[:=](.*)$ ]] && echo \"${BASH_REMATCH[1]}=${BASH_REMATCH[2]}\"",
             "(( n += ${#p} )); echo $n", "printf '%s:%s\\n' \"${p^}\" \"${q:-none}\"",
             "echo \"${f[0]} ${#f[@]}\"", "[ -z \"$p\" ] && break; echo \"$p\"",
             "arr+=(\"${p%% *}\")", "x=${p#*[:=]}; echo \"$x\""});
  std::string text;
  const std::size_t lines = 1 + Pick(4);
  for (std::size_t i = 0; i < lines; ++i) {
    text +=
        OneOf({"a b c", "k:v w", "# note", "", "x=1;y=2", "  lead", "a,b,,c", "end\\", "*", "$x"}) +
        "\n";
  }
  return head + "; do " + body + "; done <<'" + mark + "'\n" + text + mark + "\n";
}

std::string ScriptMaker::Redirections() {
  if (place_.concurrent) return Simple();
  return OneOf({"exec {fd}> f2; echo a >&$fd; exec {fd}>&-; cat f2",
                "{ echo o; echo e >&2; } 2>&1 | sort",
                "{ echo o; echo e >&2; } > f1 2>&1; cat f1",
                "{ echo o; echo e >&2; } 2>&1 > f1 | cat; cat f1",
                "echo a &> f1; echo b &>> f1; cat f1",
                "cat < f9 2> /dev/null || echo none",
                "echo a > f1 > f2; cat f1 f2",
                "cat <<< a <<< b",
                "set -C; echo a > f1; echo b > f1; echo c >| f1; cat f1; set +C",
                "exec 3< <(echo a); read -r x <&3; exec 3<&-; echo \"$x\"",
                "read -r x y <<< \"a b c\"; echo \"$y\"",
                "{ cat; echo; } < /dev/null",
                "echo a >&3; echo $?",
                "echo a 3> f1 >&3; cat f1",
                "> f1; [ -s f1 ] || echo empty",
                "{ read -r x; read -r y; } <<< $'l1\\nl2'; echo \"$y $x\"",
                "echo a | tee f1 f2 > /dev/null; cat f1 f2",
                "cat f1 - <<< q 2> /dev/null",
                "for e in 1 2; do echo $e; done > f1; wc -l < f1",
                "if true; then echo t; fi >> f1; cat f1",
                "while read -r e; do echo \"[$e]\"; done < f1 > f2; cat f2",
                "(echo s; exit 3) > f1; echo $?; cat f1",
                "x=$(echo o; echo e >&2) 2> /dev/null; echo \"$x\"",
                "echo a >> d 2> /dev/null; echo $?",
                "mkdir -p d; echo a > d 2> /dev/null; echo $?"});
}

std::string ScriptMaker::Recipe() {
  return OneOf(
      {"fact() { (( $1 < 2 )) && echo 1 || echo $(( $1 * $(fact $(( $1 - 1 ))) )); }; fact 5",
       "s=abc; r=; while [ -n \"$s\" ]; do r=${s:0:1}$r; s=${s#?}; done; echo $r",
       "declare -A c; for w in a b a; do (( c[$w]++ )); done; echo ${c[a]} ${c[b]}",
       "select o in p q; do echo \"$o $REPLY\"; break; done <<< 2 2> /dev/null",
       "a=(3 1 2); IFS=$'\\n' b=($(sort <<< \"${a[*]}\")); echo \"${b[@]}\"; unset IFS",
       "die() { echo \"$1\" >&2; return \"${2:-1}\"; }; die no 3 2> /dev/null; echo $?",
       "n=0; until [ $n -ge 3 ]; do n=$((n+1)); [ $n -eq 2 ] && continue; echo $n; done",
       "v=$(printf '%03d' 7); echo $((10#$v + 1)); echo $((v + 1))",
       "p=/a/b/c.tar.gz; echo ${p##*/} ${p%/*} ${p%%.*} ${p#*.} ${p##*.}",
       "t=' a b '; t=${t#\"${t%%[! ]*}\"}; t=${t%\"${t##*[! ]}\"}; echo \"<$t>\"",
       "a=(1 2 3); echo $(( ${a[@]/%/+} 0 )); echo \"${a[@]/#/n}\"",
       "(set -e; false; echo no); echo $?",
       "set -- {a..e}; echo ${@:2:3} ${*: -2} ${#@}",
       "x=5; (( x > 3 && x < 9 )) && echo in; (( x % 2 )) || echo even; echo $(( x > 3 ? x : 3 ))",
       "trap 'echo bye $?' EXIT; (exit 4); trap - EXIT",
       "f() { return $(( $# % 256 )); }; f a b c; echo $?",
       "case abc in a?c) echo 1;;& *b*) echo 2;; *) echo 3;; esac",
       "m() { printf '%s\\n' \"${@:-none}\"; }; m; m a 'b c'",
       "echo {a,b}{1..3} x{y,z}w",
       "for ((i=0, j=5; i<j; i++, j--)); do echo $i$j; done",
       "l=(); l+=(x); l+=('y z'); echo ${#l[@]} \"${l[-1]}\"",
       "printf '%s\\n' \"${BASH_SOURCE[0]-none}\" \"${FUNCNAME[0]-main}\" \"$BASH_SUBSHELL\"",
       "eval \"$(printf 'v%d=%d;' 1 10 2 20)\"; echo $v1 $v2",
       "read -r a b < <(echo 1 2); echo $((a + b))"});
}

}  // namespace computesdk::differential
