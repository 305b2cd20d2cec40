#include "conformance/ledger.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "nlohmann/json.hpp"

namespace computesdk::conformance {
namespace {

using nlohmann::json;

std::string Failure(const std::string& what, const std::string& path) {
  return "cannot " + what + " the ledger " + path + ": " + std::strerror(errno);
}

// One write a line: lines of several processes do not mix.
Status Append(int fd, const std::string& path, const json& line) {
  const std::string text = line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
  ssize_t written = 0;
  do {
    written = write(fd, text.data(), text.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(text.size())) return {};
  return MakeError(ErrorCode::kInternal, Failure("write to", path));
}

// When a process started, in clock ticks since the machine did; empty for one that is gone. With
// the pid it names a process for good, which a pid alone, given out again, does not.
std::string StartTime(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return "";
  // The name, in parentheses, may hold blanks: the fields count from after it.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string field;
  constexpr int kStartTime = 20;
  for (int i = 0; i < kStartTime; ++i) fields >> field;
  return field;
}

std::string OwnRun() {
  static int count = 0;
  const int pid = getpid();
  return std::to_string(pid) + "-" + StartTime(pid) + "-" + std::to_string(++count);
}

bool IsAlive(const std::string& run) {
  const int pid = std::atoi(run.c_str());
  const std::string start = StartTime(pid);
  return !start.empty() && run.starts_with(std::to_string(pid) + "-" + start + "-");
}

json ToJson(const CandidateKey& key) {
  if (!key.provider.empty()) return {{"provider", key.provider}};
  return {{"adapter", key.adapter}, {"cwd", key.working_directory}};
}

CandidateKey KeyFromJson(const json& value) {
  CandidateKey key;
  if (value.contains("provider")) {
    key.provider = value.at("provider").get<std::string>();
  } else {
    key.adapter = value.at("adapter").get<std::vector<std::string>>();
    key.working_directory = value.at("cwd").get<std::string>();
  }
  return key;
}

// Every run that has sandboxes left, in the order of the file.
std::vector<Leftover> Outstanding(std::istream& file) {
  std::vector<Leftover> runs;
  std::map<std::string, std::size_t> index;
  std::string text;
  while (std::getline(file, text)) {
    const json line = json::parse(text, nullptr, false);
    try {
      const auto run = line.at("run").get<std::string>();
      if (line.contains("candidate")) {
        index[run] = runs.size();
        runs.push_back({KeyFromJson(line.at("candidate")), run});
        continue;
      }
      if (!index.contains(run)) continue;
      std::vector<std::string>& ids = runs[index[run]].sandbox_ids;
      if (line.contains("created")) ids.push_back(line.at("created").get<std::string>());
      if (line.contains("destroyed")) std::erase(ids, line.at("destroyed").get<std::string>());
    } catch (const json::exception&) {
    }
  }
  std::erase_if(runs, [](const Leftover& run) { return run.sandbox_ids.empty(); });
  return runs;
}

// Every line that is still needed. Under an exclusive lock, so that no run writes meanwhile.
void Rewrite(int fd, const std::string& path) {
  std::ifstream file(path);
  const std::vector<Leftover> runs = Outstanding(file);
  if (ftruncate(fd, 0) != 0) return;
  for (const Leftover& run : runs) {
    if (!Append(fd, path, {{"run", run.run}, {"candidate", ToJson(run.key)}})) return;
    for (const std::string& id : run.sandbox_ids) {
      if (!Append(fd, path, {{"run", run.run}, {"created", id}})) return;
    }
  }
  if (runs.empty()) unlink(path.c_str());
}

}  // namespace

Result<std::unique_ptr<Ledger>> Ledger::Open(const std::string& path, const CandidateKey& key) {
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  std::error_code ignored;
  if (!parent.empty()) std::filesystem::create_directories(parent, ignored);
  while (true) {
    const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return MakeError(ErrorCode::kInvalidArgument, Failure("open", path));
    // Held for the run's life: the file is rewritten only where nobody holds it.
    flock(fd, LOCK_SH);
    struct stat opened {};
    struct stat named {};
    const bool same = fstat(fd, &opened) == 0 && stat(path.c_str(), &named) == 0 &&
                      opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
    if (!same) {  // It was removed between the two calls.
      close(fd);
      continue;
    }
    std::unique_ptr<Ledger> ledger(new Ledger(path, fd, OwnRun()));
    const Status noted = Append(fd, path, {{"run", ledger->run_}, {"candidate", ToJson(key)}});
    if (!noted) return tl::unexpected<Error>(noted.error());
    return ledger;
  }
}

Ledger::Ledger(std::string path, int fd, std::string run)
    : path_(std::move(path)), fd_(fd), run_(std::move(run)) {}

Ledger::~Ledger() {
  close(fd_);
  Compact(path_);
}

Status Ledger::Created(std::string_view sandbox_id) {
  return Append(fd_, path_, {{"run", run_}, {"created", sandbox_id}});
}

Status Ledger::Destroyed(std::string_view sandbox_id) {
  return Append(fd_, path_, {{"run", run_}, {"destroyed", sandbox_id}});
}

Result<std::vector<Leftover>> ReadLeftovers(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    if (errno == ENOENT) return std::vector<Leftover>();
    return MakeError(ErrorCode::kInvalidArgument, Failure("read", path));
  }
  std::vector<Leftover> runs = Outstanding(file);
  if (file.bad()) return MakeError(ErrorCode::kInvalidArgument, Failure("read", path));
  std::erase_if(runs, [](const Leftover& run) { return IsAlive(run.run); });
  return runs;
}

Status CrossOut(const std::string& path, const Leftover& leftover, std::string_view sandbox_id) {
  const int fd = open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return MakeError(ErrorCode::kInvalidArgument, Failure("open", path));
  Status status = Append(fd, path, {{"run", leftover.run}, {"destroyed", sandbox_id}});
  close(fd);
  return status;
}

void Compact(const std::string& path) {
  const int fd = open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (fd < 0) return;
  if (flock(fd, LOCK_EX | LOCK_NB) == 0) Rewrite(fd, path);
  close(fd);
}

std::string DefaultLedgerPath() {
  const char* state = std::getenv("XDG_STATE_HOME");
  const char* home = std::getenv("HOME");
  std::string base;
  if (state != nullptr && state[0] == '/') {
    base = state;
  } else {
    base = std::string(home != nullptr ? home : "/tmp") + "/.local/state";
  }
  return base + "/computesdk-conformance/ledger.jsonl";
}

}  // namespace computesdk::conformance
