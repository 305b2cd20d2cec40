#include "mocks/in_memory/shell/expander.h"

#include <algorithm>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expansion/brace.h"
#include "mocks/in_memory/shell/expansion/glob.h"
#include "mocks/in_memory/shell/expansion/pattern.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

// Tells whether the end of a text that grows is inside name[…
class SubscriptFinder {
 public:
  bool InSubscript(std::string_view text) {
    for (; at_ < text.size(); ++at_) {
      if (text[at_] == '\\') {
        ++at_;
      } else if (text[at_] == '[') {
        open_.push_back(at_);
      } else if (text[at_] == ']' && !open_.empty()) {
        open_.pop_back();
      }
    }
    return !open_.empty() && open_.back() > 0 && IsNameChar(text[open_.back() - 1]);
  }

 private:
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
};

}  // namespace

Expander::Expander(Interpreter& shell, Mode mode) : shell_(shell), mode_(mode) {
  if (mode == Mode::kFields) {
    const Variable* ifs = shell.state.variables.Find("IFS");
    separators_ = ifs == nullptr || !ifs->IsSet() ? " \t\n" : *ifs->Scalar();
  }
}

void Expander::CheckSize() const {
  if (field_bytes_ + text_.size() > shell_.MostBytes()) {
    shell_.FailExpansion("cannot allocate memory: the value is too long");
  }
}

void Expander::Expand(const Word& word) {
  if (mode_ != Mode::kFields) return ExpandParts(word, false);
  if (word.plain) {
    fields_.push_back(std::get<Literal>(word.parts[0].value).text);
  } else if (word.braces && shell_.state.options.brace_expand) {
    ExpandBraced(word);
  } else {
    ExpandParts(word, false);
    FinishWord();
  }
}

void Expander::ExpandBraced(const Word& word) {
  const auto words = ExpandBraces(word);
  if (!words) shell_.FailExpansion("brace expansion: cannot allocate memory");
  for (const Word& one : *words) {
    shell_.process.Checkpoint();
    ExpandParts(one, false);
    FinishWord();
  }
}

void Expander::ExpandParts(const Word& word, bool split_literals) {
  if (StackIsLow()) shell_.FailNesting();
  for (const WordPart& part : word.parts) ExpandPart(part, split_literals);
}

void Expander::ExpandPart(const WordPart& part, bool split_literals) {
  const bool absent = part.beside_list && !present_;
  const std::size_t ended = fields_.size();
  if (const auto* literal = std::get_if<Literal>(&part.value)) {
    Append(literal->text, part.quoted, split_literals);
  } else if (const auto* p = std::get_if<std::shared_ptr<const Parameter>>(&part.value)) {
    ExpandParameter(**p, part.quoted);
  } else if (const auto* command = std::get_if<CommandSubstitution>(&part.value)) {
    Append(shell_.RunSubstitution(*command), part.quoted, true);
  } else if (const auto* arithmetic = std::get_if<ArithmeticExpansion>(&part.value)) {
    Append(std::to_string(shell_.EvaluateWord(*arithmetic->expression)), part.quoted, true);
  } else if (const auto* process = std::get_if<ProcessSubstitution>(&part.value)) {
    Append(shell_.OpenProcessSubstitution(*process), true, false);
  } else if (const auto* tilde = std::get_if<Tilde>(&part.value)) {
    ExpandTilde(*tilde);
  }
  if (absent && text_.empty() && fields_.size() == ended) present_ = false;
  CheckSize();
}

// A subscript is read once more when the expression is evaluated: what an expansion put there is
// quoted.
void Expander::ExpandArithmetic(const Word& word) {
  in_arithmetic_ = true;
  SubscriptFinder finder;
  for (const WordPart& part : word.parts) {
    const std::size_t begin = text_.size();
    const bool quotes = !std::holds_alternative<Literal>(part.value) &&
                        !shell_.state.shopt.assoc_expand_once && finder.InSubscript(text_);
    ExpandPart(part, false);
    if (!quotes || text_.find_first_of("[]$`~\\'\"", begin) == std::string::npos) continue;
    std::string quoted;
    for (const char c : text_.substr(begin)) {
      if (std::string_view("[]$`~\\'\"").find(c) != std::string_view::npos) quoted += '\\';
      quoted += c;
    }
    text_.replace(begin, std::string::npos, quoted);
  }
}

// ~2, ~+2 and ~-2: an entry of the stack that `dirs` shows.
std::optional<std::string> Expander::StackedFolder(const std::string& name) const {
  const bool sign = name[0] == '+' || name[0] == '-';
  const auto number = ParsePlainNumber(std::string_view(name).substr(sign ? 1 : 0));
  const auto& stack = shell_.state.directories;
  if (!number || *number < 0 || *number > static_cast<std::int64_t>(stack.size())) {
    return std::nullopt;
  }
  const auto count = static_cast<std::size_t>(*number);
  const std::size_t place = name[0] == '-' ? stack.size() - count : count;
  return place == 0 ? shell_.GetString("PWD") : stack[place - 1];
}

