#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_READER_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_READER_H_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory::patch {

// Complains "patch: **** message" and ends the program.
[[noreturn]] void Fatal(Process& process, std::string_view message);

enum class Format { kUnified, kContext, kNormal, kEd, kGitBinary };

struct HunkLine {
  char mark;         // ' ', '-' or '+'.
  std::string text;  // With its end, where it has one.
};

// A place and what happens to it. Where it has no lines of a side, `first` is the line before
// which the other side's stand.
struct Hunk {
  std::size_t first[2] = {1, 1};  // Old and new, counted from 1.
  std::vector<HunkLine> lines = {};
  std::string function = {};  // What stands behind the second "@@".

  // Lines of the old (0) or new (1) side.
  std::size_t Count(std::size_t side) const;
  // Lines without change at the beginning, and at the end.
  std::size_t PrefixContext() const;
  std::size_t SuffixContext() const;
  // The same the other way round.
  void Swap();
};

// What a patch says about a file before its hunks. Index 0 is old, 1 is new.
struct Header {
  Format format = Format::kUnified;
  std::array<std::optional<std::string>, 3> names = {};  // Without what -p strips; 2: "Index:".
  std::array<std::string, 2> stamps = {};                // What stands behind a name.
  std::array<std::optional<FileTime>, 2> times = {};
  std::array<int, 2> nonexistent = {0, 0};  // 1: has no lines; 2: is not there.
  std::array<unsigned, 2> modes = {0, 0};
  bool git = false;
  bool rename = false;
  bool copy = false;
  std::size_t indent = 0;
  bool strip_cr = false;
  std::size_t line = 0;      // Of the first hunk, counted from 1.
  std::string leading = {};  // The text before it.
};

struct ReaderOptions {
  int strip = -1;  // Slashes to take off names; below 0, all.
  std::optional<Format> format = {};
  bool binary = false;  // Keeps the "\r" of patches made on other systems.
};

// Takes a patch apart: the files that it names, and the hunks of each.
class Reader {
 public:
  Reader(Process& process, std::string content, ReaderOptions options);

  // The next file's header. `need_header`: text that looks like a normal or an ed diff is no
  // patch unless a header names its file.
  std::optional<Header> NextPatch(bool need_header);
  // The next hunk of that file; nullopt behind its last. Ends the program where it is malformed.
  std::optional<Hunk> NextHunk();
  // Whether any patch was found.
  bool found() const { return found_; }
  bool empty() const { return content_.empty(); }
  bool AtEnd() const { return position_ >= content_.size(); }

 private:
  struct Scan;

  std::string_view RawLine();
  std::string Line();
  void Seek(std::size_t position, std::size_t line);
  void Begin(Scan& scan, Format format, std::size_t position, std::size_t line);
  bool TakeName(Scan& scan, std::string_view line);
  bool TakeGitHeader(Scan& scan, std::string_view line);
  void TakeIndexLine(Header& header, std::string_view text);
  void ParseName(Header& header, std::size_t index, std::string_view text, bool stamped);
  bool Allows(Format format) const;
  bool TryHunkStart(Scan& scan, std::string_view line);
  void LookForDeletion(Header& header);

  [[noreturn]] void Malformed(std::string_view line);
  std::size_t Number(std::string_view& rest, std::string_view line);
  bool TakeIncomplete();
  void AddText(std::vector<HunkLine>& lines, char mark, std::string text);
  std::optional<Hunk> UnifiedHunk();
  std::optional<Hunk> ContextHunk();
  std::vector<HunkLine> ContextHalf(std::string_view header, std::size_t& begin);
  std::optional<Hunk> NormalHunk();
  void NormalLines(Hunk& hunk, char mark, std::size_t count);

  Process& process_;
  const std::string content_;
  const ReaderOptions options_;
  std::size_t position_ = 0;
  std::size_t line_ = 1;  // Of what is read next.
  std::size_t base_ = 0;  // Where the search for the next patch begins.
  std::size_t base_line_ = 1;
  Header header_;
  bool found_ = false;
};

}  // namespace computesdk::in_memory::patch

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_READER_H_
