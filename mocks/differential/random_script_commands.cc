// Simple commands: what prints, assigns, tests and sets.

#include <string>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {
std::string ScriptMaker::Echo() {
  return OneOf({"echo ", "echo -n ", "echo -e ", "echo -E ", "builtin echo ", "echo -ne "}) +
         Words(4);
}

std::string ScriptMaker::Printf() {
  const std::string format =
      OneOf({"'<%s>'", "'%s\\n'", "'%d '",    "'%5s|'",    "'%-5s|'",    "'%05d '",   "'%q '",
             "'%b'",   "'%x '",   "'%c'",     "'%.2s|'",   "'%s %s\\n'", "'%%%s'",    "'%o '",
             "'%+d '", "'%8s|'",  "'%e '",    "'%.1f '",   "'%i %s|'",   "'\\x41%s'", "'%u '",
             "'%#x '", "'a\\n'",  "'\\\\%s'", "'%s\\c%s'", "'%X '",      "'%3c|'",    "'%.*s|'",
             "'%g '",  "'%-8q|'", "'%z'",     "'% d'",     "'\\101%5b'"});
  return "printf " + format + " " + Words(4);
}

std::string ScriptMaker::Assign() {
  switch (Pick(6)) {
    case 0:
      return ScalarName() + "=" + AssignedWord();
    case 1:
      return ScalarName() + "+=" + (repeated() ? Plain() : Word());
    case 2:
      return OneOf({"arr[0]", "arr[1]", "arr[3]", "arr[-1]", "map[k]", "map[a b]", "map[$x]",
                    "arr[x]", "map['*']", "arr[y+1]"}) +
             OneOf({"=", "+="}) + (repeated() ? Plain() : Word());
    case 3:
      return ScalarName() + "=" + AssignedWord() + " " + ScalarName() + "=" + AssignedWord();
    case 4:
      return "IFS=" + OneOf({":", "' '", "", "$' \\t\\n'", ",", "'a '", "$'\\n'"}) + " " + Echo();
    default:
      return ScalarName() + "=" + AssignedWord() + " " +
             OneOf({"echo \"$x\"", "eval 'echo $x'", "printenv x", "bash -c 'echo \"$x\"'", ":",
                    "true", "export -p | grep -c ' x='"});
  }
}

std::string ScriptMaker::AssignArray() {
  switch (Pick(6)) {
    case 0:
      return "arr=(" + AssignedWords(4) + ")";
    case 1:
      return "arr+=(" + (repeated() ? Plain() : Words(3)) + ")";
    case 2:
      return "arr=([2]=" + AssignedWord() + " " + AssignedWord() + " [0]=" + Plain() + ")";
    case 3:
      return "declare -A map=([k]=" + AssignedWord() + " [a b]=" + Plain() +
             " [x${#x}]=" + Plain() + ")";
    case 4:
      return "map+=([" + Plain() + "]=" + Plain() + ")";
    default:
      return "declare -A map; map=(" + Plain() + " " + AssignedWord() + ")";
  }
}

std::string ScriptMaker::Declare() {
  const std::string builtin = place_.function ? OneOf({"local", "declare", "typeset", "declare -g"})
                                              : OneOf({"declare", "export", "typeset"});
  // bash loses the value of `declare -g -a x=a` where x is local.
  const std::string flags = builtin == "declare -g"
                                ? OneOf({"", "", "-i ", "-u ", "-x "})
                                : OneOf({"", "", "-i ", "-u ", "-l ", "-x ", "-a ", "-c "});
  const std::string names = ScalarName() + "=" + AssignedWord();
  return builtin + " " + (builtin == "export" ? "" : flags) + names +
         (Chance(30) ? " " + ScalarName() : "");
}

std::string ScriptMaker::Unset() {
  return OneOf({"unset x", "unset y z", "unset 'arr[1]'", "unset arr", "unset 'map[k]'",
                "unset map", "unset -v x", "unset 'arr[-1]'", "unset -f fn1", "unset nothing",
                "unset 'arr[@]'"});
}

std::string ScriptMaker::Test() {
  const std::string open = OneOf({"[ ", "test "});
  std::string text;
  switch (Pick(5)) {
    case 0:
      text = OneOf({"-n ", "-z ", "-e ", "-f ", "-d ", "! -n ", "-s ", "-v ", "-r "}) +
             OneOf({"\"$x\"", "$x", "f1", "d", "x", "arr", "'arr[1]'", "y", "map"});
      break;
    case 1:
      text = QuotedParameter() + OneOf({" = ", " != ", " == ", " \\< ", " \\> "}) + Word();
      break;
    case 2:
      text = OneOf({"\"$x\"", "$y", "\"${#arr[@]}\"", "1"}) +
             OneOf({" -eq ", " -ne ", " -lt ", " -ge ", " -gt ", " -le "}) + Number();
      break;
    case 3:
      text = Word();
      break;
    default:
      text = "-n \"$x\" " + OneOf({"-a", "-o"}) + " " + OneOf({"!", ""}) + " -z \"$y\"";
  }
  return open + text + (open == "[ " ? " ]" : "");
}

