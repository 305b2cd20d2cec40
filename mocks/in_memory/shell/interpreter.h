#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_INTERPRETER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_INTERPRETER_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/kernel/kernel.h"
#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/shell/expansion/arithmetic.h"
#include "mocks/in_memory/shell/expansion/variables.h"
#include "mocks/in_memory/shell/job_table.h"
#include "mocks/in_memory/shell/state.h"
#include "mocks/in_memory/shell/syntax/lexer.h"
#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// What becomes of the commands that enclose the one just run.
enum class Flow { kNone, kBreak, kContinue, kReturn, kExit };

// Thrown inside the interpreter where an expansion cannot be done, and caught where the command
// stands: the rest of the line is given up, or the shell ends.
struct ExpansionError {
  int status = 1;
  bool fatal = false;         // The shell ends.
  bool keeps_status = false;  // By `status`, where another fatal one is 127.
  bool only_line = false;     // The shell goes on even under `set -e`.
  bool leaves_all = false;    // With the line it leaves each eval and sourced file, and `-c` ends.
};

// What a shell keeps of a `coproc`; its children do not get the descriptors.
struct CoprocessFiles {
  int pid = 0;
  std::string name;
  int read_fd = -1;
  int write_fd = -1;
};

class Interpreter;
using Builtin = int (*)(Interpreter&, const std::vector<std::string>& args);

// Redirections of one command: puts back what it replaced.
class RedirectionScope {
 public:
  explicit RedirectionScope(Process& process) : process_(process) {}
  ~RedirectionScope() { Restore(); }
  RedirectionScope(const RedirectionScope&) = delete;
  RedirectionScope& operator=(const RedirectionScope&) = delete;
  void Replace(int fd, OpenFilePtr file);
  void CloseLater(int fd) { saved_.emplace_back(fd, nullptr); }
  void Keep() { saved_.clear(); }  // exec
  void Restore();

 private:
  Process& process_;
  std::vector<std::pair<int, OpenFilePtr>> saved_;
};

// Whether its standard input is one of those that it redirects.
bool RedirectsInput(const Command& command);

// While it lives, what runs in the background reads what the command is redirected to.
class InputScope {
 public:
  InputScope(bool& given, const Command& command) : given_(given), before_(given) {
    given = given || RedirectsInput(command);
  }
  ~InputScope() { given_ = before_; }
  InputScope(const InputScope&) = delete;
  InputScope& operator=(const InputScope&) = delete;

 private:
  bool& given_;
  const bool before_;
};

// Runs commands in one process.
class Interpreter : public ArithmeticVariables {
 public:
  Interpreter(Process& process, State state);

  // --- running text and trees ------------------------------------------------------------------
  // Reads and runs line after line. `label` stands in the message of a syntax error.
  int RunText(Lexer& lexer, const std::string& label);
  int RunString(std::string text, int line, const std::string& label);
  int Execute(const Command* command);
  // What a subshell does: runs the body, then its EXIT trap.
  int RunSubshell(const CommandPtr& body);
  // The same for ( … ) with its redirections.
  int RunRedirected(const Compound& subshell);
  // The same for a command that is a process of its own already: ( … ) needs no second one.
  int RunStage(const CommandPtr& command);
  // A program that is all this shell still runs takes its place, and is no level deeper (SHLVL).
  void SetTail(const CommandPtr& body) { tail_ = body.get(); }
  // The simple command that is all a process in the background runs: its failure runs no trap.
  void SetQuiet(const CommandPtr& command) { quiet_ = command.get(); }
  int Finish(int status);  // The EXIT trap; the code that the shell ends with.
  State MakeSubshellState() const;
  State MakeStageState(const Command& command) const;
  SpawnOptions MakeChildOptions();

  // --- expansion --------------------------------------------------------------------------------
  std::vector<std::string> ExpandWords(const std::vector<Word>& words);
  std::string ExpandArithmetic(const Word& word);
  std::string ExpandString(const Word& word);   // No splitting, no globbing.
  std::string ExpandPattern(const Word& word);  // Quoted parts escaped.
  std::string ExpandRegex(const Word& word);
  std::int64_t EvaluateWord(const Word& word);
  // Shows the expression as `set -x` does before it is evaluated.
  std::int64_t EvaluateTraced(const Word& word);
  [[noreturn]] void FailSubscript(const std::string& message);
  std::int64_t EvaluateText(const std::string& text);
  std::string RunSubstitution(const CommandSubstitution& substitution);
  std::string OpenProcessSubstitution(const ProcessSubstitution& substitution);

