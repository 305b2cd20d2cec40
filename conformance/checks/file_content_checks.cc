#include <string>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What is written is what is read, byte for byte, by the file methods and by commands.
namespace computesdk::conformance {
namespace {

using ::testing::Eq;

// Three ways: from writeFile to readFile, from writeFile to a command, from a command to readFile.
// Together they tell which side changes the bytes. False if the third way could not be gone, as
// commands alone do not keep these bytes.
bool ExpectRoundTrip(CheckContext& ctx, const std::string& content, const std::string& name) {
  const Box& box = ctx.box();
  const std::string written = box.Path("written-" + name);
  ctx.Must(ctx.provider().WriteFile(box.id, written, content), "writeFile");
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, written), "readFile"), content,
                  "readFile of what writeFile wrote");
  ctx.ExpectBytes(ctx.PeekFile(box, written).value_or("(no file)"), content,
                  "`cat` of what writeFile wrote");
  const std::string made = box.Path("made-" + name);
  ctx.PutFile(box, made, content);
  if (ctx.PeekFile(box, made) != content) return false;
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, made), "readFile"), content,
                  "readFile of what `printf` wrote");
  return true;
}

void ExpectRoundTrips(CheckContext& ctx, const std::vector<NamedValue>& values) {
  std::string unseen;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto scope = ctx.Case(values[i].label);
    if (!ExpectRoundTrip(ctx, values[i].bytes, std::to_string(i))) unseen = values[i].label;
  }
  if (!unseen.empty()) {
    ctx.NotTestable("what `printf` writes and `cat` prints is not the same for " + unseen +
                    ", so that readFile could not be compared with it");
  }
}

void Empty(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"an empty file", ""}});
  ExpectFacts(ctx, ctx.box(),
              {{"an empty file", "a file that is there", IsFile(ctx.box().Path("written-0"))}});
}

void NewlinesAtTheEnd(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"no newline", "x"},
                         {"one newline", "x\n"},
                         {"three newlines", "x\n\n\n"},
                         {"newlines only", "\n\n\n"},
                         {"one newline only", "\n"},
                         {"blanks and a newline", "  x  \n "},
                         {"blanks only", "   "}});
}

void LineEnds(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"CR LF", "a\r\nb\r\n"},
                         {"lone CRs", "a\rb\r"},
                         {"mixed", "a\nb\r\nc\rd\n\r"},
                         {"a form feed and a vertical tab", "a\fb\vc"}});
}

void BeyondAscii(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"two bytes", "\xc3\xa9"},
                         {"three bytes", "\xe4\xb8\xad\xe6\x96\x87"},
                         {"four bytes", "\xf0\x9f\x98\x80"},
                         {"a combining character", "e\xcc\x81"},
                         {"a byte order mark", "\xef\xbb\xbfx"},
                         {"a line separator", "a\xe2\x80\xa8z"},
                         {"a replacement character", "\xef\xbf\xbd"}});
}

void ShellText(CheckContext& ctx) { ExpectRoundTrips(ctx, ShellTexts()); }

void HereDocuments(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"EOF", "before\nEOF\nafter\n"},
                         {"EOT", "before\nEOT\nafter\n"},
                         {"END", "END"},
                         {"HEREDOC", "HEREDOC\nHEREDOC\n"},
                         {"SANDBOX_EOF", "a\nSANDBOX_EOF\nb\n"},
                         {"a quoted one", "cat <<'EOF'\n$HOME\nEOF\n"},
                         {"tabs before it", "\t\tEOF\n\t\tx\n"}});
}

void Binary(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"NUL inside", std::string("a\0b", 3)},
                         {"NUL only", std::string(1, '\0')},
                         {"NUL at the end", std::string("x\0\0", 3)},
                         {"invalid UTF-8", "\xc3\x28\xff\xfe"},
                         {"a surrogate", "\xed\xa0\x80"},
                         {"half a character", "x\xe2\x82"},
                         {"a PNG's first bytes", "\x89PNG\r\n\x1a\n"},
                         {"all 256 bytes", AllBytes()}});
}

