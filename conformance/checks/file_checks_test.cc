#include <chrono>

#include "conformance/catalogue.h"
#include "conformance/checks/check_test.h"
#include "conformance/checks/parts.h"

namespace computesdk::conformance {
namespace {

std::vector<Requirement> AllFileRequirements() {
  return Join(FileContentRequirements(), FilePathRequirements(), DirectoryRequirements(),
              FileSafetyRequirements());
}

class FileChecksTest : public CheckTest {
 protected:
  FileChecksTest() : CheckTest(AllFileRequirements) {}

  // A listing with each entry changed by `change`.
  void ChangeEntries(std::function<void(FileEntry&)> change) {
    ON_CALL(sabotaged(), Readdir)
        .WillByDefault([this, change](const std::string& id, const std::string& path) {
          Result<std::vector<FileEntry>> entries = real().Readdir(id, path);
          if (entries) {
            for (FileEntry& entry : *entries) change(entry);
          }
          return entries;
        });
  }
  // A shell line in place of a method: an error only where the machinery fails.
  Status Shell(const std::string& id, const std::string& line) {
    const Result<ExecutionResult> result =
        real().RunCommand(id, {.command = line, .args = std::nullopt, .options = {}});
    if (!result) return tl::unexpected<Error>(result.error());
    if (result->exit_code != 0) return MakeError(ErrorCode::kUnknown, result->stderr_bytes);
    return {};
  }
};

TEST_F(FileChecksTest, PassAProviderThatKeepsTheContract) {
  for (const Requirement& requirement : AllFileRequirements()) {
    ExpectVerdict(requirement.id, Verdict::kPassed);
  }
}

TEST_F(FileChecksTest, CatchNamesParsedFromALongListing) {
  ChangeEntries([](FileEntry& entry) {
    entry.name = entry.name.substr(0, entry.name.find(" -> "));
    entry.name = entry.name.substr(entry.name.rfind(' ') + 1);
  });
  ExpectVerdict("filesystem.readdir.names", Verdict::kFailed);
  ExpectVerdict("filesystem.paths.blanks", Verdict::kFailed);
  ExpectVerdict("filesystem.readdir.children", Verdict::kPassed);
}

TEST_F(FileChecksTest, CatchPathsWithoutQuotes) {
  ON_CALL(sabotaged(), Remove)
      .WillByDefault([this](const std::string& id, const std::string& path) {
        return Shell(id, "rm -rf " + path);
      });
  for (const char* id : {"blanks", "quotes", "expansions", "patterns", "separators", "newlines",
                         "execute-nothing"}) {
    ExpectVerdict(std::string("filesystem.paths.") + id, Verdict::kFailed);
  }
  ExpectVerdict("filesystem.remove.files", Verdict::kPassed);
  ExpectVerdict("filesystem.remove.leaves-rest", Verdict::kPassed);
}

TEST_F(FileChecksTest, CatchPathsInDoubleQuotes) {
  ON_CALL(sabotaged(), Mkdir).WillByDefault([this](const std::string& id, const std::string& path) {
    return Shell(id, "mkdir -p \"" + path + "\"");
  });
  ExpectVerdict("filesystem.paths.execute-nothing", Verdict::kFailed);
  ExpectVerdict("filesystem.paths.expansions", Verdict::kFailed);
  ExpectVerdict("filesystem.paths.blanks", Verdict::kPassed);
}

TEST_F(FileChecksTest, CatchTheTimeOfTheCall) {
  ChangeEntries([](FileEntry& entry) {
    entry.last_modified =
        std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
  });
  ExpectVerdict("filesystem.readdir.modified", Verdict::kFailed);
  ExpectVerdict("filesystem.readdir.modified-present", Verdict::kPassed);
}

TEST_F(FileChecksTest, WarnOfTimesThatAreLeftOut) {
  ChangeEntries([](FileEntry& entry) { entry.last_modified.reset(); });
  ExpectVerdict("filesystem.readdir.modified", Verdict::kPassed);
  ExpectVerdict("filesystem.readdir.modified-present", Verdict::kWarned);
}

TEST_F(FileChecksTest, CatchWriteErrorsThatAreSwallowed) {
  ON_CALL(sabotaged(), WriteFile)
      .WillByDefault([this](const std::string& id, const std::string& path,
                            const std::string& content) -> Status {
        static_cast<void>(real().WriteFile(id, path, content));
        return {};
      });
  ExpectVerdict("filesystem.write.onto-directory", Verdict::kFailed);
  ExpectVerdict("filesystem.write.below-file", Verdict::kFailed);
}

TEST_F(FileChecksTest, CatchWritesThatNeverArrive) {
  ON_CALL(sabotaged(), WriteFile)
      .WillByDefault([this](const std::string& id, const std::string& path,
                            const std::string& content) -> Status {
        static_cast<void>(Shell(id, "printf %s '" + content + "' > '" + path + "'"));
        return {};
      });
  ExpectVerdict("filesystem.write.no-silent-loss", Verdict::kFailed);
  ExpectVerdict("filesystem.content.shell-text", Verdict::kFailed);
  ExpectVerdict("filesystem.content.line-ends", Verdict::kPassed);
}

TEST_F(FileChecksTest, CatchContentThatIsTrimmed) {
  ON_CALL(sabotaged(), ReadFile)
      .WillByDefault([this](const std::string& id, const std::string& path) {
        Result<std::string> content = real().ReadFile(id, path);
        while (content && content->ends_with('\n')) content->pop_back();
        return content;
      });
  ExpectVerdict("filesystem.content.trailing-newlines", Verdict::kFailed);
  ExpectVerdict("filesystem.content.empty", Verdict::kPassed);
}

TEST_F(FileChecksTest, CatchAnEmptyListingOfAMissingDirectory) {
  ON_CALL(sabotaged(), Readdir)
      .WillByDefault([this](const std::string& id, const std::string& path) {
        const Result<std::vector<FileEntry>> entries = real().Readdir(id, path);
        return entries ? entries : Result<std::vector<FileEntry>>(std::vector<FileEntry>());
      });
  ExpectVerdict("filesystem.readdir.missing", Verdict::kFailed);
  ExpectVerdict("filesystem.readdir.file", Verdict::kFailed);
}

TEST_F(FileChecksTest, CatchExistsThatFollowsTheErrorOfAFileInTheWay) {
  ON_CALL(sabotaged(), Exists)
      .WillByDefault([this](const std::string& id, const std::string& path) -> Result<bool> {
        const Result<std::string> content = real().ReadFile(id, path);
        if (content) return true;
        return tl::unexpected<Error>(content.error());
      });
  ExpectVerdict("filesystem.exists.true", Verdict::kFailed);
  ExpectVerdict("filesystem.exists.false", Verdict::kFailed);
  ExpectVerdict("filesystem.exists.below-file", Verdict::kFailed);
}

TEST_F(FileChecksTest, CatchOneDiskForAllSandboxes) {
  const SandboxRef shared = *real().Create({});
  ON_CALL(sabotaged(), WriteFile)
      .WillByDefault([&](const std::string&, const std::string& path, const std::string& content) {
        return real().WriteFile(shared.sandbox_id, path, content);
      });
  ON_CALL(sabotaged(), Exists).WillByDefault([&](const std::string&, const std::string& path) {
    return real().Exists(shared.sandbox_id, path);
  });
  ExpectVerdict("filesystem.sandboxes-share-nothing", Verdict::kFailed);
  ExpectVerdict("filesystem.write.seen-by-commands", Verdict::kFailed);
}

}  // namespace
}  // namespace computesdk::conformance
