#include "mocks/in_memory/text/regex.h"

#include <locale.h>
#include <regex.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/text/regex_limits.h"
#include "mocks/in_memory/text/utf8.h"

// Clang has no macros of GCC's names for them.
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

namespace computesdk::in_memory {
namespace {

// Made once and never freed: threads may be inside them until the very end.
locale_t AsciiLocale() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return locale;
}

locale_t Utf8Locale() {
  static const locale_t locale = [] {
    locale_t made = newlocale(LC_ALL_MASK, "C.UTF-8", nullptr);
    return made != nullptr ? made : AsciiLocale();
  }();
  return locale;
}

thread_local RegexWatch* current_watch = nullptr;

// From here on the C library's search, which takes the square of the length where nothing matches,
// is cut into pieces.
constexpr std::size_t kLongText = 8'192;

class LocaleScope {
 public:
  explicit LocaleScope(locale_t locale) : before_(uselocale(locale)) {}
  ~LocaleScope() { uselocale(before_); }
  LocaleScope(const LocaleScope&) = delete;
  LocaleScope& operator=(const LocaleScope&) = delete;

 private:
  locale_t before_;
};

// A pattern compiled for one locale: the C library fixes the width of a character then.
class Compiled {
 public:
  Compiled() = default;
  ~Compiled() {
    if (valid_) regfree(&regex_);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  // Empty on success.
  std::string Compile(const std::string& pattern, int flags, locale_t locale) {
    LocaleScope scope(locale);
    const int code = regcomp(&regex_, pattern.c_str(), flags);
    if (code == 0) {
      valid_ = true;
      return "";
    }
    std::string text(regerror(code, &regex_, nullptr, 0), '\0');
    regerror(code, &regex_, text.data(), text.size());
    text.pop_back();
    return text.empty() ? "Invalid regular expression" : text;
  }

  const regex_t& get() const { return regex_; }

  // Where the first match at `start` or later begins; npos without one.
  std::size_t FindStart(std::string_view text, std::size_t start, bool characters) {
    std::size_t window = 16;
    while (start <= text.size()) {
      std::size_t next = std::min(start + window, text.size() + 1);
      // A search may not begin inside a character.
      while (characters && next < text.size() && (text[next] & 0xc0) == 0x80) ++next;
      const auto begin = std::chrono::steady_clock::now();
      const regoff_t found =
          re_search(&regex_, text.data(), static_cast<regoff_t>(text.size()),
                    static_cast<regoff_t>(start), static_cast<regoff_t>(next - 1 - start), nullptr);
      if (found >= 0) return static_cast<std::size_t>(found);
      const auto took = std::chrono::steady_clock::now() - begin;
      if (took < std::chrono::milliseconds(1)) {
        window *= 2;
      } else if (took > std::chrono::milliseconds(10)) {
        window = std::max<std::size_t>(window / 2, 1);
      }
      if (current_watch != nullptr) current_watch->Tick();
      start = next;
    }
    return std::string_view::npos;
  }

 private:
  regex_t regex_ = {};
  bool valid_ = false;
};

}  // namespace

RegexWatch::RegexWatch() : before_(std::exchange(current_watch, this)) {}

RegexWatch::~RegexWatch() { current_watch = before_; }

struct Regex::Impl {
  std::string pattern;
  int back_references = 0;
  int flags = 0;
  bool bytes_only = false;  // Each byte of a subject is a character.
  bool as_bytes = true;     // Bytes will do for a subject of ASCII.
  Compiled bytes;
  std::once_flag characters_once;
  Compiled characters;

  Compiled& Characters() {
    std::call_once(characters_once, [this] { characters.Compile(pattern, flags, Utf8Locale()); });
    return characters;
  }
};

tl::expected<Regex, std::string> Regex::Compile(std::string_view pattern, RegexOptions options) {
  if (!RegexWithinLimits(pattern, options.extended)) {
    return tl::unexpected<std::string>("Regular expression too big");
  }
  auto impl = std::make_shared<Impl>();
  impl->pattern = std::string(pattern);
  impl->flags = (options.extended ? REG_EXTENDED : 0) | (options.ignore_case ? REG_ICASE : 0) |
                (options.newline ? REG_NEWLINE : 0);
  impl->bytes_only = BytesAreCharacters();
  impl->as_bytes = impl->bytes_only || IsAscii(pattern);
  impl->back_references = BackReferenceDepth(pattern, options.extended);
  std::string error;
  if (impl->as_bytes) {
    error = impl->bytes.Compile(impl->pattern, impl->flags, AsciiLocale());
  } else {
    std::call_once(impl->characters_once, [&] {
      error = impl->characters.Compile(impl->pattern, impl->flags, Utf8Locale());
    });
  }
  // The C library has one text for both parentheses.
  if (error.starts_with("Unmatched ( or") && ClosesTooOften(pattern, options.extended)) {
    error = "Unmatched ) or \\)";
  }
  if (!error.empty()) return tl::unexpected(std::move(error));
  return Regex(std::move(impl));
}

bool Regex::Match(std::string_view subject, std::vector<Group>* groups, bool not_bol,
                  std::size_t start) const {
  const bool bytes = impl_->bytes_only || (impl_->as_bytes && IsAscii(subject));
  Compiled& compiled = bytes ? impl_->bytes : impl_->Characters();
  const regex_t& regex = compiled.get();
  if (BackReferencesTooHard(impl_->back_references, subject)) {
    if (current_watch != nullptr) current_watch->TooHard();
    return false;
  }
  std::vector<regmatch_t> matches(groups != nullptr ? regex.re_nsub + 1 : 1);
  matches[0].rm_so = static_cast<regoff_t>(start);
  matches[0].rm_eo = static_cast<regoff_t>(subject.size());
  const int flags = REG_STARTEND | (not_bol ? REG_NOTBOL : 0);
  LocaleScope scope(bytes ? AsciiLocale() : Utf8Locale());
  if (subject.size() - start > kLongText && !not_bol) {
    start = compiled.FindStart(subject, start, !bytes);
    if (start == std::string_view::npos) return false;
    matches[0].rm_so = static_cast<regoff_t>(start);
  }
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  // Their regexec(3) looks for a NUL, which REG_STARTEND does without.
  const std::string copy(subject);
  subject = copy;
#endif
  const char* text = subject.data() != nullptr ? subject.data() : "";
  if (regexec(&regex, text, matches.size(), matches.data(), flags) != 0) return false;
  if (groups != nullptr) {
    groups->clear();
    for (const regmatch_t& match : matches) {
      // With a reference to a group that repeats, glibc may give a beginning without an end.
      const bool took_part = match.rm_so >= 0 && match.rm_eo >= match.rm_so;
      groups->push_back(took_part ? Group(match.rm_so, match.rm_eo) : Group(-1, -1));
    }
  }
  return true;
}

std::size_t Regex::group_count() const {
  return impl_->as_bytes ? impl_->bytes.get().re_nsub : impl_->Characters().get().re_nsub;
}

}  // namespace computesdk::in_memory
