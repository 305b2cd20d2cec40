#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "conformance/check_context.h"
#include "conformance/checks/isolation.h"
#include "conformance/checks/languages.h"
#include "conformance/checks/parts.h"
#include "conformance/checks/values.h"

// The machine outside: nothing of it shows in a sandbox. Only recommended, as some providers run
// on the host by design.
namespace computesdk::conformance {

bool SeesTheHost(CheckContext& ctx, const Box& box) {
  return ctx.PathIsThere(box, ctx.host_canary_file());
}

std::string ListProcesses(CheckContext& ctx, const Box& box) {
  std::string list;
  for (const char* line : {"for f in /proc/[0-9]*/cmdline; do cat \"$f\" && printf '\\n'; done",
                           "ps -A -o args || ps"}) {
    // Processes come and go while they are listed, so that its exit code says nothing.
    if (const Result<ExecutionResult> result = ctx.Sh(box, line)) list += result->stdout_bytes;
  }
  for (char& c : list) {
    if (c == '\0') c = ' ';
  }
  return list;
}

namespace {

using ::testing::HasSubstr;
using ::testing::IsFalse;
using ::testing::Not;

void HostFilesAreHidden(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string own = box.Path("own");
  ctx.PutFile(box, own, "x");
  if (!ctx.PathIsThere(box, own)) ctx.NotTestable("a file of the sandbox's own was not seen");
  ctx.Expect(SeesTheHost(ctx, box), IsFalse(),
             "whether the file " + ctx.host_canary_file() + " of the kit's machine is there");
}

// A process beside the kit's own, on its machine, whose command line holds a word. It ends when
// this object does, or the kit.
class HostProcess {
 public:
  explicit HostProcess(const std::string& word) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
    std::string words[] = {"sh", "-c", "read line; :", word};
    char* const argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                          nullptr};
    if (::posix_spawnp(&pid_, "sh", &actions, nullptr, argv, environ) != 0) pid_ = 0;
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[0]);
    input_ = ends[1];
  }
  ~HostProcess() {
    if (input_ >= 0) ::close(input_);
    if (pid_ > 0) ::waitpid(pid_, nullptr, 0);
  }
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  pid_t pid() const { return pid_; }  // 0 if it could not be started.

 private:
  pid_t pid_ = 0;
  int input_ = -1;
};

bool FindsProcess(CheckContext& ctx, pid_t pid) {
  return ctx.Need(ctx.Sh(ctx.box(), "kill -0 " + std::to_string(pid)), "kill -0").exit_code == 0;
}

// Whether a process of the kit's machine is found by its number, and no longer once it has ended:
// the sandbox may have one of its own with that number.
bool FindsHostProcess(CheckContext& ctx) {
  pid_t pid = 0;
  {
    const HostProcess process(ctx.Unique());
    pid = process.pid();
    if (pid == 0) ctx.NotTestable("no process could be started on the kit's own machine");
    if (!FindsProcess(ctx, pid)) return false;
  }
  return !FindsProcess(ctx, pid);
}

void HostProcessesAreHidden(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string word = "kit-marker-" + ctx.Unique();
  const HostProcess process(word);
  if (process.pid() == 0) ctx.NotTestable("no process could be started on the kit's own machine");
  // Its own shell shows that there is a list to look at.
  if (const std::string listed = ListProcesses(ctx, box); !listed.empty()) {
    ctx.Expect(listed, Not(HasSubstr(word)), "the processes that a sandbox shows");
    return;
  }
  if (ctx.Need(ctx.Sh(box, "kill -0 $$"), "kill -0 $$").exit_code != 0) {
    ctx.NotTestable("neither /proc nor `ps` nor `kill -0` shows the sandbox's processes");
  }
  // Twice: one of the sandbox's own may have that number and end at that very moment.
  const bool found = FindsHostProcess(ctx) && FindsHostProcess(ctx);
  ctx.Expect(found, IsFalse(), "whether a process of the kit's own machine can be signalled");
}

void HostVariablesAreHidden(CheckContext& ctx) {
  const Box& box = ctx.box();
  const auto [name, value] = ctx.host_canary_variable();
  {
    const auto scope = ctx.Case("in the processes that the sandbox shows");
    const Result<ExecutionResult> result =
        ctx.Sh(box, "for f in /proc/[0-9]*/environ; do cat \"$f\"; done");
    if (result) {
      ctx.Expect(result->stdout_bytes.find(value) != std::string::npos, IsFalse(),
                 "whether the variable " + name + " of the kit's own shows");
    }
  }
  ForEachRuntime(ctx, [&](const Runtime& runtime) {
    const ExecutionResult result = ctx.Need(
        RunCode(ctx, box, runtime, runtime.language->PrintVariable(name)), "code that prints it");
    ctx.ExpectBytes(result.stdout_bytes, "unset", "the variable " + name + " in code");
  });
}

}  // namespace

std::vector<Requirement> HostIsolationRequirements() {
  return {
      {.id = "isolation.host-files",
       .level = Level::kRecommended,
       .asks = "Files of the machine outside do not show in a sandbox.",
       .why = "Code that nobody has read can read the keys in ~/.ssh, and write next to them.",
       .breaks = "Commands run on the host, or the host's /tmp or home is mounted for convenience.",
       .wrong = R"(HostConfig: { Binds: ['/tmp:/tmp', `${os.homedir()}:/home/user`] })",
       .right = R"(HostConfig: { Binds: [`${volumeOf(sandboxId)}:/workspace`] })",
       .defects = {"S4", "S2"},
       .mend = "Run commands in a container or a virtual machine; where the provider runs on the "
               "host by design, say so in its documentation.",
       .check = HostFilesAreHidden},
      {.id = "isolation.host-processes",
       .level = Level::kRecommended,
       .asks = "Processes of the machine outside do not show in a sandbox.",
       .why = "What can be listed can be signalled, and its command line and variables read.",
       .breaks = "Commands run on the host, under a chroot at most; or /proc of the host is "
                 "mounted.",
       .wrong = R"(spawn('chroot', [root, 'sh', '-c', command]);)",
       .right = R"(spawn('unshare', ['--fork', '--pid', `--mount-proc=${root}/proc`,
  'chroot', root, 'sh', '-c', command]);)",
       .defects = {"S3", "S4"},
       .mend = "Give sandboxes a process namespace of their own, and a /proc of that.",
       .check = HostProcessesAreHidden},
      {.id = "isolation.host-variables",
       .level = Level::kRecommended,
       .asks = "Variables of the provider's own process show neither in code nor in /proc.",
       .why = "They hold the API keys of whoever runs the provider; code that a model wrote needs "
              "one line to send them away.",
       .breaks = "`{ ...process.env, ...env }`; or the commands have a clean environment, and the "
                 "first process of the sandbox, which /proc/1/environ shows, has not.",
       .wrong = R"(spawn('sandbox-init', [id], { env: { ...process.env, SANDBOX: id } });)",
       .right = R"(spawn('sandbox-init', [id], { env: { PATH: '/usr/bin:/bin', SANDBOX: id } });)",
       .defects = {"S1"},
       .mend = "Start the sandbox itself, and not only its commands, with an environment that is "
               "built from nothing.",
       .check = HostVariablesAreHidden},
  };
}

}  // namespace computesdk::conformance
