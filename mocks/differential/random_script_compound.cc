// Compound commands, functions, pipelines, files.

#include <string>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {
namespace {

// Ends a list, so that a reserved word may follow.
std::string Ended(const std::string& commands) {
  return commands.back() == '\n' || commands.back() == '&' ? commands + " " : commands + "; ";
}

}  // namespace

std::string ScriptMaker::If() {
  std::string text = "if " + Ended(Simple()) + "then " + Ended(Commands());
  if (Chance(20)) text += "elif " + Ended(Simple()) + "then " + Ended(Command());
  if (Chance(40)) text += "else " + Ended(Commands());
  return text + "fi";
}

std::string ScriptMaker::AndOr() { return Simple() + OneOf({" && ", " || "}) + Command(); }

std::string ScriptMaker::LoopBody() {
  ++place_.loops;
  std::string body = Ended(Commands());
  if (Chance(10))
    body += (place_.loops > 1 && !place_.function ? OneOf({"break 2; ", "continue 2; "})
                                                  : OneOf({"break; ", "continue; "}));
  return "do " + body + "done";
}

std::string ScriptMaker::For() {
  if (place_.loops >= 2) return Simple();
  return "for " + ScalarName() + OneOf({" in ", " in "}) + AssignedWords(3) + "; " + LoopBody();
}

// Its counter is nobody else's.
std::string ScriptMaker::While() {
  if (place_.loops >= 2) return Simple();
  const std::string counter = "i" + std::to_string(++counters_);
  const std::string test = Chance(30) ? " && " + Condition() : "";
  return counter + "=0; " +
         (Chance(70) ? "while (( " + counter + "++ < 3 ))" + test
                     : "until (( " + counter + "++ >= 2 ))") +
         "; " + LoopBody();
}

std::string ScriptMaker::ArithmeticFor() {
  if (place_.loops >= 2) return Simple();
  const std::string counter = "i" + std::to_string(++counters_);
  return "for ((" + counter + "=0; " + counter + "<3; " + counter + "++)); " + LoopBody();
}

std::string ScriptMaker::Case() {
  // With a list in it, bash splits it at the characters of IFS.
  std::string word = Word();
  if (word.find('@') != std::string::npos) word = "\"$x\"";
  std::string text = "case " + word + " in ";
  const std::size_t branches = 1 + Pick(3);
  for (std::size_t i = 0; i < branches; ++i) {
    text += OneOf({"", "("}) + Pattern() + (Chance(30) ? "|" + Pattern() : "") + ") " + Command() +
            OneOf({" ;; ", " ;; ", " ;& ", " ;;& "});
  }
  if (Chance(50)) text += "*) echo other;; ";
  return text + "esac";
}

std::string ScriptMaker::Group() { return "{ " + Ended(Commands()) + "}"; }

std::string ScriptMaker::Subshell() {
  place_.subshell = true;
  std::string body = Commands();
  return "( " + body + " )";
}

std::string ScriptMaker::DefineFunction() {
  if (place_.function || place_.loops > 0 || functions_.size() >= 5) return CallFunction();
  const std::string name = "fn" + std::to_string(functions_.size() + 1);
  place_.function = true;
  place_.loops = 1;
  // It may run beside another process.
  place_.concurrent = true;
  std::string body = Ended(Commands());
  if (Chance(30)) body += OneOf({"return; ", "return 3; ", "return $x; ", "exit 2; "});
  functions_.push_back(name);
  return name + "() " + (Chance(85) ? "{ " + body + "}" : "( " + body + ")");
}

std::string ScriptMaker::CallFunction() {
  if (functions_.empty()) return Simple();
  const std::string name = functions_[Pick(functions_.size())];
  return OneOf({"", "", "x=1 ", "! "}) + name + " " + Words(3);
}

// --- pipelines ----------------------------------------------------------------------------------

