// Programs that have a language of their own: scripts of sed, programs of awk, regular expressions,
// and the options of what sorts, cuts and translates; each on a few small lines.

#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {

std::string ScriptMaker::TextProgram() {
  const Alternative chosen[] = {&ScriptMaker::Grep, &ScriptMaker::Sed, &ScriptMaker::Awk,
                                &ScriptMaker::Sort, &ScriptMaker::Cut, &ScriptMaker::Tr};
  const Alternative program = chosen[Pick(std::size(chosen))];
  const std::string input = TextInput();
  return input + " | " + (this->*program)();
}

std::string ScriptMaker::TextInput() {
  std::string text;
  const std::size_t lines = Pick(6);
  for (std::size_t i = 0; i < lines; ++i) {
    if (i > 0) text += "\\n";
    text += OneOf({"a b",         "aab",    "x1 2:b",     "a:b:c", "k=v",  "",
                   "  lead",      "end ",   "a,b,,c",     "A B",   "abab", "10 9 -1",
                   "1.5 foo Foo", "b2 x.y", "007 1e3 2K", "é a",   "# c",  "a\\tb",
                   "-x b-",       ":::",    "foo 3 b",    "a 2"});
  }
  return "printf %b '" + text + (Chance(10) ? "" : "\\n") + "'";
}

std::string ScriptMaker::Options(unsigned percent,
                                 std::initializer_list<std::string_view> options) {
  std::string chosen;
  for (const std::string_view option : options) {
    if (Chance(percent)) chosen += " " + std::string(option);
  }
  return chosen;
}

// --- regular expressions ------------------------------------------------------------------------

std::string ScriptMaker::RegexPiece(bool extended) {
  const Nested nested(*this);
  const std::string open = extended ? "(" : "\\(";
  const std::string close = extended ? ")" : "\\)";
  switch (Pick(deep() ? 3 : 6)) {
    case 0:
      return OneOf({"a", "b", "x", "1", " ", ":", "foo", "-"});
    case 1:
      return OneOf({".", "[ab]", "[^a]", "[a-c]", "[[:digit:]]", "[[:space:]]", "[]a]", "[^]a]",
                    "[a-]", "[[:alpha:]1]", "[0-9]", "[.]"});
    case 2:
      return OneOf({"\\b", "\\<", "\\>", "\\w", "\\W", "\\s", "\\.", "\\*"});
    case 3:
      return open + RegexOf(extended) + close;
    case 4: {
      const std::string left = RegexOf(extended);
      return open + left + (extended ? "|" : "\\|") + RegexOf(extended) + close;
    }
    default: {
      const std::string piece = OneOf({"a", "b", ".", "[ab]", "[0-9]"});
      return piece + (extended ? OneOf({"*", "+", "?", "{2}", "{1,}", "{0,2}", "{,2}"})
                               : OneOf({"*", "\\+", "\\?", "\\{2\\}", "\\{1,\\}", "\\{0,2\\}"}));
    }
  }
}

std::string ScriptMaker::RegexOf(bool extended) {
  std::string regex = RegexPiece(extended);
  const std::size_t more = Pick(3);
  for (std::size_t i = 0; i < more; ++i) regex += RegexPiece(extended);
  if (place_.depth <= 2 && Chance(15)) regex = "^" + regex;
  if (place_.depth <= 2 && Chance(15)) regex += "$";
  return regex;
}

std::string ScriptMaker::Grep() {
  const bool extended = Chance(50);
  std::string command = extended ? "grep -E" : "grep";
  command += Options(10, {"-i", "-v", "-n", "-o", "-c", "-w", "-x", "-b", "-m1", "-A1", "-B1",
                          "-C1", "-H", "-l", "-q", "-h", "-z"});
  const std::size_t patterns = Chance(20) ? 2 : 1;
  for (std::size_t i = 0; i < patterns; ++i) command += " -e '" + RegexOf(extended) + "'";
  return command;
}

// --- sed ----------------------------------------------------------------------------------------

std::string ScriptMaker::SedAddress(bool extended) {
  switch (Pick(4)) {
    case 0:
      return OneOf({"1", "2", "3", "$"});
    case 1:
      return "/" + RegexOf(extended) + "/" + OneOf({"", "", "I"});
    default:
      return OneOf({"0~2", "1~2", "2~3", "2~0"});
  }
}

std::string ScriptMaker::SedAddresses(bool extended) {
  switch (Pick(3)) {
    case 0:
      return "";
    case 1:
      return SedAddress(extended) + OneOf({"", "", "!"});
    default: {
      const std::string first = SedAddress(extended);
      const std::string second =
          Chance(50) ? OneOf({"+1", "~2", "$", "3", "1"}) : SedAddress(extended);
      return first + "," + second + OneOf({"", "", "!"});
    }
  }
}

