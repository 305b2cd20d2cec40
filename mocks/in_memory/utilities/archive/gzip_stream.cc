#include "mocks/in_memory/utilities/archive/gzip_stream.h"

#include <zlib.h>

#include <utility>
#include <vector>

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 16;
constexpr int kGzipWindow = 15 + 16;  // zlib writes and checks gzip's header and trailer.
constexpr int kMemoryLevel = 8;

Bytef* Bytes(std::string_view text) {
  // zlib's interface is older than const.
  return reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
}

}  // namespace

bool LooksGzipped(std::string_view text) { return text.starts_with("\x1f\x8b"); }

// --- GzipWriter ---------------------------------------------------------------------------------

struct GzipWriter::State {
  ByteSink sink;
  GzipHeader header;
  z_stream stream{};
  gz_header gzip_header{};
  std::vector<char> buffer = std::vector<char>(kChunk);
};

GzipWriter::GzipWriter(ByteSink sink, int level, GzipHeader header)
    : state_(std::make_unique<State>()) {
  state_->sink = std::move(sink);
  state_->header = std::move(header);
  // Fails only without memory, and then new has thrown before.
  (void)deflateInit2(&state_->stream, level, Z_DEFLATED, kGzipWindow, kMemoryLevel,
                     Z_DEFAULT_STRATEGY);
  state_->gzip_header.os = 3;  // Unix.
  state_->gzip_header.time = static_cast<uLong>(state_->header.seconds);
  if (!state_->header.name.empty()) state_->gzip_header.name = Bytes(state_->header.name);
  (void)deflateSetHeader(&state_->stream, &state_->gzip_header);
}

GzipWriter::~GzipWriter() { (void)deflateEnd(&state_->stream); }

void GzipWriter::Write(std::string_view data) {
  while (!data.empty()) {
    const std::string_view part = data.substr(0, kChunk);
    data.remove_prefix(part.size());
    state_->stream.next_in = Bytes(part);
    state_->stream.avail_in = static_cast<uInt>(part.size());
    Deflate(Z_NO_FLUSH);
  }
}

void GzipWriter::Finish() { Deflate(Z_FINISH); }

void GzipWriter::Deflate(int flush) {
  z_stream& stream = state_->stream;
  do {
    stream.next_out = reinterpret_cast<Bytef*>(state_->buffer.data());
    stream.avail_out = static_cast<uInt>(kChunk);
    (void)deflate(&stream, flush);
    const std::size_t size = kChunk - stream.avail_out;
    if (size > 0) state_->sink({state_->buffer.data(), size});
  } while (stream.avail_out == 0);
}

// --- GzipReader ---------------------------------------------------------------------------------

struct GzipReader::State {
  ByteSource source;
  z_stream stream{};
  gz_header gzip_header{};
  char name[4096] = "";
  GzipHeader header;
  bool started = false;
  bool first = true;
  bool ended = false;
  GzipError error = GzipError::kNone;
  std::uint64_t compressed = 0;
  std::uint64_t plain = 0;
  std::vector<char> buffer = std::vector<char>(kChunk);
};

GzipReader::GzipReader(ByteSource source) : state_(std::make_unique<State>()) {
  state_->source = std::move(source);
  (void)inflateInit2(&state_->stream, kGzipWindow);
}

GzipReader::~GzipReader() { (void)inflateEnd(&state_->stream); }

GzipError GzipReader::error() const { return state_->error; }
std::uint64_t GzipReader::compressed_bytes() const { return state_->compressed; }
std::uint64_t GzipReader::plain_bytes() const { return state_->plain; }
const GzipHeader& GzipReader::header() const { return state_->header; }

bool GzipReader::Fill() {
  if (state_->stream.avail_in > 0) return true;
  const std::string_view next = state_->source();
  state_->stream.next_in = Bytes(next);
  state_->stream.avail_in = static_cast<uInt>(next.size());
  state_->compressed += next.size();
  return !next.empty();
}

void GzipReader::StartMember() {
  if (!state_->first) (void)inflateReset(&state_->stream);
  state_->gzip_header = {};
  state_->gzip_header.name = reinterpret_cast<Bytef*>(state_->name);
  state_->gzip_header.name_max = sizeof state_->name - 1;
  if (state_->first) (void)inflateGetHeader(&state_->stream, &state_->gzip_header);
  state_->started = true;
}

// What follows a member: another, padding of zeros, the end, or garbage. False at the end.
bool GzipReader::EndMember() {
  if (state_->first) {
    state_->header = {state_->name, static_cast<std::int64_t>(state_->gzip_header.time)};
  }
  state_->first = false;
  state_->started = false;
  while (Fill()) {
    const Bytef next = *state_->stream.next_in;
    if (next == 0x1f) return true;
    if (next != 0) {
      state_->error = GzipError::kTrailingGarbage;
      break;
    }
    ++state_->stream.next_in;
    --state_->stream.avail_in;
  }
  state_->ended = true;
  return false;
}

std::string_view GzipReader::Next() {
  z_stream& stream = state_->stream;
  while (!state_->ended) {
    if (!Fill()) {
      state_->error = GzipError::kUnexpectedEnd;
      state_->ended = true;
      break;
    }
    if (!state_->started) StartMember();
    stream.next_out = reinterpret_cast<Bytef*>(state_->buffer.data());
    stream.avail_out = static_cast<uInt>(kChunk);
    const std::uint64_t before = stream.total_in;
    const int result = inflate(&stream, Z_NO_FLUSH);
    const std::size_t size = kChunk - stream.avail_out;
    state_->plain += size;
    if (result == Z_STREAM_END) {
      (void)EndMember();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      const bool header = state_->plain == 0 && before == 0 && stream.total_in <= 10;
      const bool checksum = stream.msg != nullptr &&
                            std::string_view(stream.msg).find("check") != std::string_view::npos;
      state_->error = header && state_->first ? GzipError::kNotGzip
                      : header                ? GzipError::kTrailingGarbage
                      : checksum              ? GzipError::kBadChecksum
                                              : GzipError::kBadData;
      state_->ended = true;
    }
    if (size > 0) return {state_->buffer.data(), size};
  }
  return {};
}

}  // namespace computesdk::in_memory