  // --- variables --------------------------------------------------------------------------------
  const Variable* FindVariable(const std::string& name);  // Those that the shell makes up, too.
  static std::set<std::string> DynamicNames();            // What it makes up.
  std::vector<std::string> VariableNames();               // Sorted; of those, too.
  // One of these names as `set` and `declare -p` list it: without a value that is made up later.
  Variable ListedVariable(const std::string& name);
  std::string GetString(const std::string& name);
  bool Assign(const std::string& name, std::string value, bool append = false);
  // Whether "@" or "*" stands where an array has numbers; the same as an error that is told of.
  bool NamesAll(const std::string& name, std::string_view subscript);
  bool CheckIsElement(const std::string& name, const std::string& subscript);
  bool AssignElement(const std::string& name, const std::string& subscript, std::string value,
                     bool append = false);
  void UnsetVariable(const std::string& name);
  bool IsReadonly(const std::string& name);
  // The operand of a builtin: a name, or one with a subscript.
  bool AssignOperand(const std::string& operand, std::string value);
  std::string ReadOperand(const std::string& operand);  // Its value; empty for none.
  bool AssignFrom(const Assignment& assignment);
  // The same with a value that is expanded already.
  bool AssignExpanded(const Assignment& assignment, std::string value);
  // name[…]=(…) is nothing.
  [[noreturn]] void RefuseList(const Assignment& assignment);
  bool AssignArray(const std::string& name, const Assignment& assignment);
  // An element of name=(…), expanded.
  struct GivenElement {
    std::optional<std::string> subscript;
    std::string value;
    bool append = false;
  };
  std::vector<GivenElement> ExpandGiven(const std::string& name, const Assignment& assignment);
  void FillIndexed(const std::string& name, std::vector<GivenElement> given);
  void FillAssociative(const std::string& name, const Variable& before, bool append,
                       std::vector<GivenElement> given);
  void SetIndexed(const std::string& name, std::vector<std::string> values);
  std::optional<std::string> GetElement(const std::string& name, const std::string& subscript);
  // What a subscript comes to before an indexed array evaluates it: `key` is for an associative
  // one.
  std::string ExpandSubscript(const std::string& name, const WordPtr& subscript,
                              const WordPtr& key);
  // The same for m[…] in an operand of a builtin, whose quotes and "$" are still to be read.
  std::string SubscriptFromText(const std::string& name, const std::string& text);
  bool IsAssociative(const std::string& name);
  // Lets a name reference mean another variable.
  bool SetReference(const std::string& name, const std::string& target);
  std::string ResolveReference(const std::string& name);
  bool CheckWritable(const std::string& name);
  // What one shell may hold in its variables, and a word in itself.
  std::size_t MostBytes() const;
  // Fails the expansion where the variables would hold more with what is about to be assigned.
  void RequireMemory(const std::string& name, std::size_t bytes);
  std::string Convert(const Variable& variable, std::string value);  // -i -l -u -c
  std::string Extended(const Variable& attributes, const std::string* old, std::string value);
  std::int64_t EvaluateOrEnd(const std::string& text);
  std::int64_t ResolveIndex(const Variable* variable, const std::string& subscript);
  const std::string& Get(std::string_view name, const std::string* subscript) override;
  void Set(std::string_view name, const std::string* subscript, std::int64_t value) override;
  bool HasKeys(std::string_view name) override { return IsAssociative(std::string(name)); }
  void SyncEnvironment();
  const std::vector<std::string>& positional() const { return *state.positional; }
  void SetPositional(std::vector<std::string> values) {
    state.positional = std::make_shared<const std::vector<std::string>>(std::move(values));
    state.option_letter = 0;
  }
  std::string OptionFlags() const;  // $-
  std::string Separator();          // The first character of IFS.

