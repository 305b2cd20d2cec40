#include <algorithm>
#include <cstdio>
#include <memory>
#include <utility>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text/text.h"

namespace computesdk::in_memory {
namespace {

// The digit options of old ("fold -s20", "expand -4") as the options of today; `flags` are those
// that may stand before the digits.
void ModernizeWidth(Process& process, char option, const std::string& flags) {
  bool is_value = false;  // Of the option before.
  for (std::string& word : process.args) {
    if (word == "--") return;
    if (std::exchange(is_value, word.starts_with('-') && word.ends_with(option))) continue;
    if (word[0] != '-') continue;
    const std::size_t at = word.find_first_not_of(flags, 1);
    if (at < word.size() && IsDigit(word[at])) word.insert(at, 1, option);
  }
}

std::int64_t ParseNumber(Process& process, const std::string& text, std::int64_t least,
                         const std::string& what) {
  const auto value = ParseInteger(text);
  const bool large = value == INT64_MAX && !text.ends_with("9223372036854775807");
  if (value && *value >= least && !large) return *value;
  Complain(process, "invalid " + what + ": " + LocaleQuoted(process, text) +
                        (large   ? ": Value too large for defined data type"
                         : value ? ": Numerical result out of range"
                                 : ""));
  process.Exit(1);
}

std::size_t ParseWidth(Process& process, const std::string& text, const std::string& what) {
  if (!text.starts_with('-')) {
    return static_cast<std::size_t>(ParseNumber(process, text, 1, what));
  }
  Complain(process, "invalid " + what + ": " + LocaleQuoted(process, text));
  process.Exit(1);
}

// --- tab stops --------------------------------------------------------------------------------

class TabStops {
 public:
  TabStops(Process& process, const std::string& list) {
    std::string relative;
    for (std::size_t begin = 0; begin < list.size();) {
      const std::size_t end = std::min(list.find_first_of(", ", begin), list.size());
      std::string item = list.substr(begin, end - begin);
      begin = end + 1;
      if (item.empty()) continue;
      if (every_ > 0) {
        Complain(process, QuotedName(relative) + " specifier only allowed with the last value");
        process.Exit(1);
      }
      if (item[0] == '/' || item[0] == '+') {
        every_ = ParseStop(process, item.substr(1));
        relative = item.substr(0, 1);
        // "+4" counts from the last stop, "/4" from the margin.
        if (item[0] == '+' && !stops_.empty()) origin_ = stops_.back();
        continue;
      }
      const std::size_t stop = ParseStop(process, item);
      if (!stops_.empty() && stop <= stops_.back()) {
        Complain(process, "tab sizes must be ascending");
        process.Exit(1);
      }
      stops_.push_back(stop);
    }
    if (stops_.size() == 1 && every_ == 0) {
      every_ = stops_[0];
      stops_.clear();
    }
    if (stops_.empty() && every_ == 0) every_ = 8;
  }

  // The next stop after the column; nullopt beyond the last of a list.
  std::optional<std::size_t> After(std::size_t column) const {
    const auto next = std::upper_bound(stops_.begin(), stops_.end(), column);
    if (next != stops_.end()) return *next;
    if (every_ == 0) return std::nullopt;
    return column - (column - origin_) % every_ + every_;
  }

 private:
  static std::size_t ParseStop(Process& process, const std::string& text) {
    const auto value = ParseInteger(text);
    if (!value || text.starts_with('-')) {
      Complain(process, "tab size contains invalid character(s): " + LocaleQuoted(process, text));
      process.Exit(1);
    }
    if (*value == INT64_MAX) {
      Complain(process, "tab stop is too large " + LocaleQuoted(process, text));
      process.Exit(1);
    }
    if (*value == 0) {
      Complain(process, "tab size cannot be 0");
      process.Exit(1);
    }
    return static_cast<std::size_t>(*value);
  }

