#include "mocks/in_memory/utilities/sed/script.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <utility>

#include "mocks/in_memory/text/regex_limits.h"
#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/sed/pattern.h"

namespace computesdk::in_memory::sed {
namespace {

class ScriptParser {
 public:
  ScriptParser(std::string_view text, ScriptOptions options) : text_(text), options_(options) {}

  Script Parse() {
    if (text_ == "#n" || text_.starts_with("#n\n")) script_.quiet = true;
    while (true) {
      SkipSeparators();
      if (AtEnd()) break;
      ParseCommand();
    }
    if (!blocks_.empty()) {
      at_ = 0;
      Fail("unmatched `{'");
    }
    for (Command& command : script_.commands) ResolveLabel(command);
    return std::move(script_);
  }

 private:
  [[noreturn]] void Fail(const std::string& message) const {
    throw ScriptError{"-e expression #1, char " + std::to_string(at_) + ": " + message, 1};
  }

  // Where sed has read the next character already.
  [[noreturn]] void FailAhead(const std::string& message) {
    if (!AtEnd()) ++at_;
    Fail(message);
  }

  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  bool Take(char c) {
    if (Peek() != c || AtEnd()) return false;
    ++at_;
    return true;
  }
  void SkipBlanks() {
    while (!AtEnd() && IsBlank(Peek())) ++at_;
  }
  void SkipSeparators() {
    while (!AtEnd() && (std::isspace(static_cast<unsigned char>(Peek())) != 0 || Peek() == ';')) {
      ++at_;
    }
  }
  std::int64_t Number() {
    std::int64_t value = 0;
    while (IsDigit(Peek()) && value < INT64_MAX / 100) value = value * 10 + (text_[at_++] - '0');
    return value;
  }

  void ResolveLabel(Command& command) {
    if (std::string_view("btT").find(command.letter) == std::string_view::npos) return;
    if (command.text.empty()) {
      command.target = script_.commands.size();
      return;
    }
    const auto label = labels_.find(command.text);
    if (label == labels_.end()) {
      throw ScriptError{"can't find label for jump to `" + command.text + "'", 4};
    }
    command.target = label->second;
  }

  // --- addresses --------------------------------------------------------------------------------

  std::optional<std::string> Delimited(char delimiter, bool regex) {
    return TakeDelimited(text_, at_, delimiter, regex);
  }

  std::optional<Pattern> CompilePattern(const std::string& source, bool ignore_case, bool lines) {
    if (source.empty()) return std::nullopt;
    auto pattern = CompileSedPattern(
        source, {.extended = options_.extended, .ignore_case = ignore_case, .newline = lines});
    if (!pattern) Fail(pattern.error());
    if (options_.extended && ClosesTooOften(source, true)) Fail("Unmatched ) or \\)");
    return std::move(*pattern);
  }

  std::optional<Address> ParseAddress(bool second) {
    Address address;
    if (IsDigit(Peek())) {
      address.number = Number();
      SkipBlanks();
      if (Take('~')) {
        SkipBlanks();
        address.step = Number();
        if (address.step > 0) address.kind = Address::Kind::kStep;
      }
      return address;
    }
    if (Take('$')) {
      address.kind = Address::Kind::kLast;
      return address;
    }
    if (Peek() == '+' || Peek() == '~') {
      address.kind = text_[at_++] == '+' ? Address::Kind::kPlus : Address::Kind::kMultiple;
      address.number = IsDigit(Peek()) ? Number() : 0;
      if (second) return address;
      if (address.number > 0) Fail("invalid usage of +N or ~N as first address");
      return std::nullopt;
    }
    if (Peek() != '/' && Peek() != '\\') return std::nullopt;
    char delimiter = '/';
    if (text_[at_++] == '\\') {
      if (AtEnd()) Fail("unterminated address regex");
      delimiter = text_[at_++];
    }
    const auto source = Delimited(delimiter, true);
    if (!source) Fail("unterminated address regex");
    bool ignore_case = false;
    bool lines = false;
    for (SkipBlanks(); Peek() == 'I' || Peek() == 'M'; SkipBlanks()) {
      (text_[at_++] == 'I' ? ignore_case : lines) = true;
    }
    address.kind = Address::Kind::kRegex;
    address.pattern = CompilePattern(*source, ignore_case, lines);
    return address;
  }

