#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ENCODING_HEXDUMP_FORMAT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ENCODING_HEXDUMP_FORMAT_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {

// The formats of hexdump: `4/2 "%04x " "\n"` is two units.

// One conversion of a format, or the text between two.
struct HexdumpPiece {
  enum Kind {
    kText,
    kAddress,    // %_a
    kRaw,        // %c
    kEscaped,    // %_c
    kPrintable,  // %_p
    kNamed,      // %_u
    kString,     // %s
    kSigned,
    kUnsigned,
    kFloat,
  };
  Kind kind = kText;
  std::string before;  // Text in front of the conversion; or the text.
  std::string flags;
  std::string width;  // With the precision: "08.8".
  char conversion = 's';
  std::size_t bytes = 0;
};

struct HexdumpUnit {
  std::size_t repeat = 1;
  bool has_repeat = false;
  std::size_t bytes = 0;  // Of one repetition.
  bool at_end = false;    // Has "%_A": is printed once, behind everything.
  std::vector<HexdumpPiece> pieces;
};

struct HexdumpFormat {
  std::vector<HexdumpUnit> units;
  // Of a whole block.
  std::size_t Bytes() const;
};

// Complains of a format that means nothing, and ends the program.
HexdumpFormat ParseHexdumpFormat(Process& process, std::string_view text);
// What a piece prints of these bytes, which are at least as many as it takes.
std::string FormatHexdumpPiece(const HexdumpPiece& piece, std::string_view bytes,
                               std::uint64_t address);
// The blanks that stand for it behind the end of the input.
std::string BlankHexdumpPiece(const HexdumpPiece& piece);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ENCODING_HEXDUMP_FORMAT_H_
