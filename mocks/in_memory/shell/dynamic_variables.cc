// The variables that the shell makes up when they are asked for.
#include <algorithm>
#include <array>
#include <chrono>

#include "mocks/in_memory/shell/builtins/builtins.h"
#include "mocks/in_memory/shell/interpreter.h"
#include "mocks/in_memory/shell/option_names.h"

namespace computesdk::in_memory::shell {
namespace {

// What a list of all variables shows of one.
enum class Listed {
  kByName,  // Not even that it is set; `set` leaves it out.
  kEmpty,   // An array without its elements.
  kWithValue,
};

struct DynamicVariable {
  const char* name;
  Listed listed = Listed::kByName;
};

constexpr std::array kDynamicVariables = {
    DynamicVariable{"BASHOPTS", Listed::kWithValue},
    DynamicVariable{"BASHPID"},
    DynamicVariable{"BASH_ALIASES", Listed::kWithValue},
    DynamicVariable{"BASH_ARGC", Listed::kEmpty},
    DynamicVariable{"BASH_ARGV", Listed::kEmpty},
    DynamicVariable{"BASH_ARGV0"},
    DynamicVariable{"BASH_CMDS", Listed::kWithValue},
    DynamicVariable{"BASH_COMMAND"},
    DynamicVariable{"BASH_LINENO", Listed::kWithValue},
    DynamicVariable{"BASH_SOURCE", Listed::kWithValue},
    DynamicVariable{"BASH_SUBSHELL"},
    DynamicVariable{"COMP_WORDBREAKS"},
    DynamicVariable{"DIRSTACK", Listed::kEmpty},
    DynamicVariable{"EPOCHREALTIME"},
    DynamicVariable{"EPOCHSECONDS"},
    DynamicVariable{"FUNCNAME"},
    DynamicVariable{"GROUPS", Listed::kEmpty},
    DynamicVariable{"HISTCMD"},
    DynamicVariable{"LINENO"},
    DynamicVariable{"PIPESTATUS", Listed::kWithValue},
    DynamicVariable{"RANDOM"},
    DynamicVariable{"SECONDS"},
    DynamicVariable{"SHELLOPTS", Listed::kWithValue},
    DynamicVariable{"SRANDOM"},
};

}  // namespace

std::set<std::string> Interpreter::DynamicNames() {
  std::set<std::string> names;
  for (const DynamicVariable& variable : kDynamicVariables) names.insert(variable.name);
  return names;
}

std::vector<std::string> Interpreter::VariableNames() {
  std::vector<std::string> names = state.variables.Names();
  for (const DynamicVariable& variable : kDynamicVariables) {
    if (state.plain_names.count(variable.name) != 0) continue;
    if (state.variables.Find(variable.name) != nullptr) continue;
    const Variable* dynamic = FindDynamic(variable.name);
    if (dynamic != nullptr && dynamic->set) names.emplace_back(variable.name);
  }
  if (!state.plain_sh && state.variables.Find("_") == nullptr) names.emplace_back("_");
  std::sort(names.begin(), names.end());
  return names;
}

Variable Interpreter::ListedVariable(const std::string& name) {
  if (const Variable* own = state.variables.Find(name)) return *own;
  Variable variable = *FindDynamic(name);
  const auto known = std::find_if(kDynamicVariables.begin(), kDynamicVariables.end(),
                                  [&](const DynamicVariable& entry) { return entry.name == name; });
  if (known == kDynamicVariables.end()) return variable;
  if (known->listed == Listed::kByName) variable.set = false;
  if (known->listed == Listed::kEmpty) variable.MutableIndexed().clear();
  return variable;
}

const Variable* Interpreter::FindDynamic(const std::string& name) {
  const auto scalar = [&](std::string value) {
    dynamic_ = {};
    dynamic_.set = true;
    dynamic_.integer = name == "RANDOM" || name == "SRANDOM" || name == "SECONDS" ||
                       name == "BASHPID" || name == "HISTCMD";
    dynamic_.readonly = name == "BASHOPTS" || name == "SHELLOPTS";
    dynamic_.value = std::move(value);
    return &dynamic_;
  };
  const auto list = [&](const auto& values, auto to_text) {
    dynamic_ = {};
    IndexedArray& array = dynamic_.MutableIndexed();
    std::int64_t index = 0;
    for (auto it = values.begin(); it != values.end(); ++it) array.emplace(index++, to_text(*it));
    return &dynamic_;
  };
  const auto now = [&] { return process.clock().Now().time_since_epoch(); };
  if (name == "_") return scalar(state.last_argument);
  if (name == "RANDOM") {
    return scalar(std::to_string(NextRandom()));
  }
  if (name == "SRANDOM") {
    state.random = state.random * 1664525U + 1013904223U;
    return scalar(std::to_string(state.random));
  }
  if (name == "SECONDS") {
    return scalar(std::to_string(
        std::chrono::floor<std::chrono::seconds>(now() - state.seconds_base).count()));
  }
  if (name == "HISTCMD") return scalar("0");  // That of an interactive shell counts.
  if (name == "LINENO") return scalar(std::to_string(state.line));
  if (name == "BASHPID") return scalar(std::to_string(process.pid()));
  if (name == "BASH_SUBSHELL") return scalar(std::to_string(state.subshell_level));
  if (name == "EPOCHSECONDS") {
    return scalar(std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now()).count()));
  }
  if (name == "EPOCHREALTIME") {
    const auto micro = std::chrono::duration_cast<std::chrono::microseconds>(now()).count();
    std::string fraction = std::to_string(1000000 + micro % 1000000).substr(1);
    return scalar(std::to_string(micro / 1000000) + "." + fraction);
  }
  if (name == "PIPESTATUS") {
    return list(state.pipe_status, [](int status) { return std::to_string(status); });
  }
  if (name == "BASH_COMMAND") return scalar(CommandText());
  if (name == "FUNCNAME") {
    if (!state.variables.in_function()) {
      dynamic_ = {};
      dynamic_.MutableIndexed();
      dynamic_.set = false;
      return &dynamic_;
    }
    return list(CallStack(), [](const FunctionFrame& frame) { return frame.name; });
  }
  if (name == "BASH_LINENO") {
    return list(CallStack(),
                [](const FunctionFrame& frame) { return std::to_string(frame.call_line); });
  }
  if (name == "BASH_SOURCE") {
    return list(CallStack(), [this](const FunctionFrame& frame) { return FileOf(frame); });
  }
  if (name == "SHELLOPTS") return scalar(EnabledOptions(state.options));
  if (name == "BASHOPTS") return scalar(EnabledShopts(state.shopt));
  if (name == "BASH_ARGV0") return scalar(state.name);
  if (name == "COMP_WORDBREAKS") return scalar(" \t\n\"'@><=;|&(:");
  if (name == "BASH_ALIASES") {
    dynamic_ = {};
    dynamic_.MutableAssociative();
    for (const auto& [alias, value] : state.aliases)
      dynamic_.MutableAssociative().Set(alias, value);
    return &dynamic_;
  }
  if (name == "BASH_CMDS") {
    dynamic_ = {};
    dynamic_.MutableAssociative();
    if (state.hashed == nullptr) return &dynamic_;
    for (const auto& [command, found] : state.hashed->commands) {
      dynamic_.MutableAssociative().Set(command, found.file);
    }
    return &dynamic_;
  }
  if (name == "BASH_ARGC" || name == "BASH_ARGV") return CallArguments(name == "BASH_ARGC");
  if (name == "DIRSTACK") {
    std::vector<std::string> folders = state.directories;
    folders.insert(folders.begin(), process.cwd);
    return list(folders, [](const std::string& text) { return text; });
  }
  if (name == "GROUPS") return list(std::vector<int>{0}, [](int id) { return std::to_string(id); });
  return nullptr;
}

