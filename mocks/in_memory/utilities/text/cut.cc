#include <algorithm>
#include <memory>

#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

struct Range {
  std::uint64_t low = 1;
  std::uint64_t high = UINT64_MAX;
};

struct CutOptions {
  std::vector<Range> ranges;
  bool fields = false;
  char delimiter = '\t';
  char line_end = '\n';
  bool only_delimited = false;
  std::optional<std::string> output_delimiter;
};

std::optional<std::uint64_t> ParsePosition(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9' || value > UINT64_MAX / 10 - 1) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

[[noreturn]] void Refuse(Process& process, std::string_view item, bool fields) {
  UsageError(process, (fields ? "invalid field value " : "invalid byte/character position ") +
                          LocaleQuoted(process, item));
}

Range ParseRange(Process& process, std::string_view item, bool fields) {
  const auto dash = item.find('-');
  const auto low = ParsePosition(item.substr(0, dash));
  Range range;
  if (dash == std::string_view::npos) {
    if (!low && !item.empty()) Refuse(process, item, fields);
    range = {low.value_or(0), low.value_or(0)};
  } else {
    const std::string_view after = item.substr(dash + 1);
    const auto high = ParsePosition(after);
    const bool bad = (dash > 0 && !low) || (!after.empty() && !high);
    if (bad) Refuse(process, item, fields);
    if (dash == 0 && after.empty()) UsageError(process, "invalid range with no endpoint: -");
    range = {low.value_or(1), high.value_or(UINT64_MAX)};
  }
  if (range.low == 0) {
    UsageError(process, fields ? "fields are numbered from 1"
                               : "byte/character positions are numbered from 1");
  }
  if (range.high < range.low) UsageError(process, "invalid decreasing range");
  return range;
}

std::vector<Range> Complement(const std::vector<Range>& ranges) {
  std::vector<Range> result;
  std::uint64_t next = 1;
  for (const Range& range : ranges) {
    if (range.low > next) result.push_back({next, range.low - 1});
    if (range.high == UINT64_MAX) return result;
    next = std::max(next, range.high + 1);
  }
  result.push_back({next, UINT64_MAX});
  return result;
}

std::vector<Range> ParseRanges(Process& process, const std::string& list, bool fields,
                               bool complement) {
  std::vector<Range> ranges;
  std::size_t begin = 0;
  while (begin <= list.size()) {
    const std::size_t end = std::min(list.find_first_of(", \t", begin), list.size());
    ranges.push_back(
        ParseRange(process, std::string_view(list).substr(begin, end - begin), fields));
    begin = end + 1;
  }
  std::sort(ranges.begin(), ranges.end(),
            [](const Range& a, const Range& b) { return a.low < b.low; });
  // Ranges that overlap are one; those that only touch stay two, with a delimiter between.
  std::vector<Range> merged;
  for (const Range& range : ranges) {
    if (!merged.empty() && range.low <= merged.back().high) {
      merged.back().high = std::max(merged.back().high, range.high);
    } else {
      merged.push_back(range);
    }
  }
  return complement ? Complement(merged) : merged;
}

void CutBytes(Output& out, std::string_view line, const CutOptions& options) {
  bool first = true;
  for (const Range& range : options.ranges) {
    if (range.low > line.size()) break;
    if (!first && options.output_delimiter) out << *options.output_delimiter;
    first = false;
    const auto from = static_cast<std::size_t>(range.low - 1);
    const auto to = static_cast<std::size_t>(std::min<std::uint64_t>(range.high, line.size()));
    out.Write(line.substr(from, to - from));
  }
}

// False where nothing is to be printed, not even the end of the line.
bool CutFields(Output& out, std::string_view line, const CutOptions& options,
               std::string_view separator) {
  std::size_t end = line.find(options.delimiter);
  if (end == std::string_view::npos) {
    if (!options.only_delimited) out.Write(line);
    return !options.only_delimited;
  }
  std::size_t begin = 0;
  bool first = true;
  std::uint64_t field = 1;
  auto range = options.ranges.begin();
  while (range != options.ranges.end()) {
    if (field >= range->low) {
      if (!first) out.Write(separator);
      first = false;
      out.Write(line.substr(begin, end == std::string_view::npos ? end : end - begin));
    }
    if (end == std::string_view::npos) break;
    if (field >= range->high && ++range == options.ranges.end()) break;
    ++field;
    begin = end + 1;
    end = line.find(options.delimiter, begin);
  }
  return true;
}

// Where lines are parted by what parts fields, they are the fields.
void CutLines(Process& process, Output& out, Input& in, const CutOptions& options) {
  std::string text;
  bool any = false;
  while (const auto line = in.ReadLine(options.line_end)) {
    if (any) text.push_back(options.line_end);
    any = true;
    text.append(*line);
    RequireMemory(process, text.size());
  }
  const std::string separator =
      options.output_delimiter.value_or(std::string(1, options.delimiter));
  if (any && CutFields(out, text, options, separator)) out.Put(options.line_end);
}

CutOptions ParseCut(Process& process, Options& options) {
  CutOptions result;
  std::optional<std::string> list;
  bool complement = false;
  bool has_delimiter = false;
  while (auto option = options.Next()) {
    switch (option->letter) {
      case 'b':
      case 'c':
      case 'f':
        if (list) UsageError(process, "only one list may be specified");
        list = option->value;
        result.fields = option->letter == 'f';
        break;
      case 'd':
        if (option->value.size() > 1) {
          UsageError(process, "the delimiter must be a single character");
        }
        result.delimiter = option->value.empty() ? '\0' : option->value[0];
        has_delimiter = true;
        break;
      case 's':
        result.only_delimited = true;
        break;
      case 'z':
        result.line_end = '\0';
        break;
      case 300:
        complement = true;
        break;
      case 301:
        result.output_delimiter = option->value.empty() ? std::string(1, '\0') : option->value;
        break;
      default:  // -n: accepted by POSIX, and without effect for bytes.
        break;
    }
  }
  if (!list) UsageError(process, "you must specify a list of bytes, characters, or fields");
  if (!result.fields && has_delimiter) {
    UsageError(process, "an input delimiter may be specified only when operating on fields");
  }
  if (!result.fields && result.only_delimited) {
    UsageError(process,
               "suppressing non-delimited lines makes sense\n\tonly when operating on fields");
  }
  result.ranges = ParseRanges(process, *list, result.fields, complement);
  return result;
}

// --- paste ------------------------------------------------------------------------------------

std::vector<std::string> ParseDelimiters(Process& process, std::string_view text) {
  std::vector<std::string> delimiters;
  const std::size_t last = text.find_last_not_of('\\');
  if ((text.size() - (last == std::string_view::npos ? 0 : last + 1)) % 2 != 0) {
    Complain(process, "delimiter list ends with an unescaped backslash: " + std::string(text));
    process.Exit(1);
  }
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      delimiters.emplace_back(1, text[i]);
      continue;
    }
    const char c = text[++i];
    static constexpr std::string_view kLetters = "nt\\bfrv";
    const auto at = kLetters.find(c);
    if (c == '0') {
      delimiters.emplace_back();
    } else {
      delimiters.emplace_back(1, at == std::string_view::npos ? c : "\n\t\\\b\f\r\v"[at]);
    }
  }
  if (delimiters.empty()) delimiters.emplace_back();
  return delimiters;
}

