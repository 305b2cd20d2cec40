#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_JOB_TABLE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_JOB_TABLE_H_

#include <string>
#include <vector>

#include "mocks/in_memory/kernel/process.h"

namespace computesdk::in_memory::shell {

struct Job {
  int number = 0;
  int pid = 0;  // Of the process that runs it.
  std::string text;
  bool done = false;
  ExitStatus status = {};
  bool notified = false;   // That it is done has been told; it goes at the next clearing up.
  bool inherited = false;  // The parent's: shown, and not waited for.
};

// The jobs of one shell in the order of their numbers, and which of them "%+" and "%-" mean.
class JobTable {
 public:
  // The new job is the current one; its number is one more than the highest in use.
  void Add(int pid, std::string text);
  void Remove(int number);
  // What a command substitution sees of the shell that it stands in.
  void Inherit(const JobTable& parent);

  // Null without one. What these give is valid until the table changes.
  Job* Numbered(int number);
  Job* WithPid(int pid);
  // By a job specification ("%2", "%+", "%name", "%?text") or a pid. `ambiguous`: several match.
  Job* Find(const std::string& text, bool& ambiguous);
  // '+' for the current job, '-' for the previous one.
  char Mark(const Job& job) const;

  std::vector<Job>& all() { return jobs_; }
  const std::vector<Job>& all() const { return jobs_; }
  bool empty() const { return jobs_.empty(); }

 private:
  int LastRunning(int before) const;
  void ChooseCurrent();

  std::vector<Job> jobs_;
  int current_ = 0;
  int previous_ = 0;
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_JOB_TABLE_H_
