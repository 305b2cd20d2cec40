#include <cmath>
#include <utility>

#include "mocks/in_memory/utilities/awk_interpreter.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

namespace {

// About what an element of an array takes at least.
constexpr std::size_t kElementBytes = 64;

}  // namespace

// --- places -----------------------------------------------------------------------------------

Cell& Interpreter::CellOf(int slot, bool local) {
  return local ? frame_[slot] : globals_[static_cast<std::size_t>(slot)];
}

Array& Interpreter::ArrayOf(Cell& cell) {
  if (!cell.array) {
    if (!cell.value.unset()) Fail("attempt to use a scalar value as an array");
    if (cell.origin != nullptr) {
      ArrayOf(*cell.origin);
      cell.array = cell.origin->array;
    } else {
      cell.array = std::make_shared<Array>();
    }
  }
  return *cell.array;
}

Array& Interpreter::ArrayOf(const Expression& expression) {
  if (expression.operation != Operation::kVariable) Fail("argument is not an array");
  return ArrayOf(expression.slot, expression.local);
}

std::string Interpreter::KeyOf(const std::vector<ExpressionPtr>& subscripts) {
  std::string key = Evaluate(*subscripts[0]).Text(convfmt_);
  for (std::size_t i = 1; i < subscripts.size(); ++i) {
    key += subsep_ + Evaluate(*subscripts[i]).Text(convfmt_);
  }
  return key;
}

std::size_t Interpreter::FieldIndex(const Expression& expression) {
  const double index = EvaluateNumber(expression);
  if (index < 0) Fail("attempt to access field " + FormatNumber(std::trunc(index), "%d"));
  if (index > 10'000'000) Fail("field number too large");
  return static_cast<std::size_t>(index);
}

Value Interpreter::Load(const Expression& place) {
  switch (place.operation) {
    case Operation::kField: {
      const std::size_t index = FieldIndex(*place.operands[0]);
      const std::string& text = record_.Field(index);
      // A field that is not there is unset, an empty one is not.
      if (text.empty() && index > record_.count()) return Value();
      return Value::Input(text);
    }
    case Operation::kElement: {
      const std::string key = KeyOf(place.operands);
      Array& array = ArrayOf(place.slot, place.local);
      RequireMemory(process_, array.size() * kElementBytes);
      return array[key];
    }
    default:
      break;
  }
  if (!place.local) {
    if (place.slot == kNf) return Value(static_cast<double>(record_.count()));
    if (place.slot == kNr) return Value(nr_);
    if (place.slot == kFnr) return Value(fnr_);
  }
  const Cell& cell = CellOf(place.slot, place.local);
  if (cell.array) Fail("attempt to use array `" + place.text + "' in a scalar context");
  return cell.value;
}

void Interpreter::Store(const Expression& place, Value value) {
  switch (place.operation) {
    case Operation::kField: {
      const std::size_t index = FieldIndex(*place.operands[0]);
      record_.SetField(index, value.Text(convfmt_));
      return;
    }
    case Operation::kElement: {
      const std::string key = KeyOf(place.operands);
      Array& array = ArrayOf(place.slot, place.local);
      array[key] = std::move(value);
      RequireMemory(process_, array.size() * kElementBytes);
      return;
    }
    default:
      break;
  }
  Cell& cell = CellOf(place.slot, place.local);
  if (cell.array) Fail("attempt to use array `" + place.text + "' in a scalar context");
  cell.value = std::move(value);
  if (!place.local && place.slot < kSpecials) SpecialChanged(place.slot);
}

void Interpreter::SpecialChanged(int slot) {
  const Value& value = globals_[static_cast<std::size_t>(slot)].value;
  switch (slot) {
    case kNf: {
      const double count = value.Number();
      if (count < 0 || count > 10'000'000) Fail("NF set to a value out of range");
      record_.SetCount(static_cast<std::size_t>(count));
      break;
    }
    case kNr:
      nr_ = value.Number();
      break;
    case kFnr:
      fnr_ = value.Number();
      break;
    case kIgnorecase:
      ignore_case_ = value.True();
      UpdateFieldStyle();
      break;
    case kFs:
      UpdateFieldStyle();
      break;
    case kRs:
      UpdateRecordStyle();
      UpdateFieldStyle();
      break;
    case kOfs:
      ofs_ = value.Text(convfmt_);
      record_.SetOutputSeparator(ofs_);
      break;
    case kOrs:
      ors_ = value.Text(convfmt_);
      break;
    case kConvfmt:
      convfmt_ = value.Text(convfmt_);
      break;
    case kOfmt:
      ofmt_ = value.Text(convfmt_);
      break;
    case kSubsep:
      subsep_ = value.Text(convfmt_);
      break;
    default:
      break;
  }
}

