#ifndef COMPUTESDK_MOCKS_DIFFERENTIAL_SCRIPT_FILE_H_
#define COMPUTESDK_MOCKS_DIFFERENTIAL_SCRIPT_FILE_H_

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace computesdk::differential {

struct Script {
  std::string name;  // "expansion: default of an empty variable"
  std::string text;

  friend std::ostream& operator<<(std::ostream& os, const Script& script) {
    return os << script.name << "\n" << script.text;
  }
};

// The scripts of a file. Each begins with a line "=== its name" and goes on to the next such line;
// what stands before the first is a comment. `category` is put before the names.
std::vector<Script> ParseScripts(std::string_view text, const std::string& category);

// Those of every .txt file below a folder, in the order of the files' paths; the path, as in
// "corners/arrays", is the category. Ends the program with a message if the folder cannot be read
// or holds none.
std::vector<Script> LoadScripts(const std::string& folder);

// The scripts that are known to differ, each with the reason. A line "## words" begins a reason,
// the lines after it are the names of scripts; a line "# words" is a comment. Ends the program as
// above.
std::map<std::string, std::string> LoadDifferences(const std::string& file);

}  // namespace computesdk::differential

#endif  // COMPUTESDK_MOCKS_DIFFERENTIAL_SCRIPT_FILE_H_
