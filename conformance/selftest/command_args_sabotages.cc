#include <algorithm>
#include <cctype>
#include <string>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/command_sabotages.h"

// Defects in the args of commands.
namespace computesdk::conformance {
namespace {

// UTF-8 taken for Latin-1 and encoded again; and the way back, as far as there is one.
std::string Mistaken(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xc0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3f));
    }
  }
  return out;
}

std::string Undone(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool pair = (byte == 0xc2 || byte == 0xc3) && i + 1 < text.size();
    out += pair ? static_cast<char>((byte & 0x03) << 6 | (text[++i] & 0x3f)) : text[i];
  }
  return out;
}

Replacements ArgsThroughLatin1() {
  return {.run_command = [](Provider& inner, const std::string& id, RunCommandRequest request) {
    if (!request.args) return inner.RunCommand(id, request);
    for (std::string& arg : *request.args) arg = Mistaken(arg);
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result) result->stdout_bytes = Undone(result->stdout_bytes);
    return result;
  }};
}

// Without a look at what is inside: JSON.stringify taken for quoting.
std::string AsJson(const std::string& word) {
  std::string text = word;
  ReplaceAll(text, "\\", "\\\\");
  ReplaceAll(text, "\"", "\\\"");
  return DoubleQuoted(text);
}

// As if for a file name: what has nothing odd in it stays bare, the empty word too.
std::string QuotedWhereNeeded(const std::string& word) {
  const bool plain = std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '/' || c == '.' || c == '_' || c == '-' || c == '=';
  });
  return plain ? word : ShellQuote(word);
}

// An argument parser in front of the program knows --help, and takes the first -- for its own.
Replacements WrapperAnswersHelp() {
  return {.run_command = [](Provider& inner, const std::string& id,
                            RunCommandRequest request) -> Result<ExecutionResult> {
    const bool help =
        request.args && std::ranges::find(*request.args, "--help") != request.args->end();
    if (!help) return inner.RunCommand(id, request);
    return ExecutionResult{.stdout_bytes = "Usage: exec [options] COMMAND\n",
                           .sandbox_id = id,
                           .provider = inner.Describe().name};
  }};
}

Replacements RefusedBeyond(std::size_t count, std::size_t bytes) {
  return {.run_command = [count, bytes](Provider& inner, const std::string& id,
                                        RunCommandRequest request) -> Result<ExecutionResult> {
    std::size_t size = 0;
    for (const std::string& arg : request.args.value_or(std::vector<std::string>())) {
      size += arg.size() + 1;
    }
    if (size > bytes || (request.args && request.args->size() > count)) {
      return MakeError(ErrorCode::kInternal, "spawn sh E2BIG");
    }
    return inner.RunCommand(id, request);
  }};
}

Replacements EachArgCutAt(std::size_t size) {
  return OfArgs([size](std::vector<std::string>& args) {
    for (std::string& arg : args) arg.resize(std::min(arg.size(), size));
  });
}

Replacements EachArg(void (*change)(std::string& arg)) {
  return OfArgs([change](std::vector<std::string>& args) {
    for (std::string& arg : args) change(arg);
  });
}

}  // namespace

