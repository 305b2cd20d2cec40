#include "mocks/in_memory/utilities/jq/arguments.h"

#include <cctype>
#include <cstdlib>

#include "mocks/in_memory/utilities/jq/evaluate.h"
#include "mocks/in_memory/utilities/support.h"

namespace computesdk::in_memory::jq {
namespace {

const std::vector<std::string>& JqOptions() {
  static const auto* const kOptions = new std::vector<std::string>{"-a, --ascii-output",
                                                                   "-C, --color-output",
                                                                   "-c, --compact-output",
                                                                   "-e, --exit-status",
                                                                   "-f, --from-file FILE",
                                                                   "-h, --help",
                                                                   "-j, --join-output",
                                                                   "-L FOLDER",
                                                                   "-M, --monochrome-output",
                                                                   "-n, --null-input",
                                                                   "-R, --raw-input",
                                                                   "-r, --raw-output",
                                                                   "-S, --sort-keys",
                                                                   "-s, --slurp",
                                                                   "-V, --version",
                                                                   "    --arg NAME VALUE",
                                                                   "    --argfile NAME FILE",
                                                                   "    --argjson NAME JSON",
                                                                   "    --args VALUE...",
                                                                   "    --indent N",
                                                                   "    --jsonargs JSON...",
                                                                   "    --rawfile NAME FILE",
                                                                   "    --seq",
                                                                   "    --slurpfile NAME FILE",
                                                                   "    --stream",
                                                                   "    --tab",
                                                                   "    --unbuffered"};
  return *kOptions;
}

constexpr std::string_view kHelpHint =
    "Use jq --help for help with command-line options,\n"
    "or see the jq manpage, or online docs  at https://stedolan.github.io/jq\n";

class ArgumentReader {
 public:
  explicit ArgumentReader(Process& process) : process_(process) {}

  JqStyle Read() {
    const auto& args = process_.args;
    enum { kFiles, kStrings, kJson } rest = kFiles;
    bool options = true;
    for (std::size_t i = 1; i < args.size(); ++i) {
      const std::string& word = args[i];
      if (options && word == "--") {
        if (!style_.filter) ShowUsage();
        options = false;
      } else if (!options || !IsOption(word)) {
        if (!style_.filter) {
          style_.filter = word;
        } else if (rest == kFiles) {
          style_.files.push_back(word);
        } else {
          style_.positional.push_back(rest == kJson ? JsonOrExit("--jsonargs", word) : Value(word));
        }
      } else if (word == "--args") {
        rest = kStrings;
      } else if (word == "--jsonargs") {
        rest = kJson;
      } else if (word.starts_with("--")) {
        i = TakeLong(i);
      } else {
        for (const char letter : word.substr(1)) {
          if (letter == 'L' && word.size() > 2 && word[1] == 'L') {
            style_.folders.push_back(word.substr(2));
            break;
          }
          if (letter == 'L') {
            if (++i == args.size()) {
              EndWith("-L takes a parameter: (e.g. -L /search/path or -L/search/path)\n" +
                      std::string(kHelpHint));
            }
            style_.folders.push_back(args[i]);
          } else {
            TakeLetter(letter, word);
          }
        }
      }
    }
    // Without one, the usage is for a terminal, which a sandbox does not have.
    if (!style_.filter) style_.filter = ".";
    if (from_file_) style_.filter = ReadFileOrExit(*style_.filter, "jq: ");
    if (const auto colors = process_.env.find("JQ_COLORS");
        colors != process_.env.end() && !SetColors(style_.dump, colors->second)) {
      (void)process_.Write(2, "Failed to set $JQ_COLORS\n");
    }
    Object all;
    all["positional"] = Value(style_.positional);
    all["named"] = Value(style_.named);
    style_.variables.emplace_back("ARGS", Value(std::move(all)));
    Object env;
    for (const auto& [name, value] : process_.env) env[name] = Value(value);
    style_.variables.emplace_back("ENV", Value(std::move(env)));
    if (style_.files.empty()) style_.files.emplace_back("-");
    return std::move(style_);
  }

 private:
  // "-1" and "-(.a)" are filters.
  static bool IsOption(const std::string& word) {
    return word.size() > 1 && word[0] == '-' &&
           (word[1] == '-' || std::isalpha(static_cast<unsigned char>(word[1])) != 0);
  }

  [[noreturn]] void EndWith(const std::string& message) {
    (void)process_.Write(2, message);
    process_.Exit(kUsage);
  }

  [[noreturn]] void ShowUsage() { EndWith("Usage:\tjq [OPTIONS] FILTER [FILES...]\n"); }

  [[noreturn]] void Usage(const std::string& message) {
    EndWith("jq: " + message + "\n" + std::string(kHelpHint));
  }

