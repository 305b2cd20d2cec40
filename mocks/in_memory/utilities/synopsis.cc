#include "mocks/in_memory/utilities/synopsis.h"

#include <string_view>

namespace computesdk::in_memory {
namespace {

struct Synopsis {
  std::string_view programs;  // With a blank between them.
  std::string_view operands;  // What stands behind the name.
};

// Of the families of GNU; "[OPTION]... [FILE]..." where a program is not named.
constexpr Synopsis kGnu[] = {
    {"arch nproc pwd tty uname whoami", "[OPTION]..."},
    {"awk gawk", "[POSIX or GNU style options] -f progfile [--] file ..."},
    {"base32 base64 basenc shuf users", "[OPTION]... [FILE]"},
    {"basename", "NAME [SUFFIX]"},
    {"chgrp", "[OPTION]... GROUP FILE..."},
    {"chmod", "[OPTION]... MODE[,MODE]... FILE..."},
    {"chown", "[OPTION]... [OWNER][:[GROUP]] FILE..."},
    {"cmp", "[OPTION]... FILE1 [FILE2 [SKIP1 [SKIP2]]]"},
    {"comm join sdiff", "[OPTION]... FILE1 FILE2"},
    {"cp install mv", "[OPTION]... [-T] SOURCE DEST"},
    {"csplit", "[OPTION]... FILE PATTERN..."},
    {"cut", "OPTION... [FILE]..."},
    {"date", "[OPTION]... [+FORMAT]"},
    {"dd", "[OPERAND]..."},
    {"diff", "[OPTION]... FILES"},
    {"diff3", "[OPTION]... MYFILE OLDFILE YOURFILE"},
    {"dirname", "[OPTION] NAME..."},
    {"echo", "[SHORT-OPTION]... [STRING]..."},
    {"egrep fgrep rgrep", "[OPTION]... PATTERNS [FILE]..."},
    {"env", "[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]"},
    {"envsubst", "[OPTION] [SHELL-FORMAT]"},
    {"expr", "EXPRESSION"},
    {"factor", "[NUMBER]..."},
    {"false true", "[ignored command line arguments]"},
    {"file", "[OPTION...] [FILE...]"},
    {"find", "[-H] [-L] [-P] [-Olevel] [-D debugopts] [path...] [expression]"},
    {"fmt", "[-WIDTH] [OPTION]... [FILE]..."},
    {"getconf", "[-v SPEC] VAR"},
    {"getent", "[OPTION...] database [key ...]"},
    {"gettext", "[OPTION] [[TEXTDOMAIN] MSGID]"},
    {"grep", "[OPTION]... PATTERNS [FILE]..."},
    {"groups", "[OPTION]... [USERNAME]..."},
    {"hostid logname", "[OPTION]"},
    {"iconv", "[OPTION...] [FILE...]"},
    {"id", "[OPTION]... [USER]..."},
    {"ldd readlink realpath shred stat touch", "[OPTION]... FILE..."},
    {"link", "FILE1 FILE2"},
    {"ln", "[OPTION]... [-T] TARGET LINK_NAME"},
    {"locale", "[OPTION...] NAME"},
    {"mkdir rmdir", "[OPTION]... DIRECTORY..."},
    {"mkfifo pathchk", "[OPTION]... NAME..."},
    {"mknod", "[OPTION]... NAME TYPE [MAJOR MINOR]"},
    {"mktemp", "[OPTION]... [TEMPLATE]"},
    {"ngettext", "[OPTION] [TEXTDOMAIN] MSGID MSGID-PLURAL COUNT"},
    {"nice", "[OPTION] [COMMAND [ARG]...]"},
    {"nohup", "COMMAND [ARG]..."},
    {"numfmt", "[OPTION]... [NUMBER]..."},
    {"patch", "[OPTION]... [ORIGFILE [PATCHFILE]]"},
    {"printenv", "[OPTION]... [VARIABLE]..."},
    {"printf", "FORMAT [ARGUMENT]..."},
    {"rev", "[options] [file ...]"},
    {"sed", "[OPTION]... {script-only-if-no-other-script} [input-file]..."},
    {"seq", "[OPTION]... LAST"},
    {"sleep", "NUMBER[SUFFIX]..."},
    {"split", "[OPTION]... [FILE [PREFIX]]"},
    {"stdbuf", "OPTION... COMMAND"},
    {"stty", "[-F DEVICE | --file=DEVICE] [SETTING]..."},
    {"sync", "[OPTION] [FILE]..."},
    {"tar", "[OPTION...] [FILE]..."},
    {"taskset", "[options] [mask | cpu-list] [pid|cmd [args...]]"},
    {"timeout", "[OPTION] DURATION COMMAND [ARG]..."},
    {"tr", "[OPTION]... STRING1 [STRING2]"},
    {"truncate", "OPTION... FILE..."},
    {"tsort", "[OPTION] [FILE]"},
    {"uniq", "[OPTION]... [INPUT [OUTPUT]]"},
    {"unlink", "FILE"},
    {"who", "[OPTION]... [ FILE | ARG1 ARG2 ]"},
    {"xargs", "[OPTION]... COMMAND [INITIAL-ARGS]..."},
    {"yes", "[STRING]..."},
    {"zcmp zdiff", "[OPTION]... FILE1 [FILE2]"},
    {"zegrep zfgrep", "[OPTION]... [-e] PATTERN [FILE]..."},
    {"zgrep", "[OPTION]... [-e] PATTERN [FILE]..."},
};

// Of util-linux and procps, which give the synopsis a line of its own.
constexpr Synopsis kLinux[] = {
    {"col free ps uptime", "[options]"},
    {"colrm", "[startcol [endcol]]"},
    {"column", "[options] [<file>...]"},
    {"flock", "[options] <file>|<directory> <command> [<argument>...]"},
    {"getopt", "<optstring> <parameters>"},
    {"hd hexdump", "[options] <file>..."},
    {"ionice", "[options] -p <pid>..."},
    {"kill", "[options] <pid> [...]"},
    {"logger", "[options] [<message>]"},
    {"look", "[options] <string> [<file>...]"},
    {"pgrep pkill", "[options] <pattern>"},
    {"setsid", "[options] <program> [arguments ...]"},
    {"whereis", "[options] [-BMS <dir>... -f] <name>"},
};

template <std::size_t size>
const Synopsis* Find(const Synopsis (&table)[size], const std::string& name) {
  for (const Synopsis& synopsis : table) {
    const std::string padded = " " + std::string(synopsis.programs) + " ";
    if (padded.find(" " + name + " ") != std::string::npos) return &synopsis;
  }
  return nullptr;
}

}  // namespace

std::string SynopsisOf(const std::string& name) {
  if (const Synopsis* linux_program = Find(kLinux, name)) {
    return "\nUsage:\n " + name + " " + std::string(linux_program->operands) + "\n\nOptions:\n";
  }
  const Synopsis* gnu = Find(kGnu, name);
  const bool any_grep = name == "egrep" || name == "fgrep" || name == "rgrep";
  return "Usage: " + (any_grep ? "grep" : name) + " " +
         (gnu == nullptr ? "[OPTION]... [FILE]..." : std::string(gnu->operands)) + "\n";
}

}  // namespace computesdk::in_memory