std::vector<Sabotage> CommandArgsSabotages() {
  return {
      {.name = "args-joined-with-blanks",
       .defect = "A command with args is a shell line: [command, ...args].join(' ').",
       .classes = {"C1", "C2"},
       .reveals = {"command.args.shell-characters", "command.args.empty-array",
                   "command.args.execute-nothing", "command.args.file-names",
                   "command.args.program-is-no-line", "command.args.program-path",
                   "create.envs.commands", "output.all-bytes", "output.streams.separate",
                   "output.streams.with-every-exit-code", "output.large.stdout"},
       .blinds = {"command.args.beyond-128-kib",
                  "command.args.beyond-ascii",
                  "command.args.empty",
                  "command.args.leading-dash",
                  "command.args.long",
                  "command.args.many",
                  "command.background.args",
                  "command.background.with-cwd",
                  "command.background.with-env",
                  "command.cwd.file",
                  "command.cwd.missing",
                  "command.env.ends-with-the-command",
                  "command.env.given-path-and-home",
                  "command.env.programs",
                  "command.env.wins-over-create",
                  "command.env.with-cwd",
                  "command.exit-code.values",
                  "command.timeout.ends-the-call",
                  "command.timeout.same-command",
                  "environment.home",
                  "environment.no-terminal",
                  "environment.provider-variables"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         request.command = JoinedWithBlanks(request);
         request.args.reset();
       }))},
      {.name = "args-in-double-quotes",
       .defect = "Args are quoted by JSON.stringify: $ and backticks in them still work.",
       .classes = {"C1", "C2"},
       .reveals = {"command.args.shell-characters", "command.args.execute-nothing",
                   "command.args.file-names", "command.args.program-is-no-line", "output.all-bytes",
                   "output.large.stdout"},
       .blinds = {"command.args.beyond-128-kib",
                  "command.args.beyond-ascii",
                  "command.args.empty",
                  "command.args.leading-dash",
                  "command.args.long",
                  "command.args.many",
                  "command.background.args",
                  "command.background.with-cwd",
                  "command.background.with-env",
                  "command.cwd.file",
                  "command.cwd.missing",
                  "command.env.ends-with-the-command",
                  "command.env.given-path-and-home",
                  "command.env.programs",
                  "command.env.wins-over-create",
                  "command.env.with-cwd",
                  "command.exit-code.values",
                  "command.timeout.ends-the-call",
                  "command.timeout.same-command",
                  "environment.home",
                  "environment.no-terminal",
                  "environment.provider-variables"},
       .make = Spoil(ArgsAsLine(AsJson))},
      {.name = "args-in-quotes-that-they-close",
       .defect = "Args are put between single quotes, and those inside are left alone.",
       .classes = {"C1", "C2"},
       .reveals = {"command.args.shell-characters", "command.args.execute-nothing",
                   "command.args.file-names", "command.args.program-path",
                   "output.streams.with-every-exit-code", "output.large.stdout"},
       .blinds = {"command.args.beyond-128-kib",
                  "command.args.beyond-ascii",
                  "command.args.empty",
                  "command.args.leading-dash",
                  "command.args.long",
                  "command.args.many",
                  "command.background.args",
                  "command.background.with-cwd",
                  "command.background.with-env",
                  "command.cwd.file",
                  "command.cwd.missing",
                  "command.env.ends-with-the-command",
                  "command.env.given-path-and-home",
                  "command.env.programs",
                  "command.env.wins-over-create",
                  "command.env.with-cwd",
                  "command.exit-code.values",
                  "command.timeout.ends-the-call",
                  "command.timeout.same-command",
                  "environment.home",
                  "environment.no-terminal",
                  "environment.provider-variables"},
       .make = Spoil(ArgsAsLine([](const std::string& word) { return "'" + word + "'"; }))},
      {.name = "args-quoted-where-needed",
       .defect = "An arg that has nothing odd in it is not quoted; an empty one disappears.",
       .classes = {"C1"},
       .reveals = {"command.args.empty", "command.background.args", "command.timeout.same-command"},
       .make = Spoil(ArgsAsLine(QuotedWhereNeeded))},
      {.name = "args-empty-ones-filtered",
       .defect = "args.filter(Boolean) drops the empty ones.",
       .classes = {"C1"},
       .reveals = {"command.args.empty", "command.background.args", "command.timeout.same-command"},
       .make = Spoil(OfArgs([](std::vector<std::string>& args) { std::erase(args, ""); }))},
      {.name = "args-first-double-dash-dropped",
       .defect = "A parser of options before the program takes the first -- for its own.",
       .classes = {"C4"},
       .reveals = {"command.args.leading-dash"},
       .make = Spoil(OfArgs([](std::vector<std::string>& args) {
         const auto dashes = std::ranges::find(args, "--");
         if (dashes != args.end()) args.erase(dashes);
       }))},
      {.name = "args-help-is-the-wrappers",
       .defect = "--help among the args is answered by the wrapper, and nothing is run.",
       .classes = {"C4"},
       .reveals = {"command.args.leading-dash"},
       .make = Spoil(WrapperAnswersHelp())},
      {.name = "args-through-latin-1",
       .defect = "UTF-8 in args is taken for Latin-1; on the way back the mistake is undone.",
       .classes = {"C29"},
       .reveals = {"command.args.beyond-ascii", "command.background.args", "output.all-bytes"},
       .make = Spoil(ArgsThroughLatin1())},
      {.name = "args-normalised",
       .defect = "Args are brought to Unicode's composed form: e and an accent become one letter.",
       .classes = {"C29", "F25"},
       .reveals = {"command.args.beyond-ascii", "command.background.args"},
       .make = Spoil(EachArg([](std::string& arg) { ReplaceAll(arg, "e\xcc\x81", "\xc3\xa9"); }))},
      {.name = "args-newlines-become-blanks",
       .defect = "A newline in an arg becomes a blank, as the request is a line of text.",
       .classes = {"C1"},
       .reveals = {"command.args.shell-characters", "command.args.file-names",
                   "command.background.args"},
       .make = Spoil(EachArg([](std::string& arg) { ReplaceAll(arg, "\n", " "); }))},
      {.name = "args-trimmed",
       .defect = "Blanks at the ends of an arg are taken off.",
       .classes = {"C1"},
       .reveals = {"command.args.shell-characters", "command.args.empty", "command.args.file-names",
                   "command.args.long", "command.background.args"},
       .make = Spoil(EachArg([](std::string& arg) { arg = Trimmed(arg); }))},
      {.name = "args-cut-at-32-kib",
       .defect = "An arg is cut at 32 KiB.",
       .classes = {"C53"},
       .reveals = {"command.args.long", "command.args.beyond-128-kib", "command.args.many"},
       .make = Spoil(EachArgCutAt(32768))},
      {.name = "args-cut-at-the-kernels-limit",
       .defect = "An arg is cut at 128 KiB, so that the kernel does not refuse it.",
       .classes = {"C54"},
       .reveals = {"command.args.beyond-128-kib"},
       .make = Spoil(EachArgCutAt(131071))},
      {.name = "args-limited-to-1000",
       .defect = "More than 1,000 args are refused.",
       .classes = {"C53"},
       .reveals = {"command.args.many"},
       .make = Spoil(RefusedBeyond(1000, std::size_t{1} << 30))},
      {.name = "args-in-one-string",
       .defect = "Args are joined into one argument of sh -c, which the kernel limits to 128 KiB.",
       .classes = {"C53", "C54"},
       .reveals = {"command.args.many"},
       .make = Spoil(RefusedBeyond(1u << 20, 131071))},
      {.name = "args-empty-array-is-a-line",
       .defect = "args.length === 0 is taken for no args: the command is a shell line.",
       .classes = {"C2", "C3"},
       .reveals = {"command.args.empty-array"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (request.args && request.args->empty()) request.args.reset();
       }))},
      {.name = "args-quoted-and-the-program-not",
       .defect = "Args are quoted, and the program in front of them is not.",
       .classes = {"C2"},
       .reveals = {"command.args.program-is-no-line", "command.args.program-path",
                   "command.args.empty-array"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         if (!request.args) return;
         for (const std::string& arg : *request.args) request.command += " " + ShellQuote(arg);
         request.args.reset();
       }))},
      {.name = "args-program-split-at-blanks",
       .defect = "The program is the command's first word; the others become args.",
       .classes = {"C3"},
       .reveals = {"command.args.program-path", "command.args.empty-array",
                   "command.args.program-is-no-line"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         const std::size_t blank = request.command.find(' ');
         if (!request.args || blank == std::string::npos) return;
         request.args->insert(request.args->begin(), request.command.substr(blank + 1));
         request.command.resize(blank);
       }))},
  };
}

}  // namespace computesdk::conformance
