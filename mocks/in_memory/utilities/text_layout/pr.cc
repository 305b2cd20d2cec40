#include "mocks/in_memory/utilities/text_layout/pr.h"

#include <fcntl.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

#include "mocks/in_memory/text/display_width.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/text_layout/column_table.h"
#include "mocks/in_memory/utilities/text_layout/text_layout.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace {

bool IsPrintable(char c) { return c >= 0x20 && c < 0x7f; }

// A file, line by line, as it is to be seen.
class PrSource {
 public:
  PrSource(Process& process, int fd) : closer_(process, fd == 0 ? -1 : fd), in_(process, fd) {}

  // The next line of this page; nullopt behind the last, and at a form feed.
  std::optional<std::string> NextLine() {
    if (page_ended_) return std::nullopt;
    // Behind a form feed the line goes on, unless it is at its end.
    if (at_ < rest_.size()) ++at_;
    if (at_ == rest_.size()) {
      const auto line = in_.ReadLine();
      if (!line) return std::nullopt;
      rest_ = *line;
      at_ = 0;
    }
    const std::size_t feed = std::min(rest_.find('\f', at_), rest_.size());
    const std::string_view text = std::string_view(rest_).substr(at_, feed - at_);
    at_ = feed;
    page_ended_ = feed < rest_.size();
    // A form feed at the front of a line only ends the page.
    if (page_ended_ && text.empty()) return std::nullopt;
    return std::string(text);
  }
  bool fed() const { return page_ended_; }
  void BeginPage() { page_ended_ = false; }
  bool AtEnd() { return at_ + 1 >= rest_.size() && in_.AtEnd(); }

 private:
  ScopedDescriptor closer_;
  Input in_;
  std::string rest_;  // A line, whose part before `at_` has been given.
  std::size_t at_ = 0;
  bool page_ended_ = false;
};

struct PrHeading {
  std::string date;
  std::string title;
};

class PrPrinter {
 public:
  PrPrinter(Process& process, Output& out, const PrStyle& style)
      : process_(process), out_(out), style_(style), line_(out, style) {}

  void Print(std::vector<std::unique_ptr<PrSource>>& sources, const PrHeading& heading) {
    number_ = style_.first_number.value_or(1);
    std::size_t page = 1;
    for (;; ++page) {
      const bool more = std::any_of(sources.begin(), sources.end(),
                                    [](const auto& source) { return !source->AtEnd(); });
      if (!more || page > style_.last_page || !out_.ok()) break;
      process_.Checkpoint();
      for (const auto& source : sources) source->BeginPage();
      const std::vector<Row> rows = style_.merge ? ReadSideBySide(sources) : ReadPage(*sources[0]);
      if (page < style_.first_page) {
        if (!style_.first_number) number_ += static_cast<std::int64_t>(lines_);
        continue;
      }
      PrintPage(rows, heading, page);
      const bool fed = !style_.merge && sources[0]->fed();
      if (!style_.headers && fed && !style_.omit_form_feeds) out_.Put('\f');
    }
    if (page <= style_.first_page && style_.first_page > 1) {
      out_.Flush();
      Complain(process_, "starting page number " + std::to_string(style_.first_page) +
                             " exceeds page count " + std::to_string(page - 1));
    }
  }

 private:
  using Row = std::vector<std::optional<std::string>>;

  std::vector<Row> ReadPage(PrSource& source) {
    std::vector<std::string> lines;
    const std::size_t most = style_.BodyLines() * style_.columns;
    std::size_t bytes = 0;
    while (lines.size() < most) {
      auto line = source.NextLine();
      if (!line) break;
      bytes += line->size() + sizeof(std::string);
      RequireMemory(process_, bytes);
      lines.push_back(std::move(*line));
    }
    lines_ = lines.size();
    return style_.across ? AcrossRows(std::move(lines)) : DownRows(std::move(lines));
  }