std::string ScriptMaker::ConditionTerm() {
  switch (Pick(6)) {
    case 0:
      return OneOf({"-n ", "-z ", "-e ", "-f ", "-d ", "-v "}) +
             OneOf({"$x", "\"$y\"", "f1", "x", "arr[1]", "${arr[*]}"});
    case 1:
      return Parameter() + OneOf({" == ", " != ", " = "}) + Pattern();
    case 2:
      return QuotedParameter() + OneOf({" == ", " < ", " > ", " != "}) +
             OneOf({"a", "\"$x\"", "$y", "b*"});
    case 3:
      return OneOf({"x", "$y", "1", "z", "\"$x\"", "x+1"}) +
             OneOf({" -eq ", " -lt ", " -ge ", " -ne "}) + OneOf({"0", "y", "7", "$x", "1+1"});
    case 4:
      return Parameter() + " =~ " + Regex();
    default:
      return "! " + OneOf({"$x", "-n $y", "a == b", "x", "\"\""});
  }
}

std::string ScriptMaker::Condition() {
  std::string text = "[[ " + ConditionTerm();
  if (Chance(30)) text += OneOf({" && ", " || "}) + ConditionTerm();
  if (Chance(10)) text += " && ( " + ConditionTerm() + " || " + ConditionTerm() + " )";
  return text + " ]]";
}

std::string ScriptMaker::ShownCondition() {
  const std::string text = Condition();
  return Chance(20) ? text + "; echo $? \"${BASH_REMATCH[@]}\"" : text;
}

std::string ScriptMaker::ArithmeticCommand() {
  return Chance(80) ? "(( " + Expression() + " ))" : "let 'x=" + Number() + "' \"y+=1\"";
}

std::string ScriptMaker::Status() {
  // bash does not forget the loops that an error has ended.
  if (place_.loops > 0 && Chance(20)) return OneOf({"break", "continue"});
  return OneOf({"true", "false", ":", "! true", "! false", "echo $?", "(exit 3)", "return 2",
                "echo \"${PIPESTATUS[@]}\"", "nosuchcommand", "exit 4", "[ ]", "command false",
                "builtin true", "type -t echo", "command -v fn1", "type -t fn1"});
}

std::string ScriptMaker::SetPositional() {
  return OneOf({"set -- ", "set -- ", "shift; set -- ", "set a "}) + AssignedWords(4) +
         (Chance(20)   ? "; shift"
          : Chance(20) ? "; shift 2"
                       : "");
}

std::string ScriptMaker::Read() {
  const std::string input = " <<< " + (repeated() ? AssignedWord() : Word());
  return OneOf({"read x", "read -r x y", "IFS=: read -r x y", "read -ra arr", "IFS=, read -ra arr",
                "read -r", "read -n 2 x", "read -d b x", "IFS= read -r x", "read x y z",
                "read -N 3 x", "IFS=' :' read x y", "read"}) +
         input + (Chance(30) ? "; echo $? \"$x|$y|$REPLY\"" : "");
}

std::string ScriptMaker::Mapfile() {
  return OneOf({"mapfile -t arr", "mapfile arr", "readarray -t arr", "mapfile -t -n 2 arr",
                "mapfile -t -s 1 arr", "mapfile -d : arr", "mapfile -t -O 2 arr"}) +
         OneOf({" <<< \"$x\"", " <<< $'a\\nb c\\n\\nd'", " < <(printf 'a\\nb')", " <<< a:b:c"});
}

std::string ScriptMaker::Eval() {
  if (deep()) return "eval echo a";
  switch (Pick(4)) {
    case 0:
      return "eval " + InQuotes(Commands());
    case 1:
      return "eval \"echo $x\" 2>&1 | wc -l";
    case 2:
      return "eval 'x=\"$y\"' " + OneOf({"", "'echo $x'", "; echo \"$x\""});
    default:
      return "eval " +
             OneOf({"x=1 echo", "'arr=(1 2)'", "\"y='$#'\"", "'set -- $x'", "echo '$x' '\"$x\"'"});
  }
}

std::string ScriptMaker::Trap() {
  // What a trap on DEBUG writes would meet what a command in the background does.
  const std::string events = background_
                                 ? OneOf({"EXIT", "ERR", "RETURN", "EXIT ERR", "0"})
                                 : OneOf({"EXIT", "ERR", "DEBUG", "RETURN", "EXIT ERR", "0"});
  debug_trap_ = debug_trap_ || events == "DEBUG";
  return "trap " +
         InQuotes(OneOf({"echo trapped", "echo t $?", "echo \"t $x\"", "x=t", ":", "false"})) +
         " " + events + (Chance(20) ? "; trap - " + OneOf({"EXIT", "ERR", "DEBUG"}) : "");
}

