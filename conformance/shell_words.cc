#include "conformance/shell_words.h"

#include <optional>

namespace computesdk::conformance {
namespace {

class Splitter {
 public:
  explicit Splitter(std::string_view line) : rest_(line) {}

  Result<std::vector<std::string>> Split() {
    while (!rest_.empty()) {
      const char c = Next();
      if (c == ' ' || c == '\t' || c == '\n') {
        EndWord();
      } else if (c == '\'') {
        if (!SingleQuoted()) return Unbalanced("single quote");
      } else if (c == '"') {
        if (!DoubleQuoted()) return Unbalanced("double quote");
      } else if (c == '\\') {
        if (rest_.empty()) return MakeError(ErrorCode::kInvalidArgument, "a backslash at the end");
        // A backslash before a line feed takes both away.
        if (const char escaped = Next(); escaped != '\n') Word() += escaped;
      } else {
        Word() += c;
      }
    }
    EndWord();
    return std::move(words_);
  }

 private:
  char Next() {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    return c;
  }

  // The word being read: it is there, maybe empty, from its first character or quote on.
  std::string& Word() { return word_ ? *word_ : word_.emplace(); }

  void EndWord() {
    if (word_) words_.push_back(std::move(*word_));
    word_.reset();
  }

  bool SingleQuoted() {
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos) return false;
    Word() += rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return true;
  }

  bool DoubleQuoted() {
    Word();
    while (!rest_.empty()) {
      const char c = Next();
      if (c == '"') return true;
      if (c != '\\' || rest_.empty()) {
        Word() += c;
        continue;
      }
      const char escaped = Next();
      if (escaped == '\n') continue;
      const bool special = std::string_view("$`\"\\").find(escaped) != std::string_view::npos;
      if (!special) Word() += '\\';
      Word() += escaped;
    }
    return false;
  }

  static tl::unexpected<Error> Unbalanced(const char* what) {
    return MakeError(ErrorCode::kInvalidArgument, std::string("a ") + what + " without its end");
  }

  std::string_view rest_;
  std::optional<std::string> word_;
  std::vector<std::string> words_;
};

}  // namespace

Result<std::vector<std::string>> SplitShellWords(std::string_view line) {
  return Splitter(line).Split();
}

}  // namespace computesdk::conformance
