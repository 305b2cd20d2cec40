#include <algorithm>
#include <string>
#include <string_view>

#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects that change the bytes of output.
namespace computesdk::conformance {
namespace {

// Changes both streams, of commands and of code.
ProviderFactory SpoilStreams(std::function<void(std::string&)> change) {
  return Spoil(WithResult([change = std::move(change)](ExecutionResult& result) {
    change(result.stdout_bytes);
    change(result.stderr_bytes);
  }));
}

std::string DecodedInChunks(std::string_view bytes, std::size_t size) {
  std::string text;
  for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size()))) {
    text += Decoded(bytes.substr(0, size));
  }
  return text;
}

// Each byte as the character of that number, as `atob` gives it, in UTF-8.
std::string FromLatin1(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) text += byte < 0xc0 ? '\xc2' : '\xc3';
    text += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3f));
  }
  return text;
}

void EraseControlCharacters(std::string& text) {
  std::erase_if(text, [](char c) {
    return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == '\x7f';
  });
}

// As `text.replace(/\x1b\[[0-9;]*m/g, '')` does.
void EraseColours(std::string& text) {
  for (std::size_t at = 0; (at = text.find("\x1b[", at)) != std::string::npos;) {
    const std::size_t end = text.find_first_not_of("0123456789;", at + 2);
    if (end != std::string::npos && text[end] == 'm') {
      text.erase(at, end + 1 - at);
    } else {
      at += 2;
    }
  }
}

void EraseBlankLines(std::string& text) {
  std::string kept;
  for (const char c : text) {
    if (c != '\n' || (!kept.empty() && kept.back() != '\n')) kept += c;
  }
  text = kept;
}

}  // namespace