FieldStyle Interpreter::MakeFieldStyle(const std::string& separator) {
  FieldStyle style;
  if (separator == " ") return style;
  if (separator.empty()) {
    style.kind = FieldStyle::Kind::kEach;
  } else if (separator.size() == 1 && separator != "\\" && !ignore_case_) {
    style.kind = FieldStyle::Kind::kCharacter;
    style.separator = separator[0];
  } else {
    style.kind = FieldStyle::Kind::kRegex;
    style.matcher = MatcherOf(separator == "\\" ? "\\\\" : separator);
  }
  return style;
}

void Interpreter::UpdateFieldStyle() {
  FieldStyle style = MakeFieldStyle(globals_[kFs].value.Text(convfmt_));
  style.newline_separates = record_style_.kind == RecordStyle::Kind::kParagraphs;
  record_.SetStyle(std::move(style));
}

void Interpreter::UpdateRecordStyle() {
  const std::string separator = globals_[kRs].value.Text(convfmt_);
  record_style_ = {};
  if (separator.empty()) {
    record_style_.kind = RecordStyle::Kind::kParagraphs;
  } else if (separator.size() == 1) {
    record_style_.delimiter = separator[0];
  } else {
    record_matcher_ = MatcherOf(separator);
    record_style_.kind = RecordStyle::Kind::kRegex;
    record_style_.matcher = &*record_matcher_;
  }
}

// --- expressions ------------------------------------------------------------------------------

const Matcher& Interpreter::MatcherOf(const std::string& source) {
  const auto matcher = matchers_.Get(source, ignore_case_);
  if (!matcher) Fail("invalid regexp: " + matcher.error());
  return **matcher;
}

const Matcher& Interpreter::MatcherOf(const Expression& expression) {
  return MatcherOf(expression.operation == Operation::kRegex ? expression.text
                                                             : Evaluate(expression).Text(convfmt_));
}

std::string Interpreter::EvaluateText(const Expression& expression) {
  return Evaluate(expression).Text(convfmt_);
}

double Interpreter::Arithmetic(Operation operation, double left, double right) {
  switch (operation) {
    case Operation::kAdd:
      return left + right;
    case Operation::kSubtract:
      return left - right;
    case Operation::kMultiply:
      return left * right;
    case Operation::kDivide:
      if (right == 0) Fail("division by zero attempted");
      return left / right;
    case Operation::kModulo:
      if (right == 0) Fail("division by zero attempted in `%'");
      return std::fmod(left, right);
    default:
      return std::pow(left, right);
  }
}

bool Interpreter::Comparison(const Expression& expression) {
  const Value left = Evaluate(*expression.operands[0]);
  const Value right = Evaluate(*expression.operands[1]);
  const int order = CompareValues(left, right, convfmt_);
  switch (expression.operation) {
    case Operation::kLess:
      return order < 0;
    case Operation::kLessEqual:
      return order <= 0;
    case Operation::kEqual:
      return order == 0;
    case Operation::kNotEqual:
      return order != 0;
    case Operation::kGreater:
      return order > 0;
    default:
      return order >= 0;
  }
}

bool Interpreter::EvaluateTruth(const Expression& expression) {
  const auto& operands = expression.operands;
  switch (expression.operation) {
    case Operation::kRegex:
      return MatcherOf(expression.text).Matches(record_.text());
    case Operation::kOr:
      return EvaluateTruth(*operands[0]) || EvaluateTruth(*operands[1]);
    case Operation::kAnd:
      return EvaluateTruth(*operands[0]) && EvaluateTruth(*operands[1]);
    case Operation::kNot:
      return !EvaluateTruth(*operands[0]);
    case Operation::kMatch:
    case Operation::kNoMatch: {
      const std::string text = EvaluateText(*operands[0]);
      return MatcherOf(*operands[1]).Matches(text) == (expression.operation == Operation::kMatch);
    }
    case Operation::kIn: {
      const std::string key = KeyOf(operands);
      return ArrayOf(expression.slot, expression.local).Contains(key);
    }
    case Operation::kLess:
    case Operation::kLessEqual:
    case Operation::kEqual:
    case Operation::kNotEqual:
    case Operation::kGreater:
    case Operation::kGreaterEqual:
      return Comparison(expression);
    default:
      return Evaluate(expression).True();
  }
}

double Interpreter::Increment(const Expression& expression) {
  const Expression& place = *expression.operands[0];
  const double before = Load(place).Number();
  const bool up = expression.operation == Operation::kPreIncrement ||
                  expression.operation == Operation::kPostIncrement;
  const double after = up ? before + 1 : before - 1;
  Store(place, Value(after));
  const bool prefix = expression.operation == Operation::kPreIncrement ||
                      expression.operation == Operation::kPreDecrement;
  return prefix ? after : before;
}

