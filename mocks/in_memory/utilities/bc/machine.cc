#include "mocks/in_memory/utilities/bc/machine.h"

#include <algorithm>
#include <utility>

namespace computesdk::in_memory {
namespace {

constexpr std::int64_t kMaxIndex = 16777214;
constexpr std::int64_t kMaxBase = 2147483647;

// What each value is taken to use, to know when there are too many.
constexpr std::size_t kValueBytes = 128;
// The same for a call, with what it saves.
constexpr std::size_t kCallBytes = 4096;

}  // namespace

BcMachine::BcMachine(Process& process, BcSource& source, BcProgram& program, Output& out)
    : process_(process),
      source_(source),
      program_(program),
      out_(out),
      arithmetic_(process),
      random_state_(128) {
  // random(3) as every program begins with it.
  initstate_r(1, random_state_.data(), random_state_.size(), &random_);
  if (const auto length = process.env.find("BC_LINE_LENGTH"); length != process.env.end()) {
    const auto value = ParseInteger(length->second).value_or(0);
    if (value == 0 || value > 2) line_length_ = static_cast<std::size_t>(std::max(value, 0L));
  }
}

void BcMachine::Run(const BcFunction& line) {
  frames_ = {{&line}};
  error_ = false;
  while (!frames_.empty() && !error_) {
    process_.Checkpoint();
    if (frames_.back().next == frames_.back().function->code.size()) {
      frames_.pop_back();
    } else {
      Step();
    }
  }
  // What an error leaves behind.
  while (frames_.size() > 1) Return();
  frames_.clear();
  stack_.clear();
  array_arguments_.clear();
}

void BcMachine::Step() {
  Frame& frame = frames_.back();
  const BcInstruction& instruction = frame.function->code[frame.next++];
  address_ = instruction.address;
  if (StepVariable(instruction) || StepElement(instruction) || StepControl(instruction) ||
      StepOutput(instruction)) {
    return;
  }
  StepOperator(instruction.op);
}

// --- values
// ---------------------------------------------------------------------------------------

BcNumber BcMachine::Pop() {
  BcNumber value = std::move(stack_.back());
  stack_.pop_back();
  return value;
}

void BcMachine::Push(BcNumber value) {
  RequireMemory(process_, stack_.size() * kValueBytes);
  stack_.push_back(std::move(value));
}

std::vector<BcNumber>& BcMachine::Variable(int id) {
  std::vector<BcNumber>& values = variables_[id];
  if (values.empty()) values.emplace_back();
  return values;
}

std::vector<BcMachine::ArrayPtr>& BcMachine::ArrayStack(int id) {
  std::vector<ArrayPtr>& stack = arrays_[id];
  if (stack.empty()) stack.push_back(std::make_shared<Array>());
  return stack;
}

BcNumber BcMachine::Load(int id) {
  switch (id) {
    case kBcIbase:
      return {ibase_, 0};
    case kBcObase:
      return {obase_, 0};
    case kBcScale:
      return {static_cast<std::int64_t>(scale_), 0};
    case kBcHistory:
      return history_;
    case kBcLast:
      return last_;
    default:
      return Variable(id).back();
  }
}

void BcMachine::Store(int id, const BcNumber& value) {
  if (id == kBcLast) {
    last_ = value;
  } else if (id == kBcHistory) {
    history_ = value;
  } else if (id < kFirstBcVariable) {
    StoreSpecial(id, value);
  } else {
    Variable(id).back() = value;
  }
}

void BcMachine::StoreSpecial(int id, const BcNumber& value) {
  const std::string name = id == kBcIbase ? "ibase" : id == kBcObase ? "obase" : "scale";
  const std::int64_t least = id == kBcScale ? 0 : 2;
  const std::int64_t most = id == kBcIbase ? 36 : kMaxBase;
  const BigInteger whole = arithmetic_.Whole(value);
  std::int64_t number = whole.IsNegative() ? -1 : whole.ToInt64().value_or(kMaxBase + 1);
  if (number < least) {
    RuntimeWarning(id == kBcScale ? "negative scale, set to 0" : name + " too small, set to 2");
  } else if (number > most) {
    RuntimeWarning(name + " too large, set to " + std::to_string(most));
  }
  number = std::clamp(number, least, most);
  if (id == kBcIbase) ibase_ = static_cast<int>(number);
  if (id == kBcObase) obase_ = number;
  if (id == kBcScale) scale_ = static_cast<std::size_t>(number);
}

BcNumber BcMachine::Stepped(const BcNumber& value, bool up) {
  return arithmetic_.Add(value, {up ? 1 : -1, 0});
}

// The base of the moment decides, not the one when the line was read.
void BcMachine::PushConstant(const BcFunction& function, std::size_t text) {
  Push(arithmetic_.Parse(function.texts[text], function.in_library ? 10 : ibase_));
}

bool BcMachine::StepVariable(const BcInstruction& instruction) {
  const int operand = instruction.operand;
  switch (instruction.op) {
    case BcOp::kConstant:
      PushConstant(*frames_.back().function, static_cast<std::size_t>(operand));
      return true;
    case BcOp::kLoad:
      Push(Load(operand));
      return true;
    case BcOp::kStore:
      Store(operand, stack_.back());
      return true;
    case BcOp::kIncrement:
    case BcOp::kDecrement:
      Store(operand, Stepped(Load(operand), instruction.op == BcOp::kIncrement));
      return true;
    case BcOp::kDuplicate:
      Push(stack_.back());
      return true;
    case BcOp::kPop:
      (void)Pop();
      return true;
    case BcOp::kExchange:
      std::swap(stack_[stack_.size() - 1], stack_[stack_.size() - 2]);
      return true;
    default:
      return false;
  }
}

std::optional<std::int64_t> BcMachine::Index(const BcNumber& value, int array) {
  const auto index = arithmetic_.Whole(value).ToInt64();
  if (index && *index >= 0 && *index <= kMaxIndex) return index;
  RuntimeError("Array " + program_.arrays.NameOf(array) + " subscript out of bounds.");
  return std::nullopt;
}

bool BcMachine::StepElement(const BcInstruction& instruction) {
  const int id = instruction.operand;
  if (instruction.op == BcOp::kArray) {
    array_arguments_.push_back(ArrayStack(id).back());
    return true;
  }
  if (instruction.op != BcOp::kLoadElement && instruction.op != BcOp::kStoreElement &&
      instruction.op != BcOp::kIncrementElement && instruction.op != BcOp::kDecrementElement) {
    return false;
  }
  std::optional<BcNumber> stored;
  if (instruction.op == BcOp::kStoreElement) stored = Pop();
  const auto index = Index(Pop(), id);
  if (!index) return true;
  Array& array = *ArrayStack(id).back();
  RequireMemory(process_, array.size() * kValueBytes);
  if (instruction.op == BcOp::kLoadElement) {
    const auto found = array.find(*index);
    Push(found == array.end() ? BcNumber() : found->second);
  } else if (stored) {
    array[*index] = *stored;
    Push(std::move(*stored));
  } else {
    array[*index] = Stepped(array[*index], instruction.op == BcOp::kIncrementElement);
  }
  return true;
}

// --- operators
// --------------------------------------------------------------------------------------

void BcMachine::StepOperator(BcOp op) {
  if (op >= BcOp::kLength && op <= BcOp::kRandom) return StepFunction(op);
  const BcNumber b = Pop();
  if (op == BcOp::kNegate) return Push({-b.digits, b.scale});
  if (op == BcOp::kNot) return PushBool(b.IsZero());
  const BcNumber a = Pop();
  switch (op) {
    case BcOp::kAdd:
      return Push(arithmetic_.Add(a, b));
    case BcOp::kSubtract:
      return Push(arithmetic_.Subtract(a, b));
    case BcOp::kMultiply:
      return Push(arithmetic_.Multiply(a, b, scale_));
    case BcOp::kDivide:
      if (b.IsZero()) return RuntimeError("Divide by zero");
      return Push(arithmetic_.Divide(a, b, scale_));
    case BcOp::kModulo:
      if (b.IsZero()) return RuntimeError("Modulo by zero");
      return Push(arithmetic_.Modulo(a, b, scale_));
    case BcOp::kRaise:
      return Raise(a, b);
    case BcOp::kEqual:
      return PushBool(arithmetic_.Compare(a, b) == 0);
    case BcOp::kUnequal:
      return PushBool(arithmetic_.Compare(a, b) != 0);
    case BcOp::kLess:
      return PushBool(arithmetic_.Compare(a, b) < 0);
    case BcOp::kLessOrEqual:
      return PushBool(arithmetic_.Compare(a, b) <= 0);
    case BcOp::kGreater:
      return PushBool(arithmetic_.Compare(a, b) > 0);
    default:
      return PushBool(arithmetic_.Compare(a, b) >= 0);
  }
}

void BcMachine::Raise(const BcNumber& base, const BcNumber& exponent) {
  if (exponent.scale > 0) RuntimeWarning("non-zero scale in exponent");
  const auto times = arithmetic_.Whole(exponent).ToInt64();
  if (!times) return RuntimeError("exponent too large in raise");
  if (*times < 0 && base.IsZero()) return RuntimeError("divide by zero");
  Push(arithmetic_.Raise(base, *times, scale_));
}

void BcMachine::StepFunction(BcOp op) {
  if (op == BcOp::kRead) {
    out_.Flush();
    const std::string text = source_.ReadNumber();
    const bool negative = text.starts_with('-');
    BcNumber value = arithmetic_.Parse(text.substr(negative ? 1 : 0), ibase_);
    if (negative) value.digits = -value.digits;
    return Push(std::move(value));
  }
  if (op == BcOp::kRandom) {
    std::int32_t value = 0;
    random_r(&random_, &value);
    return Push({value, 0});
  }
  const BcNumber value = Pop();
  if (op == BcOp::kScale) return Push({static_cast<std::int64_t>(value.scale), 0});
  if (op == BcOp::kSquareRoot) {
    if (value.IsNegative()) return RuntimeError("Square root of a negative number");
    return Push(arithmetic_.Root(value, scale_));
  }
  // A zero before the point does not count, unless it is all there is.
  const BigInteger whole = arithmetic_.Whole(value);
  const std::size_t before =
      whole.IsZero() && value.scale > 0 ? 0 : whole.Absolute().ToString(&process_).size();
  Push({static_cast<std::int64_t>(before + value.scale), 0});
}

// --- control
// ----------------------------------------------------------------------------------------

bool BcMachine::StepControl(const BcInstruction& instruction) {
  Frame& frame = frames_.back();
  const auto operand = static_cast<std::size_t>(instruction.operand);
  switch (instruction.op) {
    case BcOp::kJump:
      frame.next = operand;
      return true;
    case BcOp::kJumpIfTrue:
      if (!Pop().IsZero()) frame.next = operand;
      return true;
    case BcOp::kJumpIfFalse:
      if (Pop().IsZero()) frame.next = operand;
      return true;
    case BcOp::kCall:
      Call(frame.function->calls[operand]);
      return true;
    case BcOp::kReturn:
      Return();
      return true;
    case BcOp::kHalt:
      process_.Exit(out_.Finish(0));
    default:
      return false;
  }
}

void BcMachine::Call(const BcCall& call) {
  const auto function = program_.functions.find(call.function);
  if (function == program_.functions.end() || !function->second.defined) {
    return RuntimeError(
        "Function " + program_.function_names.NameOf(call.function) + " not defined.",
        call.first_address);
  }
  RequireMemory(process_, frames_.size() * kCallBytes);
  if (!Bind(function->second, call)) return;
  for (const BcLocal& local : function->second.autos) Declare(local);
  frames_.push_back({&function->second});
}

// The last parameter goes first: its argument is the uppermost.
bool BcMachine::Bind(const BcFunction& function, const BcCall& call) {
  auto parameter = function.parameters.rbegin();
  int address = call.first_address;
  for (auto array = call.arrays.rbegin(); array != call.arrays.rend(); ++array) {
    ++address;
    if (parameter == function.parameters.rend()) {
      RuntimeError("Parameter number mismatch", address);
      return false;
    }
    if (parameter->array == *array) {
      ++parameter;
    } else {
      RuntimeError("Parameter type mismatch parameter " + parameter->name + ".", address);
    }
  }
  if (parameter != function.parameters.rend()) {
    RuntimeError("Parameter number mismatch", address + 1);
  }
  if (error_) return false;
  for (auto local = function.parameters.rbegin(); local != function.parameters.rend(); ++local) {
    BindArgument(*local);
  }
  return true;
}

void BcMachine::BindArgument(const BcLocal& parameter) {
  if (!parameter.array) {
    Variable(parameter.id).push_back(Pop());
    return;
  }
  const ArrayPtr argument = array_arguments_.back();
  array_arguments_.pop_back();
  ArrayStack(parameter.id)
      .push_back(parameter.by_reference ? argument : std::make_shared<Array>(*argument));
}

void BcMachine::Declare(const BcLocal& local) {
  if (local.array) {
    ArrayStack(local.id).push_back(std::make_shared<Array>());
  } else {
    Variable(local.id).emplace_back();
  }
}

void BcMachine::Forget(const BcLocal& local) {
  if (local.array) {
    ArrayStack(local.id).pop_back();
  } else {
    Variable(local.id).pop_back();
  }
}

void BcMachine::Return() {
  const BcFunction& function = *frames_.back().function;
  for (const BcLocal& local : function.autos) Forget(local);
  for (const BcLocal& local : function.parameters) Forget(local);
  frames_.pop_back();
}

// --- output
// -----------------------------------------------------------------------------------------

bool BcMachine::StepOutput(const BcInstruction& instruction) {
  const auto text = [&]() -> const std::string& {
    return frames_.back().function->texts[static_cast<std::size_t>(instruction.operand)];
  };
  switch (instruction.op) {
    case BcOp::kPrintLine:
    case BcOp::kPrint:
      last_ = Pop();
      Write(arithmetic_.ToText(last_, obase_));
      if (instruction.op == BcOp::kPrintLine) Write("\n");
      return true;
    case BcOp::kString:
      Write(text());
      return true;
    case BcOp::kEscapedString:
      WriteEscaped(text());
      return true;
    default:
      return false;
  }
}

// Long lines go on behind a backslash.
void BcMachine::Write(std::string_view text) {
  for (const char c : text) {
    if (c == '\n') {
      column_ = 0;
    } else if (++column_ + 1 == line_length_) {
      out_ << "\\\n";
      column_ = 1;
    }
    out_.Put(c);
  }
}

void BcMachine::WriteEscaped(std::string_view text) {
  static constexpr std::string_view kLetters = "abfnqrt\\";
  static constexpr std::string_view kBytes = "\a\b\f\n\"\r\t\\";
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      result.push_back(text[at]);
      continue;
    }
    const auto known = kLetters.find(text[++at]);
    if (known != std::string_view::npos) result.push_back(kBytes[known]);
  }
  Write(result);
}

std::string BcMachine::Where(const char* kind, int address) const {
  return "Runtime " + std::string(kind) + " (func=" + frames_.back().function->name +
         ", adr=" + std::to_string(address) + "): ";
}

void BcMachine::RuntimeError(const std::string& message, int address) {
  out_.Flush();
  (void)process_.Write(2, Where("error", address < 0 ? address_ : address) + message + "\n");
  error_ = true;
}

void BcMachine::RuntimeWarning(const std::string& message) {
  out_.Flush();
  (void)process_.Write(2, Where("warning", address_) + message + "\n");
}

}  // namespace computesdk::in_memory
