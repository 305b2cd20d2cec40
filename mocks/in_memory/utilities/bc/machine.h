#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_MACHINE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_MACHINE_H_

#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/bc/lexer.h"
#include "mocks/in_memory/utilities/bc/number.h"
#include "mocks/in_memory/utilities/bc/program.h"

namespace computesdk::in_memory {

// Runs what BcCompiler makes.
class BcMachine {
 public:
  BcMachine(Process& process, BcSource& source, BcProgram& program, Output& out);

  // Runs a line. After a runtime error, which has been complained of, the rest of the line is left
  // out.
  void Run(const BcFunction& line);
  void SetScale(std::size_t scale) { scale_ = scale; }

 private:
  using Array = std::map<std::int64_t, BcNumber>;
  using ArrayPtr = std::shared_ptr<Array>;
  struct Frame {
    const BcFunction* function;
    std::size_t next = 0;
  };

  void Step();
  bool StepVariable(const BcInstruction& instruction);
  bool StepElement(const BcInstruction& instruction);
  bool StepControl(const BcInstruction& instruction);
  bool StepOutput(const BcInstruction& instruction);
  void PushConstant(const BcFunction& function, std::size_t text);
  void StepOperator(BcOp op);
  void StepFunction(BcOp op);

  // values
  BcNumber Pop();
  void Push(BcNumber value);
  void PushBool(bool value) { Push({value ? 1 : 0, 0}); }
  BcNumber Load(int id);
  void Store(int id, const BcNumber& value);
  void StoreSpecial(int id, const BcNumber& value);
  std::vector<BcNumber>& Variable(int id);
  std::vector<ArrayPtr>& ArrayStack(int id);
  BcNumber Stepped(const BcNumber& value, bool up);
  // nullopt for an index that no array has.
  std::optional<std::int64_t> Index(const BcNumber& value, int array);
  void Divide(const BcNumber& a, const BcNumber& b);
  void Raise(const BcNumber& base, const BcNumber& exponent);

  // functions
  void Call(const BcCall& call);
  bool Bind(const BcFunction& function, const BcCall& call);
  void BindArgument(const BcLocal& parameter);
  void Declare(const BcLocal& local);
  void Forget(const BcLocal& local);
  void Return();

  // output
  void Write(std::string_view text);
  void WriteEscaped(std::string_view text);
  void RuntimeError(const std::string& message, int address = -1);
  void RuntimeWarning(const std::string& message);
  std::string Where(const char* kind, int address) const;

  Process& process_;
  BcSource& source_;
  BcProgram& program_;
  Output& out_;
  const BcArithmetic arithmetic_;
  std::vector<Frame> frames_;
  std::vector<BcNumber> stack_;
  std::map<int, std::vector<BcNumber>> variables_;  // The last one is seen; below it, its callers'.
  std::map<int, std::vector<ArrayPtr>> arrays_;
  std::vector<ArrayPtr> array_arguments_;
  int address_ = 0;
  bool error_ = false;
  int ibase_ = 10;
  std::int64_t obase_ = 10;
  std::size_t scale_ = 0;
  BcNumber last_;
  BcNumber history_{-1, 0};
  std::size_t column_ = 0;
  std::size_t line_length_ = 70;
  random_data random_{};
  std::vector<char> random_state_;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_BC_MACHINE_H_
