#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/awk_interpreter.h"
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
  switch (statement.kind) {
    case StatementKind::kExpression:
      Evaluate(*statement.expressions[0]);
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
  std::vector<std::string> keys = array.Keys();
  const Value* wish = ArrayOf(kProcinfo, false).Find("sorted_in");
  if (wish == nullptr) return keys;
  const std::string order = wish->Text(convfmt_);
  const bool by_value = order.starts_with("@val_");
  const bool numeric = order.find("_num_") != std::string::npos;
  if (!by_value && !order.starts_with("@ind_")) return keys;
  const auto compare = [&](const std::string& a, const std::string& b) {
    process_.Checkpoint();
    const Value x = by_value ? *array.Find(a) : Value::Input(a);
    const Value y = by_value ? *array.Find(b) : Value::Input(b);
    if (numeric) {
      const double left = x.Number();
      const double right = y.Number();
      if (left != right) return left < right ? -1 : 1;
      return a.compare(b);
    }
    const int result = order.find("_type_") != std::string::npos
                           ? CompareValues(x, y, convfmt_)
                           : x.Text(convfmt_).compare(y.Text(convfmt_));
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
  Array& array = ArrayOf(statement.slot, statement.local);
  for (std::string& key : SortedKeys(array)) {
    process_.Checkpoint();
    Store(*statement.expressions[0], Value::Input(key));
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
    if (entry.value->operation == Operation::kRegex) {
      return MatcherOf(*entry.value).Matches(value.Text(convfmt_));
    }
    const Value expected = Evaluate(*entry.value);
    return value.is_number() == expected.is_number() &&
           CompareValues(value, expected, convfmt_) == 0;
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

Output& Interpreter::Destination(const Statement& statement) {
  if (statement.redirection == Redirection::kNone) return streams_.standard();
  const std::string name = EvaluateText(*statement.destination);
  auto writer = streams_.Writer(statement.redirection, name);
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
  Array& array = ArrayOf(place.slot, place.local);
  if (place.operation == Operation::kElement) {
    array.Erase(KeyOf(place.operands));
  } else {
    array.Clear();
  }
}

}  // namespace computesdk::in_memory::awk
