#include <array>
#include <atomic>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "conformance/catalogue.h"
#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/probes.h"

// What the file methods must keep apart: other sandboxes, other writers, readers.
namespace computesdk::conformance {
namespace {

using ::testing::IsFalse;

void SandboxesShareNoFiles(CheckContext& ctx) {
  const Box& one = ctx.box();
  const Box two = ctx.CreateBox();
  Provider& provider = ctx.provider();
  const std::string word = ctx.Unique();
  const std::string first = one.workdir + "/" + word;
  const std::string second = two.workdir + "/" + word;
  const auto expect_first_kept = [&](const std::string& when) {
    ctx.ExpectBytes(ctx.Must(provider.ReadFile(one.id, first), "readFile in the first sandbox"),
                    "of the first", "the first one's file " + when);
  };
  ctx.Must(provider.WriteFile(one.id, first, "of the first"), "writeFile in the first sandbox");
  ctx.Expect(ctx.Must(provider.Exists(two.id, second), "exists in the second sandbox"), IsFalse(),
             "exists in one sandbox of a file that was written in another");
  ctx.ExpectError(provider.ReadFile(two.id, second),
                  "readFile in one sandbox of a file that was written in another");
  ctx.Must(provider.WriteFile(two.id, second, "of the second"), "writeFile in the second sandbox");
  expect_first_kept("after the second wrote its own");
  ctx.Must(provider.Remove(two.id, second), "remove in the second sandbox");
  expect_first_kept("after remove in the second");
  ExpectFacts(ctx, one,
              {{"the first one's file for a command", "as it was", Holds(first, "of the first")}});
  ctx.Must(provider.Remove(one.id, first), "remove in the first sandbox");
}

constexpr int kWriters = 12;

std::string ContentOf(int i) {
  return std::string(1000, static_cast<char>('a' + i)) + std::to_string(i);
}

// Each writer a file of its own in `directory`, all at the same time.
void ExpectParallelWritesArrive(CheckContext& ctx, const std::string& directory) {
  const auto path = [&](int i) { return directory + "/file-" + std::to_string(i); };
  ctx.InParallel(kWriters, [&](int i) {
    const std::string id = ctx.box().id;
    if (!ExpectSuccess(ctx, ctx.provider().WriteFile(id, path(i), ContentOf(i)), "writeFile")) {
      return;
    }
    const Result<std::string> content = ctx.provider().ReadFile(id, path(i));
    if (!ExpectSuccess(ctx, content, "readFile of a file, while others are written")) return;
    ctx.ExpectBytes(*content, ContentOf(i), "readFile of a file, while others are written");
  });
  std::vector<Fact> facts;
  for (int i = 0; i < kWriters; ++i) {
    facts.push_back({"file " + std::to_string(i) + " of " + std::to_string(kWriters) +
                         " that were written at the same time",
                     "what was written to it", Holds(path(i), ContentOf(i))});
  }
  ExpectFacts(ctx, ctx.box(), facts);
}

void ParallelWritesArrive(CheckContext& ctx) {
  Prepare(ctx, ctx.box(), {MakeDirectory(ctx.box().Path("shared"))});
  ExpectParallelWritesArrive(ctx, ctx.box().Path("shared"));
}

void ParallelParentsAreMade(CheckContext& ctx) {
  ExpectParallelWritesArrive(ctx, ctx.box().Path("new/parents/of/all"));
}

void ParallelMkdirsArrive(CheckContext& ctx) {
  const Box& box = ctx.box();
  const auto path = [&](int i) { return box.Path("new/parents/dir-" + std::to_string(i)); };
  ctx.InParallel(kWriters, [&](int i) {
    ExpectSuccess(ctx, ctx.provider().Mkdir(box.id, path(i)),
                  "mkdir, while others make the same parents");
  });
  std::vector<Fact> facts;
  for (int i = 0; i < kWriters; ++i) {
    facts.push_back({"directory " + std::to_string(i) + " of " + std::to_string(kWriters) +
                         " that were made at the same time",
                     "a directory", IsDirectory(path(i))});
  }
  ExpectFacts(ctx, box, facts);
}

void OneOfManyWritersWins(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  // Of different lengths, so that the rest of a longer one would show.
  const auto content = [](int i) {
    return std::string(static_cast<std::size_t>(20000 + 5000 * i), static_cast<char>('a' + i)) +
           ".";
  };
  constexpr int kRivals = 6;
  constexpr int kRounds = 5;
  int torn = 0;
  std::string sample;
  for (int round = 0; round < kRounds; ++round) {
    ctx.InParallel(kRivals, [&](int i) {
      ctx.Must(ctx.provider().WriteFile(box.id, path, content(i)), "writeFile");
    });
    const std::string left = ctx.Must(ctx.provider().ReadFile(box.id, path), "readFile");
    bool whole = false;
    for (int i = 0; i < kRivals; ++i) whole = whole || left == content(i);
    if (whole) continue;
    ++torn;
    sample = std::to_string(left.size()) + " bytes, which are " + Printable(left, 60);
  }
  if (torn == 0) return;
  ctx.Fail({"a file that " + std::to_string(kRivals) + " calls wrote at the same time",
            "what one of them wrote, whole",
            "in " + std::to_string(torn) + " of " + std::to_string(kRounds) +
                " rounds a mixture: " + sample});
}

void ReadersSeeItWhole(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string path = box.Path("file");
  const std::array<std::string, 2> versions = {std::string(149'999, 'a') + ".",
                                               std::string(99'999, 'b') + "."};
  ctx.Need(ctx.provider().WriteFile(box.id, path, versions[0]), "writeFile");
  constexpr int kRounds = 20;
  constexpr int kReaders = 2;
  std::atomic<int> torn = 0;
  std::atomic<int> failed = 0;
  for (std::size_t round = 1; round <= kRounds; ++round) {
    ctx.InParallel(1 + kReaders, [&](int i) {
      if (i == 0) {
        ctx.Must(ctx.provider().WriteFile(box.id, path, versions[round % 2]), "writeFile");
        return;
      }
      const Result<std::string> content = ctx.provider().ReadFile(box.id, path);
      if (!content) {
        ++failed;
      } else if (*content != versions[0] && *content != versions[1]) {
        ++torn;
      }
    });
  }
  if (torn + failed == 0) return;
  ctx.Fail({"readFile of a file while writeFile replaces it", "the old content or the new, whole",
            "of " + std::to_string(kRounds * kReaders) + " reads " + std::to_string(torn) +
                " saw neither, and " + std::to_string(failed) + " failed"});
}

}  // namespace

std::vector<Requirement> FileSharingRequirements() {
  return {
      FileRequirement(
          {.id = "sandboxes-share-nothing",
           .asks = "Sandboxes share no files: what the file methods do in one shows in no other.",
           .why = "One user's source code and keys would be another user's.",
           .breaks = "One volume, one bucket prefix or one temporary directory serves all; or the "
                     "handle of the sandbox that was made last is used for every call.",
           .wrong = R"(const root = '/var/sandboxes/files'; // for all of them
await fs.writeFile(root + path, content);)",
           .right = R"(const root = `/var/sandboxes/${id}/files`;
await fs.writeFile(root + path, content);)",
           .defects = {"S2", "L20"},
           .mend = "Give each sandbox a file system of its own.",
           .check = SandboxesShareNoFiles}),
      FileRequirement(
          {.id = "parallel.different-paths",
           .asks = "Writes at the same time to different paths all arrive.",
           .why = "A project is uploaded with ten requests at once, and one file has the content "
                  "of another.",
           .breaks = "A temporary file has one name for all calls, or a listing is read, changed "
                     "and written back by each of them.",
           .wrong = R"(await upload('/tmp/upload', content); // the same for every call
await sandbox.exec(['mv', '/tmp/upload', path]);)",
           .right = R"(const temporary = `/tmp/upload-${randomUUID()}`;
await upload(temporary, content);
await sandbox.exec(['mv', temporary, path]);)",
           .defects = {"F41", "P5"},
           .mend = "Give each call a temporary name of its own.",
           .check = ParallelWritesArrive}),
      FileRequirement(
          {.id = "parallel.new-parents",
           .level = Level::kRecommended,
           .asks = "Files that are written at the same time into one new directory all arrive.",
           .why = "It is how a whole tree is uploaded: nobody makes the directories first.",
           .breaks = "Each call looks for the parent, finds none, and fails to make it as another "
                     "call was faster.",
           .wrong = R"(if (!(await exists(parent))) await fs.mkdir(parent); // EEXIST
await fs.writeFile(path, content);)",
           .right = R"(await fs.mkdir(parent, { recursive: true });
await fs.writeFile(path, content);)",
           .defects = {"F41", "F9"},
           .mend = "Make the parents, and take \"exists\" for success.",
           .check = ParallelParentsAreMade}),
      FileRequirement(
          {.id = "parallel.same-parents",
           .asks = "Directories that are made at the same time below one new parent are all made.",
           .why = "Callers make `src/a` and `src/b` side by side. An error for one of them comes "
                  "once in a hundred runs, and is never understood.",
           .breaks = "Who looks for the parent first and makes it then fails if somebody else was "
                     "faster.",
           .wrong = R"(for (const dir of parentsOf(path)) {
  if (!(await client.files.exists(id, dir))) await client.files.mkdir(id, dir);
})",
           .right = R"(for (const dir of parentsOf(path)) {
  await client.files.mkdir(id, dir).catch((error) => {
    if (error.code !== 'EEXIST') throw error;
  });
})",
           .defects = {"F41", "F10"},
           .mend = "Make the parent, and take \"exists\" for success.",
           .check = ParallelMkdirsArrive}),
      FileRequirement(
          {.id = "parallel.same-path",
           .asks = "Of writes at the same time to one path, one wins whole.",
           .why = "Chunks of two uploads in one file are neither's content. It is found "
                  "months later.",
           .breaks = "Content is appended chunk by chunk to the target itself, and two "
                     "calls take turns.",
           .wrong = R"(await truncate(path);
for (const chunk of chunks) await append(path, chunk);)",
           .right = R"(const temporary = posix.join(posix.dirname(path), `.${randomUUID()}`);
for (const chunk of chunks) await append(temporary, chunk);
await rename(temporary, path);)",
           .defects = {"F41", "P5", "F5"},
           .mend = "Write to a temporary file of the call's own, and rename it over the "
                   "target.",
           .check = OneOfManyWritersWins}),
      FileRequirement(
          {.id = "parallel.readers",
           .level = Level::kRecommended,
           .asks = "Who reads a file while it is replaced sees the old content or the new, whole.",
           .why = "A server that reloads its settings reads an empty file once in a while, and "
                  "starts without any.",
           .breaks = "The file is emptied first and filled then; a reader in between sees nothing, "
                     "or a part.",
           .wrong = R"(const file = await fs.open(path, 'w'); // empty from here on
await file.writeFile(content);)",
           .right = R"(await fs.writeFile(temporary, content);
await fs.rename(temporary, path); // at once)",
           .defects = {"F5", "F41"},
           .mend = "Write to a temporary file in the same directory, and rename it over the "
                   "target.",
           .check = ReadersSeeItWhole}),
  };
}

std::vector<Requirement> FileSafetyRequirements() {
  return Join(FileOutsideRequirements(), FileSharingRequirements());
}

}  // namespace computesdk::conformance
