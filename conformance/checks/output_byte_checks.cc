#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/both_streams.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Output is bytes: what a program printed is what comes back.
namespace computesdk::conformance {
namespace {

void NewlinesAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"nothing at all", ""},
                         {"none at the end", "x"},
                         {"one at the end", "x\n"},
                         {"three at the end", "x\n\n\n"},
                         {"at the start", "\n\nx"},
                         {"newlines only", "\n\n\n"},
                         {"one newline only", "\n"},
                         {"blank lines inside", "a\n\n\n\nb\n"},
                         {"blanks on a line", "a\n  \nb"}});
}

void BlanksAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"in front", "   x"},
                         {"behind", "x   "},
                         {"before a newline", "  x  \n"},
                         {"inside", "a   b\t\tc"},
                         {"tabs at both ends", "\tx\t"},
                         {"blanks only", "   "},
                         {"indented lines", "  a\n    b\n"}});
}

void CarriageReturnsAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"CR LF", "a\r\nb\r\n"},
                         {"a lone CR", "10%\r20%\r30%"},
                         {"CR at the end", "x\r"},
                         {"LF CR", "a\n\rb"},
                         {"CR CR LF", "a\r\r\nb"}});
}

void EscapeSequencesAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"colours", "\x1b[31mred\x1b[0m"},
                         {"a title", "\x1b]0;title\ax"},
                         {"cursor movements", "\x1b[2K\x1b[1A\x1b[?25l"},
                         {"bell, backspace, form feed", "a\a\b\f\vb"},
                         {"end of transmission",
                          "a\x03\x04\x1a"
                          "b"},
                         {"DEL",
                          "a\x7f"
                          "b"}});
}

void NulIsKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"inside", std::string("a\0b", 3)},
                         {"at the end", std::string("a\0", 2)},
                         {"at the start", std::string("\0a", 2)},
                         {"alone", std::string("\0", 1)},
                         {"several", std::string("a\0\0\0b\0\n", 7)}});
}

void InvalidUtf8IsKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"a wrong second byte", "\xc3\x28"},
                         {"a second byte alone", "\x80"},
                         {"bytes that never occur", "\xff\xfe"},
                         {"a character cut off", "x\xe2\x82"},
                         {"an overlong form", "\xc0\xaf"},
                         {"half a surrogate pair", "\xed\xa0\x80"},
                         {"Latin-1", "caf\xe9\n"},
                         {"among valid text", "\xc3\xa9\xff\xc3\xa9"}});
}

void AllBytesAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"from a line", AllBytes()}});
  for (const NamedValue& value : AwkwardBytes()) {
    const auto scope = ctx.Case(value.label, ", of a program with args");
    const ExecutionResult result = ctx.Must(
        ctx.Exec(ctx.box(), "sh", {"-c", "printf \"$1\"", "sh", PrintfOctal(value.bytes)}));
    ctx.ExpectBytes(result.stdout_bytes, value.bytes, "stdout");
  }
}

}  // namespace

std::vector<Requirement> OutputByteRequirements() {
  return {
      {.id = "output.newlines",
       .level = Level::kRequired,
       .asks = "Newlines in output are kept exactly: at the end, at the start, in rows, or none.",
       .why = "A checksum, a patch or a generated file taken from output with a newline too many "
              "or too few is wrong, and nobody sees why.",
       .breaks = "`trim()` on the collected text, a line reader whose lines are put together with "
                 "'\\n', `filter(Boolean)` over them, or `console.log` in an agent that adds one.",
       .wrong = R"(const lines = raw.split('\n').filter(Boolean);
return { stdout: lines.join('\n') };)",
       .right = R"(const out: Buffer[] = [];
stream.on('data', (chunk: Buffer) => out.push(chunk));
await once(stream, 'end');
return { stdout: Buffer.concat(out) };)",
       .defects = {"C19", "C20", "C21"},
       .mend = "Collect bytes, not lines; do not trim, and join chunks with nothing in between.",
       .check = NewlinesAreKept},
      {.id = "output.blanks",
       .level = Level::kRequired,
       .asks = "Leading and trailing blanks and tabs of the output are kept.",
       .why = "Indentation has a meaning in Python, YAML and diffs: the first line of `git diff` "
              "or of a code block that has lost its blanks does not apply.",
       .breaks = "`trim()` or `trimEnd()`, put there to get rid of one newline.",
       .wrong = R"(return { stdout: result.stdout.trim(), exitCode: result.code };)",
       .right = R"(return { stdout: result.stdout, exitCode: result.code };)",
       .defects = {"C22"},
       .mend = "Do not trim.",
       .check = BlanksAreKept},
      {.id = "output.carriage-returns",
       .level = Level::kRequired,
       .asks = "CR LF, lone CR and LF stay what they are.",
       .why =
           "HTTP heads, CSV from Windows and progress bars have them; a file that is compared or "
           "hashed is another one afterwards.",
       .breaks = "A terminal between program and provider makes CR LF of each LF; the cure that "
                 "then takes all CR away hits those that belong there.",
       .wrong = R"(const exec = await container.exec({ Cmd: cmd, Tty: true });
return { stdout: text.replace(/\r\n/g, '\n') };)",
       .right = R"(const exec = await container.exec({
  Cmd: cmd, Tty: false, AttachStdout: true, AttachStderr: true });
