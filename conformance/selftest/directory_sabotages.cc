#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/shell_files.h"
#include "conformance/selftest/spoil.h"

// Defects in mkdir, remove and exists.
namespace computesdk::conformance {
namespace {

using Change = std::function<Status(Provider&, const std::string& id, const std::string& path)>;
using Question =
    std::function<Result<bool>(Provider&, const std::string& id, const std::string& path)>;

ProviderFactory SpoilMkdir(Change mkdir) { return Spoil({.mkdir = std::move(mkdir)}); }
ProviderFactory SpoilRemove(Change remove) { return Spoil({.remove = std::move(remove)}); }
ProviderFactory SpoilExists(Question exists) { return Spoil({.exists = std::move(exists)}); }

std::vector<Sabotage> MkdirSabotages() {
  return {
      {.name = "mkdir-makes-a-marker",
       .defect = "mkdir puts a marker into a bucket; commands see a file.",
       .classes = {"F10", "F29"},
       .reveals = {"filesystem.mkdir.existing", "filesystem.mkdir.makes",
                   "filesystem.parallel.same-parents", "filesystem.paths.beyond-ascii",
                   "filesystem.paths.blanks", "filesystem.paths.expansions",
                   "filesystem.paths.leading-dash", "filesystem.paths.long",
                   "filesystem.paths.newlines", "filesystem.paths.normalization",
                   "filesystem.paths.patterns", "filesystem.paths.quotes",
                   "filesystem.paths.separators", "filesystem.paths.special",
                   "filesystem.readdir.empty", "filesystem.remove.then-make",
                   "filesystem.write.changed-by-commands"},
       .make = SpoilMkdir(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             const std::string parent = ParentOf(path);
             const bool simple = parent.starts_with('/') && !BaseOf(path).empty() &&
                                 Test(inner, id, "-d", parent) && !Test(inner, id, "-e", path);
             return simple ? inner.WriteFile(id, path, "") : inner.Mkdir(id, path);
           })},
      {.name = "mkdir-without-parents",
       .defect = "mkdir is `mkdir PATH`, with no -p, content with what is there.",
       .classes = {"F10"},
       .reveals = {"filesystem.mkdir.parents", "filesystem.parallel.same-parents",
                   "filesystem.paths.deep", "filesystem.paths.execute-nothing"},
       .make = Spoil(MkdirByShell("[ -d {} ] || mkdir -- {}"))},
      {.name = "mkdir-of-existing-fails",
       .defect = "mkdir of a directory that is there is an error.",
       .classes = {"F10"},
       .reveals = {"filesystem.links.followed", "filesystem.mkdir.existing",
                   "filesystem.paths.dot-segments", "filesystem.paths.double-slashes",
                   "filesystem.paths.trailing-slash"},
       .make = SpoilMkdir(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             if (Test(inner, id, "-d", path)) {
               return MakeError(ErrorCode::kAlreadyExists, path + ": File exists");
             }
             return inner.Mkdir(id, path);
           })},
      {.name = "mkdir-makes-anew",
       .defect = "mkdir of a directory that is there empties it.",
       .classes = {"F10"},
       .reveals = {"filesystem.links.followed", "filesystem.mkdir.existing",
                   "filesystem.paths.dot-segments", "filesystem.paths.trailing-slash"},
       .make = SpoilMkdir([](Provider& inner, const std::string& id, const std::string& path) {
         if (Test(inner, id, "-d", path) && !path.ends_with("/.")) inner.Remove(id, path);
         return inner.Mkdir(id, path);
       })},
      {.name = "mkdir-over-file-succeeds",
       .defect = "mkdir swallows EEXIST, whatever exists.",
       .classes = {"F11"},
       .reveals = {"filesystem.mkdir.over-file"},
       .make = SpoilMkdir(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             const Status made = inner.Mkdir(id, path);
             if (!made && made.error().code == ErrorCode::kAlreadyExists) return {};
             return made;
           })},
      {.name = "mkdir-below-file-succeeds",
       .defect = "mkdir never looks at the exit code of `mkdir -p`.",
       .classes = {"F11", "E2"},
       .reveals = {"filesystem.mkdir.below-file"},
       .make = SpoilMkdir(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             const Status made = inner.Mkdir(id, path);
             if (!made && made.error().code == ErrorCode::kFailedPrecondition) return {};
             return made;
           })},
  };
}

