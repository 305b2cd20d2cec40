#include <fcntl.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "mocks/in_memory/text/character_set.h"
#include "mocks/in_memory/utilities/awk/interpreter.h"
#include "mocks/in_memory/utilities/awk/lexer.h"
#include "mocks/in_memory/utilities/awk/parser.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory {
namespace {

[[noreturn]] void Fail(Process& process, const std::string& message) {
  Complain(process, message);
  process.Exit(2);
}

// Options that have no short form.
enum LongOnly { kTraditional = 256, kLint };

class AwkArguments {
 public:
  explicit AwkArguments(Process& process) : process_(process) {}

  void Read() {
    Options options(process_, "+bce:E:F:f:hi:NnOPrsStv:V",
                    {{"assign", 'v', Options::kRequired},
                     {"characters-as-bytes", 'b'},
                     {"field-separator", 'F', Options::kRequired},
                     {"file", 'f', Options::kRequired},
                     {"exec", 'E', Options::kRequired},
                     {"include", 'i', Options::kRequired},
                     {"lint", kLint, Options::kOptional},
                     {"no-optimize", 's'},
                     {"non-decimal-data", 'n'},
                     {"optimize", 'O'},
                     {"posix", 'P'},
                     {"re-interval", 'r'},
                     {"sandbox", 'S'},
                     {"source", 'e', Options::kRequired},
                     {"traditional", kTraditional},
                     {"use-lc-numeric", 'N'}});
    while (const auto option = options.Next()) Take(options, *option);
    operands = options.operands();
    if (has_source_) return;
    if (operands.empty()) {
      UsageHint(process_, 1);
    }
    source += WithIncludes(operands[0], 0);
    operands.erase(operands.begin());
  }

  std::string source;
  std::string source_name = "cmd. line";
  std::vector<std::string> assignments;
  std::vector<std::string> operands;
  bool other_bases = false;
  bool in_place = false;

 private:
  void Take(const Options& options, const Options::Option& option) {
    switch (option.letter) {
      case 'F':
        assignments.push_back("FS=" + option.value);
        break;
      case 'v':
        if (option.value.find('=') == std::string::npos) {
          Complain(process_, "`" + option.value + "' argument to `-v' not in `var=value' form\n");
          UsageHint(process_, 1);
        }
        assignments.push_back(option.value);
        break;
      case 'E':
      case 'f':
        source_name = option.value;
        AddSource(ReadSource(option.value));
        break;
      case 'e':
        AddSource(option.value);
        break;
      case 'i':
        if (option.value == "inplace") {
          in_place = true;
        } else {
          source += WithIncludes(ReadSource(option.value), 0) + "\n";
        }
        break;
      case 'n':
        other_bases = true;
        break;
      case 'h':
        ShowHelp(process_, options.HelpLines());
      case 'V':
        ShowVersion(process_);
      case 'b':
        SetBytesAreCharacters(true);
        break;
      case 'S':
        // What it forbids would have to be told to every function.
        Fail(process_,
             std::string("fatal: -") + static_cast<char>(option.letter) + " is not supported");
      default:
        // -P, -r, -t, --traditional and --lint refuse or warn of what a program may do otherwise;
        // one that runs with them runs without.
        break;
    }
  }

  void AddSource(const std::string& text) {
    has_source_ = true;
    source += WithIncludes(text, 0) + "\n";
  }

  // `place` is where it is included: "cmd. line:2: "; options have none.
  std::string ReadSource(const std::string& name, const std::string& place = "") {
    auto fd = name == "-" ? IoResult<int>(0) : process_.Open(name, O_RDONLY);
    if (!fd && name.find('/') == std::string::npos) fd = process_.Open(name + ".awk", O_RDONLY);
    if (!fd) {
      Complain(process_, (place.empty() ? "fatal: " : place + "error: ") +
                             "cannot open source file `" + name +
                             "' for reading: " + ErrnoText(fd.error()));
      process_.Exit(place.empty() ? 2 : 1);
    }
    auto text = process_.ReadAll(*fd);
    if (*fd != 0) (void)process_.Close(*fd);
    if (!text) Fail(process_, "fatal: cannot read source file `" + name + "'");
    return std::move(*text);
  }

