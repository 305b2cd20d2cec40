#include "mocks/in_memory/utilities/processes/ps_options.h"

#include <algorithm>
#include <optional>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

const std::vector<std::string>& PsOptions() {
  static const auto* const kOptions = new std::vector<std::string>{"-A",
                                                                   "-a",
                                                                   "-C COMMANDS",
                                                                   "-d",
                                                                   "-e",
                                                                   "-F",
                                                                   "-f",
                                                                   "-G GROUPS",
                                                                   "-g SESSIONS",
                                                                   "-H",
                                                                   "-j",
                                                                   "-L",
                                                                   "-l",
                                                                   "-N",
                                                                   "-o FORMAT",
                                                                   "-p PIDS",
                                                                   "-q PIDS",
                                                                   "-s SESSIONS",
                                                                   "-t TERMINALS",
                                                                   "-U USERS",
                                                                   "-u USERS",
                                                                   "-V",
                                                                   "-w",
                                                                   "-y",
                                                                   "a",
                                                                   "f",
                                                                   "j",
                                                                   "k KEYS",
                                                                   "l",
                                                                   "o FORMAT",
                                                                   "p PIDS",
                                                                   "u",
                                                                   "w",
                                                                   "x",
                                                                   "    --cols=COLUMNS",
                                                                   "    --deselect",
                                                                   "    --forest",
                                                                   "    --format=FORMAT",
                                                                   "    --group=GROUPS",
                                                                   "    --headers",
                                                                   "    --help",
                                                                   "    --no-headers",
                                                                   "    --pid=PIDS",
                                                                   "    --ppid=PIDS",
                                                                   "    --quick-pid=PIDS",
                                                                   "    --sid=SESSIONS",
                                                                   "    --sort=KEYS",
                                                                   "    --tty=TERMINALS",
                                                                   "    --user=USERS",
                                                                   "    --version",
                                                                   "    --width=COLUMNS"};
  return *kOptions;
}

class PsParser {
 public:
  explicit PsParser(Process& process) : process_(process) {}

  PsStyle Parse() {
    const auto& args = process_.args;
    for (std::size_t i = 1; i < args.size(); ++i) {
      const std::string word = args[i];
      if (word == "--help") ShowHelp(process_, PsOptions());
      if (word == "--version" || word == "-V" || word == "V") ShowVersion(process_);
      if (word.starts_with("--")) {
        i = Long(i);
      } else if (word.starts_with('-') && word.size() > 1) {
        i = Unix(i);
      } else {
        i = Bsd(i);
      }
    }
    if (no_flags_ && format_ != "l") Usage("modifier -y without format -l makes no sense");
    if (style_.columns.empty()) Columns(DefaultColumns());
    if (own_columns_) {
      style_.header = std::any_of(style_.columns.begin(), style_.columns.end(),
                                  [](const PsColumn& column) { return !column.header.empty(); });
    }
    if (no_header_) style_.header = false;
    if (headers_) style_.header = true;
    return std::move(style_);
  }

 private:
  [[noreturn]] void Usage(const std::string& message) {
    (void)process_.Write(
        2, "error: " + message +
               "\n\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'"
               "\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details "
               "see ps(1).\n");
    process_.Exit(1);
  }

  std::string_view DefaultColumns() const {
    if (format_ == "f")
      return threads_ ? "uname,pid,ppid,lwp,c,nlwp,stime,tname,time,cmd"
                      : "uname,pid,ppid,c,stime,tname,time,cmd";
    if (format_ == "F") return "uname,pid,ppid,c,sz,rss,psr,stime,tname,time,cmd";
    if (format_ == "l" && no_flags_)
      return "state,uid,pid,ppid,c,opri,ni,rss,sz,wchan,tname,time,ucmd";
    if (format_ == "l") return "f,state,uid,pid,ppid,c,opri,ni,addr,sz,wchan,tname,time,ucmd";
    if (format_ == "j") return "pid,pgid,sid,tname,time,ucmd";
    if (format_ == "bsd u") return "user,pid,%cpu,%mem,vsz,rss,tname,stat,start_time,bsdtime,args";
    if (format_ == "bsd j") return "ppid,pid,pgid,sid,tname,tpgid,stat,uid,bsdtime,args";
    if (format_ == "bsd l")
      return "f,uid,pid,ppid,priority,ni,vsz,rss,wchan,stat,tname,bsdtime,args";
    if (bsd_) return "pid,tname,stat,bsdtime,args";
    return threads_ ? "pid,lwp,tname,time,ucmd" : "pid,tname,time,ucmd";
  }