// BASH_ARGC and BASH_ARGV: what the functions on the stack were called with, innermost and last
// first. Kept under `shopt -s extdebug`; otherwise only what the script was called with.
const Variable* Interpreter::CallArguments(bool counts) {
  dynamic_ = {};
  IndexedArray& array = dynamic_.MutableIndexed();
  std::int64_t index = 0;
  const auto add = [&](const std::vector<std::string>& arguments) {
    if (counts) {
      array.emplace(index++, std::to_string(arguments.size()));
      return;
    }
    for (std::size_t i = arguments.size(); i-- > 0;) array.emplace(index++, arguments[i]);
  };
  if (state.shopt.extdebug) {
    for (auto frame = state.frames.rbegin(); frame != state.frames.rend(); ++frame) {
      if (frame->arguments != nullptr) add(*frame->arguments);
    }
  }
  add(state.script_arguments == nullptr ? std::vector<std::string>() : *state.script_arguments);
  return &dynamic_;
}

// The numbers that bash gives for a seed: a minimal standard generator, its halves joined.
std::uint32_t Interpreter::NextRandom() {
  if (state.random_pid != process.pid()) {
    state.random_pid = process.pid();
    state.random ^= static_cast<std::uint32_t>(process.clock().Now().time_since_epoch().count() +
                                               process.pid() * 2654435761);
  }
  const std::uint32_t before = state.last_random;
  do {
    const std::uint32_t seed = state.random == 0 ? 123459876 : state.random;
    const std::int32_t value = static_cast<std::int32_t>(16807 * (seed % 127773)) -
                               static_cast<std::int32_t>(2836 * (seed / 127773));
    state.random = static_cast<std::uint32_t>(value < 0 ? value + 0x7fffffff : value);
    state.last_random = ((state.random >> 16) ^ (state.random & 65535)) & 32767;
  } while (state.last_random == before);
  return state.last_random;
}

}  // namespace computesdk::in_memory::shell
