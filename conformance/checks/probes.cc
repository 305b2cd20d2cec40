#include "conformance/checks/probes.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace computesdk::conformance {
namespace {

// A command line stays well below what some transports allow for one.
constexpr std::size_t kLineLimit = std::size_t{48} << 10;

// Joins the parts into lines of at most kLineLimit, if no part is longer.
std::vector<std::string> IntoLines(const std::vector<std::string>& parts,
                                   std::string_view separator) {
  std::vector<std::string> lines;
  for (const std::string& part : parts) {
    if (lines.empty() || lines.back().size() + part.size() > kLineLimit) {
      lines.push_back(part);
    } else {
      lines.back().append(separator).append(part);
    }
  }
  return lines;
}

std::string Unary(std::string_view option, std::string_view path) {
  return "[ " + std::string(option) + " " + ShellQuote(path) + " ]";
}

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string IsFile(std::string_view path) { return Unary("-f", path); }

std::string IsDirectory(std::string_view path) { return Unary("-d", path); }

std::string IsThere(std::string_view path) {
  return Unary("-e", path) + " || " + Unary("-L", path);
}

std::string IsGone(std::string_view path) {
  return Unary("! -e", path) + " && " + Unary("! -L", path);
}

std::string Holds(std::string_view path, std::string_view text) {
  return IsFile(path) + " && [ \"$(cat " + ShellQuote(path) +
         "; printf .)\" = " + ShellQuote(std::string(text) + ".") + " ]";
}

std::string HasEntries(std::string_view directory, int count) {
  const std::string quoted = ShellQuote(directory);
  return "(n=0; for f in " + quoted + "/* " + quoted + "/.[!.]* " + quoted +
         "/..?*; do if [ -e \"$f\" ] || [ -L \"$f\" ]; then n=$((n+1)); fi; done; [ $n -eq " +
         std::to_string(count) + " ])";
}

std::vector<bool> Ask(CheckContext& ctx, const Box& box, const std::vector<std::string>& tests) {
  std::vector<std::string> questions;
  questions.reserve(tests.size());
  for (const std::string& test : tests) {
    questions.push_back("if " + test + "; then printf 1; else printf 0; fi");
  }
  std::string answers;
  for (const std::string& line : IntoLines(questions, "\n")) answers += ctx.Observe(box, line);
  // A newline that the provider adds to output is no answer; other requirements ask about that.
  std::erase_if(answers, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
  if (answers.size() != tests.size() || answers.find_first_not_of("01") != std::string::npos) {
    ctx.NotTestable("the shell did not answer " + std::to_string(tests.size()) +
                    " tests with as many digits, but with " + Printable(answers));
  }
  std::vector<bool> result;
  for (const char answer : answers) result.push_back(answer == '1');
  return result;
}

bool ExpectFacts(CheckContext& ctx, const Box& box, const std::vector<Fact>& facts) {
  std::vector<std::string> tests;
  tests.reserve(facts.size());
  for (const Fact& fact : facts) tests.push_back(fact.test);
  const std::vector<bool> answers = Ask(ctx, box, tests);
  bool all = true;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (answers[i]) continue;
    all = false;
    ctx.Fail({facts[i].subject, facts[i].expected, "the shell says no to `" + facts[i].test + "`"});
  }
  return all;
}

void Prepare(CheckContext& ctx, const Box& box, const std::vector<std::string>& lines) {
  for (const std::string& line : IntoLines(lines, " &&\n")) ctx.Observe(box, line);
}

std::string MakeDirectory(std::string_view path) { return "mkdir -p " + ShellQuote(path); }

std::string MakeFile(std::string_view path, std::string_view text) {
  return "printf %s " + ShellQuote(text) + " > " + ShellQuote(path);
}

void MakeLink(CheckContext& ctx, const Box& box, const std::string& target,
              const std::string& path) {
  const Result<ExecutionResult> made =
      ctx.Sh(box, "ln -s " + ShellQuote(target) + " " + ShellQuote(path));
  if (!made || made->exit_code != 0) {
    ctx.NotTestable("there is no `ln -s` in the sandbox: " +
                    (made ? Printable(made->stderr_bytes) : made.error().ToString()));
  }
}

Canaries::Canaries(CheckContext& ctx, const Box& box, std::size_t count) : ctx_(ctx), box_(box) {
  for (std::size_t i = 0; i < count; ++i) {
    paths_.push_back(box.Path("canary-" + std::to_string(i)));
    commands_.push_back("printf x > " + BackslashQuote(paths_.back()));
  }
  Prepare(ctx, box, commands_);
  for (const bool seen : Look()) {
    if (!seen) ctx.NotTestable("a canary made on purpose was not seen");
  }
}

std::vector<bool> Canaries::Look() {
  std::vector<std::string> tests;
  std::string cleaning = "rm -f";
  for (const std::string& path : paths_) {
    tests.push_back(IsThere(path));
    cleaning += " " + ShellQuote(path);
  }
  std::vector<bool> seen = Ask(ctx_, box_, tests);
  for (const bool one : seen) {
    if (!one) continue;
    ctx_.Observe(box_, cleaning);
    break;
  }
  return seen;
}

OutsideFile::OutsideFile(CheckContext& ctx, std::string content) : content_(std::move(content)) {
  std::error_code error;
  directory_ = (std::filesystem::temp_directory_path(error) / ctx.Unique()).string();
  if (!error) std::filesystem::create_directory(directory_, error);
  path_ = directory_ + "/outside";
  std::ofstream(path_, std::ios::binary) << content_;
  if (error || !IsUnchanged()) {
    ctx.NotTestable("a file could not be made on the kit's own machine: " + path_);
  }
}

OutsideFile::~OutsideFile() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

bool OutsideFile::IsUnchanged() const { return ReadAll(path_) == content_; }

bool RunsOnThisMachine(CheckContext& ctx, const Box& box, const OutsideFile& file) {
  return Ask(ctx, box, {Holds(file.path(), file.content())}).front();
}

}  // namespace computesdk::conformance
