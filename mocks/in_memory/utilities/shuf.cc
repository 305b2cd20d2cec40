#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text.h"

namespace computesdk::in_memory {
namespace {

struct ShufStyle {
  bool echo = false;
  bool repeat = false;
  std::optional<std::pair<std::int64_t, std::int64_t>> range = {};
  std::optional<std::int64_t> count = {};
  std::optional<std::string> output = {};
  std::optional<std::string> random_source = {};
  char end = '\n';
};

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(1);
}

ShufStyle ParseShuf(Process& process, Options& options) {
  ShufStyle style;
  while (auto option = options.Next()) {
    const std::string& value = option->value;
    switch (option->letter) {
      case 'e':
        style.echo = true;
        break;
      case 'i': {
        const auto dash = value.find('-');
        const auto low = ParseInteger(value.substr(0, dash));
        const auto high =
            dash == std::string::npos ? std::nullopt : ParseInteger(value.substr(dash + 1));
        if (!low || !high || *low < 0 || *low - 1 > *high) {
          Fail(process, "invalid input range: " + LocaleQuoted(process, value));
        }
        style.range = {*low, *high};
        break;
      }
      case 'n':
        style.count = ParseInteger(value);
        if (!style.count || *style.count < 0) {
          Fail(process, "invalid line count: " + LocaleQuoted(process, value));
        }
        break;
      case 'o':
        style.output = value;
        break;
      case 'r':
        style.repeat = true;
        break;
      case 'z':
        style.end = '\0';
        break;
      default:
        style.random_source = value;
    }
  }
  return style;
}

// What is drawn from: a range of numbers, or lines.
class Urn {
 public:
  Urn(Process& process, const ShufStyle& style, const std::vector<std::string>& operands)
      : process_(process) {
    if (style.range) {
      low_ = style.range->first;
      size_ =
          static_cast<std::uint64_t>(style.range->second) - static_cast<std::uint64_t>(low_) + 1;
      return;
    }
    if (style.echo) {
      lines_ = operands;
    } else {
      ReadLines(style.end, operands);
    }
    size_ = lines_.size();
  }

  std::uint64_t size() const { return size_; }

  std::string Repeatable(std::mt19937_64& generator) const {
    return At(std::uniform_int_distribution<std::uint64_t>(0, size_ - 1)(generator));
  }

  // Takes it out. Of the shuffled row of all places, only those are kept that are not their own.
  std::string Take(std::mt19937_64& generator) {
    const std::uint64_t drawn =
        std::uniform_int_distribution<std::uint64_t>(taken_, size_ - 1)(generator);
    const std::uint64_t place = PlaceAt(drawn);
    moved_[drawn] = PlaceAt(taken_);
    moved_.erase(taken_++);
    RequireMemory(process_, moved_.size() * kPlaceBytes);
    return At(place);
  }

 private:
  static constexpr std::size_t kPlaceBytes = 48;

  void ReadLines(char end, const std::vector<std::string>& operands) {
    if (operands.size() > 1) {
      UsageError(process_, "extra operand " + LocaleQuoted(process_, operands[1]));
    }
    std::size_t bytes = 0;
    const int status = ForEachInput(process_, operands, [&](int fd, const std::string&) {
      Input in(process_, fd);
      while (const auto line = in.ReadLine(end)) {
        bytes += sizeof(std::string) + line->size();
        RequireMemory(process_, bytes);
        lines_.emplace_back(*line);
      }
    });
    if (status != 0) process_.Exit(1);
  }

  std::uint64_t PlaceAt(std::uint64_t at) const {
    const auto found = moved_.find(at);
    return found == moved_.end() ? at : found->second;
  }

  std::string At(std::uint64_t place) const {
    return lines_.empty() ? std::to_string(low_ + static_cast<std::int64_t>(place))
                          : lines_[static_cast<std::size_t>(place)];
  }

  Process& process_;
  std::vector<std::string> lines_;
  std::int64_t low_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t taken_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> moved_;
};

std::mt19937_64 Generator(Process& process, const ShufStyle& style) {
  if (!style.random_source) {
    // No two runs alike, as far as the clock can tell them apart.
    const auto now = static_cast<std::uint64_t>(process.clock().Now().time_since_epoch().count());
    return std::mt19937_64(now + static_cast<std::uint64_t>(process.pid()) * 2654435761U);
  }
  const auto fd = process.Open(*style.random_source, O_RDONLY);
  if (!fd) {
    ComplainOf(process, *style.random_source, fd.error());
    process.Exit(1);
  }
  ScopedDescriptor closer(process, *fd);
  Input in(process, *fd);
  const std::string_view bytes = in.ReadBlock();
  std::seed_seq seed(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(
                                                        std::min<std::size_t>(bytes.size(), 64)));
  return std::mt19937_64(seed);
}

}  // namespace

int ShufMain(Process& process) {
  Options options(process, "ei:n:o:rz",
                  {{"echo", 'e'},
                   {"input-range", 'i', Options::kRequired},
                   {"head-count", 'n', Options::kRequired},
                   {"output", 'o', Options::kRequired},
                   {"random-source", 300, Options::kRequired},
                   {"repeat", 'r'},
                   {"zero-terminated", 'z'}});
  const ShufStyle style = ParseShuf(process, options);
  Urn urn(process, style, options.operands());
  std::mt19937_64 generator = Generator(process, style);
  int fd = 1;
  if (style.output) {
    const auto opened = process.Open(*style.output, O_WRONLY | O_CREAT | O_TRUNC);
    if (!opened) {
      ComplainOf(process, *style.output, opened.error());
      return 1;
    }
    fd = *opened;
  }
  Output out(process, fd);
  auto most = static_cast<std::uint64_t>(style.count.value_or(INT64_MAX));
  if (style.repeat) {
    if (urn.size() == 0 && most > 0) Fail(process, "no lines to repeat");
  } else {
    most = std::min(most, urn.size());
  }
  for (std::uint64_t i = 0; i < most && out.ok(); ++i) {
    process.Checkpoint();
    out << (style.repeat ? urn.Repeatable(generator) : urn.Take(generator));
    out.Put(style.end);
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
