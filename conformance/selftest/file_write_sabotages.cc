#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/file_spoils.h"
#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in what writeFile does to the tree.
namespace computesdk::conformance {
namespace {

using Write = std::function<Status(Provider&, const std::string& id, const std::string& path,
                                   const std::string& content)>;

ProviderFactory SpoilWrite(Write write) { return Spoil({.write_file = std::move(write)}); }

std::string OldContent(Provider& inner, const std::string& id, const std::string& path) {
  return inner.ReadFile(id, path).value_or("");
}

bool IsSandbox(Provider& inner, const std::string& id) { return inner.GetById(id)->has_value(); }

// Whether no shell of a user would write there.
bool IsReadOnly(Provider& inner, const std::string& id, const std::string& path) {
  const auto mode = Sh(inner, id, "stat -c %a " + ShellQuote(path));
  return mode && (mode->stdout_bytes == "444\n" || mode->stdout_bytes == "555\n");
}

// Commands are a user who may not change what the file methods made. Only what says "one" is
// guarded, which is enough to see it.
Replacements OwnedByRoot() {
  struct State {
    std::mutex mutex;
    std::set<std::string> owned;
  };
  const auto state = std::make_shared<State>();
  return {.run_command =
              [state](Provider& inner, const std::string& id, RunCommandRequest request) {
                {
                  const std::lock_guard lock(state->mutex);
                  for (const std::string& path : state->owned) {
                    ReplaceAll(request.command, ">> " + ShellQuote(path), ">> /no/such/place");
                    ReplaceAll(request.command, "rm " + ShellQuote(path), "false");
                  }
                }
                return inner.RunCommand(id, request);
              },
          .write_file =
              [state](Provider& inner, const std::string& id, const std::string& path,
                      const std::string& content) {
                if (content == "one") {
                  const std::lock_guard lock(state->mutex);
                  state->owned.insert(path);
                }
                return inner.WriteFile(id, path, content);
              }};
}

// What is written waits until the next call of a file method.
Replacements WrittenLater() {
  struct State {
    std::mutex mutex;
    std::map<std::string, std::function<void()>> pending;
    void Flush(const std::string& id) {
      std::function<void()> write;
      {
        const std::lock_guard lock(mutex);
        std::swap(write, pending[id]);
      }
      if (write) write();
    }
  };
  const auto state = std::make_shared<State>();
  return {.read_file =
              [state](Provider& inner, const std::string& id, const std::string& path) {
                state->Flush(id);
                return inner.ReadFile(id, path);
              },
          .write_file = [state](Provider& inner, const std::string& id, const std::string& path,
                                const std::string& content) -> Status {
            state->Flush(id);
            const Status first = inner.WriteFile(id, path, OldContent(inner, id, path));
            if (!first) return first;
            const std::lock_guard lock(state->mutex);
            state->pending[id] = [&inner, id, path, content] {
              static_cast<void>(inner.WriteFile(id, path, content));
            };
            return {};
          }};
}

std::vector<Sabotage> OverwriteSabotages() {
  return {
      {.name = "write-appends",
       .defect = "writeFile appends to what is there: `>>`.",
       .classes = {"F5"},
       .reveals = {"filesystem.links.followed", "filesystem.links.write",
                   "filesystem.links.write-onto", "filesystem.parallel.readers",
                   "filesystem.parallel.same-path", "filesystem.paths.dot-dot-inside",
                   "filesystem.paths.dot-segments", "filesystem.paths.double-slashes",
                   "filesystem.write.forbidden", "filesystem.write.overwrites",
                   "filesystem.write.seen-by-commands"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         return inner.WriteFile(id, path, OldContent(inner, id, path) + content);
       })},
      {.name = "write-without-truncation",
       .defect = "writeFile opens the file without O_TRUNC: the tail of a longer one stays.",
       .classes = {"F5"},
       .reveals = {"filesystem.links.followed", "filesystem.links.write-onto",
                   "filesystem.parallel.readers", "filesystem.parallel.same-path",
                   "filesystem.write.overwrites"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         std::string all = OldContent(inner, id, path);
         all.replace(0, std::min(all.size(), content.size()), content);
         return inner.WriteFile(id, path, all);
       })},
      {.name = "write-skips-equal-sizes",
       .defect = "writeFile takes a file of the same size for the same file.",
       .classes = {"F5", "F40"},
       .reveals = {"filesystem.paths.dot-dot-inside", "filesystem.paths.dot-segments",
                   "filesystem.paths.double-slashes", "filesystem.write.forbidden",
                   "filesystem.write.overwrites", "filesystem.write.seen-by-commands"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) -> Status {
         const Result<std::string> old = inner.ReadFile(id, path);
         if (old && old->size() == content.size()) return {};
         return inner.WriteFile(id, path, content);
       })},
      {.name = "write-later",
       .defect = "writeFile answers before commands see what it wrote.",
       .classes = {"F40"},
       .reveals = {"filesystem.content.beyond-ascii",
                   "filesystem.content.binary",
                   "filesystem.content.extensions",
                   "filesystem.content.here-documents",
                   "filesystem.content.line-ends",
                   "filesystem.content.look-alikes",
                   "filesystem.content.shell-text",
                   "filesystem.content.trailing-newlines",
                   "filesystem.links.followed",
                   "filesystem.links.write",
                   "filesystem.paths.beyond-ascii",
                   "filesystem.paths.blanks",
                   "filesystem.paths.deep",
                   "filesystem.paths.dot-dot-inside",
                   "filesystem.paths.dot-segments",
                   "filesystem.paths.double-slashes",
                   "filesystem.paths.execute-nothing",
                   "filesystem.paths.expansions",
                   "filesystem.paths.leading-dash",
                   "filesystem.paths.long",
                   "filesystem.paths.newlines",
                   "filesystem.paths.normalization",
                   "filesystem.paths.patterns",
                   "filesystem.paths.quotes",
                   "filesystem.paths.separators",
                   "filesystem.paths.special",
                   "filesystem.write.forbidden",
                   "filesystem.write.no-silent-loss",
                   "filesystem.write.overwrites",
                   "filesystem.write.parents",
                   "filesystem.write.scripts",
                   "filesystem.write.seen-by-commands"},
       .blinds = {"filesystem.readdir.sizes"},
       .make = SpoilWith(WrittenLater)},
      {.name = "write-makes-a-new-mode",
       .defect = "writeFile renames a new file with the mode 644 over the old one.",
       .classes = {"F43"},
       .reveals = {"filesystem.write.keeps-mode"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         const Status written = inner.WriteFile(id, path, content);
         if (Test(inner, id, "-x", path)) Sh(inner, id, "chmod 644 " + ShellQuote(path));
         return written;
       })},
      {.name = "write-as-root",
       .defect = "Commands may not change what the file methods made.",
       .classes = {"F36"},
       .reveals = {"filesystem.write.changed-by-commands"},
       .make = SpoilWith(OwnedByRoot)},
      {.name = "write-leaves-a-temporary-file",
       .defect = "writeFile leaves FILE.tmp behind.",
       .classes = {"F42", "H5"},
       .reveals = {"filesystem.write.no-litter"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         const Status written = inner.WriteFile(id, path, content);
         if (content == "two") inner.WriteFile(id, path + ".tmp", content);
         return written;
       })},
  };
}

