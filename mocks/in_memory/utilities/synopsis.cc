#include "mocks/in_memory/utilities/synopsis.h"

#include <string_view>
#include <utility>

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

std::string_view UsageHintOf(const std::string& name) {
  static constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {" awk gawk ",
       "Usage: awk [POSIX or GNU style options] -f progfile [--] file ...\n"
       "Usage: awk [POSIX or GNU style options] [--] 'program' file ...\n"},
      {" bc ",
       "usage: bc [options] [file ...]\n"
       "  -h  --help         print this usage and exit\n"
       "  -i  --interactive  force interactive mode\n"
       "  -l  --mathlib      use the predefined math routines\n"
       "  -q  --quiet        don't print initial banner\n"
       "  -s  --standard     non-standard bc constructs are errors\n"
       "  -w  --warn         warn about non-standard bc constructs\n"
       "  -v  --version      print version information and exit\n"},
      {" cmp diff diff3 patch sdiff ", "%: Try '% --help' for more information.\n"},
      {" file ",
       "Usage: file [-bcCdEhikLlNnprsSvzZ0] [--apple] [--extension] [--mime-encoding]\n"
       "            [--mime-type] [-e <testname>] [-F <separator>]  [-f <namefile>]\n"
       "            [-m <magicfiles>] [-P <parameter=value>] [--exclude-quiet]\n"
       "            <file> ...\n       file -C [-m <magicfiles>]\n       file [--help]\n"},
      {" egrep fgrep grep rgrep ",
       "Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n"},
      {" gunzip gzip zcat ", "Try `gzip --help' for more information.\n"},
      {" iconv ", "Try `iconv --help' or `iconv --usage' for more information.\n"},
      {" tree ",
       "usage: tree [-acdfghilnpqrstuvxACDFJQNSUX] [-L level [-R]] [-H  baseHREF]\n"
       "\t[-T title] [-o filename] [-P pattern] [-I pattern] [--gitignore]\n"
       "\t[--gitfile[=]file] [--matchdirs] [--metafirst] [--ignore-case]\n"
       "\t[--nolinks] [--hintro[=]file] [--houtro[=]file] [--inodes] [--device]\n"
       "\t[--sort[=]<name>] [--dirsfirst] [--filesfirst] [--filelimit #] [--si]\n"
       "\t[--du] [--prune] [--charset[=]X] [--timefmt[=]format] [--fromfile]\n"
       "\t[--fflinks] [--info] [--infofile[=]file] [--noreport] [--version]\n"
       "\t[--help] [--] [directory ...]\n"},
      {" sed ",
       "Usage: % [OPTION]... {script-only-if-no-other-script} [input-file]...\n"
       "\n"
       "  -n, --quiet, --silent\n"
       "                 suppress automatic printing of pattern space\n"
       "      --debug\n"
       "                 annotate program execution\n"
       "  -e script, --expression=script\n"
       "                 add the script to the commands to be executed\n"
       "  -f script-file, --file=script-file\n"
       "                 add the contents of script-file to the commands to be executed\n"
       "  --follow-symlinks\n"
       "                 follow symlinks when processing in place\n"
       "  -i[SUFFIX], --in-place[=SUFFIX]\n"
       "                 edit files in place (makes backup if SUFFIX supplied)\n"
       "  -l N, --line-length=N\n"
       "                 specify the desired line-wrap length for the `l' command\n"
       "  --posix\n"
       "                 disable all GNU extensions.\n"
       "  -E, -r, --regexp-extended\n"
       "                 use extended regular expressions in the script\n"
       "                 (for portability use POSIX -E).\n"
       "  -s, --separate\n"
       "                 consider files as separate rather than as a single,\n"
       "                 continuous long stream.\n"
       "      --sandbox\n"
       "                 operate in sandbox mode (disable e/r/w commands).\n"
       "  -u, --unbuffered\n"
       "                 load minimal amounts of data from the input files and flush\n"
       "                 the output buffers more often\n"
       "  -z, --null-data\n"
       "                 separate lines by NUL characters\n"
       "      --help     display this help and exit\n"
       "      --version  output version information and exit\n"
       "\n"
       "If no -e, --expression, -f, or --file option is given, then the first\n"
       "non-option argument is taken as the sed script to interpret.  All\n"
       "remaining arguments are names of input files; if no input files are\n"
       "specified, then the standard input is read.\n"
       "\n"
       "GNU sed home page: <https://www.gnu.org/software/sed/>.\n"
       "General help using GNU software: <https://www.gnu.org/gethelp/>.\n"},
      {" tar ", "Try 'tar --help' or 'tar --usage' for more information.\n"},
      {" xxd ",
       "Usage:\n       xxd [options] [infile [outfile]]\n    or\n"
       "       xxd -r [-s [-]offset] [-c cols] [-ps] [infile [outfile]]\n"
       "Options:\n"
       "    -a          toggle autoskip: A single '*' replaces nul-lines. Default off.\n"
       "    -b          binary digit dump (incompatible with -ps,-i,-r). Default hex.\n"
       "    -C          capitalize variable names in C include file style (-i).\n"
       "    -c cols     format <cols> octets per line. Default 16 (-i: 12, -ps: 30).\n"
       "    -E          show characters in EBCDIC. Default ASCII.\n"
       "    -e          little-endian dump (incompatible with -ps,-i,-r).\n"
       "    -g bytes    number of octets per group in normal output. Default 2 (-e: 4).\n"
       "    -h          print this summary.\n"
       "    -i          output in C include file style.\n"
       "    -l len      stop after <len> octets.\n"
       "    -n name     set the variable name used in C include output (-i).\n"
       "    -o off      add <off> to the displayed file position.\n"
       "    -ps         output in postscript plain hexdump style.\n"
       "    -r          reverse operation: convert (or patch) hexdump into binary.\n"
       "    -r -s off   revert with <off> added to file positions found in hexdump.\n"
       "    -d          show offset in decimal instead of hex.\n"
       "    -s [+][-]seek  start at <seek> bytes abs. (or +: rel.) infile offset.\n"
       "    -u          use upper case hex letters.\n"
       "    -v          show version: \"xxd 2022-01-14 by Juergen Weigert et al.\".\n"}};
  std::string_view hint = "Try '% --help' for more information.\n";
  for (const auto& [names, own] : kOthers) {
    if (names.find(" " + name + " ") != std::string_view::npos) hint = own;
  }
  return hint;
}

}  // namespace computesdk::in_memory
