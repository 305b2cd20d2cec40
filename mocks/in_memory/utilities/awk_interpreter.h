#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_INTERPRETER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_INTERPRETER_H_

#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/awk_io.h"
#include "mocks/in_memory/utilities/awk_parser.h"
#include "mocks/in_memory/utilities/awk_record.h"
#include "mocks/in_memory/utilities/awk_regex.h"
#include "mocks/in_memory/utilities/awk_tree.h"
#include "mocks/in_memory/utilities/awk_value.h"

namespace computesdk::in_memory::awk {

// Runs a program. Inside, what ends it early is an exception; Run turns it into an exit code.
class Interpreter {
 public:
  Interpreter(Process& process, ParsedProgram program, std::vector<std::string> arguments);

  // "name=value", as of -v or among the files; false if that is not its form.
  bool AssignArgument(const std::string& argument);
  // gawk warns where a backslash means nothing.
  void WarnOfEscapes(const std::string& letters);
  int Run();

 private:
  enum class Flow { kNormal, kBreak, kContinue, kNext, kNextFile, kExit, kReturn };
  struct Fatal {
    std::string message;
  };
  // Leaves a function, from within an expression, for the rule that called it.
  struct Jump {
    Flow flow;
  };
  struct Range {
    bool active = false;
  };

  // --- running (awk_interpreter.cc) -------------------------------------------------------------
  void RunProgram();
  Flow RunRules(Rule::Kind kind);
  Flow RunRecord();
  bool PatternHolds(std::size_t index);
  Flow ExecuteAction(const Statement* action);
  bool ReadMain(std::string& record);
  bool OpenNextOperand();
  [[noreturn]] void Fail(const std::string& message) const { throw Fatal{message}; }
  void Warn(const std::string& message);

  // --- statements (awk_statements.cc) -----------------------------------------------------------
  Flow Execute(const Statement& statement);
  Flow ExecuteAll(const std::vector<StatementPtr>& statements);
  Flow ExecuteWhile(const Statement& statement);
  Flow ExecuteFor(const Statement& statement);
  Flow ExecuteForIn(const Statement& statement);
  Flow ExecuteSwitch(const Statement& statement);
  void ExecutePrint(const Statement& statement);
  void ExecuteDelete(const Statement& statement);
  Output& Destination(const Statement& statement);
  std::vector<std::string> SortedKeys(Array& array);

  // --- expressions (awk_evaluate.cc) ------------------------------------------------------------
  Value Evaluate(const Expression& expression);
  double EvaluateNumber(const Expression& expression);
  std::string EvaluateText(const Expression& expression);
  bool EvaluateTruth(const Expression& expression);
  double Arithmetic(Operation operation, double left, double right);
  bool Comparison(const Expression& expression);
  Value Assign(const Expression& expression);
  double Increment(const Expression& expression);
  Value EvaluateGetline(const Expression& expression);
  Value CallFunction(const Expression& expression);
  const Matcher& MatcherOf(const Expression& expression);
  const Matcher& MatcherOf(const std::string& source);

  // --- places -----------------------------------------------------------------------------------
  Cell& CellOf(int slot, bool local);
  Array& ArrayOf(Cell& cell);
  Array& ArrayOf(int slot, bool local) { return ArrayOf(CellOf(slot, local)); }
  Array& ArrayOf(const Expression& expression);
  std::string KeyOf(const std::vector<ExpressionPtr>& subscripts);
  std::size_t FieldIndex(const Expression& expression);
  Value Load(const Expression& place);
  void Store(const Expression& place, Value value);
  void SpecialChanged(int slot);
  void UpdateFieldStyle();
  void UpdateRecordStyle();
  FieldStyle MakeFieldStyle(const std::string& separator);

  // --- builtin functions (awk_builtins.cc, awk_text_builtins.cc) --------------------------------
  Value CallBuiltin(const Expression& call);
  Value CallTextBuiltin(const Expression& call);
  std::optional<double> CallMath(const Expression& call);
  double Length(const Expression& call);
  Value Split(const Expression& call);
  Value Match(const Expression& call);
  Value Substitute(const Expression& call, bool global);
  Value Gensub(const Expression& call);
  Value Substr(const Expression& call);
  Value Sprintf(const std::vector<ExpressionPtr>& list);
  Value SortArray(const Expression& call, bool by_index);
  Value Strftime(const Expression& call);
  Value Mktime(const Expression& call);
  double SeedRandom(const Expression& call);

  // Of the process's stack, for functions that call each other; the rest is for what they use.
  static constexpr std::ptrdiff_t kStackForCalls = kProcessStackBytes / 4;

  Process& process_;
  ParsedProgram parsed_;
  const Program& program_;
  std::vector<Cell> globals_;
  Cell* frame_ = nullptr;
  const char* stack_ = nullptr;  // Where it was when the program began.
  Value returned_;
  int exit_code_ = 0;
  std::vector<Range> ranges_;

  Record record_;
  double nr_ = 0;
  double fnr_ = 0;
  std::string convfmt_ = "%.6g";
  std::string ofmt_ = "%.6g";
  std::string ofs_ = " ";
  std::string ors_ = "\n";
  std::string subsep_ = "\034";
  bool ignore_case_ = false;
  RecordStyle record_style_;
  std::optional<Matcher> record_matcher_;

  MatcherCache matchers_;
  Streams streams_;
  int next_operand_ = 1;
  bool any_operand_ = false;
  bool input_done_ = false;
  std::unique_ptr<ScopedDescriptor> main_descriptor_;
  std::unique_ptr<RecordReader> main_;
  std::vector<Regex::Group> groups_;
  std::minstd_rand random_{1};
  double seed_ = 1;
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_INTERPRETER_H_
