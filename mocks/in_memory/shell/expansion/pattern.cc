#include "mocks/in_memory/shell/expansion/pattern.h"

#include <algorithm>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expansion/pattern_parser.h"
#include "mocks/in_memory/shell/syntax/utf8.h"

namespace computesdk::in_memory::shell {

// The characters of a subject; bytes serve as they are where all are ASCII.
struct Pattern::Text {
  explicit Text(std::string_view t) : bytes(t), ascii(IsAscii(t)) {
    if (!ascii) characters = DecodeAll(t, offsets);
  }
  std::size_t size() const { return ascii ? bytes.size() : characters.size(); }
  char32_t operator[](std::size_t i) const {
    return ascii ? static_cast<char32_t>(static_cast<unsigned char>(bytes[i])) : characters[i];
  }
  std::size_t Offset(std::size_t i) const { return ascii ? i : offsets[i]; }

  std::string_view bytes;
  bool ascii;
  std::u32string characters;
  std::vector<std::size_t> offsets;
};

Pattern::Pattern(std::string_view pattern, bool extglob, bool ignore_case)
    : ignore_case_(ignore_case) {
  PatternParser parser(pattern, extglob);
  elements_ = parser.Parse();
  groups_ = parser.has_groups();
  measured_wrongly_ = parser.excludes_bracket();
  literal_ = !ignore_case && std::all_of(elements_.begin(), elements_.end(), [](const Element& e) {
    return e.kind == Element::Kind::kLiteral;
  });
  if (literal_) {
    for (const Element& element : elements_) AppendCharacter(element.character, literal_text_);
  }
}

bool Pattern::MatchesOne(const Element& element, char32_t c) const {
  switch (element.kind) {
    case Element::Kind::kLiteral:
      return element.character == c || (ignore_case_ && ToLower(element.character) == ToLower(c));
    case Element::Kind::kAny:
      return true;
    case Element::Kind::kSet: {
      // Unlike a range, [[:upper:]] asks for the character as it is, whatever the case may be.
      bool in = InRanges(element, c) || InClasses(element, c);
      if (ignore_case_ && !in) in = InRanges(element, ToLower(c)) || InRanges(element, ToUpper(c));
      return in != element.negated;
    }
    default:
      return false;
  }
}

bool Pattern::InRanges(const Element& element, char32_t c) {
  return std::any_of(element.ranges.begin(), element.ranges.end(),
                     [c](const auto& range) { return range.first <= c && c <= range.second; });
}

bool Pattern::InClasses(const Element& element, char32_t c) {
  return std::any_of(element.classes.begin(), element.classes.end(),
                     [c](const std::string& name) { return InCharacterClass(name, c); });
}

template <typename OnMatch>
void Pattern::Run(const Text& text, std::size_t from, bool backwards, OnMatch on_match) const {
  const std::size_t count = elements_.size();
  const auto element = [&](std::size_t i) -> const Element& {
    return elements_[backwards ? count - 1 - i : i];
  };
  std::vector<char> state(count + 1, 0);
  std::vector<char> next(count + 1, 0);
  const auto enter = [&](std::vector<char>& states, std::size_t i) {
    while (true) {
      states[i] = 1;
      if (i >= count || element(i).kind != Element::Kind::kStar) return;
      ++i;  // A star may match nothing.
    }
  };
  enter(state, 0);
  std::size_t at = from;
  while (true) {
    if (state[count] != 0 && !on_match(at)) return;
    if (backwards ? at == 0 : at == text.size()) return;
    const char32_t c = text[backwards ? at - 1 : at];
    std::fill(next.begin(), next.end(), 0);
    bool alive = false;
    for (std::size_t i = 0; i < count; ++i) {
      if (state[i] == 0) continue;
      if (element(i).kind == Element::Kind::kStar) {
        enter(next, i);
        alive = true;
      } else if (MatchesOne(element(i), c)) {
        enter(next, i + 1);
        alive = true;
      }
    }
    if (!alive) return;
    state.swap(next);
    at += backwards ? -1 : 1;
  }
}

std::vector<char> Pattern::GroupEnds(const Element& group, const Text& text,
                                     std::size_t from) const {
  std::vector<char> ends(text.size() + 1, 0);
  for (const Elements& alternative : group.alternatives) {
    const std::vector<char> more = Ends(alternative, text, from);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (more[i] != 0) ends[i] = 1;
    }
  }
  if (group.group == '!') {
    for (std::size_t i = 0; i < ends.size(); ++i) {
      ends[i] = i >= from && ends[i] == 0 ? 1 : 0;
    }
  }
  return ends;
}