  void Columns(std::string_view list) {
    while (!list.empty()) {
      std::size_t end = std::min(list.find_first_of(", "), list.size());
      const std::size_t equals = list.find('=');
      std::string name(list.substr(0, std::min(end, equals)));
      std::optional<std::string> header;
      if (equals < end) {
        // "pid=ID,comm=C": GNU lets a header of its own end at the comma.
        header = list.substr(equals + 1, end - equals - 1);
      }
      list.remove_prefix(std::min(end + 1, list.size()));
      if (name.empty()) continue;
      std::optional<std::int64_t> width;
      if (const std::size_t colon = name.find(':'); colon != std::string::npos) {
        width = ParseInteger(std::string_view(name).substr(colon + 1));
        if (!width || *width < 1 || *width > 4096) Usage("invalid column width");
        name.erase(colon);
      }
      const PsColumn* const found = FindPsColumn(name);
      if (found == nullptr) Usage("unknown user-defined format specifier \"" + name + "\"");
      style_.columns.push_back(*found);
      if (header) style_.columns.back().header = *header;
      if (width) style_.columns.back().width = static_cast<std::size_t>(*width);
    }
  }

  void OwnColumns(std::string_view list) {
    if (list.empty()) Usage("format specification must follow -o");
    own_columns_ = true;
    Columns(list);
  }

  void SortKeys(std::string_view list) {
    while (!list.empty()) {
      const std::size_t end = std::min(list.find_first_of(", "), list.size());
      std::string_view name = list.substr(0, end);
      list.remove_prefix(std::min(end + 1, list.size()));
      const bool down = name.starts_with('-');
      if (down || name.starts_with('+')) name.remove_prefix(1);
      const PsColumn* const found = FindPsColumn(name);
      if (found == nullptr) Usage("unknown sort specifier");
      style_.keys.emplace_back(found, down);
    }
  }

  std::size_t Long(std::size_t index) {
    const std::string word = process_.args[index];
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(2, std::min(equals, word.size()) - 2);
    const auto value = [&] {
      if (equals != std::string::npos) return word.substr(equals + 1);
      if (index + 1 == process_.args.size()) return std::string();
      return process_.args[++index];
    };
    if (name == "no-headers" || name == "no-headings" || name == "no-heading" ||
        name == "noheaders") {
      no_header_ = true;
    } else if (name == "headers" || name == "heading" || name == "headings") {
      headers_ = true;
    } else if (name == "pid" || name == "quick-pid") {
      Numbers(style_.pids, value());
    } else if (name == "ppid") {
      Numbers(style_.parents, value());
    } else if (name == "sid") {
      Numbers(style_.sessions, value());
    } else if (name == "user" || name == "User") {
      Users(value());
    } else if (name == "group" || name == "Group") {
      Groups(value());
    } else if (name == "tty") {
      Terminals(value());
    } else if (name == "format") {
      OwnColumns(value());
    } else if (name == "sort") {
      SortKeys(value());
    } else if (name == "forest") {
      style_.tree = PsTree::kDrawn;
    } else if (name == "deselect") {
      style_.negated = true;
    } else if (name == "cols" || name == "columns" || name == "width") {
      const auto columns = ParseInteger(value());
      if (!columns || *columns < 1)
        Usage("number of columns must follow --cols, --width, or --columns");
      style_.width = static_cast<std::size_t>(*columns);
    } else {
      Usage("unknown gnu long option");
    }
    return index;
  }

  template <typename Body>
  void EachOf(std::string_view list, const Body& body) {
    style_.chosen = true;
    while (!list.empty()) {
      const std::size_t end = std::min(list.find_first_of(", "), list.size());
      body(std::string(list.substr(0, end)));
      list.remove_prefix(std::min(end + 1, list.size()));
    }
  }

  void Numbers(std::set<int>& into, std::string_view list) {
    if (list.empty()) Usage("list of process IDs must follow -p");
    EachOf(list, [&](const std::string& word) {
      const auto number = ParseInteger(word);
      if (!number || *number < 1 || *number > 1 << 30) Usage("process ID list syntax error");
      into.insert(static_cast<int>(*number));
    });
  }

  // Everybody is root: who chooses it has chosen all, and who chooses somebody else, nobody.
  void Users(std::string_view list) {
    if (list.empty()) Usage("list of users must follow -u");
    EachOf(list, [&](const std::string& word) {
      const auto user = FindUser(process_, word);
      if (!user) Usage("user name does not exist");
      if (*user == 0) style_.all = true;
    });
  }

