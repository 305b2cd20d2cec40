#include <fcntl.h>
#include <iconv.h>
#include <locale.h>

#include <array>
#include <cerrno>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/encoding/encoding_programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

enum { kList = 300, kVerbose };

// What --list names, where iconv(3) knows it.
constexpr std::string_view kCharsets[] = {"437",
                                          "850",
                                          "ANSI_X3.4-1968",
                                          "ASCII",
                                          "BIG5",
                                          "CP437",
                                          "CP850",
                                          "CP866",
                                          "CP1250",
                                          "CP1251",
                                          "CP1252",
                                          "CP1253",
                                          "CP1254",
                                          "CP1255",
                                          "CP1256",
                                          "CP1257",
                                          "CP1258",
                                          "EUC-CN",
                                          "EUC-JP",
                                          "EUC-KR",
                                          "EUC-TW",
                                          "GB18030",
                                          "GB2312",
                                          "GBK",
                                          "IBM037",
                                          "IBM437",
                                          "IBM850",
                                          "ISO-2022-JP",
                                          "ISO-8859-1",
                                          "ISO-8859-2",
                                          "ISO-8859-3",
                                          "ISO-8859-4",
                                          "ISO-8859-5",
                                          "ISO-8859-6",
                                          "ISO-8859-7",
                                          "ISO-8859-8",
                                          "ISO-8859-9",
                                          "ISO-8859-10",
                                          "ISO-8859-11",
                                          "ISO-8859-13",
                                          "ISO-8859-14",
                                          "ISO-8859-15",
                                          "ISO-8859-16",
                                          "ISO8859-1",
                                          "ISO8859-15",
                                          "KOI8-R",
                                          "KOI8-U",
                                          "LATIN1",
                                          "LATIN2",
                                          "MACINTOSH",
                                          "SHIFT_JIS",
                                          "SJIS",
                                          "TIS-620",
                                          "UCS-2",
                                          "UCS-2BE",
                                          "UCS-2LE",
                                          "UCS-4",
                                          "UCS-4BE",
                                          "UCS-4LE",
                                          "US-ASCII",
                                          "ISO-10646/UTF-8/",
                                          "ISO-10646/UTF8/",
                                          "UTF-7-IMAP",
                                          "UTF-7",
                                          "UTF-8",
                                          "UTF-16",
                                          "UTF-16BE",
                                          "UTF-16LE",
                                          "UTF-32",
                                          "UTF-32BE",
                                          "UTF-32LE",
                                          "UTF7",
                                          "UTF8",
                                          "UTF16",
                                          "UTF16BE",
                                          "UTF16LE",
                                          "UTF32",
                                          "UTF32BE",
                                          "UTF32LE",
                                          "WINDOWS-1251",
                                          "WINDOWS-1252",
                                          "WINDOWS-31J"};

// What //TRANSLIT makes of a character is the locale's to say: the thread's is the sandbox's for a
// while.
class ThreadLocale {
 public:
  explicit ThreadLocale(const Process& process) {
    static const locale_t utf8 = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
    static const locale_t plain = newlocale(LC_ALL_MASK, "C", nullptr);
    const locale_t wanted = HasUtf8Locale(process) ? utf8 : plain;
    if (wanted != nullptr) before_ = uselocale(wanted);
  }
  ~ThreadLocale() {
    if (before_ != nullptr) uselocale(before_);
  }
  ThreadLocale(const ThreadLocale&) = delete;
  ThreadLocale& operator=(const ThreadLocale&) = delete;

 private:
  locale_t before_ = nullptr;
};

// What becomes of characters that the target does not have.
enum class Omit { kNothing, kWithComplaint, kSilently };

class Conversion {
 public:
  Conversion(Process& process, const std::string& from, const std::string& to) : process_(process) {
    const ThreadLocale locale(process);
    handle_ = iconv_open(to.c_str(), from.c_str());
  }
  ~Conversion() {
    if (opened()) iconv_close(handle_);
  }
  Conversion(const Conversion&) = delete;
  Conversion& operator=(const Conversion&) = delete;

