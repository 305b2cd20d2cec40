#include <fcntl.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>

#include "mocks/in_memory/utilities/archive/archive_programs.h"
#include "mocks/in_memory/utilities/archive/gzip_stream.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

constexpr int kError = 1;
constexpr int kWarning = 2;

// "gzip -1" and the like are letters of their own.
// How blocks are cut, and when they reach a disk: nothing that a sandbox could see.
constexpr int kRsyncable = 256;
constexpr int kSynchronous = 257;
constexpr std::string_view kGzipLetters = "ab:cdfhklLnNqrS:tvV123456789";

struct GzipStyle {
  bool decompress = false;
  bool to_stdout = false;
  bool force = false;
  bool keep = false;
  bool list = false;
  bool test = false;
  bool verbose = false;
  bool quiet = false;
  bool recursive = false;
  bool ascii = false;  // Asked for; there is nothing to convert, and gzip says so.
  bool store_name = true;
  bool restore_name = false;
  int level = 6;
  std::string suffix = ".gz";
};

GzipStyle ParseGzip(Process& process, Options& options) {
  GzipStyle style;
  while (const auto option = options.Next()) {
    const int letter = option->letter;
    if (letter == 'h') ShowHelp(process, options.HelpLines());
    if (letter == 'V') ShowVersion(process);
    if (letter >= '1' && letter <= '9') style.level = letter - '0';
    if (letter == 'c') style.to_stdout = true;
    if (letter == 'd') style.decompress = true;
    if (letter == 'f') style.force = true;
    if (letter == 'k') style.keep = true;
    if (letter == 'l') style.list = style.decompress = true;
    if (letter == 't') style.test = style.decompress = true;
    if (letter == 'n') style.store_name = style.restore_name = false;
    if (letter == 'N') style.store_name = style.restore_name = true;
    if (letter == 'q') style.quiet = true;
    if (letter == 'v') style.verbose = true;
    if (letter == 'r') style.recursive = true;
    if (letter == 'S') style.suffix = option->value;
    if (letter == 'a') style.ascii = true;
    if (letter == 'L') ShowVersion(process);
  }
  return style;
}

struct Totals {
  std::uint64_t compressed = 0;
  std::uint64_t plain = 0;
  int files = 0;
};

// The share that compression saves, the header not counted: " 53.0%".
std::string Ratio(std::uint64_t plain, std::uint64_t compressed, std::size_t header) {
  const double saved =
      static_cast<double>(plain) - static_cast<double>(compressed) + static_cast<double>(header);
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%5.1f%%",
                plain == 0 ? 0.0 : 100.0 * saved / static_cast<double>(plain));
  return text.data();
}

class Gzip {
 public:
  Gzip(Process& process, GzipStyle style) : process_(process), style_(std::move(style)) {}

  int Run(const std::vector<std::string>& names) {
    if (style_.ascii) Fail(kWarning, "option --ascii ignored on this system");
    if (names.empty()) DoStandard();
    for (const std::string& name : names) {
      if (name == "-") {
        DoStandard();
      } else {
        DoFile(name);
      }
    }
    if (style_.list && names.size() > 1 && totals_.files > 1 && !style_.quiet)
      ListLine(totals_, "(totals)", 0);
    return status_;
  }

 private:
  // --- what is the same for all ---------------------------------------------------------------
  void Fail(int status, const std::string& message) {
    if (status == kError || status_ == 0) status_ = status;
    if (status == kWarning && style_.quiet) return;
    Complain(process_, message);
  }
  // Errors in the data stand after an empty line.
  void DataError(const std::string& name, GzipError error) {
    const int status = error == GzipError::kTrailingGarbage ? kWarning : kError;
    if (status == kError || status_ == 0) status_ = status;
    if (status == kWarning && style_.quiet) return;
    static constexpr std::string_view kWords[] = {"",
                                                  "not in gzip format",
                                                  "unexpected end of file",
                                                  "invalid compressed data--format violated",
                                                  "invalid compressed data--crc error",
                                                  "decompression OK, trailing garbage ignored"};
    (void)process_.Write(2, "\n");
    Complain(process_, name + ": " + std::string(kWords[static_cast<int>(error)]));
  }

