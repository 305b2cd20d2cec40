#include <algorithm>
#include <cstdint>
#include <optional>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/inspect/file_formats.h"
#include "mocks/in_memory/utilities/inspect/file_languages.h"
#include "mocks/in_memory/utilities/inspect/inspect_programs.h"
#include "mocks/in_memory/utilities/time_format.h"
#include "nlohmann/json.hpp"

namespace computesdk::in_memory {
namespace {

using std::string_view_literals::operator""sv;

// --- what a file begins with --------------------------------------------------------------------

struct Magic {
  std::size_t offset;
  std::string_view bytes;
  std::string_view description;
  std::string_view mime_type;
};

constexpr Magic kMagics[] = {
    {0, "BZh"sv, "bzip2 compressed data", "application/x-bzip2"},
    {0,
     "\xfd"
     "7zXZ\0"sv,
     "XZ compressed data", "application/x-xz"},
    {0, "\x28\xb5\x2f\xfd"sv, "Zstandard compressed data (v0.8+), Dictionary ID: None",
     "application/zstd"},
    {0, "PK\x03\x04"sv, "Zip archive data", "application/zip"},
    {0, "PK\x05\x06"sv, "Zip archive data (empty)", "application/zip"},
    {257, "ustar  \0"sv, "POSIX tar archive (GNU)", "application/x-tar"},
    {257, "ustar\0"sv, "POSIX tar archive", "application/x-tar"},
    {0, "!<arch>\n"sv, "current ar archive", "application/x-archive"},
    {0, "\0asm"sv, "WebAssembly (wasm) binary module version 0x1 (MVP)", "application/wasm"},
    {0, "SQLite format 3\0"sv, "SQLite 3.x database", "application/vnd.sqlite3"},
    {0, "OggS"sv, "Ogg data", "application/ogg"},
    {0, "fLaC"sv, "FLAC audio bitstream data", "audio/flac"},
    {0, "\0\0\x01\0"sv, "MS Windows icon resource", "image/vnd.microsoft.icon"},
    {0, "\x04\x22\x4d\x18"sv, "LZ4 compressed data (v1.4+)", "application/x-lz4"},
    {0, "LZIP\1"sv, "lzip compressed data, version: 1", "application/x-lzip"},
    {0, "Rar!\x1a\7\0"sv, "RAR archive data", "application/x-rar"},
    {0, "070701"sv, "ASCII cpio archive (SVR4 with no CRC)", "application/x-cpio"},
    {0, "070707"sv, "ASCII cpio archive (pre-SVR4 or odc)", "application/x-cpio"},
    {0, "OTTO\0"sv, "OpenType font data", "application/vnd.ms-opentype"},
};

std::optional<ContentKind> ElfKind(std::string_view content) {
  // A program of the sandbox begins in its own way, and stands for one of the machine.
  if (content.starts_with("\x7fPROGRAM ")) {
    return ContentKind{
        "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, "
        "interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped",
        "application/x-pie-executable", "binary"};
  }
  constexpr std::size_t kHeader = 20;
  if (!content.starts_with("\x7f"
                           "ELF") ||
      content.size() < kHeader)
    return std::nullopt;
  const bool wide = content[4] == 2;
  const bool little = content[5] == 1;
  static constexpr std::string_view kTypes[] = {"no file type", "relocatable", "executable",
                                                "shared object", "core file"};
  static constexpr std::string_view kMimes[] = {
      "application/octet-stream", "application/x-object", "application/x-executable",
      "application/x-sharedlib", "application/x-coredump"};
  const std::uint64_t type = std::min<std::uint64_t>(NumberAt(content, 16, 2, little), 4);
  std::string machine = "unknown arch";
  switch (NumberAt(content, 18, 2, little)) {
    case 3:
      machine = "Intel 80386";
      break;
    case 40:
      machine = "ARM";
      break;
    case 62:
      machine = "x86-64";
      break;
    case 183:
      machine = "ARM aarch64";
      break;
    case 243:
      machine = "UCB RISC-V";
      break;
    default:
      break;
  }
  return ContentKind{std::string("ELF ") + (wide ? "64-bit " : "32-bit ") +
                         (little ? "LSB " : "MSB ") + std::string(kTypes[type]) + ", " + machine +
                         ", version 1 (SYSV)",
                     std::string(kMimes[type]), "binary"};
}

ContentKind GzipKind(std::string_view content) {
  ContentKind kind{"gzip compressed data", "application/gzip", "binary"};
  constexpr std::size_t kHeader = 10;
  const auto flags = static_cast<unsigned char>(content[3]);
  if ((flags & 8) != 0) {
    const std::size_t end = std::min(content.find('\0', kHeader), content.size());
    kind.description += ", was \"" + std::string(content.substr(kHeader, end - kHeader)) + "\"";
  }
  if (const std::uint64_t seconds = NumberAt(content, 4, 4, true); seconds != 0) {
    kind.description +=
        ", last modified: " +
        FormatTime("%a %b %e %H:%M:%S %Y", Moment{static_cast<std::int64_t>(seconds), 0});
  }
  if (content[8] == 2) kind.description += ", max compression";
  if (content[8] == 4) kind.description += ", max speed";
  if (content[9] == 3) kind.description += ", from Unix";
  if (content.size() >= kHeader + 8) {
    kind.description += ", original size modulo 2^32 " +
                        std::to_string(NumberAt(content, content.size() - 4, 4, true));
  }
  return kind;
}

ContentKind PngKind(std::string_view content) {
  ContentKind kind{"PNG image data", "image/png", "binary"};
  constexpr std::size_t kHeader = 29;
  if (content.size() < kHeader) return kind;
  static constexpr std::string_view kColors[] = {" grayscale",  "", "/color RGB", " colormap",
                                                 " gray+alpha", "", "/color RGBA"};
  const auto color = static_cast<unsigned char>(content[25]);
  kind.description += ", " + std::to_string(NumberAt(content, 16, 4, false)) + " x " +
                      std::to_string(NumberAt(content, 20, 4, false)) + ", " +
                      std::to_string(content[24]) + "-bit" +
                      std::string(color < 7 ? kColors[color] : "") +
                      (content[28] == 0 ? ", non-interlaced" : ", interlaced");
  return kind;
}

std::optional<ContentKind> ImageKind(std::string_view content) {
  if (content.starts_with("\x89PNG\r\n\x1a\n")) return PngKind(content);
  constexpr std::size_t kGifHeader = 10;
  if (content.starts_with("GIF8") && content.size() >= kGifHeader) {
    return ContentKind{"GIF image data, version " + std::string(content.substr(3, 3)) + ", " +
                           std::to_string(NumberAt(content, 6, 2, true)) + " x " +
                           std::to_string(NumberAt(content, 8, 2, true)),
                       "image/gif", "binary"};
  }
  return MediaKind(content);
}

// Versions of classes count on from that of Java 1.1.
std::string JavaRelease(std::uint64_t version) {
  constexpr std::uint64_t kFirst = 45, kLastOfOld = 52, kBase = 44;
  if (version < kFirst) return "";
  const std::string number = std::to_string(version - kBase);
  return version <= kLastOfOld ? " (Java 1." + number + ")" : " (Java SE " + number + ")";
}

std::optional<ContentKind> MagicKind(std::string_view content) {
  if (auto elf = ElfKind(content)) return elf;
  if (content.starts_with("\x1f\x8b") && content.size() >= 10) return GzipKind(content);
  if (auto image = ImageKind(content)) return image;
  if (auto packed = PackedKind(content)) return packed;
  if (auto document = DocumentKind(content); document && !document->encoding.empty()) {
    return document;
  }
  if (content.starts_with("%PDF-")) {
    return ContentKind{"PDF document, version " + std::string(content.substr(5, 3)),
                       "application/pdf", ""};
  }
  if (content.starts_with("\xca\xfe\xba\xbe") && content.size() >= 8) {
    return ContentKind{"compiled Java class data, version " +
                           std::to_string(NumberAt(content, 6, 2, false)) + "." +
                           std::to_string(NumberAt(content, 4, 2, false)) +
                           JavaRelease(NumberAt(content, 6, 2, false)),
                       "application/x-java-applet", "binary"};
  }
  for (const Magic& magic : kMagics) {
    if (content.size() < magic.offset + magic.bytes.size()) continue;
    if (content.substr(magic.offset, magic.bytes.size()) != magic.bytes) continue;
    std::string description(magic.description);
    if (magic.bytes == "BZh" && content.size() > 3 && IsDigit(content[3])) {
      description += std::string(", block size = ") + content[3] + "00k";
    }
    return ContentKind{description, std::string(magic.mime_type), "binary"};
  }
  return std::nullopt;
}

// --- text ---------------------------------------------------------------------------------------

struct TextEncoding {
  std::string words;
  std::string name;
};

// nullopt for what is no text.
std::optional<TextEncoding> EncodingOf(std::string_view content) {
  if (content.starts_with("\xff\xfe") || content.starts_with("\xfe\xff")) {
    const bool little = content[0] == '\xff';
    return TextEncoding{
        std::string("Unicode text, UTF-16, ") + (little ? "little" : "big") + "-endian text",
        little ? "utf-16le" : "utf-16be"};
  }
  bool ascii = true;
  bool utf8 = true;
  bool latin = true;
  for (std::size_t i = 0; i < content.size();) {
    const auto byte = static_cast<unsigned char>(content[i]);
    const bool control = byte < 0x20 || byte == 0x7f;
    if (control && "\a\b\t\n\f\r\x1b"sv.find(content[i]) == std::string_view::npos) {
      return std::nullopt;
    }
    if (byte >= 0x80) ascii = false;
    if (byte >= 0x80 && byte < 0xa0) latin = false;
    const Utf8Character character = DecodeUtf8(content.substr(i));
    if (byte >= 0x80 && !character.valid) utf8 = false;
    if (byte >= 0x80 && character.valid) {
      i += character.length;
      for (std::size_t rest = 1; rest < character.length; ++rest) {
        const auto next = static_cast<unsigned char>(content[i - rest]);
        if (next >= 0x80 && next < 0xa0) latin = false;
      }
    } else {
      ++i;
    }
  }
  if (ascii) return TextEncoding{"ASCII text", "us-ascii"};
  if (utf8 && content.starts_with("\xef\xbb\xbf")) {
    return TextEncoding{"Unicode text, UTF-8 (with BOM) text", "utf-8"};
  }
  if (utf8) return TextEncoding{"Unicode text, UTF-8 text", "utf-8"};
  if (latin) return TextEncoding{"ISO-8859 text", "iso-8859-1"};
  return TextEncoding{"Non-ISO extended-ASCII text", "unknown-8bit"};
}

// ", with CRLF line terminators" and the like.
std::string LineEnds(std::string_view content) {
  constexpr std::size_t kVeryLong = 300;
  std::size_t crlf = 0;
  std::size_t lf = 0;
  std::size_t cr = 0;
  std::size_t longest = 0;
  std::size_t line = 0;
  for (std::size_t i = 0; i < content.size(); ++i) {
    const bool carriage = content[i] == '\r';
    if (carriage && i + 1 < content.size() && content[i + 1] == '\n') {
      ++crlf;
      ++i;
    } else if (carriage) {
      ++cr;
    } else if (content[i] == '\n') {
      ++lf;
    } else {
      longest = std::max(longest, ++line);
      continue;
    }
    line = 0;
  }
  std::string text;
  if (longest >= kVeryLong) text += ", with very long lines (" + std::to_string(longest) + ")";
  if (crlf + cr + lf == 0) {
    text += ", with no line terminators";
  } else if (crlf + cr > 0) {
    std::string ends;
    if (crlf > 0) ends += "CRLF";
    if (cr > 0) ends += (ends.empty() ? "" : ", ") + std::string("CR");
    if (lf > 0) ends += ", LF";
    text += ", with " + ends + " line terminators";
  }
  if (content.find('\x1b') != std::string_view::npos) text += ", with escape sequences";
  if (content.find('\b') != std::string_view::npos) text += ", with overstriking";
  return text;
}

struct Interpreter {
  std::string_view name;
  std::string_view words;
  std::string_view mime_type;
};

constexpr Interpreter kInterpreters[] = {
    {"sh", "POSIX shell script", "text/x-shellscript"},
    {"dash", "a /bin/dash script", "text/x-shellscript"},
    {"bash", "Bourne-Again shell script", "text/x-shellscript"},
    {"zsh", "Paul Falstad's zsh script", "text/x-shellscript"},
    {"ksh", "Korn shell script", "text/x-shellscript"},
    {"python", "Python script", "text/x-script.python"},
    {"perl", "Perl script text executable", "text/x-perl"},
    {"ruby", "Ruby script", "text/x-ruby"},
    {"node", "Node.js script executable", "application/javascript"},
    {"awk", "awk script", "text/x-awk"},
    {"php", "PHP script", "text/x-php"},
    {"lua", "Lua script", "text/x-lua"},
    {"fish", "fish shell script", "text/x-shellscript"},
    {"tclsh", "Tcl/Tk script", "text/x-tcl"},
};

struct TextKind {
  std::string words;
  std::string mime_type;
  bool executable = false;
};

TextKind ScriptKind(std::string_view content) {
  std::string_view line = content.substr(2, content.find('\n') - 2);
  while (!line.empty() && IsBlank(line[0])) line.remove_prefix(1);
  std::string_view command = line.substr(0, line.find_first_of(" \t\r"));
  std::string_view name = command.substr(command.find_last_of('/') + 1);
  if (name == "env") {
    std::string_view rest = line.substr(command.size());
    while (!rest.empty() && IsBlank(rest[0])) rest.remove_prefix(1);
    if (rest.starts_with("-S ")) rest.remove_prefix(3);
    name = rest.substr(0, rest.find_first_of(" \t\r"));
  }
  // "python3.11" is python.
  std::string_view plain = name;
  while (!plain.empty() && (IsDigit(plain.back()) || plain.back() == '.')) plain.remove_suffix(1);
  if (plain == "gawk" || plain == "mawk") plain = "awk";
  for (const Interpreter& interpreter : kInterpreters) {
    if (interpreter.name == plain) {
      return {std::string(interpreter.words), std::string(interpreter.mime_type),
              !interpreter.words.ends_with("executable")};
    }
  }
  while (!line.empty() && (IsBlank(line.back()) || line.back() == '\r')) line.remove_suffix(1);
  return {"a " + std::string(line) + " script", "text/plain", true};
}

bool HasLine(std::string_view content, std::string_view beginning) {
  if (content.starts_with(beginning)) return true;
  return content.find("\n" + std::string(beginning)) != std::string_view::npos;
}

// Three lines or more with the same number of commas; those in quotes do not count. Ten lines tell.
bool IsCsv(std::string_view content) {
  constexpr std::size_t kLooked = 10;
  std::size_t lines = 0;
  std::size_t first = 0;
  std::size_t commas = 0;
  for (std::size_t at = 0; at < content.size() && lines < kLooked; ++at) {
    if (content[at] == '"') {
      at = std::min(content.find('"', at + 1), content.size());
    } else if (content[at] == ',') {
      ++commas;
    } else if (content[at] == '\n') {
      if (commas == 0 || (lines > 0 && commas != first)) return false;
      first = commas;
      commas = 0;
      ++lines;
    }
  }
  return lines > 2;
}

// A text whose words tell what it is; no words for another.
TextKind KindOfText(std::string_view content) {
  std::string_view start = content;
  while (!start.empty() && IsSpace(start[0])) start.remove_prefix(1);
  const std::string head = AsciiLower(start.substr(0, 1024));
  if (IsCsv(content)) return {"CSV text", "text/csv", false};
  if (content.starts_with("#!")) return ScriptKind(content);
  if (start.starts_with("<?xml")) {
    const bool svg = head.find("<svg") != std::string::npos;
    if (svg) return {"SVG Scalable Vector Graphics image", "image/svg+xml", false};
    return {"XML 1.0 document", "text/xml", false};
  }
  if (head.starts_with("<svg"))
    return {"SVG Scalable Vector Graphics image", "image/svg+xml", false};
  if (head.starts_with("<!doctype html") || head.starts_with("<html")) {
    return {"HTML document", "text/html", false};
  }
  if ((HasLine(content, "--- ") && HasLine(content, "+++ ") && HasLine(content, "@@ ")) &&
      (content.starts_with("--- ") || content.starts_with("diff "))) {
    return {"unified diff output", "text/x-diff", false};
  }
  if (content.starts_with("*** ") && HasLine(content, "***************")) {
    return {"context diff output", "text/x-diff", false};
  }
  if (content.starts_with("-----BEGIN CERTIFICATE-----"))
    return {"PEM certificate", "text/plain", false};
  if (content.starts_with("diff ") || content.starts_with("Only in ") ||
      content.starts_with("Common subdirectories: ")) {
    return {"diff output", "text/x-diff", false};
  }
  if (const auto document = DocumentKind(content)) {
    return {document->description, document->mime_type, false};
  }
  const Language language = LanguageOf(content);
  return {std::string(language.words), std::string(language.mime_type), language.executable};
}

bool IsJson(std::string_view content) {
  const std::size_t first = content.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || (content[first] != '{' && content[first] != '[')) {
    return false;
  }
  return nlohmann::json::accept(content);
}

bool IsLinesOfJson(std::string_view content) {
  std::size_t values = 0;
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    if (!IsJson(content.substr(0, end))) return false;
    content.remove_prefix(std::min(end + 1, content.size()));
    ++values;
  }
  return values > 1;
}

}  // namespace

