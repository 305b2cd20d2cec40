#include "mocks/in_memory/shell/syntax/word_reader.h"

// The inside of ${…}.
namespace computesdk::in_memory::shell {
namespace {

constexpr std::string_view kSpecial = "@*#?$!-";

ParameterOp PatternOp(char c, bool twice) {
  switch (c) {
    case '#':
      return twice ? ParameterOp::kRemoveLongestPrefix : ParameterOp::kRemovePrefix;
    case '%':
      return twice ? ParameterOp::kRemoveLongestSuffix : ParameterOp::kRemoveSuffix;
    case '^':
      return twice ? ParameterOp::kUpperAll : ParameterOp::kUpperFirst;
    case '~':
      return twice ? ParameterOp::kToggleAll : ParameterOp::kToggleFirst;
    default:
      return twice ? ParameterOp::kLowerAll : ParameterOp::kLowerFirst;
  }
}

ParameterOp DefaultOp(char c) {
  switch (c) {
    case '-':
      return ParameterOp::kDefault;
    case '=':
      return ParameterOp::kAssign;
    case '?':
      return ParameterOp::kError;
    default:
      return ParameterOp::kAlternative;
  }
}

WordPtr Shared(Word word) { return std::make_shared<const Word>(std::move(word)); }

}  // namespace

// The operator may go on behind a line continuation.
void WordReader::JoinBehind() {
  lexer_.PeekChar(2);
  lexer_.JoinLine(lexer_.pos_ + 1);
}

void WordReader::ReadParameter(bool quoted, Quoting quoting) {
  auto parameter = std::make_shared<Parameter>();
  const char c = lexer_.PeekChar();
  const std::size_t start = lexer_.pos_;
  if (c == '#') JoinBehind();
  const char next = lexer_.PeekChar(1);
  if (c == '#' && next != '}' &&
      (IsNameChar(next) || kSpecial.find(next) != std::string_view::npos)) {
    // ${#}, ${#-w}, ${#%p} are about $#; ${#x} is a length; ${#-} and ${##} too.
    const bool length = IsNameChar(next) || lexer_.PeekChar(2) == '}';
    if (length) {
      parameter->op = ParameterOp::kLength;
      lexer_.Skip(1);
    }
  } else if (c == '!' && (IsNameChar(next) ||
                          (next != '\0' && next != '}' &&
                           std::string_view("@*#?!").find(next) != std::string_view::npos))) {
    parameter->indirect = true;
    lexer_.Skip(1);
  }
  ReadParameterName(*parameter);
  if (parameter->name.empty()) {
    parameter->op = ParameterOp::kBad;
  } else if (lexer_.PeekChar() != '}') {
    if (parameter->op == ParameterOp::kLength) {
      parameter->op = ParameterOp::kBad;
    } else {
      ReadParameterOperator(*parameter, quoting);
      // ${#+}, ${#=}, ${#%} and ${#/} are nothing; ${#-} and ${#?} are lengths.
      if (c == '#' && lexer_.pos_ == start + 2 &&
          std::string_view("+=%/").find(next) != std::string_view::npos) {
        parameter->op = ParameterOp::kBad;
      }
    }
  } else if (parameter->indirect && parameter->subscript == nullptr && parameter->list != 0 &&
             IsNameStart(parameter->name[0])) {
    parameter->op = ParameterOp::kKeys;
    parameter->indirect = false;
  }
  if (parameter->op == ParameterOp::kBad) SkipBadParameter(*parameter);
  if (AtEnd() || lexer_.PeekChar() != '}') Unterminated("}");
  parameter->source = "${" + std::string(lexer_.TextFrom(start)) + "}";
  lexer_.Skip(1);
  if (parameter->op == ParameterOp::kBad) bad_.push_back(parameter);
  Add(std::shared_ptr<const Parameter>(std::move(parameter)), quoted);
}

void WordReader::TellBadParameters(std::size_t start) {
  for (const auto& parameter : bad_) parameter->around = lexer_.TextFrom(start);
  bad_.clear();
}

void WordReader::SkipBadParameter(Parameter& parameter) {
  parameter.word = Shared(WordReader(lexer_).Read(Until::kBrace, Quoting::kDouble));
}

void WordReader::ReadParameterName(Parameter& parameter) {
  const char c = lexer_.PeekChar();
  const std::size_t start = lexer_.pos_;
  if (IsNameStart(c)) {
    while (IsNameChar(lexer_.PeekChar())) lexer_.Skip(1);
  } else if (c >= '0' && c <= '9') {
    while (lexer_.PeekChar() >= '0' && lexer_.PeekChar() <= '9') lexer_.Skip(1);
  } else if (c != '\0' && kSpecial.find(c) != std::string_view::npos) {
    lexer_.Skip(1);
    if (c == '@' || c == '*') parameter.list = c;
  }
  parameter.name = lexer_.TextFrom(start);
  // A line may be continued inside the name.
  for (std::size_t at; (at = parameter.name.find("\\\n")) != std::string::npos;) {
    parameter.name.erase(at, 2);
  }
  if (!IsNameStart(c) || lexer_.PeekChar() != '[') return;
  const std::size_t end = FindClosingBracket(lexer_.source_, lexer_.pos_);
  if (end == std::string::npos) return;
  std::string subscript = lexer_.source_.substr(lexer_.pos_ + 1, end - lexer_.pos_ - 1);
  lexer_.pos_ = end + 1;
  if (subscript == "@" || subscript == "*") {
    parameter.list = subscript[0];
  } else {
    lexer_.ParseSubscript(std::move(subscript), parameter.subscript, parameter.key);
  }
}

void WordReader::ReadParameterOperator(Parameter& parameter, Quoting quoting) {
  const char c = lexer_.PeekChar();
  if (std::string_view(":#%/").find(c) != std::string_view::npos) JoinBehind();
  const char next = lexer_.PeekChar(1);
  const bool colon =
      c == ':' && next != '\0' && std::string_view("-=?+").find(next) != std::string_view::npos;
  if (colon || std::string_view("-=?+").find(c) != std::string_view::npos) {
    lexer_.Skip(colon ? 2 : 1);
    parameter.colon = colon;
    parameter.op = DefaultOp(colon ? next : c);
    parameter.word = Shared(WordReader(lexer_).Read(Until::kBrace, quoting));
    return;
  }
  // Quotes keep their meaning in patterns, also inside double quotes.
  switch (c) {
    case ':':
      lexer_.Skip(1);
      return ReadSubstring(parameter);
    case '/':
      return ReadReplacement(parameter, quoting);
    case '#':
    case '%':
    case '^':
    case '~':
    case ',':
      parameter.op = PatternOp(c, next == c);
      lexer_.Skip(next == c ? 2 : 1);
      {
        WordReader reader(lexer_);
        parameter.word = Shared(reader.Read(Until::kBrace, Quoting::kNone));
      }
      return;
    case '@':
      // Which letters there are is looked at only if there is something to transform.
      if (next != '\0' && next != '}' && lexer_.PeekChar(2) == '}') {
        lexer_.Skip(2);
        parameter.op = ParameterOp::kTransform;
        parameter.transform = next;
        return;
      }
      [[fallthrough]];
    case '*':
      if (parameter.indirect && parameter.list == 0 && next == '}') {
        lexer_.Skip(1);
        parameter.indirect = false;
        parameter.op = ParameterOp::kNames;
        parameter.list = c;
        return;
      }
      [[fallthrough]];
    default:
      parameter.op = ParameterOp::kBad;
  }
}

void WordReader::ReadSubstring(Parameter& parameter) {
  parameter.op = ParameterOp::kSlice;
  parameter.word = Shared(WordReader(lexer_).Read(Until::kColon, Quoting::kArithmetic));
  if (lexer_.PeekChar() != ':') {
    if (parameter.word->parts.empty()) parameter.op = ParameterOp::kBad;
    return;
  }
  lexer_.Skip(1);
  const std::size_t start = lexer_.pos_;
  Word length = WordReader(lexer_).Read(Until::kBrace, Quoting::kArithmetic);
  length.source = lexer_.SourceSince(start);
  parameter.second = Shared(std::move(length));
}

void WordReader::ReadReplacement(Parameter& parameter, Quoting quoting) {
  lexer_.Skip(1);
  parameter.op = ParameterOp::kReplaceFirst;
  switch (lexer_.PeekChar()) {
    case '/':
      parameter.op = ParameterOp::kReplaceAll;
      break;
    case '#':
      parameter.op = ParameterOp::kReplacePrefix;
      break;
    case '%':
      parameter.op = ParameterOp::kReplaceSuffix;
      break;
    default:
      break;
  }
  if (parameter.op != ParameterOp::kReplaceFirst) lexer_.Skip(1);
  if (lexer_.PeekChar() == '/' && parameter.op == ParameterOp::kReplaceAll) {
    // ${x////-}: the pattern itself begins with a slash.
    lexer_.Skip(1);
    Word pattern;
    if (lexer_.PeekChar() != '/') {
      pattern = WordReader(lexer_).Read(Until::kSlash, Quoting::kNone);
    }
    WordPart slash;
    slash.value = Literal{"/"};
    pattern.parts.insert(pattern.parts.begin(), std::move(slash));
    parameter.word = Shared(std::move(pattern));
  } else if (lexer_.PeekChar() == '/' && parameter.op != ParameterOp::kReplaceFirst) {
    parameter.word = std::make_shared<const Word>();
  } else {
    WordReader pattern(lexer_);
    // In "#~" and "%~" the "~" is no longer the first.
    if (parameter.op == ParameterOp::kReplacePrefix ||
        parameter.op == ParameterOp::kReplaceSuffix) {
      pattern.tilde_allowed_ = false;
    }
    parameter.word = Shared(pattern.Read(Until::kSlash, Quoting::kNone));
  }
  static_cast<void>(quoting);
  if (lexer_.PeekChar() != '/') return;
  lexer_.Skip(1);
  parameter.second = Shared(WordReader(lexer_).Read(Until::kBrace, Quoting::kNone));
}

}  // namespace computesdk::in_memory::shell
