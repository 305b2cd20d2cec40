#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/patch/apply.h"
#include "mocks/in_memory/utilities/patch/files.h"
#include "mocks/in_memory/utilities/patch/input.h"
#include "mocks/in_memory/utilities/patch/options.h"
#include "mocks/in_memory/utilities/patch/reader.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::patch {
namespace {

std::string Lines(std::ptrdiff_t count) {
  return std::to_string(count) + (count == 1 ? " line" : " lines");
}

std::string_view TypeName(const FileStatus& status) {
  if (status.type == FileType::kSymlink) return "symbolic link";
  return "regular file";
}

class Patcher {
 public:
  Patcher(Process& process, PatchOptions options)
      : process_(process),
        options_(std::move(options)),
        talk_(process, options_),
        files_(process, options_.backups, options_.follow_links),
        reader_(process, ReadPatch(),
                {.strip = options_.strip, .format = options_.format, .binary = options_.binary}) {}

  int Run() {
    bool first = true;
    while (true) {
      if (!first && reader_.AtEnd()) {
        Verbose("done\n");
        break;
      }
      Verbose("Hmm...");
      auto header = reader_.NextPatch(!options_.input && !options_.posix);
      if (!header) {
        Verbose(first ? "" : "  Ignoring the trailing garbage.\ndone\n");
        break;
      }
      first = false;
      PatchOne(*header);
    }
    if (!reader_.found() && !reader_.empty()) {
      Verbose("  I can't seem to find a patch in there anywhere.\n");
      talk_.Flush();
      Fatal(process_, "Only garbage was found in the patch input.");
    }
    WriteCollected(first);
    return talk_.Finish(failed_ ? 1 : 0);
  }

 private:
  void Say(const std::string& text) { talk_.Say(text); }
  void Note(const std::string& text) { talk_.Note(text); }
  void Verbose(const std::string& text) { talk_.Verbose(text); }

  std::string ReadPatch() {
    int fd = 0;
    if (options_.patch_file != "-") {
      const auto opened = process_.Open(options_.patch_file, O_RDONLY);
      if (!opened) {
        Fatal(process_, "Can't open patch file " + ShownName(options_.patch_file) + " : " +
                            ErrnoText(opened.error()));
      }
      fd = *opened;
    }
    auto content = process_.ReadAll(fd);
    if (fd != 0) (void)process_.Close(fd);
    if (!content) Fatal(process_, "read error : " + ErrnoText(content.error()));
    return std::move(*content);
  }

  // With -o everything goes into one file, which is a copy of the input where the patch is empty.
  void WriteCollected(bool nothing) {
    if (!options_.output || options_.dry_run) return;
    if (nothing && options_.input) {
      const auto status = files_.Stat(*options_.input);
      if (status) collected_ = files_.Read(*options_.input, *status);
    }
    if (*options_.output == "-") {
      (void)process_.Write(1, collected_);
    } else {
      const auto there = files_.Stat(*options_.output);
      files_.Replace(*options_.output,
                     {.content = collected_, .mode = there ? there->mode : 0600, .time = {}},
                     false);
    }
  }

  void SayLeadingText(const Header& header) {
    if (header.leading.empty()) return;
    Say("The text leading up to this was:\n--------------------------\n");
    for (std::size_t begin = 0; begin < header.leading.size();) {
      const std::size_t end = std::min(header.leading.find('\n', begin), header.leading.size() - 1);
      Say("|" + header.leading.substr(begin, end + 1 - begin));
      begin = end + 1;
    }
    Say("--------------------------\n");
  }

