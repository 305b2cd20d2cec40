#include <fcntl.h>

#include <algorithm>
#include <map>
#include <string>

#include "mocks/in_memory/utilities/file_support.h"
#include "mocks/in_memory/utilities/find/find_expression.h"
#include "mocks/in_memory/utilities/find/xargs.h"
#include "mocks/in_memory/utilities/programs.h"

namespace computesdk::in_memory {
namespace {

class Finder {
 public:
  Finder(FindRun& run, const FindTest& expression) : run_(run), expression_(expression) {}

  void Find(const std::string& start) {
    start_ = start;
    const auto status = Look(start, 0);
    if (!status) {
      run_.Trouble(QuotedWord(start) + ": " + ErrnoText(status.error()));
      return;
    }
    Visit(start, *status, 0);
  }

 private:
  IoResult<FileStatus> Look(const std::string& path, int depth) {
    if (run_.FollowAt(depth) == Follow::kYes) {
      auto status = StatPath(run_.process, path);
      // A link that leads nowhere is looked at itself; not one that leads in circles.
      if (status || status.error() == std::errc::too_many_symbolic_link_levels) return status;
    }
    return StatLink(run_.process, path);
  }

  void Visit(const std::string& path, const FileStatus& status, int depth) {
    run_.process.Checkpoint();
    if (status.type == FileType::kDirectory) {
      const auto above = above_.find(status.inode);
      if (above != above_.end()) {
        run_.Trouble("File system loop detected; " + QuotedWord(path) +
                     " is part of the same file system loop as " + QuotedWord(above->second) + ".");
        return;
      }
    }
    FindFile file{path, start_, status, depth};
    run_.prune = false;
    const bool shown = depth >= run_.min_depth;
    if (shown && !run_.contents_first) (void)expression_(file);
    // -prune has no effect where contents come first.
    const bool enters = status.type == FileType::kDirectory && depth < run_.max_depth &&
                        (run_.contents_first || !run_.prune);
    if (enters && !run_.quit) VisitContents(path, status, depth);
    if (shown && run_.contents_first && !run_.quit) (void)expression_(file);
  }

  void VisitContents(const std::string& path, const FileStatus& status, int depth) {
    above_.emplace(status.inode, path);
    const auto entries = run_.process.files().List(run_.process.AbsolutePath(path));
    if (!entries) {
      run_.Trouble(QuotedWord(path) + ": " + ErrnoText(entries.error()));
    } else {
      for (const DirectoryEntry& entry : *entries) {
        if (run_.quit) break;
        const std::string child = ChildPath(path, entry.name);
        const auto found = Look(child, depth + 1);
        if (found) {
          Visit(child, *found, depth + 1);
        } else if (found.error() != std::errc::no_such_file_or_directory) {
          run_.Trouble(QuotedWord(child) + ": " + ErrnoText(found.error()));
        }  // Else it may have been removed by what the expression did.
      }
    }
    above_.erase(status.inode);
  }

