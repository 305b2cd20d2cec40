#include "sdk/shell_file_system.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <random>
#include <string_view>
#include <utility>

#include "sdk/encoding.h"

namespace computesdk {
namespace {

// How the scripts say what went wrong: codes that neither a shell nor a signal gives.
enum ExitCode {
  kMissing = 40,
  kIsDirectory = 41,
  kNotDirectory = 42,
  kDenied = 43,
  kNoEncoder = 44,
  kNoLister = 45,
  kNoDecoder = 46,
};

// `encode` writes its input as text: a line that names the form, then the bytes in it. "end" on
// the last line shows that nothing was cut off.
constexpr std::string_view kPrelude = R"sh(
LC_ALL=C; export LC_ALL
there() { [ -e "$1" ] || [ -L "$1" ]; }
encode() {
  if command -v base64 >/dev/null 2>&1; then echo base64; base64
  elif command -v od >/dev/null 2>&1; then echo od; od -An -v -tx1
  else exit 44
  fi
}
)sh";

constexpr std::string_view kReadFile = R"sh(
[ -e "$1" ] || exit 40
[ -d "$1" ] && exit 41
[ -r "$1" ] || exit 43
encode <"$1" || exit
echo end
)sh";

// Writes a chunk to a file beside the target, which takes its place with the last one.
constexpr std::string_view kWriteFile = R"sh(
path=$1 parent=$2 draft=$3 steps=$4 form=$5 data=$6
fail() { rm -f "$draft"; exit "$1"; }
case $steps in *first*)
  [ -d "$path" ] && exit 41
  if [ -e "$path" ] && ! [ -w "$path" ]; then exit 43; fi
  [ -d "$parent" ] || mkdir -p "$parent" || exit 42
  [ -w "$parent" ] || exit 43
  : >"$draft" || exit 43
esac
case $form in
  base64)
    command -v base64 >/dev/null 2>&1 || fail 46
    printf %s "$data" | base64 -d >>"$draft" || fail 1 ;;
  octal) printf %b "$data" >>"$draft" || fail 1 ;;
esac
case $steps in *last*)
  if [ -L "$path" ] || { [ -e "$path" ] && ! [ -f "$path" ]; }; then
    cat "$draft" >"$path" || fail 43
    rm -f "$draft"
  else
    if [ -x "$path" ]; then chmod +x "$draft"; fi
    mv -f "$draft" "$path" || fail 43
  fi
esac
)sh";

constexpr std::string_view kMkdir = R"sh(
[ -d "$1" ] && exit 0
there "$1" && exit 42
mkdir -p "$1" || exit 42
)sh";