  ByteSource SourceOf(int fd) {
    auto input = std::make_shared<Input>(process_, fd);
    return [this, input]() -> std::string_view {
      process_.Checkpoint();
      return input->ReadBlock();
    };
  }

  // Copies compressed; the header's bytes.
  std::size_t Compress(int in, Output& out, const GzipHeader& header, Totals& totals) {
    GzipWriter writer(
        [&](std::string_view block) {
          totals.compressed += block.size();
          out << block;
        },
        style_.level, header);
    const ByteSource source = SourceOf(in);
    for (std::string_view block = source(); !block.empty(); block = source()) {
      totals.plain += block.size();
      writer.Write(block);
    }
    writer.Finish();
    return 18 + (header.name.empty() ? 0 : header.name.size() + 1);
  }

  // Copies decompressed. False where the data is bad. What is no gzip file passes with -cf.
  bool Decompress(int in, Output& out, const std::string& name, Totals& totals,
                  GzipHeader* header = nullptr) {
    auto input = std::make_shared<Input>(process_, in);
    if (style_.force && style_.to_stdout && !LooksGzipped(input->Peek())) {
      for (auto block = input->ReadBlock(); !block.empty(); block = input->ReadBlock()) {
        out << block;
      }
      return true;
    }
    GzipReader reader([&, input]() -> std::string_view {
      process_.Checkpoint();
      return input->ReadBlock();
    });
    for (auto block = reader.Next(); !block.empty(); block = reader.Next()) {
      if (!style_.test && !style_.list) out << block;
      process_.Checkpoint();
      if (!out.ok()) break;
    }
    totals.compressed += reader.compressed_bytes();
    totals.plain += reader.plain_bytes();
    if (header != nullptr) *header = reader.header();
    if (reader.error() == GzipError::kNone) return true;
    out.Flush();
    DataError(name, reader.error());
    return reader.error() == GzipError::kTrailingGarbage;
  }

  void Tell(const std::string& name, const std::string& words) {
    if (style_.verbose) (void)process_.Write(2, name + ":\t" + words + "\n");
  }

  // --- standard input -------------------------------------------------------------------------
  void DoStandard() {
    Totals totals;
    if (style_.list) return List(0, "stdout", "stdin");
    Output out(process_);
    if (style_.decompress) {
      if (Decompress(0, out, "stdin", totals) && style_.test) Tell("stdin", " OK");
    } else {
      (void)Compress(0, out, {}, totals);
    }
    Ends(out);
  }

  void Ends(Output& out) {
    if (out.Finish(0) != 0) status_ = kError;
  }

  // --- files ----------------------------------------------------------------------------------
  void DoFile(const std::string& operand) {
    std::string name = operand;
    auto status = StatPath(process_, name);
    if (!status && style_.decompress && !name.ends_with(style_.suffix)) {
      name += style_.suffix;
      status = StatPath(process_, name);
    }
    if (!status) return Fail(kError, name + ": " + ErrnoText(status.error()));
    if (status->type == FileType::kDirectory) return DoFolder(name);
    if (status->type != FileType::kRegular && !style_.to_stdout) {
      return Fail(kWarning, name + " is not a directory or a regular file - ignored");
    }
    std::string target;
    const bool to_file = !style_.to_stdout && !style_.list && !style_.test;
    if (style_.decompress) {
      target = PlainName(name);
      if (target.empty() && to_file) {
        return Fail(kWarning, name + ": unknown suffix -- ignored");
      }
    } else {
      for (const std::string& suffix : {style_.suffix, std::string(".tgz"), std::string(".taz")}) {
        if (!name.ends_with(suffix) || style_.force || !to_file) continue;
        // No failure, unlike the other warnings.
        if (!style_.quiet) {
          Complain(process_, name + " already has " + suffix + " suffix -- unchanged");
        }
        return;
      }
      target = name + style_.suffix;
    }
    if (to_file && !style_.force && status->links > 1) {
      return Fail(kWarning, name + " has " + std::to_string(status->links - 1) + " other link" +
                                (status->links > 2 ? "s" : "") + " -- file ignored");
    }
    // A link stays what it is, and is not what takes its place.
    const auto fd = process_.Open(name, O_RDONLY | (to_file && !style_.force ? O_NOFOLLOW : 0));
    if (!fd) return Fail(kError, name + ": " + ErrnoText(fd.error()));
    const ScopedDescriptor in(process_, *fd);
    if (style_.list) return List(*fd, target.empty() ? name : target, name);
    if (to_file) return Replace(*fd, name, target, *status);
    Totals totals;
    Output out(process_);
    if (style_.decompress) {
      if (Decompress(*fd, out, name, totals) && style_.test) Tell(name, " OK");
    } else {
      const std::size_t header = Compress(*fd, out, HeaderOf(name, *status), totals);
      Tell(name, Ratio(totals.plain, totals.compressed, header));
    }
    Ends(out);
  }

