#ifndef COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STATE_H_
#define COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STATE_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "mocks/in_memory/shell/expansion/variables.h"
#include "mocks/in_memory/shell/syntax/syntax.h"

namespace computesdk::in_memory::shell {

// `set -e` and its like.
struct Options {
  bool all_export = false;      // -a
  bool exit_on_error = false;   // -e
  bool no_glob = false;         // -f
  bool no_execute = false;      // -n
  bool unset_is_error = false;  // -u
  bool verbose = false;         // -v
  bool trace = false;           // -x
  bool no_clobber = false;      // -C
  bool trace_errors = false;    // -E
  bool monitor = false;         // -m
  bool notify = false;          // -b
  bool physical = false;        // -P
  bool brace_expand = true;     // -B
  bool hash_all = true;         // -h
  bool function_trace = false;  // -T
  bool keyword = false;         // -k
  bool one_command = false;     // -t
  bool restricted = false;      // -r
  bool hist_expand = false;     // -H
  bool privileged = false;      // -p
  bool history = false;
  bool ignore_eof = false;
  bool pipe_fail = false;
  bool posix = false;
  bool emacs = false;
  bool vi = false;
  bool from_command = false;  // -c
  bool from_stdin = false;    // -s
};

// `shopt`.
struct ShellOptions {
  // What comes with `set -o posix`, and goes with it.
  void SetPosix(bool on) { expand_aliases = inherit_errexit = shift_verbose = on; }