  void Groups(std::string_view list) {
    EachOf(list, [&](const std::string& word) {
      const auto group = FindGroup(process_, word);
      if (!group) Usage("group name does not exist");
      if (*group == 0) style_.all = true;
    });
  }

  // -g: sessions by number, groups by name.
  void SessionsOrGroups(std::string_view list) {
    EachOf(list, [&](const std::string& word) {
      if (const auto number = ParseInteger(word)) {
        style_.sessions.insert(static_cast<int>(std::min<std::int64_t>(*number, 1 << 30)));
      } else if (const auto group = FindGroup(process_, word)) {
        if (*group == 0) style_.all = true;
      } else {
        Usage("list of session leaders OR effective group IDs was invalid");
      }
    });
  }

  // No process has a terminal.
  void Terminals(std::string_view list) {
    EachOf(list, [&](const std::string& word) {
      if (word != "?" && word != "-") Usage("TTY could not be found");
      style_.all = true;
    });
  }

  // The value of the letter at `at`: the rest of the word, or the next word.
  std::string Value(std::size_t& index, std::size_t at) {
    const std::string& word = process_.args[index];
    if (at + 1 < word.size()) return word.substr(at + 1);
    if (index + 1 == process_.args.size()) return "";
    return process_.args[++index];
  }

  std::size_t Unix(std::size_t index) {
    dashed_ = true;
    const std::string word = process_.args[index];
    for (std::size_t at = 1; at < word.size(); ++at) {
      switch (word[at]) {
        case 'e':
        case 'A':
          style_.all = true;
          break;
        case 'a':
          // Those that have a terminal: none.
          style_.chosen = true;
          break;
        case 'd':
          style_.all = true;
          style_.leaders = false;
          break;
        case 'N':
          style_.negated = true;
          break;
        case 'f':
        case 'F':
        case 'l':
        case 'j':
          format_ = word[at];
          break;
        case 'y':
          no_flags_ = true;
          break;
        case 'L':
          threads_ = true;
          break;
        case 'H':
          style_.tree = PsTree::kIndented;
          break;
        case 'w':
          // Twice for any width, as it is where nothing limits it.
          break;
        default:
          return UnixWithValue(word[at], index, at);
      }
    }
    return index;
  }

  std::size_t UnixWithValue(char letter, std::size_t index, std::size_t at) {
    if (std::string_view("opqsuUgGtC").find(letter) == std::string_view::npos) {
      Usage("unsupported SysV option");
    }
    const std::string value = Value(index, at);
    switch (letter) {
      case 'o':
        OwnColumns(value);
        break;
      case 'p':
      case 'q':
        Numbers(style_.pids, value);
        break;
      case 's':
        Numbers(style_.sessions, value);
        break;
      case 'u':
      case 'U':
        Users(value);
        break;
      case 'G':
        Groups(value);
        break;
      case 'g':
        SessionsOrGroups(value);
        break;
      case 't':
        Terminals(value);
        break;
      default:
        if (value.empty()) Usage("list of command names must follow -C");
        EachOf(value, [&](const std::string& name) { style_.commands.insert(name); });
    }
    return index;
  }

  std::size_t Bsd(std::size_t index) {
    const std::string word = process_.args[index];
    if (word.empty()) Usage("garbage option");
    if (word[0] >= '0' && word[0] <= '9') {
      bsd_ = bsd_ || !dashed_;
      Numbers(style_.pids, word);
      return index;
    }
    bsd_ = true;
    for (std::size_t at = 0; at < word.size(); ++at) {
      switch (word[at]) {
        case 'a':
        case 'x':
          style_.all = true;
          break;
        case 'u':
        case 'j':
        case 'l':
          format_ = std::string("bsd ") + word[at];
          break;
        case 'f':
          style_.tree = PsTree::kDrawn;
          break;
        case 'w':
          break;
        case 'h':
          no_header_ = true;
          break;
        case 'k':
          SortKeys(Value(index, at));
          return index;
        case 'o':
          OwnColumns(Value(index, at));
          return index;
        case 'p':
          Numbers(style_.pids, Value(index, at));
          return index;
        case 't':
          Terminals(at + 1 < word.size() ? word.substr(at + 1) : "?");
          return index;
        default:
          Usage("unsupported option (BSD syntax)");
      }
    }
    return index;
  }

  Process& process_;
  PsStyle style_;
  std::string format_;
  bool bsd_ = false, threads_ = false, no_flags_ = false, dashed_ = false;
  bool own_columns_ = false, no_header_ = false, headers_ = false;
};

}  // namespace

PsStyle ReadPsOptions(Process& process) { return PsParser(process).Parse(); }

}  // namespace computesdk::in_memory
