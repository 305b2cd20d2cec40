#ifndef COMPUTESDK_CONFORMANCE_CHECKS_VALUES_H_
#define COMPUTESDK_CONFORMANCE_CHECKS_VALUES_H_

#include <string>
#include <string_view>
#include <vector>

#include "sdk/types.h"

// What the checks try things with.
namespace computesdk::conformance {

struct NamedValue {
  std::string label;  // For the report: "a blank inside".
  std::string bytes;
};

// Texts that careless quoting, splitting, globbing or trimming changes: blanks, quotes, `$HOME`,
// `*`, `;`, newlines, a leading dash, characters beyond ASCII. Not empty, valid UTF-8, no NUL and
// no slash, at most 255 bytes: each is a file name, too.
const std::vector<NamedValue>& AwkwardTexts();

// Those of them that are special to a shell.
const std::vector<NamedValue>& ShellTexts();

// Texts that make a shell run `command` where they reach it unquoted, or in quotes that they close.
std::vector<NamedValue> Injections(const std::string& command);

// Byte strings that a text-minded transport changes: NUL, invalid UTF-8, CR LF, escape sequences,
// all 256 bytes, newlines and blanks at the ends.
const std::vector<NamedValue>& AwkwardBytes();

// All 256 bytes in order, the last one first.
std::string AllBytes();

// The bytes as a format of printf(1), in plain ASCII and without quotes: "\101\102".
std::string PrintfOctal(std::string_view bytes);

// The path with backslashes before what a shell minds; works unquoted, where single quotes would
// end somebody else's.
std::string BackslashQuote(std::string_view path);

// Shell text that defines `nap`, a pause of about 50 ms; a second where `sleep` takes whole seconds
// only. And text that naps until the path is there, for `limit` or so; its status tells whether it
// is there.
std::string DefineNap();
std::string AwaitPath(std::string_view path, Milliseconds limit);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_CHECKS_VALUES_H_
