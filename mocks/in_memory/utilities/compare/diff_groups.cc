#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/compare/diff_output.h"

namespace computesdk::in_memory::diff {
namespace {

// The lines [begin, end) of a text.
struct Part {
  const Text* text;
  std::size_t begin;
  std::size_t end;
};
using Parts = std::array<Part, 2>;

// What "%5dn" asks for: 'n' of a line, one of "eflmn" of a group; upper case is of the new file.
using NumberOf = std::optional<std::size_t> (*)(const void* of, char letter);

std::optional<std::size_t> GroupNumber(const void* of, char letter) {
  const Parts& parts = *static_cast<const Parts*>(of);
  const bool upper = letter >= 'A' && letter <= 'Z';
  const Part& part = parts[upper ? 1 : 0];
  switch (upper ? letter + ('a' - 'A') : letter) {
    case 'e':
      return part.begin;
    case 'f':
      return part.begin + 1;
    case 'l':
      return part.end;
    case 'm':
      return part.end + 1;
    case 'n':
      return part.end - part.begin;
    default:
      return std::nullopt;
  }
}

std::optional<std::size_t> LineNumber(const void* of, char letter) {
  if (letter != 'n') return std::nullopt;
  return *static_cast<const std::size_t*>(of) + 1;
}

// The character of "'x'" or "'\101'" behind its first quote; takes it.
std::optional<char> TakeLiteral(std::string_view& rest) {
  if (rest.size() < 2 || rest[0] == '\'') return std::nullopt;
  if (rest[0] != '\\') {
    if (rest[1] != '\'') return std::nullopt;
    const char literal = rest[0];
    rest.remove_prefix(2);
    return literal;
  }
  unsigned code = 0;
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '\''; ++i) {
    if (rest[i] < '0' || rest[i] > '7') return std::nullopt;
    code = code * 8 + static_cast<unsigned>(rest[i] - '0');
  }
  constexpr std::size_t kMostDigits = 3;
  if (i == rest.size() || i == 1 || i > kMostDigits + 1) return std::nullopt;
  rest.remove_prefix(i + 1);
  return static_cast<char>(code);
}

// A conversion behind its "%", as printf has it; false, with nothing taken, where it is none.
bool PrintConversion(Output* out, std::string_view& rest, NumberOf number_of, const void* of) {
  constexpr std::size_t kWidest = 1000;
  std::size_t end = std::min(rest.find_first_not_of("-'0"), rest.size());
  std::string flags(rest.substr(0, end));
  const auto take_digits = [&] {
    const std::size_t begin = end;
    while (end < rest.size() && IsDigit(rest[end])) ++end;
    const auto value = ParseInteger(rest.substr(begin, end - begin)).value_or(0);
    return std::to_string(std::min<std::int64_t>(value, kWidest));
  };
  if (end < rest.size() && IsDigit(rest[end])) flags += take_digits();
  if (end < rest.size() && rest[end] == '.') {
    ++end;
    flags += "." + take_digits();
  }
  if (end + 1 >= rest.size()) return false;
  const char conversion = rest[end];
  const char letter = rest[end + 1];
  std::string_view behind = rest.substr(end + 2);
  if (conversion == 'c') {
    if (letter != '\'') return false;
    const auto literal = TakeLiteral(behind);
    if (!literal) return false;
    if (out != nullptr) out->Put(*literal);
    rest = behind;
    return true;
  }
  if (std::string_view("doxX").find(conversion) == std::string_view::npos) return false;
  const auto number = number_of(of, letter);
  if (!number) return false;
  rest = behind;
  if (out == nullptr) return true;
  const std::string format = "%" + flags + "l" + conversion;
  std::array<char, 2 * kWidest + 100> text{};
  // The flags are those of printf, and the width is limited.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  (void)std::snprintf(text.data(), text.size(), format.c_str(), static_cast<long>(*number));
#pragma GCC diagnostic pop
  *out << text.data();
  return true;
}

class GroupPrinter {
 public:
  GroupPrinter(Output& out, const Comparison& comparison)
      : out_(out), comparison_(comparison), style_(comparison.style) {}