std::vector<char> Pattern::Ends(const Elements& elements, const Text& text,
                                std::size_t from) const {
  std::vector<char> now(text.size() + 1, 0);
  now[from] = 1;
  for (const Element& element : elements) {
    std::vector<char> next(text.size() + 1, 0);
    if (element.kind == Element::Kind::kStar) {
      const auto first = std::find(now.begin(), now.end(), 1);
      std::fill(next.begin() + (first - now.begin()), next.end(), 1);
    } else if (element.kind == Element::Kind::kGroup && !StackIsLow()) {
      const bool repeats = element.group == '*' || element.group == '+';
      if (element.group == '*' || element.group == '?') next = now;
      std::vector<char> done(text.size() + 1, 0);
      for (std::size_t i = 0; i < now.size(); ++i) {
        if (now[i] == 0 || done[i] != 0) continue;
        done[i] = 1;
        const std::vector<char> ends = GroupEnds(element, text, i);
        for (std::size_t j = i; j < ends.size(); ++j) {
          if (ends[j] == 0) continue;
          next[j] = 1;
          if (repeats) now[j] = 1;
        }
      }
    } else {
      for (std::size_t i = 0; i < text.size(); ++i) {
        if (now[i] != 0 && MatchesOne(element, text[i])) next[i + 1] = 1;
      }
    }
    now.swap(next);
    if (std::find(now.begin(), now.end(), 1) == now.end()) break;
  }
  return now;
}

bool Pattern::NeverReplaces() const {
  return measured_wrongly_ && !groups_ &&
         std::none_of(elements_.begin(), elements_.end(),
                      [](const Element& element) { return element.kind == Element::Kind::kStar; });
}

bool Pattern::Matches(std::string_view bytes) const {
  if (literal_) return bytes == literal_text_;
  const Text text(bytes);
  if (groups_) return Ends(elements_, text, 0)[text.size()] != 0;
  bool matched = false;
  Run(text, 0, false, [&](std::size_t at) {
    matched = at == text.size();
    return true;
  });
  return matched;
}

std::size_t Pattern::MatchPrefix(std::string_view bytes, bool longest) const {
  if (literal_)
    return bytes.substr(0, literal_text_.size()) == literal_text_ ? literal_text_.size() : npos;
  const Text text(bytes);
  std::size_t found = npos;
  if (groups_) {
    const std::vector<char> ends = Ends(elements_, text, 0);
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i] == 0) continue;
      found = text.Offset(i);
      if (!longest) break;
    }
    return found;
  }
  Run(text, 0, false, [&](std::size_t at) {
    found = text.Offset(at);
    return longest;
  });
  if (found == npos || !text.ascii) return found;
  return found;
}

std::size_t Pattern::MatchSuffix(std::string_view bytes, bool longest) const {
  if (literal_) {
    const bool ends = bytes.size() >= literal_text_.size() &&
                      bytes.substr(bytes.size() - literal_text_.size()) == literal_text_;
    return ends ? bytes.size() - literal_text_.size() : npos;
  }
  const Text text(bytes);
  std::size_t found = npos;
  if (groups_) {
    for (std::size_t i = 0; i <= text.size(); ++i) {
      const std::size_t from = longest ? i : text.size() - i;
      if (Ends(elements_, text, from)[text.size()] != 0) return text.Offset(from);
    }
    return npos;
  }
  Run(text, text.size(), true, [&](std::size_t at) {
    found = text.Offset(at);
    return longest;
  });
  return found;
}

std::size_t Pattern::LongestFrom(const Text& text, std::size_t from) const {
  std::size_t found = npos;
  if (groups_) {
    const std::vector<char> ends = Ends(elements_, text, from);
    for (std::size_t i = ends.size(); i-- > from;) {
      if (ends[i] != 0) return i;
    }
    return npos;
  }
  const Element& first = elements_.front();
  if (first.kind != Element::Kind::kStar && from < text.size() && !MatchesOne(first, text[from])) {
    return npos;
  }
  Run(text, from, false, [&](std::size_t at) {
    found = at;
    return true;
  });
  return found;
}

std::vector<std::pair<std::size_t, std::size_t>> Pattern::FindAll(std::string_view bytes,
                                                                  bool all) const {
  std::vector<std::pair<std::size_t, std::size_t>> matches;
  if (elements_.empty()) return matches;
  if (literal_) {
    std::size_t at = bytes.find(literal_text_);
    while (at != std::string_view::npos) {
      matches.emplace_back(at, at + literal_text_.size());
      if (!all) break;
      at = bytes.find(literal_text_, at + literal_text_.size());
    }
    return matches;
  }
  const Text text(bytes);
  for (std::size_t from = 0; from < text.size() || (from == 0 && text.size() == 0);) {
    const std::size_t end = LongestFrom(text, from);
    if (end != npos) {
      matches.emplace_back(text.Offset(from), text.size() == 0 ? 0 : text.Offset(end));
      if (!all || text.size() == 0) break;
    }
    from = end == npos || end == from ? from + 1 : end;
  }
  return matches;
}

}  // namespace computesdk::in_memory::shell
