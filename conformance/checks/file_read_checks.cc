#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/area_parts.h"
#include "conformance/checks/file_probes.h"
#include "conformance/checks/probes.h"

// What readFile refuses, and what the errors of the file methods say.
namespace computesdk::conformance {
namespace {

void ReadsSeeCommandsAtOnce(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const bool written : {false, true}) {
    // One that the provider wrote itself is the one that it may have kept.
    const auto scope = ctx.Case(written ? "a file that writeFile made" : "a command's file");
    const std::string path = box.Path(written ? "written" : "made");
    if (written) {
      ctx.Need(ctx.provider().WriteFile(box.id, path, "the first version"), "writeFile");
      ctx.Need(ctx.provider().ReadFile(box.id, path), "readFile");
    }
    for (int i = 0; i < 5; ++i) {
      const std::string content = "version " + std::to_string(i);
      Prepare(ctx, box, {MakeFile(path, content)});
      ctx.ExpectBytes(ctx.Must(ctx.provider().ReadFile(box.id, path), "readFile"), content,
                      "readFile right after change number " + std::to_string(i + 1));
    }
    Prepare(ctx, box, {"rm " + ShellQuote(path)});
    ctx.ExpectError(ctx.provider().ReadFile(box.id, path), "readFile after a command removed it");
  }
}

void MissingFileIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  for (const char* name : {"missing", "no such/file", "missing.json"}) {
    ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path(name)),
                    std::string("readFile of the missing path ") + name);
  }
  Prepare(ctx, box, {MakeFile(box.Path("file"), "content")});
  ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path("file/below")),
                  "readFile of a path below a file");
  ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path("fil")),
                  "readFile of the first letters of a file's name");
}

void MissingFileIsNotFound(CheckContext& ctx) {
  ctx.ExpectError(ctx.provider().ReadFile(ctx.box().id, ctx.box().Path("missing")),
                  "readFile of a missing path", {ErrorCode::kNotFound});
  ctx.ExpectError(ctx.provider().ReadFile(ctx.box().id, ctx.box().Path("no/such/file")),
                  "readFile of a path in a missing directory", {ErrorCode::kNotFound});
}

void ReadingADirectoryIsAnError(CheckContext& ctx) {
  const Box& box = ctx.box();
  Prepare(ctx, box,
          {MakeDirectory(box.Path("empty")), MakeDirectory(box.Path("full")),
           MakeFile(box.Path("full/file"), "content")});
  for (const char* name : {"empty", "full", "full/"}) {
    ctx.ExpectError(ctx.provider().ReadFile(box.id, box.Path(name)),
                    std::string("readFile of the directory ") + name);
  }
}

template <typename T>
std::optional<Error> ErrorOf(const Result<T>& result) {
  return result ? std::optional<Error>() : result.error();
}

struct Refusal {
  std::string doing;
  std::optional<Error> error;  // nullopt where the call succeeded.
};

// What each method says where something else than it needs is at the path.
std::vector<Refusal> WrongKinds(CheckContext& ctx, const std::string& file,
                                const std::string& directory) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  Prepare(ctx, box, {MakeFile(box.Path(file), "x"), MakeDirectory(box.Path(directory))});
  return {
      {"readFile of a directory", ErrorOf(provider.ReadFile(box.id, box.Path(directory)))},
      {"writeFile onto a directory", ErrorOf(provider.WriteFile(box.id, box.Path(directory), "x"))},
      {"mkdir over a file", ErrorOf(provider.Mkdir(box.id, box.Path(file)))},
      {"readdir of a file", ErrorOf(provider.Readdir(box.id, box.Path(file)))}};
}

void WrongKindsAreNotMissing(CheckContext& ctx) {
  for (const Refusal& refusal : WrongKinds(ctx, "file", "directory")) {
    // That it is an error at all is asked elsewhere.
    if (!refusal.error || refusal.error->code != ErrorCode::kNotFound) continue;
    ctx.Fail({"the error of " + refusal.doing, "another code than NOT_FOUND, as it is there",
              refusal.error->ToString()});
  }
}

void ErrorsNameThePath(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string word = ctx.Unique();
  std::vector<Refusal> refusals = WrongKinds(ctx, "file-" + word, "directory-" + word);
  const std::string missing = box.Path("missing-" + word);
  refusals.push_back(
      {"readFile of a missing path", ErrorOf(ctx.provider().ReadFile(box.id, missing))});
  refusals.push_back(
      {"readdir of a missing path", ErrorOf(ctx.provider().Readdir(box.id, missing))});
  for (const Refusal& refusal : refusals) {
    if (!refusal.error || refusal.error->message.find(word) != std::string::npos) continue;
    ctx.Fail({"the error of " + refusal.doing, "a message with the path, …/…-" + word,
              refusal.error->ToString()});
  }
}

void AllSixAreThere(CheckContext& ctx) {
  const Box& box = ctx.box();
  Provider& provider = ctx.provider();
  const std::string path = box.Path("path");
  const Refusal answers[] = {{"mkdir", ErrorOf(provider.Mkdir(box.id, path))},
                             {"writeFile", ErrorOf(provider.WriteFile(box.id, path + "/x", "x"))},
                             {"readFile", ErrorOf(provider.ReadFile(box.id, path + "/x"))},
                             {"readdir", ErrorOf(provider.Readdir(box.id, path))},
                             {"exists", ErrorOf(provider.Exists(box.id, path))},
                             {"remove", ErrorOf(provider.Remove(box.id, path))}};
  for (const Refusal& answer : answers) {
    // Any other failure is for the requirements of that method.
    if (!answer.error || answer.error->code != ErrorCode::kUnimplemented) continue;
    ctx.Fail({answer.doing, "an answer, as `filesystem` is claimed", answer.error->ToString()});
  }
}

}  // namespace

