#include <utility>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

Value Interpreter::CallFunction(const Expression& call) {
  const Function& function = program_.functions[static_cast<std::size_t>(call.slot)];
  if (!function.defined) Fail("function `" + function.name + "' not defined");
  return Invoke(function, Arguments(function, call.operands));
}

const Function* Interpreter::FindFunction(const std::string& name) const {
  for (const Function& function : program_.functions) {
    if (function.defined && function.name == name) return &function;
  }
  return nullptr;
}

// @name(…): a function of the program, or one of awk's own.
Value Interpreter::CallByName(const Expression& call) {
  const std::string name = EvaluateText(*call.target);
  if (const Function* const function = FindFunction(name)) {
    return Invoke(*function, Arguments(*function, call.operands));
  }
  if (const auto builtin = FindBuiltin(name, call.operands.size())) {
    return CallBuiltin(*builtin, call);
  }
  Fail("`" + name + "' is not a function, so it cannot be called indirectly");
}

std::vector<Cell> Interpreter::Arguments(const Function& function,
                                         const std::vector<ExpressionPtr>& list) {
  std::vector<Cell> locals(std::max(list.size(), function.parameters));
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Expression& argument = *list[i];
    if (argument.operation == Operation::kElement) {
      locals[i].array = KnownArray(argument);
      if (locals[i].array) continue;
      locals[i].value = Load(argument);
      if (!locals[i].value.unset()) continue;
      locals[i].parent = BaseOf(argument);
      locals[i].key = KeyOf(argument.operands);
      continue;
    }
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
  if (list.size() > function.parameters) {
    Warn("function `" + function.name + "' called with more arguments than declared");
  }
  return locals;
}

Value Interpreter::Invoke(const Function& function, std::vector<Cell> locals) {
  if (StackIsLowForProgram()) Fail("function calls are nested too deeply");
  process_.Checkpoint();
  locals.resize(function.parameters);
  Cell* const caller = std::exchange(frame_, locals.data());
  returned_ = Value();
  const Flow flow = Execute(*function.body);
  frame_ = caller;
  if (flow == Flow::kExit || flow == Flow::kNext || flow == Flow::kNextFile) throw Jump{flow};
  return std::exchange(returned_, Value());
}

}  // namespace computesdk::in_memory::awk
