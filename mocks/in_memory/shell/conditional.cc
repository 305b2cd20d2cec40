#include "mocks/in_memory/shell/conditional.h"

#include "mocks/in_memory/file_system/file_conditions.h"
#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/expansion/pattern.h"
#include "mocks/in_memory/shell/option_names.h"
#include "mocks/in_memory/text/regex.h"

namespace computesdk::in_memory::shell {
namespace {

bool IsVariableSet(Interpreter& shell, const std::string& operand) {
  const std::size_t bracket = operand.find('[');
  if (bracket != std::string::npos && operand.back() == ']') {
    const std::string name = operand.substr(0, bracket);
    const std::string subscript = operand.substr(bracket + 1, operand.size() - bracket - 2);
    if (shell.NamesAll(name, subscript)) {
      const Variable* variable = shell.FindVariable(name);
      return variable != nullptr && !variable->Values().empty();
    }
    return shell.GetElement(name, shell.SubscriptFromText(name, subscript)).has_value();
  }
  if (const auto number = ParsePlainNumber(operand)) {
    return *number == 0 ||
           (*number > 0 && static_cast<std::size_t>(*number) <= shell.positional().size());
  }
  const Variable* variable = shell.FindVariable(operand);
  return variable != nullptr && variable->IsSet();
}

bool TestFile(Interpreter& shell, char op, const std::string& path) {
  if (path.empty()) return false;
  const Follow follow = op == 'h' || op == 'L' ? Follow::kNo : Follow::kYes;
  const auto found = shell.process.Stat(path, follow);
  return found && FileIs(op, *found);
}

std::optional<FileStatus> FileStatusOf(Interpreter& shell, const std::string& path) {
  const auto status = shell.process.Stat(path);
  return status ? std::optional<FileStatus>(*status) : std::nullopt;
}

class ShellRegexWatch : public RegexWatch {
 public:
  explicit ShellRegexWatch(Interpreter& shell) : shell_(shell) {}
  void Tick() override { shell_.process.Checkpoint(); }
  void TooHard() override { shell_.FailExpansion("[[: =~: cannot allocate memory"); }

