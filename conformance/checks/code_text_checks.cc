#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// The code arrives exactly, and so does what it prints.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

bool ExpectPrints(CheckContext& ctx, const Runtime& runtime, const std::string& code,
                  std::string_view out) {
  const ExecutionResult result = ctx.Must(RunCode(ctx, ctx.box(), runtime, code), "runCode");
  const bool same = ctx.ExpectBytes(result.stdout_bytes, out, "stdout");
  return ctx.Expect(result.exit_code, Eq(0), "exit code") && same;
}

void AwkwardTextInCodeArrives(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    std::string all;
    for (const NamedValue& value : AwkwardTexts()) all += "<" + value.bytes + ">\n";
    // All at once first: what one call can show needs no call each.
    const Result<ExecutionResult> result =
        RunCode(ctx, ctx.box(), runtime, runtime.language->PrintLiteral(all));
    if (result && result->exit_code == 0 && result->stdout_bytes == all) return;
    bool alone_is_well = true;
    for (const NamedValue& value : AwkwardTexts()) {
      const auto scope = ctx.Case("a string with ", value.label);
      alone_is_well =
          ExpectPrints(ctx, runtime, runtime.language->PrintLiteral(value.bytes), value.bytes) &&
          alone_is_well;
    }
    if (alone_is_well) {
      ctx.ExpectBytes(ctx.Must(result, "runCode").stdout_bytes, all, "stdout of all of them");
    }
  });
}

void TextBeyondAsciiInCodeArrives(CheckContext& ctx) {
  const std::string text = "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80 e\xcc\x81";
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    {
      const auto scope = ctx.Case("in a string");
      ExpectPrints(ctx, runtime, language.PrintLiteral(text), text);
    }
    const auto scope = ctx.Case("in a comment");
    ExpectPrints(ctx, runtime, language.Comment(text) + language.Print("x"), "x");
  });
}

void LinesOfCodeArrive(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    const std::string a = language.Print("a");
    const std::string b = language.Print("b");
    std::string no_newline = a + b;
    no_newline.pop_back();
    struct Case {
      const char* label;
      std::string code, out;
    };
    for (const Case& one :
         {Case{"several lines", a + b + a, "aba"}, Case{"no newline at the end", no_newline, "ab"},
          Case{"newlines at both ends", "\n\n" + a + "\n\n" + b + "\n\n", "ab"},
          Case{"indented blocks", language.Indented(), "0a0b1a1b"},
          Case{"a comment at the end", a + "\n" + language.Comment("don't \" ("), "a"}}) {
      const auto scope = ctx.Case(one.label);
      ExpectPrints(ctx, runtime, one.code, one.out);
    }
    const auto scope = ctx.Case("a string over several lines");
    const std::string text = "one\n  two\n\tthree\n\n    four\n";
    ExpectPrints(ctx, runtime, language.PrintLiteral(text), text);
  });
}

void WordsOfWrappersInCodeAreText(CheckContext& ctx) {
  const std::string text =
      "EOF\nEND\nPY\nSANDBOX_EOF\nCODE\n\"\"\"\n'''\n```\n__END__\n-c\n%s %d\n";
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ExpectPrints(ctx, runtime, runtime.language->PrintLiteral(text), text);
  });
}

void LongCodeArrives(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const Language& language = *runtime.language;
    for (const std::size_t size : {std::size_t{20} * 1024, std::size_t{200} * 1024}) {
      const auto scope = ctx.Case("code of ", size / 1024, " KiB");
      std::string code = language.Print("first ");
      for (int line = 0; code.size() < size; ++line) {
        code += language.Comment("line " + std::to_string(line) + std::string(60, '-'));
      }
      code += language.Print("last");
      ExpectPrints(ctx, runtime, code, "first last");
    }
  });
}

