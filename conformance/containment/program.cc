#include "conformance/containment/program.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "conformance/printable.h"
#include "gtest/gtest.h"

namespace computesdk::conformance {
namespace {

namespace fs = std::filesystem;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string KitPath() { return fs::absolute("conformance/conformance"); }

}  // namespace

Program::Program(const std::vector<std::string>& argv, const std::string& out,
                 const std::string& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err.c_str(), kWrite, 0600);
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  if (posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), environ) != 0) pid_ = -1;
  posix_spawn_file_actions_destroy(&actions);
  EXPECT_GT(pid_, 0) << "cannot start " << argv[0];
}

Program::~Program() {
  if (reaped_ || pid_ < 0) return;
  Signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Program::Signal(int signal) const {
  if (pid_ > 0 && !reaped_) kill(pid_, signal);
}

bool Program::HasEnded() const {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid_;
}

ProgramEnd Program::Wait(milliseconds limit) {
  int status = 0;
  rusage usage{};
  ProgramEnd end;
  end.in_time = Eventually(limit, [&] {
    reaped_ = wait4(pid_, &status, WNOHANG, &usage) == pid_;
    return reaped_;
  });
  if (!end.in_time) {
    kill(pid_, SIGKILL);
    reaped_ = wait4(pid_, &status, 0, &usage) == pid_;
  }
  end.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  end.peak_kibibytes = usage.ru_maxrss;
  return end;
}

Workplace::Workplace(const std::string& name)
    : directory_(fs::path(testing::TempDir()) / (name + " " + std::to_string(getpid()))) {
  fs::remove_all(directory_);
  fs::create_directories(directory_);
  setenv("XDG_STATE_HOME", directory_.c_str(), 1);
}

Workplace::~Workplace() {
  for (const pid_t pid : Processes()) kill(pid, SIGKILL);
  std::error_code ignored;
  fs::remove_all(directory_, ignored);
}

std::string Workplace::Read(const std::string& name) const { return ReadFile(Path(name)); }

nlohmann::json Workplace::ReadJson(const std::string& name) const {
  return nlohmann::json::parse(Read(name), nullptr, false);
}

bool Workplace::IsXml(const std::string& name) const {
  const std::string line =
      "python3 -c 'import sys, xml.dom.minidom; "
      "xml.dom.minidom.parse(sys.argv[1])' " +
      ShellQuote(Path(name));
  return std::system(line.c_str()) == 0;
}

Program Workplace::Kit(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv = arguments;
  argv.insert(argv.begin(), KitPath());
  return Program(argv, Path("out"), Path("err"));
}

Program Workplace::Run(const std::vector<std::string>& arguments) const {
  std::vector<std::string> argv = {"run",          "--ledger", Path("ledger"), "--json",
                                   Path("r.json"), "--junit",  Path("r.xml")};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return Kit(argv);
}

std::string Workplace::LocalAdapter() const {
  return ShellQuote(KitPath()) + " serve --provider local";
}

ProgramEnd Workplace::CleanUp() const {
  if (!fs::exists(Path("ledger"))) return {.in_time = true, .status = 0};
  return Kit({"cleanup", "--ledger", Path("ledger")}).Wait(milliseconds(60'000));
}

std::vector<std::string> Workplace::Sandboxes() const {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(directory_ / "computesdk/local", none)) {
    const std::string name = entry.path().filename();
    if (name != ".staging") names.push_back(name);
  }
  for (const auto& entry : fs::directory_iterator(directory_ / "computesdk/local/.staging", none)) {
    names.push_back(".staging/" + entry.path().filename().string());
  }
  return names;
}

std::vector<pid_t> Workplace::Processes() const {
  std::vector<pid_t> pids;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (std::isdigit(static_cast<unsigned char>(name[0])) == 0 || name == std::to_string(getpid()))
      continue;
    // What the kit starts has the state folder in its environment, and sandboxes lie in it.
    if (ReadFile(entry.path() / "environ").find(directory_) != std::string::npos) {
      pids.push_back(std::stoi(name));
    }
  }
  return pids;
}

int Workplace::CreatedInLedger() const {
  const std::string text = Read("ledger");
  int count = 0;
  for (std::size_t at = 0; (at = text.find("\"created\"", at)) != text.npos; ++at) ++count;
  return count;
}

bool Eventually(milliseconds limit, const std::function<bool()>& holds) {
  const auto latest = std::chrono::steady_clock::now() + limit;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > latest) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

pid_t ChildOf(pid_t parent) {
  for (const auto& task : fs::directory_iterator("/proc/" + std::to_string(parent) + "/task")) {
    std::ifstream children(task.path() / "children");
    pid_t child = -1;
    if (children >> child) return child;
  }
  return -1;
}

}  // namespace computesdk::conformance
