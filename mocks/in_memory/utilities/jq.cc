#include <algorithm>

#include "mocks/in_memory/utilities/jq_evaluate.h"
#include "mocks/in_memory/utilities/programs.h"
#include "mocks/in_memory/utilities/support.h"

// Ours and not libjq: a filter without an end has to stop at the sandbox's deadline, and libjq
// gives no place to look at it. It also reads the host's environment, ~/.jq and modules.

namespace computesdk::in_memory {
namespace jq {
namespace {

constexpr int kUsage = 2;
constexpr int kCompileError = 3;
constexpr int kNoOutput = 4;
constexpr int kFailure = 5;

struct JqStyle {
  std::optional<std::string> filter;
  std::string filter_file;
  bool raw = false;
  bool join = false;
  bool null_input = false;
  bool slurp = false;
  bool raw_input = false;
  bool exit_status = false;
  DumpStyle dump{2, false, false, false};
  std::vector<std::string> files;
  std::vector<std::pair<std::string, Value>> variables;
  Array positional;
  Object named;
};

class Jq {
 public:
  explicit Jq(Process& process) : process_(process), out_(process) {}

  int Run() {
    ParseArguments();
    NodePtr program;
    try {
      program = Compile();
    } catch (const JqError& error) {
      const std::string text = *style_.filter;
      (void)process_.Write(2, "jq: error: " + ToText(error.value) + " at <top-level>, line 1:\n" +
                                  text + "\njq: 1 compile error\n");
      return kCompileError;
    }
    Evaluator evaluator(process_, {[this] { return NextInput(); },
                                   [this](std::string_view text) {
                                     out_.Flush();
                                     (void)process_.Write(2, text);
                                   },
                                   [this] { return current_ == "-" ? Value() : Value(current_); }});
    try {
      if (style_.null_input) {
        RunOn(evaluator, *program, Value());
      } else {
        while (const auto input = NextInput()) RunOn(evaluator, *program, *input);
      }
    } catch (const JqHalt& halt) {
      return Halt(halt);
    } catch (const JqError& error) {
      // Only reading an input raises here.
      out_.Flush();
      (void)process_.Write(2, "jq: error (at " + Place() + "): " + ToText(error.value) + "\n");
      status_ = kUsage;
    }
    if (out_.Finish(0) != 0) return kUsage;
    if (status_ != 0) return status_;
    if (!style_.exit_status) return 0;
    return !last_ ? kNoOutput : last_->Truthy() ? 0 : 1;
  }

 private:
  [[noreturn]] void Usage(const std::string& message) {
    (void)process_.Write(2, "jq: " + message +
                                "\nUse jq --help for help with command-line options,\n"
                                "or see the jq manpage, or online docs  at "
                                "https://stedolan.github.io/jq\n");
    process_.Exit(kUsage);
  }

  std::string ReadFileOrExit(const std::string& name) {
    const auto content = process_.files().ReadFile(process_.AbsolutePath(name));
    if (content) return *content;
    (void)process_.Write(
        2, "jq: error: Could not open " + name + ": " + ErrnoText(content.error()) + "\n");
    process_.Exit(kUsage);
  }

