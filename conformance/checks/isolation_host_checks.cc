#include <unistd.h>

#include <fstream>
#include <iterator>
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

// The command line of this very process, with blanks between its words.
std::string OwnCommandLine() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  std::string line((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  for (char& c : line) {
    if (c == '\0') c = ' ';
  }
  return line;
}

void HostProcessesAreHidden(CheckContext& ctx) {
  const Box& box = ctx.box();
  const std::string pid = std::to_string(::getpid());
  // Its own shell shows that there is a list to look at.
  if (const std::string listed = ListProcesses(ctx, box); !listed.empty()) {
    const std::string own = OwnCommandLine();
    if (own.empty()) ctx.NotTestable("the kit's machine has no /proc");
    ctx.Expect(listed, Not(HasSubstr(own)), "the processes that a sandbox shows");
    return;
  }
  if (ctx.Need(ctx.Sh(box, "kill -0 $$"), "kill -0 $$").exit_code != 0) {
    ctx.NotTestable("neither /proc nor `ps` nor `kill -0` shows the sandbox's processes");
  }
  const ExecutionResult result = ctx.Need(ctx.Sh(box, "kill -0 " + pid), "kill -0");
  ctx.Expect(result.exit_code == 0, IsFalse(),
             "whether the kit's own process " + pid + " can be signalled");
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
       .defects = {"S4", "S2"},
       .mend = "Run commands in a container or a virtual machine; where the provider runs on the "
               "host by design, say so in its documentation.",
       .check = HostFilesAreHidden},
      {.id = "isolation.host-processes",
       .level = Level::kRecommended,
       .asks = "Processes of the machine outside do not show in a sandbox.",
       .why = "What can be listed can be signalled, and its command line and variables read.",
       .defects = {"S3", "S4"},
       .mend = "Give sandboxes a process namespace of their own.",
       .check = HostProcessesAreHidden},
      {.id = "isolation.host-variables",
       .level = Level::kRecommended,
       .asks = "Variables of the provider's own process show neither in code nor in /proc.",
       .why = "They hold the API keys; /proc/1/environ shows them where the shell's own variables "
              "were cleaned.",
       .defects = {"S1"},
       .mend = "Start the sandbox itself, and not only its commands, with an environment that is "
               "built from nothing.",
       .check = HostVariablesAreHidden},
  };
}

}  // namespace computesdk::conformance
