#include <utility>

#include "mocks/in_memory/text/utf8.h"
#include "mocks/in_memory/utilities/sed/machine.h"

namespace computesdk::in_memory::sed {

void Machine::Substitute(Command& command) {
  const Substitution& substitution = command.substitution;
  std::string result;
  std::size_t copied = 0;
  std::size_t start = 0;
  std::size_t count = 0;
  std::size_t last_end = std::string::npos;
  bool replaced = false;
  while (start <= space_.size() && FindPattern(substitution.pattern, space_, groups_, start)) {
    process_.Checkpoint();
    const auto begin = static_cast<std::size_t>(groups_[0].first);
    const auto end = static_cast<std::size_t>(groups_[0].second);
    // Nothing right behind a match is no match of its own.
    if (begin != end || begin != last_end) {
      last_end = end;
      if (++count >= substitution.number) {
        result.append(space_, copied, begin - copied);
        result += Replacement(substitution.parts, groups_);
        RequireMemory(process_, result.size());
        copied = end;
        replaced = true;
        if (!substitution.global) break;
      }
    }
    if (begin == end && end >= space_.size()) break;
    start = begin == end ? end + DecodeUtf8(std::string_view(space_).substr(end)).length : end;
  }
  if (!replaced) return;
  result.append(space_, copied, std::string::npos);
  space_ = std::move(result);
  replaced_ = true;
  if (substitution.evaluate) {
    space_ = OutputOf(space_);
    if (space_.ends_with(options_.end)) space_.pop_back();
  }
  if (substitution.print) Put(*current_, space_, ended_);
  if (!command.write_to.empty()) Put(SinkFor(command.write_to), space_, ended_);
}

std::string Machine::Replacement(const std::vector<Part>& parts,
                                 const std::vector<Regex::Group>& groups) {
  std::string result;
  Part::Kind lasting = Part::Kind::kEndCase;
  Part::Kind once = Part::Kind::kEndCase;
  const auto append = [&](std::string_view text) {
    if (text.empty()) return;
    if (lasting == Part::Kind::kEndCase && once == Part::Kind::kEndCase) {
      result.append(text);
      return;
    }
    for (std::size_t i = 0; i < text.size();) {
      const Utf8Character found = DecodeUtf8(text.substr(i));
      const bool upper = once == Part::Kind::kUpperNext ||
                         (once == Part::Kind::kEndCase && lasting == Part::Kind::kUpper);
      const bool lower = once == Part::Kind::kLowerNext ||
                         (once == Part::Kind::kEndCase && lasting == Part::Kind::kLower);
      once = Part::Kind::kEndCase;
      if (found.valid && (upper || lower)) {
        AppendUtf8(result, upper ? ToUpper(found.code) : ToLower(found.code));
      } else {
        result.append(text.substr(i, found.length));
      }
      i += found.length;
    }
  };
  for (const Part& part : parts) {
    switch (part.kind) {
      case Part::Kind::kText:
        append(part.text);
        break;
      case Part::Kind::kGroup:
        if (part.group < groups.size() && groups[part.group].first >= 0) {
          const auto [begin, end] = groups[part.group];
          append(std::string_view(space_).substr(static_cast<std::size_t>(begin),
                                                 static_cast<std::size_t>(end - begin)));
        }
        break;
      case Part::Kind::kUpperNext:
      case Part::Kind::kLowerNext:
        once = part.kind;
        break;
      default:
        lasting = part.kind;
        once = Part::Kind::kEndCase;
    }
  }
  return result;
}

}  // namespace computesdk::in_memory::sed
