#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_IO_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_IO_H_

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/awk/regex.h"
#include "mocks/in_memory/utilities/awk/tree.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::awk {

// How RS cuts the input into records.
struct RecordStyle {
  enum class Kind { kCharacter, kParagraphs, kRegex } kind = Kind::kCharacter;
  char delimiter = '\n';
  const Matcher* matcher = nullptr;  // kRegex.
};

// Records of a descriptor.
class RecordReader {
 public:
  RecordReader(Process& process, int fd) : process_(process), input_(process, fd) {}

  // The next record; `terminator` gets what ended it.
  std::optional<std::string> Read(const RecordStyle& style, std::string& terminator);
  std::optional<std::errc> error() const { return input_.error(); }

 private:
  std::optional<std::string> ReadParagraph(std::string& terminator);
  std::optional<std::string> ReadByRegex(const Matcher& matcher, std::string& terminator);
  // What was read for a regular expression and not used; false at the end.
  bool FillHeld();

  Process& process_;
  Input input_;
  std::string held_;
  // How many bytes of what is held were used up: the last one stays, so that "^" matches at the
  // start of the input alone.
  std::size_t used_ = 0;
  bool ended_ = false;
};

// The files and commands that a program reads and writes, by name.
class Streams {
 public:
  explicit Streams(Process& process) : process_(process), standard_(process, 1) {}

  Output& standard() { return standard_; }
  // The error where it cannot be opened.
  IoResult<Output*> Writer(Redirection redirection, const std::string& name);
  IoResult<RecordReader*> Reader(bool command, const std::string& name);
  // The two ends of a coprocess; started where it does not run yet.
  IoResult<Output*> CoprocessWriter(const std::string& name);
  IoResult<RecordReader*> CoprocessReader(const std::string& name);

  // -1 if there is no such stream; otherwise the exit status of a command, 0 of a file.
  int Close(const std::string& name);
  // One end of a coprocess: "to", whose input ends, or "from".
  int CloseEnd(const std::string& name, const std::string& end);
  // -1 for an unknown name.
  int Flush(const std::string& name);
  void FlushAll();
  // In the order of their names, standard output last; waits for commands.
  void CloseAll();
  // Runs a command to its end: what system() gives.
  int System(const std::string& command);

 private:
  struct Stream {
    std::size_t number = 0;  // In the order in which they were opened.
    std::unique_ptr<ScopedDescriptor> descriptor;
    std::unique_ptr<ScopedDescriptor> other;  // A coprocess's output; `descriptor` is its input.
    std::unique_ptr<Output> output;
    std::unique_ptr<RecordReader> reader;
    std::optional<int> pid;
  };

  static Stream Take(std::map<std::string, Stream>& streams, const std::string& name);
  int Finish(Stream stream);
  // What a command gets: `files`, and none of the streams that are open here. It would keep the
  // other end of a pipe waiting.
  std::map<int, OpenFilePtr> ChildFiles(std::map<int, OpenFilePtr> files) const;
  IoResult<Stream*> Coprocess(const std::string& name);

  Process& process_;
  Output standard_;
  std::map<std::string, Stream> writers_;
  std::map<std::string, Stream> readers_;
  std::map<std::string, Stream> coprocesses_;
  std::size_t opened_ = 0;
};

}  // namespace computesdk::in_memory::awk

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_AWK_IO_H_
