#include <fcntl.h>

#include <array>
#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/digests.h"
#include "mocks/in_memory/utilities/support.h"
#include "openssl/evp.h"

namespace computesdk::in_memory {
namespace {

struct Algorithm {
  const char* name;  // As in "MD5 (file) = …".
  const EVP_MD* (*method)();
};

struct DigestStyle {
  bool check = false;
  bool binary = false;
  bool tag = false;
  bool quiet = false;
  bool status_only = false;
  bool strict = false;
  bool warn = false;
  bool ignore_missing = false;
  char end = '\n';
};

std::string ToHex(const unsigned char* bytes, std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text;
}

IoResult<std::string> DigestOf(Process& process, int fd, const Algorithm& algorithm) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), algorithm.method(), nullptr) != 1) {
    return IoError(std::errc::not_enough_memory);
  }
  Input in(process, fd);
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) {
    EVP_DigestUpdate(context.get(), block.data(), block.size());
  }
  if (in.error()) return IoError(*in.error());
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  EVP_DigestFinal_ex(context.get(), bytes.data(), &size);
  return ToHex(bytes.data(), size);
}

std::string Escaped(const std::string& name) {
  std::string result;
  for (char c : name) {
    if (c == '\\') {
      result += "\\\\";
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else {
      result.push_back(c);
    }
  }
  return result;
}

std::string Unescaped(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) {
      ++i;
      result.push_back(name[i] == 'n' ? '\n' : name[i] == 'r' ? '\r' : name[i]);
    } else {
      result.push_back(name[i]);
    }
  }
  return result;
}

struct Expected {
  std::string digest;
  std::string name;
};

std::optional<Expected> ParseLine(std::string_view line, const Algorithm& algorithm) {
  const auto digits = static_cast<std::size_t>(EVP_MD_size(algorithm.method())) * 2;
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  Expected expected;
  const std::string tag = std::string(algorithm.name) + " (";
  if (line.starts_with(tag)) {
    const auto close = line.rfind(") = ");
    if (close == std::string_view::npos || close < tag.size()) return std::nullopt;
    expected.name = line.substr(tag.size(), close - tag.size());
    expected.digest = line.substr(close + 4);
  } else {
    while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
    if (line.size() < digits + 3 || line[digits] != ' ') return std::nullopt;
    const bool marked = line[digits + 1] == ' ' || line[digits + 1] == '*';
    expected.digest = line.substr(0, digits);
    expected.name = line.substr(digits + (marked ? 2 : 1));
  }
  if (expected.digest.size() != digits) return std::nullopt;
  for (char& c : expected.digest) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c + 32);
    if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) return std::nullopt;
  }
  if (escaped) expected.name = Unescaped(expected.name);
  return expected;
}

std::string Plural(std::size_t count, const char* one, const char* many) {
  return "WARNING: " + std::to_string(count) + " " + (count == 1 ? one : many);
}

// Checks the files that a list names.
class Checker {
 public:
  Checker(Process& process, Output& out, const DigestStyle& style, const Algorithm& algorithm)
      : process_(process), out_(out), style_(style), algorithm_(algorithm) {}

  bool CheckList(int fd, const std::string& list) {
    const std::string shown = list == "-" ? "standard input" : ShownName(list);
    Input in(process_, fd);
    std::size_t number = 0;
    while (const auto line = in.ReadLine()) {
      ++number;
      if (line->empty() || line->starts_with('#')) continue;
      if (const auto expected = ParseLine(*line, algorithm_)) {
        ++well_formed_;
        CheckFile(*expected);
        continue;
      }
      ++malformed_;
      if (style_.warn) {
        Say(shown + ": " + std::to_string(number) + ": improperly formatted " + algorithm_.name +
            " checksum line");
      }
    }
    out_.Flush();
    if (well_formed_ == 0) {
      Say(shown + ": no properly formatted checksum lines found");
      return false;
    }
    if (!style_.status_only) Summarize();
    if (style_.ignore_missing && matched_ == 0 && mismatched_ == 0) {
      Say(shown + ": no file was verified");
      return false;
    }
    return mismatched_ == 0 && unread_ == 0 && (!style_.strict || malformed_ == 0);
  }

 private:
  void Say(const std::string& message) {
    out_.Flush();
    Complain(process_, message);
  }