std::string ScriptMaker::AwkProgram() {
  return OneOf({"{print $1}",
                "{print NF, NR}",
                "{s+=$1} END{print s}",
                "/a/{print $NF}",
                "{print length($0)}",
                "BEGIN{FS=\":\"}{print $2}",
                "{gsub(/a/,\"<&>\"); print}",
                "{print toupper($0)}",
                "NR%2",
                "{n=split($0,p,/[ :]/); print n, p[1]}",
                "{c[$1]++} END{for(k in c) t+=c[k]; print t}",
                "{print substr($0,2,3)}",
                "{printf \"%5s|%d\\n\", $1, $2}",
                "!s[$0]++",
                "{$2=\"x\"; print}",
                "{print index($0,\"b\")}",
                "END{print NR}",
                "{x = x $1} END{print x}",
                "$1>0",
                "{print ($1 < $2)}",
                "{sub(/^[ \\t]+/,\"\"); print}",
                "NR==1,/b/{print}",
                "{NF=2; print}",
                "{print match($0,/[0-9]+/), RSTART, RLENGTH}",
                "{print $1 + 0, -$1}",
                "BEGIN{OFS=\"-\"}{$1=$1}1"});
}

// None that may match nothing: sed finds nothing inside of characters of several bytes, too.
std::string ScriptMaker::SedScript() {
  return OneOf({"s/a/b/",
                "s/a/b/g",
                "s/[a-c]/<&>/2",
                "/a/d",
                "$d",
                "1d",
                "y/abc/xyz/",
                "s/\\(a\\)\\(b\\)/\\2\\1/",
                "s/ *$//",
                "s/^/> /",
                "1!G;h;$!d",
                "/a/,/b/s/x/y/",
                "2p",
                "s/.*/\\U&/",
                "=",
                "a\\\nx",
                "1i top",
                "s/bb*/-/g",
                "N;s/\\n/+/",
                "$!N;P;D",
                "s/a\\|b/_/g",
                "/^$/d",
                "s/\\./,/;ta;s/$/!/;:a",
                "l",
                "c changed",
                "s/[a-c]/y/3",
                "2{s/a/A/;p}",
                "s/\\w\\+/[&]/g"});
}

// Reads everything, whatever writes.
std::string ScriptMaker::FilterOfAll() {
  switch (Pick(16)) {
    case 0:
      return "cat";
    case 1:
      return "sort " + OneOf({"", "-r", "-n", "-u", "-f", "-k2", "-t: -k2", "-nr", "-k1,1n", "-s",
                              "-b", "-V", "-h", "-c", "-uf", "-k2,2r -k1"});
    case 2:
      return "uniq " + OneOf({"", "-c", "-d", "-u", "-i", "-f1", "-s1", "-w1", "-D"});
    case 3:
      return "tr " + OneOf({"a-z A-Z", "-d a", "-s ' '", "' ' '\\n'", "-cd 'a-z\\n'", "abc x",
                            "-s a-z", "'[:upper:]' '[:lower:]'", "-d '\\n'", "'\\n' ,",
                            "-c 'a\\n' .", "'a-c' '1-3'"});
    case 4:
      return "cut " + OneOf({"-c1", "-c2-3", "-d: -f2", "-d' ' -f1", "-f1", "-c-2", "-d: -f1,3",
                             "-b1-2", "-d: -s -f2", "-d' ' -f2-", "--complement -c1",
                             "-d: -f1- --output-delimiter=+"});
    case 5:
      return "wc " + OneOf({"-l", "-w", "-c", "-m", "", "-L", "-lw"});
    case 6:
      return "sed " + OneOf({"", "-n ", "-e p -e "}) + "'" + SedScript() + "'";
    case 7:
      return "awk " + OneOf({"", "-F: ", "-v n=1 "}) + "'" + AwkProgram() + "'";
    case 8:
      return "grep " +
             OneOf({"", "-v ", "-c ", "-n ", "-i ", "-o ", "-E ", "-w ", "-x ", "-F ", "-nE ",
                    "-A1 ", "-b "}) +
             OneOf({"a", "'^a'", "'b$'", "-e a -e b", "'[a-c]'", "'a*'", "'.'", "''", "'\\.'",
                    "'a\\|b'", "'x\\?'", "'(a|b)'"});
    case 9:
      return "tail " + OneOf({"-n1", "-n2", "-n +2", "-c3", "-c +2", "-1"});
    case 10:
      return OneOf(
          {"rev", "tac", "nl", "nl -ba", "cat -n", "cat -A", "cat -s", "cat -E", "cat -b"});
    case 11:
      return OneOf({"fold -w2", "paste -sd,", "paste - -", "fmt -w 20 | cat", "expand",
                    "unexpand -a", "paste -sd ' +'", "fold -sw 4", "column | wc -c", "od -c",
                    "od -An -tx1", "base64", "md5sum", "cksum | wc -w", "xxd -p"});
    case 12:
      return OneOf({"xargs", "xargs -n1", "xargs -n2 echo x", "xargs -I{} echo '<{}>'",
                    "xargs printf '%s|'", "xargs -d'\\n' -n1 echo"}) +
             " 2> /dev/null | wc " + OneOf({"-w", "-l", "-c"});
    case 13:
      return "while read -r l; do echo \"[$l]\"; done";
    case 14:
      return "while IFS=: read -r p q; do printf '%s=%s\\n' \"$q\" \"$p\"; done";
    default:
      return "{ cat; echo $?; }";
  }
}