  // --- running things ---------------------------------------------------------------------------
  int RunProgram(const std::vector<std::string>& args,
                 const std::vector<std::pair<std::string, std::string>>& extra_env,
                 const std::string* path = nullptr);
  // The same, with the assignments that stand before the command.
  int RunProgramWith(const std::vector<Assignment>& assignments,
                     const std::vector<std::string>& args);
  int CallFunction(const FunctionDefinition& function, const std::vector<std::string>& args);
  int RefuseExec(const std::string& name, std::errc error);
  std::string HashedName(const std::string& file) const;
  bool RefuseInterpreter(const std::string& file, std::errc error);
  int RefusePlainProgram(const std::string& name, const std::string& path, bool remembers,
                         std::errc error);
  std::optional<int> RefuseUnfit(const std::string& name, const std::string& path, bool remembers,
                                 std::errc error);
  int RefuseFile(const std::string& name, std::errc error);
  int RefuseProgram(const std::vector<std::string>& args, const std::string* searched,
                    std::errc error);
  IoResult<ExitStatus> RunChild(SpawnOptions options, const Process::Program& program);
  int BecomeProgram(SpawnOptions options, const Process::Program& program);
  int CallInChild(const FunctionDefinition& function, const std::vector<std::string>& words);
  // What `command NAME` and `builtin NAME` run.
  int RunCommandWords(std::vector<std::string> args, bool functions, bool programs,
                      const std::string* path = nullptr);
  int SourceFile(const std::string& path, const std::string& content);
  bool ApplyRedirections(const std::vector<Redirection>& redirections, RedirectionScope& scope);
  int RedirectionFailure() const { return state.plain_sh ? 2 : 1; }
  // Looks in the table of `hash` first, and adds to it; `path` is searched instead of $PATH.
  IoResult<Process::Program> FindProgram(const std::string& name,
                                         const std::string* path = nullptr);
  // The table of `hash`, for changing it.
  CommandHash& EditHash();
  const HashedCommand* FindHashed(const std::string& name);
  Builtin EnabledBuiltin(const std::string& name) const;
  void Replace(const std::vector<std::string>& args, bool clear_environment,
               const std::optional<std::string>& name);  // exec

  // --- traps and jobs ---------------------------------------------------------------------------
  void RunPendingTraps();
  int RunTrap(int signal);
  // Before a command: notes it for BASH_COMMAND, and runs the DEBUG trap.
  // True where the trap says to skip it (shopt -s extdebug).
  bool Announce(const Command& command, int part = 0);
  bool RunDebugTrap();
  std::string CommandText() const;  // BASH_COMMAND
  void WatchEndingSignals(bool watch);
  void SetTrap(int signal, const std::optional<std::string>& action);
  int StartBackground(const CommandPtr& command);
  // Takes back what `coproc` has set for the process that has ended.
  void ForgetCoprocess(int pid);
  // Waits for the job of that number, and forgets it; its status. It stays where a signal comes
  // first.
  int WaitForJob(int number, bool tells = true);
  // Takes note of the jobs that have ended.
  void ReapJobs();
  // After a command in the foreground: tells of what has ended.
  void NotifyJobs();
  // Forgets what has ended and been told of; `wait PID` still knows it.
  void CleanJobs();
  void ForgetJob(const Job& job);
  // As `jobs` shows it.
  std::string JobLine(const Job& job, bool with_pid) const;
  // Innermost first; with "main" at the end in a script that is a file.
  std::vector<FunctionFrame> CallStack() const;
  std::string FileOf(const FunctionFrame& frame) const;
  // The line that tells of a process that a signal has ended.
  void ReportKilled(ExitStatus status, int pid, const std::string& text, bool background);
  // The same, once the command's redirections have been taken back.
  void ReportKilledLater(ExitStatus status, int pid, std::string text);
  // A signal without a trap has ended a shell that has an EXIT trap.
  void DieOfSignal(int signal);

  // --- messages ---------------------------------------------------------------------------------
  void Complain(const std::string& message);  // "bash: line 3: …"
  void ComplainAs(const std::string& who, const std::string& message);
  // The same for an error that ends a shell with `set -e` wherever it happens.
  void ReportError(const std::string& message);
  [[noreturn]] void FailExpansion(const std::string& message, bool fatal = false);
  // The stack is used up. It ends the shell: who went on with what comes next would try it again at
  // each of the levels.
  ExpansionError UsedUpStack();  // Has told of it.
  [[noreturn]] void FailNesting() { throw UsedUpStack(); }
  void Print(std::string_view text) { (void)WriteOutput(text); }
  bool WriteOutput(std::string_view text);  // Standard output, for builtins; false on an error.
  void Trace(const std::string& text);      // A line of `set -x`.
  void TraceHeader(const Command& command, int part = 0);