void Expander::ExpandTilde(const Tilde& tilde) {
  std::string path;
  const bool plain = shell_.state.plain_sh;
  if (tilde.name.empty()) {
    const Variable* home = shell_.state.variables.Find("HOME");
    if (plain && home == nullptr) return Append("~", true, false);
    path = home != nullptr && home->IsSet() ? *home->Scalar() : "/root";
  } else if (!plain && (tilde.name == "+" || tilde.name == "-")) {
    const Variable* folder = shell_.state.variables.Find(tilde.name == "+" ? "PWD" : "OLDPWD");
    path = folder != nullptr && folder->IsSet() ? *folder->Scalar() : "~" + tilde.name;
  } else if (const auto folder = plain ? std::nullopt : StackedFolder(tilde.name)) {
    path = *folder;
  } else {
    path = tilde.name == "root" ? "/root" : "~" + tilde.name;
  }
  const bool nothing = plain && path.empty();  // An empty HOME leaves no word.
  Append(path, !nothing, false);
}

void Expander::AppendPatternText(std::string_view text, bool quoted) {
  if (quoted && shell_.state.options.trace) {
    // `set -x` shows what was quoted by a backslash before every character.
    for (const char c : text) {
      if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) text_ += '\\';
      text_ += c;
    }
  } else if (quoted) {
    AppendEscaped(text, text_);
  } else {
    text_ += text;
  }
}

void Expander::Append(std::string_view text, bool quoted, bool split) {
  switch (mode_) {
    case Mode::kString:
      text_ += text;
      return;
    case Mode::kPattern:
      return AppendPatternText(text, quoted);
    case Mode::kRegex:
      for (const char c : text) {
        if (quoted && c != '\0' &&
            std::string_view("\\.[]{}()*+?^$|").find(c) != std::string_view::npos) {
          text_ += '\\';
        }
        text_ += c;
      }
      return;
    case Mode::kReplacement:
      for (const char c : text) {
        if (quoted && (c == '&' || c == '\\')) text_ += '\\';
        text_ += c;
      }
      return;
    case Mode::kFields:
      break;
  }
  if (!quoted && split) return AppendSplit(text);
  if (quoted) {
    present_ = true;
    text_ += text;
    if (has_pattern_) AppendEscaped(text, pattern_);
  } else {
    if (!text.empty()) present_ = true;
    if (!has_pattern_ && text.find_first_of("*?[(\\") != std::string_view::npos) {
      has_pattern_ = true;
      pattern_.clear();
      AppendEscaped(text_, pattern_);
    }
    if (has_pattern_) pattern_ += text;
    text_ += text;
  }
  if (!text.empty() || quoted) ended_by_blank_ = false;
}

// Where the next character of IFS stands, and how long it is.
std::size_t Expander::FindSeparator(std::string_view text, std::size_t at,
                                    std::size_t& size) const {
  while (true) {
    at = text.find_first_of(separators_, at);
    size = 1;
    if (at == std::string_view::npos) return text.size();
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte < 0x80) return at;
    std::size_t end = at;
    NextCharacter(text, end);
    size = end - at;
    const bool begins = (byte & 0xC0) != 0x80;
    if (begins && separators_.find(text.substr(at, size)) != std::string::npos) return at;
    at = end;
  }
}

void Expander::AppendSplit(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t separator = 1;
    const std::size_t end = FindSeparator(text, at, separator);
    if (end > at) {
      Append(text.substr(at, end - at), false, false);
      ended_by_blank_ = false;
    }
    if (end == text.size()) return;
    shell_.process.Checkpoint();
    if (IsBlank(text[end])) {
      if (present_) {
        EndField();
        ended_by_blank_ = true;
      }
    } else if (ended_by_blank_) {
      ended_by_blank_ = false;
    } else {
      EndField();
    }
    at = end + separator;
  }
}

void Expander::AppendList(const std::vector<std::string>& items, char kind, bool quoted) {
  if (mode_ != Mode::kFields || (quoted && kind == '*') || kind == '+') {
    // In sh "$@" is joined as "$*" is.
    const bool by_blanks = kind == '@' && !shell_.state.plain_sh;
    std::string separator = by_blanks ? " " : shell_.Separator();
    if (kind == '+' && separator.empty()) separator = " ";
    std::string joined;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i != 0) joined += separator;
      joined += items[i];
    }
    return Append(joined, quoted, false);
  }
  // Where a blank separates, an empty item is none; any other separator keeps it.
  const bool keeps_empty =
      !separators_.empty() && !IsBlank(separators_[0]) && !shell_.state.plain_sh;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0 && (quoted || present_ || keeps_empty)) EndField();
    ended_by_blank_ = false;
    Append(items[i], quoted, true);
  }
}

