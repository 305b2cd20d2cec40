#include "mocks/in_memory/utilities/text/random_draw.h"

#include <fcntl.h>

#include <string_view>
#include <utility>

namespace computesdk::in_memory {

RandomDraw::RandomDraw(Process& process, const std::optional<std::string>& source)
    : process_(process), source_(source.value_or("")) {
  if (!source) {
    // No two runs alike, as far as the clock can tell them apart.
    const auto now = static_cast<std::uint64_t>(process.clock().Now().time_since_epoch().count());
    generator_.seed(now + static_cast<std::uint64_t>(process.pid()) * 2654435761U);
    return;
  }
  const auto fd = process.Open(source_, O_RDONLY);
  if (!fd) {
    ComplainOf(process, source_, fd.error());
    process.Exit(1);
  }
  descriptor_.emplace(process, *fd);
  file_.emplace(process, *fd);
}

unsigned char RandomDraw::Byte() {
  constexpr std::uint64_t kByte = 0xff;
  if (!file_) return static_cast<unsigned char>(generator_() & kByte);
  const std::string_view block = file_->ReadBlock();
  if (block.empty()) {
    Complain(process_, LocaleQuoted(process_, source_) + ": end of file");
    process_.Exit(1);
  }
  file_->Unread(block.size() - 1);
  return static_cast<unsigned char>(block[0]);
}

std::uint64_t RandomDraw::UpTo(std::uint64_t most) {
  constexpr int kByteBits = 8;
  constexpr std::uint64_t kByte = 0xff;
  while (true) {
    while (range_ < most) {
      left_ = (left_ << kByteBits) + Byte();
      range_ = (range_ << kByteBits) + kByte;
    }
    if (range_ == most) {
      range_ = 0;
      return std::exchange(left_, 0);
    }
    // As many choices as go into the range evenly; what is beyond them is drawn again.
    const std::uint64_t choices = most + 1;
    const std::uint64_t excess = range_ - most;
    const std::uint64_t unusable = excess % choices;
    const std::uint64_t last = range_ - unusable;
    if (left_ <= last) {
      const std::uint64_t drawn = left_ % choices;
      left_ /= choices;
      range_ = excess / choices;
      return drawn;
    }
    left_ -= last + 1;
    range_ = unusable - 1;
  }
}

}  // namespace computesdk::in_memory
