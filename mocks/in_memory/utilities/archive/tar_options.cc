#include <algorithm>

#include "mocks/in_memory/utilities/archive/tar.h"
#include "mocks/in_memory/utilities/archive/tar_arguments.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory::tar {
namespace {

[[noreturn]] void TarUsage(Process& process, const std::string& message) {
  Complain(process, message);
  (void)process.Write(2, "Try 'tar --help' or 'tar --usage' for more information.\n");
  process.Exit(2);
}

constexpr int kUsageStatus = 64;  // Of an option that is wrong in itself.

class StyleParser {
 public:
  explicit StyleParser(Process& process)
      : process_(process), options_(process, kTarLetters, LongOptions(), kUsageStatus) {
    style_.zone = ZoneOf(process);
    // Said only when asked for.
    style_.quiet_warnings = {"existing-file"};
  }

  Style Parse() {
    while (const auto option = options_.Next()) {
      // What stands before a -C belongs to the folder before it.
      TakeOperands();
      Take(option->letter, option->value);
    }
    TakeOperands();
    if (style_.mode == 0) {
      TarUsage(process_,
               "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options");
    }
    if (style_.mode == 'c' && style_.operands.empty() && !from_file_) {
      TarUsage(process_, "Cowardly refusing to create an empty archive");
    }
    style_.folder = folder_;
    TellOfDate();
    if (top_level_) style_.top_level = TopLevel();
    if (automatic_ && style_.mode == 'c') {
      style_.gzip |= style_.archive.ends_with(".gz") || style_.archive.ends_with(".tgz");
    }
    return std::move(style_);
  }

 private:
  // -v: what a date was taken for.
  void TellOfDate() {
    if (style_.verbose == 0 || !style_.time || date_.starts_with('/') || date_.starts_with('.')) {
      return;
    }
    const std::string taken = FormatTime("%Y-%m-%d %H:%M:%S", *style_.time, style_.zone);
    if (taken == date_ || *style_.time == FileTime::min()) return;
    Complain(process_, "Option --mtime: Treating date '" + date_ + "' as " + taken);
  }

  void TakeOperands() {
    const auto& operands = options_.operands();
    for (; taken_ < operands.size(); ++taken_) {
      style_.operands.push_back({operands[taken_], folder_});
    }
  }

  void Mode(char letter) {
    if (style_.mode != 0 && style_.mode != letter) {
      TarUsage(
          process_,
          "You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option");
    }
    style_.mode = letter;
  }

  [[noreturn]] void NoCompressor(const std::string& name) {
    (void)process_.Write(2, "tar (child): " + name +
                                ": Cannot exec: No such file or directory\n"
                                "tar (child): Error is not recoverable: exiting now\n");
    Complain(process_, "Child returned status 2");
    Die(process_, "");
  }

  void Take(int letter, const std::string& value) {
    switch (letter) {
      case 'c':
      case 'x':
      case 't':
      case 'r':
      case 'u':
      case 'd':
      case 'A':
        return Mode(static_cast<char>(letter));
      case kDelete:
        return Mode('D');
      case 'f':
        style_.archive = value;
        return;
      case 'v':
        ++style_.verbose;
        return;
      case 'z':
        style_.gzip = true;
        return;
      case 'j':
        NoCompressor("bzip2");
      case 'J':
        NoCompressor("xz");
      case 'Z':
        NoCompressor("compress");
      case kOtherCompressor:
        NoCompressor("zstd");
      case 'I': {
        const std::string program = value.substr(0, value.find(' '));
        if (program.substr(program.find_last_of('/') + 1) != "gzip") NoCompressor(program);
        style_.gzip = true;
        return;
      }
      case 'a':
        automatic_ = true;
        return;
      case 'C':
        folder_ = folder_.empty() ? value : JoinPath(folder_, value);
        if (!IsDirectory(process_, folder_)) {
          const auto status = StatPath(process_, folder_);
          Die(process_,
              value + ": Cannot open: " + (status ? "Not a directory" : ErrnoText(status.error())));
        }
        return;
      case 'T':
        from_file_ = true;
        for (std::string& name : ReadNames(process_, value, null_ ? '\0' : '\n')) {
          style_.operands.push_back({std::move(name), folder_});
        }
        return;
      case 'X':
        for (std::string& pattern : ReadNames(process_, value, '\n')) {
          style_.excludes.push_back(std::move(pattern));
        }
        return;
      case 'O':
        style_.to_stdout = true;
        return;
      case 'k':
        style_.keep_old = true;
        return;
      case 'm':
        style_.touch = true;
        return;
      case 'h':
        style_.dereference = true;
        return;
      case 'P':
        style_.absolute = true;
        return;
      case 'p':
        style_.same_mode = true;
        return;
      case 'o':
        if (style_.mode == 'x') style_.same_owner = false;
        if (style_.mode == 'c') style_.format = TarFormat::kV7;
        return;
      default:
        TakeRare(letter, value);
    }
  }

