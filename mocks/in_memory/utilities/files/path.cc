#include "mocks/in_memory/utilities/files/path.h"

#include <algorithm>
#include <vector>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr int kMaxLinks = 40;

std::vector<std::string> Parts(std::string_view path) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (end > 0) parts.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return parts;
}

std::string ParentOf(const std::string& path) {
  const auto slash = path.find_last_of('/');
  return slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
}

// Resolves the parts that are left, the next one last.
class Canonicaliser {
 public:
  Canonicaliser(Process& process, Missing missing) : process_(process), missing_(missing) {}

  IoResult<std::string> Resolve(std::string_view path) {
    Push(path);
    bool below_missing = false;
    while (!pending_.empty()) {
      process_.Checkpoint();
      const std::string part = std::move(pending_.back());
      pending_.pop_back();
      if (part == "." || part == "..") {
        if (missing_ != Missing::kAnything) {
          const auto folder = process_.files().Stat(path_);
          if (!folder) return IoError(folder.error());
          if (folder->type != FileType::kDirectory) return IoError(std::errc::not_a_directory);
        }
        if (part == "..") path_ = ParentOf(path_);
        continue;
      }
      const std::string next = ChildPath(path_, part);
      const auto status = process_.files().Stat(next, Follow::kNo);
      if (!status) {
        if (!MayBeMissing(status.error(), below_missing)) return IoError(status.error());
        below_missing = true;
        path_ = next;
      } else if (status->type == FileType::kSymlink) {
        const IoStatus followed = FollowLink(next);
        if (!followed) return IoError(followed.error());
      } else {
        path_ = next;
      }
    }
    return path_;
  }

 private:
  void Push(std::string_view path) {
    const std::vector<std::string> parts = Parts(path);
    pending_.insert(pending_.end(), parts.rbegin(), parts.rend());
  }

  bool MayBeMissing(std::errc error, bool below_missing) const {
    if (missing_ == Missing::kAnything) return true;
    return missing_ == Missing::kLastPart && error == std::errc::no_such_file_or_directory &&
           !below_missing && pending_.empty();
  }

  IoStatus FollowLink(const std::string& link) {
    if (++links_ > kMaxLinks) {
      if (missing_ != Missing::kAnything) return IoError(std::errc::too_many_symbolic_link_levels);
      path_ = link;
      return {};
    }
    const auto target = process_.files().ReadLink(link);
    if (!target) return IoError(target.error());
    if (target->starts_with('/')) path_ = "/";
    Push(*target);
    return {};
  }

  Process& process_;
  const Missing missing_;
  std::string path_ = "/";
  std::vector<std::string> pending_;
  int links_ = 0;
};

// --- the programs ---------------------------------------------------------------------------