  // --- commands ---------------------------------------------------------------------------------

  void ParseCommand() {
    Command command;
    command.first = ParseAddress(false);
    SkipBlanks();
    if (command.first && Take(',')) {
      SkipBlanks();
      command.second = ParseAddress(true);
      if (!command.second) FailAhead("unexpected `,'");
      SkipBlanks();
    }
    const bool from_zero =
        command.first && command.first->kind == Address::Kind::kLine && command.first->number == 0;
    // "0r FILE" puts it before the first line.
    if (from_zero && (command.second || Peek() != 'r')) {
      if (!command.second || command.second->kind != Address::Kind::kRegex) {
        FailAhead("invalid usage of line address 0");
      }
      command.active = true;
    }
    if (Take('!')) {
      command.negated = true;
      SkipBlanks();
      if (Peek() == '!') FailAhead("multiple `!'s");
    }
    if (AtEnd()) Fail("missing command");
    command.letter = text_[at_++];
    ParseArguments(command);
  }

  void ParseArguments(Command& command) {
    switch (command.letter) {
      case '#':
        if (command.first) Fail("comments don't accept any addresses");
        at_ = std::min(text_.find('\n', at_), text_.size());
        return;
      case ':':
        if (command.first) Fail(": doesn't want any addresses");
        SkipBlanks();
        command.text = Label(";");
        if (command.text.empty()) Fail("\":\" lacks a label");
        labels_[command.text] = script_.commands.size();
        return;
      case '{':
        blocks_.push_back(script_.commands.size());
        script_.commands.push_back(std::move(command));
        return;
      case '}':
        if (blocks_.empty()) Fail("unexpected `}'");
        if (command.first) Fail("} doesn't want any addresses");
        script_.commands[blocks_.back()].target = script_.commands.size();
        blocks_.pop_back();
        EndCommand();
        return;
      case 'a':
      case 'i':
      case 'c':
        command.text = Text();
        break;
      case 'b':
      case 't':
      case 'T':
        SkipBlanks();
        command.text = Label(";}");
        break;
      case 'v':
        SkipBlanks();
        RequireVersion(Label(";}"));
        return;
      case 'r':
      case 'R':
      case 'w':
      case 'W':
        RefuseInSandbox();
        command.text = FileName();
        if (command.letter == 'w' || command.letter == 'W') command.write_to = command.text;
        break;
      case 'e':
        RefuseInSandbox();
        SkipBlanks();
        command.text = Rest();
        break;
      case 'q':
      case 'Q':
        if (command.second) Fail("command only uses one address");
        [[fallthrough]];
      case 'l':
      case 'L':
        SkipBlanks();
        if (IsDigit(Peek())) command.number = Number();
        EndCommand();
        break;
      case 's':
        ParseSubstitution(command);
        break;
      case 'y':
        ParseTranslation(command);
        break;
      default:
        if (std::string_view("=dDgGhHnNpPxFz").find(command.letter) == std::string_view::npos) {
          Fail(std::string("unknown command: `") + command.letter + "'");
        }
        EndCommand();
    }
    script_.commands.push_back(std::move(command));
  }

  void EndCommand() {
    SkipBlanks();
    if (AtEnd() || Peek() == '}' || Peek() == '#') return;
    if (!Take(';') && !Take('\n')) FailAhead("extra characters after command");
  }

  // --sandbox: nothing but the input is read, nothing but the output written.
  void RefuseInSandbox() const {
    if (options_.sandbox) Fail("e/r/w commands disabled in sandbox mode");
  }