  std::vector<std::size_t> stops_;
  std::size_t every_ = 0;
  std::size_t origin_ = 0;
};

void ExpandLine(Output& out, std::string_view line, const TabStops& stops, bool initial) {
  std::size_t column = 0;
  bool active = true;
  for (char c : line) {
    if (c == '\t' && active) {
      const std::size_t stop = stops.After(column).value_or(column + 1);
      for (; column < stop; ++column) out.Put(' ');
      continue;
    }
    if (c == '\b') {
      column -= column > 0 ? 1 : 0;
    } else {
      ++column;
    }
    if (initial && c != ' ' && c != '\t') active = false;
    out.Put(c);
  }
}

// The blanks from one column to another, in tabs as far as they reach.
void PutBlanks(Output& out, std::size_t from, std::size_t to, const TabStops& stops,
               bool single_blank_stays) {
  // One blank before the last stop of all stays one, too.
  const std::size_t begin = from;
  while (from < to) {
    const auto stop = stops.After(from);
    if (!stop || *stop > to) break;
    if (*stop == from + 1 && (single_blank_stays || (from == begin && !stops.After(*stop)))) {
      out.Put(' ');
    } else {
      out.Put('\t');
    }
    single_blank_stays = false;
    from = *stop;
  }
  for (; from < to; ++from) out.Put(' ');
}

void UnexpandLine(Output& out, std::string_view line, const TabStops& stops, bool all) {
  std::size_t column = 0;
  std::size_t i = 0;
  while (i < line.size()) {
    const std::size_t start = column;
    const std::size_t first = i;
    for (; i < line.size() && (line[i] == ' ' || line[i] == '\t'); ++i) {
      if (line[i] == ' ') {
        ++column;
      } else {
        column = stops.After(column).value_or(column + 1);
      }
    }
    if (column > start) {
      // One blank before text stays one, even where it reaches a stop.
      PutBlanks(out, start, column, stops, i - first == 1 && line[first] == ' ');
    }
    if (!all) {
      out.Write(line.substr(i));
      return;
    }
    for (; i < line.size() && line[i] != ' ' && line[i] != '\t'; ++i) {
      column = line[i] == '\b' ? column - (column > 0 ? 1 : 0) : column + 1;
      out.Put(line[i]);
    }
  }
}

// --- fold -------------------------------------------------------------------------------------

struct FoldStyle {
  std::size_t width = 80;
  bool bytes = false;
  bool at_blanks = false;
};

std::size_t NextColumn(std::size_t column, char c, bool bytes) {
  if (bytes) return column + 1;
  if (c == '\b') return column > 0 ? column - 1 : 0;
  if (c == '\r') return 0;
  if (c == '\t') return column + 8 - column % 8;
  return column + 1;
}

void FoldLine(Output& out, std::string_view line, const FoldStyle& style) {
  std::string held;
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size();) {
    const std::size_t next = NextColumn(column, line[i], style.bytes);
    if (next <= style.width || held.empty()) {
      held.push_back(line[i++]);
      column = next;
      continue;
    }
    const std::size_t blank = style.at_blanks ? held.find_last_of(" \t") : std::string::npos;
    const std::size_t cut = blank == std::string::npos ? held.size() : blank + 1;
    out << std::string_view(held).substr(0, cut) << "\n";
    held.erase(0, cut);
    column = 0;
    for (char c : held) column = NextColumn(column, c, style.bytes);
  }
  out << held;
}

// --- nl ---------------------------------------------------------------------------------------

enum Section { kHeader, kBody, kFooter };

struct Numbering {
  char kind = 't';
  std::optional<Regex> regex = {};
};

struct NlStyle {
  Numbering sections[3];
  std::string format = "rn";
  std::string separator = "\t";
  std::string delimiter = "\\:";
  std::int64_t start = 1;
  std::int64_t increment = 1;
  std::size_t width = 6;
  std::int64_t join_blank = 1;
  bool renumber = true;
};

class LineNumberer {
 public:
  LineNumberer(Process& process, Output& out, NlStyle style)
      : process_(process), out_(out), style_(std::move(style)), number_(style_.start) {}

