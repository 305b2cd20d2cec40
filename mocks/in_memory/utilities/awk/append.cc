#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/awk/parser_impl.h"

namespace computesdk::in_memory::awk {
namespace {

// Whether it gives no variable another value.
bool ChangesNothing(const Expression& expression) {
  switch (expression.operation) {
    case Operation::kAssign:
    case Operation::kAssignCompute:
    case Operation::kAppend:
    case Operation::kPreIncrement:
    case Operation::kPreDecrement:
    case Operation::kPostIncrement:
    case Operation::kPostDecrement:
    case Operation::kCall:
    case Operation::kCallByName:
    case Operation::kGetline:
    case Operation::kGetlineFile:
    case Operation::kGetlinePipe:
    case Operation::kGetlineBoth:
      return false;
    case Operation::kBuiltin:
      if (expression.builtin != Builtin::kLength && expression.builtin != Builtin::kSprintf &&
          expression.builtin != Builtin::kSubstr && expression.builtin != Builtin::kToupper &&
          expression.builtin != Builtin::kTolower) {
        return false;
      }
      break;
    default:
      break;
  }
  return std::all_of(expression.operands.begin(), expression.operands.end(),
                     [](const ExpressionPtr& operand) { return ChangesNothing(*operand); }) &&
         (expression.target == nullptr || ChangesNothing(*expression.target));
}

}  // namespace

void MakeAppend(Expression& assignment) {
  const Expression& variable = *assignment.operands[0];
  if (variable.operation != Operation::kVariable) return;
  if (!variable.local && variable.slot < kSpecials) return;
  ExpressionPtr* first = &assignment.operands[1];
  while ((*first)->operation == Operation::kConcatenate &&
         (*first)->operands[0]->operation == Operation::kConcatenate) {
    first = &(*first)->operands[0];
  }
  if ((*first)->operation != Operation::kConcatenate) return;
  const Expression& start = *(*first)->operands[0];
  const bool same = start.operation == Operation::kVariable && start.slot == variable.slot &&
                    start.local == variable.local;
  if (!same || !ChangesNothing(*assignment.operands[1])) return;
  ExpressionPtr rest = std::move((*first)->operands[1]);
  *first = std::move(rest);
  assignment.operation = Operation::kAppend;
}

}  // namespace computesdk::in_memory::awk