std::string ScriptMaker::SedCommand(bool extended) {
  switch (Pick(5)) {
    case 0:
      return OneOf({"p", "d", "N", "n", "h",   "H", "g",   "G",   "x", "=",
                    "q", "Q", "P", "l", "l 5", "z", "q 3", "Q 2", "F", "w /dev/stdout"});
    case 1:
      return OneOf({"atext", "ix y", "c\\tq", "a\\\na\\\nb", "c\\\nnew", "y/ab/xy/", "y/12/21/",
                    "r /dev/null", "b", "t", "T"});
    case 2:
      if (deep()) return "p";
      return "{" + SedCommand(extended) + "\n" + SedCommand(extended) + "\n}";
    default: {
      const std::string regex = RegexOf(extended);
      const bool group = regex.find('(') != std::string::npos;
      std::string text;
      for (std::size_t i = Pick(3); i > 0; --i) {
        text += OneOf({"X", "&", "[&]", "-", "\\n", "\\t", "\\U&", "\\u&", "\\L&", "\\E", "\\l&",
                       "\\&", "é", group ? "\\1" : "g"});
      }
      return "s/" + regex + "/" + text + "/" +
             OneOf({"", "", "g", "2", "p", "gp", "I", "2g", "3", "M", "gI"});
    }
  }
}

std::string ScriptMaker::Sed() {
  const bool extended = Chance(50);
  std::string script;
  const std::size_t commands = 1 + Pick(3);
  for (std::size_t i = 0; i < commands; ++i) {
    if (i > 0) script += "\n";
    script += SedAddresses(extended) + SedCommand(extended);
  }
  return std::string("sed") + (extended ? " -E" : "") + Options(15, {"-n", "-s", "-u"}) +
         (Chance(5) ? " -z" : "") + " '" + script + "'";
}

// --- awk ----------------------------------------------------------------------------------------

std::string ScriptMaker::AwkCall() {
  const std::string argument = AwkExpression();
  switch (Pick(6)) {
    case 0:
      return OneOf({"length(", "toupper(", "tolower(", "int(", "sin("}) + argument + ")";
    case 1:
      return "substr(" + argument + ", " + OneOf({"1", "2", "0", "-1", "1.5"}) +
             OneOf({"", ", 2", ", 0", ", -1", ", 9"}) + ")";
    case 2:
      return "sprintf(\"" + OneOf({"%d",  "%s", "%5s|", "%-5s|", "%05d",   "%.2f", "%c",
                                   "%x",  "%e", "%g",   "%o",    "%5.2f|", "%.3s", "%+d",
                                   "% d", "%X", "%G",   "%u",    "%3c|",   "%.0f", "%#o"}) +
             "\", " + argument + ")";
    case 3:
      return "split(" + argument + ", s" +
             OneOf({"", ", \" \"", ", \":\"", ", \"\"", ", /[ab]/", ", \"a\"", ", /b*/"}) + ")";
    case 4:
      return OneOf({"sub", "gsub"}) + "(/" + RegexOf(true) + "/, \"" +
             OneOf({"X", "&", "[&]", "\\\\&", "", "a&b"}) + "\", " +
             OneOf({"$0", "$1", "x", "y", "$2"}) + ")";
    default:
      return "(match(" + argument + ", /" + RegexOf(true) + "/) RSTART RLENGTH)";
  }
}

std::string ScriptMaker::AwkExpression() {
  const Nested nested(*this);
  switch (Pick(deep() ? 1 : 6)) {
    case 0:
      return OneOf({"1",   "2",      "0",      "$1",      "$2",        "$0",  "NF",
                    "NR",  "\"a\"",  "\"10\"", "\"abc\"", "x",         "y",   "$NF",
                    "-3",  "1.5",    "\"\"",   "a[1]",    "a[\"k\"]",  "1e3", "\"3x\"",
                    "0.1", "length", "100000", "\" 5 \"", "2147483648"});
    case 1: {
      const std::string left = "(" + AwkExpression() + ")";
      const std::string op = OneOf({" + ", " - ", " * ", " % ", " ^ ", " / ", " "});
      return left + op + "(" + AwkExpression() + ")";
    }
    case 2: {
      const std::string left = "(" + AwkExpression();
      const std::string op = OneOf({" < ", " == ", " != ", " >= ", " ~ ", " && ", " || ", " > "});
      return left + op + AwkExpression() + ")";
    }
    case 3:
      return OneOf({"x++", "++x", "y--", "--y", "$1++", "a[1]++", "(1 in a)", "(\"k\" in a)", "!x",
                    "-$1", "+$1", "(x ? y : $1)", "a[x++]++"});
    case 4:
      return "(" + OneOf({"x", "y", "$1", "$2", "a[1]", "a[\"k\"]", "$3", "$0"}) +
             OneOf({" = ", " += ", " -= ", " *= "}) + AwkExpression() + ")";
    default:
      return AwkCall();
  }
}

