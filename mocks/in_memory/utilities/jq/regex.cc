#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/grep/perl_regex.h"
#include "mocks/in_memory/utilities/jq/evaluate.h"

namespace computesdk::in_memory::jq {
namespace {

// A match, or a group of one, as jq shows it.
Object MatchObject(const std::string& text, const PerlRegex::Span& span) {
  Object part;
  const bool there = span.first != std::string::npos;
  const std::string piece = there ? text.substr(span.first, span.second - span.first) : "";
  part["offset"] = Value(
      there ? static_cast<double>(Utf8Length(std::string_view(text).substr(0, span.first))) : -1.0);
  // In this order jq shows them, whichever it is.
  if (!there) part["string"] = Value();
  part["length"] = Value(static_cast<double>(Utf8Length(piece)));
  if (there) part["string"] = Value(piece);
  return part;
}

}  // namespace

// Perl's syntax is what jq's own library, Oniguruma, is asked for.
Value MatchAll(Process& process, const Value& in, const std::vector<Value>& args) {
  for (const Value& text : {in, args[0]}) {
    if (!text.Is(Kind::kString)) {
      Raise(Describe(text) + " cannot be matched, as it is not a string");
    }
  }
  const std::string flags = args[1].Is(Kind::kString) ? args[1].text() : "";
  if (flags.find_first_not_of("gixnspl") != std::string::npos) {
    Raise(flags + " is not a valid modifier string");
  }
  const auto has = [&](char flag) { return flags.find(flag) != std::string::npos; };
  const auto regex = PerlRegex::Compile(
      args[0].text(),
      {.ignore_case = has('i'), .multiline = false, .extended = has('x'), .unicode = true});
  if (!regex) {
    Raise(args[0].text() + " (at offset 0) is not a valid regex: " + regex.error());
  }
  const std::string& text = in.text();
  const std::vector<std::string> names = regex->GroupNames();
  Array matches;
  std::vector<PerlRegex::Span> groups;
  for (std::size_t at = 0; at <= text.size();) {
    process.Checkpoint();
    const auto found = regex->Match(text, at, groups);
    if (!found) Raise(found.error());
    if (!*found) break;
    const auto [begin, end] = groups[0];
    if (begin != end || !has('n')) {
      Object match = MatchObject(text, groups[0]);
      Array captures;
      for (std::size_t i = 0; i < names.size(); ++i) {
        Object capture = MatchObject(text, groups[i + 1]);
        capture["name"] = names[i].empty() ? Value() : Value(names[i]);
        captures.emplace_back(std::move(capture));
      }
      match["captures"] = Value(std::move(captures));
      matches.emplace_back(std::move(match));
    }
    if (!has('g')) break;
    at = end > begin ? end : end + DecodeUtf8(std::string_view(text).substr(end)).length;
    // Behind the last character jq looks no more.
    if (at >= text.size()) break;
  }
  return Value(std::move(matches));
}

}  // namespace computesdk::in_memory::jq
