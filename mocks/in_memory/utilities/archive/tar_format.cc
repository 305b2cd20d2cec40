#include "mocks/in_memory/utilities/archive/tar_format.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>

namespace computesdk::in_memory {
namespace {

// Names and extended headers beyond this are no honest archive's.
constexpr std::uint64_t kMaxHeaderBytes = std::uint64_t{1} << 20;

struct Field {
  std::size_t offset;
  std::size_t size;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kUid{108, 8};
constexpr Field kGid{116, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kLink{157, 100};
constexpr Field kMagic{257, 8};
constexpr Field kUser{265, 32};
constexpr Field kGroup{297, 32};
constexpr Field kPrefix{345, 155};

using Block = std::array<char, kTarBlock>;

void PutText(Block& block, Field field, std::string_view text) {
  std::memcpy(block.data() + field.offset, text.data(), std::min(text.size(), field.size));
}

// Octal digits and a NUL; base 256 where they do not hold it.
void PutNumber(Block& block, Field field, std::int64_t value) {
  char* const begin = block.data() + field.offset;
  const std::size_t digits = field.size - 1;
  if (value < 0 || (digits < 21 && value >> (3 * digits) != 0)) {
    for (std::size_t i = field.size; i-- > 0; value >>= 8) begin[i] = static_cast<char>(value);
    begin[0] = static_cast<char>(begin[0] | '\x80');
    return;
  }
  for (std::size_t i = digits; i-- > 0; value >>= 3) {
    begin[i] = static_cast<char>('0' + (value & 7));
  }
}

std::string GetText(std::string_view block, Field field) {
  const std::string_view text = block.substr(field.offset, field.size);
  return std::string(text.substr(0, text.find('\0')));
}

std::int64_t GetNumber(std::string_view block, Field field) {
  const std::string_view text = block.substr(field.offset, field.size);
  if ((text[0] & '\x80') != 0) {
    std::uint64_t value = text[0] == '\xff' ? ~std::uint64_t{0} : 0;
    for (const char c : text.substr(1)) value = value << 8 | static_cast<unsigned char>(c);
    return static_cast<std::int64_t>(value);
  }
  std::int64_t value = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '7')
      value = value * 8 + (c - '0');
    else if (c != ' ' || value != 0)
      break;
  }
  return value;
}

// The sum of a header's bytes, its own field taken for blanks.
std::int64_t Checksum(std::string_view block) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const bool own = i >= kChecksum.offset && i < kChecksum.offset + kChecksum.size;
    sum += own ? ' ' : static_cast<unsigned char>(block[i]);
  }
  return sum;
}

std::size_t Padding(std::uint64_t size) {
  return static_cast<std::size_t>((kTarBlock - size % kTarBlock) % kTarBlock);
}

}  // namespace

// --- TarWriter ----------------------------------------------------------------------------------

void TarWriter::Data(std::string_view data) {
  written_ += data.size();
  sink_(data);
}

void TarWriter::EndMember() {
  static constexpr Block kZeros{};
  Data({kZeros.data(), Padding(written_)});
}

void TarWriter::LongName(char type, const std::string& name) {
  TarMember header;
  header.name = "././@LongLink";
  header.type = type;
  header.mode = 0644;
  header.user = header.group = "root";
  header.size = name.size() + 1;
  Header(header);
  Data({name.c_str(), name.size() + 1});
  EndMember();
}

namespace {

// Where ustar parts a name: what stands before the slash is the prefix. npos where it cannot.
std::size_t PrefixLength(std::string_view name) {
  if (name.size() <= kName.size) return 0;
  for (std::size_t slash = std::min(name.size() - 1, kPrefix.size); slash > 0; --slash) {
    if (name[slash] == '/' && name.size() - slash - 1 <= kName.size) return slash;
  }
  return std::string_view::npos;
}

// "30 mtime=…\n": the length counts itself.
std::string PaxRecord(std::string_view key, const std::string& value) {
  const std::size_t bare = key.size() + value.size() + 3;
  std::size_t length = bare + std::to_string(bare).size();
  length = bare + std::to_string(length).size();
  return std::to_string(length).append(" ").append(key) + "=" + value + "\n";
}

}  // namespace

std::string TarWriter::Objection(const TarMember& member) const {
  if (format_ == TarFormat::kV7) {
    constexpr std::size_t kLongest = kName.size - 1;
    return member.name.size() > kLongest ? "file name is too long (max 99)" : "";
  }
  if (format_ != TarFormat::kUstar) return "";
  if (member.name.size() > kName.size + 1 + kPrefix.size) return "file name is too long (max 256)";
  if (PrefixLength(member.name) == std::string_view::npos) {
    return "file name is too long (cannot be split)";
  }
  return "";
}

