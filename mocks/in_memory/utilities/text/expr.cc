#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/numbers/big_integer.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

// Nested deeper, an expression is refused before it uses up the stack.
constexpr int kMaxDepth = 500;
constexpr std::size_t kMaxDigits = 200000;

class ExprEvaluator {
 public:
  ExprEvaluator(Process& process, const std::vector<std::string>& words)
      : process_(process), words_(words) {}

  std::string Run() {
    std::string value = Or(true);
    if (at_ < words_.size())
      Fail("syntax error: unexpected argument " + LocaleQuoted(process_, words_[at_]));
    return value;
  }

  static bool IsNull(const std::string& value) {
    if (value.empty()) return true;
    // Any zero: "0", "-0", "00".
    const std::size_t digits = value[0] == '-' ? 1 : 0;
    return value.size() > digits && value.find_first_not_of('0', digits) == std::string::npos;
  }

 private:
  [[noreturn]] void Fail(const std::string& message, int status = 2) {
    Complain(process_, message);
    process_.Exit(status);
  }

  bool Take(std::string_view word) {
    if (at_ >= words_.size() || words_[at_] != word) return false;
    ++at_;
    return true;
  }

  std::string Next() {
    if (at_ >= words_.size()) {
      Fail("syntax error: missing argument after " +
           LocaleQuoted(process_, words_.empty() ? "" : words_.back()));
    }
    return words_[at_++];
  }

  BigInteger Integer(const std::string& value) {
    // Numbers of more digits would take longer to multiply than anybody waits.
    if (value.size() > kMaxDigits) RequireMemory(process_, std::numeric_limits<std::size_t>::max());
    auto number = BigInteger::Parse(value);
    if (!number) Fail("non-integer argument");
    return std::move(*number);
  }

  // `live` is false in the branch that does not count: nothing there can be wrong.
  std::string Or(bool live) {
    std::string left = And(live);
    while (Take("|")) {
      std::string right = And(live && IsNull(left));
      if (IsNull(left)) left = IsNull(right) ? "0" : std::move(right);
    }
    return left;
  }

  std::string And(bool live) {
    std::string left = Comparison(live);
    while (Take("&")) {
      const std::string right = Comparison(live && !IsNull(left));
      if (IsNull(left) || IsNull(right)) left = "0";
    }
    return left;
  }

  std::string Comparison(bool live) {
    static constexpr std::string_view kOperators[] = {"<", "<=", "=", "==", "!=", ">=", ">"};
    std::string left = Sum(live);
    while (at_ < words_.size()) {
      const auto found = std::find(std::begin(kOperators), std::end(kOperators), words_[at_]);
      if (found == std::end(kOperators)) break;
      ++at_;
      const std::string right = Sum(live);
      const auto a = BigInteger::Parse(left);
      const auto b = BigInteger::Parse(right);
      const int order = a && b ? (*a > *b) - (*a < *b) : left.compare(right);
      const std::string_view name = *found;
      const bool holds = name == "<"    ? order < 0
                         : name == "<=" ? order <= 0
                         : name == "!=" ? order != 0
                         : name == ">=" ? order >= 0
                         : name == ">"  ? order > 0
                                        : order == 0;
      left = holds ? "1" : "0";
    }
    return left;
  }

  std::string Sum(bool live) {
    std::string left = Product(live);
    while (at_ < words_.size() && (words_[at_] == "+" || words_[at_] == "-")) {
      const bool plus = words_[at_++] == "+";
      const std::string right = Product(live);
      if (!live) continue;
      const BigInteger a = Integer(left);
      const BigInteger b = Integer(right);
      left = (plus ? a + b : a - b).ToString();
    }
    return left;
  }

  std::string Product(bool live) {
    std::string left = Match(live);
    while (at_ < words_.size() &&
           (words_[at_] == "*" || words_[at_] == "/" || words_[at_] == "%")) {
      const char operation = words_[at_++][0];
      const std::string right = Match(live);
      if (!live) continue;
      const BigInteger a = Integer(left);
      const BigInteger b = Integer(right);
      if (operation != '*' && b.IsZero()) Fail("division by zero");
      left = (operation == '*' ? a * b : operation == '/' ? a / b : a % b).ToString(&process_);
    }
    return left;
  }

