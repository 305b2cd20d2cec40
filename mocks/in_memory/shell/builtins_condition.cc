#include <algorithm>
#include <set>
#include <span>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/builtins.h"
#include "mocks/in_memory/shell/conditional.h"

namespace computesdk::in_memory::shell {
namespace {

struct TestError {
  std::string message;
};

bool IsUnary(const std::string& op) {
  return op.size() == 2 && op[0] == '-' &&
         std::string_view("abcdefghknoprstuvwxzGLNORS").find(op[1]) != std::string_view::npos;
}

bool IsBinary(const std::string& op) {
  static const std::set<std::string_view> ops = {"=",   "==",  "!=",  "<",   ">",   "-eq", "-ne",
                                                 "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};
  return ops.count(op) != 0;
}

// The grammar of POSIX, which goes by the number of arguments, and XSI's for more of them.
class TestExpression {
 public:
  TestExpression(Interpreter& shell, std::span<const std::string> words)
      : shell_(shell), words_(words) {}

  bool Evaluate() { return Count(0, words_.size()); }

 private:
  // sh has fewer of them.
  bool IsKnownUnary(const std::string& op) const {
    if (!IsUnary(op)) return false;
    return !shell_.state.plain_sh ||
           std::string_view("avoRN").find(op[1]) == std::string_view::npos;
  }

  static std::int64_t Number(const std::string& text) {
    if (const auto plain = ParsePlainNumber(text)) return *plain;
    std::string trimmed = text;
    trimmed.erase(0, trimmed.find_first_not_of(" \t\n\v\f\r"));
    const std::size_t last = trimmed.find_last_not_of(" \t");
    trimmed.erase(last == std::string::npos ? 0 : last + 1);
    const bool sign = !trimmed.empty() && (trimmed[0] == '-' || trimmed[0] == '+');
    const std::string digits = trimmed.substr(sign ? 1 : 0);
    if (digits.empty() || digits.size() > 19 ||
        digits.find_first_not_of("0123456789") != std::string::npos) {
      throw TestError{text + ": integer expression expected"};
    }
    const auto value = static_cast<std::int64_t>(std::stoull(digits));
    return trimmed[0] == '-' ? -value : value;
  }

  bool Unary(const std::string& op, const std::string& operand) {
    if (op == "-t" && shell_.state.plain_sh) (void)Number(operand);  // Has to be one.
    return TestUnary(shell_, op, operand);
  }

  bool Binary(const std::string& left, const std::string& op, const std::string& right) {
    if (op == "==" && shell_.state.plain_sh) throw TestError{left + ": unexpected operator"};
    if (op == "=" || op == "==") return left == right;
    if (op == "!=") return left != right;
    if (op == "<") return left < right;
    if (op == ">") return left > right;
    if (IsFileComparison(op)) return TestBinaryFiles(shell_, op, left, right);
    const std::int64_t first = Number(left);  // What is none is told of in this order.
    return CompareNumbers(op, first, Number(right));
  }

  bool Count(std::size_t at, std::size_t count) {
    const auto word = [&](std::size_t i) -> const std::string& { return words_[at + i]; };
    switch (count) {
      case 0:
        return false;
      case 1:
        return !word(0).empty();
      case 2:
        if (word(0) == "!") return word(1).empty();
        if (IsKnownUnary(word(0))) return Unary(word(0), word(1));
        if (shell_.state.plain_sh && IsBinary(word(1))) {
          throw TestError{word(1) + ": argument expected"};
        }
        if (shell_.state.plain_sh && word(0) == "(" && word(1) == ")") return false;
        throw TestError{word(0) + (shell_.state.plain_sh ? ": unexpected operator"
                                                         : ": unary operator expected")};
      case 3:
        if (IsBinary(word(1))) return Binary(word(0), word(1), word(2));
        if (word(1) == "-a") return !word(0).empty() && !word(2).empty();
        if (word(1) == "-o") return !word(0).empty() || !word(2).empty();
        if (word(0) == "!") return !Count(at + 1, 2);
        if (word(0) == "(" && word(2) == ")") return !word(1).empty();
        if (shell_.state.plain_sh) throw TestError{word(0) + ": unexpected operator"};
        throw TestError{word(1) + ": binary operator expected"};
      case 4:
        if (word(0) == "!") return !Count(at + 1, 3);
        if (word(0) == "(" && word(3) == ")") return Count(at + 1, 2);
        [[fallthrough]];
      default:
        break;
    }
    at_ = at;
    const bool value = Or();
    if (at_ < words_.size()) throw TestError{"too many arguments"};
    return value;
  }

  bool Or() {
    bool value = And();
    while (at_ < words_.size() && words_[at_] == "-o") {
      ++at_;
      value = And() || value;
    }
    return value;
  }

  bool And() {
    bool value = Not();
    while (at_ < words_.size() && words_[at_] == "-a") {
      ++at_;
      value = Not() && value;
    }
    return value;
  }

  bool Not() {
    if (at_ < words_.size() && words_[at_] == "!" && !BinaryFollows()) {
      ++at_;
      return !Not();
    }
    return Primary();
  }

  bool BinaryFollows() const { return at_ + 2 < words_.size() && IsBinary(words_[at_ + 1]); }

  bool Primary() {
    if (StackIsLow()) throw TestError{"maximum nesting exceeded"};
    if (at_ >= words_.size()) throw TestError{"argument expected"};
    if (BinaryFollows()) {
      at_ += 3;
      return Binary(words_[at_ - 3], words_[at_ - 2], words_[at_ - 1]);
    }
    if (words_[at_] == "(") {
      ++at_;
      const bool value = Or();
      if (at_ >= words_.size() || words_[at_] != ")") throw TestError{"`)' expected"};
      ++at_;
      return value;
    }
    if (IsKnownUnary(words_[at_]) && at_ + 1 < words_.size()) {
      at_ += 2;
      return Unary(words_[at_ - 2], words_[at_ - 1]);
    }
    return !words_[at_++].empty();
  }

  Interpreter& shell_;
  const std::span<const std::string> words_;
  std::size_t at_ = 0;
};

int Test(Interpreter& shell, const Args& args) {
  std::span<const std::string> words = std::span(args).subspan(1);
  if (args[0] == "[") {
    if (words.empty() || words.back() != "]") {
      shell.ComplainAs("[", shell.state.plain_sh ? "missing ]" : "missing `]'");
      return 2;
    }
    words = words.first(words.size() - 1);
  }
  try {
    return TestExpression(shell, words).Evaluate() ? 0 : 1;
  } catch (const TestError& error) {
    shell.ComplainAs(args[0], error.message);
    return 2;
  }
}

}  // namespace

void AddTestBuiltins(BuiltinTable& table) {
  table["test"] = Test;
  table["["] = Test;
}

}  // namespace computesdk::in_memory::shell