  void TakeRare(int letter, const std::string& value) {
    switch (letter) {
      case 'b':
      case kRecordSize: {
        const auto count = letter == 'b' ? ParseInteger(value) : ParseSize(value);
        constexpr std::int64_t kMost = 1 << 22;
        if (!count || *count < 1 || *count > kMost) {
          TarUsage(process_,
                   value + (letter == 'b' ? ": Invalid blocking factor" : ": Invalid record size"));
        }
        if (letter == kRecordSize && *count % kTarBlock != 0) {
          TarUsage(process_, "Record size must be a multiple of 512.");
        }
        style_.record = static_cast<std::size_t>(*count) * (letter == 'b' ? kTarBlock : 1);
        return;
      }
      case 'H':
        style_.format = FormatNamed(value);
        return;
      case 'i':
        style_.ignore_zeros = true;
        return;
      case 'w':
        style_.interactive = true;
        return;
      case 'l':
        style_.check_links = true;
        return;
      case 'N':
      case kNewerTime:
        style_.newer_by_change = letter == 'N';
        style_.newer = TimeOf(value);
        if (!style_.newer) TarUsage(process_, "Invalid date: " + value);
        return;
      case 'S':
      case 'B':
      case 'U':  // A file is always removed before another takes its name.
      case 'n':
      case 's':
      case 'W':  // What is written is there.
      case kOneFileSystem:
        return;
      case kSort:
        style_.by_inode = OneOf("--sort", value, kSortWords) == "inode";
        return;
      case kWarning:
        Warn(value);
        return;
      case kTransform:
        if (!ParseTransforms(value, style_.transforms)) {
          TarUsage(process_, "Invalid transform expression");
        }
        return;
      case kShowTransformed:
        style_.show_transformed = true;
        return;
      case kTopLevel:
        top_level_ = value;
        return;
      case kKeepFolders:
      case kOverwriteFolders:
        style_.keep_folders = letter == kKeepFolders;
        return;
      case kIgnoreFailedRead:
        style_.ignore_failed_read = true;
        return;
      case kAnchored:
      case kNotAnchored:
        style_.anchored = letter == kAnchored;
        return;
      case kUtc:
        style_.zone = TimeZone();
        return;
      case kNoAutoCompress:
        automatic_ = false;
        return;
      case kExcludeBackups:
        for (const char* name : {".#*", "*~", "#*#"}) style_.excludes.emplace_back(name);
        return;
      default:
        TakeLong(letter, value);
    }
  }

  // The folder of --one-top-level: its own, or the archive's name without what tar adds to one.
  std::string TopLevel() {
    if (!top_level_->empty()) return *top_level_;
    std::string name = style_.archive.substr(style_.archive.find_last_of('/') + 1);
    for (const std::string_view end : {".tar.gz", ".tar", ".tgz"}) {
      if (name.size() > end.size() && name.ends_with(end)) {
        return name.substr(0, name.size() - end.size());
      }
    }
    Complain(process_,
             "Cannot deduce top-level directory name; please set it explicitly with "
             "--one-top-level=DIR");
    Die(process_, "");
  }

  TarFormat FormatNamed(const std::string& name) {
    static constexpr std::pair<std::string_view, TarFormat> kFormats[] = {
        {"gnu", TarFormat::kGnu},   {"oldgnu", TarFormat::kGnu},  {"pax", TarFormat::kPax},
        {"posix", TarFormat::kPax}, {"ustar", TarFormat::kUstar}, {"v7", TarFormat::kV7}};
    for (const auto& [known, format] : kFormats) {
      if (name == known) return format;
    }
    TarUsage(process_, name + ": Invalid archive format");
  }

  // The whole of a word that may be cut short where that is unambiguous.
  template <typename Words>
  std::string_view OneOf(const std::string& option, const std::string& value, const Words& words) {
    std::string_view found;
    bool several = false;
    for (const std::string_view word : words) {
      if (word == value) return word;
      if (!word.starts_with(value)) continue;
      several |= !found.empty();
      found = word;
    }
    if (!found.empty() && !several) return found;
    Complain(process_, InvalidArgument(value, option, {std::begin(words), std::end(words)},
                                       several ? "ambiguous" : "invalid"));
    constexpr int kUsage = 2;
    process_.Exit(kUsage);
  }

  void Warn(const std::string& value) {
    const bool off = value.starts_with("no-");
    const std::string word = off ? value.substr(3) : value;
    if (word == "none") {
      style_.quiet_warnings.insert(kWarnings.begin(), kWarnings.end());
      return;
    }
    const std::string_view known = OneOf("--warning", word, kWarnings);
    for (const std::string_view warning : kWarnings) {
      if (known != "all" && warning != known) continue;
      if (off) {
        style_.quiet_warnings.insert(warning);
      } else {
        style_.quiet_warnings.erase(warning);
      }
    }
  }

  // A date, or that of a file, whose name begins with "/" or ".".
  std::optional<FileTime> TimeOf(const std::string& value) {
    if (!value.starts_with('/') && !value.starts_with('.')) {
      return ParseTime(value, process_.clock().Now(), style_.zone);
    }
    const auto status = StatPath(process_, value);
    return status ? std::optional(status->modified) : std::nullopt;
  }