std::string ScriptMaker::Getopts() {
  return "OPTIND=1; while getopts " + OneOf({"ab:", ":ab:", "a", "nex:"}) +
         " opt 2>&1; do echo \"$opt ${OPTARG-none} $OPTIND\"; done" +
         (Chance(50) ? "; echo \"$opt $OPTIND\"" : "");
}

std::string ScriptMaker::SmallBuiltin() {
  return OneOf({"shopt -q extglob",
                "set -o | grep -c on",
                "declare -p x",
                "export -p | grep -c ' [xyz]='",
                "declare -p arr map",
                "readonly y; echo $?",
                "export x y",
                "printf -v x '%s-' a b",
                "printf '%*s|%-*s|\\n' 4 \"$x\" -6 \"$y\"",
                "printf -v 'arr[1]' %d 7",
                "set +e",
                "set -e",
                "set -u",
                "set +u",
                "set -f",
                "set +f",
                "declare -f fn1",
                "hash -r",
                "umask",
                "alias q=echo; q a",
                "declare -n ref=x; ref=5",
                "dirs | wc -l",
                "times > /dev/null",
                "wait",
                "shopt -s extglob",
                "set -- a; echo \"${@:0:2}\"",
                "basename a/b.c .c",
                "dirname a/b/c",
                "expr 1 + 2",
                "expr \"$x\" : 'a*'",
                "seq 3",
                "seq 1 2 5",
                "seq -s, 3",
                "declare -i x=1+1; x+=2; echo $x",
                "declare -r r=1; echo $r",
                "x=(1 2); echo ${#x[@]}",
                "echo ${x[@]:0}",
                "declare -a arr; echo ${#arr[@]}",
                "local x 2> /dev/null",
                "pwd | wc -l",
                "cd d 2> /dev/null && cd - > /dev/null",
                "set -o pipefail",
                "IFS=,; echo \"$*\"; unset IFS",
                "declare +x x"});
}

std::string ScriptMaker::Simple() {
  return OneOf(
      {&ScriptMaker::Echo,        &ScriptMaker::Echo,           &ScriptMaker::Printf,
       &ScriptMaker::Printf,      &ScriptMaker::Assign,         &ScriptMaker::Assign,
       &ScriptMaker::AssignArray, &ScriptMaker::Declare,        &ScriptMaker::Unset,
       &ScriptMaker::Test,        &ScriptMaker::ShownCondition, &ScriptMaker::ArithmeticCommand,
       &ScriptMaker::Status,      &ScriptMaker::SetPositional,  &ScriptMaker::Read,
       &ScriptMaker::Mapfile,     &ScriptMaker::Eval,           &ScriptMaker::Trap,
       &ScriptMaker::Getopts,     &ScriptMaker::SmallBuiltin});
}

std::string ScriptMaker::Command() {
  return OneOf({&ScriptMaker::Simple,       &ScriptMaker::Simple,
                &ScriptMaker::Simple,       &ScriptMaker::Simple,
                &ScriptMaker::Simple,       &ScriptMaker::AndOr,
                &ScriptMaker::If,           &ScriptMaker::For,
                &ScriptMaker::While,        &ScriptMaker::ArithmeticFor,
                &ScriptMaker::Case,         &ScriptMaker::Group,
                &ScriptMaker::Subshell,     &ScriptMaker::DefineFunction,
                &ScriptMaker::CallFunction, &ScriptMaker::Pipeline,
                &ScriptMaker::Pipeline,     &ScriptMaker::UseFile,
                &ScriptMaker::HereDocument, &ScriptMaker::Redirected,
                &ScriptMaker::Background,   &ScriptMaker::Program,
                &ScriptMaker::TextProgram,  &ScriptMaker::TextProgram,
                &ScriptMaker::SmallTree,    &ScriptMaker::ProcessSubstitution,
                &ScriptMaker::ListLoop,     &ScriptMaker::Reference,
                &ScriptMaker::Signal,       &ScriptMaker::LocalFunction,
                &ScriptMaker::OptionLoop,   &ScriptMaker::ReadLoop,
                &ScriptMaker::Redirections, &ScriptMaker::Recipe});
}

std::string ScriptMaker::Commands() {
  std::string commands = Command();
  const std::size_t more = Pick(3);
  for (std::size_t i = 0; i < more; ++i) {
    const std::string next = Command();
    commands += (commands.back() == '\n' || commands.back() == '&' ? ""
                 : Chance(30)                                      ? "\n"
                                                                   : "; ") +
                next;
  }
  return commands;
}

}  // namespace computesdk::differential