  // The text with each line @include "file" replaced by that file, once.
  std::string WithIncludes(const std::string& text, int depth) {
    constexpr std::string_view kWord = "@include";
    constexpr int kDeepest = 20;
    if (text.find(kWord) == std::string::npos || depth > kDeepest) return text;
    std::string result;
    int number = 0;
    for (std::size_t at = 0; at < text.size();) {
      ++number;
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const std::string line = text.substr(at, end - at);
      at = end + 1;
      const std::size_t begin = line.find_first_not_of(" \t");
      const std::size_t quote = line.find('"');
      const std::size_t closing = quote == std::string::npos ? quote : line.find('"', quote + 1);
      if (begin == std::string::npos || line.compare(begin, kWord.size(), kWord) != 0 ||
          closing == std::string::npos) {
        result += line + "\n";
        continue;
      }
      const std::string name = line.substr(quote + 1, closing - quote - 1);
      if (!included_.insert(name).second) continue;
      const std::string place = source_name + ":" + std::to_string(number) + ": ";
      result += WithIncludes(ReadSource(name, place), depth + 1) + "\n";
    }
    return result;
  }

  Process& process_;
  bool has_source_ = false;
  std::set<std::string> included_;
};

// "cmd. line:1: BEGIN { print ) }", and a mark under what is at fault.
std::string ShowSyntaxError(std::string_view source, const std::string& source_name,
                            const awk::SyntaxError& error) {
  if (error.at == std::string::npos || error.message.starts_with("fatal: ")) {
    return source_name + ":" + std::to_string(error.line) + ": " + error.message;
  }
  const std::size_t text_end = source.find_last_not_of('\n') + 1;
  const std::size_t at = std::min(error.at, text_end);
  const bool at_newline = error.message.ends_with("unexpected newline");
  std::string problem = error.message;
  if (problem.starts_with("syntax error")) problem = "syntax error";
  if (at_newline || at == text_end) problem = "unexpected newline or end of string";
  const std::size_t before = at == 0 ? std::string_view::npos : source.rfind('\n', at - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  const std::string_view line = source.substr(start, source.find('\n', start) - start);
  // The line has been left where its end is too much.
  const auto number =
      std::count(source.begin(), source.begin() + static_cast<std::ptrdiff_t>(start), '\n') +
      (at_newline ? 2 : 1);
  std::string mark(line.substr(0, at - start));
  for (char& c : mark) c = c == '\t' ? '\t' : ' ';
  const std::string prefix = source_name + ":" + std::to_string(number) + ": ";
  return prefix + std::string(line) + "\nawk: " + prefix + mark + "^ " + problem;
}

}  // namespace

int AwkMain(Process& process) {
  AwkArguments line(process);
  line.Read();
  auto program = awk::Parse(line.source);
  if (!program) {
    Complain(process, ShowSyntaxError(line.source, line.source_name, program.error()));
    return program.error().message.starts_with("fatal: ") ? 2 : 1;
  }
  const std::vector<awk::UnknownEscape> unknown_escapes = program->unknown_escapes;
  std::vector<std::string> arguments = {"awk"};
  arguments.insert(arguments.end(), line.operands.begin(), line.operands.end());
  awk::Interpreter interpreter(process, std::move(*program), std::move(arguments));
  interpreter.SetSourceName(line.source_name);
  if (line.in_place) interpreter.EditInPlace();
  if (line.other_bases) interpreter.ReadOtherBases();
  for (const std::string& assignment : line.assignments) {
    if (!interpreter.AssignArgument(assignment)) {
      Fail(process, "fatal: `" + assignment.substr(0, assignment.find('=')) +
                        "' is not a legal variable name");
    }
  }
  for (const awk::UnknownEscape& escape : unknown_escapes) interpreter.WarnOfEscape(escape);
  return interpreter.Run();
}

void AddAwkPrograms(ProgramTable& table) {
  table["awk"] = AwkMain;
  table["gawk"] = AwkMain;
  table["nawk"] = AwkMain;
}

}  // namespace computesdk::in_memory