  // v: the version that the script needs.
  void RequireVersion(const std::string& version) {
    constexpr std::int64_t kMajor = 4;
    constexpr std::int64_t kMinor = 9;
    const std::size_t point = std::min(version.find('.'), version.size());
    const std::int64_t major = std::strtoll(version.c_str(), nullptr, 10);
    const std::int64_t minor =
        point < version.size() ? std::strtoll(version.c_str() + point + 1, nullptr, 10) : 0;
    if (major > kMajor || (major == kMajor && minor > kMinor)) {
      Fail("expected newer version of sed");
    }
  }

  // A label; what may end it, beside white space.
  std::string Label(std::string_view ends) {
    const std::size_t begin = at_;
    while (!AtEnd() && ends.find(Peek()) == std::string_view::npos &&
           std::isspace(static_cast<unsigned char>(Peek())) == 0) {
      ++at_;
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  std::string Rest() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string rest(text_.substr(at_, end - at_));
    at_ = end;
    return rest;
  }

  std::string FileName() {
    SkipBlanks();
    std::string name = Rest();
    if (name.empty()) Fail("missing filename in r/R/w/W commands");
    return name;
  }

  // What a, i and c print: "a\" and lines, or what stands behind the letter.
  std::string Text() {
    SkipBlanks();
    if (AtEnd()) Fail("expected \\ after `a', `c' or `i'");
    if (Peek() == '\\') {
      std::size_t next = at_ + 1;
      while (next < text_.size() && IsBlank(text_[next])) ++next;
      if (next < text_.size() && text_[next] == '\n') {
        at_ = next + 1;
      } else {
        ++at_;  // "a\  text" keeps its blanks.
        if (AtEnd()) return "";
      }
    }
    std::string result;
    while (!AtEnd()) {
      const char c = text_[at_++];
      if (c == '\n' || (c == '\\' && AtEnd())) break;
      if (c != '\\') {
        result.push_back(c);
        continue;
      }
      std::size_t next = at_;
      const auto control = Peek() == '\n' ? std::nullopt : ControlEscape(text_, next);
      if (control) {
        result.push_back(*control);
        at_ = next;
      } else {
        result.push_back(text_[at_++]);
      }
    }
    return result + "\n";
  }

  // --- s and y ----------------------------------------------------------------------------------

  std::vector<Part> ParseReplacement(std::string_view text, std::size_t groups) {
    std::vector<Part> parts;
    std::string literal;
    const auto flush = [&] {
      if (!literal.empty()) parts.push_back({Part::Kind::kText, std::exchange(literal, ""), 0});
    };
    static const std::map<char, Part::Kind> kCases = {{'U', Part::Kind::kUpper},
                                                      {'L', Part::Kind::kLower},
                                                      {'u', Part::Kind::kUpperNext},
                                                      {'l', Part::Kind::kLowerNext},
                                                      {'E', Part::Kind::kEndCase}};
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] == '&') {
        flush();
        parts.push_back({Part::Kind::kGroup, "", 0});
        ++i;
      } else if (text[i] != '\\' || i + 1 == text.size()) {
        literal.push_back(text[i++]);
      } else if (IsDigit(text[++i])) {
        const auto group = static_cast<std::size_t>(text[i++] - '0');
        if (group > groups) {
          Fail("invalid reference \\" + std::to_string(group) + " on `s' command's RHS");
        }
        flush();
        parts.push_back({Part::Kind::kGroup, "", group});
      } else if (const auto found = kCases.find(text[i]); found != kCases.end()) {
        flush();
        parts.push_back({found->second, "", 0});
        ++i;
      } else {
        const auto control = ControlEscape(text, i);
        literal.push_back(control ? *control : text[i++]);
      }
    }
    flush();
    return parts;
  }

