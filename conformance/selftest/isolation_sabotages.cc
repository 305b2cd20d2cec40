#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"
#include "mocks/default_programs.h"

// Defects that let sandboxes see, or disturb, one another and the machine outside.
namespace computesdk::conformance {
namespace {

using in_memory::Main;
using in_memory::Process;
using in_memory::ProgramTable;

const std::vector<std::string> kSideBySide = {"isolation.*"};
const std::vector<std::string> kData = {"isolation.files*", "isolation.code", "isolation.results",
                                        "isolation.variables"};

using Files = std::map<std::string, std::string>;  // Content by path.

// The files in the workdir, or those in the folders there.
Files ReadVolume(Provider& inner, const std::string& id, bool folders) {
  Files files;
  const std::string root = inner.Describe().workdir;
  const auto add = [&](const std::string& dir) {
    for (const FileEntry& entry : inner.Readdir(id, dir).value_or(std::vector<FileEntry>())) {
      const std::string path = dir + "/" + entry.name;
      if (!entry.is_directory) files[path] = inner.ReadFile(id, path).value_or("");
    }
  };
  if (!folders) add(root);
  for (const FileEntry& entry : inner.Readdir(id, root).value_or(std::vector<FileEntry>())) {
    if (folders && entry.is_directory) add(root + "/" + entry.name);
  }
  return files;
}

// One volume, mounted in all sandboxes: as their workdir, or with a folder for each of them.
Replacements OneVolume(bool folders) {
  struct State {
    std::mutex mutex;
    Files volume;
  };
  const auto state = std::make_shared<State>();
  return {.run_command = [state, folders](Provider& inner, const std::string& id,
                                          RunCommandRequest request) {
    {
      const std::lock_guard lock(state->mutex);
      for (const auto& [path, content] : ReadVolume(inner, id, folders)) {
        if (!state->volume.contains(path)) (void)inner.Remove(id, path);
      }
      for (const auto& [path, content] : state->volume) (void)inner.WriteFile(id, path, content);
    }
    const Files before = ReadVolume(inner, id, folders);
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    const Files after = ReadVolume(inner, id, folders);
    const std::lock_guard lock(state->mutex);
    for (const auto& [path, content] : before) {
      if (!after.contains(path)) state->volume.erase(path);
    }
    for (const auto& [path, content] : after) {
      const auto old = before.find(path);
      if (old == before.end() || old->second != content) state->volume[path] = content;
    }
    return result;
  }};
}

// `export NAME=VALUE` at the start of a line is kept by the adapter, in one table for all.
Replacements ExportsKeptForAll() {
  struct State {
    std::mutex mutex;
    Environment exported;
  };
  const auto state = std::make_shared<State>();
  return {.run_command = [state](Provider& inner, const std::string& id,
                                 RunCommandRequest request) {
    constexpr std::string_view kExport = "export ";
    const std::size_t equals = request.command.find('=');
    {
      const std::lock_guard lock(state->mutex);
      request.options.env.insert(state->exported.begin(), state->exported.end());
      if (request.command.starts_with(kExport) && equals != std::string::npos) {
        const std::string name = request.command.substr(kExport.size(), equals - kExport.size());
        const std::size_t end = request.command.find_first_of("; \n", equals);
        state->exported[name] = request.command.substr(equals + 1, end - equals - 1);
      }
    }
    return inner.RunCommand(id, request);
  }};
}

Replacements EnvsMergedIntoTheDefaults() {
  struct State {
    std::mutex mutex;
    Environment defaults;
  };
  const auto state = std::make_shared<State>();
  return {.create = [state](Provider& inner, CreateSandboxOptions options) {
    const Environment own = options.envs;
    {
      const std::lock_guard lock(state->mutex);
      for (const auto& [name, value] : state->defaults) options.envs.emplace(name, value);
    }
    Result<SandboxRef> made = inner.Create(options);
    if (!made) return made;
    const std::lock_guard lock(state->mutex);
    for (const auto& [name, value] : own) {
      if (name != "PATH" && name != "HOME") state->defaults[name] = value;
    }
    return made;
  }};
}

// A client with a current sandbox, which the next call changes while it connects.
Replacements CurrentSandbox() {
  struct State {
    std::mutex mutex;
    std::string current;
  };
  const auto state = std::make_shared<State>();
  return {
      .run_command = [state](Provider& inner, const std::string& id, RunCommandRequest request) {
        {
          const std::lock_guard lock(state->mutex);
          state->current = id;
        }
        std::this_thread::sleep_for(Milliseconds{2});
        std::string current;
        {
          const std::lock_guard lock(state->mutex);
          current = state->current;
        }
        return inner.RunCommand(current, request);
      }};
}

// destroy ends what runs by the name of the shell, everywhere.
Replacements DestroyByName() {
  const auto destroyed = std::make_shared<std::atomic<int>>(0);
  return {.destroy =
              [destroyed](Provider& inner, const std::string& id) {
                ++*destroyed;
                return inner.Destroy(id);
              },
          .run_command =
              [destroyed](Provider& inner, const std::string& id, RunCommandRequest request) {
                const int before = *destroyed;
                Result<ExecutionResult> result = inner.RunCommand(id, request);
                if (result && *destroyed != before) {
                  result->exit_code = 128 + 9;
                  result->stdout_bytes.clear();
                }
                return result;
              }};
}

// All sandboxes share a connection, which is closed under more than 4 MiB.
Replacements OneConnection() {
  const auto open = std::make_shared<std::atomic<bool>>(true);
  return {.run_command = [open](Provider& inner, const std::string& id,
                                RunCommandRequest request) -> Result<ExecutionResult> {
    if (!*open) return MakeError(ErrorCode::kUnavailable, "the connection was closed");
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    constexpr std::size_t kMost = std::size_t{4} << 20;
    if (result && result->stdout_bytes.size() + result->stderr_bytes.size() > kMost) *open = false;
    return result;
  }};
}

std::size_t CountFiles(Provider& inner, const std::string& id, const std::string& dir) {
  const Result<std::vector<FileEntry>> entries = inner.Readdir(id, dir);
  if (!entries) return 0;
  std::size_t count = entries->size();
  for (const FileEntry& entry : *entries) {
    if (entry.is_directory) count += CountFiles(inner, id, dir + "/" + entry.name);
  }
  return count;
}

// One table of inodes for all, of 1,000: what is there is counted after each command.
Replacements OneTableOfInodes() {
  const auto full = std::make_shared<std::atomic<bool>>(false);
  return {.run_command = [full](Provider& inner, const std::string& id,
                                RunCommandRequest request) -> Result<ExecutionResult> {
    Result<ExecutionResult> result = inner.RunCommand(id, request);
    if (result && *full) {
      result->exit_code = 1;
      result->stderr_bytes += "sh: No space left on device\n";
    }
    if (CountFiles(inner, id, inner.Describe().workdir) >= 1000) *full = true;
    return result;
  }};
}

// One limit of 8 processes for all sandboxes: beyond it, no program starts.
InMemoryProviderOptions OneLimitOfProcesses() {
  const auto running = std::make_shared<std::atomic<int>>(0);
  InMemoryProviderOptions options;
  const ProgramTable& programs = in_memory::DefaultPrograms();
  options.programs["sleep"] = [running, sleep = programs.at("sleep")](Process& process) {
    struct Counted {
      std::atomic<int>& count;
      ~Counted() { --count; }
    };
    const Counted counted{*running};
    ++*running;
    return sleep(process);
  };
  options.programs["cat"] = [running, cat = programs.at("cat")](Process& process) {
    if (*running < 8) return cat(process);
    (void)process.Write(2, "sh: fork: Resource temporarily unavailable\n");
    return 254;
  };
  return options;
}

// One table of processes for all sandboxes, with a `ps` that shows it.
InMemoryProviderOptions OneProcessTable() {
  struct Table {
    std::mutex mutex;
    std::map<const Process*, std::string> lines;
  };
  const auto table = std::make_shared<Table>();
  InMemoryProviderOptions options;
  options.programs["sh"] = [table, sh = in_memory::DefaultPrograms().at("sh")](Process& process) {
    struct Entry {
      Table& table;
      const Process* process;
      ~Entry() {
        const std::lock_guard lock(table.mutex);
        table.lines.erase(process);
      }
    };
    const Entry entry{*table, &process};
    {
      const std::lock_guard lock(table->mutex);
      for (const std::string& arg : process.args) table->lines[&process] += arg + " ";
    }
    return sh(process);
  };
  options.programs["ps"] = [table](Process& process) {
    std::string list;
    {
      const std::lock_guard lock(table->mutex);
      for (const auto& [key, line] : table->lines) list += line + "\n";
    }
    (void)process.Write(1, list);
    return 0;
  };
  return options;
}

std::string ReadHostFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A `ps` that shows the processes of the machine outside.
InMemoryProviderOptions HostProcessTable() {
  InMemoryProviderOptions options;
  options.programs["ps"] = [](Process& process) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
      std::string line = ReadHostFile(entry.path() / "cmdline");
      std::ranges::replace(line, '\0', ' ');
      if (!line.empty()) (void)process.Write(1, line + "\n");
    }
    return 0;
  };
  return options;
}

