#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_MODE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_MODE_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/file_system/file_system.h"

namespace computesdk::in_memory {

// What `chmod MODE` asks for: octal ("755") or symbolic ("u+x,go-w").
class ModeChange {
 public:
  static std::optional<ModeChange> Parse(std::string_view text);

  // The mode that comes of `mode`. Where a clause names nobody, the umask protects its bits.
  unsigned Apply(unsigned mode, bool directory, unsigned umask) const;

 private:
  enum class Source { kBits, kCopy, kExecuteIfAny };
  struct Change {
    char operation;
    Source source;
    unsigned affected;   // 0 if the clause names nobody.
    unsigned value;      // Bits to set, or those of whom to copy from.
    unsigned mentioned;  // A directory keeps set-id bits that are not among these.
  };

  bool ParseClause(std::string_view clause);
  bool ParseOperation(unsigned affected, std::string_view& clause);

  std::vector<Change> changes_;
};

// "rwxr-xr-t".
std::string PermissionString(unsigned mode);
// The letter of `ls -l`: "-", "d", "l", "c", "p".
char TypeLetter(FileType type);
// "-rw-r--r--".
std::string ModeString(FileType type, unsigned mode);
// st_mode: the type's bits and the permission's.
unsigned RawMode(FileType type, unsigned mode);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_MODE_H_
