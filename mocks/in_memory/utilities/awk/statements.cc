#include <algorithm>
#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

Interpreter::Flow Interpreter::ExecuteAll(const std::vector<StatementPtr>& statements) {
  for (const StatementPtr& statement : statements) {
    const Flow flow = Execute(*statement);
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::Execute(const Statement& statement) {
  if (statement.line != 0) line_ = statement.line;
  switch (statement.kind) {
    case StatementKind::kExpression:
      if (statement.expressions[0]->operation == Operation::kAppend) {
        Append(*statement.expressions[0]);  // Nobody wants a copy of the value.
      } else {
        Evaluate(*statement.expressions[0]);
      }
      return Flow::kNormal;
    case StatementKind::kPrint:
    case StatementKind::kPrintf:
      ExecutePrint(statement);
      return Flow::kNormal;
    case StatementKind::kBlock:
      return ExecuteAll(statement.statements);
    case StatementKind::kIf:
      if (EvaluateTruth(*statement.expressions[0])) return Execute(*statement.body);
      return statement.other ? Execute(*statement.other) : Flow::kNormal;
    case StatementKind::kWhile:
    case StatementKind::kDo:
      return ExecuteWhile(statement);
    case StatementKind::kFor:
      return ExecuteFor(statement);
    case StatementKind::kForIn:
      return ExecuteForIn(statement);
    case StatementKind::kSwitch:
      return ExecuteSwitch(statement);
    case StatementKind::kBreak:
      return Flow::kBreak;
    case StatementKind::kContinue:
      return Flow::kContinue;
    case StatementKind::kNext:
      return Flow::kNext;
    case StatementKind::kNextFile:
      return Flow::kNextFile;
    case StatementKind::kExit:
      if (!statement.expressions.empty()) {
        exit_code_ = static_cast<int>(EvaluateNumber(*statement.expressions[0]));
      }
      return Flow::kExit;
    case StatementKind::kReturn:
      returned_ = statement.expressions.empty() ? Value() : Evaluate(*statement.expressions[0]);
      return Flow::kReturn;
    case StatementKind::kDelete:
      ExecuteDelete(statement);
      return Flow::kNormal;
  }
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::ExecuteWhile(const Statement& statement) {
  bool first = statement.kind == StatementKind::kDo;
  while (first || EvaluateTruth(*statement.expressions[0])) {
    first = false;
    process_.Checkpoint();
    const Flow flow = Execute(*statement.body);
    if (flow == Flow::kBreak) break;
    if (flow != Flow::kNormal && flow != Flow::kContinue) return flow;
  }
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::ExecuteFor(const Statement& statement) {
  if (statement.init) Execute(*statement.init);
  while (statement.expressions.empty() || EvaluateTruth(*statement.expressions[0])) {
    process_.Checkpoint();
    const Flow flow = Execute(*statement.body);
    if (flow == Flow::kBreak) break;
    if (flow != Flow::kNormal && flow != Flow::kContinue) return flow;
    if (statement.step) Execute(*statement.step);
  }
  return Flow::kNormal;
}

// In the order that PROCINFO["sorted_in"] asks for.
std::vector<std::string> Interpreter::SortedKeys(Array& array) {
  const Value* const wish = ArrayOf(kProcinfo).Find("sorted_in");
  return wish == nullptr ? array.Keys() : SortedKeys(array, wish->Text(convfmt_));
}

// By a function of the program: f(i1, v1, i2, v2) is below 0 where the first comes first.
void Interpreter::SortByFunction(const Function& function, const Array& array,
                                 std::vector<std::string>& keys) {
  constexpr std::size_t kArguments = 4;
  if (function.parameters < kArguments) {
    Fail("sort comparison function `" + function.name + "' is not properly defined");
  }
  std::stable_sort(keys.begin(), keys.end(), [&](const std::string& a, const std::string& b) {
    std::vector<Cell> locals(kArguments);
    const std::string* const pair[] = {&a, &b};
    for (std::size_t i = 0; i < 2; ++i) {
      locals[2 * i].value = Value::Input(*pair[i]);
      locals[2 * i + 1].array = array.FindArray(*pair[i]);
      if (!locals[2 * i + 1].array) locals[2 * i + 1].value = *array.Find(*pair[i]);
    }
    return Invoke(function, std::move(locals)).Number() < 0;
  });
}

std::vector<std::string> Interpreter::SortedKeys(Array& array, const std::string& order) {
  std::vector<std::string> keys = array.Keys();
  if (const Function* const function = FindFunction(order)) {
    SortByFunction(*function, array, keys);
    return keys;
  }
  const bool by_value = order.starts_with("@val_");
  if (!by_value && !order.starts_with("@ind_")) return keys;
  const bool numeric = order.find("_num_") != std::string::npos;
  const bool typed = order.find("_type_") != std::string::npos;
  // Numbers come before texts, and both before arrays.
  const auto rank = [&](const std::string& key, const Value& value) {
    if (by_value && array.FindArray(key)) return 2;
    return value.Numeric() ? 0 : 1;
  };
  const auto compare = [&](const std::string& a, const std::string& b) {
    process_.Checkpoint();
    const Value x = by_value ? *array.Find(a) : Value::Input(a);
    const Value y = by_value ? *array.Find(b) : Value::Input(b);
    if (by_value && (array.FindArray(a) || array.FindArray(b) || typed)) {
      if (rank(a, x) != rank(b, y)) return rank(a, x) - rank(b, y);
    }
    int result = 0;
    if (numeric) {
      const double left = x.Number();
      const double right = y.Number();
      result = static_cast<int>(left > right) - static_cast<int>(left < right);
    } else {
      result = typed ? Compare(x, y) : Compare(Value(x.Text(convfmt_)), Value(y.Text(convfmt_)));
    }
    return result != 0 ? result : a.compare(b);
  };
  const bool descending = order.ends_with("_desc");
  std::stable_sort(keys.begin(), keys.end(), [&](const std::string& a, const std::string& b) {
    return descending ? compare(b, a) < 0 : compare(a, b) < 0;
  });
  return keys;
}

Interpreter::Flow Interpreter::ExecuteForIn(const Statement& statement) {
  // Kept alive, should the body give the variable another meaning.
  const std::shared_ptr<Array> array = SharedArrayOf(*statement.expressions[1]);
  for (std::string& key : SortedKeys(*array)) {
    process_.Checkpoint();
    Store(*statement.expressions[0], Value::Key(key));
    const Flow flow = Execute(*statement.body);
    if (flow == Flow::kBreak) break;
    if (flow != Flow::kNormal && flow != Flow::kContinue) return flow;
  }
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::ExecuteSwitch(const Statement& statement) {
  const Value value = Evaluate(*statement.expressions[0]);
  const auto matches = [&](const SwitchCase& entry) {
    if (!entry.value) return false;
    if (entry.value->operation == Operation::kRegex ||
        entry.value->operation == Operation::kPattern) {
      return MatcherOf(*entry.value).Matches(value.Text(convfmt_));
    }
    const Value expected = Evaluate(*entry.value);
    return value.Numeric() == expected.Numeric() && Compare(value, expected) == 0;
  };
  auto entry = std::find_if(statement.cases.begin(), statement.cases.end(), matches);
  if (entry == statement.cases.end()) {
    entry = std::find_if(statement.cases.begin(), statement.cases.end(),
                         [](const SwitchCase& candidate) { return !candidate.value; });
  }
  for (; entry != statement.cases.end(); ++entry) {
    const Flow flow = ExecuteAll(entry->body);
    if (flow == Flow::kBreak) break;
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

namespace {

std::string SignOf(Redirection redirection) {
  switch (redirection) {
    case Redirection::kAppend:
      return ">>";
    case Redirection::kPipe:
      return "|";
    case Redirection::kBoth:
      return "|&";
    default:
      return ">";
  }
}

}  // namespace

Output& Interpreter::Destination(const Statement& statement) {
  if (statement.redirection == Redirection::kNone) return streams_.standard();
  const std::string name = EvaluateText(*statement.destination);
  if (name.empty()) FailOnNoName(SignOf(statement.redirection));
  auto writer = statement.redirection == Redirection::kBoth
                    ? streams_.CoprocessWriter(name)
                    : streams_.Writer(statement.redirection, name);
  if (!writer) Fail("cannot redirect to `" + name + "': " + ErrnoText(writer.error()));
  return **writer;
}

void Interpreter::ExecutePrint(const Statement& statement) {
  std::string text;
  if (statement.kind == StatementKind::kPrintf) {
    text = Sprintf(statement.expressions).Text(convfmt_);
  } else if (statement.expressions.empty()) {
    text = record_.text() + ors_;
  } else {
    for (std::size_t i = 0; i < statement.expressions.size(); ++i) {
      if (i > 0) text += ofs_;
      text += Evaluate(*statement.expressions[i]).Text(ofmt_);
    }
    text += ors_;
  }
  Output& out = Destination(statement);
  out << text;
  // Messages come when they are written.
  if (statement.redirection != Redirection::kNone && statement.destination &&
      statement.destination->text == "/dev/stderr") {
    out.Flush();
  }
}

void Interpreter::ExecuteDelete(const Statement& statement) {
  const Expression& place = *statement.expressions[0];
  if (place.operation == Operation::kElement) {
    const std::string key = KeyOf(place.operands);
    BaseOf(place)->Erase(key);
  } else {
    ArrayOf(place).Clear();
  }
}

}  // namespace computesdk::in_memory::awk