  // What is said before a file is patched; asks for the name where there is none.
  void Announce(const Header& header, Current& current) {
    if (current.skip) return;
    static constexpr std::string_view kKinds[] = {"a unified diff", "a new-style context diff",
                                                  "a normal diff", "an ed script",
                                                  "a git binary diff"};
    Verbose("  Looks like " + std::string(kKinds[static_cast<std::size_t>(header.format)]) +
            " to me...\n");
    if (header.indent > 0) {
      Note("(Patch is indented " + std::to_string(header.indent) + " space" +
           (header.indent == 1 ? "" : "s") + ".)\n");
    }
    if (header.strip_cr) {
      Note("(Stripping trailing CRs from patch; use --binary to disable.)\n");
    }
    if (!current.input) {
      Note("can't find file to patch at input line " + std::to_string(header.line) + "\n");
      if (header.format != Format::kEd && header.format != Format::kNormal) {
        Note(options_.strip < 0 ? "Perhaps you should have used the -p or --strip option?\n"
                                : "Perhaps you used the wrong -p or --strip option?\n");
      }
    }
    if (!current.input || options_.volume == Volume::kVerbose) SayLeadingText(header);
    if (current.input) return;
    if (options_.force || options_.batch) {
      Say("No file to patch.  Skipping patch.\n");
    } else {
      talk_.Ask("File to patch: ");
      talk_.Ask("Skip this patch? [y] ");
      Note("Skipping patch.\n");
    }
    current.skip = true;
  }

  void PatchOne(const Header& header) {
    Current current;
    current.reversed = options_.reverse;
    ChooseInput(process_, options_, files_, talk_, header, current);
    if ((header.rename || header.copy) && !options_.input &&
        !(header.names[0] && header.names[1])) {
      Say(std::string("Cannot ") + (header.rename ? "rename" : "copy") +
          " file without two valid file names\n");
      current.skip = true;
    }
    Announce(header, current);
    if (!current.skip) {
      current.output = options_.output ? *options_.output : *current.input;
      const auto& renamed = header.names[current.reversed ? 0 : 1];
      if (!options_.output && (header.copy || header.rename) && renamed) current.output = *renamed;
    }
    if (!current.skip && !CanStandThere(current.output)) {
      Say("Invalid file name " + ShownName(current.output) + " -- skipping patch\n");
      while (reader_.NextHunk()) continue;
      failed_ = true;
      return;
    }
    if (!current.skip) LookAtFile(header, current);
    if (header.format == Format::kEd) {
      talk_.Flush();
      if (!current.skip) Fatal(process_, "ed FAILED");
      return;
    }
    std::string input;
    if (!current.skip && current.status) input = files_.Read(*current.input, *current.status);
    Applier applier(process_, std::move(input), options_.ignore_blanks, options_.define);
    if (!current.skip) SayWhich(header, current);
    talk_.Flush();
    while (auto hunk = reader_.NextHunk()) DoHunk(header, current, applier, std::move(*hunk));
    if (!current.skip) WriteResult(header, current, applier);
    SaveRejects(current);
    failed_ |= current.skip || current.failed > 0;
  }

  static bool IsLink(const Header& header) {
    constexpr unsigned kTypeBits = 0170000;
    constexpr unsigned kLink = 0120000;
    return ((header.modes[0] | header.modes[1]) & kTypeBits) == kLink;
  }

  // A file cannot stand below another.
  bool CanStandThere(const std::string& name) {
    const auto status = StatLink(process_, name);
    return status || status.error() != std::errc::not_a_directory;
  }

  void LookAtFile(const Header& header, Current& current) {
    const FileType type = IsLink(header) ? FileType::kSymlink : FileType::kRegular;
    if (current.status && current.status->type != type) {
      Say("File " + ShownName(*current.input) + " is not a " +
          std::string(TypeName({.type = type})) + " -- refusing to patch\n");
      current.skip = true;
    } else if (header.format == Format::kGitBinary) {
      Say("File " + ShownName(current.output) + ": git binary diffs are not supported.\n");
      current.skip = true;
    }
  }

