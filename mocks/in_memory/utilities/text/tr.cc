#include <algorithm>
#include <array>
#include <bitset>
#include <cctype>
#include <cstdlib>
#include <functional>
#include <utility>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

using Byte = unsigned char;
using ByteSet = std::bitset<256>;

// A set of tr's command line, spelled out.
struct TrSet {
  std::vector<Byte> bytes;
  // Where [:upper:] or [:lower:] begins, which may mean a mapping of case.
  struct Case {
    std::size_t offset;
    bool upper;
  };
  std::vector<Case> cases;
  bool other_class = false;
  bool equivalence = false;
  // A repeat without a count, which fills set 2 up to the length of set 1.
  std::optional<std::size_t> filler;
  Byte filler_byte = 0;
  bool repeat = false;
  bool complement_of_class = false;
};

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(1);
}

bool InClass(std::string_view name, Byte byte) {
  const bool ascii = byte < 0x80;
  const bool alpha = ascii && std::isalpha(byte) != 0;
  const bool digit = byte >= '0' && byte <= '9';
  if (name == "alnum") return alpha || digit;
  if (name == "alpha") return alpha;
  if (name == "blank") return byte == ' ' || byte == '\t';
  if (name == "cntrl") return byte < 0x20 || byte == 0x7f;
  if (name == "digit") return digit;
  if (name == "graph") return byte > 0x20 && byte < 0x7f;
  if (name == "lower") return byte >= 'a' && byte <= 'z';
  if (name == "print") return byte >= 0x20 && byte < 0x7f;
  if (name == "punct") return byte > 0x20 && byte < 0x7f && !alpha && !digit;
  if (name == "space") return byte == ' ' || (byte >= '\t' && byte <= '\r');
  if (name == "upper") return byte >= 'A' && byte <= 'Z';
  if (name == "xdigit")
    return digit || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
  return false;
}

class TrSetParser {
 public:
  TrSetParser(Process& process, std::string_view text) : process_(process) { Unescape(text); }

  TrSet Parse() {
    while (position_ < units_.size()) {
      if (ParseBracket()) continue;
      if (position_ + 2 < units_.size() && IsPlain(position_ + 1, '-')) {
        AddRange(units_[position_].byte, units_[position_ + 2].byte);
        position_ += 3;
      } else {
        set_.bytes.push_back(units_[position_++].byte);
      }
    }
    return std::move(set_);
  }

 private:
  // An escaped character has no meaning of its own as "[" or "-" has.
  struct Unit {
    Byte byte;
    bool escaped;
  };

