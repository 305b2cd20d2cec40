#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "mocks/in_memory/utilities/ascii.h"
#include "mocks/in_memory/utilities/digest/digests.h"

namespace computesdk::in_memory {
namespace {

std::string Unescaped(std::string_view name) {
  std::string result;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] == '\\' && i + 1 < name.size()) {
      ++i;
      result.push_back(name[i] == 'n' ? '\n' : name[i] == 'r' ? '\r' : name[i]);
    } else {
      result.push_back(name[i]);
    }
  }
  return result;
}

std::string Plural(std::size_t count, const char* one, const char* many) {
  return "WARNING: " + std::to_string(count) + " " + (count == 1 ? one : many);
}

// In small letters; nullopt for what is no hexadecimal number.
std::optional<std::string> Hexadecimal(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), [](char c) { return HexValue(c) >= 0; })) {
    return std::nullopt;
  }
  return AsciiLower(text);
}

}  // namespace

// "MD5 (name) = digest", as BSD's programs print it.
std::optional<DigestChecker::Expected> DigestChecker::ParseTagged(std::string_view line) const {
  const auto open = line.find('(');
  const auto close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return std::nullopt;
  }
  std::string_view tag = line.substr(0, open);
  if (tag.ends_with(' ')) tag.remove_suffix(1);
  Expected expected;
  const auto dash = tag.find('-');
  expected.kind.algorithm = FindDigest(tag.substr(0, dash), true);
  if (expected.kind.algorithm == nullptr) return std::nullopt;
  expected.kind.bytes = DigestBytes(*expected.kind.algorithm);
  if (dash != std::string_view::npos) {
    const auto bits = ParseInteger(tag.substr(dash + 1)).value_or(0);
    const bool right = bits > 0 && bits % 8 == 0 && bits <= 512;
    if (expected.kind.algorithm->method != nullptr || !right) return std::nullopt;
    expected.kind.bytes = static_cast<std::size_t>(bits) / 8;
  }
  if (style_.kind && style_.kind->algorithm != expected.kind.algorithm) return std::nullopt;
  expected.name = line.substr(open + 1, close - open - 1);
  std::string_view rest = line.substr(close + 1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (!rest.starts_with('=')) return std::nullopt;
  rest.remove_prefix(1);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  expected.digest = rest;
  return expected;
}

// "digest  name", or with one space or an asterisk.
std::optional<DigestChecker::Expected> DigestChecker::ParsePlain(std::string_view line) const {
  if (!style_.kind) return std::nullopt;
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  const auto digits = line.find(' ');
  if (digits == std::string_view::npos || line.size() < digits + 2) return std::nullopt;
  Expected expected;
  expected.kind = *style_.kind;
  if (expected.kind.algorithm->method == nullptr && digits % 2 == 0 && digits > 0) {
    expected.kind.bytes = std::min(digits / 2, DigestBytes(*expected.kind.algorithm));
  }
  const bool marked = line[digits + 1] == ' ' || line[digits + 1] == '*';
  if (marked && line.size() < digits + 3) return std::nullopt;
  expected.digest = line.substr(0, digits);
  expected.name = line.substr(digits + (marked ? 2 : 1));
  return expected;
}

std::optional<DigestChecker::Expected> DigestChecker::ParseLine(std::string_view line) const {
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::optional<Expected> expected = ParseTagged(line);
  if (!expected) expected = ParsePlain(line);
  if (!expected || expected->digest.size() != expected->kind.bytes * 2) return std::nullopt;
  auto digest = Hexadecimal(expected->digest);
  if (!digest) return std::nullopt;
  expected->digest = std::move(*digest);
  if (escaped) expected->name = Unescaped(expected->name);
  return expected;
}

bool DigestChecker::CheckList(int fd, const std::string& list) {
  const std::string shown = ShownName(list == "-" ? "standard input" : list);
  Input in(process_, fd);
  std::size_t number = 0;
  while (const auto line = in.ReadLine()) {
    ++number;
    if (line->empty() || line->starts_with('#')) continue;
    if (const auto expected = ParseLine(*line)) {
      ++well_formed_;
      CheckFile(*expected);
      continue;
    }
    ++malformed_;
    if (style_.warn) {
      const std::string tag = style_.kind ? std::string(style_.kind->algorithm->tag) + " " : "";
      Say(shown + ": " + std::to_string(number) + ": improperly formatted " + tag +
          "checksum line");
    }
  }
  out_.Flush();
  if (well_formed_ == 0) {
    Say(shown + ": no properly formatted checksum lines found");
    return false;
  }
  if (!style_.status_only) Summarize();
  if (style_.ignore_missing && matched_ == 0) {
    Say(shown + ": no file was verified");
    return false;
  }
  return mismatched_ == 0 && unread_ == 0 && (!style_.strict || malformed_ == 0);
}

void DigestChecker::Say(const std::string& message) {
  out_.Flush();
  Complain(process_, message);
}

void DigestChecker::Summarize() {
  if (malformed_ > 0) {
    Say(Plural(malformed_, "line is improperly formatted", "lines are improperly formatted"));
  }
  if (unread_ > 0) {
    Say(Plural(unread_, "listed file could not be read", "listed files could not be read"));
  }
  if (mismatched_ > 0) {
    Say(Plural(mismatched_, "computed checksum did NOT match", "computed checksums did NOT match"));
  }
}

void DigestChecker::Report(const std::string& name, const char* result, bool good) {
  if (style_.status_only || (good && style_.quiet)) return;
  const std::string escaped = EscapedDigestName(name);
  if (escaped != name) out_.Put('\\');
  out_ << escaped << ": " << result << "\n";
}

void DigestChecker::CheckFile(const Expected& expected) {
  const auto fd = expected.name == "-" ? IoResult<int>(0) : process_.Open(expected.name, O_RDONLY);
  if (!fd && style_.ignore_missing && fd.error() == std::errc::no_such_file_or_directory) return;
  IoResult<std::string> actual = IoError(std::errc::io_error);
  if (fd) {
    actual = DigestOf(process_, *fd, expected.kind);
    if (*fd != 0) (void)process_.Close(*fd);
  } else {
    actual = IoError(fd.error());
  }
  if (!actual) {
    ++unread_;
    out_.Flush();
    ComplainOf(process_, expected.name, actual.error());
    Report(expected.name, "FAILED open or read", false);
    return;
  }
  const bool good = *actual == expected.digest;
  ++(good ? matched_ : mismatched_);
  Report(expected.name, good ? "OK" : "FAILED", good);
}

}  // namespace computesdk::in_memory