std::vector<Requirement> FileReadRequirements() {
  return {
      FileRequirement(
          {.id = "all-methods",
           .asks = "A provider that claims `filesystem` has all six methods.",
           .why = "Callers look at the claim once, and then use readdir and remove as well as "
                  "readFile.",
           .breaks = "The backend can read and write, and for the others there is a stub that "
                     "throws.",
           .wrong = R"(filesystem: {
  readFile, writeFile,
  readdir: () => { throw new Error('not supported'); },
},)",
           .right = R"(filesystem: {
  readFile, writeFile, mkdir, exists, remove,
  readdir: (path) => parse(sandbox.exec(['find', path, ...listing])),
},)",
           .defects = {"E9"},
           .mend = "Make what is missing from commands, or do not claim `filesystem`.",
           .check = AllSixAreThere}),
      FileRequirement(
          {.id = "read.sees-commands",
           .asks = "readFile sees what a command wrote or removed, at once.",
           .why = "The result of a build or a test is read right after the command that made it.",
           .breaks = "A cache of what was written or read before answers with yesterday's content, "
                     "and a file that is gone is still read.",
           .wrong = R"(cache.set(path, content); // in writeFile
return cache.get(path) ?? client.files.read(id, path); // in readFile)",
           .right = R"(return client.files.read(id, path); // commands change files, too)",
           .defects = {"F40"},
           .mend = "Read from the machine each time.",
           .check = ReadsSeeCommandsAtOnce}),
      FileRequirement({.id = "read.missing",
                       .asks = "readFile of a missing path, or of one below a file, is an error.",
                       .why = "An empty text, or the backend's error page as content, goes on into "
                              "the caller's data.",
                       .breaks = "The body of the answer is returned whatever its status was, or "
                                 "stdout whatever the exit code was.",
                       .wrong = R"(const response = await fetch(fileUrl(id, path));
return await response.text(); // {"error":"no such file"})",
                       .right = R"(const response = await fetch(fileUrl(id, path));
if (!response.ok) throw new Error(`${path}: HTTP ${response.status}`);
return await response.text();)",
                       .defects = {"F33", "F34", "E2"},
                       .mend = "Check the status or the exit code before you return content.",
                       .check = MissingFileIsAnError}),
      FileRequirement(
          {.id = "read.missing-not-found",
           .level = Level::kRecommended,
           .asks = "readFile of a missing path is the error NOT_FOUND.",
           .why = "Callers read a file that may not be there and go on by the code; with UNKNOWN "
                  "they cannot tell it from an outage.",
           .breaks = "Every failure of the backend is wrapped in one error of the adapter's own, "
                     "and its code is lost.",
           .wrong = R"(catch (error) {
  throw new Error(`Failed to read file: ${error.message}`);
})",
           .right = R"(catch (error) {
  if (error.status === 404) throw new NotFoundError(path);
  throw error;
})",
           .defects = {"F33", "E3"},
           .mend = "Map the backend's ENOENT or 404 to NOT_FOUND, and name the path.",
           .check = MissingFileIsNotFound}),
      FileRequirement({.id = "read.directory",
                       .asks = "readFile of a directory is an error.",
                       .why = "A caller who meant a file inside would take the listing for its "
                              "content.",
                       .breaks = "The download of a directory is a listing, an archive or an empty "
                                 "body, with status 200.",
                       .wrong = R"(const download = await client.files.download(id, path);
return download.text(); // of a directory: a tar archive)",
                       .right = R"(const stat = await client.files.stat(id, path);
if (stat.type !== 'file') throw new Error(`${path}: is a directory`);
return (await client.files.download(id, path)).text();)",
                       .defects = {"F35"},
                       .mend = "Refuse what is not a file.",
                       .check = ReadingADirectoryIsAnError}),
      FileRequirement(
          {.id = "errors.wrong-kind",
           .level = Level::kRecommended,
           .asks = "Where a file is in place of a directory, or the other way round, the error is "
                   "not NOT_FOUND.",
           .why = "A caller who is told that nothing is there makes it, and fails again; told the "
                  "truth, they look at the path.",
           .breaks = "Every failure of a file method is called \"not found\", as that is what it "
                     "mostly is.",
           .wrong = R"(if (cat.exitCode !== 0) throw new NotFoundError(path);)",
           .right = R"(if (/No such file/.test(cat.stderr)) throw new NotFoundError(path);
if (cat.exitCode !== 0) throw new Error(`${path}: ${cat.stderr}`);)",
           .defects = {"E3", "F33"},
           .mend = "Say NOT_FOUND for ENOENT alone; FAILED_PRECONDITION for EISDIR and ENOTDIR.",
           .check = WrongKindsAreNotMissing}),
      FileRequirement(
          {.id = "errors.name-path",
           .level = Level::kRecommended,
           .asks = "The error of a file method names the path.",
           .why = "\"No such file or directory\" in the log of a program with a thousand files "
                  "helps nobody.",
           .breaks = "The backend's answer, or the program's stderr, is passed on without what was "
                     "asked for; or a fixed text takes its place.",
           .wrong = R"(throw new Error('Failed to read file');)",
           .right = R"(throw new Error(`readFile ${path}: ${error.message}`);)",
           .defects = {"E4"},
           .mend = "Put the path into the message of every error, beside the cause.",
           .check = ErrorsNameThePath}),
  };
}

}  // namespace computesdk::conformance