  void Run() {
    std::size_t old_line = 0;
    std::size_t new_line = 0;
    const auto common = [&](std::size_t old_end, std::size_t new_end) {
      if (old_line < old_end || new_line < new_end) {
        Print(kUnchanged, old_line, old_end, new_line, new_end);
      }
    };
    for (const Change& change : comparison_.changes) {
      if (IsIgnorable(change, comparison_.old_text, comparison_.new_text, style_)) continue;
      common(change.old_begin, change.new_begin);
      const Group group = change.old_begin == change.old_end   ? kNew
                          : change.new_begin == change.new_end ? kOld
                                                               : kChanged;
      Print(group, change.old_begin, change.old_end, change.new_begin, change.new_end);
      old_line = change.old_end;
      new_line = change.new_end;
    }
    common(comparison_.old_text.lines.size(), comparison_.new_text.lines.size());
  }

 private:
  void Print(Group group, std::size_t old_begin, std::size_t old_end, std::size_t new_begin,
             std::size_t new_end) {
    const Parts parts = {Part{&comparison_.old_text, old_begin, old_end},
                         Part{&comparison_.new_text, new_begin, new_end}};
    std::string_view format = *style_.group_formats[group];
    PrintFormat(&out_, format, '\0', parts, 0);
  }

  // Up to `end` or the end of the format; takes what it prints. Nothing is printed where `out` is
  // null. Choices may nest.
  void PrintFormat(Output* out, std::string_view& format, char end, const Parts& parts, int depth) {
    while (!format.empty() && format[0] != end) {
      char c = format[0];
      format.remove_prefix(1);
      if (c == '%' && !format.empty()) {
        std::string_view rest = format;
        const char letter = rest[0];
        rest.remove_prefix(1);
        bool done = true;
        if (letter == '<' || letter == '=') {
          PrintLines(out, *style_.line_formats[letter == '<' ? kOld : kUnchanged], parts[0]);
        } else if (letter == '>') {
          PrintLines(out, *style_.line_formats[kNew], parts[1]);
        } else if (letter == '(') {
          done = PrintChoice(out, rest, parts, depth);
        } else if (letter == '%') {
          if (out != nullptr) out->Put('%');
        } else {
          rest = format;
          done = PrintConversion(out, rest, GroupNumber, &parts);
        }
        if (done) {
          format = rest;
          continue;
        }
      }
      if (out != nullptr) out->Put(c);
    }
  }

  // "A=B?then:else)" behind "%(".
  bool PrintChoice(Output* out, std::string_view& rest, const Parts& parts, int depth) {
    constexpr int kDeepest = 100;
    std::size_t values[2] = {0, 0};
    std::string_view at = rest;
    for (std::size_t i = 0; i < 2; ++i) {
      const std::size_t digits = std::min(at.find_first_not_of("0123456789"), at.size());
      if (digits > 0) {
        values[i] = static_cast<std::size_t>(*ParseInteger(at.substr(0, digits)));
        at.remove_prefix(digits);
      } else {
        const auto value = at.empty() ? std::nullopt : GroupNumber(&parts, at[0]);
        if (!value) return false;
        values[i] = *value;
        at.remove_prefix(1);
      }
      if (at.empty() || at[0] != "=?"[i]) return false;
      at.remove_prefix(1);
    }
    if (depth == kDeepest) return false;
    const bool same = values[0] == values[1];
    PrintFormat(same ? out : nullptr, at, ':', parts, depth + 1);
    if (!at.empty()) {
      at.remove_prefix(1);
      PrintFormat(same ? nullptr : out, at, ')', parts, depth + 1);
      if (!at.empty()) at.remove_prefix(1);
    }
    rest = at;
    return true;
  }

  void PrintLines(Output* out, std::string_view format, const Part& part) {
    if (out == nullptr) return;
    for (std::size_t line = part.begin; line < part.end; ++line) {
      std::string_view rest = format;
      while (!rest.empty()) {
        const char c = rest[0];
        rest.remove_prefix(1);
        if (c == '%' && !rest.empty()) {
          if (rest[0] == 'l' || rest[0] == 'L') {
            PrintText(*out, style_, part.text->lines[line]);
            if (rest[0] == 'L' && !part.text->IsEndless(line)) out->Put('\n');
            rest.remove_prefix(1);
            continue;
          }
          if (rest[0] == '%')
            rest.remove_prefix(1);
          else if (PrintConversion(out, rest, LineNumber, &line))
            continue;
        }
        out->Put(c);
      }
    }
  }

  Output& out_;
  const Comparison& comparison_;
  const Style& style_;
};

}  // namespace

void PrintGroups(Output& out, const Comparison& comparison) { GroupPrinter(out, comparison).Run(); }

}  // namespace computesdk::in_memory::diff