  void SayWhich(const Header& header, const Current& current) {
    const bool renamed = *current.input != current.output;
    std::string text = std::string(options_.dry_run ? "checking " : "patching ") +
                       (IsLink(header) ? "symbolic link " : "file ") + ShownName(current.output);
    if (renamed) {
      text += std::string(" (") +
              (header.copy     ? "copied"
               : header.rename ? "renamed"
                               : "read") +
              " from " + *current.input + ")";
    }
    Note(text + "\n");
    Verbose("Using Plan A...\n");
  }

  // Where the hunk fits, at the least fuzz. The first hunk may tell that the patch was applied
  // already, or is meant the other way round.
  std::optional<std::size_t> Find(Current& current, Applier& applier, Hunk& hunk,
                                  std::size_t& fuzz) {
    const std::size_t context = std::max(hunk.PrefixContext(), hunk.SuffixContext());
    const std::size_t most = std::min(options_.fuzz, context);
    bool anyway = options_.force;
    for (fuzz = 0; fuzz <= most; ++fuzz) {
      const auto where = applier.Locate(hunk, fuzz);
      if (!where || fuzz > 0 || applier.in_offset() != 0) current.mismatch = true;
      if (where) return where;
      if (current.hunks > 1 || anyway || current.reversed != options_.reverse) continue;
      hunk.Swap();
      const auto swapped = applier.Locate(hunk, fuzz);
      if (swapped) {
        const std::string finding = current.reversed
                                        ? "Unreversed patch detected!"
                                        : "Reversed (or previously applied) patch detected!";
        if (talk_.MayReverse(current, finding)) {
          current.reversed = !current.reversed;
          return swapped;
        }
      }
      hunk.Swap();
      if (current.skip) return std::nullopt;
      if (!swapped) continue;
      anyway = true;
      --fuzz;
    }
    return std::nullopt;
  }

  void DoHunk(const Header& header, Current& current, Applier& applier, Hunk hunk) {
    if (current.reversed) hunk.Swap();
    ++current.hunks;
    std::size_t fuzz = 0;
    std::optional<std::size_t> where;
    if (!current.skip) where = Find(current, applier, hunk, fuzz);
    const auto place =
        static_cast<std::ptrdiff_t>(where.value_or(hunk.first[0])) + applier.out_offset();
    const bool makes_what_is_there = where == std::size_t{1} &&
                                     header.nonexistent[current.reversed ? 1 : 0] == 2 &&
                                     applier.input_size() > 0;
    const std::string name = "Hunk #" + std::to_string(current.hunks);
    if (where && !makes_what_is_there && applier.Apply(hunk, *where)) {
      const std::ptrdiff_t offset = applier.in_offset();
      if (fuzz > 0 || offset != 0 || options_.volume == Volume::kVerbose) {
        Note(name + " succeeded at " + std::to_string(place) +
             (fuzz > 0 ? " with fuzz " + std::to_string(fuzz) : "") +
             (offset != 0 ? " (offset " + Lines(offset) + ")" : "") + ".\n");
      }
      return;
    }
    Reject(header, current, hunk, applier.out_offset());
    if (current.skip) {
      Verbose(name + " ignored at " + std::to_string(place) + ".\n");
    } else {
      const auto line = static_cast<std::size_t>(std::max<std::ptrdiff_t>(place, 1));
      Note(name + " FAILED at " + std::to_string(place) +
           (applier.EndsDifferently(hunk, line) ? " (different line endings)" : "") + ".\n");
    }
  }

  void Reject(const Header& header, Current& current, const Hunk& hunk, std::ptrdiff_t offset) {
    RejectStyle style;
    style.normal = header.format == Format::kNormal;
    style.context = options_.reject_format ? *options_.reject_format == Format::kContext
                                           : header.format != Format::kUnified;
    style.reversed = current.reversed;
    style.header = current.failed == 0;
    current.rejects += RejectText(header, hunk, offset, style);
    RequireMemory(process_, current.rejects.size());
    ++current.failed;
  }