ContentKind KindOfContent(std::string_view content) {
  if (content.empty()) return {"empty", "inode/x-empty", "binary"};
  if (content.size() == 1) {
    return {"very short file (no magic)", "application/octet-stream", "binary"};
  }
  const auto encoding = EncodingOf(content);
  const std::string encoding_name = encoding ? encoding->name : "binary";
  if (auto kind = MagicKind(content)) {
    if (kind->encoding.empty()) kind->encoding = encoding_name;
    return *kind;
  }
  if (!encoding) return {"data", "application/octet-stream", "binary"};
  if (IsJson(content)) return {"JSON text data", "application/json", encoding_name};
  if (IsLinesOfJson(content)) {
    return {"New Line Delimited JSON text data", "application/x-ndjson", encoding_name};
  }
  const TextKind kind = KindOfText(content);
  if (kind.words.empty()) {
    return {encoding->words + LineEnds(content), "text/plain", encoding_name};
  }
  const bool whole = kind.words == "CSV text" || kind.words == "PEM certificate" ||
                     kind.words.starts_with("SVG ") || kind.words.ends_with(" text executable");
  if (whole) return {kind.words, kind.mime_type, encoding_name};
  return {kind.words + ", " + encoding->words + (kind.executable ? " executable" : "") +
              LineEnds(content),
          kind.mime_type, encoding_name};
}

}  // namespace computesdk::in_memory
