#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// The code arrives exactly.
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
          Case{"a comment at the end", a + "\n" + language.Comment("don't \" ("), "a"},
          Case{"a comment at the end, without a newline", a + language.Comment("x").substr(0, 3),
               "a"}}) {
      const auto scope = ctx.Case(one.label);
      ExpectPrints(ctx, runtime, one.code, one.out);
    }
    if (!language.LeadingDash().empty()) {
      const auto scope = ctx.Case("a dash in front");
      ExpectPrints(ctx, runtime, language.LeadingDash() + a, "a");
    }
    const auto scope = ctx.Case("a string over several lines");
    const std::string text = "one\n  two\n\tthree\n\n    four\n";
    ExpectPrints(ctx, runtime, language.PrintLiteral(text), text);
  });
}

void WordsOfWrappersInCodeAreText(CheckContext& ctx) {
  const std::string text =
      "start\nEOF\nEND\nPY\nSANDBOX_EOF\nCODE\n\"\"\"\n'''\n```\n__END__\n-c\n%s %d\n";
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

}  // namespace

std::vector<Requirement> CodeTextRequirements() {
  return {
      {.id = "code.text.quotes",
       .level = Level::kRequired,
       .asks = "Quotes of every kind, $, backticks, backslashes and blanks in code arrive exactly.",
       .why = "Every template string, regular expression and shell snippet has them. Code that is "
              "changed on the way runs nevertheless, and does something else.",
       .breaks = "The code stands between double quotes in a shell line, with only the double "
                 "quotes escaped: the shell expands $ and backticks in it.",
       .wrong = R"(await exec(sandbox, `node -e "${code.replace(/"/g, '\\"')}"`);)",
       .right = R"(await exec(sandbox, ['node', '-e', code]);  // a vector, and no shell)",
       .defects = {"K7"},
       .mend = "Write the code to a file by the backend's own upload, and run that; or pass it as "
               "one argument of a vector.",
       .check = AwkwardTextInCodeArrives},
      {.id = "code.text.beyond-ascii",
       .level = Level::kRequired,
       .asks = "Characters beyond ASCII in code arrive as UTF-8.",
       .why = "A user's name, a currency sign or an emoji in a string is enough to meet this.",
       .breaks = "`btoa(code)` throws on them, steps through Latin-1 spoil them, and a locale "
                 "without UTF-8 makes the interpreter refuse the source.",
       .wrong = R"(await exec(sandbox, ['sh', '-c', `echo ${btoa(code)} | base64 -d > ${file}`]);)",
       .right = R"(const bytes = Buffer.from(code, 'utf8');
await sandbox.fs.upload(file, bytes);)",
       .defects = {"K9", "C57"},
       .mend = "Encode the code as UTF-8 before base64 or a file; set a UTF-8 locale.",
       .check = TextBeyondAsciiInCodeArrives},
      {.id = "code.text.lines",
       .level = Level::kRequired,
       .asks = "Several lines, indentation with tabs and blanks, blank lines, and the absence of a "
               "newline at the end are kept.",
       .why = "In Python indentation is the program, and a string over several lines is data.",
       .breaks = "Trimming or re-indenting \"to be nice\", joining lines with `;`, or appending "
                 "something to a last line that is a comment.",
       .wrong = R"(const source = code.split('\n').map((line) => line.trim()).join('\n');
await exec(sandbox, `python3 -c ${shellQuote(source)}; echo done`);)",
       .right = R"(await exec(sandbox, ['python3', '-c', code]);)",
       .defects = {"K8", "C35"},
       .mend = "Pass the code on as bytes; do not trim it, and add nothing to it.",
       .check = LinesOfCodeArrive},
      {.id = "code.text.terminators",
       .level = Level::kRequired,
       .asks = "Words that wrappers use as terminators (EOF, triple quotes, ```) are text in code.",
       .why = "Code that writes scripts has such lines. What follows them is executed by a shell "
              "that was never meant to see it.",
       .breaks = "A here-document around the code ends at the first line that is its terminator; a "
                 "cleaner for answers of language models cuts at ```.",
       .wrong = R"(await exec(sandbox, `cat > ${file} <<'EOF'
${code}
EOF`);)",
       .right = R"(await sandbox.fs.upload(file, Buffer.from(code, 'utf8'));)",
       .defects = {"K7", "F6"},
       .mend = "Write the code to a file by the backend's own upload; no here-document.",
       .check = WordsOfWrappersInCodeAreText},
      {.id = "code.text.long",
       .level = Level::kRequired,
       .asks = "Code of 200 KiB runs whole.",
       .why = "Bundled programs, and code with its data inside, are that long; a part of it may "
              "well be a program too.",
       .breaks = "Code in one argument (`-c`, `-e`, `echo BASE64`) meets the kernel's limit of 128 "
                 "KiB, in base64 already at 96: nothing runs, or a part.",
       .wrong = R"(await exec(sandbox, ['sh', '-c', `echo ${base64(code)} | base64 -d | node`]);)",
       .right = R"(await sandbox.fs.upload(file, code);  // in the body of a request
await exec(sandbox, ['node', file]);)",
       .defects = {"K10", "F8", "C54"},
       .mend = "Write the code to a file by the backend's own upload, and run that.",
       .check = LongCodeArrives},
  };
}

}  // namespace computesdk::conformance
