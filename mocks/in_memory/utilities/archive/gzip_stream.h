#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_GZIP_STREAM_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_GZIP_STREAM_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// Gives the next bytes, as many as there are; empty at the end.
using ByteSource = std::function<std::string_view()>;
// Takes the next bytes.
using ByteSink = std::function<void(std::string_view)>;

struct GzipHeader {
  std::string name;          // Empty for none.
  std::int64_t seconds = 0;  // When the file was changed; 0 for nothing known.
};

// Compresses what is written to it, block by block.
class GzipWriter {
 public:
  GzipWriter(ByteSink sink, int level, GzipHeader header = {});
  ~GzipWriter();
  void Write(std::string_view data);
  void Finish();

 private:
  struct State;
  void Deflate(int flush);
  std::unique_ptr<State> state_;
};

enum class GzipError { kNone, kNotGzip, kUnexpectedEnd, kBadData, kBadChecksum, kTrailingGarbage };

// Decompresses a source, all members of it, block by block: memory does not grow with the data.
class GzipReader {
 public:
  explicit GzipReader(ByteSource source);
  ~GzipReader();
  // The next block; empty at the end, or where error() says why not. Valid until the next call.
  std::string_view Next();
  GzipError error() const;
  // Of what has been read so far.
  std::uint64_t compressed_bytes() const;
  std::uint64_t plain_bytes() const;
  // Of the first member; whole once there was a block.
  const GzipHeader& header() const;

 private:
  struct State;
  bool Fill();
  void StartMember();
  bool EndMember();
  std::unique_ptr<State> state_;
};

// Whether a text begins as gzip does.
bool LooksGzipped(std::string_view text);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_ARCHIVE_GZIP_STREAM_H_