  void Unescape(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '\\') {
        units_.push_back({static_cast<Byte>(text[i]), false});
        continue;
      }
      if (i + 1 == text.size()) {
        Complain(process_, "warning: an unescaped backslash at end of string is not portable");
        units_.push_back({'\\', false});
        break;
      }
      const char c = text[++i];
      static constexpr std::string_view kLetters = "abfnrtv";
      if (const auto at = kLetters.find(c); at != std::string_view::npos) {
        units_.push_back({static_cast<Byte>("\a\b\f\n\r\t\v"[at]), true});
      } else if (c >= '0' && c <= '7') {
        int value = c - '0';
        for (int digits = 1; digits < 3 && i + 1 < text.size(); ++digits) {
          const char next = text[i + 1];
          if (next < '0' || next > '7') break;
          if (value * 8 + (next - '0') > 255) {
            const std::string kept(text.substr(i - 1, 2));
            Complain(process_, "warning: the ambiguous octal escape \\" + kept + next +
                                   " is being\n\tinterpreted as the 2-byte sequence \\0" + kept +
                                   ", " + next);
            break;
          }
          value = value * 8 + (next - '0');
          ++i;
        }
        units_.push_back({static_cast<Byte>(value), true});
      } else {
        units_.push_back({static_cast<Byte>(c), true});
      }
    }
  }

  bool IsPlain(std::size_t at, char c) const {
    return at < units_.size() && !units_[at].escaped && units_[at].byte == static_cast<Byte>(c);
  }

  bool ParseBracket() {
    if (!IsPlain(position_, '[')) return false;
    return ParseNamed(':') || ParseNamed('=') || ParseRepeat();
  }

  // [:name:] and [=c=].
  bool ParseNamed(char mark) {
    if (!IsPlain(position_ + 1, mark)) return false;
    std::size_t end = position_ + 2;
    while (end + 1 < units_.size() && !(IsPlain(end, mark) && IsPlain(end + 1, ']'))) ++end;
    if (end + 1 >= units_.size()) return false;
    std::string name;
    for (std::size_t i = position_ + 2; i < end; ++i) {
      name.push_back(static_cast<char>(units_[i].byte));
    }
    if (mark == '=') {
      if (name.empty()) Fail(process_, "missing equivalence class character '[==]'");
      if (name.size() > 1) {
        Fail(process_, name + ": equivalence class operand must be a single character");
      }
      set_.bytes.push_back(static_cast<Byte>(name[0]));
      set_.equivalence = true;
    } else {
      AddClass(name);
    }
    position_ = end + 2;
    return true;
  }

  void AddClass(const std::string& name) {
    if (name.empty()) Fail(process_, "missing character class name '[::]'");
    if (name == "upper" || name == "lower") {
      set_.cases.push_back({set_.bytes.size(), name == "upper"});
    } else {
      set_.other_class = true;
    }
    const std::size_t before = set_.bytes.size();
    for (int byte = 0; byte < 256; ++byte) {
      if (InClass(name, static_cast<Byte>(byte))) set_.bytes.push_back(static_cast<Byte>(byte));
    }
    if (set_.bytes.size() == before)
      Fail(process_, "invalid character class " + LocaleQuoted(process_, name));
  }

  // [c*n], [c*].
  bool ParseRepeat() {
    if (!IsPlain(position_ + 2, '*') || position_ + 1 >= units_.size()) return false;
    std::string digits;
    std::size_t end = position_ + 3;
    while (end < units_.size() && !IsPlain(end, ']')) {
      if (units_[end].escaped) return false;
      digits.push_back(static_cast<char>(units_[end++].byte));
    }
    if (end >= units_.size()) return false;
    if (digits.find_first_not_of(digits.starts_with("0") ? "01234567" : "0123456789") !=
        std::string::npos) {
      Fail(process_,
           "invalid repeat count " + LocaleQuoted(process_, digits) + " in [c*n] construct");
    }
    const Byte byte = units_[position_ + 1].byte;
    const auto count = std::strtoull(digits.c_str(), nullptr, digits.starts_with("0") ? 8 : 10);
    set_.repeat = true;
    if (count == 0) {
      if (set_.filler) Fail(process_, "only one [c*] repeat construct may appear in string2");
      set_.filler = set_.bytes.size();
      set_.filler_byte = byte;
    } else {
      // More than there are bytes to map makes no difference.
      set_.bytes.insert(set_.bytes.end(), std::min<std::size_t>(count, 4096), byte);
    }
    position_ = end + 1;
    return true;
  }

  void AddRange(Byte low, Byte high) {
    if (low > high) {
      std::string shown = {static_cast<char>(low), '-', static_cast<char>(high)};
      Fail(process_,
           "range-endpoints of " + QuotedName(shown) + " are in reverse collating sequence order");
    }
    for (int byte = low; byte <= high; ++byte) set_.bytes.push_back(static_cast<Byte>(byte));
  }

  Process& process_;
  std::vector<Unit> units_;
  std::size_t position_ = 0;
  TrSet set_;
};

ByteSet ToByteSet(const std::vector<Byte>& bytes) {
  ByteSet set;
  for (Byte byte : bytes) set.set(byte);
  return set;
}

void ComplementSet(TrSet& set) {
  const ByteSet members = ToByteSet(set.bytes);
  const bool of_class = set.other_class || !set.cases.empty();
  set = TrSet{};
  set.complement_of_class = of_class;
  for (int byte = 0; byte < 256; ++byte) {
    if (!members[static_cast<std::size_t>(byte)]) set.bytes.push_back(static_cast<Byte>(byte));
  }
}

// What set 2 may not contain, and its length brought to that of set 1.
void FitSecondSet(Process& process, const TrSet& first, TrSet& second, bool complemented,
                  bool truncate) {
  if (second.other_class) {
    Fail(process,
         "when translating, the only character classes that may appear in\n"
         "string2 are 'upper' and 'lower'");
  }
  if (second.equivalence)
    Fail(process, "[=c=] expressions may not appear in string2 when translating");
  if (second.filler) {
    const std::size_t missing =
        first.bytes.size() > second.bytes.size() ? first.bytes.size() - second.bytes.size() : 0;
    second.bytes.insert(second.bytes.begin() + static_cast<std::ptrdiff_t>(*second.filler), missing,
                        second.filler_byte);
  }
  for (const TrSet::Case& mapped : second.cases) {
    const bool aligned = complemented || std::any_of(first.cases.begin(), first.cases.end(),
                                                     [&](const TrSet::Case& candidate) {
                                                       return candidate.offset == mapped.offset;
                                                     });
    if (!aligned) Fail(process, "misaligned [:upper:] and/or [:lower:] construct");
  }
  if (truncate) return;
  if (second.bytes.empty()) {
    Fail(process, "when not truncating set1, string2 must be non-empty");
  }
  if (second.bytes.size() < first.bytes.size()) {
    constexpr std::size_t kLetters = 26;
    if (!second.cases.empty() && second.cases.back().offset + kLetters == second.bytes.size()) {
      Fail(process,
           "when translating with string1 longer than string2,\n"
           "the latter string must not end with a character class");
    }
    second.bytes.resize(first.bytes.size(), second.bytes.back());
  }
}