double Interpreter::EvaluateNumber(const Expression& expression) {
  const auto& operands = expression.operands;
  switch (expression.operation) {
    case Operation::kNumber:
      return expression.number;
    case Operation::kAdd:
    case Operation::kSubtract:
    case Operation::kMultiply:
    case Operation::kDivide:
    case Operation::kModulo:
    case Operation::kPower: {
      const double left = EvaluateNumber(*operands[0]);
      return Arithmetic(expression.operation, left, EvaluateNumber(*operands[1]));
    }
    case Operation::kNegate:
      return -EvaluateNumber(*operands[0]);
    case Operation::kPlus:
      return EvaluateNumber(*operands[0]);
    case Operation::kPreIncrement:
    case Operation::kPreDecrement:
    case Operation::kPostIncrement:
    case Operation::kPostDecrement:
      return Increment(expression);
    case Operation::kVariable:
      if (!expression.local && expression.slot == kNf) {
        return static_cast<double>(record_.count());
      }
      return Load(expression).Number();
    default:
      return Evaluate(expression).Number();
  }
}

Value Interpreter::Assign(const Expression& expression) {
  const Expression& place = *expression.operands[0];
  if (expression.operation == Operation::kAssign) {
    Value value = Evaluate(*expression.operands[1]);
    Store(place, value);
    return value;
  }
  const double right = EvaluateNumber(*expression.operands[1]);
  const double result = Arithmetic(expression.binary, Load(place).Number(), right);
  Store(place, Value(result));
  return Value(result);
}

Value Interpreter::Evaluate(const Expression& expression) {
  const auto& operands = expression.operands;
  switch (expression.operation) {
    case Operation::kString:
      return Value(expression.text);
    case Operation::kVariable:
    case Operation::kElement:
    case Operation::kField:
      return Load(expression);
    case Operation::kGroup:
      Fail("a list in parentheses has no value");
    case Operation::kAssign:
    case Operation::kAssignCompute:
      return Assign(expression);
    case Operation::kConditional:
      return Evaluate(*operands[EvaluateTruth(*operands[0]) ? 1 : 2]);
    case Operation::kConcatenate: {
      std::string text = EvaluateText(*operands[0]);
      text += EvaluateText(*operands[1]);
      RequireMemory(process_, text.size());
      return Value(std::move(text));
    }
    case Operation::kCall:
      return CallFunction(expression);
    case Operation::kBuiltin:
      return CallBuiltin(expression);
    case Operation::kGetline:
    case Operation::kGetlineFile:
    case Operation::kGetlinePipe:
      return EvaluateGetline(expression);
    case Operation::kRegex:
    case Operation::kOr:
    case Operation::kAnd:
    case Operation::kIn:
    case Operation::kMatch:
    case Operation::kNoMatch:
    case Operation::kLess:
    case Operation::kLessEqual:
    case Operation::kEqual:
    case Operation::kNotEqual:
    case Operation::kGreater:
    case Operation::kGreaterEqual:
    case Operation::kNot:
      return Value(EvaluateTruth(expression) ? 1.0 : 0.0);
    default:
      return Value(EvaluateNumber(expression));
  }
}

Value Interpreter::EvaluateGetline(const Expression& expression) {
  std::string text;
  std::string terminator;
  if (expression.operation == Operation::kGetline) {
    if (!ReadMain(text)) return Value(0.0);
  } else {
    const bool command = expression.operation == Operation::kGetlinePipe;
    const auto reader = streams_.Reader(command, EvaluateText(*expression.operands[0]));
    if (!reader) return Value(-1.0);
    auto next = (*reader)->Read(record_style_, terminator);
    if (!next) return Value((*reader)->error() ? -1.0 : 0.0);
    text = std::move(*next);
    globals_[kRt].value = Value(std::move(terminator));
  }
  if (expression.target) {
    Store(*expression.target, Value::Input(text));
  } else {
    record_.Set(std::move(text));
  }
  return Value(1.0);
}

Value Interpreter::CallFunction(const Expression& call) {
  const Function& function = program_.functions[static_cast<std::size_t>(call.slot)];
  if (!function.defined) Fail("function `" + function.name + "' not defined");
  if (call.operands.size() > function.parameters) {
    Fail("function `" + function.name + "' called with more arguments than declared");
  }
  const auto* const here = static_cast<const char*>(__builtin_frame_address(0));
  if (stack_ - here > kStackForCalls) Fail("function calls are nested too deeply");
  process_.Checkpoint();
  std::vector<Cell> locals(function.parameters);
  for (std::size_t i = 0; i < call.operands.size(); ++i) {
    const Expression& argument = *call.operands[i];
    if (argument.operation != Operation::kVariable) {
      locals[i].value = Evaluate(argument);
      continue;
    }
    Cell& source = CellOf(argument.slot, argument.local);
    if (source.array) {
      locals[i].array = source.array;
    } else {
      locals[i].value = Load(argument);
      if (locals[i].value.unset()) locals[i].origin = &source;
    }
  }
  Cell* const caller = std::exchange(frame_, locals.data());
  returned_ = Value();
  const Flow flow = Execute(*function.body);
  frame_ = caller;
  if (flow == Flow::kExit || flow == Flow::kNext || flow == Flow::kNextFile) throw Jump{flow};
  return std::exchange(returned_, Value());
}

}  // namespace computesdk::in_memory::awk