std::vector<Sabotage> PlaceSabotages() {
  return {
      {.name = "write-without-making-parents",
       .defect = "writeFile into a missing directory is an error.",
       .classes = {"F9"},
       .reveals = {"filesystem.parallel.new-parents", "filesystem.write.parents"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) -> Status {
         const std::string parent = ParentOf(path);
         if (parent.starts_with('/') && !*inner.Exists(id, parent)) {
           return MakeError(ErrorCode::kNotFound, path + ": no such directory");
         }
         return inner.WriteFile(id, path, content);
       })},
      {.name = "write-without-parent-is-lost",
       .defect = "writeFile into a missing directory writes nothing, and succeeds.",
       .classes = {"F9", "E2"},
       .reveals = {"filesystem.parallel.new-parents", "filesystem.paths.slash-after-file",
                   "filesystem.paths.too-long", "filesystem.write.below-file",
                   "filesystem.write.no-silent-loss", "filesystem.write.parents"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) -> Status {
         const std::string parent = ParentOf(path);
         if (parent.starts_with('/') && IsSandbox(inner, id) && !Test(inner, id, "-e", parent)) {
           return {};
         }
         return inner.WriteFile(id, path, content);
       })},
      {.name = "write-errors-swallowed",
       .defect = "writeFile never looks at the exit code.",
       .classes = {"E2", "F36"},
       .reveals = {"filesystem.paths.slash-after-file", "filesystem.write.below-file",
                   "filesystem.write.onto-directory"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) -> Status {
         const Status written = inner.WriteFile(id, path, content);
         if (!written && written.error().code == ErrorCode::kFailedPrecondition) return {};
         return written;
       })},
      {.name = "write-moves-into-a-directory",
       .defect = "writeFile is `mv TEMP FILE`: onto a directory, it moves into it.",
       .classes = {"F36"},
       .reveals = {"filesystem.write.onto-directory"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         const bool directory = Test(inner, id, "-d", path);
         return inner.WriteFile(id, directory ? path + "/upload" : path, content);
       })},
      {.name = "write-replaces-a-directory",
       .defect = "writeFile onto a directory removes it, with all that is in it.",
       .classes = {"F36"},
       .reveals = {"filesystem.write.onto-directory"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         if (Test(inner, id, "-d", path)) inner.Remove(id, path);
         return inner.WriteFile(id, path, content);
       })},
      {.name = "write-makes-parents-of-files",
       .defect = "writeFile below a file replaces the file by a directory.",
       .classes = {"F9", "F11"},
       .reveals = {"filesystem.paths.slash-after-file", "filesystem.write.below-file"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) {
         const Status written = inner.WriteFile(id, path, content);
         if (written || written.error().code != ErrorCode::kFailedPrecondition) return written;
         for (std::string parent = ParentOf(path); parent.size() > 1; parent = ParentOf(parent)) {
           if (Test(inner, id, "-f", parent)) inner.Remove(id, parent);
         }
         return inner.WriteFile(id, path, content);
       })},
      {.name = "write-to-forbidden-succeeds",
       .defect = "writeFile to what is read-only writes nothing, and succeeds.",
       .classes = {"F36", "E2"},
       .reveals = {"filesystem.write.forbidden"},
       .make = SpoilWrite([](Provider& inner, const std::string& id, const std::string& path,
                             const std::string& content) -> Status {
         if (IsReadOnly(inner, id, path)) return {};
         return inner.WriteFile(id, path, content);
       })},
  };
}

}  // namespace

std::vector<Sabotage> FileWriteSabotages() {
  std::vector<Sabotage> all = OverwriteSabotages();
  for (Sabotage& sabotage : PlaceSabotages()) all.push_back(std::move(sabotage));
  return all;
}

}  // namespace computesdk::conformance
