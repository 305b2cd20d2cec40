#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_APPLY_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_APPLY_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/patch/reader.h"

namespace computesdk::in_memory::patch {

// A file on its way from what it was to what it becomes, hunk by hunk. Lines count from 1.
class Applier {
 public:
  // `ignore_blanks`: runs of them are the same; `define`, where it is not empty, keeps both texts
  // between "#ifdef define", "#else" and "#endif".
  Applier(Process& process, std::string input, bool ignore_blanks, std::string define);

  // The line at which the hunk fits, nearest to where it says; nullopt where it does not. `fuzz`:
  // that many lines of its outer context need not match.
  std::optional<std::size_t> Locate(const Hunk& hunk, std::size_t fuzz);
  // False where it stands before what was done already.
  bool Apply(const Hunk& hunk, std::size_t where);
  // What became of the file; the rest of it follows the last hunk.
  std::string Finish();

  // By how many lines the hunks that fitted stood off; and by how many the file has grown.
  std::ptrdiff_t in_offset() const { return in_offset_; }
  std::ptrdiff_t out_offset() const { return out_offset_; }
  std::size_t input_size() const { return input_.size(); }
  // Whether the line and the hunk's end differently.
  bool EndsDifferently(const Hunk& hunk, std::size_t where) const;

 private:
  bool Matches(const std::vector<std::string_view>& pattern, std::ptrdiff_t where,
               std::ptrdiff_t skip_first, std::ptrdiff_t skip_last) const;
  bool CopyUpTo(std::size_t line);
  void Put(std::string_view text);
  void MarkBefore(char mark);

  Process& process_;
  const std::string input_;
  const bool ignore_blanks_;
  const std::string define_;
  std::vector<std::string_view> lines_;
  std::string output_;
  std::size_t done_ = 0;  // Lines of the input that need no more look.
  std::ptrdiff_t in_offset_ = 0;
  std::ptrdiff_t out_offset_ = 0;
  char open_ = ' ';  // Of "#if": '-' for the old text, '+' for the new, 'e' behind "#else".
};

// What could not be applied, as it is written into a reject file. `offset` moves the places.
struct RejectStyle {
  bool context = false;
  bool reversed = false;
  bool header = false;
  bool normal = false;  // Of a normal diff, which is written as an old context diff.
};
std::string RejectText(const Header& header, const Hunk& hunk, std::ptrdiff_t offset,
                       const RejectStyle& style);

}  // namespace computesdk::in_memory::patch

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_PATCH_APPLY_H_
