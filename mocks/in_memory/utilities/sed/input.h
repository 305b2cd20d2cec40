#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_INPUT_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_INPUT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::sed {

struct MachineOptions {
  bool quiet = false;
  bool in_place = false;
  std::string suffix = {};  // Of the copy that in_place keeps; none without.
  bool separate = false;
  bool posix = false;
  bool follow_symlinks = false;
  bool unbuffered = false;
  std::int64_t line_length = 70;
  char end = '\n';
};

// The input files, one after the other, line by line.
class LineSource {
 public:
  LineSource(Process& process, std::vector<std::string> names, const MachineOptions& options);

  struct Line {
    std::string_view text;
    bool ended = false;
  };
  // nullopt after the last.
  std::optional<Line> Next();
  // Whether the line just read was the last: of all, or of its file where files are separate.
  bool AtLast();
  // No more is read.
  void Stop();

  std::int64_t number() const { return number_; }
  const std::string& name() const { return name_; }
  int status() const { return status_; }

  // Called when a file is opened, and when it has ended.
  std::function<void(const std::string& name)> on_open = {};
  std::function<void(const std::string& name)> on_close = {};

 private:
  bool OpenNext();
  void CloseCurrent();

  Process& process_;
  const std::vector<std::string> names_;
  const MachineOptions& options_;
  std::size_t next_ = 0;
  std::string name_ = "-";
  bool open_ = false;
  std::unique_ptr<ScopedDescriptor> descriptor_;
  std::unique_ptr<Input> input_;
  std::int64_t number_ = 0;
  int status_ = 0;
};

}  // namespace computesdk::in_memory::sed

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_INPUT_H_
