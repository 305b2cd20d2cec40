// Words: quotations, expansions, patterns, arithmetic.

#include <string>

#include "mocks/differential/random_script_maker.h"

namespace computesdk::differential {
std::string InQuotes(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

// --- values -------------------------------------------------------------------------------------

std::string ScriptMaker::Plain() {
  return OneOf({"a",  "b",   "foo", "x",   "B",  "0",     "1",  "7",   "-3",
                "-n", "abc", "a.b", "f1",  "k",  "aXbXa", "10", "08",  "_",
                "%s", "a=b", "x:y", "a,b", "--", "-e",    "A1", "12ab"});
}

// No slash in front: what a glob finds must be the script's own.
std::string ScriptMaker::Weird() {
  return OneOf({"a b",  "",       " ",    "  a  b ", "*",    "?",    "[a]",  "\\",     "a\\nb",
                "é",    "日本",   "a\nb", "a\tb",    "$x",   "`",    "!",    "#",      ";",
                "|",    "&",      "(",    ")",       "-",    "=",    ":",    "a:b:c",  "{a,b}",
                "%",    "a/b.c",  ".",    "@",       "+",    "[",    "]",    "a  b c", "\n",
                "a\n",  "\\\\",   "\\t",  "ABC def", "ÄÖ",   "x y",  "<",    ">",      "f*",
                "b\\*", "%d",     "%",    "'",       "1 2",  ",",    "a,,b", ":a:",    "x=1",
                "1+1",  "$((1))", "[!b]", "a-z",     "\x01", "€uro", "-1",   "a\\",    "\\'"});
}

std::string ScriptMaker::SingleQuoted() { return InQuotes(Weird()); }

std::string ScriptMaker::DoubleQuoted() {
  std::string text = "\"";
  const std::size_t pieces = 1 + Pick(3);
  for (std::size_t i = 0; i < pieces; ++i) {
    switch (Pick(deep() ? 4 : 6)) {
      case 0:
        text += Plain();
        break;
      case 1:
        text += OneOf({" ", "'", "  ", "*", "\\\\", "\\\"", "\\$", "\\a", "é", "\n", "\\`", "{a,b}",
                       "~", "#", "\t", "!", "\\\n", "&", "|"});
        break;
      case 2:
        text += SimpleParameter();
        break;
      case 3:
        text += "$((" + Number() + "))";
        break;
      case 4:
        text += Parameter();
        break;
      default:
        text += CommandSubstitution();
    }
  }
  return text + "\"";
}

std::string ScriptMaker::DollarQuoted() {
  return "$'" +
         OneOf({"a", "\\n", "a\\tb", "\\x41", "\\101", "\\'", "\\\\", "\\u00e9", "\\e[0m", "\\cA",
                "a\\nb\\n", "\\\"", "\\a\\b", "\\U0001F600", "\\x4", "\\?", "\\z", "é", " "}) +
         "'";
}

std::string ScriptMaker::Escaped() {
  return OneOf({"\\a", "\\ ", "\\*", "\\\\", "\\$x", "\\\"", "\\'", "\\;", "\\?", "\\[a]",
                "\\{a,b}", "a\\\nb", "\\~", "\\&", "\\é"});
}

std::string ScriptMaker::Braces() {
  return OneOf({"{a,b}",    "{1..3}",    "{3..1}",    "{a..c}",    "x{,y}",       "{a,b}{1,2}",
                "{01..03}", "{1..5..2}", "{a}",       "{a,{b,c}}", "{\"a b\",c}", "{}",
                "{a..}",    "{c..a..2}", "\"{a,b}\"", "{-1..1}",   "a{b",         "{1..a}",
                "{,}",      "{a,b}*",    "{x,}$y"});
}

std::string ScriptMaker::Glob() {
  return OneOf({"*", "f*", "?1", "[fg]*", "f[0-9]", "[!f]*", "./d/*", "*.txt", "**", "*/", "[a-z]*",
                "nothing*", "f?", ".*", "d*/f*", "[]x]", "\"f\"*", "*\\1"});
}

std::string ScriptMaker::Number() {
  return OneOf({"0", "1", "2", "3", "-1", "7", "10", "-2", "5", "012", "0x1F", "2#101", "100", "64",
                "9223372036854775807", "-8", "36#z"});
}

std::string ScriptMaker::ScalarName() { return OneOf({"x", "y", "z"}); }

// --- parameters ---------------------------------------------------------------------------------

std::string ScriptMaker::SimpleParameter() {
  return OneOf({"$x", "$y", "$z", "${x}", "$1", "$2", "$#", "$?", "${arr[0]}", "$arr", "${map[k]}",
                "${#x}", "$*", "$@", "${#arr[@]}", "${arr[1]}"});
}

std::string ScriptMaker::ParameterName() {
  return OneOf({"x",       "y",      "z",       "1",       "2",      "@",      "*",       "arr[@]",
                "arr[*]",  "arr",    "arr[0]",  "arr[-1]", "arr[1]", "map[k]", "map[@]",  "map[*]",
                "map[$x]", "arr[y]", "arr[$z]", "#",       "?",      "no",     "map[a b]"});
}

std::string ScriptMaker::OperatorWord() {
  switch (Pick(deep() ? 3 : 6)) {
    case 0:
      return Plain();
    case 1:
      return "";
    case 2: {
      // Between double quotes a "`" would begin a command that ends nowhere.
      const std::string text = SingleQuoted();
      return text.find('`') == std::string::npos ? text : "a";
    }
    case 3:
      return SimpleParameter();
    case 4: {
      // "${x-"{a,b}"}" are two words: braces do not see that the inner quotes are some.
      const std::string text = DoubleQuoted();
      return text.find('{') == std::string::npos ? text : "\"b\"";
    }
    default:
      return Plain() + " " + Plain();
  }
}

std::string ScriptMaker::Operator(const std::string& name) {
  switch (Pick(deep() ? 6 : 13)) {
    case 0:
      return "";
    case 1:
      return OneOf({":-", "-", ":+", "+"}) + OperatorWord();
    case 2:
      return OneOf({"#", "##", "%", "%%"}) + Pattern();
    case 3:
      return OneOf({"^", "^^", ",", ",,", "~", "~~"}) + (Chance(30) ? Pattern() : "");
    case 4:
      return ":" +
             OneOf({"0", "1", " -1", "2", " -2", "x", "1:1", "0:2", "1: -1", ":1", "2:0", "9"});
    case 5:
      return OneOf({"@Q", "@U", "@u", "@L", "@E", "@a", "@A", "@K", "@k"});
    case 6:
    case 7:
      return OneOf({"/", "//", "/#", "/%"}) + Pattern() + "/" + OperatorWord();
    case 8:
      return OneOf({"/", "//"}) + Pattern();
    case 9:
      // Assigns, where the name can be assigned to.
      return name == "x" || name == "y" || name == "arr[1]" || name == "map[k]"
                 ? OneOf({":=", "="}) + Plain()
                 : "";
    case 10:
      return OneOf({":?", "?"}) + Plain();
    default:
      return OneOf({"#", "%"}) + OneOf({"*", "?", "a*", "*a", "[a-c]", "*:", ":*", "\\*"});
  }
}

std::string ScriptMaker::Parameter() {
  switch (Pick(deep() ? 1 : 8)) {
    case 0:
      return SimpleParameter();
    case 1:
      return "${#" +
             OneOf({"x", "y", "arr[@]", "arr", "arr[0]", "map[@]", "map[k]", "1", "@", "*"}) + "}";
    case 2:
      return "${!" + OneOf({"arr[@]", "map[@]", "x", "y", "arr[*]", "arr"}) + "}";
    default: {
      const Nested nested(*this);
      const std::string name = ParameterName();
      return "${" + name + Operator(name) + "}";
    }
  }
}

std::string ScriptMaker::QuotedParameter() { return "\"" + Parameter() + "\""; }

// --- patterns -----------------------------------------------------------------------------------

std::string ScriptMaker::PatternPiece() {
  switch (Pick(deep() ? 4 : 8)) {
    case 0:
      return OneOf({"a", "b", "X", "1", "é", ".", "-", ":"});
    case 1:
      return "*";
    case 2:
      return "?";
    case 3:
      return OneOf({"[abc]", "[!a]", "[a-z]", "[[:alpha:]]", "[[:space:]]", "[^b]", "[]a]", "[0-9]",
                    "[a", "[\\]]", "[é-ü]", "[[:upper:]x]", "[a-]", "[-a]"});
    case 4:
      return SingleQuoted();
    case 5:
      return OneOf({"$x", "\"$x\"", "$y", "\"$1\""});
    case 6:
      return OneOf({"\\*", "\\?", "\\\\", "\\a", "\\[", "\\ "});
    default:
      if (!extglob_) return "a";
      return OneOf({"@", "?", "*", "+", "!"}) + "(" +
             OneOf({"a", "a|b", "a*|b", "", "?", "[ab]", "ab|a", "*b", "a|"}) + ")";
  }
}

std::string ScriptMaker::Pattern() {
  std::string pattern = PatternPiece();
  const std::size_t more = Pick(3);
  for (std::size_t i = 0; i < more; ++i) {
    const std::string piece = PatternPiece();
    // bash finds no empty text of a group behind a star.
    const bool group = piece.size() > 1 && piece[1] == '(';
    pattern += pattern.back() == '*' && group ? "a" : piece;
  }
  return pattern;
}

std::string ScriptMaker::Regex() {
  return OneOf({"a",        "^a",   "a$",     "(a)(b)?", "[a-c]+", "^[[:alnum:]]*$", "a|b",  ".",
                "^.{1,3}$", "(x*)", "$x",     "\"$x\"",  "a.c",    "^(a|b)+$",       "[^a]", "\\.",
                "'a b'",    "b{2}", "(.)(.)", "\\*"});
}

// --- arithmetic ---------------------------------------------------------------------------------

std::string ScriptMaker::Operand() {
  return OneOf({"1",        "x",    "y",   "3",      "0",      "-2",
                "$x",       "z",    "10",  "arr[0]", "arr[1]", "${#x}",
                "7",        "0x1F", "010", "arr[x]", "2#11",   "map[k]",
                "$((1+1))", "!x",   "~y",  "+1",     "-x",     "x++",
                "--y",      "++x",  "y--", "64",     "$#",     "9223372036854775807",
                "(y)"});
}

std::string ScriptMaker::Expression() {
  switch (Pick(deep() ? 1 : 5)) {
    case 0:
      return Operand();
    case 1:
    case 2: {
      const Nested nested(*this);
      const std::string left = Operand();
      const std::string op = OneOf({"+", "-",  "*",  "/", "%", "**", "<<", ">>", "&",  "|",
                                    "^", "&&", "||", "<", ">", "<=", ">=", "==", "!=", ","});
      return left + " " + op + " " + Expression();
    }
    case 3: {
      const Nested nested(*this);
      return OneOf({"x", "y", "arr[1]", "z", "map[k]"}) +
             OneOf({"=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^="}) +
             Expression();
    }
    default: {
      const Nested nested(*this);
      const std::string condition = "(" + Expression() + ")";
      return condition + " ? " + Operand() + " : " + Operand();
    }
  }
}

std::string ScriptMaker::ArithmeticExpansion() { return "$((" + Expression() + "))"; }

// --- words --------------------------------------------------------------------------------------

std::string ScriptMaker::CommandSubstitution() {
  if (deep()) return "$(echo a)";
  const Nested nested(*this);
  place_.subshell = true;
  std::string body = Commands();
  // bash loses count of the quotes of $(a=(\')).
  if (body.find("=(") != std::string::npos && body.find("\\'") != std::string::npos) {
    return "$(echo b)";
  }
  if (body.find("<<E") != std::string::npos || body.find("<<-E") != std::string::npos ||
      body.find("<<'") != std::string::npos) {
    return "$(echo a)";  // bash trips over what follows a here-document inside $( ).
  }
  if (body.front() == '(') body = " " + body;
  return "$(" + body + ")";
}

std::string ScriptMaker::Word() {
  std::string word;
  const std::size_t pieces = Chance(25) ? 2 : 1;
  for (std::size_t i = 0; i < pieces; ++i) {
    switch (Pick(deep() ? 4 : 15)) {
      case 0:
        word += Plain();
        break;
      case 1:
        word += SingleQuoted();
        break;
      case 2:
        word += SimpleParameter();
        break;
      case 3:
        word += "\"" + SimpleParameter() + "\"";
        break;
      case 4:
        word += DollarQuoted();
        break;
      case 5:
      case 6:
        word += Parameter();
        break;
      case 7:
      case 8:
        word += QuotedParameter();
        break;
      case 9:
        word += DoubleQuoted();
        break;
      case 10:
        word += Escaped();
        break;
      case 11:
        word += Braces();
        break;
      case 12:
        word += Glob();
        break;
      case 13:
        word += ArithmeticExpansion();
        break;
      default:
        word += CommandSubstitution();
    }
  }
  return word;
}

std::string ScriptMaker::Words(std::size_t most) {
  std::string words = Word();
  const std::size_t more = Pick(most);
  for (std::size_t i = 0; i < more; ++i) words += " " + Word();
  return words;
}

std::string ScriptMaker::AssignedWord() {
  if (!repeated()) return Word();
  switch (Pick(7)) {
    case 0:
      return Plain();
    case 1:
      return SingleQuoted();
    case 2:
      return OneOf({"$x", "$y", "\"$x\"", "$1"});
    case 3:
      return OneOf({"${x:0:2}", "${#y}", "${y%?}", "${x#?}", "${x:-a}", "${#arr[@]}"});
    case 4:
      return "$((" + Operand() + "+1))";
    case 5:
      return DollarQuoted();
    default:
      return Escaped();
  }
}

std::string ScriptMaker::AssignedWords(std::size_t most) {
  std::string words = AssignedWord();
  const std::size_t more = Pick(most);
  for (std::size_t i = 0; i < more; ++i) words += " " + AssignedWord();
  return words;
}

}  // namespace computesdk::differential
