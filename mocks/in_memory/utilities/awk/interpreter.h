#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_INTERPRETER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_INTERPRETER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/text/time_zone.h"
#include "mocks/in_memory/utilities/awk/io.h"
#include "mocks/in_memory/utilities/awk/parser.h"
#include "mocks/in_memory/utilities/awk/random.h"
#include "mocks/in_memory/utilities/awk/record.h"
#include "mocks/in_memory/utilities/awk/regex.h"
#include "mocks/in_memory/utilities/awk/tree.h"
#include "mocks/in_memory/utilities/awk/value.h"

namespace computesdk::in_memory::awk {

// Runs a program. Inside, what ends it early is an exception; Run turns it into an exit code.
class Interpreter {
 public:
  Interpreter(Process& process, ParsedProgram program, std::vector<std::string> arguments);

  // "name=value", as of -v or among the files; false if that is not its form.
  bool AssignArgument(const std::string& argument);
  // -i inplace.
  void EditInPlace() { in_place_ = true; }
  // What messages call the source: "cmd. line", or its file.
  void SetSourceName(std::string name) { source_name_ = std::move(name); }
  // --non-decimal-data: 0x11 and 011 of the input are numbers, too.
  void ReadOtherBases() { other_bases_ = true; }
  // gawk warns where a backslash means nothing, once for each letter.
  void WarnOfEscape(UnknownEscape escape);
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

  // --- running (interpreter.cc) ------------------------------------------------------------------
  void RunProgram();
  Flow RunRules(Rule::Kind kind);
  Flow RunRecord();
  bool PatternHolds(std::size_t index);
  Flow ExecuteAction(const Statement* action);
  bool ReadMain(std::string& record);
  bool OpenNextOperand();
  enum class Opened { kOpen, kSkipped, kMissing };
  Opened OpenOperand(const std::string& name);
  // BEGINFILE and ENDFILE; false where the file is to be left.
  bool RunFileRules(Rule::Kind kind);
  void EndFile();
  // -i inplace: what is printed while a file is read takes its place afterwards.
  void BeginInPlace(const std::string& name);
  void EndInPlace();
  [[noreturn]] void Fail(const std::string& message) const { throw Fatal{message}; }
  [[noreturn]] void FailOnNoName(const std::string& sign) const {
    Fail("expression for `" + sign + "' redirection has null string value");
  }
  void Warn(const std::string& message);
  // Where the program is, for a message: "cmd. line:1: (FILENAME=a FNR=2) "; empty outside of it.
  std::string Place() const;

  // --- statements (statements.cc) ----------------------------------------------------------------
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
  std::vector<std::string> SortedKeys(Array& array, const std::string& order);
  void SortByFunction(const Function& function, const Array& array, std::vector<std::string>& keys);

  // --- expressions (evaluate.cc) -----------------------------------------------------------------
  Value Evaluate(const Expression& expression);
  double EvaluateNumber(const Expression& expression);
  std::string EvaluateText(const Expression& expression);
  bool EvaluateTruth(const Expression& expression);
  double Arithmetic(Operation operation, double left, double right, bool assigns = false);
  bool Comparison(const Expression& expression);
  Value Assign(const Expression& expression);
  const Value& Append(const Expression& expression);
  double Increment(const Expression& expression);
  Value EvaluateGetline(const Expression& expression);
  Value CallFunction(const Expression& expression);
  Value CallByName(const Expression& expression);
  std::vector<Cell> Arguments(const Function& function, const std::vector<ExpressionPtr>& list);
  Value Invoke(const Function& function, std::vector<Cell> locals);
  // The function that a text names; null for none.
  const Function* FindFunction(const std::string& name) const;
  // Whether texts are compared without regard to case, as IGNORECASE asks.
  int Compare(const Value& a, const Value& b) const;
  const Matcher& MatcherOf(const Expression& expression);
  const Matcher& MatcherOf(const std::string& source);

