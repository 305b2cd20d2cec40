#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

struct CatStyle {
  bool number = false;
  bool number_filled = false;
  bool squeeze = false;
  bool show_ends = false;
  bool show_tabs = false;
  bool show_controls = false;

  bool plain() const {
    return !(number || number_filled || squeeze || show_ends || show_tabs || show_controls);
  }
};

// Lines go on from one file to the next: so does the state.
class CatPrinter {
 public:
  CatPrinter(Output& out, const CatStyle& style) : out_(out), style_(style) {}

  void Print(std::string_view line, bool ended) {
    const bool blank = at_start_ && line.empty() && ended;
    if (blank && style_.squeeze && blanks_ > 0) return;
    blanks_ = blank ? blanks_ + 1 : 0;
    if (at_start_ && (style_.number_filled ? !blank : style_.number)) {
      char number[32];
      const int length = std::snprintf(number, sizeof number, "%6lld\t", ++line_);
      out_.Write({number, static_cast<std::size_t>(length)});
    }
    PrintBody(line, ended);
    if (ended) out_ << (style_.show_ends ? "$\n" : "\n");
    at_start_ = ended;
  }

 private:
  void PrintBody(std::string_view line, bool ended) {
    if (!style_.show_controls && !style_.show_tabs && !style_.show_ends) {
      out_.Write(line);
      return;
    }
    for (std::size_t i = 0; i < line.size(); ++i) {
      const auto byte = static_cast<unsigned char>(line[i]);
      if (byte == '\t') {
        out_ << (style_.show_tabs ? "^I" : "\t");
      } else if (style_.show_controls) {
        PutVisible(byte);
      } else if (byte == '\r' && style_.show_ends && ended && i + 1 == line.size()) {
        out_ << "^M";
      } else {
        out_.Put(line[i]);
      }
    }
  }

  void PutVisible(unsigned char byte) {
    if (byte >= 0x80) {
      out_ << "M-";
      byte &= 0x7f;
    }
    if (byte == 0x7f) {
      out_ << "^?";
    } else if (byte < 0x20) {
      out_.Put('^');
      out_.Put(static_cast<char>(byte + 0x40));
    } else {
      out_.Put(static_cast<char>(byte));
    }
  }

  Output& out_;
  const CatStyle style_;
  bool at_start_ = true;
  int blanks_ = 0;
  long long line_ = 0;
};

CatStyle ParseCat(Options& options) {
  CatStyle style;
  while (auto option = options.Next()) {
    const int letter = option->letter;
    const auto either = [letter](std::string_view letters) {
      return letters.find(static_cast<char>(letter)) != std::string_view::npos;
    };
    if (letter == 'n') style.number = true;
    if (letter == 'b') style.number_filled = true;
    if (letter == 's') style.squeeze = true;
    if (either("AEe")) style.show_ends = true;
    if (either("ATt")) style.show_tabs = true;
    if (either("Aetv")) style.show_controls = true;
  }
  return style;
}

// Appending a file to itself would never end.
bool ReadsItsOwnOutput(Process& process, int fd) {
  const OpenFilePtr in = process.File(fd);
  const OpenFilePtr out = process.File(1);
  if (!in || !out || !in->inode() || in->inode() != out->inode()) return false;
  const FileStatus status = in->Stat();
  if (status.type != FileType::kRegular) return false;
  const auto offset = in->Seek(0, SEEK_CUR);
  return offset && *offset < status.size;
}

struct Separator {
  std::size_t begin;
  std::size_t end;
};

std::optional<Separator> FindSeparator(const std::string& separator, std::string_view text,
                                       std::size_t from) {
  const std::size_t at = text.find(separator, from);
  if (at == std::string_view::npos) return std::nullopt;
  return Separator{at, at + separator.size()};
}