namespace {

// Behind the set that begins at `at`, or behind its bracket where no set is closed.
std::size_t SkipSet(std::string_view text, std::size_t at) {
  std::size_t i = at + 1;
  if (i < text.size() && (text[i] == '!' || text[i] == '^')) ++i;
  if (i < text.size() && text[i] == ']') ++i;
  for (; i < text.size(); ++i) {
    if (text[i] == ']') return i + 1;
    if (text[i] == '[' && i + 1 < text.size() && text[i + 1] == ':') {
      const std::size_t end = text.find(":]", i + 2);
      if (end != std::string_view::npos) i = end + 1;
    }
  }
  return at + 1;
}

// Where the first of some patterns ends: at a ":" that stands in no set and no group.
std::size_t FirstPatternEnd(std::string_view patterns) {
  int depth = 0;
  for (std::size_t at = 0; at < patterns.size();) {
    const char c = patterns[at];
    if (c == ':' && depth <= 0) return at;
    if (c == '(') ++depth;
    if (c == ')') --depth;
    at = c == '[' ? SkipSet(patterns, at) : at + (c == '\\' ? 2 : 1);
  }
  return patterns.size();
}

// A "/" only matches itself, and a star at the end all that is left.
bool MatchesPath(std::string_view pattern, std::string_view path, bool extglob) {
  while (true) {
    const std::size_t pattern_end = std::min(pattern.find('/'), pattern.size());
    const std::size_t path_end = std::min(path.find('/'), path.size());
    const Pattern part(pattern.substr(0, pattern_end), extglob, false);
    if (!part.Matches(path.substr(0, path_end))) return false;
    if (pattern_end == pattern.size()) return path_end == path.size() || pattern.ends_with('*');
    if (path_end == path.size()) return false;
    pattern.remove_prefix(pattern_end + 1);
    path.remove_prefix(path_end + 1);
  }
}

// Does one of the patterns of GLOBIGNORE match?
bool IsIgnored(const std::string& path, std::string_view patterns, bool extglob) {
  while (!patterns.empty()) {
    const std::size_t end = FirstPatternEnd(patterns);
    if (MatchesPath(patterns.substr(0, end), path, extglob)) return true;
    patterns.remove_prefix(std::min(end + 1, patterns.size()));
  }
  return false;
}

}  // namespace

std::vector<std::string> Expander::FindPaths(const std::string& pattern) {
  const ShellOptions& shopt = shell_.state.shopt;
  const std::string ignored = shell_.GetString("GLOBIGNORE");
  GlobOptions options{shopt.extglob, shopt.dotglob, shopt.globstar, shopt.nocaseglob};
  options.skip_dots = shopt.globskipdots || !ignored.empty();
  std::vector<std::string> paths =
      Glob(shell_.process, shell_.state.plain_sh ? EscapeCarets(pattern) : pattern, options);
  if (!ignored.empty()) {
    std::erase_if(paths,
                  [&](const std::string& path) { return IsIgnored(path, ignored, shopt.extglob); });
  }
  return paths;
}

void Expander::FindPatterns() {
  const ShellOptions& shopt = shell_.state.shopt;
  std::vector<std::string> found;
  std::size_t next = 0;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    if (next == patterns_.size() || patterns_[next].first != i) {
      found.push_back(std::move(fields_[i]));
      continue;
    }
    std::vector<std::string> paths = FindPaths(patterns_[next++].second);
    if (paths.empty() && shopt.failglob) shell_.FailExpansion("no match: " + fields_[i]);
    if (paths.empty() && !shopt.nullglob) paths.push_back(std::move(fields_[i]));
    for (std::string& path : paths) found.push_back(std::move(path));
  }
  patterns_.clear();
  fields_ = std::move(found);
}

void Expander::EndField() {
  ended_by_blank_ = false;
  if (has_pattern_ && !shell_.state.options.no_glob &&
      HasPatternCharacters(pattern_, shell_.state.shopt.extglob)) {
    patterns_.emplace_back(fields_.size(), std::move(pattern_));
  }
  field_bytes_ += sizeof(std::string) + text_.size();
  CheckSize();
  fields_.push_back(std::move(text_));
  text_.clear();
  has_pattern_ = present_ = false;
}

void Expander::FinishWord() {
  if (present_) EndField();
  ended_by_blank_ = false;
}

}  // namespace computesdk::in_memory::shell