  void DoFolder(const std::string& name) {
    if (!style_.recursive) return Fail(kWarning, name + " is a directory -- ignored");
    const auto entries = process_.files().List(process_.AbsolutePath(name));
    if (!entries) return Fail(kError, name + ": " + ErrnoText(entries.error()));
    for (const DirectoryEntry& entry : *entries) DoFile(ChildPath(name, entry.name));
  }

  // Without the suffix; empty where there is none.
  std::string PlainName(const std::string& name) const {
    for (const std::string& suffix :
         {style_.suffix, std::string(".gz"), std::string("-gz"), std::string(".z"),
          std::string("-z"), std::string("_z"), std::string(".Z")}) {
      if (name.size() > suffix.size() && name.ends_with(suffix)) {
        return name.substr(0, name.size() - suffix.size());
      }
    }
    for (const std::string_view suffix : {".tgz", ".taz"}) {
      if (name.size() > suffix.size() && name.ends_with(suffix)) {
        return name.substr(0, name.size() - suffix.size()) + ".tar";
      }
    }
    return "";
  }

  GzipHeader HeaderOf(const std::string& name, const FileStatus& status) const {
    if (!style_.store_name) return {};
    return {LastComponent(name),
            std::chrono::floor<std::chrono::seconds>(status.modified).time_since_epoch().count()};
  }

  // What is wrong before the first byte comes out: nothing is replaced by it.
  GzipError ErrorOfHeader(int in) {
    GzipReader peek(SourceOf(in));
    (void)peek.Next();
    (void)process_.File(in)->Seek(0, SEEK_SET);
    const GzipError error = peek.error();
    return error == GzipError::kNotGzip ? error : GzipError::kNone;
  }

  void Replace(int in, const std::string& name, std::string target, const FileStatus& status) {
    if (style_.decompress && style_.restore_name) {
      GzipReader peek(SourceOf(in));
      (void)peek.Next();
      if (!peek.header().name.empty()) {
        target = ChildPath(ParentPath(target), LastComponent(peek.header().name));
      }
      (void)process_.File(in)->Seek(0, SEEK_SET);
    }
    if (style_.decompress) {
      const GzipError error = ErrorOfHeader(in);
      if (error != GzipError::kNone) return DataError(name, error);
    }
    if (StatLink(process_, target)) {
      if (!style_.force) return Fail(kWarning, target + " already exists;\tnot overwritten");
      (void)process_.files().Unlink(process_.AbsolutePath(target));
    }
    const auto fd = process_.Open(target, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!fd) return Fail(kError, target + ": " + ErrnoText(fd.error()));
    bool good = true;
    Totals totals;
    std::size_t header = 18;
    {
      const ScopedDescriptor file(process_, *fd);
      Output out(process_, *fd);
      if (style_.decompress) {
        GzipHeader found;
        good = Decompress(in, out, name, totals, &found);
        if (!found.name.empty()) header += found.name.size() + 1;
      } else {
        header = Compress(in, out, HeaderOf(name, status), totals);
      }
      out.Flush();
      if (!out.ok()) {
        Complain(process_, target + ": No space left on device");
        status_ = kError;
        good = false;
      }
    }
    const std::string path = process_.AbsolutePath(target);
    if (!good) {
      (void)process_.files().Unlink(path);
      return;
    }
    (void)process_.files().SetOwner(path, status.uid, status.gid);
    (void)process_.files().SetMode(path, status.mode);
    (void)process_.files().SetTimes(path, status.accessed, status.modified);
    if (!style_.keep) (void)process_.files().Unlink(process_.AbsolutePath(name));
    Tell(name, Ratio(totals.plain, totals.compressed, header) +
                   (style_.keep ? " -- created " : " -- replaced with ") + target);
  }