// What a transport may take for its own.
void LookAlikes(CheckContext& ctx) {
  ExpectRoundTrips(ctx, {{"base64", "aGVsbG8="},
                         {"a base64 object", "{\"base64\":\"aGVsbG8=\"}"},
                         {"JSON", "{\"error\":\"not found\",\"code\":404}\n"},
                         {"a JSON text", "\"quoted\""},
                         {"null", "null"},
                         {"a number", "007"},
                         {"true", "true"},
                         {"a data URL", "data:text/plain;base64,aGVsbG8="},
                         {"HTML", "<!DOCTYPE html>&amp;<p>"},
                         {"percent signs", "%20%s%n%%"}});
}

// Numbered lines, so that a lost or repeated part is seen where it is.
std::string NumberedLines(std::size_t size) {
  std::string text;
  text.reserve(size + 32);
  for (int line = 0; text.size() < size; ++line) {
    text += "line " + std::to_string(line) + " of a large file\n";
  }
  text.resize(size);
  text.back() = '.';
  return text;
}

void Large(CheckContext& ctx) {
  const Box& box = ctx.box();
  {
    const auto scope = ctx.Case("5 MiB of text by writeFile");
    const std::string text = NumberedLines(std::size_t{5} * 1024 * 1024);
    const std::string path = box.Path("text");
    ctx.Must(ctx.provider().WriteFile(box.id, path, text), "writeFile");
    ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, path), "readFile"), text, "readFile");
    ctx.ExpectBytes(ctx.PeekFile(box, path).value_or("(no file)"), text, "`cat`");
  }
  {
    const auto scope = ctx.Case("1 MiB of random letters by writeFile");
    std::string letters(std::size_t{1024} * 1024, '\0');
    for (char& letter : letters) letter = static_cast<char>('a' + ctx.random()() % 26);
    const std::string path = box.Path("letters");
    ctx.Must(ctx.provider().WriteFile(box.id, path, letters), "writeFile");
    ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, path), "readFile"), letters,
                    "readFile");
    ctx.ExpectBytes(ctx.PeekFile(box, path).value_or("(no file)"), letters, "`cat`");
  }
  const auto scope = ctx.Case("5 MiB by commands");
  std::string text = NumberedLines(std::size_t{40} * 1024);
  const std::string path = box.Path("by-commands");
  ctx.PutFile(box, path, text);
  std::string all;
  for (int i = 0; i < 128; ++i) all += text;
  const std::string whole = ShellQuote(box.Path("whole"));
  const std::string part = ShellQuote(path);
  ctx.Observe(box, "i=0; while [ $i -lt 16 ]; do cat " + part + " " + part + " " + part + " " +
                       part + " " + part + " " + part + " " + part + " " + part + " >> " + whole +
                       " || exit 1; i=$((i+1)); done");
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, box.Path("whole")), "readFile"), all,
                  "readFile");
}

void ChunkEdges(CheckContext& ctx) {
  // A character of three or four bytes lies over each of the sizes that buffers have.
  for (const std::size_t size : {1024, 4096, 8192, 16384, 32768, 65536, 131072}) {
    std::string content(size - 1, 'a');
    content += "\xe2\x82\xac";
    content.resize(2 * size - 2, 'b');
    content += "\xf0\x9f\x98\x80";
    const auto scope = ctx.Case("characters over the bytes ", size, " and ", 2 * size);
    const Box& box = ctx.box();
    const std::string path = box.Path(std::to_string(size));
    ctx.Must(ctx.provider().WriteFile(box.id, path, content), "writeFile");
    ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, path), "readFile"), content,
                    "readFile");
    ctx.ExpectBytes(ctx.PeekFile(box, path).value_or("(no file)"), content, "`cat`");
  }
}

void ManySizes(CheckContext& ctx) {
  // Where a base64 text, an argument or a line reaches its limit.
  for (const std::size_t size : {1, 2, 3, 57, 4095, 4097, 65535, 98304, 131071, 131073, 262144}) {
    const auto scope = ctx.Case(size, " bytes");
    const Box& box = ctx.box();
    const std::string content = NumberedLines(size);
    const std::string path = box.Path(std::to_string(size));
    ctx.Must(ctx.provider().WriteFile(box.id, path, content), "writeFile");
    ctx.ExpectBytes(ctx.PeekFile(box, path).value_or("(no file)"), content, "`cat`");
    ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, path), "readFile"), content,
                    "readFile");
  }
}

Requirement Content(Requirement requirement) {
  requirement.id.insert(0, "filesystem.content.");
  requirement.level = Level::kOptional;
  requirement.capability = capability::kFilesystem;
  return requirement;
}

}  // namespace