  LexerContext* lexer_context() {
    context_.plain = state.plain_sh;
    context_.extglob = state.shopt.extglob;
    context_.expand_aliases = state.shopt.expand_aliases;
    context_.posix = state.options.posix;
    context_.aliases = &state.aliases;
    return &context_;
  }
  // Runs what an expansion may end; the status, and what is given up, as bash has it.
  template <typename Body>
  int Guard(Body body) {
    try {
      return body();
    } catch (const ExpansionError& error) {
      return OnExpansionError(error);
    } catch (const ArithmeticError& error) {
      Complain(error.message);
      return OnExpansionError({.status = 1, .fatal = state.options.posix, .only_line = true});
    }
  }
  int OnExpansionError(const ExpansionError& error);
  int FatalStatus(const ExpansionError& error) const;  // What the shell, or the child, ends with.

  Process& process;
  State state;
  Flow flow = Flow::kNone;
  int flow_count = 0;            // Loops still to leave.
  int exit_status = 0;           // Of kExit and kReturn.
  int status_before_return = 0;  // What $? was: the RETURN trap sees it.
  bool discarding = false;       // kExit only of the rest of this line,
  bool discards_all = false;     // which is one of the main script.
  bool ended_by_error = false;   // What kExit is of, where it is not `exit`.
  int condition_depth = 0;       // Inside what `set -e` does not end the shell for.
  std::string builtin_name;      // For messages.
  // name=(…) among the arguments of declare and its like, by place.
  std::map<std::size_t, const Assignment*> declaration_arrays;
  JobTable jobs;
  std::vector<CoprocessFiles> coprocesses;
  std::map<int, ExitStatus> finished_children;
  bool runs_exit_trap = true;  // A list in the background does not.
  bool write_failed = false;
  bool builtin_failed = false;  // It has complained of how it was called.
  bool finishing = false;       // The EXIT trap runs.

 private:
  int ExecuteSimple(const SimpleCommand& command);
  int ExecuteAssignments(const SimpleCommand& command);
  int ExecuteWords(const SimpleCommand& command, std::vector<std::string> args);
  int RunBuiltin(Builtin builtin, const std::vector<std::string>& args);
  int RunPosixSpecial(const SimpleCommand& command, Builtin builtin,
                      const std::vector<std::string>& args);
  bool ApplyProgramRedirections(const std::vector<Redirection>& redirections,
                                RedirectionScope& scope, int& status);
  int ExecutePipeline(const Pipeline& pipeline);
  int RunStages(const Pipeline& pipeline);
  int ExecuteTimed(const Pipeline& pipeline);
  int ExecuteUntimed(const Pipeline& pipeline);
  JobTable JobsSeenBy(const Command& stage) const;
  int ExecuteAndOr(const AndOr& list);
  int ExecuteList(const List& list);
  int ExecuteSubshell(const Compound& command);
  void SubstitutionEnds(int status);
  int ExecuteIf(const If& command);
  int ExecuteWhile(const While& command);
  bool CheckLoopVariable(const For& command);
  int FailLoop(const For& command);
  int ExecuteFor(const For& command);
  int ExecuteSelect(const For& command);
  int ExecuteArithmeticFor(const ArithmeticFor& command);
  int ExecuteCase(const Case& command);
  int ExecuteConditional(const Conditional& command);
  int ExecuteArithmetic(const Arithmetic& command);
  int StartCoprocess(const Coprocess& command);
  int ExecuteCompound(const Command& command);
  int ExecuteKind(const Command& command);
  int ReportSyntaxError(Lexer& lexer, const SyntaxError& error, const std::string& label);
  void Remember(std::string_view text);  // `set -o history`
  bool CheckPosixFunction(const std::string& name);
  bool LoopEnds();  // After a body: break, continue and the rest.
  void CheckErrexit(const Command& command, int status, bool runs_trap = true);
  bool OpenRedirection(const Redirection& redirection, RedirectionScope& scope);
  std::string OpenFailure(RedirectOp op, const std::string& target, std::errc error) const;
  bool Duplicate(const Redirection& redirection, int fd, const std::string& target,
                 RedirectionScope& scope);
  std::shared_ptr<const Assignment> ExpandElements(const Assignment& assignment, bool associative);
  void CheckArrayKind(const std::vector<std::string>& args, const std::string& name);
  std::vector<std::string> ExpandCommandWords(const std::vector<Word>& words);
  std::vector<std::string> ExpandPlainWords(const std::vector<Word>& words);
  std::vector<std::string> ExpandDeclarationWords(const std::vector<Word>& words);