  void Summarize() {
    if (malformed_ > 0) {
      Say(Plural(malformed_, "line is improperly formatted", "lines are improperly formatted"));
    }
    if (unread_ > 0) {
      Say(Plural(unread_, "listed file could not be read", "listed files could not be read"));
    }
    if (mismatched_ > 0) {
      Say(Plural(mismatched_, "computed checksum did NOT match",
                 "computed checksums did NOT match"));
    }
  }

  void Report(const std::string& name, const char* result, bool good) {
    if (style_.status_only || (good && style_.quiet)) return;
    const std::string escaped = Escaped(name);
    if (escaped != name) out_.Put('\\');
    out_ << escaped << ": " << result << "\n";
  }

  void CheckFile(const Expected& expected) {
    const auto fd =
        expected.name == "-" ? IoResult<int>(0) : process_.Open(expected.name, O_RDONLY);
    if (!fd && style_.ignore_missing && fd.error() == std::errc::no_such_file_or_directory) return;
    IoResult<std::string> actual = IoError(std::errc::io_error);
    if (fd) {
      actual = DigestOf(process_, *fd, algorithm_);
      if (*fd != 0) (void)process_.Close(*fd);
    } else {
      actual = IoError(fd.error());
    }
    if (!actual) {
      ++unread_;
      out_.Flush();
      ComplainOf(process_, expected.name, actual.error());
      Report(expected.name, "FAILED open or read", false);
      return;
    }
    const bool good = *actual == expected.digest;
    ++(good ? matched_ : mismatched_);
    Report(expected.name, good ? "OK" : "FAILED", good);
  }

  Process& process_;
  Output& out_;
  const DigestStyle& style_;
  const Algorithm& algorithm_;
  std::size_t well_formed_ = 0;
  std::size_t malformed_ = 0;
  std::size_t matched_ = 0;
  std::size_t mismatched_ = 0;
  std::size_t unread_ = 0;
};

void PrintDigest(Output& out, const DigestStyle& style, const Algorithm& algorithm,
                 const std::string& digest, const std::string& name) {
  const std::string shown = style.end == '\0' ? name : Escaped(name);
  if (shown != name) out.Put('\\');
  if (style.tag) {
    out << algorithm.name << " (" << shown << ") = " << digest;
  } else {
    out << digest << (style.binary ? " *" : "  ") << shown;
  }
  out.Put(style.end);
}

int DigestMain(Process& process, const Algorithm& algorithm) {
  Options options(process, "bctwz",
                  {{"binary", 'b'},
                   {"check", 'c'},
                   {"text", 't'},
                   {"warn", 'w'},
                   {"zero", 'z'},
                   {"tag", 300},
                   {"quiet", 301},
                   {"status", 302},
                   {"strict", 303},
                   {"ignore-missing", 304}});
  DigestStyle style;
  while (auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
        style.binary = true;
        break;
      case 't':
        style.binary = false;
        break;
      case 'c':
        style.check = true;
        break;
      case 'w':
        style.warn = true;
        break;
      case 'z':
        style.end = '\0';
        break;
      case 300:
        style.tag = true;
        break;
      case 301:
        style.quiet = true;
        break;
      case 302:
        style.status_only = true;
        break;
      case 303:
        style.strict = true;
        break;
      default:
        style.ignore_missing = true;
    }
  }
  Output out(process);
  int status = 0;
  status |= ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string& name) {
        if (style.check) {
          if (!Checker(process, out, style, algorithm).CheckList(fd, name)) status = 1;
          return;
        }
        const auto digest = DigestOf(process, fd, algorithm);
        if (digest) {
          PrintDigest(out, style, algorithm, *digest, name);
          return;
        }
        out.Flush();
        ComplainOf(process, name, digest.error());
        status = 1;
      },
      &out);
  return out.Finish(status);
}

}  // namespace

void AddChecksumPrograms(ProgramTable& table) {
  static constexpr std::pair<const char*, Algorithm> kPrograms[] = {
      {"md5sum", {"MD5", &EVP_md5}},          {"sha1sum", {"SHA1", &EVP_sha1}},
      {"sha224sum", {"SHA224", &EVP_sha224}}, {"sha256sum", {"SHA256", &EVP_sha256}},
      {"sha384sum", {"SHA384", &EVP_sha384}}, {"sha512sum", {"SHA512", &EVP_sha512}}};
  for (const auto& [name, algorithm] : kPrograms) {
    table[name] = [&algorithm](Process& process) { return DigestMain(process, algorithm); };
  }
}

}  // namespace computesdk::in_memory