  std::vector<Row> AcrossRows(std::vector<std::string> lines) const {
    std::vector<Row> rows;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i % style_.columns == 0) rows.emplace_back();
      rows.back().emplace_back(std::move(lines[i]));
    }
    return rows;
  }

  // Columns of the same height; the first ones have one line more.
  std::vector<Row> DownRows(std::vector<std::string> lines) const {
    std::vector<Row> rows;
    std::size_t next = 0;
    for (std::size_t column = 0; column < style_.columns; ++column) {
      const std::size_t height =
          lines.size() / style_.columns + (column < lines.size() % style_.columns ? 1 : 0);
      for (std::size_t row = 0; row < height; ++row) {
        if (row == rows.size()) rows.emplace_back();
        rows[row].resize(column);
        rows[row].emplace_back(std::move(lines[next++]));
      }
    }
    return rows;
  }

  std::vector<Row> ReadSideBySide(std::vector<std::unique_ptr<PrSource>>& sources) {
    std::vector<Row> rows;
    while (rows.size() < style_.BodyLines()) {
      Row row;
      for (const auto& source : sources) row.push_back(source->NextLine());
      if (std::none_of(row.begin(), row.end(), [](const auto& cell) { return cell.has_value(); })) {
        break;
      }
      rows.push_back(std::move(row));
    }
    lines_ = rows.size();
    return rows;
  }

  void PrintPage(const std::vector<Row>& rows, const PrHeading& heading, std::size_t page) {
    if (style_.headers) PrintHeading(heading, page);
    // Columns are numbered down, whatever the order in which they are printed.
    std::vector<std::int64_t> numbers(style_.columns, number_);
    if (!style_.across && !style_.merge) {
      for (std::size_t column = 1; column < style_.columns; ++column) {
        const auto height =
            static_cast<std::int64_t>(std::count_if(rows.begin(), rows.end(), [&](const Row& row) {
              return column - 1 < row.size() && row[column - 1].has_value();
            }));
        numbers[column] = numbers[column - 1] + height;
      }
    }
    std::size_t printed = 0;
    for (const Row& row : rows) {
      PrintRow(row, numbers);
      ++printed;
      if (style_.double_space) {
        out_.Put('\n');
        ++printed;
      }
    }
    number_ += static_cast<std::int64_t>(lines_);
    if (!style_.headers) return;
    if (style_.form_feed) {
      out_.Put('\f');
    } else {
      const std::size_t body = style_.BodyLines() * (style_.double_space ? 2 : 1);
      for (std::size_t i = printed; i < body + 5; ++i) out_.Put('\n');
    }
  }

  void PrintHeading(const PrHeading& heading, std::size_t page) {
    const std::string number = "Page " + std::to_string(page);
    const std::string margin(style_.margin, ' ');
    const std::size_t used =
        DisplayWidth(heading.date) + DisplayWidth(heading.title) + number.size();
    const std::size_t room = style_.width > used ? style_.width - used : 0;
    const auto blanks = [](std::size_t count) {
      return std::string(std::max<std::size_t>(count, 1), ' ');
    };
    out_ << margin << "\n\n"
         << margin << heading.date << blanks(room / 2) << heading.title << blanks(room - room / 2)
         << number << "\n\n\n";
  }

  void PrintRow(const Row& row, std::vector<std::int64_t>& numbers) {
    for (std::size_t i = 0; i < style_.margin; ++i) out_.Put(' ');
    line_.Begin(style_.margin);
    std::size_t start = style_.margin;
    if (style_.merge && style_.numbered) {
      PutNumber(numbers[0]++);
      start += style_.NumberWidth();
    }
    const std::size_t width = style_.ColumnWidth();
    const std::size_t step = width + style_.separator.size();
    for (std::size_t column = 0; column < row.size(); ++column) {
      // Files that are shorter leave a column empty; the last columns of a page are not there.
      if (!row[column] && !style_.merge) continue;
      const std::size_t begin = start + column * step;
      if (column > 0) {
        if (!style_.join) line_.PadTo(begin - style_.separator.size());
        line_.PutText(style_.separator);
        if (row[column] || style_.merge) line_.Flush();
      }
      if (!row[column]) continue;
      const bool numbered = style_.numbered && !style_.merge;
      if (numbered) PutNumber(style_.across ? numbers[0]++ : numbers[column]++);
      PutCell(*row[column], numbered && style_.truncate ? style_.NumberWidth() : 0,
              style_.truncate ? width : SIZE_MAX);
    }
    line_.End();
  }

  void PutNumber(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t wanted = style_.number_digits;
    if (digits.size() > wanted) digits.erase(0, digits.size() - wanted);
    line_.PutText(std::string(wanted - digits.size(), ' ') + digits);
    if (style_.number_separator == '\t' && style_.columns > 1) {
      line_.PutText(std::string(style_.NumberWidth() - wanted, ' '));
    } else if (style_.number_separator == '\t') {
      line_.PutTab();
    } else {
      line_.Put(style_.number_separator);
    }
  }

  // From a position in the column on; cut where that would go beyond the room.
  void PutCell(std::string_view text, std::size_t position, std::size_t room) {
    for (const char c : text) {
      const auto [shown, width] = Shown(c, position);
      const auto next = std::max<std::int64_t>(static_cast<std::int64_t>(position) + width, 0);
      if (static_cast<std::size_t>(next) > room) return;
      if (width >= 0 || position > 0) {
        for (const char part : shown) line_.Put(part);
      }
      position = static_cast<std::size_t>(next);
    }
  }

  // What is printed for a byte, and how far that goes: GNU's program knows no longer characters.
  std::pair<std::string, int> Shown(char c, std::size_t position) const {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\t' || c == style_.expand_char) {
      const std::size_t tab = c == style_.expand_char ? style_.expand_width : 8;
      const std::size_t width = tab - position % tab;
      return {std::string(style_.expand ? width : 1, style_.expand ? ' ' : c),
              static_cast<int>(width)};
    }
    if (IsPrintable(c)) return {std::string(1, c), 1};
    if (style_.controls == 'c' && byte < 0x80) {
      return {{'^', static_cast<char>(byte ^ 0x40)}, 2};
    }
    if (style_.controls != '\0') {
      return {{'\\', static_cast<char>('0' + byte / 64), static_cast<char>('0' + byte / 8 % 8),
               static_cast<char>('0' + byte % 8)},
              4};
    }
    return {std::string(1, c), c == '\b' ? -1 : 0};
  }

  Process& process_;
  Output& out_;
  const PrStyle& style_;
  PrLine line_;
  std::int64_t number_ = 1;
  std::size_t lines_ = 0;  // Of the page that was read last.
};

