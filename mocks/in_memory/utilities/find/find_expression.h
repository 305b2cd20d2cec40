#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FIND_FIND_EXPRESSION_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FIND_FIND_EXPRESSION_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/support.h"
#include "mocks/in_memory/utilities/time_format.h"

namespace computesdk::in_memory {

enum class FindLinks { kNever, kOperands, kAlways };

// What find looks at now.
struct FindFile {
  std::string path;
  std::string start;  // The operand that it was found below.
  FileStatus status;
  int depth = 0;
};

// One run of find: what its expression shares.
struct FindRun {
  explicit FindRun(Process& owner)
      : process(owner), out(owner), now(owner.clock().Now()), zone(ZoneOf(owner)), cut(now) {}

  // Complains and remembers that something went wrong; the output so far comes first.
  void Trouble(const std::string& message) {
    out.Flush();
    Complain(process, message);
    status = 1;
  }
  Follow FollowAt(int depth) const {
    const bool follows =
        links == FindLinks::kAlways || (links == FindLinks::kOperands && depth == 0);
    return follows ? Follow::kYes : Follow::kNo;
  }

  Process& process;
  Output out;
  const FileTime now;
  const TimeZone zone;
  FileTime cut;  // Ages are meant at this time; -daystart moves it.
  FindLinks links = FindLinks::kNever;
  int min_depth = 0;
  int max_depth = 1 << 20;
  bool contents_first = false;
  bool prune = false;
  bool quit = false;
  int status = 0;
  std::vector<std::function<void()>> at_end;               // What "-exec … +" has still to do.
  std::map<std::string, std::shared_ptr<Output>> outputs;  // Of -fprint and the like.
};

// True or false for a file; may have effects.
using FindTest = std::function<bool(FindFile&)>;

// Reads the arguments of the primaries.
class FindArguments {
 public:
  FindArguments(Process& process, std::vector<std::string> words)
      : process_(process), words_(std::move(words)) {}

  bool AtEnd() const { return next_ == words_.size(); }
  const std::string& Peek() const { return words_[next_]; }
  std::string Take() { return words_[next_++]; }
  // The argument of a primary; complains and ends the program without one.
  std::string ValueOf(const std::string& primary);
  [[noreturn]] void Fail(const std::string& message);
  Process& process() { return process_; }

 private:
  Process& process_;
  const std::vector<std::string> words_;
  std::size_t next_ = 0;
};

// find_parser.cc: the whole expression, with -print where it has no action.
FindTest ParseFindExpression(FindRun& run, FindArguments& arguments);

// The families of primaries; nullopt for a name of another family.
std::optional<FindTest> ParseFindTest(FindRun& run, FindArguments& arguments,
                                      const std::string& primary);
std::optional<FindTest> ParseFindTimeTest(FindRun& run, FindArguments& arguments,
                                          const std::string& primary);
std::optional<FindTest> ParseFindAction(FindRun& run, FindArguments& arguments,
                                        const std::string& primary);

// "5", "+5", "-5".
struct FindNumber {
  char sign = 0;
  std::int64_t value = 0;
  bool Matches(std::int64_t number) const {
    return sign == '+' ? number > value : sign == '-' ? number < value : number == value;
  }
};
FindNumber ParseFindNumber(FindArguments& arguments, const std::string& primary,
                           std::string_view text);

// find_print.cc: complains of what means nothing in a format; the format of -printf for a file; the
// line of -ls.
void CheckFindFormat(Process& process, FindArguments& arguments, std::string_view format);
std::string FormatFindFile(FindRun& run, const FindFile& file, std::string_view format,
                           bool& stopped);
std::string FindListing(FindRun& run, const FindFile& file);

}  // namespace computesdk::in_memory

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_FIND_FIND_EXPRESSION_H_
