#include <algorithm>
#include <set>
#include <span>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/builtins/builtins.h"
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

std::int64_t Number(const std::string& text) {
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

bool Compare(Interpreter& shell, const std::string& left, const std::string& op,
             const std::string& right) {
  if (op == "=" || op == "==") return left == right;
  if (op == "!=") return left != right;
  if (op == "<") return left < right;
  if (op == ">") return left > right;
  if (IsFileComparison(op)) return TestBinaryFiles(shell, op, left, right);
  const std::int64_t first = Number(left);  // What is none is told of in this order.
  return CompareNumbers(op, first, Number(right));
}

// The grammar of POSIX, which goes by the number of arguments, and XSI's for more of them.
class TestExpression {
 public:
  TestExpression(Interpreter& shell, std::span<const std::string> words)
      : shell_(shell), words_(words) {}

  bool Evaluate() { return Count(0, words_.size()); }

 private:
  bool Count(std::size_t at, std::size_t count) {
    const auto word = [&](std::size_t i) -> const std::string& { return words_[at + i]; };
    switch (count) {
      case 0:
        return false;
      case 1:
        return !word(0).empty();
      case 2:
        if (word(0) == "!") return word(1).empty();
        if (IsUnary(word(0))) return TestUnary(shell_, word(0), word(1));
        throw TestError{word(0) + ": unary operator expected"};
      case 3:
        if (IsBinary(word(1))) return Compare(shell_, word(0), word(1), word(2));
        if (word(1) == "-a") return !word(0).empty() && !word(2).empty();
        if (word(1) == "-o") return !word(0).empty() || !word(2).empty();
        if (word(0) == "!") return !Count(at + 1, 2);
        if (word(0) == "(" && word(2) == ")") return !word(1).empty();
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
    if (at_ < words_.size() && words_[at_].starts_with('-') && !shell_.state.plain_sh) {
      throw TestError{"syntax error: `" + words_[at_] + "' unexpected"};
    }
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
    bool negated = false;
    for (; at_ < words_.size() && words_[at_] == "!"; ++at_) negated = !negated;
    return Primary() != negated;
  }

  bool BinaryFollows() const { return at_ + 2 < words_.size() && IsBinary(words_[at_ + 1]); }

  bool Primary() {
    if (StackIsLow()) throw TestError{"maximum nesting exceeded"};
    if (at_ >= words_.size()) throw TestError{"argument expected"};
    if (words_[at_] == "(") {
      ++at_;
      const bool value = Or();
      if (at_ >= words_.size()) throw TestError{"`)' expected"};
      if (words_[at_] != ")") throw TestError{"`)' expected, found " + words_[at_]};
      ++at_;
      return value;
    }
    if (BinaryFollows()) {
      at_ += 3;
      return Compare(shell_, words_[at_ - 3], words_[at_ - 2], words_[at_ - 1]);
    }
    if (IsUnary(words_[at_]) && at_ + 1 < words_.size()) {
      at_ += 2;
      return TestUnary(shell_, words_[at_ - 2], words_[at_ - 1]);
    }
    return !words_[at_++].empty();
  }

  Interpreter& shell_;
  const std::span<const std::string> words_;
  std::size_t at_ = 0;
};

// The grammar of dash: an operator is one wherever it stands, but for one of a single operand that
// is an operand itself.
class PlainTest {
 public:
  PlainTest(Interpreter& shell, std::span<const std::string> words)
      : shell_(shell), words_(words) {}

  bool Evaluate() {
    bool negated = false;
    for (;; negated = true, words_ = words_.subspan(1)) {
      const std::size_t count = words_.size();
      if (count == 0) return negated;
      first_is_operand_ = count == 3 && IsPlainBinary(words_[1]);
      if (first_is_operand_) break;
      if (count != 3 && count != 4) break;
      if (words_.front() == "(" && words_.back() == ")") {
        words_ = words_.subspan(1, count - 2);
        break;
      }
      if (words_.front() != "!") break;
    }
    const bool value = Or();
    if (at_ + 1 < words_.size()) {
      throw TestError{words_[at_].empty() ? "unexpected operator"
                                          : words_[at_] + ": unexpected operator"};
    }
    return value != negated;
  }

 private:
  enum class Kind { kEnd, kOperand, kUnary, kBinary, kNot, kAnd, kOr, kOpen, kClose };

  static bool IsPlainUnary(const std::string& op) {
    return IsUnary(op) && std::string_view("avoRN").find(op[1]) == std::string_view::npos;
  }
  static bool IsPlainBinary(const std::string& op) { return op != "==" && IsBinary(op); }

  Kind At(std::size_t at) const {
    if (at >= words_.size()) return Kind::kEnd;
    if (at == 0 && first_is_operand_) return Kind::kOperand;
    const std::string& word = words_[at];
    if (IsPlainUnary(word)) return IsOperand(at) ? Kind::kOperand : Kind::kUnary;
    if (word == "(") return at + 1 < words_.size() ? Kind::kOpen : Kind::kOperand;
    return IsPlainBinary(word) ? Kind::kBinary
           : word == "!"       ? Kind::kNot
           : word == "-a"      ? Kind::kAnd
           : word == "-o"      ? Kind::kOr
           : word == ")"       ? Kind::kClose
                               : Kind::kOperand;
  }

  bool IsOperand(std::size_t at) const {
    if (at + 1 >= words_.size()) return true;
    return at + 2 < words_.size() && IsPlainBinary(words_[at + 1]);
  }

  // Each of them ends at the last word that belongs to it.
  bool Or() {
    bool value = And();
    while (At(at_ + 1) == Kind::kOr) {
      at_ += 2;
      value = And() || value;
    }
    return value;
  }

  bool And() {
    bool value = Not();
    while (At(at_ + 1) == Kind::kAnd) {
      at_ += 2;
      value = Not() && value;
    }
    return value;
  }

  bool Not() {
    bool negated = false;
    for (; At(at_) == Kind::kNot; ++at_, negated = !negated) {
      if (At(at_ + 1) == Kind::kEnd) return !negated;
    }
    return Primary() != negated;
  }

  bool Primary() {
    if (StackIsLow()) throw TestError{"maximum nesting exceeded"};
    const Kind kind = At(at_);
    if (kind == Kind::kEnd) return false;
    if (kind == Kind::kOpen) {
      if (At(++at_) == Kind::kClose) return false;
      const bool value = Or();
      if (At(++at_) != Kind::kClose) throw TestError{"closing paren expected"};
      return value;
    }
    if (kind == Kind::kUnary) {
      const std::string& op = words_[at_++];
      if (op == "-t") (void)Number(words_[at_]);  // Has to be one.
      return TestUnary(shell_, op, words_[at_]);
    }
    if (At(at_ + 1) != Kind::kBinary) return !words_[at_].empty();
    at_ += 2;
    if (at_ >= words_.size()) throw TestError{words_[at_ - 1] + ": argument expected"};
    return Compare(shell_, words_[at_ - 2], words_[at_ - 1], words_[at_]);
  }

  Interpreter& shell_;
  std::span<const std::string> words_;
  std::size_t at_ = 0;
  bool first_is_operand_ = false;
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
    const bool value = shell.state.plain_sh ? PlainTest(shell, words).Evaluate()
                                            : TestExpression(shell, words).Evaluate();
    return value ? 0 : 1;
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