return { stdout: Buffer.concat(chunks) };)",
       .defects = {"C23", "C56"},
       .mend = "Use pipes in place of a terminal, and binary mode in place of text mode.",
       .check = CarriageReturnsAreKept},
      {.id = "output.escape-sequences",
       .level = Level::kRequired,
       .asks = "Escape sequences and control characters in output are kept.",
       .why = "Colours belong to the caller, who may show them. A filter also eats parts of text "
              "and of binary data that only look like a sequence.",
       .breaks = "A helper like `stripAnsi` or `stripControlChars`, meant for a log window, on the "
                 "way of every result.",
       .wrong = R"(return { stdout: stripAnsi(result.stdout) };)",
       .right = R"(return { stdout: result.stdout };
// Where the text is shown, and only there: logWindow.append(stripAnsi(text)).)",
       .defects = {"C24"},
       .mend = "Filter nothing; leave it to whoever shows the text.",
       .check = EscapeSequencesAreKept},
      {.id = "output.nul",
       .level = Level::kRequired,
       .asks = "NUL bytes in output are kept.",
       .why = "`find -print0`, `git ls-files -z` and every binary file have them: without them "
              "names run into one another.",
       .breaks = "A C string that ends at the first one, a database column that refuses them, a "
                 "client that drops them because its JSON parser once did.",
       .wrong = R"(const stdout = body.stdout.replace(/\0/g, '');
return { stdout };)",
       .right = R"(const stdout = Buffer.from(body.stdoutBase64, 'base64');
return { stdout };)",
       .defects = {"C25"},
       .mend = "Carry output as bytes with a length; use base64 where a transport takes only text.",
       .check = NulIsKept},
      {.id = "output.invalid-utf8",
       .level = Level::kRequired,
       .asks = "Output that is no valid UTF-8 comes back as the bytes that it is.",
       .why = "File names in Latin-1, archives, pictures: one byte of them loses the whole result, "
              "or comes back as another file.",
       .breaks = "A strict decoder throws in the middle of the result; a lenient one puts U+FFFD "
                 "in the place of what it does not know.",
       .wrong = R"(const decoder = new TextDecoder('utf-8', { fatal: true });
return { stdout: decoder.decode(bytes) };  // throws at the first byte of a PNG)",
       .right = R"(const buffer = Buffer.from(bytes);
return { stdout: isUtf8(buffer) ? buffer.toString('utf8')
                                : { base64: buffer.toString('base64') } };)",
       .defects = {"C27", "C28"},
       .mend = "Keep bytes to the very end, and send base64 where they are no UTF-8.",
       .check = InvalidUtf8IsKept},
      {.id = "output.all-bytes",
       .level = Level::kRequired,
       .asks = "All 256 byte values come back on both streams, from lines and from programs.",
       .why = "`cat picture.png` and `tar c .` are output too, and agents fetch files that way.",
       .breaks = "A step that is right for text: a table of escapes with a hole in it, a string "
                 "type of the backend's, a cure for one control character.",
       .wrong =
           R"(// The agent sends "\xNN" for what is not printable, and a backslash as it is.
const stdout = body.out.replace(/\\x(..)/g, (_, hex) => String.fromCharCode(`0x${hex}`));)",
       .right = R"(const stdout = Buffer.from(await response.arrayBuffer());)",
       .defects = {"C25", "C27", "C28", "F1"},
       .mend = "Choose one encoding that has all 256 (raw bytes with a length, or base64), and use "
               "it for both streams and for both kinds of commands.",
       .check = AllBytesAreKept},
  };
}

}  // namespace computesdk::conformance
