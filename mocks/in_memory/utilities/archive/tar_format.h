#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_FORMAT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_FORMAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/in_memory/file_system/file_system.h"
#include "mocks/in_memory/utilities/archive/gzip_stream.h"

namespace computesdk::in_memory {

constexpr std::size_t kTarBlock = 512;
constexpr std::size_t kTarRecord = 20 * kTarBlock;

// One member of an archive, as its header says.
struct TarMember {
  std::string name;
  std::string link;  // Of a symbolic or hard link.
  char type = '0';   // '0' file, '1' hard link, '2' symbolic, '3' device, '5' directory, '6' fifo.
  unsigned mode = 0;
  unsigned uid = 0;
  unsigned gid = 0;
  std::string user;
  std::string group;
  std::uint64_t size = 0;
  FileTime modified{};
};

enum class TarFormat { kGnu, kPax, kUstar, kV7 };

// Writes members; GNU's format and pax have place for names of any length.
class TarWriter {
 public:
  TarWriter(ByteSink sink, TarFormat format, std::size_t record)
      : sink_(std::move(sink)), format_(format), record_(record) {}
  // Why the format has no place for a name: "file name is too long (max 99)"; empty where it has.
  std::string Objection(const TarMember& member) const;
  // A header; as many bytes as its size says have to follow by Data.
  void Member(const TarMember& member);
  void Data(std::string_view data);
  // Fills up the last block of a member.
  void EndMember();
  // Two empty blocks, filled up to a record.
  void Finish();
  // `bytes` are in the archive already.
  void StartAt(std::uint64_t bytes) { written_ = bytes; }
  std::uint64_t written() const { return written_; }

 private:
  void Header(const TarMember& member);
  void LongName(char type, const std::string& name);
  void ExtendedHeader(const TarMember& member);

  ByteSink sink_;
  TarFormat format_;
  std::size_t record_;  // Bytes that the archive's size is a multiple of.
  std::uint64_t written_ = 0;
};

// Reads members: ustar, GNU's long names, pax's extended headers.
class TarReader {
 public:
  // `ignore_zeros`: empty blocks are no end, so that archives may follow one another.
  explicit TarReader(ByteSource source, bool ignore_zeros = false)
      : source_(std::move(source)), ignore_zeros_(ignore_zeros) {}
  enum class Error { kNone, kNotTar, kUnexpectedEnd, kTooLong };
  // The next member; skips what was not read of the last. nullopt at the end, or with an error().
  std::optional<TarMember> Next();
  // Bytes of the member, as many as there are; empty at its end.
  std::string_view Data();
  Error error() const { return error_; }
  // Where the member that Next gave, or the end, begins.
  std::uint64_t position() const { return position_; }
  // Bytes read so far, the end included.
  std::uint64_t bytes_read() const { return taken_; }

 private:
  // Exactly that many bytes, or fewer at the end of the source.
  std::string Take(std::size_t size);
  bool Skip(std::uint64_t size);
  std::optional<TarMember> Parse(std::string_view block);
  std::string TakeBody(std::uint64_t size);
  void ApplyPax(TarMember& member);

  ByteSource source_;
  bool ignore_zeros_;
  std::string_view chunk_;
  std::uint64_t taken_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t left_ = 0;     // Of the member's bytes.
  std::uint64_t padding_ = 0;  // After them.
  std::string pax_;
  std::string global_pax_;
  Error error_ = Error::kNone;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_TAR_FORMAT_H_
