#include "providers/local/marked_processes.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <thread>
#include <vector>

#include "sdk/adapter/descriptor.h"

namespace computesdk::local {
namespace {

using adapter::Descriptor;
using std::chrono::milliseconds;

constexpr milliseconds kPatience{2000};

// nullopt for a file that cannot be opened.
std::optional<std::string> ReadAll(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return std::nullopt;
  std::string text;
  char chunk[8192];
  for (ssize_t count = 0; (count = ::read(file.get(), chunk, sizeof chunk)) > 0;) {
    text.append(chunk, static_cast<std::size_t>(count));
  }
  return text;
}

struct MarkedProcess {
  pid_t pid = 0;
  pid_t session = 0;
  bool ended = false;  // A zombie.
  bool marked = false;
  bool in_exec = false;  // Between two programs: it has no environment for a moment.
};

bool HasEntry(std::string_view environment, std::string_view mark) {
  while (!environment.empty()) {
    const std::size_t end = environment.find('\0');
    if (environment.substr(0, end) == mark) return true;
    if (end == environment.npos) break;
    environment.remove_prefix(end + 1);
  }
  return false;
}

std::optional<MarkedProcess> Look(pid_t pid, std::string_view mark) {
  const std::string folder = "/proc/" + std::to_string(pid);
  const std::optional<std::string> environment = ReadAll(folder + "/environ");
  const std::string stat = ReadAll(folder + "/stat").value_or("");
  const std::size_t name_end = stat.rfind(')');  // The name may hold blanks and parentheses.
  if (name_end == stat.npos) return std::nullopt;
  std::istringstream text(stat.substr(name_end + 1));
  // As proc(5) counts them, less the first two.
  const std::vector<std::string> fields{std::istream_iterator<std::string>(text), {}};
  constexpr std::size_t kState = 0, kSession = 3, kMemory = 20, kBegin = 47, kEnd = 48;
  if (fields.size() <= kEnd) return std::nullopt;
  MarkedProcess process{.pid = pid, .session = std::atoi(fields[kSession].c_str())};
  process.ended = fields[kState] == "Z" || fields[kState] == "X";
  if (!environment) return process;  // Another user's.
  process.marked = HasEntry(*environment, mark);
  const bool has_none = fields[kEnd] != "0" && fields[kBegin] == fields[kEnd];
  process.in_exec = environment->empty() && fields[kMemory] != "0" && !has_none;
  return process;
}

std::vector<pid_t> AllProcesses() {
  std::vector<pid_t> pids;
  const std::unique_ptr<DIR, int (*)(DIR*)> proc(::opendir("/proc"), ::closedir);
  if (proc == nullptr) return pids;
  while (const dirent* entry = ::readdir(proc.get())) {
    const std::string_view name = entry->d_name;
    pid_t pid = 0;
    if (std::from_chars(name.begin(), name.end(), pid).ptr == name.end()) pids.push_back(pid);
  }
  return pids;
}

// Kills the process if it still is what it was: ids are given out again.
void Kill(const MarkedProcess& process, std::string_view mark) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (handle.get() < 0) return;
  const std::optional<MarkedProcess> now = Look(process.pid, mark);
  if (!now || now->session != process.session) return;
  ::syscall(SYS_pidfd_send_signal, handle.get(), SIGKILL, nullptr, 0);
}

// One pass over all processes; whether any was found alive, or could not be told.
bool KillOnce(std::string_view mark) {
  std::vector<MarkedProcess> processes;
  std::set<pid_t> sessions;
  for (const pid_t pid : AllProcesses()) {
    if (pid == ::getpid()) continue;
    const std::optional<MarkedProcess> process = Look(pid, mark);
    if (!process || process->ended) continue;
    if (process->marked && process->session != ::getsid(0)) sessions.insert(process->session);
    processes.push_back(*process);
  }
  bool found = false;
  for (const MarkedProcess& process : processes) {
    found = found || process.in_exec;
    if (!process.marked && !sessions.contains(process.session)) continue;
    found = true;
    Kill(process, mark);
  }
  return found;
}

}  // namespace

void KillMarkedProcesses(const std::string& mark) {
  const auto latest = std::chrono::steady_clock::now() + kPatience;
  // Again until nobody is left: one that forks while it is looked for has a child by then.
  while (KillOnce(mark) && std::chrono::steady_clock::now() < latest) {
    std::this_thread::sleep_for(milliseconds(1));
  }
}

}  // namespace computesdk::local