// A record is "MODE SIZE SECONDS ./NAME/": a name has no slash, so that it needs no quoting.
constexpr std::string_view kReaddir = R"sh(
there "$1" || exit 40
[ -d "$1" ] || exit 42
command -v stat >/dev/null 2>&1 && command -v xargs >/dev/null 2>&1 || exit 45
CDPATH= cd "$1" || exit 43
[ -r . ] || exit 43
for name in ./* ./.[!.]* ./..?*; do
  if there "$name"; then printf '%s\0' "$name"; fi
done | { xargs -0 -r stat -c '%f %s %Y %n/'; echo "$?"; } | encode || exit
echo end
)sh";

constexpr std::string_view kExists = R"sh(
there "$1" || exit 40
)sh";

constexpr std::string_view kRemove = R"sh(
there "$1" || exit 40
rm -rf "$1" || exit 43
)sh";

bool IsSpace(char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

std::optional<std::string> DecodeHex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    if (std::from_chars(&text[i], &text[i] + 2, value, 16).ptr != &text[i] + 2) {
      return std::nullopt;
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

// What `encode` made, back into bytes; nullopt if it is not whole.
std::optional<std::string> DecodeOutput(std::string output) {
  std::erase_if(output, IsSpace);
  std::string_view text = output;
  if (!text.ends_with("end")) return std::nullopt;
  text.remove_suffix(3);
  if (text.starts_with("base64")) return Base64Decode(text.substr(6));
  if (text.starts_with("od")) return DecodeHex(text.substr(2));
  return std::nullopt;
}

bool IsPlain(char c) { return c == '\n' || (c >= ' ' && c < 127 && c != '\\'); }

// As much of `content` as `limit` bytes can say for printf's %b; it is taken off the front.
std::string TakeOctal(std::string_view& content, std::size_t limit) {
  std::string text;
  while (!content.empty() && text.size() + 5 <= limit) {
    const auto byte = static_cast<unsigned char>(content[0]);
    if (IsPlain(content[0])) {
      text += content[0];
    } else {
      text += "\\0";
      for (const int shift : {6, 3, 0}) text += static_cast<char>('0' + (byte >> shift & 7));
    }
    content.remove_prefix(1);
  }
  return text;
}

std::string TakeBase64(std::string_view& content, std::size_t limit) {
  const std::size_t count = std::min(content.size(), limit / 4 * 3);
  std::string text = Base64Encode(content.substr(0, count));
  content.remove_prefix(count);
  return text;
}

std::string ParentOf(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string RandomName() {
  thread_local std::mt19937_64 random{std::random_device{}()};
  return ".write-" + std::to_string(random());
}

template <typename T>
bool TakeNumber(std::string_view& text, T& number, int base) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

// The entries, and the status of the program that described them, which stands last.
struct Listing {
  std::vector<FileEntry> entries;
  std::string status;
};

std::optional<Listing> ParseListing(std::string_view text, const std::string& directory) {
  constexpr unsigned kTypeMask = 0xf000;
  constexpr unsigned kDirectory = 0x4000;
  Listing listing;
  const std::string prefix = directory.ends_with('/') ? directory : directory + "/";
  while (text.find(' ') != std::string_view::npos) {
    unsigned mode = 0;
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    if (!TakeNumber(text, mode, 16) || !TakeNumber(text, size, 10) ||
        !TakeNumber(text, seconds, 10) || !text.starts_with("./")) {
      return std::nullopt;
    }
    const std::size_t end = text.find("/\n", 2);
    if (end == std::string_view::npos) return std::nullopt;
    FileEntry entry{.name = std::string(text.substr(2, end - 2))};
    entry.path = prefix + entry.name;
    entry.is_directory = (mode & kTypeMask) == kDirectory;
    entry.size = size;
    entry.last_modified = Timestamp(std::chrono::seconds(seconds));
    listing.entries.push_back(std::move(entry));
    text.remove_prefix(end + 2);
  }
  listing.status = text.substr(0, text.find('\n'));
  return listing;
}

// Runs the scripts. Shared by the six functions.
class Scripts {
 public:
  Scripts(RunCommandFunction run, ShellFileSystem options)
      : run_(std::move(run)), options_(std::move(options)) {}

  std::size_t chunk_bytes() const { return options_.chunk_bytes; }

  // The script's result, whatever its exit code is. An error where the path can be no path.
  Result<ExecutionResult> Try(const std::string& id, std::string_view script,
                              const std::string& path, std::vector<std::string> extra = {}) const {
    if (path.empty() || path.find('\0') != std::string::npos) {
      return MakeError(ErrorCode::kInvalidArgument,
                       path.empty() ? "the path is empty" : "the path holds a NUL byte");
    }
    std::vector<std::string> args = {"-c", std::string(kPrelude) + std::string(script), "sh",
                                     Plain(path)};
    std::move(extra.begin(), extra.end(), std::back_inserter(args));
    return run_(id, {.command = options_.shell, .args = std::move(args)});
  }

  // The result of a script that succeeded.
  Result<ExecutionResult> Run(const std::string& id, std::string_view script,
                              const std::string& path, std::vector<std::string> extra = {}) const {
    Result<ExecutionResult> result = Try(id, script, path, std::move(extra));
    if (result && result->exit_code != 0) return Failure(*result, path);
    return result;
  }

  // A path that no program takes for an option.
  static std::string Plain(const std::string& path) {
    return path.starts_with('-') ? "./" + path : path;
  }

  static tl::unexpected<Error> Failure(const ExecutionResult& result, const std::string& path) {
    switch (result.exit_code) {
      case kMissing:
        return MakeError(ErrorCode::kNotFound, path + ": no such file or directory");
      case kIsDirectory:
        return MakeError(ErrorCode::kFailedPrecondition, path + ": is a directory");
      case kNotDirectory:
        return MakeError(ErrorCode::kFailedPrecondition,
                         path + ": it, or a part of it, is not a directory");
      case kDenied:
        return MakeError(ErrorCode::kPermissionDenied, path + ": " + result.stderr_bytes);
      case kNoEncoder:
        return MakeError(ErrorCode::kFailedPrecondition,
                         path + ": the sandbox has neither the program base64 nor od");
      case kNoLister:
        return MakeError(ErrorCode::kFailedPrecondition,
                         path + ": the sandbox lacks the program stat or xargs");
      default:
        return MakeError(ErrorCode::kInternal, path + ": the script ended with exit code " +
                                                   std::to_string(result.exit_code) + ": " +
                                                   result.stderr_bytes);
    }
  }

 private:
  const RunCommandFunction run_;
  const ShellFileSystem options_;
};

Result<std::string> ReadFile(const Scripts& scripts, const std::string& id,
                             const std::string& path) {
  Result<ExecutionResult> result = scripts.Run(id, kReadFile, path);
  if (!result) return tl::unexpected<Error>(std::move(result.error()));
  std::optional<std::string> bytes = DecodeOutput(std::move(result->stdout_bytes));
  if (!bytes) return MakeError(ErrorCode::kInternal, path + ": the output is not whole");
  return std::move(*bytes);
}

// One way through all chunks; the exit code that ended it.
Result<ExecutionResult> WriteChunks(const Scripts& scripts, const std::string& id,
                                    const std::string& path, std::string_view content,
                                    bool base64) {
  const std::string parent = ParentOf(Scripts::Plain(path));
  const std::string draft = (parent == "/" ? "" : parent) + "/" + RandomName();
  Result<ExecutionResult> result;
  bool first = true;
  do {
    std::string data = base64 ? TakeBase64(content, scripts.chunk_bytes())
                              : TakeOctal(content, scripts.chunk_bytes());
    const std::string steps = std::string(first ? "first " : "") + (content.empty() ? "last" : "");
    result = scripts.Try(id, kWriteFile, path,
                         {parent, draft, steps, base64 ? "base64" : "octal", std::move(data)});
    first = false;
  } while (result && result->exit_code == 0 && !content.empty());
  return result;
}

Status WriteFile(const Scripts& scripts, const std::string& id, const std::string& path,
                 const std::string& content) {
  if (path.ends_with('/')) {
    return MakeError(ErrorCode::kInvalidArgument, path + ": a file's path ends with no slash");
  }
  Result<ExecutionResult> result = WriteChunks(scripts, id, path, content, /*base64=*/true);
  if (result && result->exit_code == kNoDecoder) {
    result = WriteChunks(scripts, id, path, content, /*base64=*/false);
  }
  if (!result) return tl::unexpected<Error>(std::move(result.error()));
  if (result->exit_code != 0) return Scripts::Failure(*result, path);
  return {};
}

