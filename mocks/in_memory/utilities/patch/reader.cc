#include "mocks/in_memory/utilities/patch/reader.h"

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/patch/names.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory::patch {
namespace {

constexpr std::string_view kNoFile = "/dev/null";

// "3,5c4", "7d6": a command of a normal diff.
bool IsNormalCommand(std::string_view text) {
  const auto skip = [&](std::string_view set) {
    text.remove_prefix(std::min(text.find_first_not_of(set), text.size()));
  };
  if (text.empty() || !IsDigit(text[0])) return false;
  skip("0123456789,");
  if (text.empty() || std::string_view("acd").find(text[0]) == std::string_view::npos) return false;
  text.remove_prefix(1);
  if (text.empty() || !IsDigit(text[0])) return false;
  skip("0123456789,");
  skip(" \t\r");
  return text == "\n";
}

// "5d", "3,4c", "$a": a command of an ed script.
bool IsEdCommand(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of("0123456789,"), text.size()));
  return text == "a\n" || text == "c\n" || text == "d\n" || text == "i\n" || text == "s/.//\n";
}

unsigned ModeOf(std::string_view text) {
  unsigned mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7') break;
    mode = mode * 8 + static_cast<unsigned>(c - '0');
  }
  return mode;
}

// What git's digest of a file tells of it, as in Header::nonexistent.
int SaysNonexistent(std::string_view digest) {
  constexpr std::string_view kEmpty = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";
  if (digest.empty()) return 0;
  if (digest.find_first_not_of('0') == std::string_view::npos) return 2;
  return kEmpty.starts_with(digest) ? 1 : 0;
}

}  // namespace

void Fatal(Process& process, std::string_view message) {
  Complain(process, "**** " + std::string(message));
  process.Exit(2);
}

struct Reader::Scan {
  Header header = {};
  bool need_header = false;
  bool extended_headers = false;  // Of git: a patch even without hunks.
  bool stars_before = false;      // The line before was "***************".
  bool command_before = false;
  std::size_t previous = 0;  // Where it began.
  std::size_t command_position = std::string::npos;
  std::size_t command_line = 0;
  std::size_t this_position = 0;
  std::size_t this_line = 0;
  std::size_t indent = 0;
  bool done = false;
};

Reader::Reader(Process& process, std::string content, ReaderOptions options)
    : process_(process), content_(std::move(content)), options_(options) {
  RequireMemory(process, content_.size());
}

std::string_view Reader::RawLine() {
  process_.Checkpoint();
  const std::size_t end = content_.find('\n', position_);
  const std::size_t next = end == std::string::npos ? content_.size() : end + 1;
  const std::string_view line = std::string_view(content_).substr(position_, next - position_);
  position_ = next;
  ++line_;
  return line;
}

// A line without the patch's indentation; the last one, too, has an end.
std::string Reader::Line() {
  std::string_view raw = RawLine();
  for (std::size_t column = 0; column < header_.indent && !raw.empty(); raw.remove_prefix(1)) {
    if (raw[0] == '\t') {
      column = (column + 8) / 8 * 8;
    } else if (raw[0] == ' ' || raw[0] == 'X') {
      ++column;
    } else {
      break;
    }
  }
  std::string line(raw);
  if (header_.strip_cr && line.ends_with("\r\n")) line.erase(line.size() - 2, 1);
  if (!line.empty() && line.back() != '\n') line += '\n';
  return line;
}

void Reader::Seek(std::size_t position, std::size_t line) {
  position_ = position;
  line_ = line;
}

bool Reader::Allows(Format format) const { return !options_.format || *options_.format == format; }

void Reader::ParseName(Header& header, std::size_t index, std::string_view text, bool stamped) {
  const NameField field = TakeFileName(text, stamped);
  if (!field.name) return;
  if (*field.name == kNoFile) {
    if (stamped) header.times[index] = FileTime{};
    return;
  }
  std::string name = *field.name;
  if (!StripSlashes(name, options_.strip)) return;
  header.names[index] = std::move(name);
  if (!stamped) return;
  header.stamps[index] = field.rest;
  const auto time = field.rest.empty() ? std::nullopt : ParseTime(field.rest, FileTime{});
  if (!time) return;
  // The time is local, and the epoch is what a missing file has in any zone.
  const auto since = time->time_since_epoch();
  const bool epoch = since > -std::chrono::hours(25) && since < std::chrono::hours(26);
  header.times[index] = epoch ? FileTime{} : *time;
}