// May stop reading: only what writes once may stand before it.
std::string ScriptMaker::Filter() {
  switch (Pick(4)) {
    case 0:
      return "head " + OneOf({"-n1", "-n2", "-c3", "-n -1", "-1", "-c -2"});
    case 1:
      return OneOf({"read -r l", "grep -q a", "sed 1q", "sed -n 2q", "awk '{print; exit}'",
                    "grep -m1 a", "awk 'NR==1{exit 3}'"}) +
             "; echo $?";
    case 2:
      return "tee /dev/null";
    default:
      return "{ read -r l; echo \"$l\"; cat; }";
  }
}

std::string ScriptMaker::Input() {
  return "printf " +
         OneOf({"'%s\\n'", "'a\\nb c\\nb c\\n%s\\n'", "'%s:%s\\n'", "'%s'", "'3\\n10\\n2\\n%s\\n'",
                "'a:b:c\\n%s'"}) +
         " " + Words(4);
}

std::string ScriptMaker::Pipeline() {
  place_.concurrent = true;
  place_.subshell = true;
  std::string text;
  bool once = true;
  switch (Pick(deep() ? 2 : 5)) {
    case 0:
    case 1:
      text = Input();
      break;
    case 2:
      text = "echo " + Words(4);
      break;
    default:
      text = Group();
      once = false;
  }
  // A here-document ends the line: the rest would be read as its text.
  if (text.find("<<") != std::string::npos) return text;
  text += " | " + (once && Chance(15) ? Filter() : FilterOfAll());
  if (Chance(30)) text += " | " + FilterOfAll();
  if (Chance(10)) text += "; echo \"${PIPESTATUS[@]}\"";
  return text;
}

// --- files --------------------------------------------------------------------------------------

