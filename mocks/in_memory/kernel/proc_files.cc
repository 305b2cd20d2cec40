#include "mocks/in_memory/kernel/proc_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>
#include <utility>

#include "mocks/in_memory/kernel/kernel_impl.h"
#include "mocks/in_memory/kernel/machine.h"

namespace computesdk::in_memory {
namespace {

constexpr unsigned kReadOnly = 0444;
constexpr unsigned kOwnersOnly = 0400;
constexpr unsigned kFolderMode = 0555;
constexpr int kFirst = 1;  // Not one of the kernel's: what started the machine.
constexpr std::size_t kNameLength = 15;
constexpr double kTicksPerSecond = 100;

std::string ProcPath(std::string_view name) {
  return std::string(ProcFiles::kFolder) + "/" + std::string(name);
}

void Write(Kernel& kernel, const std::string& path, std::string_view content,
           unsigned mode = kReadOnly) {
  FileSystem& files = kernel.files();
  (void)files.WriteFile(path, content, mode);
  (void)files.SetMode(path, mode);
}

void LinkTo(Kernel& kernel, const std::string& target, const std::string& path) {
  if (kernel.files().ReadLink(path).value_or("") == target) return;
  (void)kernel.files().Unlink(path);
  (void)kernel.files().MakeSymlink(target, path);
}

std::string Seconds(double value) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

double SecondsUp(Kernel& kernel, ClockTime moment) {
  return std::chrono::duration<double>(moment - StartOf(kernel)).count();
}

std::string MemoryInfo(Kernel& kernel) {
  // The memory of a sandbox is what its files may take.
  const std::uint64_t total = kernel.limits().files.bytes / 1024;
  const std::uint64_t cached = std::min(total, kernel.files().bytes_used() / 1024);
  std::string text;
  for (const auto& [name, value] : {std::pair<const char*, std::uint64_t>{"MemTotal:", total},
                                    {"MemFree:", total - cached},
                                    {"MemAvailable:", total},
                                    {"Buffers:", 0},
                                    {"Cached:", cached},
                                    {"SwapCached:", 0},
                                    {"SwapTotal:", 0},
                                    {"SwapFree:", 0},
                                    {"Shmem:", 0}}) {
    std::array<char, 64> line{};
    (void)std::snprintf(line.data(), line.size(), "%-15s %8llu kB\n", name,
                        static_cast<unsigned long long>(value));
    text += line.data();
  }
  return text;
}

std::string ProcessorInfo() {
  std::string text;
  for (int i = 0; i < kProcessors; ++i) {
    text +=
        "processor\t: " + std::to_string(i) +
        "\nvendor_id\t: sandbox\ncpu family\t: 6\nmodel\t\t: 0\nmodel name\t: In-memory sandbox\n"
        "cpu MHz\t\t: 1000.000\nphysical id\t: 0\nsiblings\t: " +
        std::to_string(kProcessors) + "\ncore id\t\t: " + std::to_string(i) +
        "\ncpu cores\t: " + std::to_string(kProcessors) + "\nflags\t\t: fpu\n\n";
  }
  return text;
}

// As uuidgen makes them, of version 4.
std::string RandomUuid() {
  std::random_device device;
  std::uint32_t words[4];
  for (std::uint32_t& word : words) word = device();
  std::array<char, 40> text{};
  (void)std::snprintf(text.data(), text.size(), "%08x-%04x-4%03x-%04x-%04x%08x\n", words[0],
                      words[1] >> 16, words[1] & 0xfff, 0x8000 | (words[2] >> 16 & 0x3fff),
                      words[2] & 0xffff, words[3]);
  return text.data();
}

std::string NameOf(const Process& process) {
  if (process.args.empty()) return "";
  const std::string& path = process.args[0];
  return path.substr(path.find_last_of('/') + 1).substr(0, kNameLength);
}

std::string StatusOf(const Process& process, char state) {
  std::array<char, 8> umask{};
  (void)std::snprintf(umask.data(), umask.size(), "%04o", process.umask);
  const std::string pid = std::to_string(process.pid());
  return "Name:\t" + NameOf(process) + "\nUmask:\t" + umask.data() + "\nState:\t" + state +
         (state == 'R' ? " (running)" : " (sleeping)") + "\nTgid:\t" + pid + "\nNgid:\t0\nPid:\t" +
         pid + "\nPPid:\t" + std::to_string(process.parent_pid()) +
         "\nTracerPid:\t0\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t0 \n"
         "VmPeak:\t       0 kB\nVmSize:\t       0 kB\nVmHWM:\t       0 kB\nVmRSS:\t       0 kB\n"
         "Threads:\t1\n";
}

std::string StatLineOf(Kernel& kernel, Process& process, char state) {
  const ClockTime began = KernelAccess::StateOf(process).began;
  const auto ticks = static_cast<std::int64_t>(SecondsUp(kernel, began) * kTicksPerSecond);
  const std::string group = std::to_string(process.group());
  return std::to_string(process.pid()) + " (" + NameOf(process) + ") " + state + " " +
         std::to_string(process.parent_pid()) + " " + group + " " + group +
         " 0 -1 4194304 0 0 0 0 0 0 0 0 " + std::to_string(20 + process.niceness) + " " +
         std::to_string(process.niceness) + " 1 0 " + std::to_string(ticks) +
         " 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
}

void WriteProcess(Kernel& kernel, Process& process, bool runs) {
  const std::string folder = ProcPath(std::to_string(process.pid())) + "/";
  const char state = runs ? 'R' : 'S';
  std::string line;
  for (const std::string& arg : process.args) (line += arg) += '\0';
  std::string environment;
  for (const auto& [name, value] : process.env) {
    ((environment += name) += "=") += value;
    environment += '\0';
  }
  Write(kernel, folder + "cmdline", line);
  Write(kernel, folder + "comm", NameOf(process) + "\n", 0644);
  Write(kernel, folder + "environ", environment, kOwnersOnly);
  Write(kernel, folder + "stat", StatLineOf(kernel, process, state));
  Write(kernel, folder + "status", StatusOf(process, state));
  Write(kernel, folder + "cgroup", "0::/\n");
  LinkTo(kernel, process.cwd, folder + "cwd");
  LinkTo(kernel, "/", folder + "root");
  LinkTo(kernel, "/usr/bin/" + NameOf(process), folder + "exe");
  LinkTo(kernel, "../mounts", folder + "mounts");
  (void)kernel.files().RemoveTree(folder + "fd");
  (void)kernel.files().MakeDirectory(folder + "fd", kFolderMode);
  for (const auto& [fd, file] : process.descriptors()) {
    const std::string number = std::to_string(fd);
    LinkTo(kernel, "/dev/fd/" + number, folder + "fd/" + number);
  }
}

// The pid that the path goes into: "/proc/12/status", "/proc/self"; 0 for none.
int PidIn(std::string_view path, int self) {
  path.remove_prefix(std::min(path.size(), ProcFiles::kFolder.size() + 1));
  const std::string_view name = path.substr(0, path.find('/'));
  if (name == "self" || name == "thread-self") return self;
  int pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  return error == std::errc() && end == name.data() + name.size() ? pid : 0;
}

}  // namespace

void ProcFiles::WriteMachine(Kernel& kernel) {
  const double up = SecondsUp(kernel, kernel.clock().Now());
  Write(kernel, ProcPath("cpuinfo"), ProcessorInfo());
  Write(kernel, ProcPath("meminfo"), MemoryInfo(kernel));
  Write(kernel, ProcPath("uptime"), Seconds(up) + " " + Seconds(up * kProcessors) + "\n");
  // What waits to run is not counted.
  Write(kernel, ProcPath("loadavg"),
        "0.00 0.00 0.00 1/" + std::to_string(known_.size()) + " " +
            std::to_string(known_.empty() ? kFirst : *known_.rbegin()) + "\n");
  Write(kernel, ProcPath("sys/kernel/random/uuid"), RandomUuid());
  if (begun_) return;
  const std::string release(kKernelRelease);
  const std::string version(kKernelVersion);
  Write(kernel, ProcPath("version"),
        "Linux version " + release + " (sandbox@sandbox) " + version + "\n");
  Write(kernel, ProcPath("cmdline"), "sandbox\n");
  Write(kernel, ProcPath("filesystems"), "nodev\tproc\nnodev\ttmpfs\n");
  Write(kernel, ProcPath("mounts"),
        "memory / tmpfs rw,relatime 0 0\nproc /proc proc rw,nosuid,nodev,noexec,relatime 0 0\n");
  Write(kernel, ProcPath("sys/kernel/hostname"), "sandbox\n");
  Write(kernel, ProcPath("sys/kernel/ostype"), "Linux\n");
  Write(kernel, ProcPath("sys/kernel/osrelease"), release + "\n");
  Write(kernel, ProcPath("sys/kernel/version"), version + "\n");
  Write(kernel, ProcPath("sys/kernel/pid_max"), "4194304\n");
  Write(kernel, ProcPath("sys/kernel/random/boot_id"), RandomUuid());
  Write(kernel, ProcPath("1/cgroup"), "0::/\n");
  Write(kernel, ProcPath("1/cmdline"), std::string("sandbox\0", 8));
  Write(kernel, ProcPath("1/comm"), "sandbox\n");
}

void ProcFiles::FollowProcesses(Kernel& kernel, int current) {
  const auto& processes = KernelAccess::Of(kernel).processes;
  for (auto at = known_.begin(); at != known_.end();) {
    if (processes.contains(*at)) {
      ++at;
    } else {
      (void)kernel.files().RemoveTree(ProcPath(std::to_string(*at)));
      at = known_.erase(at);
    }
  }
  for (const auto& [pid, process] : processes) {
    if (!known_.insert(pid).second) continue;
    (void)kernel.files().MakeDirectory(ProcPath(std::to_string(pid)), kFolderMode);
  }
  if (self_ == current) return;
  self_ = current;
  (void)kernel.files().Unlink(ProcPath("self"));
  if (current != 0) LinkTo(kernel, std::to_string(current), ProcPath("self"));
}

void ProcFiles::Refresh(Kernel& kernel, std::string_view path, int current) {
  if (path.size() > kFolder.size() && path[kFolder.size()] != '/') return;
  const int pid = PidIn(path, current);
  if (!begun_) {
    (void)kernel.files().RemoveTree(kFolder);
    for (const char* folder : {"sys/kernel/random", "1"}) {
      (void)kernel.files().MakeDirectories(ProcPath(folder), kFolderMode);
    }
    WriteMachine(kernel);
    begun_ = true;
  }
  FollowProcesses(kernel, current);
  if (pid == 0) WriteMachine(kernel);
  if (Process* process = KernelAccess::Of(kernel).FindProcess(pid)) {
    WriteProcess(kernel, *process, pid == current);
  }
}

}  // namespace computesdk::in_memory
