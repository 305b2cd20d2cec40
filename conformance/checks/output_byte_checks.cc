#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Output is bytes: what a program printed is what comes back. Commands are plain ASCII, and make
// the bytes by printf's octal escapes, so that no mistake on the way in undoes one on the way out.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

// Runs `print` (which prints `expected` on stdout) for both streams.
void ExpectOnBothStreams(CheckContext& ctx, const std::string& print, std::string_view expected) {
  for (const bool to_stderr : {false, true}) {
    const auto scope = ctx.Case(to_stderr ? "on stderr" : "on stdout");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(ctx.box(), to_stderr ? "{ " + print + "; } >&2" : print));
    ctx.ExpectBytes(result.stdout_bytes, to_stderr ? "" : expected, "stdout");
    ctx.ExpectBytes(result.stderr_bytes, to_stderr ? expected : "", "stderr");
    ctx.Expect(result.exit_code, Eq(0), "exit code");
  }
}

void ExpectBytesKept(CheckContext& ctx, std::string_view bytes) {
  ExpectOnBothStreams(ctx, "printf '" + PrintfOctal(bytes) + "'", bytes);
}

void ExpectValuesKept(CheckContext& ctx, const std::vector<NamedValue>& values) {
  for (const NamedValue& value : values) {
    const auto scope = ctx.Case(value.label);
    ExpectBytesKept(ctx, value.bytes);
  }
}

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
  ExpectBytesKept(ctx, AllBytes());
  for (const NamedValue& value : AwkwardBytes()) {
    const auto scope = ctx.Case(value.label, ", of a program with args");
    const ExecutionResult result = ctx.Must(
        ctx.Exec(ctx.box(), "sh", {"-c", "printf \"$1\"", "sh", PrintfOctal(value.bytes)}));
    ctx.ExpectBytes(result.stdout_bytes, value.bytes, "stdout");
  }
}

