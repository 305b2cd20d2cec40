#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/utilities/digest/digests.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

// The checksums that are no digests.
class OldSum {
 public:
  virtual ~OldSum() = default;
  virtual void Add(std::string_view block) = 0;
  // The sum and the size, as they are printed.
  virtual std::string Text() = 0;

 protected:
  void Count(std::string_view block) { size_ += block.size(); }
  std::uint64_t Blocks(std::uint64_t of) const { return (size_ + of - 1) / of; }
  std::uint64_t size_ = 0;
};

class CrcSum : public OldSum {
 public:
  void Add(std::string_view block) override {
    Count(block);
    for (const char c : block) Step(static_cast<unsigned char>(c));
  }
  std::string Text() override {
    // The length goes into the sum, too.
    for (std::uint64_t rest = size_; rest > 0; rest >>= 8) {
      Step(static_cast<unsigned char>(rest & 0xff));
    }
    return std::to_string(~sum_) + " " + std::to_string(size_);
  }

 private:
  static constexpr std::array<std::uint32_t, 256> MakeTable() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i << 24;
      for (int bit = 0; bit < 8; ++bit) {
        value = (value & 0x80000000U) != 0 ? value << 1 ^ 0x04c11db7U : value << 1;
      }
      table[i] = value;
    }
    return table;
  }

  void Step(unsigned char byte) {
    static constexpr std::array<std::uint32_t, 256> kTable = MakeTable();
    sum_ = sum_ << 8 ^ kTable[(sum_ >> 24 ^ byte) & 0xff];
  }

  std::uint32_t sum_ = 0;
};

class BsdSum : public OldSum {
 public:
  void Add(std::string_view block) override {
    Count(block);
    for (const char c : block) {
      sum_ = (sum_ >> 1 | (sum_ & 1) << 15) + static_cast<unsigned char>(c);
      sum_ &= 0xffff;
    }
  }
  std::string Text() override {
    std::array<char, 64> text{};
    (void)std::snprintf(text.data(), text.size(), "%05u %5llu", sum_,
                        static_cast<unsigned long long>(Blocks(1024)));
    return text.data();
  }

 private:
  unsigned sum_ = 0;
};

class SysvSum : public OldSum {
 public:
  void Add(std::string_view block) override {
    Count(block);
    for (const char c : block) sum_ += static_cast<unsigned char>(c);
  }
  std::string Text() override {
    const std::uint32_t folded = (sum_ & 0xffff) + (sum_ >> 16);
    return std::to_string((folded & 0xffff) + (folded >> 16)) + " " + std::to_string(Blocks(512));
  }

 private:
  std::uint32_t sum_ = 0;
};

std::unique_ptr<OldSum> MakeSum(std::string_view name) {
  if (name == "bsd") return std::make_unique<BsdSum>();
  if (name == "sysv") return std::make_unique<SysvSum>();
  return std::make_unique<CrcSum>();
}

int RunSums(Process& process, std::string_view algorithm, const std::vector<std::string>& files,
            char end) {
  Output out(process);
  int status = 0;
  const bool named = !files.empty();
  status |= ForEachInput(
      process, files,
      [&](int fd, const std::string& name) {
        const auto sum = MakeSum(algorithm);
        Input in(process, fd);
        for (auto block = in.ReadBlock(); !block.empty(); block = in.ReadBlock()) sum->Add(block);
        if (in.error()) {
          out.Flush();
          ComplainOf(process, name, *in.error());
          status = 1;
          return;
        }
        out << sum->Text() << (named ? " " + name : "");
        out.Put(end);
      },
      &out);
  return out.Finish(status);
}

// The algorithm that -a names, perhaps cut short.
std::string_view ParseAlgorithm(Process& process, const std::string& value) {
  static constexpr std::string_view kNames[] = {"bsd",    "sysv",   "crc",    "md5",    "sha1",
                                                "sha224", "sha256", "sha384", "sha512", "blake2b"};
  std::vector<std::string_view> matches;
  for (const std::string_view name : kNames) {
    if (name == value) return name;
    if (!value.empty() && name.starts_with(value)) matches.push_back(name);
  }
  if (matches.size() == 1) return matches[0];
  std::string message = std::string(matches.empty() ? "invalid" : "ambiguous") + " argument " +
                        LocaleQuoted(process, value) + " for " +
                        LocaleQuoted(process, "--algorithm") + "\nValid arguments are:";
  for (const std::string_view name : kNames) message += "\n  - " + LocaleQuoted(process, name);
  UsageError(process, message);
}

struct CksumOptions {
  DigestStyle style;
  std::optional<std::string_view> algorithm;
  std::optional<std::string> length;
};

CksumOptions Parse(Options& options, Process& process) {
  CksumOptions result;
  result.style.tag = true;
  while (const auto option = options.Next()) {
    switch (option->letter) {
      case 'a':
        result.algorithm = ParseAlgorithm(process, option->value);
        break;
      case 'c':
        result.style.check = true;
        break;
      case 'l':
        result.length = option->value;
        break;
      case 'w':
        result.style.warn = true;
        break;
      case 'z':
        result.style.end = '\0';
        break;
      case kTag:
        result.style.tag = true;
        break;
      case kUntagged:
        result.style.tag = false;
        break;
      case kQuiet:
        result.style.quiet = true;
        break;
      case kStatus:
        result.style.status_only = true;
        break;
      case kStrict:
        result.style.strict = true;
        break;
      default:
        result.style.ignore_missing = true;
    }
  }
  return result;
}

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(1);
}

}  // namespace

int SumMain(Process& process) {
  Options options(process, "rs", {{"sysv", 's'}});
  std::string_view algorithm = "bsd";
  while (const auto option = options.Next()) algorithm = option->letter == 's' ? "sysv" : "bsd";
  return RunSums(process, algorithm, options.operands(), '\n');
}

int CksumMain(Process& process) {
  Options options(process, "a:cl:wz",
                  {{"algorithm", 'a', Options::kRequired},
                   {"check", 'c'},
                   {"length", 'l', Options::kRequired},
                   {"warn", 'w'},
                   {"zero", 'z'},
                   {"tag", kTag},
                   {"untagged", kUntagged},
                   {"quiet", kQuiet},
                   {"status", kStatus},
                   {"strict", kStrict},
                   {"ignore-missing", kIgnoreMissing}});
  CksumOptions cksum = Parse(options, process);
  const DigestAlgorithm* const digest = cksum.algorithm ? FindDigest(*cksum.algorithm) : nullptr;
  if (cksum.length && (digest == nullptr || digest->method != nullptr)) {
    Fail(process, "--length is only supported with --algorithm=blake2b");
  }
  if (cksum.style.check && cksum.algorithm && digest == nullptr) {
    Fail(process, "--check is not supported with --algorithm={bsd,sysv,crc}");
  }
  if (digest == nullptr && !cksum.style.check) {
    return RunSums(process, cksum.algorithm.value_or("crc"), options.operands(), cksum.style.end);
  }
  if (digest != nullptr) {
    cksum.style.kind = DigestKind{
        digest, cksum.length ? ParseDigestLength(process, *cksum.length) : DigestBytes(*digest)};
  }
  return RunDigests(process, cksum.style, options.operands());
}

}  // namespace computesdk::in_memory