void RequireOneByte(Process& process, const TrSet& first, const TrSet& second) {
  const auto differs =
      std::adjacent_find(second.bytes.begin(), second.bytes.end(), std::not_equal_to<>());
  if (second.bytes.size() == first.bytes.size() && differs == second.bytes.end()) return;
  Fail(process,
       "when translating with complemented character classes,\n"
       "string2 must map all characters in the domain to one");
}

struct TrPlan {
  bool translates = false;
  std::array<Byte, 256> map{};
  ByteSet deleted;
  ByteSet squeezed;
};

void Run(Process& process, const TrPlan& plan, Output& out) {
  Input in(process, 0);
  int last = -1;
  std::string result;
  for (auto block = in.ReadBlock(); !block.empty() && out.ok(); block = in.ReadBlock()) {
    result.clear();
    result.reserve(block.size());
    for (char c : block) {
      auto byte = static_cast<Byte>(c);
      if (plan.deleted[byte]) continue;
      if (plan.translates) byte = plan.map[byte];
      if (plan.squeezed[byte] && last == byte) continue;
      last = byte;
      result.push_back(static_cast<char>(byte));
    }
    out.Write(result);
  }
  if (in.error()) ComplainOf(process, "standard input", *in.error());
}

}  // namespace

int TrMain(Process& process) {
  Options options(
      process, "+cCdst",
      {{"complement", 'c'}, {"delete", 'd'}, {"squeeze-repeats", 's'}, {"truncate-set1", 't'}});
  bool complement = false;
  bool remove = false;
  bool squeeze = false;
  bool truncate = false;
  while (auto option = options.Next()) {
    if (option->letter == 'c' || option->letter == 'C') complement = true;
    if (option->letter == 'd') remove = true;
    if (option->letter == 's') squeeze = true;
    if (option->letter == 't') truncate = true;
  }
  const auto& operands = options.operands();
  const std::size_t least = remove == squeeze ? 2 : 1;
  const std::size_t most = remove && !squeeze ? 1 : 2;
  if (operands.empty()) UsageError(process, "missing operand");
  if (operands.size() < least) {
    UsageError(process, "missing operand after " + LocaleQuoted(process, operands.back()) +
                            "\nTwo strings must be given when " +
                            (remove ? "both deleting and squeezing repeats." : "translating."));
  }
  if (operands.size() > most) {
    const bool one = most == 1 && operands.size() == 2;
    UsageError(
        process,
        "extra operand " + LocaleQuoted(process, operands[most]) +
            (one ? "\nOnly one string may be given when deleting without squeezing repeats." : ""));
  }

  TrSet first = TrSetParser(process, operands[0]).Parse();
  if (first.filler) Fail(process, "the [c*] repeat construct may not appear in string1");
  if (complement) ComplementSet(first);
  TrPlan plan;
  if (operands.size() == 2) {
    TrSet second = TrSetParser(process, operands[1]).Parse();
    if (remove && second.filler) {
      Fail(process, "the [c*] construct may appear in string2 only when translating");
    }
    if (!remove) {
      plan.translates = true;
      FitSecondSet(process, first, second, complement, truncate);
      if (first.complement_of_class) RequireOneByte(process, first, second);
      for (int byte = 0; byte < 256; ++byte) {
        plan.map[static_cast<std::size_t>(byte)] = static_cast<Byte>(byte);
      }
      const std::size_t pairs = std::min(first.bytes.size(), second.bytes.size());
      for (std::size_t i = 0; i < pairs; ++i) plan.map[first.bytes[i]] = second.bytes[i];
    }
    if (squeeze) plan.squeezed = ToByteSet(second.bytes);
  } else if (squeeze) {
    plan.squeezed = ToByteSet(first.bytes);
  }
  if (remove) plan.deleted = ToByteSet(first.bytes);
  Output out(process);
  Run(process, plan, out);
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