  // --- places (places.cc) ------------------------------------------------------------------------
  // A variable, or the field or element that an expression was found to mean.
  struct Located {
    const Expression& expression;
    std::size_t field = 0;
    std::string key = {};
  };

  Cell& CellOf(int slot, bool local);
  const std::shared_ptr<Array>& SharedArrayOf(Cell& cell, const std::string& name, bool parameter);
  Array& ArrayOf(int slot) { return *SharedArrayOf(CellOf(slot, false), "", false); }
  // The array that a variable or an element is, made where it is nothing yet.
  std::shared_ptr<Array> SharedArrayOf(const Expression& expression);
  Array& ArrayOf(const Expression& expression) { return *SharedArrayOf(expression); }
  // The array that an element, or "in", speaks of.
  std::shared_ptr<Array> BaseOf(const Expression& element);
  // The array that it is already; null for none.
  std::shared_ptr<Array> KnownArray(const Expression& expression);
  // The key of a `for (… in …)` that its variable holds, which nothing has used as a text yet.
  const Value* UnusedKey(const Expression& expression);
  std::string KeyOf(const std::vector<ExpressionPtr>& subscripts);
  std::size_t FieldIndex(const Expression& expression);
  void RequireHeld(std::size_t bytes, const Array* array);
  // Computes the subscript: once, however often the place is loaded and stored.
  Located Locate(const Expression& expression);
  Value Load(const Located& place);
  Value Load(const Expression& place) { return Load(Locate(place)); }
  void Store(const Located& place, Value value);
  void Store(const Expression& place, Value value) { Store(Locate(place), std::move(value)); }
  void SpecialChanged(int slot);

  // --- how input is cut (styles.cc) --------------------------------------------------------------
  void UpdateFieldStyle();
  void UpdateRecordStyle();
  FieldStyle MakeFieldStyle(const std::string& separator);
  FieldStyle PatternStyle(const std::string& pattern);
  FieldStyle WidthsStyle(const std::string& widths);

  // --- builtin functions (builtins.cc, text_builtins.cc) -----------------------------------------
  Value CallBuiltin(Builtin builtin, const Expression& call);
  Value CallTextBuiltin(Builtin builtin, const Expression& call);
  std::optional<double> CallMath(Builtin builtin, const Expression& call);
  double Length(const Expression& call);
  Value Split(const Expression& call);
  Value Match(const Expression& call);
  Value Substitute(const Expression& call, bool global);
  Value Gensub(const Expression& call);
  Value Substr(const Expression& call);
  Value Sprintf(const std::vector<ExpressionPtr>& list);
  Value Patsplit(const Expression& call);
  Value FillParts(const Expression& call, const std::string& text, const FieldStyle& style);
  Value SortArray(const Expression& call, bool by_index);
  Value Typeof(const Expression& call);
  TimeZone Zone();
  Value Strftime(const Expression& call);
  Value Mktime(const Expression& call);
  double SeedRandom(const Expression& call);

  Process& process_;
  ParsedProgram parsed_;
  const Program& program_;
  std::vector<Cell> globals_;
  std::size_t stored_bytes_ = 0;  // In arrays; see RequireHeld.
  Cell* frame_ = nullptr;
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
  std::string source_name_ = "cmd. line";
  std::string warned_escapes_;
  std::string warned_regex_escapes_;
  int line_ = 0;  // Of the statement that runs; 0 before the first.
  bool ignore_case_ = false;
  bool in_place_ = false;
  std::string in_place_suffix_;
  std::string edited_;   // The file that is being rewritten; empty for none.
  OpenFilePtr outside_;  // Where standard output goes when none is.
  bool other_bases_ = false;
  bool has_file_rules_ = false;
  Special field_rule_ = kFs;  // The one of FS, FPAT and FIELDWIDTHS that was set last.
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
  Random random_;
  double seed_ = 1;
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_INTERPRETER_H_