  void Print(std::string_view line) {
    if (const auto section = SectionOf(line)) {
      section_ = *section;
      if (style_.renumber) {
        number_ = style_.start;
        overflow_ = false;
      }
      out_.Put('\n');
      return;
    }
    if (!Numbered(line)) {
      out_ << std::string(style_.width + style_.separator.size(), ' ');
    } else {
      if (overflow_) {
        out_.Flush();
        Complain(process_, "line number overflow");
        process_.Exit(1);
      }
      out_ << Shown() << style_.separator;
      overflow_ = __builtin_add_overflow(number_, style_.increment, &number_);
    }
    out_.Write(line);
    out_.Put('\n');
  }

 private:
  std::optional<Section> SectionOf(std::string_view line) const {
    const std::string& mark = style_.delimiter;
    if (mark.empty()) return std::nullopt;
    if (line == mark + mark + mark) return kHeader;
    if (line == mark + mark) return kBody;
    if (line == mark) return kFooter;
    return std::nullopt;
  }

  bool Numbered(std::string_view line) {
    const Numbering& numbering = style_.sections[section_];
    switch (numbering.kind) {
      case 'a':
        if (line.empty() && ++blanks_ < style_.join_blank) return false;
        blanks_ = 0;
        return true;
      case 't':
        return !line.empty();
      case 'p':
        return numbering.regex->Match(line);
      default:
        return false;
    }
  }

  std::string Shown() const {
    char text[64];
    const char* format = style_.format == "ln"   ? "%-*lld"
                         : style_.format == "rz" ? "%0*lld"
                                                 : "%*lld";
    const int length = std::snprintf(text, sizeof text, format,
                                     static_cast<int>(std::min<std::size_t>(style_.width, 60)),
                                     static_cast<long long>(number_));
    return {text, static_cast<std::size_t>(length)};
  }

  Process& process_;
  Output& out_;
  const NlStyle style_;
  Section section_ = kBody;
  std::int64_t number_;
  bool overflow_ = false;  // The next number is none.
  std::int64_t blanks_ = 0;
};

Numbering ParseNumbering(Process& process, const std::string& text, const std::string& section) {
  Numbering numbering;
  numbering.kind = text.empty() ? '\0' : text[0];
  if (numbering.kind == 'p') {
    auto regex = Regex::Compile(text.substr(1), {});
    if (!regex) {
      Complain(process, regex.error());
      process.Exit(1);
    }
    numbering.regex = std::move(*regex);
  } else if (text.size() != 1 || std::string_view("atn").find(text[0]) == std::string_view::npos) {
    UsageError(process, "invalid " + section + " numbering style: " + LocaleQuoted(process, text));
  }
  return numbering;
}

NlStyle ParseNl(Process& process, Options& options) {
  NlStyle style;
  style.sections[kHeader].kind = style.sections[kFooter].kind = 'n';
  while (auto option = options.Next()) {
    const std::string& value = option->value;
    switch (option->letter) {
      case 'b':
        style.sections[kBody] = ParseNumbering(process, value, "body");
        break;
      case 'h':
        style.sections[kHeader] = ParseNumbering(process, value, "header");
        break;
      case 'f':
        style.sections[kFooter] = ParseNumbering(process, value, "footer");
        break;
      case 'd':
        style.delimiter = value.size() == 1 ? value + ":" : value;
        break;
      case 'i':
        style.increment = ParseNumber(process, value, INT64_MIN, "line number increment");
        break;
      case 'l':
        style.join_blank = ParseNumber(process, value, 1, "line number of blank lines");
        break;
      case 'n':
        if (value != "ln" && value != "rn" && value != "rz") {
          UsageError(process, "invalid line numbering format: " + LocaleQuoted(process, value));
        }
        style.format = value;
        break;
      case 'p':
        style.renumber = false;
        break;
      case 's':
        style.separator = value;
        break;
      case 'v':
        style.start = ParseNumber(process, value, INT64_MIN, "starting line number");
        break;
      default:
        style.width =
            static_cast<std::size_t>(ParseNumber(process, value, 1, "line number field width"));
    }
  }
  return style;
}

const std::vector<Options::Long> kNlLongs = {{"body-numbering", 'b', Options::kRequired},
                                             {"header-numbering", 'h', Options::kRequired},
                                             {"footer-numbering", 'f', Options::kRequired},
                                             {"section-delimiter", 'd', Options::kRequired},
                                             {"line-increment", 'i', Options::kRequired},
                                             {"join-blank-lines", 'l', Options::kRequired},
                                             {"number-format", 'n', Options::kRequired},
                                             {"no-renumber", 'p'},
                                             {"number-separator", 's', Options::kRequired},
                                             {"starting-line-number", 'v', Options::kRequired},
                                             {"number-width", 'w', Options::kRequired}};

// Passes every line of every input through `print`, and keeps a missing end of line missing.
int ForEachLine(Process& process, const std::vector<std::string>& operands, Output& out,
                const std::function<void(std::string_view)>& print) {
  return ForEachInput(
      process, operands,
      [&](int fd, const std::string&) {
        Input in(process, fd);
        while (auto line = in.ReadLine()) {
          print(*line);
          if (in.ended()) out.Put('\n');
        }
      },
      &out);
}

}  // namespace