Result<std::vector<FileEntry>> Readdir(const Scripts& scripts, const std::string& id,
                                       const std::string& path) {
  // An entry that vanishes between being named and being described fails `stat`: look again.
  constexpr int kAttempts = 3;
  std::string stderr_bytes;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Result<ExecutionResult> result = scripts.Run(id, kReaddir, path);
    if (!result) return tl::unexpected<Error>(std::move(result.error()));
    const std::optional<std::string> text = DecodeOutput(std::move(result->stdout_bytes));
    std::optional<Listing> listing = text ? ParseListing(*text, path) : std::nullopt;
    if (!listing) return MakeError(ErrorCode::kInternal, path + ": the output is not whole");
    if (listing->status == "0") return std::move(listing->entries);
    stderr_bytes = std::move(result->stderr_bytes);
  }
  return MakeError(ErrorCode::kInternal, path + ": cannot describe an entry: " + stderr_bytes);
}

Result<bool> Exists(const Scripts& scripts, const std::string& id, const std::string& path) {
  Result<ExecutionResult> result = scripts.Try(id, kExists, path);
  if (!result) return tl::unexpected<Error>(std::move(result.error()));
  if (result->exit_code == 0) return true;
  if (result->exit_code == kMissing) return false;
  return Scripts::Failure(*result, path);
}

Status WithoutResult(const Result<ExecutionResult>& result) {
  if (!result) return tl::unexpected<Error>(result.error());
  return {};
}

}  // namespace

FileSystemFunctions MakeShellFileSystem(RunCommandFunction run_command, ShellFileSystem options) {
  const auto scripts = std::make_shared<const Scripts>(std::move(run_command), std::move(options));
  using Text = const std::string&;
  return {
      .read_file = [scripts](Text id, Text path) { return ReadFile(*scripts, id, path); },
      .write_file = [scripts](Text id, Text path,
                              Text content) { return WriteFile(*scripts, id, path, content); },
      .mkdir = [scripts](Text id,
                         Text path) { return WithoutResult(scripts->Run(id, kMkdir, path)); },
      .readdir = [scripts](Text id, Text path) { return Readdir(*scripts, id, path); },
      .exists = [scripts](Text id, Text path) { return Exists(*scripts, id, path); },
      .remove = [scripts](Text id,
                          Text path) { return WithoutResult(scripts->Run(id, kRemove, path)); },
  };
}

}  // namespace computesdk
