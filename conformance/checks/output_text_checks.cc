#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/both_streams.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// Text that is cut into chunks, or looks like something else, comes back as it was.
namespace computesdk::conformance {
namespace {

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

// A text as often as 2 to the power of `doublings`, by the shell and here. No word that the shell
// prints is longer than 32 KiB or so: where printf is a program, it is an argument.
struct Repeated {
  std::string text;
  int doublings;
  std::string before = "";

  std::string Print() const {
    int inside = 0;
    while (inside < doublings && (text.size() << inside) < (std::size_t{1} << 14)) ++inside;
    return "s=$(printf '" + PrintfOctal(text) + "'); i=0; while [ $i -lt " +
           std::to_string(inside) + " ]; do s=$s$s; i=$((i+1)); done; printf '%s' '" + before +
           "'; i=0; while [ $i -lt " + std::to_string(1 << (doublings - inside)) +
           " ]; do printf '%s' \"$s\"; i=$((i+1)); done";
  }

  std::string Whole() const {
    std::string all = text;
    for (int i = 0; i < doublings; ++i) all += all;
    return before + all;
  }
};

void CharactersOverChunkEdgesAreKept(CheckContext& ctx) {
  struct Text {
    const char* label;
    Repeated repeated;
  };
  // Each crosses the edges at 4096, 8192, 65536 and 131072 bytes within a character.
  for (const Text& text : {Text{"two bytes, from an odd offset", {"\xc3\xa9", 17, "x"}},
                           Text{"three bytes", {"\xe2\x82\xac", 16}},
                           Text{"four bytes, one off", {"\xf0\x9f\x98\x80", 16, "x"}},
                           Text{"four bytes, two off", {"\xf0\x9f\x98\x80", 15, "xx"}}}) {
    const auto scope = ctx.Case(text.label);
    ExpectOnBothStreams(ctx, text.repeated.Print(), text.repeated.Whole());
  }
}

void LongLinesAreKept(CheckContext& ctx) {
  struct Line {
    const char* label;
    Repeated repeated;
  };
  for (const Line& line : {Line{"10,240 characters without a newline", {"0123456789", 10}},
                           Line{"128 KiB without a newline", {"01234567", 14}},
                           Line{"1 MiB without a newline", {"0123456789abcdef", 16}}}) {
    const auto scope = ctx.Case(line.label);
    ExpectOnBothStreams(ctx, line.repeated.Print(), line.repeated.Whole());
  }
}

void WordsOfProtocolsAreKept(CheckContext& ctx) {
  ExpectValuesKept(ctx,
                   {{"JSON", "{\"stdout\":\"x\",\"exitCode\":7}\n"},
                    {"a message of JSON-RPC", "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n"},
                    {"server-sent events", "event: stdout\ndata: x\n\ndata: [DONE]\n\n"},
                    {"chunked encoding", "5\r\nhello\r\n0\r\n\r\n"},
                    {"frames of a container engine", std::string("\x01\0\0\0\0\0\0\x02hi", 10)},
                    {"words for an exit code", "exit code: 7\nEXIT_CODE=7\n__EXIT_CODE__=7\n"},
                    {"a marker for an exit code at the end", "x\n__COMPUTESDK_EXIT_CODE__=7\n"},
                    {"a marker for the end", "a\n__END__\n---\n===END===\nEOF\n"},
                    {"escapes spelled out", "\\n \\x41 \\u00e9 &amp; %20 =3D\n"},
                    {"base64", "aGVsbG8=\n"},
                    {"words for an error", "Error: command not found\nKilled\nTimed out\n"}});
}

}  // namespace

std::vector<Requirement> OutputTextRequirements() {
  return {
      {.id = "output.beyond-ascii",
       .level = Level::kRequired,
       .asks = "UTF-8 text in output comes back unchanged: no re-encoding, no normalisation.",
       .why = "Most of the world's names and texts are beyond ASCII, and so is every emoji that a "
              "tool prints.",
       .breaks = "A step through Latin-1 (`atob` gives such a string) makes Ã© of é; a splitter "
                 "that knows Unicode takes U+2028 for the end of a line.",
       .wrong = R"(const stdout = atob(body.stdoutBase64);  // one character for each byte)",
       .right = R"(const stdout = Buffer.from(body.stdoutBase64, 'base64').toString('utf8');)",
       .defects = {"C28", "C19"},
       .mend = "Do not decode before the end; if you must, decode UTF-8, and split at LF alone.",
       .check = TextBeyondAsciiIsKept},
      {.id = "output.split-characters",
       .level = Level::kRequired,
       .asks = "A character whose bytes are written one by one, with pauses, comes back whole.",
       .why = "In real use it happens at random, to one character in some thousands; nobody can "
              "reproduce the report. Here it happens always.",
       .breaks = "Each chunk is decoded by itself, so that the halves of a character become two "
                 "U+FFFD.",
       .wrong = R"(stream.on('data', (chunk) => { stdout += chunk.toString(); });)",
       .right = R"(const decoder = new StringDecoder('utf8');
stream.on('data', (chunk) => { stdout += decoder.write(chunk); });
stream.on('end', () => { stdout += decoder.end(); });)",
       .defects = {"C26", "C9"},
       .mend = "Collect the chunks as bytes and decode once, at the end, or use a streaming "
               "decoder.",
       .check = SplitCharactersAreKept},
      {.id = "output.chunk-edges",
       .level = Level::kRequired,
       .asks = "Long text beyond ASCII comes back whole, over all sizes of chunks.",
       .why = "Who prints much has a character on the edge of a chunk sooner or later: a log of "
              "one's own language, with a hole every 64 KiB.",
       .breaks = "A file or a stream is read in pieces of 4096 or 65536 bytes, and each piece is "
                 "decoded or sent as text.",
       .wrong = R"(for (let at = 0; at < size; at += 65536) {
  text += (await readRange(log, at, 65536)).toString('utf8');
})",
       .right = R"(const parts: Buffer[] = [];
for (let at = 0; at < size; at += 65536) parts.push(await readRange(log, at, 65536));
const text = Buffer.concat(parts).toString('utf8');)",
       .defects = {"C26", "F2", "C20"},
       .mend = "Collect the pieces as bytes and decode once, at the end.",
       .check = CharactersOverChunkEdgesAreKept},
      {.id = "output.long-lines",
       .level = Level::kRequired,
       .asks = "A line of 10,240 characters, of 128 KiB and of 1 MiB, without a newline, comes "
               "back without one.",
       .why = "JSON from a tool is one line. With a newline in the middle of a string it no longer "
              "parses.",
       .breaks = "A line reader has a longest line (16 KiB in a container's log, 64 KiB in many "
                 "scanners); frames of a log get a newline each.",
       .wrong = R"(for await (const frame of sandbox.logs(cmdId)) lines.push(frame.text);
return { stdout: lines.join('\n') };)",
       .right = R"(for await (const frame of sandbox.logs(cmdId)) parts.push(frame.bytes);
return { stdout: Buffer.concat(parts) };)",
       .defects = {"C20", "C16"},
       .mend = "Collect bytes, not lines, and join chunks with nothing in between.",
       .check = LongLinesAreKept},
      {.id = "output.words-of-protocols",
       .level = Level::kRequired,
       .asks = "Output that looks like a protocol, a marker or an error message is only output.",
       .why = "What a program prints is not to be trusted: it could choose its own exit code, or "
              "end its own output early.",
       .breaks = "The exit code is echoed after a marker and searched for in the output; events, "
                 "JSON and frame headers in it are taken for the backend's own.",
       .wrong = R"(const all = await run(`${command}; echo "__EXIT_CODE__=$?"`);
const exitCode = Number(all.match(/__EXIT_CODE__=(\d+)/)?.[1] ?? 0);)",
       .right = R"(const done = await client.exec(sandboxId, command);
return { stdout: done.stdout, stderr: done.stderr, exitCode: done.exitCode };)",
       .defects = {"C11", "C9", "F34"},
       .mend = "Take exit code and streams from the backend's own fields; never search the output.",
       .check = WordsOfProtocolsAreKept},
  };
}

}  // namespace computesdk::conformance
