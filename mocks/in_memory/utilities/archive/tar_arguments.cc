#include "mocks/in_memory/utilities/archive/tar_arguments.h"

#include <utility>

#include "mocks/in_memory/utilities/archive/tar.h"

namespace computesdk::in_memory::tar {

const std::vector<Options::Long>& LongOptions() {
  static const auto* const kOptions =
      new std::vector<Options::Long>{{"create", 'c'},
                                     {"extract", 'x'},
                                     {"get", 'x'},
                                     {"list", 't'},
                                     {"append", 'r'},
                                     {"update", 'u'},
                                     {"file", 'f', Options::kRequired},
                                     {"verbose", 'v'},
                                     {"gzip", 'z'},
                                     {"gunzip", 'z'},
                                     {"ungzip", 'z'},
                                     {"bzip2", 'j'},
                                     {"xz", 'J'},
                                     {"auto-compress", 'a'},
                                     {"directory", 'C', Options::kRequired},
                                     {"files-from", 'T', Options::kRequired},
                                     {"exclude-from", 'X', Options::kRequired},
                                     {"add-file", kAddFile, Options::kRequired},
                                     {"exclude", kExclude, Options::kRequired},
                                     {"exclude-vcs", kExcludeVcs},
                                     {"strip-components", kStrip, Options::kRequired},
                                     {"to-stdout", 'O'},
                                     {"keep-old-files", 'k'},
                                     {"skip-old-files", kSkipOld},
                                     {"keep-newer-files", kKeepNewer},
                                     {"overwrite", kOverwrite},
                                     {"touch", 'm'},
                                     {"dereference", 'h'},
                                     {"absolute-names", 'P'},
                                     {"preserve-permissions", 'p'},
                                     {"same-permissions", 'p'},
                                     {"no-same-permissions", kNoSamePermissions},
                                     {"same-owner", kSameOwner},
                                     {"no-same-owner", kNoSameOwner},
                                     {"owner", kOwner, Options::kRequired},
                                     {"group", kGroup, Options::kRequired},
                                     {"mode", kMode, Options::kRequired},
                                     {"numeric-owner", kNumeric},
                                     {"mtime", kTime, Options::kRequired},
                                     {"no-recursion", kNoRecursion},
                                     {"recursion", kRecursion},
                                     {"wildcards", kWildcards},
                                     {"no-wildcards", kNoWildcards},
                                     {"remove-files", kRemoveFiles},
                                     {"totals", kTotals},
                                     {"verify", 'W'},
                                     {"full-time", kFullTime},
                                     {"null", kNull},
                                     {"sparse", 'S'},
                                     {"read-full-records", 'B'},
                                     {"blocking-factor", 'b', Options::kRequired},
                                     {"record-size", kRecordSize, Options::kRequired},
                                     {"ignore-zeros", 'i'},
                                     {"interactive", 'w'},
                                     {"confirmation", 'w'},
                                     {"check-links", 'l'},
                                     {"unlink-first", 'U'},
                                     {"delete", kDelete},
                                     {"diff", 'd'},
                                     {"compare", 'd'},
                                     {"catenate", 'A'},
                                     {"concatenate", 'A'},
                                     {"newer", 'N', Options::kRequired},
                                     {"after-date", 'N', Options::kRequired},
                                     {"newer-mtime", kNewerTime, Options::kRequired},
                                     {"transform", kTransform, Options::kRequired},
                                     {"xform", kTransform, Options::kRequired},
                                     {"show-transformed-names", kShowTransformed},
                                     {"show-stored-names", kShowTransformed},
                                     {"one-top-level", kTopLevel, Options::kOptional},
                                     {"ignore-failed-read", kIgnoreFailedRead},
                                     {"exclude-backups", kExcludeBackups},
                                     {"anchored", kAnchored},
                                     {"no-anchored", kNotAnchored},
                                     {"utc", kUtc},
                                     {"use-compress-program", 'I', Options::kRequired},
                                     {"compress", 'Z'},
                                     {"lzma", kOtherCompressor},
                                     {"zstd", kOtherCompressor},
                                     {"no-auto-compress", kNoAutoCompress},
                                     {"no-overwrite-dir", kKeepFolders},
                                     {"overwrite-dir", kOverwriteFolders},
                                     {"one-file-system", kOneFileSystem},
                                     {"keep-directory-symlink", kOneFileSystem},
                                     {"recursive-unlink", kOneFileSystem},
                                     {"wildcards-match-slash", kMatchSlash},
                                     {"no-wildcards-match-slash", kNoMatchSlash},
                                     {"hard-dereference", kHardDereference},
                                     {"exclude-tag", kExcludeTag, Options::kRequired},
                                     {"exclude-tag-under", kExcludeTagUnder, Options::kRequired},
                                     {"exclude-tag-all", kExcludeTagAll, Options::kRequired},
                                     {"exclude-caches", kExcludeCaches},
                                     {"exclude-caches-under", kExcludeCachesUnder},
                                     {"exclude-caches-all", kExcludeCachesAll},
                                     {"clamp-mtime", kClampTime},
                                     {"ignore-case", kIgnoreCase},
                                     {"no-ignore-case", kNoIgnoreCase},
                                     {"quoting-style", kQuotingStyle, Options::kRequired},
                                     {"acls", kOneFileSystem},
                                     {"no-acls", kOneFileSystem},
                                     {"selinux", kOneFileSystem},
                                     {"no-selinux", kOneFileSystem},
                                     {"xattrs", kOneFileSystem},
                                     {"no-xattrs", kOneFileSystem},
                                     {"xattrs-include", kOneFileSystem, Options::kRequired},
                                     {"xattrs-exclude", kOneFileSystem, Options::kRequired},
                                     {"atime-preserve", kOneFileSystem, Options::kOptional},
                                     {"check-device", kOneFileSystem},
                                     {"no-check-device", kOneFileSystem},
                                     {"delay-directory-restore", kOneFileSystem},
                                     {"no-delay-directory-restore", kOneFileSystem},
                                     {"force-local", kOneFileSystem},
                                     {"preserve-order", kOneFileSystem},
                                     {"same-order", kOneFileSystem},
                                     {"seek", kOneFileSystem},
                                     {"no-seek", kOneFileSystem},
                                     {"no-verbatim-files-from", kOneFileSystem},
                                     {"verbatim-files-from", kOneFileSystem},
                                     {"format", 'H', Options::kRequired},
                                     {"sort", kSort, Options::kRequired},
                                     {"warning", kWarning, Options::kRequired}};
  return *kOptions;
}

std::vector<std::string> ReadNames(Process& process, const std::string& file, char delimiter) {
  int fd = 0;
  if (file != "-") {
    const auto opened = process.Open(file, 0);
    if (!opened) Die(process, file + ": Cannot open: " + ErrnoText(opened.error()));
    fd = *opened;
  }
  const ScopedDescriptor scoped(process, file == "-" ? -1 : fd);
  std::vector<std::string> names;
  std::size_t bytes = 0;
  Input input(process, fd);
  while (const auto line = input.ReadLine(delimiter)) {
    RequireMemory(process, bytes += line->size() + 1);
    if (!line->empty()) names.emplace_back(*line);
  }
  return names;
}

void ModernizeLetters(Process& process) {
  auto& args = process.args;
  if (args.size() < 2 || args[1].empty() || args[1][0] == '-') return;
  const std::string letters = args[1];
  std::vector<std::string> modern = {args[0]};
  std::size_t next = 2;
  for (const char letter : letters) {
    modern.push_back(std::string("-") + letter);
    const std::size_t at = kTarLetters.find(letter);
    if (letter == ':' || at == std::string_view::npos || at + 1 >= kTarLetters.size() ||
        kTarLetters[at + 1] != ':') {
      continue;
    }
    if (next == args.size()) {
      Complain(process, std::string("Old option '") + letter + "' requires an argument.");
      (void)process.Write(2, "Try 'tar --help' or 'tar --usage' for more information.\n");
      process.Exit(2);
    }
    modern.push_back(args[next++]);
  }
  modern.insert(modern.end(), args.begin() + static_cast<std::ptrdiff_t>(next), args.end());
  args = std::move(modern);
}

}  // namespace computesdk::in_memory::tar