void TarWriter::Member(const TarMember& member) {
  if (format_ == TarFormat::kGnu) {
    if (member.link.size() > kLink.size) LongName('K', member.link);
    if (member.name.size() > kName.size) LongName('L', member.name);
  } else if (format_ == TarFormat::kPax) {
    ExtendedHeader(member);
  }
  Header(member);
}

// What an ordinary header has no place for: long names, large numbers, parts of a second.
void TarWriter::ExtendedHeader(const TarMember& member) {
  constexpr std::uint64_t kLargest = (std::uint64_t{1} << 33) - 1;
  std::string records;
  if (member.name.size() > kName.size) records += PaxRecord("path", member.name);
  if (member.link.size() > kLink.size) records += PaxRecord("linkpath", member.link);
  if (member.size > kLargest) records += PaxRecord("size", std::to_string(member.size));
  const auto seconds = std::chrono::floor<std::chrono::seconds>(member.modified);
  if (const auto rest = (member.modified - seconds).count(); rest != 0) {
    std::string fraction = std::to_string(rest);
    constexpr std::size_t kDigits = 9;
    fraction.insert(0, kDigits - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    records +=
        PaxRecord("mtime", std::to_string(seconds.time_since_epoch().count()) + "." + fraction);
  }
  if (records.empty()) return;
  TarMember header;
  const std::size_t slash = member.name.find_last_of('/', member.name.size() - 2);
  const std::size_t base = slash == std::string::npos ? 0 : slash + 1;
  header.name =
      (base == 0 ? "./" : member.name.substr(0, base)) + "PaxHeaders/" + member.name.substr(base);
  header.name.resize(std::min(header.name.size(), kName.size));
  header.type = 'x';
  header.mode = 0644;
  header.modified = member.modified;
  header.size = records.size();
  Header(header);
  Data(records);
  EndMember();
}

void TarWriter::Header(const TarMember& member) {
  Block block{};
  const bool posix = format_ == TarFormat::kUstar || format_ == TarFormat::kPax;
  const std::size_t prefix = format_ == TarFormat::kUstar ? PrefixLength(member.name) : 0;
  const bool parted = prefix != 0 && prefix != std::string_view::npos;
  if (parted) PutText(block, kPrefix, std::string_view(member.name).substr(0, prefix));
  PutText(block, kName, std::string_view(member.name).substr(parted ? prefix + 1 : 0));
  PutNumber(block, kMode, member.mode);
  PutNumber(block, kUid, member.uid);
  PutNumber(block, kGid, member.gid);
  PutNumber(block, kSize, static_cast<std::int64_t>(member.size));
  const auto time = std::chrono::floor<std::chrono::seconds>(member.modified);
  PutNumber(block, kTime, time.time_since_epoch().count());
  block[kType] = member.type;
  PutText(block, kLink, member.link);
  if (format_ != TarFormat::kV7) {
    PutText(block, kMagic,
            posix ? std::string_view("ustar\00000", 8) : std::string_view("ustar  \0", 8));
    PutText(block, kUser, member.user);
    PutText(block, kGroup, member.group);
  }
  const std::int64_t sum = Checksum({block.data(), block.size()});
  PutNumber(block, {kChecksum.offset, 7}, sum);
  block[kChecksum.offset + 7] = ' ';
  Data({block.data(), block.size()});
}

void TarWriter::Finish() {
  const std::string end(2 * kTarBlock, '\0');
  Data(end);
  const auto used = static_cast<std::size_t>(written_ % record_);
  if (used != 0) Data(std::string(record_ - used, '\0'));
}

// --- TarReader ----------------------------------------------------------------------------------

std::string TarReader::Take(std::size_t size) {
  std::string taken;
  while (taken.size() < size) {
    if (chunk_.empty()) chunk_ = source_();
    if (chunk_.empty()) break;
    const std::string_view part = chunk_.substr(0, size - taken.size());
    taken += part;
    chunk_.remove_prefix(part.size());
  }
  taken_ += taken.size();
  return taken;
}

bool TarReader::Skip(std::uint64_t size) {
  while (size > 0) {
    if (chunk_.empty()) chunk_ = source_();
    if (chunk_.empty()) return false;
    const std::size_t part = std::min<std::uint64_t>(size, chunk_.size());
    chunk_.remove_prefix(part);
    size -= part;
    taken_ += part;
  }
  return true;
}

std::string TarReader::TakeBody(std::uint64_t size) {
  if (size > kMaxHeaderBytes) {
    error_ = Error::kTooLong;
    return "";
  }
  std::string body = Take(static_cast<std::size_t>(size));
  if (body.size() < size || !Skip(Padding(size))) error_ = Error::kUnexpectedEnd;
  return body;
}

// Records "LENGTH KEY=VALUE\n"; the member's own after those that hold for all.
void TarReader::ApplyPax(TarMember& member) {
  for (std::string_view rest : {std::string_view(global_pax_), std::string_view(pax_)}) {
    while (!rest.empty()) {
      const std::size_t blank = rest.find(' ');
      if (blank == std::string_view::npos) break;
      const std::size_t length =
          std::strtoul(std::string(rest.substr(0, blank)).c_str(), nullptr, 10);
      if (length <= blank + 1 || length > rest.size()) break;
      const std::string_view record = rest.substr(blank + 1, length - blank - 2);
      rest.remove_prefix(length);
      const std::size_t equals = record.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view key = record.substr(0, equals);
      const std::string value(record.substr(equals + 1));
      if (key == "path") member.name = value;
      if (key == "linkpath") member.link = value;
      if (key == "uname") member.user = value;
      if (key == "gname") member.group = value;
      if (key == "size") member.size = std::strtoull(value.c_str(), nullptr, 10);
      if (key == "uid")
        member.uid = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
      if (key == "gid")
        member.gid = static_cast<unsigned>(std::strtoul(value.c_str(), nullptr, 10));
      if (key == "mtime") {
        const double seconds = std::strtod(value.c_str(), nullptr);
        if (seconds > -9e9 && seconds < 9e9) {
          member.modified =
              FileTime(std::chrono::nanoseconds(static_cast<std::int64_t>(seconds * 1e9)));
        }
      }
    }
  }
}

std::optional<TarMember> TarReader::Parse(std::string_view block) {
  if (GetNumber(block, kChecksum) != Checksum(block)) return std::nullopt;
  TarMember member;
  member.name = GetText(block, kName);
  if (block.substr(kMagic.offset, 6) == std::string_view("ustar\0", 6)) {
    const std::string prefix = GetText(block, kPrefix);
    if (!prefix.empty()) member.name = prefix + "/" + member.name;
  }
  member.type = block[kType] == '\0' || block[kType] == '7' ? '0' : block[kType];
  member.link = GetText(block, kLink);
  member.mode = static_cast<unsigned>(GetNumber(block, kMode)) & 07777;
  member.uid = static_cast<unsigned>(GetNumber(block, kUid));
  member.gid = static_cast<unsigned>(GetNumber(block, kGid));
  member.user = GetText(block, kUser);
  member.group = GetText(block, kGroup);
  const std::int64_t size = GetNumber(block, kSize);
  member.size = size < 0 ? 0 : static_cast<std::uint64_t>(size);
  constexpr std::int64_t kFarthest = 9'000'000'000;  // Nanoseconds in 64 bits end in 2262.
  member.modified =
      FileTime(std::chrono::seconds(std::clamp(GetNumber(block, kTime), -kFarthest, kFarthest)));
  return member;
}

std::optional<TarMember> TarReader::Next() {
  if (!Skip(left_ + padding_)) error_ = Error::kUnexpectedEnd;
  left_ = padding_ = 0;
  std::string long_name;
  std::string long_link;
  pax_.clear();
  position_ = taken_;
  while (error_ == Error::kNone) {
    const std::string block = Take(kTarBlock);
    if (block.empty()) {
      position_ = std::max(position_, taken_);
      if (taken_ == 0) error_ = Error::kNotTar;
      return std::nullopt;
    }
    if (block.size() < kTarBlock) {
      // A part of a block behind the members is no harm.
      if (taken_ < kTarBlock) error_ = Error::kNotTar;
      return std::nullopt;
    }
    if (block.find_first_not_of('\0') == std::string::npos) {
      if (ignore_zeros_) continue;
      // A pipe's writer wants to get rid of all of it.
      while (!source_().empty()) continue;
      return std::nullopt;
    }
    std::optional<TarMember> member = Parse(block);
    if (!member) {
      error_ = Error::kNotTar;
      return std::nullopt;
    }
    if (member->type == 'L' || member->type == 'K') {
      std::string& text = member->type == 'L' ? long_name : long_link;
      text = TakeBody(member->size);
      text.erase(std::min(text.find('\0'), text.size()));
      continue;
    }
    if (member->type == 'x' || member->type == 'g') {
      (member->type == 'x' ? pax_ : global_pax_) = TakeBody(member->size);
      continue;
    }
    if (!long_name.empty()) member->name = long_name;
    if (!long_link.empty()) member->link = long_link;
    ApplyPax(*member);
    if (member->type == '0' && member->name.ends_with('/')) member->type = '5';
    if (member->type >= '1' && member->type <= '6') member->size = 0;
    left_ = member->size;
    padding_ = Padding(member->size);
    return member;
  }
  return std::nullopt;
}

std::string_view TarReader::Data() {
  if (left_ == 0) return {};
  if (chunk_.empty()) chunk_ = source_();
  if (chunk_.empty()) {
    error_ = Error::kUnexpectedEnd;
    left_ = padding_ = 0;
    return {};
  }
  const std::string_view part =
      chunk_.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left_, kTarRecord)));
  chunk_.remove_prefix(part.size());
  left_ -= part.size();
  taken_ += part.size();
  return part;
}

}  // namespace computesdk::in_memory
