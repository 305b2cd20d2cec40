#include "mocks/in_memory/utilities/archive/tar_transform.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

namespace computesdk::in_memory::tar {
namespace {

class TransformParser {
 public:
  explicit TransformParser(std::string_view text) : text_(text) {}

  bool Parse(std::vector<Transform>& transforms) {
    while (at_ < text_.size()) {
      if (text_.substr(at_).starts_with("flags=")) {
        at_ += std::string_view("flags=").size();
        if (!Scope(names_, symlinks_, hard_links_)) return false;
      } else if (!One(transforms)) {
        return false;
      }
      if (at_ < text_.size() && text_[at_++] != ';') return false;
    }
    return true;
  }

 private:
  bool One(std::vector<Transform>& transforms) {
    if (text_[at_++] != 's' || at_ == text_.size()) return false;
    const char delimiter = text_[at_++];
    const auto pattern = Part(delimiter);
    const auto replacement = Part(delimiter);
    if (!pattern || !replacement) return false;
    RegexOptions options;
    std::size_t number = 1;
    bool global = false;
    bool names = names_, symlinks = symlinks_, hard_links = hard_links_;
    for (; at_ < text_.size() && text_[at_] != ';'; ++at_) {
      const char flag = text_[at_];
      if (flag == 'g') {
        global = true;
      } else if (flag == 'i') {
        options.ignore_case = true;
      } else if (flag == 'x') {
        options.extended = true;
      } else if (flag >= '1' && flag <= '9') {
        number = static_cast<std::size_t>(flag - '0');
        for (; at_ + 1 < text_.size() && std::isdigit(text_[at_ + 1]) != 0; ++at_) {
          number = std::min<std::size_t>(number * 10 + (text_[at_ + 1] - '0'), 1 << 20);
        }
      } else if (!ScopeLetter(flag, names, symlinks, hard_links)) {
        return false;
      }
    }
    auto regex = Regex::Compile(*pattern, options);
    if (!regex) return false;
    transforms.push_back(
        {std::move(*regex), Pieces(*replacement), number, global, names, symlinks, hard_links});
    return true;
  }

  // Up to the delimiter, which a backslash makes an ordinary character.
  std::optional<std::string> Part(char delimiter) {
    std::string part;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == delimiter) {
        ++at_;
        return part;
      }
      if (c == '\\' && at_ + 1 < text_.size()) {
        if (text_[++at_] != delimiter) part += '\\';
        part += text_[at_];
      } else {
        part += c;
      }
    }
    return std::nullopt;
  }

  static std::vector<Transform::Piece> Pieces(const std::string& text) {
    std::vector<Transform::Piece> pieces;
    const auto add = [&](char c) {
      if (pieces.empty() || pieces.back().group >= 0 || pieces.back().letter_case != 0) {
        pieces.emplace_back();
      }
      pieces.back().text += c;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '&') {
        pieces.push_back({"", 0, 0});
      } else if (text[i] != '\\' || i + 1 == text.size()) {
        add(text[i]);
      } else if (const char c = text[++i]; std::isdigit(static_cast<unsigned char>(c)) != 0) {
        pieces.push_back({"", c - '0', 0});
      } else if (std::string_view("ULEul").find(c) != std::string_view::npos) {
        pieces.push_back({"", -1, c});
      } else {
        add(c == 'n' ? '\n' : c == 't' ? '\t' : c);
      }
    }
    return pieces;
  }

  // A small letter turns a scope on, a capital one off.
  static bool ScopeLetter(char flag, bool& names, bool& symlinks, bool& hard_links) {
    bool* const scope = std::tolower(flag) == 'r'   ? &names
                        : std::tolower(flag) == 's' ? &symlinks
                        : std::tolower(flag) == 'h' ? &hard_links
                                                    : nullptr;
    if (scope == nullptr) return false;
    *scope = std::islower(static_cast<unsigned char>(flag)) != 0;
    return true;
  }
  bool Scope(bool& names, bool& symlinks, bool& hard_links) {
    names = symlinks = hard_links = false;
    for (; at_ < text_.size() && text_[at_] != ';'; ++at_) {
      if (!ScopeLetter(text_[at_], names, symlinks, hard_links)) return false;
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool names_ = true, symlinks_ = true, hard_links_ = true;
};

// The replacement, its letters in the case that it asks for.
std::string Replacement(const Transform& transform, const std::string& subject,
                        const std::vector<Regex::Group>& groups) {
  std::string result;
  char lasting = 'E';
  char once = 0;
  for (const Transform::Piece& piece : transform.pieces) {
    if (piece.letter_case != 0) {
      const bool for_one = std::islower(static_cast<unsigned char>(piece.letter_case)) != 0;
      (for_one ? once : lasting) = piece.letter_case;
      continue;
    }
    std::string text = piece.text;
    if (piece.group >= 0) {
      const auto group = static_cast<std::size_t>(piece.group);
      if (group >= groups.size() || groups[group].first < 0) continue;
      const auto [begin, end] = groups[group];
      text = subject.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
    }
    for (const char c : text) {
      const char wanted = once != 0 ? once : lasting;
      once = 0;
      const auto byte = static_cast<unsigned char>(c);
      result += static_cast<char>(wanted == 'E'                    ? byte
                                  : wanted == 'U' || wanted == 'u' ? std::toupper(byte)
                                                                   : std::tolower(byte));
    }
  }
  return result;
}

std::string Applied(const Transform& transform, const std::string& name) {
  std::string result;
  std::vector<Regex::Group> groups;
  std::size_t copied = 0;
  std::size_t start = 0;
  std::size_t count = 0;
  while (start <= name.size() && transform.regex.Match(name, &groups, false, start)) {
    const auto begin = static_cast<std::size_t>(groups[0].first);
    const auto end = static_cast<std::size_t>(groups[0].second);
    if (++count >= transform.number) {
      result.append(name, copied, begin - copied);
      result += Replacement(transform, name, groups);
      copied = end;
      if (!transform.global) break;
    }
    start = end > begin ? end : end + 1;
  }
  return result.append(name, copied, std::string::npos);
}

}  // namespace

bool ParseTransforms(std::string_view text, std::vector<Transform>& transforms) {
  return !text.empty() && TransformParser(text).Parse(transforms);
}

std::string Transformed(const std::vector<Transform>& transforms, std::string name, NameKind kind) {
  // The slash behind a folder is not its name's.
  const bool folder = kind == NameKind::kMember && name.size() > 1 && name.ends_with('/');
  if (folder && !transforms.empty()) name.pop_back();
  for (const Transform& transform : transforms) {
    const bool holds = kind == NameKind::kMember    ? transform.names
                       : kind == NameKind::kSymlink ? transform.symlinks
                                                    : transform.hard_links;
    if (holds) name = Applied(transform, name);
  }
  if (folder && !transforms.empty() && !name.ends_with('/')) name += '/';
  return name;
}

}  // namespace computesdk::in_memory::tar