  void WriteResult(const Header& header, Current& current, Applier& applier) {
    std::string content = applier.Finish();
    if (options_.output) {
      collected_ += content;
      RequireMemory(process_, collected_.size());
      return;
    }
    const bool backup = options_.make_backups ||
                        (options_.backup_if_mismatch && (current.mismatch || current.failed > 0));
    const bool gone = header.nonexistent[current.reversed ? 0 : 1] == 2;
    if (content.empty() && (options_.remove_empty || (gone && !options_.posix) || IsLink(header))) {
      if (!options_.dry_run) files_.Remove(current.output, backup);
      return;
    }
    if (!content.empty() && gone && (options_.remove_empty || !options_.posix)) {
      current.mismatch = failed_ = true;
      Note("Not deleting file " + ShownName(current.output) + " as content differs from patch\n");
    }
    if (options_.dry_run) return;
    constexpr unsigned kPermissions = 0777;
    const unsigned mode = header.modes[current.reversed ? 0 : 1] & kPermissions;
    const bool moves = header.rename || header.copy;
    if (current.failed == current.hunks && mode == 0 && !moves) {
      if (backup && current.status) files_.KeepCopy(current.output);
      return;
    }
    Files::Output output;
    output.content = std::move(content);
    output.symlink = IsLink(header);
    output.mode = current.status ? current.status->mode : 0666 & ~process_.umask;
    const bool sets_mode = mode != 0 && header.modes[0] != header.modes[1];
    if (sets_mode) output.mode = mode;
    output.time = TimeToSet(header, current);
    files_.Replace(current.output, output, backup);
    if (header.rename && *current.input != current.output) files_.Remove(*current.input, backup);
  }

  std::optional<FileTime> TimeToSet(const Header& header, const Current& current) {
    const std::size_t old_side = current.reversed ? 1 : 0;
    const auto& wanted = header.times[1 - old_side];
    if (!options_.set_time || !wanted) return std::nullopt;
    const auto& before = header.times[old_side];
    const std::string name = ShownName(current.output);
    if (!options_.force && current.status && header.nonexistent[old_side] != 2 && before &&
        *before != current.status->modified) {
      Say("Not setting time of file " + name + " (time mismatch)\n");
      return std::nullopt;
    }
    if (!options_.force && (current.mismatch || current.failed > 0)) {
      Say("Not setting time of file " + name + " (contents mismatch)\n");
      return std::nullopt;
    }
    return wanted;
  }

  void SaveRejects(const Current& current) {
    if (current.failed == 0) return;
    std::string text = std::to_string(current.failed) + " out of " + std::to_string(current.hunks) +
                       " hunk" + (current.hunks == 1 ? "" : "s") +
                       (current.skip ? " ignored" : " FAILED");
    const bool keeps = !current.output.empty() && options_.reject_file != "-" && !options_.dry_run;
    if (keeps) {
      const std::string file = options_.reject_file.value_or(current.output + ".rej");
      text += " -- saving rejects to file " + ShownName(file);
      files_.WriteRejects(file, current.rejects);
    }
    Say(text + "\n");
  }

  Process& process_;
  const PatchOptions options_;
  Talk talk_;
  Files files_;
  Reader reader_;
  bool failed_ = false;
  std::string collected_;  // For -o.
};

}  // namespace
}  // namespace computesdk::in_memory::patch

namespace computesdk::in_memory {
namespace {

int PatchMain(Process& process) {
  patch::PatchOptions options = patch::ParsePatch(process);
  if (options.folder) {
    if (!IsDirectory(process, *options.folder)) {
      const auto status = StatPath(process, *options.folder);
      patch::Fatal(process, "Can't change to directory " + ShownName(*options.folder) + " : " +
                                ErrnoText(status ? std::errc::not_a_directory : status.error()));
    }
    process.cwd = process.files().RealPath(process.AbsolutePath(*options.folder)).value_or("/");
  }
  return patch::Patcher(process, std::move(options)).Run();
}

}  // namespace

void AddPatchPrograms(ProgramTable& table) { table["patch"] = PatchMain; }

}  // namespace computesdk::in_memory
