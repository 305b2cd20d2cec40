#include <cctype>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/shell_files.h"
#include "conformance/selftest/spoil.h"
#include "nlohmann/json.hpp"

// Defects in what is read of a file, and in what is written to it.
namespace computesdk::conformance {
namespace {

constexpr std::size_t kKiB = 1024;

std::string DecodedChunkByChunk(const std::string& content) {
  std::string text;
  for (std::size_t at = 0; at < content.size(); at += 8 * kKiB) {
    text += DecodedAsUtf8(std::string_view(content).substr(at, 8 * kKiB));
  }
  return text;
}

// What axios makes of a body by default, and String() or JSON.stringify of that.
std::string ParsedAsJson(const std::string& content) {
  const auto value = nlohmann::json::parse(content, nullptr, false);
  return value.is_discarded() ? content : value.dump();
}

// Whether a regular expression for base64 takes it.
bool LooksLikeBase64(const std::string& content) {
  if (content.size() < 4 || content.size() % 4 != 0) return false;
  const std::size_t letters =
      content.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
  return content.substr(std::min(letters, content.size())).find_first_not_of('=') ==
         std::string::npos;
}

std::string WithoutByteOrderMark(std::string content) {
  return content.starts_with("\xef\xbb\xbf") ? content.substr(3) : content;
}

// One that fails as execve does with an argument of 128 KiB.
Replacements WrittenByArgument() {
  return {.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                           const std::string& content) -> Status {
    const std::size_t base64 = (content.size() + 2) / 3 * 4;
    if (base64 > 128 * kKiB) {
      return MakeError(ErrorCode::kInternal, path + ": sh: Argument list too long");
    }
    return inner.WriteFile(id, path, content);
  }};
}

// A replacement of readFile that answers something where the clean one has an error of this code.
Replacements AnsweringFor(ErrorCode code, const std::string& content) {
  return {.read_file = [=](Provider& inner, const std::string& id,
                           const std::string& path) -> Result<std::string> {
    Result<std::string> read = inner.ReadFile(id, path);
    if (!read && read.error().code == code && inner.GetById(id)->has_value()) return content;
    return read;
  }};
}

// Keeps what it reads and writes, until it is written or removed by the same provider.
Replacements Cached() {
  struct Cache {
    std::mutex mutex;
    std::map<std::string, std::string> contents;
    void Forget(const std::string& key) {
      const std::lock_guard lock(mutex);
      std::erase_if(contents, [&](const auto& entry) { return entry.first.starts_with(key); });
    }
  };
  const auto cache = std::make_shared<Cache>();
  return {.destroy =
              [cache](Provider& inner, const std::string& id) {
                cache->Forget(id);
                return inner.Destroy(id);
              },
          .read_file = [cache](Provider& inner, const std::string& id,
                               const std::string& path) -> Result<std::string> {
            {
              const std::lock_guard lock(cache->mutex);
              const auto found = cache->contents.find(id + path);
              if (found != cache->contents.end()) return found->second;
            }
            const Result<std::string> content = inner.ReadFile(id, path);
            const std::lock_guard lock(cache->mutex);
            if (content && content->size() < kKiB) cache->contents[id + path] = *content;
            return content;
          },
          .write_file =
              [cache](Provider& inner, const std::string& id, const std::string& path,
                      const std::string& content) {
                cache->Forget(id + path);
                return inner.WriteFile(id, path, content);
              },
          .remove =
              [cache](Provider& inner, const std::string& id, const std::string& path) {
                cache->Forget(id + path);
                return inner.Remove(id, path);
              }};
}

std::vector<Sabotage> ReadSabotages() {
  return {
      {.name = "read-trimmed",
       .defect = "readFile returns stdout.trim().",
       .classes = {"F3", "C22"},
       .reveals = {"filesystem.content.binary", "filesystem.content.extensions",
                   "filesystem.content.here-documents", "filesystem.content.line-ends",
                   "filesystem.content.look-alikes", "filesystem.content.shell-text",
                   "filesystem.content.trailing-newlines"},
       .make = Spoil(WithReadContent(Trimmed))},
      {.name = "read-by-substitution",
       .defect = "readFile is \"$(cat FILE)\", which takes the newlines at the end away.",
       .classes = {"F3"},
       .reveals = {"filesystem.content.binary", "filesystem.content.extensions",
                   "filesystem.content.here-documents", "filesystem.content.line-ends",
                   "filesystem.content.look-alikes", "filesystem.content.shell-text",
                   "filesystem.content.trailing-newlines"},
       .make = Spoil(WithReadContent([](std::string content) {
         content.erase(content.find_last_not_of('\n') + 1);
         return content;
       }))},
      {.name = "read-without-crs",
       .defect = "readFile passes through a terminal: CR LF comes as LF.",
       .classes = {"F7"},
       .reveals = {"filesystem.content.binary", "filesystem.content.extensions",
                   "filesystem.content.line-ends", "filesystem.content.shell-text"},
       .make = Spoil(WithReadContent([](std::string content) {
         ReplaceAll(content, "\r\n", "\n");
         return content;
       }))},
      {.name = "read-as-latin-1",
       .defect = "readFile takes the bytes for Latin-1, as atob() has them.",
       .classes = {"F1", "C28"},
       .reveals = {"filesystem.content.beyond-ascii", "filesystem.content.binary",
                   "filesystem.content.chunk-edges", "filesystem.content.extensions",
                   "filesystem.content.large"},
       .make = Spoil(
           WithReadContent([](const std::string& content) { return DecodedAsLatin1(content); }))},
      {.name = "read-as-text",
       .defect = "readFile is response.text(): what is no UTF-8 becomes U+FFFD.",
       .classes = {"F1", "C27"},
       .reveals = {"filesystem.content.binary", "filesystem.content.extensions",
                   "filesystem.content.large"},
       .make = Spoil(
           WithReadContent([](const std::string& content) { return DecodedAsUtf8(content); }))},
      {.name = "read-without-byte-order-mark",
       .defect = "readFile decodes with TextDecoder, which drops a byte order mark.",
       .classes = {"F1"},
       .reveals = {"filesystem.content.beyond-ascii"},
       .make = Spoil(WithReadContent(WithoutByteOrderMark))},
      {.name = "read-to-first-nul",
       .defect = "readFile has the content as a string of C.",
       .classes = {"F1", "C25"},
       .reveals = {"filesystem.content.binary", "filesystem.content.extensions"},
       .make = Spoil(WithReadContent(
           [](const std::string& content) { return content.substr(0, content.find('\0')); }))},
      {.name = "read-in-chunks-decoded-one-by-one",
       .defect = "readFile decodes each chunk of 8 KiB by itself.",
       .classes = {"F2", "C26"},
       .reveals = {"filesystem.content.chunk-edges"},
       .make = Spoil(WithReadContent([](const std::string& content) {
         // Bytes that are no text at all pass by another way, as in providers that tell them apart.
         return DecodedAsUtf8(content) == content ? DecodedChunkByChunk(content) : content;
       }))},
      {.name = "read-cut-at-64-kib",
       .defect = "readFile returns what one read of a pipe gave: 64 KiB.",
       .classes = {"F8", "C16"},
       .reveals = {"filesystem.content.chunk-edges", "filesystem.content.large",
                   "filesystem.content.sizes", "filesystem.parallel.readers"},
       .make = Spoil(WithReadContent(
           [](const std::string& content) { return content.substr(0, 64 * kKiB); }))},
      {.name = "read-cut-at-1-mib",
       .defect = "readFile is a command whose output ends after 1 MiB.",
       .classes = {"F8", "C16"},
       .reveals = {"filesystem.content.large"},
       .make = Spoil(WithReadContent(
           [](const std::string& content) { return content.substr(0, kKiB * kKiB); }))},
      {.name = "read-parsed-as-json",
       .defect = "readFile's client parses what looks like JSON, and the adapter makes it text.",
       .classes = {"F34"},
       .reveals = {"filesystem.content.extensions", "filesystem.content.look-alikes"},
       .make = Spoil(WithReadContent(ParsedAsJson))},
      {.name = "read-guesses-base64",
       .defect = "readFile decodes what looks like base64.",
       .classes = {"F1"},
       .reveals = {"filesystem.content.large", "filesystem.content.look-alikes"},
       .make = Spoil(WithReadContent([](const std::string& content) {
         return LooksLikeBase64(content) ? std::string("decoded") : content;
       }))},
      {.name = "read-by-extension",
       .defect = "readFile of .png, .gz and the like is base64.",
       .classes = {"F1"},
       .reveals = {"filesystem.content.extensions"},
       .make = Spoil({.read_file = [](Provider& inner, const std::string& id,
                                      const std::string& path) -> Result<std::string> {
         Result<std::string> content = inner.ReadFile(id, path);
         if (content && (path.ends_with(".png") || path.ends_with(".gz"))) return "bm90IHRoYXQ=";
         return content;
       }})},
      {.name = "read-of-empty-fails",
       .defect = "readFile takes no content for no file.",
       .classes = {"F4"},
       .reveals = {"filesystem.content.empty", "filesystem.content.extensions"},
       .make = Spoil({.read_file = [](Provider& inner, const std::string& id,
                                      const std::string& path) -> Result<std::string> {
         Result<std::string> content = inner.ReadFile(id, path);
         if (content && content->empty()) {
           return MakeError(ErrorCode::kNotFound, path + ": no content");
         }
         return content;
       }})},
      {.name = "read-of-missing-is-empty",
       .defect = "readFile of a missing file is an empty text.",
       .classes = {"F33", "E2"},
       .reveals = {"filesystem.paths.slash-after-file", "filesystem.read.missing",
                   "filesystem.read.missing-not-found", "filesystem.read.sees-commands",
                   "filesystem.sandboxes-share-nothing"},
       .make = Spoil(AnsweringFor(ErrorCode::kNotFound, ""))},
      {.name = "read-of-missing-is-an-error-page",
       .defect = "readFile of a missing file returns the body of the 404.",
       .classes = {"F34"},
       .reveals = {"filesystem.paths.slash-after-file", "filesystem.read.missing",
                   "filesystem.read.missing-not-found", "filesystem.read.sees-commands",
                   "filesystem.sandboxes-share-nothing"},
       .make = Spoil(AnsweringFor(ErrorCode::kNotFound, R"({"error":"no such file"})"))},
      {.name = "read-of-directory-is-empty",
       .defect = "readFile of a directory is an empty text.",
       .classes = {"F35"},
       .reveals = {"filesystem.read.directory"},
       .make = Spoil(AnsweringFor(ErrorCode::kFailedPrecondition, ""))},
      {.name = "read-of-forbidden-is-empty",
       .defect = "readFile is `cat FILE 2>/dev/null`, whatever its exit code.",
       .classes = {"F36", "E2"},
       .reveals = {"filesystem.write.forbidden"},
       .make = Spoil({.read_file = [](Provider& inner, const std::string& id,
                                      const std::string& path) -> Result<std::string> {
         const auto mode = Sh(inner, id, "stat -c %a " + ShellQuote(path));
         if (mode && mode->stdout_bytes == "0\n") return "";
         return inner.ReadFile(id, path);
       }})},
      {.name = "read-cached",
       .defect = "readFile keeps what it read, until writeFile or remove.",
       .classes = {"F40"},
       .reveals = {"filesystem.read.sees-commands"},
       .make = SpoilWith(Cached)},
      {.name = "file-errors-unknown",
       .defect = "Every error of the file methods has the code UNKNOWN.",
       .classes = {"F33", "E3"},
       .reveals = {"filesystem.read.missing-not-found", "filesystem.readdir.missing-not-found",
                   "filesystem.remove.missing", "lifecycle.destroy.not-found"},
       .make = Spoil(WithFileError([](const std::string&, Error error) {
         error.code = ErrorCode::kUnknown;
         return error;
       }))},
      {.name = "file-errors-not-found",
       .defect = "Every error of the file methods has the code NOT_FOUND.",
       .classes = {"E3"},
       .reveals = {"filesystem.errors.wrong-kind"},
       .make = Spoil(WithFileError([](const std::string&, Error error) {
         error.code = ErrorCode::kNotFound;
         return error;
       }))},
      {.name = "file-errors-without-path",
       .defect = "The errors of the file methods do not say of what.",
       .classes = {"E4"},
       .reveals = {"filesystem.errors.name-path", "lifecycle.errors.say-which"},
       .make = Spoil(WithFileError([](const std::string&, Error error) {
         error.message = "Failed to access file";
         return error;
       }))},
  };
}

std::vector<Sabotage> WrittenBytesSabotages() {
  return {
      {.name = "write-adds-a-newline",
       .defect = "writeFile writes by a here-document or `echo`, with a newline at the end.",
       .classes = {"F3"},
       .reveals = {"filesystem.content.beyond-ascii",
                   "filesystem.content.binary",
                   "filesystem.content.chunk-edges",
                   "filesystem.content.extensions",
                   "filesystem.content.here-documents",
                   "filesystem.content.large",
                   "filesystem.content.line-ends",
                   "filesystem.content.look-alikes",
                   "filesystem.content.shell-text",
                   "filesystem.content.sizes",
                   "filesystem.content.trailing-newlines",
                   "filesystem.links.followed",
                   "filesystem.links.write",
                   "filesystem.links.write-onto",
                   "filesystem.parallel.different-paths",
                   "filesystem.parallel.new-parents",
                   "filesystem.parallel.readers",
                   "filesystem.parallel.same-path",
                   "filesystem.paths.beyond-ascii",
                   "filesystem.paths.blanks",
                   "filesystem.paths.deep",
                   "filesystem.paths.dot-dot-inside",
                   "filesystem.paths.dot-segments",
                   "filesystem.paths.double-slashes",
                   "filesystem.paths.execute-nothing",
                   "filesystem.paths.expansions",
                   "filesystem.paths.leading-dash",
                   "filesystem.paths.long",
                   "filesystem.paths.newlines",
                   "filesystem.paths.normalization",
                   "filesystem.paths.patterns",
                   "filesystem.paths.quotes",
                   "filesystem.paths.relative",
                   "filesystem.paths.separators",
                   "filesystem.paths.special",
                   "filesystem.sandboxes-share-nothing",
                   "filesystem.write.changed-by-commands",
                   "filesystem.write.forbidden",
                   "filesystem.write.no-silent-loss",
                   "filesystem.write.overwrites",
                   "filesystem.write.parents",
                   "filesystem.write.seen-by-commands",
                   "lifecycle.create.usable-at-once"},
       .blinds = {"filesystem.readdir.sizes"},
       .make = Spoil(WithWrittenContent([](std::string content) {
         return content.ends_with('\n') || content.empty() ? content : content + '\n';
       }))},
      {.name = "write-with-crs",
       .defect = "writeFile passes through a terminal: LF arrives as CR LF.",
       .classes = {"F7"},
       .reveals = {"filesystem.content.binary", "filesystem.content.extensions",
                   "filesystem.content.here-documents", "filesystem.content.large",
                   "filesystem.content.line-ends", "filesystem.content.look-alikes",
                   "filesystem.content.shell-text", "filesystem.content.sizes",
                   "filesystem.content.trailing-newlines", "filesystem.write.overwrites",
                   "filesystem.write.scripts"},
       .make = Spoil(WithWrittenContent([](std::string content) {
         ReplaceAll(content, "\n", "\r\n");
         return content;
       }))},
      {.name = "write-of-empty-does-nothing",
       .defect = "writeFile of \"\" counts as a call without content.",
       .classes = {"F4"},
       .reveals = {"filesystem.content.empty", "filesystem.content.extensions",
                   "filesystem.write.overwrites"},
       .make =
           Spoil({.write_file = [](Provider& inner, const std::string& id, const std::string& path,
                                   const std::string& content) -> Status {
             if (content.empty()) return {};
             return inner.WriteFile(id, path, content);
           }})},
      {.name = "write-as-latin-1",
       .defect = "writeFile makes base64 of code units: btoa(content).",
       .classes = {"F1"},
       .reveals = {"filesystem.content.beyond-ascii", "filesystem.content.chunk-edges"},
       .blinds = {"filesystem.readdir.sizes"},
       .make = Spoil(WithWrittenContent([](const std::string& content) {
         return DecodedAsUtf8(content) == content ? DecodedAsLatin1(content) : content;
       }))},
      {.name = "write-by-echo",
       .defect = "writeFile is `echo -n \"CONTENT\" > FILE`, with the double quotes escaped.",
       .classes = {"F6", "C40"},
       .reveals = {"filesystem.content.here-documents", "filesystem.content.shell-text",
                   "filesystem.write.scripts"},
       .make = Spoil({.write_file = [](Provider& inner, const std::string& id,
                                       const std::string& path, std::string content) -> Status {
         if (content.size() > 64 * kKiB || content.find('\0') != std::string::npos) {
           return inner.WriteFile(id, path, content);
         }
         ReplaceAll(content, "\"", "\\\"");
         const std::string line = "echo -n \"" + content + "\" > {}";
         return WriteByShell([&](std::string_view) { return line; })
             .write_file(inner, id, path, "");
       }})},
      {.name = "write-by-printf-format",
       .defect = "writeFile is `printf 'CONTENT' > FILE`: percent signs and backslashes count.",
       .classes = {"F6"},
       .reveals = {"filesystem.content.binary", "filesystem.content.look-alikes",
                   "filesystem.content.shell-text", "filesystem.write.scripts"},
       .make = Spoil(WriteByShell([](std::string_view content) {
         // Only what it would get wrong goes this way; the rest is written as well by any other.
         const bool plain = content.find_first_of("%\\") == std::string::npos;
         return (plain ? "printf '" + OctalEscaped(content) + "'"
                       : "printf -- " + ShellQuote(content)) +
                " > {}";
       }))},
      {.name = "write-by-here-document",
       .defect = "writeFile is a here-document that ends at EOF.",
       .classes = {"F6", "C35"},
       .reveals = {"filesystem.content.here-documents"},
       .make = Spoil(WithWrittenContent([](const std::string& content) {
         const std::size_t end = ("\n" + content + "\n").find("\nEOF\n");
         return content.substr(0, end);
       }))},
      {.name = "write-by-argument",
       .defect = "writeFile is `echo BASE64 | base64 -d > FILE` by one argument.",
       .classes = {"F8"},
       .reveals = {"filesystem.content.chunk-edges", "filesystem.content.large",
                   "filesystem.content.sizes"},
       .blinds = {"filesystem.parallel.readers"},
       .make = Spoil(WrittenByArgument())},
      {.name = "write-in-chunks-of-1000",
       .defect = "writeFile encodes chunks of 1,000 bytes, no multiple of three, and joins them.",
       .classes = {"F8"},
       .reveals = {"filesystem.content.chunk-edges", "filesystem.content.large",
                   "filesystem.content.sizes", "filesystem.parallel.different-paths",
                   "filesystem.parallel.new-parents", "filesystem.parallel.readers",
                   "filesystem.parallel.same-path", "filesystem.write.overwrites"},
       .make = Spoil(WithWrittenContent([](const std::string& content) {
         return content.substr(0, 1000);  // Decoders end at the first padding.
       }))},
      {.name = "write-cut-at-128-kib",
       .defect = "writeFile sends one message of at most 128 KiB.",
       .classes = {"F8", "C54"},
       .reveals = {"filesystem.content.chunk-edges", "filesystem.content.large",
                   "filesystem.content.sizes", "filesystem.parallel.readers"},
       .make = Spoil(WithWrittenContent(
           [](const std::string& content) { return content.substr(0, 128 * kKiB); }))},
  };
}

}  // namespace

std::vector<Sabotage> FileContentSabotages() {
  std::vector<Sabotage> all = ReadSabotages();
  for (Sabotage& sabotage : WrittenBytesSabotages()) all.push_back(std::move(sabotage));
  return all;
}

}  // namespace computesdk::conformance
