#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// Defects in commands.
namespace computesdk::conformance {

std::vector<Sabotage> CommandSabotages() {
  return {
      {.name = "args-joined-with-blanks",
       .defect = "A command with args is a shell line: [command, ...args].join(' ').",
       .classes = {"C1", "C2"},
       .reveals = {"command.args.shell-characters"},
       .make = Spoil(WithRequest([](RunCommandRequest& request) {
         request.command = JoinedWithBlanks(request);
         request.args.reset();
       }))},
  };
}

}  // namespace computesdk::conformance
