#include "mocks/in_memory/utilities/archive/tar.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>

#include "mocks/in_memory/utilities/archive/archive_programs.h"
#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/mode.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {
namespace tar {

void Fail(Process& process, int& status, const std::string& message) {
  Complain(process, message);
  status = 2;
}

void Die(Process& process, const std::string& message) {
  if (!message.empty()) Complain(process, message);
  Complain(process, "Error is not recoverable: exiting now");
  process.Exit(2);
}

std::string_view WithoutSlashes(std::string_view name) {
  while (name.size() > 1 && name.ends_with('/')) name.remove_suffix(1);
  return name;
}

bool IsExcluded(const Style& style, const std::string& name) {
  const std::string trimmed(WithoutSlashes(name));
  const int flags = FNM_LEADING_DIR | (style.ignore_case ? FNM_CASEFOLD : 0) |
                    (style.slashes_part ? FNM_PATHNAME : 0);
  for (const std::string& pattern : style.excludes) {
    // A pattern holds from any slash on.
    for (std::size_t at = 0; at != std::string::npos;) {
      if (fnmatch(pattern.c_str(), trimmed.c_str() + at, flags) == 0) return true;
      if (style.anchored) break;
      at = trimmed.find('/', at);
      if (at != std::string::npos) ++at;
    }
  }
  return false;
}

// What matched an operand: itself, or what is below it.
bool IsNamed(const Style& style, const std::string& operand, const std::string& name) {
  const std::string_view wanted = WithoutSlashes(operand);
  const std::string_view trimmed = WithoutSlashes(name);
  if (style.wildcards) {
    return fnmatch(std::string(wanted).c_str(), std::string(trimmed).c_str(),
                   style.recursive ? FNM_LEADING_DIR : 0) == 0;
  }
  if (!style.recursive) return trimmed == wanted;
  return trimmed == wanted || (trimmed.size() > wanted.size() && trimmed.starts_with(wanted) &&
                               trimmed[wanted.size()] == '/');
}

bool Wanted(const Style& style, const std::string& name, std::vector<bool>& found) {
  // The first that does is the one.
  for (std::size_t i = 0; i < style.operands.size(); ++i) {
    if (!IsNamed(style, style.operands[i].name, name)) continue;
    found[i] = true;
    return true;
  }
  return style.operands.empty();
}

bool Confirm(Process& process, const Style& style, const char* action, const std::string& name) {
  if (!style.interactive) return true;
  const int list = style.archive == "-" || style.to_stdout ? 2 : 1;
  (void)process.Write(list, std::string(action) + " " + QuotedWord(name) + "?");
  // The rest of the line is read, too; the answer is its first letter.
  char reply = 0;
  char c = 0;
  for (bool first = true; c != '\n'; first = false) {
    const auto count = process.Read(0, &c, 1);
    if (!count || *count == 0) {
      (void)process.Write(list, "\n");
      break;
    }
    if (first) reply = c;
  }
  return reply == 'y' || reply == 'Y';
}

std::string Totals(Process& process, const char* what, std::uint64_t bytes) {
  const auto human = [](std::uint64_t count) {
    const std::string text = HumanSize(count);
    return text + (std::isdigit(static_cast<unsigned char>(text.back())) != 0 ? "B" : "iB");
  };
  const double seconds = std::chrono::duration<double>(process.Elapsed()).count();
  const std::string rate =
      seconds > 0 ? human(static_cast<std::uint64_t>(static_cast<double>(bytes) / seconds)) : "?";
  return std::string("Total bytes ") + what + ": " + std::to_string(bytes) + " (" + human(bytes) +
         ", " + rate + "/s)\n";
}

std::string Shown(const std::string& name) { return EscapedForListing(name); }

std::string Line(const Style& style, const TarMember& member, bool details) {
  const auto shown = [&](const std::string& text) {
    return style.quoting ? QuoteForListing(text, *style.quoting, false) : Shown(text);
  };
  if (!details) return shown(member.name);
  char type = '-';
  switch (member.type) {
    case '1':
      type = 'h';
      break;
    case '2':
      type = 'l';
      break;
    case '3':
      type = 'c';
      break;
    case '5':
      type = 'd';
      break;
    case '6':
      type = 'p';
      break;
  }
  const auto name = [&](const std::string& text, unsigned id) {
    return text.empty() || style.numeric ? std::to_string(id) : text;
  };
  const std::string owner = name(member.user, member.uid) + "/" + name(member.group, member.gid);
  std::string size = member.type == '3' ? "0,0" : std::to_string(member.size);
  constexpr std::size_t kWidth = 19;  // Of owner and size.
  if (owner.size() + 1 + size.size() < kWidth) {
    size.insert(0, kWidth - owner.size() - 1 - size.size(), ' ');
  }
  std::string line = type + PermissionString(member.mode) + " " + owner + " " + size + " " +
                     FormatTime(style.full_time ? "%Y-%m-%d %H:%M:%S" : "%Y-%m-%d %H:%M",
                                member.modified, style.zone) +
                     " " + shown(member.name);
  if (member.type == '2') line += " -> " + shown(member.link);
  if (member.type == '1') line += " link to " + shown(member.link);
  return line;
}

}  // namespace tar

int TarMain(Process& process) {
  const tar::Style style = tar::ParseStyle(process);
  int status = 0;
  switch (style.mode) {
    case 'x':
    case 't':
      status = tar::Extract(process, style);
      break;
    case 'd':
      status = tar::Compare(process, style);
      break;
    case 'A':
      status = tar::Concatenate(process, style);
      break;
    case 'D':
      status = tar::Delete(process, style);
      break;
    default:
      status = tar::Create(process, style);
  }
  constexpr int kFailed = 2;
  if (status == kFailed) Complain(process, "Exiting with failure status due to previous errors");
  return status;
}

}  // namespace computesdk::in_memory