std::vector<Requirement> FileBytesRequirements() {
  return {
      Content({.id = "empty",
               .asks = "An empty file is written, is there, and is read as nothing.",
               .why = "Code that tests content for truth takes \"\" for \"not given\", and writes "
                      "nothing, or reads a null.",
               .defects = {"F4"},
               .mend = "Compare with null or absence, never with falsehood.",
               .check = Empty}),
      Content({.id = "trailing-newlines",
               .asks = "Newlines and blanks at the end of a file are kept, and none is added.",
               .why = "`echo` adds a newline, `$(…)` and `.trim()` take them all away. Checksums, "
                      "patches and keys break.",
               .defects = {"F3", "C21"},
               .mend = "Write by `printf %s`, or better by standard input or an upload; read bytes "
                       "without trimming.",
               .check = NewlinesAtTheEnd}),
      Content({.id = "line-ends",
               .asks = "CR LF and lone CRs are kept.",
               .why =
                   "A terminal, or a client in text mode, rewrites them, and scripts and patches "
                   "change.",
               .defects = {"F7"},
               .mend = "Open files in binary mode, and allocate no terminal for transfers.",
               .check = LineEnds}),
      Content({.id = "beyond-ascii",
               .asks = "Characters beyond ASCII, combining ones and a byte order mark are kept.",
               .why = "Base64 of a string's code units instead of its UTF-8 bytes, or a Latin-1 "
                      "reader, turns é into Ã©.",
               .defects = {"F1", "C28"},
               .mend = "Encode to UTF-8 bytes first, then to whatever the transport needs.",
               .check = BeyondAscii}),
      Content({.id = "shell-text",
               .asks = "`$HOME`, quotes, backslashes, backticks and the like are kept in a file.",
               .why = "`echo \"CONTENT\" > FILE` expands and executes the content.",
               .defects = {"F6", "C40"},
               .mend = "Send content as data: an upload, standard input, or base64.",
               .check = ShellText}),
      Content({.id = "here-documents",
               .asks = "Lines that end a here-document are kept in a file.",
               .why = "A provider that writes by `cat <<EOF` loses what follows a line with EOF, "
                      "and runs it as commands.",
               .defects = {"F6", "C35"},
               .mend = "Do not write by a here-document; where nothing else is left, use base64.",
               .check = HereDocuments}),
      Content({.id = "binary",
               .asks = "NUL, invalid UTF-8 and all 256 bytes are kept.",
               .why = "Images, archives and databases pass a text API only as garbage: invalid "
                      "bytes become U+FFFD, NUL ends the string.",
               .defects = {"F1", "C25", "C27"},
               .mend = "Use the backend's byte interface, and base64 over JSON.",
               .check = Binary}),
      Content({.id = "look-alikes",
               .asks = "Content that looks like base64, JSON or a number is kept as it is.",
               .why =
                   "A client that parses what it reads, or guesses whether it is base64, returns "
                   "an object, a number, or another text.",
               .defects = {"F1", "F34"},
               .mend = "Mark the encoding outside of the content, and never guess.",
               .check = LookAlikes}),
      Content({.id = "sizes",
               .asks = "Files of 1 byte to 256 KiB are kept, whatever their size.",
               .why =
                   "Content on a command line fails from 96 or 128 KiB on, and base64 goes wrong "
                   "where chunks are no multiple of three.",
               .defects = {"F8", "C54"},
               .mend = "Do not pass content as an argument; encode each chunk of 3n bytes, or the "
                       "whole.",
               .check = ManySizes}),
      Content({.id = "large",
               .asks = "5 MiB are written and read whole.",
               .why = "Limits of arguments, messages and output cut files in the middle, often "
                      "without an error.",
               .defects = {"F8", "C16"},
               .mend = "Stream the content in chunks, and check the length at the end.",
               .check = Large}),
      Content({.id = "chunk-edges",
               .asks = "A character that lies over the edge of a buffer is kept.",
               .why = "Decoding each chunk by itself turns the two halves of a character into "
                      "U+FFFD.",
               .defects = {"F2", "C26"},
               .mend = "Join the bytes first, then decode; or use a decoder with a state.",
               .check = ChunkEdges}),
  };
}

std::vector<Requirement> FileContentRequirements() {
  return Join(FileBytesRequirements(), FileWriteRequirements());
}

}  // namespace computesdk::conformance
