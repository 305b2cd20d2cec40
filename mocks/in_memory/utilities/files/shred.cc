#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/files/file_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

constexpr int kRandomSource = 256;
constexpr std::uint64_t kBlock = 4096;

struct ShredStyle {
  std::int64_t passes = 3;
  std::optional<std::uint64_t> size;
  bool force = false;
  bool exact = false;
  bool remove = false;
  bool verbose = false;
  bool zero = false;
};

class Shredder {
 public:
  Shredder(Process& process, const ShredStyle& style) : process_(process), style_(style) {}

  bool Shred(const std::string& name) {
    const auto fd = process_.Open(name, O_WRONLY);
    if (!fd) return Fail(name, "failed to open for writing: " + ErrnoText(fd.error()));
    {
      const ScopedDescriptor closes(process_, *fd);
      const FileStatus status = process_.File(*fd)->Stat();
      if (status.type != FileType::kRegular) return Fail(name, "invalid file type");
      std::uint64_t size = style_.size.value_or(status.size);
      if (!style_.size && !style_.exact) size = (size + kBlock - 1) / kBlock * kBlock;
      if (!Overwrite(name, *fd, size)) return false;
    }
    return !style_.remove || Remove(name);
  }

 private:
  bool Fail(const std::string& name, const std::string& words) {
    Complain(process_, ShownName(name) + ": " + words);
    return false;
  }
  void Tell(const std::string& name, const std::string& words) {
    if (style_.verbose) Complain(process_, name + ": " + words);
  }

  bool Overwrite(const std::string& name, int fd, std::uint64_t size) {
    const std::int64_t count = style_.passes + (style_.zero ? 1 : 0);
    for (std::int64_t pass = 1; pass <= count; ++pass) {
      const bool zero = style_.zero && pass == count;
      Tell(name, "pass " + std::to_string(pass) + "/" + std::to_string(count) + " (" +
                     (zero ? "000000" : "random") + ")...");
      (void)process_.File(fd)->Seek(0, SEEK_SET);
      for (std::uint64_t done = 0; done < size;) {
        process_.Checkpoint();
        std::string block(std::min<std::uint64_t>(kBlock, size - done), '\0');
        if (!zero) {
          std::generate(block.begin(), block.end(),
                        [&] { return static_cast<char>(generator_() & 0xff); });
        }
        const IoStatus written = process_.Write(fd, block);
        if (!written) return Fail(name, "error writing: " + ErrnoText(written.error()));
        done += block.size();
      }
    }
    return true;
  }

  // The name is overwritten with names that get shorter.
  bool Remove(const std::string& name) {
    Tell(name, "removing");
    std::string path = name;
    for (std::size_t length = LastComponent(name).size(); length > 0; --length) {
      const std::string next = (name.find('/') == std::string::npos ? "" : ParentPath(name) + "/") +
                               std::string(length, '0');
      if (StatLink(process_, next)) continue;
      const IoStatus renamed =
          process_.files().Rename(process_.AbsolutePath(path), process_.AbsolutePath(next));
      if (!renamed) break;
      Tell(path, "renamed to " + next);
      path = next;
    }
    const IoStatus removed = process_.files().Unlink(process_.AbsolutePath(path));
    if (!removed) return Fail(path, "failed to remove: " + ErrnoText(removed.error()));
    Tell(name, "removed");
    return true;
  }

  Process& process_;
  const ShredStyle& style_;
  std::mt19937 generator_{std::random_device()()};
};

}  // namespace

int ShredMain(Process& process) {
  ShredStyle style;
  Options options(process, "fn:s:uvxz",
                  {{"force", 'f'},
                   {"iterations", 'n', Options::kRequired},
                   {"random-source", kRandomSource, Options::kRequired},
                   {"size", 's', Options::kRequired},
                   {"remove", 'u', Options::kOptional},
                   {"verbose", 'v'},
                   {"exact", 'x'},
                   {"zero", 'z'}});
  while (const auto option = options.Next()) {
    if (option->letter == 'u') style.remove = true;
    if (option->letter == 'v') style.verbose = true;
    if (option->letter == 'x') style.exact = true;
    if (option->letter == 'z') style.zero = true;
    if (option->letter == 'n') {
      const auto passes = ParseInteger(option->value);
      if (!passes || *passes < 0) {
        Complain(process, "invalid number of passes: " + QuotedWord(option->value));
        return 1;
      }
      style.passes = *passes;
    }
    if (option->letter == 's') {
      const auto size = ParseSize(option->value);
      if (!size || *size < 0) {
        Complain(process, "invalid file size: " + QuotedWord(option->value));
        return 1;
      }
      style.size = static_cast<std::uint64_t>(*size);
    }
    if (option->letter == kRandomSource) {
      // Nobody sees which bytes were there for a moment; the file has to be readable.
      const auto fd = process.Open(option->value, O_RDONLY);
      if (!fd) {
        Complain(process, option->value + ": " + ErrnoText(fd.error()));
        return 1;
      }
      (void)process.Close(*fd);
    }
  }
  if (options.operands().empty()) UsageError(process, "missing file operand");
  Shredder shredder(process, style);
  bool good = true;
  for (const std::string& name : options.operands()) good = shredder.Shred(name) && good;
  return good ? 0 : 1;
}

}  // namespace computesdk::in_memory