int BasenameMain(Process& process) {
  bool multiple = false;
  std::string suffix;
  std::string end = "\n";
  Options options(process, "+as:z",
                  {{"multiple", 'a'}, {"suffix", 's', Options::kRequired}, {"zero", 'z'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'a') multiple = true;
    if (option->letter == 's') {
      multiple = true;
      suffix = option->value;
    }
    if (option->letter == 'z') end.assign(1, '\0');
  }
  std::vector<std::string> names = options.operands();
  if (names.empty()) UsageError(process, "missing operand");
  if (!multiple && names.size() > 2) UsageError(process, "extra operand " + QuotedWord(names[2]));
  if (!multiple && names.size() == 2) {
    suffix = names[1];
    names.pop_back();
  }
  Output out(process);
  for (const std::string& name : names) {
    std::string base = LastComponent(name);
    if (base.size() > suffix.size() && base.ends_with(suffix)) {
      base.resize(base.size() - suffix.size());
    }
    out << base << end;
  }
  return out.Finish(0);
}

int DirnameMain(Process& process) {
  std::string end = "\n";
  Options options(process, "z", {{"zero", 'z'}});
  while (options.Next()) end.assign(1, '\0');
  if (options.operands().empty()) UsageError(process, "missing operand");
  Output out(process);
  for (const std::string& name : options.operands()) out << ParentPath(name) << end;
  return out.Finish(0);
}

int ReadlinkMain(Process& process) {
  std::optional<Missing> canonical;
  bool no_newline = false;
  bool verbose = false;
  std::string end = "\n";
  Options options(process, "efmnqsvz",
                  {{"canonicalize", 'f'},
                   {"canonicalize-existing", 'e'},
                   {"canonicalize-missing", 'm'},
                   {"no-newline", 'n'},
                   {"quiet", 'q'},
                   {"silent", 's'},
                   {"verbose", 'v'},
                   {"zero", 'z'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'e') canonical = Missing::kNothing;
    if (option->letter == 'f') canonical = Missing::kLastPart;
    if (option->letter == 'm') canonical = Missing::kAnything;
    if (option->letter == 'n') no_newline = true;
    if (option->letter == 'q' || option->letter == 's') verbose = false;
    if (option->letter == 'v') verbose = true;
    if (option->letter == 'z') end.assign(1, '\0');
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  if (no_newline && options.operands().size() == 1) {
    end.clear();
  } else if (no_newline) {
    Complain(process, "ignoring --no-newline with multiple arguments");
  }
  Output out(process);
  int status = 0;
  for (const std::string& name : options.operands()) {
    const auto result = canonical ? CanonicalPath(process, name, *canonical)
                                  : process.files().ReadLink(process.AbsolutePath(name));
    if (result) {
      out << *result << end;
    } else {
      if (verbose) ComplainOf(process, name, result.error());
      status = 1;
    }
  }
  return out.Finish(status);
}

constexpr int kRelativeTo = 256;
constexpr int kRelativeBase = 257;

bool IsBelow(std::string_view path, const std::string& folder) {
  return path == folder || folder == "/" || path.starts_with(folder + "/");
}

int RealpathMain(Process& process) {
  Missing missing = Missing::kLastPart;
  bool strip = false;
  bool quiet = false;
  std::string end = "\n";
  std::optional<std::string> relative_to;
  std::optional<std::string> relative_base;
  Options options(process, "eLmPqsz",
                  {{"canonicalize-existing", 'e'},
                   {"canonicalize-missing", 'm'},
                   {"logical", 'L'},
                   {"no-symlinks", 's'},
                   {"physical", 'P'},
                   {"quiet", 'q'},
                   {"relative-base", kRelativeBase, Options::kRequired},
                   {"relative-to", kRelativeTo, Options::kRequired},
                   {"strip", 's'},
                   {"zero", 'z'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'e') missing = Missing::kNothing;
    if (option->letter == 'm') missing = Missing::kAnything;
    if (option->letter == 'q') quiet = true;
    if (option->letter == 's' || option->letter == 'L') strip = true;
    if (option->letter == 'z') end.assign(1, '\0');
    if (option->letter == kRelativeTo) relative_to = option->value;
    if (option->letter == kRelativeBase) relative_base = option->value;
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  const auto resolve = [&](const std::string& name) -> IoResult<std::string> {
    if (!strip) return CanonicalPath(process, name, missing);
    if (name.empty()) return IoError(std::errc::no_such_file_or_directory);
    const std::string folder = process.files().RealPath(process.cwd).value_or(process.cwd);
    return NormalisedPath(JoinPath(folder, name));
  };
  std::string base;
  if (relative_to) {
    const auto folder = resolve(*relative_to);
    if (!folder) {
      ComplainOf(process, *relative_to, folder.error());
      return 1;
    }
    base = *folder;
  }
  const std::string limit = relative_base ? resolve(*relative_base).value_or("") : "";
  if (relative_base && !relative_to) base = limit;
  // Outside of the limit nothing is relative.
  if (relative_base && relative_to && !IsBelow(base, limit)) base.clear();
  Output out(process);
  int status = 0;
  for (const std::string& name : options.operands()) {
    const auto path = resolve(name);
    if (!path) {
      if (!quiet) ComplainOf(process, name, path.error());
      status = 1;
      continue;
    }
    const bool relative = !base.empty() && (!relative_base || IsBelow(*path, limit));
    out << (relative ? PathBetween(base, *path) : *path) << end;
  }
  return out.Finish(status);
}

std::string LengthProblem(std::size_t limit, std::size_t length) {
  return "limit " + std::to_string(limit) + " exceeded by length " + std::to_string(length) +
         " of file name ";
}

// What pathchk says of a name; "" where nothing is wrong.
std::string PathProblem(Process& process, const std::string& name, bool portable, bool careful) {
  static constexpr std::string_view kPortable =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/";
  const std::size_t most = portable ? 255 : 4095;
  const std::size_t most_of_part = portable ? 14 : 255;
  const auto parts = Parts(name);
  if (careful && std::any_of(parts.begin(), parts.end(),
                             [](const std::string& part) { return part[0] == '-'; })) {
    return "leading '-' in a component of file name " + QuotedName(name);
  }
  if ((portable || careful) && name.empty()) return "empty file name";
  if (portable) {
    const std::size_t at = name.find_first_not_of(kPortable);
    if (at != std::string::npos) {
      const std::size_t length = DecodeUtf8(std::string_view(name).substr(at)).length;
      return "nonportable character " + LocaleQuoted(process, name.substr(at, length)) +
             " in file name " + QuotedName(name);
    }
  } else {
    const auto status = StatLink(process, name);
    if (!status && (name.empty() || status.error() != std::errc::no_such_file_or_directory)) {
      return (name.empty() ? "''" : ShownName(name)) + ": " + ErrnoText(status.error());
    }
  }
  if (name.size() > most) return LengthProblem(most, name.size()) + QuotedName(name);
  for (const std::string& part : parts) {
    if (part.size() > most_of_part) {
      return LengthProblem(most_of_part, part.size()) + "component " + LocaleQuoted(process, part);
    }
  }
  return "";
}

int PathchkMain(Process& process) {
  bool portable = false;
  bool careful = false;
  Options options(process, "pP", {{"portability", 256}});
  while (const auto option = options.Next()) {
    if (option->letter != 'P') portable = true;
    if (option->letter != 'p') careful = true;
  }
  if (options.operands().empty()) UsageError(process, "missing operand");
  int status = 0;
  for (const std::string& name : options.operands()) {
    const std::string problem = PathProblem(process, name, portable, careful);
    if (problem.empty()) continue;
    Complain(process, problem);
    status = 1;
  }
  return status;
}

}  // namespace

IoResult<std::string> CanonicalPath(Process& process, std::string_view path, Missing missing) {
  if (path.empty()) return IoError(std::errc::no_such_file_or_directory);
  auto resolved = Canonicaliser(process, missing).Resolve(process.AbsolutePath(path));
  if (!resolved || missing == Missing::kAnything || !path.ends_with('/')) return resolved;
  const auto status = process.files().Stat(*resolved);
  if (status && status->type != FileType::kDirectory) return IoError(std::errc::not_a_directory);
  return resolved;
}

std::string NormalisedPath(std::string_view absolute) {
  std::string path = "/";
  for (const std::string& part : Parts(absolute)) {
    if (part == ".") continue;
    path = part == ".." ? ParentOf(path) : ChildPath(path, part);
  }
  return path;
}

std::string PathBetween(std::string_view directory, std::string_view path) {
  const std::vector<std::string> from = Parts(directory);
  const std::vector<std::string> to = Parts(path);
  const auto [left, right] = std::mismatch(from.begin(), from.end(), to.begin(), to.end());
  std::string way;
  const auto add = [&](std::string_view part) {
    if (!way.empty()) way += '/';
    way += part;
  };
  for (auto part = left; part != from.end(); ++part) add("..");
  for (auto part = right; part != to.end(); ++part) add(*part);
  return way.empty() ? "." : way;
}

std::string RelativePath(Process& process, std::string_view path, std::string_view directory) {
  const auto from = CanonicalPath(process, directory, Missing::kAnything);
  const auto to = CanonicalPath(process, path, Missing::kAnything);
  if (!from || !to) return std::string(path);
  return PathBetween(*from, *to);
}

void AddPathPrograms(ProgramTable& table) {
  table["basename"] = BasenameMain;
  table["dirname"] = DirnameMain;
  table["pathchk"] = PathchkMain;
  table["readlink"] = ReadlinkMain;
  table["realpath"] = RealpathMain;
}

}  // namespace computesdk::in_memory
