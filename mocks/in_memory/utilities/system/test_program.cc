#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/file_system/file_conditions.h"
#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/system/small_programs.h"

namespace computesdk::in_memory {
namespace {

constexpr int kSyntaxError = 2;

// The words of test(1). One to four words are read by their number, as POSIX asks; more by
// precedence: "!", then "-a", then "-o".
class TestExpression {
 public:
  TestExpression(Process& process, std::vector<std::string> words)
      : process_(process), words_(std::move(words)) {}

  bool Evaluate() {
    if (words_.empty()) return false;
    const bool value = words_.size() <= 4 ? ByNumber(words_.size()) : Or();
    if (at_ < words_.size()) Fail("extra argument " + LocaleQuoted(process_, words_[at_]));
    return value;
  }

 private:
  static bool IsBinary(const std::string& word) {
    for (const char* name :
         {"=", "==", "!=", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"}) {
      if (word == name) return true;
    }
    return false;
  }

  static bool IsUnary(const std::string& word) {
    return word.size() == 2 && word[0] == '-' &&
           std::string_view("bcdefgGhkLnNOprsStuwxz").find(word[1]) != std::string_view::npos;
  }

  [[noreturn]] void Fail(const std::string& message) {
    Complain(process_, message);
    process_.Exit(kSyntaxError);
  }

  const std::string& Peek(std::size_t ahead = 0) {
    if (at_ + ahead >= words_.size()) {
      Fail("missing argument after " + LocaleQuoted(process_, words_.back()));
    }
    return words_[at_ + ahead];
  }
  std::string Take() {
    std::string word = Peek();
    ++at_;
    return word;
  }

  bool ByNumber(std::size_t count) {
    if (count == 1) return !Take().empty();
    if (count == 2) {
      if (Peek() == "!") {
        ++at_;
        return !ByNumber(1);
      }
      if (IsUnary(Peek())) return Unary();
      if (Peek().size() != 2 || Peek()[0] != '-') {
        Fail("missing argument after " + LocaleQuoted(process_, words_.back()));
      }
      Fail(LocaleQuoted(process_, Peek()) + ": unary operator expected");
    }
    if (count == 3) {
      if (IsBinary(Peek(1))) return Binary();
      if (Peek(1) == "-a" || Peek(1) == "-o") return Or();
      if (Peek() == "!") {
        ++at_;
        return !ByNumber(2);
      }
      if (Peek() == "(" && Peek(2) == ")") {
        ++at_;
        const bool value = ByNumber(1);
        ++at_;
        return value;
      }
      Fail(LocaleQuoted(process_, Peek(1)) + ": binary operator expected");
    }
    if (Peek() == "!") {
      ++at_;
      return !ByNumber(3);
    }
    if (Peek() == "(" && Peek(3) == ")") {
      ++at_;
      const bool value = ByNumber(2);
      ++at_;
      return value;
    }
    return Or();
  }

  bool Or() {
    bool value = And();
    while (at_ < words_.size() && words_[at_] == "-o") {
      ++at_;
      const bool right = And();
      value = value || right;
    }
    return value;
  }

  bool And() {
    bool value = Primary();
    while (at_ < words_.size() && words_[at_] == "-a") {
      ++at_;
      const bool right = Primary();
      value = value && right;
    }
    return value;
  }

  bool Primary() {
    bool negated = false;
    for (; Peek() == "!"; ++at_) negated = !negated;
    return Operand() != negated;
  }

  bool Operand() {
    if (StackIsLowForProgram()) Fail("expression is nested too deeply");
    if (Peek() == "(" && at_ + 2 < words_.size() && !IsBinary(words_[at_ + 1])) {
      ++at_;
      const bool value = Or();
      if (Take() != ")") Fail("')' expected");
      return value;
    }
    if (HasOperator()) return Binary();
    if (at_ + 1 < words_.size() && IsUnary(Peek())) return Unary();
    return !Take().empty();
  }

  std::int64_t Number(const std::string& word) {
    const auto first = word.find_first_not_of(" \t\n");
    const auto last = word.find_last_not_of(" \t\n");
    const auto number = first == std::string::npos
                            ? std::nullopt
                            : ParseInteger(word.substr(first, last - first + 1));
    if (!number) Fail("invalid integer " + LocaleQuoted(process_, word));
    return *number;
  }

  // "-l STRING", the length of one, or a word alone.
  std::string Term() {
    if (at_ + 1 >= words_.size() || Peek() != "-l" || IsBinary(words_[at_ + 1])) return Take();
    ++at_;
    return std::to_string(Take().size());
  }

  // Where an operator stands behind the term that begins here.
  bool HasOperator() const {
    const std::size_t left = at_ + 3 < words_.size() && words_[at_] == "-l" ? 2 : 1;
    return (at_ + left + 1 < words_.size() && IsBinary(words_[at_ + left])) ||
           (at_ + 2 < words_.size() && IsBinary(words_[at_ + 1]));
  }

  bool Binary() {
    const std::string left = Term();
    const std::string name = Take();
    const std::string right = Term();
    if (name == "=" || name == "==") return left == right;
    if (name == "!=") return left != right;
    if (name == "<") return left < right;
    if (name == ">") return left > right;
    if (name == "-nt" || name == "-ot" || name == "-ef") {
      return CompareFiles(name, StatusOf(left), StatusOf(right));
    }
    const std::int64_t a = Number(left);
    const std::int64_t b = Number(right);
    if (name == "-eq") return a == b;
    if (name == "-ne") return a != b;
    if (name == "-lt") return a < b;
    if (name == "-le") return a <= b;
    if (name == "-gt") return a > b;
    return a >= b;
  }

  std::optional<FileStatus> StatusOf(const std::string& path, Follow follow = Follow::kYes) {
    const auto status = StatPath(process_, path, follow);
    return status ? std::optional(*status) : std::nullopt;
  }

  bool Unary() {
    const char letter = Take()[1];
    const std::string word = Take();
    if (letter == 'n') return !word.empty();
    if (letter == 'z') return word.empty();
    if (letter == 't') {
      (void)Number(word);
      return false;  // Nothing here is a terminal.
    }
    const Follow follow = letter == 'h' || letter == 'L' ? Follow::kNo : Follow::kYes;
    const auto status = StatusOf(word, follow);
    return status && FileIs(letter, *status);
  }

  Process& process_;
  const std::vector<std::string> words_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> TestOperators() {
  std::vector<std::string> operators;
  for (const char letter : std::string_view("bcdefgGhkLNOprstuwxS")) {
    operators.push_back(std::string{'-', letter} + " FILE");
  }
  for (const std::string_view word :
       {"-n TEXT", "-z TEXT", "A = B",        "A == B",  "A != B",  "A < B",         "A > B",
        "A -eq B", "A -ne B", "A -lt B",      "A -le B", "A -gt B", "A -ge B",       "A -nt B",
        "A -ot B", "A -ef B", "! EXPRESSION", "A -a B",  "A -o B",  "( EXPRESSION )"}) {
    operators.emplace_back(word);
  }
  return operators;
}

int TestMain(Process& process) {
  std::vector<std::string> words(process.args.begin() + 1, process.args.end());
  if (process.args[0] == "[" || process.args[0].ends_with("/[")) {
    // The name "test" has no options: a word alone is an expression.
    AnswerHelp(process, TestOperators());
    if (words.empty() || words.back() != "]") {
      Complain(process, "missing ']'");
      return kSyntaxError;
    }
    words.pop_back();
  }
  return TestExpression(process, std::move(words)).Evaluate() ? 0 : 1;
}

}  // namespace computesdk::in_memory
