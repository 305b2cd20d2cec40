#include "mocks/in_memory/utilities/patch/names.h"

#include <algorithm>
#include <tuple>

#include "mocks/in_memory/utilities/ascii.h"

namespace computesdk::in_memory::patch {
namespace {

std::string_view WithoutLeadingBlanks(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  return text;
}

// A name in double quotes, with its escapes undone; nullopt where no quote closes it.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  std::string name;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return name;
    }
    if (text[i] != '\\') {
      name += text[i];
      continue;
    }
    if (++i >= text.size()) break;
    const std::size_t named = std::string_view("abfnrtv").find(text[i]);
    if (named != std::string_view::npos) {
      name += "\a\b\f\n\r\t\v"[named];
      continue;
    }
    unsigned code = 0;
    std::size_t digits = 0;
    while (digits < 3 && i + digits < text.size() && text[i + digits] >= '0' &&
           text[i + digits] <= '7') {
      code = code * 8 + static_cast<unsigned>(text[i + digits++] - '0');
    }
    name += digits > 0 ? static_cast<char>(code) : text[i];
    i += digits > 0 ? digits - 1 : 0;
  }
  return std::nullopt;
}

// Parts of a path before its last.
std::size_t FolderCount(std::string_view name) {
  std::size_t count = 0;
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i] == '/' && name[i - 1] != '/') ++count;
  }
  return count;
}

}  // namespace

NameField TakeFileName(std::string_view text, bool stamped) {
  text = WithoutLeadingBlanks(text);
  NameField field;
  std::size_t end = 0;
  if (text.starts_with('"')) {
    std::string_view rest = text;
    field.name = TakeQuoted(rest);
    end = text.size() - rest.size();
    if (!field.name) return field;
  } else {
    for (; end < text.size(); ++end) {
      if (!IsSpace(text[end])) continue;
      std::size_t last = end;
      while (text[last] != '\t' && last + 1 < text.size() && IsSpace(text[last + 1])) ++last;
      const bool goes_on =
          text[last] != '\t' && text.find(stamped ? '\t' : '\n', last + 1) != std::string::npos;
      if (!goes_on) break;
    }
    if (end == 0) return field;
    field.name = std::string(text.substr(0, end));
  }
  std::string_view rest = text.substr(end);
  while (!rest.empty() && (rest.back() == '\n' || rest.back() == '\r')) rest.remove_suffix(1);
  field.rest = rest;
  return field;
}

std::optional<std::array<std::string, 2>> GitNames(std::string_view text) {
  std::array<std::string, 2> names;
  for (std::string& name : names) {
    text = WithoutLeadingBlanks(text);
    if (text.starts_with('"')) {
      auto quoted = TakeQuoted(text);
      if (!quoted) return std::nullopt;
      name = std::move(*quoted);
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n"), text.size());
      name = text.substr(0, end);
      text.remove_prefix(end);
    }
    if (name.empty()) return std::nullopt;
  }
  if (!WithoutLeadingBlanks(text).empty()) return std::nullopt;
  return names;
}

bool StripSlashes(std::string& name, int count) {
  int left = count;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '/') continue;
    while (i + 1 < name.size() && name[i + 1] == '/') ++i;
    if (count < 0 || --left >= 0) begin = i + 1;
  }
  if ((count >= 0 && left > 0) || begin == name.size()) return false;
  name.erase(0, begin);
  return true;
}

std::optional<std::size_t> BestName(const std::array<std::optional<std::string>, 3>& names) {
  std::optional<std::size_t> best;
  const auto rank = [&](std::size_t i) {
    const std::string& name = *names[i];
    const std::size_t last = name.size() - (name.find_last_of('/') + 1);
    return std::tuple(FolderCount(name), last, name.size());
  };
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] && (!best || rank(i) < rank(*best))) best = i;
  }
  return best;
}

bool IsSafeName(std::string_view name) {
  if (name.starts_with('/')) return false;
  while (!name.empty()) {
    const std::size_t slash = std::min(name.find('/'), name.size());
    if (name.substr(0, slash) == "..") return false;
    name.remove_prefix(std::min(slash + 1, name.size()));
  }
  return true;
}

}  // namespace computesdk::in_memory::patch
