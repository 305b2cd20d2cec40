#include "mocks/in_memory/shell/expansion/glob.h"

#include <algorithm>

#include "mocks/in_memory/kernel/stack_guard.h"
#include "mocks/in_memory/shell/expansion/pattern.h"

namespace computesdk::in_memory::shell {
namespace {

// Where the part of a group that begins at `at` ends: at a "|", or at the ")"; npos without one.
std::size_t PartEnd(std::string_view pattern, std::size_t at) {
  int depth = 0;
  for (; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
    } else if (c == '(') {
      ++depth;
    } else if ((c == ')' && depth-- == 0) || (c == '|' && depth == 0)) {
      return at;
    }
  }
  return std::string_view::npos;
}

// Whether what the pattern says does not reach names that begin with a dot: that has to be there
// as it is, maybe in an alternative, or behind one that may be empty.
bool SkipsDots(std::string_view pattern) {
  const bool group = pattern.size() > 1 && pattern[1] == '(' &&
                     std::string_view("?*+@!").find(pattern[0]) != std::string_view::npos;
  if (!group) return !pattern.starts_with('.') && !pattern.starts_with("\\.");
  std::size_t at = 2;
  while (true) {
    const std::size_t end = PartEnd(pattern, at);
    if (end == std::string_view::npos) return false;
    if (!SkipsDots(pattern.substr(at, end - at))) return false;
    at = end + 1;
    if (pattern[end] == ')') break;
  }
  const bool optional = pattern[0] == '?' || pattern[0] == '*';
  return !optional || at >= pattern.size() || SkipsDots(pattern.substr(at));
}

class Globber {
 public:
  Globber(Process& process, const GlobOptions& options) : process_(process), options_(options) {}

  std::vector<std::string> Run(std::string_view pattern) {
    std::string prefix;
    std::size_t at = 0;
    while (at < pattern.size() && pattern[at] == '/') prefix += pattern[at++];
    Split(pattern.substr(at));
    Walk(prefix, 0);
    std::sort(found_.begin(), found_.end());
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  struct Part {
    std::string pattern;
    std::string slashes;  // That follow it.
  };

  void Split(std::string_view pattern) {
    Part part;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (pattern[i] == '/') {
        while (i < pattern.size() && pattern[i] == '/') part.slashes += pattern[i++];
        --i;
        parts_.push_back(std::move(part));
        part = {};
      } else {
        if (pattern[i] == '\\' && i + 1 < pattern.size()) {
          if (pattern[i + 1] == '/') continue;
          part.pattern += pattern[i++];
        }
        part.pattern += pattern[i];
      }
    }
    if (!part.pattern.empty()) parts_.push_back(std::move(part));
    // Behind a pattern several slashes are one.
    bool found = false;
    for (Part& one : parts_) {
      found = found || HasPatternCharacters(one.pattern, options_.extglob);
      if (found && !one.slashes.empty()) one.slashes = "/";
    }
    if (!options_.globstar) return;
    // "**/**" is "**".
    const auto repeated = [](const Part& one, const Part& next) {
      return one.pattern == "**" && next.pattern == "**";
    };
    for (auto at = std::adjacent_find(parts_.begin(), parts_.end(), repeated); at != parts_.end();
         at = std::adjacent_find(parts_.begin(), parts_.end(), repeated)) {
      parts_.erase(at);
    }
  }

  std::string Absolute(const std::string& path) const {
    return process_.AbsolutePath(path.empty() ? "." : path);
  }

  bool IsDirectory(const std::string& path) const {
    const auto status = process_.files().Stat(Absolute(path));
    return status.has_value() && status->type == FileType::kDirectory;
  }

  void Walk(const std::string& prefix, std::size_t index) {
    process_.Checkpoint();
    if (StackIsLow()) return;
    if (index == parts_.size()) {
      if (!prefix.empty() && process_.files().Stat(Absolute(prefix), Follow::kNo).has_value()) {
        found_.push_back(prefix);
      }
      return;
    }
    const Part& part = parts_[index];
    if (!HasPatternCharacters(part.pattern, options_.extglob)) {
      const std::string path = prefix + RemoveEscapes(part.pattern);
      if (part.slashes.empty() || IsDirectory(path)) Walk(path + part.slashes, index + 1);
      return;
    }
    if (options_.globstar && part.pattern == "**") return WalkAll(prefix, index);
    const auto entries = process_.files().List(Absolute(prefix));
    if (!entries) return;
    const Pattern pattern(part.pattern, options_.extglob, options_.ignore_case);
    const bool dots = part.pattern[0] == '.' || part.pattern.compare(0, 2, "\\.") == 0;
    for (const char* name : {".", ".."}) {
      if (options_.skip_dots || !dots || !pattern.Matches(name)) continue;
      if (part.slashes.empty()) {
        found_.push_back(prefix + name);
      } else {
        Walk(prefix + name + part.slashes, index + 1);
      }
    }
    const bool skips = options_.extglob ? SkipsDots(part.pattern) : !dots;
    for (const DirectoryEntry& entry : *entries) {
      if (entry.name[0] == '.' && skips && !options_.dotglob) continue;
      if (!pattern.Matches(entry.name)) continue;
      const std::string path = prefix + entry.name;
      if (part.slashes.empty()) {
        found_.push_back(path);
      } else if (IsDirectory(path)) {
        Walk(path + part.slashes, index + 1);
      }
    }
  }

  // "**": this folder and all below it, links not followed.
  void WalkAll(const std::string& prefix, std::size_t index) {
    process_.Checkpoint();
    if (StackIsLow()) return;
    const bool last = index + 1 == parts_.size();
    if (!last) Walk(prefix, index + 1);
    if (last && !prefix.empty()) found_.push_back(WholeFolder(prefix, index));
    const auto entries = process_.files().List(Absolute(prefix));
    if (!entries) return;
    for (const DirectoryEntry& entry : *entries) {
      if (entry.name[0] == '.' && !options_.dotglob) continue;
      const std::string path = prefix + entry.name;
      const bool directory = entry.type == FileType::kDirectory;
      const std::string& slashes = parts_[index].slashes;
      if (last && (!directory || !slashes.empty())) {
        if (slashes.empty()) found_.push_back(path);
        // A link to a folder is one, but nothing below it is looked at.
        if (!slashes.empty() && !directory && IsDirectory(path)) found_.push_back(path + slashes);
      } else if (last) {
        found_.push_back(path);
      }
      if (directory) WalkBelow(path, index, last);
    }
  }

  // Of "a/**" it is "a/", but one that was found itself stands there by its name.
  std::string WholeFolder(const std::string& prefix, std::size_t index) const {
    const bool found =
        parts_[index].slashes.empty() &&
        std::any_of(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(index),
                    [this](const Part& part) {
                      return HasPatternCharacters(part.pattern, options_.extglob);
                    });
    return found ? prefix.substr(0, prefix.find_last_not_of('/') + 1) : prefix;
  }

  void WalkBelow(const std::string& path, std::size_t index, bool last) {
    WalkAll(path + "/", index);
    if (last && parts_[index].slashes.empty()) {
      // The folder is listed by its name alone.
      std::erase(found_, path + "/");
    }
  }

  Process& process_;
  const GlobOptions& options_;
  std::vector<Part> parts_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> Glob(Process& process, std::string_view pattern,
                              const GlobOptions& options) {
  return Globber(process, options).Run(pattern);
}

}  // namespace computesdk::in_memory::shell
