#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/find/find_expression.h"

namespace computesdk::in_memory {
namespace {

constexpr int kDeepestNesting = 200;

class Parser {
 public:
  Parser(FindRun& run, FindArguments& arguments) : run_(run), arguments_(arguments) {}

  FindTest Parse() {
    FindTest whole = arguments_.AtEnd() ? [](FindFile&) { return true; } : Comma();
    if (!arguments_.AtEnd()) {
      if (arguments_.Peek() != ")") FailOnPath(arguments_.Peek());
      arguments_.Fail("you have too many ')'");
    }
    if (deletes_ && prunes_ && !depth_given_) {
      arguments_.Fail(
          "The -delete action automatically turns on -depth, but -prune does nothing when -depth "
          "is in effect.  If you want to carry on anyway, just explicitly use the -depth option.");
    }
    if (has_action_) return whole;
    return [&run = run_, whole = std::move(whole)](FindFile& file) {
      if (!whole(file) || run.quit) return false;
      run.out << file.path << "\n";
      return true;
    };
  }

 private:
  bool Accept(std::initializer_list<std::string_view> names) {
    if (arguments_.AtEnd()) return false;
    for (std::string_view name : names) {
      if (arguments_.Peek() == name) {
        arguments_.Take();
        return true;
      }
    }
    return false;
  }

  FindTest Comma() {
    std::vector<FindTest> tests = {Or()};
    while (Accept({","})) {
      NeedOperand(",");
      tests.push_back(Or());
    }
    if (tests.size() == 1) return std::move(tests[0]);
    return [tests = std::move(tests)](FindFile& file) {
      bool value = false;
      for (const FindTest& test : tests) value = test(file);
      return value;
    };
  }

  FindTest Or() {
    std::vector<FindTest> tests = {And()};
    while (!arguments_.AtEnd()) {
      const std::string word = arguments_.Peek();
      if (!Accept({"-o", "-or"})) break;
      NeedOperand(word);
      tests.push_back(And());
    }
    if (tests.size() == 1) return std::move(tests[0]);
    return [tests = std::move(tests)](FindFile& file) {
      return std::any_of(tests.begin(), tests.end(),
                         [&](const FindTest& test) { return test(file); });
    };
  }

  FindTest And() {
    std::vector<FindTest> tests = {Not()};
    while (true) {
      const std::string word = arguments_.AtEnd() ? "" : arguments_.Peek();
      const bool spelled = Accept({"-a", "-and"});
      if (spelled) NeedOperand(word);
      if (!spelled && (arguments_.AtEnd() || EndsAnd(arguments_.Peek()))) break;
      tests.push_back(Not());
    }
    if (tests.size() == 1) return std::move(tests[0]);
    return [&run = run_, tests = std::move(tests)](FindFile& file) {
      // Only what comes first is run once -quit was.
      return tests[0](file) && std::all_of(tests.begin() + 1, tests.end(), [&](const auto& test) {
               return !run.quit && test(file);
             });
    };
  }

  static bool EndsAnd(const std::string& word) {
    return word == "-o" || word == "-or" || word == "," || word == ")";
  }

  FindTest Not() {
    bool negated = false;
    for (std::string word = arguments_.Peek(); Accept({"!", "-not"}); word = arguments_.Peek()) {
      NeedOperand(word);
      negated = !negated;
    }
    if (!negated) return Primary();
    return [inner = Primary()](FindFile& file) { return !inner(file); };
  }

  void NeedOperand(const std::string& word) {
    if (!arguments_.AtEnd() && arguments_.Peek() != ")") return;
    if (!arguments_.AtEnd()) {
      arguments_.Fail("expected an expression between '" + word + "' and ')'");
    }
    // Without an action find itself adds the one that stands there.
    arguments_.Fail(has_action_ ? "invalid expression"
                                : "expected an expression after '" + word + "'");
  }

  // A name of a file that stands there may come from a pattern that the shell expanded.
  [[noreturn]] void FailOnPath(const std::string& word) {
    Process& process = run_.process;
    const bool expanded =
        !last_primary_.empty() && process.files().Stat(process.AbsolutePath(word)).has_value();
    std::string message = "paths must precede expression: `" + word + "'";
    if (expanded) {
      message += "\nfind: possible unquoted pattern after predicate `" + last_primary_ + "'?";
    }
    arguments_.Fail(message);
  }

