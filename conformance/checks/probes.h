#ifndef COMPUTESDK_CONFORMANCE_CHECKS_PROBES_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_PROBES_H_

#include <string>
#include <string_view>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/values.h"

// How the checks look at a sandbox by its shell, which is the second route beside the file methods.
namespace computesdk::conformance {

// Tests for the sandbox's shell. Of a dangling link, IsThere is true.
std::string IsFile(std::string_view path);
std::string IsDirectory(std::string_view path);
std::string IsThere(std::string_view path);
std::string IsGone(std::string_view path);
// Whether the file has this text. It ends in no newline.
std::string Holds(std::string_view path, std::string_view text);
// Whether the directory has this number of entries, hidden ones too.
std::string HasEntries(std::string_view directory, int count);

// What the shell says to each of the tests, all asked in as few commands as possible.
std::vector<bool> Ask(CheckContext& ctx, const Box& box, const std::vector<std::string>& tests);

// Something that must hold, and the shell test that tells.
struct Fact {
  std::string subject;   // "what `writeFile` made"
  std::string expected;  // "a file with the bytes written"
  std::string test;
};
// A finding for each that does not hold; false if there is one.
bool ExpectFacts(CheckContext& ctx, const Box& box, const std::vector<Fact>& facts);

// Runs shell lines that only prepare, each after the success of the one before, in as few commands
// as possible; not-testable where one fails.
void Prepare(CheckContext& ctx, const Box& box, const std::vector<std::string>& lines);
// `mkdir -p PATH`, and a line that makes a file of this text; the text ends in no newline.
std::string MakeDirectory(std::string_view path);
std::string MakeFile(std::string_view path, std::string_view text);
// Makes a symbolic link; not-testable where there is no `ln`.
void MakeLink(CheckContext& ctx, const Box& box, const std::string& target,
              const std::string& path);

// The call must succeed; a finding where it does not, and the check goes on.
template <typename T>
bool ExpectSuccess(CheckContext& ctx, const Result<T>& result, std::string_view doing) {
  if (result) return true;
  ctx.Fail({std::string(doing), "success", "the error " + result.error().ToString()});
  return false;
}

// Files that appear if a shell runs commands()[i]. That they would be seen is tried first.
class Canaries {
 public:
  Canaries(CheckContext& ctx, const Box& box, std::size_t count);

  const std::vector<std::string>& commands() const { return commands_; }
  // Which commands were run since the last look.
  std::vector<bool> Look();

 private:
  CheckContext& ctx_;
  const Box& box_;
  std::vector<std::string> paths_;
  std::vector<std::string> commands_;
};

// A file on the kit's own machine, removed with this object.
class OutsideFile {
 public:
  // Not-testable where it cannot be made.
  OutsideFile(CheckContext& ctx, std::string content);
  ~OutsideFile();
  OutsideFile(const OutsideFile&) = delete;
  OutsideFile& operator=(const OutsideFile&) = delete;

  const std::string& path() const { return path_; }            // Absolute.
  const std::string& directory() const { return directory_; }  // For this file alone.
  const std::string& content() const { return content_; }
  bool IsUnchanged() const;

 private:
  std::string directory_;
  std::string path_;
  std::string content_;
};

// Whether commands in the sandbox see that file: it then runs on the kit's machine by design, and
// nothing there is outside.
bool RunsOnThisMachine(CheckContext& ctx, const Box& box, const OutsideFile& file);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_PROBES_H_