void TextBeyondAsciiIsKept(CheckContext& ctx) {
  ExpectValuesKept(ctx, {{"two bytes", "\xc3\xa9\n"},
                         {"three bytes", "\xe4\xb8\xad\xe6\x96\x87"},
                         {"four bytes", "\xf0\x9f\x98\x80"},
                         {"a combining character", "e\xcc\x81"},
                         {"a byte order mark", "\xef\xbb\xbfx"},
                         {"line and paragraph separators",
                          "a\xe2\x80\xa8"
                          "b\xe2\x80\xa9"},
                         {"next line",
                          "a\xc2\x85"
                          "b"},
                         {"right to left", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d"}});
}

void SplitCharactersAreKept(CheckContext& ctx) {
  struct Split {
    const char* label;
    std::vector<std::string> parts;
  };
  const std::vector<Split> splits = {
      {"two bytes", {"x\xc3", "\xa9y"}},
      {"three bytes", {"\xe2", "\x82", "\xac"}},
      {"four bytes", {"\xf0\x9f", "\x98\x80"}},
  };
  // At the same time, as each takes its pauses.
  ctx.InParallel(static_cast<int>(splits.size()), [&](int i) {
    const Split& split = splits[static_cast<std::size_t>(i)];
    const auto scope = ctx.Case(split.label, " in ", split.parts.size(), " writes");
    std::string line = DefineNap() + "naps=0";
    std::string whole;
    for (const std::string& part : split.parts) {
      const std::string format = PrintfOctal(part);
      line += "; printf '" + format + "'; printf '" + format + "' >&2; nap; nap";
      whole += part;
    }
    const ExecutionResult result = ctx.Must(ctx.Sh(ctx.box(), line));
    ctx.ExpectBytes(result.stdout_bytes, whole, "stdout");
    ctx.ExpectBytes(result.stderr_bytes, whole, "stderr");
  });
}

// `text` doubled `times` times, by the shell and here.
std::string Doubled(std::string_view text, int times) {
  std::string all(text);
  for (; times > 0; --times) all += all;
  return all;
}

std::string PrintDoubled(std::string_view text, int times, std::string_view before = "") {
  return "s=$(printf '" + PrintfOctal(text) + "'); i=0; while [ $i -lt " + std::to_string(times) +
         " ]; do s=$s$s; i=$((i+1)); done; printf '%s' '" + std::string(before) + "' \"$s\"";
}

void CharactersOverChunkEdgesAreKept(CheckContext& ctx) {
  struct Text {
    const char* label;
    std::string before;
    std::string character;
    int times;
  };
  // Each crosses the edges at 4096, 8192, 65536 and 131072 bytes within a character.
  for (const Text& text : {Text{"two bytes, from an odd offset", "x", "\xc3\xa9", 17},
                           Text{"three bytes", "", "\xe2\x82\xac", 16},
                           Text{"four bytes, one off", "x", "\xf0\x9f\x98\x80", 16},
                           Text{"four bytes, two off", "xx", "\xf0\x9f\x98\x80", 15}}) {
    const auto scope = ctx.Case(text.label);
    ExpectOnBothStreams(ctx, PrintDoubled(text.character, text.times, text.before),
                        text.before + Doubled(text.character, text.times));
  }
}

void LongLinesAreKept(CheckContext& ctx) {
  {
    const auto scope = ctx.Case("10,240 characters without a newline");
    ExpectOnBothStreams(ctx, PrintDoubled("0123456789", 10), Doubled("0123456789", 10));
  }
  const auto scope = ctx.Case("128 KiB without a newline");
  ExpectOnBothStreams(ctx, PrintDoubled("01234567", 14), Doubled("01234567", 14));
}

void WordsOfProtocolsAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx,
                   {{"JSON", "{\"stdout\":\"x\",\"exitCode\":7}\n"},
                    {"a message of JSON-RPC", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n"},
                    {"server-sent events", "event: stdout\ndata: x\n\ndata: [DONE]\n\n"},
                    {"chunked encoding", "5\r\nhello\r\n0\r\n\r\n"},
                    {"words for an exit code", "exit code: 7\nEXIT_CODE=7\n__EXIT_CODE__=7\n"},
                    {"escapes spelled out", "\\n \\x41 \\u00e9 &amp; %20 =3D\n"},
                    {"base64", "aGVsbG8=\n"},
                    {"words for an error", "Error: command not found\nKilled\nTimed out\n"}});
}

}  // namespace

std::vector<Requirement> OutputByteRequirements() {
  return {
      {.id = "output.newlines",
       .level = Level::kRequired,
       .asks = "Newlines in output are kept exactly: at the end, at the start, in rows, or none.",
       .why = "`trim()` and line readers add, drop or merge them; a checksum or a patch taken from "
              "such output is wrong.",
       .defects = {"C19", "C20", "C21"},
       .mend = "Collect bytes, not lines; do not trim, and join chunks with nothing in between.",
       .check = NewlinesAreKept},
      {.id = "output.blanks",
       .level = Level::kRequired,
       .asks = "Leading and trailing blanks and tabs of the output are kept.",
       .why = "Indentation has a meaning in Python, YAML and diffs; `trim()` takes it away.",
       .defects = {"C22"},
       .mend = "Do not trim.",
       .check = BlanksAreKept},
      {.id = "output.carriage-returns",
       .level = Level::kRequired,
       .asks = "CR LF, lone CR and LF stay what they are.",
       .why = "A terminal between program and provider turns LF into CR LF; text modes do the "
              "reverse.",
       .defects = {"C23", "C56"},
       .mend = "Use pipes in place of a terminal, and binary mode in place of text mode.",
       .check = CarriageReturnsAreKept},
      {.id = "output.escape-sequences",
       .level = Level::kRequired,
       .asks = "Escape sequences and control characters in output are kept.",
       .why = "Colours belong to the caller. A filter for control characters also eats tabs, or "
              "parts of text that only look like a sequence.",
       .defects = {"C24"},
       .mend = "Filter nothing; leave it to whoever shows the text.",
       .check = EscapeSequencesAreKept},
      {.id = "output.nul",
       .level = Level::kRequired,
       .asks = "NUL bytes in output are kept.",
       .why = "`find -print0` and binary files have them. C strings end there, databases refuse "
              "them, and some clients drop them unasked.",
       .defects = {"C25"},
       .mend = "Carry output as bytes with a length; use base64 where a transport takes only text.",
       .check = NulIsKept},
      {.id = "output.invalid-utf8",
       .level = Level::kRequired,
       .asks = "Output that is no valid UTF-8 comes back as the bytes that it is.",
       .why = "A decoder that throws loses the whole result, one that replaces makes U+FFFD of a "
              "picture or a Latin-1 name.",
       .defects = {"C27", "C28"},
       .mend = "Keep bytes to the very end, and send base64 where they are no UTF-8.",
       .check = InvalidUtf8IsKept},
      {.id = "output.all-bytes",
       .level = Level::kRequired,
       .asks = "All 256 byte values come back on both streams, from lines and from programs.",
       .why = "`cat picture.png` is output too. What has survived the single tests may still meet "
              "a table with a hole in it.",
       .defects = {"C25", "C27", "C28", "F1"},
       .mend = "Keep bytes to the very end, and send base64 where they are no UTF-8.",
       .check = AllBytesAreKept},
      {.id = "output.beyond-ascii",
       .level = Level::kRequired,
       .asks = "UTF-8 text in output comes back unchanged: no re-encoding, no normalisation.",
       .why = "A step through Latin-1 makes Ã© of é; Unicode-aware splitting takes U+2028 for the "
              "end of a line.",
       .defects = {"C28", "C19"},
       .mend = "Do not decode before the end; if you must, decode UTF-8, and split at LF alone.",
       .check = TextBeyondAsciiIsKept},
      {.id = "output.split-characters",
       .level = Level::kRequired,
       .asks = "A character whose bytes are written one by one, with pauses, comes back whole.",
       .why = "Decoding each chunk by itself (`chunk.toString()`) makes U+FFFD of both halves. It "
              "happens at random in real use, and always here.",
       .defects = {"C26", "C9"},
       .mend = "Collect the chunks as bytes and decode once, at the end, or use a streaming "
               "decoder.",
       .check = SplitCharactersAreKept},
      {.id = "output.chunk-edges",
       .level = Level::kRequired,
       .asks = "Long text beyond ASCII comes back whole, over all sizes of chunks.",
       .why = "At 4096, 8192 or 65536 bytes a character lies on the edge of a chunk: the same "
              "defect as in output.split-characters, as it meets whoever prints much.",
       .defects = {"C26", "F2", "C20"},
       .mend = "Collect the chunks as bytes and decode once, at the end.",
       .check = CharactersOverChunkEdgesAreKept},
      {.id = "output.long-lines",
       .level = Level::kRequired,
       .asks = "A line of 10,240 characters and one of 128 KiB, without a newline, come back "
               "without one.",
       .why = "Line readers have a longest line; frames of a log get a newline each.",
       .defects = {"C20", "C16"},
       .mend = "Collect bytes, not lines, and join chunks with nothing in between.",
       .check = LongLinesAreKept},
      {.id = "output.words-of-protocols",
       .level = Level::kRequired,
       .asks = "Output that looks like a protocol, a marker or an error message is only output.",
       .why = "Exit codes found by looking for a marker in the output can be forged by the "
              "program; events, JSON and headers are taken for the provider's own.",
       .defects = {"C11", "C9", "F34"},
       .mend = "Take exit code and streams from the backend's own fields; never search the output.",
       .check = WordsOfProtocolsAreKept},
  };
}

}  // namespace computesdk::conformance