  FindTest Primary() {
    const std::string word = arguments_.Take();
    if (word == "(") return Group();
    if (word.empty() || word[0] != '-' || word == "-o" || word == "-or" || word == "-a" ||
        word == "-and") {
      if (!word.starts_with('-')) FailOnPath(word);
      arguments_.Fail("invalid expression; you have used a binary operator '" + word +
                      "' with nothing before it.");
    }
    last_primary_ = word;
    if (auto option = Option(word)) return *option;
    if (auto test = ParseFindTest(run_, arguments_, word)) return *test;
    if (auto test = ParseFindTimeTest(run_, arguments_, word)) return *test;
    if (auto action = ParseFindAction(run_, arguments_, word)) {
      has_action_ |= word != "-prune" && word != "-quit";
      prunes_ |= word == "-prune";
      deletes_ |= word == "-delete";
      return *action;
    }
    arguments_.Fail((word.starts_with("-newer") ? "invalid predicate `" : "unknown predicate `") +
                    word + "'");
  }

  FindTest Group() {
    if (++depth_ > kDeepestNesting) arguments_.Fail("expression nested too deeply");
    if (arguments_.AtEnd()) {
      arguments_.Fail(
          "invalid expression; expected to find a ')' but didn't see one. Perhaps you need an "
          "extra predicate after '('");
    }
    if (arguments_.Peek() == ")") {
      arguments_.Fail("invalid expression; empty parentheses are not allowed.");
    }
    FindTest inner = Comma();
    if (!Accept({")"})) {
      arguments_.Fail(
          "invalid expression; I was expecting to find a ')' somewhere but did not "
          "see one.");
    }
    --depth_;
    return inner;
  }

  // Options are true for every file, and hold for the whole run.
  std::optional<FindTest> Option(const std::string& word) {
    if (word == "-depth" || word == "-d") {
      run_.contents_first = depth_given_ = true;
    } else if (word == "-maxdepth" || word == "-mindepth") {
      const std::string value = arguments_.ValueOf(word);
      const auto depth = ParseInteger(value);
      if (!depth || *depth < 0 || value[0] == '+') {
        arguments_.Fail("Expected a positive decimal integer argument to " + word + ", but got " +
                        QuotedWord(value));
      }
      const int bounded = static_cast<int>(std::min<std::int64_t>(*depth, 1 << 20));
      (word == "-maxdepth" ? run_.max_depth : run_.min_depth) = bounded;
    } else if (word == "-follow") {
      run_.links = FindLinks::kAlways;
    } else if (word == "-daystart") {
      run_.cut = std::chrono::floor<std::chrono::days>(run_.now) + std::chrono::days(1);
    } else if (word != "-mount" && word != "-xdev" && word != "-noleaf" && word != "-warn" &&
               word != "-nowarn" && word != "-ignore_readdir_race" &&
               word != "-noignore_readdir_race" && word != "-true") {
      return std::nullopt;
    }
    return [](FindFile&) { return true; };
  }

  FindRun& run_;
  FindArguments& arguments_;
  std::string last_primary_;
  bool has_action_ = false;
  bool depth_given_ = false;
  bool prunes_ = false;
  bool deletes_ = false;
  int depth_ = 0;
};

}  // namespace

std::string FindArguments::ValueOf(const std::string& primary) {
  if (AtEnd()) Fail("missing argument to `" + primary + "'");
  return Take();
}

void FindArguments::Fail(const std::string& message) {
  Complain(process_, message);
  process_.Exit(1);
}

FindNumber ParseFindNumber(FindArguments& arguments, const std::string& primary,
                           std::string_view text) {
  FindNumber number;
  if (text.starts_with('+') || text.starts_with('-')) {
    number.sign = text[0];
    text.remove_prefix(1);
  }
  const auto value = ParseInteger(text);
  if (!value || text[0] == '+' || text[0] == '-') {
    arguments.Fail("invalid argument `" + std::string(text) + "' to `" + primary + "'");
  }
  number.value = *value;
  return number;
}

FindTest ParseFindExpression(FindRun& run, FindArguments& arguments) {
  return Parser(run, arguments).Parse();
}

}  // namespace computesdk::in_memory
