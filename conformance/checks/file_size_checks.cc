#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"

// Files of all sizes, and what buffers and limits do to them.
namespace computesdk::conformance {
namespace {

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

// Large output is a matter of commands: here the other way is that of a file made by commands.
void ExpectWrittenIsRead(CheckContext& ctx, const std::string& name, const std::string& content) {
  const Box& box = ctx.box();
  ctx.Must(ctx.provider().WriteFile(box.id, box.Path(name), content), "writeFile");
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, box.Path(name)), "readFile"), content,
                  "readFile");
}

void Large(CheckContext& ctx) {
  const Box& box = ctx.box();
  {
    const auto scope = ctx.Case("5 MiB of text by writeFile");
    ExpectWrittenIsRead(ctx, "text", NumberedLines(std::size_t{5} * 1024 * 1024));
  }
  {
    const auto scope = ctx.Case("1 MiB of random letters by writeFile");
    std::string letters(std::size_t{1024} * 1024, '\0');
    for (char& letter : letters) letter = static_cast<char>('a' + ctx.random()() % 26);
    ExpectWrittenIsRead(ctx, "letters", letters);
  }
  {
    // Of the upper half: what becomes of NUL and of line ends is asked elsewhere.
    const auto scope = ctx.Case("300,000 random bytes by writeFile");
    std::string bytes(300'000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(0x80 | ctx.random()() % 0x80);
    ExpectWrittenIsRead(ctx, "bytes", bytes);
  }
  const auto scope = ctx.Case("5 MiB by commands");
  const std::string text = NumberedLines(std::size_t{40} * 1024);
  const std::string path = box.Path("by-commands");
  ctx.PutFile(box, path, text);
  std::string all;
  for (int i = 0; i < 128; ++i) all += text;
  const std::string whole = ShellQuote(box.Path("whole"));
  std::string eight_times;
  for (int i = 0; i < 8; ++i) eight_times += " " + ShellQuote(path);
  ctx.Observe(box, "i=0; while [ $i -lt 16 ]; do cat" + eight_times + " >> " + whole +
                       " || exit 1; i=$((i+1)); done");
  ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, box.Path("whole")), "readFile"), all,
                  "readFile");
}

void ExpectKept(CheckContext& ctx, const std::string& content) {
  const std::string name = std::to_string(content.size());
  ExpectWrittenIsRead(ctx, name, content);
  ExpectCat(ctx, ctx.box(), ctx.box().Path(name), content);
}

void ChunkEdges(CheckContext& ctx) {
  // A character of three or four bytes lies over each of the sizes that buffers have.
  for (const std::size_t size : {1024, 4096, 8192, 16384, 32768, 65536, 131072}) {
    std::string content(size - 1, 'a');
    content += "\xe2\x82\xac";
    content.resize(2 * size - 2, 'b');
    content += "\xf0\x9f\x98\x80";
    const auto scope = ctx.Case("characters over the bytes ", size, " and ", 2 * size);
    ExpectKept(ctx, content);
  }
}

void ManySizes(CheckContext& ctx) {
  // Where a base64 text, an argument or a line reaches its limit.
  for (const std::size_t size :
       {1, 2, 3, 57, 4095, 4097, 65535, 65536, 98304, 131071, 131073, 262144}) {
    const auto scope = ctx.Case(size, " bytes");
    ExpectKept(ctx, NumberedLines(size));
  }
}

}  // namespace

std::vector<Requirement> FileSizeRequirements() {
  return {
      FileContentRequirement(
          {.id = "sizes",
           .asks = "Files of 1 byte to 256 KiB are kept, whatever their size.",
           .why = "A lock file, a bundle, a notebook with pictures: all are within this range, "
                  "and code that writes them does not look at the size.",
           .breaks = "The content is an argument of a command, which ends at 128 KiB, or 96 KiB "
                     "in base64; or it is encoded in chunks that are no multiple of three.",
           .wrong = R"(const base64 = Buffer.from(content).toString('base64');
await sandbox.sh(`echo "${base64}" | base64 -d > ${shellQuote(path)}`);)",
           .right = R"(await sandbox.sh(`: > ${target}`);
for (let i = 0; i < bytes.length; i += 48000) { // a multiple of three
  const part = bytes.subarray(i, i + 48000).toString('base64');
  await sandbox.sh(`printf %s '${part}' | base64 -d >> ${target}`);
})",
           .defects = {"F8", "C54"},
           .mend = "Do not pass content as an argument; encode each chunk of 3n bytes, or the "
                   "whole.",
           .check = ManySizes}),
      FileContentRequirement(
          {.id = "large",
           .asks = "5 MiB are written and read whole.",
           .why = "Data sets and archives are that large. A file that is cut in the middle "
                  "looks like any other.",
           .breaks = "A limit of output, of a message or of a request cuts the content, and "
                     "nobody compares the lengths; or one short read counts as the whole.",
           .wrong = R"(const { stdout } = await sandbox.exec(['cat', '--', path]);
return stdout; // exec keeps the first MiB)",
           .right = R"(const content = await client.files.download(id, path);
if (content.length !== stat.size) throw new Error(`${path}: cut short`);
return content;)",
           .defects = {"F8", "C16"},
           .mend = "Stream the content in chunks, and check the length at the end.",
           .check = Large}),
      FileContentRequirement(
          {.id = "chunk-edges",
           .asks = "A character that lies over the edge of a buffer is kept.",
           .why = "One wrong character in a file of thousands of lines is found by nobody, and "
                  "breaks a checksum or a build.",
           .breaks = "Each chunk is decoded by itself, so that the two halves of a character "
                     "become U+FFFD.",
           .wrong = R"(let text = '';
stream.on('data', (chunk) => { text += chunk.toString('utf8'); });)",
           .right = R"(const chunks: Buffer[] = [];
stream.on('data', (chunk) => { chunks.push(chunk); });
stream.on('end', () => { text = Buffer.concat(chunks).toString('utf8'); });)",
           .defects = {"F2", "C26"},
           .mend = "Join the bytes first, then decode; or use a decoder with a state.",
           .check = ChunkEdges}),
  };
}

}  // namespace computesdk::conformance