int ExpandMain(Process& process) {
  ModernizeWidth(process, 't', "i");
  Options options(process, "it:", {{"initial", 'i'}, {"tabs", 't', Options::kRequired}});
  bool initial = false;
  std::string tabs;
  while (auto option = options.Next()) {
    if (option->letter == 'i') initial = true;
    if (option->letter == 't') tabs += option->value + ",";
  }
  const TabStops stops(process, tabs);
  Output out(process);
  const int status = ForEachLine(process, options.operands(), out, [&](std::string_view line) {
    ExpandLine(out, line, stops, initial);
  });
  return out.Finish(status);
}

int UnexpandMain(Process& process) {
  Options options(process, "0123456789at:",
                  {{"all", 'a'}, {"tabs", 't', Options::kRequired}, {"first-only", 300}});
  bool all = false;
  bool first_only = false;
  std::string tabs;
  while (auto option = options.Next()) {
    if (option->letter == 'a' || option->letter == 't') all = true;
    if (option->letter == 't') tabs += option->value + ",";
    const bool digit = option->letter >= '0' && option->letter <= '9';
    if (digit) tabs.push_back(static_cast<char>(option->letter));
    if (option->letter == 300) first_only = true;
  }
  const TabStops stops(process, tabs);
  Output out(process);
  const int status = ForEachLine(process, options.operands(), out, [&](std::string_view line) {
    UnexpandLine(out, line, stops, all && !first_only);
  });
  return out.Finish(status);
}

int FoldMain(Process& process) {
  ModernizeWidth(process, 'w', "bs");
  Options options(process,
                  "bsw:", {{"bytes", 'b'}, {"spaces", 's'}, {"width", 'w', Options::kRequired}});
  FoldStyle style;
  while (auto option = options.Next()) {
    if (option->letter == 'b') style.bytes = true;
    if (option->letter == 's') style.at_blanks = true;
    if (option->letter == 'w') {
      style.width = ParseWidth(process, option->value, "number of columns");
    }
  }
  Output out(process);
  const int status = ForEachLine(process, options.operands(), out,
                                 [&](std::string_view line) { FoldLine(out, line, style); });
  return out.Finish(status);
}

int NlMain(Process& process) {
  Options options(process, "b:h:f:d:i:l:n:ps:v:w:", kNlLongs);
  NlStyle style = ParseNl(process, options);
  Output out(process);
  LineNumberer numberer(process, out, std::move(style));
  const int status = ForEachInput(
      process, options.operands(),
      [&](int fd, const std::string&) {
        Input in(process, fd);
        while (auto line = in.ReadLine()) numberer.Print(*line);
      },
      &out);
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
