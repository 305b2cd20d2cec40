#include "conformance/checks/both_streams.h"

namespace computesdk::conformance {

void ExpectOnBothStreams(CheckContext& ctx, const std::string& print, std::string_view expected) {
  for (const bool to_stderr : {false, true}) {
    const auto scope = ctx.Case(to_stderr ? "on stderr" : "on stdout");
    const ExecutionResult result =
        ctx.Must(ctx.Sh(ctx.box(), to_stderr ? "{ " + print + "; } >&2" : print));
    ExpectResult(ctx, result, to_stderr ? "" : expected, to_stderr ? expected : "", 0);
  }
}

void ExpectValuesKept(CheckContext& ctx, const std::vector<NamedValue>& values) {
  for (const NamedValue& value : values) {
    const auto scope = ctx.Case(value.label);
    ExpectOnBothStreams(ctx, "printf '" + PrintfOctal(value.bytes) + "'", value.bytes);
  }
}

void ExpectResult(CheckContext& ctx, const ExecutionResult& result, std::string_view out,
                  std::string_view err, int exit_code) {
  ctx.ExpectBytes(result.stdout_bytes, out, "stdout");
  ctx.ExpectBytes(result.stderr_bytes, err, "stderr");
  ctx.Expect(result.exit_code, ::testing::Eq(exit_code), "exit code");
}

}  // namespace computesdk::conformance
