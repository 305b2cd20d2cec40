#include "mocks/in_memory/utilities/mode.h"

#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace computesdk::in_memory {
namespace {

constexpr unsigned kSetId = 06000;
constexpr unsigned kAllBits = 07777;

std::optional<unsigned> ParseOctal(std::string_view text) {
  unsigned value = 0;
  for (char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<unsigned>(c - '0');
    if (value > kAllBits) return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  return value;
}

unsigned WhoBits(char who) {
  switch (who) {
    case 'u':
      return 04700;
    case 'g':
      return 02070;
    case 'o':
      return 01007;
    case 'a':
      return kAllBits;
  }
  return 0;
}

unsigned PermissionBits(char letter) {
  switch (letter) {
    case 'r':
      return 0444;
    case 'w':
      return 0222;
    case 'x':
      return 0111;
    case 's':
      return kSetId;
    case 't':
      return 01000;
  }
  return 0;
}

// The permission of one group of people, given to all.
unsigned SpreadBits(unsigned value) {
  unsigned spread = 0;
  for (unsigned bits : {0444U, 0222U, 0111U}) {
    if ((value & bits) != 0) spread |= bits;
  }
  return spread;
}

}  // namespace

std::optional<ModeChange> ModeChange::Parse(std::string_view text) {
  ModeChange change;
  if (std::optional<unsigned> octal = ParseOctal(text)) {
    const unsigned mentioned = text.size() < 5 ? (*octal & kSetId) | 01777 : kAllBits;
    change.changes_.push_back({'=', Source::kBits, kAllBits, *octal, mentioned});
    return change;
  }
  if (text.empty()) return std::nullopt;
  while (true) {
    const auto comma = text.find(',');
    if (!change.ParseClause(text.substr(0, comma))) return std::nullopt;
    if (comma == std::string_view::npos) return change;
    text.remove_prefix(comma + 1);
  }
}

bool ModeChange::ParseClause(std::string_view clause) {
  unsigned affected = 0;
  while (!clause.empty() && WhoBits(clause[0]) != 0) {
    affected |= WhoBits(clause[0]);
    clause.remove_prefix(1);
  }
  if (clause.empty()) return false;
  while (!clause.empty()) {
    if (!ParseOperation(affected, clause)) return false;
  }
  return true;
}

bool ModeChange::ParseOperation(unsigned affected, std::string_view& clause) {
  const char operation = clause[0];
  if (operation != '+' && operation != '-' && operation != '=') return false;
  clause.remove_prefix(1);
  const std::size_t end = std::min(clause.find_first_of("+-="), clause.size());
  const std::string_view letters = std::exchange(clause, clause.substr(end)).substr(0, end);
  if (std::optional<unsigned> octal = ParseOctal(letters)) {
    if (affected != 0) return false;
    changes_.push_back({operation, Source::kBits, kAllBits, *octal, kAllBits});
    return true;
  }
  if (letters == "u" || letters == "g" || letters == "o") {
    const unsigned from = WhoBits(letters[0]) & 0777;
    changes_.push_back({operation, Source::kCopy, affected, from, affected & from});
    return true;
  }
  unsigned value = 0;
  Source source = Source::kBits;
  for (char letter : letters) {
    if (letter == 'X') {
      source = Source::kExecuteIfAny;
    } else if (const unsigned bits = PermissionBits(letter); bits != 0) {
      value |= bits;
    } else {
      return false;
    }
  }
  changes_.push_back(
      {operation, source, affected, value, affected != 0 ? affected & value : value});
  return true;
}

unsigned ModeChange::Apply(unsigned mode, bool directory, unsigned umask) const {
  for (const Change& change : changes_) {
    const unsigned kept = directory ? kSetId & ~change.mentioned : 0;
    unsigned value = change.value;
    if (change.source == Source::kCopy) value = SpreadBits(mode & change.value);
    if (change.source == Source::kExecuteIfAny && (directory || (mode & 0111) != 0)) value |= 0111;
    value &= (change.affected != 0 ? change.affected : ~umask) & ~kept & kAllBits;
    switch (change.operation) {
      case '=':
        mode = (mode & ((change.affected != 0 ? ~change.affected : 0) | kept)) | value;
        break;
      case '+':
        mode |= value;
        break;
      default:
        mode &= ~value;
    }
  }
  return mode & kAllBits;
}

std::string PermissionString(unsigned mode) {
  std::string text = "rwxrwxrwx";
  for (int bit = 0; bit < 9; ++bit) {
    if ((mode >> (8 - bit) & 1) == 0) text[bit] = '-';
  }
  if ((mode & 04000) != 0) text[2] = text[2] == 'x' ? 's' : 'S';
  if ((mode & 02000) != 0) text[5] = text[5] == 'x' ? 's' : 'S';
  if ((mode & 01000) != 0) text[8] = text[8] == 'x' ? 't' : 'T';
  return text;
}

char TypeLetter(FileType type) {
  switch (type) {
    case FileType::kRegular:
      return '-';
    case FileType::kDirectory:
      return 'd';
    case FileType::kSymlink:
      return 'l';
    case FileType::kCharacterDevice:
      return 'c';
    case FileType::kFifo:
      return 'p';
  }
  return '?';
}

std::string ModeString(FileType type, unsigned mode) {
  return TypeLetter(type) + PermissionString(mode);
}

unsigned RawMode(FileType type, unsigned mode) {
  switch (type) {
    case FileType::kRegular:
      return S_IFREG | mode;
    case FileType::kDirectory:
      return S_IFDIR | mode;
    case FileType::kSymlink:
      return S_IFLNK | mode;
    case FileType::kCharacterDevice:
      return S_IFCHR | mode;
    case FileType::kFifo:
      return S_IFIFO | mode;
  }
  return mode;
}

}  // namespace computesdk::in_memory
