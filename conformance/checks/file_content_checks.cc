#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"
#include "conformance/checks/values.h"

// What is written is what is read, byte for byte, by the file methods and by commands.
namespace computesdk::conformance {
namespace {

// Content, and the name of a file to keep it in.
struct Sample {
  std::string label;
  std::string name;
  std::string bytes;
};

// Three ways: from writeFile to readFile, from writeFile to a command, from a command to readFile.
// Together they tell which side changes the bytes.
void ExpectRoundTrips(CheckContext& ctx, const std::vector<Sample>& samples) {
  const Box& box = ctx.box();
  std::vector<std::string> lines = {MakeDirectory(box.Path("written")),
                                    MakeDirectory(box.Path("made"))};
  std::vector<std::string> paths;
  for (const char* dir : {"written/", "made/"}) {
    for (const Sample& sample : samples) paths.push_back(box.Path(dir + sample.name));
  }
  const auto written = [&](std::size_t i) { return paths[i]; };
  const auto made = [&](std::size_t i) { return paths[samples.size() + i]; };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    lines.push_back("printf '" + PrintfOctal(samples[i].bytes) + "' > " + ShellQuote(made(i)));
  }
  Prepare(ctx, box, lines);

  const auto expect_read = [&](const std::string& path, const Sample& sample, const char* writer) {
    const auto scope = ctx.Case(sample.label);
    const Result<std::string> content = ctx.provider().ReadFile(box.id, path);
    const std::string subject = std::string("readFile of what ") + writer + " wrote";
    if (ExpectSuccess(ctx, content, subject)) ctx.ExpectBytes(*content, sample.bytes, subject);
  };
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto scope = ctx.Case(samples[i].label);
    ExpectSuccess(ctx, ctx.provider().WriteFile(box.id, written(i), samples[i].bytes), "writeFile");
  }
  const std::vector<std::string> seen = CatFiles(ctx, box, paths);
  std::string unseen;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Sample& sample = samples[i];
    expect_read(written(i), sample, "writeFile");
    const std::string& control = seen[samples.size() + i];
    {
      const auto scope = ctx.Case(sample.label);
      // What commands alone change is no fault of the file methods.
      if (seen[i] != control) {
        ctx.ExpectBytes(seen[i], sample.bytes, "`cat` of what writeFile wrote");
      }
    }
    if (control == sample.bytes) {
      expect_read(made(i), sample, "`printf`");
    } else {
      unseen = sample.label;
    }
  }
  if (!unseen.empty()) {
    ctx.NotTestable("what `printf` writes and `cat` prints is not the same for " + unseen +
                    ", so that readFile could not be compared with it");
  }
}

void ExpectRoundTrips(CheckContext& ctx, const std::vector<NamedValue>& values) {
  std::vector<Sample> samples;
  for (const NamedValue& value : values) {
    samples.push_back({value.label, std::to_string(samples.size()), value.bytes});
  }
  ExpectRoundTrips(ctx, samples);
}

void Empty(CheckContext& ctx) {
  ExpectRoundTrips(ctx, std::vector<NamedValue>{{"an empty file", ""}});
  ExpectFacts(ctx, ctx.box(),
              {{"an empty file", "a file that is there", IsFile(ctx.box().Path("written/0"))}});
}

void NewlinesAtTheEnd(CheckContext& ctx) {
  ExpectRoundTrips(ctx, std::vector<NamedValue>{{"no newline", "x"},
                                                {"one newline", "x\n"},
                                                {"three newlines", "x\n\n\n"},
                                                {"newlines only", "\n\n\n"},
                                                {"one newline only", "\n"},
                                                {"blanks and a newline", "  x  \n "},
                                                {"blanks only", "   "}});
}

void LineEnds(CheckContext& ctx) {
  ExpectRoundTrips(
      ctx, std::vector<NamedValue>{{"CR LF", "a\r\nb\r\n"},
                                   {"lone CRs", "a\rb\r"},
                                   {"mixed", "a\nb\r\nc\rd\n\r"},
                                   {"a form feed and a vertical tab", "a\fb\vc"},
                                   {"control characters", "a\x1b[31mb\x04 c\x1a d\x7f e\b"}});
}

void BeyondAscii(CheckContext& ctx) {
  ExpectRoundTrips(ctx, std::vector<NamedValue>{{"two bytes", "\xc3\xa9"},
                                                {"three bytes", "\xe4\xb8\xad\xe6\x96\x87"},
                                                {"four bytes", "\xf0\x9f\x98\x80"},
                                                {"a combining character", "e\xcc\x81"},
                                                {"a byte order mark", "\xef\xbb\xbfx"},
                                                {"a line separator", "a\xe2\x80\xa8z"},
                                                {"a replacement character", "\xef\xbf\xbd"}});
}

// What `echo` takes for options is in them, too.
void ShellText(CheckContext& ctx) {
  std::vector<NamedValue> texts;
  for (const NamedValue& text : AwkwardTexts()) {
    const bool ascii = std::ranges::all_of(text.bytes, [](char c) { return (c & 0x80) == 0; });
    if (ascii) texts.push_back(text);
  }
  ExpectRoundTrips(ctx, texts);
}

