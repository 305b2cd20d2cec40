#include <fcntl.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/random_draw.h"
#include "mocks/in_memory/utilities/text/text.h"

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

[[noreturn]] void FailShuf(Process& process, const std::string& message) {
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
        const auto refuse = [&](const std::string& text) {
          FailShuf(process, "invalid input range: " + LocaleQuoted(process, text));
        };
        if (dash == std::string::npos) refuse(value);
        if (!low || *low < 0) refuse(value.substr(0, dash));
        if (!high || *high < 0) refuse(value.substr(dash + 1));
        if (*low - 1 > *high) refuse(value);
        style.range = {*low, *high};
        break;
      }
      case 'n':
        style.count = ParseInteger(value);
        if (!style.count || *style.count < 0) {
          FailShuf(process, "invalid line count: " + LocaleQuoted(process, value));
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
  if (style.echo && style.range) UsageError(process, "cannot combine -e and -i options");
  return style;
}

// What is drawn from: a range of numbers, or lines.
class Urn {
 public:
  Urn(Process& process, const ShufStyle& style, const std::vector<std::string>& operands,
      RandomDraw& draw)
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
      if (style.count.value_or(0) > 0 && !style.repeat && !IsSmall(operands))
        KeepSome(*style.count, draw);
    }
    size_ = lines_.size();
  }

  std::uint64_t size() const { return size_; }

  std::string Repeatable(RandomDraw& draw) const { return At(draw.UpTo(size_ - 1)); }

  // Takes it out. Of the shuffled row of all places, only those are kept that are not their own.
  std::string Take(RandomDraw& draw) {
    const std::uint64_t drawn = taken_ + draw.UpTo(size_ - 1 - taken_);
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

  // Of a long input, or one whose length is not known, only as many lines are kept as are wanted.
  bool IsSmall(const std::vector<std::string>& operands) const {
    constexpr std::uint64_t kLong = std::uint64_t{8} << 20U;
    const OpenFilePtr input = operands.empty() || operands[0] == "-" ? process_.File(0) : nullptr;
    const auto status = input != nullptr
                            ? IoResult<FileStatus>(input->Stat())
                            : process_.files().Stat(process_.AbsolutePath(operands[0]));
    return status && status->type == FileType::kRegular &&
           static_cast<std::uint64_t>(status->size) <= kLong;
  }

  // Each line takes the place of one that was kept, or none.
  void KeepSome(std::int64_t count, RandomDraw& draw) {
    const auto kept = static_cast<std::size_t>(count);
    if (lines_.size() < kept) return;
    for (std::size_t read = kept; read <= lines_.size(); ++read) {
      const std::uint64_t place = draw.UpTo(read);
      if (read < lines_.size() && place < kept) lines_[place] = lines_[read];
    }
    lines_.resize(kept);
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
  RandomDraw draw(process, style.random_source);
  if (style.range && !options.operands().empty()) {
    UsageError(process, "extra operand " + LocaleQuoted(process, options.operands()[0]));
  }
  Urn urn(process, style, options.operands(), draw);
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
    if (urn.size() == 0 && most > 0) FailShuf(process, "no lines to repeat");
  } else {
    most = std::min(most, urn.size());
  }
  // All is drawn before any of it is shown: the source may end.
  std::vector<std::string> drawn;
  if (style.random_source && !style.repeat) {
    for (std::uint64_t i = 0; i < most; ++i) drawn.push_back(urn.Take(draw));
  }
  for (std::uint64_t i = 0; i < most && out.ok(); ++i) {
    process.Checkpoint();
    if (i < drawn.size()) {
      out << drawn[i];
    } else {
      out << (style.repeat ? urn.Repeatable(draw) : urn.Take(draw));
    }
    out.Put(style.end);
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
