#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_SHELL_FILES_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_SHELL_FILES_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/printable.h"
#include "conformance/selftest/spoil.h"
#include "sdk/provider.h"

// File methods that are shell commands, as an adapter has them whose backend can do nothing else.
// Each takes one line with {} where the path goes; what else could be wrong with such a method is
// right here: the exit code is looked at, the error names the path, a NUL is refused.
namespace computesdk::conformance {

// How the path is put into the line.
using Quoting = std::function<std::string(std::string_view)>;
std::string Unquoted(std::string_view path);
// JSON.stringify, which is taken for a quoting of shells.
std::string JsonQuoted(std::string_view path);

Replacements ReadByShell(std::string line, Quoting quoting = ShellQuote);
Replacements MkdirByShell(std::string line, Quoting quoting = ShellQuote);
Replacements RemoveByShell(std::string line, Quoting quoting = ShellQuote);
// True for the exit code 0, false for every other.
Replacements ExistsByShell(std::string line, Quoting quoting = ShellQuote);
// Entries of what the line prints; their paths are joined here.
Replacements ReaddirByShell(std::string line,
                            std::function<std::vector<FileEntry>(const std::string&)> parse,
                            Quoting quoting = ShellQuote);
// The line made for the content; missing parents are made before it.
Replacements WriteByShell(std::function<std::string(std::string_view content)> line,
                          Quoting quoting = ShellQuote);

// The bytes as a format of printf(1).
std::string OctalEscaped(std::string_view bytes);
// What text.split('\n') has, without the empty one at the end.
std::vector<std::string> Lines(const std::string& text);
// What text.trim().split(/\s+/) has.
std::vector<std::string> Words(const std::string& text);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_SHELL_FILES_H_
