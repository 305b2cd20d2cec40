#include "mocks/in_memory/utilities/inspect/file_languages.h"

#include <optional>
#include <string>
#include <vector>

#include "mocks/in_memory/text/regex.h"
#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory {
namespace {

constexpr Language kScript = {"JavaScript source", "application/javascript"};
constexpr Language kC = {"C source", "text/x-c"};
constexpr Language kCpp = {"C++ source", "text/x-c++"};
constexpr Language kPython = {"Python script", "text/x-script.python", true};
constexpr Language kRuby = {"Ruby script", "text/x-ruby"};
constexpr Language kHtml = {"HTML document", "text/html"};
constexpr Language kMail = {"news or mail", "message/rfc822"};
constexpr Language kBatch = {"DOS batch file", "text/x-msdos-batch"};

// All the patterns of a rule have to match, each behind the one before.
struct Rule {
  Language language;
  std::vector<std::string_view> patterns;
  bool ignore_case = false;
};

const std::vector<Rule>& Rules() {
  static const auto* const kRules = new std::vector<Rule>{
      {kScript, {"^export (async|class|const|default|function|let|var) "}},
      {kScript, {"^(const|let|var).*=.*require\\("}},
      {kScript, {"^(export|import).* from "}},
      {kScript, {"module(\\.|\\[[\"'])exports.*="}},
      {kRuby,
       {"^\\s*(class|module)\\s[A-Z]", "(modul|includ)e [A-Z]|def [a-z]",
        "^\\s*end(\\s+[;#].*)?$"}},
      {kScript, {"^(export|import) [\"']\\./"}},
      {kScript, {"\\((async )?function[( ]"}},
      {kScript, {"[\"']use strict[\"']"}},
      {kCpp, {"^using\\s+(namespace )?std(::)?[[:alpha:]]*\\s*;"}},
      {kCpp, {"^namespace\\s+[_[:alpha:]]{1,30}\\s*\\{"}},
      {kCpp, {"^\\s*protected:"}},
      {kCpp, {"^\\s*template\\s*<.*>\\s*$"}},
      {kScript, {"^require\\([\"']"}},
      {kScript, {"typeof.*[!=]=="}},
      {kCpp, {"^\\s*virtual\\s+.*[};]\\s*$"}},
      {kCpp, {"^\\s*private:"}},
      {kRuby, {"^\\s*require\\s'[A-Za-z_/.]+'", "def [a-z]| do$", "^\\s*end(\\s+[;#].*)?$"}},
      {kCpp, {"^\\s*public:"}},
      {kRuby, {"^\\s*(class|module)\\s[A-Z]", "^\\s*end(\\s+[;#if].*)?$"}},
      {kPython, {"def __init__", "self"}},
      {kPython, {"if __name__", "[\"']__main__[\"']"}},
      {kPython, {"^class [_[:alpha:]]+(\\(.*\\))? *:([ \t]+pass)?$"}},
      {kPython, {"^\\s*except.*:$"}},
      {kPython, {"try:", "finally:"}},
      {kPython, {"^\\s*def +[_a-zA-Z]+", "\\([[:alpha:]*_, ]*\\):$"}},
      {kHtml, {"<(script|style|table|title)[ >]|<a href="}, true},
      {{"makefile script", "text/x-makefile"}, {"^(CFLAGS|VPATH|LDFLAGS|all:|\\.PRECIOUS)"}},
      {kPython, {"^from[ \t]+[A-Za-z0-9_.]+[ \t]+import"}},
      {kHtml, {"<(head|html)[ >]"}, true},
      {kRuby, {"^\\s*def [a-z]|def [[:alpha:]]+::[a-z]", "^\\s*end(\\s+[;#].*)?$"}},
      {kC, {"^#include"}},
      {kC, {"^#\\s*ifn?def", "^#\\s*endif$"}},
      {kC, {"^\\s*float( \\*|\\*)..*;\\s*$"}},
      {kC, {"^union\\s+"}},
      {{"Java source", "text/x-java"}, {"main\\(", "String"}},
      {kC, {"main\\(", "\\)\\s*\\{"}},
      {{"M4 macro processor script", "text/x-m4"}, {"^dnl "}},
      {kC, {"^\\s*char( \\*|\\*)..*;\\s*$"}},
      {{"PHP script", "text/x-php"}, {"<\\?(php|=)"}},
      {{"awk or perl script", "text/plain"}, {"^\\s*BEGIN\\s*[{]"}},
      {kRuby, {"^\\s*require\\s'[A-Za-z_/.]+'"}},
      {kC, {"^#\\s*pragma"}},
      {kC, {"^#\\s*ifn?def", "^#\\s*define"}},
      {kC, {"^\\s*double( \\*|\\*)..*;\\s*$"}},
      {kC, {"^\\s*extern\\s+"}},
      {kC, {"^struct\\s+"}},
      {{"Java source", "text/x-java"}, {"^import.*;$"}},
      {kPython, {"^import [_[:alpha:]]+ as [[:alpha:]]\\s*$"}},
  };
  return *kRules;
}

bool Holds(const Rule& rule, std::string_view text) {
  std::size_t from = 0;
  for (const std::string_view pattern : rule.patterns) {
    const auto regex = Regex::Compile(
        pattern, {.extended = true, .ignore_case = rule.ignore_case, .newline = true});
    std::vector<Regex::Group> groups;
    if (!regex || !regex->Match(text, &groups, false, from)) return false;
    from = static_cast<std::size_t>(groups[0].second);
  }
  return true;
}

// What the first bytes tell.
std::optional<Language> LanguageOfStart(std::string_view content) {
  if (content.starts_with("From:") || content.starts_with("Date:")) return kMail;
  if (content.starts_with("\"\"\"")) return Language{"Python script", "text/plain", true};
  if (content.starts_with("@")) {
    std::string_view rest = content.substr(1);
    while (rest.starts_with(" ")) rest.remove_prefix(1);
    const std::string word = AsciiLower(rest.substr(0, 8));
    if (word == "echo off" || word.starts_with("rem") || word.starts_with("set ")) return kBatch;
  }
  return std::nullopt;
}

}  // namespace

Language LanguageOf(std::string_view content) {
  constexpr std::size_t kLooked = 8192;
  const std::string_view text = content.substr(0, kLooked);
  if (const auto language = LanguageOfStart(text)) return *language;
  for (const Rule& rule : Rules()) {
    if (Holds(rule, text)) return rule.language;
  }
  return {};
}

}  // namespace computesdk::in_memory