void HereDocuments(CheckContext& ctx) {
  ExpectRoundTrips(ctx, std::vector<NamedValue>{{"EOF", "before\nEOF\nafter\n"},
                                                {"EOT", "before\nEOT\nafter\n"},
                                                {"END", "END"},
                                                {"HEREDOC", "HEREDOC\nHEREDOC\n"},
                                                {"SANDBOX_EOF", "a\nSANDBOX_EOF\nb\n"},
                                                {"a quoted one", "cat <<'EOF'\n$HOME\nEOF\n"},
                                                {"tabs before it", "\t\tEOF\n\t\tx\n"}});
}

// What gzip makes of "hello".
constexpr std::string_view kGzip(
    "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00"
    "\x00\x00",
    25);

void Binary(CheckContext& ctx) {
  ExpectRoundTrips(ctx, std::vector<NamedValue>{{"NUL inside", std::string("a\0b", 3)},
                                                {"NUL only", std::string(1, '\0')},
                                                {"NUL at the end", std::string("x\0\0", 3)},
                                                {"invalid UTF-8", "\xc3\x28\xff\xfe"},
                                                {"a surrogate", "\xed\xa0\x80"},
                                                {"half a character", "x\xe2\x82"},
                                                {"a PNG's first bytes", "\x89PNG\r\n\x1a\n"},
                                                {"gzip", std::string(kGzip)},
                                                {"UTF-16", std::string("\xff\xfeh\0i\0", 6)},
                                                {"all 256 bytes", AllBytes()}});
}

// What a transport may take for its own.
void LookAlikes(CheckContext& ctx) {
  ExpectRoundTrips(ctx,
                   std::vector<NamedValue>{{"base64", "aGVsbG8="},
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

void Extensions(CheckContext& ctx) {
  ExpectRoundTrips(
      ctx, std::vector<Sample>{{"text in a .png", "text.png", "plain text\n"},
                               {"bytes in a .txt", "bytes.txt", std::string("\0\xff\xfe\x80", 4)},
                               {"JSON in a .json", "data.json", "{ \"a\": 1.0 }\n"},
                               {"no JSON in a .json", "broken.json", "{"},
                               {"nothing in a .json", "nothing.json", ""},
                               {"HTML in a .html", "page.html", "<p>&amp;\r\n</p>"},
                               {"gzip in a .gz", "archive.gz", std::string(kGzip)},
                               {"text in a .tar.gz", "archive.tar.gz", "no archive"},
                               {"base64 in a .b64", "text.b64", "aGVsbG8=\n"},
                               {"lines in a .csv", "table.csv", "a;b\r\n\"c\";d\r\n"},
                               {"a script in a .sh", "script.sh", "exit 3\n"}});
}

}  // namespace

std::vector<Requirement> FileBytesRequirements() {
  return {
      FileContentRequirement(
          {.id = "empty",
           .asks = "An empty file is written, is there, and is read as nothing.",
           .why = "Empty files mark things: `__init__.py`, `.gitkeep`, a lock. One that is not "
                  "made, or is read as null, breaks a program far away.",
           .breaks = "The content is tested for truth, and \"\" counts as not given: nothing is "
                     "sent, or the answer without a body becomes null or an error.",
           .wrong = R"(if (!content) throw new Error('content is required');
const body = await client.files.read(id, path);
return body || null;)",
           .right = R"(if (content === undefined) throw new Error('content is required');
const body = await client.files.read(id, path);
return body ?? '';)",
           .defects = {"F4"},
           .mend = "Compare with null or absence, never with falsehood.",
           .check = Empty}),
      FileContentRequirement(
          {.id = "trailing-newlines",
           .asks = "Newlines and blanks at the end of a file are kept, and none is added.",
           .why = "Checksums, signatures, patches and keys are about every byte, and the "
                  "last newline is the one that gets lost.",
           .breaks = "`echo` adds a newline; `$(…)` takes all of them away, and so does a "
                     "`.trim()` that once was there for the output of commands.",
           .wrong = R"(const { stdout } = await sandbox.sh(`cat ${shellQuote(path)}`);
return stdout.trim();)",
           .right = R"(const { stdout } = await sandbox.exec(['cat', '--', path]);
return stdout; // as it came)",
           .defects = {"F3", "C21"},
           .mend = "Write by `printf %s`, or better by standard input or an upload; read bytes "
                   "without trimming.",
           .check = NewlinesAtTheEnd}),
      FileContentRequirement(
          {.id = "line-ends",
           .asks = "CR LF, lone CRs and control characters are kept.",
           .why = "Batch files and protocol samples need their CR LF, and a diff of a file with "
                  "other line ends is the whole file.",
           .breaks = "A terminal is allocated for the transfer, and turns LF into CR LF and CR "
                     "into LF; or the file is opened in text mode.",
           .wrong = R"(const pty = await sandbox.exec(['cat', '--', path], { tty: true });
return pty.output.replace(/\r\n/g, '\n');)",
           .right = R"(const cat = await sandbox.exec(['cat', '--', path], { tty: false });
return cat.stdout;)",
           .defects = {"F7"},
           .mend = "Open files in binary mode, and allocate no terminal for transfers.",
           .check = LineEnds}),
      FileContentRequirement(
          {.id = "beyond-ascii",
           .asks = "Characters beyond ASCII, combining ones and a byte order mark are kept.",
           .why = "Names, prices and translations are in them. é that becomes Ã© is found by "
                  "the users of the program.",
           .breaks = "Base64 is made of a string's code units instead of its UTF-8 bytes, or "
                     "the other end decodes Latin-1; a decoder drops the byte order mark.",
           .wrong = R"(const base64 = btoa(content); // throws, or takes é for one byte
return atob(answer.base64);)",
           .right = R"(const base64 = Buffer.from(content, 'utf8').toString('base64');
return Buffer.from(answer.base64, 'base64').toString('utf8');)",
           .defects = {"F1", "C28"},
           .mend = "Encode to UTF-8 bytes first, then to whatever the transport needs.",
           .check = BeyondAscii}),
      FileContentRequirement(
          {.id = "shell-text",
           .asks = "`$HOME`, quotes, backslashes, options of `echo` and the like are kept in a "
                   "file.",
           .why = "Scripts, templates and patches are full of them, and content is often "
                  "written by a model: what a shell executes of it, it executes as you.",
           .breaks = "The content stands in a command line: in double quotes a shell expands "
                     "and executes it, and `echo` takes `-n` and `\\n` for its own.",
           .wrong = R"(const text = content.replace(/"/g, '\\"');
await sandbox.sh(`echo "${text}" > ${shellQuote(path)}`);)",
           .right = R"(await sandbox.sh(`cat > ${shellQuote(path)}`, { stdin: content });)",
           .defects = {"F6", "C40"},
           .mend = "Send content as data: an upload, standard input, or base64.",
           .check = ShellText}),
      FileContentRequirement(
          {.id = "here-documents",
           .asks = "Lines that end a here-document are kept in a file.",
           .why = "Shell scripts have here-documents. What follows the line EOF would be lost, "
                  "and executed.",
           .breaks = "Files are written by `cat <<'EOF'` with a terminator that somebody took "
                     "for unlikely.",
           .wrong = R"(await sandbox.sh(
  `cat > ${shellQuote(path)} <<'SANDBOX_EOF'\n${content}\nSANDBOX_EOF`);)",
           .right = R"(const base64 = Buffer.from(content).toString('base64');