  bool assoc_expand_once = false;
  bool autocd = false;
  bool cdable_vars = false;
  bool cdspell = false;
  bool checkhash = false;
  bool checkjobs = false;
  bool checkwinsize = true;
  bool cmdhist = true;
  bool compat31 = false;
  bool compat32 = false;
  bool compat40 = false;
  bool compat41 = false;
  bool compat42 = false;
  bool compat43 = false;
  bool compat44 = false;
  bool complete_fullquote = true;
  bool direxpand = false;
  bool dirspell = false;
  bool dotglob = false;
  bool execfail = false;
  bool expand_aliases = false;
  bool extdebug = false;
  bool extglob = false;
  bool extquote = true;
  bool failglob = false;
  bool force_fignore = true;
  bool globasciiranges = true;
  bool globskipdots = true;
  bool globstar = false;
  bool gnu_errfmt = false;
  bool histappend = false;
  bool histreedit = false;
  bool histverify = false;
  bool hostcomplete = true;
  bool huponexit = false;
  bool inherit_errexit = false;
  bool interactive_comments = true;
  bool lastpipe = false;
  bool lithist = false;
  bool localvar_inherit = false;
  bool localvar_unset = false;
  bool login_shell = false;
  bool mailwarn = false;
  bool no_empty_cmd_completion = false;
  bool nocaseglob = false;
  bool nocasematch = false;
  bool noexpand_translation = false;
  bool nullglob = false;
  bool patsub_replacement = true;
  bool progcomp = true;
  bool progcomp_alias = false;
  bool promptvars = true;
  bool restricted_shell = false;
  bool shift_verbose = false;
  bool sourcepath = true;
  bool varredir_close = false;
  bool xpg_echo = false;
};

// A function that runs, or a file that `source` reads.
struct FunctionFrame {
  std::string name;
  int call_line = 0;
  std::shared_ptr<const std::string> file;  // Of the text that runs; null for that of -c.
  std::shared_ptr<const std::vector<std::string>> arguments = {};  // Of a function, or `source`.
  std::shared_ptr<const Options> options = {};  // `local -`: what they are again afterwards.
};

using TrapTable = std::map<int, std::string>;  // By signal; 0 is EXIT. Empty: ignored.
inline constexpr int kTrapExit = 0;
inline constexpr int kTrapDebug = 1001;  // In the order of bash's listing.
inline constexpr int kTrapError = 1002;
inline constexpr int kTrapReturn = 1003;

// Where programs were found (`hash`).
struct HashedCommand {
  std::string file;
  int hits = 0;
};
struct CommandHash {
  std::string path;  // The PATH that they were found through: another one empties the table.
  std::map<std::string, HashedCommand, std::less<>> commands;
};

struct ResourceLimit {
  std::int64_t soft = 0;
  std::int64_t hard = 0;
};

// Everything that a subshell inherits by copy.
struct State {
  Variables variables;
  std::map<std::string, std::shared_ptr<const FunctionDefinition>, std::less<>> functions;
  std::set<std::string> exported_functions;
  std::set<std::string> readonly_functions;
  std::set<std::string> traced_functions;  // declare -ft
  std::map<std::string, std::string, std::less<>> aliases;
  std::set<std::string, std::less<>> disabled_builtins;  // enable -n
  std::shared_ptr<CommandHash> hashed;                   // Copied before it is changed.
  std::map<char, ResourceLimit> limits;                  // What `ulimit` has set, by letter.
  std::map<std::string, std::string> completions;        // `complete`: its options, by command.
  std::vector<std::string> history;
  std::shared_ptr<const std::vector<std::string>> positional =
      std::make_shared<const std::vector<std::string>>();
  std::shared_ptr<const std::vector<std::string>> script_arguments;  // What it was called with.
  std::string name = "bash";                                         // $0
  TrapTable traps;
  std::set<int> ignored_signals;  // When the shell began; they stay so.
  TrapTable parent_traps;         // What a subshell shows until it sets one of its own.
  bool is_stage = false;          // One simple command of a pipeline or in the background.
  int stage_levels = 0;           // How much less deep a stage of a pipeline is until then.
  TrapTable stage_traps;  // Those of such a shell until it has expanded the words of its command.
  std::vector<FunctionFrame> frames;
  std::shared_ptr<const std::string> file;  // Where a function that is defined now comes from.
  std::vector<std::string> directories;     // Of pushd, without the current one.
  std::vector<int> pipe_status = {};
  std::string last_argument;          // $_
  std::set<std::string> plain_names;  // What the shell made up until it was unset.
  std::chrono::nanoseconds seconds_base{0};
  std::chrono::nanoseconds started{0};  // When the shell began, since the epoch.
  const Command* command = nullptr;  // BASH_COMMAND; its tree is alive. A subshell begins without.
  std::string trap_command;          // What it was when a trap began to run.
  int command_part = 0;              // Of a for ((…)): which expression.
  int running_traps = 0;
  std::optional<int> ending_status = {};  // What `exit` alone means in the trap on EXIT.
  int shell_pid = 0;                      // $$
  int last_background = 0;                // $!
  int status = 0;                         // $?
  int line = 1;
  // Of the for, select, case or function that is run; without one, of the last that was read: what
  // bash tells of a redirection of a compound command that fails.
  int enclosing_line = 0;
  int line_base = 0;  // What is added to the lines of a command substitution.
  int subshell_level = 0;
  int trace_depth = 0;    // How many signs stand before a line of `set -x`, but one.
  int option_letter = 0;  // getopts: where in the current word.
  int loop_depth = 0;
  std::size_t assigned_bytes = 0;  // To variables; see RequireMemory.
  int random_pid = 0;              // Each process has numbers of its own.
  std::uint32_t random = 1;
  std::uint32_t last_random = 0;
  ShellOptions shopt;
  Options options;
  bool positional_set = false;  // By `set`, since a function was called or a file read.
  bool from_file = false;       // The main script is a file.
  bool input_is_given = false;  // This subshell's input is a pipe, or redirected.
  bool plain_sh = false;        // Called as sh, it has the habits of the small shells of that name.
  std::string plain_label;      // "eval: ", or a sourced file, in the messages of sh.
};

}  // namespace computesdk::in_memory::shell

#endif  // COMPUTESDK_MOCKS_IN_MEMORY_SHELL_STATE_H_