  bool opened() const {
    // iconv_open's way to say no.
    return handle_ != reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr)
  }

  // Converts all of a text; false, with a complaint, where it is not what it claims to be.
  bool Convert(std::string text, Output& out, Omit omit) {
    char* in = text.data();
    std::size_t left = text.size();
    bool flushing = false;
    bool omitted = false;
    while (true) {
      process_.Checkpoint();
      const std::size_t before = left;
      const int error = Step(flushing ? nullptr : &in, &left, out);
      if (error == E2BIG) continue;
      // What was left out for //IGNORE is told only when a piece is through.
      if (error == EILSEQ && omit != Omit::kNothing && left < before) {
        omitted = true;
        continue;
      }
      if (error == EILSEQ) return Fail(text.size() - left, out);
      if (error == EINVAL) {
        out.Flush();
        Complain(process_, "incomplete character or shift sequence at end of buffer");
        return false;
      }
      if (flushing) return !omitted || omit == Omit::kSilently || Fail(text.size(), out);
      flushing = true;
    }
  }

 private:
  int Step(char** in, std::size_t* left, Output& out) {
    std::array<char, 16384> buffer;
    char* to = buffer.data();
    std::size_t room = buffer.size();
    int error = 0;
    {
      const ThreadLocale locale(process_);
      if (iconv(handle_, in, left, &to, &room) == static_cast<std::size_t>(-1)) error = errno;
    }
    out.Write({buffer.data(), buffer.size() - room});
    return error;
  }

  bool Fail(std::size_t position, Output& out) {
    out.Flush();
    Complain(process_, "illegal input sequence at position " + std::to_string(position));
    return false;
  }

  Process& process_;
  iconv_t handle_;
};

struct IconvOptions {
  std::string from;
  std::string to;
  std::string output;
  bool omit = false;
  bool verbose = false;
};

int ListCharsets(Process& process) {
  Output out(process);
  for (const std::string_view name : kCharsets) {
    const bool whole = name.ends_with('/');
    const Conversion known(process, whole ? "UTF-8" : std::string(name), "UTF-8");
    if (known.opened()) out << name << (whole ? "" : "//") << "\n";
  }
  return out.Finish(0);
}

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(1);
}

bool ConvertFile(Process& process, const std::string& name, const IconvOptions& options,
                 Conversion& conversion, Output& out) {
  int fd = 0;
  std::unique_ptr<ScopedDescriptor> closer;
  if (name != "-") {
    const auto opened = process.Open(name, O_RDONLY);
    if (!opened) {
      out.Flush();
      Complain(process, "cannot open input file `" + name + "': " + ErrnoText(opened.error()));
      return false;
    }
    fd = *opened;
    closer = std::make_unique<ScopedDescriptor>(process, fd);
  }
  if (options.verbose) (void)process.Write(2, name + ":\n");
  Input in(process, fd);
  std::string text;
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    RequireMemory(process, text.size() + block.size());
    text.append(block);
  }
  if (in.error()) {
    out.Flush();
    Complain(process, "error while reading the input: " + ErrnoText(*in.error()));
    return false;
  }
  const bool ignore = options.to.find("//IGNORE") != std::string::npos;
  const Omit omit = options.omit ? Omit::kSilently : ignore ? Omit::kWithComplaint : Omit::kNothing;
  return conversion.Convert(std::move(text), out, omit);
}

int ConvertFiles(Process& process, const IconvOptions& options, std::vector<std::string> files) {
  Conversion conversion(process, options.from, options.to + (options.omit ? "//IGNORE" : ""));
  if (!conversion.opened()) {
    Fail(process, "failed to start conversion processing: No such file or directory");
  }
  int target = 1;
  if (!options.output.empty() && options.output != "-") {
    const auto fd = process.Open(options.output, O_WRONLY | O_CREAT | O_TRUNC);
    if (!fd) Fail(process, "unable to open output file: " + ErrnoText(fd.error()));
    target = *fd;
  }
  if (files.empty()) files.emplace_back("-");
  Output out(process, target);
  for (const std::string& name : files) {
    if (!ConvertFile(process, name, options, conversion, out)) return out.Finish(1);
  }
  return out.Finish(0);
}

}  // namespace

int IconvMain(Process& process) {
  Options words(process, "cf:lo:st:",
                {{"from-code", 'f', Options::kRequired},
                 {"to-code", 't', Options::kRequired},
                 {"list", 'l'},
                 {"output", 'o', Options::kRequired},
                 {"silent", 's'},
                 {"verbose", kVerbose}},
                64);
  IconvOptions options;
  bool list = false;
  while (const auto option = words.Next()) {
    if (option->letter == 'c') options.omit = true;
    if (option->letter == 'f') options.from = option->value;
    if (option->letter == 't') options.to = option->value;
    if (option->letter == 'o') options.output = option->value;
    if (option->letter == 'l') list = true;
    if (option->letter == kVerbose) options.verbose = true;
    // -s: of the warnings that it is to suppress there are none.
  }
  if (list) return ListCharsets(process);
  const std::string usual = HasUtf8Locale(process) ? "UTF-8" : "ANSI_X3.4-1968";
  if (options.from.empty()) options.from = usual;
  if (options.to.empty() || options.to.starts_with("//")) options.to.insert(0, usual);
  return ConvertFiles(process, options, words.operands());
}

}  // namespace computesdk::in_memory
