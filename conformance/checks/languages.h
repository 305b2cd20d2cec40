#ifndef COMPUTESDK_CONFORMANCE_CHECKS_LANGUAGES_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_LANGUAGES_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"

namespace computesdk::conformance {

// How to say a few things in a programming language. Each is whole statements with a newline at
// the end, so that they can be put one after the other.
class Language {
 public:
  virtual ~Language() = default;

  // The runtimes that speak it, without their versions: {"python", "py"}.
  virtual std::vector<std::string_view> names() const = 0;

  // Prints exactly these bytes; the source is plain ASCII.
  virtual std::string Print(std::string_view bytes) const = 0;
  virtual std::string PrintError(std::string_view bytes) const = 0;
  // Prints this text, which stands in the source as it is, as far as the language allows.
  virtual std::string PrintLiteral(std::string_view text) const = 0;
  // Prints the text, doubled so many times.
  virtual std::string PrintDoubled(std::string_view text, int times) const = 0;
  virtual std::string Exit(int code) const = 0;
  // Ends its own process by SIGKILL.
  virtual std::string KillItself() const = 0;
  // Does nothing for about 300 ms; and for ever, without a pause.
  virtual std::string Pause() const = 0;
  virtual std::string Loop() const = 0;
  // An uncaught exception with that text, or what comes nearest.
  virtual std::string Throw(std::string_view text) const = 0;
  // Prints "got N", N being how many bytes standard input holds.
  virtual std::string ReadInput() const = 0;
  virtual std::string PrintVariable(std::string_view name) const = 0;
  // Prints the path of the directory that it runs in.
  virtual std::string PrintDirectory() const = 0;
  virtual std::string PrintFile(std::string_view path) const = 0;
  virtual std::string WriteFile(std::string_view path, std::string_view bytes) const = 0;
  virtual std::string Comment(std::string_view text) const = 0;
  // A statement that begins with a dash and prints nothing; empty where the language has none.
  virtual std::string LeadingDash() const { return "-1;\n"; }
  // What its parser refuses.
  virtual std::string Broken() const = 0;
  // Keeps something under that name in the interpreter; prints "known" or "unknown".
  virtual std::string Remember(std::string_view name) const = 0;
  virtual std::string Recall(std::string_view name) const = 0;
  // Nested blocks whose indentation matters, or could be lost; prints "0a0b1a1b".
  virtual std::string Indented() const = 0;
};

// A runtime that the candidate declares, and whose language is known here.
struct Runtime {
  std::string name;
  const Language* language;
};

// The language of a runtime, by its name with or without a version ("python3.12", "node22");
// nullptr where it is not known.
const Language* FindLanguage(std::string_view runtime);

// A runtime that the candidate does not declare under any name, and its language.
std::vector<Runtime> UndeclaredRuntimes(const ProviderDescription& description);

// Runs `body` for each declared runtime that is known, with its name in force as a case.
// Not-testable where none is known.
void ForEachRuntime(CheckContext& ctx, const std::function<void(const Runtime&)>& body);

// Runs code in a runtime.
Result<ExecutionResult> RunCode(CheckContext& ctx, const Box& box, const Runtime& runtime,
                                std::string code);

// The run succeeds, and prints `out` and nothing on stderr.
void ExpectRuns(CheckContext& ctx, const Result<ExecutionResult>& run, std::string_view out);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_LANGUAGES_H_