void OutputOfCodeIsBytes(CheckContext& ctx) {
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    for (const NamedValue& value : AwkwardBytes()) {
      const auto scope = ctx.Case(value.label);
      const ExecutionResult result = ctx.Must(
          RunCode(ctx, ctx.box(), runtime,
                  runtime.language->Print(value.bytes) + runtime.language->PrintError(value.bytes)),
          "runCode");
      ctx.ExpectBytes(result.stdout_bytes, value.bytes, "stdout");
      ctx.ExpectBytes(result.stderr_bytes, value.bytes, "stderr");
    }
  });
}

void LargeOutputOfCodeIsWhole(CheckContext& ctx) {
  std::string expected = "0123456789abcdef";
  for (int i = 0; i < 16; ++i) expected += expected;
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    ExpectPrints(ctx, runtime, runtime.language->PrintDoubled("0123456789abcdef", 16), expected);
  });
}

}  // namespace

std::vector<Requirement> CodeTextRequirements() {
  return {
      {.id = "code.text.quotes",
       .level = Level::kRequired,
       .asks = "Quotes of every kind, $, backticks, backslashes and blanks in code arrive exactly.",
       .why = "`node -e \"${code}\"` and `echo \"${code}\" | python` let a shell expand the code; "
              "escaping only the double quotes leaves $ and backticks to it.",
       .defects = {"K7"},
       .mend = "Write the code to a file by the backend's own upload, and run that; or pass it as "
               "one argument of a vector.",
       .check = AwkwardTextInCodeArrives},
      {.id = "code.text.beyond-ascii",
       .level = Level::kRequired,
       .asks = "Characters beyond ASCII in code arrive as UTF-8.",
       .why = "`btoa(code)` throws on them, Latin-1 steps spoil them, and a locale without UTF-8 "
              "makes the interpreter refuse the source.",
       .defects = {"K9", "C57"},
       .mend = "Encode the code as UTF-8 before base64 or a file; set a UTF-8 locale.",
       .check = TextBeyondAsciiInCodeArrives},
      {.id = "code.text.lines",
       .level = Level::kRequired,
       .asks = "Several lines, indentation with tabs and blanks, blank lines, and the absence of a "
               "newline at the end are kept.",
       .why = "Trimming, re-indenting, or joining lines with `;` breaks Python and here-documents.",
       .defects = {"K8", "C35"},
       .mend = "Pass the code on as bytes; do not trim it.",
       .check = LinesOfCodeArrive},
      {.id = "code.text.terminators",
       .level = Level::kRequired,
       .asks = "Words that wrappers use as terminators (EOF, triple quotes, ```) are text in code.",
       .why = "A here-document around the code ends at the first line that is its terminator, and "
              "the rest is executed by the shell.",
       .defects = {"K7", "F6"},
       .mend = "Write the code to a file by the backend's own upload; no here-document.",
       .check = WordsOfWrappersInCodeAreText},
      {.id = "code.text.long",
       .level = Level::kRequired,
       .asks = "Code of 200 KiB runs whole.",
       .why = "Code in one argument (`-c`, `-e`, `echo BASE64`) meets the kernel's limit of 128 "
              "KiB: nothing runs, or a part.",
       .defects = {"K10", "F8", "C54"},
       .mend = "Write the code to a file by the backend's own upload, and run that.",
       .check = LongCodeArrives},
      {.id = "code.output.bytes",
       .level = Level::kRequired,
       .asks = "stdout and stderr of code are separate and exact bytes.",
       .why = "Kernels of notebooks and loggers join lines, add newlines, and decode.",
       .defects = {"K15", "C19", "C21", "C25", "C27"},
       .mend = "Run the interpreter as a command, and return its streams as they are.",
       .check = OutputOfCodeIsBytes},
      {.id = "code.output.large",
       .level = Level::kRequired,
       .asks = "1 MiB that code prints comes back whole.",
       .why = "The way for code has a buffer of its own, and a cap of its own.",
       .defects = {"C16", "C58"},
       .mend = "Collect the output of code as you do that of commands.",
       .check = LargeOutputOfCodeIsWhole},
  };
}

}  // namespace computesdk::conformance