  // --- arguments ------------------------------------------------------------------------------
  void ParseArguments() {
    const auto& args = process_.args;
    enum { kFiles, kStrings, kJson } rest = kFiles;
    bool options = true;
    for (std::size_t i = 1; i < args.size(); ++i) {
      const std::string& word = args[i];
      if (options && word == "--") {
        options = false;
      } else if (!options || word.size() < 2 || word[0] != '-') {
        if (!style_.filter && style_.filter_file.empty()) {
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
          if (letter == 'f' || letter == 'L') {
            if (++i == args.size()) Usage(std::string("-") + letter + " takes a parameter");
            if (letter == 'f') style_.filter_file = args[i];
          } else {
            TakeLetter(letter, word);
          }
        }
      }
    }
    if (!style_.filter_file.empty()) {
      // What was taken for the filter is a file.
      if (style_.filter) style_.files.insert(style_.files.begin(), *style_.filter);
      style_.filter = ReadFileOrExit(style_.filter_file);
    }
    if (!style_.filter) {
      (void)process_.Write(2, "Usage:\tjq [OPTIONS] FILTER [FILES...]\n");
      process_.Exit(kUsage);
    }
    Object all;
    all["positional"] = Value(style_.positional);
    all["named"] = Value(style_.named);
    style_.variables.emplace_back("ARGS", Value(std::move(all)));
    style_.variables.emplace_back("__prog_args", Value());
    Object env;
    for (const auto& [name, value] : process_.env) env[name] = Value(value);
    style_.variables.emplace_back("ENV", Value(std::move(env)));
    if (style_.files.empty()) style_.files.emplace_back("-");
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
        break;
      case 'h':
        (void)process_.Write(1, "Usage:\tjq [OPTIONS] FILTER [FILES...]\n");
        process_.Exit(0);
      case 'V':
        (void)process_.Write(1, "jq-1.6\n");
        process_.Exit(0);
      default:
        Usage("Unknown arguments " + word);
    }
  }

  Value JsonOrExit(const std::string& option, const std::string& text) {
    try {
      return ParseWhole(text);
    } catch (const JqError&) {
      Usage("Invalid JSON text passed to " + option);
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
        {"color-output", 'C'},   {"help", 'h'},
        {"version", 'V'}};
    for (const auto& [known, letter] : kLetters) {
      if (name == known) return TakeLetter(letter, args[i]), i;
    }
    const auto need = [&](std::size_t count, const char* what) {
      if (i + count >= args.size()) Usage("--" + name + what);
    };
    if (name == "tab") {
      style_.dump.tab = true;
    } else if (name == "unbuffered" || name == "seq") {
      return i;
    } else if (name == "indent") {
      need(1, " takes one parameter");
      const auto width = ParseInteger(args[i + 1]);
      if (!width || *width < 0) Usage("Cannot indent less than zero");
      if (*width > 7) Usage("Cannot indent more than 7 characters");
      style_.dump.indent = static_cast<int>(*width);
      style_.dump.tab = false;
      return i + 1;
    } else if (name == "from-file") {
      need(1, " takes one parameter");
      style_.filter_file = args[i + 1];
      return i + 1;
    } else if (name == "arg" || name == "argjson") {
      need(2, name == "arg" ? " takes two parameters (e.g. --arg varname value)"
                            : " takes two parameters (e.g. --argjson varname text)");
      Define(args[i + 1],
             name == "arg" ? Value(args[i + 2]) : JsonOrExit("--argjson", args[i + 2]));
      return i + 2;
    } else if (name == "slurpfile" || name == "rawfile") {
      need(2, " takes two parameters (e.g. --slurpfile varname filename)");
      const std::string text = ReadFileOrExit(args[i + 2]);
      if (name == "rawfile") {
        Define(args[i + 1], Value(text));
      } else {
        Define(args[i + 1], Slurp(text, args[i + 2]));
      }
      return i + 2;
    } else {
      Usage("Unknown option --" + name);
    }
    return i;
  }

  Value Slurp(const std::string& text, const std::string& file) {
    try {
      Array values;
      Parser parser(text);
      while (auto value = parser.Next()) values.push_back(std::move(*value));
      return Value(std::move(values));
    } catch (const JqError& error) {
      Usage("Bad JSON in --slurpfile " + file + ": " + ToText(error.value));
    }
  }

  void Define(const std::string& name, Value value) {
    style_.named[name] = value;
    style_.variables.emplace_back(name, std::move(value));
  }

  NodePtr Compile() {
    Names names;
    for (const auto& [name, value] : style_.variables) names.variables.push_back(name);
    names.functions = PlainNames();
    names.functions.insert(names.functions.end(), NativeNames().begin(), NativeNames().end());
    return ParseProgram(std::string(Prelude()) + *style_.filter, names);
  }

