#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_FILE_SPOILS_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_FILE_SPOILS_H_

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/selftest/spoil.h"
#include "sdk/provider.h"

// Defects of file methods, as replacements.
namespace computesdk::conformance {

// A replacement of readFile that changes the content; of writeFile; of each entry of readdir.
Replacements WithReadContent(std::function<std::string(std::string)> change);
Replacements WithWrittenContent(std::function<std::string(std::string)> change);
Replacements WithEntry(std::function<void(FileEntry&)> change);
// One of readdir that changes the whole listing.
Replacements WithEntries(std::function<void(std::vector<FileEntry>&)> change);

// All six methods act on another path than the one they were given. readdir tells the path that
// was asked for.
Replacements WithPath(const std::function<std::string(const std::string&)>& change);
// All six refuse such paths.
Replacements Refusing(const std::function<bool(const std::string&)>& refused, ErrorCode code);

// readFile, writeFile, mkdir, readdir and remove with another error in place of theirs.
Replacements WithFileError(std::function<Error(const std::string& path, Error)> change);

// --- what such defects look at
// ---------------------------------------------------------------------

// `[ OPTION PATH ]` in the sandbox's shell.
bool Test(Provider& provider, const std::string& id, const std::string& option,
          const std::string& path);
// One of the names is "..".
bool HasDotDot(const std::string& path);
// "a/b" of "a/b/c", and "c".
std::string ParentOf(const std::string& path);
std::string BaseOf(const std::string& path);
// UTF-8 in which every byte that belongs to no character is U+FFFD.
std::string DecodedAsUtf8(std::string_view bytes);
// The bytes taken for Latin-1, and encoded as UTF-8.
std::string DecodedAsLatin1(std::string_view bytes);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_FILE_SPOILS_H_
