#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "mocks/in_memory/utilities/digest/blake2b.h"
#include "mocks/in_memory/utilities/digest/digests.h"

namespace computesdk::in_memory {
namespace {

constexpr DigestAlgorithm kAlgorithms[] = {
    {"md5", "MD5", &EVP_md5},          {"sha1", "SHA1", &EVP_sha1},
    {"sha224", "SHA224", &EVP_sha224}, {"sha256", "SHA256", &EVP_sha256},
    {"sha384", "SHA384", &EVP_sha384}, {"sha512", "SHA512", &EVP_sha512},
    {"blake2b", "BLAKE2b", nullptr}};

std::string ToHex(const unsigned char* bytes, std::size_t size) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    text.push_back(kDigits[bytes[i] >> 4]);
    text.push_back(kDigits[bytes[i] & 15]);
  }
  return text;
}

IoResult<std::string> Blake2bOf(Process& process, int fd, std::size_t bytes) {
  Blake2b hash(bytes);
  Input in(process, fd);
  for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) hash.Update(block);
  if (in.error()) return IoError(*in.error());
  const std::string digest = hash.Finish();
  return ToHex(reinterpret_cast<const unsigned char*>(digest.data()), digest.size());
}

void PrintDigest(Output& out, const DigestStyle& style, const std::string& digest,
                 const std::string& name) {
  const std::string shown = style.end == '\0' ? name : EscapedDigestName(name);
  if (shown != name) out.Put('\\');
  if (style.tag) {
    out << style.kind->Tag() << " (" << shown << ") = " << digest;
  } else {
    out << digest << (style.binary ? " *" : "  ") << shown;
  }
  out.Put(style.end);
}

// What is of no use without, or with, --check.
void RequireSense(Process& process, const DigestStyle& style, bool mode_given) {
  const auto refuse = [&](const std::string& option, const char* why) {
    UsageError(process, "the " + option + " " + why);
  };
  if (style.check) {
    if (style.tag) refuse("--tag option", "is meaningless when verifying checksums");
    if (style.end == '\0') {
      refuse("--zero option", "is not supported when verifying checksums");
    }
    if (mode_given) {
      refuse("--binary and --text options", "are meaningless when verifying checksums");
    }
    return;
  }
  const std::pair<bool, const char*> only[] = {{style.ignore_missing, "--ignore-missing"},
                                               {style.status_only, "--status"},
                                               {style.warn, "--warn"},
                                               {style.quiet, "--quiet"},
                                               {style.strict, "--strict"}};
  for (const auto& [given, name] : only) {
    if (given) refuse(std::string(name) + " option", "is meaningful only when verifying checksums");
  }
}

int DigestMain(Process& process, const DigestAlgorithm& algorithm) {
  const bool blake = algorithm.method == nullptr;
  std::vector<Options::Long> longs = {{"binary", 'b'},     {"check", 'c'},
                                      {"text", 't'},       {"warn", 'w'},
                                      {"zero", 'z'},       {"tag", kTag},
                                      {"quiet", kQuiet},   {"status", kStatus},
                                      {"strict", kStrict}, {"ignore-missing", kIgnoreMissing}};
  if (blake) longs.push_back({"length", 'l', Options::kRequired});
  Options options(process, blake ? "bcl:twz" : "bctwz", std::move(longs));
  DigestStyle style;
  style.kind = DigestKind{&algorithm, DigestBytes(algorithm)};
  bool mode_given = false;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
      case 't':
        mode_given = true;
        style.binary = option->letter == 'b';
        break;
      case 'c':
        style.check = true;
        break;
      case 'l':
        style.kind->bytes = ParseDigestLength(process, option->value);
        break;
      case 'w':
        style.warn = true;
        break;
      case 'z':
        style.end = '\0';
        break;
      case kTag:
        style.tag = style.binary = true;  // What comes behind it may say otherwise.
        break;
      case kQuiet:
        style.quiet = true;
        break;
      case kStatus:
        style.status_only = true;
        break;
      case kStrict:
        style.strict = true;
        break;
      default:
        style.ignore_missing = true;
    }
  }
  if (style.tag && !style.binary) UsageError(process, "--tag does not support --text mode");
  RequireSense(process, style, mode_given);
  return RunDigests(process, style, options.operands());
}

}  // namespace

std::string DigestKind::Tag() const {
  std::string text(algorithm->tag);
  if (bytes != DigestBytes(*algorithm)) text += "-" + std::to_string(bytes * 8);
  return text;
}

const DigestAlgorithm* FindDigest(std::string_view name, bool by_tag) {
  const auto found = std::find_if(
      std::begin(kAlgorithms), std::end(kAlgorithms),
      [&](const auto& algorithm) { return (by_tag ? algorithm.tag : algorithm.name) == name; });
  return found == std::end(kAlgorithms) ? nullptr : found;
}

std::size_t DigestBytes(const DigestAlgorithm& algorithm) {
  if (algorithm.method == nullptr) return Blake2b::kMaxBytes;
  return static_cast<std::size_t>(EVP_MD_size(algorithm.method()));
}

std::size_t ParseDigestLength(Process& process, const std::string& bits) {
  const auto fail = [&](const std::string& reason) {
    Complain(process, "invalid length: " + LocaleQuoted(process, bits));
    if (!reason.empty()) Complain(process, reason);
    process.Exit(1);
  };
  const auto value = ParseInteger(bits);
  if (!value || *value < 0) fail("");
  if (*value > 512) {
    fail("maximum digest length for " + LocaleQuoted(process, "BLAKE2b") + " is 512 bits");
  }
  if (*value % 8 != 0) fail("length is not a multiple of 8");
  return *value == 0 ? Blake2b::kMaxBytes : static_cast<std::size_t>(*value) / 8;
}

std::string EscapedDigestName(const std::string& name) {
  std::string result;
  for (const char c : name) {
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

IoResult<std::string> DigestOf(Process& process, int fd, const DigestKind& kind) {
  if (kind.algorithm->method == nullptr) return Blake2bOf(process, fd, kind.bytes);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), kind.algorithm->method(), nullptr) != 1) {
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

int RunDigests(Process& process, const DigestStyle& style, const std::vector<std::string>& files) {
  Output out(process);
  int status = 0;
  status |= ForEachInput(
      process, files,
      [&](int fd, const std::string& name) {
        if (style.check) {
          if (!DigestChecker(process, out, style).CheckList(fd, name)) status = 1;
          return;
        }
        const auto digest = DigestOf(process, fd, *style.kind);
        if (digest) return PrintDigest(out, style, *digest, name);
        out.Flush();
        ComplainOf(process, name, digest.error());
        status = 1;
      },
      &out);
  return out.Finish(status);
}

void AddChecksumPrograms(ProgramTable& table) {
  for (const DigestAlgorithm& algorithm : kAlgorithms) {
    const std::string name = algorithm.method == nullptr ? "b2" : std::string(algorithm.name);
    table[name + "sum"] = [&algorithm](Process& process) { return DigestMain(process, algorithm); };
  }
}

}  // namespace computesdk::in_memory