std::unique_ptr<PrSource> OpenSource(Process& process, const PrStyle& style,
                                     const std::string& name, PrHeading& heading) {
  FileTime time = std::chrono::time_point_cast<FileTime::duration>(process.clock().Now());
  int fd = 0;
  if (name != "-") {
    const auto opened = process.Open(name, O_RDONLY);
    const bool folder = opened && process.File(*opened)->Stat().type == FileType::kDirectory;
    if (!opened || folder) {
      if (opened) (void)process.Close(*opened);
      const std::errc error = opened ? std::errc::is_a_directory : opened.error();
      if (!style.quiet) ComplainOf(process, name, error);
      return nullptr;
    }
    fd = *opened;
    if (!style.merge) time = process.File(fd)->Stat().modified;
  }
  heading.date = FormatTime(style.date_format, time, ZoneOf(process));
  heading.title = style.header.value_or(name == "-" || style.merge ? "" : name);
  return std::make_unique<PrSource>(process, fd);
}

}  // namespace

// --- a line
// ---------------------------------------------------------------------------------------

void PrLine::Begin(std::size_t column) {
  column_ = column;
  blanks_ = 0;
}

void PrLine::Put(char c) {
  if (style_.tabify && c == ' ') {
    ++blanks_;
    return;
  }
  Flush();
  out_.Put(c);
  if (IsPrintable(c)) ++column_;
  if (c == '\b' && column_ > 0) --column_;
}

void PrLine::PutText(const std::string& text) {
  for (const char c : text) {
    Put(c);
    if (!IsPrintable(c)) ++column_;
  }
}

void PrLine::PutTab() {
  Flush();
  out_.Put('\t');
  column_ = (column_ / style_.tab_width + 1) * style_.tab_width;
}

void PrLine::PadTo(std::size_t column) {
  if (column > column_ + blanks_) blanks_ = column - column_;
}

void PrLine::Flush() {
  const std::size_t goal = column_ + blanks_;
  const std::size_t tab = style_.tab_width;
  while (style_.tabify && goal > column_ + 1 && (column_ / tab + 1) * tab <= goal) {
    out_.Put(style_.tab_char);
    column_ = (column_ / tab + 1) * tab;
  }
  for (; column_ < goal; ++column_) out_.Put(' ');
  blanks_ = 0;
}

void PrLine::End() {
  // Blanks at the end of a line are nothing.
  blanks_ = 0;
  out_.Put('\n');
}

int PrMain(Process& process) {
  std::vector<std::string> files;
  const PrStyle style = ParsePr(process, files);
  if (files.empty()) files.emplace_back("-");
  Output out(process);
  PrPrinter printer(process, out, style);
  int status = 0;
  std::vector<std::unique_ptr<PrSource>> sources;
  PrHeading heading;
  for (const std::string& name : files) {
    out.Flush();
    auto source = OpenSource(process, style, name, heading);
    if (!source) {
      status = 1;
      continue;
    }
    sources.push_back(std::move(source));
    if (style.merge) continue;
    printer.Print(sources, heading);
    sources.clear();
  }
  if (!sources.empty()) printer.Print(sources, heading);
  return out.Finish(status);
}

}  // namespace computesdk::in_memory
