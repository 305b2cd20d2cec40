#ifndef COMPUTESDK_CONFORMANCE_CONTAINMENT_PROGRAM_H_
#define COMPUTESDK_CONFORMANCE_CONTAINMENT_PROGRAM_H_

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "nlohmann/json.hpp"

// What the containment tests share: the kit's program, run as a user runs it, in a folder of its
// own. The provider under test keeps its sandboxes in that folder.
namespace computesdk::conformance {

using std::chrono::milliseconds;

// How a program ended.
struct ProgramEnd {
  bool in_time = false;
  int status = -1;          // Its exit status, or 128 + the signal.
  long peak_kibibytes = 0;  // Of memory, of itself or of the largest process that it waited for.
};

// A program that runs; killed with this object if it still does.
class Program {
 public:
  // Standard output and error go to `out` and `err`.
  Program(const std::vector<std::string>& argv, const std::string& out, const std::string& err);
  ~Program();
  Program(Program&& other) noexcept : pid_(std::exchange(other.pid_, -1)), reaped_(other.reaped_) {}
  Program& operator=(Program&&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  bool HasEnded() const;
  // Its end; after the limit it is killed, and not in time.
  ProgramEnd Wait(milliseconds limit);

 private:
  pid_t pid_ = -1;
  bool reaped_ = false;
};

// A folder for one test, with XDG_STATE_HOME in it, and what is asked again and again.
class Workplace {
 public:
  explicit Workplace(const std::string& name);
  // Ends what still runs there.
  ~Workplace();
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  std::string Path(const std::string& name) const { return directory_ / name; }
  std::string Read(const std::string& name) const;
  nlohmann::json ReadJson(const std::string& name) const;
  bool IsXml(const std::string& name) const;

  // The kit's program with these arguments; its streams go to the files "out" and "err".
  Program Kit(const std::vector<std::string>& arguments) const;
  // `run` with a ledger and both reports ("ledger", "r.json", "r.xml").
  Program Run(const std::vector<std::string>& arguments) const;
  // "… serve --provider local", for --adapter.
  std::string LocalAdapter() const;
  ProgramEnd CleanUp() const;

  // The sandboxes of the local provider that are on disk.
  std::vector<std::string> Sandboxes() const;
  // The processes that were started below this folder, or with it in their environment.
  std::vector<pid_t> Processes() const;
  int CreatedInLedger() const;

 private:
  const std::filesystem::path directory_;
};

// Looks every few milliseconds until it holds; whether it did within the limit.
bool Eventually(milliseconds limit, const std::function<bool()>& holds);

// The child of a process; -1 without one.
pid_t ChildOf(pid_t parent);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CONTAINMENT_PROGRAM_H_