  // --- -l -------------------------------------------------------------------------------------
  void List(int in, const std::string& shown, const std::string& name) {
    Totals totals;
    GzipHeader header;
    Output none(process_);
    if (!Decompress(in, none, name, totals, &header)) return;
    if (totals_.files++ == 0 && !style_.quiet) {
      if (style_.verbose) (void)process_.Write(1, "method  crc     date  time  ");
      (void)process_.Write(1, "         compressed        uncompressed  ratio uncompressed_name\n");
    }
    totals_.compressed += totals.compressed;
    totals_.plain += totals.plain;
    if (style_.verbose) {
      const auto input = process_.File(in);
      std::array<char, 8> trailer{};
      std::string crc = "????????";
      if (input->Seek(-8, SEEK_END)) {
        (void)input->Read(process_, trailer.data(), trailer.size());
        std::array<char, 16> text{};
        const auto byte = [&](int i) { return static_cast<unsigned char>(trailer[i]); };
        std::snprintf(text.data(), text.size(), "%02x%02x%02x%02x", byte(3), byte(2), byte(1),
                      byte(0));
        crc = text.data();
      }
      const FileTime time = header.seconds != 0 ? FileTime(std::chrono::seconds(header.seconds))
                                                : process_.File(in)->Stat().modified;
      (void)process_.Write(
          1, "defla " + crc + " " + FormatTime("%b %e %H:%M", time, ZoneOf(process_)) + " ");
    }
    ListLine(totals, shown, 18 + (header.name.empty() ? 0 : header.name.size() + 1));
  }

  void ListLine(const Totals& totals, const std::string& name, std::size_t header) {
    std::array<char, 64> numbers{};
    std::snprintf(numbers.data(), numbers.size(), "%19llu %19llu ",
                  static_cast<unsigned long long>(totals.compressed),
                  static_cast<unsigned long long>(totals.plain));
    (void)process_.Write(
        1, numbers.data() + Ratio(totals.plain, totals.compressed, header) + " " + name + "\n");
  }

  Process& process_;
  const GzipStyle style_;
  Totals totals_;
  int status_ = 0;
};

int RunGzip(Process& process, bool decompress, bool to_stdout) {
  // gunzip and zcat are scripts that go on as gzip, and say so in their messages.
  process.args[0] = "gzip";
  Options options(process, kGzipLetters,
                  {{"ascii", 'a'},
                   {"stdout", 'c'},
                   {"to-stdout", 'c'},
                   {"decompress", 'd'},
                   {"uncompress", 'd'},
                   {"force", 'f'},
                   {"keep", 'k'},
                   {"bits", 'b', Options::kRequired},  // Of another format.
                   {"license", 'L'},
                   {"list", 'l'},
                   {"no-name", 'n'},
                   {"name", 'N'},
                   {"quiet", 'q'},
                   {"silent", 'q'},
                   {"recursive", 'r'},
                   {"suffix", 'S', Options::kRequired},
                   {"test", 't'},
                   {"verbose", 'v'},
                   {"fast", '1'},
                   {"best", '9'},
                   {"rsyncable", kRsyncable},
                   {"synchronous", kSynchronous}});
  GzipStyle style = ParseGzip(process, options);
  style.decompress |= decompress;
  style.to_stdout |= to_stdout;
  return Gzip(process, std::move(style)).Run(options.operands());
}

}  // namespace

int GzipMain(Process& process) { return RunGzip(process, false, false); }
int GunzipMain(Process& process) { return RunGzip(process, true, false); }
int ZcatMain(Process& process) { return RunGzip(process, true, true); }

}  // namespace computesdk::in_memory