void Reader::TakeIndexLine(Header& header, std::string_view text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return;
  const std::size_t end = std::min(text.find_first_of(" \r\n", dots), text.size());
  header.nonexistent = {SaysNonexistent(text.substr(0, dots)),
                        SaysNonexistent(text.substr(dots + 2, end - dots - 2))};
  if (end < text.size() && text[end] == ' ') {
    header.modes[0] = header.modes[1] = ModeOf(text.substr(end + 1));
  }
}

bool Reader::TakeGitHeader(Scan& scan, std::string_view line) {
  Header& header = scan.header;
  const auto after = [&](std::string_view prefix) -> std::optional<std::string_view> {
    if (!line.starts_with(prefix)) return std::nullopt;
    return line.substr(prefix.size());
  };
  if (const auto text = after("index ")) {
    TakeIndexLine(header, *text);
  } else if (const auto old_mode = after("old mode ")) {
    header.modes[0] = ModeOf(*old_mode);
  } else if (const auto new_mode = after("new mode ")) {
    header.modes[1] = ModeOf(*new_mode);
  } else if (const auto deleted = after("deleted file mode ")) {
    header.modes[0] = ModeOf(*deleted);
    header.nonexistent[1] = 2;
  } else if (const auto made = after("new file mode ")) {
    header.modes[1] = ModeOf(*made);
    header.nonexistent[0] = 2;
  } else if (after("rename from ") || after("rename to ")) {
    header.rename = true;
  } else if (after("copy from ") || after("copy to ")) {
    header.copy = true;
  } else {
    return false;
  }
  scan.extended_headers = true;
  return true;
}

// Lines that name the file. "+++" and "***" are both at 0 and "---" at 1 until a unified hunk
// tells that they stand the other way round.
bool Reader::TakeName(Scan& scan, std::string_view line) {
  Header& header = scan.header;
  const bool cr = line.ends_with("\r\n");
  if (!scan.stars_before && line.starts_with("*** ")) {
    ParseName(header, 0, line.substr(4), true);
  } else if (line.starts_with("+++ ")) {
    ParseName(header, 0, line.substr(4), true);
    header.strip_cr = cr;
  } else if (line.starts_with("Index:")) {
    ParseName(header, 2, line.substr(6), false);
    header.strip_cr = cr;
  } else if (line.starts_with("diff --git ")) {
    if (scan.extended_headers) {
      Begin(scan, Format::kUnified, scan.this_position, scan.this_line);
      return true;
    }
    header = Header{};
    header.git = true;
    const auto names = GitNames(line.substr(11));
    for (std::size_t i = 0; names && i < 2; ++i) {
      std::string name = (*names)[i];
      // Swapped, as those of "+++" and "---" are.
      if (StripSlashes(name, options_.strip)) header.names[1 - i] = name;
    }
  } else {
    while (line.starts_with("- ")) line.remove_prefix(2);  // Of mail that was passed on.
    if (!line.starts_with("--- ")) return false;
    ParseName(header, 1, line.substr(4), true);
    header.strip_cr = cr;
  }
  scan.need_header = false;
  return true;
}

void Reader::Begin(Scan& scan, Format format, std::size_t position, std::size_t line) {
  Header& header = scan.header;
  header.format = format;
  if (options_.binary) header.strip_cr = false;
  if (format == Format::kUnified || format == Format::kGitBinary) {
    std::swap(header.names[0], header.names[1]);
    std::swap(header.stamps[0], header.stamps[1]);
    std::swap(header.times[0], header.times[1]);
  }
  header.line = line;
  header.leading = content_.substr(base_, position - base_);
  Seek(position, line);
  scan.done = true;
}

