#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGEST_BLAKE2B_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGEST_BLAKE2B_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace computesdk::in_memory {

// BLAKE2b of RFC 7693, without a key. Own code: BoringSSL has it for one length alone.
class Blake2b {
 public:
  static constexpr std::size_t kMaxBytes = 64;

  // The digest will have that many bytes, 1 to kMaxBytes.
  explicit Blake2b(std::size_t bytes);
  void Update(std::string_view data);
  // The digest; nothing can be added afterwards.
  std::string Finish();

 private:
  static constexpr std::size_t kBlock = 128;
  void Compress(bool last);

  const std::size_t bytes_;
  std::array<std::uint64_t, 8> state_;
  std::array<unsigned char, kBlock> block_{};
  std::size_t used_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_DIGEST_BLAKE2B_H_