void PasteSerially(Output& out, Input& in, const std::vector<std::string>& delimiters, char end) {
  std::size_t count = 0;
  while (auto line = in.ReadLine(end)) {
    if (count > 0) out << delimiters[(count - 1) % delimiters.size()];
    out.Write(*line);
    ++count;
  }
  out.Put(end);
}

void PasteInParallel(Output& out, std::vector<Input*>& inputs,
                     const std::vector<std::string>& delimiters, char end) {
  std::string row;
  while (out.ok()) {
    row.clear();
    bool any = false;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      if (const auto line = inputs[i]->ReadLine(end)) {
        row.append(*line);
        any = true;
      }
      if (i + 1 < inputs.size()) row += delimiters[i % delimiters.size()];
    }
    if (!any) return;
    out << row;
    out.Put(end);
  }
}

}  // namespace

int CutMain(Process& process) {
  Options options(process, "b:c:d:f:nsz",
                  {{"bytes", 'b', Options::kRequired},
                   {"characters", 'c', Options::kRequired},
                   {"fields", 'f', Options::kRequired},
                   {"delimiter", 'd', Options::kRequired},
                   {"only-delimited", 's'},
                   {"zero-terminated", 'z'},
                   {"complement", 300},
                   {"output-delimiter", 301, Options::kRequired}});
  const CutOptions cut = ParseCut(process, options);
  const std::string separator = cut.output_delimiter.value_or(std::string(1, cut.delimiter));
  Output out(process);
  const int status = ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string&) {
        Input in(process, fd);
        if (cut.fields && cut.delimiter == cut.line_end) return CutLines(process, out, in, cut);
        while (auto line = in.ReadLine(cut.line_end)) {
          if (!cut.fields) CutBytes(out, *line, cut);
          if (!cut.fields || CutFields(out, *line, cut, separator)) out.Put(cut.line_end);
        }
      },
      &out);
  return out.Finish(status);
}

int PasteMain(Process& process) {
  Options options(
      process, "d:sz",
      {{"delimiters", 'd', Options::kRequired}, {"serial", 's'}, {"zero-terminated", 'z'}});
  std::vector<std::string> delimiters = {"\t"};
  bool serial = false;
  char end = '\n';
  while (auto option = options.Next()) {
    if (option->letter == 'd') delimiters = ParseDelimiters(process, option->value);
    if (option->letter == 's') serial = true;
    if (option->letter == 'z') end = '\0';
  }
  Output out(process);
  int failed = 0;
  if (serial) {
    const int status = ForEachInput(
        process, options.operands(),
        [&](int fd, const std::string& name) {
          Input in(process, fd);
          PasteSerially(out, in, delimiters, end);
          if (!in.error()) return;
          out.Flush();
          ComplainOf(process, name, *in.error());
          failed = 1;
        },
        nullptr, Directories::kPassOn);
    return out.Finish(status | failed);
  }

  // Every "-" takes its lines from the one standard input.
  Input standard(process, 0);
  std::vector<std::unique_ptr<ScopedDescriptor>> descriptors;
  std::vector<std::unique_ptr<Input>> owned;
  std::vector<Input*> inputs;
  if (options.operands().empty()) inputs.push_back(&standard);
  for (const std::string& name : options.operands()) {
    if (name == "-") {
      inputs.push_back(&standard);
      continue;
    }
    const auto fd = process.Open(name, 0);
    if (!fd) {
      ComplainOf(process, name, fd.error());
      return 1;
    }
    descriptors.push_back(std::make_unique<ScopedDescriptor>(process, *fd));
    owned.push_back(std::make_unique<Input>(process, *fd));
    inputs.push_back(owned.back().get());
  }
  PasteInParallel(out, inputs, delimiters, end);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!inputs[i]->error()) continue;
    ComplainOf(process, options.operands()[i], *inputs[i]->error());
    failed = 1;
  }
  return out.Finish(failed);
}

}  // namespace computesdk::in_memory