// The host's /tmp is mounted, as far as its files are small.
Replacements HostsTmpMounted() {
  return {.create = [](Provider& inner, CreateSandboxOptions options) {
    Result<SandboxRef> made = inner.Create(options);
    std::error_code error;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::temp_directory_path(), error)) {
      if (!made || !entry.is_regular_file(error) || entry.file_size(error) > 256) continue;
      (void)inner.WriteFile(made->sandbox_id, entry.path().string(), ReadHostFile(entry.path()));
    }
    return made;
  }};
}

// { ...process.env, ...envs }
ProviderFactory WithTheHostsEnvironment() {
  return [] {
    InMemoryProviderOptions options;
    for (char** entry = environ; *entry != nullptr; ++entry) {
      const std::string_view variable = *entry;
      const std::size_t equals = variable.find('=');
      const std::string name(variable.substr(0, equals));
      // The image has its own of these.
      if (name == "PATH" || name == "HOME" || equals == std::string_view::npos) continue;
      options.envs[name] = std::string(variable.substr(equals + 1));
    }
    return std::make_unique<InMemoryProvider>(options);
  };
}

// `nc -l -p PORT` and `nc … PORT`, on a network that all sandboxes share.
InMemoryProviderOptions OneNetwork() {
  struct Network {
    std::mutex mutex;
    std::map<std::string, std::vector<std::string>> connections;  // By port, where one listens.
  };
  const auto network = std::make_shared<Network>();
  const auto listen = [network](Process& process, const std::string& port) {
    struct Open {
      Network& network;
      const std::string& port;
      ~Open() {
        const std::lock_guard lock(network.mutex);
        if (network.connections[port].empty()) network.connections.erase(port);
      }
    };
    const Open open{*network, port};
    while (true) {
      {
        const std::lock_guard lock(network->mutex);
        std::vector<std::string>& waiting = network->connections[port];
        if (!waiting.empty()) {
          const std::string data = waiting.front();
          waiting.erase(waiting.begin());
          (void)process.Write(1, data);
          return 0;
        }
      }
      process.Sleep(Milliseconds{2});
    }
  };
  InMemoryProviderOptions options;
  options.programs["nc"] = [network, listen](Process& process) {
    const std::string port = process.args.back();
    if (process.args.size() > 1 && process.args[1] == "-l") return listen(process, port);
    const auto data = process.ReadAll(0);
    const std::lock_guard lock(network->mutex);
    const auto found = network->connections.find(port);
    if (found == network->connections.end() || !data) return 1;
    found->second.push_back(*data);
    return 0;
  };
  return options;
}

