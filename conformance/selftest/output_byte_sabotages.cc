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
       .reveals = {"output.newlines", "output.blanks"},
       .make = SpoilStreams([](std::string& text) { text = Trimmed(text); })},
      {.name = "last-newline-cut",
       .defect = "One newline at the end of the output is taken away.",
       .classes = {"C21"},
       .reveals = {"output.newlines"},
       .make = SpoilStreams([](std::string& text) {
         if (text.ends_with('\n')) text.pop_back();
       })},
      {.name = "newline-added",
       .defect = "Output that does not end in a newline is given one, as console.log does.",
       .classes = {"C21"},
       .reveals = {"output.newlines"},
       .make = SpoilStreams([](std::string& text) {
         if (!text.empty() && !text.ends_with('\n')) text += '\n';
       })},
      {.name = "blank-lines-dropped",
       .defect = "Blank lines of the output are dropped: split('\\n').filter(Boolean).",
       .classes = {"C19"},
       .reveals = {"output.newlines"},
       .make = SpoilStreams(EraseBlankLines)},
      {.name = "newline-after-each-frame",
       .defect = "Frames of 16 KiB are joined with newlines.",
       .classes = {"C20"},
       .reveals = {"output.long-lines", "output.chunk-edges"},
       .make = SpoilStreams([](std::string& text) {
         constexpr std::size_t kFrame = std::size_t{16} << 10;
         for (std::size_t at = kFrame; at < text.size(); at += kFrame + 1) text.insert(at, "\n");
       })},
      {.name = "carriage-returns-rewritten",
       .defect = "CR LF becomes LF: replace(/\\r\\n/g, '\\n').",
       .classes = {"C23"},
       .reveals = {"output.carriage-returns"},
       .make = SpoilStreams([](std::string& text) { ReplaceAll(text, "\r\n", "\n"); })},
      {.name = "colours-stripped",
       .defect = "Colours are stripped from the output.",
       .classes = {"C24"},
       .reveals = {"output.escape-sequences"},
       .make = SpoilStreams(EraseColours)},
      {.name = "control-characters-stripped",
       .defect = "Control characters are stripped from the output, all but tab, CR and LF.",
       .classes = {"C24", "C25"},
       .reveals = {"output.escape-sequences", "output.nul"},
       .make = SpoilStreams(EraseControlCharacters)},
      {.name = "nul-dropped",
       .defect = "NUL bytes are dropped from the output.",
       .classes = {"C25"},
       .reveals = {"output.nul"},
       .make = SpoilStreams([](std::string& text) { std::erase(text, '\0'); })},
      {.name = "output-ends-at-nul",
       .defect = "Output is a C string, and ends at the first NUL.",
       .classes = {"C25"},
       .reveals = {"output.nul"},
       .make = SpoilStreams([](std::string& text) { text = std::string(text.c_str()); })},
      {.name = "invalid-utf8-replaced",
       .defect = "Output is decoded, with U+FFFD for what is no UTF-8.",
       .classes = {"C27"},
       .reveals = {"output.invalid-utf8"},
       .make = SpoilStreams([](std::string& text) { text = Decoded(text); })},
      {.name = "invalid-utf8-is-an-error",
       .defect = "A command whose output is no UTF-8 is an error: the decoder is strict.",
       .classes = {"C27"},
       .reveals = {"output.invalid-utf8"},
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
       .reveals = {"output.beyond-ascii"},
       .make = SpoilStreams([](std::string& text) { text = FromLatin1(text); })},
      {.name = "lines-split-at-u2028",
       .defect = "Lines are split where Unicode has line ends (splitlines), and joined with LF.",
       .classes = {"C19", "C28"},
       .reveals = {"output.beyond-ascii"},
       .make = SpoilStreams([](std::string& text) {
         for (const char* end : {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xc2\x85"}) {
           ReplaceAll(text, end, "\n");
         }
       })},
      {.name = "chunks-decoded-one-by-one",
       .defect = "Output is decoded in chunks of 64 KiB, each by itself: chunk.toString('utf8').",
       .classes = {"C26"},
       .reveals = {"output.chunk-edges"},
       .make = SpoilStreams(
           [](std::string& text) { text = DecodedInChunks(text, std::size_t{64} << 10); })},
      {.name = "backslashes-unescaped",
       .defect =
           "The agent escapes what is not printable, and the adapter undoes that in all text.",
       .classes = {"C28"},
       .reveals = {"output.words-of-protocols"},
       .make = SpoilStreams([](std::string& text) {
         ReplaceAll(text, "\\x41", "A");
         ReplaceAll(text, "\\n", "\n");
       })},
  };
}

}  // namespace computesdk::conformance
