#include "mocks/in_memory/file_system/file_conditions.h"

namespace computesdk::in_memory {

bool FileIs(char letter, const FileStatus& status) {
  switch (letter) {
    case 'b':
    case 'S':
      return false;  // There are no block devices and no sockets.
    case 'c':
      return status.type == FileType::kCharacterDevice;
    case 'd':
      return status.type == FileType::kDirectory;
    case 'f':
      return status.type == FileType::kRegular;
    case 'g':
      return (status.mode & 02000U) != 0;
    case 'G':
      return status.gid == 0;
    case 'h':
    case 'L':
      return status.type == FileType::kSymlink;
    case 'k':
      return (status.mode & 01000U) != 0;
    case 'N':
      return status.modified > status.accessed;
    case 'O':
      return status.uid == 0;
    case 'p':
      return status.type == FileType::kFifo;
    case 's':
      return status.size > 0;
    case 'u':
      return (status.mode & 04000U) != 0;
    case 'x':  // Root may execute what somebody may.
      return status.type == FileType::kDirectory || (status.mode & 0111U) != 0;
    default:  // -a, -e, -r, -w.
      return true;
  }
}

bool CompareFiles(std::string_view op, const std::optional<FileStatus>& left,
                  const std::optional<FileStatus>& right) {
  if (op == "-ef") return left && right && left->inode == right->inode;
  if (op == "-nt") return left && (!right || left->modified > right->modified);
  return right && (!left || left->modified < right->modified);
}

}  // namespace computesdk::in_memory