bool Reader::TryHunkStart(Scan& scan, std::string_view line) {
  Header& header = scan.header;
  const auto missing = [&](std::size_t side) { return header.times[side] == FileTime{} ? 2 : 1; };
  const auto empty = [](std::string_view range) {
    return range.starts_with('0') && (range.size() < 2 || !IsDigit(range[1]));
  };
  if (Allows(Format::kUnified) && line.starts_with("@@ -")) {
    header.indent = scan.indent;
    Begin(scan, Format::kUnified, scan.this_position, scan.this_line);
    if (empty(line.substr(4))) header.nonexistent[0] = missing(0);
    const std::size_t plus = line.find(" +");
    if (plus != std::string_view::npos && empty(line.substr(plus + 2))) {
      header.nonexistent[1] = missing(1);
    }
    return true;
  }
  if (Allows(Format::kContext) && scan.stars_before && line.starts_with("*** ")) {
    if (empty(line.substr(4))) header.nonexistent[0] = missing(0);
    header.indent = scan.indent;
    if (line.ends_with("\r\n")) header.strip_cr = true;
    Begin(scan, Format::kContext, scan.previous, scan.this_line - 1);
    LookForDeletion(header);
    return true;
  }
  if (Allows(Format::kNormal) && scan.command_before &&
      (line.starts_with("< ") || line.starts_with("> "))) {
    header.indent = scan.indent;
    Begin(scan, Format::kNormal, scan.previous, scan.this_line - 1);
    return true;
  }
  return false;
}

// Only the first hunk of a context diff tells whether the new file has lines.
void Reader::LookForDeletion(Header& header) {
  const std::size_t position = position_;
  const std::size_t line = line_;
  const Header saved = std::exchange(header_, header);
  const auto hunk = ContextHunk();
  if (hunk && hunk->Count(1) == 0 && hunk->first[1] <= 1) {
    header.nonexistent[1] = header.times[1] == FileTime{} ? 2 : 1;
  }
  header_ = saved;
  Seek(position, line);
}

std::optional<Header> Reader::NextPatch(bool need_header) {
  Scan scan;
  scan.need_header = need_header && Allows(Format::kUnified);
  if (options_.format == Format::kNormal || options_.format == Format::kEd) {
    scan.need_header = false;
  }
  Seek(base_, base_line_);
  header_ = Header{};
  while (!scan.done) {
    const std::size_t before = scan.this_position;
    scan.this_position = position_;
    scan.this_line = line_;
    std::string_view line = RawLine();
    if (line.empty()) {
      if (scan.command_position != std::string::npos && Allows(Format::kEd)) {
        Begin(scan, Format::kEd, scan.command_position, scan.command_line);
      } else if (scan.extended_headers) {
        Begin(scan, Format::kUnified, scan.this_position, scan.this_line);
      } else {
        return std::nullopt;
      }
      break;
    }
    scan.previous = before;
    scan.indent = 0;
    for (; !line.empty() && (IsBlank(line[0]) || line[0] == 'X'); line.remove_prefix(1)) {
      scan.indent = line[0] == '\t' ? (scan.indent + 8) / 8 * 8 : scan.indent + 1;
    }
    const bool command = IsNormalCommand(line);
    if (!scan.need_header && scan.command_position == std::string::npos && IsEdCommand(line)) {
      scan.command_position = scan.this_position;
      scan.command_line = scan.this_line;
    }
    const bool named = TakeName(scan, line) || (scan.header.git && TakeGitHeader(scan, line));
    if (!scan.done && !named && scan.header.git && line.starts_with("GIT binary patch")) {
      Begin(scan, Format::kGitBinary, scan.this_position, scan.this_line);
    }
    if (!scan.done && !scan.need_header) TryHunkStart(scan, line);
    scan.stars_before = line.starts_with("********");
    scan.command_before = command;
  }
  found_ = true;
  header_ = scan.header;
  base_ = position_;
  base_line_ = line_;
  return header_;
}

}  // namespace computesdk::in_memory::patch
