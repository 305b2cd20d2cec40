#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_SYNTAX_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_SYNTAX_H_

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// The syntax tree of the shell language. It is immutable once parsed, and shared: a function keeps
// its body alive, and so does a process that runs a part of it.
namespace computesdk::in_memory::shell {

struct Command;
using CommandPtr = std::shared_ptr<const Command>;
struct Word;
using WordPtr = std::shared_ptr<const Word>;

// --- words ------------------------------------------------------------------------------------

struct Literal {
  std::string text;
};

// "~" or "~name" at a place where it is expanded.
struct Tilde {
  std::string name;
};

enum class ParameterOp {
  kValue,         // ${x}
  kLength,        // ${#x}
  kKeys,          // ${!a[@]}
  kNames,         // ${!prefix*}
  kDefault,       // ${x-w}
  kAssign,        // ${x=w}
  kError,         // ${x?w}
  kAlternative,   // ${x+w}
  kRemovePrefix,  // ${x#p}
  kRemoveLongestPrefix,
  kRemoveSuffix,  // ${x%p}
  kRemoveLongestSuffix,
  kReplaceFirst,   // ${x/p/r}
  kReplaceAll,     // ${x//p/r}
  kReplacePrefix,  // ${x/#p/r}
  kReplaceSuffix,  // ${x/%p/r}
  kSlice,          // ${x:offset:length}
  kUpperFirst,     // ${x^p}
  kUpperAll,       // ${x^^p}
  kLowerFirst,     // ${x,p}
  kLowerAll,       // ${x,,p}
  kToggleFirst,    // ${x~p}
  kToggleAll,      // ${x~~p}
  kTransform,      // ${x@Q}
  kBad,            // What is no expansion at all: an error when it is reached.
};

struct Parameter {
  std::string name;       // A variable, a number, or one of the special parameters.
  WordPtr subscript;      // a[…]; null without one.
  WordPtr key;            // The subscript as a word, where quotes make that another one.
  char list = 0;          // '@' or '*' for a[@] and a[*], and for $@ and $*.
  bool indirect = false;  // ${!x}
  bool colon = false;     // ${x:-w} rather than ${x-w}: an empty value counts as none.
  ParameterOp op = ParameterOp::kValue;
  char transform = 0;  // The letter of ${x@Q}.
  WordPtr word;        // The operand: default, pattern, offset.
  WordPtr second;      // Replacement, or length; null where left out.
  std::string source;  // As written, for messages.
  std::string around;  // The word, or what the quotes hold, of one that is none.
};

struct CommandSubstitution {
  CommandPtr body;    // Null for an empty one.
  std::string error;  // Of backquotes whose text does not parse: reported when they are reached.
};

struct ArithmeticExpansion {
  WordPtr expression;
};

struct ProcessSubstitution {
  CommandPtr body;
  bool reads = true;  // <(…): the command reads what the body writes.
};

struct WordPart {
  using Value = std::variant<Literal, Tilde, std::shared_ptr<const Parameter>, CommandSubstitution,
                             ArithmeticExpansion, ProcessSubstitution>;
  Value value;
  bool quoted = false;       // Inside quotes of any kind, or escaped: neither split nor a pattern.
  bool beside_list = false;  // In the quotes of a "$@": where both are empty, there is no field.
};

struct Assignment;

// A word as it was written, for printing it.
struct WordSource {
  // What is shown in another way: a substitution is printed from its tree, $'…' with plain
  // quotes, a line continuation not at all.
  struct Piece {
    std::size_t start = 0;
    std::size_t end = 0;
    std::string open;  // "$(", "<(" or ">(" of a substitution.
    CommandPtr body;
    bool quotes = false;
    std::string text;  // Inside the quotes.
  };
  std::string text;
  std::vector<Piece> pieces;
};
using WordSourcePtr = std::shared_ptr<const WordSource>;

struct Word {
  std::vector<WordPart> parts;
  WordSourcePtr source;  // Null where the parts say it all.
  int line = 0;
  bool braces = false;  // An unquoted "{" is in it: brace expansion may apply.
  bool plain = false;   // One literal that expands to itself.
  bool looks_like_assignment = false;
  std::shared_ptr<const Assignment> assignment;  // An argument of `declare` and its like.

