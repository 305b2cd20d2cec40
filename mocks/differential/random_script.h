#ifndef COMPUTESDK_MOCKS_DIFFERENTIAL_RANDOM_SCRIPT_H_
#define COMPUTESDK_MOCKS_DIFFERENTIAL_RANDOM_SCRIPT_H_

#include <cstdint>
#include <string>
#include <vector>

namespace computesdk::differential {

// What decides how a line of a script comes out: each number picks one of a few alternatives. 0 is
// the simplest of them, and so is what stands behind the last number; so a list that is cut or
// lowered makes a simpler script, which is how a difference is shrunk.
using Choices = std::vector<std::uint16_t>;

// A script of bash, a line of commands for each list, and at its end what its variables are. The
// same choices make the same script. By construction it
//  - does nothing outside its own folder: commands and the files that they touch are literal, and
//    only their arguments are made of variables;
//  - ends: loops count, functions call only those that stand before them, and what is assigned in a
//    loop does not multiply;
//  - does the same every time: no time, no process number, no reader that ends before its writer,
//    no file that two ends of a pipeline use.
std::string MakeRandomScript(const std::vector<Choices>& lines);

}  // namespace computesdk::differential

#endif  // COMPUTESDK_MOCKS_DIFFERENTIAL_RANDOM_SCRIPT_H_
