#ifndef COMPUTESDK_CONFORMANCE_SELFTEST_COMMAND_SABOTAGES_H_
#define COMPUTESDK_CONFORMANCE_SELFTEST_COMMAND_SABOTAGES_H_

#include <functional>
#include <string>
#include <vector>

#include "conformance/selftest/sabotage.h"
#include "conformance/selftest/spoil.h"

// The parts of CommandSabotages, and what several of them use.
namespace computesdk::conformance {

std::vector<Sabotage> CommandArgsSabotages();
std::vector<Sabotage> CommandProgramSabotages();
std::vector<Sabotage> CommandLineSabotages();
std::vector<Sabotage> CommandOutcomeSabotages();
std::vector<Sabotage> CommandStateSabotages();
std::vector<Sabotage> CommandCwdSabotages();
std::vector<Sabotage> CommandEnvSabotages();
std::vector<Sabotage> CommandTimeoutSabotages();
std::vector<Sabotage> CommandBackgroundSabotages();

// A defect of shell lines alone, and of programs with args alone.
Replacements OfLines(std::function<void(std::string& line)> change);
Replacements OfArgs(std::function<void(std::vector<std::string>& args)> change);
// Programs with args become shell lines, each word as `quote` writes it.
Replacements ArgsAsLine(std::function<std::string(const std::string& word)> quote);
// A defect of the results of commands, not of code.
Replacements OfResults(std::function<void(ExecutionResult&)> change);

// The text with what follows it, on a line of its own, so that no comment swallows it.
std::string Followed(const std::string& line, const std::string& by);

}  // namespace computesdk::conformance

#endif  // COMPUTESDK_CONFORMANCE_SELFTEST_COMMAND_SABOTAGES_H_