  // The text, if the word is a single unquoted literal: reserved words, names, aliases.
  const std::string* Bare() const {
    if (parts.size() != 1 || parts[0].quoted) return nullptr;
    const auto* literal = std::get_if<Literal>(&parts[0].value);
    return literal == nullptr ? nullptr : &literal->text;
  }
};

struct ArrayElement {
  WordPtr subscript;  // Null in (a b c).
  WordPtr key;        // As in Parameter.
  Word value;
  bool append = false;  // ([k]+=v)
  WordSourcePtr source;
};

struct Assignment {
  std::string name;
  WordPtr subscript;  // Null without one.
  WordPtr key;        // As in Parameter.
  bool append = false;
  bool array = false;  // name=(…): `elements` instead of `value`.
  Word value;
  std::vector<ArrayElement> elements;
  WordSourcePtr source;  // Of one without "(…)".
};

// --- redirections -----------------------------------------------------------------------------

enum class RedirectOp {
  kInput,            // <
  kOutput,           // >
  kClobber,          // >|
  kAppend,           // >>
  kReadWrite,        // <>
  kDuplicateInput,   // <&
  kDuplicateOutput,  // >&
  kOutputBoth,       // &>
  kAppendBoth,       // &>>
  kHereDocument,     // << and <<-
  kHereString,       // <<<
};

struct HereDocument {
  std::string delimiter;
  bool quoted = false;      // The delimiter was: the body is taken as it is.
  bool strip_tabs = false;  // <<-
  Word body;
};

struct Redirection {
  RedirectOp op = RedirectOp::kInput;
  int fd = -1;           // -1: the operator's own default.
  std::string variable;  // {name}> …: gets the number of a new descriptor.
  Word target;
  std::shared_ptr<HereDocument> here;
  int line = 0;
};

// --- commands ---------------------------------------------------------------------------------

enum class CommandKind {
  kSimple,
  kPipeline,
  kAndOr,
  kList,
  kSubshell,
  kGroup,
  kIf,
  kWhile,
  kFor,
  kArithmeticFor,
  kSelect,
  kCase,
  kFunction,
  kConditional,
  kArithmetic,
  kCoprocess,
};

struct Command {
  explicit Command(CommandKind k) : kind(k) {}
  virtual ~Command() = default;
  CommandKind kind;
  int line = 0;
  std::vector<Redirection> redirections;
};

struct SimpleCommand : Command {
  SimpleCommand() : Command(CommandKind::kSimple) {}
  std::vector<Assignment> assignments;
  std::vector<Word> words;
};

struct Pipeline : Command {
  Pipeline() : Command(CommandKind::kPipeline) {}
  std::vector<CommandPtr> stages;
  bool negated = false;
  bool timed = false;
  bool posix_times = false;  // time -p
};

struct AndOr : Command {
  AndOr() : Command(CommandKind::kAndOr) {}
  struct Item {
    bool is_and = true;  // Joined to what stands before by && rather than ||.
    CommandPtr command;
  };
  std::vector<Item> items;
};

struct List : Command {
  List() : Command(CommandKind::kList) {}
  struct Item {
    CommandPtr command;
    bool background = false;
    bool newline = false;  // What ends it.
  };
  std::vector<Item> items;
};

struct Compound : Command {  // ( … ) and { …; }
  explicit Compound(CommandKind k) : Command(k) {}
  CommandPtr body;
};

struct If : Command {
  If() : Command(CommandKind::kIf) {}
  std::vector<std::pair<CommandPtr, CommandPtr>> clauses;
  CommandPtr otherwise;
};

struct While : Command {
  While() : Command(CommandKind::kWhile) {}
  bool until = false;
  CommandPtr condition;
  CommandPtr body;
};

struct For : Command {  // Also select.
  explicit For(CommandKind k) : Command(k) {}
  std::string name;
  bool has_words = false;  // Without "in": the positional parameters.
  std::vector<Word> words;
  CommandPtr body;
};

struct ArithmeticFor : Command {
  ArithmeticFor() : Command(CommandKind::kArithmeticFor) {}
  Word initial;
  Word condition;
  Word step;
  std::vector<std::string> texts;  // The three as they are shown.
  CommandPtr body;
};

struct Case : Command {
  Case() : Command(CommandKind::kCase) {}
  enum class Next { kEnd, kFallThrough, kTestNext };  // ;;  ;&  ;;&
  struct Clause {
    std::vector<Word> patterns;
    CommandPtr body;
    Next next = Next::kEnd;
  };
  Word word;
  std::vector<Clause> clauses;
};

struct FunctionDefinition : Command {
  FunctionDefinition() : Command(CommandKind::kFunction) {}
  std::string name;
  CommandPtr body;
  std::shared_ptr<const std::string> file;  // Where it was defined; null for the text of -c.
};

struct ConditionalNode {
  enum class Kind { kOr, kAnd, kNot, kGroup, kUnary, kBinary, kWord };
  Kind kind = Kind::kWord;
  std::string op;  // "-f", "==", "=~", …
  Word left;
  Word right;
  std::shared_ptr<const ConditionalNode> first;
  std::shared_ptr<const ConditionalNode> second;
};

struct Conditional : Command {  // [[ … ]]
  Conditional() : Command(CommandKind::kConditional) {}
  std::shared_ptr<const ConditionalNode> expression;
};

struct Arithmetic : Command {  // (( … ))
  Arithmetic() : Command(CommandKind::kArithmetic) {}
  Word expression;
  std::string text;
};

struct Coprocess : Command {  // coproc [NAME] command
  Coprocess() : Command(CommandKind::kCoprocess) {}
  std::string name = "COPROC";
  CommandPtr body;
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_SYNTAX_SYNTAX_H_