  // --- inputs ---------------------------------------------------------------------------------
  // The text of the next file; false after the last.
  bool OpenNext() {
    while (next_file_ < style_.files.size()) {
      current_ = style_.files[next_file_++];
      int fd = 0;
      if (current_ != "-") {
        const auto opened = process_.Open(current_, 0);
        if (!opened) {
          out_.Flush();
          (void)process_.Write(
              2, "jq: error: Could not open " + current_ + ": " + ErrnoText(opened.error()) + "\n");
          status_ = kUsage;
          continue;
        }
        fd = *opened;
      }
      const ScopedDescriptor scoped(process_, current_ == "-" ? -1 : fd);
      const auto text = process_.ReadAll(fd);
      if (!text) {
        (void)process_.Write(2, "jq: error: Input error: " + ErrnoText(text.error()) + "\n");
        status_ = kUsage;
        continue;
      }
      RequireMemory(process_, text->size());
      text_ = *text;
      return true;
    }
    return false;
  }

  std::optional<Value> NextInput() {
    if (!style_.slurp) return NextOne();
    if (slurped_) return std::nullopt;
    slurped_ = true;
    if (style_.raw_input) {
      std::string whole;
      while (OpenNext()) RequireMemory(process_, (whole += text_).size());
      return Value(std::move(whole));
    }
    Array all;
    while (auto value = NextOne()) all.push_back(std::move(*value));
    if (bad_input_) return std::nullopt;
    return Value(std::move(all));
  }

  std::optional<Value> NextOne() {
    while (!bad_input_) {
      if (!open_) {
        if (!OpenNext()) return std::nullopt;
        open_ = true;
        parser_.emplace(text_);
        line_ = 0;
      }
      if (style_.raw_input) {
        if (line_ < text_.size()) {
          const std::size_t end = std::min(text_.find('\n', line_), text_.size());
          const std::string line = text_.substr(line_, end - line_);
          line_ = end + 1;
          return Value(line);
        }
      } else {
        try {
          if (auto value = parser_->Next()) return value;
        } catch (const JqError& error) {
          out_.Flush();
          (void)process_.Write(2, "parse error: " + ToText(error.value) + "\n");
          status_ = kUsage;
          bad_input_ = true;
          return std::nullopt;
        }
      }
      open_ = false;
    }
    return std::nullopt;
  }

  // "<stdin>:3": where the inputs have been read to.
  std::string Place() const {
    if (style_.null_input || !parser_) return "<unknown>";
    const std::size_t line = std::max<std::size_t>(parser_->line(), 1);
    return (current_ == "-" ? "<stdin>" : current_) + ":" + std::to_string(line);
  }

  // --- outputs --------------------------------------------------------------------------------
  void RunOn(Evaluator& evaluator, const Node& program, const Value& input) {
    try {
      evaluator.Run(program, style_.variables, input, [this](const Value& value) {
        last_ = value;
        out_ << (style_.raw && value.Is(Kind::kString) ? value.text() : Dump(value, style_.dump));
        if (!style_.join) out_ << "\n";
      });
    } catch (const JqError& error) {
      out_.Flush();
      const Value& value = error.value;
      (void)process_.Write(
          2, value.Is(Kind::kString)
                 ? "jq: error (at " + Place() + "): " + value.text() + "\n"
                 : "jq: error (at " + Place() + ") (not a string): " + Dump(value) + "\n");
      status_ = kFailure;
    }
  }

  int Halt(const JqHalt& halt) {
    if (out_.Finish(0) != 0) return kUsage;
    if (halt.message) {
      const bool text = halt.message->Is(Kind::kString);
      (void)process_.Write(2, text ? halt.message->text() : Dump(*halt.message) + "\n");
    }
    return halt.code;
  }

  Process& process_;
  Output out_;
  JqStyle style_;
  std::size_t next_file_ = 0;
  std::string current_ = "-";
  std::string text_;
  std::optional<Parser> parser_;
  std::size_t line_ = 0;
  bool open_ = false;
  bool slurped_ = false;
  bool bad_input_ = false;
  std::optional<Value> last_;
  int status_ = 0;
};

}  // namespace
}  // namespace jq

void AddJqPrograms(ProgramTable& table) {
  table["jq"] = [](Process& process) { return jq::Jq(process).Run(); };
}

}  // namespace computesdk::in_memory