std::string ScriptMaker::AwkStatement() {
  const Nested nested(*this);
  switch (Pick(deep() ? 1 : 6)) {
    case 0:
      return "print " + AwkExpression() + ", " + AwkExpression();
    case 1:
      return "printf \"" + OneOf({"%s\\n", "%d %s\\n", "%5.1f|\\n", "%c\\n"}) + "\", " +
             AwkExpression() + ", " + AwkExpression();
    case 2:
      return AwkExpression();
    case 3: {
      const std::string condition = AwkExpression();
      return "if (" + condition + ") {" + AwkStatement() + "}";
    }
    case 4:
      return "for (i = 0; i < " + OneOf({"1", "2", "NF"}) + "; i++) {" + AwkStatement() + "}";
    default:
      return OneOf({"next", "exit", "exit 3", "getline", "print; next", "delete a[1]",
                    "for (k in a) print k, a[k]", "OFS = \"-\"; $1 = $1; print",
                    "$5 = \"e\"; print NF; print", "NF = 2; print", "$0 = \"p q r\"; print $2, NF",
                    "FS = \":\"", "CONVFMT = \"%.2g\"", "OFMT = \"%.3g\"",
                    "SUBSEP = \":\"; a[1, 2] = 3"});
  }
}

std::string ScriptMaker::Awk() {
  std::string program;
  if (Chance(30)) {
    program += "BEGIN {" +
               OneOf({"FS = \":\"", "OFS = \"-\"", "x = 5", "y = \"a\"", "RS = \"\"", "RS = \"b\"",
                      "FS = \",\"", "FS = \"[ab]\"", "FS = \"a+\"", "RS = \" \"", "FS = \"\""}) +
               "}\n";
  }
  switch (Pick(5)) {
    case 0:
      break;
    case 1:
      program += AwkExpression();
      break;
    case 2:
      program += "/" + RegexOf(true) + "/";
      break;
    default:
      program += OneOf({"NR == 2", "NR == 1, NR == 2", "/a/, /b/", "!/a/", "$1 > $2", "NF"});
  }
  program += " {" + AwkStatement() + "; " + AwkStatement() + "}";
  if (Chance(30)) program += "\nEND {" + AwkStatement() + "}";
  return "awk" + OneOf({"", "", " -F:", " -F,", " -v x=1", " -v y=a", " -F '[ab]'", " -F'\\t'"}) +
         " '" + program + "'";
}

// --- what has options alone ---------------------------------------------------------------------

std::string ScriptMaker::Sort() {
  std::string command = "sort" + Options(12, {"-n", "-r", "-u", "-f", "-b", "-d", "-g", "-h", "-V",
                                              "-s", "-c", "-M"});
  const std::size_t keys = Pick(3);
  for (std::size_t i = 0; i < keys; ++i) {
    command += " -k" + OneOf({"1", "2", "3", "1,1", "2,2", "1.2", "2.2,2.3", "1,2", "2n", "2nr",
                              "1f", "1,1r", "2,2g", "1b,1", "3,3V", "1.2,1.3", "2h"});
  }
  return command + OneOf({"", "", " -t:", " -t,", " -ta"});
}

std::string ScriptMaker::Cut() {
  const std::string kind = OneOf({" -f", " -c", " -b"});
  const std::string list =
      OneOf({"1", "2", "1,3", "2-", "-2", "1-2,4", "3-1", "1,1", "0", "5-", "2-3,1"});
  return "cut" + kind + list + (kind == " -f" ? OneOf({" -d:", " -d' '", "", " -da"}) : "") +
         Options(15, {"--complement", "--output-delimiter=-"}) +
         (kind == " -f" ? Options(25, {"-s"}) : "");
}

std::string ScriptMaker::Tr() {
  const auto set = [this] {
    return " '" +
           OneOf({"a",         "ab",        "a-c",  "abc", "[:alpha:]", "[:space:]", "[:digit:]",
                  "[:upper:]", "[:lower:]", "0-9",  "x",   "\\n",       "[a*2]",     "[:punct:]",
                  "\\141",     "[=a=]",     "[x*]", " ",   "b-a",       "[:alnum:]"}) +
           "'";
  };
  const std::string option = OneOf({"", " -d", " -s", " -c", " -cd", " -ds", " -cs", " -t", " -C"});
  const std::string first = set();
  const bool alone = option == " -d" || option == " -cd" || (option.ends_with("s") && Chance(50));
  return "tr" + option + " --" + first + (alone && option != " -ds" ? "" : set());
}

}  // namespace computesdk::differential