// What was removed is remembered, and nothing is made there.
Replacements Tombstones() {
  struct State {
    std::mutex mutex;
    std::set<std::string> removed;
  };
  const auto state = std::make_shared<State>();
  return {
      .mkdir = [state](Provider& inner, const std::string& id, const std::string& path) -> Status {
        const std::lock_guard lock(state->mutex);
        if (state->removed.contains(id + path)) {
          return MakeError(ErrorCode::kNotFound, path + ": deleted");
        }
        return inner.Mkdir(id, path);
      },
      .remove =
          [state](Provider& inner, const std::string& id, const std::string& path) {
            const std::lock_guard lock(state->mutex);
            state->removed.insert(id + path);
            return inner.Remove(id, path);
          }};
}

// Removes what each link in the tree leads to, as a walk by stat(2) does.
void RemoveTargets(Provider& inner, const std::string& id, const std::string& path) {
  const auto links = Sh(inner, id, "find " + ShellQuote(path) + " -type l");
  if (!links) return;
  for (const std::string& link : Lines(links->stdout_bytes)) {
    Sh(inner, id, "target=$(readlink -f " + ShellQuote(link) + ") && rm -rf \"$target\"");
  }
}

std::vector<Sabotage> RemoveSabotages() {
  return {
      {.name = "remove-is-not-there",
       .defect = "remove answers UNIMPLEMENTED, although the file methods are claimed.",
       .classes = {"E9"},
       .reveals = {"filesystem.all-methods",
                   "filesystem.links.followed",
                   "filesystem.paths.beyond-ascii",
                   "filesystem.paths.blanks",
                   "filesystem.paths.deep",
                   "filesystem.paths.execute-nothing",
                   "filesystem.paths.expansions",
                   "filesystem.paths.leading-dash",
                   "filesystem.paths.long",
                   "filesystem.paths.newlines",
                   "filesystem.paths.normalization",
                   "filesystem.paths.patterns",
                   "filesystem.paths.quotes",
                   "filesystem.paths.relative",
                   "filesystem.paths.separators",
                   "filesystem.paths.special",
                   "filesystem.paths.trailing-slash",
                   "filesystem.readdir.fresh",
                   "filesystem.remove.files",
                   "filesystem.remove.leaves-rest",
                   "filesystem.remove.links",
                   "filesystem.remove.missing",
                   "filesystem.remove.then-make",
                   "filesystem.remove.trees",
                   "filesystem.sandboxes-share-nothing"},
       .blinds = {"filesystem.exists.fresh"},
       .make = SpoilRemove([](Provider&, const std::string&, const std::string& path) -> Status {
         return MakeError(ErrorCode::kUnimplemented, path + ": not supported");
       })},
      {.name = "remove-files-only",
       .defect = "remove is `rm -f`: a directory is an error.",
       .classes = {"F38"},
       .reveals = {"filesystem.paths.deep", "filesystem.paths.relative",
                   "filesystem.paths.trailing-slash", "filesystem.remove.leaves-rest",
                   "filesystem.remove.links", "filesystem.remove.then-make",
                   "filesystem.remove.trees"},
       .make = Spoil(RemoveByShell("rm -f -- {}"))},
      {.name = "remove-empty-directories-only",
       .defect = "remove is unlink or rmdir.",
       .classes = {"F38"},
       .reveals = {"filesystem.paths.deep", "filesystem.paths.relative",
                   "filesystem.remove.leaves-rest", "filesystem.remove.links",
                   "filesystem.remove.trees"},
       .make =
           Spoil(RemoveByShell("if [ -d {} ] && [ ! -L {} ]; then rmdir {}; else rm -f {}; fi"))},
      {.name = "remove-leaves-hidden-files",
       .defect = "remove is `rm -rf DIR/*`, and then rmdir.",
       .classes = {"F38"},
       .reveals = {"filesystem.paths.relative", "filesystem.remove.trees"},
       .make = Spoil(RemoveByShell(
           "if [ -d {} ] && [ ! -L {} ]; then rm -rf {}/* && rmdir {}; else rm -f {}; fi"))},
      {.name = "remove-of-missing-fails",
       .defect = "remove is `rm -r`, and a missing path an error without a code.",
       .classes = {"F37"},
       .reveals = {"filesystem.remove.missing"},
       .make = SpoilRemove(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             const Status removed = inner.Remove(id, path);
             if (!removed && removed.error().code == ErrorCode::kNotFound) {
               return MakeError(ErrorCode::kInternal, path + ": exit code 1");
             }
             return removed;
           })},
      {.name = "remove-keeps-read-only-files",
       .defect = "remove is `rm`, which asks about a read-only file and hears nothing.",
       .classes = {"F37", "F38"},
       .reveals = {"filesystem.remove.files"},
       .make = SpoilRemove(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             const auto mode = Sh(inner, id, "stat -c %a " + ShellQuote(path));
             if (mode && mode->stdout_bytes == "444\n") return {};
             return inner.Remove(id, path);
           })},
      {.name = "remove-follows-links",
       .defect = "remove walks the tree by stat, and removes what links lead to.",
       .classes = {"F38", "F14"},
       .reveals = {"filesystem.remove.links"},
       .make = SpoilRemove([](Provider& inner, const std::string& id, const std::string& path) {
         if (!path.empty() && path.find('\0') == std::string::npos) RemoveTargets(inner, id, path);
         return inner.Remove(id, path);
       })},
      {.name = "remove-leaves-dangling-links",
       .defect = "remove looks with exists first, and a link to nowhere is not there.",
       .classes = {"F38", "F14"},
       .reveals = {"filesystem.remove.links"},
       .make = SpoilRemove(
           [](Provider& inner, const std::string& id, const std::string& path) -> Status {
             if (Test(inner, id, "-L", path) && !Test(inner, id, "-e", path)) return {};
             return inner.Remove(id, path);
           })},
      {.name = "remove-by-prefix",
       .defect = "remove takes every key that begins with the path.",
       .classes = {"F38"},
       .reveals = {"filesystem.paths.expansions", "filesystem.paths.leading-dash",
                   "filesystem.paths.patterns", "filesystem.remove.leaves-rest"},
       .make = SpoilRemove([](Provider& inner, const std::string& id, const std::string& path) {
         const Status removed = inner.Remove(id, path);
         const bool whole = path.starts_with('/') && path.find('\0') == std::string::npos;
         if (whole && !path.ends_with('/')) Sh(inner, id, "rm -rf " + ShellQuote(path) + "*");
         return removed;
       })},
      {.name = "remove-leaves-a-tombstone",
       .defect = "No directory can be made where something was removed.",
       .classes = {"F37", "F40"},
       .reveals = {"filesystem.remove.then-make"},
       .make = SpoilWith(Tombstones)},
  };
}