  std::string Match(bool live) {
    std::string left = Primary(live);
    while (Take(":")) left = MatchOf(left, Primary(live), live);
    return left;
  }

  // The first group, or the length; always from the front.
  std::string MatchOf(const std::string& text, const std::string& pattern, bool live) {
    if (!live) return "0";
    const auto regex = Regex::Compile(pattern);
    if (!regex) Fail(regex.error());
    std::vector<Regex::Group> groups;
    const bool grouped = regex->group_count() > 0;
    // The leftmost match: if one begins at the front, this is it.
    if (!regex->Match(text, &groups) || groups[0].first != 0) return grouped ? "" : "0";
    const std::size_t wanted = grouped ? 1 : 0;
    if (groups[wanted].first < 0) return "";
    const std::string found =
        text.substr(static_cast<std::size_t>(groups[wanted].first),
                    static_cast<std::size_t>(groups[wanted].second - groups[wanted].first));
    return grouped ? found : std::to_string(Utf8Length(found));
  }

  std::string Primary(bool live) {
    if (++depth_ > kMaxDepth) Fail("expression is nested too deeply");
    std::string value = UnguardedPrimary(live);
    --depth_;
    return value;
  }

  std::string UnguardedPrimary(bool live) {
    if (Take("+")) return Next();
    if (Take("(")) {
      std::string value = Or(live);
      if (Take(")")) return value;
      const bool more = at_ < words_.size();
      Fail(std::string("syntax error: expecting ')' ") + (more ? "instead of " : "after ") +
           LocaleQuoted(process_, words_[more ? at_ : at_ - 1]));
    }
    if (at_ < words_.size() && words_[at_] == ")") Fail("syntax error: unexpected ')'");
    if (Take("length")) return std::to_string(Utf8Length(Primary(live)));
    if (Take("match")) {
      const std::string text = Primary(live);
      return MatchOf(text, Primary(live), live);
    }
    if (Take("index")) {
      const std::string text = Primary(live);
      const auto at = text.find_first_of(Primary(live));
      if (at == std::string::npos) return "0";
      return std::to_string(Utf8Length(std::string_view(text).substr(0, at)) + 1);
    }
    if (Take("substr")) return Substring(live);
    return Next();
  }

  std::string Substring(bool live) {
    const std::string text = Primary(live);
    const auto position = ParseInteger(Primary(live));
    const auto length = ParseInteger(Primary(live));
    if (!position || !length || *position < 1 || *length < 1) return "";
    const std::size_t begin = Utf8Offset(text, static_cast<std::size_t>(*position - 1));
    const std::string_view rest = std::string_view(text).substr(begin);
    return std::string(rest.substr(0, Utf8Offset(rest, static_cast<std::size_t>(*length))));
  }

  Process& process_;
  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

int ExprMain(Process& process) {
  AnswerHelp(process, {"A | B",
                       "A & B",
                       "A < B",
                       "A <= B",
                       "A = B",
                       "A != B",
                       "A >= B",
                       "A > B",
                       "A + B",
                       "A - B",
                       "A * B",
                       "A / B",
                       "A % B",
                       "STRING : REGEX",
                       "match STRING REGEX",
                       "substr STRING START LENGTH",
                       "index STRING LETTERS",
                       "length STRING",
                       "+ TOKEN",
                       "( EXPRESSION )",
                       "    --help",
                       "    --version"});
  std::vector<std::string> words(process.args.begin() + 1, process.args.end());
  if (!words.empty() && words[0] == "--") words.erase(words.begin());
  if (words.empty()) UsageError(process, "missing operand", 2);
  const std::string value = ExprEvaluator(process, words).Run();
  Output out(process);
  out << value << "\n";
  return out.Finish(ExprEvaluator::IsNull(value) ? 1 : 0);
}

}  // namespace computesdk::in_memory
