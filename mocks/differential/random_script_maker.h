#ifndef COMPUTESDK_MOCKS_DIFFERENTIAL_RANDOM_SCRIPT_MAKER_H_
#define COMPUTESDK_MOCKS_DIFFERENTIAL_RANDOM_SCRIPT_MAKER_H_

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/differential/random_script.h"

namespace computesdk::differential {

// A text in single quotes, as an argument of eval, trap and bash -c.
std::string InQuotes(const std::string& text);

// The grammar of random scripts. Every function makes one construct, from the choices of the line
// at hand; the first of its alternatives is the simplest and nests nothing.
class ScriptMaker {
 public:
  // The settings that a script begins with.
  std::string Settings(const Choices& choices);
  std::string Line(const Choices& choices);

 private:
  using Alternative = std::string (ScriptMaker::*)();

  // How much of the language there may be at the place at hand.
  struct Place {
    int depth = 0;
    int loops = 0;            // Around it.
    bool function = false;    // In a function, which a loop may call.
    bool concurrent = false;  // Another process of the script may run now.
    bool subshell = false;
  };
  // Puts the place back.
  class Nested;

  // --- choosing ---------------------------------------------------------------------------------
  std::size_t Pick(std::size_t count);
  bool Chance(unsigned percent);
  std::string OneOf(std::initializer_list<std::string_view> texts);
  std::string OneOf(std::initializer_list<Alternative> alternatives);
  bool deep() const { return place_.depth >= 4; }
  // What is assigned there must not grow with what was assigned before.
  bool repeated() const { return place_.loops > 0 || place_.function; }

  // --- random_script_words.cc -------------------------------------------------------------------
  std::string Word();
  std::string Words(std::size_t most);
  std::string AssignedWord();
  std::string AssignedWords(std::size_t most);
  std::string Plain();
  std::string Weird();  // Unquoted text, for a quotation.
  std::string SingleQuoted();
  std::string DoubleQuoted();
  std::string DollarQuoted();
  std::string Escaped();
  std::string Braces();
  std::string Glob();
  std::string Parameter();
  std::string QuotedParameter();
  std::string SimpleParameter();
  std::string ParameterName();
  std::string Operator(const std::string& name);
  std::string OperatorWord();
  std::string Pattern();
  std::string PatternPiece();
  std::string Arithmetic();
  std::string Expression();
  std::string Operand();
  std::string ArithmeticExpansion();
  std::string CommandSubstitution();
  std::string Number();
  std::string ScalarName();
  std::string Regex();

  // --- random_script_commands.cc ----------------------------------------------------------------
  std::string Command();
  std::string Commands();
  std::string Simple();
  std::string Echo();
  std::string Printf();
  std::string Assign();
  std::string AssignArray();
  std::string Declare();
  std::string Unset();
  std::string Test();
  std::string Condition();
  std::string ShownCondition();
  std::string ConditionTerm();
  std::string ArithmeticCommand();
  std::string Status();
  std::string SetPositional();
  std::string Read();
  std::string Mapfile();
  std::string Eval();
  std::string Trap();
  std::string Getopts();
  std::string SmallBuiltin();

  // --- random_script_compound.cc ----------------------------------------------------------------
  std::string If();
  std::string AndOr();
  std::string For();
  std::string While();
  std::string ArithmeticFor();
  std::string Case();
  std::string Group();
  std::string Subshell();
  std::string DefineFunction();
  std::string CallFunction();
  std::string Pipeline();
  std::string Filter();
  std::string FilterOfAll();
  std::string AwkProgram();
  std::string SedScript();
  std::string Input();
  std::string UseFile();
  std::string HereDocument();
  std::string Redirected();
  std::string Background();
  std::string LoopBody();

  // --- random_script_programs.cc ----------------------------------------------------------------
  std::string Program();
  std::string JqFilter();
  std::string SmallTree();
  std::string ProcessSubstitution();
  std::string ListLoop();
  std::string Reference();
  std::string Signal();

  // --- random_script_grammars.cc ----------------------------------------------------------------
  std::string TextProgram();
  std::string TextInput();
  // Those of the options that come, each with that chance.
  std::string Options(unsigned percent, std::initializer_list<std::string_view> options);
  std::string RegexPiece(bool extended);
  std::string RegexOf(bool extended);
  std::string Grep();
  std::string Sed();
  std::string SedAddress(bool extended);
  std::string SedAddresses(bool extended);
  std::string SedCommand(bool extended);
  std::string Awk();
  std::string AwkCall();
  std::string AwkExpression();
  std::string AwkStatement();
  std::string Sort();
  std::string Cut();
  std::string Tr();

  // --- random_script_idioms.cc ------------------------------------------------------------------
  std::string LocalFunction();
  std::string OptionLoop();
  std::string ReadLoop();
  std::string Redirections();
  std::string Recipe();

  const Choices* choices_ = nullptr;
  std::size_t next_ = 0;
  Place place_;
  bool extglob_ = false;
  bool debug_trap_ = false;
  bool background_ = false;
  std::vector<std::string> functions_;
  int counters_ = 0;
  int documents_ = 0;
};

class ScriptMaker::Nested {
 public:
  explicit Nested(ScriptMaker& maker) : maker_(maker), before_(maker.place_) {
    ++maker.place_.depth;
  }
  ~Nested() { maker_.place_ = before_; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  ScriptMaker& maker_;
  const Place before_;
};

}  // namespace computesdk::differential

#endif  // COMPUTESDK_MOCKS_DIFFERENTIAL_RANDOM_SCRIPT_MAKER_H_