  std::string ReadFileOrExit(const std::string& name, const std::string& whose) {
    const auto fd = process_.Open(name, 0);
    const ScopedDescriptor scoped(process_, fd.value_or(-1));
    const auto content = fd ? process_.ReadAll(*fd) : IoResult<std::string>(IoError(fd.error()));
    if (content) return *content;
    const bool directory = content.error() == std::errc::is_a_directory;
    EndWith(whose + "Could not open " + name + ": " +
            (directory ? "It's a directory" : ErrnoText(content.error())) + "\n");
  }

  void TakeLetter(char letter, const std::string& word) {
    switch (letter) {
      case 'r':
        style_.raw = true;
        break;
      case 'j':
        style_.raw = style_.join = true;
        break;
      case 'c':
        style_.dump.indent = 0;
        style_.dump.tab = false;
        break;
      case 'n':
        style_.null_input = true;
        break;
      case 's':
        style_.slurp = true;
        break;
      case 'R':
        style_.raw_input = true;
        break;
      case 'e':
        style_.exit_status = true;
        break;
      case 'S':
        style_.dump.sort_keys = true;
        break;
      case 'a':
        style_.dump.ascii = true;
        break;
      case 'M':
      case 'C':
        style_.dump.color = letter == 'C';
        break;
      case 'f':
        from_file_ = true;
        break;
      case 'h':
        ShowHelp(process_, JqOptions());
      case 'V':
        ShowVersion(process_);
      default:
        Usage("Unknown option " + word);
    }
  }

  Value JsonOrExit(const std::string& option, const std::string& text) {
    try {
      return ParseWhole(text);
    } catch (const JqError&) {
      Usage("invalid JSON text passed to " + option);
    }
  }

  std::size_t TakeLong(std::size_t i) {
    const auto& args = process_.args;
    const std::string name = args[i].substr(2);
    static constexpr std::pair<std::string_view, char> kLetters[] = {
        {"raw-output", 'r'},     {"join-output", 'j'},
        {"compact-output", 'c'}, {"null-input", 'n'},
        {"slurp", 's'},          {"raw-input", 'R'},
        {"exit-status", 'e'},    {"sort-keys", 'S'},
        {"ascii-output", 'a'},   {"monochrome-output", 'M'},
        {"color-output", 'C'},   {"from-file", 'f'},
        {"help", 'h'},           {"version", 'V'}};
    for (const auto& [known, letter] : kLetters) {
      if (name == known) return TakeLetter(letter, args[i]), i;
    }
    const auto need = [&](std::size_t count, const char* what) {
      if (i + count >= args.size()) Usage("--" + name + what);
    };
    if (name == "tab") {
      style_.dump.tab = true;
    } else if (name == "unbuffered") {
      style_.unbuffered = true;
    } else if (name == "seq") {
      style_.sequence = true;
    } else if (name == "stream") {
      style_.stream = true;
    } else if (name == "indent") {
      need(1, " takes one parameter");
      const int width = std::atoi(args[i + 1].c_str());  // 0 for what is no number.
      if (width < -1 || width > 7) Usage("--indent takes a number between -1 and 7");
      style_.dump.indent = width;
      style_.dump.tab = false;
      return i + 1;
    } else if (name == "arg" || name == "argjson") {
      need(2, name == "arg" ? " takes two parameters (e.g. --arg varname value)"
                            : " takes two parameters (e.g. --argjson varname text)");
      Define(args[i + 1],
             name == "arg" ? Value(args[i + 2]) : JsonOrExit("--argjson", args[i + 2]));
      return i + 2;
    } else if (name == "slurpfile" || name == "rawfile" || name == "argfile") {
      need(2, " takes two parameters (e.g. --slurpfile varname filename)");
      const std::string text = ReadFileOrExit(
          args[i + 2], "jq: Bad JSON in --" + name + " " + args[i + 1] + " " + args[i + 2] + ": ");
      if (name == "rawfile") {
        Define(args[i + 1], Value(text));
      } else {
        const Value all = Slurp(text, args[i + 2], name);
        const bool alone = name == "argfile" && all.array().size() == 1;
        Define(args[i + 1], alone ? all.array()[0] : all);
      }
      return i + 2;
    } else {
      Usage("Unknown option --" + name);
    }
    return i;
  }

  Value Slurp(const std::string& text, const std::string& file, const std::string& option) {
    try {
      Array values;
      Parser parser(text);
      while (auto value = parser.Next()) values.push_back(std::move(*value));
      return Value(std::move(values));
    } catch (const JqError& error) {
      Usage("Bad JSON in --" + option + " " + file + ": " + ToText(error.value));
    }
  }

  void Define(const std::string& name, Value value) {
    style_.named[name] = value;
    style_.variables.emplace_back(name, std::move(value));
  }

  Process& process_;
  JqStyle style_;
  bool from_file_ = false;  // The filter is the name of its file.
};

}  // namespace

JqStyle ReadArguments(Process& process) { return ArgumentReader(process).Read(); }

}  // namespace computesdk::in_memory::jq
