#ifndef COMPUTESDK_MOCKS_DIFFERENTIAL_SCRIPT_FILE_H_
#define COMPUTESDK_MOCKS_DIFFERENTIAL_SCRIPT_FILE_H_

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

// Those of every .txt file in a folder, in the order of the files' names; the file's name is the
// category. Ends the program with a message if the folder cannot be read or holds none.
std::vector<Script> LoadScripts(const std::string& folder);

}  // namespace computesdk::differential

#endif  // COMPUTESDK_MOCKS_DIFFERENTIAL_SCRIPT_FILE_H_
