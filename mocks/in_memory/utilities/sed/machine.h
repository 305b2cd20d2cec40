#ifndef COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_MACHINE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_MACHINE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/in_memory/kernel/process.h"
#include "mocks/in_memory/utilities/sed/input.h"
#include "mocks/in_memory/utilities/sed/script.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::sed {

// Runs a script over its input.
class Machine {
 public:
  Machine(Process& process, Script script, MachineOptions options, std::vector<std::string> files);
  int Run();

 private:
  // Where something is written: standard output, a file of w, or the file that is edited.
  struct Sink {
    Output* stream = nullptr;        // Standard output; or
    int fd = -1;                     // a file, written at once: the script may read it; or
    std::string* content = nullptr;  // what becomes the edited file.
    // Where the last line had no end, it gets one before the next text.
    bool missing_end = false;

    void Write(Process& process, std::string_view text);
  };

  enum class Flow { kNext, kEndCycle, kRestart, kQuit };
  // What a, r and R put off until the cycle's end.
  struct Deferred {
    char letter;
    std::string text;
  };

  // --- addresses --------------------------------------------------------------------------------
  bool Selects(Command& command);
  bool Matches(const Address& address);
  void BeginRange(Command& command);
  bool BeginsLate(const Command& command) const;
  bool FindPattern(const std::optional<Pattern>& pattern, std::string_view text,
                   std::vector<Regex::Group>& groups, std::size_t start);

  // --- commands ---------------------------------------------------------------------------------
  Flow Execute(Command& command, std::size_t& position);
  Flow ExecuteInput(const Command& command);
  void Substitute(Command& command);
  std::string Replacement(const std::vector<Part>& parts, const std::vector<Regex::Group>& groups);
  void Translate(const Command& command);
  void PrintUnambiguously(std::int64_t width);
  void Evaluate(const Command& command);
  std::string OutputOf(const std::string& command);

  // --- input and output -------------------------------------------------------------------------
  void PutBeforeAll();
  bool ReadLine(bool append);
  void EndCycle();
  void FlushDeferred();
  void CopyFile(const std::string& name);
  void Put(Sink& sink, std::string_view text, bool ended = true);
  void PutText(std::string_view text);
  void PutLines(std::string text);
  Sink& SinkFor(const std::string& name);
  void BeginFile(const std::string& name);
  void EndFile(const std::string& name);

  Process& process_;
  Script script_;
  const MachineOptions options_;
  Output out_;
  Sink standard_;
  Sink named_standard_;  // "w /dev/stdout": whether an end is missing there is known there alone.
  std::string edited_;
  Sink edited_sink_;
  Sink* current_ = nullptr;
  std::map<std::string, Sink> sinks_;
  std::map<std::string, std::unique_ptr<Input>> line_files_;  // Of R.
  std::vector<std::unique_ptr<ScopedDescriptor>> descriptors_;
  LineSource source_;

  std::string space_;  // The pattern space.
  bool ended_ = true;  // Whether its last line had an end.
  std::string hold_;
  bool hold_ended_ = true;
  bool replaced_ = false;
  const Pattern* last_pattern_ = nullptr;
  std::vector<Deferred> deferred_;
  std::vector<Regex::Group> groups_;
  int exit_code_ = 0;
  bool quit_quietly_ = false;
};

}  // namespace computesdk::in_memory::sed

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_UTILITIES_SED_MACHINE_H_