  void CloseProcessSubstitutions(std::size_t from);
  void ReportKilledNow();
  void TraceAssignment(const Assignment& assignment, const std::string& value);
  void TraceWords(const SimpleCommand& command, const std::vector<std::string>& args);
  std::uint32_t NextRandom();
  // Takes bytes or UTF-8 for characters, as LC_ALL, LC_CTYPE and LANG say.
  void FollowLocale();
  bool AssignFolder(const std::string& subscript, std::string value);
  void OnAssigned(const std::string& name, const std::string& value);
  // What every assignment to a variable that is there ends with.
  bool AssignPlain(const std::string& name, std::string& value, bool append);
  void Put(const std::string& name, Variable& variable, std::string value, bool append);
  const Variable* FindDynamic(const std::string& name);
  const Variable* CallArguments(bool counts);
  // A function does not inherit these traps unless `set -E`, `set -T` or `declare -t` say so.
  TrapTable TakeFunctionTraps(const std::string& name);

  LexerContext context_;
  Variable dynamic_;
  std::string operand_;                 // What Get gave, unless a variable has it.
  std::optional<Job> killed_;           // Ended by a signal, not reported yet.
  const Command* tail_ = nullptr;       // What is run last; only compared.
  const Command* quiet_ = nullptr;      // Only compared.
  const Command* whole_ = nullptr;      // All that ( … ) runs. Only compared.
  const Command* inverted_ = nullptr;   // Stands behind "!". Only compared.
  const Command* refused_ = nullptr;    // The last whose redirections failed. Only compared.
  const Command* announced_ = nullptr;  // The shell that this one comes from ran its DEBUG trap.
  std::string refused_locale_;          // Complained of.
  bool has_pipe_ = false;               // Of a pipeline, and no subshell.
  int text_line_ = 1;                   // Where the text of `eval` begins.
  bool in_debug_trap_ = false;          // No trap on RETURN runs in it.
  int removed_traps_ = 0;               // How often a trap was taken back.
  bool takes_place_ = false;            // The command that runs is that one.
  bool is_program_ = false;             // The command that runs is no builtin and no function.
  bool substituted_ = false;            // The command being expanded has run a substitution.
  int substitution_status_ = 0;         // With what the last of them ended.
  std::vector<std::shared_ptr<const Assignment>> expanded_arrays_;  // Of declaration_arrays.
  std::set<CommandPtr> kept_functions_;  // Bodies that BASH_COMMAND may still speak of.
  std::vector<CommandPtr> kept_;         // Trees that BASH_COMMAND still speaks of, after an exit.
  CommandPtr last_line_;                 // The line that it speaks of before the next command.
  std::vector<int> process_files_;       // Of <(…), until the command has ended.
};

// Whether a file that begins so is no script.
bool IsBinaryText(std::string_view text);

// A script's last line ends, even if the text does not say so.
void EndLastLine(std::string& text);

// A pipe that holds everything already.
OpenFilePtr MakeWrittenPipe(std::string content);

const std::map<std::string_view, Builtin>& Builtins();
Builtin FindBuiltin(std::string_view name);
bool IsSpecialBuiltin(std::string_view name);
// Would the word be read in another way without quotes?
bool NeedsQuotes(std::string_view text);
// Words as `set -x` shows them.
std::string TracedWord(const std::string& word);
std::string TracedWords(const std::vector<std::string>& words);
// The status of [[ … ]]: 0, 1, or 2 where a regular expression is none.
int EvaluateConditional(Interpreter& shell, const ConditionalNode& node, bool inverted = false);

// "'it'\''s'", the way bash writes values for reading them back.
std::string QuoteForShell(std::string_view text);  // printf %q
std::string SingleQuote(std::string_view text);    // ${x@Q}, set, export -p
int SignalNumber(std::string_view name);           // -1 for none.
std::string SignalName(int signal);                // "INT"
std::string SignalDescription(int signal);         // "Terminated"

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_INTERPRETER_H_
