#include "conformance/checks/programs.h"

#include <string>

namespace computesdk::conformance {

void NeedPrograms(CheckContext& ctx, const Box& box) {
  const Result<ExecutionResult> control =
      ctx.Exec(box, "sh", {"-c", "printf '%s;' two words \"$1\"", "sh", "an arg"});
  if (control && control->stdout_bytes == "two;words;an arg;") return;
  ctx.NotTestable("`sh -c SCRIPT` as a program with args does not run: see command.args.*");
}

void ExpectPrints(CheckContext& ctx, const Result<ExecutionResult>& run,
                  std::string_view expected) {
  const ExecutionResult result = ctx.Must(run, "the command");
  ctx.ExpectBytes(result.stdout_bytes, expected, "stdout");
  ctx.Expect(result.exit_code, testing::Eq(0), "exit code");
}

}  // namespace computesdk::conformance
