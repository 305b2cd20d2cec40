#include "mocks/in_memory/shell/prompt.h"

#include "mocks/in_memory/shell/syntax/word_reader.h"
#include "mocks/in_memory/text/time_zone.h"

namespace computesdk::in_memory::shell {
namespace {

std::string Base(const std::string& path) {
  const std::size_t slash = path.find_last_of('/');
  return slash == std::string::npos || path.size() == 1 ? path : path.substr(slash + 1);
}

class PromptDecoder {
 public:
  static bool Expands(const Interpreter& shell) { return shell.state.shopt.promptvars; }

  explicit PromptDecoder(Interpreter& shell) : shell_(shell) {}

  std::string Decode(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == '\\' && at + 1 < text.size()) {
        at = Escape(text, at + 1);
      } else if (text[at] == '\\') {
        Add("\\");
        ++at;
      } else {
        output_ += text[at++];
      }
    }
    return std::move(output_);
  }

 private:
  // What is put in is not expanded once more.
  void Add(const std::string& text) {
    for (const char c : text) {
      if (Expands(shell_) && (c == '\\' || c == '$' || c == '`')) output_ += '\\';
      output_ += c;
    }
  }

  std::string Time(const std::string& format) const {
    const auto now = shell_.process.clock().Now().time_since_epoch();
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now).count();
    return FormatIn(TimeZone::FromName(shell_.GetString("TZ")), seconds, format);
  }

  std::string Folder() const {
    const std::string path = shell_.GetString("PWD");
    const std::string home = shell_.GetString("HOME");
    const bool below = home.size() > 1 && path.compare(0, home.size(), home) == 0 &&
                       (path.size() == home.size() || path[home.size()] == '/');
    return Trimmed(below ? "~" + path.substr(home.size()) : path);
  }

  // Of a long path only the last folders, as many as PROMPT_DIRTRIM says.
  std::string Trimmed(const std::string& path) const {
    const auto most = ParsePlainNumber(shell_.GetString("PROMPT_DIRTRIM"));
    if (!most || *most <= 0) return path;
    std::size_t at = path.size();
    for (std::int64_t i = 0; i < *most && at != std::string::npos; ++i) {
      at = at == 0 ? std::string::npos : path.rfind('/', at - 1);
    }
    const std::string front = path[0] == '~' ? "~/" : "";
    if (at == std::string::npos || at <= front.size() + 3) return path;
    return front + "..." + path.substr(at);
  }

  std::size_t Date(const std::string& text, std::size_t at) {
    const std::size_t end = std::min(text.find('}', at), text.size());
    if (at + 1 >= text.size() || text[at + 1] != '{') {
      Add("\\D");
      return at + 1;
    }
    const std::string format = text.substr(at + 2, end - at - 2);
    Add(Time(format.empty() ? "%X" : format));
    return std::min(end + 1, text.size());
  }

  std::size_t Escape(const std::string& text, std::size_t at) {
    switch (text[at]) {
      case 'D':
        return Date(text, at);
      case 'd':
        Add(Time("%a %b %d"));
        break;
      case 't':
        Add(Time("%H:%M:%S"));
        break;
      case 'T':
        Add(Time("%I:%M:%S"));
        break;
      case '@':
        Add(Time("%I:%M %p"));
        break;
      case 'A':
        Add(Time("%H:%M"));
        break;
      case 'h': {
        const std::string name = shell_.GetString("HOSTNAME");
        Add(name.substr(0, name.find('.')));
        break;
      }
      case 'H':
        Add(shell_.GetString("HOSTNAME"));
        break;
      case 'j':
        Add(std::to_string(shell_.jobs.all().size()));
        break;
      case 'l':
        Add("tty");
        break;
      case 's':
        Add("bash");  // Whatever the script is called.
        break;
      case 'u':
        Add("root");
        break;
      case 'v':
        Add("5.2");
        break;
      case 'V':
        Add("5.2.15");
        break;
      case 'w':
        Add(Folder());
        break;
      case 'W':
        Add(Base(Folder()));
        break;
      case '!':
        Add("1");
        break;
      case '#':
        Add(shell_.state.options.from_command ? "0" : "1");
        break;
      case '$':
        Add("#");
        break;
      case '[':
      case ']':
        break;
      case '\\':
        output_ += '\\';  // The expansion that follows may take it for one of its own.
        break;
      default:
        return Character(text, at);
    }
    return at + 1;
  }

  // \n, \e and their like, \101; anything else stays as it is.
  std::size_t Character(const std::string& text, std::size_t at) {
    const bool known = std::string_view("aenr01234567").find(text[at]) != std::string_view::npos;
    if (!known) {
      // The expansion that follows takes the backslash away.
      const bool quotes = Expands(shell_) && (text[at] == '"' || text[at] == '`');
      Add(text.substr(quotes ? at : at - 1, quotes ? 1 : 2));
      return at + 1;
    }
    const bool octal = text[at] >= '0' && text[at] <= '7';
    if (octal && text.substr(at, 3).find_first_not_of("01234567") != std::string::npos) {
      Add("\\");
      return at;
    }
    std::string character;
    bool stop = false;
    at = AppendEscape(text, at, EscapeStyle::kPrintf, character, stop);
    Add(character);
    return at;
  }

  Interpreter& shell_;
  std::string output_;
};

}  // namespace

std::string ExpandPrompt(Interpreter& shell, const std::string& text) {
  std::string decoded = PromptDecoder(shell).Decode(text);
  if (!PromptDecoder::Expands(shell)) return decoded;
  try {
    return shell.ExpandString(
        Lexer::ParseText(decoded, shell.state.line, shell.lexer_context(), Quoting::kHereDocument));
  } catch (const SyntaxError&) {
    return decoded;
  } catch (const ArithmeticError& error) {
    shell.Complain(error.message);
    return decoded;
  } catch (const ExpansionError&) {
    return decoded;
  }
}

}  // namespace computesdk::in_memory::shell