std::vector<Sabotage> OutputByteSabotages() {
  return {
      {.name = "output-trimmed",
       .defect = "Output is trimmed, to get rid of one newline.",
       .classes = {"C21", "C22"},
       .reveals = {"code.concurrent",
                   "code.exception.output-before",
                   "code.exit-code",
                   "code.files.of-code",
                   "code.files.of-commands",
                   "code.killed",
                   "code.output.bytes",
                   "code.runtimes.declared",
                   "code.text.lines",
                   "code.text.quotes",
                   "code.text.terminators",
                   "code.words-for-errors",
                   "command.args.file-names",
                   "command.background.runs-once",
                   "command.concurrent.output",
                   "command.env.names",
                   "command.shell.beyond-ascii",
                   "command.shell.here-document",
                   "command.shell.long-line",
                   "command.shell.pipes",
                   "command.timeout.same-command",
                   "lifecycle.create.overlapping",
                   "output.all-bytes",
                   "output.beyond-ascii",
                   "output.blanks",
                   "output.carriage-returns",
                   "output.invalid-utf8",
                   "output.large.both",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.last-line",
                   "output.newlines",
                   "output.nul",
                   "output.order",
                   "output.streams.with-every-exit-code",
                   "output.words-of-protocols"},
       .make = SpoilStreams([](std::string& text) { text = Trimmed(text); })},
      {.name = "last-newline-cut",
       .defect = "One newline at the end of the output is taken away.",
       .classes = {"C21"},
       .reveals = {"code.concurrent",
                   "code.exception.output-before",
                   "code.exit-code",
                   "code.files.of-code",
                   "code.files.of-commands",
                   "code.killed",
                   "code.output.bytes",
                   "code.runtimes.declared",
                   "code.text.lines",
                   "code.text.quotes",
                   "code.text.terminators",
                   "code.words-for-errors",
                   "command.concurrent.output",
                   "command.env.names",
                   "command.shell.beyond-ascii",
                   "command.shell.here-document",
                   "command.shell.long-line",
                   "command.shell.pipes",
                   "output.all-bytes",
                   "output.beyond-ascii",
                   "output.blanks",
                   "output.carriage-returns",
                   "output.invalid-utf8",
                   "output.large.both",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.last-line",
                   "output.newlines",
                   "output.nul",
                   "output.order",
                   "output.streams.with-every-exit-code",
                   "output.words-of-protocols"},
       .make = SpoilStreams([](std::string& text) {
         if (text.ends_with('\n')) text.pop_back();
       })},
      {.name = "newline-added",
       .defect = "Output that does not end in a newline is given one, as console.log does.",
       .classes = {"C21"},
       .reveals = {"code.create-envs",
                   "code.directory",
                   "code.failure-harms-nothing",
                   "code.first-run",
                   "code.fresh",
                   "code.output.after-pause",
                   "code.output.bytes",
                   "code.output.large",
                   "code.runtimes.default",
                   "code.runtimes.obeyed",
                   "code.runtimes.of-the-sandbox",
                   "code.stdin",
                   "code.text.beyond-ascii",
                   "code.text.lines",
                   "code.text.long",
                   "command.args.file-names",
                   "command.args.shell-characters",
                   "command.background-child",
                   "command.background.no-litter",
                   "command.background.output",
                   "command.background.returns-at-once",
                   "command.background.runs-once",
                   "command.background.stdin",
                   "command.background.whole-line",
                   "command.background.with-cwd",
                   "command.background.with-env",
                   "command.concurrent.overlap",
                   "command.cwd.names",
                   "command.cwd.removed",
                   "command.cwd.used",
                   "command.env.ends-with-the-command",
                   "command.env.given-path-and-home",
                   "command.env.names",
                   "command.env.of-one-command",
                   "command.env.values",
                   "command.env.whole-line",
                   "command.env.wins-over-create",
                   "command.env.with-cwd",
                   "command.exit-code.closed-output",
                   "command.shell.beyond-ascii",
                   "command.shell.broken-line",
                   "command.shell.comment-at-the-end",
                   "command.shell.here-document",
                   "command.shell.lists",
                   "command.shell.long-line",
                   "command.shell.pipes",
                   "command.shell.quotes",
                   "command.shell.redirections",
                   "command.shell.several-lines",
                   "command.shell.variables",
                   "command.state.default-directory",
                   "command.state.exit",
                   "command.state.files-stay",
                   "command.state.removed-directory",
                   "command.state.streams",
                   "command.stdin.is-empty",
                   "command.timeout.in-time",
                   "command.timeout.of-one-command",
                   "command.timeout.own-end",
                   "command.timeout.same-command",
                   "command.timeout.sandbox-stays-usable",
                   "command.timeout.spares-others",
                   "create.envs.code",
                   "create.envs.commands",
                   "create.envs.own",
                   "create.timeout.not-before",
                   "create.timeout.odd-values",
                   "create.timeout.works",
                   "environment.home",
                   "isolation.code",
                   "isolation.create-envs",
                   "isolation.destroy",
                   "isolation.files",
                   "isolation.flood.files",
                   "isolation.flood.output",
                   "isolation.flood.processes",
                   "isolation.host-variables",
                   "isolation.results",
                   "isolation.variables",
                   "lifecycle.create.id",
                   "lifecycle.create.overlapping",
                   "lifecycle.create.usable-at-once",
                   "lifecycle.destroy.again",
                   "lifecycle.destroy.spares-others",
                   "lifecycle.destroy.unknown-id",
                   "lifecycle.get-by-id.same-sandbox",
                   "lifecycle.list.handles-work",
                   "output.after-pauses",
                   "output.all-bytes",
                   "output.beyond-ascii",
                   "output.blanks",
                   "output.carriage-returns",
                   "output.chunk-edges",
                   "output.escape-sequences",
                   "output.invalid-utf8",
                   "output.large.stderr",
                   "output.large.stdout",
                   "output.large.then-usable",
                   "output.long-lines",
                   "output.newlines",
                   "output.nul",
                   "output.split-characters",
                   "output.streams.separate",
                   "output.words-of-protocols"},
       .blinds = {"command.args.beyond-128-kib", "command.args.beyond-ascii", "command.args.empty",
                  "command.args.leading-dash", "command.args.long", "command.args.many",
                  "command.args.program-path", "command.background.args",
                  "command.cwd.ends-with-the-command", "command.cwd.file", "command.cwd.missing",
                  "command.env.programs", "command.exit-code.values",
                  "command.timeout.ends-the-call", "environment.no-terminal",
                  "environment.provider-variables", "filesystem.content.chunk-edges",
                  "filesystem.content.sizes", "isolation.orphans"},
       .make = SpoilStreams([](std::string& text) {
         if (!text.empty() && !text.ends_with('\n')) text += '\n';
       })},
      {.name = "blank-lines-dropped",
       .defect = "Blank lines of the output are dropped: split('\\n').filter(Boolean).",
       .classes = {"C19"},
       .reveals = {"code.output.bytes", "code.text.lines", "code.text.quotes",
                   "command.args.shell-characters", "command.background.args", "command.env.values",
                   "command.shell.here-document", "output.all-bytes", "output.newlines",
                   "output.words-of-protocols"},
       .blinds = {"filesystem.content.shell-text", "filesystem.content.trailing-newlines"},
       .make = SpoilStreams(EraseBlankLines)},
      {.name = "newline-after-each-frame",
       .defect = "Frames of 16 KiB are joined with newlines.",
       .classes = {"C20"},
       .reveals = {"code.output.large", "command.args.beyond-128-kib", "command.args.long",
                   "command.args.many", "command.shell.long-line", "output.chunk-edges",
                   "output.large.both", "output.large.stderr", "output.large.stdout",
                   "output.long-lines"},
       .blinds = {"filesystem.content.chunk-edges", "filesystem.content.sizes"},
       .make = SpoilStreams([](std::string& text) {
         constexpr std::size_t kFrame = std::size_t{16} << 10;
         for (std::size_t at = kFrame; at < text.size(); at += kFrame + 1) text.insert(at, "\n");
       })},
      {.name = "carriage-returns-rewritten",
       .defect = "CR LF becomes LF: replace(/\\r\\n/g, '\\n').",
       .classes = {"C23"},
       .reveals = {"code.output.bytes", "code.text.quotes", "command.args.shell-characters",
                   "command.background.args", "command.env.values", "output.all-bytes",
                   "output.carriage-returns", "output.words-of-protocols"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions",
                  "filesystem.content.line-ends", "filesystem.content.shell-text"},
       .make = SpoilStreams([](std::string& text) { ReplaceAll(text, "\r\n", "\n"); })},
      {.name = "colours-stripped",
       .defect = "Colours are stripped from the output.",
       .classes = {"C24"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.escape-sequences"},
       .blinds = {"filesystem.content.line-ends"},
       .make = SpoilStreams(EraseColours)},
      {.name = "control-characters-stripped",
       .defect = "Control characters are stripped from the output, all but tab, CR and LF.",
       .classes = {"C24", "C25"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.escape-sequences", "output.nul",
                   "output.words-of-protocols"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions",
                  "filesystem.content.line-ends"},
       .make = SpoilStreams(EraseControlCharacters)},
      {.name = "nul-dropped",
       .defect = "NUL bytes are dropped from the output.",
       .classes = {"C25"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.nul",
                   "output.words-of-protocols"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions"},
       .make = SpoilStreams([](std::string& text) { std::erase(text, '\0'); })},
      {.name = "output-ends-at-nul",
       .defect = "Output is a C string, and ends at the first NUL.",
       .classes = {"C25"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.nul",
                   "output.words-of-protocols"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions"},
       .make = SpoilStreams([](std::string& text) { text = std::string(text.c_str()); })},
      {.name = "invalid-utf8-replaced",
       .defect = "Output is decoded, with U+FFFD for what is no UTF-8.",
       .classes = {"C27"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.invalid-utf8"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions"},
       .make = SpoilStreams([](std::string& text) { text = Decoded(text); })},
      {.name = "invalid-utf8-is-an-error",
       .defect = "A command whose output is no UTF-8 is an error: the decoder is strict.",
       .classes = {"C27"},
       .reveals = {"output.all-bytes", "output.invalid-utf8"},
       .blinds = {"filesystem.content.binary", "filesystem.content.extensions"},
       .make = Spoil({.run_command = [](Provider& inner, const std::string& id,
                                        RunCommandRequest request) -> Result<ExecutionResult> {
         Result<ExecutionResult> result = inner.RunCommand(id, request);
         if (result && Decoded(result->stdout_bytes) != result->stdout_bytes) {
           return MakeError(ErrorCode::kInternal, "'utf-8' codec can't decode byte");
         }
         return result;
       }})},
      {.name = "output-through-latin1",
       .defect = "Output is decoded as Latin-1: atob without a TextDecoder.",
       .classes = {"C28"},
       .reveals = {"code.create-envs", "code.output.bytes", "code.text.beyond-ascii",
                   "code.text.quotes", "command.args.beyond-ascii", "command.background.args",
                   "command.env.values", "command.shell.beyond-ascii", "output.all-bytes",
                   "output.beyond-ascii", "output.chunk-edges", "output.invalid-utf8",
                   "output.split-characters"},
       .blinds = {"filesystem.content.beyond-ascii", "filesystem.content.binary",
                  "filesystem.content.chunk-edges", "filesystem.content.extensions"},
       .make = SpoilStreams([](std::string& text) { text = FromLatin1(text); })},
      {.name = "lines-split-at-u2028",
       .defect = "Lines are split where Unicode has line ends (splitlines), and joined with LF.",
       .classes = {"C19", "C28"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.beyond-ascii"},
       .blinds = {"filesystem.content.beyond-ascii"},
       .make = SpoilStreams([](std::string& text) {
         for (const char* end : {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xc2\x85"}) {
           ReplaceAll(text, end, "\n");
         }
       })},
      {.name = "chunks-decoded-one-by-one",
       .defect = "Output is decoded in chunks of 64 KiB, each by itself: chunk.toString('utf8').",
       .classes = {"C26"},
       .reveals = {"code.output.bytes", "output.all-bytes", "output.chunk-edges",
                   "output.invalid-utf8"},
       .blinds = {"filesystem.content.binary", "filesystem.content.chunk-edges",
                  "filesystem.content.extensions"},
       .make = SpoilStreams(
           [](std::string& text) { text = DecodedInChunks(text, std::size_t{64} << 10); })},
      {.name = "backslashes-unescaped",
       .defect =
           "The agent escapes what is not printable, and the adapter undoes that in all text.",
       .classes = {"C28"},
       .reveals = {"code.text.quotes", "command.args.shell-characters", "command.background.args",
                   "command.env.values", "output.words-of-protocols"},
       .blinds = {"filesystem.content.shell-text"},
       .make = SpoilStreams([](std::string& text) {
         ReplaceAll(text, "\\x41", "A");
         ReplaceAll(text, "\\n", "\n");
       })},
  };
}

}  // namespace computesdk::conformance
