#include <fcntl.h>

#include <algorithm>
#include <random>
#include <utility>

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
        if (!low || !high || *low > *high + 1 || *high - *low > 100'000'000) {
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

std::vector<std::string> ReadLines(Process& process, const ShufStyle& style,
                                   const std::vector<std::string>& operands) {
  std::vector<std::string> lines;
  if (style.echo) return operands;
  if (style.range) {
    for (std::int64_t i = style.range->first; i <= style.range->second; ++i) {
      process.Checkpoint();
      lines.push_back(std::to_string(i));
    }
    return lines;
  }
  if (operands.size() > 1)
    UsageError(process, "extra operand " + LocaleQuoted(process, operands[1]));
  const int status = ForEachInput(process, operands, [&](int fd, const std::string&) {
    Input in(process, fd);
    while (auto line = in.ReadLine(style.end)) lines.emplace_back(*line);
  });
  if (status != 0) process.Exit(1);
  return lines;
}

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
  std::vector<std::string> lines = ReadLines(process, style, options.operands());
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
  const auto most = static_cast<std::size_t>(style.count.value_or(INT64_MAX));
  if (style.repeat) {
    if (lines.empty() && most > 0) Fail(process, "no lines to repeat");
    for (std::size_t i = 0; i < most && out.ok(); ++i) {
      process.Checkpoint();
      out << lines[generator() % lines.size()];
      out.Put(style.end);
    }
  } else {
    std::shuffle(lines.begin(), lines.end(), generator);
    for (std::size_t i = 0; i < std::min(most, lines.size()); ++i) {
      out << lines[i];
      out.Put(style.end);
    }
  }
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