  void ParseSubstitution(Command& command) {
    const char delimiter = Peek();
    if (AtEnd() || delimiter == '\n' || delimiter == '\\') Fail("unterminated `s' command");
    ++at_;
    const auto source = Delimited(delimiter, true);
    const auto replacement = source ? Delimited(delimiter, false) : std::nullopt;
    if (!replacement) Fail("unterminated `s' command");
    Substitution& substitution = command.substitution;
    bool ignore_case = false;
    bool lines = false;
    bool numbered = false;
    bool more = true;
    while (more && !AtEnd()) {
      const char flag = Peek();
      if (IsBlank(flag)) {
        ++at_;
        continue;
      }
      if (IsDigit(flag)) {
        if (numbered) FailAhead("multiple number options to `s' command");
        numbered = true;
        substitution.number = static_cast<std::size_t>(Number());
        if (substitution.number == 0) Fail("number option to `s' command may not be zero");
        continue;
      }
      more = true;
      switch (flag) {
        case 'g':
          if (substitution.global) FailAhead("multiple `g' options to `s' command");
          substitution.global = true;
          break;
        case 'p':
          if (substitution.print) FailAhead("multiple `p' options to `s' command");
          substitution.print = true;
          break;
        case 'i':
        case 'I':
          ignore_case = true;
          break;
        case 'm':
        case 'M':
          lines = true;
          break;
        case 'e':
          substitution.evaluate = true;
          ++at_;
          RefuseInSandbox();
          continue;
        case 'w':
          ++at_;
          RefuseInSandbox();
          command.write_to = FileName();
          more = false;
          continue;
        default:
          more = false;
          continue;
      }
      ++at_;
    }
    SkipBlanks();
    if (!AtEnd() && std::string_view(";}#\n").find(Peek()) == std::string_view::npos) {
      FailAhead("unknown option to `s'");
    }
    EndCommand();
    substitution.pattern = CompilePattern(*source, ignore_case, lines);
    const std::size_t groups = !substitution.pattern ? 9
                               : substitution.pattern->regex
                                   ? substitution.pattern->regex->group_count()
                                   : 0;
    substitution.parts = ParseReplacement(*replacement, groups);
  }

  std::vector<char32_t> Characters(std::string_view text) {
    std::vector<char32_t> characters;
    for (std::size_t i = 0; i < text.size();) {
      if (text[i] == '\\' && i + 1 < text.size()) {
        std::size_t next = i + 1;
        if (text[next] == '\\') {
          characters.push_back('\\');
          i += 2;
          continue;
        }
        if (const auto control = ControlEscape(text, next)) {
          characters.push_back(static_cast<unsigned char>(*control));
          i = next;
          continue;
        }
        Fail("y command strings have different lengths");
      }
      const Utf8Character found = DecodeUtf8(text.substr(i));
      characters.push_back(found.code);
      i += found.length;
    }
    return characters;
  }

  void ParseTranslation(Command& command) {
    const char delimiter = Peek();
    if (AtEnd()) Fail("unterminated `y' command");
    ++at_;
    const auto from = Delimited(delimiter, false);
    const auto to = from ? Delimited(delimiter, false) : std::nullopt;
    if (!to) Fail("unterminated `y' command");
    const auto keys = Characters(*from);
    const auto values = Characters(*to);
    if (keys.size() != values.size()) Fail("strings for `y' command are different lengths");
    for (std::size_t i = 0; i < keys.size(); ++i) command.characters.emplace(keys[i], values[i]);
    EndCommand();
  }

  std::string_view text_;
  const ScriptOptions options_;
  std::size_t at_ = 0;
  Script script_;
  std::vector<std::size_t> blocks_;
  std::map<std::string, std::size_t> labels_;
};

}  // namespace

tl::expected<Script, ScriptError> ParseScript(std::string_view text, ScriptOptions options) {
  try {
    return ScriptParser(text, options).Parse();
  } catch (const ScriptError& error) {
    return tl::unexpected(error);
  }
}

}  // namespace computesdk::in_memory::sed