// Answers of the clean provider, for ever.
Replacements RememberedAnswers() {
  struct State {
    std::mutex mutex;
    std::map<std::string, bool> answers;
  };
  const auto state = std::make_shared<State>();
  return {.exists = [state](Provider& inner, const std::string& id,
                            const std::string& path) -> Result<bool> {
    const std::lock_guard lock(state->mutex);
    const auto found = state->answers.find(id + path);
    if (found != state->answers.end() && inner.GetById(id)->has_value()) return found->second;
    const Result<bool> there = inner.Exists(id, path);
    if (there) state->answers[id + path] = *there;
    return there;
  }};
}

std::vector<Sabotage> ExistsSabotages() {
  return {
      {.name = "exists-of-files-only",
       .defect = "exists is `test -f`.",
       .classes = {"F39"},
       .reveals = {"filesystem.exists.links", "filesystem.exists.true",
                   "filesystem.paths.dot-segments", "filesystem.paths.double-slashes",
                   "filesystem.paths.relative", "filesystem.paths.trailing-slash"},
       .make = Spoil(ExistsByShell("test -f {}"))},
      {.name = "exists-of-content",
       .defect = "exists is true where readFile has something.",
       .classes = {"F39", "F4"},
       .reveals = {"filesystem.exists.true"},
       .make = SpoilExists(
           [](Provider& inner, const std::string& id, const std::string& path) -> Result<bool> {
             const Result<std::string> content = inner.ReadFile(id, path);
             if (content && content->empty()) return false;
             return inner.Exists(id, path);
           })},
      {.name = "exists-of-missing-fails",
       .defect = "exists is a stat, and the 404 is an error.",
       .classes = {"F39"},
       .reveals = {"filesystem.exists.below-file", "filesystem.exists.false",
                   "filesystem.exists.fresh", "filesystem.exists.links",
                   "filesystem.paths.beyond-ascii", "filesystem.paths.blanks",
                   "filesystem.paths.expansions", "filesystem.paths.leading-dash",
                   "filesystem.paths.long", "filesystem.paths.newlines",
                   "filesystem.paths.normalization", "filesystem.paths.patterns",
                   "filesystem.paths.quotes", "filesystem.paths.separators",
                   "filesystem.paths.special", "filesystem.sandboxes-share-nothing"},
       .make = SpoilExists(
           [](Provider& inner, const std::string& id, const std::string& path) -> Result<bool> {
             const Result<bool> there = inner.Exists(id, path);
             if (there && !*there && !Test(inner, id, "-f", ParentOf(path))) {
               return MakeError(ErrorCode::kNotFound, path + ": not found");
             }
             return there;
           })},
      {.name = "exists-below-file-fails",
       .defect = "exists knows ENOENT, and takes ENOTDIR for a failure.",
       .classes = {"F39"},
       .reveals = {"filesystem.exists.below-file", "filesystem.paths.slash-after-file"},
       .make = SpoilExists([](Provider& inner, const std::string& id,
                              const std::string& path) -> Result<bool> {
         for (std::string parent = ParentOf(path); parent.size() > 1; parent = ParentOf(parent)) {
           if (parent == ParentOf(parent)) break;
           if (Test(inner, id, "-f", parent)) {
             return MakeError(ErrorCode::kFailedPrecondition, path + ": Not a directory");
           }
         }
         return inner.Exists(id, path);
       })},
      {.name = "exists-by-prefix",
       .defect = "exists is true where a key begins with the path.",
       .classes = {"F39"},
       .reveals = {"filesystem.exists.false"},
       .make = SpoilExists(
           [](Provider& inner, const std::string& id, const std::string& path) -> Result<bool> {
             const Result<bool> there = inner.Exists(id, path);
             if (!there || *there || path.ends_with('/')) return there;
             const auto found =
                 Sh(inner, id,
                    "for f in " + ShellQuote(path) + "*; do [ -e \"$f\" ] && exit 0; done; exit 1");
             return found && found->exit_code == 0;
           })},
      {.name = "exists-cached",
       .defect = "exists remembers its answers.",
       .classes = {"F40", "F39"},
       .reveals = {"filesystem.exists.fresh"},
       .make = SpoilWith(RememberedAnswers)},
      {.name = "exists-of-odd-links-fails",
       .defect = "exists takes ELOOP for a failure.",
       .classes = {"F39", "F14"},
       .reveals = {"filesystem.exists.links"},
       .make = SpoilExists(
           [](Provider& inner, const std::string& id, const std::string& path) -> Result<bool> {
             if (Test(inner, id, "-L", path) && !Test(inner, id, "-e", path)) {
               return MakeError(ErrorCode::kInternal, path + ": ELOOP");
             }
             return inner.Exists(id, path);
           })},
      {.name = "exists-is-false-on-errors",
       .defect = "exists catches every error, and says no: in a sandbox that is gone, too.",
       .classes = {"F39", "E1"},
       .reveals = {"lifecycle.destroy.files-fail", "lifecycle.destroy.not-found",
                   "lifecycle.unknown-sandbox"},
       .make = SpoilExists([](Provider& inner, const std::string& id, const std::string& path)
                               -> Result<bool> { return inner.Exists(id, path).value_or(false); })},
  };
}

}  // namespace

std::vector<Sabotage> DirectorySabotages() {
  std::vector<Sabotage> all = MkdirSabotages();
  for (const auto part : {RemoveSabotages, ExistsSabotages}) {
    for (Sabotage& sabotage : part()) all.push_back(std::move(sabotage));
  }
  return all;
}

}  // namespace computesdk::conformance