std::string ScriptMaker::UseFile() {
  if (place_.concurrent) return Simple();
  switch (Pick(8)) {
    case 0:
      return Input() + OneOf({" > f1", " >> f1", " > f2", " > d/f3"});
    case 1:
      return FilterOfAll() + OneOf({" < f1", " < f2"});
    case 2:
      return OneOf({"mkdir d", "mkdir -p d/e", "touch f1 f2", "rm -f f1", "rm -rf d", "cp f1 f2",
                    "mv f1 f2", "ln -s f1 l1", "touch 'a b'", "mkdir d; touch d/f3", "rm f1",
                    "cp -r d d2", "rmdir d", "touch .h", "chmod 600 f1", "touch f1 g.txt fA",
                    "ln f1 f4", "truncate -s 3 f1", "mv f1 d"}) +
             OneOf({"", "; ls", "; ls -a", "; echo *"});
    case 3:
      return OneOf({"cat f1",
                    "cat f1 f2",
                    "wc -l f1",
                    "head -n1 f1 f2",
                    "sort f1",
                    "grep -n a f1 f2",
                    "diff f1 f2",
                    "cmp f1 f2",
                    "sed -i 's/a/b/' f1",
                    "awk '{print FILENAME, $1}' f1",
                    "tail -n1 f1",
                    "comm f1 f2",
                    "join f1 f2",
                    "paste f1 f2",
                    "stat -c %s f1",
                    "grep -rc a . | sort",
                    "find . -type f | sort",
                    "find d -name 'f*'",
                    "sed -n '$=' f1",
                    "nl f1",
                    "grep -l a f1 f2",
                    "grep -c '' f1",
                    "ls f1 d",
                    "test -s f1",
                    "sort -o f2 f1",
                    "uniq f1 f2",
                    "tac f1",
                    "split -l1 f1"});
    case 4:
      return Echo() + " > f1; " +
             OneOf({"cat f1", "wc -c < f1", "cat < f1", "read x < f1", "x=$(<f1)",
                    "mapfile -t arr < f1"});
    case 5:
      return "while read -r l; do echo \"$l\"; done < f1";
    case 6:
      return "{ " + Ended(Command()) + "} > f2; cat f2";
    default:
      return OneOf({"exec 4> f2; echo a >&4; exec 4>&-; cat f2", "exec 3>> f3; echo a >&3",
                    "exec 5<> f1; read x <&5; echo b >&5"});
  }
}

std::string ScriptMaker::HereDocument() {
  if (deep()) return Simple();
  const std::string mark = "E" + std::to_string(++documents_);
  std::string open = OneOf({"<<", "<<'", "<<-"}) + mark;
  if (open.find('\'') != std::string::npos) open += "'";
  if (!place_.concurrent && Chance(15)) {
    // A shell in parentheses does not come back from a file that ends with a program.
    return "cat > lib" + mark + ".sh <<'" + mark + "'\n" + Ended(Commands()) + ":\n" + mark +
           "\n. ./lib" + mark + ".sh $x";
  }
  std::string text;
  const std::size_t lines = Pick(4);
  for (std::size_t i = 0; i < lines; ++i) {
    text += OneOf({"a", "\tb", "  $x", "\\$x", "`echo a`", "${y:-c}", "$((1+1))", "'$x'", "\"$x\"",
                   "a\\\nb", "\\\\", "$1 $#", "*", ""}) +
            "\n";
  }
  return OneOf({"cat ", "wc -c ", "read -r x y ", "sort ",
                "while read -r l; do echo \"[$l]\"; done ", "mapfile -t arr "}) +
         open + "\n" + text + mark + "\n";
}

std::string ScriptMaker::Redirected() {
  if (deep()) return Simple();
  std::string command = Chance(50) ? Simple() : Group();
  if (command.find("<<") != std::string::npos) return command;
  // The lines that messages of $( ) speak of are bash's own: 2>&1 shows few of them.
  return "{ " + Ended(command) + "} " +
         OneOf({"2> /dev/null", "> /dev/null", "< /dev/null", ">&2", "&> /dev/null", "3>&1",
                "<<< a"});
}

std::string ScriptMaker::Background() {
  if (deep() || place_.concurrent || debug_trap_) return Simple();
  background_ = true;
  place_.concurrent = true;
  place_.subshell = true;
  const std::string group = Group();
  return group + OneOf({" & wait", " & wait $!; echo $?", " & wait; echo $?"});
}

}  // namespace computesdk::differential