std::optional<Separator> FindSeparator(const Regex& regex, std::string_view text,
                                       std::size_t from) {
  std::vector<Regex::Group> groups;
  // An empty match parts nothing.
  for (; from < text.size(); ++from) {
    if (!regex.Match(text.substr(from), &groups)) return std::nullopt;
    const std::size_t begin = from + static_cast<std::size_t>(groups[0].first);
    const std::size_t end = from + static_cast<std::size_t>(groups[0].second);
    if (end > begin) return Separator{begin, end};
    from = begin;
  }
  return std::nullopt;
}

Regex CompileSeparator(Process& process, const std::string& pattern) {
  if (pattern.empty()) {
    Complain(process, "separator cannot be empty");
    process.Exit(1);
  }
  auto regex = Regex::Compile(pattern);
  if (!regex) {
    Complain(process, regex.error());
    process.Exit(1);
  }
  return std::move(*regex);
}

}  // namespace

int CatMain(Process& process) {
  Options options(process, "AbeEnstTuv",
                  {{"show-all", 'A'},
                   {"number-nonblank", 'b'},
                   {"show-ends", 'E'},
                   {"number", 'n'},
                   {"squeeze-blank", 's'},
                   {"show-tabs", 'T'},
                   {"show-nonprinting", 'v'}});
  const CatStyle style = ParseCat(options);
  Output out(process);
  CatPrinter printer(out, style);
  int status = 0;
  const int opened = ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string& name) {
        if (ReadsItsOwnOutput(process, fd)) {
          out.Flush();
          Complain(process, ShownName(name) + ": input file is output file");
          status = 1;
          return;
        }
        Input in(process, fd);
        if (style.plain()) {
          // Each block is passed on at once: whoever reads the other end may wait for it.
          for (auto block = in.ReadBlock(); !block.empty() && out.ok(); block = in.ReadBlock()) {
            out.Write(block);
            out.Flush();
          }
        } else {
          while (auto line = in.ReadLine()) printer.Print(*line, in.ended());
        }
        if (in.error()) {
          ComplainOf(process, name, *in.error());
          status = 1;
        }
      },
      &out);
  return out.Finish(status | opened);
}

int TacMain(Process& process) {
  Options options(
      process, "brs:", {{"before", 'b'}, {"regex", 'r'}, {"separator", 's', Options::kRequired}});
  bool before = false;
  bool is_regex = false;
  std::string separator = "\n";
  while (auto option = options.Next()) {
    if (option->letter == 'b') before = true;
    if (option->letter == 'r') is_regex = true;
    if (option->letter == 's') separator = option->value;
  }
  std::optional<Regex> regex;
  if (is_regex) regex = CompileSeparator(process, separator);
  if (separator.empty()) separator = std::string(1, '\0');
  Output out(process);
  int failed = 0;
  const int status = ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string& name) {
        const auto read = process.ReadAll(fd);
        if (!read) {
          ComplainOf(process, name, read.error());
          failed = 1;
          return;
        }
        const std::string& content = *read;
        const std::string_view text = content;
        std::vector<std::size_t> borders = {0};
        std::size_t from = 0;
        while (const auto found = regex ? FindSeparator(*regex, text, from)
                                        : FindSeparator(separator, text, from)) {
          process.Checkpoint();
          borders.push_back(before ? found->begin : found->end);
          from = found->end;
        }
        std::size_t end = text.size();
        for (; !borders.empty(); borders.pop_back()) {
          process.Checkpoint();
          out.Write(text.substr(borders.back(), end - borders.back()));
          end = borders.back();
        }
      },
      nullptr, Directories::kComplain, "failed to open");
  return out.Finish(status | failed);
}

// What tee does about errors, by its name or the beginning of it.
static std::string TeeErrorMode(Process& process, const std::string& value) {
  const std::vector<std::string_view> modes = {"warn", "warn-nopipe", "exit", "exit-nopipe"};
  for (const std::string_view mode : modes) {
    if (mode.starts_with(value) && !value.empty()) return std::string(mode);
  }
  UsageError(process, InvalidArgument(value, "--output-error", modes));
}