 private:
  Interpreter& shell_;
};

// A line of `set -x`; an operator with one operand has no `right`.
void TraceTerm(Interpreter& shell, bool inverted, const std::string& left, const std::string& op,
               const std::string* right) {
  const auto shown = [](const std::string& text) { return text.empty() ? "''" : text; };
  const std::string term =
      right == nullptr ? op + " " + shown(left) : shown(left) + " " + op + " " + shown(*right);
  shell.Trace(std::string("[[ ") + (inverted ? "! " : "") + term + " ]]");
}

int StatusOf(bool value) { return value ? 0 : 1; }

// What is no regular expression has the status 2, and nothing is said of it.
int MatchRegex(Interpreter& shell, const std::string& subject, const ConditionalNode& node,
               bool inverted) {
  const std::string pattern = shell.ExpandRegex(node.right);
  if (shell.state.options.trace) TraceTerm(shell, inverted, subject, "=~", &pattern);
  const auto regex =
      Regex::Compile(pattern, {.extended = true, .ignore_case = shell.state.shopt.nocasematch});
  if (!regex) return 2;
  std::vector<Regex::Group> groups;
  const ShellRegexWatch watch(shell);
  const bool matched = regex->Match(subject, &groups);
  std::vector<std::string> texts;
  if (matched) {
    for (const auto& [begin, end] : groups) {
      texts.push_back(begin < 0 ? ""
                                : subject.substr(static_cast<std::size_t>(begin),
                                                 static_cast<std::size_t>(end - begin)));
    }
  }
  const GlobalView view(shell.state.variables, "BASH_REMATCH");
  shell.SetIndexed("BASH_REMATCH", std::move(texts));
  return StatusOf(matched);
}

}  // namespace

bool TestUnary(Interpreter& shell, const std::string& op, const std::string& operand) {
  switch (op[1]) {
    case 'n':
      return !operand.empty();
    case 'z':
      return operand.empty();
    case 't':
      return false;  // Nothing here is a terminal.
    case 'v':
      return IsVariableSet(shell, operand);
    case 'R': {
      const Variable* variable = shell.state.variables.Find(operand);
      return variable != nullptr && variable->reference;
    }
    case 'o': {
      return OptionByName(shell.state.options, operand).value_or(false);
    }
    default:
      return TestFile(shell, op[1], operand);
  }
}

bool CompareNumbers(const std::string& op, std::int64_t a, std::int64_t b) {
  if (op == "-eq") return a == b;
  if (op == "-ne") return a != b;
  if (op == "-lt") return a < b;
  if (op == "-le") return a <= b;
  if (op == "-gt") return a > b;
  return a >= b;
}

bool IsFileComparison(const std::string& op) { return op == "-nt" || op == "-ot" || op == "-ef"; }

bool TestBinaryFiles(Interpreter& shell, const std::string& op, const std::string& left,
                     const std::string& right) {
  const auto first = FileStatusOf(shell, left);
  const auto second = FileStatusOf(shell, right);
  if (shell.state.plain_sh && (!first || !second)) return false;
  return CompareFiles(op, first, second);
}

namespace {

int EvaluateBinary(Interpreter& shell, const ConditionalNode& node, bool inverted) {
  const std::string left = shell.ExpandString(node.left);
  if (node.op == "=~") return MatchRegex(shell, left, node, inverted);
  const bool traces = shell.state.options.trace;
  if (node.op == "=" || node.op == "==" || node.op == "!=") {
    const std::string right = shell.ExpandPattern(node.right);
    if (traces) TraceTerm(shell, inverted, left, node.op, &right);
    const Pattern pattern(right, true, shell.state.shopt.nocasematch);
    return StatusOf(pattern.Matches(left) == (node.op != "!="));
  }
  const std::string right = shell.ExpandString(node.right);
  if (traces) TraceTerm(shell, inverted, left, node.op, &right);
  if (node.op == "<") return StatusOf(left < right);
  if (node.op == ">") return StatusOf(left > right);
  if (IsFileComparison(node.op)) {
    return StatusOf(TestBinaryFiles(shell, node.op, left, right));
  }
  try {
    const std::int64_t number = shell.EvaluateText(left);
    return StatusOf(CompareNumbers(node.op, number, shell.EvaluateText(right)));
  } catch (const ArithmeticError& error) {
    // It is false, and the rest of the condition goes on.
    shell.Complain("[[: " + error.message);
    return 1;
  }
}

}  // namespace

int EvaluateConditional(Interpreter& shell, const ConditionalNode& node, bool inverted) {
  using Kind = ConditionalNode::Kind;
  switch (node.kind) {
    case Kind::kOr:
    case Kind::kAnd: {
      const int status = EvaluateConditional(shell, *node.first);
      const bool decided = (status == 0) == (node.kind == Kind::kOr);
      return decided ? status : EvaluateConditional(shell, *node.second);
    }
    case Kind::kNot:
      return StatusOf(EvaluateConditional(shell, *node.first, true) != 0);
    case Kind::kGroup:
      return EvaluateConditional(shell, *node.first);
    case Kind::kWord: {
      const std::string text = shell.ExpandString(node.left);
      if (shell.state.options.trace) TraceTerm(shell, inverted, text, "-n", nullptr);
      return StatusOf(!text.empty());
    }
    case Kind::kUnary: {
      const std::string operand = shell.ExpandString(node.left);
      if (shell.state.options.trace) TraceTerm(shell, inverted, operand, node.op, nullptr);
      return StatusOf(TestUnary(shell, node.op, operand));
    }
    case Kind::kBinary:
      break;
  }
  return EvaluateBinary(shell, node, inverted);
}

}  // namespace computesdk::in_memory::shell