// Nobody waits for orphans: each stays in the process table, where kill -0 finds it.
Replacements ZombiesStay() {
  return WithRequest([](RunCommandRequest& request) {
    if (request.args || request.command.find("kill -0") == std::string::npos) return;
    request.command.insert(0, "kill() { command kill \"$@\" 2>/dev/null || [ \"$1\" = -0 ]; }; ");
  });
}

}  // namespace

std::vector<Sabotage> IsolationSabotages() {
  return {
      {.name = "one-volume-for-all",
       .defect = "The workdir of all sandboxes is one volume.",
       .classes = {"S2", "L20"},
       .reveals = {"isolation.code", "isolation.files"},
       .alone = kData,
       .make = SpoilWith([] { return OneVolume(false); })},
      {.name = "folders-of-one-volume",
       .defect = "Sandboxes are folders side by side on a volume that each of them sees.",
       .classes = {"S2", "S4"},
       .reveals = {"isolation.files-out-of-reach"},
       .alone = kData,
       .make = SpoilWith([] { return OneVolume(true); })},
      {.name = "exports-kept-for-all",
       .defect = "What a command exports is kept in one table for all sandboxes.",
       .classes = {"C38"},
       .reveals = {"command.state.variables", "isolation.variables"},
       .make = SpoilWith(ExportsKeptForAll)},
      {.name = "envs-merged-into-the-defaults",
       .defect = "Variables of create are merged into the defaults of all later sandboxes.",
       .classes = {"I12", "S1"},
       .reveals = {"create.envs.own", "isolation.create-envs"},
       .make = SpoilWith(EnvsMergedIntoTheDefaults)},
      {.name = "current-sandbox",
       .defect = "The client has a current sandbox, which the next call changes while it connects.",
       .classes = {"P1", "I12"},
       .reveals = {"isolation.results"},
       // Which calls come at the same moment.
       .may_change = {"isolation.code", "isolation.flood.*"},
       .alone = kSideBySide,
       .make = SpoilWith(CurrentSandbox)},
      {.name = "destroy-by-name",
       .defect = "destroy ends every shell that runs, in whatever sandbox.",
       .classes = {"L5", "P4"},
       .reveals = {"isolation.destroy"},
       .alone = kSideBySide,
       .make = SpoilWith(DestroyByName)},
      {.name = "one-connection",
       .defect = "All sandboxes share a connection, which is closed under more than 4 MiB.",
       .classes = {"P3", "C59"},
       .reveals = {"isolation.flood.output"},
       .blinds = {"isolation.flood.files"},
       .alone = {"isolation.flood.output", "isolation.flood.files"},
       .make = SpoilWith(OneConnection)},
      {.name = "one-table-of-inodes",
       .defect = "All sandboxes share a file system with 1,000 inodes.",
       .classes = {"S9"},
       .reveals = {"isolation.flood.files"},
       .alone = {"isolation.flood.output", "isolation.flood.files"},
       .make = SpoilWith(OneTableOfInodes)},
      {.name = "one-limit-of-processes",
       .defect = "All sandboxes together may run 8 processes.",
       .classes = {"S7"},
       .reveals = {"isolation.flood.processes"},
       .alone = kSideBySide,
       .make = Spoil({}, OneLimitOfProcesses())},
      {.name = "one-process-table",
       .defect = "Processes of one sandbox show in another one's `ps`.",
       .classes = {"S3"},
       .reveals = {"isolation.processes"},
       .make = Spoil({}, OneProcessTable())},
      {.name = "host-processes-shown",
       .defect = "`ps` shows the processes of the machine outside.",
       .classes = {"S3", "S4"},
       .reveals = {"isolation.host-processes"},
       .make = Spoil({}, HostProcessTable())},
      {.name = "host-tmp-mounted",
       .defect = "The /tmp of the machine outside is mounted in each sandbox.",
       .classes = {"S4"},
       .reveals = {"isolation.host-files"},
       // Whether anything comes and goes there meanwhile.
       .may_change = {"lifecycle.create.failure-leaves-nothing"},
       .make = Spoil(HostsTmpMounted())},
      {.name = "host-environment-passed-on",
       .defect = "Sandboxes start with the variables of the provider's own process.",
       .classes = {"S1"},
       .reveals = {"isolation.host-variables", "environment.provider-variables"},
       .make = WithTheHostsEnvironment()},
      {.name = "one-network",
       .defect = "All sandboxes share the network of one machine.",
       .classes = {"S5"},
       .reveals = {"isolation.ports"},
       .make = Spoil({}, OneNetwork())},
      {.name = "orphans-stay",
       .defect = "The first process of a sandbox waits for no orphan: they stay as zombies.",
       .classes = {"H1"},
       .reveals = {"isolation.orphans"},
       .make = Spoil(ZombiesStay())},
  };
}

}  // namespace computesdk::conformance
