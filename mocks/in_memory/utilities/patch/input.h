#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_INPUT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_INPUT_H_

#include <cstddef>
#include <optional>
#include <string>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/patch/files.h"
#include "mocks/in_memory/utilities/patch/options.h"
#include "mocks/in_memory/utilities/patch/reader.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::patch {

// What is known of the file that is being patched.
struct Current {
  std::optional<std::string> input = {};  // Its name; none where nothing is to be patched.
  std::string output = {};
  std::optional<FileStatus> status = {};  // None where it is not there.
  bool reversed = false;
  bool skip = false;
  bool mismatch = false;
  std::size_t hunks = 0;
  std::size_t failed = 0;
  std::string rejects = {};
};

// What patch says, and asks.
class Talk {
 public:
  Talk(Process& process, const PatchOptions& options)
      : options_(options), out_(process, options.output == "-" ? 2 : 1) {}

  void Say(const std::string& text) { out_ << text; }
  // Unless it is to be silent; and only if it is to be verbose.
  void Note(const std::string& text);
  void Verbose(const std::string& text);
  // Nobody is there to answer: the default.
  void Ask(const std::string& question) { Say(question + "\n"); }
  // Whether the patch is to be applied the other way round; may skip it.
  bool MayReverse(Current& current, const std::string& finding);
  void Flush() { out_.Flush(); }
  int Finish(int status) { return out_.Finish(status); }

 private:
  const PatchOptions& options_;
  in_memory::Output out_;
};

// Finds the file that a header means: of the names that are there the best; one to be made where
// the patch makes one.
void ChooseInput(Process& process, const PatchOptions& options, const Files& files, Talk& talk,
                 const Header& header, Current& current);

}  // namespace computesdk::in_memory::patch

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_INPUT_H_