static void Reverse(Input& in, Output& out) {
  while (auto line = in.ReadLine()) {
    std::size_t end = line->size();
    while (end > 0) {
      const std::size_t begin = Utf8Previous(*line, end);
      out.Write(line->substr(begin, end - begin));
      end = begin;
    }
    if (in.ended()) out.Put('\n');
  }
}

// "-" is a file like any other.
int RevMain(Process& process) {
  Options options(process, "hV");
  while (const auto option = options.Next()) {
    if (option->letter == 'h') ShowHelp(process, options.HelpLines());
    ShowVersion(process);
  }
  Output out(process);
  int status = 0;
  if (options.operands().empty()) {
    Input in(process, 0);
    Reverse(in, out);
  }
  for (const std::string& name : options.operands()) {
    const auto fd = process.Open(name, O_RDONLY);
    if (!fd) {
      Complain(process, "cannot open " + name + ": " + ErrnoText(fd.error()));
      status = 1;
      continue;
    }
    const ScopedDescriptor closer(process, *fd);
    Input in(process, *fd);
    Reverse(in, out);
    if (in.error()) {
      Complain(process, name + ": 0: " + ErrnoText(*in.error()));
      status = 1;
    }
  }
  return out.Finish(status);
}

int TeeMain(Process& process) {
  Options options(
      process, "aip",
      {{"append", 'a'}, {"ignore-interrupts", 'i'}, {"output-error", 'p', Options::kOptional}});
  int mode = O_TRUNC;
  std::string on_error;
  while (auto option = options.Next()) {
    if (option->letter == 'a') mode = O_APPEND;
    if (option->letter == 'i') process.SetSignalAction(SIGINT, SignalAction::kIgnore);
    if (option->letter == 'p') {
      on_error = option->has_value ? TeeErrorMode(process, option->value) : "warn-nopipe";
      process.SetSignalAction(SIGPIPE, SignalAction::kIgnore);
    }
  }
  struct Target {
    int fd;
    std::string name;
  };
  std::vector<Target> targets = {{1, "standard output"}};
  std::vector<std::unique_ptr<ScopedDescriptor>> closers;
  int status = 0;
  for (const std::string& name : options.operands()) {
    auto fd = process.Open(name, O_WRONLY | O_CREAT | mode);
    if (!fd) {
      ComplainOf(process, name, fd.error());
      status = 1;
      continue;
    }
    closers.push_back(std::make_unique<ScopedDescriptor>(process, *fd));
    targets.push_back({*fd, name});
  }
  Input in(process, 0);
  for (auto block = in.ReadBlock(); !block.empty() && !targets.empty(); block = in.ReadBlock()) {
    std::erase_if(targets, [&](const Target& target) {
      const auto written = process.Write(target.fd, block);
      if (written) return false;
      // Whoever read a pipe had enough: only some want to know.
      const bool pipe = written.error() == std::errc::broken_pipe;
      if (pipe && on_error.ends_with("-nopipe")) return true;
      ComplainOf(process, target.name, written.error());
      status = 1;
      if (on_error.starts_with("exit")) process.Exit(1);
      return true;
    });
  }
  return status;
}

int YesMain(Process& process) {
  Options options(process, "+");
  while (options.Next()) {
  }
  std::string line;
  for (const std::string& word : options.operands()) {
    if (!line.empty()) line.push_back(' ');
    line += word;
  }
  if (options.operands().empty()) line = "y";
  line.push_back('\n');
  std::string block;
  do {
    block += line;
  } while (block.size() < 8192);
  while (true) {
    process.Checkpoint();
    if (auto written = process.Write(1, block); !written) {
      ComplainOf(process, "standard output", written.error());
      return 1;
    }
  }
}

}  // namespace computesdk::in_memory