  FindRun& run_;
  const FindTest& expression_;
  std::string start_;
  std::map<std::uint64_t, std::string> above_;  // Directories that this one is inside of.
};

// The first word of the expression; ")" and "," cannot be, they are files.
bool BeginsExpression(const std::string& word) {
  return (word.size() > 1 && word[0] == '-') || word == "(" || word == "!";
}

const std::vector<std::string>& FindWords() {
  static const auto* const kWords = new std::vector<std::string>{"-H",
                                                                 "-L",
                                                                 "-O LEVEL",
                                                                 "-P",
                                                                 "( EXPRESSION )",
                                                                 "! EXPRESSION",
                                                                 "-context PATTERN",
                                                                 "-files0-from FILE",
                                                                 "-fls FILE",
                                                                 "-fprint FILE",
                                                                 "-fprint0 FILE",
                                                                 "-fprintf FILE FORMAT",
                                                                 "-fstype TYPE",
                                                                 "-not EXPRESSION",
                                                                 "A -a B",
                                                                 "A -and B",
                                                                 "A -o B",
                                                                 "A -or B",
                                                                 "A , B",
                                                                 "-amin N",
                                                                 "-anewer FILE",
                                                                 "-atime N",
                                                                 "-cmin N",
                                                                 "-cnewer FILE",
                                                                 "-ctime N",
                                                                 "-daystart",
                                                                 "-delete",
                                                                 "-depth",
                                                                 "-empty",
                                                                 "-exec COMMAND ;",
                                                                 "-exec COMMAND {} +",
                                                                 "-execdir COMMAND ;",
                                                                 "-execdir COMMAND {} +",
                                                                 "-executable",
                                                                 "-false",
                                                                 "-follow",
                                                                 "-gid N",
                                                                 "-group NAME",
                                                                 "-ilname PATTERN",
                                                                 "-iname PATTERN",
                                                                 "-inum N",
                                                                 "-ipath PATTERN",
                                                                 "-iregex REGEX",
                                                                 "-iwholename PATTERN",
                                                                 "-links N",
                                                                 "-lname PATTERN",
                                                                 "-ls",
                                                                 "-maxdepth LEVELS",
                                                                 "-mindepth LEVELS",
                                                                 "-mmin N",
                                                                 "-mount",
                                                                 "-mtime N",
                                                                 "-name PATTERN",
                                                                 "-newer FILE",
                                                                 "-newerXY REFERENCE",
                                                                 "-nogroup",
                                                                 "-noleaf",
                                                                 "-nouser",
                                                                 "-nowarn",
                                                                 "-ok COMMAND ;",
                                                                 "-okdir COMMAND ;",
                                                                 "-path PATTERN",
                                                                 "-perm MODE",
                                                                 "-print",
                                                                 "-print0",
                                                                 "-printf FORMAT",
                                                                 "-prune",
                                                                 "-quit",
                                                                 "-readable",
                                                                 "-regex REGEX",
                                                                 "-regextype TYPE",
                                                                 "-samefile FILE",
                                                                 "-size N",
                                                                 "-true",
                                                                 "-type LETTERS",
                                                                 "-uid N",
                                                                 "-used N",
                                                                 "-user NAME",
                                                                 "-warn",
                                                                 "-wholename PATTERN",
                                                                 "-writable",
                                                                 "-xdev",
                                                                 "-xtype LETTERS",
                                                                 "    --help",
                                                                 "    --version"};
  return *kWords;
}

// -files0-from: the operands are in a file, each with a NUL behind it.
void TakeStartsFromFile(Process& process, std::vector<std::string>& words,
                        std::vector<std::string>& starts) {
  const auto option = std::find(words.begin(), words.end(), "-files0-from");
  if (option == words.end()) return;
  const auto fail = [&](const std::string& message) {
    Complain(process, message);
    process.Exit(1);
  };
  if (option + 1 == words.end()) fail("missing argument to `-files0-from'");
  if (!starts.empty()) {
    fail("extra operand " + QuotedWord(starts[0]) +
         "\nfind: file operands cannot be combined with -files0-from");
  }
  const std::string name = *(option + 1);
  const auto fd = name == "-" ? IoResult<int>(0) : process.Open(name, O_RDONLY);
  if (!fd) fail("cannot open " + QuotedWord(name) + " for reading: " + ErrnoText(fd.error()));
  Input input(process, *fd);
  while (const auto line = input.ReadLine('\0')) {
    if (line->empty()) {
      Complain(process, QuotedWord(name) + ": invalid zero-length file name");
    } else {
      starts.emplace_back(*line);
    }
  }
  if (*fd != 0) (void)process.Close(*fd);
  if (starts.empty()) process.Exit(0);
  words.erase(option, option + 2);
}

int FindMain(Process& process) {
  const auto& args = process.args;
  const auto has = [&](std::initializer_list<std::string_view> words) {
    return std::find_first_of(args.begin() + 1, args.end(), words.begin(), words.end()) !=
           args.end();
  };
  if (has({"--help", "-help"})) ShowHelp(process, FindWords());
  if (has({"--version", "-version"})) ShowVersion(process);
  FindRun run(process);
  auto word = process.args.begin() + 1;
  const auto end = process.args.end();
  for (; word != end; ++word) {
    if (*word == "-H") {
      run.links = FindLinks::kOperands;
    } else if (*word == "-L") {
      run.links = FindLinks::kAlways;
    } else if (*word == "-P") {
      run.links = FindLinks::kNever;
    } else if (!(word->starts_with("-O") && word->size() == 3)) {
      break;
    }
  }
  if (word != end && *word == "--") ++word;
  std::vector<std::string> starts;
  while (word != end && !BeginsExpression(*word)) starts.push_back(*word++);
  std::vector<std::string> rest(word, end);
  TakeStartsFromFile(process, rest, starts);
  if (starts.empty()) starts.emplace_back(".");
  FindArguments arguments(process, std::move(rest));
  const FindTest expression = ParseFindExpression(run, arguments);
  Finder finder(run, expression);
  for (const std::string& start : starts) {
    if (!run.quit) finder.Find(start);
  }
  for (const auto& finish : run.at_end) finish();
  return run.out.Finish(run.status);
}

}  // namespace

void AddFindPrograms(ProgramTable& table) {
  table["find"] = FindMain;
  table["xargs"] = XargsMain;
}

}  // namespace computesdk::in_memory
