#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/text_layout/text_layout.h"

namespace computesdk::in_memory {
namespace {

constexpr std::size_t kTabStop = 8;

struct ColOptions {
  bool last_only = false;  // -b: of what is printed over each other, the last.
  bool fine = false;       // -f: half lines stay half lines.
  bool tabs = true;
  bool pass = false;        // -p: control sequences that are not known go through.
  std::size_t lines = 128;  // -l: so many are held for reverse line feeds.
};

struct ColCharacter {
  std::size_t column = 0;
  std::string text;
};

// Lines as a printer would leave them: characters that were written in any order, over each other
// and, with reverse line feeds, above what came before. Lines are counted in halves.
class ColPage {
 public:
  ColPage(Process& process, Output& out, const ColOptions& options)
      : process_(process), out_(out), options_(options) {}

  void Read(Input& in) {
    std::string text;
    for (auto line = in.ReadLine(); line; line = in.ReadLine()) {
      TakeLine(*line);
      if (in.ended()) NewLine();
      ended_ = in.ended();
      // Reverse line feeds reach no further back.
      while (lines_.size() > options_.lines * 2) PrintFirst();
    }
  }

  void Finish() {
    while (!lines_.empty()) PrintFirst();
    if (any_ && printed_ <= line_ && ended_) PutLineEnds(line_ - printed_);
    if (any_ && !ended_) out_.Put('\n');
  }

 private:
  void NewLine() {
    line_ += 2;
    column_ = 0;
    any_ = true;
  }

  void TakeLine(std::string_view text) {
    any_ = true;
    while (!text.empty()) {
      const char c = text[0];
      if (c == '\033') {
        text.remove_prefix(std::min<std::size_t>(2, text.size()));
        continue;
      }
      const Utf8Character character = DecodeUtf8(text);
      const std::string_view bytes = text.substr(0, character.length);
      text.remove_prefix(character.length);
      if (static_cast<unsigned char>(c) < 0x21 || c == 0x7f) {
        TakeControl(c);
      } else {
        Place(std::string(bytes), character);
      }
    }
  }

  void TakeControl(char c) {
    switch (c) {
      case ' ':
        ++column_;
        break;
      case '\t':
        column_ = (column_ / kTabStop + 1) * kTabStop;
        break;
      case '\b':
        if (column_ > 0) --column_;
        break;
      case '\r':
        column_ = 0;
        break;
      case '\v':
        if (line_ >= printed_ + 2) line_ -= 2;
        break;
      default:
        if (options_.pass) Place({c}, {static_cast<char32_t>(c), 1, true});
    }
  }

  void Place(std::string text, const Utf8Character& character) {
    auto& line = lines_[line_];
    bytes_ += text.size() + sizeof(ColCharacter);
    RequireMemory(process_, bytes_);
    line.push_back({column_, std::move(text)});
    const int width = character.valid ? ColumnsOf(character.code) : 1;
    column_ += static_cast<std::size_t>(std::max(width, 0));
  }

  void PrintFirst() {
    process_.Checkpoint();
    const auto first = lines_.begin();
    PutLineEnds(first->first - printed_);
    printed_ = first->first;
    for (const ColCharacter& character : first->second) {
      bytes_ -= character.text.size() + sizeof(ColCharacter);
    }
    PrintLine(std::move(first->second));
    lines_.erase(first);
  }

  // So many half lines on.
  void PutLineEnds(std::size_t halves) {
    for (; halves >= 2; halves -= 2) out_.Put('\n');
    if (halves == 1) out_ << (options_.fine ? "\0339" : "\n");
  }

  void PrintLine(std::vector<ColCharacter> line) {
    std::stable_sort(line.begin(), line.end(),
                     [](const auto& a, const auto& b) { return a.column < b.column; });
    std::size_t at = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool covered = i + 1 < line.size() && line[i + 1].column == line[i].column;
      if (covered && options_.last_only) continue;
      PutBlanks(at, line[i].column);
      out_ << line[i].text;
      const Utf8Character character = DecodeUtf8(line[i].text);
      const std::size_t width =
          static_cast<std::size_t>(std::max(character.valid ? ColumnsOf(character.code) : 1, 0));
      if (covered) {
        out_ << std::string(width, '\b');
      } else {
        at = line[i].column + width;
      }
    }
  }

  void PutBlanks(std::size_t& at, std::size_t to) {
    if (to <= at) return;
    if (options_.tabs && to - at > 1) {
      for (; (at / kTabStop + 1) * kTabStop <= to; at = (at / kTabStop + 1) * kTabStop)
        out_.Put('\t');
    }
    for (; at < to; ++at) out_.Put(' ');
  }

  Process& process_;
  Output& out_;
  const ColOptions& options_;
  std::map<std::size_t, std::vector<ColCharacter>> lines_;
  std::size_t line_ = 0;
  std::size_t column_ = 0;
  std::size_t printed_ = 0;
  std::size_t bytes_ = 0;
  bool any_ = false;
  bool ended_ = true;
};

}  // namespace

int ColMain(Process& process) {
  Options words(process, "bfhl:px",
                {{"no-backspaces", 'b'},
                 {"fine", 'f'},
                 {"tabs", 'h'},
                 {"lines", 'l', Options::kRequired},
                 {"pass", 'p'},
                 {"spaces", 'x'}});
  ColOptions options;
  while (const auto option = words.Next()) {
    if (option->letter == 'b') options.last_only = true;
    if (option->letter == 'f') options.fine = true;
    if (option->letter == 'h') options.tabs = true;
    if (option->letter == 'p') options.pass = true;
    if (option->letter == 'x') options.tabs = false;
    if (option->letter != 'l') continue;
    const auto lines = ParseInteger(option->value);
    if (!lines || *lines < 1) {
      Complain(process, "bad -l argument: '" + option->value + "'");
      return 1;
    }
    options.lines = static_cast<std::size_t>(*lines);
  }
  Output out(process);
  ColPage page(process, out, options);
  Input in(process, 0);
  page.Read(in);
  page.Finish();
  return out.Finish(0);
}

}  // namespace computesdk::in_memory