  void TakeLong(int letter, const std::string& value) {
    switch (letter) {
      case kExclude: {
        std::string pattern = value;
        while (pattern.size() > 1 && pattern.ends_with('/')) pattern.pop_back();
        style_.excludes.push_back(pattern);
        return;
      }
      case kExcludeVcs:
        for (const char* name : {".git", ".gitignore", ".gitattributes", ".gitmodules", ".svn",
                                 ".hg", ".hgignore", ".bzr", "CVS", "RCS", "SCCS"}) {
          style_.excludes.emplace_back(name);
        }
        return;
      case kStrip: {
        const auto count = ParseInteger(value);
        if (!count || *count < 0) TarUsage(process_, value + ": Invalid number of elements");
        style_.strip = *count;
        return;
      }
      case kOwner:
        style_.owner = AccountOf(value);
        return;
      case kGroup:
        style_.group = AccountOf(value);
        return;
      case kMode:
        style_.mode_change = ModeChange::Parse(value);
        if (!style_.mode_change) TarUsage(process_, "Invalid mode given on option");
        return;
      case kTime: {
        style_.time = TimeOf(value);
        date_ = value;
        if (!style_.time) {
          Complain(process_, "Substituting -9223372036854775807 for unknown date format " +
                                 QuotedWord(value));
          style_.time = FileTime::min();
        }
        return;
      }
      case kNumeric:
        style_.numeric = true;
        return;
      case kNoRecursion:
        style_.recursive = false;
        return;
      case kRecursion:
        style_.recursive = true;
        return;
      case kWildcards:
      case kNoWildcards:
        style_.wildcards = letter == kWildcards;
        style_.wildcards_given = true;
        return;
      case kHardDereference:
        style_.hard_dereference = true;
        return;
      case kClampTime:
        style_.clamp_time = true;
        return;
      case kMatchSlash:
      case kNoMatchSlash:
        style_.slashes_part = letter == kNoMatchSlash;
        return;
      case kIgnoreCase:
      case kNoIgnoreCase:
        style_.ignore_case = letter == kIgnoreCase;
        return;
      case kSameOwner:
        style_.same_owner = true;
        return;
      case kNoSameOwner:
        style_.same_owner = false;
        return;
      case kAddFile:
        style_.operands.push_back({value, folder_});
        return;
      case kNoSamePermissions:
        style_.same_mode = false;
        return;
      case kSkipOld:
        style_.skip_old = true;
        return;
      case kKeepNewer:
        style_.keep_newer = true;
        return;
      case kOverwrite:
        style_.keep_old = style_.skip_old = false;
        return;
      case kRemoveFiles:
        style_.remove_files = true;
        return;
      case kTotals:
        style_.totals = true;
        return;
      case kFullTime:
        style_.full_time = true;
        return;
      case kNull:
        null_ = true;
        return;
      case kQuotingStyle:
        style_.quoting = ParseQuoting(value);
        if (!style_.quoting) {
          Die(process_, "Unknown quoting style '" + value +
                            "'. Try 'tar --quoting-style=help' to get a list.");
        }
        return;
      default:
        TakeTag(letter, value);
    }
  }

  void TakeTag(int letter, const std::string& value) {
    using Tagged = Style::Tagged;
    static const std::string kCacheTag = "CACHEDIR.TAG";
    static const std::string kCacheMark = "Signature: 8a477f597d28d172789f06886806bc55";
    switch (letter) {
      case kExcludeTag:
        return style_.tags.push_back({value, "", Tagged::kKeepsTag});
      case kExcludeTagUnder:
        return style_.tags.push_back({value, "", Tagged::kKeepsFolder});
      case kExcludeTagAll:
        return style_.tags.push_back({value, "", Tagged::kKeepsNothing});
      case kExcludeCaches:
        return style_.tags.push_back({kCacheTag, kCacheMark, Tagged::kKeepsTag});
      case kExcludeCachesUnder:
        return style_.tags.push_back({kCacheTag, kCacheMark, Tagged::kKeepsFolder});
      case kExcludeCachesAll:
        return style_.tags.push_back({kCacheTag, kCacheMark, Tagged::kKeepsNothing});
      default:
        return;
    }
  }

  static Style::Account AccountOf(const std::string& value) {
    const std::size_t colon = std::min(value.find(':'), value.size());
    Style::Account account{value.substr(0, colon), std::nullopt};
    const auto id = ParseInteger(colon < value.size() ? value.substr(colon + 1) : value);
    if (id && *id >= 0) account.id = static_cast<unsigned>(*id);
    if (colon == value.size() && id) account.name.clear();
    return account;
  }

  Process& process_;
  Options options_;
  Style style_;
  std::string folder_;
  std::string date_;  // As --mtime has it.
  std::size_t taken_ = 0;
  bool from_file_ = false;
  bool automatic_ = false;
  bool null_ = false;
  std::optional<std::string> top_level_;
};

}  // namespace

Style ParseStyle(Process& process) {
  ModernizeLetters(process);
  return StyleParser(process).Parse();
}

}  // namespace computesdk::in_memory::tar