await sandbox.sh(`base64 -d > ${shellQuote(path)}`, { stdin: base64 });)",
           .defects = {"F6", "C35"},
           .mend = "Do not write by a here-document; where nothing else is left, use base64.",
           .check = HereDocuments}),
      FileContentRequirement(
          {.id = "binary",
           .asks = "NUL, invalid UTF-8 and all 256 bytes are kept.",
           .why = "Images, archives, databases and compiled programs are files, too.",
           .breaks = "Bytes pass through a string: invalid ones become U+FFFD, NUL ends it, a "
                     "client unpacks what looks like gzip.",
           .wrong = R"(const response = await fetch(url);
return await response.text();)",
           .right = R"(const response = await fetch(url);
return Buffer.from(await response.arrayBuffer());)",
           .defects = {"F1", "C25", "C27"},
           .mend = "Use the backend's byte interface, and base64 over JSON.",
           .check = Binary}),
      FileContentRequirement(
          {.id = "look-alikes",
           .asks = "Content that looks like base64, JSON or a number is kept as it is.",
           .why = "The caller gets an object, a number or another text, from this file and no "
                  "other, on a day when nobody changed the code.",
           .breaks = "The client parses what it reads, as some do by default, or guesses from "
                     "the text whether it is base64.",
           .wrong = R"(const { data } = await axios.get(url); // JSON becomes an object
return isBase64(data) ? decode(data) : String(data);)",
           .right = R"(const { data } = await axios.get(url, { responseType: 'arraybuffer' });
return Buffer.from(data);)",
           .defects = {"F1", "F34"},
           .mend = "Mark the encoding outside of the content, and never guess.",
           .check = LookAlikes}),
      FileContentRequirement(
          {.id = "extensions",
           .asks = "The end of a file's name changes nothing of its content.",
           .why = "An extension is a habit of people. A .json may be broken, and that is what "
                  "the caller wants to read.",
           .breaks = "The encoding, or a parser, is chosen by the extension or by the type that "
                     "a web server derives from it.",
           .wrong = R"(const binary = /\.(png|jpg|gz)$/.test(path);
return binary ? data.toString('base64') : data.toString('utf8');)",
           .right = R"(return data.toString('utf8'); // whatever the path is)",
           .defects = {"F1", "F34"},
           .mend = "Treat all files alike; ask for application/octet-stream.",
           .check = Extensions}),
  };
}

std::vector<Requirement> FileContentRequirements() {
  return Join(FileBytesRequirements(), FileSizeRequirements(), FileWriteRequirements(),
              FileReadRequirements());
}

}  // namespace computesdk::conformance
